"""Tables that a conversion to plain text has torn: columns between tabs or wide gaps, or a line for every cell.

Only what stands under a line of heads that names a column of times is taken for a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reader.bodies import split
from reader.columns import Column, column_of, whole_cell
from reader.document import Document, Span
from reader.folding import Folded
from reader.tables import Table
from reader.times.reading import read_times
from reader.times.sentences import Years

_LINE = re.compile(r"[^\n]+")
_PIECE = re.compile(r"[^\t ](?:[^\t ]| (?! ))*")
"""A cell of a line: words with single blanks between them."""
_GAP = re.compile(r"\t|(?<=\S) {2,}(?=\S)")
_NUMBERED = re.compile(r"(\d{1,3})[.)]?")
_HEADS_MOST = 9
_HEAD_MOST = 90  # characters
_NUMBER_MOST = 12  # characters of "Số thứ tự"
_CELLS_MOST = 15  # lines of one row
_WHO = {Column.LEAD, Column.WITH}
_WHEN = {Column.TIME, Column.END}


def line_tables(document: Document) -> tuple[Table, ...]:
    """Those of a text whose format names no cells."""
    if document.cells:
        return ()
    lines = [_trimmed(document.text, found) for found in _LINE.finditer(document.text) if found.group().strip()]
    return (*_from_gaps(document.text, lines), *_from_lines(document.text, lines))


def _trimmed(text: str, found: re.Match[str]) -> Span:
    words = found.group()
    return Span(found.end() - len(words.lstrip()), found.start() + len(words.rstrip()))


def _columns(text: str, heads: Sequence[Span]) -> list[Column]:
    return [column_of(Folded(head.of(text)).text.strip(" *:.")) for head in heads]


def _is_header(columns: Sequence[Column]) -> bool:
    known = set(columns) - {Column.OTHER}
    return bool(known & _WHEN) and bool(known & {Column.WORK, Column.LEAD}) and len(known) > 2


# -- columns between tabs or wide gaps --


def _from_gaps(text: str, lines: Sequence[Span]) -> Iterator[Table]:
    at = 0
    while at < len(lines):
        heads = _pieces(text, lines[at])
        if not 3 <= len(heads) <= _HEADS_MOST or not _is_header(_columns(text, heads)):
            at += 1
            continue
        rows = [heads]
        at += 1
        while at < len(lines) and len(pieces := _pieces(text, lines[at])) == len(heads):
            rows.append(pieces)
            at += 1
        if len(rows) > 1:
            yield Table(tuple(rows), Span(rows[0][0].start, rows[-1][-1].end))


def _pieces(text: str, line: Span) -> tuple[Span, ...]:
    words = line.of(text)
    if not _GAP.search(words):
        return ()
    return tuple(Span(line.start + m.start(), line.start + m.end()) for m in _PIECE.finditer(words))


# -- a line for every cell --


def _from_lines(text: str, lines: Sequence[Span]) -> Iterator[Table]:
    at = 0
    while at < len(lines):
        width = _heads_at(text, lines, at)
        rows = [*_rows(text, lines, at + width, lines[at : at + width])] if width else []
        if rows:
            yield Table((tuple(lines[at : at + width]), *rows), Span(rows[0][0].start, max(s.end for s in rows[-1])))
        at += max(1, width)


def _heads_at(text: str, lines: Sequence[Span], at: int) -> int:
    """How many lines from there on are heads of columns, the first that of the numbers; 0 where they make no table."""
    if lines[at].end - lines[at].start > _NUMBER_MOST:
        return 0
    heads: list[Span] = []
    for line in lines[at : at + _HEADS_MOST]:
        if line.end - line.start > _HEAD_MOST or _columns(text, [line])[0] is Column.OTHER:
            break
        heads.append(line)
        if _columns(text, heads)[0] is not Column.NUMBER:
            return 0
    return len(heads) if _is_header(_columns(text, heads)) else 0


def _rows(text: str, lines: Sequence[Span], first: int, heads: Sequence[Span]) -> Iterator[tuple[Span, ...]]:
    """From one number of a row to the next; the last row has as many lines as there are heads."""
    columns, number, at = _columns(text, heads), 0, first
    while at < len(lines) and _number(text, lines[at]) == number + 1:
        number += 1
        ends = (i for i in range(at + 1, min(at + _CELLS_MOST, len(lines))) if _number(text, lines[i]) == number + 1)
        end = next(ends, at + len(columns))
        row = _row(text, lines[at : min(end, len(lines))], columns)
        if row is None:
            return
        yield row
        at = end


def _number(text: str, line: Span) -> int:
    found = _NUMBERED.fullmatch(line.of(text))
    return int(found[1]) if found else 0


def _row(text: str, cells: Sequence[Span], columns: Sequence[Column]) -> tuple[Span, ...] | None:
    """Cell by cell where the lines fit; else by content. None where bodies stand there for which no column is."""
    at = next(place for place, kind in enumerate(columns) if kind in _WHEN)
    if len(cells) == len(columns) and read_times(Folded(cells[at].of(text)).text, Years(None)):
        return tuple(cells)
    if not _WHO & set(columns) and any(split(text, cell) for cell in cells):
        return None
    return _by_content(text, cells, columns)


def _by_content(text: str, cells: Sequence[Span], columns: Sequence[Column]) -> tuple[Span, ...]:
    """Where a cell was empty or ran over several lines: its time, its bodies, and first what is to be done."""
    none = Span(cells[0].start, cells[0].start)
    row = [none] * len(columns)
    row[: min(2, len(cells))] = cells[:2]
    for at, cell in enumerate(cells[2:], start=2):
        if whole_cell(Folded(cell.of(text)).text.strip(" .;"), Years(None)):
            wanted, found = _WHEN, Span(cell.start, max(_time_end(text, cells[at:]), cell.end))
        elif split(text, cell):
            wanted, found = _WHO, cell
        else:
            continue
        place = next((at for at, kind in enumerate(columns) if kind in wanted and row[at] == none), None)
        if place is not None:
            row[place] = found
    return tuple(row)


def _time_end(text: str, cells: Sequence[Span]) -> int:
    """Where a time ends that runs over several lines: "26/02/2024", "đến", "06/03/2024"."""
    ends = (c.end for c in cells if whole_cell(Folded(text[cells[0].start : c.end]).text.strip(" .;"), Years(None)))
    return max(ends, default=0)
