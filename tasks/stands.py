"""A date that stands nowhere in the document cannot be produced: what a person sets is looked for in the text."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from plans.text import _, fold, weekday_name
from tasks.errors import BadInput
from tasks.reading_model import Item

_DAY = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?|(\d{1,2})/(\d{1,2})/(\d{4})|(\d{4})-Q([1-4])|(\d{4})")
_ONES = re.compile(r"[il1]{1,3}")  # Roman numbers, also as a scan has them: "IlI", "I11"
_TERM = re.compile(
    r"\b(?:trong|sau|qua|han)(?: vong| thoi han| thoi gian)? \d+ (?:ngay|tuan|thang|gio)\b(?! dau| cuoi| nam)"
    r"|\b\d+ (?:ngay|tuan|thang|gio)(?: lam viec)? (?:ke tu|tinh tu|tu khi|sau|truoc)\b"
)
_WEEKDAYS = ("hai", "ba", "tu", "nam", "sau", "bay", "nhat")
_HIDDEN_MONTH = ("quarterly", "semiannual")  # "ngày 20 của tháng cuối quý": the month's number is not printed


@dataclass(frozen=True, slots=True)
class _Part:
    """A day, month or quarter that a rule names; None where it does not say. ``day`` 0 is the last of the month."""

    said: str
    year: int | None = None
    quarter: int | None = None
    month: int | None = None
    day: int | None = None


def refuse_unwritten(item: Item, text: str) -> None:
    """Raises BadInput where the rule that a person has set names a day, month or quarter that the text does not.

    A term that is counted ("trong 10 ngày kể từ …") names no day: there the day is the person's own reckoning.
    """
    if item.rule is None or not dated(item.rule):
        return
    quote = fold(item.time.of(text)) if item.time else ""
    if not quote:
        raise BadInput(_("Chọn cụm từ chỉ thời hạn trong văn bản: ngày không nằm trong văn bản thì không đặt được."))
    if _TERM.search(quote):
        return
    words = fold(text)
    missing = next((part for part in _all_parts(item.rule) if not _stands(part, quote, words)), None)
    if missing is not None:
        said = _("Văn bản không nêu “{what}”: ngày không nằm trong văn bản thì không đặt được.")
        raise BadInput(said.format(what=missing.said))


def dated(rule: Mapping[str, Any]) -> bool:
    """Whether the rule names a day at all."""
    return any(rule.get(name) for name in ("on", "day", "days", "dates", "weekday"))


def _all_parts(rule: Mapping[str, Any]) -> list[_Part]:
    """Raises BadInput for what is no day at all."""
    try:
        return list(_parts(rule))
    except (ValueError, TypeError, AttributeError, IndexError):
        typed = next((str(rule[n]) for n in ("weekday", "days", "day", "month") if rule.get(n)), "")
        raise BadInput(_("“{typed}” không phải ngày, tháng, quý hoặc năm.").format(typed=typed[:40])) from None


def _parts(rule: Mapping[str, Any]) -> Iterator[_Part]:
    for said in (rule.get("on"), *(rule.get("dates") or ())):
        if said:
            yield _once(str(said))
    hidden = rule.get("kind") in _HIDDEN_MONTH
    for each in rule.get("days") or [rule]:
        day, month = each.get("day"), each.get("month")
        if day:
            said = f"{day}/{month}" if month and not hidden else str(day)
            yield _Part(said, month=None if hidden or not month else int(month), day=0 if day == "last" else int(day))
    if weekday := rule.get("weekday"):
        if int(weekday) not in range(1, 8):
            raise ValueError(weekday)
        yield _Part(weekday_name(date(2024, 1, int(weekday))), quarter=-int(weekday))  # 1/1/2024 was a Monday


def _once(said: str) -> _Part:
    """Raises BadInput for what is no day, month, quarter or year."""
    found = _DAY.fullmatch(said)
    if found is None:
        raise BadInput(_("“{typed}” không phải ngày, tháng, quý hoặc năm.").format(typed=said[:40]))
    year, month, day, day2, month2, year2, of_quarter, quarter, alone = (int(g) if g else None for g in found.groups())
    return _Part(said, year or year2 or of_quarter or alone, quarter, month or month2, day or day2)


def _stands(part: _Part, quote: str, text: str) -> bool:
    if part.year is not None and str(part.year) not in text:
        return False
    if part.quarter is not None:
        return _weekday(-part.quarter, quote) if part.quarter < 0 else part.quarter in _numbers(quote)
    if not part.day:
        return part.month is None or _month(part.month, quote, text)
    if part.month is None:
        return part.day in _numbers(quote)
    pair = rf"\b0?{part.day} (?:thang )?0?{part.month}\b"
    if re.search(pair, text) or (part.day in _numbers(quote) and _month(part.month, quote, text)):
        return True
    ends = part.year is not None and 1 <= part.month <= 12 and calendar.monthrange(part.year, part.month)[1] == part.day
    return ends and bool({part.month, (part.month + 2) // 3} & _numbers(quote))


def _month(month: int, quote: str, text: str) -> bool:
    return month in _numbers(quote) or bool(re.search(rf"\bthang 0?{month}\b", text))


def _weekday(weekday: int, quote: str) -> bool:
    return _WEEKDAYS[weekday - 1] in quote.split() or weekday + 1 in _numbers(quote)


def _numbers(quote: str) -> set[int]:
    words = quote.split()
    found = {int(word) for word in words if word.isdigit()} | {len(word) for word in words if _ONES.fullmatch(word)}
    return found | ({4} if "iv" in words else set())
