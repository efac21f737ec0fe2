"""How each body stands in the plan: the lead unit itself, below it, asked, or beside it; and who stands for a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plans.text import fold
from tasks.reading_model import Content, GroupName, Item, Named, State


@dataclass(frozen=True, slots=True)
class Standing:
    """A body at one place of the plan."""

    agency: str
    relation: str
    ground: str


def agency_of(named: Named, content: Content) -> str | None:
    """The body that a name stands for at that place; None where nobody has chosen yet, or for a collective name."""
    if named.agency is not None:
        return named.agency
    return next((body.agency for body in content.bodies if body.name == named.name), None)


def group_of(named: Named, content: Content) -> GroupName | None:
    """The collective name, where it is one."""
    if named.agency is not None:
        return None
    return next((group for group in content.groups if group.name == named.name), None)


def lead_of(content: Content) -> str | None:
    """The body that follows the plan up."""
    fact = content.facts.get("lead")
    return agency_of(Named(fact.value), content) if fact else None


def standing_of(named: Named, item: Item, content: Content) -> Standing | None:
    """Of a single body in an item."""
    agency = agency_of(named, content)
    if agency is None:
        return None
    return Standing(agency, _relation(named, agency, content), _ground(named, item))


def _relation(named: Named, agency: str, content: Content) -> str:
    lead = lead_of(content)
    if agency == lead:
        return "self"
    if named.requested or agency in asked(content):
        return "requested"
    ours = content.facts.get("lead")
    both = ours is not None and fold(ours.value).startswith("cong an") and fold(named.name).startswith("cong an")
    return "subordinate" if both and "tinh" not in fold(named.name).split()[2:3] else "peer"


def asked(content: Content) -> frozenset[str]:
    """The bodies that the document asks ("Đề nghị …") somewhere in a duty that counts."""
    found = {
        agency
        for item in accepted(content)
        for named in item.agencies
        if named.requested and (agency := agency_of(named, content))
    }
    return frozenset(found)


def accepted(content: Content) -> Iterator[Item]:
    """The duties of the plan to be."""
    return (item for item in content.items if item.state is State.ACCEPTED)


def _ground(named: Named, item: Item) -> str:
    where = item.section or "…"
    return f"{where}: Đề nghị" if named.requested else where
