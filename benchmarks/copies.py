"""Copies of a followed plan, made by the database itself: a million occurrences in seconds instead of minutes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Column, Engine, Integer, String, Table, text

from benchmarks.world import plan_id, unit_id
from notifications.tables import notice
from tasks.database import writing
from tasks.tables import agency, duty, occurrence, party
from tasks.tables import plan as plan_table

UNITS = 34  # provinces since July 2025: the copies belong to as many
_OF_PLAN = ((plan_table, "id"), (duty, "plan_id"), (party, "plan_id"), (occurrence, "plan_id"), (notice, "plan_id"))


def copy_plan(engine: Engine, number: int, copies: int) -> None:
    """Copies plan ``number`` of unit ``number``, with everything that hangs on it, into the numbers after it.

    The copies take turns in belonging to 34 units, so that bodies are shared by many plans as they are in a country.
    """
    _copy(engine, agency, number, min(copies, UNITS - 1), where=f"id LIKE '{unit_id(number)}.%'")
    for table, key in _OF_PLAN:
        _copy(engine, table, number, copies, where=f"{key} = '{plan_id(number)}'")


def _copy(engine: Engine, table: Table, number: int, copies: int, *, where: str) -> None:
    if copies < 1:
        return
    columns = [column for column in table.columns if not (column.primary_key and isinstance(column.type, Integer))]
    names = ", ".join(column.name for column in columns)
    values = ", ".join(_of_copy(column, number, engine.dialect.name) for column in columns)
    words = (
        f"WITH RECURSIVE turn(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM turn WHERE i < {copies}) "  # noqa: S608
        f"INSERT INTO {table.name} ({names}) SELECT {values} FROM turn CROSS JOIN {table.name} WHERE {where}"
    )
    with writing(engine) as connection:
        connection.execute(text(words))


def _of_copy(column: Column[Any], number: int, dialect: str) -> str:
    """The column's value in copy ``i``: other numbers of the plan and of its unit."""
    document = isinstance(column.type, JSON)
    if not document and not isinstance(column.type, String):
        return column.name
    if column.name == "digest":
        return "CAST(i AS TEXT) || substr(digest, 9)"
    moved = f"replace(CAST({column.name} AS TEXT), '{plan_id(number)}', 'kh-' || ({number} + i))"
    moved = f"replace({moved}, '{unit_id(number)}', 'tinh-' || ({number} + i % {UNITS}))"
    return f"CAST({moved} AS JSONB)" if document and dialect == "postgresql" else moved
