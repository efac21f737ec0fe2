"""Whom the names of a document stand for: bodies of the register, new ones, groups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from plans.model import Register
from plans.text import fold
from tasks.reading_model import BodyName, Content, Named
from web.planform.bodies import Names


@dataclass(frozen=True, slots=True)
class Called:
    """A body as an item names it, and whom it stands for. ``state``: group, new, ended, unsure, unknown or known."""

    named: Named
    shown: str
    state: str
    where: str
    """The part of the page of bodies that says more: "body-2"."""


@dataclass
class Who:
    """The names of one reading. ``unit``: the prefix of the ids of its bodies."""

    content: Content
    register: Register
    unit: str

    @cached_property
    def names(self) -> Names:
        return Names({"unit": self.unit}, self.register)

    @cached_property
    def _body_places(self) -> dict[str, int]:
        return {body.name: place for place, body in enumerate(self.content.bodies)}

    @cached_property
    def _group_places(self) -> dict[str, int]:
        return {group.name: place for place, group in enumerate(self.content.groups)}

    def called(self, named: Named) -> Called:
        """Whom a name of the document stands for."""
        if named.name in self._group_places:
            place = self._group_places[named.name]
            return Called(named, named.name, "group", f"group-{place}")
        if named.agency is not None:
            return Called(named, self.name_of(named.agency), "known", "")
        if named.name not in self._body_places:
            return Called(named, named.name, "unknown", "")
        place = self._body_places[named.name]
        body = self.content.bodies[place]
        shown = self.name_of(body.agency, body.called or named.name)
        return Called(named, shown, state_of(body), f"body-{place}")

    def body_state(self, body: BodyName) -> str:
        return state_of(body)

    def members_of(self, group: str) -> int:
        """How many bodies stand behind a collective name."""
        return len(self.content.group(group).chosen)

    def name_of(self, agency: str | None, otherwise: str = "") -> str:
        known = self.register.agencies.get(agency) if agency else None
        return known.name if known else otherwise or agency or ""

    @cached_property
    def known_names(self) -> list[str]:
        """Names that can be typed for a body: of the document, of the unit's bodies."""
        own = [*(group.name for group in self.content.groups), *(body.name for body in self.content.bodies)]
        return list(dict.fromkeys([*own, *self.names.of_unit()]))

    def named(self, words: str) -> Named:
        """The body that somebody typed."""
        for name in (*self._group_places, *self._body_places):
            if fold(name) == fold(words):
                return Named(name, group=name in self._group_places)
        found = self.names.find(words)
        return Named(found.name if found else words, agency=found.id if found else None)


def state_of(body: BodyName) -> str:
    """new, ended, unsure, unknown or known."""
    if body.agency is None:
        return "unknown"
    chosen = next((each for each in body.offered if each.agency == body.agency), None)
    if chosen.ended if chosen else body.ended and body.is_new:
        return "ended"
    if body.is_new:
        return "new"
    return "unsure" if body.ambiguous and not body.looked else "known"
