"""What an agency says for itself, by link or account: it lands with the officer, who decides.

Nothing here accepts, extends or closes anything. Only a claim moves the occurrence, and it pauses three working days.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from plans.calendar import local_day
from plans.text import _
from tasks import desk, lifecycle, moves, paper_desk, trail
from tasks.acknowledge import Way, acknowledge
from tasks.database import alone, insert_new
from tasks.desk import RequestKind
from tasks.desk_tables import claim_file, request, stored_file
from tasks.errors import BadInput
from tasks.lifecycle import entry
from tasks.model import OWED, Occurrence, State
from tasks.paper_desk import Content
from tasks.tables import plan as plan_table
from tasks.tables import setting

FILES_OF_ONE = 5  # that an agency may send along for one occurrence
WAITING = 5  # requests of one occurrence that may wait for an answer


class NotAsked(BadInput):
    """The lead unit does not let agencies answer by themselves, or nothing is owed any more."""

    def __init__(self) -> None:
        super().__init__(_("Việc này không còn chờ cơ quan trả lời tại đây. Liên hệ cán bộ theo dõi."))


@dataclass(frozen=True, slots=True)
class Sent:
    """What the agency says it has sent. ``content``: a file that came along, if any."""

    number: str
    dated: date
    content: Content | None = None


def answering(connection: Connection, leads: Collection[str]) -> frozenset[str]:
    """Those lead units that let agencies answer by themselves."""
    chosen = select(setting.c.scope, setting.c.value).where(
        setting.c.name == "agency_side", setting.c.scope.in_(["", *sorted(leads)])
    )
    said = {row.scope: bool(row.value) for row in connection.execute(chosen)}
    return frozenset(lead for lead in leads if said.get(lead, said.get("", False)))


def claim(connection: Connection, occurrence_id: str, sent: Sent, *, now: datetime, actor: str) -> Occurrence:
    """ "Báo đã gửi (số, ngày)". Raises NotAsked, BadInput, MoveRefused, OccurrenceUnknown."""
    o = _owed(connection, occurrence_id)
    if o.state is State.CLAIMED:
        raise BadInput(_("Đã ghi cơ quan báo đã gửi; cán bộ theo dõi đang đối chiếu."))
    if sent.dated > local_day(now):
        raise BadInput(_("Ngày văn bản còn ở phía trước."))
    if sent.content is not None:
        _attach(connection, o, sent.content, now=now, actor=actor)
    return moves.claim(connection, o.id, number=sent.number, dated=sent.dated, now=now, actor=actor)


def say(
    connection: Connection,
    occurrence_id: str,
    *,
    kind: RequestKind,
    text: str,
    wanted: date | None,
    now: datetime,
    actor: str,
) -> None:
    """Asks or tells something. Said twice, it stands there once. Raises NotAsked, BadInput, OccurrenceUnknown."""
    o = _owed(connection, occurrence_id)
    if wanted is not None and wanted < local_day(now):
        raise BadInput(_("Ngày đề nghị đã qua."))
    waiting = (request.c.occurrence_id == o.id) & request.c.settled_at.is_(None)
    same = waiting & (request.c.kind == kind.value) & (request.c.text == text.strip())
    same &= request.c.wanted.is_(None) if wanted is None else request.c.wanted == wanted
    if connection.execute(select(request.c.id).where(same).limit(1)).first():
        return
    if connection.execute(select(func.count()).select_from(request).where(waiting)).scalar_one() >= WAITING:
        raise BadInput(_("Các đề nghị trước đang chờ trả lời. Liên hệ cán bộ theo dõi."))
    desk.ask(connection, o.id, kind=kind, text=text, wanted=wanted, now=now, actor=actor)


def understood(connection: Connection, occurrence_id: str, *, way: Way, now: datetime, actor: str) -> None:
    """ "Đã nắm" of all that the plan of this occurrence orders of its body. Said twice, it stands there once.

    Raises NotAsked, OccurrenceUnknown.
    """
    o = _owed(connection, occurrence_id)
    acknowledge(connection, o.plan_id, o.agency_id, way=way, now=now, actor=actor)


def _owed(connection: Connection, occurrence_id: str) -> Occurrence:
    o = lifecycle.load(connection, occurrence_id)
    lead = connection.execute(select(plan_table.c.lead).where(plan_table.c.id == o.plan_id)).scalar_one()
    if o.state not in OWED or o.before_tracking or not answering(connection, [lead]):
        raise NotAsked
    if lifecycle.is_stopped(connection, o.plan_id):
        raise NotAsked
    return o


def _attach(connection: Connection, o: Occurrence, content: Content, *, now: datetime, actor: str) -> None:
    """Its bytes are kept by the caller, as those of a paper's file are."""
    paper_desk.refuse_personal(connection, [o])
    alone(connection, f"file:{content.hash}")
    held = set(connection.execute(select(claim_file.c.hash).where(claim_file.c.occurrence_id == o.id)).scalars())
    if content.hash in held:
        return
    if len(held) >= FILES_OF_ONE:
        raise BadInput(_("Mỗi việc gửi kèm tối đa {n} tệp.").format(n=FILES_OF_ONE))
    insert_new(connection, stored_file, [{"hash": content.hash, "kind": content.kind, "size": content.size, "at": now}])
    row = {"occurrence_id": o.id, "hash": content.hash, "name": content.name, "at": now, "by": actor}
    connection.execute(claim_file.insert().values(row))
    noted = {"name": content.name, "sha256": content.hash}
    trail.write(connection, [entry(o, "claim_file", noted)], now=now, actor=actor)
