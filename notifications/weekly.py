"""The weekly brief for the officer of each lead unit and the stand-in: what is overdue until it is closed, what
falls due this week, and the head of the audit trail, so that somebody outside the database has it (D7).

It is queued on the first working morning of a week and unique by week: asked twice nothing is queued twice, and
after a long stop only the week in which dondoc works again is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select, update
from sqlalchemy.engine import Connection, Engine, Row

from notifications.facts import Item, PlanCount, Sheet, Trail, Unreached, Week
from notifications.gather import Gatherer
from notifications.ladder import Role
from notifications.phrases import deadline
from notifications.tables import message, message_notice, replacement
from notifications.tables import notice as ledger
from plans.calendar import MORNING, WorkingCalendar, local_day, moment
from plans.model import Relation
from tasks.database import insert_new, locked, reading, writing
from tasks.model import OWED, Occurrence, PlanStatus, State
from tasks.naming import occurrence_title
from tasks.office import working_calendar
from tasks.seal import head
from tasks.tables import occurrence
from tasks.tables import plan as plan_table

RUNG = "week"
PRINTED = 32  # digits of the head in a mail: nobody finds a second chain with the same 128 bits
_WEEK = timedelta(days=7)


def number_of(day: date) -> int:
    """The week of a day as a revision: ``202647`` is week 47 of 2026 (ISO 8601, Monday to Sunday)."""
    year, week, _weekday = day.isocalendar()
    return year * 100 + week


def days_of(revision: int) -> tuple[date, date]:
    """Monday and Sunday of that week."""
    monday = date.fromisocalendar(*divmod(revision, 100), 1)
    return monday, monday + _WEEK - timedelta(days=1)


def begins(calendar: WorkingCalendar, day: date) -> datetime | None:
    """07:30 of the first working day in that day's week; None for a week without one."""
    monday, sunday = days_of(number_of(day))
    first = calendar.on_or_after(monday)
    return moment(first, MORNING) if first <= sunday else None


def queue_week(engine: Engine, *, now: datetime) -> int:
    """Queues this week's brief for every lead unit that followed a real plan when the week began; returns how many
    are new. Briefs of earlier weeks that nobody took are not sent any more."""
    with reading(engine) as connection:
        beginning = begins(working_calendar(connection), local_day(now))
    if beginning is None or now < beginning:
        return 0
    with writing(engine) as connection:
        week = number_of(local_day(now))
        followed = _followed().where(plan_table.c.activated_at <= beginning).order_by(plan_table.c.id.desc())
        leads = {row.lead: row.id for row in connection.execute(followed)}
        waiting = ledger.c.status.in_(("queued", "no_contact")) & (ledger.c.rung == RUNG) & (ledger.c.revision < week)
        connection.execute(locked(select(ledger.c.id).where(waiting).order_by(ledger.c.id), connection)).all()
        connection.execute(update(ledger).where(waiting).values(status="skipped", reason="superseded"))
        return insert_new(connection, ledger, [_notice(lead, leads[lead], week, now) for lead in sorted(leads)])


def _followed() -> Select[tuple[str, str]]:
    real = (plan_table.c.status == PlanStatus.ACTIVE) & plan_table.c.sample.is_(False)
    return select(plan_table.c.id, plan_table.c.lead).where(real)


def _notice(lead: str, plan_id: str, week: int, now: datetime) -> dict[str, Any]:
    return {
        "subject": f"{RUNG}:{lead}",
        "revision": week,
        "rung": RUNG,
        "role": Role.OFFICER.value,
        "day": local_day(now),
        "plan_id": plan_id,
        "occurrence_id": None,
        "body": lead,
        "agency_id": lead,
        "status": "queued",
        "reason": None,
        "queued_at": now,
        "sample": False,
    }


def stale(connection: Connection, notice: Row[Any], *, today: date) -> str | None:
    """Why this week's brief is not to be sent any more: the week is over, or the unit follows nothing now."""
    if notice.revision != number_of(today):
        return "superseded"
    mine = _followed().where(plan_table.c.lead == notice.body).limit(1)
    return None if connection.execute(mine).first() else "closed"


# -- what it says --


def week_sheet(known: Gatherer, notice: Row[Any], person: str) -> Sheet:
    """The brief as it stands at the moment of composing."""
    monday, sunday = days_of(notice.revision)
    items = [known.item(o, None) for o in _told(known, notice.body, sunday)]
    overdue = tuple(item for item in items if item.overdue)
    owed = [item for item in items if item.state in OWED and not item.overdue]
    return Sheet(
        kind=RUNG,
        today=known.today,
        person=person,
        agency_name=known.context.register[notice.body].name,
        relation=Relation.SELF,
        desk=known.desk(notice.body),
        counts=tuple(_counts(known, overdue)),
        entered_to=known.entered_to(),
        week=Week(
            first=monday,
            last=sunday,
            at=known.now,
            overdue=overdue,
            due=tuple(item for item in owed if deadline(item) <= sunday),
            review=tuple(item for item in items if item.state is State.RECEIVED),
            unreached=tuple(_unreached(known, notice.body)),
            trail=_trail(known.connection),
        ),
    )


def _told(known: Gatherer, lead: str, sunday: date) -> Iterator[Occurrence]:
    """What waits to be looked at, and what is owed up to Sunday, of the real plans that this unit follows."""
    owed = occurrence.c.state.in_(OWED) & ((occurrence.c.last_day <= sunday) | (occurrence.c.resend_by <= sunday))
    chosen = (
        select(occurrence)
        .where(
            occurrence.c.plan_id.in_(_plans_of(lead)),
            occurrence.c.before_tracking.is_(False),
            or_(owed, occurrence.c.state == State.RECEIVED),
        )
        .order_by(occurrence.c.plan_id, occurrence.c.last_day, occurrence.c.id)
    )
    for row in known.connection.execute(chosen):
        if any(duty.id == row.duty_id for duty in known.context.plan(row.plan_id).duties):
            yield Occurrence.from_row(row)


def _plans_of(lead: str) -> Select[tuple[str]]:
    return _followed().where(plan_table.c.lead == lead).with_only_columns(plan_table.c.id)


def _counts(known: Gatherer, items: Iterable[Item]) -> Iterator[PlanCount]:
    """Of how many bodies each overdue report is missing, and how many owe it."""
    reports = {tuple(item.occurrence_id.split("/")[n] for n in (0, 1, 3)): item for item in items}
    for (plan_id, duty_id, period), item in reports.items():
        missing, total = known.missing(plan_id, duty_id, period)
        title = occurrence_title(known.context.plan(plan_id).duty(duty_id), period)
        yield PlanCount(item.plan_short, title, missing, total)


def _unreached(known: Gatherer, lead: str) -> Iterator[Unreached]:
    """Bodies without an address whose messages wait, then letters of the last seven days that did not arrive."""
    names = known.context.register
    waiting = select(ledger.c.body).where(
        ledger.c.status == "no_contact", ledger.c.role == Role.AGENCY.value, ledger.c.plan_id.in_(_plans_of(lead))
    )
    for row in known.connection.execute(waiting.distinct().order_by(ledger.c.body)):
        yield Unreached(names[row.body].name)
    replaced = exists(select(replacement.c.message_id).where(replacement.c.instead_of == message.c.id))
    lost = and_(message.c.status.in_(("failed", "unknown")), message.c.settled_at >= known.now - _WEEK, ~replaced)
    letters = (
        select(func.min(ledger.c.body).label("body"), message.c.address, message.c.status)
        .join_from(message, message_notice, message_notice.c.message_id == message.c.id)
        .join(ledger, ledger.c.id == message_notice.c.notice_id)
        .where(lost, ledger.c.plan_id.in_(_plans_of(lead)))
        .group_by(message.c.address, message.c.status)
        .order_by(message.c.address, message.c.status)
    )
    for row in known.connection.execute(letters):
        yield Unreached(names[row.body].name, row.address, row.status == "unknown")


def _trail(connection: Connection) -> Trail | None:
    newest = head(connection)
    return Trail(newest.place, newest.hash[:PRINTED]) if newest else None
