"""What was read from a document, as a person decides on it: facts, proposed duties, names of bodies, groups.

All of it is frozen values that go to JSON and back. A ``Place`` counts characters of the document's text, from the
first up to, not including, the last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class Place(NamedTuple):
    """Where words stand in the document."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words that stand there."""
        return text[self.start : self.end]


class State(StrEnum):
    """What a person has said to a proposed duty."""

    PROPOSED = "proposed"  # nothing yet
    ACCEPTED = "accepted"
    IGNORED = "ignored"


class Origin(StrEnum):
    """Where an item comes from."""

    READ = "read"
    ADDED = "added"  # by selecting words of the document
    MERGED = "merged"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Named:
    """A body as an item names it. ``agency``: chosen for this item alone; otherwise the reading's choice holds."""

    name: str
    place: Place | None = None
    requested: bool = False
    group: bool = False
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A proposed duty. ``kind``, ``due`` and ``boundary`` are what was read (reader.draft).

    ``rule``: the ``due`` of a plan file (plans/FORMAT.md, without ``quote``) that a person has set instead.
    """

    id: int
    title: str
    section: str
    kind: str
    due: Any = None
    boundary: str | None = None
    time: Place | None = None
    """Of the time expression: the quote."""
    rule: Mapping[str, Any] | None = None
    agencies: tuple[Named, ...] = ()
    cooperating: tuple[Named, ...] = ()
    recipients: tuple[Named, ...] = ()
    via: tuple[Named, ...] = ()
    title_place: Place | None = None
    clause: Place | None = None
    product: str | None = None
    product_place: Place | None = None
    window: str | None = None
    window_place: Place | None = None
    sure: float = 1.0
    doubts: tuple[str, ...] = ()
    """Of reader.draft.Doubt."""
    looked: bool = False
    """A person has looked at the doubts."""
    state: State = State.PROPOSED
    reason: str = ""
    """Why it is ignored."""
    origin: Origin = Origin.READ
    came_of: tuple[int, ...] = ()
    """The items that it was merged or split from."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """What the document says about itself. ``place`` is None where a person typed it."""

    value: str
    place: Place | None = None
    sure: float = 1.0
    doubts: tuple[str, ...] = ()
    looked: bool = False
    typed: bool = False


FACTS = (
    "title", "short", "plan", "number", "signed", "issuer", "level", "implements", "parent", "unit", "lead",
    "lead_section", "horizon",
)  # fmt: skip
MUST = ("title", "plan", "signed", "issuer", "level", "unit", "lead")
"""Without these there is no plan."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A body of the register that may be meant; ``why`` of reader.matching."""

    agency: str
    sure: float
    why: str
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Heir:
    """A body that may take over from one that has ended: a suggestion."""

    name: str
    agency: str | None
    duties: str = ""
    default: bool = False
    sourced: bool = True


@dataclass(frozen=True, slots=True)
class BodyName:
    """A name in the document and the body that it stands for: one of the register (``agency``), or a new one.

    ``is_new``: ``agency`` is the id proposed for a body that the register does not hold; it comes in with the plan.
    """

    name: str
    agency: str | None
    is_new: bool = False
    ambiguous: bool = False
    ended: bool = False
    offered: tuple[Offered, ...] = ()
    heirs: tuple[Heir, ...] = ()
    looked: bool = False
    called: str = ""
    """The name under which a new body comes in, where the document has it otherwise (a scan, an abbreviation)."""


@dataclass(frozen=True, slots=True)
class Member:
    """A body that may stand behind a collective name. ``agency`` may be a new body's id; ``name`` is for showing."""

    agency: str
    name: str
    ground: str
    chosen: bool = True


@dataclass(frozen=True, slots=True)
class GroupName:
    """A collective name of the document and who stands behind it."""

    name: str
    members: tuple[Member, ...] = ()
    relation: str = "peer"
    looked: bool = False

    @property
    def chosen(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.chosen)


class Touch(NamedTuple):
    """The last change of one part: the revision that it made, and who did it."""

    revision: int
    by: str


@dataclass(frozen=True, slots=True)
class Content:
    """All that is decided on."""

    facts: Mapping[str, Fact] = field(default_factory=dict)
    items: tuple[Item, ...] = ()
    bodies: tuple[BodyName, ...] = ()
    groups: tuple[GroupName, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    """Names of bodies that have a heading of their own -> its label, for those who add a group later."""
    touched: Mapping[str, Touch] = field(default_factory=dict)
    """Parts ("item-3", "fact-signed", "body:Sở Tài chính", "group:Các phòng") -> their last change."""

    def item(self, number: int) -> Item:
        """Raises KeyError."""
        for each in self.items:
            if each.id == number:
                return each
        raise KeyError(number)

    def body(self, name: str) -> BodyName:
        """Raises KeyError."""
        for each in self.bodies:
            if each.name == name:
                return each
        raise KeyError(name)

    def group(self, name: str) -> GroupName:
        """Raises KeyError."""
        for each in self.groups:
            if each.name == name:
                return each
        raise KeyError(name)
