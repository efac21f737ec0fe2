"""What an agency sees: its own duties, what it has said about them and what it was answered; nothing of anyone else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.engine import Connection, Row

from app.board import plan_name
from notifications.reply_links import ReplyLink
from notifications.tables import message_notice, notice
from plans.calendar import local_day
from tasks.acknowledge import acknowledged
from tasks.agencies import load_plans
from tasks.agency_side import answering
from tasks.desk import RequestKind, request_text
from tasks.desk_tables import request
from tasks.model import OWED, Occurrence, PlanStatus, State
from tasks.moves import reason_text
from tasks.naming import occurrence_title
from tasks.status import status_of, status_text
from tasks.tables import agency, occurrence
from tasks.tables import plan as plan_table

PAGE = 50


@dataclass(frozen=True, slots=True)
class Said:
    """What the agency said, and what it was answered."""

    title: str
    wanted: date | None
    text: str
    at: datetime
    answer: str | None


@dataclass(frozen=True, slots=True)
class Duty:
    """One occurrence as the body that owes it sees it: one day, never the last day that counts (D4)."""

    id: str
    title: str
    plan_name: str
    lead: str
    agency: str
    words: str | None
    last_day: date
    status: str
    status_text: str
    claimed: str | None
    claimable: bool
    owed: bool
    returned_for: str | None
    takes_files: bool
    said: tuple[Said, ...]
    plan_id: str
    understood_on: date | None  # when the body said "Đã nắm" of all that the plan orders of it


@dataclass(frozen=True, slots=True)
class Listing:
    duties: tuple[Duty, ...]
    page: int
    more: bool

    @property
    def to_say(self) -> tuple[Duty, ...]:
        """One duty of each plan and body of which nobody has said "Đã nắm"."""
        first: dict[tuple[str, str], Duty] = {}
        for each in self.duties:
            if each.owed and each.understood_on is None:
                first.setdefault((each.plan_id, each.agency), each)
        return tuple(first.values())


def of_agencies(
    connection: Connection, agencies: Collection[str] | None, *, done: bool, page: int, today: date
) -> Listing:
    """What these bodies owe, the nearest day first; or what came in from them, the newest first."""
    mine = false() if agencies is None else occurrence.c.agency_id.in_(sorted(agencies))
    state = occurrence.c.state.in_((State.RECEIVED, State.ACCEPTED) if done else OWED)
    return _listing(connection, mine & state, newest=done, page=page, today=today)


def of_link(connection: Connection, link: ReplyLink, *, only: str | None = None, page: int, today: date) -> Listing:
    """What the message told this body of, and what it owes besides in the same plans while the link is open.

    ``only``: that occurrence, if it is among them.
    """
    told = (
        select(notice.c.plan_id, notice.c.occurrence_id)
        .join(message_notice, message_notice.c.notice_id == notice.c.id)
        .where(message_notice.c.message_id == link.message_id, notice.c.agency_id == link.agency_id)
        .where(notice.c.role == "agency")
    )
    rows = connection.execute(told).all()
    whole = {row.plan_id for row in rows if row.occurrence_id is None}  # `assigned` tells of all of it
    near = and_(
        occurrence.c.plan_id.in_(sorted({row.plan_id for row in rows})),
        occurrence.c.state.in_(OWED),
        or_(occurrence.c.last_day <= link.until, occurrence.c.plan_id.in_(sorted(whole))),
    )
    named = occurrence.c.id.in_(sorted({row.occurrence_id for row in rows if row.occurrence_id}))
    mine = and_(occurrence.c.agency_id == link.agency_id, or_(named, near))
    if only is not None:
        mine = mine & (occurrence.c.id == only)
    return _listing(connection, mine, newest=False, page=page, today=today)


def one(connection: Connection, occurrence_id: str, *, today: date) -> Duty | None:
    """Whoever asks has been looked at before."""
    found = _listing(connection, occurrence.c.id == occurrence_id, newest=False, page=1, today=today)
    return found.duties[0] if found.duties else None


def name_of(connection: Connection, agency_id: str) -> str:
    return str(connection.execute(select(agency.c.name).where(agency.c.id == agency_id)).scalar_one())


def _listing(connection: Connection, which: ColumnElement[bool], *, newest: bool, page: int, today: date) -> Listing:
    leads = connection.execute(select(plan_table.c.lead).where(plan_table.c.status == PlanStatus.ACTIVE).distinct())
    wanted = answering(connection, set(leads.scalars()))
    day = occurrence.c.last_day.desc() if newest else occurrence.c.last_day
    chosen = (
        select(occurrence, plan_table.c.lead, agency.c.name.label("agency_name"))
        .join(plan_table, plan_table.c.id == occurrence.c.plan_id)
        .join(agency, agency.c.id == occurrence.c.agency_id)
        .where(
            which,
            plan_table.c.status == PlanStatus.ACTIVE.value,
            plan_table.c.lead.in_(sorted(wanted)),
            occurrence.c.agency_id != plan_table.c.lead,
            occurrence.c.before_tracking.is_(False),
        )
        .order_by(day, occurrence.c.id)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    )
    rows = connection.execute(chosen).all()
    return Listing(tuple(_duties(connection, rows[:PAGE], today)), page, len(rows) > PAGE)


def _duties(connection: Connection, rows: Sequence[Row[Any]], today: date) -> list[Duty]:
    plans = load_plans(connection, {row.plan_id for row in rows})
    leads = select(agency.c.id, agency.c.name).where(agency.c.id.in_(sorted({row.lead for row in rows})))
    names = {row.id: row.name for row in connection.execute(leads)}
    said = _said(connection, [row.id for row in rows])
    understood = acknowledged(connection, {(row.plan_id, row.agency_id) for row in rows})
    found = []
    for row in rows:
        o, plan = Occurrence.from_row(row), plans[row.plan_id]
        duty = next((each for each in plan.duties if each.id == o.duty_id), None)
        found.append(
            Duty(
                id=o.id,
                title=occurrence_title(duty, o.period) if duty else o.duty_id,
                plan_name=plan_name(plan),
                lead=names[row.lead],
                agency=row.agency_name,
                words=duty.rule.words if duty else None,
                last_day=o.ladder_last_day,
                status=status_of(o, today=today).value,
                status_text=status_text(o, today=today),
                claimed=o.claimed if o.state is State.CLAIMED else None,
                claimable=o.state in (State.OPEN, State.RETURNED),
                owed=o.state in OWED,
                returned_for=reason_text(o.returned_for) if o.state is State.RETURNED and o.returned_for else None,
                takes_files=duty is not None and not duty.no_file,
                said=tuple(said[o.id]),
                plan_id=o.plan_id,
                understood_on=local_day(at) if (at := understood.get((o.plan_id, o.agency_id))) else None,
            )
        )
    return found


def _said(connection: Connection, ids: list[str]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = defaultdict(list)
    for row in connection.execute(select(request).where(request.c.occurrence_id.in_(ids)).order_by(request.c.id)):
        title = request_text(RequestKind(row.kind))
        found[row.occurrence_id].append(Said(title, row.wanted, row.text, row.at, row.answer))
    return found
