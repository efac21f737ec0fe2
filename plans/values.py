"""Single values of the plan format read from text: whole numbers, dates, ids. Each says what to write instead."""

from __future__ import annotations

import calendar as months
import re
from datetime import date
from enum import StrEnum
from typing import TypeVar

from plans.errors import PlansError
from plans.model import OnceDate, PartialDate
from plans.text import _

MAX_ID = 60
_FIRST_YEAR, _LAST_YEAR = 1945, 2100
_ID = re.compile(r"[a-z0-9-]+")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_VIETNAMESE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_ISO_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_VIETNAMESE_MONTH = re.compile(r"([0-9]{1,2})/([0-9]{4})")
_YEAR = re.compile(r"[0-9]{4}")
_QUARTER = re.compile(r"([0-9]{4})-[Qq](.+)")
_SPOKEN_QUARTER = re.compile(r"qu[ýy]\s*([ivxIVX]+|[0-9]+)\b.*?([0-9]{4})", re.IGNORECASE)
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
_PERIOD = re.compile(r"once|[0-9]{4}(-H[12]|-Q[1-4]|-(0[1-9]|1[0-2]))?")
_INTEGER = re.compile(r"[+-]?[0-9]{1,9}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,9})?")

Choice = TypeVar("Choice", bound=StrEnum)


class Unreadable(PlansError):
    """A value that is not what its field wants; the reader adds file and line."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def whole_number(text: str, low: int, high: int) -> int:
    """Raises Unreadable where the text is no whole number from ``low`` to ``high``."""
    hint = _("Viết số nguyên từ {low} đến {high}").format(low=low, high=high)
    if not _INTEGER.fullmatch(text):
        raise Unreadable(_("“{text}” không phải là số nguyên").format(text=_cut(text)), hint)
    number = int(text)
    if not low <= number <= high:
        raise Unreadable(_("{number} nằm ngoài khoảng cho phép").format(number=number), hint)
    return number


def decimal(text: str) -> float:
    """Raises Unreadable where the text is no number written with a decimal point."""
    if not _DECIMAL.fullmatch(text):
        message = _("“{text}” không phải là số").format(text=_cut(text))
        raise Unreadable(message, _("Viết số với dấu chấm thập phân, không kèm đơn vị, ví dụ 2.1"))
    return float(text)


def choice(text: str, options: type[Choice]) -> Choice:
    """Raises Unreadable where the text is none of the options."""
    try:
        return options(text)
    except ValueError:
        message = _("không có giá trị “{text}”").format(text=_cut(text))
        hint = _("Viết một trong: {options}").format(options=", ".join(options))
        raise Unreadable(message, hint) from None


def identifier(text: str) -> str:
    """Raises Unreadable where the text cannot be an id (it becomes part of occurrence ids and addresses)."""
    if len(text) > MAX_ID:
        message = _("mã dài {n} ký tự").format(n=len(text))
        raise Unreadable(message, _("Viết mã không quá {n} ký tự").format(n=MAX_ID))
    if not _ID.fullmatch(text):
        message = _("mã “{text}” có ký tự không được phép").format(text=_cut(text))
        raise Unreadable(message, _("Chỉ dùng chữ thường không dấu, chữ số và dấu “-”, ví dụ bao-cao-nam"))
    return text


def period(text: str) -> str:
    """The period named by a one-off report. Raises Unreadable."""
    if not _PERIOD.fullmatch(text):
        message = _("không hiểu kỳ “{text}”").format(text=_cut(text))
        raise Unreadable(message, _("Viết 2024, 2024-H1, 2024-Q2 hoặc 2024-06"))
    return text


def calendar_day(text: str) -> date:
    """2023-11-15 or 15/11/2023. Raises Unreadable, also for a day that the calendar does not have."""
    if found := _ISO.fullmatch(text):
        return _date(*(int(part) for part in found.groups()))
    if found := _VIETNAMESE.fullmatch(text):
        return _date(*(int(part) for part in reversed(found.groups())))
    message = _("“{text}” không phải là ngày").format(text=_cut(text))
    raise Unreadable(message, _("Viết năm-tháng-ngày hoặc ngày/tháng/năm: 2023-11-15 hoặc 15/11/2023"))


def partial_date(text: str) -> PartialDate:
    """A date whose day, or day and month, may be blank. Raises Unreadable."""
    if (month := _year_month(text)) is not None:
        return PartialDate(*month)
    if _YEAR.fullmatch(text):
        return PartialDate(_year(int(text)))
    try:
        day = calendar_day(text)
    except Unreadable as error:
        if _ISO.fullmatch(text) or _VIETNAMESE.fullmatch(text):
            raise
        hint = _("Viết 2023-11-07; nếu văn bản để trống ngày thì viết 2024-01 hoặc 2023")
        raise Unreadable(error.message, hint) from None
    return PartialDate(day.year, day.month, day.day)


def once_date(text: str) -> OnceDate:
    """A day, month, quarter or year. Raises Unreadable."""
    if found := _QUARTER.fullmatch(text):
        return OnceDate(_year(int(found[1])), quarter=_quarter(found[2], found[1]))
    if found := _SPOKEN_QUARTER.search(text):
        quarter = _quarter(found[1], found[2])
        hint = _("Viết {year}-Q{quarter}").format(year=found[2], quarter=quarter)
        raise Unreadable(_("“{text}” chưa viết đúng dạng").format(text=_cut(text)), hint)
    try:
        day = partial_date(text)
    except Unreadable as error:
        if _ISO.fullmatch(text) or _VIETNAMESE.fullmatch(text):
            raise
        hint = _("Viết một ngày (2023-11-15), tháng (2024-08), quý (2024-Q2) hoặc năm (2024)")
        raise Unreadable(error.message, hint) from None
    return OnceDate(day.year, month=day.month, day=day.day)


def days_in(month: int) -> int:
    """The days a month has in every year: 28 for February."""
    return months.monthrange(2023, month)[1]


def _quarter(text: str, year: str) -> int:
    number = _ROMAN.get(text.upper()) or (int(text) if re.fullmatch("[0-9]{1,3}", text) else 0)
    if not 1 <= number <= 4:
        message = _("không có quý {text}: một năm chỉ có bốn quý").format(text=_cut(text))
        raise Unreadable(message, _("Viết {year}-Q1, {year}-Q2, {year}-Q3 hoặc {year}-Q4").format(year=year))
    return number


def _year_month(text: str) -> tuple[int, int] | None:
    if found := _ISO_MONTH.fullmatch(text):
        year, month = int(found[1]), int(found[2])
    elif found := _VIETNAMESE_MONTH.fullmatch(text):
        year, month = int(found[2]), int(found[1])
    else:
        return None
    return _year(year), _month(month)


def _date(year: int, month: int, day: int) -> date:
    _year(year)
    _month(month)
    last = months.monthrange(year, month)[1]
    if not 1 <= day <= last:
        message = _("không có ngày {day:02d}/{month:02d}/{year}: tháng đó có {last} ngày")
        hint = _("Viết một ngày có thật, ví dụ {example}").format(example=date(year, month, last).isoformat())
        raise Unreadable(message.format(day=day, month=month, year=year, last=last), hint)
    return date(year, month, day)


def _month(month: int) -> int:
    if not 1 <= month <= 12:
        message = _("không có tháng {month}").format(month=month)
        raise Unreadable(message, _("Viết tháng từ 1 đến 12; thứ tự là năm-tháng-ngày hoặc ngày/tháng/năm"))
    return month


def _year(year: int) -> int:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        message = _("năm {year} nằm ngoài khoảng cho phép").format(year=year)
        raise Unreadable(message, _("Viết năm từ {low} đến {high}").format(low=_FIRST_YEAR, high=_LAST_YEAR))
    return year


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"
