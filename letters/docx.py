"""A letter as .docx: the draft that the office signs and numbers. The same letter always gives the same bytes."""

from __future__ import annotations

import io

from docx import Document
from docx.document import Document as DocumentFile
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT as VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.section import Section
from docx.shared import Length, Mm, Pt
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from letters import form, lines
from letters.model import Form, Letter
from letters.wordkit import NO_CLOCK, columns, next_paragraph, page, put, still, styles
from letters.wordxml import (
    bordered,
    grid,
    keep_row,
    next_row,
    number_from_one,
    ruled,
)


def as_docx(letter: Letter) -> bytes:
    """The whole letter with its annexes."""
    document = Document()
    styles(document)
    page(document.sections[0])
    _properties(document, letter)
    _head(document, letter)
    _title(document, letter)
    _addressees(document, letter)
    _body(document, letter)
    _foot(document, letter)
    for at in range(len(letter.annexes)):
        _annex(document, letter, at)
    _flat(document.add_paragraph())
    out = io.BytesIO()
    document.save(out)
    return still(out.getvalue())


def _properties(document: DocumentFile, letter: Letter) -> None:
    known = document.core_properties
    known.author = lines.clean(letter.named)[:255]
    known.title = lines.abstract_line(letter)[:255]
    known.language = "vi-VN"
    known.comments = ""
    known.created = known.modified = NO_CLOCK


def _head(document: DocumentFile, letter: Letter) -> None:
    """Boxes 1 to 4, 5b and 10b: bodies beside the country's name, number beside the date."""
    table = columns(document, 2, (form.HEAD_LEFT, form.HEAD_RIGHT))
    (bodies, country), (number, day) = (row.cells for row in table.rows)
    if letter.parent:
        put(next_paragraph(bodies), lines.capitals(letter.parent), form.BODY_NAME, align=ALIGN.CENTER)
    issuer = lines.capitals(letter.issuer)
    put(next_paragraph(bodies), issuer, form.BODY_NAME, bold=True, align=ALIGN.CENTER)
    ruled(next_paragraph(bodies), form.short_line(issuer, form.BODY_NAME, form.HEAD_LEFT), form.HEAD_LEFT)
    put(next_paragraph(country), lines.COUNTRY, form.COUNTRY, bold=True, align=ALIGN.CENTER)
    put(next_paragraph(country), lines.MOTTO, form.MOTTO, bold=True, align=ALIGN.CENTER)
    ruled(next_paragraph(country), form.motto_line(lines.MOTTO, form.HEAD_RIGHT), form.HEAD_RIGHT)
    put(next_paragraph(number), lines.number_line(letter), form.NUMBER, align=ALIGN.CENTER, before=form.BEFORE)
    if letter.dispatch:
        said = lines.abstract_line(letter)
        put(next_paragraph(number), said, form.DISPATCH_ABSTRACT, align=ALIGN.CENTER, before=form.BEFORE)
    if letter.urgency:
        stamp = put(
            next_paragraph(number), letter.urgency.value, form.STAMP, bold=True, align=ALIGN.CENTER, before=form.BEFORE
        )
        bordered(stamp, form.width(letter.urgency.value, form.STAMP, bold=True) + 6, form.HEAD_LEFT)
    put(next_paragraph(day), lines.date_line(letter), form.DATE, italic=True, align=ALIGN.CENTER, before=form.BEFORE)


def _title(document: DocumentFile, letter: Letter) -> None:
    """Box 5a: the kind and the abstract of what is no công văn."""
    if letter.dispatch:
        return
    put(document.add_paragraph(), lines.REPORT, form.KIND, bold=True, align=ALIGN.CENTER, before=18)
    said = lines.abstract_line(letter)
    put(document.add_paragraph(), said, form.KIND, bold=True, align=ALIGN.CENTER)
    ruled(document.add_paragraph(), form.short_line(said, form.KIND, form.TEXT), form.TEXT)


def _addressees(document: DocumentFile, letter: Letter) -> None:
    """Box 9a: one body on the same line; several below, their dashes under the colon."""
    names = lines.addressee_lines(letter)
    if not names:
        return
    first = document.add_paragraph()
    if len(names) == 1:
        put(first, f"{lines.TO} {names[0]}", form.TO, align=ALIGN.CENTER, before=18)
    else:
        put(first, lines.TO, form.TO, before=18).paragraph_format.left_indent = Mm(form.ADDRESSEES_AT)
        for name in names:
            _hanging(put(document.add_paragraph(), name, form.TO), form.ADDRESSEES_AT + form.width(lines.TO, form.TO))
    document.paragraphs[-1].paragraph_format.space_after = Pt(2 * form.BEFORE)


def _hanging(paragraph: WordParagraph, left: float) -> None:
    dash = form.width("- ", form.TO)
    paragraph.paragraph_format.left_indent = Mm(left + dash)
    paragraph.paragraph_format.first_line_indent = Mm(-dash)


def _body(document: DocumentFile, letter: Letter) -> None:
    for each in lines.body(letter):
        text = each.text.upper() if each.form is Form.PART else each.text
        bold = each.form in (Form.PART, Form.HEADING)
        paragraph = document.add_paragraph()
        put(paragraph, text, form.BODY, bold=bold, italic=each.form is Form.BASIS, align=ALIGN.JUSTIFY)
        shape = paragraph.paragraph_format
        shape.first_line_indent = Mm(form.FIRST_LINE)
        shape.space_before = Pt(form.BEFORE)
        shape.line_spacing = form.LEADING
        shape.keep_with_next = bold


def _foot(document: DocumentFile, letter: Letter) -> None:
    """Boxes 9b and 7: recipients and signature on one level, never alone on a page, never torn apart."""
    if document.paragraphs:
        document.paragraphs[-1].paragraph_format.keep_with_next = True
    _gap(document.add_paragraph())
    table = columns(document, 1, (form.FOOT_LEFT, form.FOOT_RIGHT))
    keep_row(table.rows[0])
    left, right = table.rows[0].cells
    names = lines.recipient_lines(letter)
    if names:
        put(next_paragraph(left), lines.RECIPIENTS, form.RECIPIENTS_LABEL, bold=True, italic=True)
    for name in names:
        put(next_paragraph(left), name, form.RECIPIENTS).paragraph_format.right_indent = Pt(form.BEFORE)
    for line in letter.signature.lines:
        put(next_paragraph(right), lines.clean(line), form.SIGNATURE, bold=True, align=ALIGN.CENTER)
    name = lines.signature_name(letter)
    room = Mm(form.SIGNATURE_ROOM).pt
    put(next_paragraph(right), name, form.SIGNATURE, bold=True, align=ALIGN.CENTER, before=room)


def _gap(paragraph: WordParagraph) -> None:
    """A small distance that stays with what follows: a table has none of its own."""
    paragraph.paragraph_format.keep_with_next = True
    put(paragraph, "", form.BEFORE)
    paragraph.paragraph_format.line_spacing = Pt(form.BEFORE * 2)


def _flat(paragraph: WordParagraph) -> None:
    """Word wants a paragraph behind a table. Of the usual height it would begin a page of its own where the signature
    ends at the foot of one."""
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.paragraph_format.line_spacing = Pt(1)


def _annex(document: DocumentFile, letter: Letter, at: int) -> None:
    """A page of its own with its own numbers; on its side where the table is wide."""
    table = letter.annexes[at].table
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _flat(document.paragraphs[-1])
    _turn(section, wide=table.wide)
    number_from_one(section)
    label, title, belongs = lines.annex_heading(letter, at)
    put(document.add_paragraph(), label, form.ANNEX, bold=True, align=ALIGN.CENTER)
    if title:
        put(document.add_paragraph(), title, form.ANNEX, bold=True, align=ALIGN.CENTER)
    put(document.add_paragraph(), belongs, form.ANNEX, italic=True, align=ALIGN.CENTER)
    document.paragraphs[-1].paragraph_format.space_after = Pt(2 * form.BEFORE)
    _grid(document, letter, at)


def _turn(section: Section, *, wide: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    across, down = reversed(form.PAGE) if wide else form.PAGE
    section.page_width, section.page_height = Mm(across), Mm(down)


def _grid(document: DocumentFile, letter: Letter, at: int) -> None:
    table = letter.annexes[at].table
    whole = form.TEXT_LANDSCAPE if table.wide else form.TEXT
    widths = tuple(map(Mm, form.shares(tuple(head.width for head in table.heads), whole)))
    drawn = grid(document, widths)
    _row(drawn, tuple(lines.clean(head.text) for head in table.heads), widths, (True,) * len(widths), bold=True)
    keep_row(drawn.rows[0], repeated=True)
    centred = tuple(head.centred for head in table.heads)
    for row in lines.rows(letter.annexes[at]):
        _row(drawn, row, widths, centred, bold=False)
        if not form.may_break(row):
            keep_row(drawn.rows[-1])


def _row(
    table: WordTable, texts: tuple[str, ...], widths: tuple[Length, ...], centred: tuple[bool, ...], *, bold: bool
) -> None:
    for cell, text, width, middle in zip(next_row(table).cells, texts, widths, centred, strict=True):
        cell.width = width
        cell.vertical_alignment = VERTICAL.CENTER if bold else VERTICAL.TOP
        said = put(cell.paragraphs[0], text, form.TABLE, bold=bold, align=ALIGN.CENTER if middle else None)
        said.paragraph_format.space_before = said.paragraph_format.space_after = Pt(form.CELL)
