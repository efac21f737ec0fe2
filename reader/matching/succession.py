"""Which bodies may take over from one that has ended: suggestions with their basis, chosen by a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from reader.bodies.words import data
from reader.matching.forms import Form, form


@dataclass(frozen=True, slots=True)
class Successor:
    """A body that may take over. ``id`` is None where the register does not hold it; ``duties`` is empty for all."""

    name: str
    id: str | None
    duties: str = ""
    default: bool = False
    sourced: bool = True
    """False: widely reported, to be confirmed."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A kind of body that was abolished everywhere."""

    old: tuple[Form, ...]
    last_day: date
    heirs: tuple[Successor, ...]


def ended(name: Form, *, on: date) -> Ended | None:
    """What is known about the end of a body of that name, where it had ended by that day."""
    for entry in _entries():
        if entry.last_day < on and any(_same(old, name) for old in entry.old):
            return entry
    return None


def _same(old: Form, name: Form) -> bool:
    return old.core == name.core and (old.level == name.level or not old.level)


@cache
def _entries() -> tuple[Ended, ...]:
    return tuple(
        Ended(
            tuple(map(form, entry["old"])),
            date.fromordinal(entry["from"].toordinal() - 1),
            tuple(
                Successor(
                    heir["name"], None, heir.get("for", ""), heir.get("default", False), heir["basis"] == "sourced"
                )
                for heir in entry["to"]
            ),
        )
        for entry in data("succession")["succession"]
    )
