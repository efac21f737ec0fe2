"""The values of a hồ sơ theo dõi: what is printed, and nothing that must not leave the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from letters.model import Letter as Printed
from tasks.letter_model import Letter
from tasks.model import Occurrence
from tasks.reasons import Reasons
from tasks.seal import Head

Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the trail. ``place`` and ``hash`` are its seal, ``previous`` the hash before it; None for rows of the
    sample, which are outside the chain. ``withheld``: its data name what was later received under secrecy."""

    id: int
    at: datetime
    actor: str
    by: str
    kind: str
    text: str
    place: int | None
    hash: str | None
    previous: str | None
    facts: Mapping[str, Any]
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that moved, with cause and document."""

    at: datetime
    by: str
    was: date | None
    to: date | None
    cause: str
    document: str


@dataclass(frozen=True, slots=True)
class Attempt:
    at: datetime
    outcome: str
    detail: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A message to one person, as it was composed. ``shared``: it speaks of another unit's plans as well, and then its
    text stays out."""

    id: int
    kind: str
    channel: str
    person: str
    address: str
    sender: str
    subject: str
    text: str
    message_id: str
    created_at: datetime
    settled_at: datetime | None
    status: str
    fate: str
    attempts: tuple[Attempt, ...]
    shared: bool
    instead_of: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A notice of this occurrence and the message that carried it."""

    day: date
    rung: str
    role: str
    message: int


@dataclass(frozen=True, slots=True)
class Untold:
    """A notice that nobody got, and why."""

    day: date
    rung: str
    role: str
    why: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """An official letter that got its number. ``content`` is None where what was stored cannot be read; ``cut``: it
    names what is under secrecy, which is left out here, so that it is no longer the letter itself."""

    letter: Letter
    content: Printed | None
    by: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class KeptFile:
    hash: str
    name: str


@dataclass(frozen=True, slots=True)
class CamePaper:
    """A paper with its verdict here; of a secret one the date alone."""

    id: int
    number: str | None
    dated: date | None
    received_on: date
    received_by: str
    secret: bool
    verdict: str
    counts: bool
    recorded_at: datetime
    recorded_by: str
    files: tuple[KeptFile, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A call, a request or what the head said. ``answer``: how a request was settled."""

    at: datetime
    by: str
    title: str
    text: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class NamedWeek:
    """A weekly page that named the body: ``number`` of its late reports, the oldest late by ``days``."""

    week: int
    year: int
    frozen_at: datetime
    sent_at: datetime
    number: int
    days: int
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One occurrence with everything that belongs to it."""

    o: Occurrence
    title: str
    agency: str
    agency_names: tuple[str, ...]  # what it is and was called
    plan: str
    status: str
    days_late: int | None
    ground: Rows
    reasons: Reasons
    reading: Rows
    moved: tuple[Moved, ...]
    events: tuple[Event, ...]
    told: tuple[Told, ...]
    untold: tuple[Untold, ...]
    letters: tuple[int, ...]
    weeks: tuple[NamedWeek, ...]
    papers: tuple[CamePaper, ...]
    claim_files: tuple[KeptFile, ...]
    calls: tuple[Entry, ...]
    requests: tuple[Entry, ...]
    directions: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """``messages`` and ``letters`` are those of all cases, each once. ``head``: the newest seal of the moment."""

    subject: str
    name: str  # for files
    lead: str
    at: datetime
    today: date
    year: int | None
    agency: str
    cases: tuple[Case, ...]
    messages: Mapping[int, Sent]
    letters: Mapping[int, Numbered]
    body_events: tuple[Event, ...]
    head: Head | None
    sample: bool
