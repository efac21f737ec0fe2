"""Lines of a PDF page in reading order: the two columns of head and end one after the other, tables as tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from reader.folding import Folded
from reader.sources.pdf_grid import Grid
from reader.sources.pdf_letters import TOUCH, Piece

_MOTTO = re.compile(r"cong h[oa]+ xa hoi chu nghia|dang cong san viet nam|doc lap ?- ?tu do")
_RECIPIENTS = re.compile(r"noi nhan ?:|noi nhan$")
_DATED = re.compile(r"ngay\b.{0,12}\bthang\b.{0,12}\bnam\b")
_NUMBERED = re.compile(r"(?:i|1|a|phan thu nhat|dieu 1)[.):]")
_HEAD_LINES = 14
_RAISED = 0.4  # of a letter's size: parts of one line stand no farther apart
_COLUMN_GAP = 1.2  # of a line's height between columns, at least
_MORE = 0.3  # of a letter's size farther below than lines usually are: a paragraph ends
_PITCH = (0.8, 2.5)  # of a letter's size from one line of a paragraph to the next
_USUAL_PITCH = 1.5


@dataclass(slots=True)
class Line:
    """Pieces on one height, from left to right."""

    pieces: list[Piece]

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)

    @property
    def size(self) -> float:
        return max(piece.size for piece in self.pieces)

    @property
    def base(self) -> float:
        return self.pieces[0].base


@dataclass(slots=True)
class Words:
    """A printed line as text. ``gap``: clearly parted from the line above."""

    text: str
    base: float
    """How far from the upper edge of the page it stands."""
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


def laid_out(pieces: list[Piece], grids: list[Grid], width: float, height: float, *, first: bool) -> PageLayout:
    """The reading order of a page."""
    page = PageLayout(height)
    inside: dict[int, list[Piece]] = {}
    for piece in pieces:
        inside.setdefault(-1 if piece.zone is None else piece.zone, []).append(piece)
    lines = {zone: _lines(held) for zone, held in inside.items()}
    pitch = _pitch(lines.values())
    waiting = [_Placed(grid.top, _table(grid, lines, pitch)) for grid in grids]
    for words in _in_order(lines.get(-1, []), width, pitch, first=first):
        while waiting and waiting[0].top <= words.base:
            page.parts.append(waiting.pop(0).table)
        page.parts.append(words)
    page.parts.extend(placed.table for placed in waiting)
    page.parts = [part for part in page.parts if isinstance(part, Words) or part.rows]
    return page


@dataclass(slots=True)
class _Placed:
    top: float
    table: Table


def _pitch(columns: Iterable[list[Line]]) -> float:
    """How far apart the lines of a paragraph are on this page, in sizes of a letter."""
    low, high = _PITCH
    steps = ((after.base - before.base) / after.size for lines in columns for before, after in pairwise(lines))
    found = sorted(step for step in steps if low <= step <= high)
    return found[len(found) // 2] if len(found) > 2 else _USUAL_PITCH


def _table(grid: Grid, lines: dict[int, list[Line]], pitch: float) -> Table:
    table = Table(grid.columns)
    for cell, (row, column) in sorted(enumerate(grid.places), key=lambda found: found[1]):
        if held := lines.get(grid.first + cell):
            table.rows.setdefault(row, {})[column] = list(_words(held, pitch))
    return table


def _lines(pieces: list[Piece]) -> list[Line]:
    """Pieces that stand on the same height make a line; a raised number belongs to its line."""
    lines: list[Line] = []
    for piece in sorted(pieces, key=lambda piece: (piece.base, piece.left)):
        last = lines[-1].pieces[0] if lines else None
        if last is not None and piece.base - last.base <= _RAISED * max(last.size, piece.size):
            lines[-1].pieces.append(piece)
        else:
            lines.append(Line([piece]))
    for line in lines:
        line.pieces = _joined(line.pieces)
    return [line for line in lines if line.pieces]


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Words from left to right; what stands clearly apart stays apart, for it may be another column."""
    joined: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.left):
        last = joined[-1] if joined else None
        if last is None or piece.left - last.right > _COLUMN_GAP * last.size:
            joined.append(replace(piece))
        else:
            last.text += piece.text if piece.left - last.right <= TOUCH * last.size else " " + piece.text
            last.right = max(last.right, piece.right)
    for piece in joined:
        piece.text = " ".join(piece.text.split())
    return [piece for piece in joined if piece.text]


def _in_order(lines: list[Line], width: float, pitch: float, *, first: bool) -> Iterator[Words]:
    at = 0
    while at < len(lines):
        columns = _columns(lines, at, width, first=first)
        if columns is None:
            yield from _words(lines[at : at + 1], pitch, lines[at - 1] if at else None)
            at += 1
        else:
            yield from _by_columns(lines[at : columns.end], columns.middle, pitch)
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


def _by_columns(lines: list[Line], middle: float, pitch: float) -> Iterator[Words]:
    for left in (True, False):
        kept = [Line([p for p in line.pieces if ((p.left + p.right) / 2 < middle) is left]) for line in lines]
        for at, words in enumerate(_words([line for line in kept if line.pieces], pitch)):
            words.gap = words.gap or at == 0
            yield words


def _words(lines: list[Line], pitch: float, before: Line | None = None) -> Iterator[Words]:
    for line in lines:
        gap = before is not None and line.base - before.base > (pitch + _MORE) * line.size
        yield Words(line.text, line.base, gap)
        before = line


def _plain(piece: Piece) -> str:
    return Folded(piece.text).text.strip()


def _folded(line: Line) -> str:
    return Folded(line.text).text.strip()
