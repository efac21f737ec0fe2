"""What a change of the settings or the calendar would move, found by doing it in a transaction that is taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, select, true
from sqlalchemy.engine import Connection

from app.views.scope import Units
from notifications.ladder import Role, rungs_of
from plans.calendar import local_day
from tasks.agencies import load_plans, load_register
from tasks.database import trying
from tasks.model import OWED, Occurrence, PlanStatus
from tasks.naming import occurrence_title
from tasks.office import ladder_of, office_of, working_calendar
from tasks.tables import occurrence
from tasks.tables import plan as plan_table

SHOWN = 20
EXAMINED = 2_000  # occurrences whose reminders are compared; their deadlines are compared for all
_NEAR = timedelta(days=60)

Change = Callable[[Connection], object]
Days = frozenset[tuple[str, Role, date]]


@dataclass(frozen=True, slots=True)
class Moved:
    """One deadline that would move."""

    occurrence_id: str
    title: str
    agency: str
    was: date
    now: date


@dataclass(frozen=True, slots=True)
class OfUnit:
    """How much would move for one lead unit."""

    name: str
    deadlines: int
    reminders: int


@dataclass(frozen=True, slots=True)
class Effects:
    """``deadlines``: occurrences whose last day that counts as on time moves; ``reminders``: of ``examined``
    occurrences, those to whose coming reminders something changes. ``moved`` holds the first rows that may be seen."""

    deadlines: int
    reminders: int
    examined: int
    in_all: int
    units: tuple[OfUnit, ...]
    moved: tuple[Moved, ...]

    @property
    def nothing(self) -> bool:
        return self.deadlines == 0 and self.reminders == 0


def foresee(
    engine: Engine,
    change: Change,
    *,
    lead: str | None = None,
    around: date | None = None,
    visible: Units,
    now: datetime,
) -> Effects:
    """Does ``change`` and takes it back. ``lead``: of that unit's plans only; ``around``: reminders near that day.

    Raises whatever ``change`` raises.
    """
    today = local_day(now)
    with trying(engine) as connection:
        before = _late_days(connection, lead)
        near = _near(connection, lead, around or today)
        said = _reminders(connection, near, today)
        change(connection)
        after = _late_days(connection, lead)
        changed = [key for key, days in _reminders(connection, near, today).items() if days != said[key]]
        moved = [key for key, (_lead, day) in after.items() if before.get(key, (_lead, day))[1] != day]
        return Effects(
            len(moved),
            len(changed),
            len(near),
            len(before),
            _by_unit(connection, before, moved, changed),
            _lines(connection, moved, before, after, visible),
        )


def _followed(lead: str | None) -> ColumnElement[bool]:
    theirs = plan_table.c.lead == lead if lead else true()
    plans = select(plan_table.c.id).where(plan_table.c.status == PlanStatus.ACTIVE.value, theirs)
    owed = occurrence.c.state.in_(OWED) & occurrence.c.before_tracking.is_(False)
    return owed & occurrence.c.plan_id.in_(plans)


def _late_days(connection: Connection, lead: str | None) -> dict[str, tuple[str, date]]:
    columns = select(occurrence.c.id, plan_table.c.lead, occurrence.c.late_after)
    joined = columns.join(plan_table, plan_table.c.id == occurrence.c.plan_id).where(_followed(lead))
    return {row.id: (row.lead, row.late_after) for row in connection.execute(joined)}


def _near(connection: Connection, lead: str | None, day: date) -> list[str]:
    within = occurrence.c.last_day.between(day - _NEAR, day + _NEAR)
    chosen = select(occurrence.c.id).where(_followed(lead), within)
    return list(connection.execute(chosen.order_by(occurrence.c.last_day, occurrence.c.id).limit(EXAMINED)).scalars())


def _reminders(connection: Connection, ids: Iterable[str], today: date) -> dict[str, Days]:
    """The coming days on which each of them would be spoken of."""
    rows = connection.execute(select(occurrence).where(occurrence.c.id.in_(list(ids)))).all()
    plans = load_plans(connection, {row.plan_id for row in rows})
    offices = {lead: office_of(connection, lead) for lead in {plan.lead for plan in plans.values()}}
    calendar = working_calendar(connection)
    found: dict[str, Days] = {}
    for o in map(Occurrence.from_row, rows):
        plan = plans[o.plan_id]
        duty = next((each for each in plan.duties if each.id == o.duty_id), None)
        if duty is None:
            continue
        rungs = rungs_of(o, ladder_of(plan, duty, offices[plan.lead]), calendar)
        found[o.id] = frozenset((rung.name, rung.role, rung.day) for rung in rungs if rung.day > today)
    return found


def _by_unit(
    connection: Connection, before: Mapping[str, tuple[str, date]], moved: list[str], changed: list[str]
) -> tuple[OfUnit, ...]:
    deadlines = Counter(before[key][0] for key in moved if key in before)
    reminders = Counter(before[key][0] for key in changed if key in before)
    register: Any = load_register(connection)
    leads = sorted(set(deadlines) | set(reminders))
    return tuple(OfUnit(register[lead].name, deadlines[lead], reminders[lead]) for lead in leads)


def _lines(
    connection: Connection,
    moved: list[str],
    before: Mapping[str, tuple[str, date]],
    after: Mapping[str, tuple[str, date]],
    visible: Units,
) -> tuple[Moved, ...]:
    may = [key for key in moved if key in before and (visible is None or before[key][0] in visible)]
    first = sorted(may, key=lambda key: (after[key][1], key))[:SHOWN]
    rows = connection.execute(select(occurrence).where(occurrence.c.id.in_(first))).all()
    known = {row.id: Occurrence.from_row(row) for row in rows}
    plans = load_plans(connection, {o.plan_id for o in known.values()})
    register = load_register(connection)
    lines = []
    for key in first:
        o = known[key]
        duty = next((each for each in plans[o.plan_id].duties if each.id == o.duty_id), None)
        title = occurrence_title(duty, o.period) if duty else o.duty_id
        lines.append(Moved(o.id, title, register[o.agency_id].name, before[key][1], after[key][1]))
    return tuple(lines)
