"""How the plans stand that a plan orders of the bodies below it: there, there too late, only on paper, missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.engine import Connection

from app.chain.fitting import Misfit, misfits
from app.chain.linking import below, issued_by
from plans.model import Duty, Plan, Register, Relation
from plans.text import fold, sort_key
from tasks.model import OWED, PlanStatus, State
from tasks.tables import occurrence
from tasks.tables import plan as plan_table

_GONE = (State.WAIVED.value, State.TRANSFERRED.value, State.CANCELLED.value)


class LowerState(StrEnum):
    """How a lower plan stands. Whether it came too late is another question: ``Lower.days_late``."""

    FOLLOWED = "followed"  # in the register and followed
    REGISTERED = "registered"  # in the register: a draft, or stopped
    PAPER = "paper"  # its paper came in, the register does not hold it
    WAITING = "waiting"  # not due yet
    BEFORE = "before"  # its day lay before following began: nobody was asked for it (D10)
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Lower:
    """The plan that one body owes. ``last_day`` None: no day for it, or the duty is not followed."""

    body: str  # agency id
    name: str
    state: LowerState
    last_day: date | None = None
    days_late: int = 0  # calendar days
    plan: Plan | None = None
    occurrence: str | None = None
    misfits: tuple[Misfit, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """``asked``: whether the plan orders lower plans at all; ``others``: plans below it that nobody was asked for."""

    asked: bool
    lower: tuple[Lower, ...]
    others: tuple[Plan, ...]

    def count(self, *states: LowerState) -> int:
        return sum(each.state in states for each in self.lower)


def orders_plans(duty: Duty) -> bool:
    """Whether its bodies have to issue a plan of their own: by the product, else the title."""
    return fold(duty.product or duty.title).startswith("ke hoach")


def lower_plans(connection: Connection, plan: Plan, register: Register, *, today: date) -> Standing:
    """For every body that owes a plan of its own, and for the plans below that name this one. Three queries."""
    linked = below(connection, plan)
    duties = [duty for duty in plan.duties if orders_plans(duty) and duty.rule.dated]
    owed = _owed(connection, plan, duties)
    status = _status(connection, linked)
    found = []
    for duty in duties:
        for party in duty.responsible:
            if party.relation is Relation.SELF or register[party.agency].unlisted:
                continue
            own = next((each for each in linked if issued_by(each, register[party.agency])), None)
            found.append(_lower(plan, party.agency, register, own, owed.get((duty.id, party.agency)), status, today))
    used = {each.plan.id for each in found if each.plan is not None}
    found.sort(key=lambda each: sort_key(each.name))
    others = sorted((each for each in linked if each.id not in used), key=lambda each: sort_key(each.title))
    return Standing(bool(duties), tuple(found), tuple(others))


@dataclass(frozen=True, slots=True)
class _Owed:
    id: str
    state: State
    last_day: date
    late_after: date
    days_late: int
    before_tracking: bool


def _owed(connection: Connection, plan: Plan, duties: Sequence[Duty]) -> dict[tuple[str, str], _Owed]:
    """The latest period of each duty and body."""
    o = occurrence.c
    columns = select(o.id, o.duty_id, o.agency_id, o.state, o.last_day, o.late_after, o.days_late, o.before_tracking)
    mine = (o.plan_id == plan.id) & o.duty_id.in_([duty.id for duty in duties]) & o.state.not_in(_GONE)
    rows = connection.execute(columns.where(mine).order_by(o.last_day))
    return {
        (row.duty_id, row.agency_id): _Owed(
            row.id, State(row.state), row.last_day, row.late_after, row.days_late or 0, row.before_tracking
        )
        for row in rows
    }


def _status(connection: Connection, plans: Sequence[Plan]) -> dict[str, str]:
    chosen = select(plan_table.c.id, plan_table.c.status).where(plan_table.c.id.in_([each.id for each in plans]))
    return {row.id: row.status for row in connection.execute(chosen)}


def _lower(
    plan: Plan,
    body: str,
    register: Register,
    own: Plan | None,
    owed: _Owed | None,
    status: dict[str, str],
    today: date,
) -> Lower:
    name = register[body].name
    last_day, it = (owed.last_day, owed.id) if owed else (None, None)
    if own is None:
        state, late = _without(owed, today)
        return Lower(body, name, state, last_day, late, None, it)
    state = LowerState.FOLLOWED if status.get(own.id) == PlanStatus.ACTIVE else LowerState.REGISTERED
    found = misfits(plan, own, body, start=date(today.year, 1, 1), end=date(today.year + 1, 12, 31))
    return Lower(body, name, state, last_day, _late(own, owed), own, it, found)


def _without(owed: _Owed | None, today: date) -> tuple[LowerState, int]:
    """Where the register holds no plan of the body."""
    if owed is None:
        return LowerState.WAITING, 0
    if owed.state in (State.RECEIVED, State.ACCEPTED):
        return LowerState.PAPER, owed.days_late
    if owed.state in OWED and owed.before_tracking:
        return LowerState.BEFORE, 0
    if owed.state in OWED and owed.late_after < today:
        return LowerState.MISSING, (today - owed.late_after).days
    return LowerState.WAITING, 0


def _late(own: Plan, owed: _Owed | None) -> int:
    """By the day its paper was received; else by the day on which it was signed."""
    if owed is None or owed.before_tracking:
        return 0
    if owed.state in (State.RECEIVED, State.ACCEPTED):
        return owed.days_late
    return max(0, (own.issued.exact - owed.late_after).days) if own.issued.exact else 0
