"""The next channel of a person: where a message cannot be delivered, or is not in time, another one takes its place.

    failed for good    -> at once, in the transaction that writes the failure down
    late               -> a message that was tried and refused for the time being, after so many working hours
    unknown            -> never by itself: it may have arrived; the officer decides (D8)

A message is replaced once at most: the row in ``replacement`` is unique by the one that it stands for. What was still
waiting is dropped in the same transaction, so that nobody gets the same by two channels.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import SQLAlchemyError

from notifications.contacts import Contact, contact_from
from notifications.errors import NotificationsError
from notifications.fates import lease_over
from notifications.gather import Gatherer
from notifications.posts import in_post
from notifications.rewriting import worth_telling, write_anew
from notifications.tables import attempt, contact, message, message_notice, notice, replacement
from notifications.waiting import hold_notices
from plans.calendar import CLOSES, OPENS, WorkingCalendar, local_day, moment
from plans.text import _
from tasks import trail
from tasks.database import for_update, insert_new
from tasks.office import working_calendar
from tasks.tables import setting

log = logging.getLogger(__name__)

SETTING = "other_channel_hours"  # of the whole installation
HOURS = 4  # working hours: within the same working day for what leaves at 07:30
MOST_HOURS = 40
REPLACED = "other_channel"  # why a message that still waited was dropped
BATCH = 100


class NoOtherChannel(NotificationsError):
    """The reader of that message has no further channel, or nothing of it is to be told any more."""


def hours_to_wait(connection: Connection) -> int:
    """After how many working hours without delivery the next channel is used."""
    chosen = select(setting.c.value).where(setting.c.scope == "", setting.c.name == SETTING)
    value = connection.execute(chosen).scalar_one_or_none()
    return int(value) if isinstance(value, int) and 0 < value <= MOST_HOURS else HOURS


def worked(calendar: WorkingCalendar, since: datetime, until: datetime) -> timedelta:
    """How long messages could have left between two moments."""
    total, day = timedelta(), local_day(since)
    while day <= local_day(until):
        if calendar.is_working(day):
            begin, end = max(since, moment(day, OPENS)), min(until, moment(day, CLOSES))
            total += max(end - begin, timedelta())
        day += timedelta(days=1)
    return total


def replace_late(connection: Connection, *, now: datetime) -> int:
    """Sends by the next channel what was refused for the time being and has waited long enough; returns how many.

    Where the message before it to the same address had to go by another channel too, and nothing has gone through
    since, the first refusal is enough: the channel is known to be down.
    """
    calendar, limit = working_calendar(connection), timedelta(hours=hours_to_wait(connection))
    free = or_(message.c.lease_until.is_(None), lease_over(now))
    waits = and_(message.c.next_try_at.is_not(None), message.c.status == "queued", message.c.tries > 0, free)
    chosen = select(message).where(waits, _has_next(local_day(now))).order_by(message.c.id)
    made = 0
    for row in connection.execute(for_update(chosen.limit(BATCH), connection)).all():
        if worked(calendar, row.created_at, now) >= limit or _known_down(connection, row):
            made += _in_its_own(connection, row, "late", now)
    return made


def _has_next(day: date) -> Any:
    """A person who reads that address has a channel after it."""
    this, later = contact.alias("this"), contact.alias("later")
    after = or_(later.c.rank > this.c.rank, and_(later.c.rank == this.c.rank, later.c.id > this.c.id))
    his = and_(this.c.channel == message.c.channel, this.c.address == message.c.address, this.c.active.is_(True))
    found = select(this.c.id).join(later, and_(later.c.person == this.c.person, in_post(day, later), after))
    return exists(found.where(his).correlate(message))


def _known_down(connection: Connection, row: Row[Any]) -> bool:
    same = (message.c.channel == row.channel) & (message.c.address == row.address) & (message.c.id < row.id)
    moved = exists(select(replacement.c.message_id).where(replacement.c.instead_of == message.c.id))
    last = select(message.c.status, moved.label("moved")).where(same, message.c.tries > 0)
    before = connection.execute(last.order_by(message.c.id.desc()).limit(1)).one_or_none()
    return before is not None and bool(before.moved) and before.status != "sent"


def replace_failed(connection: Connection, message_id: int, *, now: datetime) -> int:
    """After a hand-over that failed for good: the next channel, if there is one. What was in doubt before is left
    alone. Returns how many messages were made."""
    doubted = exists(select(attempt.c.id).where(attempt.c.message_id == message_id, attempt.c.outcome == "unknown"))
    mine = (message.c.id == message_id) & (message.c.status == "failed")
    row = connection.execute(select(message).where(mine, ~doubted, _has_next(local_day(now)))).one_or_none()
    return _in_its_own(connection, row, "failed", now) if row is not None else 0


def _in_its_own(connection: Connection, row: Row[Any], why: str, now: datetime) -> int:
    """What cannot be written for the next channel stays as it is; neither its outcome nor others are lost for it."""
    try:
        with connection.begin_nested():
            return replace(connection, row, why, now=now)
    except SQLAlchemyError:
        raise
    except Exception:
        log.exception("cannot go by another channel message=%s", row.id)
        return 0


def replace_by_hand(connection: Connection, message_id: int, *, now: datetime, actor: str) -> None:
    """The officer's decision about a message that failed, or whose fate is unknown. Raises NoOtherChannel."""
    chosen = select(message).where(message.c.id == message_id, message.c.status.in_(("failed", "unknown")))
    row = connection.execute(for_update(chosen, connection)).one_or_none()
    if row is None or not replace(connection, row, "officer", now=now, actor=actor):
        said = _("Thông báo số {id} không chuyển được: người nhận không còn cách gửi nào khác, hoặc việc đã khép.")
        raise NoOtherChannel(said.format(id=message_id))
    connection.execute(update(message).where(message.c.id == row.id).values(next_try_at=None))


def replace(connection: Connection, row: Row[Any], why: str, *, now: datetime, actor: str = trail.SYSTEM) -> int:
    """Writes what is still to be told for the next channel of its reader; 0 where there is none, or nothing to tell."""
    told = select(message_notice.c.notice_id).where(message_notice.c.message_id == row.id)
    hold_notices(connection, notice.c.id.in_(told))
    gatherer = Gatherer(connection, now=now)
    of_another_day = row.kind == "digest" and row.local_day != gatherer.today
    live = [] if of_another_day else worth_telling(gatherer, row)
    other = next_of(connection, row, today=gatherer.today) if live else None
    if other is None:
        return 0
    made = _write(connection, row, other, why, now)
    if made is None:  # somebody else was first
        return 0
    insert_new(connection, message_notice, [{"message_id": made.id, "notice_id": each.id} for each in live])
    write_anew(gatherer, made, live)
    if row.status == "queued":
        dropped = {"status": "dropped", "next_try_at": None, "token": None, "lease_until": None, "settled_at": now}
        connection.execute(update(message).where(message.c.id == row.id).values(**dropped, detail=REPLACED))
    said = {"message": made.id, "instead_of": row.id, "person": made.person, "why": why}
    data = {**said, "was": row.channel, "channel": made.channel}
    entry = trail.Entry("other_channel", live[0].plan_id, None, live[0].agency_id, data, row.sample)
    trail.write(connection, [entry], now=now, actor=actor)
    log.info("message=%s instead_of=%s why=%s channel=%s", made.id, row.id, why, made.channel)
    return 1


def _write(connection: Connection, row: Row[Any], other: Contact, why: str, now: datetime) -> Row[Any] | None:
    key = f"instead:{row.id}"
    copied = ("kind", "sender", "reply_to", "local_day", "subject", "text", "html", "sample")
    values = {name: row._mapping[name] for name in copied}
    values |= {"key": key, "channel": other.channel, "address": other.address, "person": other.name}
    values |= {"message_id": f"<{uuid4()}@dondoc.invalid>", "status": "queued", "created_at": now, "next_try_at": now}
    if insert_new(connection, message, [values | {"tries": 0}]) == 0:
        return None
    made = connection.execute(select(message).where(message.c.key == key)).one()
    insert_new(connection, replacement, [{"message_id": made.id, "instead_of": row.id, "why": why}])
    return made


def next_of(connection: Connection, row: Row[Any], *, today: date) -> Contact | None:
    """The channel that comes after that of a message, of the person who reads it."""
    this, later = contact.alias("this"), contact.alias("later")
    after = or_(later.c.rank > this.c.rank, and_(later.c.rank == this.c.rank, later.c.id > this.c.id))
    his = and_(this.c.channel == row.channel, this.c.address == row.address, this.c.active.is_(True))
    chosen = (
        select(later)
        .join(this, and_(later.c.person == this.c.person, after))
        .where(his, in_post(today, later))
        .where(or_(later.c.channel != row.channel, later.c.address != row.address))
        .order_by(later.c.rank, later.c.id)
        .limit(1)
    )
    found = connection.execute(chosen).one_or_none()
    return contact_from(found) if found is not None else None
