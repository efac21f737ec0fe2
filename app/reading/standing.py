"""How each body stands in the plan: the lead unit itself, below it, asked, or beside it; and who stands for a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plans.text import fold
from tasks.reading_model import Content, GroupName, Item, Named, State

_POLICE = re.compile(r"(?:bo )?cong an\b")
_RANKS = (
    re.compile(r"^bo cong an"),
    re.compile(r"^cong an (?:cap )?tinh\b"),
    re.compile(r"^cong an (?:cac )?(?:cap )?(?:huyen|quan|thi xa|thanh pho)\b"),
    re.compile(r"^cong an (?:cac )?(?:cap )?(?:xa|phuong|thi tran|dac khu)\b"),
)


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
    above, below = _police_rank(ours.value) if ours else None, _police_rank(named.name)
    return "subordinate" if above is not None and below is not None and above < below else "peer"


def _police_rank(name: str) -> int | None:
    """Of police by their name, from the ministry down; None for other bodies and where the name does not say."""
    said = fold(name)
    if not _POLICE.match(said):
        return None
    return next((rank for rank, words in enumerate(_RANKS) if words.search(said)), None)


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
