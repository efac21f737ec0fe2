"""The audit trail: who did what when. Rows are only ever added; triggers refuse anything else, seals show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.engine import Connection

from tasks.seal import seal_later
from tasks.tables import audit_event

SYSTEM = "dondoc"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the trail. ``sample`` rows belong to the shipped example and may be taken out with it."""

    kind: str
    plan_id: str | None = None
    occurrence_id: str | None = None
    agency_id: str | None = None
    data: Mapping[str, Any] | None = None
    sample: bool = False


def write(connection: Connection, entries: list[Entry], *, now: datetime, actor: str = SYSTEM) -> None:
    """Adds the entries in the transaction of the change that they tell of, and has them sealed at its end.

    Raises RuntimeError outside ``tasks.database.writing``.
    """
    rows = [
        {
            "at": now,
            "actor": actor,
            "kind": entry.kind,
            "plan_id": entry.plan_id,
            "occurrence_id": entry.occurrence_id,
            "agency_id": entry.agency_id,
            "data": plain(entry.data or {}),
            "sample": entry.sample,
        }
        for entry in entries
    ]
    if rows:
        written = audit_event.insert().returning(audit_event.c.id, audit_event.c.sample)
        seal_later(connection, [row.id for row in connection.execute(written, rows) if not row.sample])


def plain(value: Any) -> Any:
    """The same value in JSON's own types: dates and moments as ISO text."""
    match value:
        case StrEnum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return {key: plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
        case _:
            return value
