"""Who follows a plan up, and since when: the hand-overs that were made or agreed (decision 0009)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from plans.leads import led_by
from plans.model import Plan, Relation
from tasks.model import State
from tasks.tables import lead_change, occurrence


@dataclass(frozen=True, slots=True)
class LeadChange:
    """One hand-over of a plan, by that document. ``applied_at``: when it took effect, None while its day is ahead."""

    id: int
    plan_id: str
    since: date
    was: str
    lead: str
    document: str
    at: datetime
    by: str
    applied_at: datetime | None


def lead_changes(connection: Connection, plan_ids: Collection[str]) -> dict[str, list[LeadChange]]:
    """The hand-overs of these plans, oldest first; plans that never had one are left out."""
    found: dict[str, list[LeadChange]] = defaultdict(list)
    chosen = select(lead_change).where(lead_change.c.plan_id.in_(sorted(plan_ids))).order_by(lead_change.c.id)
    for row in connection.execute(chosen):
        found[row.plan_id].append(LeadChange(**row._mapping))
    return found


def led_since(connection: Connection, plan_id: str) -> LeadChange | None:
    """The hand-over by which the present lead unit has the plan; None where it has had it from the beginning."""
    made = [each for each in lead_changes(connection, [plan_id]).get(plan_id, []) if each.applied_at is not None]
    return made[-1] if made else None


@dataclass(frozen=True, slots=True)
class Own:
    """What a plan that was handed over has its lead units owe themselves: a period is owed once, whoever leads.

    ``since``: before that day nothing counts for the present unit that the former one never had. ``there``: what
    stands in the register, not counting what was cancelled: occurrence and body by duty and period.
    """

    since: date
    there: Mapping[tuple[str, str], Sequence[tuple[str, str]]]


def own_of(connection: Connection, plan_id: str) -> Own | None:
    """None where the plan is with its first lead unit."""
    made = led_since(connection, plan_id)
    if made is None:
        return None
    o = occurrence.c
    owed = select(o.duty_id, o.period, o.id, o.agency_id).where(
        o.plan_id == plan_id, o.relation == Relation.SELF.value, o.state != State.CANCELLED.value
    )
    found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in connection.execute(owed.order_by(o.id)):
        found[row.duty_id, row.period].append((row.id, row.agency_id))
    return Own(made.since, found)


def as_followed(connection: Connection, plan: Plan) -> Plan:
    """A text of a plan as it is followed: where it names a unit that has handed the plan over, the present one leads.

    A document goes on naming whom it named when it was issued.
    """
    made = [each for each in lead_changes(connection, [plan.id]).get(plan.id, []) if each.applied_at is not None]
    if not made or plan.lead not in {each.was for each in made}:
        return plan
    return led_by(plan, made[-1].lead)
