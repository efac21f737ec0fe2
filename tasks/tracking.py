"""From when to when a plan was followed, and what that makes of its occurrences (decision 0007).

What fell due while a plan was followed counts; what fell due before, or between a stop and the next start, is
"before tracking": listed, never reminded, never counted (D10). The spans are read from the trail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from plans.calendar import local_day
from tasks import trail
from tasks.database import locked
from tasks.lifecycle import entry
from tasks.model import OWED, Cause, Occurrence
from tasks.tables import audit_event, occurrence

ACTIVATED = "activated"
RESTARTED = "restarted"
START_CORRECTED = "start_corrected"
STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of following: from a day, up to the day of the stop (no longer followed on it)."""

    start: date
    stop: date | None = None

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.stop is None or day < self.stop)


def spans_of(connection: Connection, plan_id: str) -> list[Span]:
    """The stretches in which a plan was followed, oldest first; the last is open while it is followed."""
    kinds = (ACTIVATED, RESTARTED, START_CORRECTED, STOPPED)
    told = select(audit_event).where(audit_event.c.plan_id == plan_id, audit_event.c.kind.in_(kinds))
    spans: list[Span] = []
    for event in connection.execute(told.order_by(audit_event.c.id)):
        if event.kind == STOPPED:
            spans[-1] = replace(spans[-1], stop=local_day(event.at))
        elif event.kind == START_CORRECTED:
            spans[-1] = replace(spans[-1], start=date.fromisoformat(event.data["is"]))
        else:
            spans.append(Span(date.fromisoformat(event.data["from"])))
    return spans


def tracked(spans: Sequence[Span], day: date) -> bool:
    """Whether what falls due on that day counts."""
    return any(span.holds(day) for span in spans)


@dataclass(frozen=True, slots=True)
class Retracked:
    """What a new start day changes: occurrences that count from now on, that do not any more, and misses withdrawn."""

    counted: tuple[Occurrence, ...] = ()
    uncounted: tuple[Occurrence, ...] = ()
    withdrawn: int = 0

    def newly_late(self, *, today: date) -> int:
        """Of the newly counted ones: owed, and their day has passed already."""
        return sum(o.state in OWED and today > o.ladder_late_after for o in self.counted)


def retrack(
    connection: Connection,
    plan_id: str,
    was: Sequence[Span],
    *,
    start: date,
    silent_to: date,
    now: datetime,
    actor: str,
) -> Retracked:
    """Makes every occurrence of the plan count, or not, as its spans say (``was``: those before the change).
    Nothing that happened is erased.

    1. What counts no more loses a recorded miss, with an event; what waits to be said about it is dropped by the
       next ``advance``.
    2. What begins to count is a new revision, silent about all that was to be said up to ``silent_to``. What did not
       count for another reason (it was not ordered yet when it fell due) goes on not to count.
    3. For what counts as before, nothing is said up to ``start``; where tracking was to begin later than
       ``silent_to``, the rungs in between are open again, which takes a new revision too.
    """
    spans = spans_of(connection, plan_id)
    mine = select(occurrence).where(occurrence.c.plan_id == plan_id).order_by(occurrence.c.id)
    rows = connection.execute(locked(mine, connection)).all()
    counted, uncounted, withdrawn = [], [], 0
    for o in map(Occurrence.from_row, rows):
        counts = tracked(spans, o.due)
        values: dict[str, Any] = {}
        if not counts and not o.before_tracking:
            uncounted.append(o)
            withdrawn += o.missed_at is not None
            values = {"before_tracking": True, **_without_miss(connection, o, now=now, actor=actor)}
        elif counts and o.before_tracking and not tracked(was, o.due):
            counted.append(o)
            values = {"before_tracking": False, "tracked_from": silent_to, **_revision(o, now)}
        elif o.before_tracking or o.state not in OWED:
            continue
        elif o.tracked_from > silent_to:
            values = {"tracked_from": silent_to, **_revision(o, now)}
        elif o.tracked_from < start:
            values = {"tracked_from": start}
        if values:
            changed = update(occurrence).where(occurrence.c.id == o.id)
            connection.execute(changed.values({**values, "next_check_at": now}))
    return Retracked(tuple(counted), tuple(uncounted), withdrawn)


def _revision(o: Occurrence, now: datetime) -> dict[str, Any]:
    return {"revision": o.revision + 1, "cause": Cause.START.value, "changed_at": now, "announce": None}


def _without_miss(connection: Connection, o: Occurrence, *, now: datetime, actor: str) -> dict[str, Any]:
    if o.missed_at is None:
        return {}
    noted = {"missed_at": o.missed_at, "noticed_at": o.missed_noticed_at, "why": "before_tracking"}
    trail.write(connection, [entry(o, "miss_withdrawn", noted)], now=now, actor=actor)
    return {"missed_at": None, "missed_noticed_at": None}
