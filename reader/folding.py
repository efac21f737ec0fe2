"""Text made comparable: lower case, no diacritics, single blanks; every character knows where it came from.

Works for NFC and NFD, both ways to set tones (hòa, hoà), lost diacritics, markdown, and line breaks inside sentences
and numbers. Patterns are written against the folded text, places are given in the original.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache

from reader.document import Span
from reader.syllables import is_syllable

_DROPPED = frozenset("*_#`\u00ad\u200b\u200c\u200d\u2060\ufeff")  # markdown emphasis; signs that print nothing
_SAME = str.maketrans({
    "đ": "d", "Đ": "d", "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "‒": "-", "“": '"', "”": '"', "„": '"',
    "«": '"', "»": '"', "’": "'", "‘": "'", "′": "'", "…": ".", "⁄": "/", "∕": "/", "／": "/", "Ð": "d", "ð": "d",
})  # fmt: skip


# A line in the middle that holds only "12" or "- 12 -" is the number of a page.
_PAGE_NUMBER = re.compile(r"(?<=\n)[ \t]*(?:-[ \t]*)?\d{1,3}(?:[ \t]*-)?[ \t]*(?=\r?\n\s*[^\W\d_A-ZĐ])")


_COUNTED = re.compile(r"(?:ngay|thang|nam|quy|so|dieu|khoan|muc|lan|truoc|tu|den|va|,|/|-)$")
_UNIT = re.compile(r"(?:thang|nam|ngay|quy|gio|phut|tuan|nguoi|don vi|co quan|trieu|dong|%)")
# Consonants alone, then the rest of a syllable in one or two pieces.
_TORN = re.compile(
    r"(?<![a-z0-9/&.-])(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])"
    r" (?:[aeiouy]{1,3} [a-z]{1,3}|[aeiouy]{1,3}[a-z]{0,2})(?![a-z0-9/&])"
)


class Folded:
    """The folded form of a text, or of a part of it that begins at ``base``."""

    __slots__ = ("_ends", "_origin", "text")

    def __init__(self, text: str, *, base: int = 0) -> None:
        letters: list[str] = []
        origin: list[int] = []
        ends: list[int] = []
        skipped = {at for start, end in _page_numbers(text) for at in range(start, end)}
        for at, char in enumerate(text, base):
            plain = _plain(char) if at - base not in skipped else ""
            if not plain and ends and unicodedata.combining(char):
                ends[-1] = at + 1
            if plain == " " and letters and letters[-1] == " ":
                continue
            for letter in plain:
                letters.append(letter)
                origin.append(at)
                ends.append(at + 1)
        _mend(letters, origin, ends)
        origin.append(base + len(text))
        self.text = "".join(letters)
        self._origin = origin
        self._ends = ends

    def span(self, start: int, end: int) -> Span:
        """The place in the original of a part of the folded text, with the combining marks of its last letter."""
        if start == end:
            return Span(self._origin[start], self._origin[start])
        return Span(self._origin[start], self._ends[end - 1])

    def at(self, offset: int) -> int:
        """The index in the folded text of what stands at that offset of the original, or of the next that is left."""
        return min(bisect_left(self._origin, offset), len(self.text))


def _page_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where they stand; "ngày / 01 / tháng" on three lines holds none."""
    for found in _PAGE_NUMBER.finditer(text):
        before = "".join(_plain(char) for char in text[max(0, found.start() - 24) : found.start()]).rstrip()
        after = "".join(_plain(char) for char in text[found.end() : found.end() + 24]).lstrip()
        if not (_COUNTED.search(before) or _UNIT.match(after)):
            yield found.span()


def _mend(letters: list[str], origin: list[int], ends: list[int]) -> None:
    """Takes out the blanks of torn words ("tr ư ớc ng à y"), as some PDF writers leave them; in place."""
    folded = "".join(letters)
    blanks: list[int] = []
    for found in _TORN.finditer(folded):
        if is_syllable(found.group().replace(" ", "")):
            blanks += [at for at in range(found.start(), found.end()) if folded[at] == " "]
    for at in reversed(blanks):
        del letters[at], origin[at], ends[at]


@cache
def _plain(char: str) -> str:
    if char.isascii():
        return "" if char in _DROPPED else " " if char.isspace() else char.lower()
    if char in _DROPPED or unicodedata.combining(char):
        return ""
    if char.isspace():
        return " "
    base = unicodedata.normalize("NFKD", char.translate(_SAME))
    return "".join(c for c in base if not unicodedata.combining(c)).translate(_SAME).lower()
