"""The list of bodies that owe something in one's plans: what is open, how punctual they were, who cannot be reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Row, func, or_, select
from sqlalchemy.engine import Connection

from app.views.punctuality import open_columns, record_columns
from app.views.scope import Units, occurrences_of, of_units
from notifications.contacts import ContactRole
from notifications.ladder import Role
from notifications.posts import in_post
from notifications.tables import contact, notice, waits_as
from plans.model import Agency
from plans.text import fold, sort_key
from tasks.agencies import load_plans, load_register
from tasks.audit import Punctuality
from tasks.model import PlanStatus
from tasks.tables import occurrence, party
from tasks.tables import plan as plan_table

PAGE = 50


class Reach(StrEnum):
    """Whether messages come to a body."""

    OK = "ok"
    NONE = "none"  # no address: an alarm while something is open
    THROUGH_LEAD = "through_lead"  # a level without an address of its own
    NEVER = "never"  # persons and families
    ENDED = "ended"


class Which(StrEnum):
    """What the list is narrowed to; the words of the address."""

    ALL = ""
    OVERDUE = "qua-han"
    UNREACHED = "khong-lien-lac"
    ORPHANED = "can-ke-thua"
    ENDED = "da-ket-thuc"


class Order(StrEnum):
    NAME = ""
    OVERDUE = "qua-han"
    RATE = "dung-han"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for."""

    words: str = ""
    plan: str = ""
    which: Which = Which.ALL
    order: Order = Order.NAME
    page: int = 1

    def query(self, **changes: Any) -> str:
        f = replace(self, **changes)
        asked = {"q": f.words, "ke-hoach": f.plan, "loc": f.which.value, "xep": f.order.value}
        asked |= {"trang": str(f.page) if f.page > 1 else ""}
        return urlencode({key: value for key, value in asked.items() if value})

    @property
    def plainest(self) -> bool:
        return replace(self, page=1, order=Order.NAME) == Filters()


@dataclass(frozen=True, slots=True)
class BodyRow:
    """One body. ``waiting``: messages that wait for an address; ``sample``: its record is the shipped example's;
    ``place``: what its id begins with, where another body bears the same name."""

    id: str
    name: str
    place: str
    until: date | None
    ended: bool
    reach: Reach
    addresses: int
    waiting: int
    open: int
    overdue: int
    record: Punctuality
    sample: bool

    @property
    def unreached(self) -> bool:
        return self.reach is Reach.NONE and self.open > 0


@dataclass(frozen=True, slots=True)
class Listing:
    rows: tuple[BodyRow, ...]
    total: int
    page: int
    pages: int
    unreached: int  # of all bodies, whatever the filters
    orphaned: int
    plans: tuple[tuple[str, str], ...]


def listing(connection: Connection, units: Units, filters: Filters, *, today: date) -> Listing:
    """One page, by a fixed number of queries."""
    everyone = _rows(connection, units, filters.plan, today)
    words = fold(filters.words).split()
    found = [row for row, key in everyone if all(word in key for word in words) and _asked(row, filters.which)]
    found.sort(key=lambda row: _place(row, filters.order))
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(1, filters.page), pages)
    unreached = sum(row.unreached for row, _key in everyone)
    orphaned = sum(_asked(row, Which.ORPHANED) for row, _key in everyone)
    shown = tuple(found[(page - 1) * PAGE : page * PAGE])
    return Listing(shown, len(found), page, pages, unreached, orphaned, plans_of(connection, units))


def _asked(row: BodyRow, which: Which) -> bool:
    match which:
        case Which.OVERDUE:
            return row.overdue > 0
        case Which.UNREACHED:
            return row.unreached
        case Which.ORPHANED:
            return row.ended and row.open > 0
        case Which.ENDED:
            return row.until is not None
        case _all:
            return True


def _place(row: BodyRow, order: Order) -> tuple[Any, ...]:
    name = sort_key(row.name)
    if order is Order.OVERDUE:
        return (-row.overdue, -row.open, name)
    if order is Order.RATE:
        return (101.0 if row.record.percent is None else row.record.percent, -row.record.missing, name)
    return (row.ended and row.open == 0, name)


def _rows(connection: Connection, units: Units, plan_id: str, today: date) -> list[tuple[BodyRow, str]]:
    """Every body, with the words under which it is found."""
    named = _named(connection, units, plan_id)
    register = load_register(connection)
    numbers = _numbers(connection, units, plan_id, today)
    addresses = _addresses(connection, today)
    waiting = _waiting(connection, units)
    rows = []
    borne = Counter(register[it].name for it in named & register.agencies.keys())
    for it in named & register.agencies.keys():
        body = register[it]
        counted = numbers.get(it, _NOTHING)
        row = BodyRow(
            it,
            body.name,
            it.partition(".")[0] if borne[body.name] > 1 else "",
            body.until,
            body.until is not None and body.until < today,
            reach_of(body, addresses.get(it, 0), today),
            addresses.get(it, 0),
            waiting.get(it, 0),
            counted.open,
            counted.overdue,
            counted.record,
            counted.sample,
        )
        rows.append((row, fold(" ".join((body.name, *body.aliases, *(old.name for old in body.names), it)))))
    return rows


def reach_of(body: Agency, addresses: int, today: date) -> Reach:
    if body.until is not None and body.until < today:
        return Reach.ENDED
    if body.never_messaged:
        return Reach.NEVER
    if body.unlisted:
        return Reach.THROUGH_LEAD
    return Reach.OK if addresses else Reach.NONE


def _named(connection: Connection, units: Units, plan_id: str = "") -> set[str]:
    """The bodies in the plans of these units: of followed ones by the register, of drafts by their text."""
    mine = of_units(units)
    owing = select(party.c.agency_id).join(plan_table, plan_table.c.id == party.c.plan_id).where(mine)
    drafts = select(plan_table.c.id).where(mine, plan_table.c.status == PlanStatus.DRAFT.value)
    if plan_id:
        owing, drafts = owing.where(party.c.plan_id == plan_id), drafts.where(plan_table.c.id == plan_id)
    found = set(connection.execute(owing).scalars())
    plans = load_plans(connection, connection.execute(drafts).scalars())
    return found | {each.agency for plan in plans.values() for duty in plan.duties for each in duty.responsible}


def leads_of(connection: Connection, agency_id: str) -> set[str]:
    """The lead units that have to do with a body: those whose plans name it, and itself where it leads."""
    named = select(plan_table.c.lead).join(party, party.c.plan_id == plan_table.c.id)
    found = set(connection.execute(named.where(party.c.agency_id == agency_id)).scalars())
    rest = select(plan_table.c.id, plan_table.c.lead, plan_table.c.status).where(
        or_(plan_table.c.lead == agency_id, plan_table.c.status == PlanStatus.DRAFT.value)
    )
    rows = connection.execute(rest).all()
    drafts = load_plans(connection, [row.id for row in rows if row.status == PlanStatus.DRAFT])
    for row in rows:
        plan = drafts.get(row.id)
        owes = plan is not None and any(b.agency == agency_id for duty in plan.duties for b in duty.responsible)
        if owes or row.lead == agency_id:
            found.add(row.lead)
    return found


def belong(connection: Connection, bodies: Collection[str], units: Units) -> bool:
    """Whether all of these have to do with the plans of those units."""
    mine = _named(connection, units)
    leads = set(connection.execute(select(plan_table.c.lead).where(of_units(units))).scalars())
    return set(bodies) <= mine | leads


def of_province(connection: Connection, province: str) -> list[Agency]:
    """The bodies whose id begins so."""
    return [body for it, body in load_register(connection).agencies.items() if it.startswith(f"{province}.")]


@dataclass(frozen=True, slots=True)
class _Counted:
    open: int
    overdue: int
    record: Punctuality
    sample: bool


_NOTHING = _Counted(0, 0, Punctuality(), sample=False)


def _numbers(connection: Connection, units: Units, plan_id: str, today: date) -> Mapping[str, _Counted]:
    """What is open counts the example too; the record is of real plans, where there is one."""
    o = occurrence.c
    chosen = (
        select(o.agency_id, o.sample, *open_columns(today), *record_columns(today))
        .where(occurrences_of(units), o.before_tracking.is_(False))
        .group_by(o.agency_id, o.sample)
    )
    if plan_id:
        chosen = chosen.where(o.plan_id == plan_id)
    found: dict[str, _Counted] = {}
    for row in connection.execute(chosen):
        found[row[0]] = _with(found.get(row[0]), row)
    return found


def _with(before: _Counted | None, row: Row[Any]) -> _Counted:
    sample, (owed, late), record = bool(row[1]), (int(row[2]), int(row[3])), Punctuality(*(int(n) for n in row[4:]))
    if before is None:
        return _Counted(owed, late, record, sample)
    real = record if (not sample and record.due) or not before.record.due else before.record
    return _Counted(owed + before.open, late + before.overdue, real, sample=real.due > 0 and sample and real is record)


def _addresses(connection: Connection, today: date) -> Mapping[str, int]:
    mine = (contact.c.role == ContactRole.AGENCY.value) & in_post(today)
    chosen = select(contact.c.agency_id, func.count()).where(mine).group_by(contact.c.agency_id)
    return {row[0]: int(row[1]) for row in connection.execute(chosen)}


def _waiting(connection: Connection, units: Units) -> Mapping[str, int]:
    mine = waits_as("no_contact") & (notice.c.role == Role.AGENCY.value)
    chosen = select(notice.c.body, func.count()).join(plan_table, plan_table.c.id == notice.c.plan_id)
    chosen = chosen.where(mine, of_units(units)).group_by(notice.c.body)
    return {row[0]: int(row[1]) for row in connection.execute(chosen)}


def plans_of(connection: Connection, units: Units) -> tuple[tuple[str, str], ...]:
    """The plans to choose from: id and short name."""
    rows = connection.execute(select(plan_table.c.id, plan_table.c.short).where(of_units(units))).all()
    return tuple(sorted(((row.id, row.short) for row in rows), key=lambda plan: sort_key(plan[1])))
