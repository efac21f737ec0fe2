"""A document as it was read: its text, and what its format says about pages and tables."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in the text that was read: characters from ``start`` up to, not including, ``end``."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"no place: {self.start}..{self.end}")

    def meets(self, other: Span) -> bool:
        """Whether they share a character."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: Span) -> bool:
        """Whether the other lies within."""
        return self.start <= other.start and other.end <= self.end

    def of(self, text: str) -> str:
        """The words that stand there."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table. Tables, rows and columns count from 0; a merged cell stands once, at its first place."""

    span: Span
    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a document; every offset of the reader counts characters of ``text``.

    For .txt and .md it is the file's own text with line ends as ``\\n``. ``pages`` are the offsets at which pages begin
    (empty where the format has none), ``cells`` the cells of tables in the order of the text.
    """

    text: str
    pages: tuple[int, ...] = ()
    cells: tuple[Cell, ...] = ()
    ocr: bool = False
    """Letters and digits were recognised from a picture, so none of them is certain."""
