"""A clause with its folded words and what was found in them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from reader.bodies import mentions
from reader.document import Span
from reader.draft import Body
from reader.folding import Folded
from reader.outline import Clause
from reader.repair import repair
from reader.times.expression import TimeExpression
from reader.times.sentences import sentences


@dataclass(frozen=True, slots=True)
class Mention:
    """A body with its place in the folded words of the clause."""

    start: int
    end: int
    body: Body


class ClauseText:
    """The words of one clause. Places are those of the folded words, as in ``TimeExpression``."""

    def __init__(self, text: str, clause: Clause, times: Sequence[TimeExpression], folded: Folded) -> None:
        self.clause = clause
        self.times = times
        self.folded = folded
        self._text = text
        self._cuts: dict[int, list[int]] = {}

    @cached_property
    def words(self) -> str:
        """Folded, and damaged words read as meant."""
        return repair(self.folded.text)

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """All bodies, in order."""
        found = mentions(self._text, self.clause.words)
        return tuple(Mention(self.folded.at(b.span.start), self.folded.at(b.span.end), b) for b in found)

    @cached_property
    def _starts(self) -> list[int]:
        return [mention.start for mention in self.mentions]

    @cached_property
    def blanked(self) -> str:
        """The words with blanks for the time expressions and for the commas within names, every letter in its place."""
        words = list(self.words)
        for time in self.times:
            words[time.start : time.end] = " " * (time.end - time.start)
        for mention in self.mentions:
            for at in range(mention.start, mention.end):
                if words[at] in ",;:":
                    words[at] = " "
        return "".join(words)

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Where they begin and end."""
        return tuple(sentences(self.words))

    def sentence_at(self, place: int) -> tuple[int, int]:
        """The sentence in which that place lies."""
        return next(((a, b) for a, b in self.sentences if a <= place < b), (0, len(self.words)))

    def part_at(self, place: int) -> tuple[int, int]:
        """The part of the sentence between semicolons; semicolons within brackets do not count."""
        start, end = self.sentence_at(place)
        if start not in self._cuts:
            inner = [cut for cut in _semicolons(self.words, start, end) if not self._only_bodies(start, cut)]
            self._cuts[start] = [start, *inner, end]
        return next(((a, b) for a, b in pairwise(self._cuts[start]) if a <= place < b), (start, end))

    def _only_bodies(self, start: int, end: int) -> bool:
        """Whether nothing but names stands there: "Các sở, ngành; UBND các huyện báo cáo …" is one part."""
        rest = list(self.words[start:end])
        for mention in self.mentions_in(start, end):
            rest[mention.start - start : mention.end - start] = " " * (mention.end - mention.start)
        return not re.sub(r"\b(?:va|cac|so|bo|giao|yeu cau|de nghi)\b|[\W\d]", "", "".join(rest))

    def mentions_in(self, start: int, end: int) -> list[Mention]:
        """The bodies named there."""
        starts = self._starts
        return list(self.mentions[bisect_left(starts, start) : bisect_left(starts, end)])

    def span(self, start: int, end: int) -> Span:
        """The place in the document."""
        return self.folded.span(start, end)

    def original(self, start: int, end: int) -> str:
        """The words of the document, on one line."""
        return " ".join(self.span(start, end).of(self._text).split()).strip("*_# ")


def _semicolons(words: str, start: int, end: int) -> list[int]:
    depth, found = 0, []
    for at in range(start, end):
        if words[at] == "(":
            depth += 1
        elif words[at] == ")":
            depth = max(0, depth - 1)
        elif words[at] == ";" and depth == 0:
            found.append(at + 1)
    return found
