"""Pages in reading order become one text."""

from __future__ import annotations

from reader.document import Document
from reader.sources.limits import Limits
from reader.sources.pdf_furniture import drop_furniture, join_tables
from reader.sources.pdf_layout import PageLayout, Table, Words
from reader.sources.writing import Writer


def written(layouts: list[PageLayout], limits: Limits, *, ocr: bool) -> Document:
    """The document of these pages, without what repeats on them. Raises Refused where no word is left."""
    drop_furniture(layouts)
    join_tables(layouts)
    writer = Writer(limits.characters)
    _Written(writer).pages(layouts)
    return writer.document(ocr=ocr)


class _Written:
    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._table = 0
        self._row = 0

    def pages(self, layouts: list[PageLayout]) -> None:
        for layout in layouts:
            self._writer.page()
            for place, part in enumerate(layout.parts):
                if isinstance(part, Table):
                    self._cells(part)
                else:
                    self._words(part, gap=part.gap and place > 0)

    def _words(self, words: Words, *, gap: bool) -> None:
        if gap:  # never at the top of a page: a sentence may go on there
            self._writer.gap()
        self._writer.line(words.text)

    def _cells(self, table: Table) -> None:
        if not table.goes_on:
            self._table, self._row = self._writer.table(), 0
        for _, cells in sorted(table.rows.items()):
            for column, lines in sorted(cells.items()):
                with self._writer.cell(self._table, self._row, column):
                    for words in lines:
                        if words.gap:
                            self._writer.gap()
                        self._writer.line(words.text)
            self._row += 1
