"""Working days, day ends and opening hours. Literal dates of the official notices."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.calendar import end_of, local_day, local_time, moment, shipped_calendar

CALENDAR = shipped_calendar()
DAYS = st.dates(date(2022, 1, 1), date(2035, 12, 31))


def at(text: str) -> datetime:
    """A moment written on the Vietnamese clock."""
    day = datetime.fromisoformat(text)
    return moment(day.date(), day.time())


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2024-02-07", True),  # the last day before Tết
        ("2024-02-08", False),  # Tết 2024, 29 Chạp
        ("2024-02-09", False),
        ("2024-02-10", False),  # mùng 1, a Saturday
        ("2024-02-11", False),
        ("2024-02-12", False),
        ("2024-02-13", False),
        ("2024-02-14", False),  # made up for Sunday 11/02
        ("2024-02-15", True),
        ("2024-04-18", False),  # Giỗ Tổ
        ("2024-04-29", False),  # swapped with Saturday 04/5
        ("2024-04-30", False),
        ("2024-05-01", False),
        ("2024-05-02", True),
        ("2024-05-04", True),  # a working Saturday
        ("2024-05-05", False),
        ("2024-05-11", False),  # an ordinary Saturday
        ("2024-02-05", True),
        ("2024-12-09", True),
        ("2023-12-09", False),
        ("2025-04-26", True),
        ("2025-05-02", False),
        ("2026-01-02", False),
        ("2026-01-10", True),
        ("2026-08-22", True),
        ("2026-08-31", False),
        ("2026-11-23", True),  # the proposed swap was never decided
        ("2026-11-24", False),
        ("2027-02-06", False),  # mùng 1 Tết 2027
        ("2027-02-08", False),
        ("2031-04-30", False),  # beyond the list: what the law fixes
        ("2031-09-02", False),
        ("2031-11-24", False),
        ("2032-05-03", False),  # 01/5/2032 is a Saturday: made up on Monday
        ("2032-05-04", True),
    ],
)
def test_working_days(day: str, working: bool) -> None:
    assert CALENDAR.is_working(date.fromisoformat(day)) is working


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2024-12-09", None),
        ("2024-12-07", "thứ Bảy"),
        ("2024-12-08", "Chủ nhật"),
        ("2024-05-04", None),
        ("2024-04-29", "hoán đổi với thứ Bảy 04/5"),
        ("2024-02-08", "Tết (29 tháng Chạp)"),
        ("2027-02-08", "Tết Nguyên đán (dự kiến)"),
        ("2027-04-16", "Giỗ Tổ Hùng Vương (dự kiến)"),
        ("2031-09-02", "Quốc khánh (dự kiến)"),
    ],
)
def test_why_a_day_is_off(day: str, why: str | None) -> None:
    assert CALENDAR.why_off(date.fromisoformat(day)) == why


def test_years_without_a_notice_are_not_official() -> None:
    assert CALENDAR.official_years == {2023, 2024, 2025, 2026}
    assert {2027, 2028, 2029, 2030} <= CALENDAR.known_years


@pytest.mark.parametrize("year", range(2023, 2031))
def test_every_year_of_the_list_has_its_statutory_days_off(year: int) -> None:
    for month, day in ((1, 1), (4, 30), (5, 1), (9, 2)):
        assert not CALENDAR.is_working(date(year, month, day))


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        ("2024-12-09", "2024-12-09", "2024-12-09"),
        ("2023-12-10", "2023-12-08", "2023-12-11"),
        ("2024-05-05", "2024-05-04", "2024-05-06"),
        ("2024-02-11", "2024-02-07", "2024-02-15"),
        ("2024-04-28", "2024-04-26", "2024-05-02"),
    ],
)
def test_the_working_day_before_and_after(day: str, before: str, after: str) -> None:
    assert CALENDAR.on_or_before(date.fromisoformat(day)).isoformat() == before
    assert CALENDAR.on_or_after(date.fromisoformat(day)).isoformat() == after


@pytest.mark.parametrize(
    ("day", "count", "result"),
    [
        ("2024-12-10", 0, "2024-12-10"),
        ("2024-12-10", 1, "2024-12-11"),
        ("2024-12-10", 5, "2024-12-17"),
        ("2024-12-10", 10, "2024-12-24"),
        ("2024-12-14", 0, "2024-12-14"),  # nothing counted: stays on a Saturday
        ("2024-12-14", 1, "2024-12-16"),
        ("2024-05-03", 1, "2024-05-04"),  # the working Saturday counts
        ("2024-05-03", 2, "2024-05-06"),
        ("2024-02-07", 1, "2024-02-15"),
        ("2024-02-15", -1, "2024-02-07"),
        ("2024-12-05", -3, "2024-12-02"),
        ("2024-12-09", -1, "2024-12-06"),
    ],
)
def test_counting_working_days_starts_on_the_day_after(day: str, count: int, result: str) -> None:
    assert CALENDAR.add(date.fromisoformat(day), count).isoformat() == result


@given(DAYS, st.integers(1, 15))
def test_counting_forth_and_back_ends_on_the_first_working_day(day: date, count: int) -> None:
    start = CALENDAR.on_or_after(day)
    assert CALENDAR.add(CALENDAR.add(start, count), -count) == start


@given(DAYS, st.integers(1, 8), st.integers(1, 8))
def test_counting_in_two_steps_is_counting_once(day: date, first: int, second: int) -> None:
    assert CALENDAR.add(CALENDAR.add(day, first), second) == CALENDAR.add(day, first + second)


@given(DAYS)
def test_a_day_off_has_a_reason_and_a_working_day_none(day: date) -> None:
    assert (CALENDAR.why_off(day) is None) == CALENDAR.is_working(day)


def test_a_day_ends_at_midnight_in_vietnam() -> None:
    assert end_of(date(2024, 12, 9)) == datetime(2024, 12, 9, 17, 0, tzinfo=UTC)
    assert moment(date(2024, 12, 9), time(7, 30)) == datetime(2024, 12, 9, 0, 30, tzinfo=UTC)


def test_the_local_day_turns_at_17_hours_utc() -> None:
    assert local_day(datetime(2024, 12, 9, 16, 59, 59, tzinfo=UTC)) == date(2024, 12, 9)
    assert local_day(datetime(2024, 12, 9, 17, 0, tzinfo=UTC)) == date(2024, 12, 10)
    assert local_time(datetime(2024, 12, 9, 17, 0, tzinfo=UTC)).isoformat() == "2024-12-10T00:00:00+07:00"


@pytest.mark.parametrize(
    ("now", "is_open", "opening"),
    [
        ("2024-12-09T06:59:59", False, "2024-12-09T07:30"),
        ("2024-12-09T07:00:00", True, "2024-12-09T07:00"),
        ("2024-12-09T17:29:59", True, "2024-12-09T17:29:59"),
        ("2024-12-09T17:30:00", False, "2024-12-10T07:30"),
        ("2024-12-06T18:00:00", False, "2024-12-09T07:30"),  # Friday evening
        ("2024-12-07T10:00:00", False, "2024-12-09T07:30"),
        ("2024-05-04T10:00:00", True, "2024-05-04T10:00"),  # the working Saturday
        ("2024-05-03T20:00:00", False, "2024-05-04T07:30"),
        ("2024-02-07T17:30:00", False, "2024-02-15T07:30"),  # before Tết
        ("2024-02-10T03:00:00", False, "2024-02-15T07:30"),
    ],
)
def test_messages_leave_between_seven_and_half_past_five_on_working_days(now: str, is_open: bool, opening: str) -> None:
    assert CALENDAR.open_at(at(now)) is is_open
    assert CALENDAR.next_opening(at(now)) == at(opening)


@given(DAYS, st.times())
def test_the_next_opening_is_open_and_not_in_the_past(day: date, clock: time) -> None:
    now = moment(day, clock)
    opening = CALENDAR.next_opening(now)
    assert now <= opening <= now + timedelta(days=14)
    assert CALENDAR.open_at(opening)


def test_the_office_adds_and_takes_away_days() -> None:
    changed = CALENDAR.with_changes({date(2026, 11, 23): "hoán đổi"}, [date(2026, 11, 28), date(2026, 11, 24)])
    assert changed.why_off(date(2026, 11, 23)) == "hoán đổi"
    assert changed.is_working(date(2026, 11, 28))
    assert changed.is_working(date(2026, 11, 24))
    assert CALENDAR.is_working(date(2026, 11, 23))


def test_the_office_can_take_back_a_working_saturday() -> None:
    changed = CALENDAR.with_changes({date(2026, 8, 22): "không làm bù"}, [])
    assert not changed.is_working(date(2026, 8, 22))
