"""Which of the occurrences that a pattern stands for one paper can answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.engine import Connection

from plans.calendar import local_day
from plans.text import _, day_text
from tasks import lifecycle
from tasks.errors import MoveRefused, OccurrenceUnknown
from tasks.lifecycle import Move
from tasks.model import Occurrence, OccurrenceId
from tasks.papers import matching
from tasks.status import status_of, status_word

SOON = timedelta(days=31)  # a paper comes at most a month before its day


@dataclass(frozen=True, slots=True)
class Meant:
    """What a pattern stands for: occurrences to be taken, and those left out, each with the reason in words."""

    taken: tuple[Occurrence, ...]
    left: tuple[tuple[str, str], ...]

    @property
    def reports(self) -> set[tuple[str, str, str]]:
        """Plan, duty and period of what is taken: one paper is usually for one of them."""
        return {(o.plan_id, o.duty_id, o.period) for o in self.taken}


def answerable(connection: Connection, pattern: str, *, received: date, now: datetime) -> Meant:
    """The occurrences of a pattern that a paper received on that day can be for. Raises OccurrenceUnknown.

    Left out is what is not owed, what fell due before tracking, what no data can have been gathered for yet, and,
    unless the pattern names the period, what is not due within a month.
    """
    found = matching(connection, pattern)
    if not found:
        raise OccurrenceUnknown(pattern)
    any_period = "*" in pattern.rpartition("/")[2]
    taken, left = [], []
    for occurrence_id in found:
        o = lifecycle.load(connection, occurrence_id)
        why = next(_reasons(connection, o, received, any_period, now), None)
        if why is None:
            taken.append(o)
        else:
            left.append((o.id, why))
    return Meant(tuple(sorted(taken, key=lambda o: (o.due, o.id))), tuple(left))


def _reasons(connection: Connection, o: Occurrence, received: date, any_period: bool, now: datetime) -> Iterator[str]:
    try:
        lifecycle.allow(connection, o, Move.RECORD, now=now)
    except MoveRefused:
        yield status_word(status_of(o, today=local_day(now)))
    if o.before_tracking:
        yield _("đến hạn trước khi theo dõi")
    begins = o.window_from or (_first_day(OccurrenceId.parse(o.id).period) if any_period else None)
    if begins is not None and received < begins:
        yield _("kỳ số liệu bắt đầu từ {day}").format(day=day_text(begins))
    if any_period and o.last_day > received + SOON:
        yield _("hạn còn xa: {day}").format(day=day_text(o.last_day))


def _first_day(period: str) -> date | None:
    """Of ``2024``, ``2024-H2``, ``2024-Q3``, ``2024-06``; None where the period has no days of its own."""
    year, _dash, part = period.partition("-")
    if not year.isdecimal():
        return None
    if not part:
        return date(int(year), 1, 1)
    months = {"H1": 1, "H2": 7, "Q1": 1, "Q2": 4, "Q3": 7, "Q4": 10}
    month = int(part) if part.isdecimal() and 1 <= int(part) <= 12 else months.get(part)
    return date(int(year), month, 1) if month else None
