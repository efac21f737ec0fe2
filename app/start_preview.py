"""What starting to follow a plan would do: tried and taken back, and every message that it would send, in its words.

The messages come from a replay on a scratch copy (``app.simulate``): nothing is sent, nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Engine

from app import simulate
from app.simulate import Told
from tasks import intake
from tasks.database import trying
from tasks.intake import Started

DAYS = 30  # how far ahead messages are looked for


@dataclass(frozen=True, slots=True)
class StartPreview:
    """``told``: the messages from the start day on, as they would be worded on that day."""

    started: Started
    told: Sequence[Told]
    until: date


def effect(engine: Engine, plan_id: str, *, start: date | None, now: datetime, actor: str) -> Started:
    """What starting, starting again or another start day changes. Writes nothing.

    Raises PlanUnknown, BadInput, PlanAlreadyActive.
    """
    with trying(engine) as connection:
        return intake.activate(connection, plan_id, start=start, now=now, actor=actor)


def preview(engine: Engine, plan_id: str, *, start: date, days: int = DAYS, now: datetime, actor: str) -> StartPreview:
    """The same with the messages of the days after it. Raises PlanUnknown, BadInput, PlanAlreadyActive."""
    started = effect(engine, plan_id, start=start, now=now, actor=actor)
    end = start + timedelta(days=days)
    return StartPreview(started, simulate.messages(engine, plan_id, start=start, end=end, now=now), end)
