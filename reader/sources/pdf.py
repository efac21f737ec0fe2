"""PDF documents: printed lines in reading order, ruled tables with their cells, scanned pages by recognition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import pypdfium2
from pypdfium2 import raw

from reader.document import Document
from reader.sources import recognition
from reader.sources.errors import INSTALL, Reason, Refused
from reader.sources.formats import KINDS, Format
from reader.sources.letters import are_codes, lost_tones, old_encoding
from reader.sources.limits import Limits
from reader.sources.pdf_grid import grids
from reader.sources.pdf_layout import PageLayout, Table, Words, laid_out
from reader.sources.pdf_letters import Turned, picture_share, pieces, rules, text_is_hidden
from reader.sources.pdf_writing import written

if TYPE_CHECKING:
    from PIL import Image

_FEW = 25  # letters; a page with fewer and a picture is a scan with a stamp
_SCAN = 0.3  # of a page covered by a picture
_OUTLINES = 40  # drawn objects on a page without any letter: its letters may be drawn as curves
_LARGEST = 1500.0  # points: a page larger than A3 is drawn smaller


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
            layouts, ocr = self._from_pictures(text), True
        else:
            layouts, ocr = self._with_scans(layouts)
        return written(layouts, self._limits, ocr=ocr)

    def _with_scans(self, layouts: list[PageLayout]) -> tuple[list[PageLayout], bool]:
        """The pages, scans among them recognised; and whether any of it was recognised, now or by the scanner."""
        hidden = "\n".join(_plain(layouts[at]) for at in self._hidden)
        if lost_tones(hidden) and recognition.is_there():
            self._scans = sorted({*self._scans, *self._hidden})  # another language's recognition: ours is better
        pictured = self._recognised(self._scans) if self._scans else {}
        return [pictured.get(at, layout) for at, layout in enumerate(layouts)], bool(pictured or self._hidden)

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
        return laid_out(found, tables, turned.width, turned.height, first=at == 0)

    # --- Recognition

    def _from_pictures(self, text: str) -> list[PageLayout]:
        """Where the fonts do not tell which letters they draw, the pictures of the pages do."""
        if not recognition.is_there():
            if encoding := old_encoding(text):
                raise Refused(Reason.OLD_LETTERS, encoding=encoding)
            raise Refused(Reason.NO_LETTERS, command=INSTALL)
        pictured = self._recognised(list(range(self._count)))
        return [pictured[at] for at in range(self._count)]

    def _recognised(self, wanted: list[int]) -> dict[int, PageLayout]:
        recognition.check(len(wanted), self._limits)
        self._report(0, len(wanted), slow=True)
        layouts: dict[int, PageLayout] = {}
        for at, layout in zip(wanted, recognition.recognised(self._pictures(wanted), self._limits), strict=True):
            layouts[at] = layout
            self._report(len(layouts), len(wanted), slow=True)
        return layouts

    def _pictures(self, wanted: list[int]) -> Iterator[Callable[[], Image.Image]]:
        for at in wanted:
            yield partial(self._drawn, at)

    def _drawn(self, at: int) -> Image.Image:
        """A page as a grey picture."""
        page = self._pdf[at]
        try:
            largest = max(*page.get_size(), 1.0)
            scale = recognition.DOTS_PER_INCH / 72 * min(1.0, _LARGEST / largest)
            image: Image.Image = page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil().convert("L")
            return image
        finally:
            page.close()


def _plain(layout: PageLayout) -> str:
    words = (part for part in layout.parts if isinstance(part, Words))
    rows = (row for part in layout.parts if isinstance(part, Table) for row in part.rows.values())
    cells = (line for row in rows for lines in row.values() for line in lines)
    return "\n".join(line.text for line in (*words, *cells))
