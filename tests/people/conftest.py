"""The valley of tests/support.py for these tests."""

from tests.support import blank_sqlite, engine, valley

__all__ = ["blank_sqlite", "engine", "valley"]
