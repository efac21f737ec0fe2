"""Sentences of a clause, and the year of a document for what is printed without one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reader.draft import Kind
from reader.times.atoms import Atom

_SENTENCE_END = re.compile(r"[.!?] (?=[^\d\s])|[.!?]$")


@dataclass(frozen=True, slots=True)
class Years:
    """The year of a document, for what is printed without one."""

    plan: int | None
    """The year the plan is for ("năm 2024"), else that of its signing, else the last that it names."""
    signed: str | None = None
    """As far as it is printed: ``2023-11-07``, ``2023-11``, ``2023``."""
    fixed: bool = False
    """``plan`` stands as a heading over the words ("Năm 2025"): nothing lies in another year."""
    standing: bool = False
    """A regulation that holds until it is changed: a day without a year comes every year."""
    ocr: bool = False


@dataclass
class Sentence:
    """A sentence with its time expressions; ``kinds`` is how often, as its own words say."""

    folded: str
    start: int
    end: int
    atoms: Sequence[Atom]
    kinds: list[Kind] = field(default_factory=list)

    def opens(self, place: int) -> bool:
        """Whether nothing stands in front of that place."""
        return not self.folded[self.start : place].strip(" -+•*")

    def before(self, place: int, reach: int = 90) -> str:
        """What stands in front, as far as it belongs to the sentence."""
        return self.folded[max(self.start, place - reach) : place]


def sentences(folded: str) -> Iterator[tuple[int, int]]:
    """Where sentences begin and end; a dot inside numbers and abbreviations does not end one."""
    start = 0
    for found in _SENTENCE_END.finditer(folded):
        if found.end() - start < 4 or _abbreviated(folded, found.start()):
            continue
        yield start, found.end()
        start = found.end()
    if start < len(folded):
        yield start, len(folded)


def _abbreviated(folded: str, dot: int) -> bool:
    word = folded[max(0, dot - 3) : dot]
    return (
        bool(re.search(r"(?:^|[ .])(?:tp|tx|tt|h|p|q|v|gs|ts|ths|so|stt|nd|kt|tm|tl|\d)$", word))
        and folded[dot : dot + 2] != "./"
    )
