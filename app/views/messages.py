"""Thông báo: what was sent and what became of it, what waits, what was not sent and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select, true
from sqlalchemy.engine import Connection, Row

from app.naming import plan_name, rung_label
from app.views.occurrence_messages import role_text, shared_subject
from app.views.occurrences import Choice
from app.views.scope import Units, of_units
from notifications.channels.names import channel_word
from notifications.fate import message_status, reason_word, shown_address, why_dropped
from notifications.next_channel import next_of
from notifications.speaking import speaks_of_others
from notifications.tables import attempt, message, message_notice, notice, replacement, waits_as
from plans.calendar import end_of
from plans.text import _, sort_key
from tasks.agencies import load_plans
from tasks.model import OccurrenceId
from tasks.naming import occurrence_title
from tasks.tables import agency
from tasks.tables import plan as plan_table

T = TypeVar("T")

PAGE = 50
_ABOUT = 200  # occurrences listed on the page of one message
STATUSES = ("sent", "relayed", "failed", "unknown", "queued", "sending", "dropped")
WAITING, SKIPPED = ("queued", "no_contact"), ("skipped",)
KINDS = ("digest", "assigned", "returned", "extended", "correction", "press", "week", "page", "month")
REASONS = ("before_activation", "before_revision", "same_day", "superseded", "revised", "received", "closed",
           "agency_ended", "never_messaged")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; ``reason`` only of what was not sent, ``status`` and ``kind`` only of messages."""

    status: str = ""
    kind: str = ""
    plan: str = ""
    reason: str = ""
    words: str = ""
    start: date | None = None
    end: date | None = None
    page: int = 1

    def query(self, **changes: Any) -> str:
        """The same as an address; what is not asked for is left out."""
        chosen = replace(self, **changes)
        values = {
            "tinh-trang": chosen.status,
            "loai": chosen.kind,
            "ke-hoach": chosen.plan,
            "ly-do": chosen.reason,
            "q": chosen.words,
            "tu": f"{chosen.start:%d/%m/%Y}" if chosen.start else "",
            "den": f"{chosen.end:%d/%m/%Y}" if chosen.end else "",
            "trang": chosen.page if chosen.page > 1 else "",
        }
        return urlencode({k: v for k, v in values.items() if v})

    @property
    def plainest(self) -> bool:
        return replace(self, page=1) == Asked()


@dataclass(frozen=True, slots=True)
class Line:
    """One message to one person."""

    id: int
    kind: str
    person: str
    address: str
    subject: str
    status: str
    fate: str
    created_at: datetime
    settled_at: datetime | None
    tries: int
    sample: bool


@dataclass(frozen=True, slots=True)
class Untold:
    """A notice that waits or was not sent, with the reason. ``body``: whose contact, officer or head is meant."""

    day: date
    rung: str
    role: str
    body: str
    agency: str
    occurrence: str
    title: str
    plan_id: str
    plan_name: str
    status: str
    why: str


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    lines: tuple[T, ...]
    total: int
    page: int
    pages: int
    plans: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class About:
    """What a message told of."""

    occurrence: str
    title: str
    plan_id: str
    plan_name: str
    agency: str
    rung: str


@dataclass(frozen=True, slots=True)
class Attempt:
    at: datetime
    outcome: str
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class Other:
    """The message whose place one has taken, or that has taken its place, by another channel."""

    id: int
    channel: str
    linked: bool  # it still tells of something, so that its page opens


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it was sent. ``leads``: the units for whose plans it was written, of one's own; ``shared``: it
    speaks of another unit's plans as well, so its text is not shown."""

    line: Line
    channel: str
    sender: str
    message_id: str
    text: str
    next_try_at: datetime | None
    detail: str
    attempts: tuple[Attempt, ...]
    about: tuple[About, ...]
    more: int
    leads: frozenset[str]
    shared: bool
    stands_for: Other | None
    moved_to: Other | None
    next_channel: str  # by which else its reader can be reached; "" where there is none


def kind_text(kind: str) -> str:
    return _("nhắc việc trong ngày") if kind == "digest" else rung_label(kind)


def statuses() -> tuple[Choice, ...]:
    return tuple(Choice(each, message_status(each)) for each in STATUSES)


def kinds() -> tuple[Choice, ...]:
    return tuple(Choice(each, kind_text(each)) for each in KINDS)


def reasons() -> tuple[Choice, ...]:
    return tuple(Choice(each, reason_word(each)) for each in REASONS)


# -- messages --


def listing(connection: Connection, units: Units, asked: Asked) -> Listing[Line]:
    """One page, the newest first, by a fixed number of queries."""
    which = _messages(units, asked)
    total = connection.execute(select(func.count()).select_from(message).where(which)).scalar_one()
    page, pages = _page(asked.page, total)
    shared = speaks_of_others(units).label("shared")
    chosen = select(message, shared).where(which).order_by(message.c.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    lines = tuple(_line(row) for row in connection.execute(chosen))
    return Listing(lines, total, page, pages, _plans(connection, units))


def counts(connection: Connection, units: Units) -> dict[str, int]:
    """How many messages stand in each status, and how many notices wait for an address, by two queries."""
    chosen = select(message.c.status, func.count()).where(_messages(units, Asked())).group_by(message.c.status)
    found = {row[0]: int(row[1]) for row in connection.execute(chosen)}
    waits = select(func.count()).select_from(notice).where(waits_as("no_contact"), _of_notices(units))
    return {**found, "no_contact": int(connection.execute(waits).scalar_one())}


def message_of(connection: Connection, message_id: int, units: Units, *, today: date) -> Message:
    """What those units may see of it: of a message that speaks of another unit's plans as well not the text, and of
    what it was written for only what is theirs. Raises LookupError."""
    shared = speaks_of_others(units).label("shared")
    row = connection.execute(select(message, shared).where(message.c.id == message_id)).one_or_none()
    if row is None:
        raise LookupError(message_id)
    tries = connection.execute(select(attempt).where(attempt.c.message_id == row.id).order_by(attempt.c.id))
    linked = (
        select(notice, plan_table.c.lead, agency.c.name.label("agency_name"))
        .join(message_notice, message_notice.c.notice_id == notice.c.id)
        .join(plan_table, plan_table.c.id == notice.c.plan_id)
        .join(agency, agency.c.id == notice.c.agency_id)
        .where(message_notice.c.message_id == row.id)
        .order_by(notice.c.id)
    )
    told = [each for each in connection.execute(linked) if units is None or each.lead in units]
    plans = load_plans(connection, {each.plan_id for each in told})
    return Message(
        _line(row),
        row.channel,
        row.sender,
        row.message_id,
        "" if row.shared else row.text,
        row.next_try_at,
        row.detail or "",
        tuple(Attempt(t.at, t.outcome, message_status(t.outcome), t.detail or "") for t in tries),
        tuple(_about(each, plans) for each in told[:_ABOUT]),
        max(0, len(told) - _ABOUT),
        frozenset(each.lead for each in told),
        bool(row.shared),
        *_others(connection, row, today),
    )


def _others(connection: Connection, row: Row[Any], today: date) -> tuple[Other | None, Other | None, str]:
    linked = exists(select(message_notice.c.notice_id).where(message_notice.c.message_id == message.c.id))
    beside = select(replacement, message.c.id, message.c.channel, linked.label("linked"))
    before = beside.join(message, message.c.id == replacement.c.instead_of).where(replacement.c.message_id == row.id)
    after = beside.join(message, message.c.id == replacement.c.message_id).where(replacement.c.instead_of == row.id)
    stands, moved = (connection.execute(chosen).one_or_none() for chosen in (before, after))
    other = next_of(connection, row, today=today) if row.status in ("failed", "unknown") and moved is None else None
    return (
        Other(stands.id, channel_word(stands.channel), bool(stands.linked)) if stands else None,
        Other(moved.id, channel_word(moved.channel), bool(moved.linked)) if moved else None,
        channel_word(other.channel) if other else "",
    )


def _messages(units: Units, asked: Asked) -> ColumnElement[bool]:
    m = message.c
    wanted = [_of_messages(units, asked.plan)]
    if asked.status:
        wanted.append(m.status == asked.status)
    if asked.kind:
        wanted.append(m.kind == asked.kind)
    if asked.start:
        wanted.append(m.created_at >= end_of(asked.start - timedelta(days=1)))
    if asked.end:
        wanted.append(m.created_at < end_of(asked.end))
    if asked.words:
        person, address, subject = (
            each.icontains(asked.words, autoescape=True) for each in (m.person, m.address, m.subject)
        )
        wanted.append(or_(person, address, and_(subject, not_(speaks_of_others(units)))))
    return and_(*wanted)


def _of_messages(units: Units, plan_id: str) -> ColumnElement[bool]:
    """A message belongs to the units whose plans it tells of."""
    if units is None and not plan_id:
        return true()
    linked = select(message_notice.c.notice_id).join(notice, notice.c.id == message_notice.c.notice_id)
    mine = linked.where(message_notice.c.message_id == message.c.id, _of_notices(units))
    if plan_id:
        mine = mine.where(notice.c.plan_id == plan_id)
    return mine.exists()


def _line(row: Row[Any]) -> Line:
    fate = why_dropped(row.detail) if row.status == "dropped" else message_status(row.status)
    return Line(
        row.id,
        kind_text(row.kind),
        row.person,
        shown_address(row.channel, row.address),
        shared_subject(row.local_day) if row.shared else row.subject,
        row.status,
        fate,
        row.created_at,
        row.settled_at,
        row.tries,
        row.sample,
    )


def _about(row: Row[Any], plans: dict[str, Any]) -> About:
    title, name = _titles(row, plans)
    return About(row.occurrence_id or "", title, row.plan_id, name, row.agency_name, rung_label(row.rung))


# -- notices that no message carries --


def untold(connection: Connection, units: Units, asked: Asked, states: Iterable[str]) -> Listing[Untold]:
    """One page of notices in these states, the newest day first, by a fixed number of queries."""
    n = notice.c
    wanted = [n.status.in_(tuple(states)), _of_notices(units)]
    if asked.plan:
        wanted.append(n.plan_id == asked.plan)
    if asked.reason:
        wanted.append(n.reason == asked.reason)
    if asked.start:
        wanted.append(n.day >= asked.start)
    if asked.end:
        wanted.append(n.day <= asked.end)
    which = and_(*wanted)
    total = connection.execute(select(func.count()).select_from(notice).where(which)).scalar_one()
    page, pages = _page(asked.page, total)
    rows = connection.execute(
        select(notice, agency.c.name.label("agency_name"))
        .join(agency, agency.c.id == n.agency_id)
        .where(which)
        .order_by(n.day.desc(), n.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    plans = load_plans(connection, {row.plan_id for row in rows})
    lines = tuple(_untold(row, plans) for row in rows)
    return Listing(lines, total, page, pages, _plans(connection, units))


def _untold(row: Row[Any], plans: dict[str, Any]) -> Untold:
    title, name = _titles(row, plans)
    return Untold(
        row.day,
        rung_label(row.rung),
        role_text(row.role),
        row.body,
        row.agency_name,
        row.occurrence_id or "",
        title,
        row.plan_id,
        name,
        row.status,
        reason_word(row.reason or row.status),
    )


def _titles(row: Row[Any], plans: dict[str, Any]) -> tuple[str, str]:
    plan = plans.get(row.plan_id)
    name = plan_name(plan) if plan else row.plan_id
    if not row.occurrence_id:
        return "", name
    parts = OccurrenceId.parse(row.occurrence_id)
    duty = next((each for each in plan.duties if each.id == parts.duty), None) if plan else None
    return occurrence_title(duty, parts.period) if duty else row.occurrence_id, name


def _of_notices(units: Units) -> ColumnElement[bool]:
    return true() if units is None else notice.c.plan_id.in_(select(plan_table.c.id).where(of_units(units)))


def _page(wanted: int, total: int) -> tuple[int, int]:
    pages = max(1, -(-total // PAGE))
    return min(max(1, wanted), pages), pages


def _plans(connection: Connection, units: Units) -> tuple[Choice, ...]:
    rows = connection.execute(select(plan_table.c.id, plan_table.c.short, plan_table.c.sample).where(of_units(units)))
    found = [Choice(row.id, _("MẪU · {name}").format(name=row.short) if row.sample else row.short) for row in rows]
    return tuple(sorted(found, key=lambda each: sort_key(each.text)))
