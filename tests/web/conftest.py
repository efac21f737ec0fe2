"""An office with its people for the tests of the dashboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import Settings
from people import passwords
from tests.support import Valley, blank_sqlite, engine, registers, valley
from tests.web.office import Office, make_office

__all__ = ["blank_sqlite", "engine", "office", "quick_hashes", "registers", "valley"]


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with its weakest parameters: nobody attacks a test."""
    from argon2 import PasswordHasher

    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def office(valley: Valley, dondoc_home: Path) -> Office:
    return make_office(valley, Settings(home=dondoc_home))
