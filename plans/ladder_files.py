"""The ``ladder`` of a plan or duty: only the rungs that differ from the usual ones are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import gt, lt
from typing import Any

from plans.fields import Fields, parse_scalar
from plans.model import DEFAULT_LADDER, FREQUENT_LADDER, Ladder, Recurrence, frequent
from plans.text import _
from plans.values import whole_number

_MAX_DAYS = 365


@dataclass(frozen=True, slots=True)
class LadderPart:
    """The rungs that a file names; the others stay as they are in the ladder it is laid over."""

    changes: Mapping[str, Any]

    def over(self, base: Ladder) -> Ladder:
        return replace(base, **self.changes)

    def whole(self) -> Ladder:
        """Laid over the usual ladder."""
        return self.over(DEFAULT_LADDER)


def duty_ladder(plan: LadderPart | None, duty: LadderPart | None, rule: Recurrence) -> Ladder | None:
    """The duty's rungs over the plan's over the usual ones of its kind; None where the file names none."""
    if plan is None and duty is None:
        return None
    ladder = FREQUENT_LADDER if frequent(rule) else DEFAULT_LADDER
    for part in (plan, duty):
        ladder = part.over(ladder) if part else ladder
    return ladder


def read_ladder(fields: Fields) -> LadderPart | None:
    """The ``ladder`` of these fields; None where there is none."""
    ladder = fields.child("ladder", "ladder")
    if ladder is None:
        return None
    changes: dict[str, Any] = {}
    for key, in_order, order in (
        ("before", gt, _("từ xa đến gần, ví dụ [7, 1]")),
        ("overdue", lt, _("tăng dần, ví dụ [2, 5]")),
        ("head", lt, _("tăng dần, ví dụ [5, 10]")),
    ):
        if ladder.switched_off(key):
            changes[key] = ()
        elif ladder.find(key) is not None:
            changes[key] = _distances(ladder, key, in_order, order)
    for key in ("check", "lead"):
        if ladder.switched_off(key):
            changes[key] = None
        elif (days := ladder.parsed(key, _days)) is not None:
            changes[key] = days
    if ladder.find("due") is not None:
        changes["due"] = ladder.flag("due")
    return LadderPart(changes)


def _distances(ladder: Fields, key: str, in_order: Callable[[int, int], bool], order: str) -> tuple[int, ...]:
    example = _("Ví dụ: {key}: [7, 1]").format(key=key)
    found = [parse_scalar(item, _days, example, ladder.report) for item in ladder.items(key)]
    days = tuple(day for day in found if day is not None)
    if not all(in_order(first, second) for first, second in pairwise(days)):
        ladder.add(key, _("các mốc không theo thứ tự"), _("Viết {order}").format(order=order))
    return days


def _days(text: str) -> int:
    return whole_number(text, 1, _MAX_DAYS)
