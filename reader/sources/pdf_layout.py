"""Lines of a PDF page in reading order: the two columns of head and end one after the other, tables as tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from reader.folding import Folded
from reader.sources.pdf_grid import Grid
from reader.sources.pdf_letters import Piece, Turned

_MOTTO = re.compile(r"cong h[oa]+ xa hoi chu nghia|dang cong san viet nam|doc lap ?- ?tu do")
_RECIPIENTS = re.compile(r"noi nhan ?:|noi nhan$")
_DATED = re.compile(r"ngay\b.{0,12}\bthang\b.{0,12}\bnam\b")
_NUMBERED = re.compile(r"(?:i|1|a|phan thu nhat|dieu 1)[.):]")
_HEAD_LINES = 14
_COLUMN_GAP = 1.2  # of a line's height between columns, at least
_WIDE_GAP = 1.6  # of a line's height between two lines: a paragraph ends


@dataclass(slots=True)
class Line:
    """Pieces on one height, from left to right."""

    pieces: list[Piece]

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)

    @property
    def top(self) -> float:
        return min(piece.top for piece in self.pieces)

    @property
    def bottom(self) -> float:
        return max(piece.bottom for piece in self.pieces)


@dataclass(slots=True)
class Words:
    """A printed line as text. ``gap``: clearly parted from the line above."""

    text: str
    top: float
    bottom: float
    gap: bool = False


@dataclass(slots=True)
class Table:
    """The words of a table: row -> column -> lines. ``edges`` are its ruled columns."""

    edges: list[float]
    rows: dict[int, dict[int, list[Words]]] = field(default_factory=dict)
    goes_on: bool = False
    """Continues the table that ended the page before."""


@dataclass(slots=True)
class PageLayout:
    """What stands on a page, in reading order; ``height`` tells where its margins are."""

    height: float
    parts: list[Words | Table] = field(default_factory=list)


def laid_out(pieces: list[Piece], grids: list[Grid], turned: Turned, *, first: bool) -> PageLayout:
    """The reading order of a page."""
    page = PageLayout(turned.height)
    waiting = [_Placed(grid.top, _table(grid, pieces)) for grid in grids]
    for words in _in_order(_lines([piece for piece in pieces if piece.zone is None]), turned.width, first=first):
        while waiting and waiting[0].top <= words.top:
            page.parts.append(waiting.pop(0).table)
        page.parts.append(words)
    page.parts.extend(placed.table for placed in waiting)
    page.parts = [part for part in page.parts if isinstance(part, Words) or part.rows]
    return page


@dataclass(slots=True)
class _Placed:
    top: float
    table: Table


def _table(grid: Grid, pieces: list[Piece]) -> Table:
    table = Table(grid.columns)
    inside: dict[int, list[Piece]] = {}
    for piece in pieces:
        if piece.zone is not None and grid.first <= piece.zone < grid.first + len(grid.places):
            inside.setdefault(piece.zone - grid.first, []).append(piece)
    for cell in sorted(inside, key=grid.places.__getitem__):
        row, column = grid.places[cell]
        lines = _lines(inside[cell])
        table.rows.setdefault(row, {})[column] = list(_words(lines))
    return table


def _lines(pieces: list[Piece]) -> list[Line]:
    """Pieces whose heights overlap by half make a line."""
    lines: list[Line] = []
    for piece in sorted(pieces, key=lambda piece: (piece.middle, piece.left)):
        last = lines[-1] if lines else None
        if last is not None and last.top <= piece.middle <= last.bottom and _beside(last, piece):
            last.pieces.append(piece)
        else:
            lines.append(Line([piece]))
    for line in lines:
        line.pieces = _joined(line.pieces)
    return lines


def _joined(pieces: list[Piece]) -> list[Piece]:
    """From left to right; words that a justified line spread apart are together again, columns stay apart."""
    joined: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.left):
        last = joined[-1] if joined else None
        if last is not None and piece.left - last.right <= _COLUMN_GAP * (piece.bottom - piece.top):
            last.text += " " + piece.text
            last.right = max(last.right, piece.right)
            last.top, last.bottom = min(last.top, piece.top), max(last.bottom, piece.bottom)
        else:
            joined.append(piece)
    return joined


def _beside(line: Line, piece: Piece) -> bool:
    height = min(piece.bottom - piece.top, line.bottom - line.top)
    return min(piece.bottom, line.bottom) - max(piece.top, line.top) >= 0.5 * height


def _in_order(lines: list[Line], width: float, *, first: bool) -> Iterator[Words]:
    at = 0
    while at < len(lines):
        columns = _columns(lines, at, width, first=first)
        if columns is None:
            yield from _words(lines[at : at + 1], lines[at - 1] if at else None)
            at += 1
        else:
            yield from _by_columns(lines[at : columns.end], columns.middle)
            at = columns.end


@dataclass(frozen=True, slots=True)
class _Columns:
    """Two columns that begin at a line: up to which, and where they are parted."""

    end: int
    middle: float


def _columns(lines: list[Line], at: int, width: float, *, first: bool) -> _Columns | None:
    """The issuer beside the motto, or the recipients beside the signature."""
    near = [piece for line in lines[at : at + 3] for piece in line.pieces]
    if first and at < 3 and (motto := next((p for p in near if _MOTTO.search(_plain(p))), None)):
        left = [piece.right for piece in near if piece.right <= motto.left]
        if not left:
            return None
        middle = (max(left) + motto.left) / 2
        return _Columns(_end_of_columns(lines, at, middle, head=True), middle)
    recipients = next((p for p in lines[at].pieces if p.text[:1] in "Nn" and _RECIPIENTS.match(_plain(p))), None)
    if recipients is None:
        return None
    right = [p.left for line in lines[at:] for p in line.pieces if p.left > recipients.left + 0.3 * width]
    if not right:
        return None
    middle = min(right) - 1
    end = _end_of_columns(lines, at, middle, head=False)
    return _Columns(end, middle) if end > at + 1 else None


def _end_of_columns(lines: list[Line], start: int, middle: float, *, head: bool) -> int:
    """Up to where every piece lies left or right of one and the same gap."""
    low, high, dated = 0.0, float("inf"), False
    most = min(len(lines), start + _HEAD_LINES) if head else len(lines)
    for at in range(start, most):
        line = lines[at]
        if at > start and _NUMBERED.match(_folded(line)):
            return at
        left = [piece for piece in line.pieces if (piece.left + piece.right) / 2 < middle]
        others = [piece for piece in line.pieces if (piece.left + piece.right) / 2 >= middle]
        low = max([low, *(piece.right for piece in left)])
        high = min([high, *(piece.left for piece in others)])
        if low >= high or (head and dated and not left):
            return at  # a full line, or the title below the date
        dated = dated or bool(_DATED.search(_folded(line)))
    return most


def _by_columns(lines: list[Line], middle: float) -> Iterator[Words]:
    for left in (True, False):
        kept = [Line([p for p in line.pieces if ((p.left + p.right) / 2 < middle) is left]) for line in lines]
        for at, words in enumerate(_words([line for line in kept if line.pieces])):
            words.gap = words.gap or at == 0
            yield words


def _words(lines: list[Line], before: Line | None = None) -> Iterator[Words]:
    for line in lines:
        gap = before is not None and line.top - before.bottom > (_WIDE_GAP - 1) * (line.bottom - line.top)
        yield Words(line.text, line.top, line.bottom, gap)
        before = line


def _plain(piece: Piece) -> str:
    return Folded(piece.text).text.strip()


def _folded(line: Line) -> str:
    return Folded(line.text).text.strip()
