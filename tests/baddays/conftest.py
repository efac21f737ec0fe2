"""The valley of tests/support.py for these tests, a terminal, and mail servers that count or misbehave."""

from collections.abc import Iterator

import pytest

from tests.cli.conftest import run
from tests.notifications.channels import mailbox
from tests.notifications.channels.conftest import certificates, hostile
from tests.notifications.channels.mailbox import MailBox, OnAnyPort
from tests.support import blank_sqlite, engine, registers, valley

__all__ = ["blank_sqlite", "box", "certificates", "engine", "hostile", "registers", "run", "server", "valley"]


@pytest.fixture
def box() -> MailBox:
    return MailBox()


@pytest.fixture
def server(box: MailBox) -> Iterator[OnAnyPort]:
    made = mailbox.start(box)
    try:
        yield made
    finally:
        made.stop()
