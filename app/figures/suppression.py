"""What of a table must not be published: counts of one or two persons, and whatever would give them away.

The table shows each agency's figures and, below them, the totals. A count of 1 or 2 people or households can point to
somebody, so it is hidden; and so is as much as is needed that nobody can work it out again, who knows the rules too:

1. Figures of which a percentage is computed belong together, with the percentage: a line of them is hidden as a whole.
2. Lines with a count of 1 or 2 are hidden.
3. As long as some column of the hidden lines holds only one value, the lines with the next smallest counts are hidden
   too (all that are equal; lines of zeros last).
4. Where that does not help, or the total itself is 1 or 2, the totals are hidden.

Why that is enough: which lines are hidden depends on their counts and never on their place. Whatever the hidden lines
hold, the same table would have been published had they held it in another order. A column with two different hidden
values therefore gives every hidden line at least two possible ones. Where all hidden values are equal, every line and
the total are hidden.

It protects one table. Who publishes the months and their sum, or two tables of one period, has to look at them
together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from plans.model import Figure

SMALL = 2  # persons or households
Row = Mapping[str, Decimal]  # an agency's counts by figure; what it did not report is not there
_Key = tuple[bool, Decimal, tuple[Decimal, ...]]


@dataclass(frozen=True, slots=True)
class Hidden:
    """``cells``: (place of the row, figure); ``totals``: figures."""

    cells: frozenset[tuple[int, str]] = frozenset()
    totals: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.cells or self.totals)


def hidden(figures: Sequence[Figure], rows: Sequence[Row]) -> Hidden:
    """What of the table is not published."""
    cells: set[tuple[int, str]] = set()
    totals: set[str] = set()
    for counts, percentages in families(figures):
        lines, without_totals = _hidden_lines(counts, rows)
        names = [*counts, *percentages]
        cells |= {(place, name) for place in lines for name in names}
        if without_totals:
            totals |= set(names)
    return Hidden(frozenset(cells), frozenset(totals))


def families(figures: Sequence[Figure]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Counts of people or households that hang together, with the percentages computed of them."""
    counted = [figure.id for figure in figures if figure.personal]
    group = {it: frozenset({it}) for it in counted}
    computed = [figure for figure in figures if figure.computed and figure.numerator in group]
    for figure in computed:
        parts = [part for part in (figure.numerator, figure.denominator) if part in group]
        joined = frozenset[str]().union(*(group[part] for part in parts))
        group |= dict.fromkeys(joined, joined)
    for members in dict.fromkeys(group[it] for it in counted):
        counts = tuple(it for it in counted if it in members)
        yield counts, tuple(figure.id for figure in computed if figure.numerator in members)


def _hidden_lines(counts: Sequence[str], rows: Sequence[Row]) -> tuple[set[int], bool]:
    """The places of the hidden lines, and whether the totals are hidden as well."""
    lines = {place: row for place, row in enumerate(rows) if any(it in row for it in counts)}
    chosen = {place for place, row in lines.items() if any(_small(row.get(it)) for it in counts)}
    while chosen and not _ambiguous(counts, [lines[place] for place in chosen]):
        left = {place: _key(counts, row) for place, row in lines.items() if place not in chosen}
        if not left:
            return chosen, True
        least = min(left.values())
        chosen |= {place for place, key in left.items() if key == least}
    sums = (sum((row[it] for row in lines.values() if it in row), Decimal(0)) for it in counts)
    return chosen, any(_small(each) for each in sums)


def _small(value: Decimal | None) -> bool:
    return value is not None and 0 < value <= SMALL


def _ambiguous(counts: Sequence[str], rows: Sequence[Row]) -> bool:
    """Whether every column that the lines fill holds two different values."""
    columns = ({row[it] for row in rows if it in row} for it in counts)
    return all(len(values) != 1 for values in columns)


def _key(counts: Sequence[str], row: Row) -> _Key:
    """The order in which further lines are hidden: by their counts alone."""
    values = tuple(row.get(it, Decimal(-1)) for it in counts)
    size = sum((each for each in values if each > 0), Decimal(0))
    return not size, size, values
