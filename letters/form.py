"""Measures of Nghị định 30/2020/NĐ-CP, Phụ lục I: one set for .docx and .pdf. Lengths in mm, letters in points.

Where the decree leaves a choice, the smaller head (12, 13) is taken: the country's name then stays on one line beside
a long issuer.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from reportlab.pdfbase.pdfmetrics import stringWidth

FONT = "Times New Roman"

PAGE = (210, 297)
TOP = BOTTOM = 20
LEFT = 30
RIGHT = 15
TEXT = PAGE[0] - LEFT - RIGHT
TEXT_LANDSCAPE = PAGE[1] - LEFT - RIGHT
PAGE_NUMBER_AT = 10  # from the upper edge: the middle of the margin

HEAD_LEFT, HEAD_RIGHT = 67, 98  # the columns of the head
FOOT_LEFT, FOOT_RIGHT = 80, 85  # recipients and signature
FIRST_LINE = 12.7
BEFORE = 6  # points between paragraphs (≥ 6)
SINGLE = 1.15  # of the letters: what Word calls single in Times
LEADING = 1.15  # single to one and a half
ADDRESSEES_AT = 28  # where "Kính gửi:" begins if the bodies stand below it
SIGNATURE_ROOM = 28  # for hand and seal

COUNTRY = 12
MOTTO = 13
BODY_NAME = 12  # parent and issuing body
NUMBER = 13
DATE = 13
DISPATCH_ABSTRACT = 12
STAMP = 13
KIND = 14
TO = 14
BODY = 14
SIGNATURE = 14
RECIPIENTS_LABEL = 12
RECIPIENTS = 11
PAGE_NUMBER = 13
ANNEX = 14
TABLE = 12
CELL = 1.5  # above and below the text of a cell

_MM = 72 / 25.4
_SHORT = 0.4  # of the text above: a third to a half
_TALL_ROW = 700  # letters; a row that may be longer than a page has to be allowed to break


@cache
def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How long a text is in mm, set in Times: accents stand above letters and add nothing."""
    return float(stringWidth(_bare(text), "Times-Bold" if bold else "Times-Roman", size)) / _MM


def short_line(text: str, size: float, column: float) -> float:
    """The line below an issuing body or an abstract: a third to a half of the text, which wraps in its column."""
    return min(width(text, size, bold=True), column) * _SHORT


def motto_line(text: str, column: float) -> float:
    """The line below the tiêu ngữ: as long as the text."""
    return min(width(text, MOTTO, bold=True), column)


def shares(widths: tuple[int, ...], whole: float) -> tuple[float, ...]:
    """Columns in the proportion that they want, filling the page from margin to margin."""
    return tuple(whole * each / sum(widths) for each in widths)


def may_break(row: tuple[str, ...]) -> bool:
    """Rows stay on one page, except those too tall for any."""
    return max(map(len, row), default=0) > _TALL_ROW
