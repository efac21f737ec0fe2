"""Tables of a PDF page, found by the lines that are ruled around their cells."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import pairwise

from reader.sources.pdf_letters import Rule

_NEAR = 3.0  # points within which lines are one, or meet
_MOST_LINES = 4000
_MOST_COLUMNS = 60
_MOST_ROWS = 400


class Grid:
    """A ruled table: its columns and rows, and which of the small fields make up each cell."""

    def __init__(self, rules: list[Rule], first: int) -> None:
        self.first = first
        """The number of its first cell on the page."""
        self.columns = _lined_up(rule.at for rule in rules if not rule.flat)
        self.rows = _lined_up(rule.at for rule in rules if rule.flat)
        self._cells: dict[tuple[int, int], int] = {}
        self.places: list[tuple[int, int]] = []
        """Row and column at which each cell begins."""
        if len(self.columns) <= _MOST_COLUMNS and len(self.rows) <= _MOST_ROWS:
            self._divide(rules)

    def _divide(self, rules: list[Rule]) -> None:
        """Neighbouring fields without a line between them are one cell."""
        flat = _walls(rules, self.rows, self.columns, flat=True)
        upright = _walls(rules, self.columns, self.rows, flat=False)
        fields = [(row, column) for row in range(len(self.rows) - 1) for column in range(len(self.columns) - 1)]
        for row, column in fields:
            above, left = self._cells.get((row - 1, column)), self._cells.get((row, column - 1))
            if left is not None and (column, row) not in upright:
                self._cells[row, column] = left
            elif above is not None and (row, column) not in flat:
                self._cells[row, column] = above
            else:
                self._cells[row, column] = len(self.places)
                self.places.append((row, column))

    @property
    def top(self) -> float:
        return self.rows[0]

    def cell_at(self, x: float, y: float) -> int | None:
        """The cell in which a place of the page lies."""
        if not (self.columns[0] <= x < self.columns[-1] and self.rows[0] <= y < self.rows[-1]):
            return None
        field = bisect_right(self.rows, y) - 1, bisect_right(self.columns, x) - 1
        cell = self._cells.get(field)
        return None if cell is None else self.first + cell


def grids(rules: list[Rule]) -> list[Grid]:
    """The tables of a page from top to bottom; a single frame is none."""
    if len(rules) > _MOST_LINES:
        return []
    found: list[Grid] = []
    first = 0
    for group in sorted(_connected(rules), key=lambda group: min(rule.at for rule in group if rule.flat)):
        grid = Grid(group, first)
        if len(grid.places) > 1:
            found.append(grid)
            first += len(grid.places)
    return found


def _connected(rules: list[Rule]) -> list[list[Rule]]:
    """Lines that meet, directly or through others; only groups that can enclose something."""
    flat = [rule for rule in rules if rule.flat]
    upright = [rule for rule in rules if not rule.flat]
    group_of = list(range(len(flat)))

    def root(at: int) -> int:
        while group_of[at] != at:
            group_of[at] = group_of[group_of[at]]
            at = group_of[at]
        return at

    flat.sort(key=lambda rule: rule.at)
    heights = [rule.at for rule in flat]
    members: dict[int, list[Rule]] = {}
    touched: list[tuple[Rule, int]] = []
    for rule in upright:
        low, high = bisect_right(heights, rule.start - _NEAR), bisect_right(heights, rule.end + _NEAR)
        met = [at for at in range(low, high) if flat[at].start - _NEAR <= rule.at <= flat[at].end + _NEAR]
        for at in met[1:]:
            group_of[root(at)] = root(met[0])
        if met:
            touched.append((rule, met[0]))
    for at, rule in enumerate(flat):
        members.setdefault(root(at), []).append(rule)
    for rule, at in touched:
        members[root(at)].append(rule)
    return [group for group in members.values() if _encloses(group)]


def _encloses(group: list[Rule]) -> bool:
    return all(
        len(_lined_up(rule.at for rule in group if rule.flat is flat)) >= 2  # two lines and something between
        for flat in (True, False)
    )


def _lined_up(places: Iterable[float]) -> list[float]:
    """Places in order, those that are nearly the same only once."""
    kept: list[float] = []
    for place in sorted(places):
        if not kept or place - kept[-1] > _NEAR:
            kept.append(place)
    return kept


def _walls(rules: list[Rule], lines: list[float], across: list[float], *, flat: bool) -> set[tuple[int, int]]:
    """(line, field along it) pairs where a line is really drawn."""
    drawn: set[tuple[int, int]] = set()
    middles = [(start + end) / 2 for start, end in pairwise(across)]
    for rule in rules:
        if rule.flat is not flat:
            continue
        line = bisect_right(lines, rule.at) - 1
        if line < 0:
            continue
        first, last = bisect_right(middles, rule.start), bisect_right(middles, rule.end)
        drawn.update((line, field) for field in range(first, last))
    return drawn
