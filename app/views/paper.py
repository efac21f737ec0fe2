"""One paper with all that belongs to it: what it answers, its files, its earlier versions, what was done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.engine import Connection, Row

from app.board import plan_name
from app.views import paper_entry
from app.views.occurrence_notes import names_of, verdict_text
from app.views.paper_entry import Candidate
from app.views.scope import Units, of_units
from plans.text import sort_key
from tasks.agencies import load_plans, load_register
from tasks.desk import stamp
from tasks.desk_tables import paper_file, stored_file
from tasks.history import event_text
from tasks.lifecycle import Move
from tasks.model import Occurrence, State
from tasks.naming import occurrence_title
from tasks.paper_desk import PaperUnknown
from tasks.status import status_of, status_text
from tasks.tables import answer, audit_event, occurrence, paper
from tasks.tables import plan as plan_table

_EVENTS = 200
_KINDS = (Move.RECORD, Move.CORRECT, Move.ACCEPT, Move.RETURN, Move.UNDO, Move.REOPEN, "file", "file_removed")
_UNDOABLE = frozenset({State.RECEIVED, State.ACCEPTED, State.RETURNED})


@dataclass(frozen=True, slots=True)
class Named:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What the paper counts for. ``newest``: nothing came in for it since, so it can be put right here."""

    occurrence_id: str
    stamp: str
    lead: str
    title: str
    plan_name: str
    verdict: str
    counts: bool
    status: str
    status_text: str
    newest: bool
    undoable: bool
    no_file: bool


@dataclass(frozen=True, slots=True)
class FileLine:
    hash: str
    name: str
    size: int
    by: str


@dataclass(frozen=True, slots=True)
class Version:
    """How it had been typed before."""

    id: int
    number: str | None
    dated: date | None
    received_on: date
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class EventLine:
    at: datetime
    by: str
    text: str
    title: str


@dataclass(frozen=True, slots=True)
class PaperPage:
    id: int
    issuer: Named
    number: str | None
    dated: date | None
    received_on: date
    received_by: Named | None
    secret: bool
    recorded_at: datetime
    recorded_by: str
    newest_id: int  # another one where this version was a slip
    answers: tuple[AnswerLine, ...]
    files: tuple[FileLine, ...]
    earlier: tuple[Version, ...]
    events: tuple[EventLine, ...]
    receivers: tuple[Named, ...]
    candidates: tuple[Candidate, ...]
    sample: bool

    @property
    def counting(self) -> tuple[AnswerLine, ...]:
        return tuple(line for line in self.answers if line.counts)

    @property
    def correctable(self) -> bool:
        return self.newest_id == self.id and bool(self.counting) and all(line.newest for line in self.counting)

    @property
    def takes_files(self) -> bool:
        return not self.secret and self.newest_id == self.id and not any(line.no_file for line in self.counting)


def load(connection: Connection, units: Units, paper_id: int, *, today: date) -> PaperPage:
    """Everything by a fixed number of queries (one more per correction). Raises PaperUnknown."""
    row = connection.execute(select(paper).where(paper.c.id == paper_id)).one_or_none()
    if row is None:
        raise PaperUnknown(paper_id)
    register = load_register(connection)
    answers, receivers = _answers(connection, units, paper_id, today)
    earlier = _earlier(connection, paper_id)
    files = connection.execute(
        select(paper_file.c.hash, paper_file.c.name, paper_file.c.by, stored_file.c.size)
        .join(stored_file, stored_file.c.hash == paper_file.c.hash)
        .where(paper_file.c.paper_id == paper_id)
        .order_by(paper_file.c.name, paper_file.c.hash)
    ).all()
    trail = _trail(connection, [line.occurrence_id for line in answers])
    actors = {row.recorded_by, *(each.by for each in files), *(each.actor for each in trail)}
    names = names_of(connection, actors | {each.recorded_by for each in earlier})
    titles = {line.occurrence_id: line.title for line in answers}
    return PaperPage(
        id=row.id,
        issuer=Named(row.issuer, register[row.issuer].name),
        number=row.number,
        dated=row.dated,
        received_on=row.received_on,
        received_by=_named(register, row.received_by),
        secret=row.secret,
        recorded_at=row.recorded_at,
        recorded_by=names[row.recorded_by],
        newest_id=_newest(connection, row),
        answers=answers,
        files=tuple(FileLine(each.hash, each.name, each.size, names[each.by]) for each in files),
        earlier=tuple(_version(each, names) for each in earlier),
        events=tuple(
            EventLine(each.at, names[each.actor], event_text(each.kind, each.data), titles.get(each.occurrence_id, ""))
            for each in trail
        ),
        receivers=tuple(
            sorted((Named(each, register[each].name) for each in receivers), key=lambda each: sort_key(each.name))
        ),
        candidates=paper_entry.candidates(connection, units, [row.issuer], today=today)[row.issuer],
        sample=row.sample,
    )


def _named(register: Any, agency_id: str | None) -> Named | None:
    return Named(agency_id, register[agency_id].name) if agency_id and agency_id in register else None


def _answers(
    connection: Connection, units: Units, paper_id: int, today: date
) -> tuple[tuple[AnswerLine, ...], set[str]]:
    """The answers within the units, and who may have received the paper."""
    rows = connection.execute(
        select(occurrence, answer.c.verdict, answer.c.reason, plan_table.c.lead)
        .join(answer, answer.c.occurrence_id == occurrence.c.id)
        .join(plan_table, plan_table.c.id == occurrence.c.plan_id)
        .where(answer.c.paper_id == paper_id, of_units(units))
        .order_by(occurrence.c.id)
    ).all()
    plans = load_plans(connection, {row.plan_id for row in rows})
    newer = _answered_since(connection, paper_id, [row.id for row in rows])
    lines, receivers = [], set()
    for row in rows:
        o, plan = Occurrence.from_row(row), plans[row.plan_id]
        duty = next((each for each in plan.duties if each.id == o.duty_id), None)
        receivers |= {plan.lead, *(each.agency for each in (duty.recipients if duty else ()))}
        counts, newest = row.verdict != "void", o.id not in newer
        lines.append(
            AnswerLine(
                o.id,
                stamp(o),
                row.lead,
                occurrence_title(duty, o.period) if duty else o.duty_id,
                plan_name(plan),
                verdict_text(row.verdict, row.reason),
                counts,
                status_of(o, today=today).value,
                status_text(o, today=today),
                newest,
                counts and newest and o.state in _UNDOABLE,
                bool(duty and duty.no_file),
            )
        )
    return tuple(lines), receivers


def _answered_since(connection: Connection, paper_id: int, ids: list[str]) -> set[str]:
    later = select(answer.c.occurrence_id).where(
        answer.c.occurrence_id.in_(ids), answer.c.paper_id > paper_id, answer.c.verdict != "void"
    )
    return set(connection.execute(later).scalars())


def _earlier(connection: Connection, paper_id: int) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    layer = [paper_id]
    while layer:
        rows = connection.execute(select(paper).where(paper.c.replaced_by.in_(layer)).order_by(paper.c.id)).all()
        layer = [row.id for row in rows]
        found = [*rows, *found]
    return found


def _newest(connection: Connection, row: Row[Any]) -> int:
    """The version that counts: corrections are a chain."""
    current, following = int(row.id), row.replaced_by
    while following is not None:
        current = int(following)
        following = connection.execute(select(paper.c.replaced_by).where(paper.c.id == current)).scalar_one()
    return current


def _version(row: Row[Any], names: dict[str, str]) -> Version:
    return Version(row.id, row.number, row.dated, row.received_on, row.recorded_at, names[row.recorded_by])


def _trail(connection: Connection, ids: list[str]) -> list[Row[Any]]:
    kinds = or_(*(audit_event.c.kind == str(kind) for kind in _KINDS))
    chosen = select(audit_event).where(audit_event.c.occurrence_id.in_(ids), kinds)
    return list(connection.execute(chosen.order_by(audit_event.c.id.desc()).limit(_EVENTS)))
