"""The valley of tests/support.py for these tests."""

from tests.support import blank_sqlite, engine, registers, valley

__all__ = ["blank_sqlite", "engine", "registers", "valley"]
