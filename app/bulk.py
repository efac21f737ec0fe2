"""One move for many occurrences: what can be done is done, what cannot is named with its reason.

Everything happens in one transaction with a savepoint per occurrence, so that a refusal leaves nothing of that one
and a power cut leaves nothing of any.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from notifications import press as pressing
from notifications.errors import NotificationsError
from notifications.planner import PlanningContext
from tasks import desk, moves
from tasks.database import writing
from tasks.errors import ChangedMeanwhile, RegisterError


@dataclass(frozen=True, slots=True)
class Refused:
    occurrence_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Which were done, which were not and why."""

    done: tuple[str, ...]
    refused: tuple[Refused, ...]


def accept(engine: Engine, seen: Mapping[str, str], *, now: datetime, actor: str) -> Outcome:
    """Accepts what waits for a look. ``seen``: occurrence id -> the stamp that the page showed."""
    with writing(engine) as connection:
        return _each(connection, seen, lambda it: moves.accept(connection, it, now=now, actor=actor))


def extend(engine: Engine, seen: Mapping[str, str], *, to: date, document: str, now: datetime, actor: str) -> Outcome:
    """One later day by one document of the issuer, for every agency chosen."""
    with writing(engine) as connection:
        return _each(
            connection,
            seen,
            lambda it: moves.extend(connection, [it], to=to, document=document, now=now, actor=actor),
        )


def hold(engine: Engine, seen: Mapping[str, str], *, until: date, now: datetime, actor: str) -> Outcome:
    """Holds each agency back from automatic reminders to the end of that day."""
    with writing(engine) as connection:
        return _each(connection, seen, lambda it: moves.hold(connection, it, until=until, now=now, actor=actor))


def press(
    engine: Engine, seen: Mapping[str, str], times: Mapping[str, int], *, note: str | None, now: datetime, actor: str
) -> Outcome:
    """A message by hand for each. ``times``: how often each had been pressed when the page was shown, so that a
    form that is sent twice does not tell an agency twice."""
    with writing(engine) as connection:
        context = PlanningContext(connection)
        before = pressing.pressed(connection, list(seen))

        def one(it: str) -> None:
            if before[it] != times.get(it):
                raise ChangedMeanwhile(it)
            pressing.press_one(context, it, note=note, now=now, actor=actor)

        return _each(connection, seen, one)


def _each(connection: Connection, seen: Mapping[str, str], work: Callable[[str], object]) -> Outcome:
    done: list[str] = []
    refused: list[Refused] = []
    for it, stamp in seen.items():
        try:
            with connection.begin_nested():
                desk.unchanged(connection, it, stamp)
                work(it)
        except (RegisterError, NotificationsError) as error:
            refused.append(Refused(it, str(error)))
        else:
            done.append(it)
    return Outcome(tuple(done), tuple(refused))
