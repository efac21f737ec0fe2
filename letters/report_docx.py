"""A report as .docx, to be changed and signed by the office; the same report gives the same bytes."""

from __future__ import annotations

import io
from functools import singledispatch

from docx import Document
from docx.document import Document as DocumentFile
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT as VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_BREAK
from docx.section import Section
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph

from letters import form, lines, report
from letters.report import Block, Facts, Heading, PageBreak, Quote, Report, Table, Text, signature_columns, text_lines
from letters.wordkit import NO_CLOCK, columns, next_paragraph, page, still, styles
from letters.wordxml import grid, keep_row, next_row, ruled, shaded, typeface, underlined_rows, write

_ALIGN: dict[report.Align, ALIGN] = {"left": ALIGN.LEFT, "center": ALIGN.CENTER, "right": ALIGN.RIGHT}
_HEAD = "EEEEEE"
_FAINT = "BBBBBB"


def as_docx(told: Report) -> bytes:
    """The whole report."""
    document = Document()
    styles(document)
    _heading_styles(document)
    _paper(document.sections[0], told)
    _properties(document, told)
    _head(document, told)
    _title(document, told)
    for block in told.blocks:
        _draw(block, document, told.width)
    _signatures(document, told)
    out = io.BytesIO()
    document.save(out)
    return still(out.getvalue())


def _heading_styles(document: DocumentFile) -> None:
    """Word's own headings, so that its outline shows them, in black and in our typeface."""
    for level, size in enumerate(report.HEADINGS, 1):
        style = document.styles[f"Heading {level}"]
        typeface(style.element, form.FONT)
        style.font.size, style.font.bold, style.font.italic = Pt(size), True, level == 3
        style.font.color.rgb = RGBColor(0, 0, 0)
        shape = style.paragraph_format
        shape.space_before, shape.space_after = Pt(12 if level == 1 else 8), Pt(2)
        shape.keep_with_next = True


def _paper(section: Section, told: Report) -> None:
    page(section)
    across, down = told.page
    section.orientation = WD_ORIENT.LANDSCAPE if told.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(across), Mm(down)
    if told.footer:
        for footer in (section.footer, section.first_page_footer):
            _put(footer.paragraphs[0], told.footer, report.FOOTER)


def _properties(document: DocumentFile, told: Report) -> None:
    known = document.core_properties
    known.author = lines.clean(told.head[-1])[:255] if told.head else ""
    known.title = lines.clean(told.title)[:255]
    known.language = "vi-VN"
    known.comments = ""
    known.created = known.modified = NO_CLOCK


def _put(
    paragraph: Paragraph,
    text: str,
    size: float | None = None,
    *,
    bold: bool | None = None,
    italic: bool | None = None,
    align: ALIGN | None = None,
    before: float = 0,
) -> Paragraph:
    """Writes the text with its line breaks; without size and cut it looks as the paragraph's style says."""
    run = paragraph.add_run()
    for at, line in enumerate(text_lines(text)):
        if at:
            run.add_break(WD_BREAK.LINE)
        write(run, line)
    if size is not None:
        run.font.size = Pt(size)
    run.bold, run.italic = bold, italic
    if align is not None:
        paragraph.alignment = align
    if before:
        paragraph.paragraph_format.space_before = Pt(before)
    return paragraph


def _head(document: DocumentFile, told: Report) -> None:
    names = [lines.capitals(line) for line in told.head if lines.clean(line)]
    if not names:
        return
    table = columns(document, 1, (report.HEAD_COLUMN, told.width - report.HEAD_COLUMN))
    left = table.rows[0].cells[0]
    for at, name in enumerate(names, 1):
        _put(next_paragraph(left), name, form.BODY_NAME, bold=at == len(names), align=ALIGN.CENTER)
    ruled(next_paragraph(left), form.short_line(names[-1], form.BODY_NAME, report.HEAD_COLUMN), report.HEAD_COLUMN)


def _title(document: DocumentFile, told: Report) -> None:
    before = 14 if told.head else 0
    last = _put(document.add_paragraph(), told.title, report.TITLE, bold=True, align=ALIGN.CENTER, before=before)
    if told.subtitle:
        last = _put(document.add_paragraph(), told.subtitle, report.SUBTITLE, italic=True, align=ALIGN.CENTER, before=2)
    last.paragraph_format.space_after = Pt(8)


@singledispatch
def _draw(block: Block, document: DocumentFile, width: float) -> None:
    raise TypeError(block)


@_draw.register
def _heading(block: Heading, document: DocumentFile, _width: float) -> None:
    _put(document.add_paragraph(style=f"Heading {block.depth}"), block.text)


@_draw.register
def _text(block: Text, document: DocumentFile, _width: float) -> None:
    size = report.SMALL if block.small else report.BODY
    align = ALIGN.CENTER if block.centred else None
    _put(
        document.add_paragraph(), block.text, size, bold=block.bold, italic=block.italic, align=align,
        before=report.BEFORE,
    )  # fmt: skip


@_draw.register
def _quote(block: Quote, document: DocumentFile, _width: float) -> None:
    said = _put(document.add_paragraph(), block.text, report.SMALL, before=report.BEFORE)
    said.paragraph_format.left_indent = Mm(report.QUOTE + 3)


@_draw.register
def _facts(block: Facts, document: DocumentFile, width: float) -> None:
    if not block.rows:
        return
    _gap(document)
    widths = (report.LABEL, width - report.LABEL)
    table = columns(document, 0, widths)
    underlined_rows(table, _FAINT)
    for row in block.rows:
        cells = next_row(table).cells
        for cell, text, wide in zip(cells, row, widths, strict=True):
            cell.width = Mm(wide)
            told = _put(cell.paragraphs[0], text, report.TABLE)
            told.paragraph_format.space_before = told.paragraph_format.space_after = Pt(form.CELL)


@_draw.register
def _table(block: Table, document: DocumentFile, width: float) -> None:
    _gap(document)
    widths = tuple(map(Mm, block.columns(width)))
    table = grid(document, widths)
    _row(table, block, block.head, widths, bold=True, aligns=(ALIGN.CENTER,) * len(widths))
    keep_row(table.rows[0], repeated=True)
    for cell in table.rows[0].cells:
        cell.vertical_alignment = VERTICAL.CENTER
        shaded(cell, _HEAD)
    aligns = tuple(_ALIGN[each] for each in block.aligns)
    for at, row in enumerate(block.rows):
        if block.spans(row):
            _spanning_row(table, block, row[0])
        else:
            _row(table, block, row, widths, bold=at in block.bold, aligns=aligns)
    if block.note:
        _put(document.add_paragraph(), block.note, report.SMALL, italic=True, before=3)


def _row(
    table: WordTable, block: Table, texts: tuple[str, ...], widths: tuple[Length, ...], *, bold: bool,
    aligns: tuple[ALIGN, ...],
) -> None:  # fmt: skip
    row = next_row(table)
    for cell, text, width, align in zip(row.cells, texts, widths, aligns, strict=True):
        cell.width = width
        told = _put(cell.paragraphs[0], text, block.size, bold=bold, align=align)
        told.paragraph_format.space_before = told.paragraph_format.space_after = Pt(form.CELL)
    if not form.may_break(texts):
        keep_row(row)


def _spanning_row(table: WordTable, block: Table, text: str) -> None:
    row = next_row(table)
    whole = row.cells[0].merge(row.cells[-1])
    told = _put(whole.paragraphs[0], text, block.size, bold=True)
    told.paragraph_format.space_before = told.paragraph_format.space_after = Pt(form.CELL)
    told.paragraph_format.keep_with_next = True
    keep_row(row)


def _gap(document: DocumentFile) -> None:
    """A small distance that stays with the table: a table has none of its own."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.line_spacing = Pt(report.BEFORE)
    paragraph.add_run("").font.size = Pt(2)


@_draw.register
def _page_break(_block: PageBreak, document: DocumentFile, _width: float) -> None:
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _signatures(document: DocumentFile, told: Report) -> None:
    signers = signature_columns(told)
    if not signers:
        return
    document.paragraphs[-1].paragraph_format.keep_with_next = True  # nobody signs an otherwise empty page
    _gap(document)
    table = columns(document, 1, (told.width / len(signers),) * len(signers))
    keep_row(table.rows[0])
    room = Mm(form.SIGNATURE_ROOM).pt
    for cell, (title, name) in zip(table.rows[0].cells, signers, strict=True):
        said = "\n".join(text_lines(title)).upper()
        _put(next_paragraph(cell), said, report.BODY, bold=True, align=ALIGN.CENTER, before=14)
        _put(next_paragraph(cell), name, report.BODY, bold=True, align=ALIGN.CENTER, before=room)
