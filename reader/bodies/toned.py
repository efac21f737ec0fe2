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

PARAGRAPH = "\x1e"
"""Stands for an empty line: no name goes on behind it."""

_PIECES = re.compile(
    r"(?P<blank>\s+)|(?P<dropped>[*_#`\u00ad\u200b-\u200d\u2060\ufeff]+)|(?P<word>(?:[^\W_]|[\u0300-\u036f])+)|(?P<sign>.)"
)
_JUNK = frozenset("¢£©®¥€¬¤")  # what is left of marks in a badly recognised scan
_CLUSTERS = re.compile("[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+")
_SIGNS = str.maketrans(dict.fromkeys("–—−‐‑‒", "-") | dict.fromkeys("“”„«»", '"') | {"’": "'", "‘": "'", "／": "/"})
_NEW_WAY = re.compile(r"(?:[oO][àáảãạÀÁẢÃẠèéẻẽẹÈÉẺẼẸ]|(?<![qQ])[uU][ỳýỷỹỵỲÝỶỸỴ])$")
_TONES = ("\u0300", "\u0301", "\u0309", "\u0303", "\u0323")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the original: its letters put right, its place, and the signs before it."""

    text: str
    start: int
    end: int


class Toned:
    """The comparable form of a text, or of a part of it that begins at ``base``.

    ``mended`` gives other words for some places of the original (start -> word); a mended word counts as one piece, so
    a name is never cut inside of it.
    """

    __slots__ = ("_ends", "_starts", "text")

    def __init__(self, text: str, *, base: int = 0, mended: Mapping[int, str] | None = None) -> None:
        letters: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        last = " "
        for piece in _PIECES.finditer(text):
            kind, start, end = piece.lastgroup, base + piece.start(), base + piece.end()
            if kind == "dropped" or mended and piece.group() in _JUNK:
                continue
            if kind == "blank":
                put = _blank(piece.group())
                if last in " \n":
                    if put != " " and letters and last != put:
                        letters[-1] = last = put
                    continue
                if last == PARAGRAPH:
                    continue
            else:
                put = mended[start] if mended and start in mended else _settled(piece.group())
            if not put:
                continue
            letters.append(put)
            last = put[-1:]
            if len(put) == end - start:
                self._starts.extend(range(start, end))
                self._ends.extend(range(start + 1, end + 1))
            elif mended and start in mended or kind == "blank":
                self._starts.extend([start] * len(put))
                self._ends.extend([end] * len(put))
            else:
                for a, b in _clusters(piece.group(), start):
                    self._starts.append(a)
                    self._ends.append(b)
        self.text = "".join(letters)
        self._starts.append(base + len(text))

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
    for piece in _PIECES.finditer(text):
        if piece.lastgroup == "word":
            yield Word(_settled(piece.group()), piece.start(), piece.end())


def settled(text: str) -> str:
    """A name or term in the form in which everything is compared."""
    return Toned(text.strip()).text


def plain(word: str) -> str:
    """Without marks, đ as d."""
    bare = unicodedata.normalize("NFD", word.replace("đ", "d").replace("ð", "d").replace("Đ", "D"))
    return "".join(c for c in bare if not unicodedata.combining(c))


def _blank(blanks: str) -> str:
    lines = blanks.count("\n")
    return PARAGRAPH if lines > 1 else "\n" if lines else " "


def _settled(piece: str) -> str:
    """NFC, the old way of setting tones (hòa, ủy), plain dashes and quotes; as many letters as NFC has."""
    if piece.isascii():
        return piece
    piece = unicodedata.normalize("NFC", piece).translate(_SIGNS)
    if _NEW_WAY.search(piece):
        head, vowel, toned = piece[:-2], piece[-2], unicodedata.normalize("NFD", piece[-1])
        tone = next((t for t in toned if t in _TONES), "")
        return head + unicodedata.normalize("NFC", vowel + tone) + toned.replace(tone, "")
    return piece


def _clusters(piece: str, start: int) -> Iterator[tuple[int, int]]:
    """The places of letters that are written with combining marks of their own."""
    for cluster in _CLUSTERS.finditer(piece):
        for _ in unicodedata.normalize("NFC", cluster.group()):
            yield start + cluster.start(), start + cluster.end()
