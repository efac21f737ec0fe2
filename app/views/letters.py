"""Công văn: the list of letters, one letter with its text as it is printed, the letters of a plan or an occurrence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.engine import Connection

from app.board import plan_name
from app.views.occurrence_notes import names_of
from app.views.occurrences import Choice
from app.views.scope import Units, of_units
from plans.text import _, day_text, sort_key
from tasks.agencies import load_plans
from tasks.letter_model import Letter, LetterKind, LetterState, kind_text, state_text
from tasks.letter_store import (
    HEAD,
    letters_of_occurrence,
    letters_of_plan,
)
from tasks.letter_tables import letter, letter_occurrence
from tasks.naming import occurrence_title
from tasks.tables import agency, occurrence
from tasks.tables import plan as plan_table

PAGE = 50
_STATUS = {LetterState.DRAFT: "received", LetterState.NUMBERED: "on-time", LetterState.VOID: "void"}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for."""

    plan: str = ""
    kind: LetterKind | None = None
    state: LetterState | None = None
    number: str = ""
    page: int = 1

    def query(self, **changes: Any) -> str:
        """The same as an address; what is not asked for is left out."""
        chosen = replace(self, **changes)
        values = {_IN_ADDRESS[each.name]: getattr(chosen, each.name) for each in fields(chosen)}
        return urlencode({k: v for k, v in values.items() if v not in ("", None) and (k, v) != ("trang", 1)})

    @property
    def plainest(self) -> bool:
        return replace(self, page=1) == Filters()


_IN_ADDRESS = {"plan": "ke-hoach", "kind": "loai", "state": "tinh-trang", "number": "so", "page": "trang"}


@dataclass(frozen=True, slots=True)
class Line:
    """One letter in a list. ``status``: draft, numbered, sent, void in words; ``about``: of what it speaks."""

    id: int
    title: str
    reference: str
    dated: date | None
    status: str
    status_kind: str
    sent_on: date | None
    plan_id: str
    plan_name: str
    about: str
    bodies: int
    at: datetime
    by: str
    draft: bool


@dataclass(frozen=True, slots=True)
class Listing:
    letters: tuple[Letter, ...]
    lines: tuple[Line, ...]
    total: int
    page: int
    pages: int
    plans: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    states: tuple[Choice, ...]


def listing(connection: Connection, units: Units, filters: Filters) -> Listing:
    """One page, the last written first, by a fixed number of queries."""
    which = _condition(units, filters)
    total = connection.execute(select(func.count()).select_from(letter).where(which)).scalar_one()
    pages = max(1, -(-total // PAGE))
    page = min(max(1, filters.page), pages)
    chosen = select(*HEAD).where(which).order_by(letter.c.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    found = [Letter.from_row(row) for row in connection.execute(chosen)]
    return Listing(
        tuple(found),
        tuple(as_lines(connection, found)),
        total,
        page,
        pages,
        _plans(connection, units),
        tuple(Choice(each.value, kind_text(each)) for each in LetterKind),
        tuple(Choice(each.value, state_text(each)) for each in LetterState),
    )


def _condition(units: Units, filters: Filters) -> ColumnElement[bool]:
    theirs = letter.c.plan_id.in_(select(plan_table.c.id).where(of_units(units)))
    asked: list[ColumnElement[bool]] = [theirs]
    if filters.plan:
        asked.append(letter.c.plan_id == filters.plan)
    if filters.kind:
        asked.append(letter.c.kind == filters.kind.value)
    if filters.state:
        asked.append(letter.c.state == filters.state.value)
    if filters.number:
        whole = letter.c.number + "/" + letter.c.symbol
        asked.append(func.lower(whole).contains(filters.number.lower(), autoescape=True))
    return and_(*asked)


def _plans(connection: Connection, units: Units) -> tuple[Choice, ...]:
    rows = connection.execute(select(plan_table.c.id, plan_table.c.short, plan_table.c.sample).where(of_units(units)))
    found = [Choice(row.id, _("MẪU · {name}").format(name=row.short) if row.sample else row.short) for row in rows]
    return tuple(sorted(found, key=lambda each: sort_key(each.text)))


def as_lines(connection: Connection, letters: Sequence[Letter]) -> list[Line]:
    """Several letters as lines, by a fixed number of queries."""
    if not letters:
        return []
    plans = load_plans(connection, {each.plan_id for each in letters})
    names = names_of(connection, {each.by for each in letters})
    counted = (
        select(letter_occurrence.c.letter_id, func.count(func.distinct(occurrence.c.agency_id)))
        .join(occurrence, occurrence.c.id == letter_occurrence.c.occurrence_id)
        .where(letter_occurrence.c.letter_id.in_([each.id for each in letters]))
        .group_by(letter_occurrence.c.letter_id)
    )
    bodies = {row[0]: row[1] for row in connection.execute(counted)}
    alone = sorted({each.agency_id for each in letters if each.agency_id})
    called = connection.execute(select(agency.c.id, agency.c.name).where(agency.c.id.in_(alone)))
    agencies = {row.id: row.name for row in called}
    return [
        Line(
            id=each.id,
            title=each.title,
            reference=each.reference,
            dated=each.dated,
            status=status_text(each),
            status_kind="sent" if each.sent_on and each.state is LetterState.NUMBERED else _STATUS[each.state],
            sent_on=each.sent_on,
            plan_id=each.plan_id,
            plan_name=plan_name(plans[each.plan_id]),
            about=_about(each, plans[each.plan_id], agencies),
            bodies=0 if each.agency_id else bodies.get(each.id, 0),
            at=each.at,
            by=names[each.by],
            draft=each.state is LetterState.DRAFT,
        )
        for each in letters
    ]


def _about(each: Letter, plan: Any, agencies: dict[str, str]) -> str:
    """``Báo cáo tháng 10/2026``; the body where it goes to one alone."""
    duty = next((duty for duty in plan.duties if duty.id == each.duty_id), None)
    said = occurrence_title(duty, each.period or "") if duty else ""
    return " · ".join(filter(None, (said, agencies.get(each.agency_id or "", ""))))


def status_text(each: Letter) -> str:
    """``Dự thảo``, ``Đã ban hành``, ``Đã gửi 13/11/2026``, ``Đã hủy``."""
    if each.state is LetterState.NUMBERED and each.sent_on:
        return _("Đã gửi {day}").format(day=day_text(each.sent_on))
    return state_text(each.state)


def of_occurrence(connection: Connection, occurrence_id: str) -> list[Line]:
    """The letters that speak of an occurrence, the newest first; dropped drafts are left out."""
    found = [each for each in letters_of_occurrence(connection, occurrence_id) if _shown(each)]
    return as_lines(connection, found[::-1])


def of_plan(connection: Connection, plan_id: str, *, most: int = 10) -> list[Line]:
    """The newest letters of a plan."""
    found = [each for each in letters_of_plan(connection, plan_id, most=3 * most) if _shown(each)]
    return as_lines(connection, found[:most])


def _shown(each: Letter) -> bool:
    return each.state is not LetterState.VOID or bool(each.number)
