"""The text of a document with what was read from it marked: what the review screen shows on its left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import exists, select
from sqlalchemy.engine import Connection

from reader.document import Span
from tasks.reading_model import Content
from tasks.reading_tables import reading


class Marked(StrEnum):
    """As what a place is marked. The first of these wins where several lie over each other."""

    TIME = "time"
    FACT = "fact"
    CLAUSE = "clause"


_ORDER = tuple(Marked)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the text, and the part of the page that it belongs to ("dx-3", "so")."""

    span: Span
    kind: Marked
    of: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one line with the same marks. ``of``: the parts of the page that they belong to, the nearest first."""

    at: int
    words: str
    kind: Marked | None = None
    of: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    """Parts of the page whose time expression or fact begins here: one comes here from them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text; ``at`` is its first character, ``page`` the page that begins with it, from 0."""

    at: int
    pieces: tuple[Piece, ...]
    page: int | None = None


def marks_of(content: Content) -> Iterator[Mark]:
    """Of each proposal its sentence and its time expression, and the facts."""
    for item in content.items:
        for place, kind in ((item.clause, Marked.CLAUSE), (item.time, Marked.TIME)):
            if place is not None:
                yield Mark(Span(*place), kind, f"item-{item.id}")
    for name, fact in content.facts.items():
        if fact.place is not None:
            yield Mark(Span(*fact.place), Marked.FACT, f"fact-{name}")


def has_document(connection: Connection, plan_id: str) -> bool:
    """Whether the plan was made of a document that was read."""
    return bool(connection.execute(select(exists().where(reading.c.plan_id == plan_id))).scalar())


def lines(text: str, marks: Sequence[Mark], pages: Sequence[int] = ()) -> tuple[Line, ...]:
    """The lines of the text, cut where a mark begins or ends. Time grows with the text and the marks, not their product
    as long as few marks lie over each other."""
    ordered = sorted((mark for mark in marks if mark.span.start < mark.span.end), key=lambda mark: mark.span)
    return tuple(_lines(text, ordered, pages))


def _lines(text: str, ordered: Sequence[Mark], pages: Sequence[int]) -> Iterator[Line]:
    starts = sorted(pages)
    open_, coming, page, at = [], 0, 0, 0
    for words in text.split("\n"):
        end = at + len(words)
        while coming < len(ordered) and ordered[coming].span.start < end:
            open_.append(ordered[coming])
            coming += 1
        begun = page
        while page < len(starts) and starts[page] <= end:
            page += 1
        yield Line(at, tuple(_pieces(words, at, open_)), page - 1 if page > begun else None)
        at = end + 1
        open_ = [mark for mark in open_ if mark.span.end > at]


def _pieces(words: str, at: int, marks: Sequence[Mark]) -> Iterator[Piece]:
    """Of one line, on which these marks lie."""
    end = at + len(words)
    cuts = {at, end}
    for mark in marks:
        cuts |= {max(mark.span.start, at), min(mark.span.end, end)}
    edges = sorted(cuts)
    for start, stop in pairwise(edges):
        here = [mark for mark in marks if mark.span.start <= start and stop <= mark.span.end]
        yield _piece(words[start - at : stop - at], start, here)


def _piece(words: str, start: int, here: Iterable[Mark]) -> Piece:
    ranked = sorted(here, key=lambda mark: (_ORDER.index(mark.kind), mark.span.end - mark.span.start))
    anchors = [mark.of for mark in ranked if mark.kind is not Marked.CLAUSE and mark.span.start == start]
    kind = ranked[0].kind if ranked else None
    return Piece(start, words, kind, tuple(dict.fromkeys(mark.of for mark in ranked)), tuple(dict.fromkeys(anchors)))
