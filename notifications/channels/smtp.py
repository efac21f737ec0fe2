"""E-mail: each letter to a mail server over a kept connection, its fate told as D8 wants it.

Apprise's own e-mail service connects anew for every message or sleeps between two, puts its own Message-ID in and
answers one yes or no without a reason; so this is ours, and ``plugin.py`` offers it to Apprise under the same URL.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock

from notifications.channels.base import Letter
from notifications.channels.mail import Form, checked_address, checked_message_id, envelope
from notifications.channels.mail_url import BadMailUrl, MailServer, parse_mail_url
from notifications.channels.pace import Pace
from notifications.channels.smtp_connection import SmtpConnection
from notifications.channels.smtp_reach import Deadline
from notifications.channels.smtp_trouble import Stage, Trouble

TIMEOUT = 60.0  # seconds for one message, connecting included
REST = 60.0  # seconds without asking a server that does not answer
_IDLE = 30.0  # seconds; firewalls forget a silent connection without telling either side


class KeptConnection:
    """The one connection of this process to a server, used by one thread at a time.

    ``opened`` counts how often it had to be opened.
    """

    def __init__(self, server: MailServer, *, pace: Pace | None = None) -> None:
        self.server = server
        self.opened = 0
        self._pace = pace or Pace(server.pace)
        self._lock = Lock()
        self._line: SmtpConnection | None = None
        self._used_at = 0.0
        self._down = ""  # why the server cannot be used
        self._rests_until = 0.0

    def hand_over(self, recipient: str, written: Callable[[Form], bytes], *, timeout: float, rest: float) -> None:
        """Returns when the server has the letter. Raises Trouble.

        After a failure of the server itself the next letters are told the same without asking again for ``rest``
        seconds: a server that hangs must not cost a minute for every letter of the morning.
        """
        with self._lock:
            if self._down and time.monotonic() < self._rests_until:
                raise Trouble(Stage.CONNECT, self._down)
            self._pace.wait()
            try:
                self._transact(recipient, written, Deadline(timeout))
            except Trouble as trouble:
                self._down = trouble.for_others(self.server) if trouble.of_server else ""
                self._rests_until = time.monotonic() + rest
                raise
            self._down = ""

    def _transact(self, recipient: str, written: Callable[[Form], bytes], deadline: Deadline) -> None:
        if self._line is not None and time.monotonic() - self._used_at > _IDLE:
            self._drop()
        if self._line is not None:
            try:
                self._use(self._line, recipient, written, deadline)
            except Trouble as trouble:
                if not trouble.line_was_stale:
                    raise
                self._drop()
            else:
                return
        self._line = SmtpConnection(self.server, deadline)
        self.opened += 1
        self._use(self._line, recipient, written, deadline)

    def _use(self, line: SmtpConnection, recipient: str, written: Callable[[Form], bytes], deadline: Deadline) -> None:
        try:
            line.hand_over(recipient, written, deadline)
        except Trouble:
            if line.sock is None:
                self._line = None
            raise
        except BaseException:  # in the middle of a dialogue nobody knows what the next answer would belong to
            self._drop()
            raise
        finally:
            self._used_at = time.monotonic()

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def close(self) -> None:
        """Says goodbye; the next letter opens it again."""
        with self._lock:
            if self._line is not None:
                self._line.leave()
                self._line = None


_kept: dict[MailServer, KeptConnection] = {}
_kept_lock = Lock()


def kept_connection(server: MailServer) -> KeptConnection:
    """The connection of this process to that server, whoever asks."""
    with _kept_lock:
        return _kept.setdefault(server, KeptConnection(server))


def close_kept_connections() -> None:
    """Says goodbye to every server, as a process should before it ends."""
    with _kept_lock:
        kept = list(_kept.values())
    for connection in kept:
        connection.close()


def _forget() -> None:
    """A child process must not speak into its parent's dialogue, nor wait for a lock that nobody will open."""
    global _kept_lock
    _kept_lock = Lock()
    _kept.clear()


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_forget)


def utc_now() -> datetime:
    """For the Date of a letter; the dialogue itself happens in real time."""
    return datetime.now(UTC)


class SmtpChannel:
    """The channel ``email`` where the settings name a mail server. Thread-safe."""

    def __init__(
        self,
        server: MailServer,
        *,
        connection: KeptConnection | None = None,
        timeout: float = TIMEOUT,
        rest: float = 0.0,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.server = server
        self.timeout = timeout
        self.rest = rest
        self._connection = connection
        self._clock = clock

    def send(self, letter: Letter) -> None:
        # A letter that cannot be written is found before anybody is asked.
        recipient = checked_address(letter.address)
        checked_message_id(letter.message_id)
        letter = replace(letter, sender=letter.sender or self.server.name)
        written_at = self._clock()

        def written(form: Form) -> bytes:
            return envelope(letter, mailbox=self.server.sender, form=form, written=written_at)

        try:
            self.connection.hand_over(recipient, written, timeout=self.timeout, rest=self.rest)
        except Trouble as trouble:
            raise trouble.outcome() from trouble

    @property
    def connection(self) -> KeptConnection:
        return self._connection or kept_connection(self.server)

    def close(self) -> None:
        self.connection.close()


def check(url: str, *, timeout: float = TIMEOUT) -> str | None:
    """What stands in the way of sending with this URL, in words; None if nothing.

    Connects, introduces itself, starts TLS and logs in; no letter is sent.
    """
    try:
        line = SmtpConnection(parse_mail_url(url), Deadline(timeout))
    except (BadMailUrl, Trouble) as problem:
        return str(problem)
    line.leave()
    return None
