"""Handing composed messages to their channels, with the fate of each known or said to be unknown (D8).

A run reserves ten messages and takes them in hand one by one: only the one in hand is ``sending``. A sender that
dies leaves that one unknown and nothing else in doubt; the others wait until their reservation runs out. Only the
holder of the token takes a message in hand and writes its outcome. No network call happens inside a transaction.
"""

from __future__ import annotations

import json
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import or_, select, update
from sqlalchemy.engine import Connection, Engine, Row
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from notifications.channels.base import Channel, Letter
from notifications.channels.names import RELAY
from notifications.errors import ChannelError
from notifications.fates import (
    BACKOFF,
    GIVE_UP_AFTER,
    LEASE,
    DeliveryCounts,
    Outcome,
    expire,
    handed_over,
    lease_over,
    outcome_of,
    outcome_of_taking,
    pull_in,
    settle,
)
from notifications.gather import Gatherer
from notifications.next_channel import replace_failed, replace_late
from notifications.reply_links import Links, with_links
from notifications.rewriting import rerender, worth_repeating
from notifications.tables import message, message_notice, notice
from notifications.waiting import hold_notices
from plans.calendar import WorkingCalendar, local_day
from plans.text import _
from tasks.database import away, for_update, locked, writing
from tasks.office import working_calendar

__all__ = ["BACKOFF", "BATCH", "GIVE_UP_AFTER", "LEASE", "DeliveryCounts", "deliver"]

log = logging.getLogger(__name__)

BATCH = 10
UNTIL_BACK = (0.5, 1, 2, 4, 8, 15, 15, 15)  # seconds to wait for a database that is started anew
_RESERVED = or_(message.c.status == "queued", message.c.status == "unknown")


def _never(_connection: Connection) -> bool:
    return False


def deliver(
    engine: Engine,
    channels: Mapping[str, Channel],
    *,
    now: datetime,
    moment: Callable[[], datetime] | None = None,
    sample_only: bool = False,
    stop: Callable[[Connection], bool] = _never,
    links: Links | None = None,
) -> DeliveryCounts:
    """Sends what is due. Nothing outside working hours: it waits, it is never dropped (D6).

    ``moment`` tells the time as the run goes on, ``now`` unless it is given: a slow server must not carry a run past
    the end of the working day, nor past its leases. ``stop`` is asked before every message, so that whoever holds
    all sending does not have to wait for the rest. ``links``: where agencies may answer; None where messages carry no
    links (D13).
    """
    with writing(engine) as connection:
        calendar = working_calendar(connection)
        if not calendar.open_at(now):
            return DeliveryCounts()
        counts = DeliveryCounts(unknown=expire(connection, now=now))
        pull_in(connection, now=now)
        replace_late(connection, now=now)
    run = _Run(engine, channels, moment or (lambda: now), sample_only, stop, calendar, counts, links)
    while run.send_some():
        pass
    return run.counts


@dataclass(frozen=True, slots=True)
class _InHand:
    """The message that is being sent, and the letter that it makes. ``in_doubt``: its fate was unknown before."""

    row: Row[Any]
    in_doubt: bool
    letter: Letter


@dataclass
class _Run:
    engine: Engine
    channels: Mapping[str, Channel]
    moment: Callable[[], datetime]
    sample_only: bool
    stop: Callable[[Connection], bool]
    calendar: WorkingCalendar
    counts: DeliveryCounts
    links: Links | None
    token: str = field(default_factory=lambda: str(uuid4()))
    waiting: deque[int] = field(default_factory=deque)  # reserved, not yet taken in hand

    def send_some(self) -> bool:
        """Up to ten messages; returns whether there may be more. The transaction that writes one outcome takes the
        next message in hand, so that each costs one transaction."""
        with writing(self.engine) as connection:
            found = self._reserve(connection)
            held = self._take(connection)
        while held is not None:
            held = self._write_down(held, self._hand_over(held))
        return found

    # -- before --

    def _reserve(self, connection: Connection) -> bool:
        """Keeps up to ten messages for this run, and drops those that tell of nothing open any more.

        A digest of another day (left over, or composed under a clock since put back) is not taken: the next composing
        puts what it told of into today's, so that nobody gets two in one morning. Returns whether there were any.
        """
        now = self.moment()
        if self._over(connection, now):
            return False
        of_another_day = (message.c.kind == "digest") & (message.c.local_day != local_day(now))
        ready = or_((message.c.status == "queued") & ~of_another_day, message.c.status == "unknown")
        free = or_(message.c.lease_until.is_(None), lease_over(now))
        due = select(message).where(ready, free, message.c.next_try_at <= now)
        if self.sample_only:
            due = due.where(message.c.sample.is_(True))
        due = due.order_by(message.c.next_try_at, message.c.id)
        rows = connection.execute(for_update(due.limit(BATCH), connection)).all()
        told = select(message_notice.c.notice_id).where(message_notice.c.message_id.in_([row.id for row in rows]))
        hold_notices(connection, notice.c.id.in_(told))  # others may be telling the same to somebody else
        gatherer = Gatherer(connection, now=now)
        for row in rows:
            if self._worth_sending(gatherer, row):
                _change(connection, row.id, token=self.token, lease_until=now + LEASE)
                self.waiting.append(row.id)
        return bool(rows)

    def _over(self, connection: Connection, now: datetime) -> bool:
        return not self.calendar.open_at(now) or self.stop(connection)

    def _worth_sending(self, gatherer: Gatherer, row: Row[Any]) -> bool:
        connection, now = gatherer.connection, gatherer.now
        if row.status == "unknown":
            worth = worth_repeating(gatherer, row)
            if not worth:
                _change(connection, row.id, next_try_at=None)
            return worth
        try:
            why_not = rerender(gatherer, row)
        except SQLAlchemyError:
            raise
        except Exception as error:  # one message that cannot be written must not stop the others
            log.exception("cannot be written anew message=%s", row.id)
            self._put_off(connection, row, error, now)
            return False
        if why_not:
            dropped = {"status": "dropped", "next_try_at": None, "settled_at": now, "detail": why_not}
            _change(connection, row.id, **dropped)
            self.counts.dropped += 1
        return why_not is None

    def _put_off(self, connection: Connection, row: Row[Any], error: Exception, now: datetime) -> None:
        why = _("Không soạn lại được thông báo: {why}").format(why=f"{type(error).__name__}: {error}")
        _change(connection, row.id, tries=row.tries + 1, next_try_at=None)
        tried = connection.execute(select(message).where(message.c.id == row.id)).one()
        settle(connection, tried, Outcome("failed", why, ours=True), self.counts, in_doubt=False, now=now)

    def _take(self, connection: Connection) -> _InHand | None:
        """The next reserved message, unless somebody else has it by now. At the end of the working day the rest goes
        back, to be sent the next morning."""
        now = self.moment()
        if self.waiting and self._over(connection, now):
            mine = message.c.id.in_(self.waiting) & (message.c.token == self.token) & _RESERVED
            connection.execute(update(message).where(mine).values(token=None, lease_until=None))
            self.waiting.clear()
        while self.waiting:
            mine = (message.c.id == self.waiting.popleft()) & (message.c.token == self.token) & _RESERVED
            row = connection.execute(for_update(select(message).where(mine), connection)).one_or_none()
            if row is not None:
                tries = row.tries + 1
                _change(connection, row.id, status="sending", lease_until=now + LEASE, next_try_at=None, tries=tries)
                fresh = connection.execute(select(message).where(message.c.id == row.id)).one()
                letter = with_links(connection, self.links, fresh, _letter(connection, fresh))
                return _InHand(fresh, row.status == "unknown", letter)
        return None

    # -- the hand-over and after --

    def _hand_over(self, held: _InHand) -> Outcome:
        row = held.row
        channel = self.channels.get(row.channel)
        try:
            if channel is None:
                said = _("Cách gửi {channel} chưa được thiết lập.").format(channel=row.channel)
                raise ChannelError(said, ours=True)
            taken = channel.send(held.letter)
        except ChannelError as error:
            return outcome_of(error)
        except Exception as error:  # a fault in a channel must not stop the others; nobody knows how far it came
            log.exception("channel failed message=%s channel=%s", row.id, row.channel)
            return outcome_of(error)
        return outcome_of_taking(taken)

    def _write_down(self, held: _InHand, outcome: Outcome) -> _InHand | None:
        """Writes the outcome and takes the next message in hand.

        The outcome is known to this process alone. It waits for a database that is being started anew, a minute at
        most, rather than leave it unknown and have the message repeated. Where a commit went through before its
        answer was lost, the token is gone and nothing is written twice.
        """
        before = replace(self.counts), self.waiting.copy()
        pauses = iter(UNTIL_BACK)
        while True:
            try:
                with writing(self.engine) as connection:
                    self._settle(connection, held, outcome)
                    return self._take(connection)
            except DBAPIError as error:
                pause = next(pauses, None)
                if pause is None or not away(error):
                    raise
                log.warning("database away message=%s outcome=%s", held.row.id, outcome.name)
            self.counts, self.waiting = replace(before[0]), before[1].copy()
            time.sleep(pause)

    def _settle(self, connection: Connection, held: _InHand, outcome: Outcome) -> None:
        mine = select(message.c.token).where(message.c.id == held.row.id)
        holder = connection.execute(locked(mine, connection)).scalar_one_or_none()
        if holder == self.token:  # else the lease ran out; whoever holds it now writes the outcome
            settle(connection, held.row, outcome, self.counts, in_doubt=held.in_doubt, now=self.moment())
            if outcome.name == "failed":
                replace_failed(connection, held.row.id, now=self.moment())


def _change(connection: Connection, message_id: int, **values: Any) -> None:
    connection.execute(update(message).where(message.c.id == message_id).values(values))


def _letter(connection: Connection, row: Row[Any]) -> Letter:
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
        row.local_day,
        row.kind,
        json.loads(row.fields) if row.fields else {},
        handed_over(connection, row.id) + 1 if row.channel == RELAY else 1,
    )
