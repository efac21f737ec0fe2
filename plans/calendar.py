"""Time zone, working days, and the turning of calendar dates into moments.

Only this module turns a date into a moment: a day ends at 24:00 in Asia/Ho_Chi_Minh (Bộ luật Dân sự 2015,
Điều 148(6)). Everywhere else moments are aware UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import yaml

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MORNING = time(7, 30)  # when rungs fall due
OPENS = time(7, 0)  # messages leave only between these two, on working days
CLOSES = time(17, 30)

# Bộ luật Lao động 2019, Điều 112(1), and Nghị quyết 28/2026/QH16 (24/11): the days with a fixed solar date.
_FIXED = {
    (1, 1): "Tết Dương lịch",
    (4, 30): "Ngày Chiến thắng",
    (5, 1): "Quốc tế Lao động",
    (9, 2): "Quốc khánh",
    (11, 24): "Ngày Văn hóa Việt Nam",
}


@lru_cache(maxsize=8192)  # the same mornings are asked for again and again
def moment(day: date, at: time) -> datetime:
    """That time of that day in Vietnam, as aware UTC."""
    return datetime.combine(day, at, tzinfo=ZONE).astimezone(UTC)


def end_of(day: date) -> datetime:
    """24:00 of that day in Vietnam, as aware UTC."""
    return moment(day + timedelta(days=1), time(0))


def local_day(now: datetime) -> date:
    """The calendar date in Vietnam at an aware moment."""
    return now.astimezone(ZONE).date()


def local_time(now: datetime) -> datetime:
    """The same moment on the Vietnamese clock, for display."""
    return now.astimezone(ZONE)


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked: Monday to Friday, less the days off, plus the swapped Saturdays."""

    days_off: Mapping[date, str]
    working_weekend: frozenset[date] = frozenset()
    working_weekdays: frozenset[date] = frozenset()  # the office's word against a day off that is only guessed
    known_years: frozenset[int] = frozenset()
    official_years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        if day.weekday() >= 5:
            return day in self.working_weekend
        return day not in self.days_off and self._guessed(day) is None

    def why_off(self, day: date) -> str | None:
        """The holiday's name, the weekday, or None on a working day. Years without a notice say "dự kiến"."""
        if self.is_working(day):
            return None
        name = self.days_off.get(day) or self._guessed(day)
        if name is None:
            return "thứ Bảy" if day.weekday() == 5 else "Chủ nhật"
        return name if day.year in self.official_years else f"{name} (dự kiến)"

    def on_or_before(self, day: date) -> date:
        """The day itself if worked, else the working day before."""
        while not self.is_working(day):
            day -= timedelta(days=1)
        return day

    def on_or_after(self, day: date) -> date:
        """The day itself if worked, else the next working day (Bộ luật Dân sự 2015, Điều 148(5))."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def add(self, day: date, working_days: int) -> date:
        """Counting from the day after (Điều 147(2)); negative counts backwards; 0 gives the day itself."""
        step = timedelta(days=1 if working_days > 0 else -1)
        for _ in range(abs(working_days)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def open_at(self, now: datetime) -> bool:
        """Whether messages may leave at this moment."""
        here = local_time(now)
        return self.is_working(here.date()) and OPENS <= here.time() < CLOSES

    def next_opening(self, now: datetime) -> datetime:
        """``now`` while messages may leave, else the next working morning at 07:30."""
        if self.open_at(now):
            return now
        here = local_time(now)
        day = here.date() if here.time() < OPENS else here.date() + timedelta(days=1)
        return moment(self.on_or_after(day), MORNING)

    def with_changes(self, off: Mapping[date, str], working: Iterable[date]) -> WorkingCalendar:
        """The office's own corrections over the shipped list: ``working`` days win over ``off``."""
        worked = frozenset(working)
        days_off = {d: n for d, n in {**self.days_off, **off}.items() if d not in worked}
        weekend = frozenset(d for d in self.working_weekend - frozenset(off) | worked if d.weekday() >= 5)
        weekdays = frozenset(d for d in self.working_weekdays - frozenset(off) | worked if d.weekday() < 5)
        return replace(self, days_off=days_off, working_weekend=weekend, working_weekdays=weekdays)

    def _guessed(self, day: date) -> str | None:
        known = day.year in self.known_years or day in self.working_weekdays
        return None if known else self._fixed_name(day)

    @staticmethod
    def _fixed_name(day: date) -> str | None:
        """A statutory day of a year outside the list, or the working day that makes up for one (Điều 111(3))."""
        if (day.month, day.day) in _FIXED:
            return _FIXED[day.month, day.day]
        for back in (1, 2):
            before = day - timedelta(days=back)
            if (
                before.weekday() >= 5
                and (before.month, before.day) in _FIXED
                and (before.month, before.day) != (11, 24)
            ):
                return f"nghỉ bù {_FIXED[before.month, before.day]}"
        return None


@cache
def shipped_calendar() -> WorkingCalendar:
    """The official notices of the years with one; for later years what the law fixes, marked "dự kiến".

    Source of each year: ``plans/data/calendar.yaml``.
    """
    text = files("plans").joinpath("data/calendar.yaml").read_text(encoding="utf-8")
    years = yaml.safe_load(text)["years"]
    off = {day: name for year in years.values() for day, name in year["days_off"].items()}
    return WorkingCalendar(
        days_off=off,
        working_weekend=frozenset(day for year in years.values() for day in year["working_weekend"]),
        known_years=frozenset(years),
        official_years=frozenset(number for number, year in years.items() if year["status"] == "official"),
    )
