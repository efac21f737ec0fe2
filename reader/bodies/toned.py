"""Text as it is compared with written words: NFC, one way of setting tones, single blanks, no markdown signs.

Unlike ``reader.folding`` the marks stay: "sở" and "số", "phòng" and "phong" are different words, and without their
marks half of a document would look like bodies. Words that have lost their marks are put right beforehand
(``reader.bodies.mending``). Capitals stay too, since they tell a name from everyday speech.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reader.document import Span

PARAGRAPH = "¶"
"""Stands for an empty line: no name goes on behind it. (A separator that Python counts as a blank would be crossed.)"""

_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
_UNEVEN = re.compile(r"\s+|[*_#`\u00ad\u200b-\u200d\u2060\ufeff]+|[\u0300-\u036f]+")  # \s+ also where it is one blank
_JUNK = frozenset("¢£©®¥€¬¤")  # what is left of marks in a badly recognised scan
_SIGNS = str.maketrans(
    dict.fromkeys("–—−‐‑‒", "-") | dict.fromkeys("“”„«»", '"') | {"’": "'", "‘": "'", "／": "/", "Ð": "Đ", "ð": "đ"}
)
_TONES = ("\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
_NEW_WAY = re.compile(r"(?:[oO][àáảãạÀÁẢÃẠèéẻẽẹÈÉẺẼẸ]|(?<![qQ])[uU][ỳýỷỹỵỲÝỶỸỴ])(?![^\W_])")
"""oà, oè, uý at the end of a word; the old way sets the tone on the first vowel (hòa, ủy)."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the original with its letters put right."""

    text: str
    start: int
    end: int


class Toned:
    """The comparable form of a text, or of a part of it that begins at ``base``.

    ``mended`` gives other words for some places of the original (start -> word, "" for a sign to be dropped). Such a
    word counts as one piece, so a name never ends inside of it.
    """

    __slots__ = ("_ends", "_starts", "text")

    def __init__(self, text: str, *, base: int = 0, mended: Mapping[int, str] | None = None) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        pieces: list[str] = []
        even = _settled(text) if unicodedata.is_normalized("NFC", text) else text
        for start, end, put in _pieces(even, base, mended or {}):
            if put is None:
                pieces.append(even[start - base : end - base])
                self._starts.extend(range(start, end))
                self._ends.extend(range(start + 1, end + 1))
                continue
            pieces.append(put)
            self._starts.extend([start] * len(put))
            self._ends.extend([end] * len(put))
        self.text = "".join(pieces)
        self._starts.append(base + len(text))
        if even is text:
            self.text = _settled(self.text)

    def span(self, start: int, end: int) -> Span:
        """The place in the original of a part of the comparable text."""
        if start == end:
            return Span(self._starts[start], self._starts[start])
        return Span(self._starts[start], self._ends[end - 1])

    def at(self, offset: int) -> int:
        """The index of what stands at that offset of the original, or of the next that is left."""
        return min(bisect_left(self._starts, offset), len(self.text))


def words(text: str) -> Iterator[Word]:
    """The words of a text with their places."""
    for word in _WORD.finditer(text):
        yield Word(_settled(unicodedata.normalize("NFC", word.group())), word.start(), word.end())


def settled(text: str) -> str:
    """A name or term in the form in which everything is compared."""
    return _settled(unicodedata.normalize("NFC", text)).strip()


def plain(word: str) -> str:
    """Without marks, đ as d."""
    bare = unicodedata.normalize("NFD", word.replace("đ", "d").replace("ð", "d").replace("Đ", "D"))
    return "".join(c for c in bare if not unicodedata.combining(c))


def _pieces(text: str, base: int, mended: Mapping[int, str]) -> Iterator[tuple[int, int, str | None]]:
    """Stretches of the original: start, end, and what stands for them (None: themselves)."""
    at = 0
    last = " "
    for found in _cuts(text, base, mended):
        start, end, put = found
        if start > at:
            yield base + at, base + start, None
            last = ""
        at = end
        if put.isspace() or put == PARAGRAPH:
            if last in (" ", "\n", PARAGRAPH) and (put == " " or last == PARAGRAPH):
                continue
            last = put
        elif put:
            last = ""
        if put:
            yield base + start, base + end, put
    if at < len(text):
        yield base + at, base + len(text), None


def _cuts(text: str, base: int, mended: Mapping[int, str]) -> Iterator[tuple[int, int, str]]:
    """The places at which the comparable text differs from the original."""
    if mended:
        yield from sorted([*_mends(text, base, mended), *(c for c in _uneven(text))])
        return
    yield from _uneven(text)


def _mends(text: str, base: int, mended: Mapping[int, str]) -> Iterator[tuple[int, int, str]]:
    for start, put in mended.items():
        if base <= start < base + len(text):
            word = _WORD.match(text, start - base)
            yield start - base, word.end() if word is not None and put else start - base + 1, put
    for at, sign in enumerate(text):
        if sign in _JUNK:
            yield at, at + 1, ""


def _uneven(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _UNEVEN.finditer(text):
        start, end, signs = found.start(), found.end(), found.group()
        if signs == " ":
            yield start, end, " "
        elif signs.isspace():
            lines = signs.count("\n")
            yield start, end, PARAGRAPH if lines > 1 else "\n" if lines else " "
        elif unicodedata.combining(signs[0]) and start:
            yield start - 1, end, unicodedata.normalize("NFC", text[start - 1 : end])
        else:
            yield start, end, ""


def _settled(text: str) -> str:
    """The old way of setting tones (hòa, ủy), plain dashes and quotes; every letter keeps its place."""
    return _NEW_WAY.sub(_old_way, text.translate(_SIGNS))


def _old_way(found: re.Match[str]) -> str:
    first, parts = found.group()[0], unicodedata.normalize("NFD", found.group()[1])
    tone = next(part for part in parts if part in _TONES)
    return unicodedata.normalize("NFC", first + tone) + unicodedata.normalize("NFC", parts.replace(tone, ""))
