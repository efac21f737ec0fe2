"""Single values between the form and the document: dates as an office writes them, texts that may be left blank."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from plans.errors import PlansError
from plans.plan_text import Document
from plans.text import fold
from plans.values import MAX_ID, once_date, partial_date

Typed = Mapping[str, str]

_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_QUARTER = re.compile(r"(\d{4})-[Qq]([1-4])")


def put(document: Document, key: str, value: str) -> None:
    """Writes the value, or takes the field away where nothing was typed."""
    if value:
        document[key] = value
    else:
        document.pop(key, None)


def put_pair(document: Document, key: str, values: Document) -> None:
    """Writes a small mapping with what was typed, or takes it away where nothing was."""
    typed = {name: value for name, value in values.items() if value}
    if typed:
        document[key] = typed
    else:
        document.pop(key, None)


def text_of(document: Any, *keys: str) -> str:
    """The text under these keys; "" where there is none."""
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document if isinstance(document, str) else ""


def list_of(document: Any, key: str) -> list[Any]:
    """The list under that key, as it stands in the document; a new one where there is none."""
    found = document.get(key) if isinstance(document, dict) else None
    return found if isinstance(found, list) else []


_LISTS = ("agencies", "parties", "groups", "targets", "figures", "duties")
_MAPPINGS = ("lead", "reading", "consequence", "ladder")


def fits(document: Document) -> bool:
    """Whether the form can show it: lists of mappings where the format has them. Else the file must be put right."""
    lists = [document.get(key, []) for key in _LISTS]
    lists += [group.get("members", []) for group in list_of(document, "groups") if isinstance(group, dict)]
    mappings = [document.get(key, {}) for key in _MAPPINGS]
    duties = [duty for duty in list_of(document, "duties") if isinstance(duty, dict)]
    mappings += [duty.get(key, {}) for duty in duties for key in ("due", "ladder")]
    if not all(isinstance(each, list) or each is None for each in lists):
        return False
    entries = [entry for each in lists for entry in each or ()]
    return all(isinstance(each, dict) or each is None for each in mappings) and all(
        isinstance(entry, dict) for entry in entries
    )


def stored_date(typed: str) -> str:
    """A whole or partial date, month or quarter as the format writes it; what cannot be read stays as typed."""
    for parse in (partial_date, once_date):
        try:
            return str(parse(typed))
        except PlansError:
            continue
    return _spoken_quarter(typed)


def _spoken_quarter(typed: str) -> str:
    roman = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
    found = re.fullmatch(r"quy (\w+) (?:nam )?(\d{4})", fold(typed))
    return f"{found[2]}-Q{roman[found[1]]}" if found and found[1] in roman else typed


def shown_date(stored: str) -> str:
    """As an office writes it: 15/11/2023, 11/2023, quý 2/2024."""
    if found := _QUARTER.fullmatch(stored):
        return f"quý {found[2]}/{found[1]}"
    if found := _ISO.fullmatch(stored):
        parts = [part.zfill(2) for part in (found[3], found[2]) if part]
        return "/".join([*parts, found[1]])
    return stored


def slug(words: str, taken: set[str], otherwise: str) -> str:
    """An id from a name, different from those taken."""
    base = "-".join(fold(words).split())[: MAX_ID - 4].strip("-") or otherwise
    found, number = base, 2
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    return found
