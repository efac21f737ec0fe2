"""Sums, missing agencies, percentages, comparisons and targets."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from app.figures.comparing import change, change_text, compare, reached, reached_text, target_short, total_text
from app.figures.periods import before, same_year, year_before
from app.figures.reported import Reported, share, total
from plans.model import Target
from tasks.model import State
from tests.figures import figure

PEOPLE = figure("people", it="n")
WHOLE = figure("people", it="m")
SHARE = figure("percent", it="p", numerator="n", denominator="m")
TYPED = figure("percent", it="t")


def line(name: str, state: State = State.ACCEPTED, **given: object) -> Reported:
    return Reported(f"kh/bc/{name}/2024", f"x.{name}", name, state, {it: Decimal(str(v)) for it, v in given.items()})


def target(**bound: float) -> Target:
    unit = "%" if bound.pop("percent", 0) else "người"
    return Target("ct", "II", "Chỉ tiêu", unit, **bound)


def test_counts_are_added_and_missing_agencies_named() -> None:
    found = total(PEOPLE, [line("A", n=3), line("B", n=0), line("C", State.OPEN), line("D", State.OPEN)])
    assert (found.value, found.reporting, found.missing, found.complete) == (Decimal(3), 2, ("C", "D"), False)
    assert total_text(found) == "3 người\u00a0*"


def test_sum_of_all_is_complete() -> None:
    found = total(PEOPLE, [line("A", n=1200), line("B", n=34)])
    assert found.complete
    assert total_text(found) == "1.234 người"


def test_nothing_reported_is_no_zero() -> None:
    assert total(PEOPLE, [line("A", State.OPEN)]).value is None
    assert total_text(total(PEOPLE, [])) == "–"


@pytest.mark.parametrize("state", [State.WAIVED, State.CANCELLED])
def test_whoever_is_not_asked_is_not_missing_but_counts_if_he_reported(state: State) -> None:
    assert total(PEOPLE, [line("A", n=3), line("B", state)]).complete
    assert total(PEOPLE, [line("A", n=3), line("B", state, n=4)]).value == 7


def test_figures_of_a_returned_paper_do_not_count_and_are_missing() -> None:
    found = total(PEOPLE, [line("A", n=3), line("B", State.RETURNED, n=4)])
    assert (found.value, found.missing) == (Decimal(3), ("B",))


def test_what_was_handed_over_neither_counts_nor_is_missing() -> None:
    found = total(PEOPLE, [line("A", n=3), line("B", State.TRANSFERRED, n=4)])
    assert (found.value, found.missing) == (Decimal(3), ())


def test_percentage_is_computed_of_the_sums_and_never_added() -> None:
    lines = [line("A", n=1, m=2), line("B", n=9, m=10)]
    assert [each.value(SHARE) for each in lines] == [Decimal("50.0"), Decimal("90.0")]
    assert total(SHARE, lines).value == Decimal("83.3")  # 10 of 12, not the mean of 50 and 90
    assert total(TYPED, [line("A", t=50), line("B", t=90)]).value is None


def test_percentage_goes_only_by_those_who_reported_both_parts() -> None:
    found = total(SHARE, [line("A", n=1, m=2), line("B", n=9)])
    assert (found.value, found.missing) == (Decimal("50.0"), ("B",))


def test_nothing_of_nothing_is_reported_without_a_percentage() -> None:
    none = line("A", n=0, m=0)
    assert none.value(SHARE) is None
    assert none.has(SHARE)
    assert total(SHARE, [none]).complete
    assert share(Decimal(1), None) is None


def test_change_is_told_in_numbers_and_percent() -> None:
    found = change(total(PEOPLE, [line("A", n=130)]), total(PEOPLE, [line("A", n=120)]))
    assert change_text(found, PEOPLE) == "+10 (+8,3%)"
    fewer = change(total(PEOPLE, [line("A", n=3)]), total(PEOPLE, [line("A", n=1203)]))
    assert change_text(fewer, PEOPLE) == "−1.200 (−99,8%)"


def test_change_from_nothing_has_no_percent() -> None:
    assert change_text(change(total(PEOPLE, [line("A", n=3)]), total(PEOPLE, [line("A", n=0)])), PEOPLE) == "+3"
    assert change_text(change(total(PEOPLE, [line("A", n=3)]), None), PEOPLE) == ""


def test_percentages_differ_by_points() -> None:
    now, then = total(SHARE, [line("A", n=1, m=2)]), total(SHARE, [line("A", n=1, m=4)])
    assert change_text(change(now, then), SHARE) == "+25 điểm %"


def test_change_between_incomplete_sums_says_so() -> None:
    found = change(total(PEOPLE, [line("A", n=3), line("B", State.OPEN)]), total(PEOPLE, [line("A", n=1)]))
    assert found is not None
    assert not found.complete


@pytest.mark.parametrize(
    ("bound", "n", "missing", "met", "said"),
    [
        ({"at_least": 10}, 10, False, True, "Đạt chỉ tiêu (100%)"),
        ({"at_least": 10}, 8, False, False, "Chưa đạt (80%)"),
        ({"at_least": 10}, 8, True, None, "Chưa đạt, còn thiếu số liệu (80%)"),
        ({"at_least": 10}, 12, True, True, "Đạt chỉ tiêu (120%)"),  # more can only be added
        ({"at_most": 10}, 10, False, True, "Trong mức"),
        ({"at_most": 10}, 11, True, False, "Vượt mức"),
        ({"at_most": 10}, 9, True, None, "Trong mức, còn thiếu số liệu"),
        ({"below": 10}, 10, False, False, "Vượt mức"),
    ],
)
def test_target_is_reached_or_kept(
    bound: Mapping[str, float], n: int, missing: bool, met: bool | None, said: str
) -> None:
    lines = [line("A", n=n), *([line("B", State.OPEN)] if missing else [])]
    found = reached(target(**bound), total(PEOPLE, lines), lines)
    assert found is not None
    assert (found.met, reached_text(found)) == (met, said)


def test_computed_percentage_with_missing_agencies_settles_nothing() -> None:
    lines = [line("A", n=9, m=10), line("B", State.OPEN)]
    found = reached(target(at_least=80, percent=1), total(SHARE, lines), lines)
    assert found is not None
    assert (found.met, reached_text(found)) == (None, "Tạm đạt, còn thiếu số liệu")


def test_percentages_as_typed_are_counted_by_agency() -> None:
    lines = [line("A", t=85), line("B", t=70), line("C", t=80)]
    found = reached(target(at_least=80, percent=1), total(TYPED, lines), lines)
    assert found is not None
    assert (found.met, reached_text(found)) == (False, "2/3 đơn vị đạt")


def test_target_in_short() -> None:
    assert target_short(target(at_least=80, percent=1)) == "≥ 80%"
    assert target_short(target(below=2.1, percent=1)) == "< 2,1%"
    assert target_short(target(at_most=1200)) == "≤ 1.200 người"


def test_comparison_without_earlier_periods_has_none() -> None:
    found = compare(PEOPLE, [line("A", n=3)], [], [], None)
    assert (found.before, found.year_ago, found.reached) == (None, None, None)


@pytest.mark.parametrize(
    ("period", "earlier", "last_year"),
    [
        ("2024-06", "2024-05", "2023-06"),
        ("2024-01", "2023-12", "2023-01"),
        ("2024-Q1", "2023-Q4", "2023-Q1"),
        ("2024-H2", "2024-H1", "2023-H2"),
        ("2024-H1", "2023-H2", "2023-H1"),
        ("2024", "2023", None),
        ("2024-W05", None, None),
        ("2024-03-01", None, None),
        ("once", None, None),
    ],
)
def test_periods_that_are_compared_with(period: str, earlier: str | None, last_year: str | None) -> None:
    assert (before(period), year_before(period)) == (earlier, last_year)


def test_cumulative_counts_go_on_within_a_year_only() -> None:
    assert same_year("2024-05", "2024-06")
    assert not same_year("2023-12", "2024-01")
    assert not same_year("once", "once")
