"""The pages of a letter's .pdf: margins, page numbers from the second page of every part, pages on their side."""

from __future__ import annotations

from typing import IO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from letters import form

FIRST, LATER = "first", "later"
ANNEX, ANNEX_LATER = "annex", "annex-later"
ANNEX_WIDE, ANNEX_WIDE_LATER = "annex-wide", "annex-wide-later"


class Pages(BaseDocTemplate):
    """Knows on which page the part being printed began: an annex counts its own pages."""

    def __init__(self, out: IO[bytes], family: str, *, title: str, author: str) -> None:
        super().__init__(out, title=title, author=author, creator="dondoc", lang="vi-VN", invariant=1)
        self._family = family
        self._began = 1
        for first, later, wide in (
            (FIRST, LATER, False),
            (ANNEX, ANNEX_LATER, False),
            (ANNEX_WIDE, ANNEX_WIDE_LATER, True),
        ):
            self.addPageTemplates([self._template(first, later, wide=wide), self._template(later, later, wide=wide)])

    def _template(self, name: str, then: str, *, wide: bool) -> PageTemplate:
        across, down = reversed(form.PAGE) if wide else form.PAGE
        left, bottom = form.LEFT * mm, form.BOTTOM * mm
        width, height = (across - form.LEFT - form.RIGHT) * mm, (down - form.TOP - form.BOTTOM) * mm
        frame = Frame(left, bottom, width, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
        draw = self._begins if name != then else self._goes_on
        return PageTemplate(
            name,
            [frame],
            onPage=draw,
            pagesize=(across * mm, down * mm),
            autoNextPageTemplate=then if name != then else None,
        )

    def _begins(self, canvas: Canvas, _pages: BaseDocTemplate) -> None:
        self._began = canvas.getPageNumber()

    def _goes_on(self, canvas: Canvas, _pages: BaseDocTemplate) -> None:
        across, down = canvas._pagesize  # type: ignore[attr-defined]  # not in its stubs
        middle = (form.LEFT * mm + across - form.RIGHT * mm) / 2
        canvas.setFont(self._family, form.PAGE_NUMBER)
        height = down - form.PAGE_NUMBER_AT * mm - form.PAGE_NUMBER
        canvas.drawCentredString(middle, height, str(canvas.getPageNumber() - self._began + 1))
