"""What the office has chosen: how deadlines are read, which rungs there are, which days are worked.

Every change sets ``next_check_at`` on the rows that it touches, in the same transaction (D2).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection

from plans.calendar import WorkingCalendar, shipped_calendar
from plans.model import (
    DEFAULT_LADDER,
    DEFAULT_READING,
    FREQUENT_LADDER,
    BeforeReading,
    Duty,
    Ladder,
    Plan,
    Reading,
    WeekendReading,
    frequent,
)
from tasks import trail
from tasks.agencies import INTAKE
from tasks.database import alone, insert_new
from tasks.tables import calendar_day, setting


@dataclass(frozen=True, slots=True)
class Office:
    """The settings of one lead unit. ``review``: a paper waits as received until somebody has looked at it.
    ``agency_side``: the bodies that owe something may answer by themselves, by link or account."""

    reading: Reading = DEFAULT_READING
    ladder: Ladder | None = None
    review: bool = False
    agency_side: bool = False
    sender: str | None = None  # "Công an tỉnh Sơn La (PC10)"
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)  # by key and language


def office_of(connection: Connection, lead: str) -> Office:
    """The settings of that lead unit; those of the whole installation where it has none of its own."""
    return offices_of(connection, [lead])[lead]


def offices_of(connection: Connection, leads: Iterable[str]) -> dict[str, Office]:
    """The same for several, by one query."""
    wanted = sorted(set(leads))
    stored: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in connection.execute(select(setting).where(setting.c.scope.in_(("", *wanted)))):
        stored[row.scope][row.name] = row.value
    return {lead: _office(_merged(stored[""], stored[lead])) for lead in wanted}


def _merged(common: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The unit's own win; of texts each one by itself."""
    texts = {**(common.get("texts") or {}), **(own.get("texts") or {})}
    return {**common, **own, "texts": texts}


def _office(values: dict[str, Any]) -> Office:
    reading = Reading(
        BeforeReading(values["before"]) if "before" in values else None,
        WeekendReading(values["weekend"]) if "weekend" in values else None,
    )
    return Office(
        reading=reading.over(DEFAULT_READING),
        ladder=ladder_from(values["ladder"]) if values.get("ladder") else None,
        review=bool(values.get("review", False)),
        agency_side=bool(values.get("agency_side", False)),
        sender=values.get("sender"),
        texts=values["texts"],
    )


def choose(connection: Connection, scope: str, name: str, value: Any, *, now: datetime, actor: str) -> None:
    """Stores one setting. The caller computes the deadlines anew (``deadlines.recompute``)."""
    alone(connection, INTAKE)
    connection.execute(delete(setting).where(setting.c.scope == scope, setting.c.name == name))
    if value is not None:
        connection.execute(setting.insert().values(scope=scope, name=name, value=trail.plain(value)))
    entry = trail.Entry("setting", agency_id=scope or None, data={"name": name, "value": value})
    trail.write(connection, [entry], now=now, actor=actor)


def ladder_from(values: dict[str, Any]) -> Ladder:
    """A ladder from its stored form."""
    known: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}
    return replace(DEFAULT_LADDER, **known)


def ladder_document(ladder: Ladder) -> dict[str, Any]:
    """The stored form of a ladder."""
    return dict(asdict(ladder))


def ladder_of(plan: Plan, duty: Duty, office: Office) -> Ladder:
    """The duty's own ladder, else the plan's, else the office's; frequent duties get one reminder only."""
    if duty.ladder is not None:
        return duty.ladder
    base = plan.ladder or office.ladder
    if base is None:
        return FREQUENT_LADDER if frequent(duty.rule) else DEFAULT_LADDER
    return replace(base, before=FREQUENT_LADDER.before, due=False) if frequent(duty.rule) else base


def working_calendar(connection: Connection) -> WorkingCalendar:
    """The shipped calendar with the office's corrections."""
    rows = connection.execute(select(calendar_day)).all()
    if not rows:
        return shipped_calendar()
    off = {row.day: row.name for row in rows if not row.working}
    return shipped_calendar().with_changes(off, [row.day for row in rows if row.working])


def mark_day(connection: Connection, day: date, *, working: bool | None, name: str, now: datetime, actor: str) -> None:
    """Makes a day worked or not; None goes back to the shipped calendar."""
    alone(connection, INTAKE)
    connection.execute(delete(calendar_day).where(calendar_day.c.day == day))
    if working is not None:
        insert_new(connection, calendar_day, [{"day": day, "working": working, "name": name}])
    entry = trail.Entry("calendar", data={"day": day, "working": working, "name": name})
    trail.write(connection, [entry], now=now, actor=actor)
