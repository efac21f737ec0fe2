"""A document in the making: lines one after another, and where pages and cells begin."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from reader.document import Cell, Document, Span
from reader.sources.errors import Reason, Refused

_BREAKS = "\v\f\x85\u2028\u2029"
_NOTHING = "\u00ad\u200b\ufeff\ufffe"  # signs that print nothing
_CONTROLS: dict[int, str | None] = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160), *map(ord, _NOTHING)))
_CONTROLS |= dict.fromkeys(map(ord, _BREAKS), "\n")


class Writer:
    """Collects the text of formats other than plain text.

    Words are brought to NFC, so that a text shows and searches the same wherever it came from. Between paragraphs and
    between cells stands a blank line, never two: that is how ``reader.paragraphs`` tells them from printed lines.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._parts: list[str] = []
        self._at = 0
        self._blank = True
        self._pages: list[int] = []
        self._cells: list[Cell | None] = []
        self._open: list[int | None] = []
        self._tables = 0

    def line(self, text: str) -> None:
        """A printed line, or several with ``\\n`` between; white space around each is dropped."""
        for part in unicodedata.normalize("NFC", text.translate(_CONTROLS)).split("\n"):
            stripped = part.strip()
            if stripped:
                self._open = [self._at if start is None else start for start in self._open]
                self._put(stripped + "\n")
                self._blank = False
            else:
                self.gap()

    def gap(self) -> None:
        """Ends a paragraph."""
        if not self._blank:
            self._put("\n")
            self._blank = True

    def page(self) -> None:
        """Here a page begins."""
        self._pages.append(self._at)

    def table(self) -> int:
        """The number of a new table."""
        self._tables += 1
        return self._tables - 1

    @contextmanager
    def cell(self, table: int, row: int, column: int) -> Iterator[None]:
        """What is written inside belongs to that cell; a cell without words is not kept."""
        self.gap()
        place, depth = len(self._cells), len(self._open)
        self._cells.append(None)
        self._open.append(None)
        yield
        start = self._open[depth]
        del self._open[depth:]
        if start is not None:
            end = self._at - (2 if self._blank else 1)
            self._cells[place] = Cell(Span(start, end), table, row, column)
        self.gap()

    def document(self, *, ocr: bool = False) -> Document:
        """All of it. Raises Refused where nothing was written."""
        if not self._at:
            raise Refused(Reason.NO_TEXT)
        return Document("".join(self._parts), tuple(self._pages), tuple(c for c in self._cells if c), ocr)

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._at += len(text)
        if self._at > self._most:
            raise Refused(Reason.TOO_LONG, limit=self._most)
