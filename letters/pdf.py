"""A letter as .pdf, to be looked at, sent on and kept: the same boxes and measures as the .docx, from the same lines.

The same letter in the same typeface always gives the same bytes. Its text can be searched and copied, in NFC.
"""

from __future__ import annotations

import hashlib
import io
from functools import cache
from typing import Any, Literal
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, KeepTogether, LongTable, NextPageTemplate, PageBreak, Spacer, Table
from reportlab.platypus import Paragraph as Printed

from letters import form, lines, typeface
from letters.model import Form, Letter
from letters.pdfmarks import Rule, Stamp
from letters.pdfpages import ANNEX, ANNEX_WIDE, Pages
from letters.typeface import Typeface

Align = Literal[0, 1, 2, 4]
Look = list[tuple[Any, ...]]

BARE: Look = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0)]
BARE += [
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]
_SHORT_PARAGRAPH = 900  # letters: kept on one page with the signature


def as_pdf(letter: Letter, face: Typeface | None = None) -> bytes:
    """The whole letter with its annexes, in that typeface or in what the machine has. Raises NoTypeface."""
    pen = Pen(registered(face or typeface.chosen()))
    out = io.BytesIO()
    pages = Pages(out, pen.family, title=lines.abstract_line(letter), author=lines.clean(letter.named))
    pages.build([*_first_part(letter, pen), *_annexes(letter, pen)])
    return out.getvalue()


@cache
def registered(face: Typeface) -> str:
    """The family's name with ReportLab, which knows fonts by name alone: one name for each set of files."""
    family = "letters-" + hashlib.sha256("\n".join(map(str, face.cuts)).encode()).hexdigest()[:12]
    cuts = [family, f"{family}-bold", f"{family}-italic", f"{family}-bolditalic"]
    for name, file in zip(cuts, face.cuts, strict=True):
        registerFont(TTFont(name, str(file)))
    registerFontFamily(family, *cuts)
    return family


class Pen:
    """Writes paragraphs in one family."""

    def __init__(self, family: str) -> None:
        self.family = family

    def write(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        italic: bool = False,
        align: Align = TA_LEFT,
        before: float = 0,
        after: float = 0,
        left: float = 0,
        first: float = 0,
        leading: float = form.SINGLE,
        keep: bool = False,
    ) -> Printed:
        """One paragraph; distances in points."""
        cut = ("-bold" if bold else "") + ("italic" if bold and italic else "-italic" if italic else "")
        style = ParagraphStyle(
            name=f"{size}{cut}",
            fontName=self.family + cut,
            fontSize=size,
            leading=size * leading,
            alignment=align,
            spaceBefore=before,
            spaceAfter=after,
            leftIndent=left,
            firstLineIndent=first,
            keepWithNext=keep,
            splitLongWords=True,
            allowWidows=False,
            allowOrphans=False,
        )
        return Printed(_unbroken(escape(text)), style)

    def line(self, text: str, size: float, column: float) -> float:
        """The size at which a text that must not break stays on one line of that column (mm)."""
        wanted = stringWidth(text, f"{self.family}-bold", size)
        return min(size, size * column * mm / wanted)


def _unbroken(text: str) -> str:
    """Blanks left for the pen stay as many as they are."""
    return text.replace("  ", "\u00a0\u00a0")


def _first_part(letter: Letter, pen: Pen) -> list[Flowable]:
    return [_head(letter, pen), *_title(letter, pen), *_addressees(letter, pen), *_body_and_foot(letter, pen)]


def _head(letter: Letter, pen: Pen) -> Table:
    def middle(text: str, size: float, *, bold: bool = False, italic: bool = False, before: float = 0) -> Printed:
        return pen.write(text, size, bold=bold, italic=italic, align=TA_CENTER, before=before)

    issuer = lines.capitals(letter.issuer)
    bodies: list[Flowable] = [middle(lines.capitals(letter.parent), form.BODY_NAME)] if letter.parent else []
    bodies += [middle(issuer, form.BODY_NAME, bold=True)]
    bodies += [Rule(form.short_line(issuer, form.BODY_NAME, form.HEAD_LEFT))]
    state: list[Flowable] = [
        middle(lines.COUNTRY, pen.line(lines.COUNTRY, form.COUNTRY, form.HEAD_RIGHT), bold=True),
        middle(lines.MOTTO, form.MOTTO, bold=True),
        Rule(stringWidth(lines.MOTTO, f"{pen.family}-bold", form.MOTTO) / mm),
    ]
    number: list[Flowable] = [middle(lines.number_line(letter), form.NUMBER, before=form.BEFORE)]
    if letter.dispatch:
        number += [Spacer(1, form.BEFORE), middle(lines.abstract_line(letter), form.DISPATCH_ABSTRACT)]
    if letter.urgency:
        number += [Spacer(1, form.BEFORE), Stamp(letter.urgency.value, f"{pen.family}-bold")]
    day: list[Flowable] = [middle(lines.date_line(letter), form.DATE, italic=True, before=form.BEFORE)]
    widths = [form.HEAD_LEFT * mm, form.HEAD_RIGHT * mm]
    return Table([[bodies, state], [number, day]], colWidths=widths, style=[*BARE, _LOWER], splitInRow=1)


_LOWER = ("TOPPADDING", (0, 1), (-1, 1), form.BEFORE)


def _title(letter: Letter, pen: Pen) -> list[Flowable]:
    if letter.dispatch:
        return []
    said = lines.abstract_line(letter)
    return [
        pen.write(lines.REPORT, form.KIND, bold=True, align=TA_CENTER, before=18),
        pen.write(said, form.KIND, bold=True, align=TA_CENTER),
        Rule(form.short_line(said, form.KIND, form.TEXT)),
    ]


def _addressees(letter: Letter, pen: Pen) -> list[Flowable]:
    names = lines.addressee_lines(letter)
    if len(names) == 1:
        return [pen.write(f"{lines.TO} {names[0]}", form.TO, align=TA_CENTER, before=18, after=2 * form.BEFORE)]
    if not names:
        return []
    at = form.ADDRESSEES_AT * mm
    under = at + stringWidth(lines.TO, pen.family, form.TO)
    dash = stringWidth("- ", pen.family, form.TO)
    told = [pen.write(name, form.TO, left=under + dash, first=-dash) for name in names]
    return [pen.write(lines.TO, form.TO, left=at, before=18), *told, Spacer(1, form.BEFORE)]


def _body_and_foot(letter: Letter, pen: Pen) -> list[Flowable]:
    """The last paragraph stays with the signature: nobody signs an otherwise empty page."""
    said: list[Flowable] = []
    for each in lines.body(letter):
        text = each.text.upper() if each.form is Form.PART else each.text
        bold = each.form in (Form.PART, Form.HEADING)
        basis = each.form is Form.BASIS
        indent = form.FIRST_LINE * mm
        leading = form.SINGLE * form.LEADING
        said.append(
            pen.write(
                text,
                form.BODY,
                bold=bold,
                italic=basis,
                align=TA_JUSTIFY,
                before=form.BEFORE,
                first=indent,
                leading=leading,
                keep=bold,
            )
        )
    end: list[Flowable] = [Spacer(1, 2 * form.BEFORE), _foot(letter, pen)]
    if said and len(lines.body(letter)[-1].text) < _SHORT_PARAGRAPH:
        end.insert(0, said.pop())
    return [*said, KeepTogether(end)]


def _foot(letter: Letter, pen: Pen) -> Table:
    names = lines.recipient_lines(letter)
    left: list[Flowable] = []
    if names:
        left.append(pen.write(lines.RECIPIENTS, form.RECIPIENTS_LABEL, bold=True, italic=True))
    left += [pen.write(name, form.RECIPIENTS) for name in names]
    right: list[Flowable] = [
        pen.write(lines.clean(line), form.SIGNATURE, bold=True, align=TA_CENTER) for line in letter.signature.lines
    ]
    right += [Spacer(1, form.SIGNATURE_ROOM * mm)]
    right += [pen.write(lines.signature_name(letter), form.SIGNATURE, bold=True, align=TA_CENTER)]
    widths = [form.FOOT_LEFT * mm, form.FOOT_RIGHT * mm]
    apart = ("RIGHTPADDING", (0, 0), (0, -1), form.BEFORE)
    return Table([[left, right]], colWidths=widths, style=[*BARE, apart], splitInRow=1)


def _annexes(letter: Letter, pen: Pen) -> list[Flowable]:
    drawn: list[Flowable] = []
    for at, annex in enumerate(letter.annexes):
        label, title, belongs = lines.annex_heading(letter, at)
        drawn += [NextPageTemplate(ANNEX_WIDE if annex.table.wide else ANNEX), PageBreak()]
        drawn += [pen.write(text, form.ANNEX, bold=True, align=TA_CENTER) for text in (label, title) if text]
        drawn += [pen.write(belongs, form.ANNEX, italic=True, align=TA_CENTER, after=2 * form.BEFORE)]
        drawn += [_grid(letter, at, pen)]
    return drawn


def _grid(letter: Letter, at: int, pen: Pen) -> LongTable:
    table = letter.annexes[at].table
    whole = form.TEXT_LANDSCAPE if table.wide else form.TEXT
    widths = [share * mm for share in form.shares(tuple(head.width for head in table.heads), whole)]
    top = [pen.write(lines.clean(head.text), form.TABLE, bold=True, align=TA_CENTER) for head in table.heads]
    aligns: list[Align] = [TA_CENTER if head.centred else TA_LEFT for head in table.heads]
    rows = [
        [pen.write(cell, form.TABLE, align=align) for cell, align in zip(row, aligns, strict=True)]
        for row in lines.rows(letter.annexes[at])
    ]
    look: Look = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, 0), "MIDDLE")]
    look += [("VALIGN", (0, 1), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), form.CELL)]
    look += [("LEFTPADDING", (0, 0), (-1, -1), 3), ("RIGHTPADDING", (0, 0), (-1, -1), 3)]
    return LongTable([top, *rows], colWidths=widths, style=look, repeatRows=1, splitInRow=1)
