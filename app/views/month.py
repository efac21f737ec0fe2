"""Lịch: the deadlines of a month, day by day, a duty of all its bodies together; days off with their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Row, func, select
from sqlalchemy.engine import Connection

from app.board import plan_name
from app.views.bodies import plans_of
from app.views.occurrences import ALL, UNDONE
from app.views.occurrences import Filters as Listed
from app.views.punctuality import last_day, late_after, number_of
from app.views.scope import Units, occurrences_of, of_units
from plans.calendar import WorkingCalendar
from plans.deadlines import last_of_month
from plans.model import Plan
from plans.text import sort_key
from tasks.agencies import load_plans
from tasks.model import OWED, State
from tasks.naming import occurrence_title
from tasks.office import working_calendar
from tasks.tables import agency, occurrence, party
from tasks.tables import plan as plan_table

SHOWN = 4  # entries of a day in the grid; the list shows all
_MANY = 500  # bodies to choose from
GRID, LIST = "", "danh-sach"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; ``month`` is its first day."""

    month: date
    plan: str = ""
    agency: str = ""
    undone: bool = False
    view: str = GRID

    def query(self, **changes: Any) -> str:
        f = replace(self, **changes)
        asked = {"thang": f"{f.month:%m/%Y}", "ke-hoach": f.plan, "co-quan": f.agency}
        asked |= {"chua-xong": "1" if f.undone else "", "xem": f.view}
        return urlencode({key: value for key, value in asked.items() if value})


@dataclass(frozen=True, slots=True)
class Entry:
    """One duty in one period due on that day. ``body``: its name where it is a single one."""

    title: str
    plan_name: str
    number: int
    open: int
    overdue: int
    waiting: int
    body: str
    query: str

    @property
    def kind(self) -> str:
        """The colour: the words beside it say the same."""
        if self.overdue:
            return "overdue"
        return "open" if self.open else "waiting" if self.waiting else "done"


@dataclass(frozen=True, slots=True)
class Day:
    """``off``: why nobody works; ``worked``: a Saturday or Sunday that is worked."""

    day: date
    inside: bool
    off: str
    worked: bool
    entries: tuple[Entry, ...]

    @property
    def more(self) -> int:
        return max(0, len(self.entries) - SHOWN)


@dataclass(frozen=True, slots=True)
class Month:
    weeks: tuple[tuple[Day, ...], ...]
    before: date
    after: date
    number: int
    open: int
    overdue: int
    plans: tuple[tuple[str, str], ...]
    agencies: tuple[tuple[str, str], ...]
    too_many: bool

    @property
    def days(self) -> tuple[Day, ...]:
        """Those of the month itself."""
        return tuple(day for week in self.weeks for day in week if day.inside)


def month(connection: Connection, units: Units, filters: Filters, *, today: date) -> Month:
    """The whole month by a fixed number of queries; its size goes with duties, not with bodies."""
    first = filters.month
    last = last_of_month(first.year, first.month)
    rows = _rows(connection, units, filters, first, last, today)
    plans = load_plans(connection, {row.plan_id for row in rows})
    single = {row.body for row in rows if row.number == 1}
    named = select(agency.c.id, agency.c.name).where(agency.c.id.in_(sorted(single)[:_MANY]))
    names = {row.id: row.name for row in connection.execute(named)}
    entries: dict[date, list[Entry]] = defaultdict(list)
    for row in rows:
        body = names.get(row.body, "") if row.number == 1 else ""
        entries[row.day].append(_entry(row, plans[row.plan_id], body, filters))
    calendar = working_calendar(connection)
    agencies = _agencies(connection, units, filters.plan)
    return Month(
        _weeks(first, last, entries, calendar),
        (first - timedelta(days=1)).replace(day=1),
        last + timedelta(days=1),
        sum(row.number for row in rows),
        sum(row.open for row in rows),
        sum(row.overdue for row in rows),
        plans_of(connection, units),
        agencies[:_MANY] if len(agencies) <= _MANY else (),
        len(agencies) > _MANY,
    )


def _rows(
    connection: Connection, units: Units, filters: Filters, first: date, last: date, today: date
) -> Sequence[Row[Any]]:
    o = occurrence.c
    day = last_day()
    owed, gone = o.state.in_(OWED), (State.CANCELLED.value, State.TRANSFERRED.value)
    chosen = (
        select(
            day.label("day"),
            o.plan_id,
            o.duty_id,
            o.period,
            func.count().label("number"),
            number_of(owed).label("open"),
            number_of(owed & (late_after() < today)).label("overdue"),
            number_of(o.state == State.RECEIVED.value).label("waiting"),
            func.min(o.agency_id).label("body"),
        )
        .where(occurrences_of(units), o.before_tracking.is_(False), o.state.not_in(gone), day.between(first, last))
        .group_by(day, o.plan_id, o.duty_id, o.period)
    )
    if filters.plan:
        chosen = chosen.where(o.plan_id == filters.plan)
    if filters.agency:
        chosen = chosen.where(o.agency_id == filters.agency)
    if filters.undone:
        chosen = chosen.where(owed | (o.state == State.RECEIVED.value))
    return connection.execute(chosen).all()


def _entry(row: Row[Any], plan: Plan, body: str, filters: Filters) -> Entry:
    duty = next((each for each in plan.duties if each.id == row.duty_id), None)
    status = UNDONE if row.open or row.waiting else ALL
    listed = Listed(plan=plan.id, duty=row.duty_id, period=row.period, agency=filters.agency, status=ALL)
    if filters.undone:
        listed = replace(listed, status=status)
    return Entry(
        occurrence_title(duty, row.period) if duty else row.duty_id,
        plan_name(plan),
        row.number,
        row.open,
        row.overdue,
        row.waiting,
        body,
        listed.query(),
    )


def _weeks(
    first: date, last: date, entries: Mapping[date, list[Entry]], calendar: WorkingCalendar
) -> tuple[tuple[Day, ...], ...]:
    """Whole weeks from Monday."""
    start = first - timedelta(days=first.weekday())
    days = ((last - start).days // 7 + 1) * 7
    made = [_day(start + timedelta(days=n), first, entries, calendar) for n in range(days)]
    return tuple(tuple(made[n : n + 7]) for n in range(0, days, 7))


def _day(day: date, first: date, entries: Mapping[date, list[Entry]], calendar: WorkingCalendar) -> Day:
    inside = (day.year, day.month) == (first.year, first.month)
    order = {"overdue": 0, "open": 1, "waiting": 2, "done": 3}
    found = sorted(entries.get(day, ()), key=lambda e: (order[e.kind], sort_key(e.title))) if inside else []
    worked = day.weekday() >= 5 and calendar.is_working(day)
    return Day(day, inside, calendar.why_off(day) or "", worked, tuple(found))


def _agencies(connection: Connection, units: Units, plan_id: str) -> tuple[tuple[str, str], ...]:
    mine = of_units(units) & (plan_table.c.id == plan_id) if plan_id else of_units(units)
    named = select(party.c.agency_id).join(plan_table, plan_table.c.id == party.c.plan_id).where(mine)
    rows = connection.execute(select(agency.c.id, agency.c.name).where(agency.c.id.in_(named)).limit(_MANY + 1))
    return tuple(sorted(((row.id, row.name) for row in rows), key=lambda body: sort_key(body[1])))
