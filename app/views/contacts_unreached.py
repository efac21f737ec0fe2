"""Không liên lạc được: bodies without an address, people whose every channel fails, messages of unknown fate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.engine import Connection, Row

from app.views.attention import Unreached, replaced, without_anybody
from app.views.scope import Units, of_units
from notifications.channels.names import channel_word
from notifications.fate import shown_address
from notifications.tables import contact, message, message_notice, notice
from plans.calendar import local_day
from plans.text import sort_key
from tasks.tables import agency
from tasks.tables import plan as plan_table

RECENT = timedelta(days=30)
MOST = 200  # messages of one kind; more than anybody calls about in a day


@dataclass(frozen=True, slots=True)
class Failing:
    """The newest message to a person that no channel could deliver, or whose fate nobody knows."""

    message_id: int
    body: str
    body_name: str
    person: str
    phone: str | None
    channel: str
    address: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Page:
    without: tuple[Unreached, ...]
    failing: tuple[Failing, ...]
    unknown: tuple[Failing, ...]

    @property
    def total(self) -> int:
        return len(self.without) + len(self.failing) + len(self.unknown)


def load(connection: Connection, units: Units, *, now: datetime) -> Page:
    """Everything by a fixed number of queries."""
    failed = (message.c.status == "failed") & (message.c.settled_at >= now - RECENT) & ~replaced() & ~_sent_since()
    unknown = (message.c.status == "unknown") & message.c.next_try_at.is_(None) & ~replaced()
    return Page(
        tuple(without_anybody(connection, units, today=local_day(now))),
        tuple(_newest(_messages(connection, units, failed))),
        tuple(_messages(connection, units, unknown)),
    )


def _sent_since() -> ColumnElement[bool]:
    later = message.alias("later")
    same = (later.c.channel == message.c.channel) & (later.c.address == message.c.address)
    return exists(select(later.c.id).where(same, later.c.status == "sent", later.c.id > message.c.id))


def _messages(connection: Connection, units: Units, which: ColumnElement[bool]) -> list[Failing]:
    body = (
        select(func.min(notice.c.body))
        .join(message_notice, message_notice.c.notice_id == notice.c.id)
        .join(plan_table, plan_table.c.id == notice.c.plan_id)
        .where(message_notice.c.message_id == message.c.id, of_units(units))
        .correlate(message)
        .scalar_subquery()
    )
    phone = select(func.max(contact.c.phone)).where(
        contact.c.channel == message.c.channel, contact.c.address == message.c.address, contact.c.active.is_(True)
    )
    shown = (message.c.id, message.c.person, message.c.channel, message.c.address, message.c.detail)
    chosen = (
        select(*shown, message.c.settled_at, message.c.created_at, agency.c.id.label("body"), agency.c.name)
        .add_columns(phone.correlate(message).scalar_subquery().label("phone"))
        .select_from(message.join(agency, agency.c.id == body))
        .where(which)
        .order_by(message.c.id.desc())
        .limit(MOST)
    )
    return [_failing(row) for row in connection.execute(chosen)]


def _failing(row: Row[Any]) -> Failing:
    return Failing(
        row.id,
        row.body,
        row.name,
        row.person,
        row.phone,
        channel_word(row.channel),
        shown_address(row.channel, row.address),
        row.settled_at or row.created_at,
        row.detail or "",
    )


def _newest(found: list[Failing]) -> list[Failing]:
    """One line for each address, by the name of the body."""
    first: dict[tuple[str, str], Failing] = {}
    for each in found:
        first.setdefault((each.channel, each.address), each)
    return sorted(first.values(), key=lambda each: (sort_key(each.body_name), each.person))
