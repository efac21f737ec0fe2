"""What a weekly page shows, as it stood at its moment, and what the officer made of it. Stored as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tasks.model import State
from tasks.trail import plain

KEPT = 60  # lines of each part that are kept: a sheet of paper holds fewer
DECISIONS, OVERDUE, DUE, CHANGES = "can-quyet-dinh", "qua-han", "den-han", "thay-doi"
PARTS = (DECISIONS, OVERDUE, DUE, CHANGES)
PLAINLY = (State.OPEN, State.RETURNED)  # what is owed; who says that it has sent is not named as late
NOTE = 300  # characters of the officer's note on one part
REASON = 200  # of why something is left out


@dataclass(frozen=True, slots=True)
class Report:
    """One duty and period of a plan."""

    plan_id: str
    duty_id: str
    period: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that waits for the head. ``id`` says what: ``ky:plan/duty/period``, ``de-nghi:12``,
    ``ke-thua:body``."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class LateBody:
    """A body with what it has not sent. ``days``: how late the oldest of it is; ``titles``: the first few."""

    id: str
    name: str
    number: int
    days: int
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DueLine:
    """One report that falls due on a day. ``who``: the bodies that owe it, or how many."""

    day: date
    title: str
    who: str


@dataclass(frozen=True, slots=True)
class Change:
    """What was changed in the week, in words."""

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Of all there is, also where a part keeps only its first lines."""

    overdue: int = 0
    bodies: int = 0
    claimed: int = 0
    due: int = 0
    review: int = 0
    received: int = 0
    decisions: int = 0
    due_lines: int = 0
    changes: int = 0


@dataclass(frozen=True, slots=True)
class Content:
    """A page before anybody looked at it. ``since``: the moment of the page before; ``due_to``: the Sunday up to which
    deadlines are told; ``place`` and ``head``: the newest row of the audit chain at that moment; ``plans``: of which
    plans it speaks."""

    unit: str
    at: datetime
    since: datetime
    due_to: date
    figures: Figures
    decisions: tuple[Decision, ...] = ()
    overdue: tuple[LateBody, ...] = ()
    due: tuple[DueLine, ...] = ()
    changes: tuple[Change, ...] = ()
    entered_to: date | None = None
    place: int = 0
    head: str = ""
    sample: bool = False
    plans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edits:
    """What the officer made of it. ``order``: ids of decisions, the first ones; ``left_out``: id -> why."""

    notes: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)

    def arranged(self, found: tuple[Decision, ...]) -> tuple[Decision, ...]:
        """The decisions that stay, in the officer's order; what has no place comes after."""
        place = {each: at for at, each in enumerate(self.order)}
        kept = [each for each in found if each.id not in self.left_out]
        return tuple(sorted(kept, key=lambda each: place.get(each.id, len(place))))


def document_of(content: Content) -> dict[str, Any]:
    """The stored form."""
    return {name: _plain(getattr(content, name)) for name in Content.__slots__}


def edits_document(edits: Edits) -> dict[str, Any]:
    """The stored form."""
    return {"notes": dict(edits.notes), "order": list(edits.order), "left_out": dict(edits.left_out)}


def content_from(document: Mapping[str, Any]) -> Content:
    """Back from the stored form."""
    known = dict(document)
    return Content(
        **{
            **known,
            "at": datetime.fromisoformat(known["at"]),
            "since": datetime.fromisoformat(known["since"]),
            "due_to": date.fromisoformat(known["due_to"]),
            "entered_to": date.fromisoformat(known["entered_to"]) if known["entered_to"] else None,
            "figures": Figures(**known["figures"]),
            "decisions": tuple(Decision(**each) for each in known["decisions"]),
            "overdue": tuple(LateBody(**{**each, "titles": tuple(each["titles"])}) for each in known["overdue"]),
            "due": tuple(DueLine(**_dated(each)) for each in known["due"]),
            "changes": tuple(Change(**_dated(each)) for each in known["changes"]),
            "plans": tuple(known["plans"]),
        }
    )


def edits_from(document: Mapping[str, Any]) -> Edits:
    """Back from the stored form."""
    return Edits(document.get("notes", {}), tuple(document.get("order", ())), document.get("left_out", {}))


def _dated(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, "day": date.fromisoformat(values["day"])}


def _plain(value: Any) -> Any:
    if isinstance(value, Decision | LateBody | DueLine | Change | Figures):
        return {name: _plain(getattr(value, name)) for name in type(value).__slots__}
    return [_plain(each) for each in value] if isinstance(value, tuple) else plain(value)
