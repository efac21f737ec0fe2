"""What officers type in a hurry: days without a year, numbers of papers in any spelling."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from plans.text import _
from tasks.errors import BadInput

_PARTS = re.compile(r"(\d{1,2})[/.\-\s](\d{1,2})(?:[/.\-\s](\d{4}|\d{2}))?")
_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_LEAP = 4 * 366  # days in which every day of the year comes, 29/02 too
EXCEL_FROM, EXCEL_TO = 20_000, 80_000  # serials of 1954 and 2119: no year and no number of a paper is meant
_EXCEL_ZERO = date(1899, 12, 30)  # Excel counts a 29/02/1900 that never was


def read_day(typed: str, label: str, *, today: date) -> date:
    """``09/12/2024``, ``9/12``, ``0912``, ``091224``; without a year it is the last such day. Raises BadInput."""
    text = typed.strip()
    found = _PARTS.fullmatch(text) or _DIGITS.fullmatch(text)
    iso = _ISO.fullmatch(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if found is None:
            raise ValueError(text)
        return _day(int(found[1]), int(found[2]), found[3], today)
    except ValueError:
        said = _("{label}: “{typed}” không phải ngày dạng dd/mm/yyyy.")
        raise BadInput(said.format(label=label, typed=text[:40])) from None


def _day(day: int, month: int, year: str | None, today: date) -> date:
    if year is not None:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    for back in range(_LEAP // 366 + 1):
        try:
            found = date(today.year - back, month, day)
        except ValueError:
            continue  # 29/02 of a year that has none
        if found <= today:
            return found
    raise ValueError(f"{day}/{month}")


def excel_day(serial: float) -> date | None:
    """The day that Excel stores as this number; None where it can hardly be one."""
    return _EXCEL_ZERO + timedelta(days=int(serial)) if EXCEL_FROM <= serial <= EXCEL_TO else None


def number_key(number: str) -> str:
    """Equal for one number in several spellings: ``012 /BC-STC`` and ``12/bc-stc``."""
    plain = "".join(unicodedata.normalize("NFC", number).casefold().split())
    return plain.lstrip("0") or plain
