"""Tables of a document: from the cells that its format names, or from lines with bars between columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from reader.document import Document, Span

_RULE = re.compile(r"[\s|:+\-=]*")
_ROW_LINES = 40  # a row has at most so many lines


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells by column; a missing cell is an empty place."""

    rows: tuple[tuple[Span, ...], ...]
    span: Span


def tables(document: Document) -> tuple[Table, ...]:
    """All tables with at least two columns and two rows."""
    found = _from_cells(document) if document.cells else _from_bars(document.text)
    return tuple(t for t in found if len(t.rows) > 1 and max(len(row) for row in t.rows) > 1)


def _from_cells(document: Document) -> Iterator[Table]:
    for _, cells in groupby(document.cells, key=lambda cell: cell.table):
        table = list(cells)
        columns = max(cell.column for cell in table) + 1
        rows = []
        for _, row in groupby(table, key=lambda cell: cell.row):
            places = {cell.column: cell.span for cell in row}
            start = min(span.start for span in places.values())
            rows.append(tuple(places.get(column, Span(start, start)) for column in range(columns)))
        yield Table(tuple(rows), Span(min(c.span.start for c in table), max(c.span.end for c in table)))


def _from_bars(text: str) -> Iterator[Table]:
    rows: list[tuple[Span, ...]] = []
    for row in _bar_rows(text):
        if row is None:
            if rows:
                yield _table(rows)
            rows = []
        elif row:
            rows.append(row)
    if rows:
        yield _table(rows)


def _table(rows: Sequence[tuple[Span, ...]]) -> Table:
    return Table(tuple(rows), Span(rows[0][0].start, max(rows[-1], key=lambda span: span.end).end))


def _bar_rows(text: str) -> Iterator[tuple[Span, ...] | None]:
    """Rows as cells; None where a table ends, an empty row for the rule under a header.

    A row may run over several lines: it ends when it has as many columns as the first.
    """
    lines = _lines(text)
    bars, index = 0, 0
    while index < len(lines):
        start, end = lines[index]
        line = text[start:end]
        count = line.count("|")
        last = index
        if _RULE.fullmatch(line) and count:
            yield ()
        elif count >= 2 and (not bars or count >= bars or line.rstrip().endswith("|")):
            bars = bars or count
            yield _cells(text, start, end)
        elif bars and line.strip() and (last := _row_end(text, lines, index, bars)) > index:
            yield _cells(text, start, lines[last][1])
        elif bars and line.strip():
            bars, last = 0, index
            yield None
        index = max(last, index) + 1


def _lines(text: str) -> list[tuple[int, int]]:
    at, found = 0, []
    for line in text.splitlines(keepends=True):
        found.append((at, at + len(line)))
        at += len(line)
    return found


def _row_end(text: str, lines: Sequence[tuple[int, int]], first: int, bars: int) -> int:
    """The line with which a row of several lines is complete; 0 where it never is."""
    count = 0
    for index in range(first, min(first + _ROW_LINES, len(lines))):
        line = text[slice(*lines[index])]
        if not line.strip():
            break
        count += line.count("|")
        if count >= bars:
            return index if count == bars else 0
    return 0


def _cells(text: str, start: int, end: int) -> tuple[Span, ...]:
    line = text[start:end]
    begin = start + len(line) - len(line.lstrip())
    stop = start + len(line.rstrip())
    if text[begin : begin + 1] == "|":
        begin += 1
    if stop > begin and text[stop - 1] == "|":
        stop -= 1
    cells, place = [], begin
    for part in text[begin:stop].split("|"):
        stripped = part.strip()
        inner = place + (part.index(stripped[0]) if stripped else 0)
        cells.append(Span(inner, inner + len(stripped)))
        place += len(part) + 1
    return tuple(cells)
