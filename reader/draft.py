"""What the reader proposes: a draft of a plan, each part with its place in the text and what is doubtful about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from reader.document import Span

T = TypeVar("T")


class Doubt(StrEnum):
    """Why a person has to look before it may be followed."""

    UNREADABLE = "unreadable"  # characters lost in a scan, or left blank in print
    OCR = "ocr"  # recognised from a picture: digits are never certain
    YEAR = "year"  # the year stands elsewhere than in the expression
    CADENCE = "cadence"  # how often is taken from words around
    AGENCY = "agency"  # nobody is named, or named only above
    WEAK = "weak"  # may be no deadline at all
    DAY = "day"  # no day is named, only how often


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value with the place it was read from. ``sure`` runs from 0 (a guess) to 1 (it says so literally)."""

    value: T
    span: Span
    sure: float = 1.0
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """A body that the text names, in its own words; ``requested`` where it is only asked ("Đề nghị …")."""

    name: str
    span: Span
    requested: bool = False
    group: bool = False
    """A collective name ("các sở, ngành", "UBND các huyện"), not one body."""


class Kind(StrEnum):
    """How often; the words of the JSON form."""

    ONCE = "once"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SEMIANNUAL = "semiannual"
    ANNUAL = "annual"
    OTHER = "other_recurring"
    CONTINUOUS = "continuous"


class Boundary(StrEnum):
    """The word before the date; same words as ``plans.model.Boundary``."""

    BEFORE = "before"
    ON = "on"
    BY = "by"
    WITHIN = "within"


Due = str | dict[str, object] | list[dict[str, object]] | None
"""The JSON form of a due date; docs/reader.md lists all."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A proposed duty. ``agencies`` is empty where the text names nobody: somebody has to assign it."""

    title: Found[str]
    kind: Kind
    due: Due
    boundary: Boundary | None
    time: Span
    """Of the time expression."""
    agencies: tuple[Body, ...]
    cooperating: tuple[Body, ...] = ()
    recipients: tuple[Body, ...] = ()
    via: tuple[Body, ...] = ()
    section: str = ""
    clause: Span | None = None
    """The whole sentence or row."""
    product: Found[str] | None = None
    window: Found[str] | None = None
    sure: float = 1.0
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """A chỉ tiêu: a figure to be reported against."""

    text: str
    span: Span
    value: str
    unit: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the head and the end of the document say about it; None where it says nothing (or nothing readable)."""

    title: Found[str] | None = None
    number: Found[str] | None = None
    signed: Found[str] | None = None
    """``2023-11-07``, ``2023-11`` or ``2023``, as far as it is printed."""
    issuer: Found[str] | None = None
    level: Found[str] | None = None
    """province, district, commune; else government, ministry, department, school, party or other."""
    implements: Found[str] | None = None
    parent: Found[str] | None = None
    lead: Found[Body] | None = None
    horizon: Found[str] | None = None
    targets: Sequence[Target] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Draft:
    """What was read from one document."""

    facts: Facts
    duties: tuple[Duty, ...]
