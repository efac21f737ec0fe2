"""What the pages of the dashboard show of the heads' weekly pages: the list, one page with its form, its fate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from app.views.occurrence_notes import names_of
from app.views.scope import Units, of_units
from app.week.content import Content, Edits, content_from, edits_from
from app.week.keeping import print_of
from notifications import weekly_page
from notifications.facts import WeekPage
from notifications.fate import message_status, reason_word, why_dropped
from notifications.tables import message, message_notice, notice
from plans.calendar import local_day
from plans.text import sort_key
from tasks import week_pages
from tasks.model import PlanStatus
from tasks.office import working_calendar
from tasks.tables import agency
from tasks.tables import plan as plan_table
from tasks.week_tables import week_page

MOST = 60  # pages that the list shows: a year of one unit


@dataclass(frozen=True, slots=True)
class Unit:
    """A lead unit that follows something."""

    id: str
    name: str
    sample: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One page in the list. ``leaves``: when it goes out, where it has not."""

    unit: str
    name: str
    week: int
    title: str
    frozen_at: datetime
    looked_at: datetime | None
    sent_at: datetime | None
    leaves: datetime


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of the page for one person; ``message_id`` None: nobody could be told yet."""

    person: str
    kind: str
    text: str
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """One page as it stands: its words, and what the officer may still change."""

    line: Line
    page: WeekPage
    content: Content
    edits: Edits
    revision: int
    made_at: datetime
    looked_by: str
    file_hash: str | None
    fates: tuple[Fate, ...]


def units(connection: Connection, scope: Units) -> tuple[Unit, ...]:
    """The lead units in that scope that follow a plan; those with nothing but the sample say so."""
    chosen = (
        select(plan_table.c.lead, agency.c.name, plan_table.c.sample)
        .join(agency, agency.c.id == plan_table.c.lead)
        .where(plan_table.c.status == PlanStatus.ACTIVE.value, of_units(scope))
    )
    found: dict[str, Unit] = {}
    for row in connection.execute(chosen.order_by(plan_table.c.sample, plan_table.c.id)):
        found.setdefault(row.lead, Unit(row.lead, row.name, row.sample))
    return tuple(sorted(found.values(), key=lambda unit: (unit.sample, sort_key(unit.name))))


def listing(connection: Connection, scope: Units) -> tuple[Line, ...]:
    """The newest pages first."""
    calendar = working_calendar(connection)
    columns = (week_page.c.unit, week_page.c.week, week_page.c.frozen_at, week_page.c.looked_at, week_page.c.sent_at)
    chosen = select(*columns, agency.c.name).join(agency, agency.c.id == week_page.c.unit)
    if scope is not None:
        chosen = chosen.where(week_page.c.unit.in_(sorted(scope)))
    rows = connection.execute(chosen.order_by(week_page.c.week.desc(), week_page.c.unit).limit(MOST))
    return tuple(
        Line(
            row.unit, row.name, row.week, week_text(row.week), row.frozen_at, row.looked_at, row.sent_at,
            weekly_page.leaves(calendar, row.week),
        )
        for row in rows
    )  # fmt: skip


def load(connection: Connection, unit: str, week: int) -> Desk:
    """Raises PageUnknown."""
    row = week_pages.load(connection, unit, week)
    content, calendar = content_from(row.content), working_calendar(connection)
    line = Line(
        unit, content.unit, week, week_text(week), row.frozen_at, row.looked_at, row.sent_at,
        weekly_page.leaves(calendar, week),
    )  # fmt: skip
    return Desk(
        line=line,
        page=print_of(connection, row).page,
        content=content,
        edits=edits_from(row.edits),
        revision=row.revision,
        made_at=row.made_at,
        looked_by=names_of(connection, [row.looked_by])[row.looked_by] if row.looked_by else "",
        file_hash=row.hash,
        fates=_fates(connection, unit, week) if row.sent_at else (),
    )


def _fates(connection: Connection, unit: str, week: int) -> tuple[Fate, ...]:
    told = select(notice).where(
        notice.c.subject == f"{weekly_page.RUNG}:{unit}",
        notice.c.revision == week,
        notice.c.rung == weekly_page.RUNG,
    )
    row = connection.execute(told).one_or_none()
    if row is None:
        return ()
    sent = (
        select(message)
        .join(message_notice, message_notice.c.message_id == message.c.id)
        .where(message_notice.c.notice_id == row.id)
        .order_by(message.c.id)
    )
    fates = tuple(
        Fate(m.person, m.status, why_dropped(m.detail) if m.status == "dropped" else message_status(m.status), m.id)
        for m in connection.execute(sent)
    )
    return fates or (Fate("", row.status, reason_word(row.reason or row.status)),)


def waiting(connection: Connection, scope: Units, *, today: date) -> tuple[Line, ...]:
    """The pages that nobody has looked over and that leave soon."""
    found = listing(connection, scope)
    return tuple(x for x in found if not x.sent_at and not x.looked_at and local_day(x.leaves) >= today)


def week_text(week: int) -> str:
    """``47/2026``."""
    return f"{week % 100:02d}/{week // 100}"
