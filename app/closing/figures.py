"""What fell due in a month under one lead unit, how it stood, who was pressed, what was put right.

The rules are those of ``tasks.audit``; everything is read by a fixed number of queries.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select
from sqlalchemy.engine import Connection

from app.closing.words import COUNTED, standing
from app.naming import plan_name
from app.views.occurrence_notes import names_of
from app.views.trail_words import row_text
from notifications.tables import message, message_notice, notice
from plans.calendar import end_of, local_day
from plans.deadlines import last_of_month
from plans.model import Plan
from plans.text import sort_key
from tasks.agencies import load_plans
from tasks.desk_tables import call_note
from tasks.letter_tables import letter, letter_occurrence
from tasks.lifecycle import Move
from tasks.model import Occurrence, OccurrenceId
from tasks.naming import occurrence_title
from tasks.seal import head
from tasks.status import days_late
from tasks.tables import agency, audit_event, occurrence
from tasks.tables import plan as plan_table

_MOVED = (Move.EXTEND.value, Move.TRANSFER.value, Move.WAIVE.value)
_PUT_RIGHT = (Move.CORRECT.value, Move.UNDO.value, Move.REOPEN.value, "miss_withdrawn", "start_corrected")


@dataclass(frozen=True, slots=True)
class Line:
    """One occurrence that falls due in the month. ``standing``: on_time, late, missing, open (its last day has not
    passed), or the state of what does not count (waived, transferred, cancelled)."""

    id: str
    plan_id: str
    title: str
    agency_id: str
    agency: str
    due: date
    standing: str
    days: int
    received_on: date | None
    number: str | None


@dataclass(slots=True)
class Tally:
    """Of one body under one plan, or of all."""

    on_time: int = 0
    late: int = 0
    missing: int = 0
    open: int = 0
    extended: int = 0
    transferred: int = 0

    @property
    def due(self) -> int:
        return self.on_time + self.late + self.missing + self.open

    def add(self, other: Tally) -> None:
        for name in ("on_time", "late", "missing", "open", "extended", "transferred"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class Pressed:
    """How often one body was pressed in the month: reminders after the deadline, by hand, calls, numbered letters."""

    agency: str
    reminders: int
    by_hand: int
    calls: int
    letters: int


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the trail in words."""

    at: datetime
    by: str
    title: str
    agency: str
    text: str


@dataclass(frozen=True, slots=True)
class Month:
    """The whole month. ``tallies``: (plan, body) -> numbers."""

    unit: str
    unit_name: str
    first: date
    at: datetime
    plans: dict[str, str]
    names: dict[str, str]
    lines: tuple[Line, ...]
    tallies: dict[tuple[str, str], Tally]
    moved: tuple[Event, ...]
    pressed: tuple[Pressed, ...]
    put_right: tuple[Event, ...]
    place: int
    head: str
    sample: bool
    total: Tally = field(default_factory=Tally)


def month_of(connection: Connection, unit: str, first: date, *, now: datetime) -> Month:
    """How that month stands at ``now``. A unit with nothing but the sample gets the sample's month, marked as one."""
    return _Month(connection, unit, first, now).gather()


def lines_of(
    connection: Connection, unit: str, first: date, *, now: datetime, also: tuple[str, ...] = ()
) -> list[Line]:
    """The lines of that month as they stand at ``now``, and those of ``also`` wherever their day has moved to."""
    return list(_Month(connection, unit, first, now).lines(also))


def month_number(first: date) -> int:
    """``202611``."""
    return first.year * 100 + first.month


class _Month:
    def __init__(self, connection: Connection, unit: str, first: date, now: datetime) -> None:
        self.connection, self.unit, self.first, self.now = connection, unit, first.replace(day=1), now
        self.last = last_of_month(first.year, first.month)
        self.begins, self.ends = end_of(self.first - timedelta(days=1)), end_of(self.last)
        heads = connection.execute(select(plan_table.c.id, plan_table.c.sample).where(plan_table.c.lead == unit)).all()
        real = [row.id for row in heads if not row.sample]
        self.sample = not real
        self.plans: dict[str, Plan] = load_plans(connection, real or [row.id for row in heads])
        self.mine = occurrence.c.plan_id.in_(sorted(self.plans))
        owing = select(occurrence.c.agency_id).where(self.mine)
        chosen = select(agency.c.id, agency.c.name).where((agency.c.id == unit) | agency.c.id.in_(owing))
        self.names = {row.id: row.name for row in connection.execute(chosen)}

    def gather(self) -> Month:
        lines = tuple(self.lines(()))
        events = self._events((*_MOVED, *_PUT_RIGHT))
        tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
        for line in lines:
            if line.standing in COUNTED:
                tally = tallies[line.plan_id, line.agency_id]
                setattr(tally, line.standing, getattr(tally, line.standing) + 1)
        self._count_moved(events, tallies)
        total = Tally()
        for tally in tallies.values():
            total.add(tally)
        newest = head(self.connection)
        return Month(
            self.unit, self.names.get(self.unit, self.unit), self.first, self.now,
            {it: plan_name(plan) for it, plan in self.plans.items()}, self.names, lines, dict(tallies),
            tuple(self._told(events, _MOVED)), self._pressed(), tuple(self._told(events, _PUT_RIGHT)),
            newest.place if newest else 0, newest.hash if newest else "", self.sample, total,
        )  # fmt: skip

    def lines(self, also: tuple[str, ...]) -> Iterator[Line]:
        o = occurrence.c
        within = and_(o.due >= self.first, o.due <= self.last)
        which: ColumnElement[bool] = within | o.id.in_(also) if also else within
        chosen = select(occurrence).where(self.mine, o.before_tracking.is_(False), which).order_by(o.due, o.id)
        today = local_day(self.now)
        for row in self.connection.execute(chosen):
            occurred = Occurrence.from_row(row)
            yield Line(
                occurred.id, occurred.plan_id, self.title(occurred.id), occurred.agency_id,
                self.names.get(occurred.agency_id, occurred.agency_id), occurred.due, standing(occurred, today),
                days_late(occurred, today=today) or 0, occurred.received_on, occurred.number,
            )  # fmt: skip

    def title(self, occurrence_id: str) -> str:
        at = OccurrenceId.parse(occurrence_id)
        plan = self.plans.get(at.plan)
        duty = next((each for each in plan.duties if each.id == at.duty), None) if plan else None
        return occurrence_title(duty, at.period) if duty else at.duty

    # -- events of the month --

    def _events(self, kinds: tuple[str, ...]) -> list[Row[Any]]:
        e = audit_event.c
        chosen = select(audit_event).where(
            e.plan_id.in_(sorted(self.plans)),
            e.kind.in_(kinds),
            e.at >= self.begins,
            e.at < self.ends,
            e.at <= self.now,
        )
        return list(self.connection.execute(chosen.order_by(e.id)))

    def _count_moved(self, events: list[Row[Any]], tallies: dict[tuple[str, str], Tally]) -> None:
        """Every occurrence once, however often its day was moved."""
        seen = {(row.kind, row.occurrence_id, row.plan_id, row.agency_id) for row in events if not _back(row)}
        for kind, _id, plan_id, agency_id in seen:
            if kind == Move.EXTEND:
                tallies[plan_id, agency_id].extended += 1
            elif kind == Move.TRANSFER:
                tallies[plan_id, agency_id].transferred += 1

    def _told(self, events: list[Row[Any]], kinds: tuple[str, ...]) -> Iterator[Event]:
        rows = [row for row in events if row.kind in kinds]
        people = names_of(self.connection, {row.actor for row in rows})
        for row in rows:
            title = self.title(row.occurrence_id) if row.occurrence_id else plan_name(self.plans[row.plan_id])
            data = {**row.data, "to_name": self.names.get(row.data.get("to", ""))}
            body = self.names.get(row.agency_id, "") if row.agency_id else ""
            yield Event(row.at, people[row.actor], title, body, row_text(row.kind, data))

    # -- who was pressed --

    def _pressed(self) -> tuple[Pressed, ...]:
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for name, counted in (("mail", self._mails()), ("calls", self._calls()), ("letters", self._letters())):
            for row in self.connection.execute(counted):
                found[row.agency_id][row.kind if name == "mail" else name] += int(row.number)
        order = sorted(found, key=lambda it: sort_key(self.names.get(it, it)))
        return tuple(
            Pressed(self.names.get(it, it), *(found[it][name] for name in ("overdue", "press", "calls", "letters")))
            for it in order
        )

    def _mails(self) -> Select[Any]:
        """Messages that arrived and told a body of something overdue, or that the officer sent by hand."""
        n = notice.c
        kind = case((n.rung.like("press-%"), "press"), else_="overdue").label("kind")
        return (
            select(n.agency_id, kind, func.count(message.c.id.distinct()).label("number"))
            .join(message_notice, message_notice.c.notice_id == n.id)
            .join(message, message.c.id == message_notice.c.message_id)
            .where(
                n.plan_id.in_(sorted(self.plans)),
                n.role == "agency",
                n.rung.like("overdue-%") | n.rung.like("press-%"),
                message.c.status == "sent",
                message.c.settled_at >= self.begins,
                message.c.settled_at < self.ends,
            )
            .group_by(n.agency_id, kind)
        )

    def _calls(self) -> Select[Any]:
        c = call_note.c
        return (
            select(occurrence.c.agency_id, func.count().label("number"))
            .join(occurrence, occurrence.c.id == c.occurrence_id)
            .where(self.mine, c.at >= self.begins, c.at < self.ends)
            .group_by(occurrence.c.agency_id)
        )

    def _letters(self) -> Select[Any]:
        """Urging letters that have a number, by the date that they bear."""
        return (
            select(occurrence.c.agency_id, func.count(letter.c.id.distinct()).label("number"))
            .join(letter_occurrence, letter_occurrence.c.letter_id == letter.c.id)
            .join(occurrence, occurrence.c.id == letter_occurrence.c.occurrence_id)
            .where(
                self.mine,
                letter.c.kind == "urging",
                letter.c.state == "numbered",
                letter.c.dated >= self.first,
                letter.c.dated <= self.last,
            )
            .group_by(occurrence.c.agency_id)
        )


def _back(row: Row[Any]) -> bool:
    return bool(row.kind == Move.TRANSFER and row.data.get("back"))
