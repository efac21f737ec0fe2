"""Servers for the tests of this folder; every one ends with its test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from notifications.channels import smtp
from notifications.channels.smtp import SmtpChannel
from tests.notifications.channels import letters, mailbox
from tests.notifications.channels.hostile import HostileServer, Script
from tests.notifications.channels.mailbox import Certificates, MailBox, OnAnyPort


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return mailbox.make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def box() -> MailBox:
    return MailBox()


@pytest.fixture
def serve(box: MailBox) -> Iterator[Callable[..., OnAnyPort]]:
    """Starts a real server that puts its mail into ``box``."""
    with ExitStack() as ends:

        def start(**options: Any) -> OnAnyPort:
            controller = mailbox.start(box, **options)
            ends.callback(controller.stop)
            return controller

        yield start
        smtp.close_kept_connections()


@pytest.fixture
def connect() -> Iterator[Callable[..., SmtpChannel]]:
    """A channel to a port; its connection is closed before the server ends."""
    with ExitStack() as ends:

        def make(port: int, **told: Any) -> SmtpChannel:
            made = letters.channel(port, **told)
            ends.callback(made.close)
            return made

        yield make


@pytest.fixture
def hostile() -> Iterator[Callable[..., HostileServer]]:
    """Starts a server that follows a script."""
    with ExitStack() as ends:

        def start(script: Script | None = None, **options: Any) -> HostileServer:
            return ends.enter_context(HostileServer(script, **options))

        yield start
