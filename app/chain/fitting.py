"""Where the dates of a lower plan do not fit those of the plan that it carries out.

Whoever has to report by the 10th cannot collect on the 12th. Only what is alike is compared: reports with reports,
lists with lists, of the same rhythm, period by period. Nothing here is a rule of law; it is arithmetic to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from plans.deadlines import Slot, occurrences_between
from plans.model import Duty, Plan, Relation, RuleKind
from plans.text import fold


class Kind(StrEnum):
    """What does not fit."""

    TOO_LATE = "too_late"  # collected on or after the day by which it has to be passed on
    OWN_TOO_LATE = "own_too_late"  # the body's own report, by the lower plan, after the day of the higher one
    NOTHING = "nothing"  # the higher plan wants it, the lower one collects nothing of the kind
    ENDS_BEFORE = "ends_before"  # the lower plan ends before the higher one


@dataclass(frozen=True, slots=True)
class Misfit:
    """``wanted`` and ``given``: the last days that the upper and the lower duty name, in the first such period."""

    kind: Kind
    upper: Duty | None = None
    lower: Duty | None = None
    period: str = ""
    wanted: date | None = None
    given: date | None = None


# What is collected below and passed on above: a plan or a training is not.
_COLLECTED = ("bao cao", "danh sach", "thong ke", "so lieu", "tong hop", "so ket", "tong ket")


def misfits(upper: Plan, lower: Plan, body: str, *, start: date, end: date) -> tuple[Misfit, ...]:
    """What does not fit in the periods that fall due between the two days, one per duty; ``body`` owes above and has
    issued the lower plan."""
    return tuple(_misfits(upper, lower, body, start, end))


def _misfits(upper: Plan, lower: Plan, body: str, start: date, end: date) -> Iterator[Misfit]:
    for duty in upper.duties:
        if _owes(duty, body) and duty.rule.dated and (family := _family(duty)):
            yield from _of_duty(duty, family, upper, lower, start, end)
    if upper.until and lower.until and lower.until < upper.until:
        yield Misfit(Kind.ENDS_BEFORE, wanted=upper.until, given=lower.until)


def _of_duty(duty: Duty, family: str, upper: Plan, lower: Plan, start: date, end: date) -> Iterator[Misfit]:
    wanted = {slot.period: slot for slot in _slots(duty, upper, start, end)}
    if not wanted:
        return
    alike = [each for each in lower.duties if _family(each) == family and _rhythm(each) == _rhythm(duty)]
    if not alike and _rhythm(duty) is not RuleKind.ONCE:
        yield Misfit(Kind.NOTHING, upper=duty)
    for each in alike:
        own = all(party.relation is Relation.SELF for party in each.responsible)
        for slot in _slots(each, lower, start, end):
            asked = wanted.get(slot.period)
            if asked and (slot.last_day > asked.last_day or (slot.last_day == asked.last_day and not own)):
                kind = Kind.OWN_TOO_LATE if own else Kind.TOO_LATE
                yield Misfit(kind, duty, each, slot.period, asked.last_day, slot.last_day)
                break


def _owes(duty: Duty, body: str) -> bool:
    return any(party.agency == body for party in duty.responsible)


def _rhythm(duty: Duty) -> RuleKind:
    return duty.rule.kind


def _family(duty: Duty) -> str:
    """ "bao cao", "danh sach" …; "" for what is not passed on."""
    for words in (duty.product, duty.title):
        folded = fold(words or "")
        if found := next((each for each in _COLLECTED if folded.startswith(each)), ""):
            return found
    return ""


def _slots(duty: Duty, plan: Plan, start: date, end: date) -> list[Slot]:
    return list(occurrences_between(duty.rule, issued=plan.issued, start=start, end=end))
