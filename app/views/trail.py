"""Who did what when: the trail of the register in plain words, as far as it concerns these units.

Pages go by the number of the row and not by an offset, so that the last page of a long trail costs as little as the
first, and nothing shifts while somebody reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.engine import Connection

from app.naming import plan_name
from app.views.occurrence_notes import names_of
from app.views.occurrences import Choice
from app.views.scope import Units, of_units
from app.views.trail_words import Group, group_title, kinds_of, row_text
from people.tables import account
from plans.calendar import end_of
from plans.text import _, fold, sort_key
from tasks.agencies import load_plans
from tasks.model import OccurrenceId
from tasks.naming import occurrence_title
from tasks.tables import agency, audit_event, party
from tasks.tables import plan as plan_table
from tasks.trail import SYSTEM

PAGE = 50
CHUNK = 500
# Rows about no plan and no body that concern everybody who works with the register.
_EVERYBODYS = ("calendar", "clock_confirmed", "restored", "sending_held", "sending_resumed")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. ``before``: only rows older than that one."""

    who: str = ""
    start: date | None = None
    end: date | None = None
    plan: str = ""
    group: Group | None = None
    before: int | None = None

    def query(self, **changes: Any) -> str:
        """The same as an address; what is not asked for is left out."""
        chosen = replace(self, **changes)
        values = {
            "nguoi": chosen.who,
            "tu": f"{chosen.start:%d/%m/%Y}" if chosen.start else "",
            "den": f"{chosen.end:%d/%m/%Y}" if chosen.end else "",
            "ke-hoach": chosen.plan,
            "loai": chosen.group or "",
            "truoc": chosen.before or "",
        }
        return urlencode({k: v for k, v in values.items() if v})

    @property
    def plainest(self) -> bool:
        return replace(self, before=None) == Asked()


@dataclass(frozen=True, slots=True)
class Line:
    """One row. ``occurrence`` and ``plan`` are "" where it is about none."""

    id: int
    at: datetime
    by: str
    actor: str
    text: str
    occurrence: str
    title: str
    plan: str
    plan_name: str
    agency: str


@dataclass(frozen=True, slots=True)
class Listing:
    """``older``: the number to go on from, None on the last page."""

    lines: tuple[Line, ...]
    older: int | None
    plans: tuple[Choice, ...]
    groups: tuple[Choice, ...]
    people: tuple[Choice, ...]


def listing(connection: Connection, units: Units, asked: Asked) -> Listing:
    """A page of rows, the newest first, by a fixed number of queries."""
    rows = _rows(connection, units, asked, asked.before, PAGE + 1)
    shown = rows[:PAGE]
    people = connection.execute(select(account.c.login, account.c.name).order_by(account.c.login))
    plans = select(plan_table.c.id, plan_table.c.short).where(of_units(units))
    return Listing(
        tuple(_lines(connection, shown)),
        shown[-1].id if len(rows) > PAGE else None,
        tuple(sorted((Choice(r.id, r.short) for r in connection.execute(plans)), key=lambda c: sort_key(c.text))),
        tuple(Choice(each.value, group_title(each)) for each in Group),
        tuple(Choice(r.login, r.name) for r in people) if units is None else (),
    )


def every_line(connection: Connection, units: Units, asked: Asked) -> Iterator[Line]:
    """All of them for a file, the newest first, a few hundred at a time."""
    before = asked.before
    while rows := _rows(connection, units, asked, before, CHUNK):
        yield from _lines(connection, rows)
        before = rows[-1].id


def _rows(connection: Connection, units: Units, asked: Asked, before: int | None, limit: int) -> list[Row[Any]]:
    chosen = select(audit_event).where(_of(units), _asked_for(connection, asked)).order_by(audit_event.c.id.desc())
    if before is not None:
        chosen = chosen.where(audit_event.c.id < before)
    return list(connection.execute(chosen.limit(limit)))


def _of(units: Units) -> ColumnElement[bool]:
    """What concerns these units: their plans; beyond plans the bodies named there and they themselves; the calendar
    and the sending of the whole installation. Accounts of others are none of their business."""
    if units is None:
        return audit_event.c.id.is_not(None)
    plans = select(plan_table.c.id).where(of_units(units))
    bodies = select(party.c.agency_id).where(party.c.plan_id.in_(plans))
    named = or_(audit_event.c.agency_id.in_(bodies), audit_event.c.agency_id.in_(sorted(units)))
    everybodys = audit_event.c.agency_id.is_(None) & audit_event.c.kind.in_(_EVERYBODYS)
    return or_(audit_event.c.plan_id.in_(plans), audit_event.c.plan_id.is_(None) & or_(named, everybodys))


def _asked_for(connection: Connection, asked: Asked) -> ColumnElement[bool]:
    e = audit_event.c
    wanted: list[ColumnElement[bool]] = [e.id.is_not(None)]
    if asked.who:
        wanted.append(e.actor.in_(_actors(connection, asked.who)))
    if asked.start:
        wanted.append(e.at >= end_of(asked.start - timedelta(days=1)))
    if asked.end:
        wanted.append(e.at < end_of(asked.end))
    if asked.plan:
        wanted.append(e.plan_id == asked.plan)
    if asked.group:
        wanted.append(e.kind.in_(kinds_of(asked.group)))
    return and_(*wanted)


def _actors(connection: Connection, who: str) -> list[str]:
    """Who is meant: a name of the trail as it stands there, or people whose names hold all the words."""
    words = fold(who).split()
    people = connection.execute(select(account.c.login, account.c.name))
    found = {row.login for row in people if words and all(word in fold(f"{row.name} {row.login}") for word in words)}
    if words and all(word in fold(f"{_('hệ thống')} {SYSTEM}") for word in words):
        found.add(SYSTEM)
    return sorted(found | {who})


def _lines(connection: Connection, rows: list[Row[Any]]) -> Iterator[Line]:
    names = names_of(connection, {row.actor for row in rows})
    plans = load_plans(connection, {row.plan_id for row in rows if row.plan_id})
    wanted = sorted({row.agency_id for row in rows if row.agency_id})
    bodies = {
        r.id: r.name for r in connection.execute(select(agency.c.id, agency.c.name).where(agency.c.id.in_(wanted)))
    }
    for row in rows:
        plan = plans.get(row.plan_id)
        title = ""
        if row.occurrence_id:
            parts = OccurrenceId.parse(row.occurrence_id)
            duty = next((each for each in plan.duties if each.id == parts.duty), None) if plan else None
            title = occurrence_title(duty, parts.period) if duty else row.occurrence_id
        yield Line(
            row.id,
            row.at,
            names[row.actor],
            row.actor,
            row_text(row.kind, row.data if isinstance(row.data, dict) else {}),
            row.occurrence_id or "",
            title,
            row.plan_id if plan else "",
            plan_name(plan) if plan else row.plan_id or "",
            bodies.get(row.agency_id, row.agency_id or ""),
        )


def name_of(connection: Connection, actor: str) -> str:
    """What somebody is called who stands somewhere by the login."""
    return names_of(connection, [actor])[actor]
