"""A deadline in plain words: how the damaged words of a scan are to be read, and whether they are damaged."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

_MARKED_LEAST = 0.1  # of the letters of a Vietnamese text, more than one in five bears a mark
_ROMAN = ("I", "II", "III", "IV")
_BOUNDARY = {"before": "trước", "on": "vào", "by": "chậm nhất", "within": "trong"}
_WEEKDAYS = ("Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy")


def damaged(text: str) -> bool:
    """Whether the marks of the letters were lost."""
    letters = [c for c in unicodedata.normalize("NFC", text) if c.isalpha()]
    return bool(letters) and sum(not c.isascii() for c in letters) / len(letters) < _MARKED_LEAST


def in_words(due: Mapping[str, Any]) -> str | None:
    """``trước ngày 10/11/2023`` for the ``due`` of a plan file; None for what takes more than a few words.

    In Vietnamese whatever the language of the screen: it stands for words of the document.
    """
    if due["kind"] == "continuous":
        return "thường xuyên"
    every = {"monthly": "hằng tháng", "quarterly": "hằng quý", "annual": "hằng năm"}.get(due["kind"])
    before = _BOUNDARY.get(str(due.get("boundary", "")), "")
    if "on" in due:
        return f"{before} {_once(str(due['on']))}".strip()
    if "weekday" in due:
        number = int(due["weekday"])
        return f"{'Chủ nhật' if number == 7 else 'thứ ' + _WEEKDAYS[number - 1]} hằng tuần"
    if "day" not in due:
        return every
    if every is None or due["kind"] == "quarterly":
        return None
    day = "ngày cuối tháng" if due["day"] == "last" else f"ngày {int(due['day']):02d}"
    month = f"/{int(due['month'])}" if due.get("month") and due["day"] != "last" else ""
    return f"{before} {day}{month} {every}".strip()


def _once(on: str) -> str:
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", on):
        return f"quý {_ROMAN[int(found[2]) - 1]}/{found[1]}"
    parts = on.split("-")
    match parts:
        case [year]:
            return f"năm {year}"
        case [year, month]:
            return f"tháng {int(month)}/{year}"
    return f"ngày {parts[2]}/{parts[1]}/{parts[0]}"
