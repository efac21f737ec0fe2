"""An office with its people for the tests of the dashboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.settings import Settings
from people import passwords
from tasks.database import make_engine
from tests.postgresql import Databases
from tests.support import DATABASES, Valley, blank_sqlite, opened
from tests.web.office import Office, furnished, furnished_copy, office_on

__all__ = ["blank_sqlite", "furnished_sqlite", "office", "quick_hashes"]


def make_hashes_quick(patch: pytest.MonkeyPatch) -> None:
    """Argon2 with its weakest parameters: nobody attacks a test."""
    from argon2 import PasswordHasher

    patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    make_hashes_quick(monkeypatch)


@pytest.fixture(scope="session")
def furnished_sqlite(blank_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """The register of the office, and its accounts; made once, copied for each test."""
    path = tmp_path_factory.mktemp("office") / "office.db"
    with pytest.MonkeyPatch.context() as patch:
        make_hashes_quick(patch)
        return path, furnished_copy(blank_sqlite, path)


@contextmanager
def furnished_database(databases: Databases) -> Iterator[tuple[Engine, dict[str, int]]]:
    """The same on PostgreSQL."""

    def fill(url: str) -> None:
        engine = make_engine(url)
        _accounts.update(furnished(Valley(engine)))
        engine.dispose()

    with databases.filled("office", fill) as url:
        engine = make_engine(url)
        try:
            yield engine, _accounts
        finally:
            engine.dispose()


_accounts: dict[str, int] = {}  # of the furnished PostgreSQL database


@pytest.fixture(params=DATABASES)
def office(request: pytest.FixtureRequest, tmp_path: Path, dondoc_home: Path) -> Iterator[Office]:
    """The valley's office on Monday 11/03/2024, 08:00, on each database that dondoc supports."""
    settings = Settings(home=dondoc_home)
    if request.param == "sqlite":
        path, ids = request.getfixturevalue("furnished_sqlite")
        with opened(path, tmp_path / "register.db") as engine:
            yield office_on(engine, dict(ids), settings)
        return
    with furnished_database(request.getfixturevalue("postgresql")) as (engine, ids):
        yield office_on(engine, dict(ids), settings)
