"""The list of papers that came in: filters as the address says them, a page of rows with what each answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.engine import Connection, Row

from app.board import plan_name
from app.views.occurrence_notes import names_of, verdict_text
from app.views.scope import Units, occurrences_of, of_units
from plans.text import _, sort_key
from tasks.agencies import load_plans
from tasks.desk_tables import paper_file
from tasks.model import Occurrence
from tasks.naming import occurrence_title
from tasks.status import status_of, status_text
from tasks.tables import agency, answer, occurrence, paper, party
from tasks.tables import plan as plan_table

PAGE = 50
_MANY = 500  # bodies in a list to choose from


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for."""

    plan: str = ""
    agency: str = ""
    start: date | None = None
    end: date | None = None
    number: str = ""
    page: int = 1

    def query(self, **changes: Any) -> str:
        """The same as an address; what is not asked for is left out."""
        chosen = replace(self, **changes)
        values = {_IN_ADDRESS[f.name]: getattr(chosen, f.name) for f in fields(chosen)}
        kept = {k: v for k, v in values.items() if v not in ("", None) and (k, v) != ("trang", 1)}
        return urlencode({k: v.strftime("%d/%m/%Y") if isinstance(v, date) else v for k, v in kept.items()})

    @property
    def plainest(self) -> bool:
        return replace(self, page=1) == Filters()


_IN_ADDRESS = {"plan": "ke-hoach", "agency": "co-quan", "start": "tu", "end": "den", "number": "so", "page": "trang"}


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What a paper counts for."""

    occurrence_id: str
    title: str
    plan_name: str
    verdict: str
    status: str
    status_text: str
    figures: bool = False  # whether its report brings figures that somebody has to type


@dataclass(frozen=True, slots=True)
class Line:
    """One paper."""

    id: int
    issuer_id: str
    issuer: str
    number: str | None
    dated: date | None
    received_on: date
    secret: bool
    recorded_at: datetime
    recorded_by: str
    answers: tuple[AnswerLine, ...]
    files: int
    sample: bool


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    lines: tuple[Line, ...]
    total: int
    page: int
    pages: int
    plans: tuple[Choice, ...]
    agencies: tuple[Choice, ...]


def listing(connection: Connection, units: Units, filters: Filters, *, today: date) -> Listing:
    """One page, the last received first, by a fixed number of queries."""
    condition = _condition(units, filters)
    total = connection.execute(select(func.count()).select_from(paper).where(condition)).scalar_one()
    pages = max(1, -(-total // PAGE))
    page = min(max(1, filters.page), pages)
    chosen = select(paper).where(condition).order_by(paper.c.received_on.desc(), paper.c.id.desc())
    rows = connection.execute(chosen.limit(PAGE).offset((page - 1) * PAGE)).all()
    return Listing(
        _lines(connection, units, rows, today=today),
        total,
        page,
        pages,
        _plans(connection, units),
        _agencies(connection, units, filters.plan),
    )


def just_recorded(
    connection: Connection, units: Units, *, actor: str, since: datetime, today: date, most: int = 30
) -> tuple[Line, ...]:
    """What this person recorded since then, the newest first."""
    mine = (paper.c.recorded_by == actor) & (paper.c.recorded_at >= since) & _condition(units, Filters())
    rows = connection.execute(select(paper).where(mine).order_by(paper.c.id.desc()).limit(most)).all()
    return _lines(connection, units, rows, today=today)


def one(connection: Connection, units: Units, paper_id: int, *, today: date) -> Line | None:
    """One paper as a line."""
    rows = connection.execute(select(paper).where(paper.c.id == paper_id, _condition(units, Filters()))).all()
    found = _lines(connection, units, rows, today=today)
    return found[0] if found else None


def _condition(units: Units, filters: Filters) -> ColumnElement[bool]:
    """Papers that count for something that these units follow; wrongly typed versions are not listed."""
    counting = (
        select(answer.c.paper_id)
        .join(occurrence, occurrence.c.id == answer.c.occurrence_id)
        .where(answer.c.paper_id == paper.c.id, answer.c.verdict != "void", occurrences_of(units))
    )
    if filters.plan:
        counting = counting.where(occurrence.c.plan_id == filters.plan)
    asked = [paper.c.replaced_by.is_(None), exists(counting)]
    if filters.agency:
        asked.append(paper.c.issuer == filters.agency)
    if filters.start:
        asked.append(paper.c.received_on >= filters.start)
    if filters.end:
        asked.append(paper.c.received_on <= filters.end)
    if filters.number:
        asked.append(func.lower(paper.c.number).contains(filters.number.lower(), autoescape=True))
    return and_(*asked)


def _lines(connection: Connection, units: Units, rows: Sequence[Row[Any]], *, today: date) -> tuple[Line, ...]:
    ids = [row.id for row in rows]
    answers = _answers(connection, units, ids, today)
    counted = select(paper_file.c.paper_id, func.count()).where(paper_file.c.paper_id.in_(ids))
    files = {row[0]: row[1] for row in connection.execute(counted.group_by(paper_file.c.paper_id))}
    names = names_of(connection, {row.recorded_by for row in rows})
    called = {
        row.id: row.name
        for row in connection.execute(
            select(agency.c.id, agency.c.name).where(agency.c.id.in_({row.issuer for row in rows}))
        )
    }
    return tuple(
        Line(
            row.id,
            row.issuer,
            called[row.issuer],
            row.number,
            row.dated,
            row.received_on,
            row.secret,
            row.recorded_at,
            names[row.recorded_by],
            tuple(answers[row.id]),
            files.get(row.id, 0),
            row.sample,
        )
        for row in rows
    )


def _answers(connection: Connection, units: Units, ids: Sequence[int], today: date) -> dict[int, list[AnswerLine]]:
    rows = connection.execute(
        select(occurrence, answer.c.paper_id, answer.c.verdict, answer.c.reason)
        .join(answer, answer.c.occurrence_id == occurrence.c.id)
        .where(answer.c.paper_id.in_(ids), answer.c.verdict != "void", occurrences_of(units))
        .order_by(answer.c.paper_id, occurrence.c.id)
    ).all()
    plans = load_plans(connection, {row.plan_id for row in rows})
    found: dict[int, list[AnswerLine]] = defaultdict(list)
    for row in rows:
        o, plan = Occurrence.from_row(row), plans[row.plan_id]
        duty = next((each for each in plan.duties if each.id == o.duty_id), None)
        found[row.paper_id].append(
            AnswerLine(
                o.id,
                occurrence_title(duty, o.period) if duty else o.duty_id,
                plan_name(plan),
                verdict_text(row.verdict, row.reason),
                status_of(o, today=today).value,
                status_text(o, today=today),
                bool(plan.figures_of(o.duty_id)),
            )
        )
    return found


def _plans(connection: Connection, units: Units) -> tuple[Choice, ...]:
    rows = connection.execute(select(plan_table.c.id, plan_table.c.short, plan_table.c.sample).where(of_units(units)))
    found = [Choice(row.id, _("MẪU · {name}").format(name=row.short) if row.sample else row.short) for row in rows]
    return tuple(sorted(found, key=lambda each: sort_key(each.text)))


def _agencies(connection: Connection, units: Units, plan_id: str) -> tuple[Choice, ...]:
    """Who may have written; empty where there are too many to choose from and no plan was chosen."""
    named = select(party.c.agency_id).join(plan_table, plan_table.c.id == party.c.plan_id).where(of_units(units))
    if plan_id:
        named = named.where(party.c.plan_id == plan_id)
    rows = connection.execute(select(agency.c.id, agency.c.name).where(agency.c.id.in_(named)).limit(_MANY + 1)).all()
    if len(rows) > _MANY:
        return ()
    return tuple(sorted((Choice(row.id, row.name) for row in rows), key=lambda each: sort_key(each.text)))
