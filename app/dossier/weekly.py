"""The weekly pages of the lead unit's head that named a body as late."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.engine import Connection

from app.dossier.model import NamedWeek
from plans.calendar import local_day
from tasks.model import Occurrence
from tasks.week_tables import week_page


def pages_of(connection: Connection, leads: Collection[str]) -> list[Row[Any]]:
    """The pages that went out, oldest first. One query."""
    p = week_page.c
    chosen = select(p.unit, p.week, p.frozen_at, p.sent_at, p.content, p.printed).where(
        p.unit.in_(sorted(leads)), p.sent_at.is_not(None)
    )
    return list(connection.execute(chosen.order_by(p.frozen_at, p.id)))


def named(pages: Sequence[Row[Any]], o: Occurrence, lead: str) -> tuple[NamedWeek, ...]:
    """Those on which the body stood as late while this occurrence was."""
    found = []
    for page in pages:
        day = local_day(page.frozen_at)
        late = day > o.late_after and (o.first_received is None or day < o.first_received)
        told = _of_body(page, o.agency_id) if late and page.unit == lead else None
        if told is not None:
            year, week = divmod(page.week, 100)
            titles = tuple(str(each) for each in told.get("titles") or ())
            found.append(
                NamedWeek(week, year, page.frozen_at, page.sent_at, int(told["number"]), int(told["days"]), titles)
            )
    return tuple(found)


def _of_body(page: Row[Any], agency_id: str) -> Mapping[str, Any] | None:
    """What the page says of that body. What the officer left out, or found no room, was not said."""
    listed = page.content.get("overdue") if isinstance(page.content, dict) else None
    told = next((each for each in listed or () if each.get("id") == agency_id), None)
    words = json.dumps(page.printed, ensure_ascii=False)
    return told if told is not None and str(told.get("name")) in words else None
