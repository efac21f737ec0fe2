"""A deadline's rule in words, as an office says it: "trước ngày 10/12 hằng năm"."""

from __future__ import annotations

from plans.model import LAST_DAY_OF_MONTH, Boundary, OnceDate, PartialDate, Recurrence, RuleKind, YearDay
from plans.text import N_, _, day_text

WEEKDAYS = (
    N_("thứ Hai"),
    N_("thứ Ba"),
    N_("thứ Tư"),
    N_("thứ Năm"),
    N_("thứ Sáu"),
    N_("thứ Bảy"),
    N_("Chủ nhật"),
)
_ROMAN = ("I", "II", "III", "IV")


def boundary_word(boundary: Boundary) -> str:
    """The word in front of the date."""
    return {
        Boundary.BEFORE: _("trước"),
        Boundary.ON: _("vào"),
        Boundary.BY: _("chậm nhất"),
        Boundary.WITHIN: _("trong"),
    }[boundary]


def rule_words(rule: Recurrence) -> str:
    """The rule without the words of its plan; "" is never returned."""
    if not rule.dated:
        return _undated(rule.kind)
    before = boundary_word(rule.boundary) if rule.boundary else ""
    said = f"{before} {_when(rule)}".strip()
    if rule.start:
        said += _(", từ {day}").format(day=day_text(rule.start))
    if rule.until:
        said += _(", đến {day}").format(day=day_text(rule.until))
    return said


def _undated(kind: RuleKind) -> str:
    return {
        RuleKind.MONTHLY: _("hằng tháng, không nêu ngày"),
        RuleKind.QUARTERLY: _("hằng quý, không nêu ngày"),
        RuleKind.SEMIANNUAL: _("6 tháng một lần, không nêu ngày"),
        RuleKind.ANNUAL: _("hằng năm, không nêu ngày"),
        RuleKind.CONTINUOUS: _("thường xuyên (không tính hạn)"),
    }.get(kind, _("văn bản không nêu ngày"))


def _when(rule: Recurrence) -> str:
    if rule.on is not None:
        return once_words(rule.on)
    if rule.dates:
        return _("các ngày {days}").format(days=", ".join(day_text(day) for day in rule.dates))
    if rule.weekday is not None:
        return _("{weekday} hằng tuần").format(weekday=_(WEEKDAYS[rule.weekday - 1]))
    days = _(" và ").join(_year_day(day, rule.kind) for day in rule.days)
    if rule.kind is RuleKind.MONTHLY:
        return _("{days} hằng tháng").format(days=days)
    if rule.kind is RuleKind.QUARTERLY:
        return _("{days} hằng quý").format(days=days)
    return _("{days} hằng năm").format(days=days)


def _year_day(day: YearDay, kind: RuleKind) -> str:
    last = day.day == LAST_DAY_OF_MONTH
    if day.month is None:
        return _("ngày cuối tháng") if last else _("ngày {day}").format(day=day.day)
    if kind is RuleKind.QUARTERLY:
        which = _("ngày cuối") if last else _("ngày {day}").format(day=day.day)
        return _("{day} tháng thứ {n} của quý").format(day=which, n=day.month)
    if last:
        return _("ngày cuối tháng {month}").format(month=day.month)
    return _("ngày {day:02d}/{month:02d}").format(day=day.day, month=day.month)


def once_words(on: OnceDate) -> str:
    """A day, month, quarter or year."""
    if on.quarter is not None:
        return _("quý {n}/{year}").format(n=_ROMAN[on.quarter - 1], year=on.year)
    if on.day is not None:
        return _("ngày {date}").format(date=date_words(PartialDate(on.year, on.month, on.day)))
    if on.month is not None:
        return _("tháng {month}/{year}").format(month=on.month, year=on.year)
    return _("năm {year}").format(year=on.year)


def date_words(day: PartialDate) -> str:
    """A date whose day or month may be blank: ``07/11/2023``, ``tháng 01/2024``, ``năm 2024``."""
    if day.exact is not None:
        return day_text(day.exact)
    if day.month is not None:
        return _("tháng {month:02d}/{year}").format(month=day.month, year=day.year)
    return _("năm {year}").format(year=day.year)
