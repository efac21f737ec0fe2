"""Which rungs an occurrence has, on which days, and which of them are due. Pure (D7).

A rung is named after its place: ``before-7``, ``before-1``, ``due``, ``check``, ``overdue-1``, ``lead``,
``overdue-2``, ``head-1``, ``head-2``. Reminders count calendar days before the strict last day and move to the
working day before; what follows counts working days after the last day that is on time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from plans.calendar import MORNING, WorkingCalendar, local_day, moment
from plans.model import Ladder, Relation
from tasks.model import OWED, Cause, Occurrence, State

FEED_NOTICE = 3  # working days before the lead's own report at which the head must know
REVIEW_AFTER = 3  # working days that a received paper may wait


class Role(StrEnum):
    """To whom a rung speaks."""

    AGENCY = "agency"
    OFFICER = "officer"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class Rung:
    name: str
    role: Role
    day: date  # a working day
    order: int  # place in the ladder: the later one is nearer to, or further past, the deadline

    @property
    def at(self) -> datetime:
        return moment(self.day, MORNING)

    @property
    def reminds(self) -> bool:
        """Before the deadline, not after it."""
        return reminds(self.name)


def reminds(rung: str) -> bool:
    """Whether a rung speaks before the deadline, not after it."""
    return rung == "due" or rung.startswith("before-")


def owner_role(o: Occurrence) -> Role:
    """To whom an occurrence's own messages go: what the lead unit owes itself is told to its officer."""
    return Role.OFFICER if o.relation is Relation.SELF else Role.AGENCY


def rungs_of(
    o: Occurrence, ladder: Ladder, calendar: WorkingCalendar, *, feeds_last_day: date | None = None
) -> tuple[Rung, ...]:
    """All rungs of an occurrence in the ladder's order.

    ``requested`` bodies are never escalated to the head. What the lead unit owes itself is told to its officer,
    and after the deadline only to its head. ``feeds_last_day`` is the strict last day of the lead's own report
    that this one goes into: the head hears of it three working days before at the latest, but not before the
    agency was told off once.
    """
    mine = o.relation is Relation.SELF
    found: list[Rung] = []

    def add(name: str, role: Role, day: date) -> None:
        found.append(Rung(name, role, day, len(found)))

    before = owner_role(o)
    for days in ladder.before:
        add(f"before-{days}", before, calendar.on_or_before(o.ladder_last_day - timedelta(days=days)))
    if ladder.due:
        add("due", before, calendar.on_or_before(o.ladder_last_day))
    late = o.ladder_late_after
    if not mine:
        if ladder.check is not None:
            add("check", Role.OFFICER, calendar.add(late, ladder.check))
        for number, days in enumerate(ladder.overdue, 1):
            add(f"overdue-{number}", Role.AGENCY, calendar.add(late, days))
        if ladder.lead is not None:
            add("lead", Role.OFFICER, calendar.add(late, ladder.lead))
    if o.relation is not Relation.REQUESTED:
        for number, days in enumerate(ladder.head, 1):
            day = calendar.add(late, days)
            if number == 1 and feeds_last_day is not None:
                day = max(min(day, calendar.add(feeds_last_day, -FEED_NOTICE)), _first_overdue(found, day))
            add(f"head-{number}", Role.HEAD, day)
    return tuple(found)


def _first_overdue(rungs: Iterable[Rung], otherwise: date) -> date:
    return next((r.day for r in rungs if r.name == "overdue-1"), otherwise)


def merged_days(rungs: Collection[Rung], *, after: date) -> tuple[Rung, ...]:
    """The rungs that will speak: later than ``after``, and of those on one day and role the nearest."""
    chosen: dict[tuple[Role, date], Rung] = {}
    for rung in rungs:
        if rung.day > after:
            known = chosen.get((rung.role, rung.day))
            if known is None or known.order < rung.order:
                chosen[rung.role, rung.day] = rung
    return tuple(sorted(chosen.values(), key=lambda r: (r.day, r.order)))


@dataclass(frozen=True, slots=True)
class Told:
    """A ledger row, as far as the rules need it."""

    id: int
    revision: int
    rung: str
    role: Role
    status: str  # queued, no_contact, composed, skipped
    reason: str | None = None

    @property
    def pending(self) -> bool:
        return self.status in ("queued", "no_contact")

    @property
    def by_hand(self) -> bool:
        """The officer's own word: no rung and no revision takes it back."""
        return self.rung.startswith("press-")

    @property
    def of_ladder(self) -> bool:
        return self.rung not in _EVENTS and not self.by_hand


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A ledger row to be written: queued, or skipped with the reason."""

    rung: str
    role: Role
    day: date
    skipped: str | None = None


def unfollowed(ledger: Iterable[Told]) -> Decision:
    """In a plan that is not followed any more nothing is said: what waits is dropped."""
    return Decision(drop={told.id: "closed" for told in ledger if told.pending})


@dataclass(slots=True)
class Decision:
    """What ``advance`` has to write for one occurrence."""

    notices: list[NewNotice] = field(default_factory=list)
    drop: dict[int, str] = field(default_factory=dict)  # pending ledger rows and why they go no further
    next_check_at: datetime | None = None


def decide(
    o: Occurrence,
    rungs: Collection[Rung],
    ledger: Collection[Told],
    calendar: WorkingCalendar,
    *,
    unreachable: Mapping[Role, str],
    now: datetime,
) -> Decision:
    """Which rungs of an occurrence are due and were never queued, and when to look again.

    0. What fell due before tracking is never spoken of.
    1. Nothing owed any more: what waits is dropped; a withdrawn miss is corrected if the agency was told off.
    2. A new revision that has a message of its own (``extended``, ``returned``) queues that message.
    3. Rungs on or before the day tracking began, or told before the revision, are skipped.
    4. Of the due ones the nearest to the deadline is queued per role; the others are skipped as ``same_day`` or
       ``superseded``, older ones that still wait as well.
    5. While an agency is muted (claim, promise, hold) its rungs wait; they are due on the working morning afterwards.
    6. A reminder never speaks after the last day that is on time, whatever it waited for.
    """
    decision = Decision()
    if o.before_tracking:
        decision.drop = {told.id: "before_activation" for told in ledger if told.pending}
        return decision
    if o.state not in OWED:
        _close(o, ledger, calendar, decision, unreachable, now)
        return decision
    known = {(t.rung, t.role) for t in ledger if t.revision == o.revision}
    owner, today = owner_role(o), local_day(now)
    if o.announce and (o.announce, owner) not in known:
        decision.notices.append(NewNotice(o.announce, owner, today, unreachable.get(owner)))
    early = {(rung.name, rung.role) for rung in rungs if rung.day <= o.tracked_from}
    for told in ledger:
        if told.pending and told.revision < o.revision and not told.by_hand:
            decision.drop[told.id] = "revised"
        elif told.pending and told.of_ladder and (told.rung, told.role) in early:
            decision.drop[told.id] = "before_activation"  # the start of tracking was moved
        elif told.pending and reminds(told.rung) and today > o.ladder_late_after:
            decision.drop[told.id] = "superseded"  # waited too long: for an address, or while sending was held
    settled = {(t.rung, t.role) for t in ledger if t.revision < o.revision and not t.pending and t.reason != "revised"}
    due: dict[Role, list[Rung]] = {}
    muted_to = moment(calendar.add(o.muted_until, 1), MORNING) if o.muted_until is not None else None
    for rung in rungs:
        if (rung.name, rung.role) in known:
            continue
        if skipped := _too_early(o, rung, settled):
            decision.notices.append(NewNotice(rung.name, rung.role, rung.day, skipped))
        elif rung.at > now:
            _look_again(decision, rung.at)
        elif rung.role is Role.AGENCY and muted_to is not None and now < muted_to:
            _look_again(decision, muted_to)
        elif rung.reminds and today > o.ladder_late_after:
            # nobody is told off by a reminder: first the officer's check (D7)
            decision.notices.append(NewNotice(rung.name, rung.role, rung.day, "superseded"))
        else:
            due.setdefault(rung.role, []).append(rung)
    for role, found in due.items():
        _queue_nearest(o, role, found, ledger, decision, unreachable)
    return decision


def _too_early(o: Occurrence, rung: Rung, settled: set[tuple[str, Role]]) -> str | None:
    if rung.day <= o.tracked_from:
        return "before_activation"
    told_anew = o.cause in (Cause.EXTENDED, Cause.RETURNED, Cause.PLAN)
    if o.revision > 1 and rung.at <= o.changed_at and (told_anew or (rung.name, rung.role) in settled):
        return "before_revision"
    return None


def _queue_nearest(
    o: Occurrence,
    role: Role,
    due: list[Rung],
    ledger: Collection[Told],
    decision: Decision,
    unreachable: Mapping[Role, str],
) -> None:
    nearest = max(due, key=lambda r: (r.day, r.order))
    for rung in due:
        passed_over = "same_day" if rung.day == nearest.day else "superseded"
        why = unreachable.get(role) if rung is nearest else passed_over
        decision.notices.append(NewNotice(rung.name, role, rung.day, why))
    for told in ledger:
        if told.pending and told.role is role and told.revision == o.revision and told.of_ladder:
            decision.drop.setdefault(told.id, "superseded")


_EVENTS = frozenset({"extended", "returned", "correction"})


def _close(
    o: Occurrence,
    ledger: Collection[Told],
    calendar: WorkingCalendar,
    decision: Decision,
    unreachable: Mapping[Role, str],
    now: datetime,
) -> None:
    why = "received" if o.state in (State.RECEIVED, State.ACCEPTED) else "closed"
    known = {(t.rung, t.role) for t in ledger if t.revision == o.revision}
    for told in ledger:
        kept = told.rung == "correction" or (told.rung == "review" and o.state is State.RECEIVED)
        if told.pending and not kept:
            decision.drop[told.id] = why
    owner = owner_role(o)
    if o.announce == "correction" and ("correction", owner) not in known and _told_off(ledger):
        decision.notices.append(NewNotice("correction", owner, local_day(now), unreachable.get(owner)))
    if o.state is State.RECEIVED and o.noted_at is not None and ("review", Role.OFFICER) not in known:
        day = calendar.add(local_day(o.noted_at), REVIEW_AFTER)
        if moment(day, MORNING) <= now:
            decision.notices.append(NewNotice("review", Role.OFFICER, day, unreachable.get(Role.OFFICER)))
        else:
            _look_again(decision, moment(day, MORNING))


def _told_off(ledger: Collection[Told]) -> bool:
    return any(t.rung.startswith("overdue") and t.status == "composed" for t in ledger)


def _look_again(decision: Decision, at: datetime) -> None:
    if decision.next_check_at is None or at < decision.next_check_at:
        decision.next_check_at = at
