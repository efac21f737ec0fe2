"""iCalendar feeds: of one agency its own deadlines; of an officer those of the unit, a duty of all its bodies in one
event.

Events are of whole days and their UID never changes. SEQUENCE is the newest row of the trail that concerns the event,
so that it only ever grows. What is accepted, waived or handed over stays in the feed as cancelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event, vDuration, vText
from sqlalchemy import ColumnElement, Row, Subquery, func, select
from sqlalchemy.engine import Connection

from app.board import plan_name
from app.views.punctuality import last_day, number_of
from app.views.scope import occurrences_of
from people.feeds import Feed
from people.rights import Holder, Right
from plans.calendar import local_day
from plans.model import Plan
from plans.text import _
from tasks.agencies import load_plans
from tasks.model import OWED
from tasks.naming import occurrence_title
from tasks.tables import agency, audit_event, occurrence

BACK, AHEAD = timedelta(days=180), timedelta(days=550)  # deadlines that are told of
MOST = 3_000  # events of one feed


@dataclass(frozen=True, slots=True)
class Deadline:
    """One event. ``open``: how many still owe it; none left means cancelled."""

    uid: str
    title: str
    text: str
    day: date
    open: int
    sequence: int
    changed_at: datetime


def feed_text(connection: Connection, feed: Feed, holder: Holder, *, now: datetime) -> bytes | None:
    """The feed as its account may see it today; None where it may see nothing of the kind any more."""
    mine = _visible(feed, holder)
    if mine is None:
        return None
    mine = mine & last_day().between(local_day(now) - BACK, local_day(now) + AHEAD)
    mine = mine & occurrence.c.before_tracking.is_(False)
    if feed.agency_id is None:
        return _calendar(_("Hạn của các kế hoạch đang theo dõi"), _of_unit(connection, mine))
    name = connection.execute(select(agency.c.name).where(agency.c.id == feed.agency_id)).scalar_one()
    return _calendar(_("Hạn gửi của {agency}").format(agency=name), _of_agency(connection, mine))


def _visible(feed: Feed, holder: Holder) -> ColumnElement[bool] | None:
    """An agency's feed shows its own duties alone: all of them where the agency made it, else those in the plans of
    whoever made it."""
    if feed.agency_id is None:
        return occurrences_of(holder.units(Right.SEE)) if holder.may(Right.SEE) else None
    own = occurrence.c.agency_id == feed.agency_id
    if holder.may(Right.ANSWER, feed.agency_id):
        return own
    return own & occurrences_of(holder.units(Right.SEE)) if holder.may(Right.SEE) else None


def _trail(mine: ColumnElement[bool]) -> Subquery:
    """The newest row of the trail about each of these occurrences."""
    chosen = select(occurrence.c.id).where(mine)
    return (
        select(
            audit_event.c.occurrence_id.label("id"),
            func.max(audit_event.c.id).label("number"),
            func.max(audit_event.c.at).label("at"),
        )
        .where(audit_event.c.occurrence_id.in_(chosen))
        .group_by(audit_event.c.occurrence_id)
        .subquery()
    )


def _of_agency(connection: Connection, mine: ColumnElement[bool]) -> list[Deadline]:
    o, trail = occurrence.c, _trail(mine)
    columns = (o.id, o.plan_id, o.duty_id, o.period, last_day().label("day"), o.state, o.changed_at)
    chosen = (
        select(*columns, trail.c.number, trail.c.at)
        .outerjoin(trail, trail.c.id == o.id)
        .where(mine)
        .order_by(last_day(), o.id)
        .limit(MOST)
    )
    rows = connection.execute(chosen).all()
    plans = load_plans(connection, {row.plan_id for row in rows})
    return [
        Deadline(
            f"{row.id}@dondoc",
            _("Hạn gửi: {title}").format(title=_title(plans, row)),
            _("Theo {plan}.").format(plan=plan_name(plans[row.plan_id])),
            row.day,
            int(row.state in OWED),
            row.number or 0,
            max(filter(None, (row.changed_at, row.at))),
        )
        for row in rows
    ]


def _of_unit(connection: Connection, mine: ColumnElement[bool]) -> list[Deadline]:
    """One event per duty, period and day. The trail of the whole period numbers them: a body that moves on to another
    day leaves its row behind, so no number falls."""
    o, trail, day = occurrence.c, _trail(mine), last_day()
    chosen = (
        select(
            o.plan_id,
            o.duty_id,
            o.period,
            day.label("day"),
            func.count().label("bodies"),
            number_of(o.state.in_(OWED)).label("open"),
            func.max(o.changed_at).label("changed_at"),
            func.max(trail.c.number).label("number"),
            func.max(trail.c.at).label("at"),
        )
        .outerjoin(trail, trail.c.id == o.id)
        .where(mine)
        .group_by(o.plan_id, o.duty_id, o.period, day)
        .order_by(day, o.plan_id, o.duty_id, o.period)
        .limit(MOST)
    )
    rows = connection.execute(chosen).all()
    plans = load_plans(connection, {row.plan_id for row in rows})
    newest: dict[tuple[str, str, str], int] = {}
    for row in rows:
        key = (row.plan_id, row.duty_id, row.period)
        newest[key] = max(newest.get(key, 0), row.number or 0)
    return [_of_duty(row, plans, newest[row.plan_id, row.duty_id, row.period]) for row in rows]


def _of_duty(row: Row[Any], plans: Mapping[str, Plan], sequence: int) -> Deadline:
    told = _("chưa nhận {open}/{bodies}").format(open=row.open, bodies=row.bodies)
    return Deadline(
        f"{row.plan_id}/{row.duty_id}/{row.period}/{row.day:%Y%m%d}@dondoc",
        f"{_title(plans, row)} · {told}",
        _("Theo {plan}: {told} cơ quan.").format(plan=plan_name(plans[row.plan_id]), told=told),
        row.day,
        row.open,
        sequence,
        max(filter(None, (row.changed_at, row.at))),
    )


def _title(plans: Mapping[str, Plan], row: Row[Any]) -> str:
    duty = next((each for each in plans[row.plan_id].duties if each.id == row.duty_id), None)
    return occurrence_title(duty, row.period) if duty else str(row.duty_id)


def _calendar(name: str, deadlines: Iterable[Deadline]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//dondoc//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(" ".join(name.split())))  # icalendar escapes no text of an X- property
    calendar.add("refresh-interval", vDuration(timedelta(hours=6)), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for each in deadlines:
        calendar.add_component(_event(each))
    return bytes(calendar.to_ical())


def _event(deadline: Deadline) -> Event:
    event = Event()
    event.add("uid", deadline.uid)
    event.add("dtstamp", deadline.changed_at)
    event.add("last-modified", deadline.changed_at)
    event.add("sequence", deadline.sequence)
    event.add("dtstart", deadline.day)
    event.add("dtend", deadline.day + timedelta(days=1))
    event.add("summary", deadline.title)
    event.add("description", deadline.text)
    event.add("status", "CONFIRMED" if deadline.open else "CANCELLED")
    event.add("transp", "TRANSPARENT")  # nobody is busy all day because of a deadline
    return event
