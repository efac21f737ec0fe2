"""What became of a message, written down: the one place that changes the fate of what was handed over (D8).

    queued -> sending -> sent | queued again (temporary) | failed (permanent) | unknown
                         relayed -> sent | failed | unknown, as a receipt says (app/relay)

A message whose fate was unknown once never becomes ``queued`` or ``failed`` again by itself: its first copy may have
arrived, so it is repeated under the same Message-ID or not at all, and stays ``unknown`` until a copy is taken.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.engine import Connection, Row

from notifications.channels.base import Taken
from notifications.errors import ChannelError, FateUnknown
from notifications.tables import attempt, message
from plans.text import _
from tasks.database import BATCH, for_update

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)  # from the moment it is taken in hand; a channel takes two minutes at most
BACKOFF = (timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
GIVE_UP_AFTER = 12  # attempts
FARTHEST_TRY = timedelta(days=1) + BACKOFF[-1]  # a try further ahead was put off under a clock that ran ahead


@dataclass(slots=True)
class DeliveryCounts:
    """What one run did. ``alarm``: what the office itself has to put right, where something was refused for that.
    ``relayed``: put into the folder that is carried out; nobody has it yet."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0
    unknown: int = 0
    dropped: int = 0
    relayed: int = 0
    alarm: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one hand-over ended. ``permanent``, ``ours`` and ``retry_after`` as in ChannelError."""

    name: str  # sent, relayed, failed, unknown
    detail: str | None = None
    permanent: bool = False
    ours: bool = False
    retry_after: float | None = None


SENT = Outcome("sent")


def outcome_of_taking(taken: Taken | None) -> Outcome:
    """A letter that was taken, or that lies ready to be carried out."""
    if taken is None:
        return SENT
    return Outcome("relayed" if taken.on_its_way else "sent", taken.reference)


def outcome_of(error: Exception) -> Outcome:
    """A channel's error as an outcome. A fault in the channel leaves nobody knowing how far it came."""
    if isinstance(error, FateUnknown):
        return Outcome("unknown", str(error))
    if isinstance(error, ChannelError):
        return Outcome("failed", str(error), error.permanent, error.ours, error.retry_after)
    return Outcome("unknown", f"{type(error).__name__}: {error}")


def settle(
    connection: Connection, row: Row[Any], outcome: Outcome, counts: DeliveryCounts, *, in_doubt: bool, now: datetime
) -> None:
    """Writes down how the hand-over of ``row`` ended. ``in_doubt``: its fate was unknown before this attempt."""
    if outcome.ours:
        counts.alarm = counts.alarm or outcome.detail
    if outcome.name == "unknown":
        unknown(connection, row, outcome.detail or "", now=now)
        counts.unknown += 1
        return
    note(connection, row.id, outcome, now=now)
    values: dict[str, Any] = {"token": None, "lease_until": None, "detail": outcome.detail}
    if outcome.name == "sent":
        counts.sent += 1
        values |= {"status": "sent", "settled_at": now}
    elif outcome.name == "relayed":
        counts.relayed += 1
        values |= {"status": "relayed", "settled_at": None}
    elif not outcome.permanent and row.tries < GIVE_UP_AFTER:
        counts.waiting += 1
        values |= {"status": "unknown" if in_doubt else "queued", "next_try_at": now + _pause(row.tries, outcome)}
    elif in_doubt:
        counts.unknown += 1
        values |= {"status": "unknown", "next_try_at": None, "settled_at": now}
    else:
        counts.failed += 1
        values |= {"status": "failed", "settled_at": now}
    connection.execute(update(message).where(message.c.id == row.id).values(values))
    log.info("message=%s outcome=%s tries=%d", row.id, outcome.name, row.tries)


def _pause(tries: int, outcome: Outcome) -> timedelta:
    """As long as usual, and not before the other side wants to hear of us again; a day at most."""
    asked = timedelta(seconds=min(outcome.retry_after or 0.0, timedelta(days=1).total_seconds()))
    return max(pause_after(tries), asked)


def pause_after(tries: int) -> timedelta:
    """How long to wait after that many attempts."""
    return BACKOFF[min(tries, len(BACKOFF)) - 1]


def unknown(connection: Connection, row: Row[Any], why: str, *, now: datetime) -> None:
    """Nobody knows whether it arrived. E-mail is sent once more with the same Message-ID, which a mail server may
    recognise; what is unknown a second time, and every other channel, is left to the officer."""
    before = select(func.count()).where(attempt.c.message_id == row.id, attempt.c.outcome == "unknown")
    again = row.channel == "email" and connection.execute(before).scalar_one() == 0
    note(connection, row.id, Outcome("unknown", why), now=now)
    values = {
        "status": "unknown",
        "token": None,
        "lease_until": None,
        "detail": why,
        "next_try_at": now + BACKOFF[0] if again else None,
        "settled_at": now,
    }
    connection.execute(update(message).where(message.c.id == row.id).values(values))
    log.warning("message=%s outcome=unknown again=%s", row.id, again)


def lease_over(now: datetime) -> ColumnElement[bool]:
    """A lease that ran out, or that was given under a clock since put back: nobody keeps one for so long."""
    return or_(message.c.lease_until < now, message.c.lease_until > now + 2 * LEASE)


def pull_in(connection: Connection, *, now: datetime) -> None:
    """What was put off under a clock that ran ahead is tried now, not when that moment comes at last."""
    far = select(message.c.id).where(message.c.next_try_at > now + FARTHEST_TRY).order_by(message.c.id).limit(BATCH)
    while rows := connection.execute(for_update(far, connection)).all():
        found = message.c.id.in_([row.id for row in rows])
        connection.execute(update(message).where(found).values(next_try_at=now))
        log.warning("tries from the future pulled in: %d", len(rows))


def expire(connection: Connection, *, now: datetime) -> int:
    """A sender died with a message in hand: nobody knows its fate. Returns how many there were."""
    died = (message.c.status == "sending") & lease_over(now)
    chosen = select(message.c.id, message.c.channel).where(died).order_by(message.c.id)
    rows = connection.execute(for_update(chosen, connection)).all()
    for row in rows:
        unknown(connection, row, _("Tiến trình gửi bị ngắt giữa chừng. Không rõ thư đã được nhận hay chưa."), now=now)
    return len(rows)


def note(connection: Connection, message_id: int, outcome: Outcome, *, now: datetime) -> None:
    """One row per hand-over, whatever came of it."""
    values = {"message_id": message_id, "at": now, "outcome": outcome.name, "detail": outcome.detail}
    connection.execute(attempt.insert().values(values))


def handed_over(connection: Connection, message_id: int) -> int:
    """How many hand-overs, and receipts of them, are written down for a message."""
    counted = select(func.count()).select_from(attempt).where(attempt.c.message_id == message_id)
    return connection.execute(counted).scalar_one()
