"""Handing composed messages to their channels, with the fate of each known or said to be unknown (D8).

    queued -> sending -> sent | queued again (temporary) | failed (permanent) | unknown

Only the holder of the claim token writes the outcome. No network call happens inside a transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import or_, select, update
from sqlalchemy.engine import Connection, Engine, Row

from notifications.channels.base import Channel, Letter
from notifications.composer import rerender, worth_repeating
from notifications.errors import ChannelError, FateUnknown
from notifications.gather import Gatherer
from notifications.tables import attempt, message
from plans.calendar import local_day
from tasks.database import for_update, writing
from tasks.office import working_calendar

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)
BATCH = 10  # a minute each at most, so that the lease outlives the batch
BACKOFF = (timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
GIVE_UP_AFTER = 12  # attempts


def _never(_connection: Connection) -> bool:
    return False


@dataclass(slots=True)
class DeliveryCounts:
    sent: int = 0
    failed: int = 0
    waiting: int = 0
    unknown: int = 0
    dropped: int = 0


def deliver(
    engine: Engine,
    channels: Mapping[str, Channel],
    *,
    now: datetime,
    sample_only: bool = False,
    stop: Callable[[Connection], bool] = _never,
) -> DeliveryCounts:
    """Sends what is due. Nothing outside working hours: it waits, it is never dropped (D6).

    ``stop`` is asked before every ten messages: whoever holds all sending does not have to wait for the rest.
    """
    counts = DeliveryCounts()
    with writing(engine) as connection:
        if not working_calendar(connection).open_at(now):
            return counts
        counts.unknown += _expire(connection, now)
    while claimed := _claim(engine, counts, now, sample_only, stop):
        for row, letter in claimed:
            _hand_over(engine, channels, row, letter, counts, now)
    return counts


def _expire(connection: Connection, now: datetime) -> int:
    """A sender died with the message in hand: nobody knows its fate.

    E-mail in ``unknown`` is sent once more with the same Message-ID, which a mail server may recognise; other
    channels are left to the officer.
    """
    died = (message.c.status == "sending") & (message.c.lease_until < now)
    rows = connection.execute(select(message.c.id, message.c.channel, message.c.tries).where(died)).all()
    for row in rows:
        _note(connection, row.id, "unknown", "lease", now)
        _unknown(connection, row.id, row.channel, row.tries, now, "lease")
    return len(rows)


def _unknown(connection: Connection, message_id: int, channel: str, tries: int, now: datetime, why: str) -> None:
    again = channel == "email" and tries <= 1
    values = {
        "status": "unknown",
        "token": None,
        "lease_until": None,
        "detail": why,
        "next_try_at": now + BACKOFF[0] if again else None,
        "settled_at": now,
    }
    connection.execute(update(message).where(message.c.id == message_id).values(values))


def _claim(
    engine: Engine, counts: DeliveryCounts, now: datetime, sample_only: bool, stop: Callable[[Connection], bool]
) -> list[tuple[Row[Any], Letter]]:
    """Takes up to ten messages under a lease; drops those that tell of nothing open any more.

    A digest left over from an earlier day is not taken: the next composing puts what it told of into today's, so
    that nobody gets two in one morning.
    """
    token = str(uuid4())
    taken: list[tuple[Row[Any], Letter]] = []
    with writing(engine) as connection:
        if stop(connection):
            return []
        left_over = (message.c.kind == "digest") & (message.c.local_day < local_day(now))
        ready = or_((message.c.status == "queued") & ~left_over, message.c.status == "unknown")
        due = select(message).where(ready, message.c.next_try_at <= now).order_by(message.c.next_try_at, message.c.id)
        if sample_only:
            due = due.where(message.c.sample.is_(True))
        rows = connection.execute(for_update(due.limit(BATCH), connection)).all()
        gatherer = Gatherer(connection, now=now)
        for row in rows:
            if row.status == "queued" and not rerender(gatherer, row):
                values = {"status": "dropped", "next_try_at": None, "settled_at": now, "detail": "closed"}
                connection.execute(update(message).where(message.c.id == row.id).values(values))
                counts.dropped += 1
                continue
            if row.status == "unknown" and not worth_repeating(gatherer, row):
                connection.execute(update(message).where(message.c.id == row.id).values(next_try_at=None))
                continue
            values = {
                "status": "sending",
                "token": token,
                "lease_until": now + LEASE,
                "next_try_at": None,
                "tries": row.tries + 1,
            }
            connection.execute(update(message).where(message.c.id == row.id).values(values))
            fresh = connection.execute(select(message).where(message.c.id == row.id)).one()
            taken.append((fresh, _letter(fresh)))
    if rows and not taken:
        return _claim(engine, counts, now, sample_only, stop)
    return taken


def _letter(row: Row[Any]) -> Letter:
    return Letter(
        row.message_id,
        row.sender,
        row.reply_to,
        row.person,
        row.address,
        row.subject,
        row.text,
        row.html,
        row.created_at,
    )


def _hand_over(
    engine: Engine,
    channels: Mapping[str, Channel],
    row: Row[Any],
    letter: Letter,
    counts: DeliveryCounts,
    now: datetime,
) -> None:
    outcome, detail, permanent = "sent", None, False
    channel = channels.get(row.channel)
    try:
        if channel is None:
            raise ChannelError(f"channel {row.channel} is not set up")
        channel.send(letter)
    except FateUnknown as error:
        outcome, detail = "unknown", str(error)
    except ChannelError as error:
        outcome, detail, permanent = "failed", str(error), error.permanent
    except Exception as error:  # a fault in a channel must not stop the others; nobody knows how far it came
        log.exception("channel failed message=%s channel=%s", row.id, row.channel)
        outcome, detail = "unknown", f"{type(error).__name__}: {error}"
    with writing(engine) as connection:
        held = connection.execute(select(message.c.token).where(message.c.id == row.id)).scalar_one()
        if held != row.token:
            return  # the lease ran out; whoever holds it now writes the outcome
        _note(connection, row.id, outcome, detail, now)
        _settle(connection, row, outcome, detail, permanent, counts, now)


def _settle(
    connection: Connection,
    row: Row[Any],
    outcome: str,
    detail: str | None,
    permanent: bool,
    counts: DeliveryCounts,
    now: datetime,
) -> None:
    if outcome == "unknown":
        counts.unknown += 1
        _unknown(connection, row.id, row.channel, row.tries, now, detail or "")
        return
    values: dict[str, Any] = {"token": None, "lease_until": None, "detail": detail}
    if outcome == "sent":
        counts.sent += 1
        values |= {"status": "sent", "settled_at": now}
    elif permanent or row.tries >= GIVE_UP_AFTER:
        counts.failed += 1
        values |= {"status": "failed", "settled_at": now}
    else:
        counts.waiting += 1
        values |= {"status": "queued", "next_try_at": now + BACKOFF[min(row.tries, len(BACKOFF)) - 1]}
    connection.execute(update(message).where(message.c.id == row.id).values(values))
    log.info("message=%s outcome=%s tries=%d", row.id, outcome, row.tries)


def _note(connection: Connection, message_id: int, outcome: str, detail: str | None, now: datetime) -> None:
    connection.execute(attempt.insert().values(message_id=message_id, at=now, outcome=outcome, detail=detail))
