"""Bringing a plan file in, with the shipped bodies that it speaks of: the same for the command and the dashboard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.engine import Connection

from plans.files import read_plan
from plans.model import Plan
from plans.plan_parties import register_with
from plans.shipped import shipped_register
from tasks import intake
from tasks.agencies import load_register, save_agencies
from tasks.intake import Brought


def bring_in(connection: Connection, data: bytes, *, file: str, now: datetime, actor: str) -> Brought:
    """A plan file. Shipped bodies of the units it speaks of come along; the rest of the country does not.

    Raises PlanError, BadInput.
    """
    known = load_register(connection)
    shipped = shipped_register().agencies
    plan = read_plan(data, file=file, register=register_with(known, shipped.values())).plan
    units = {_unit(body) for body in bodies_of(plan)}
    save_agencies(connection, [body for key, body in shipped.items() if key not in known and _unit(key) in units])
    return intake.add_plan(connection, data, file=file, now=now, actor=actor)


def bodies_of(plan: Plan) -> Iterator[str]:
    """Every body that the plan names, some of them several times."""
    yield plan.lead
    for party in (*plan.parties, *(member for group in plan.groups for member in group.members)):
        yield party.agency
    for duty in plan.duties:
        yield from (party.agency for party in (*duty.responsible, *duty.cooperating))
        yield from (recipient.agency for recipient in duty.recipients)


def _unit(agency_id: str) -> str:
    return agency_id.rsplit(".", 1)[0]
