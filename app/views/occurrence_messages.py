"""What was told of an occurrence, what became of it, and what will be told if nobody does anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.engine import Row

from app.board import rung_label
from notifications.coming import post_for, rungs_ahead
from notifications.contacts import Contact, contact_from
from notifications.fate import message_status, reason_word
from notifications.ladder import Role, Told, owner_role
from notifications.planner import PlanningContext, party_subject
from notifications.posts import post_book, posts_on, readers
from notifications.speaking import speaks_of_others
from notifications.tables import contact, message, message_notice, notice
from plans.calendar import local_day
from plans.text import _, day_text
from tasks.model import OWED, Occurrence


@dataclass(frozen=True, slots=True)
class SentLine:
    """A notice and the message that carried it to one person. ``kind``: the status for its colour."""

    day: date
    rung: str
    message_id: int
    person: str
    subject: str
    kind: str
    fate: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingLine:
    day: date
    rung: str
    role: str
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class ComingLine:
    """``why_not``: what stands against its being sent, as things are now."""

    day: date
    rung: str
    role: str
    people: tuple[str, ...]
    why_not: str | None


@dataclass(frozen=True, slots=True)
class Messages:
    sent: tuple[SentLine, ...]
    waiting: tuple[WaitingLine, ...]
    coming: tuple[ComingLine, ...]
    skipped: tuple[WaitingLine, ...]
    presses: int  # how often it was pressed by hand


def role_text(role: str) -> str:
    """To whom a rung speaks."""
    words = {Role.AGENCY.value: _("cơ quan"), Role.OFFICER.value: _("cán bộ theo dõi"), Role.HEAD.value: _("lãnh đạo")}
    return words.get(role, role)


def shared_subject(day: date) -> str:
    """A message that also speaks of another unit's plans, by its day: its subject may name what is theirs."""
    return _("Nhắc việc ngày {day}, chung của nhiều đơn vị theo dõi").format(day=day_text(day))


def load(context: PlanningContext, o: Occurrence, *, now: datetime) -> Messages:
    rows = _notices(context, o)
    own = [row for row in rows if row.occurrence_id == o.id]
    told = {row.id: Told(row.id, row.revision, row.rung, Role(row.role), row.status, row.reason) for row in own}
    ahead = _coming(context, o, list(told.values()), now) if o.state in OWED and not o.before_tracking else ()
    presses = {row.rung for row in own if row.rung.startswith("press-")}
    return Messages(
        sent=tuple(_sent(row) for row in rows if row.message_id is not None),
        waiting=tuple(_waiting(row) for row in _once(rows) if row.status in ("queued", "no_contact")),
        coming=ahead,
        skipped=tuple(_waiting(row) for row in _once(rows) if row.status == "skipped"),
        presses=len(presses),
    )


def _notices(context: PlanningContext, o: Occurrence) -> list[Row[Any]]:
    """The notices of this occurrence, and the ``assigned`` ones of its body, with the messages that carried them."""
    assigned = party_subject(o.plan_id, o.agency_id)
    columns = (message.c.person, message.c.subject.label("title"), message.c.settled_at, message.c.created_at)
    written = (message.c.id.label("message_id"), message.c.status.label("fate"), message.c.local_day)
    lead = context.plan(o.plan_id).lead
    chosen = (
        select(notice, *written, message.c.detail, *columns, speaks_of_others([lead]).label("shared"))
        .select_from(
            notice.outerjoin(message_notice, message_notice.c.notice_id == notice.c.id).outerjoin(
                message, message.c.id == message_notice.c.message_id
            )
        )
        .where(or_(notice.c.subject == o.id, notice.c.subject == assigned))
        .order_by(notice.c.day, notice.c.id, message.c.id)
    )
    return list(context.connection.execute(chosen))


def _once(rows: list[Row[Any]]) -> list[Row[Any]]:
    """One row per notice, however many messages carry it."""
    return list({row.id: row for row in rows}.values())


def _sent(row: Row[Any]) -> SentLine:
    fate = message_status(row.fate)
    if row.fate in ("failed", "unknown") and row.detail:
        fate = f"{fate} ({row.detail})"
    at = row.settled_at or row.created_at
    title = shared_subject(row.local_day) if row.shared else row.title
    return SentLine(row.day, rung_label(row.rung), row.message_id, row.person, title, row.fate, fate, at)


def _waiting(row: Row[Any]) -> WaitingLine:
    why = reason_word(row.reason or row.status)
    return WaitingLine(row.day, rung_label(row.rung), role_text(row.role), row.status, why)


def _coming(context: PlanningContext, o: Occurrence, ledger: list[Told], now: datetime) -> tuple[ComingLine, ...]:
    contacts = _contacts(context, {o.agency_id, *context.body_of(o).values()})
    book = post_book(context.connection, today=local_day(now))
    lines = []
    for rung, against in rungs_ahead(context, o, ledger, now=now):
        body, post = post_for(context, o, rung.role)
        people = tuple(each.name for each in readers(contacts, body, post, rung.name, book.on(rung.day)))
        why_not = against or (None if people else reason_word("no_contact"))
        lines.append(ComingLine(rung.day, rung_label(rung.name), role_text(rung.role), people, why_not))
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who gets what is pressed by hand."""

    name: str
    address: str


def readers_of(context: PlanningContext, found: Sequence[Occurrence], *, today: date) -> dict[str, tuple[Reader, ...]]:
    """Whom a message by hand about each of these would reach; nobody: it waits for an address."""
    bodies = {body for o in found for body in (o.agency_id, *context.body_of(o).values())}
    contacts, posts = _contacts(context, bodies), posts_on(context.connection, today)
    told = {}
    for o in found:
        body, post = post_for(context, o, owner_role(o))
        told[o.id] = tuple(Reader(each.name, each.address) for each in readers(contacts, body, post, "press", posts))
    return told


def _contacts(context: PlanningContext, bodies: Iterable[str]) -> list[Contact]:
    chosen = select(contact).where(contact.c.agency_id.in_(sorted(bodies)), contact.c.active.is_(True))
    rows = context.connection.execute(chosen.order_by(contact.c.id))
    return [contact_from(row) for row in rows]
