"""Months that were closed, as they are kept: written once, with a row in the trail, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.engine import Connection

from plans.calendar import local_time
from plans.text import _, day_text
from tasks import trail
from tasks.closing_tables import closing
from tasks.database import insert_new
from tasks.desk_tables import stored_file
from tasks.errors import RegisterError

CLOSED = "month_closed"


class AlreadyClosed(RegisterError):
    def __init__(self, month: int, at: datetime) -> None:
        here = local_time(at)
        said = _("Tháng {month} đã chốt lúc {time} ngày {day}.")
        text = f"{month % 100:02d}/{month // 100}"
        super().__init__(said.format(month=text, time=f"{here:%H:%M}", day=day_text(here.date())))


class CannotClose(RegisterError):
    """The month is not over, or there is nothing of one's own to close."""


class ClosingUnknown(RegisterError):
    def __init__(self) -> None:
        super().__init__(_("Tháng này chưa chốt."))


def keep(
    connection: Connection,
    unit: str,
    month: int,
    *,
    content: Mapping[str, Any],
    chain: tuple[int, str],
    file: tuple[str, int],
    now: datetime,
    actor: str,
) -> None:
    """``chain``: place and hash of the newest row of the trail before the closing; ``file``: SHA-256 and size of the
    .pdf. Raises AlreadyClosed."""
    insert_new(connection, stored_file, [{"hash": file[0], "kind": "pdf", "size": file[1], "at": now}])
    row = {
        "unit": unit,
        "month": month,
        "closed_at": now,
        "closed_by": actor,
        "content": dict(content),
        "place": chain[0],
        "head": chain[1],
        "hash": file[0],
    }
    if insert_new(connection, closing, [row]) == 0:
        raise AlreadyClosed(month, load(connection, unit, month).closed_at)
    told = {"month": month, "hash": file[0], "due": len(content["lines"]), "place": chain[0], "head": chain[1]}
    trail.write(connection, [trail.Entry(CLOSED, agency_id=unit, data=told)], now=now, actor=actor)


def find(connection: Connection, unit: str, month: int) -> Row[Any] | None:
    """The closing of that month, None where it is open."""
    chosen = select(closing).where(closing.c.unit == unit, closing.c.month == month)
    return connection.execute(chosen).one_or_none()


def load(connection: Connection, unit: str, month: int) -> Row[Any]:
    """Raises ClosingUnknown."""
    row = find(connection, unit, month)
    if row is None:
        raise ClosingUnknown
    return row


def closed_months(connection: Connection, units: Sequence[str]) -> dict[tuple[str, int], Row[Any]]:
    """What these units have closed, without what it held."""
    columns = (closing.c.unit, closing.c.month, closing.c.closed_at, closing.c.closed_by, closing.c.hash)
    rows = connection.execute(select(*columns).where(closing.c.unit.in_(sorted(units))))
    return {(row.unit, row.month): row for row in rows}


def first_day(month: int) -> date:
    """Of ``202611`` the first of November 2026."""
    return date(month // 100, month % 100, 1)
