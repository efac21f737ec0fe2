"""Paragraphs of a text: printed lines joined again, or found inside a text that lost all its line breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from reader.document import Span
from reader.folding import Folded
from reader.markers import Marker, inline_starts, leading

_ONE_PARAGRAPH_PER_LINE = 160  # characters; a printed A4 line has 70 to 110
_LOST_BREAKS = 1500  # characters per line, from which on line breaks were lost
_SHORT = 300
_LONG = 160  # characters; of longer lines only the ends are looked at
_NUMBERED = re.compile(r"(?<=\s)(?:[IVX]+|\d{1,2})[.)] (?=\w)|(?<=[.;:] )- (?=\w)")
_FURNITURE = re.compile(r" *-? *(?:trang +)?\d{1,3}(?: */ *\d{1,3})? *-? *")
_OVER = (".", ";", ":", "!", "?")  # a sentence
_ENDED = (*_OVER, '"', ")")
_NEVER_JOINED = re.compile(
    r" *(?:noi nhan|kinh gui|so ?:|can cu |dieu \d+|tm\.|kt\.|tl\.|ke hoach *$|quyet dinh *:? *$|phu luc)"
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its numbering or bullet."""

    span: Span
    marker: Marker | None
    words: Span
    """Without the marker and the white space around."""
    hashed: bool = False
    """A markdown heading."""


@dataclass(frozen=True, slots=True)
class _Line:
    span: Span
    folded: str
    after_blank: bool
    first: str
    """Its first printed character."""
    hashed: bool
    marked: bool


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs in order. Page numbers between them are left out."""
    lines = list(_lines(text))
    if not lines:
        return ()
    spans = _broken(text, lines) if _lost(text, lines) else _joined(lines)
    return tuple(_paragraph(text, span) for span in spans)


def _lost(text: str, lines: list[_Line]) -> bool:
    few = len(lines) <= 2 and len(text) > _SHORT and len(lines) * 3 < len(_NUMBERED.findall(text))
    return few or len(text) / len(lines) > _LOST_BREAKS


def _lines(text: str) -> Iterator[_Line]:
    at, blank = 0, True
    for raw in text.splitlines(keepends=True):
        start, at = at, at + len(raw)
        stripped = raw.strip()
        if not stripped:
            blank = True
            continue
        begins = start + raw.index(stripped[0])
        folded = Folded(stripped if len(stripped) < _LONG else f"{stripped[:100]} {stripped[-20:]}").text.strip()
        if not folded:
            blank = True
            continue
        hashed = stripped.startswith("#")
        first = next((c for c in stripped if c.isalnum()), stripped[0])
        yield _Line(Span(begins, begins + len(stripped)), folded, blank, first, hashed, bool(leading(stripped)))
        blank = False


def _joined(lines: list[_Line]) -> Iterator[Span]:
    width = _wrap_width(lines)
    kept = [line for line, furniture in zip(lines, _furniture(lines), strict=True) if not furniture]
    start = end = None
    previous: _Line | None = None
    for line in kept:
        if previous is None or start is None or end is None:
            start, end = line.span.start, line.span.end
        elif _continues(previous, line, width):
            end = line.span.end
        else:
            yield Span(start, end)
            start, end = line.span.start, line.span.end
        previous = line
    if start is not None and end is not None:
        yield Span(start, end)


def _wrap_width(lines: list[_Line]) -> int:
    lengths = sorted(line.span.end - line.span.start for line in lines)
    return lengths[int(len(lengths) * 0.9)]


def _furniture(lines: list[_Line]) -> list[bool]:
    """A line that is a page number: it interrupts a sentence, or stands between blank lines."""
    found = []
    for at, line in enumerate(lines):
        if not _FURNITURE.fullmatch(line.folded) or not 0 < at < len(lines) - 1:
            found.append(False)
            continue
        before, after = lines[at - 1], lines[at + 1]
        interrupts = not before.folded.endswith(_ENDED) and after.first.islower()
        found.append(interrupts or "-" in line.folded or "trang" in line.folded)
    return found


def _continues(previous: _Line, line: _Line, width: int) -> bool:
    if line.hashed or previous.hashed or line.span.start == previous.span.end:
        return False
    if line.marked or _NEVER_JOINED.match(line.folded):
        return False
    if line.folded.startswith("|") or previous.folded.startswith("|"):
        return False
    if line.first.islower() and not previous.folded.endswith(_OVER):
        return True
    if line.after_blank or width > _ONE_PARAGRAPH_PER_LINE:
        return False
    full = previous.span.end - previous.span.start >= 0.72 * width
    return full and (line.first.islower() or not previous.folded.endswith((".", ";", ":")))


def _broken(text: str, lines: list[_Line]) -> Iterator[Span]:
    """Inside lines that lost their breaks, a paragraph begins where a numbering or bullet can begin."""
    for line in lines:
        folded = Folded(line.span.of(text), base=line.span.start)
        starts = [line.span.start, *inline_starts(folded, text)]
        raw = text[: line.span.end]
        for start, end in pairwise([*dict.fromkeys(starts), line.span.end]):
            part = raw[start:end]
            if part.strip():
                yield Span(start + len(part) - len(part.lstrip()), start + len(part.rstrip()))


def _paragraph(text: str, span: Span) -> Paragraph:
    folded = Folded(span.of(text), base=span.start)
    marker = leading(span.of(text))
    if marker is None:
        return Paragraph(span, None, span, hashed=span.of(text).startswith("#"))
    at = marker.end
    while at < len(folded.text) and folded.text[at] == " ":
        at += 1
    words = Span(folded.span(at, at + 1).start, span.end) if at < len(folded.text) else Span(span.end, span.end)
    return Paragraph(span, marker, words, hashed=span.of(text).startswith("#"))
