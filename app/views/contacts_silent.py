"""Who has not said "Đã nắm" three working days after duties were assigned: the list to telephone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select
from sqlalchemy.engine import Connection, Row

from app.board import plan_name
from app.views.scope import Units, of_units
from notifications.contacts import ContactRole
from notifications.ladder import Role
from notifications.posts import in_post
from notifications.tables import contact, message, message_notice, notice
from plans.calendar import WorkingCalendar, end_of, local_day
from plans.model import Plan
from plans.text import _, sort_key
from tasks.acknowledge_tables import acknowledgement
from tasks.agencies import load_plans
from tasks.desk_tables import call_note, request
from tasks.model import OWED, PlanStatus, State
from tasks.naming import occurrence_title
from tasks.tables import agency, answer, occurrence, paper, party
from tasks.tables import plan as plan_table

Pair = tuple[str, str]

SILENT_AFTER = 3  # working days
SHOWN = 4  # duties that are named; the number tells how many there are
PAGE = 50


@dataclass(frozen=True, slots=True)
class Phone:
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Call:
    at: datetime
    spoke_with: str
    text: str


@dataclass(frozen=True, slots=True)
class Silent:
    """A body that has said nothing about what a plan orders of it. ``told_on``: None where no message arrived."""

    plan_id: str
    plan_name: str
    lead: str
    agency_id: str
    agency: str
    assigned_on: date
    told_on: date | None
    phones: tuple[Phone, ...]
    duties: tuple[str, ...]
    duties_in_all: int
    first_day: date
    nearest: str  # the occurrence that a call is noted at
    calls: int
    last_call: Call | None
    sample: bool

    @property
    def key(self) -> str:
        return f"{self.plan_id}/{self.agency_id}"


@dataclass(frozen=True, slots=True)
class SilentPage:
    """A page of the list. ``plans``: the ids and names of those that anybody is silent about, whatever is asked for."""

    lines: tuple[Silent, ...]
    number: int
    page: int
    pages: int
    plans: tuple[tuple[str, str], ...]


def silent(
    connection: Connection, units: Units, calendar: WorkingCalendar, *, today: date, plan_id: str = "", body: str = ""
) -> tuple[Silent, ...]:
    """Those not called yet first, then by the name of the body; by a fixed number of queries. ``plan_id``, ``body``:
    of these alone."""
    everyone = _Everyone(connection, units, calendar, today, plan_id, body)
    return everyone.lines(everyone.ordered)


def silent_page(
    connection: Connection,
    units: Units,
    calendar: WorkingCalendar,
    *,
    today: date,
    plan_id: str = "",
    page: int = 1,
    shown: str = "",
) -> SilentPage:
    """Fifty of them, of one plan if asked for. ``shown``: the key of one whose page is wanted."""
    everyone = _Everyone(connection, units, calendar, today)
    mine = [row for row in everyone.ordered if plan_id in ("", row.plan_id)]
    at = next((n for n, row in enumerate(mine) if shown == f"{row.plan_id}/{row.agency_id}"), None)
    pages = max(1, -(-len(mine) // PAGE))
    page = at // PAGE + 1 if at is not None else min(max(1, page), pages)
    lines = everyone.lines(mine[(page - 1) * PAGE : page * PAGE])
    named = sorted(everyone.names.items(), key=lambda plan: sort_key(plan[1]))
    return SilentPage(lines, len(mine), page, pages, tuple(named))


class _Everyone:
    """Who is silent, in the order in which they are shown."""

    def __init__(
        self,
        connection: Connection,
        units: Units,
        calendar: WorkingCalendar,
        today: date,
        plan_id: str = "",
        body: str = "",
    ) -> None:
        self._connection, self._today = connection, today
        rows = connection.execute(_assigned(units, calendar, today, plan_id, body)).all()
        self._plans = load_plans(connection, {row.plan_id for row in rows})
        self._calls = _calls(connection, rows)
        self.names = {key: plan_name(plan) for key, plan in self._plans.items()}
        self.ordered = sorted(rows, key=self._place)

    def _place(self, row: Row[Any]) -> tuple[bool, Any, Any]:
        return _pair(row) in self._calls, sort_key(row.agency_name), sort_key(self.names[row.plan_id])

    def lines(self, rows: Sequence[Row[Any]]) -> tuple[Silent, ...]:
        """All that the list says of these."""
        owed = _owed(self._connection, rows)
        phones = _phones(self._connection, {row.agency_id for row in rows}, self._today)
        return tuple(
            _silent(
                row,
                self._plans[row.plan_id],
                owed[_pair(row)],
                phones.get(row.agency_id, ()),
                self._calls.get(_pair(row), []),
            )
            for row in rows
        )


def _pair(row: Row[Any]) -> Pair:
    return row.plan_id, row.agency_id


def _assigned(units: Units, calendar: WorkingCalendar, today: date, plan_id: str, body: str) -> Any:
    """The newest ``assigned`` of each body and plan, old enough and without a word since, where anything is owed."""
    limit = end_of(calendar.add(calendar.on_or_after(today), -SILENT_AFTER - 1))
    subject = literal("plan:") + party.c.plan_id + literal(":") + party.c.agency_id  # ``planner.party_subject``
    newest = and_(
        notice.c.subject == subject,
        notice.c.revision == party.c.revision,
        notice.c.rung == "assigned",
        notice.c.role == Role.AGENCY.value,
    )
    told = (
        select(func.min(message.c.settled_at))
        .join(message_notice, message_notice.c.message_id == message.c.id)
        .where(message_notice.c.notice_id == notice.c.id, message.c.status == "sent")
        .correlate(notice)
        .scalar_subquery()
    )
    columns = (notice.c.plan_id, notice.c.agency_id, notice.c.queued_at, told.label("told_at"), notice.c.sample)
    chosen = (
        select(*columns, agency.c.name.label("agency_name"))
        .select_from(
            party.join(plan_table, plan_table.c.id == party.c.plan_id)
            .join(agency, agency.c.id == party.c.agency_id)
            .join(notice, newest)
        )
        .where(
            notice.c.status != "skipped",
            notice.c.queued_at < limit,
            notice.c.body == notice.c.agency_id,  # a level that is reached through the officer has no telephone
            plan_table.c.status == PlanStatus.ACTIVE.value,
            of_units(units),
            _owes(),
            ~_has_spoken(),
        )
    )
    asked = ((notice.c.plan_id, plan_id), (notice.c.agency_id, body))
    return chosen.where(*(column == value for column, value in asked if value))


def _owes() -> ColumnElement[bool]:
    mine = and_(occurrence.c.plan_id == notice.c.plan_id, occurrence.c.agency_id == notice.c.agency_id)
    owed = mine & occurrence.c.state.in_(OWED) & occurrence.c.before_tracking.is_(False)
    return exists(select(occurrence.c.id).where(owed).correlate(notice))


def _has_spoken() -> ColumnElement[bool]:
    """ "Đã nắm", or anything that shows it: a paper, a claim, a request since it was told."""
    said = and_(
        acknowledgement.c.plan_id == notice.c.plan_id,
        acknowledgement.c.agency_id == notice.c.agency_id,
        acknowledgement.c.revision >= notice.c.revision,
    )
    mine = and_(occurrence.c.plan_id == notice.c.plan_id, occurrence.c.agency_id == notice.c.agency_id)
    came = select(answer.c.paper_id).join(paper, paper.c.id == answer.c.paper_id)
    came = came.join(occurrence, occurrence.c.id == answer.c.occurrence_id)
    asked = select(request.c.id).join(occurrence, occurrence.c.id == request.c.occurrence_id)
    return or_(
        exists(select(acknowledgement.c.id).where(said).correlate(notice)),
        exists(select(occurrence.c.id).where(mine, occurrence.c.state == State.CLAIMED.value).correlate(notice)),
        exists(came.where(mine, paper.c.recorded_at >= notice.c.queued_at).correlate(notice)),
        exists(asked.where(mine, request.c.at >= notice.c.queued_at).correlate(notice)),
    )


def _owed(connection: Connection, told: Sequence[Row[Any]]) -> dict[Pair, list[Row[Any]]]:
    """What each of them owes: of each duty the nearest occurrence, the nearest day first."""
    pairs = {_pair(row) for row in told}
    o = occurrence.c
    chosen = (
        select(o.plan_id, o.agency_id, o.duty_id, o.period, o.id, o.last_day)
        .where(
            o.plan_id.in_(sorted({plan for plan, _body in pairs})),
            o.agency_id.in_(sorted({body for _plan, body in pairs})),
            o.state.in_(OWED),
            o.before_tracking.is_(False),
        )
        .order_by(o.last_day, o.id)
    )
    found: dict[Pair, dict[str, Row[Any]]] = defaultdict(dict)
    for row in connection.execute(chosen):
        if (row.plan_id, row.agency_id) in pairs:
            found[row.plan_id, row.agency_id].setdefault(row.duty_id, row)
    return {pair: list(rows.values()) for pair, rows in found.items()}


def _phones(connection: Connection, bodies: Collection[str], today: date) -> dict[str, tuple[Phone, ...]]:
    mine = (contact.c.role == ContactRole.AGENCY.value) & contact.c.phone.is_not(None) & in_post(today)
    chosen = select(contact.c.agency_id, contact.c.name, contact.c.phone).where(
        mine, contact.c.agency_id.in_(sorted(bodies))
    )
    found: dict[str, dict[Phone, None]] = defaultdict(dict)
    for row in connection.execute(chosen.order_by(contact.c.rank, contact.c.id)):
        found[row.agency_id][Phone(row.name, row.phone)] = None
    return {body: tuple(phones) for body, phones in found.items()}


def _calls(connection: Connection, told: Sequence[Row[Any]]) -> dict[Pair, list[Call]]:
    """What was said on the telephone since the duties were assigned, the oldest first; those alone with whom anything
    was said."""
    pairs = {_pair(row): row for row in told}
    chosen = (
        select(occurrence.c.plan_id, occurrence.c.agency_id, call_note)
        .join(occurrence, occurrence.c.id == call_note.c.occurrence_id)
        .where(
            occurrence.c.plan_id.in_(sorted({plan for plan, _body in pairs})),
            occurrence.c.agency_id.in_(sorted({body for _plan, body in pairs})),
        )
        .order_by(call_note.c.id)
    )
    found: dict[Pair, list[Call]] = defaultdict(list)
    for row in connection.execute(chosen):
        mine = pairs.get((row.plan_id, row.agency_id))
        if mine is not None and row.at >= mine.queued_at:
            found[row.plan_id, row.agency_id].append(Call(row.at, row.spoke_with, row.text))
    return found


def _silent(row: Row[Any], plan: Plan, owed: list[Row[Any]], phones: tuple[Phone, ...], calls: list[Call]) -> Silent:
    return Silent(
        row.plan_id,
        plan_name(plan),
        plan.lead,
        row.agency_id,
        row.agency_name,
        local_day(row.queued_at),
        local_day(row.told_at) if row.told_at else None,
        phones,
        tuple(_title(plan, each) for each in owed[:SHOWN]),
        len(owed),
        owed[0].last_day,
        owed[0].id,
        len(calls),
        calls[-1] if calls else None,
        row.sample,
    )


def _title(plan: Plan, row: Row[Any]) -> str:
    duty = next((each for each in plan.duties if each.id == row.duty_id), None)
    return occurrence_title(duty, row.period) if duty else str(row.duty_id)


def duties_text(line: Silent) -> str:
    """The duties in one cell."""
    text = "; ".join(line.duties)
    left = line.duties_in_all - len(line.duties)
    return _("{duties}; và {n} việc khác").format(duties=text, n=left) if left else text
