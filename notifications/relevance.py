"""Is it still worth saying? Asked again just before composing and just before sending (D8)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Row

from notifications.gather import Gatherer
from notifications.ladder import Role, reminds
from notifications.tables import notice as ledger
from notifications.weekly import stale
from notifications.weekly_page import over
from tasks.model import OWED, Cause, Occurrence, State
from tasks.tables import plan as plan_table

MUTED = "muted"
_ANNOUNCED = frozenset({"returned", "extended"})


def why_not(known: Gatherer, notice: Row[Any]) -> str | None:
    """Why this notice is not to be told now, None where it is.

    ``closed``, ``revised`` and ``agency_ended`` are for good; ``muted`` lasts as long as the claim, promise or hold,
    or until the day on which the rung falls due, where the clock ran ahead of it.
    """
    if notice.rung == "month":
        return "agency_ended" if _ended(known, notice.body) else None
    if notice.rung == "week":
        return "agency_ended" if _ended(known, notice.body) else stale(known.connection, notice, today=known.today)
    if notice.rung == "page":
        return "agency_ended" if _ended(known, notice.body) else over(known, notice)
    if not known.context.followed(notice.plan_id):
        return "closed"
    if notice.role == Role.AGENCY and _ended(known, notice.agency_id, notice.body):
        return "agency_ended"
    if notice.occurrence_id is None:
        if _told_anew(known, notice):
            return "superseded"
        begun = known.today >= _start_of(known, notice.plan_id)
        return None if begun and known.owed_in_plan(notice.plan_id, notice.agency_id) else "closed"
    o = known.occurrence(notice.occurrence_id)
    if o.before_tracking:
        return "before_activation"
    if all(duty.id != o.duty_id for duty in known.context.plan(o.plan_id).duties):
        return "closed"  # the plan no longer has it, so nobody could say what it is
    if notice.rung == "correction":
        return None if o.announce == "correction" else "closed"
    if notice.rung == "review":
        return None if o.state is State.RECEIVED else "closed"
    return _of_something_owed(known, notice, o)


def _of_something_owed(known: Gatherer, notice: Row[Any], o: Occurrence) -> str | None:
    if o.state not in OWED:
        return "closed"
    if notice.rung.startswith("press-"):
        return None
    if o.revision != notice.revision and not _stands_for(known, notice, o):
        return "revised"
    if notice.rung in _ANNOUNCED:
        return None
    if notice.day <= o.tracked_from:
        return "before_activation"  # the start of tracking was moved
    if reminds(notice.rung) and known.today > o.ladder_late_after:
        return "superseded"  # as in ``ladder.decide``: first the officer's check (D7)
    if notice.day > known.today:
        return MUTED  # it fell due under a clock since put back, and waits for its day
    by_ladder = notice.role == Role.AGENCY
    return MUTED if by_ladder and o.muted_until is not None and known.today <= o.muted_until else None


def _ended(known: Gatherer, *bodies: str) -> bool:
    """No message goes to a body after its last day (D10)."""
    until = (known.context.register[body].until for body in bodies)
    return any(day is not None and day < known.today for day in until)


def _told_anew(known: Gatherer, told: Row[Any]) -> bool:
    """What a body has to do is told once: the newer list holds everything that one still waiting would have told."""
    newer = select(ledger.c.id).where(
        ledger.c.subject == told.subject, ledger.c.rung == told.rung, ledger.c.revision > told.revision
    )
    return known.connection.execute(newer.limit(1)).first() is not None


def _start_of(known: Gatherer, plan_id: str) -> date:
    start = select(plan_table.c.active_from).where(plan_table.c.id == plan_id)
    return known.connection.execute(start).scalar_one() or known.today


def _stands_for(known: Gatherer, told: Row[Any], o: Occurrence) -> bool:
    """A new revision that does not tell this rung again counts on its having been told before."""
    counted_on = select(ledger.c.id).where(
        ledger.c.subject == told.subject,
        ledger.c.revision == o.revision,
        ledger.c.rung == told.rung,
        ledger.c.role == told.role,
        ledger.c.reason == "before_revision",
    )
    silent = o.cause in (Cause.CALENDAR, Cause.READING, Cause.START)
    return silent and known.connection.execute(counted_on).first() is not None
