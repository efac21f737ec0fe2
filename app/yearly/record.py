"""What a body owed in a year and how each of it counts, with the reasons: extensions, days off, papers returned.

Slips of the officer that were put right leave no trace here (D9). Everything is read by a fixed number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.engine import Connection

from app.closing.words import LATE, MISSING, ON_TIME, standing, standing_text
from app.naming import plan_name
from app.views.scope import Units, occurrences_of
from app.yearly.reasons import reasons
from plans.calendar import local_day
from plans.text import sort_key
from tasks.agencies import load_plans
from tasks.audit import Punctuality
from tasks.database import BATCH
from tasks.errors import AgencyUnknown
from tasks.model import Occurrence, State
from tasks.naming import occurrence_title
from tasks.office import working_calendar
from tasks.status import Status, days_late, status_word
from tasks.tables import agency, audit_event, occurrence

_UNCOUNTED = frozenset({State.WAIVED, State.TRANSFERRED, State.CANCELLED})


@dataclass(frozen=True, slots=True)
class Entry:
    """One occurrence. ``late_after``: up to the end of that day it counts as on time; ``why``: sentences."""

    id: str
    plan: str
    title: str
    due: date
    late_after: date
    received_on: date | None
    number: str | None
    standing: str
    result: str
    days: int
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A body's year under the plans of some lead units. ``apart``: what does not count, with its reasons; ``before``:
    how much fell due before it was followed."""

    agency: str
    name: str
    year: int
    at: datetime
    leads: tuple[str, ...]
    counted: tuple[Entry, ...]
    apart: tuple[Entry, ...]
    before: int
    punctuality: Punctuality
    sample: bool


def record_of(connection: Connection, agency_id: str, year: int, units: Units, *, now: datetime) -> Record:
    """The record as it stands at ``now``. Raises AgencyUnknown."""
    name = connection.execute(select(agency.c.name).where(agency.c.id == agency_id)).scalar_one_or_none()
    if name is None:
        raise AgencyUnknown(agency_id)
    o = occurrence.c
    mine = (o.agency_id == agency_id) & (o.due >= date(year, 1, 1)) & (o.due <= date(year, 12, 31))
    which = mine & occurrences_of(units)
    rows = connection.execute(select(occurrence).where(which, o.before_tracking.is_(False)).order_by(o.due, o.id))
    found = [Occurrence.from_row(row) for row in rows]
    before = select(func.count()).select_from(occurrence).where(which, o.before_tracking.is_(True))
    plans = load_plans(connection, {each.plan_id for each in found})
    events, heirs = _events(connection, found), _former(connection, found)
    calendar, today = working_calendar(connection), local_day(now)
    entries = []
    for each in found:
        plan = plans[each.plan_id]
        duty = next((duty for duty in plan.duties if duty.id == each.duty_id), None)
        stands, days = standing(each, today), days_late(each, today=today) or 0
        entries.append(
            Entry(
                each.id, plan_name(plan), occurrence_title(duty, each.period) if duty else each.duty_id, each.due,
                each.late_after, each.received_on, each.number, stands,
                _result(each, stands, days), days,
                tuple(reasons(each, events[each.id], calendar, former=heirs.get(each.id), today=today)),
            )
        )  # fmt: skip
    tally = [sum(entry.standing == word for entry in entries) for word in (ON_TIME, LATE, MISSING)]
    return Record(
        agency_id, name, year, now, _names(connection, {plan.lead for plan in plans.values()}),
        tuple(entry for entry, each in zip(entries, found, strict=True) if each.state not in _UNCOUNTED),
        tuple(entry for entry, each in zip(entries, found, strict=True) if each.state in _UNCOUNTED),
        int(connection.execute(before).scalar_one()), Punctuality(*tally), any(each.sample for each in found),
    )  # fmt: skip


def _result(o: Occurrence, stands: str, days: int) -> str:
    """With what is still awaited of a paper that came."""
    text = standing_text(stands, days, None, None)
    if o.state not in (State.RECEIVED, State.RETURNED):
        return text
    return f"{text}; {status_word(Status(o.state.value)).lower()}"


def _events(connection: Connection, found: list[Occurrence]) -> dict[str, list[Row[Any]]]:
    """The trail of each, oldest first."""
    told: dict[str, list[Row[Any]]] = defaultdict(list)
    ids = [each.id for each in found]
    for start in range(0, len(ids), BATCH):
        chosen = select(audit_event).where(audit_event.c.occurrence_id.in_(ids[start : start + BATCH]))
        for row in connection.execute(chosen.order_by(audit_event.c.id)):
            told[row.occurrence_id].append(row)
    return told


def _former(connection: Connection, found: list[Occurrence]) -> dict[str, str]:
    """Of what was handed over to this body: whose it was."""
    heirs: dict[str, str] = {}
    ids = [each.id for each in found]
    for start in range(0, len(ids), BATCH):
        chosen = (
            select(occurrence.c.transferred_to, agency.c.name)
            .join(agency, agency.c.id == occurrence.c.agency_id)
            .where(
                occurrence.c.plan_id.in_(sorted({each.plan_id for each in found})),
                occurrence.c.transferred_to.in_(ids[start : start + BATCH]),
            )
        )
        heirs |= {row.transferred_to: row.name for row in connection.execute(chosen)}
    return heirs


def _names(connection: Connection, ids: Iterable[str]) -> tuple[str, ...]:
    chosen = select(agency.c.name).where(agency.c.id.in_(sorted(ids)))
    return tuple(sorted(connection.execute(chosen).scalars(), key=sort_key))
