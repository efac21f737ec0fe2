"""Engines and transactions. SQLite out of the box, PostgreSQL by its address (D11).

Measured with six processes writing at once: SQLAlchemy's default lost 475 of 600 updates on SQLite, a plain
BEGIN failed 402 times, BEGIN IMMEDIATE lost none. Hence every writing transaction begins immediately.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.types import TypeDecorator

BATCH = 500  # rows per transaction, so that nobody waits long for the writer
BUSY_MS = 30_000


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: refuses naive values, stores and returns aware UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def make_engine(url: str, *, durable: bool = True) -> Engine:
    """An engine for that address, with the settings that make SQLite safe under several writers.

    ``durable=False`` is for scratch copies that nobody misses after a power cut.
    """
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _tune_sqlite if durable else _tune_scratch)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _tune_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions behind our back
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", f"busy_timeout={BUSY_MS}", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _tune_scratch(connection: Any, record: Any) -> None:
    _tune_sqlite(connection, record)
    connection.execute("PRAGMA synchronous=OFF")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


Late = dict[str, Callable[[Connection], None]]


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that will write: committed at the end, rolled back on any error."""
    late: Late = {}
    with engine.connect().execution_options(writes=True, late=late) as connection, connection.begin():
        yield connection
        for work in late.values():
            work(connection)


@contextmanager
def trying(engine: Engine) -> Iterator[Connection]:
    """A transaction whose changes are seen inside and gone afterwards."""
    late: Late = {}
    with engine.connect().execution_options(writes=True, late=late) as connection:
        transaction = connection.begin()
        try:
            yield connection
        finally:
            transaction.rollback()


def before_commit(connection: Connection, name: str, work: Callable[[Connection], None]) -> None:
    """Has ``work`` done as the last thing of this transaction, once per ``name`` however often it is asked for.

    For what takes a lock that all writers need: taken last and held for the commit alone, it cannot take part in a
    deadlock. Raises RuntimeError outside ``writing``, where nobody would do the work.
    """
    late: Late | None = connection.get_execution_options().get("late")
    if late is None:
        raise RuntimeError(f"{name} needs a transaction of tasks.database.writing")
    late[name] = work


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A consistent view of the register that writes nothing."""
    with engine.connect() as connection, connection.begin():
        yield connection


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """Inserts the rows that are not there yet and returns how many were: a second insert does nothing."""
    if not rows:
        return 0
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    key = next(iter(table.primary_key.columns))
    statement = dialect.insert(table).on_conflict_do_nothing().returning(key)  # rowcount is unknown on PostgreSQL
    inserted = 0
    for start in range(0, len(rows), BATCH):
        inserted += len(connection.execute(statement, list(rows[start : start + BATCH])).all())
    return inserted


def for_update(statement: Any, connection: Connection) -> Any:
    """Locks the rows on PostgreSQL and passes over those another worker holds; SQLite has one writer anyway."""
    return statement.with_for_update(skip_locked=True) if connection.dialect.name == "postgresql" else statement
