"""Builds the working whole from its parts, once per process. Tests wire their own parts."""

from __future__ import annotations

import getpass
import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from sqlalchemy import Engine

from app import clock_guard
from app.backup import keep
from app.backup.dump import Made
from app.board import Board
from app.channels import other_channels, relay_folder
from app.database import migrate
from app.filestore import FileStore
from app.link_key import load_key
from app.relay.outbox import tidy
from app.settings import Settings
from app.standstill import Standstill, standstill
from app.week import keeping
from notifications import composer, delivery, monthly, planner, weekly
from notifications.channels.aside import SampleAside
from notifications.channels.base import Channel
from notifications.channels.folder import FolderChannel
from notifications.channels.mail_url import parse_mail_url
from notifications.channels.smtp import REST, SmtpChannel, close_kept_connections
from notifications.delivery import DeliveryCounts
from notifications.planner import AdvanceCounts, AdvanceIncomplete
from notifications.reply_links import Links
from plans.text import use_language
from tasks.database import make_engine, reading
from tasks.hold import held

log = logging.getLogger(__name__)


def clock() -> datetime:
    """The only place that reads the clock; everything else is handed ``now``."""
    return datetime.now(UTC)


def passing(now: datetime) -> Callable[[], datetime]:
    """The moment as time goes on from ``now``, by the clock that nobody can set."""
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)


class Dondoc:
    """The use cases of one installation. Thread-safe; every call has transactions of its own."""

    def __init__(self, settings: Settings, engine: Engine, channels: Mapping[str, Channel]) -> None:
        self.settings = settings
        self.engine = engine
        self.channels = channels

    @cached_property
    def board(self) -> Board:
        """The read models of flows and commands."""
        return Board(self.engine)

    @cached_property
    def links(self) -> Links:
        """What signs the links by which agencies answer, and reads them again."""
        return Links(self.settings.public_url.rstrip("/"), load_key(self.settings.home))

    def standstill(self, *, now: datetime) -> Standstill | None:
        """Why nothing is sent just now: held by a person, or the clock has to be confirmed. None: all goes on."""
        with reading(self.engine) as connection:
            return standstill(connection, now=now)

    def advance(self, *, now: datetime, plan_id: str | None = None) -> AdvanceCounts:
        """Materialises, records misses, queues what is due; nothing under a clock that has to be confirmed.

        Raises AdvanceIncomplete.
        """
        if self._clock_in_doubt(now):
            return AdvanceCounts()
        try:
            counts = planner.advance(self.engine, now=now, plan_id=plan_id)
        except AdvanceIncomplete:  # one bad row, every morning: the others were done, and the clock was right
            clock_guard.see(self.engine, now=now)
            raise
        clock_guard.see(self.engine, now=now)
        return counts

    def compose(self, *, now: datetime) -> int:
        """Makes the messages that are due; returns how many. None while sending is held: they would grow old.

        A page that is to leave is handed over before: it carries what its head is asked that morning, whichever run
        of the morning comes first.
        """
        if self.standstill(now=now):
            return 0
        try:
            keeping.keep_pages(self.engine, FileStore(self.settings.home), sending=True, now=now)
        except Exception:  # the flows have a step of their own that fails for it; the other messages must go
            log.exception("weekly pages cannot be handed over")
        return composer.compose(self.engine, now=now)

    def deliver(self, *, now: datetime) -> DeliveryCounts:
        """Hands the messages over to their channels, until sending is held."""
        if self.standstill(now=now):
            return DeliveryCounts()
        if self.settings.relay_folder:
            tidy(self.engine, relay_folder(self.settings))
        return delivery.deliver(
            self.engine,
            self.channels,
            now=now,
            moment=passing(now),
            stop=lambda connection: bool(held(connection)),
            links=self.links if self.settings.public_url else None,
        )

    def tell_month(self, *, month: date, now: datetime) -> int:
        """Queues last month's list for the officers; returns how many messages that will be."""
        return 0 if self._clock_in_doubt(now) else monthly.queue_month(self.engine, month=month, now=now)

    def tell_week(self, *, now: datetime) -> int:
        """Queues the weekly brief for the officers, from the first working morning of the week on; returns how many
        lead units get one."""
        return 0 if self._clock_in_doubt(now) else weekly.queue_week(self.engine, now=now)

    def week_pages(self, *, now: datetime) -> keeping.Kept:
        """Freezes the heads' weekly pages that are due and hands over those that are to leave by now; nothing leaves
        while sending is held."""
        found = self.standstill(now=now)
        if found is not None and found.complete:
            return keeping.Kept()
        return keeping.keep_pages(self.engine, FileStore(self.settings.home), sending=found is None, now=now)

    def copy_daily(self, *, now: datetime) -> Made | None:
        """Makes the daily copy where none was made since the last noon. Raises BackupError, OSError."""
        return keep.daily_copy(self.engine, self.settings.backups, home=self.settings.home, now=now)

    def _clock_in_doubt(self, now: datetime) -> bool:
        found = self.standstill(now=now)
        return found is not None and found.complete

    def close(self) -> None:
        close_kept_connections()
        self.engine.dispose()


def bootstrap(settings: Settings | None = None) -> Dondoc:
    """The installation that the settings describe, its database up to date.

    Raises BadMailUrl, BadGateway, BadTemplate.
    """
    settings = settings or Settings()
    use_language(settings.language)
    settings.home.mkdir(parents=True, exist_ok=True)
    email = _email(settings)
    engine = make_engine(settings.url)
    try:
        channels: dict[str, Channel] = {"email": email, **other_channels(settings, engine, clock=clock)}
        migrate(engine)
    except BaseException:
        engine.dispose()  # a register that cannot be used is not kept open
        raise
    return Dondoc(settings, engine, channels)


def _email(settings: Settings) -> Channel:
    """The mail server of the settings, or files until there is one."""
    folder = FolderChannel(settings.outbox_folder)
    url = settings.mail_url.get_secret_value()
    return SampleAside(SmtpChannel(parse_mail_url(url), rest=REST), folder) if url else folder


def actor() -> str:
    """Who is at the keyboard, for the audit trail."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
