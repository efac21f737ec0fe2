"""What never leaves the register: links by which somebody could answer, keys in addresses, numbers of secret papers.

Texts are looked at when they are printed: a link may have been pasted, an address may hold a password, and a paper
that was first typed in with its number may have been put under secrecy later (D12).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from notifications.reply_links import PATH
from plans.text import _

# The links of messages and of calendars, and what stands before the @ of an address on the web.
_LINK = re.compile(rf"(?:https?://[^\s<>\"]*)?(?:{re.escape(PATH)}|/ical/)[^\s<>\"]+")
_BARE_TOKEN = re.compile(r"\b[1-9][0-9]{0,8}-(?=[A-Za-z0-9_-]*[A-Z])(?=[A-Za-z0-9_-]*[a-z])[A-Za-z0-9_-]{32}(?![\w-])")
_KEYS = re.compile(r"(?<=://)[^\s/@]+@")
CUT = "…"


class Mask:
    """Cuts out of every text what must stay inside. ``hidden``: numbers and file names of papers under secrecy."""

    def __init__(self, hidden: Collection[str] = ()) -> None:
        self._whole = frozenset(hidden)
        inner = "|".join(map(_pattern, sorted(self._whole, key=len, reverse=True)))
        self._hidden = re.compile(inner) if inner else None

    def __call__(self, text: str) -> str:
        text = _LINK.sub(_("[liên kết đã lược bỏ]"), text)
        text = _BARE_TOKEN.sub(CUT, _KEYS.sub(f"{CUT}@", text))
        return self._hidden.sub(CUT, text) if self._hidden else text

    def touches(self, value: Any) -> bool:
        """Whether something hidden stands in a document of the trail."""
        match value:
            case str():
                return value in self._whole or self(value) != value
            case Mapping():
                return any(self.touches(each) for each in value.values())
            case list() | tuple():
                return any(self.touches(each) for each in value)
            case _:
                return False


def _pattern(hidden: str) -> str:
    """A bare number is looked for behind "số" only: else it would be cut out of every date."""
    word = re.escape(hidden)
    return rf"(?<=số ){word}(?![\w/-])" if hidden.isdecimal() else rf"(?<!\w){word}(?!\w)"


def hidden_in(papers: Sequence[Any], files: Mapping[int, Sequence[str]]) -> set[str]:
    """Numbers and file names of papers that are secret, or that were replaced by a secret one. ``papers`` are rows of
    the table, of all versions."""
    known = {row.id: row for row in papers}

    def secret(row: Any) -> bool:
        while row is not None:
            if row.secret:
                return True
            row = known.get(row.replaced_by)
        return False

    found: set[str] = set()
    for row in papers:
        if secret(row):
            found |= {row.number} if row.number else set()
            found |= set(files.get(row.id, ()))
    return found
