"""Which tables a plan offers, and what the page of the lead's own report says of those that feed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from app import state_table
from app.state_table import StateTable
from app.state_table_lines import MISSING, Kind, Line
from plans.calendar import local_day
from plans.model import Plan, Relation
from tasks.model import OWED, Occurrence
from tasks.naming import occurrence_title
from tasks.tables import occurrence

SHOWN = 60  # bodies that the page of the lead's own report lists


@dataclass(frozen=True, slots=True)
class Choice:
    """One duty and period of a plan."""

    duty_id: str
    period: str
    title: str
    last_day: date

    @property
    def value(self) -> str:
        return f"{self.duty_id}/{self.period}"


def choices(connection: Connection, plan: Plan) -> tuple[Choice, ...]:
    """Every duty and period that somebody owes, the latest first. One query."""
    o = occurrence.c
    chosen = select(o.duty_id, o.period, func.min(o.last_day)).where(o.plan_id == plan.id)
    duties = {duty.id: duty for duty in plan.duties}
    found = [
        Choice(duty_id, period, occurrence_title(duties[duty_id], period), day)
        for duty_id, period, day in connection.execute(chosen.group_by(o.duty_id, o.period)).tuples()
        if duty_id in duties
    ]
    return tuple(sorted(found, key=lambda each: (-each.last_day.toordinal(), each.title)))


def nearest(offered: Sequence[Choice], today: date) -> Choice | None:
    """What is due next, else what was due last."""
    ahead = [each for each in offered if each.last_day >= today]
    return ahead[-1] if ahead else next(iter(offered), None)


@dataclass(frozen=True, slots=True)
class Feeding:
    """What still has to come for the lead's own report. ``days_left``: to its last day, negative once it has passed;
    ``missing``: the bodies, each with its report, the longest overdue first."""

    total: int
    came: int
    bodies: int
    days_left: int
    last_day: date
    missing: tuple[Line, ...]
    more: int
    value: str


def feeding(connection: Connection, o: Occurrence, *, now: datetime) -> Feeding | None:
    """None where this is no open report of the lead unit itself, or nothing goes into it. The queries do not grow with
    the bodies."""
    if o.relation is not Relation.SELF or o.state not in OWED:
        return None
    table = state_table.of_report(connection, o, now=now)
    return _feeding(table, o, local_day(now)) if table else None


def _feeding(table: StateTable, o: Occurrence, today: date) -> Feeding:
    lines = [line for line in table.lines if line.kind in (*MISSING, Kind.SUCCESSOR)]
    lines.sort(key=lambda line: (-(line.days_late or 0), line.last_day, line.agency))
    return Feeding(
        total=table.came + len(lines),
        came=table.came,
        bodies=len({line.agency_id for line in lines}),
        days_left=(o.last_day - today).days,
        last_day=o.last_day,
        missing=tuple(lines[:SHOWN]),
        more=max(0, len(lines) - SHOWN),
        value=f"nhiem-vu={o.duty_id}&ky={o.period}",
    )
