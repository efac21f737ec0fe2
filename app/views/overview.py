"""Today in one look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.engine import Connection

from app.views.scope import Units, occurrences_of
from tasks.model import OWED, State
from tasks.tables import occurrence

WEEK = 7  # days ahead


@dataclass(frozen=True, slots=True)
class Counts:
    """What the tiles say."""

    overdue: int
    today: int
    week: int  # from tomorrow on
    received: int  # papers waiting for a look
    claimed: int


def counts(connection: Connection, units: Units, *, today: date) -> Counts:
    o = occurrence.c
    owed = o.state.in_(OWED)
    late = owed & (o.late_after < today)
    ahead = owed & (o.late_after >= today)
    row = connection.execute(
        select(
            _number(late),
            _number(ahead & (o.last_day == today)),
            _number(ahead & (o.last_day > today) & (o.last_day <= today + timedelta(days=WEEK))),
            _number(o.state == State.RECEIVED),
            _number(o.state == State.CLAIMED),
        ).where(o.before_tracking.is_(False), occurrences_of(units))
    ).one()
    return Counts(*(int(value or 0) for value in row))


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
