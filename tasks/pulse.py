"""The pulse of the installation: when each recurring thing was last done, and how it went.

No part of the trail: the rows are overwritten. They tell the doctor what has stopped, and the guard of the clock
what the time was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from tasks.tables import pulse
from tasks.trail import plain


@dataclass(frozen=True, slots=True)
class Beat:
    """``name`` was last done at ``at``; ``data`` says how it went."""

    name: str
    at: datetime
    data: Mapping[str, Any]


def beat(connection: Connection, name: str, *, now: datetime, data: Mapping[str, Any] | None = None) -> None:
    """Writes down that it was done now."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = {"name": name, "at": now, "data": plain(data or {})}
    statement = dialect.insert(pulse).values(row)
    connection.execute(
        statement.on_conflict_do_update(index_elements=[pulse.c.name], set_={"at": now, "data": row["data"]})
    )


def last(connection: Connection, name: str) -> Beat | None:
    """The last time, or None where it never was."""
    row = connection.execute(select(pulse).where(pulse.c.name == name)).first()
    return Beat(row.name, row.at, row.data) if row else None


def forget(connection: Connection, name: str) -> None:
    """As if it had never been."""
    connection.execute(pulse.delete().where(pulse.c.name == name))
