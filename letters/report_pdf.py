"""A report as .pdf: searchable, in NFC, with an outline of its headings; the same report gives the same bytes."""

from __future__ import annotations

import io
from functools import singledispatch
from typing import IO
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, KeepTogether, LongTable, PageTemplate, Spacer
from reportlab.platypus import PageBreak as NewPage
from reportlab.platypus import Paragraph as Printed
from reportlab.platypus import Table as Columns

from letters import form, lines, report, typeface
from letters.pdf import BARE, Align, Look, registered
from letters.pdfmarks import Rule
from letters.report import Block, Facts, Heading, PageBreak, Quote, Report, Table, Text, signature_columns, text_lines
from letters.typeface import Typeface

_ALIGN: dict[report.Align, Align] = {"left": TA_LEFT, "center": TA_CENTER, "right": TA_RIGHT}
_LINE = colors.HexColor("#666666")
_FAINT = colors.HexColor("#bbbbbb")
_HEAD = colors.HexColor("#eeeeee")
_OUTLINE = "_outline"


def as_pdf(told: Report, face: Typeface | None = None) -> bytes:
    """The whole report, in that typeface or in what the machine has. Raises NoTypeface."""
    pen = _Pen(registered(face or typeface.chosen()), told)
    out = io.BytesIO()
    drawn = [*_head(pen), *_title(pen)]
    for block in told.blocks:
        drawn += _drawn(block, pen)
    _Pages(out, pen.family, told).build(_signed(drawn, pen))
    return out.getvalue()


class _Pen:
    """Writes paragraphs of one report in one family; a style is made once."""

    def __init__(self, family: str, told: Report) -> None:
        self.family, self.report = family, told
        self._styles: dict[tuple[object, ...], ParagraphStyle] = {}

    def write(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        italic: bool = False,
        align: Align = TA_LEFT,
        before: float = 0,
        left: float = 0,
        keep: bool = False,
    ) -> Printed:
        """One paragraph; distances in points."""
        key = (size, bold, italic, align, before, left, keep)
        if key not in self._styles:
            cut = ("-bold" if bold else "") + ("italic" if bold and italic else "-italic" if italic else "")
            self._styles[key] = ParagraphStyle(
                name="-".join(map(str, key)), fontName=self.family + cut, fontSize=size, leading=size * form.SINGLE,
                alignment=align, spaceBefore=before, leftIndent=left, keepWithNext=keep, splitLongWords=True,
                allowWidows=False, allowOrphans=False,
            )  # fmt: skip
        return Printed("<br/>".join(map(escape, text_lines(text))), self._styles[key])


class _Pages(BaseDocTemplate):
    """Numbers in the top margin from the second page, the footer on every page, headings in the outline."""

    def __init__(self, out: IO[bytes], family: str, told: Report) -> None:
        author = lines.clean(told.head[-1]) if told.head else ""
        super().__init__(
            out, title=lines.clean(told.title), author=author, creator="dondoc", lang="vi-VN", invariant=1
        )  # fmt: skip
        self._family, self._footer, self._headings, self._depth = family, lines.clean(told.footer), 0, -1
        across, down = (side * mm for side in told.page)
        box = (form.LEFT * mm, form.BOTTOM * mm, told.width * mm, down - (form.TOP + form.BOTTOM) * mm)
        frame = Frame(*box, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
        self.addPageTemplates([PageTemplate("page", [frame], onPage=self._margins, pagesize=(across, down))])

    def _margins(self, canvas: Canvas, _pages: BaseDocTemplate) -> None:
        across, down = canvas._pagesize  # type: ignore[attr-defined]  # not in its stubs
        middle = (form.LEFT * mm + across - form.RIGHT * mm) / 2
        if canvas.getPageNumber() > 1:
            canvas.setFont(self._family, form.PAGE_NUMBER)
            height = down - form.PAGE_NUMBER_AT * mm - form.PAGE_NUMBER
            canvas.drawCentredString(middle, height, str(canvas.getPageNumber()))
        if self._footer:
            room = across - (form.LEFT + form.RIGHT) * mm
            size = min(report.FOOTER, report.FOOTER * room / stringWidth(self._footer, self._family, report.FOOTER))
            canvas.setFont(self._family, size)
            canvas.drawString(form.LEFT * mm, report.FOOTER_AT * mm, self._footer)

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802  # ReportLab calls it by this name
        """A heading enters the outline; a level never jumps by more than one."""
        marked = getattr(flowable, _OUTLINE, None)
        if marked is None:
            return
        text, level = marked
        self._headings += 1
        self._depth = min(level - 1, self._depth + 1)
        key = f"h{self._headings}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(text, key, self._depth, closed=self._depth > 0)


def _head(pen: _Pen) -> list[Flowable]:
    told = pen.report
    names = [lines.capitals(line) for line in told.head if lines.clean(line)]
    if not names:
        return []
    drawn: list[Flowable] = [
        pen.write(name, form.BODY_NAME, bold=at == len(names), align=TA_CENTER) for at, name in enumerate(names, 1)
    ]
    drawn.append(Rule(form.short_line(names[-1], form.BODY_NAME, report.HEAD_COLUMN)))
    widths = [report.HEAD_COLUMN * mm, (told.width - report.HEAD_COLUMN) * mm]
    return [Columns([[drawn, ""]], colWidths=widths, style=BARE, splitInRow=1)]


def _title(pen: _Pen) -> list[Flowable]:
    told = pen.report
    before = 14 if told.head else 0
    drawn: list[Flowable] = [pen.write(told.title, report.TITLE, bold=True, align=TA_CENTER, before=before)]
    if told.subtitle:
        drawn.append(pen.write(told.subtitle, report.SUBTITLE, italic=True, align=TA_CENTER, before=2))
    return [*drawn, Spacer(1, 8)]


@singledispatch
def _drawn(block: Block, pen: _Pen) -> list[Flowable]:
    raise TypeError(block)


@_drawn.register
def _heading(block: Heading, pen: _Pen) -> list[Flowable]:
    size = report.HEADINGS[block.depth - 1]
    before = 12 if block.depth == 1 else 8
    drawn = pen.write(block.text, size, bold=True, italic=block.depth == 3, before=before, keep=True)
    setattr(drawn, _OUTLINE, (lines.clean(block.text), block.depth))
    return [drawn, _kept_gap()]


def _kept_gap() -> Flowable:
    gap = Spacer(1, 2)
    gap.keepWithNext = 1
    return gap


@_drawn.register
def _text(block: Text, pen: _Pen) -> list[Flowable]:
    size = report.SMALL if block.small else report.BODY
    align: Align = TA_CENTER if block.centred else TA_LEFT
    return [pen.write(block.text, size, bold=block.bold, italic=block.italic, align=align, before=report.BEFORE)]


@_drawn.register
def _quote(block: Quote, pen: _Pen) -> list[Flowable]:
    told = pen.write(block.text, report.SMALL)
    look: Look = [
        ("LINEBEFORE", (0, 0), (0, -1), 1.5, _FAINT), ("LEFTPADDING", (0, 0), (-1, -1), 8),
        ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]  # fmt: skip
    width = (pen.report.width - report.QUOTE) * mm
    return [
        Spacer(1, report.BEFORE),
        Columns([[told]], colWidths=[width], style=look, hAlign="RIGHT", splitInRow=1),
    ]


@_drawn.register
def _facts(block: Facts, pen: _Pen) -> list[Flowable]:
    if not block.rows:
        return []
    rows = [[pen.write(label, report.TABLE), pen.write(value, report.TABLE)] for label, value in block.rows]
    look: Look = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, -1), 0), ("RIGHTPADDING", (1, 0), (1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, _FAINT),
    ]  # fmt: skip
    widths = [report.LABEL * mm, (pen.report.width - report.LABEL) * mm]
    return [Spacer(1, report.BEFORE), LongTable(rows, colWidths=widths, style=look, splitInRow=1)]


@_drawn.register
def _table(block: Table, pen: _Pen) -> list[Flowable]:
    size, aligns = block.size, [_ALIGN[each] for each in block.aligns]
    look = _table_look()
    rows: list[list[Flowable | str]] = [
        [pen.write(cell, size, bold=True, align=TA_CENTER) for cell in block.head]
    ]  # fmt: skip
    for at, row in enumerate(block.rows):
        if block.spans(row):
            look.append(("SPAN", (0, at + 1), (-1, at + 1)))
            rows.append([pen.write(row[0], size, bold=True), *[""] * (len(block.head) - 1)])
            continue
        bold = at in block.bold
        rows.append([pen.write(cell, size, bold=bold, align=a) for cell, a in zip(row, aligns, strict=True)])
    widths = [each * mm for each in block.columns(pen.report.width)]
    drawn: list[Flowable] = [
        Spacer(1, report.BEFORE),
        LongTable(rows, colWidths=widths, style=look, repeatRows=1, splitInRow=1),
    ]
    if block.note:
        drawn.append(pen.write(block.note, report.SMALL, italic=True, before=3))
    return drawn


def _table_look() -> Look:
    return [
        ("GRID", (0, 0), (-1, -1), 0.5, _LINE), ("BACKGROUND", (0, 0), (-1, 0), _HEAD),
        ("VALIGN", (0, 0), (-1, 0), "MIDDLE"), ("VALIGN", (0, 1), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("LEFTPADDING", (0, 0), (-1, -1), 3), ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ]  # fmt: skip


@_drawn.register
def _page_break(_block: PageBreak, _pen: _Pen) -> list[Flowable]:
    return [NewPage()]


def _signed(drawn: list[Flowable], pen: _Pen) -> list[Flowable]:
    """A last paragraph stays with the signatures: nobody signs an otherwise empty page."""
    signers = signature_columns(pen.report)
    if not signers:
        return drawn
    last = [drawn.pop()] if isinstance(drawn[-1], Printed) else []
    return [*drawn, KeepTogether([*last, Spacer(1, 18), _signatures(signers, pen)])]


def _signatures(signers: tuple[tuple[str, str], ...], pen: _Pen) -> Columns:
    top = [pen.write(lines_up(title), report.BODY, bold=True, align=TA_CENTER) for title, _name in signers]
    below = [pen.write(name, report.BODY, bold=True, align=TA_CENTER) for _title, name in signers]
    width = pen.report.width * mm / len(signers)
    heights = [None, form.SIGNATURE_ROOM * mm, None]
    room: list[Flowable | str] = [""] * len(signers)
    return Columns([top, room, below], colWidths=[width] * len(signers), rowHeights=heights, style=BARE)


def lines_up(title: str) -> str:
    """The title of a signer in capitals, line by line."""
    return "\n".join(text_lines(title)).upper()
