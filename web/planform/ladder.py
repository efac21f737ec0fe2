"""The rungs of a plan or duty in the form: only those that differ from the usual ones are written."""

from __future__ import annotations

from typing import Any

from plans.plan_text import Document
from plans.text import fold
from web.planform.values import Typed, put_pair, text_of

LISTS = ("before", "overdue", "head")
SINGLE = ("check", "lead")
NAMES = tuple(f"ladder_{key}" for key in (*LISTS, *SINGLE, "due"))
_OFF = "không"  # what one types to switch a rung off
_SWITCHED_OFF = ("false", "no", "off", "n", "f")


def ladder_values(entry: Document) -> dict[str, str]:
    """What the form shows: numbers of days, "không" for what is switched off, nothing for what stays as usual."""
    ladder = entry.get("ladder")
    values = {f"ladder_{key}": _shown(ladder, key) for key in (*LISTS, *SINGLE)}
    due = text_of(ladder, "due").casefold()
    values["ladder_due"] = {"true": "true", "yes": "true", "false": "false", "no": "false"}.get(due, due)
    return values


def _shown(ladder: Any, key: str) -> str:
    if not isinstance(ladder, dict) or key not in ladder:
        return ""
    stored = ladder[key]
    if isinstance(stored, list) and stored:
        return ", ".join(day for day in stored if isinstance(day, str))
    return stored if isinstance(stored, str) and stored.casefold() not in _SWITCHED_OFF else _OFF


def put_ladder(entry: Document, typed: Typed) -> None:
    """Writes the rungs that were typed; without any the entry has no ladder of its own."""
    ladder: Document = {}
    for key in (*LISTS, *SINGLE):
        said = typed.get(f"ladder_{key}", "")
        days = said.replace(";", " ").replace(",", " ").split()
        if fold(said) in ("khong", "khong nhac", "0"):
            ladder[key] = "false"
        elif days:
            ladder[key] = days if key in LISTS else " ".join(days)
    put_pair(entry, "ladder", ladder | {"due": typed.get("ladder_due", "")})
