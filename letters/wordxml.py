"""What Word can and python-docx has no word for: lines, fields, borders, rows that stay together."""

from __future__ import annotations

import re
from typing import Any

from docx.document import Document
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.section import Section
from docx.shared import Length, Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

_SYMBOL_HYPHEN = re.compile(r"(?<=[A-ZĐa-z0-9])-(?=[A-ZĐ])")
_SIDES = ("top", "left", "bottom", "right")
_AFTER_BORDERS = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
_AFTER_TABLE_BORDERS = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook", "w:tblCaption", "w:tblDescription")
_AFTER_SHADE = ("w:noWrap", "w:tcMar", "w:textDirection", "w:tcFitText", "w:vAlign", "w:hideMark")


def _element(name: str, **attributes: str) -> Any:  # lxml's types and python-docx's do not fit together
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def typeface(style: Any, name: str) -> None:
    """One typeface for every script, and Vietnamese as the language: else Word takes another for accented letters."""
    letters = style.get_or_add_rPr()
    fonts = letters.find(qn("w:rFonts"))
    if fonts is not None:
        letters.remove(fonts)
    letters.insert(0, _element("w:rFonts", ascii=name, hAnsi=name, cs=name, eastAsia=name))
    letters.append(_element("w:lang", val="vi-VN", eastAsia="vi-VN"))


def field(paragraph: Paragraph, code: str, size: Length) -> None:
    """A field that Word computes, as the page's number."""
    for part in ("begin", "code", "separate", "end"):
        run = paragraph.add_run()
        run.font.size = size
        if part == "code":
            told = _element("w:instrText")
            told.text = code
            run._r.append(told)
        else:
            run._r.append(_element("w:fldChar", fldCharType=part))


def write(run: Run, text: str) -> None:
    """The text, with the hyphens of numbers and symbols (``2316/QĐ-UBND``) held together; they read back as ``-``."""
    for at, part in enumerate(_SYMBOL_HYPHEN.split(text)):
        if at:
            run._r.append(_element("w:noBreakHyphen"))
        if part:
            run.add_text(part)


def _borders(paragraph: Paragraph, sides: tuple[str, ...]) -> None:
    shape = paragraph._p.get_or_add_pPr()
    borders = _element("w:pBdr")
    for side in sides:
        borders.append(_element(f"w:{side}", val="single", sz="6", space="1", color="000000"))
    shape.insert_element_before(borders, *_AFTER_BORDERS)


def _middle(paragraph: Paragraph, length: float, column: float) -> None:
    beside = Mm(max(0.0, column - length) / 2)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = beside


def ruled(paragraph: Paragraph, length: float, column: float) -> None:
    """An empty paragraph that is only a line of that length in the middle of its column."""
    _borders(paragraph, ("top",))
    _middle(paragraph, length, column)
    shape = paragraph.paragraph_format
    shape.space_before = Pt(4)
    shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    shape.line_spacing = Pt(4)
    paragraph.add_run("").font.size = Pt(2)


def bordered(paragraph: Paragraph, length: float, column: float) -> None:
    """A box around a stamp."""
    _borders(paragraph, _SIDES)
    _middle(paragraph, length, column)


def cell_margins(table: Table, width: int) -> None:
    """The distance between text and the edges of a column, in twentieths of a point."""
    margins = _element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", w=str(width), type="dxa"))
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def grid(document: Document, widths: tuple[Length, ...]) -> Table:
    """An empty table with lines around every cell."""
    table: Table = document.add_table(0, len(widths))
    table.style = "Table Grid"
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    return table


def next_row(table: Table) -> _Row:
    """A new row at the end."""
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    return row


def number_from_one(section: Section) -> None:
    """The pages of this section have numbers of their own."""
    shape = section._sectPr
    for old in shape.findall(qn("w:pgNumType")):
        shape.remove(old)
    shape.insert_element_before(_element("w:pgNumType", start="1"), "w:cols", "w:titlePg", "w:docGrid")


def keep_row(row: _Row, *, repeated: bool = False) -> None:
    """The row stays on one page; a repeated one stands on top of every page of its table."""
    shape = row._tr.get_or_add_trPr()
    shape.append(_element("w:cantSplit"))
    if repeated:
        shape.append(_element("w:tblHeader"))


def shaded(cell: _Cell, colour: str) -> None:
    """A background for the cell, as a hexadecimal colour."""
    shade = _element("w:shd", val="clear", color="auto", fill=colour)
    cell._tc.get_or_add_tcPr().insert_element_before(shade, *_AFTER_SHADE)


def underlined_rows(table: Table, colour: str) -> None:
    """A thin line below each row and no others."""
    borders = _element("w:tblBorders")
    for side in ("bottom", "insideH"):
        borders.append(_element(f"w:{side}", val="single", sz="4", space="0", color=colour))
    table._tbl.tblPr.insert_element_before(borders, *_AFTER_TABLE_BORDERS)
