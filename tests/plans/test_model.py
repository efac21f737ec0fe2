"""The small decisions that the values of a plan make by themselves."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from plans.model import (
    DEFAULT_LADDER,
    FREQUENT_LADDER,
    Agency,
    BeforeReading,
    Duty,
    Ladder,
    Name,
    OnceDate,
    PartialDate,
    Reading,
    Recurrence,
    RuleKind,
    WeekendReading,
    YearDay,
    frequent,
)
from tests.plans.examples import PLAN, REGISTER, plan_of

MONTHLY = Recurrence(RuleKind.MONTHLY, days=(YearDay(5),))
ANNUAL = Recurrence(RuleKind.ANNUAL, days=(YearDay(10, 12),))


@pytest.mark.parametrize(
    ("printed", "exact", "earliest", "text"),
    [
        (PartialDate(2023, 11, 7), date(2023, 11, 7), date(2023, 11, 7), "2023-11-07"),
        (PartialDate(2024, 1), None, date(2024, 1, 1), "2024-01"),
        (PartialDate(2023), None, date(2023, 1, 1), "2023"),
    ],
)
def test_a_partial_date(printed: PartialDate, exact: date | None, earliest: date, text: str) -> None:
    assert (printed.exact, printed.earliest, str(printed)) == (exact, earliest, text)


def test_a_one_off_date_prints_as_the_format_writes_it() -> None:
    assert str(OnceDate(2024, quarter=2)) == "2024-Q2"
    assert str(OnceDate(2024, month=8)) == "2024-08"
    assert str(OnceDate(2024, month=8, day=5)) == "2024-08-05"
    assert str(OnceDate(2024)) == "2024"


def test_a_rule_without_a_day_is_not_dated() -> None:
    assert not Recurrence(RuleKind.ANNUAL).dated
    assert not Recurrence(RuleKind.CONTINUOUS).dated
    assert ANNUAL.dated
    assert Recurrence(RuleKind.OTHER, weekday=1).dated
    assert Recurrence(RuleKind.OTHER, dates=(date(2024, 1, 1),)).dated
    assert Recurrence(RuleKind.ONCE, on=OnceDate(2024)).dated


def test_a_body_bears_the_name_of_the_day() -> None:
    town = Agency("bac-giang.viet-yen", "Thị xã Việt Yên", names=(Name("Huyện Việt Yên", until=date(2024, 1, 31)),))
    assert town.name_on(date(2024, 1, 31)) == "Huyện Việt Yên"
    assert town.name_on(date(2024, 2, 1)) == "Thị xã Việt Yên"
    assert town.slug == "viet-yen"


def test_an_earlier_name_holds_from_its_first_day() -> None:
    body = Agency(
        "x.y", "C", names=(Name("A", until=date(2000, 12, 31)), Name("B", date(2005, 1, 1), date(2009, 12, 31)))
    )
    assert [body.name_on(date(year, 6, 1)) for year in (2000, 2003, 2005, 2009, 2010)] == ["A", "C", "B", "B", "C"]


def test_monthly_and_weekly_duties_are_frequent() -> None:
    assert frequent(MONTHLY)
    assert frequent(Recurrence(RuleKind.OTHER, weekday=1))
    assert not frequent(ANNUAL)
    assert not frequent(Recurrence(RuleKind.OTHER, dates=(date(2024, 1, 1),)))


def test_a_dutys_own_ladder_comes_before_the_usual_one() -> None:
    own = Ladder(before=(3,))
    assert Duty("a", "A", "I", MONTHLY, ()).effective_ladder == FREQUENT_LADDER
    assert Duty("a", "A", "I", ANNUAL, ()).effective_ladder == DEFAULT_LADDER
    assert Duty("a", "A", "I", ANNUAL, (), ladder=own).effective_ladder == own


def test_a_reading_leaves_open_what_it_does_not_say() -> None:
    base = Reading(BeforeReading.NAMED_DAY, WeekendReading.KEEP)
    assert Reading(before=BeforeReading.DAY_BEFORE).over(base) == Reading(BeforeReading.DAY_BEFORE, WeekendReading.KEEP)
    assert Reading().over(base) == base


def test_a_plan_finds_its_duties_and_its_unit() -> None:
    plan = plan_of(PLAN)
    assert plan.unit == "son-la"
    assert plan.duty("tong-hop").title == "Tổng hợp"
    with pytest.raises(KeyError):
        plan.duty("khong-co")


def test_a_register_knows_agencies_by_global_id() -> None:
    assert "son-la.so-tai-chinh" in REGISTER
    assert "so-tai-chinh" not in REGISTER
    assert REGISTER["son-la.so-tai-chinh"].name == "Sở Tài chính"


def test_values_of_a_plan_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        plan_of(PLAN).title = "khác"  # type: ignore[misc]
