"""The deadline of a proposal as the ``due`` of the plan file: what was read, or what a person has set instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from plans.calendar import shipped_calendar
from plans.model import PartialDate
from reader.as_due import Reckoned, Terms, not_before, reckon
from reader.as_window import window
from reader.as_words import damaged, in_words
from reader.draft import Doubt, Kind
from tasks.reading_model import Content, Fact, Item

_QUOTE_MOST = 120


@dataclass(frozen=True, slots=True)
class Due:
    """``fields``: as in plans/FORMAT.md; ``doubts``: what to look at; ``note``: how a day was reckoned.

    ``problem``: why no plan can hold it as it is; looking at it does not help.
    """

    fields: dict[str, Any]
    doubts: tuple[str, ...] = ()
    note: str = ""
    problem: str = ""


def due_of(item: Item, content: Content, text: str) -> Due:
    """The deadline as it will stand in the plan."""
    issued = issued_of(content.facts)
    if item.rule is not None:
        read = not_before(Reckoned(dict(item.rule)), issued)
    else:
        terms = Terms(issued, shipped_calendar())
        read = reckon(_kind(item.kind), item.due, item.boundary, terms)
    fields, note = dict(read.fields), read.note
    quote = short(item.time.of(text), _QUOTE_MOST) if item.time else ""
    if quote:
        fields["quote"] = quote
        if (damaged(quote) if len(quote) > 40 else _whole_damaged(text)) or Doubt.OCR in item.doubts:
            fields |= {"reads": words} if (words := in_words(fields)) and words != quote else {}
    if item.window and "window" not in fields and _dated(fields):
        found = window(item.window, fields)
        if found:
            fields["window"] = found
        else:
            note = " ".join(part for part in (note, f"Số liệu: {item.window}.") if part)
    return Due(fields, read.doubts, note, read.problem)


def _kind(said: str) -> Kind:
    """Of an item; a person may have said it in the words of the plan file."""
    try:
        return Kind(said)
    except ValueError:
        return Kind.OTHER


@lru_cache(maxsize=2)
def _whole_damaged(text: str) -> bool:
    """Asked for every duty of the same document, which may be long."""
    return damaged(text)


def issued_of(facts: Mapping[str, Fact]) -> PartialDate | None:
    """The day of issue as far as it is printed; None where nothing readable stands there."""
    said = facts["signed"].value if "signed" in facts else ""
    parts = said.split("-")
    if not all(part.isdecimal() for part in parts):
        return None
    try:
        found = PartialDate(*(int(part) for part in parts[:3]))
        found.earliest  # noqa: B018 - raises where there is no such day
    except ValueError:
        return None
    return found


def short(words: str, most: int) -> str:
    """On one line, cut at a word."""
    line = " ".join(words.replace("*", "").split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + " …"


def _dated(fields: Mapping[str, Any]) -> bool:
    return any(fields.get(name) for name in ("on", "day", "days", "weekday", "dates"))
