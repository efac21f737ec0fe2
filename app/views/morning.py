"""What the next morning will send if nobody does anything, and the list of those whom it will press."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, union
from sqlalchemy.engine import Connection, Row

from app.board import plan_name, rung_label
from app.views.occurrence_messages import role_text
from app.views.scope import Units, occurrences_of, of_units
from notifications.contacts import Contact, ContactRole, contact_from
from notifications.ladder import Role
from notifications.morning import Spoken, Word, next_morning, presses, spoken
from notifications.planner import PlanningContext
from notifications.posts import Posts, posts_on, readers
from notifications.tables import contact, notice, waits_as
from plans.calendar import local_day
from tasks.desk import stamp
from tasks.model import OWED, Occurrence, State
from tasks.naming import occurrence_title
from tasks.office import working_calendar
from tasks.status import status_of, status_text
from tasks.tables import agency, occurrence
from tasks.tables import plan as plan_table

AT_MOST = 600  # occurrences that are looked at for one page; a busier morning is told as "at least"
PAGE = 50


@dataclass(frozen=True, slots=True)
class RungCount:
    """So many occurrences will be spoken of by that rung."""

    rung: str
    text: str
    role: str
    number: int
    listed: bool  # the occurrences behind the number can be shown; of what is told of a plan there are none


@dataclass(frozen=True, slots=True)
class Morning:
    """``more``: there are more occurrences than were looked at, so the numbers are the least that will be."""

    at: datetime
    rungs: tuple[RungCount, ...]
    people: int
    unreached: int
    pressed: int
    more: bool

    @property
    def day(self) -> date:
        return local_day(self.at)


@dataclass(frozen=True, slots=True)
class Telling:
    """What will be said of a line, to whom. ``why_not``: what stands against it."""

    text: str
    role: str
    people: tuple[str, ...]
    why_not: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One occurrence that will be pressed, with what its forms need."""

    id: str
    stamp: str
    title: str
    plan_id: str
    plan_name: str
    lead: str
    agency_id: str
    agency: str
    last_day: date
    status: str
    status_text: str
    tellings: tuple[Telling, ...]
    sample: bool


@dataclass(frozen=True, slots=True)
class Held:
    """One that is held back, or has promised: nothing is sent to the agency until after ``until``."""

    id: str
    stamp: str
    title: str
    lead: str
    agency: str
    until: date
    promised: bool


@dataclass(frozen=True, slots=True)
class Review:
    """The list of the next morning. ``hold_until``: what is proposed for a hold."""

    at: datetime
    lines: tuple[Line, ...]
    total: int
    page: int
    pages: int
    more: bool
    held: tuple[Held, ...]
    held_in_all: int
    hold_until: date

    @property
    def day(self) -> date:
        return local_day(self.at)


def load(connection: Connection, units: Units, *, now: datetime) -> Morning:
    """In numbers."""
    context = PlanningContext(connection)
    at = next_morning(context.calendar, now)
    found, more = _spoken(context, units, at, occurrence.c.before_tracking.is_(False))
    loose = _loose(connection, units)
    counts = Counter((word.rung, word.role.value) for each in found for word in each.words if not word.against)
    posts = {(word.body, word.post, word.rung) for each in found for word in each.words if not word.against}
    of_plans = {(row.rung, row.role) for row in loose}
    for row in loose:
        counts[row.rung, row.role] += row.number
        posts.add((row.body, _post(row.role, row.body != row.agency_id), row.rung))
    people, unreached = _people(connection, posts, posts_on(connection, local_day(at)))
    rungs = sorted(counts.items(), key=lambda each: (presses(each[0][0]), each[0]))
    return Morning(
        at,
        tuple(
            RungCount(rung, rung_label(rung), role_text(role), n, (rung, role) not in of_plans)
            for (rung, role), n in rungs
        ),
        people,
        unreached,
        sum(any(_wanted(word, "") for word in each.words) for each in found),
        more,
    )


def review(connection: Connection, units: Units, *, now: datetime, page: int = 1, rung: str = "") -> Review:
    """The check list: whom the next morning will press, and who is held back. ``rung``: of that rung alone."""
    context = PlanningContext(connection)
    at = next_morning(context.calendar, now)
    day = local_day(at)
    late: ColumnElement[bool] = occurrence.c.before_tracking.is_(False)
    if not rung or presses(rung):
        late = late & ((occurrence.c.late_after < day) | (occurrence.c.resend_by < day))
    found, more = _spoken(context, units, at, late)
    found = [each for each in found if any(_wanted(word, rung) for word in each.words)]
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(1, page), pages)
    held, held_in_all = _held(context, units, local_day(now))
    return Review(
        at,
        tuple(_lines(context, found[(page - 1) * PAGE : page * PAGE], local_day(now), day)),
        len(found),
        page,
        pages,
        more,
        held,
        held_in_all,
        context.calendar.add(day, 2),
    )


def _wanted(word: Word, rung: str) -> bool:
    return not word.against and (word.rung == rung if rung else word.presses)


def _spoken(
    context: PlanningContext, units: Units, at: datetime, which: ColumnElement[bool]
) -> tuple[list[Spoken], bool]:
    """Of which something will be said, the longest overdue first; and whether there are more than that."""
    due = select(occurrence.c.id).where(occurrence.c.next_check_at <= at)
    queued = select(notice.c.occurrence_id).where(waits_as("queued"), notice.c.occurrence_id.is_not(None))
    chosen = (
        select(occurrence)
        .where(
            occurrence.c.id.in_(union(due, queued)),  # each by its index; "or" would go through all occurrences
            occurrence.c.state.in_(OWED | {State.RECEIVED}),
            occurrences_of(units),
            which,
        )
        .order_by(occurrence.c.late_after, occurrence.c.id)
        .limit(AT_MOST + 1)
    )
    found = [Occurrence.from_row(row) for row in context.connection.execute(chosen)]
    context.expect(o.plan_id for o in found)
    return list(spoken(context, found[:AT_MOST], at=at)), len(found) > AT_MOST


def _loose(connection: Connection, units: Units) -> Sequence[Row[Any]]:
    """What is queued and speaks of no single occurrence: duties assigned, the month, the week."""
    columns = (notice.c.rung, notice.c.role, notice.c.body, notice.c.agency_id)
    chosen = (
        select(*columns, func.count().label("number"))
        .join(plan_table, plan_table.c.id == notice.c.plan_id)
        .where(waits_as("queued"), notice.c.occurrence_id.is_(None), of_units(units))
        .group_by(*columns)
    )
    return connection.execute(chosen).all()


def _post(role: str, through_officer: bool) -> ContactRole:
    if role == Role.HEAD.value:
        return ContactRole.HEAD
    return ContactRole.AGENCY if role == Role.AGENCY.value and not through_officer else ContactRole.OFFICER


def _people(connection: Connection, spoken_to: Iterable[tuple[str, ContactRole, str]], posts: Posts) -> tuple[int, int]:
    """How many addresses will get something, and how many bodies have none."""
    wanted = set(spoken_to)
    by_body: dict[str, list[Contact]] = {}
    for each in _contacts(connection, {body for body, _post, _rung in wanted}):
        by_body.setdefault(each.agency_id, []).append(each)
    reached, without = set(), set()
    for body, post, rung in wanted:
        people = readers(by_body.get(body, ()), body, post, rung, posts)
        reached |= {(each.channel, each.address) for each in people}
        if not people:
            without.add((body, post))
    return len(reached), len(without)


def _contacts(connection: Connection, bodies: set[str]) -> list[Contact]:
    chosen = select(contact).where(contact.c.agency_id.in_(sorted(bodies)), contact.c.active.is_(True))
    rows = connection.execute(chosen.order_by(contact.c.id))
    return [contact_from(row) for row in rows]


def _lines(context: PlanningContext, found: Sequence[Spoken], today: date, day: date) -> Iterable[Line]:
    """``day``: on which they are spoken of."""
    posts = posts_on(context.connection, day)
    bodies = {word.body for each in found for word in each.words}
    contacts = _contacts(context.connection, bodies)
    for each in found:
        o, plan = each.occurrence, context.plan(each.occurrence.plan_id)
        yield Line(
            o.id,
            stamp(o),
            title_of(context, o),
            o.plan_id,
            plan_name(plan),
            plan.lead,
            o.agency_id,
            context.register[o.agency_id].name,
            o.ladder_last_day,
            status_of(o, today=today).value,
            status_text(o, today=today),
            tuple(_telling(contacts, word, posts) for word in each.words),
            o.sample,
        )


def _telling(contacts: Iterable[Contact], word: Word, posts: Posts) -> Telling:
    people = tuple(each.name for each in readers(contacts, word.body, word.post, word.rung, posts))
    return Telling(rung_label(word.rung), role_text(word.role.value), people, word.against)


def title_of(context: PlanningContext, o: Occurrence) -> str:
    """The duty and the period; the bare id where the plan no longer has the duty."""
    duty = next((each for each in context.plan(o.plan_id).duties if each.id == o.duty_id), None)
    return occurrence_title(duty, o.period) if duty else o.duty_id


def _held(context: PlanningContext, units: Units, today: date) -> tuple[tuple[Held, ...], int]:
    """Those whom nobody writes to because an officer said so, the nearest end first."""
    chosen = (
        select(occurrence, agency.c.name.label("agency_name"), func.count().over().label("in_all"))
        .join(agency, agency.c.id == occurrence.c.agency_id)
        .where(
            occurrences_of(units),
            occurrence.c.state.in_(OWED),
            occurrence.c.muted_until >= today,
            occurrence.c.muted_why.in_(("hold", "promise")),
        )
        .order_by(occurrence.c.muted_until, occurrence.c.id)
        .limit(PAGE)
    )
    rows = context.connection.execute(chosen).all()
    context.expect(row.plan_id for row in rows)
    found = []
    for row in rows:
        o = Occurrence.from_row(row)
        lead = context.plan(o.plan_id).lead
        promised = o.muted_why == "promise"
        found.append(Held(o.id, stamp(o), title_of(context, o), lead, row.agency_name, row.muted_until, promised))
    return tuple(found), rows[0].in_all if rows else 0


def morning_of(connection: Connection, now: datetime) -> datetime:
    """07:30 of the next working day."""
    return next_morning(working_calendar(connection), now)
