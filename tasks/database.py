"""Engines and transactions. SQLite out of the box, PostgreSQL by its address (D11).

Measured with six processes writing at once: SQLAlchemy's default lost 475 of 600 updates on SQLite, a plain
BEGIN failed 402 times, BEGIN IMMEDIATE lost none. Hence every writing transaction begins immediately.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from sqlalchemy import DateTime, Engine, Table, create_engine, event, func, select
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.types import TypeDecorator

from tasks.address import parse_address
from tasks.bulk import insert_rows

BATCH = 500  # rows per transaction, so that nobody waits long for the writer
_ALONE = 0x646F6E64  # the first of the two numbers of our advisory locks; "dond"
BUSY_MS = 30_000  # how long a writer waits for another one, on both databases

# What dondoc relies on, whatever the server's or the role's own settings are (docs/postgresql.md). A transaction that
# does nothing for five minutes belongs to a process that is dead or stopped: no network call is made inside one.
_SESSION = (
    "SET TIME ZONE 'UTC'; SET datestyle = 'ISO, DMY'; SET client_encoding = 'UTF8'; "
    "SET default_transaction_isolation = 'read committed'; "
    f"SET lock_timeout = {BUSY_MS}; SET idle_in_transaction_session_timeout = '5min'"
)
# A server that vanished without a word is noticed after a minute instead of two hours.
_LINE = {
    "application_name": "dondoc",
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}


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
    """An engine for that address, with the settings that make it safe under several writers. Raises BadDatabaseUrl.

    ``durable=False`` is for scratch copies on SQLite that nobody misses after a power cut.
    """
    address = parse_address(url)
    if address.get_backend_name() == "postgresql":
        said = {name: value for name, value in _LINE.items() if name not in address.query}
        engine = create_engine(address, connect_args=said, pool_pre_ping=True, pool_size=5, max_overflow=10)
        event.listen(engine, "connect", _tune_postgresql)
        return engine
    engine = create_engine(address)
    event.listen(engine, "connect", _tune_sqlite if durable else _tune_scratch)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _tune_postgresql(connection: Any, _record: Any) -> None:
    connection.execute(_SESSION)
    connection.commit()


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


def awaited(connection: Connection, name: str) -> Callable[[Connection], None] | None:
    """The work that waits under this name for the end of the transaction, if any: to be added to."""
    late: Late = connection.get_execution_options().get("late") or {}
    return late.get(name)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A consistent view of the register that writes nothing: what others commit meanwhile is not seen."""
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":  # there every statement would see what was committed last
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """Inserts the rows that are not there yet and returns how many were: a second insert does nothing."""
    if not rows:
        return 0
    return sum(insert_rows(connection, table, rows[start : start + BATCH]) for start in range(0, len(rows), BATCH))


def locked(statement: Any, connection: Connection) -> Any:
    """Holds the rows to the end of a transaction that writes, after waiting for whoever holds them (PostgreSQL).

    What is read so is the newest, and nobody changes it before it is written: read, decide, write. The order in
    which everybody takes hold, so that nobody waits for each other: ``alone``, duty, plan, message, occurrence,
    notice; several of a kind by their key, in one statement. Elsewhere, and where nothing is written, it reads like
    any other.
    """
    writes = connection.dialect.name == "postgresql" and connection.get_execution_options().get("writes")
    return statement.with_for_update(key_share=True) if writes else statement


def alone(connection: Connection, name: str) -> None:
    """Lets one transaction at a time do what bears this name, to its end; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql" and connection.get_execution_options().get("writes"):
        connection.execute(select(func.pg_advisory_xact_lock(_ALONE, crc32(name.encode()) - 2**31)))


def for_update(statement: Any, connection: Connection) -> Any:
    """Locks the rows on PostgreSQL and passes over those another worker holds; SQLite has one writer anyway.

    Whoever only adds a row that refers to one of them (an answer, an attempt) does not hold it.
    """
    if connection.dialect.name != "postgresql":
        return statement
    return statement.with_for_update(skip_locked=True, key_share=True)


def away(error: DBAPIError) -> bool:
    """Whether the server broke the connection off or takes none (PostgreSQL): it is being started anew, or is gone."""
    if error.connection_invalidated:
        return True
    if not isinstance(error, OperationalError) or not type(error.orig).__module__.startswith("psycopg"):
        return False
    state = getattr(error.orig, "sqlstate", None)
    return state is None or state.startswith(("08", "57P"))
