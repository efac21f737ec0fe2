"""The weekly page of a lead unit's head: which week is told when, its notice in the ledger, and what the mail says.

A page shows how things stood at 16:00 of Friday (of the last working day of a week whose Friday is off) and leaves at
07:30 of the first working day after that week. What it says is fixed in ``week_page`` before its notice is queued
(``app.week``): written again on a later day, it says the same. On the morning on which it leaves it also carries what
the head is asked for direction about, so that nobody gets two letters (D8); the officer keeps the weekly brief.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from notifications.facts import PageTable, Sheet, WeekPage
from notifications.gather import Gatherer
from notifications.ladder import Role
from notifications.tables import notice as ledger
from notifications.weekly import days_of, number_of
from plans.calendar import MORNING, WorkingCalendar, local_day, moment
from plans.model import Relation
from tasks.database import insert_new
from tasks.week_tables import week_page

RUNG = "page"
FREEZES = time(16, 0)
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_LOOK_BACK = 8  # weeks: no holiday is longer


def freezes(calendar: WorkingCalendar, week: int) -> datetime | None:
    """16:00 of that week's Friday, or of its last working day where Friday is off; None for a week without one."""
    monday, sunday = days_of(week)
    friday = monday + 4 * _DAY
    last = friday if calendar.is_working(friday) else calendar.on_or_before(sunday)
    return moment(last, FREEZES) if last >= monday else None


def leaves(calendar: WorkingCalendar, week: int) -> datetime:
    """07:30 of the first working day after that week."""
    _monday, sunday = days_of(week)
    return moment(calendar.on_or_after(sunday + _DAY), MORNING)


def newest(calendar: WorkingCalendar, now: datetime) -> int | None:
    """The last week whose moment has come; None where there was none for weeks."""
    day = local_day(now)
    for back in range(_LOOK_BACK):
        week = number_of(day - back * _WEEK)
        at = freezes(calendar, week)
        if at is not None and at <= now:
            return week
    return None


def before(calendar: WorkingCalendar, week: int) -> datetime:
    """The moment of the page before that week's: what changed since then is told."""
    at = freezes(calendar, week)
    last = newest(calendar, (at or moment(days_of(week)[0], FREEZES)) - timedelta(seconds=1))
    found = freezes(calendar, last) if last is not None else None
    return found or moment(days_of(week)[0] - _WEEK, FREEZES)


def queue(connection: Connection, unit: str, week: int, *, plan_id: str, now: datetime) -> bool:
    """Writes the notice to the head; False where it is there already. Asked twice nothing is queued twice."""
    row = {
        "subject": f"{RUNG}:{unit}",
        "revision": week,
        "rung": RUNG,
        "role": Role.HEAD.value,
        "day": local_day(now),
        "plan_id": plan_id,
        "occurrence_id": None,
        "body": unit,
        "agency_id": unit,
        "status": "queued",
        "reason": None,
        "queued_at": now,
        "sample": False,
    }
    return insert_new(connection, ledger, [row]) == 1


def over(known: Gatherer, told: Row[Any]) -> str | None:
    """Why a page is not to be sent any more: the next one is due."""
    return None if newest(known.context.calendar, known.now) == told.revision else "superseded"


# -- what it says --


def page_sheet(known: Gatherer, notices: Iterable[Row[Any]], person: str) -> Sheet:
    """The page as it was fixed, and what the head is asked about this morning. The first notice is the page's."""
    first, *asked = sorted(notices, key=lambda each: each.rung != RUNG)
    direction = [known.item(known.occurrence(each.occurrence_id), each.rung) for each in asked]
    return Sheet(
        kind=RUNG,
        today=known.today,
        person=person,
        agency_name=known.context.register[first.body].name,
        relation=Relation.SELF,
        desk=known.desk(first.body),
        direction=tuple(sorted(direction, key=lambda item: (item.plan_id, item.title, item.agency_name))),
        page=fixed(known.connection, first.body, first.revision),
    )


def fixed(connection: Connection, unit: str, week: int) -> WeekPage:
    """The page of that unit and week as it went out. Raises NoResultFound before it has been fixed."""
    stored = select(week_page.c.printed).where(week_page.c.unit == unit, week_page.c.week == week)
    return page_from(connection.execute(stored.where(week_page.c.printed.is_not(None))).scalar_one())


def document_of(page: WeekPage) -> dict[str, Any]:
    """The stored form of a page."""
    return asdict(page) | {"day": page.day.isoformat()}


def page_from(document: Mapping[str, Any]) -> WeekPage:
    """A page from its stored form."""
    parts = tuple(
        PageTable(**{**part, "head": tuple(part["head"]), "rows": tuple(tuple(row) for row in part["rows"])})
        for part in document["parts"]
    )
    lists = {name: tuple(document[name]) for name in ("lines", "plans")}
    return WeekPage(**{**document, **lists, "day": date.fromisoformat(document["day"]), "parts": parts})
