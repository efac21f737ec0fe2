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


class Parties:
    """Who stands for the names of one content: looked up once, however many duties ask."""

    def __init__(self, content: Content) -> None:
        self._bodies: dict[str, str | None] = {}
        for body in content.bodies:
            self._bodies.setdefault(body.name, body.agency)
        self._groups = {group.name: group for group in reversed(content.groups)}
        lead = content.facts.get("lead")
        self._lead_name = lead.value if lead else ""
        self.lead = self.agency(Named(lead.value)) if lead else None
        """The body that follows the plan up."""
        self._asked = frozenset(self._asked_in(content))

    def agency(self, named: Named) -> str | None:
        """The body that a name stands for at that place; None where nobody has chosen yet, or for a collective name."""
        return named.agency if named.agency is not None else self._bodies.get(named.name)

    def group(self, named: Named) -> GroupName | None:
        """The collective name, where it is one."""
        return self._groups.get(named.name) if named.agency is None else None

    def standing(self, named: Named, item: Item) -> Standing | None:
        """Of a single body in an item."""
        agency = self.agency(named)
        return Standing(agency, self._relation(named, agency), _ground(named, item)) if agency is not None else None

    def _relation(self, named: Named, agency: str) -> str:
        if agency == self.lead:
            return "self"
        if named.requested or agency in self._asked:
            return "requested"
        above, below = _police_rank(self._lead_name), _police_rank(named.name)
        return "subordinate" if above is not None and below is not None and above < below else "peer"

    def _asked_in(self, content: Content) -> Iterator[str]:
        """The bodies that the document asks ("Đề nghị …") somewhere in a duty that counts."""
        for item in accepted(content):
            for named in item.agencies:
                if named.requested and (agency := self.agency(named)):
                    yield agency


def _police_rank(name: str) -> int | None:
    """Of police by their name, from the ministry down; None for other bodies and where the name does not say."""
    said = fold(name)
    if not _POLICE.match(said):
        return None
    return next((rank for rank, words in enumerate(_RANKS) if words.search(said)), None)


def accepted(content: Content) -> Iterator[Item]:
    """The duties of the plan to be."""
    return (item for item in content.items if item.state is State.ACCEPTED)


def _ground(named: Named, item: Item) -> str:
    where = item.section or "…"
    return f"{where}: Đề nghị" if named.requested else where
