"""From the words of a rule to its dates: just before, at and after each edge."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.calendar import shipped_calendar
from plans.deadlines import Slot, late_after, occurrences_between, once_due, period_of, slot, strict_last_day
from plans.model import (
    BeforeReading,
    Boundary,
    DataWindow,
    OnceDate,
    PartialDate,
    Reading,
    Recurrence,
    RuleKind,
    WeekendReading,
    WindowEdge,
    YearDay,
)

CALENDAR = shipped_calendar()
ISSUED = PartialDate(2023, 11, 7)
BEFORE = Boundary.BEFORE
NAMED, STRICT = BeforeReading.NAMED_DAY, BeforeReading.DAY_BEFORE
ROLL, KEEP = WeekendReading.NEXT_WORKING_DAY, WeekendReading.KEEP


def d(text: str) -> date:
    return date.fromisoformat(text)


def once(on: OnceDate, boundary: Boundary) -> Recurrence:
    return Recurrence(RuleKind.ONCE, boundary=boundary, on=on)


def recurring(kind: RuleKind, *days: YearDay, boundary: Boundary = Boundary.BEFORE, **more: object) -> Recurrence:
    return Recurrence(kind, boundary=boundary, days=days, **more)  # type: ignore[arg-type]


def slots(rule: Recurrence, start: str, end: str, issued: PartialDate = ISSUED) -> list[Slot]:
    return list(occurrences_between(rule, issued=issued, start=d(start), end=d(end)))


def dues(rule: Recurrence, start: str, end: str, issued: PartialDate = ISSUED) -> list[str]:
    return [found.due.isoformat() for found in slots(rule, start, end, issued)]


YEARLY = recurring(RuleKind.ANNUAL, YearDay(10, 12))
MONTHLY = recurring(RuleKind.MONTHLY, YearDay(5), boundary=Boundary.ON)


# --- the phrases of the plans: due and strict last day --------------------------------------------------------------


@pytest.mark.parametrize(
    ("phrase", "on", "boundary", "due", "last_day"),
    [
        ("trước ngày 10/12/2024", OnceDate(2024, month=12, day=10), BEFORE, "2024-12-10", "2024-12-09"),
        ("trước ngày 01/3/2024", OnceDate(2024, month=3, day=1), BEFORE, "2024-03-01", "2024-02-29"),
        ("chậm nhất ngày 10/12/2024", OnceDate(2024, month=12, day=10), Boundary.BY, "2024-12-10", "2024-12-10"),
        ("đến hết ngày 10/12/2024", OnceDate(2024, month=12, day=10), Boundary.WITHIN, "2024-12-10", "2024-12-10"),
        ("vào ngày 10/12/2024", OnceDate(2024, month=12, day=10), Boundary.ON, "2024-12-10", "2024-12-10"),
        ("xong trước tháng 8/2024", OnceDate(2024, month=8), BEFORE, "2024-07-31", "2024-07-31"),
        ("trước tháng 01/2024", OnceDate(2024, month=1), BEFORE, "2023-12-31", "2023-12-31"),
        ("trong tháng 11/2024", OnceDate(2024, month=11), Boundary.WITHIN, "2024-11-30", "2024-11-30"),
        ("tháng 02/2024", OnceDate(2024, month=2), Boundary.WITHIN, "2024-02-29", "2024-02-29"),
        ("tháng 02/2023", OnceDate(2023, month=2), Boundary.WITHIN, "2023-02-28", "2023-02-28"),
        ("trong quý II/2024", OnceDate(2024, quarter=2), Boundary.WITHIN, "2024-06-30", "2024-06-30"),
        ("vào quý III/2024", OnceDate(2024, quarter=3), Boundary.WITHIN, "2024-09-30", "2024-09-30"),
        ("trước quý II/2024", OnceDate(2024, quarter=2), BEFORE, "2024-03-31", "2024-03-31"),
        ("trong quý IV/2024", OnceDate(2024, quarter=4), Boundary.WITHIN, "2024-12-31", "2024-12-31"),
        ("trong năm 2024", OnceDate(2024), Boundary.WITHIN, "2024-12-31", "2024-12-31"),
        ("trước năm 2025", OnceDate(2025), BEFORE, "2024-12-31", "2024-12-31"),
    ],
)
def test_the_date_a_phrase_names_and_its_strict_last_day(
    phrase: str, on: OnceDate, boundary: Boundary, due: str, last_day: str
) -> None:
    rule = once(on, boundary)
    named = once_due(on, boundary)
    assert (named.isoformat(), strict_last_day(rule, named).isoformat()) == (due, last_day), phrase


def test_a_recurring_before_ends_the_day_before() -> None:
    assert strict_last_day(YEARLY, d("2024-12-10")) == d("2024-12-09")
    assert strict_last_day(MONTHLY, d("2024-12-05")) == d("2024-12-05")


# --- when something is late: the four readings ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "due", "boundary", "named_roll", "named_keep", "strict_roll", "strict_keep"),
    [
        ("Tuesday", "2024-12-10", BEFORE, "2024-12-10", "2024-12-10", "2024-12-09", "2024-12-09"),
        ("X a Sunday, X-1 a Saturday", "2023-12-10", BEFORE, "2023-12-11", "2023-12-10", "2023-12-11", "2023-12-09"),
        ("X a Monday, X-1 a Sunday", "2024-06-10", BEFORE, "2024-06-10", "2024-06-10", "2024-06-10", "2024-06-09"),
        ("X a Saturday", "2024-11-16", BEFORE, "2024-11-18", "2024-11-16", "2024-11-15", "2024-11-15"),
        ("X a Sunday in June", "2024-06-16", BEFORE, "2024-06-17", "2024-06-16", "2024-06-17", "2024-06-15"),
        ("Cửa Lò 25/11/2023", "2023-11-25", BEFORE, "2023-11-27", "2023-11-25", "2023-11-24", "2023-11-24"),
        ("Cửa Lò 25/5/2024", "2024-05-25", BEFORE, "2024-05-27", "2024-05-25", "2024-05-24", "2024-05-24"),
        ("on a Sunday", "2024-05-05", Boundary.ON, "2024-05-06", "2024-05-05", "2024-05-06", "2024-05-05"),
        ("a working Saturday", "2024-05-04", Boundary.BY, "2024-05-04", "2024-05-04", "2024-05-04", "2024-05-04"),
        ("an ordinary Monday", "2024-02-05", Boundary.ON, "2024-02-05", "2024-02-05", "2024-02-05", "2024-02-05"),
        ("inside Tết 2027", "2027-02-07", BEFORE, "2027-02-11", "2027-02-07", "2027-02-11", "2027-02-06"),
        ("inside Tết 2024", "2024-02-10", BEFORE, "2024-02-15", "2024-02-10", "2024-02-15", "2024-02-09"),
    ],
)
def test_the_last_day_that_counts_as_on_time(
    case: str, due: str, boundary: Boundary, named_roll: str, named_keep: str, strict_roll: str, strict_keep: str
) -> None:
    day = d(due)
    last_day = strict_last_day(Recurrence(RuleKind.ANNUAL, boundary=boundary, days=(YearDay(day.day),)), day)
    expected = {
        (NAMED, ROLL): named_roll,
        (NAMED, KEEP): named_keep,
        (STRICT, ROLL): strict_roll,
        (STRICT, KEEP): strict_keep,
    }
    for (before, weekend), late in expected.items():
        found = late_after(day, last_day, reading=Reading(before, weekend), calendar=CALENDAR)
        assert found.isoformat() == late, (case, before, weekend)


def test_a_reading_that_says_nothing_is_the_usual_one() -> None:
    usual = late_after(d("2023-12-10"), d("2023-12-09"), reading=Reading(), calendar=CALENDAR)
    assert usual == d("2023-12-11")


# --- slots of recurring rules -----------------------------------------------------------------------------------------


def test_a_recurring_rule_begins_on_the_day_of_issue() -> None:
    assert dues(YEARLY, "2000-01-01", "2025-12-31") == ["2023-12-10", "2024-12-10", "2025-12-10"]
    assert dues(YEARLY, "2000-01-01", "2024-12-31", PartialDate(2023, 12, 10)) == ["2023-12-10", "2024-12-10"]
    assert dues(YEARLY, "2000-01-01", "2024-12-31", PartialDate(2023, 12, 11)) == ["2024-12-10"]


def test_a_blank_day_of_issue_counts_from_its_first_possible_day() -> None:
    assert dues(MONTHLY, "2000-01-01", "2024-02-28", PartialDate(2024, 1)) == ["2024-01-05", "2024-02-05"]


def test_from_and_until_are_both_included() -> None:
    rule = recurring(RuleKind.MONTHLY, YearDay(5), start=d("2024-02-05"), until=d("2024-04-05"))
    assert dues(rule, "2000-01-01", "2030-01-01") == ["2024-02-05", "2024-03-05", "2024-04-05"]
    rule = recurring(RuleKind.MONTHLY, YearDay(5), start=d("2024-02-06"), until=d("2024-04-04"))
    assert dues(rule, "2000-01-01", "2030-01-01") == ["2024-03-05"]


def test_the_span_asked_for_includes_both_its_days() -> None:
    assert dues(YEARLY, "2024-12-10", "2024-12-10") == ["2024-12-10"]
    assert dues(YEARLY, "2024-12-11", "2025-12-09") == []
    assert dues(YEARLY, "2025-01-01", "2024-01-01") == []


def test_the_last_day_of_the_month_never_skips_a_month() -> None:
    rule = recurring(RuleKind.MONTHLY, YearDay(-1), boundary=Boundary.BY)
    assert dues(rule, "2024-01-01", "2024-06-30") == [
        "2024-01-31",
        "2024-02-29",
        "2024-03-31",
        "2024-04-30",
        "2024-05-31",
        "2024-06-30",
    ]
    assert dues(rule, "2025-02-01", "2025-02-28") == ["2025-02-28"]


def test_the_month_of_a_quarterly_rule_is_counted_within_the_quarter() -> None:
    rule = recurring(RuleKind.QUARTERLY, YearDay(-1, 3))
    assert dues(rule, "2024-01-01", "2024-12-31") == ["2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31"]
    rule = recurring(RuleKind.QUARTERLY, YearDay(15, 1))
    assert dues(rule, "2024-01-01", "2024-12-31") == ["2024-01-15", "2024-04-15", "2024-07-15", "2024-10-15"]


def test_two_days_a_year_come_in_order() -> None:
    rule = recurring(RuleKind.SEMIANNUAL, YearDay(10, 12), YearDay(10, 6))
    assert dues(rule, "2024-01-01", "2025-06-30") == ["2024-06-10", "2024-12-10", "2025-06-10"]


def test_weekly_and_listed_days() -> None:
    weekly = Recurrence(RuleKind.OTHER, boundary=Boundary.ON, weekday=5)
    assert dues(weekly, "2024-12-25", "2025-01-10") == ["2024-12-27", "2025-01-03", "2025-01-10"]
    listed = Recurrence(RuleKind.OTHER, boundary=Boundary.ON, dates=(d("2024-09-01"), d("2024-03-01")))
    assert dues(listed, "2024-01-01", "2024-12-31") == ["2024-03-01", "2024-09-01"]


def test_a_one_off_has_one_slot_and_knows_no_anchor() -> None:
    rule = once(OnceDate(2023, month=11, day=15), BEFORE)
    assert slots(rule, "2023-01-01", "2030-12-31") == [Slot("once", d("2023-11-15"), d("2023-11-14"))]
    assert slots(rule, "2023-11-16", "2030-12-31") == []
    assert slots(rule, "2023-11-15", "2023-11-15") != []


def test_a_rule_without_a_day_makes_no_slot() -> None:
    assert dues(Recurrence(RuleKind.ANNUAL), "2000-01-01", "2040-12-31") == []
    assert dues(Recurrence(RuleKind.CONTINUOUS), "2000-01-01", "2040-12-31") == []


# --- names of periods -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "due", "current", "previous"),
    [
        (RuleKind.MONTHLY, "2024-06-05", "2024-06", "2024-05"),
        (RuleKind.MONTHLY, "2024-01-05", "2024-01", "2023-12"),
        (RuleKind.QUARTERLY, "2024-03-31", "2024-Q1", "2023-Q4"),
        (RuleKind.QUARTERLY, "2024-04-01", "2024-Q2", "2024-Q1"),
        (RuleKind.QUARTERLY, "2024-12-31", "2024-Q4", "2024-Q3"),
        (RuleKind.SEMIANNUAL, "2024-06-30", "2024-H1", "2023-H2"),
        (RuleKind.SEMIANNUAL, "2024-07-01", "2024-H2", "2024-H1"),
        (RuleKind.ANNUAL, "2024-12-10", "2024", "2023"),
        (RuleKind.OTHER, "2024-03-01", "2024-03-01", "2024-03-01"),
    ],
)
def test_a_period_is_named_after_its_due_date(kind: RuleKind, due: str, current: str, previous: str) -> None:
    assert period_of(Recurrence(kind), d(due)) == current
    assert period_of(Recurrence(kind, covers_previous=True), d(due)) == previous


@pytest.mark.parametrize(
    ("due", "current", "previous"),
    [
        ("2024-06-07", "2024-W23", "2024-W22"),
        ("2024-12-31", "2025-W01", "2024-W52"),
        ("2021-01-01", "2020-W53", "2020-W52"),
    ],
)
def test_weeks_are_named_as_iso_does(due: str, current: str, previous: str) -> None:
    assert period_of(Recurrence(RuleKind.OTHER, weekday=5), d(due)) == current
    assert period_of(Recurrence(RuleKind.OTHER, weekday=5, covers_previous=True), d(due)) == previous


def test_a_one_off_is_called_once_or_by_the_period_it_reports_on() -> None:
    assert period_of(Recurrence(RuleKind.ONCE), d("2024-11-16")) == "once"
    assert period_of(Recurrence(RuleKind.ONCE, period="2024"), d("2024-11-16")) == "2024"


# --- data windows -----------------------------------------------------------------------------------------------------

BAC_GIANG = recurring(RuleKind.MONTHLY, YearDay(16), window=DataWindow(WindowEdge(15, 1), WindowEdge(14)))


@pytest.mark.parametrize(
    ("due", "first", "last"),
    [
        ("2024-02-16", "2024-01-15", "2024-02-14"),
        ("2024-01-16", "2023-12-15", "2024-01-14"),
        ("2024-12-16", "2024-11-15", "2024-12-14"),
    ],
)
def test_a_monthly_window_is_counted_from_the_month_of_the_due_date(due: str, first: str, last: str) -> None:
    found = slot(BAC_GIANG, d(due))
    assert (found.window_from, found.window_to) == (d(first), d(last))
    assert found.last_day == d(due) - timedelta(days=1)


@pytest.mark.parametrize(
    ("edge", "due", "day"),
    [
        (WindowEdge(-1, 1), "2024-03-16", "2024-02-29"),
        (WindowEdge(-1, 0), "2024-12-16", "2024-12-31"),
        (WindowEdge(31, 1), "2023-03-16", "2023-02-28"),  # a shorter month: its last day
        (WindowEdge(15, 12), "2024-12-16", "2023-12-15"),
        (WindowEdge(1, 13), "2024-01-16", "2022-12-01"),
    ],
)
def test_edges_of_windows(edge: WindowEdge, due: str, day: str) -> None:
    rule = recurring(RuleKind.MONTHLY, YearDay(16), window=DataWindow(edge, WindowEdge(14)))
    assert slot(rule, d(due)).window_from == d(day)


def test_a_fixed_window_stays_as_written() -> None:
    window = DataWindow(d("2023-11-15"), d("2024-05-14"))
    rule = Recurrence(RuleKind.ONCE, boundary=BEFORE, on=OnceDate(2024, month=5, day=16), window=window)
    found = slot(rule, d("2024-05-16"))
    assert (found.window_from, found.window_to) == (d("2023-11-15"), d("2024-05-14"))


# --- whatever the rule ------------------------------------------------------------------------------------------------

DAYS = st.dates(date(2023, 1, 1), date(2028, 12, 31))
RULES = st.one_of(
    st.builds(lambda day: recurring(RuleKind.MONTHLY, YearDay(day)), st.sampled_from([1, 5, 28, -1])),
    st.builds(
        lambda day, month: recurring(RuleKind.QUARTERLY, YearDay(day, month)),
        st.sampled_from([1, 28, -1]),
        st.integers(1, 3),
    ),
    st.builds(
        lambda day, first, second: recurring(RuleKind.SEMIANNUAL, YearDay(day, first), YearDay(day, second)),
        st.sampled_from([1, 28, -1]),
        st.integers(1, 6),
        st.integers(7, 12),
    ),
    st.builds(
        lambda day, month: recurring(RuleKind.ANNUAL, YearDay(day, month)),
        st.sampled_from([1, 28, -1]),
        st.integers(1, 12),
    ),
    st.builds(lambda weekday: Recurrence(RuleKind.OTHER, boundary=Boundary.ON, weekday=weekday), st.integers(1, 7)),
    st.builds(
        lambda days: Recurrence(RuleKind.OTHER, boundary=Boundary.ON, dates=tuple(days)), st.lists(DAYS, unique=True)
    ),
    st.builds(lambda day: once(OnceDate(day.year, month=day.month, day=day.day), BEFORE), DAYS),
)


@given(RULES, st.lists(DAYS, min_size=2, max_size=6))
def test_the_slots_of_a_long_span_are_those_of_its_parts(rule: Recurrence, cuts: list[date]) -> None:
    cuts.sort()
    whole = list(occurrences_between(rule, issued=ISSUED, start=cuts[0], end=cuts[-1]))
    parts = [
        found
        for first, last in pairwise(cuts)
        for found in occurrences_between(
            rule, issued=ISSUED, start=first, end=last if last == cuts[-1] else last - timedelta(days=1)
        )
    ]
    assert list(dict.fromkeys(parts)) == whole


@given(RULES, DAYS, DAYS)
def test_slots_come_in_order_with_names_of_their_own(rule: Recurrence, start: date, end: date) -> None:
    found = list(occurrences_between(rule, issued=ISSUED, start=start, end=end))
    assert [one.due for one in found] == sorted({one.due for one in found})
    assert len({one.period for one in found}) == len(found)
    assert all(start <= one.due <= end and one.last_day <= one.due for one in found)
    if rule.on is None:
        assert all(one.due >= date(2023, 11, 7) for one in found)


@given(DAYS, st.sampled_from(list(BeforeReading)), st.sampled_from(list(WeekendReading)))
def test_nothing_is_late_before_its_strict_last_day(day: date, before: BeforeReading, weekend: WeekendReading) -> None:
    last_day = day - timedelta(days=1)
    late = late_after(day, last_day, reading=Reading(before, weekend), calendar=CALENDAR)
    assert last_day <= late <= day + timedelta(days=10)
    assert weekend is KEEP or CALENDAR.is_working(late)
