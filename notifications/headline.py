"""What a message is about before anything else: its most urgent item, its nearest deadline, the plans it speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from notifications.facts import Item
from notifications.phrases import Situation, days_over, deadline, situation_of
from plans.text import _n, two_digits


def headline(items: Sequence[Item], *, today: date) -> tuple[Item, int]:
    """The item a message is about, and how many more are in exactly its situation.

    Items whose rung fell due today come first: they are why the message is sent. For reminders only those of the
    same day are counted, since the subject names one day.
    """
    spoken = [item for item in items if item.rung] or list(items)

    def urgency(item: Item) -> tuple[Situation, int, int]:
        return situation_of(item, today=today), days_over(item, today=today), -deadline(item).toordinal()

    first = max(spoken, key=urgency)
    situation = situation_of(first, today=today)
    others = [
        item
        for item in spoken
        if item is not first
        and item.relation is first.relation
        and situation_of(item, today=today) is situation
        and (situation in (Situation.OVERDUE, Situation.PASSED) or deadline(item) == deadline(first))
    ]
    return first, len(others)


def nearest(items: Iterable[Item], *, today: date) -> date:
    """The nearest deadline that is not over yet; where all are over, the first."""
    days = sorted(deadline(item) for item in items)
    return next((day for day in days if day >= today), days[0])


def plans_of(items: Sequence[Item]) -> str:
    """``KH kèm QĐ 2316/QĐ-UBND``, and how many plans more."""
    names = list(dict.fromkeys(item.plan_short for item in items))
    if len(names) == 1:
        return names[0]
    others = len(names) - 1
    return _n("{plan} và {n} kế hoạch khác", others).format(plan=names[0], n=two_digits(others))
