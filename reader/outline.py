"""The clauses of a document: what stands under which number, and in which zone of the document it lies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from reader.document import Document, Span
from reader.folding import Folded
from reader.markers import Rank
from reader.paragraphs import Paragraph, paragraphs


class Zone(StrEnum):
    """What kind of words stand there; it decides whether a date can be a deadline."""

    HEAD = "head"  # everything up to the first words of the text itself
    BASES = "bases"  # căn cứ
    AIMS = "aims"  # mục đích, yêu cầu
    TARGETS = "targets"  # mục tiêu, chỉ tiêu
    WORK = "work"
    CLOSING = "closing"  # nơi nhận, signature


@dataclass(frozen=True, slots=True)
class Clause:
    """A heading or a paragraph. ``label`` is its number as people cite it: "III.2", "IV.1.a"."""

    index: int
    span: Span
    words: Span
    """Without the numbering."""
    marker: str
    rank: Rank
    label: str
    heading: bool
    parent: int | None
    zone: Zone


@dataclass(frozen=True)
class Outline:
    """All clauses in the order of the text."""

    text: str
    clauses: tuple[Clause, ...]

    def ancestors(self, clause: Clause) -> Iterator[Clause]:
        """Its parent, the parent of that, and so on."""
        while clause.parent is not None:
            clause = self.clauses[clause.parent]
            yield clause

    def at(self, offset: int) -> Clause | None:
        """The clause in which that character of the text lies."""
        return next((c for c in self.clauses if c.span.start <= offset < c.span.end), None)

    @cached_property
    def zones(self) -> dict[Zone, tuple[Clause, ...]]:
        """The clauses of each zone."""
        return {zone: tuple(c for c in self.clauses if c.zone is zone) for zone in Zone}


_AIMS = re.compile(
    r"(?:muc dich|yeu cau|quan diem|su can thiet|dac diem tinh hinh|tinh hinh|ket qua dat duoc|can cu)\b"
)
_TARGETS = re.compile(r"(?:muc tieu|chi tieu)\b")
_WORK_TOO = re.compile(r"nhiem vu|giai phap|to chuc thuc hien|noi dung|phan cong|trach nhiem")
_BASES = re.compile(r"(?:can cu|theo de nghi|xet de nghi)\b")
_OPENING = re.compile(
    r"(?:can cu|thuc hien|trien khai|theo|xet|de |nham|tiep tuc|ngay \d|trong thoi gian|kinh gui|qua )"
)
_CLOSING = re.compile(r"(?:noi nhan|noi nh[a-z]{1,3} ?:|(?:tm|kt|tl|tuq|q)\. ?[a-z])")
_NEW_TEXT = re.compile(
    r"(?:ke hoach|phu luc|quy che|de an|danh muc|chuong trinh|phuong an|quy dinh|bieu|phan cong|huong dan)\b"
)
_AS_FOLLOWS = re.compile(r"(?:nhu sau|sau day|noi dung sau)[ :.]*$")
_HEADING_MOST = 160  # characters; a longer paragraph is a sentence, whatever follows


def outline(document: Document) -> Outline:
    """The clauses of a document, table cells included."""
    return Outline(document.text, tuple(_Builder(document.text).clauses(paragraphs(document.text))))


class _Builder:
    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[Clause] = []
        self._begun = False
        self._title = False
        self._closing = False

    def clauses(self, found: tuple[Paragraph, ...]) -> Iterator[Clause]:
        for at, paragraph in enumerate(found):
            following = found[at + 1] if at + 1 < len(found) else None
            yield self._clause(at, paragraph, following)

    def _clause(self, index: int, paragraph: Paragraph, following: Paragraph | None) -> Clause:
        folded = Folded(paragraph.words.of(self._text)).text.strip()
        capitals = _in_capitals(paragraph.words.of(self._text))
        rank = paragraph.marker.rank if paragraph.marker else Rank.PLAIN
        heading = self._is_heading(paragraph, folded, rank, following, capitals=capitals)
        if rank is Rank.PLAIN and heading:
            rank = Rank.PART if self._begun or _NEW_TEXT.match(folded) else Rank.PLAIN
        marked = paragraph.marker is not None and (rank <= Rank.POINT or (rank <= Rank.PLUS and len(folded) > 80))
        zone = self._zone(folded, rank, heading=heading, capitals=capitals, marked=marked)
        while self._open and not _above(self._open[-1], rank):
            self._open.pop()
        parent = self._open[-1] if self._open else None
        if zone is Zone.WORK and parent is not None and parent.zone in (Zone.AIMS, Zone.TARGETS):
            zone = parent.zone
        marker = paragraph.marker.name if paragraph.marker else ""
        label = _label(parent, marker, rank)
        clause = Clause(
            index, paragraph.span, paragraph.words, marker, rank, label, heading, parent.index if parent else None, zone
        )
        if rank < Rank.PLAIN:
            self._open.append(clause)
        return clause

    def _is_heading(
        self, paragraph: Paragraph, folded: str, rank: Rank, following: Paragraph | None, *, capitals: bool
    ) -> bool:
        if paragraph.hashed and len(folded) < 2 * _HEADING_MOST:
            return True
        if len(folded) > _HEADING_MOST or (rank >= Rank.DASH and rank is not Rank.PLAIN):
            return False
        if capitals:
            return True
        if rank is Rank.PLAIN:
            return False
        if rank <= Rank.ROMAN:
            return not folded.endswith((";", ","))
        under = following is not None and (following.marker is None or following.marker.rank > rank)
        return under and not folded.endswith((".", ";", ",", "/"))

    def _zone(self, folded: str, rank: Rank, *, heading: bool, capitals: bool, marked: bool) -> Zone:
        if _CLOSING.match(folded) and self._begun:
            self._closing = True
        if self._closing:
            if not (
                heading
                and (
                    rank in (Rank.ROMAN, Rank.CAPITAL) or (_NEW_TEXT.match(folded) and (capitals or rank is Rank.PART))
                )
            ):
                return Zone.CLOSING
            self._closing = False
        if not self._begun:
            if _BASES.match(folded):
                return Zone.BASES
            title, self._title = self._title, bool(heading and _NEW_TEXT.match(folded))
            short = len(folded) <= _HEADING_MOST and not (_OPENING.match(folded) and len(folded) > 60)
            if not marked and _AS_FOLLOWS.search(folded):
                return Zone.BASES
            if not marked and (heading or short or (title and not folded.endswith((".", ":", ";")))):
                return Zone.HEAD
            self._begun = marked or not _AS_FOLLOWS.search(folded)
            return self._zone_of_words(folded, heading=heading) if self._begun else Zone.BASES
        return self._zone_of_words(folded, heading=heading)

    def _zone_of_words(self, folded: str, *, heading: bool) -> Zone:
        if _BASES.match(folded) and not heading and folded.endswith((";", ".")) and len(self._open) == 0:
            return Zone.BASES
        if heading:
            if _AIMS.match(folded) and not _WORK_TOO.search(folded):
                return Zone.AIMS
            if _TARGETS.match(folded) and not _WORK_TOO.search(folded):
                return Zone.TARGETS
        return Zone.WORK


def _above(clause: Clause, rank: Rank) -> bool:
    """Whether a clause of that rank stands under this open one."""
    if rank is Rank.PLAIN:
        return clause.rank < Rank.DASH
    return clause.rank < rank


def _label(parent: Clause | None, marker: str, rank: Rank) -> str:
    above = parent.label if parent else ""
    if rank in (Rank.DASH, Rank.PLUS, Rank.PLAIN) or not marker:
        return above
    if rank in (Rank.NUMBER2, Rank.NUMBER3) and above:
        first = marker.split(".", 1)[0]
        head, _, last = above.rpartition(".")
        if last == first or last.startswith(first + "."):
            above = head
    return f"{above}.{marker}" if above else marker


def _in_capitals(words: str) -> bool:
    letters = [c for c in words if c.isalpha()]
    return len(letters) >= 4 and sum(c.isupper() for c in letters) >= 0.85 * len(letters)
