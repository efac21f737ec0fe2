"""What the next working morning will say of many occurrences if nobody does anything.

``advance`` decides at that moment; here the same decision is asked for ahead of it and nothing is written. Only rows
whose ``next_check_at`` will have come, and those with something queued, can speak (D2): the cost goes with what is due.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from notifications.coming import post_for
from notifications.contacts import ContactRole
from notifications.fate import reason_word
from notifications.ladder import Role, Told, reminds
from notifications.planner import PlanningContext, ledger_of
from plans.calendar import MORNING, WorkingCalendar, local_day, moment
from plans.text import _, short_day
from tasks.model import Occurrence

_SILENT = frozenset({"same_day", "superseded", "before_activation", "before_revision"})
_PRESSING = ("check", "overdue", "lead", "head")


@dataclass(frozen=True, slots=True)
class Word:
    """One rung that will speak of an occurrence. ``against``: what stands in its way, in words (None: nothing)."""

    rung: str
    role: Role
    body: str
    post: ContactRole
    against: str | None

    @property
    def presses(self) -> bool:
        """After the deadline: somebody is told off, or told on."""
        return presses(self.rung)


@dataclass(frozen=True, slots=True)
class Spoken:
    """An occurrence of which something will be said."""

    occurrence: Occurrence
    words: tuple[Word, ...]


def presses(rung: str) -> bool:
    """Whether a rung speaks because nothing came in time."""
    return not reminds(rung) and rung.partition("-")[0] in _PRESSING


def next_morning(calendar: WorkingCalendar, now: datetime) -> datetime:
    """07:30 of the next working day; of today where that is still ahead."""
    day = calendar.on_or_after(local_day(now))
    at = moment(day, MORNING)
    return at if at > now else moment(calendar.add(day, 1), MORNING)


def spoken(context: PlanningContext, found: Sequence[Occurrence], *, at: datetime) -> Iterator[Spoken]:
    """Those of which something will be said at ``at``, in the given order: what falls due, and what is queued."""
    ledger = ledger_of(context.connection, [o.id for o in found])
    for o in found:
        told = ledger.get(o.id, [])
        decision = context.decide(o, told, now=at)
        new = [(each.rung, each.role, _why(each.skipped)) for each in decision.notices if each.skipped not in _SILENT]
        kept = [each for each in told if each.status == "queued" and each.id not in decision.drop]
        words = tuple(
            Word(rung, role, *post_for(context, o, role), against)
            for rung, role, against in (*new, *((each.rung, each.role, _rests(o, each, at)) for each in kept))
        )
        if words:
            yield Spoken(o, words)


def _why(skipped: str | None) -> str | None:
    return reason_word(skipped) if skipped else None


def _rests(o: Occurrence, told: Told, at: datetime) -> str | None:
    """A queued word of the ladder waits while the agency is held back (``relevance``)."""
    rests = told.role is Role.AGENCY and told.of_ladder and o.muted_until is not None
    if rests and o.muted_until is not None and local_day(at) <= o.muted_until:
        return _("tạm dừng nhắc đến {day}").format(day=short_day(o.muted_until))
    return None
