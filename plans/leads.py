"""A plan as another unit than the one it names follows it up.

The document stays as it was issued. What it has the lead unit do itself, and what it has others send there, goes to
whoever follows it up now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from plans.model import Duty, Group, Party, Plan, Recipient, Relation


def led_by(plan: Plan, lead: str) -> Plan:
    """The plan with that unit as its lead; the same plan where it leads already."""
    if lead == plan.lead:
        return plan
    return replace(
        plan,
        lead=lead,
        duties=tuple(_duty(duty, plan.lead, lead) for duty in plan.duties),
        parties=_standing(plan.parties, plan.lead, lead),
        groups=tuple(_group(group, plan.lead, lead) for group in plan.groups),
    )


def _duty(duty: Duty, was: str, lead: str) -> Duty:
    return replace(
        duty,
        responsible=_standing(duty.responsible, was, lead),
        cooperating=_standing(duty.cooperating, was, lead),
        recipients=_recipients(duty.recipients, was, lead),
    )


def _group(group: Group, was: str, lead: str) -> Group:
    return replace(group, members=_standing(group.members, was, lead))


def _standing(parties: Iterable[Party], was: str, lead: str) -> tuple[Party, ...]:
    """Only the lead unit owes something to itself: also where the successor had a part of its own in the plan."""
    found: dict[str, Party] = {}
    for party in parties:
        if party.agency in (was, lead):
            party = replace(party, agency=lead, relation=Relation.SELF)
        found.setdefault(party.agency, party)
    return tuple(found.values())


def _recipients(recipients: Iterable[Recipient], was: str, lead: str) -> tuple[Recipient, ...]:
    """The rooms of the former lead unit are not those of its successor."""
    found: dict[str, Recipient] = {}
    for each in recipients:
        if each.agency == was:
            each = replace(each, agency=lead, detail=None)
        found.setdefault(each.agency, each)
    return tuple(found.values())
