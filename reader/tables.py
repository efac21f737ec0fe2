"""Tables of a document: from the cells that its format names, or from lines with bars between columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from reader.document import Document, Span

_RULE = re.compile(r"[\s|:+\-=]*")
_TABS = re.compile(r"\t+")


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
    bars = 0
    open_from: int | None = None
    at = 0
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        count = line.count("|")
        if open_from is not None:
            if text.count("|", open_from, at) >= bars or not line.strip():
                yield _cells(text, open_from, at)
                open_from = None
            continue
        if count < 2 and not (bars and count == bars):
            if line.strip() and bars:
                bars = 0
                yield None
            continue
        if _RULE.fullmatch(line):
            yield ()
            continue
        if bars and count < bars and not line.strip().endswith("|"):
            open_from = start
            continue
        bars = bars or count
        yield _cells(text, start, at)
    if open_from is not None:
        yield _cells(text, open_from, at)


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
