"""Many rows into a table at the speed of the driver.

SQLAlchemy turns every value of every row by itself, which takes four times as long as SQLite needs to store the row
(measured: 19,000 rows a second against 75,000). Here the same statement and the same types are used, but each day,
each moment and each yes or no, of which a batch holds few different ones, is turned once. PostgreSQL is given a batch
as one statement with an array for each column: with a statement for each row both sides work twice as long.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, String, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.types import DateTime, TypeDecorator, TypeEngine

Row = dict[str, Any]
Turn = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _RowByRow:
    """An INSERT that passes over rows that are there already, and what each of its columns does to a value."""

    words: str
    columns: tuple[tuple[str, Turn | None], ...]

    def bound(self, rows: Sequence[Row]) -> Any:
        """Column by column: what is stored as it is need not be looked at."""
        turned = (
            [row[name] for row in rows] if turn is None else [turn(row[name]) for row in rows]
            for name, turn in self.columns
        )
        return list(zip(*turned, strict=True))


@dataclass(frozen=True, slots=True)
class _ByColumn:
    """The same for all rows at once: an array for each column, as PostgreSQL writes one."""

    words: str
    columns: tuple[tuple[str, Turn], ...]

    def bound(self, rows: Sequence[Row]) -> Any:
        return {name: f"{{{','.join([write(row[name]) for row in rows])}}}" for name, write in self.columns}


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> int:
    """Inserts the rows that are not there yet, in this order, and returns how many were. All rows have the columns of
    the first."""
    statement = _statement(connection.dialect, table, frozenset(rows[0]))
    if any(len(row) != len(statement.columns) for row in rows):
        raise ValueError(f"rows for {table.name} differ in their columns")
    counted = {"preserve_rowcount": True}
    return connection.exec_driver_sql(statement.words, statement.bound(rows), execution_options=counted).rowcount


@lru_cache(maxsize=64)
def _statement(dialect: Dialect, table: Table, names: frozenset[str]) -> _RowByRow | _ByColumn:
    columns = [column for column in table.columns if column.name in names]
    if len(columns) != len(names):
        raise ValueError(f"{table.name} has no {', '.join(names - {column.name for column in columns})}")
    return _by_column(dialect, table, columns) if dialect.name == "postgresql" else _by_row(dialect, table, columns)


def _by_row(dialect: Dialect, table: Table, columns: Sequence[Column[Any]]) -> _RowByRow:
    insert = sqlite.insert(table).on_conflict_do_nothing()
    compiled = insert.compile(dialect=dialect, column_keys=[column.name for column in columns])
    return _RowByRow(str(compiled), tuple((column.name, _turn(column.type, dialect)) for column in columns))


def _by_column(dialect: Dialect, table: Table, columns: Sequence[Column[Any]]) -> _ByColumn:
    quote = dialect.identifier_preparer.quote
    names = ", ".join(quote(column.name) for column in columns)
    arrays = ", ".join(f"%({column.name})s::{_array(column.type, dialect)}" for column in columns)
    words = f"INSERT INTO {quote(table.name)} ({names}) SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING"  # noqa: S608
    return _ByColumn(words, tuple((column.name, _writer(column.type, dialect)) for column in columns))


def _array(kind: TypeEngine[Any], dialect: Dialect) -> str:
    """TEXT for every text: cast to VARCHAR(n) a long one would be cut, stored as such it is refused."""
    return "TEXT[]" if isinstance(kind, String) else f"{kind.compile(dialect)}[]"


def _turn(kind: TypeEngine[Any], dialect: Dialect) -> Turn | None:
    turn = kind.dialect_impl(dialect).bind_processor(dialect)
    return _remembered(turn, kind) if turn is not None else None


def _writer(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], str]:
    """What writes a value as part of an array."""
    if isinstance(kind, JSON):
        return lambda value: _quoted(json.dumps(value))
    if isinstance(kind, String):
        return lambda value: "NULL" if value is None else _quoted(value)
    turn = kind.dialect_impl(dialect).bind_processor(dialect)
    return _remembered(lambda value: "NULL" if value is None else _quoted(str(turn(value) if turn else value)), kind)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _remembered(turn: Turn, kind: TypeEngine[Any]) -> Turn:
    """Of days, moments and yes or no a batch holds few different ones: each is turned once."""
    stored = kind.impl if isinstance(kind, TypeDecorator) else kind
    return lru_cache(maxsize=1024)(turn) if isinstance(stored, Boolean | Date | DateTime) else turn
