"""Holding and resuming by hand: what would happen if sending went on, and its going on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.engine import Connection

from app import clock_guard
from app.bootstrap import Dondoc
from app.clock_guard import Jump
from app.standstill import Standstill
from app.week import keeping
from notifications import composer
from notifications.tables import contact, message
from plans.calendar import local_day
from tasks import hold
from tasks.database import reading, trying, writing
from tasks.hold import Hold
from tasks.model import OWED
from tasks.tables import occurrence


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a person is to know before saying yes.

    ``messages``: how many of each kind wait to leave, ``people`` how many would get one; under a clock that has to
    be confirmed nothing has been composed yet, and ``people`` is the most there can be. ``misses``: how many
    occurrences would be recorded as missed at once. ``unknown``: messages whose fate nobody knows.
    """

    messages: Mapping[str, int]
    people: int
    misses: int
    unknown: int


def outlook(dondoc: Dondoc, found: Standstill, *, now: datetime) -> Outlook:
    """Looks, and changes nothing that ``advance`` would not change anyway."""
    dondoc.advance(now=now)  # does nothing under a clock that has to be confirmed
    with reading(dondoc.engine) as connection:
        unknown = _count(connection, message.c.status == "unknown")
        if found.jump:
            people = connection.execute(
                select(func.count(contact.c.address.distinct())).where(contact.c.active)
            ).scalar()
            return Outlook({}, int(people or 0), _misses(connection, now), unknown)
    with trying(dondoc.engine) as connection:
        keeping.rehearse(connection, now=now)
        composer.compose_within(connection, now=now)
        chosen = select(message.c.kind, message.c.channel, message.c.address)
        waiting = or_(message.c.status == "queued", message.c.next_try_at.is_not(None))
        rows = connection.execute(chosen.where(waiting)).all()
    people = len({(row.channel, row.address) for row in rows})
    return Outlook(Counter(row.kind for row in rows), people, 0, unknown)


def _misses(connection: Connection, now: datetime) -> int:
    late = (
        occurrence.c.state.in_(OWED)
        & occurrence.c.before_tracking.is_(False)
        & occurrence.c.missed_at.is_(None)
        & (occurrence.c.late_after < local_day(now))
    )
    return int(connection.execute(select(func.count()).select_from(occurrence).where(late)).scalar_one())


def _count(connection: Connection, which: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(message).where(which)).scalar_one())


def resume(dondoc: Dondoc, *, now: datetime, actor: str) -> tuple[Hold | None, Jump | None]:
    """Confirms the clock and releases the hold, in one transaction; returns what stood in the way."""
    with writing(dondoc.engine) as connection:
        confirmed = clock_guard.confirm(connection, now=now, actor=actor)
        return hold.release(connection, now=now, actor=actor), confirmed


def pause(dondoc: Dondoc, *, reason: str, now: datetime, actor: str) -> Hold:
    """Holds all sending by hand; where it is held already, that hold stands and is returned."""
    with writing(dondoc.engine) as connection:
        return hold.hold(connection, why=hold.BY_HAND, now=now, actor=actor, data={"reason": reason})
