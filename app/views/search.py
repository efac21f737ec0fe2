"""Search over plans, duties, bodies and document numbers, with or without diacritics.

Plans, duties and bodies are few: their names are folded in Python, once per name. Papers are many: the database looks
for the number, where ``đ`` is the only letter with a mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select
from sqlalchemy.engine import Connection

from app.board import plan_name
from app.views.occurrences import ALL, Filters
from app.views.scope import Units, occurrences_of, of_units
from plans.model import Plan
from plans.text import fold, sort_key
from tasks.agencies import load_plans
from tasks.tables import agency, answer, occurrence, paper, party
from tasks.tables import plan as plan_table

MOST = 20  # of each kind
_WORDS = 6
_folded = lru_cache(maxsize=65_536)(fold)


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: where it leads, what it is called, and a word of explanation."""

    path: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PaperHit:
    """A paper: its number, who sent it, and the first of the occurrences that it answers."""

    number: str
    dated: date | None
    received_on: date
    issuer: str
    occurrence_id: str
    answers: int


@dataclass(frozen=True, slots=True)
class Kind:
    """What was found of one kind: the first ones, and how many there are."""

    hits: tuple[Hit, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Found:
    plans: Kind
    duties: Kind
    bodies: Kind
    papers: tuple[PaperHit, ...]
    more_papers: bool
    extensions: tuple[Hit, ...]

    @property
    def nothing(self) -> bool:
        return not (self.plans.number or self.duties.number or self.bodies.number or self.papers or self.extensions)


def search(connection: Connection, units: Units, asked: str) -> Found | None:
    """What the words are found in, by a fixed number of queries; None where there is no word to look for."""
    tokens = fold(asked).split()[:_WORDS]
    if not tokens:
        return None
    plans = load_plans(connection, connection.execute(select(plan_table.c.id).where(of_units(units))).scalars())
    papers = _papers(connection, units, tokens)
    return Found(
        _kind(_plans(plans.values(), tokens)),
        _kind(_duties(plans.values(), tokens)),
        _kind(_bodies(connection, units, tokens)),
        papers[:MOST],
        len(papers) > MOST,
        _extensions(connection, units, tokens),
    )


def _kind(found: Iterable[Hit]) -> Kind:
    hits = sorted(found, key=lambda hit: sort_key(hit.text))
    return Kind(tuple(hits[:MOST]), len(hits))


def _all_in(tokens: Sequence[str], *texts: str | None) -> bool:
    text = " ".join(_folded(each) for each in texts if each)
    return all(token in text for token in tokens)


def _plans(plans: Iterable[Plan], tokens: Sequence[str]) -> Iterable[Hit]:
    for plan in plans:
        if _all_in(tokens, plan.number, plan.short, plan.title, plan.id):
            yield Hit(f"/ke-hoach/{plan.id}", plan_name(plan), plan.title)


def _duties(plans: Iterable[Plan], tokens: Sequence[str]) -> Iterable[Hit]:
    for plan in plans:
        for duty in plan.duties:
            if _all_in(tokens, duty.title):
                listed = f"/ky?{Filters(plan=plan.id, duty=duty.id, status=ALL).query()}"
                yield Hit(listed if duty.rule.dated else f"/ke-hoach/{plan.id}", duty.title, plan_name(plan))


def _bodies(connection: Connection, units: Units, tokens: Sequence[str]) -> Iterable[Hit]:
    """Of the bodies that have to do with the units' plans, by name, earlier names and aliases."""
    chosen = select(agency.c.id, agency.c.name, agency.c.document)
    if units is not None:
        named = select(party.c.agency_id).join(plan_table, plan_table.c.id == party.c.plan_id).where(of_units(units))
        chosen = chosen.where(or_(agency.c.id.in_(named), agency.c.id.in_(sorted(units))))
    for row in connection.execute(chosen):
        earlier = [each["name"] for each in row.document.get("names") or ()]
        if _all_in(tokens, row.name, *earlier, *(row.document.get("aliases") or ())):
            yield Hit(f"/co-quan/{row.id}", row.name)


def _papers(connection: Connection, units: Units, tokens: Sequence[str]) -> tuple[PaperHit, ...]:
    """The papers with that number, those that begin with it first, then the newest."""
    first = case((_like(paper.c.number, "", tokens), 0), else_=1)
    columns = (paper.c.id, paper.c.number, paper.c.dated, paper.c.received_on, agency.c.name)
    chosen = (
        select(
            *columns,
            func.min(answer.c.occurrence_id).label("occurrence_id"),
            func.count(answer.c.occurrence_id).label("answers"),
        )
        .select_from(
            paper.join(answer, answer.c.paper_id == paper.c.id)
            .join(occurrence, occurrence.c.id == answer.c.occurrence_id)
            .join(agency, agency.c.id == paper.c.issuer)
        )
        .where(_has(paper.c.number, tokens), paper.c.replaced_by.is_(None), occurrences_of(units))
        .group_by(*columns)
        .order_by(first, paper.c.received_on.desc(), paper.c.id.desc())
        .limit(MOST + 1)
    )
    return tuple(_paper(row) for row in connection.execute(chosen))


def _paper(row: Row[Any]) -> PaperHit:
    return PaperHit(row.number, row.dated, row.received_on, row.name, row.occurrence_id, row.answers)


def _extensions(connection: Connection, units: Units, tokens: Sequence[str]) -> tuple[Hit, ...]:
    """The documents by which a deadline was moved, with one of the occurrences that they moved."""
    o = occurrence.c
    chosen = (
        select(o.extended_by, func.min(o.id).label("first"), func.count().label("number"))
        .where(_has(o.extended_by, tokens), occurrences_of(units))
        .group_by(o.extended_by)
        .order_by(o.extended_by)
        .limit(MOST)
    )
    return tuple(Hit(f"/ky/{row.first}", row.extended_by, str(row.number)) for row in connection.execute(chosen))


def _has(column: ColumnElement[Any], tokens: Sequence[str]) -> ColumnElement[bool]:
    return and_(*(_like(column, "%", [token]) for token in tokens))


def _like(column: ColumnElement[Any], before: str, tokens: Sequence[str]) -> ColumnElement[bool]:
    """The words in this order. They are letters and digits only; ``d`` also stands for ``đ``, and so for any sign."""
    words = "%".join(token.replace("d", "_") for token in tokens)
    return func.lower(column).like(f"{before}{words}%")
