"""Databases to back up from and to restore into: both kinds, with a register, migrated, or without a table."""

from __future__ import annotations

import lzma
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from app.backup.rows import kind_of, tables_of, values_of
from app.backup.rows import line_of as line
from tasks.database import make_engine, reading
from tests.support import DATABASES

FIXTURES = Path(__file__).parents[1] / "fixtures"
BOTH_WAYS = [(source, target) for source in DATABASES for target in DATABASES]


class Stores:
    """Databases of one test, closed and gone after it."""

    def __init__(self, request: pytest.FixtureRequest, folder: Path) -> None:
        self._request, self._folder, self._numbers = request, folder, count()
        self.opened = ExitStack()

    def without_tables(self, kind: str) -> Engine:
        """What an administrator hands over: nothing in it."""
        if kind == "sqlite":
            return self._engine(f"sqlite:///{self._folder / f'new{next(self._numbers)}.db'}")
        databases = self._request.getfixturevalue("postgresql")
        return self._engine(self.opened.enter_context(databases.copied()))

    def copy_of(self, register: Path) -> Engine:
        """A register of its own that begins as that one."""
        path = self._folder / f"copy{next(self._numbers)}.db"
        shutil.copyfile(register, path)
        return self._engine(f"sqlite:///{path}")

    def of_release(self, revision: str) -> Engine:
        """The register that an earlier release wrote, as it wrote it."""
        path = self._folder / f"old{next(self._numbers)}.db"
        path.write_bytes(lzma.decompress((FIXTURES / revision / "register.db.xz").read_bytes()))
        return self._engine(f"sqlite:///{path}")

    def _engine(self, url: str) -> Engine:
        return self.opened.enter_context(_disposed(url))


@contextmanager
def _disposed(url: str) -> Iterator[Engine]:
    made = make_engine(url, durable=False)
    try:
        yield made
    finally:
        made.dispose()


@pytest.fixture
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    made = Stores(request, tmp_path)
    with made.opened:
        yield made


def content(engine: Engine, *without: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, as a backup would write it, in an order that no database decides."""
    found = {}
    with reading(engine) as connection:
        for table in tables_of(connection):
            if table.name not in without:
                kinds = {column.name: kind_of(column) for column in table.columns}
                rows = [line(dict(row._mapping)) for row in connection.execute(table.select())]
                found[table.name] = sorted((values_of(row, kinds) for row in rows), key=repr)
    return found
