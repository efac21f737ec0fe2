"""Builds the working whole from its parts, once per process. Tests wire their own parts."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cached_property

from sqlalchemy import Engine

from app.board import Board
from app.database import migrate
from app.settings import Settings
from notifications import composer, delivery, monthly, planner
from notifications.channels.apprise_url import AppriseChannel
from notifications.channels.aside import SampleAside
from notifications.channels.base import Channel
from notifications.channels.folder import FolderChannel
from notifications.channels.mail_url import parse_mail_url
from notifications.channels.smtp import REST, SmtpChannel, close_kept_connections
from notifications.delivery import DeliveryCounts
from notifications.planner import AdvanceCounts
from plans.text import use_language
from tasks.database import make_engine


def clock() -> datetime:
    """The only place that reads the clock; everything else is handed ``now``."""
    return datetime.now(UTC)


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

    def advance(self, *, now: datetime, plan_id: str | None = None) -> AdvanceCounts:
        """Materialises, records misses, queues what is due. Raises AdvanceIncomplete."""
        return planner.advance(self.engine, now=now, plan_id=plan_id)

    def compose(self, *, now: datetime) -> int:
        """Makes the messages that are due; returns how many."""
        return composer.compose(self.engine, now=now)

    def deliver(self, *, now: datetime) -> DeliveryCounts:
        """Hands the messages over to their channels."""
        return delivery.deliver(self.engine, self.channels, now=now)

    def tell_month(self, *, month: date, now: datetime) -> int:
        """Queues last month's list for the officers; returns how many messages that will be."""
        return monthly.queue_month(self.engine, month=month, now=now)

    def close(self) -> None:
        close_kept_connections()
        self.engine.dispose()


def bootstrap(settings: Settings | None = None) -> Dondoc:
    """The installation that the settings describe, its database up to date. Raises BadMailUrl."""
    settings = settings or Settings()
    use_language(settings.language)
    settings.home.mkdir(parents=True, exist_ok=True)
    channels: dict[str, Channel] = {"email": _email(settings), "url": AppriseChannel()}
    engine = make_engine(settings.url)
    try:
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
