"""The valley of tests/support.py for these tests, a terminal, and mail servers that misbehave."""

from tests.cli.conftest import run
from tests.notifications.channels.conftest import certificates, hostile
from tests.support import blank_sqlite, engine, registers, valley

__all__ = ["blank_sqlite", "certificates", "engine", "hostile", "registers", "run", "valley"]
