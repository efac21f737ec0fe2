"""The page of one body: what it owes over all plans, how punctual it was, how it is reached, what it was called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import extract, func, or_, select
from sqlalchemy.engine import Connection

from app.board import plan_name
from app.views.bodies import Reach, reach_of
from app.views.contacts import Person, people_of
from app.views.occurrences import ALL, Filters
from app.views.punctuality import last_day, open_columns, record_columns
from app.views.scope import Units, occurrences_of, of_units
from notifications.contacts import Contact, ContactRole, contacts_of
from notifications.ladder import Role
from notifications.posts import holds
from notifications.tables import notice, waits_as
from people import feeds
from people.feeds import Feed
from plans.model import Agency, Duty, Plan
from plans.text import sort_key
from tasks.agencies import load_plans, load_register
from tasks.audit import Punctuality
from tasks.model import OWED, Occurrence, PlanStatus
from tasks.naming import occurrence_title
from tasks.status import status_of, status_text
from tasks.tables import agency, occurrence, party
from tasks.tables import plan as plan_table

NEXT = 12  # open occurrences that the page lists itself


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty that the body answers for. ``next_day``: of what is open; None where nothing is."""

    title: str
    section: str
    dated: bool
    open: int
    overdue: int
    done: int
    next_day: date | None
    query: str


@dataclass(frozen=True, slots=True)
class PlanDuties:
    """What one plan orders of the body. ``helps``: duties in which it only co-operates."""

    id: str
    name: str
    followed: bool
    sample: bool
    duties: tuple[DutyRow, ...]
    helps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    record: Punctuality
    sample: bool


@dataclass(frozen=True, slots=True)
class OpenRow:
    id: str
    title: str
    plan_name: str
    last_day: date
    status: str
    status_text: str


@dataclass(frozen=True, slots=True)
class BodyPage:
    """``led``: the plans that it follows up itself; ``waiting``: messages that wait for an address."""

    body: Agency
    ended: bool
    reach: Reach
    waiting: int
    contacts: tuple[Contact, ...]
    people: tuple[Person, ...]
    open: int
    overdue: int
    nearest: tuple[OpenRow, ...]
    plans: tuple[PlanDuties, ...]
    years: tuple[Year, ...]
    led: tuple[tuple[str, str], ...]
    successor: Agency | None
    feeds: tuple[Feed, ...]

    @property
    def is_lead(self) -> bool:
        return bool(self.led)


def load(connection: Connection, agency_id: str, units: Units, *, today: date) -> BodyPage:
    """Everything by a fixed number of queries. Raises KeyError where the register has no such body."""
    register = load_register(connection)
    body = register[agency_id]
    plans = _plans(connection, agency_id, units)
    numbers = _numbers(connection, agency_id, units, today)
    known = contacts_of(connection, agency_id)
    reached = sum(each.role is ContactRole.AGENCY and holds(each, today) for each in known)
    nearest = _nearest(connection, agency_id, units, plans, today)
    own = units is None or agency_id in units
    contacts = tuple(each for each in known if own or each.role is ContactRole.AGENCY)
    return BodyPage(
        body=body,
        ended=body.until is not None and body.until < today,
        reach=reach_of(body, reached, today),
        waiting=_waiting(connection, agency_id, units),
        contacts=contacts,
        people=people_of(connection, agency_id, contacts, today=today),
        open=sum(each[0] for each in numbers.values()),
        overdue=sum(each[1] for each in numbers.values()),
        nearest=nearest,
        plans=tuple(_of_plan(plan, status, agency_id, numbers) for plan, status in plans.values()),
        years=_years(connection, agency_id, units, today),
        led=tuple((plan.id, plan_name(plan)) for plan, _status in plans.values() if plan.lead == agency_id),
        successor=register.agencies.get(body.successor or ""),
        feeds=tuple(feeds.of_agency(connection, agency_id)),
    )


def name_of(connection: Connection, agency_id: str) -> str:
    """Raises NoResultFound."""
    return str(connection.execute(select(agency.c.name).where(agency.c.id == agency_id)).scalar_one())


Plans = Mapping[str, tuple[Plan, PlanStatus]]
Numbers = Mapping[tuple[str, str], tuple[int, int, int, date | None]]


def _plans(connection: Connection, agency_id: str, units: Units) -> Plans:
    """The plans that name the body, by name; drafts only where their text does."""
    named = select(party.c.plan_id).where(party.c.agency_id == agency_id)
    owing = select(occurrence.c.plan_id).where(occurrence.c.agency_id == agency_id)
    asked = or_(
        plan_table.c.id.in_(named.union(owing)),
        plan_table.c.lead == agency_id,
        plan_table.c.status == PlanStatus.DRAFT.value,
    )
    heads = connection.execute(select(plan_table.c.id, plan_table.c.status).where(of_units(units), asked)).all()
    plans = load_plans(connection, [head.id for head in heads])
    found = {head.id: (plans[head.id], PlanStatus(head.status)) for head in heads}
    kept = {it: pair for it, pair in found.items() if pair[1] is not PlanStatus.DRAFT or _names(pair[0], agency_id)}
    return dict(sorted(kept.items(), key=lambda item: (item[1][0].sample, sort_key(plan_name(item[1][0])))))


def _names(plan: Plan, agency_id: str) -> bool:
    bodies = (each.agency for duty in plan.duties for each in (*duty.responsible, *duty.cooperating))
    return plan.lead == agency_id or agency_id in bodies


def _numbers(connection: Connection, agency_id: str, units: Units, today: date) -> Numbers:
    """Of each duty: what is open, overdue, done, and the nearest day of what is open."""
    o = occurrence.c
    owed = o.state.in_(OWED)
    nearest = func.min(last_day()).filter(owed)
    on_time, late, _missing = record_columns(today)
    chosen = (
        select(o.plan_id, o.duty_id, *open_columns(today), (on_time + late), nearest)
        .where(occurrences_of(units), o.agency_id == agency_id, o.before_tracking.is_(False))
        .group_by(o.plan_id, o.duty_id)
    )
    return {(row[0], row[1]): (int(row[2]), int(row[3]), int(row[4]), row[5]) for row in connection.execute(chosen)}


def _of_plan(plan: Plan, status: PlanStatus, agency_id: str, numbers: Numbers) -> PlanDuties:
    taken = {duty for it, duty in numbers if it == plan.id}  # what it took over stands in no text
    mine = [
        duty for duty in plan.duties if duty.id in taken or any(each.agency == agency_id for each in duty.responsible)
    ]
    helps = tuple(duty.title for duty in plan.duties if any(each.agency == agency_id for each in duty.cooperating))
    rows = tuple(_duty(plan, duty, agency_id, numbers) for duty in mine)
    return PlanDuties(plan.id, plan_name(plan), status is PlanStatus.ACTIVE, plan.sample, rows, helps)


def _duty(plan: Plan, duty: Duty, agency_id: str, numbers: Numbers) -> DutyRow:
    owed, overdue, done, nearest = numbers.get((plan.id, duty.id), (0, 0, 0, None))
    query = Filters(plan=plan.id, duty=duty.id, agency=agency_id, status=ALL).query()
    return DutyRow(duty.title, duty.section or "", duty.rule.dated, owed, overdue, done, nearest, query)


def _years(connection: Connection, agency_id: str, units: Units, today: date) -> tuple[Year, ...]:
    o = occurrence.c
    year = extract("year", o.due)
    chosen = (
        select(year.label("year"), o.sample, *record_columns(today))
        .where(occurrences_of(units), o.agency_id == agency_id, o.before_tracking.is_(False))
        .group_by(year, o.sample)
        .order_by(year.desc(), o.sample)
    )
    rows = (
        Year(int(row[0]), Punctuality(*(int(n) for n in row[2:])), bool(row[1])) for row in connection.execute(chosen)
    )
    return tuple(row for row in rows if row.record.due)


def _nearest(connection: Connection, agency_id: str, units: Units, plans: Plans, today: date) -> tuple[OpenRow, ...]:
    o = occurrence.c
    chosen = (
        select(occurrence)
        .where(occurrences_of(units), o.agency_id == agency_id, o.before_tracking.is_(False), o.state.in_(OWED))
        .order_by(last_day(), o.id)
        .limit(NEXT)
    )
    return tuple(_open_row(Occurrence.from_row(row), plans, today) for row in connection.execute(chosen))


def _open_row(o: Occurrence, plans: Plans, today: date) -> OpenRow:
    plan = plans[o.plan_id][0]
    duty = next((each for each in plan.duties if each.id == o.duty_id), None)
    title = occurrence_title(duty, o.period) if duty else o.duty_id
    status = status_of(o, today=today).value
    return OpenRow(o.id, title, plan_name(plan), o.ladder_last_day, status, status_text(o, today=today))


def _waiting(connection: Connection, agency_id: str, units: Units) -> int:
    mine = waits_as("no_contact") & (notice.c.role == Role.AGENCY.value) & (notice.c.body == agency_id)
    chosen = select(func.count()).select_from(notice).join(plan_table, plan_table.c.id == notice.c.plan_id)
    return int(connection.execute(chosen.where(mine, of_units(units))).scalar_one())
