"""PDF documents: printed lines in reading order, ruled tables with their cells, scanned pages by recognition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pypdfium2
from pypdfium2 import raw

from reader.document import Document
from reader.sources import recognition
from reader.sources.errors import INSTALL, Reason, Refused
from reader.sources.formats import KINDS, Format
from reader.sources.letters import are_codes, lost_tones, old_encoding
from reader.sources.limits import Limits
from reader.sources.pdf_furniture import drop_furniture, join_tables
from reader.sources.pdf_grid import grids
from reader.sources.pdf_layout import PageLayout, Table, Words, laid_out
from reader.sources.pdf_letters import Turned, picture_share, pieces, rules, text_is_hidden
from reader.sources.writing import Writer

_FEW = 25  # letters; a page with fewer and a picture is a scan with a stamp
_SCAN = 0.3  # of a page covered by a picture
_OUTLINES = 40  # drawn objects on a page without any letter: its letters may be drawn as curves
_LARGEST = 3000.0  # points: a page larger than A0's long side is drawn smaller


def read_pdf(data: bytes, limits: Limits, report: recognition.Report) -> Document:
    """The text of a PDF. Raises Refused."""
    try:
        pdf = pypdfium2.PdfDocument(data)
        pages = len(pdf)
    except pypdfium2.PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD:
            raise Refused(Reason.LOCKED) from error
        raise _damaged() from error
    if pages > limits.pages:
        raise Refused(Reason.TOO_MANY_PAGES, pages=pages, limit=limits.pages)
    if pages == 0:
        raise _damaged()
    return _Reader(pdf, pages, limits, report).document()


def _damaged() -> Refused:
    return Refused(Reason.DAMAGED, kind=KINDS[Format.PDF])


class _Reader:
    def __init__(self, pdf: Any, pages: int, limits: Limits, report: recognition.Report) -> None:
        self._pdf = pdf
        self._count = pages
        self._limits = limits
        self._report = report
        self._scans: list[int] = []
        self._hidden: list[int] = []
        self._characters = 0

    def document(self) -> Document:
        layouts = [self._page(at) for at in range(self._count)]
        text = "\n".join(_plain(layout) for layout in layouts)
        if are_codes(text) or old_encoding(text):
            return self._from_pictures(text)
        if (
            self._hidden
            and lost_tones("\n".join(_plain(layouts[at]) for at in self._hidden))
            and recognition.is_there()
        ):
            self._scans = sorted({*self._scans, *self._hidden})  # another language's recognition: ours is better
        pictured = self._recognised(self._scans) if self._scans else {}
        drop_furniture(layouts)
        join_tables(layouts)
        writer = Writer(self._limits.characters)
        _Written(writer).pages(layouts, pictured)
        return writer.document(ocr=bool(pictured or self._hidden))

    def _page(self, at: int) -> PageLayout:
        try:
            page = self._pdf[at]
        except pypdfium2.PdfiumError as error:
            raise _damaged() from error
        try:
            layout = self._laid_out(page, at)
        finally:
            page.close()
        self._report(at + 1, self._count)
        return layout

    def _laid_out(self, page: Any, at: int) -> PageLayout:
        turned = Turned(page.raw)
        tables = grids(rules(page.raw, turned))

        def zone(x: float, y: float) -> int | None:
            return next((cell for grid in tables if (cell := grid.cell_at(x, y)) is not None), None)

        text_page = page.get_textpage()
        try:
            found = pieces(text_page.raw, turned, zone if tables else None)
        finally:
            text_page.close()
        letters = sum(len(piece.text) for piece in found)
        self._characters += letters
        if self._characters > self._limits.characters:
            raise Refused(Reason.TOO_LONG, limit=self._limits.characters)
        covered = picture_share(page.raw, turned)
        outlined = letters == 0 and raw.FPDFPage_CountObjects(page.raw) > _OUTLINES
        if outlined or (letters < _FEW and covered > _SCAN):
            self._scans.append(at)
        elif covered > _SCAN and text_is_hidden(page.raw):
            self._hidden.append(at)
        return laid_out(found, tables, turned, first=at == 0)

    # --- Recognition

    def _from_pictures(self, text: str) -> Document:
        """Where the fonts do not tell which letters they draw, the pictures of the pages do."""
        if not recognition.is_there():
            if encoding := old_encoding(text):
                raise Refused(Reason.OLD_LETTERS, encoding=encoding)
            raise Refused(Reason.NO_LETTERS, command=INSTALL)
        pictured = self._recognised(list(range(self._count)))
        writer = Writer(self._limits.characters)
        _Written(writer).pages([PageLayout(1) for _ in range(self._count)], pictured)
        return writer.document(ocr=True)

    def _recognised(self, wanted: list[int]) -> dict[int, str]:
        recognition.check(len(wanted), self._limits)
        self._report(0, len(wanted), slow=True)
        texts: dict[int, str] = {}
        for at, text in zip(wanted, recognition.recognised(self._pictures(wanted), self._limits), strict=True):
            texts[at] = text
            self._report(len(texts), len(wanted), slow=True)
        return texts

    def _pictures(self, wanted: list[int]) -> Iterator[Callable[[], bytes]]:
        for at in wanted:
            yield partial(self._drawn, at)

    def _drawn(self, at: int) -> bytes:
        """A page as a grey picture (PGM)."""
        page = self._pdf[at]
        try:
            largest = max(*page.get_size(), 1.0)
            scale = recognition.DOTS_PER_INCH / 72 * min(1.0, _LARGEST / 2 / largest)
            bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
            return _pgm(bitmap)
        finally:
            page.close()


def _pgm(bitmap: Any) -> bytes:
    """Rows may be padded; PGM has none of that."""
    size = b"P5\n%d %d\n255\n" % (bitmap.width, bitmap.height)
    held = memoryview(bitmap.buffer).cast("B")
    rows = (held[row * bitmap.stride : row * bitmap.stride + bitmap.width] for row in range(bitmap.height))
    return size + b"".join(rows)


def _plain(layout: PageLayout) -> str:
    words = (part for part in layout.parts if isinstance(part, Words))
    rows = (row for part in layout.parts if isinstance(part, Table) for row in part.rows.values())
    cells = (line for row in rows for lines in row.values() for line in lines)
    return "\n".join(line.text for line in (*words, *cells))


class _Written:
    """Puts pages into words."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._table = 0
        self._row = 0

    def pages(self, layouts: list[PageLayout], pictured: dict[int, str]) -> None:
        for at, layout in enumerate(layouts):
            self._writer.page()
            if at in pictured:
                self._writer.gap()
                self._writer.line(pictured[at])
                continue
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
                        self._writer.line(words.text)
            self._row += 1
