"""How an occurrence is called in a sentence."""

from __future__ import annotations

from plans.model import Duty, RuleKind
from plans.text import _


def occurrence_title(duty: Duty, period: str) -> str:
    """``Báo cáo năm 2024``, ``Báo cáo tháng 02/2024``, ``Báo cáo 6 tháng đầu năm 2024``, ``Kế hoạch triển khai``."""
    if period == "once":
        return duty.title
    year, _dash, part = period.partition("-")
    match duty.rule.kind:
        case RuleKind.MONTHLY:
            month = f"{part}/{year}"
            return (
                f"{duty.title} {month}"
                if duty.title.endswith("tháng")
                else _("{title} tháng {month}").format(title=duty.title, month=month)
            )
        case RuleKind.QUARTERLY:
            quarter = f"{('I', 'II', 'III', 'IV')[int(part[1]) - 1]}/{year}"
            return (
                f"{duty.title} {quarter}"
                if duty.title.endswith("quý")
                else _("{title} quý {quarter}").format(title=duty.title, quarter=quarter)
            )
        case RuleKind.OTHER if part.startswith("W"):
            week = f"{part[1:]}/{year}"
            return (
                f"{duty.title} {week}"
                if duty.title.endswith("tuần")
                else _("{title} tuần {week}").format(title=duty.title, week=week)
            )
        case RuleKind.OTHER:
            return _("{title} kỳ {period}").format(title=duty.title, period="/".join(reversed(period.split("-"))))
        case _other:
            return duty.title if duty.title.endswith(year) else f"{duty.title} {year}"
