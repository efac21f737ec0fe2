"""The replay of the next ninety days as a table: who is told what on which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from app.naming import plan_name, rung_label
from app.simulate import SimulatedRow
from app.views.occurrence_messages import role_text
from notifications.ladder import Role
from plans.text import _, sort_key
from tasks.agencies import load_plans
from tasks.model import OccurrenceId
from tasks.naming import occurrence_title
from tasks.tables import agency


@dataclass(frozen=True, slots=True)
class Line:
    """One rung of one report on one day; ``bodies`` are the readers' names."""

    at: datetime
    rung: str
    to: str
    bodies: tuple[str, ...]
    title: str
    plan_id: str
    plan_name: str


@dataclass(frozen=True, slots=True)
class Table:
    lines: tuple[Line, ...]
    messages: int


def table(connection: Connection, rows: tuple[SimulatedRow, ...]) -> Table:
    """One line per moment, rung and report: with nineteen bodies nobody reads nineteen lines. Two queries."""
    told: dict[tuple[datetime, str, str, str, str, str], dict[str, None]] = {}
    for row in rows:
        for report in sorted(_reports(row)):
            told.setdefault((row.at, row.rung, row.role, *report), {})[row.recipient] = None
    plans = load_plans(connection, {key[3] for key in told})
    wanted = sorted({body for bodies in told.values() for body in bodies})
    names = {
        r.id: r.name for r in connection.execute(select(agency.c.id, agency.c.name).where(agency.c.id.in_(wanted)))
    }
    lines = []
    for (at, rung, role, plan_id, duty_id, period), bodies in told.items():
        plan = plans.get(plan_id)
        duty = next((each for each in plan.duties if each.id == duty_id), None) if plan else None
        title = occurrence_title(duty, period) if duty else _("các việc được giao")
        called = tuple(sorted((names.get(body, body) for body in bodies), key=sort_key))
        one = len(called) == 1 or role != Role.AGENCY
        to = (called[0] if role == Role.AGENCY else role_text(role)) if one else _("{n} cơ quan").format(n=len(called))
        name = plan_name(plan) if plan else plan_id
        lines.append(Line(at, rung_label(rung), to, () if one else called, title, plan_id, name))
    return Table(tuple(sorted(lines, key=lambda line: line.at)), len({row.message for row in rows}))


def _reports(row: SimulatedRow) -> set[tuple[str, str, str]]:
    """Plan, duty and period of each occurrence; an ``assigned`` message names all duties of a plan and is one line."""
    parts = [OccurrenceId.parse(each) for each in row.occurrences]
    if row.rung == "assigned":
        return {(part.plan, "", "") for part in parts}
    return {(part.plan, part.duty, part.period) for part in parts}
