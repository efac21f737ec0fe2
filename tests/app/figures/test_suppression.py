"""What is published never lets a hidden count be worked out, also not by somebody who knows the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.figures.suppression import SMALL, Hidden, families, hidden
from plans.model import Figure
from tests.figures import figure

PEOPLE = figure("people", it="n")
WHOLE = figure("people", it="m")
SHARE = figure("percent", it="p", numerator="n", denominator="m")
PAIR = (PEOPLE, WHOLE, SHARE)
Rows = Sequence[Mapping[str, Decimal]]


def column(*values: int | None) -> Rows:
    return [{} if value is None else {"n": Decimal(value)} for value in values]


def places(found: Hidden, it: str = "n") -> list[int]:
    return sorted(place for place, figure_id in found.cells if figure_id == it)


def published(figures: Sequence[Figure], rows: Rows) -> tuple[Any, Hidden]:
    """All that a reader of the table sees."""
    away = hidden(figures, rows)
    counts = [each for each in figures if not each.computed]
    cells = tuple(
        tuple("?" if (place, each.id) in away.cells else row.get(each.id) for each in counts)
        for place, row in enumerate(rows)
    )
    sums = tuple(
        "?" if each.id in away.totals else sum(row[each.id] for row in rows if each.id in row) for each in counts
    )
    shares = tuple((place, each.id) in away.cells for place in range(len(rows)) for each in figures if each.computed)
    return (cells, sums, shares), away


def assert_nobody_can_tell(figures: Sequence[Figure], tables: Iterable[Rows]) -> int:
    """Of all tables that look the same, every hidden cell and total holds at least two values. Returns how many
    different looks there are."""
    looks: dict[Any, list[tuple[Rows, Hidden]]] = defaultdict(list)
    for rows in tables:
        seen, away = published(figures, rows)
        looks[seen].append((rows, away))
    counts = {each.id for each in figures if not each.computed}
    for worlds in looks.values():
        away = worlds[0][1]
        for place, it in away.cells:
            if it in counts:
                assert len({rows[place].get(it) for rows, _away in worlds}) > 1, worlds
        for it in away.totals & counts:
            totals = {sum(row[it] for row in rows if it in row) for rows, _away in worlds}
            assert len(totals) > 1, worlds
    return len(looks)


def test_counts_of_one_and_two_are_hidden_and_larger_ones_shown() -> None:
    found = hidden([PEOPLE], column(1, 2, 3, 40))
    assert places(found) == [0, 1]
    assert found.totals == set()


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    assert not hidden([PEOPLE], column(3, 4, 0, 0))


def test_single_small_count_takes_the_next_smallest_with_it() -> None:
    assert places(hidden([PEOPLE], column(2, 9, 5, 0, 30))) == [0, 2]


def test_equal_small_counts_take_the_next_smallest_with_them() -> None:
    assert places(hidden([PEOPLE], column(1, 1, 9, 7))) == [0, 1, 3]


def test_all_that_are_equally_near_are_hidden() -> None:
    assert places(hidden([PEOPLE], column(2, 5, 5, 9))) == [0, 1, 2]


def test_zeros_are_hidden_last() -> None:
    assert places(hidden([PEOPLE], column(2, 2, 0, 0))) == [0, 1, 2, 3]
    assert places(hidden([PEOPLE], column(2, 0, 6))) == [0, 2]


def test_total_is_hidden_where_nothing_else_helps_or_it_is_small_itself() -> None:
    assert hidden([PEOPLE], column(2)).totals == {"n"}
    assert hidden([PEOPLE], column(1, 1, 1)).totals == {"n"}
    assert hidden([PEOPLE], column(1, 0, 0)).totals == {"n"}


def test_percentage_is_hidden_with_its_parts() -> None:
    rows = [
        {"n": Decimal(1), "m": Decimal(9)},
        {"n": Decimal(8), "m": Decimal(10)},
        {"n": Decimal(30), "m": Decimal(40)},
    ]
    found = hidden(PAIR, rows)
    assert found.cells == {(0, "n"), (0, "m"), (0, "p"), (1, "n"), (1, "m"), (1, "p")}


def test_money_sessions_and_percentages_as_typed_are_no_persons() -> None:
    figures = [figure("amount", "đồng", it="a"), figure("times", "buổi", it="b"), figure("percent", it="c")]
    rows = [{"a": Decimal(1), "b": Decimal(1), "c": Decimal(1)}]
    assert not hidden(figures, rows)


def test_figures_that_hang_together_are_one_family() -> None:
    other = figure("percent", it="q", numerator="m", denominator="k")
    figures = [*PAIR, figure("people", it="k"), other, figure("households", it="h")]
    assert list(families(figures)) == [(("n", "m", "k"), ("p", "q")), (("h",), ())]


def test_no_hidden_count_can_be_worked_out_of_one_column() -> None:
    """Every column of up to four agencies with counts up to five, some of them missing."""
    counts = (None, 0, 1, 2, 3, 4, 5)
    tables = [column(*values) for size in (1, 2, 3, 4) for values in product(counts, repeat=size)]
    assert assert_nobody_can_tell([PEOPLE], tables) > 1_000


def test_no_hidden_count_can_be_worked_out_of_a_part_and_its_whole() -> None:
    """Also where the reader knows that no part is larger than its whole."""
    pairs = [(part, whole) for part in range(5) for whole in range(part, 5)]
    tables = [
        [{"n": Decimal(part), "m": Decimal(whole)} for part, whole in values]
        for size in (1, 2, 3)
        for values in product(pairs, repeat=size)
    ]
    assert assert_nobody_can_tell(PAIR, tables) > 500


@settings(max_examples=300)
@given(st.lists(st.one_of(st.none(), st.integers(0, 12)), min_size=1, max_size=30))
def test_every_small_count_is_hidden_and_hidden_lines_may_change_places(values: list[int | None]) -> None:
    rows = column(*values)
    seen, found = published([PEOPLE], rows)
    small = {place for place, value in enumerate(values) if value is not None and 0 < value <= SMALL}
    assert small <= set(places(found))
    if not small:
        assert not found
    away = places(found)
    turned = list(rows)
    for place, other in zip(away, [*away[1:], *away[:1]], strict=True):
        turned[place] = rows[other]
    assert published([PEOPLE], turned)[0] == seen
    assert found.totals or len({values[place] for place in away}) != 1
