"""A total beside the period before, the same period of the year before, and the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.figures.reported import Reported, Total, total
from plans.figure_numbers import number_text, rounded, unit_word
from plans.model import Figure, FigureKind, Target
from plans.text import _


@dataclass(frozen=True, slots=True)
class Change:
    """From another period to this one. ``percent`` is None where there was nothing before, and for percentages: these
    differ by percentage points (điểm phần trăm)."""

    difference: Decimal
    percent: Decimal | None
    complete: bool  # both totals are


@dataclass(frozen=True, slots=True)
class Reached:
    """How a total stands to its target. ``share``: percent of the bound. ``met`` is None while figures are missing
    that could change the answer; ``so_far``: whether those that are there meet it."""

    target: Target
    share: Decimal | None
    met: bool | None
    so_far: bool
    agencies: tuple[int, int] | None = None  # of percentages as typed: how many meet it, of how many


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure in this period and in the two that it is compared with; None: nobody was asked then."""

    figure: Figure
    now: Total
    before: Total | None
    year_ago: Total | None
    reached: Reached | None

    @property
    def since_before(self) -> Change | None:
        return change(self.now, self.before)

    @property
    def since_year_ago(self) -> Change | None:
        return change(self.now, self.year_ago)


def compare(
    figure: Figure,
    now: Sequence[Reported],
    before: Sequence[Reported],
    year_ago: Sequence[Reported],
    target: Target | None,
) -> Comparison:
    """``before`` and ``year_ago`` are empty where the duty had no such period."""
    here = total(figure, now)
    return Comparison(
        figure,
        here,
        total(figure, before) if before else None,
        total(figure, year_ago) if year_ago else None,
        reached(target, here, now) if target else None,
    )


def change(now: Total, then: Total | None) -> Change | None:
    """None where one of the two is not known."""
    if then is None or now.value is None or then.value is None:
        return None
    difference = now.value - then.value
    relative = now.figure.kind is not FigureKind.PERCENT and then.value != 0
    percent = rounded(difference * 100 / then.value) if relative else None
    return Change(difference, percent, now.complete and then.complete)


def reached(target: Target, total: Total, lines: Sequence[Reported]) -> Reached | None:
    """None where nothing can be said yet."""
    if total.figure.kind is FigureKind.PERCENT and not total.figure.computed:
        values = [value for line in lines if (value := line.value(total.figure)) is not None]
        if not values:
            return None
        meeting = sum(_meets(target, value) for value in values)
        met = meeting == len(values) if total.complete or meeting < len(values) else None
        return Reached(target, None, met, meeting == len(values), (meeting, len(values)))
    if total.value is None:
        return None
    bound = bound_of(target)
    share = rounded(total.value * 100 / bound) if bound else None
    return Reached(target, share, _met(target, total), _meets(target, total.value))


def _met(target: Target, total: Total) -> bool | None:
    """Missing counts can only add to a sum, so some answers stand already."""
    met = _meets(target, total.value or Decimal(0))
    if total.complete:
        return met
    grows = total.figure.kind is not FigureKind.PERCENT
    settled = grows and met == (target.at_least is not None)  # reached already, or above the limit already
    return met if settled else None


def _meets(target: Target, value: Decimal) -> bool:
    bound = bound_of(target)
    if target.at_least is not None:
        return value >= bound
    return value <= bound if target.at_most is not None else value < bound


def bound_of(target: Target) -> Decimal:
    """The number of the target."""
    given = next((each for each in (target.at_least, target.at_most, target.below) if each is not None), 0.0)
    return Decimal(repr(given))


# -- in words --


def change_text(found: Change | None, figure: Figure) -> str:
    """``+12 (+8,5%)``, ``−3``, ``+1,5 điểm %``; "" where nothing can be compared."""
    if found is None:
        return ""
    if figure.kind is FigureKind.PERCENT:
        return _("{n} điểm %").format(n=_signed(found.difference))
    if found.percent is None:
        return _signed(found.difference)
    return f"{_signed(found.difference)} ({_signed(found.percent)}%)"


def _signed(value: Decimal) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{number_text(abs(value))}"


def reached_text(found: Reached | None) -> str:
    """``Đạt 81,3% chỉ tiêu``, ``Đạt chỉ tiêu``, ``2/5 đơn vị đạt``, ``Vượt mức``."""
    if found is None:
        return ""
    if found.agencies is not None:
        meeting, of = found.agencies
        return _("{n}/{of} đơn vị đạt").format(n=meeting, of=of)
    if found.target.at_least is not None:
        said = _("Đạt chỉ tiêu") if found.so_far else _("Chưa đạt")
        if found.met is None:
            said = _("Tạm đạt, còn thiếu số liệu") if found.so_far else _("Chưa đạt, còn thiếu số liệu")
        share = found.share is not None and found.target.unit != "%"
        return _("{said} ({share}%)").format(said=said, share=number_text(found.share or Decimal(0))) if share else said
    if found.met is None:
        return _("Trong mức, còn thiếu số liệu") if found.so_far else _("Đang vượt mức, còn thiếu số liệu")
    return _("Trong mức") if found.met else _("Vượt mức")


def target_short(target: Target) -> str:
    """``≥ 80%``, ``≤ 5 xã``, ``< 2,1%``."""
    sign = "≥" if target.at_least is not None else "≤" if target.at_most is not None else "<"
    number = number_text(bound_of(target))
    return f"{sign} {number}%" if target.unit == "%" else f"{sign} {number} {target.unit}"


def total_text(found: Total | None) -> str:
    """With its unit, and a mark where agencies are missing."""
    if found is None or found.value is None:
        return "–"
    word = unit_word(found.figure)
    text = f"{number_text(found.value)}%" if word == "%" else f"{number_text(found.value)} {word}"
    return text if found.complete else f"{text}\u00a0*"
