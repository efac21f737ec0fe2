"""A printed page of the office that is no official letter: tables, facts and signatures, as frozen values.

``letters.report_pdf`` and ``letters.report_docx`` print the same values; the same values always give the same bytes.
Every text may hold line breaks; what XML or a page cannot hold is left out. Lengths in mm, letters in points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from letters import form, lines
from letters.errors import RowTooLong

Align = Literal["left", "center", "right"]

TITLE = 14
SUBTITLE = 12
BODY = 12
HEADINGS = (13, 12, 12)  # by level; the third is italic
TABLE = 11
TABLE_SMALL = 9.5
SMALL = 10
FOOTER = 8.5
FOOTER_AT = 10  # from the lower edge: the middle of the margin
HEAD_COLUMN = 90
LABEL = 50  # the left column of facts
QUOTE = 6  # how far a quotation stands in
BEFORE = 4  # points between paragraphs
NARROW = 9  # no column is asked to be narrower
_WIDE_CHARS = 60  # a cell longer than this wraps anyway and asks for no more
_CELL_SIDES = 3.2  # both paddings of a cell
_DEEPEST = 3
_INDENT = 12  # leading blanks that are kept


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3; it stays with what follows and stands in the outline of the file."""

    text: str
    level: int = 1

    @property
    def depth(self) -> int:
        """The level as it is printed: 1 to 3."""
        return min(max(self.level, 1), _DEEPEST)


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; line breaks are kept."""

    text: str
    bold: bool = False
    small: bool = False
    italic: bool = False
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of another text, set in and smaller, with its line breaks: a message as it was sent."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known, in two columns: (label, value)."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with lines; its head stands on top of every page. Raises RowTooLong where a row does not fit its head.

    A row of a single cell is the heading of a group and spans the table. ``widths`` are in any unit: columns share the
    page in that proportion; without them they share it by what they hold. ``bold`` are the rows printed bold, counted
    from 0, totals for instance. ``align`` may be shorter than the head: the rest is left. ``note`` stands below.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] | None = None
    align: tuple[Align, ...] = ()
    note: str = ""
    bold: frozenset[int] = frozenset()
    small: bool = False

    def __post_init__(self) -> None:
        for at, row in enumerate(self.rows, start=1):
            if len(row) not in (1, len(self.head)):
                raise RowTooLong(at, len(row), len(self.head))

    @property
    def size(self) -> float:
        """Of its letters."""
        return TABLE_SMALL if self.small else TABLE

    @property
    def aligns(self) -> tuple[Align, ...]:
        """One for each column."""
        return tuple(self.align[at] if at < len(self.align) else "left" for at in range(len(self.head)))

    def spans(self, row: tuple[str, ...]) -> bool:
        """Whether that row is the heading of a group."""
        return len(row) == 1 < len(self.head)

    def columns(self, whole: float) -> tuple[float, ...]:
        """The widths of its columns, which together are ``whole``."""
        wanted = self.widths or tuple(self._wanted(at) for at in range(len(self.head)))
        return tuple(whole * each / sum(wanted) for each in wanted)

    def _wanted(self, column: int) -> float:
        """As wide as its longest word, and as its usual text up to a limit."""
        told = [lines.clean(row[column]) for row in self.rows if not self.spans(row)][:_SAMPLED]
        words = [word for text in (*told, lines.clean(self.head[column])) for word in text.split()]
        longest = max((form.width(word[:_WIDE_CHARS], self.size, bold=True) for word in words), default=0.0)
        usual = max((form.width(text[:_WIDE_CHARS], self.size) for text in told), default=0.0)
        return max(NARROW, longest + _CELL_SIDES, usual + _CELL_SIDES)


_SAMPLED = 400  # rows that are measured


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Text | Quote | Facts | Table | PageBreak


@dataclass(frozen=True, slots=True)
class Report:
    """One document. ``head`` are the lines of the issuing office, the last one bold; ``footer`` is the small line at
    the bottom of each page; ``signatures`` are (title, name) side by side at the end, a title may have two lines.
    """

    title: str
    subtitle: str = ""
    head: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    footer: str = ""
    landscape: bool = False
    signatures: tuple[tuple[str, str], ...] = ()

    @property
    def width(self) -> float:
        """Of its text."""
        return form.TEXT_LANDSCAPE if self.landscape else form.TEXT

    @property
    def page(self) -> tuple[int, int]:
        """Width and height of its paper."""
        return (form.PAGE[1], form.PAGE[0]) if self.landscape else form.PAGE


def text_lines(text: str) -> tuple[str, ...]:
    """The lines of a text as they are printed: clean, with their leading blanks, without empty ones at the end."""
    told = [_indent(line) + lines.clean(line) for line in text.rstrip().splitlines()]
    return tuple(line if line.strip() else "" for line in told) or ("",)


def _indent(line: str) -> str:
    blanks = len(line) - len(line.lstrip(" \t\u00a0"))
    return "\u00a0" * min(blanks, _INDENT)


def signature_columns(report: Report) -> tuple[tuple[str, str], ...]:
    """A single signature stands on the right."""
    return (("", ""), *report.signatures) if len(report.signatures) == 1 else report.signatures
