"""An office with its people for the tests of the dashboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import Settings
from people import passwords
from tests.support import Valley, blank_sqlite, engine, registers, valley
from tests.web.office import Office, make_office

__all__ = ["blank_sqlite", "engine", "office", "quick_hashes", "registers", "valley"]


def make_hashes_quick(patch: pytest.MonkeyPatch) -> None:
    """Argon2 with its weakest parameters: nobody attacks a test."""
    from argon2 import PasswordHasher

    patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    make_hashes_quick(monkeypatch)


@pytest.fixture
def office(valley: Valley, dondoc_home: Path) -> Office:
    return make_office(valley, Settings(home=dondoc_home))
