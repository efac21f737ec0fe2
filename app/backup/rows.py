"""The rows of the register as lines of JSON, by the tables as the database itself describes them.

Nothing here knows the tables of this release: a backup of an older one is read and written by the same code.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, MetaData, String, Table, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection
from sqlalchemy.types import JSON, TypeEngine

from tasks.database import UtcDateTime

VERSION_TABLE = "alembic_version"


class BadValue(ValueError):
    """A value that its column cannot hold; ``str()`` names the column."""


def tables_of(connection: Connection, only: Iterable[str] | None = None) -> list[Table]:
    """The tables as they stand, each after those that it refers to. ``only``: these, where they are there."""
    metadata = MetaData()
    event.listen(metadata, "column_reflect", _know_type)
    wanted = None if only is None else set(only)
    metadata.reflect(connection, only=None if wanted is None else lambda name, _metadata: name in wanted)
    return [table for table in metadata.sorted_tables if table.name != VERSION_TABLE]


def _know_type(_inspector: Any, _table: Any, column: dict[str, Any]) -> None:
    """A moment is UTC on both databases, and the absence of a document is not the document ``null``."""
    if isinstance(column["type"], DateTime):
        column["type"] = UtcDateTime()
    elif isinstance(column["type"], JSON):
        column["type"] = type(column["type"])(none_as_null=bool(column["nullable"]))


def kind_of(column: Column[Any]) -> str:
    """What the lines hold for this column, in words for the manifest. Raises TypeError for a type unknown here."""
    kinds: tuple[tuple[type[TypeEngine[Any]] | type[UtcDateTime], str], ...] = (
        (UtcDateTime, "moment"),
        (Date, "date"),
        (Boolean, "boolean"),
        (Integer, "integer"),
        (JSONB, "document"),
        (JSON, "document"),
        (String, "text"),
    )
    for known, name in kinds:
        if isinstance(column.type, known):
            return name
    raise TypeError(f"{column.table.name}.{column.name}: {column.type!r}")


def line_of(values: dict[str, Any]) -> bytes:
    """One row as one line, dates and moments as ISO text."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_iso, allow_nan=False)
    return text.encode() + b"\n"


def _iso(value: Any) -> str:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def values_of(line: bytes, kinds: dict[str, str]) -> dict[str, Any]:
    """The row of a line. Raises BadValue where it is not one of a table with these columns."""
    try:
        found = json.loads(line)
    except ValueError as error:
        raise BadValue(str(error)) from error
    if not isinstance(found, dict) or found.keys() != kinds.keys():
        raise BadValue("columns")
    return {name: _value(name, value, kinds[name]) for name, value in found.items()}


_JSON_TYPES = {"text": str, "integer": int, "boolean": bool, "date": str, "moment": str}


def _value(name: str, value: Any, kind: str) -> Any:
    if value is None or kind == "document":
        return value
    if not _fits(value, kind):
        raise BadValue(name)
    try:
        return _day_or_moment(value, kind) if kind in ("date", "moment") else value
    except ValueError as error:
        raise BadValue(name) from error


def _fits(value: object, kind: str) -> bool:
    """``true`` is no number here, although Python says so."""
    return type(value) is _JSON_TYPES[kind]


def _day_or_moment(text: str, kind: str) -> date | datetime:
    if kind == "date":
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment
