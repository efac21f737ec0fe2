"""Text made comparable: lower case, no diacritics, single blanks; every character knows where it came from.

Works for NFC and NFD, both ways to set tones (hòa, hoà), lost diacritics, markdown, and line breaks inside sentences
and numbers. Patterns are written against the folded text, places are given in the original.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence

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
        plain = [_PLAIN[char] for char in text]
        for start, end in _page_numbers(text):
            plain[start:end] = [""] * (end - start)
        self.text = "".join(plain)
        if "" in plain or len(self.text) > len(plain) or "  " in self.text:
            letters, origin, ends = _placed(text, plain, base)
        elif _TORN.search(self.text) is None:  # the usual case: letter for letter
            self._origin: Sequence[int] = range(base, base + len(text) + 1)
            self._ends: Sequence[int] = range(base + 1, base + len(text) + 1)
            return
        else:
            letters, origin = plain, list(range(base, base + len(text)))
            ends = [at + 1 for at in origin]
        _mend(letters, origin, ends)
        self.text = "".join(letters)
        self._origin = [*origin, base + len(text)]
        self._ends = ends

    def span(self, start: int, end: int) -> Span:
        """The place in the original of a part of the folded text, with the combining marks of its last letter."""
        if start == end:
            return Span(self._origin[start], self._origin[start])
        return Span(self._origin[start], self._ends[end - 1])

    def at(self, offset: int) -> int:
        """The index in the folded text of what stands at that offset of the original, or of the next that is left."""
        return min(bisect_left(self._origin, offset), len(self.text))


def _placed(text: str, plain: list[str], base: int) -> tuple[list[str], list[int], list[int]]:
    """The letters, where each begins and where it ends: what stands for nothing is left out, of blanks one is kept."""
    letters: list[str] = []
    origin: list[int] = []
    ends: list[int] = []
    for at, letter in enumerate(plain, base):
        if not letter:
            if ends and unicodedata.combining(text[at - base]):
                ends[-1] = at + 1
        elif letter != " " or not letters or letters[-1] != " ":
            letters += letter
            origin += [at] * len(letter)
            ends += [at + 1] * len(letter)
    return letters, origin, ends


def _page_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where they stand; "ngày / 01 / tháng" on three lines holds none."""
    for found in _PAGE_NUMBER.finditer(text):
        before = "".join(_PLAIN[char] for char in text[max(0, found.start() - 24) : found.start()]).rstrip()
        after = "".join(_PLAIN[char] for char in text[found.end() : found.end() + 24]).lstrip()
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


class _Plain(dict[str, str]):
    """What each character becomes; worked out when it is met for the first time."""

    def __missing__(self, char: str) -> str:
        self[char] = found = _plain(char)
        return found


def _plain(char: str) -> str:
    if char.isascii():
        return "" if char in _DROPPED else " " if char.isspace() else char.lower()
    if char in _DROPPED or unicodedata.combining(char):
        return ""
    if char.isspace():
        return " "
    base = unicodedata.normalize("NFKD", char.translate(_SAME))
    return "".join(c for c in base if not unicodedata.combining(c)).translate(_SAME).lower()


_PLAIN = _Plain()
