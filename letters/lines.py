"""The lines of a letter as they are printed, the same for .docx and .pdf. They are the form's, so always Vietnamese.

Every text goes through ``clean``: what is handed over may have been typed, pasted or read from a scan.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date

from letters.model import Annex, Letter, Paragraph
from plans.model import PartialDate

COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
TO = "Kính gửi:"
RECIPIENTS = "Nơi nhận:"
END = "./."
REPORT = "BÁO CÁO"
_NO_NUMBER = "      "
_NO_DAY = "     "
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def clean(text: str) -> str:
    """NFC, one line, single blanks; without control characters and what else XML or a page cannot hold."""
    kept = []
    for char in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(char)
        if kind in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif kind not in ("Cf", "Cs", "Co", "Cn"):
            kept.append(char)
    return " ".join("".join(kept).split())


def capitals(text: str) -> str:
    return clean(text).upper()


def number_line(letter: Letter) -> str:
    """``Số: 05/CAT-PC10``; a draft ``Số:      /CAT-PC10``."""
    return f"Số: {_number(letter)}/{clean(letter.symbol)}"


def _number(letter: Letter) -> str:
    number = clean(letter.number or "")
    if not number:
        return _NO_NUMBER
    return f"{int(number):02d}" if number.isdecimal() else number


def day_words(day: date | PartialDate | None) -> str:
    """``ngày 05 tháng 3 năm 2024``: a 0 before days below 10 and months 1 and 2 only (Phụ lục I, mục II.4)."""
    number = f"{day.day:02d}" if day and day.day else _NO_DAY
    month = (f"{day.month:02d}" if day.month < 3 else str(day.month)) if day and day.month else _NO_DAY
    year = str(day.year) if day else _NO_NUMBER
    return f"ngày {number} tháng {month} năm {year}"


def date_line(letter: Letter) -> str:
    """``Sơn La, ngày 05 tháng 01 năm 2024``."""
    return f"{clean(letter.place)}, {day_words(letter.date)}".rstrip()


def abstract_line(letter: Letter) -> str:
    """``V/v đôn đốc …`` of a công văn; the abstract of a report stands under its kind as it is."""
    abstract = clean(letter.abstract)
    return f"V/v {abstract}" if letter.dispatch else abstract


def addressee_lines(letter: Letter) -> tuple[str, ...]:
    """One: behind "Kính gửi:" as it is; several: ``- …;``, the last with a full stop."""
    names = [name for each in letter.addressees if (name := clean(each).rstrip(";. "))]
    return tuple(names) if len(names) < 2 else listed(names)


def recipient_lines(letter: Letter) -> tuple[str, ...]:
    return listed(line for each in letter.recipients if (line := clean(each).rstrip(";. ")))


def listed(names: Iterable[str]) -> tuple[str, ...]:
    """``- …;`` and the last ``- ….``"""
    bare = [name.removeprefix("- ") for name in names]
    return tuple(f"- {name}{'.' if at == len(bare) else ';'}" for at, name in enumerate(bare, start=1))


def body(letter: Letter) -> tuple[Paragraph, ...]:
    """The paragraphs that say something, the last one with the mark of the end."""
    said = [Paragraph(text, each.form) for each in letter.body if (text := clean(each.text))]
    if said:
        said[-1] = Paragraph(said[-1].text.removesuffix(END).rstrip(".; ") + END, said[-1].form)
    return tuple(said)


def signature_name(letter: Letter) -> str:
    return clean(letter.signature.name or "")


def annex_heading(letter: Letter, at: int) -> tuple[str, str, str]:
    """``PHỤ LỤC`` (numbered where there are several), its title, and to which letter it belongs."""
    number = f" {_ROMAN[at]}" if len(letter.annexes) > 1 and at < len(_ROMAN) else ""
    kind = "Công văn" if letter.dispatch else "Báo cáo"
    belongs = f"(Kèm theo {kind} số {_number(letter)}/{clean(letter.symbol)} {day_words(letter.date)}"
    return f"PHỤ LỤC{number}", clean(letter.annexes[at].title), f"{belongs} của {clean(letter.named)})"


def rows(annex: Annex) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(clean(cell) for cell in row) for row in annex.table.rows)
