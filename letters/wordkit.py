"""What every .docx of the office shares: styles, paragraphs, columns, and an archive that knows no clock."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

from docx.document import Document as DocumentFile
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from letters import form
from letters.wordxml import cell_margins, field, typeface, write

NO_CLOCK = datetime(2020, 3, 5, tzinfo=UTC).replace(tzinfo=None)  # the day of the decree
_NO_CLOCK_ZIP = (1980, 1, 1, 0, 0, 0)


def styles(document: DocumentFile) -> None:
    normal = document.styles["Normal"]
    typeface(normal.element, form.FONT)
    normal.font.size = Pt(form.BODY)
    shape = normal.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing = 1
    shape.widow_control = True


def page(section: Section) -> None:
    """A4 with the decree's margins, and the page's number in the top margin from the second page on."""
    section.page_width, section.page_height = Mm(form.PAGE[0]), Mm(form.PAGE[1])
    section.top_margin = section.bottom_margin = Mm(form.TOP)
    section.left_margin, section.right_margin = Mm(form.LEFT), Mm(form.RIGHT)
    section.header_distance = section.footer_distance = Mm(form.PAGE_NUMBER_AT)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = ALIGN.CENTER
    field(number, "PAGE", Pt(form.PAGE_NUMBER))


def put(
    paragraph: WordParagraph,
    text: str,
    size: float,
    *,
    bold: bool = False,
    italic: bool = False,
    align: ALIGN | None = None,
    before: float = 0,
) -> WordParagraph:
    run = paragraph.add_run()
    write(run, text)
    run.font.size = Pt(size)
    run.bold, run.italic = bold, italic
    if align is not None:
        paragraph.alignment = align
    if before:
        paragraph.paragraph_format.space_before = Pt(before)
    return paragraph


def next_paragraph(cell: _Cell) -> WordParagraph:
    """The paragraph that a new cell brings, then new ones."""
    first: WordParagraph = cell.paragraphs[0]
    return first if not first.runs and len(cell.paragraphs) == 1 else cell.add_paragraph()


def columns(document: DocumentFile, rows: int, widths: tuple[float, ...]) -> WordTable:
    table: WordTable = document.add_table(rows, len(widths))
    table.autofit = False
    cell_margins(table, 0)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def still(content: bytes) -> bytes:
    """The same archive without the moment of its making."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in made.namelist():
            info = zipfile.ZipInfo(name, _NO_CLOCK_ZIP)
            info.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(info, made.read(name))
    return out.getvalue()
