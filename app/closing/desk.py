"""What the pages of Chốt sổ show: which months are closed, one month with what has changed since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from app.closing.figures import month_number
from app.closing.keeping import Difference, differences
from app.views.occurrence_notes import names_of
from app.views.scope import Units, of_units
from plans.text import sort_key
from tasks import closings
from tasks.tables import agency
from tasks.tables import plan as plan_table

MONTHS = 24  # that the list goes back


@dataclass(frozen=True, slots=True)
class Line:
    """One month of one lead unit. ``closed_at`` None: still open; ``over``: it may be closed."""

    unit: str
    name: str
    first: date
    over: bool
    sample: bool
    closed_at: datetime | None = None
    closed_by: str = ""

    @property
    def number(self) -> int:
        return month_number(self.first)


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed month: the sums as they stood, and what is otherwise by now."""

    unit: str
    name: str
    first: date
    closed_at: datetime
    closed_by: str
    total: dict[str, int]
    place: int
    head: str
    hash: str
    differences: tuple[Difference, ...]


def listing(connection: Connection, scope: Units, *, today: date) -> tuple[Line, ...]:
    """The months since each unit began to follow something, the newest first, at most two years back."""
    found = units(connection, scope)
    closed = closings.closed_months(connection, [unit for unit, *_rest in found])
    people = names_of(connection, {row.closed_by for row in closed.values()})
    lines = []
    for first in _months(today):
        for unit, name, since, sample in found:
            row = closed.get((unit, month_number(first)))
            if row is not None:
                lines.append(Line(unit, name, first, True, sample, row.closed_at, people[row.closed_by]))
            elif first >= since.replace(day=1):
                lines.append(Line(unit, name, first, (first.year, first.month) < (today.year, today.month), sample))
    return tuple(lines)


def _months(today: date) -> Iterator[date]:
    """The first days of this month and of those before it."""
    for back in range(MONTHS):
        years, month = divmod(today.year * 12 + today.month - 1 - back, 12)
        yield date(years, month + 1, 1)


def units(connection: Connection, scope: Units) -> list[tuple[str, str, date, bool]]:
    """Lead units that follow or followed something: id, name, since when, and whether it was only the sample."""
    chosen = (
        select(plan_table.c.lead, agency.c.name, plan_table.c.active_from, plan_table.c.sample)
        .join(agency, agency.c.id == plan_table.c.lead)
        .where(of_units(scope), plan_table.c.active_from.is_not(None))
    )
    found: dict[str, tuple[str, str, date, bool]] = {}
    for row in connection.execute(chosen):
        _it, _name, since, sample = found.get(row.lead, (row.lead, row.name, row.active_from, True))
        found[row.lead] = (row.lead, row.name, min(since, row.active_from), sample and row.sample)
    return sorted(found.values(), key=lambda each: (each[3], sort_key(each[1])))


def closed(connection: Connection, unit: str, month: int, *, now: datetime) -> Closed:
    """Raises ClosingUnknown."""
    row = closings.load(connection, unit, month)
    return Closed(
        unit, row.content["unit"], closings.first_day(month), row.closed_at,
        names_of(connection, [row.closed_by])[row.closed_by], row.content["total"], row.place, row.head, row.hash,
        tuple(differences(connection, row, now=now)),
    )  # fmt: skip
