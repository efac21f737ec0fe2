"""From the words of a rule to its three dates, and to the slots it opens between two days.

Each slot is computed by ``dateutil.rrule`` from the rule's own anchor, never from the slot before, so a
rule never drifts and a computation in 2030 gives the dates of 2023 again.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from dateutil.rrule import MONTHLY, WEEKLY, YEARLY, rrule

from plans.calendar import WorkingCalendar
from plans.model import (
    DEFAULT_READING,
    BeforeReading,
    Boundary,
    OnceDate,
    PartialDate,
    Reading,
    Recurrence,
    RuleKind,
    WeekendReading,
    WindowEdge,
    YearDay,
)

ONCE = "once"
_QUARTERS_PER_YEAR = 4


@dataclass(frozen=True, slots=True)
class Deadline:
    """The three dates of an occurrence.

    ``due`` is the date the plan names, ``last_day`` the strict reading ("trước ngày X" ends on X-1), and
    ``late_after`` the last day that counts as on time under the office's reading.
    """

    due: date
    last_day: date
    late_after: date


@dataclass(frozen=True, slots=True)
class Slot:
    """One period of a rule: which one, when it is due, and the data it covers if the plan says so."""

    period: str
    due: date
    last_day: date
    window_from: date | None = None
    window_to: date | None = None


def last_of_month(year: int, month: int) -> date:
    return date(year, month, months.monthrange(year, month)[1])


def once_due(on: OnceDate, boundary: Boundary | None) -> date:
    """The date that a one-off expression names.

    "tháng 11/2024" names its last day; "trước tháng 8/2024" the day before the month begins.
    """
    if on.day is not None and on.month is not None:
        return date(on.year, on.month, on.day)
    first, last = _span(on)
    return first - timedelta(days=1) if boundary is Boundary.BEFORE else last


def _span(on: OnceDate) -> tuple[date, date]:
    if on.month is not None:
        return date(on.year, on.month, 1), last_of_month(on.year, on.month)
    if on.quarter is not None:
        return date(on.year, on.quarter * 3 - 2, 1), last_of_month(on.year, on.quarter * 3)
    return date(on.year, 1, 1), date(on.year, 12, 31)


def strict_last_day(rule: Recurrence, due: date) -> date:
    """X-1 for "trước ngày X"; the due date itself otherwise (also for "trước tháng 8", where due is 31/7)."""
    names_a_day = rule.on is None or rule.on.day is not None
    return due - timedelta(days=1) if rule.boundary is Boundary.BEFORE and names_a_day else due


def late_after(due: date, last_day: date, *, reading: Reading, calendar: WorkingCalendar) -> date:
    """The last day that counts as on time under this reading (D4)."""
    chosen = reading.over(DEFAULT_READING)
    day = due if chosen.before is BeforeReading.NAMED_DAY else last_day
    return calendar.on_or_after(day) if chosen.weekend is WeekendReading.NEXT_WORKING_DAY else day


def occurrences_between(rule: Recurrence, *, issued: PartialDate, start: date, end: date) -> Iterator[Slot]:
    """The slots of a rule whose due date lies from ``start`` to ``end``, both included, in order.

    A recurring rule begins on its ``start``, else on the plan's day of issue.
    """
    if rule.on is not None:
        dues = [once_due(rule.on, rule.boundary)]
        first = start
    else:
        anchor = rule.start or issued.exact or issued.earliest
        first = max(start, anchor)
        last = min(end, rule.until) if rule.until else end
        dues = sorted(_recurring(rule, first, last))
    for due in dues:
        if start <= due <= end:
            yield slot(rule, due)


def slot(rule: Recurrence, due: date) -> Slot:
    """The slot of a rule that falls due on that day."""
    window = rule.window
    return Slot(
        period=period_of(rule, due),
        due=due,
        last_day=strict_last_day(rule, due),
        window_from=_edge(window.start, due) if window else None,
        window_to=_edge(window.end, due) if window else None,
    )


def period_of(rule: Recurrence, due: date) -> str:
    """The period's name: ``2024``, ``2024-H1``, ``2024-Q2``, ``2024-06``, ``2024-W23``, a date or ``once``."""
    match rule.kind:
        case RuleKind.ONCE:
            return rule.period or ONCE
        case RuleKind.MONTHLY:
            year, month = _back(due.year, due.month, 12, rule.covers_previous)
            return f"{year:04d}-{month:02d}"
        case RuleKind.QUARTERLY:
            year, quarter = _back(due.year, (due.month + 2) // 3, _QUARTERS_PER_YEAR, rule.covers_previous)
            return f"{year:04d}-Q{quarter}"
        case RuleKind.SEMIANNUAL:
            year, half = _back(due.year, 1 if due.month <= 6 else 2, 2, rule.covers_previous)
            return f"{year:04d}-H{half}"
        case RuleKind.ANNUAL:
            return f"{due.year - rule.covers_previous:04d}"
        case _:
            if rule.weekday is not None:
                week = due - timedelta(weeks=1) if rule.covers_previous else due
                return f"{week.isocalendar().year:04d}-W{week.isocalendar().week:02d}"
            return due.isoformat()


def _back(year: int, part: int, parts: int, previous: bool) -> tuple[int, int]:
    if not previous:
        return year, part
    return (year, part - 1) if part > 1 else (year - 1, parts)


def _recurring(rule: Recurrence, first: date, last: date) -> Iterator[date]:
    if first > last:
        return
    since = datetime.combine(first, time(0))
    until = datetime.combine(last, time(0))
    for day in rule.dates:
        if first <= day <= last:
            yield day
    if rule.weekday is not None:
        yield from (d.date() for d in rrule(WEEKLY, dtstart=since, until=until, byweekday=rule.weekday - 1))
    for day_of_year in rule.days:
        for year in range(first.year, last.year + 1):
            yield from (day for day in _in_year(rule.kind, day_of_year, year) if first <= day <= last)


@lru_cache(maxsize=4096)
def _in_year(kind: RuleKind, day: YearDay, year: int) -> tuple[date, ...]:
    """Kept, because thousands of duties share some dozens of days and each question looks at every day of a year."""
    since, until = datetime(year, 1, 1), datetime(year, 12, 31)  # noqa: DTZ001 - dates; rrule knows only datetimes
    if day.month is None:
        found = rrule(MONTHLY, dtstart=since, until=until, bymonthday=day.day)
    else:
        in_months = [day.month]
        if kind is RuleKind.QUARTERLY:  # the month is counted within the quarter
            in_months = [day.month + 3 * quarter for quarter in range(_QUARTERS_PER_YEAR)]
        found = rrule(YEARLY, dtstart=since, until=until, bymonth=in_months, bymonthday=day.day)
    return tuple(at.date() for at in found)


def _edge(edge: date | WindowEdge, due: date) -> date:
    if isinstance(edge, date):
        return edge
    index = due.year * 12 + due.month - 1 - edge.months_before
    year, month = divmod(index, 12)
    last = last_of_month(year, month + 1)
    return last if edge.day < 0 else date(year, month + 1, min(edge.day, last.day))
