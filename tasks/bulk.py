"""Many rows into a table at the speed of the driver.

SQLAlchemy turns every value of every row by itself, which takes four times as long as SQLite needs to store the row
(measured: 19,000 rows a second against 75,000). Here the same statement and the same types are used, but each day,
each moment and each yes or no, of which a batch holds few different ones, is turned once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean, Date, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.types import DateTime, TypeDecorator, TypeEngine

Turn = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Statement:
    """An INSERT that passes over rows that are there already, and what each of its columns does to a value."""

    words: str
    columns: tuple[tuple[str, Turn | None], ...]
    named: bool  # whether the driver wants its parameters by name

    def bound(self, row: dict[str, Any]) -> Any:
        values = [row[name] if turn is None else turn(row[name]) for name, turn in self.columns]
        return dict(zip((name for name, _turn in self.columns), values, strict=True)) if self.named else tuple(values)


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """Inserts the rows that are not there yet and returns how many were. All rows have the columns of the first."""
    statement = _statement(connection.dialect, table, frozenset(rows[0]))
    if any(len(row) != len(statement.columns) for row in rows):
        raise ValueError(f"rows for {table.name} differ in their columns")
    bound = [statement.bound(row) for row in rows]
    done = connection.exec_driver_sql(statement.words, bound, execution_options={"preserve_rowcount": True})
    return done.rowcount


@lru_cache(maxsize=64)
def _statement(dialect: Dialect, table: Table, names: frozenset[str]) -> _Statement:
    columns = [column for column in table.columns if column.name in names]
    if len(columns) != len(names):
        raise ValueError(f"{table.name} has no {', '.join(names - {column.name for column in columns})}")
    module = postgresql if dialect.name == "postgresql" else sqlite
    insert = module.insert(table).on_conflict_do_nothing()
    compiled = insert.compile(dialect=dialect, column_keys=[column.name for column in columns])
    turns = tuple((column.name, _turn(column.type, dialect)) for column in columns)
    return _Statement(str(compiled), turns, named=not dialect.positional)


def _turn(kind: TypeEngine[Any], dialect: Dialect) -> Turn | None:
    turn = kind.dialect_impl(dialect).bind_processor(dialect)
    stored = kind.impl if isinstance(kind, TypeDecorator) else kind
    if turn is not None and isinstance(stored, Boolean | Date | DateTime):
        return lru_cache(maxsize=1024)(turn)
    return turn
