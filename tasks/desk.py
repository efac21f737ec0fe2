"""The desk: calls that were noted, what agencies ask for and how it was settled, what the head says.

None of it moves an occurrence; each writes its row and its audit entry in one transaction. Also here: whether the
page that somebody works on is still true (``stamp``, ``unchanged``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from plans.text import _
from tasks import lifecycle, trail
from tasks.desk_tables import call_note, direction, request
from tasks.errors import BadInput, ChangedMeanwhile
from tasks.lifecycle import entry
from tasks.model import Occurrence

LONGEST = 2_000  # characters of one remark


class RequestKind(StrEnum):
    """What an agency asks for or says."""

    EXTENSION = "extension"
    OBSTACLE = "obstacle"
    NOT_RESPONSIBLE = "not_responsible"
    PROMISE = "promise"


class DirectionKind(StrEnum):
    """What the head says."""

    AGREED = "agreed"
    DIRECTION = "direction"


@dataclass(frozen=True, slots=True)
class Settled:
    """A request that was answered: of which occurrence, and the day that the agency had wanted."""

    occurrence_id: str
    kind: RequestKind
    wanted: date | None


def request_text(kind: RequestKind) -> str:
    """What the agency's button says."""
    return {
        RequestKind.EXTENSION: _("Đề nghị gia hạn"),
        RequestKind.OBSTACLE: _("Nêu vướng mắc"),
        RequestKind.NOT_RESPONSIBLE: _("Không thuộc trách nhiệm"),
        RequestKind.PROMISE: _("Đã nắm, sẽ gửi"),
    }[kind]


def direction_text(kind: DirectionKind) -> str:
    """What the head's button says."""
    return {
        DirectionKind.AGREED: _("Đồng ý gửi"),
        DirectionKind.DIRECTION: _("Ý kiến chỉ đạo"),
    }[kind]


def stamp(o: Occurrence) -> str:
    """What a page has seen of an occurrence: another stamp means that it says something else by now.

    More than state and revision: a corrected paper or a hold changes neither.
    """
    seen = (o.revision, o.state, o.received_on, o.number, o.noted_at, o.muted_until, o.muted_why, o.claimed)
    return sha256("|".join(str(part) for part in seen).encode()).hexdigest()[:16]


def unchanged(connection: Connection, occurrence_id: str, seen: str) -> Occurrence:
    """The occurrence as the page has seen it. Raises ChangedMeanwhile, OccurrenceUnknown."""
    o = lifecycle.load(connection, occurrence_id)
    if stamp(o) != seen:
        raise ChangedMeanwhile(o.id)
    return o


def note_call(
    connection: Connection, occurrence_id: str, *, spoke_with: str, text: str, now: datetime, actor: str
) -> None:
    """Writes a telephone call down. Raises BadInput, OccurrenceUnknown."""
    o = lifecycle.load(connection, occurrence_id)
    if not spoke_with.strip():
        raise BadInput(_("Ghi cuộc gọi phải có người đã trao đổi."))
    said = _remark(text, _("Ghi cuộc gọi phải có nội dung đã trao đổi."))
    values = {"occurrence_id": o.id, "at": now, "by": actor, "spoke_with": spoke_with.strip(), "text": said}
    connection.execute(call_note.insert().values(values))
    noted = {"spoke_with": spoke_with.strip(), "text": said}
    trail.write(connection, [entry(o, "call", noted)], now=now, actor=actor)


def ask(
    connection: Connection,
    occurrence_id: str,
    *,
    kind: RequestKind,
    text: str,
    wanted: date | None = None,
    now: datetime,
    actor: str,
) -> int:
    """Writes down what an agency asks for or says; returns its number. Raises BadInput, OccurrenceUnknown."""
    o = lifecycle.load(connection, occurrence_id)
    dated = kind in (RequestKind.EXTENSION, RequestKind.PROMISE)
    if dated and wanted is None:
        raise BadInput(_("Thiếu ngày đề nghị."))
    said = text.strip() if kind is RequestKind.PROMISE else _remark(text, _("Thiếu nội dung, lý do."))
    values = {"occurrence_id": o.id, "kind": kind.value, "wanted": wanted, "text": said, "at": now, "by": actor}
    made = connection.execute(request.insert().values(values).returning(request.c.id)).scalar_one()
    noted = {"request": made, "kind": kind, "wanted": wanted, "text": said}
    trail.write(connection, [entry(o, "request", noted)], now=now, actor=actor)
    return int(made)


def settle(
    connection: Connection, occurrence_id: str, request_id: int, *, answer: str, now: datetime, actor: str
) -> Settled:
    """Answers what an agency asked for. Raises BadInput where it is another occurrence's or was answered before."""
    o = lifecycle.load(connection, occurrence_id)
    said = _remark(answer, _("Trả lời phải có nội dung."))
    mine = (request.c.id == request_id) & (request.c.occurrence_id == o.id)
    row = connection.execute(select(request).where(mine)).one_or_none()
    if row is None:
        raise BadInput(_("Không có đề nghị này của cơ quan."))
    values = {"settled_at": now, "settled_by": actor, "answer": said}
    if connection.execute(update(request).where(mine, request.c.settled_at.is_(None)).values(values)).rowcount != 1:
        raise BadInput(_("Đề nghị này đã được trả lời."))
    noted = {"request": request_id, "kind": row.kind, "answer": said}
    trail.write(connection, [entry(o, "request_settled", noted)], now=now, actor=actor)
    return Settled(o.id, RequestKind(row.kind), row.wanted)


def direct(
    connection: Connection, occurrence_id: str, *, kind: DirectionKind, text: str, now: datetime, actor: str
) -> None:
    """Writes down what the head says of an occurrence. An agreement may go without words.

    Raises BadInput, OccurrenceUnknown.
    """
    o = lifecycle.load(connection, occurrence_id)
    if kind is DirectionKind.DIRECTION or text.strip():
        text = _remark(text, _("Ý kiến chỉ đạo phải có nội dung."))
    values = {"plan_id": o.plan_id, "occurrence_id": o.id, "kind": kind.value, "text": text.strip()}
    connection.execute(direction.insert().values({**values, "at": now, "by": actor}))
    trail.write(connection, [entry(o, kind.value, {"text": text.strip()})], now=now, actor=actor)


def _remark(text: str, missing: str) -> str:
    said = text.strip()
    if not said:
        raise BadInput(missing)
    if len(said) > LONGEST:
        raise BadInput(_("Nội dung dài quá {n} ký tự.").format(n=LONGEST))
    return said
