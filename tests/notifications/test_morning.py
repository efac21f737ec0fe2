"""What the next morning will say is what it says: held against ``advance``, evening by evening."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from notifications.morning import next_morning, presses, spoken
from notifications.planner import PlanningContext
from notifications.tables import message, message_notice, notice
from plans.calendar import local_day, shipped_calendar
from tasks.database import reading
from tasks.model import Occurrence
from tasks.tables import occurrence
from tests.support import ANSWERABLE, PLAN, Valley, at

INTERIOR = f"{PLAN}/ke-hoach/so-noi-vu/once"
FRONT = f"{PLAN}/ke-hoach/mat-tran/once"
Told = set[tuple[str, str, str]]


def foretold(valley: Valley) -> Told:
    """What will be said on the next working morning, as it looks now."""
    with reading(valley.engine) as connection:
        context = PlanningContext(connection)
        morning = next_morning(context.calendar, valley.now)
        found = [Occurrence.from_row(row) for row in connection.execute(select(occurrence))]
        told = {
            (each.occurrence.id, word.rung, word.role.value)
            for each in spoken(context, found, at=morning)
            for word in each.words
            if word.against is None
        }
    valley.now = morning
    return told


def carried(valley: Valley) -> Told:
    """What the messages of that very morning carry."""
    before = max((row.id for row in valley.messages()), default=0)
    valley.run()
    with reading(valley.engine) as connection:
        rows = connection.execute(
            select(notice.c.occurrence_id, notice.c.rung, notice.c.role)
            .join(message_notice, message_notice.c.notice_id == notice.c.id)
            .join(message, message.c.id == message_notice.c.message_id)
            .where(message.c.id > before, notice.c.occurrence_id.is_not(None))
        )
        return {(row.occurrence_id, row.rung, row.role) for row in rows}


def test_every_evening_foretells_its_morning(valley: Valley) -> None:
    """Six weeks with a hold, a claim, a return, an extension and a paper in them; everybody can be reached."""
    valley.follow("2024-02-01 08:00")
    deeds: dict[date, Callable[[], object]] = {
        date(2024, 3, 8): lambda: valley.hold(ANSWERABLE, "2024-03-20"),
        date(2024, 3, 13): lambda: valley.claim(INTERIOR),
        date(2024, 3, 21): lambda: valley.record(INTERIOR, received="2024-03-21", number="1/BC", review=True),
        date(2024, 3, 25): lambda: valley.extend(FRONT, to="2024-03-29"),
        date(2024, 3, 27): lambda: valley.give_back(INTERIOR),
        date(2024, 4, 5): lambda: valley.record(ANSWERABLE, received="2024-04-05", number="2/BC"),
    }
    day, spoke = date(2024, 3, 6), 0
    while day < date(2024, 4, 20):
        valley.go(f"{day} 16:30")
        if shipped_calendar().is_working(day):
            if day in deeds:
                deeds[day]()
            valley.run()
            told = foretold(valley)
            assert told == carried(valley), day
            spoke += bool(told)
        day += timedelta(days=1)
    assert spoke > 10


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2024-03-11 07:29", "2024-03-11"),
        ("2024-03-11 07:30", "2024-03-12"),
        ("2024-03-15 12:00", "2024-03-18"),  # a Friday
        ("2024-03-16 06:00", "2024-03-18"),  # a Saturday
    ],
)
def test_the_next_morning_is_a_working_one_still_ahead(now: str, day: str) -> None:
    assert local_day(next_morning(shipped_calendar(), at(now))) == date.fromisoformat(day)


def test_only_what_speaks_after_the_deadline_presses() -> None:
    said = ("before-7", "due", "check", "overdue-1", "lead", "head-2", "review", "extended", "press-1")
    assert [rung for rung in said if presses(rung)] == ["check", "overdue-1", "lead", "head-2"]
