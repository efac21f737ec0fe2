"""The weekly pages as they are kept: frozen once, looked over by the officer, fixed when they leave, then for ever.

Every step writes its row in the trail. What a page says is no business of this module: contents come in as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.engine import Connection

from plans.calendar import local_time
from plans.text import _, day_text
from tasks import trail
from tasks.database import insert_new, locked
from tasks.desk_tables import stored_file
from tasks.errors import RegisterError
from tasks.week_tables import week_page

FROZEN, EDITED, LOOKED, SENT = "week_frozen", "week_edited", "week_looked", "week_sent"


class PageUnknown(RegisterError):
    def __init__(self, unit: str, week: int) -> None:
        super().__init__(_("Không có trang tuần này."))
        self.unit, self.week = unit, week


class PageSent(RegisterError):
    """It has left: nothing is changed any more."""

    def __init__(self, at: datetime) -> None:
        here = local_time(at)
        said = _("Trang này đã gửi lúc {time} ngày {day}, không sửa được nữa.")
        super().__init__(said.format(time=f"{here:%H:%M}", day=day_text(here.date())))


class PageChanged(RegisterError):
    """Somebody else has saved it since it was opened."""

    def __init__(self) -> None:
        super().__init__(_("Trang đã được người khác sửa từ khi mở. Mở lại trang rồi làm lại."))


def freeze(
    connection: Connection, unit: str, week: int, *, frozen_at: datetime, content: Mapping[str, Any], now: datetime
) -> bool:
    """Writes down how things stood; False where that week's page is there already."""
    row = {
        "unit": unit,
        "week": week,
        "frozen_at": frozen_at,
        "made_at": now,
        "content": dict(content),
        "edits": {},
        "revision": 1,
    }
    if insert_new(connection, week_page, [row]) == 0:
        return False
    _note(connection, unit, FROZEN, {"week": week, "at": frozen_at}, now=now, actor=trail.SYSTEM)
    return True


def load(connection: Connection, unit: str, week: int) -> Row[Any]:
    """The row of that page. Raises PageUnknown."""
    row = connection.execute(_of(unit, week)).one_or_none()
    if row is None:
        raise PageUnknown(unit, week)
    return row


def edit(
    connection: Connection, unit: str, week: int, *, seen: int, edits: Mapping[str, Any], now: datetime, actor: str
) -> None:
    """The officer's notes, order and what is left out. Raises PageUnknown, PageSent, PageChanged."""
    row = _open(connection, unit, week)
    if row.revision != seen:
        raise PageChanged
    if dict(row.edits) == dict(edits):
        return
    changed = update(week_page).where(week_page.c.id == row.id)
    connection.execute(changed.values(edits=dict(edits), revision=row.revision + 1))
    _note(connection, unit, EDITED, {"week": week, **edits}, now=now, actor=actor)


def look(connection: Connection, unit: str, week: int, *, now: datetime, actor: str) -> None:
    """The officer has looked it over. Raises PageUnknown, PageSent."""
    row = _open(connection, unit, week)
    values = {"looked_at": now, "looked_by": actor, "revision": row.revision + 1}
    connection.execute(update(week_page).where(week_page.c.id == row.id).values(values))
    _note(connection, unit, LOOKED, {"week": week}, now=now, actor=actor)


def fix(
    connection: Connection,
    unit: str,
    week: int,
    *,
    seen: int,
    printed: Mapping[str, Any],
    file: tuple[str, int] | None,
    now: datetime,
) -> bool:
    """Fixes what leaves: its words, and the .pdf by its SHA-256 and size. False where somebody else was first, or the
    officer has saved something since it was printed (``seen``)."""
    row = connection.execute(locked(_of(unit, week), connection)).one()
    if row.sent_at is not None or row.revision != seen:
        return False
    if file is not None:
        kept = {"hash": file[0], "kind": "pdf", "size": file[1], "at": now}
        insert_new(connection, stored_file, [kept])
    values = {"sent_at": now, "printed": dict(printed), "hash": file[0] if file else None}
    connection.execute(update(week_page).where(week_page.c.id == row.id).values(values))
    told = {"week": week, "looked": row.looked_at is not None, "hash": file[0] if file else None}
    _note(connection, unit, SENT, told, now=now, actor=trail.SYSTEM)
    return True


def _of(unit: str, week: int) -> Any:
    return select(week_page).where(week_page.c.unit == unit, week_page.c.week == week)


def _open(connection: Connection, unit: str, week: int) -> Row[Any]:
    row = connection.execute(locked(_of(unit, week), connection)).one_or_none()
    if row is None:
        raise PageUnknown(unit, week)
    if row.sent_at is not None:
        raise PageSent(row.sent_at)
    return row


def _note(connection: Connection, unit: str, kind: str, data: Mapping[str, Any], *, now: datetime, actor: str) -> None:
    trail.write(connection, [trail.Entry(kind, agency_id=unit, data=data)], now=now, actor=actor)
