"""Empty registers to measure on, with the settings that an installation has: nothing is less durable here."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql
from sqlalchemy import Engine, event, text

from app.database import migrate
from tasks.database import make_engine
from tests.postgresql import ROLE, Postgres

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


class Database(Protocol):
    """Where registers come from."""

    name: str

    def address(self) -> str:
        """The address of a new, empty database."""

    def forget(self, address: str) -> None:
        """Removes it."""


@dataclass
class Sqlite:
    folder: Path
    name: str = SQLITE
    _numbers: Iterator[int] = field(default_factory=count)

    def address(self) -> str:
        folder = self.folder / f"register-{next(self._numbers)}"
        folder.mkdir(parents=True)
        return f"sqlite:///{folder / 'dondoc.db'}"

    def forget(self, address: str) -> None:
        shutil.rmtree(Path(address.removeprefix("sqlite:///")).parent)


# What a server has that somebody installed and left as it was; the server of the tests is not durable.
_AS_INSTALLED = (
    "fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=128MB", "max_wal_size=1GB",
    "wal_level=replica", "max_wal_senders=10", "autovacuum=on",
)  # fmt: skip


class Postgresql:
    """A real server, started for this run and reached through a Unix socket."""

    name = POSTGRESQL

    def __init__(self) -> None:
        self._server = Postgres().start(*_AS_INSTALLED)
        self.folder = self._server.folder
        self._numbers = count(1)
        with self._server.admin() as admin:
            admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(ROLE)))
            self.version = _said(admin, "server_version")
            if [_said(admin, name) for name in ("fsync", "synchronous_commit")] != ["on", "on"]:
                raise RuntimeError("PostgreSQL would not be durable")

    def new(self) -> str:
        """The name of a new, empty database."""
        name = f"bench_{next(self._numbers)}"
        with self._server.admin() as admin:
            words = sql.SQL("CREATE DATABASE {} OWNER {}")
            admin.execute(words.format(sql.Identifier(name), sql.Identifier(ROLE)))
        return name

    def address(self) -> str:
        return self._server.url(self.new())

    def forget(self, address: str) -> None:
        name = address.partition("?")[0].rpartition("/")[2]
        with self._server.admin() as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def close(self) -> None:
        self._server.close()


def _said(admin: psycopg.Connection, name: str) -> str:
    [value] = admin.execute(sql.SQL("SHOW {}").format(sql.Identifier(name))).fetchone() or [""]
    return str(value)


@contextmanager
def register(database: Database) -> Iterator[Engine]:
    """An empty, migrated register, gone afterwards."""
    address = database.address()
    engine = make_engine(address)
    try:
        migrate(engine)
        yield engine
    finally:
        engine.dispose()
        database.forget(address)


def settle(engine: Engine) -> None:
    """What a database does by itself in quiet hours: PostgreSQL's autovacuum, SQLite's log back into the file."""
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()
    else:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


@dataclass(slots=True)
class Work:
    """What a database was asked: statements, and rows it had to look at (steps of its machine on SQLite)."""

    statements: int = 0
    steps: int = 0


@contextmanager
def watched(engine: Engine) -> Iterator[Work]:
    """Counts the work done inside. For counting only: it slows what it counts."""
    work = Work()

    def asked(*_arguments: Any) -> None:
        work.statements += 1

    event.listen(engine, "before_cursor_execute", asked)
    try:
        if engine.dialect.name == "sqlite":
            with _sqlite_steps(engine, work):
                yield work
        else:
            before = _rows_read(engine)
            yield work
            work.steps = _rows_read(engine) - before
    finally:
        event.remove(engine, "before_cursor_execute", asked)


def processor_seconds(engine: Engine) -> float:
    """What the server's side of our open connections has used so far (Linux); SQLite works in our own process."""
    if engine.dialect.name == "sqlite" or not Path("/proc/self/stat").exists():
        return 0.0
    ours = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
    with engine.connect() as connection:
        return sum(_used(pid) for pid in connection.execute(text(ours)).scalars())


def _used(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


_STEPS = 1000


@contextmanager
def _sqlite_steps(engine: Engine, work: Work) -> Iterator[None]:
    def step() -> int:
        work.steps += _STEPS
        return 0

    def watch(connection: Any, *_record: Any) -> None:
        connection.set_progress_handler(step, _STEPS)

    engine.dispose()
    event.listen(engine, "connect", watch)
    try:
        yield
    finally:
        event.remove(engine, "connect", watch)
        engine.dispose()


def _rows_read(engine: Engine) -> int:
    """Rows that PostgreSQL fetched from the tables of this database so far."""
    engine.dispose()  # a session reports what it did when it ends
    fetched = "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) FROM pg_stat_user_tables"
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))
        return int(connection.execute(text(fetched)).scalar_one())
