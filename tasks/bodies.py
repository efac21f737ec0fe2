"""Bodies as they come to be known to the register, and what a new last day of one means for what it owes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from plans.calendar import local_day
from plans.model import Agency, Name, Register
from plans.text import _, day_text, fold
from tasks import trail
from tasks.agencies import INTAKE, load_register, save_agencies
from tasks.database import alone
from tasks.errors import AgencyUnknown, BadInput
from tasks.model import PlanStatus
from tasks.revising import settle_ends
from tasks.tables import party
from tasks.tables import plan as plan_table


def register_bodies(
    connection: Connection,
    bodies: Iterable[Agency],
    *,
    keep_ends: bool = False,
    but: str | None = None,
    now: datetime,
    actor: str,
) -> None:
    """Registers bodies or brings them up to date; a changed last day acts at once in every followed plan.

    ``keep_ends``: a list that says nothing of a body's end does not take back an end that is known: a plan file
    names bodies as they were when it was written. ``but``: the plan that is taken over by itself anyway.
    """
    known = load_register(connection).agencies
    wanted = [_with_known_end(body, known.get(body.id)) if keep_ends else body for body in bodies]
    save_agencies(connection, wanted)
    changed = [(known[b.id].until, b) for b in wanted if b.id in known and known[b.id].until != b.until]
    entries = [trail.Entry("agency_end", agency_id=b.id, data={"was": was, "is": b.until}) for was, b in changed]
    trail.write(connection, entries, now=now, actor=actor)
    if changed:
        settle_ends(connection, {body.id for _was, body in changed}, but=but, now=now, actor=actor)


def add_body(connection: Connection, body: Agency, *, now: datetime, actor: str) -> None:
    """A body that the register did not know."""
    save_agencies(connection, [body])
    entry = trail.Entry("agency_added", agency_id=body.id, data={"name": body.name, "start": body.start})
    trail.write(connection, [entry], now=now, actor=actor)


@dataclass(frozen=True, slots=True)
class Rename:
    """A body's new name since a day, by a document. ``slip``: the old name was only written wrongly, and is not kept
    as one that the body bore."""

    name: str
    since: date
    document: str = ""
    slip: bool = False


def rename_body(
    connection: Connection, agency_id: str, given: Rename, units: Collection[str] | None, *, now: datetime, actor: str
) -> Agency:
    """The name that messages and lists use from now on; papers of earlier days keep the one that the body bore then.

    Raises AgencyUnknown, BadInput: also where plans of other lead units than these name the body.
    """
    alone(connection, INTAKE)
    register = load_register(connection)
    if agency_id not in register:
        raise AgencyUnknown(agency_id)
    body = register[agency_id]
    _check_name(connection, body, given, register, units, today=local_day(now))
    names = body.names if given.slip else (*body.names, Name(body.name, _name_start(body), given.since - _DAY))
    renamed = replace(body, name=given.name, names=names)
    save_agencies(connection, [renamed])
    named = select(party.c.plan_id).where(party.c.agency_id == agency_id)
    concerned = plan_table.c.id.in_(named) | (plan_table.c.lead == agency_id)
    connection.execute(update(plan_table).where(concerned).values(changed_at=now))
    data = {
        "was": body.name,
        "is": given.name,
        "since": None if given.slip else given.since,
        "document": given.document,
    }
    trail.write(connection, [trail.Entry("agency_renamed", agency_id=agency_id, data=data)], now=now, actor=actor)
    return renamed


_DAY = timedelta(days=1)


def _name_start(body: Agency) -> date | None:
    """The first day of the name that it bears: the day after the one before."""
    last = body.names[-1].until if body.names else None
    return last + _DAY if last else body.start


def _check_name(
    connection: Connection,
    body: Agency,
    given: Rename,
    register: Register,
    units: Collection[str] | None,
    *,
    today: date,
) -> None:
    if not given.name:
        raise BadInput(_("Ghi tên mới của cơ quan."))
    if given.name == body.name:
        raise BadInput(_("Tên mới giống tên đang dùng."))
    unit = body.id.partition(".")[0]
    others = [a for a in register.agencies.values() if a.id != body.id and a.id.startswith(f"{unit}.")]
    if any(fold(given.name) in {fold(a.name), *map(fold, a.aliases)} for a in others):
        raise BadInput(_("Danh mục đã có cơ quan tên “{name}”.").format(name=given.name))
    start = _name_start(body)
    if not given.slip and given.since > today:
        raise BadInput(_("Ngày đổi tên {day} chưa tới: ghi khi đến ngày đó.").format(day=day_text(given.since)))
    if not given.slip and start is not None and given.since <= start:
        said = _("Ngày đổi tên {day} không sau ngày bắt đầu dùng tên hiện nay {start}.")
        raise BadInput(said.format(day=day_text(given.since), start=day_text(start)))
    if units is not None and _named_elsewhere(connection, body.id, units):
        said = _("{agency} còn ở kế hoạch của đơn vị theo dõi khác, nên tên do người quản trị ghi cho toàn hệ thống.")
        raise BadInput(said.format(agency=body.name))


def _named_elsewhere(connection: Connection, agency_id: str, units: Collection[str]) -> bool:
    chosen = (
        select(party.c.agency_id)
        .join(plan_table, plan_table.c.id == party.c.plan_id)
        .where(plan_table.c.status == PlanStatus.ACTIVE.value, plan_table.c.lead.not_in(sorted(units)))
    )
    return connection.execute(chosen.where(party.c.agency_id == agency_id).limit(1)).first() is not None


def _with_known_end(body: Agency, known: Agency | None) -> Agency:
    """A plan file names bodies as they were when it was written: a later end or name stays."""
    if known is None:
        return body
    if body.until is None:
        body = replace(body, until=known.until)
    if body.name in {old.name for old in known.names}:
        body = replace(body, name=known.name, names=known.names)
    return replace(body, names=known.names) if known.names and not body.names else body
