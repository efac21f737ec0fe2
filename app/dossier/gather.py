"""Puts a hồ sơ together from the register, by a fixed number of queries however many occurrences it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.engine import Connection

from app.dossier import chain, grounds, noted, numbered, sent, weekly
from app.dossier.mask import Mask
from app.dossier.model import Case, Dossier, Event, KeptFile
from app.dossier.noted import Noted
from app.dossier.sent import Messages
from app.naming import plan_name
from app.views.occurrence_notes import names_of
from app.views.scope import Units, occurrences_of
from notifications.planner import PlanningContext
from plans.calendar import local_day
from plans.model import Duty, Plan
from plans.text import _
from tasks.errors import BadInput, OccurrenceUnknown
from tasks.lifecycle import Move
from tasks.model import Occurrence
from tasks.naming import occurrence_title
from tasks.reasons import why
from tasks.seal import head
from tasks.status import days_late, status_text
from tasks.tables import occurrence
from tasks.tables import plan as plan_table

MOST = 400  # occurrences of one hồ sơ: beyond that nobody reads it, and memory is not endless


class NothingFollowed(BadInput):
    """No occurrence of that body falls due in that year."""

    def __init__(self, name: str, year: int) -> None:
        super().__init__(_("{name} không có kỳ nào đến hạn trong năm {year}.").format(name=name, year=year))


class TooMany(BadInput):
    def __init__(self, n: int) -> None:
        said = _("Hồ sơ có {n} kỳ, nhiều hơn {most}. In từng kỳ, hoặc chọn một kế hoạch.")
        super().__init__(said.format(n=n, most=MOST))


def of_occurrence(connection: Connection, occurrence_id: str, *, now: datetime) -> Dossier:
    """Of one occurrence. Raises OccurrenceUnknown."""
    found = _occurrences(connection, occurrence.c.id == occurrence_id)
    if not found:
        raise OccurrenceUnknown(occurrence_id)
    gathered = _Gathered(connection, found, now)
    [case] = gathered.cases()
    return gathered.dossier([case], f"{case.title}, {case.agency}", occurrence_id.replace("/", "-"), None)


def of_body(
    connection: Connection, agency_id: str, year: int, units: Units, *, now: datetime, plan_id: str | None = None
) -> Dossier:
    """Of a body and a year: what fell due in it, in the plans of these units. Raises AgencyUnknown (KeyError),
    NothingFollowed, TooMany."""
    o = occurrence.c
    which = (o.agency_id == agency_id) & o.due.between(date(year, 1, 1), date(year, 12, 31)) & occurrences_of(units)
    # the sample is no part of anybody's record, unless it is asked for by name or the body is of the sample itself
    if plan_id is not None:
        which &= o.plan_id == plan_id
    found = _occurrences(connection, which)
    real = [each for each in found if not each.sample]
    found = found if plan_id is not None else real or found
    gathered = _Gathered(connection, found, now)
    name = gathered.context.register[agency_id].name
    if not found:
        raise NothingFollowed(name, year)
    if len(found) > MOST:
        raise TooMany(len(found))
    slug = agency_id.replace(".", "-")
    subject = _("{name}, năm {year}").format(name=name, year=year)
    return gathered.dossier(gathered.cases(), subject, f"{slug}-{year}", year)


def lead_of(connection: Connection, occurrence_id: str) -> str:
    """Who follows it up. Raises OccurrenceUnknown."""
    chosen = select(plan_table.c.lead).join(occurrence, occurrence.c.plan_id == plan_table.c.id)
    lead = connection.execute(chosen.where(occurrence.c.id == occurrence_id)).scalar_one_or_none()
    if lead is None:
        raise OccurrenceUnknown(occurrence_id)
    return str(lead)


def _occurrences(connection: Connection, which: ColumnElement[bool]) -> list[Occurrence]:
    rows = connection.execute(select(occurrence).where(which).order_by(occurrence.c.due, occurrence.c.id))
    return [Occurrence.from_row(row) for row in rows]


def _claimed(rows: Iterable[Row[Any]], secret: Collection[str]) -> set[str]:
    """The numbers by which agencies said that they had sent what then came under secrecy."""
    told = (row.data.get("number") for row in rows if row.kind == Move.CLAIM and row.occurrence_id in secret)
    return {str(number) for number in told if number}


@dataclass(frozen=True, slots=True)
class _Rows:
    """What was read of all occurrences together."""

    notes: Noted
    messages: Messages
    letters: numbered.Found
    events: dict[str, list[Row[Any]]]
    bodies: list[Row[Any]]
    names: dict[str, str]
    versions: dict[str, int]
    mask: Mask
    weeks: list[Row[Any]]


class _Gathered:
    """Reads once for all occurrences, then makes the cases without another query."""

    def __init__(self, connection: Connection, found: Sequence[Occurrence], now: datetime) -> None:
        self.connection, self.found, self.now = connection, found, now
        self.today = local_day(now)
        self.context = PlanningContext(connection)
        self.context.expect({o.plan_id for o in found})
        self.leads = {self.context.plan(o.plan_id).lead for o in found}
        self.rows = self._read([o.id for o in found])
        self.mask = self.rows.mask

    def _read(self, ids: Collection[str]) -> _Rows:
        notes = noted.noted(self.connection, ids)
        letters = numbered.letters_of(self.connection, ids)
        rows = chain.rows_of(self.connection, chain.of_occurrences(ids))
        bodies = chain.rows_of(self.connection, chain.of_bodies(self.found))
        actors = notes.actors | {row.actor for row in (*rows, *bodies)}
        actors |= {stored.changed_by for stored, _content in letters[1].values()}
        events: dict[str, list[Row[Any]]] = defaultdict(list)
        for row in rows:
            events[row.occurrence_id].append(row)
        mask = notes.mask(_claimed(rows, notes.under_secrecy))
        versions = select(plan_table.c.id, plan_table.c.version).where(
            plan_table.c.id.in_(sorted({o.plan_id for o in self.found}))
        )
        return _Rows(
            notes,
            sent.messages_of(self.connection, self.found, self.leads, mask),
            letters,
            events,
            bodies,
            names_of(self.connection, actors),
            {row.id: row.version for row in self.connection.execute(versions)},
            mask,
            weekly.pages_of(self.connection, self.leads),
        )

    def cases(self) -> list[Case]:
        return [self._case(o) for o in self.found]

    def dossier(self, cases: Sequence[Case], subject: str, name: str, year: int | None) -> Dossier:
        _of, stored = self.rows.letters
        shown = {it for case in cases for it in case.letters}
        lead = " · ".join(sorted(self.context.register[each].name for each in self.leads))
        return Dossier(
            subject=subject,
            name=name,
            lead=lead,
            at=self.now,
            today=self.today,
            year=year,
            agency=cases[0].agency,
            cases=tuple(cases),
            messages=self.rows.messages.sent,
            letters={
                it: numbered.shown(letter, content, self.rows.names[letter.changed_by], self.mask)
                for it, (letter, content) in stored.items()
                if it in shown
            },
            body_events=self._events(row for row in self.rows.bodies if row.kind in chain.BODY_KINDS),
            head=head(self.connection),
            sample=all(o.sample for o in self.found),
        )

    def _events(self, rows: Iterable[Row[Any]]) -> tuple[Event, ...]:
        return tuple(chain.event_of(row, self.rows.names[row.actor], self.mask) for row in rows)

    def _noted(self, o: Occurrence) -> list[Row[Any]]:
        """That the body had taken note of what the plan asks of it."""
        mine = (o.plan_id, o.agency_id)
        return [row for row in self.rows.bodies if row.kind == chain.NOTED and (row.plan_id, row.agency_id) == mine]

    def _case(self, o: Occurrence) -> Case:
        plan = self.context.plan(o.plan_id)
        duty = next((each for each in plan.duties if each.id == o.duty_id), None)
        events = self._events([*self._noted(o), *self.rows.events[o.id]])
        office = self.context.office(plan.lead).reading
        notes, names, body = self.rows.notes, self.rows.names, self.context.register[o.agency_id]
        return Case(
            o=o,
            title=occurrence_title(duty, o.period) if duty else f"{o.duty_id} {o.period}",
            agency=body.name,
            agency_names=(body.name, *(each.name for each in body.names)),
            plan=plan_name(plan),
            status=status_text(o, today=self.today),
            days_late=days_late(o, today=self.today),
            ground=grounds.ground_of(o, plan, duty, self.context.register, self.rows.versions[plan.id]),
            reasons=why(o, plan, duty, plan.reading.over(office), self.context.calendar),
            reading=grounds.reading_rows(plan, office),
            moved=tuple(grounds.moves_of(events)),
            events=events,
            told=self.rows.messages.told.get(o.id, ()),
            untold=self.rows.messages.untold.get(o.id, ()),
            letters=self.rows.letters[0].get(o.id, ()),
            weeks=weekly.named(self.rows.weeks, o, plan.lead),
            papers=self._papers(o, plan, duty),
            claim_files=self._claim_files(o, duty),
            calls=tuple(noted.call_entry(row, names, self.mask) for row in notes.calls.get(o.id, ())),
            requests=tuple(noted.request_entry(row, names, self.mask) for row in notes.requests.get(o.id, ())),
            directions=tuple(noted.direction_entry(row, names, self.mask) for row in notes.directions.get(o.id, ())),
        )

    def _papers(self, o: Occurrence, plan: Plan, duty: Duty | None) -> tuple[Any, ...]:
        closed = bool(duty and duty.no_file)
        rows = self.rows.notes.papers.get(o.id, ())
        register, names = self.context.register, self.rows.names
        return tuple(
            noted.came_paper(row, self.rows.notes.files.get(row.id, ()), names, register, self.mask, closed=closed)
            for row in rows
        )

    def _claim_files(self, o: Occurrence, duty: Duty | None) -> tuple[KeptFile, ...]:
        """What the agency sent along; of a duty with personal data nothing, of a case with a secret paper nothing."""
        rows = self.rows.notes.papers.get(o.id, ())
        if (duty and duty.no_file) or any(row.secret for row in rows):
            return ()
        return tuple(KeptFile(row.hash, row.name) for row in self.rows.notes.claim_files.get(o.id, ()))
