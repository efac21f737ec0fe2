"""What the API shows of the units that an account may see: plans, occurrences, papers and the trail, page by page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, true
from sqlalchemy.engine import Connection

from app.views.occurrences import ALL, status_condition
from app.views.scope import Units, occurrences_of, of_units
from plans.calendar import end_of
from plans.model import Plan
from tasks.agencies import load_plans
from tasks.desk import stamp
from tasks.model import Occurrence
from tasks.naming import occurrence_title
from tasks.status import days_late, status_of, status_text
from tasks.tables import agency, answer, audit_event, occurrence, paper
from tasks.tables import plan as plan_table

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class Page(Generic[RowT]):
    """A page of rows, and how many there are in all."""

    items: Sequence[RowT]
    total: int


@dataclass(frozen=True, slots=True)
class PlanRow:
    plan: Plan
    status: str
    version: int
    active_from: date | None
    lead_name: str


@dataclass(frozen=True, slots=True)
class OccurrenceRow:
    """``tag``: another one means that the occurrence says something else by now."""

    o: Occurrence
    title: str
    agency_name: str
    lead: str
    status: str
    status_text: str
    days_late: int | None
    tag: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the occurrences are filtered by; the days are of the due date."""

    plan: str | None = None
    duty: str | None = None
    agency: str | None = None
    period: str | None = None
    status: str | None = None
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class AnswerRow:
    occurrence: str
    verdict: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class PaperRow:
    id: int
    issuer: str
    issuer_name: str
    number: str | None
    dated: date | None
    received_on: date
    secret: bool
    recorded_at: datetime
    recorded_by: str
    replaced_by: int | None
    answers: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True)
class TrailRow:
    id: int
    at: datetime
    actor: str
    kind: str
    plan: str | None
    occurrence: str | None
    agency: str | None
    data: Mapping[str, Any]


def plans(connection: Connection, units: Units, *, status: str | None, limit: int, offset: int) -> Page[PlanRow]:
    """In the order of their ids."""
    wanted = of_units(units) & (plan_table.c.status == status if status else true())
    return _plans(connection, wanted, limit, offset)


def plan(connection: Connection, plan_id: str) -> PlanRow | None:
    return next(iter(_plans(connection, plan_table.c.id == plan_id, 1, 0).items), None)


def _plans(connection: Connection, wanted: ColumnElement[bool], limit: int, offset: int) -> Page[PlanRow]:
    columns = select(plan_table.c.id, plan_table.c.status, plan_table.c.version, plan_table.c.active_from)
    named = columns.add_columns(agency.c.name).outerjoin_from(plan_table, agency, agency.c.id == plan_table.c.lead)
    rows = connection.execute(named.where(wanted).order_by(plan_table.c.id).limit(limit).offset(offset)).all()
    read = load_plans(connection, [row.id for row in rows])
    found = [PlanRow(read[row.id], row.status, row.version, row.active_from, row.name or "") for row in rows]
    return Page(found, _count(connection, select(plan_table.c.id).where(wanted)))


def occurrences(
    connection: Connection, units: Units, asked: Asked, *, limit: int, offset: int, today: date
) -> Page[OccurrenceRow]:
    """In the order of their due dates."""
    o = occurrence.c
    equal = ((o.plan_id, asked.plan), (o.duty_id, asked.duty), (o.agency_id, asked.agency), (o.period, asked.period))
    wanted = and_(
        occurrences_of(units),
        status_condition(asked.status or ALL, today=today),
        *(column == value for column, value in equal if value is not None),
        o.due >= asked.start if asked.start else true(),
        o.due <= asked.end if asked.end else true(),
    )
    rows = _occurrences(connection, wanted, today, limit=limit, offset=offset)
    return Page(rows, _count(connection, select(o.id).where(wanted)))


def these_occurrences(connection: Connection, units: Units, ids: Iterable[str], *, today: date) -> list[OccurrenceRow]:
    """Those of the ids that exist and belong to the units."""
    wanted = occurrences_of(units) & occurrence.c.id.in_(sorted(set(ids)))
    return _occurrences(connection, wanted, today)


def _occurrences(
    connection: Connection,
    wanted: ColumnElement[bool],
    today: date,
    *,
    limit: int | None = None,
    offset: int | None = None,
) -> list[OccurrenceRow]:
    joined = (
        select(occurrence, agency.c.name.label("agency_name"), plan_table.c.lead)
        .join(agency, agency.c.id == occurrence.c.agency_id)
        .join(plan_table, plan_table.c.id == occurrence.c.plan_id)
        .where(wanted)
        .order_by(occurrence.c.due, occurrence.c.id)
    )
    rows = connection.execute(joined.limit(limit).offset(offset)).all()
    read = load_plans(connection, {row.plan_id for row in rows})
    return [_occurrence(Occurrence.from_row(row), row.agency_name, read[row.plan_id], today) for row in rows]


def _occurrence(o: Occurrence, agency_name: str, of: Plan, today: date) -> OccurrenceRow:
    duty = next((each for each in of.duties if each.id == o.duty_id), None)
    return OccurrenceRow(
        o,
        occurrence_title(duty, o.period) if duty else o.duty_id,
        agency_name,
        of.lead,
        status_of(o, today=today).value,
        status_text(o, today=today),
        days_late(o, today=today),
        stamp(o),
    )


def papers(
    connection: Connection,
    units: Units,
    *,
    plan_id: str | None,
    issuer: str | None,
    start: date | None,
    end: date | None,
    limit: int,
    offset: int,
) -> Page[PaperRow]:
    """The last recorded first; a paper that was put right stands beside its newer version."""
    mine = select(answer.c.paper_id).join(occurrence, occurrence.c.id == answer.c.occurrence_id)
    mine = mine.where(answer.c.paper_id == paper.c.id, occurrences_of(units))
    if plan_id is not None:
        mine = mine.where(occurrence.c.plan_id == plan_id)
    wanted = and_(
        exists(mine.correlate(paper)),
        paper.c.issuer == issuer if issuer is not None else true(),
        paper.c.received_on >= start if start else true(),
        paper.c.received_on <= end if end else true(),
    )
    return _papers(connection, units, wanted, limit, offset)


def paper_of(connection: Connection, units: Units, paper_id: int) -> PaperRow | None:
    return next(iter(_papers(connection, units, paper.c.id == paper_id, 1, 0).items), None)


def _papers(
    connection: Connection, units: Units, wanted: ColumnElement[bool], limit: int, offset: int
) -> Page[PaperRow]:
    joined = select(paper, agency.c.name.label("issuer_name")).join(agency, agency.c.id == paper.c.issuer)
    rows = connection.execute(joined.where(wanted).order_by(paper.c.id.desc()).limit(limit).offset(offset)).all()
    answered: dict[int, list[AnswerRow]] = defaultdict(list)
    theirs = select(answer).join(occurrence, occurrence.c.id == answer.c.occurrence_id)
    theirs = theirs.where(answer.c.paper_id.in_([row.id for row in rows]), occurrences_of(units))
    for each in connection.execute(theirs.order_by(answer.c.occurrence_id)):
        answered[each.paper_id].append(AnswerRow(each.occurrence_id, each.verdict, each.reason))
    found = [
        PaperRow(
            row.id,
            row.issuer,
            row.issuer_name,
            row.number,
            row.dated,
            row.received_on,
            row.secret,
            row.recorded_at,
            row.recorded_by,
            row.replaced_by,
            tuple(answered[row.id]),
        )
        for row in rows
    ]
    return Page(found, _count(connection, select(paper.c.id).where(wanted)))


def trail(
    connection: Connection,
    units: Units,
    *,
    plan_id: str | None,
    occurrence_id: str | None,
    kind: str | None,
    start: date | None,
    end: date | None,
    after: int,
    limit: int,
) -> list[TrailRow]:
    """The rows about the plans of the units with a number greater than ``after``, oldest first.

    By number and not by offset: who reads on with the last number misses nothing and reads nothing twice.
    """
    e = audit_event.c
    equal = ((e.plan_id, plan_id), (e.occurrence_id, occurrence_id), (e.kind, kind))
    wanted = and_(
        e.id > after,
        e.plan_id.in_(select(plan_table.c.id).where(of_units(units))) if units is not None else true(),
        *(column == value for column, value in equal if value is not None),
        e.at >= end_of(start.fromordinal(start.toordinal() - 1)) if start else true(),
        e.at < end_of(end) if end else true(),
    )
    rows = connection.execute(select(audit_event).where(wanted).order_by(e.id).limit(limit))
    return [
        TrailRow(row.id, row.at, row.actor, row.kind, row.plan_id, row.occurrence_id, row.agency_id, row.data)
        for row in rows
    ]


def _count(connection: Connection, chosen: Select[Any]) -> int:
    return int(connection.execute(select(func.count()).select_from(chosen.subquery())).scalar_one())
