"""Who has not said "Đã nắm" three working days after duties were assigned: the list to telephone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
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

SILENT_AFTER = 3  # working days
SHOWN = 4  # duties that are named; the number tells how many there are


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


def silent(
    connection: Connection, units: Units, calendar: WorkingCalendar, *, today: date, plan_id: str = ""
) -> tuple[Silent, ...]:
    """Those not called yet first, then by the name of the body; by a fixed number of queries."""
    rows = connection.execute(_assigned(units, calendar, today, plan_id)).all()
    pairs = {(row.plan_id, row.agency_id): row for row in rows}
    plans = load_plans(connection, {row.plan_id for row in rows})
    owed = _owed(connection, pairs.keys())
    phones = _phones(connection, {row.agency_id for row in rows}, today)
    calls = _calls(connection, pairs)
    found = [
        _silent(row, plans[row.plan_id], owed[pair], phones.get(row.agency_id, ()), calls.get(pair, []))
        for pair, row in pairs.items()
        if owed.get(pair)
    ]
    return tuple(sorted(found, key=lambda each: (each.calls > 0, sort_key(each.agency), sort_key(each.plan_name))))


def _assigned(units: Units, calendar: WorkingCalendar, today: date, plan_id: str) -> Any:
    """The newest ``assigned`` of each body and plan, old enough and without a word since."""
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
            ~_has_spoken(),
        )
    )
    return chosen.where(notice.c.plan_id == plan_id) if plan_id else chosen


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


Pair = tuple[str, str]


def _owed(connection: Connection, pairs: Collection[Pair]) -> dict[Pair, list[Row[Any]]]:
    """What each of them owes: of each duty the nearest occurrence, the nearest day first."""
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


def _calls(connection: Connection, pairs: dict[Pair, Row[Any]]) -> dict[Pair, list[Call]]:
    """What was said on the telephone since the duties were assigned, the oldest first."""
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
        told = pairs.get((row.plan_id, row.agency_id))
        if told is not None and row.at >= told.queued_at:
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
