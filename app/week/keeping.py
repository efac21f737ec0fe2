"""When pages are frozen and when they leave. Level-triggered: asked at any moment, as often as you like, it makes true
what should be true by then. After a stop of any length only the newest page is made, as of its own moment."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, Row, select
from sqlalchemy.engine import Connection

from app.file_kinds import PDF
from app.filestore import FileStore, Staged
from app.views.occurrence_notes import names_of
from app.week.content import content_from, document_of, edits_from
from app.week.gather import content_at
from app.week.printing import Looked, Printed, printed
from notifications import weekly_page
from plans.text import language
from tasks import week_pages
from tasks.database import reading, writing
from tasks.model import PlanStatus
from tasks.office import working_calendar
from tasks.tables import plan as plan_table
from tasks.week_tables import week_page


@dataclass(frozen=True, slots=True)
class Kept:
    """How many pages were frozen, and how many left."""

    frozen: int = 0
    sent: int = 0


def keep_pages(engine: Engine, files: FileStore, *, sending: bool, now: datetime) -> Kept:
    """Freezes what is due, and hands over what is to leave by now. ``sending``: nothing holds it back."""
    with reading(engine) as connection:
        due = _due(connection, now)
        if due is None:
            return Kept()
        missing = _without_page(connection, due.week, due.freezes)
    week = due.week
    frozen = sum(_freeze(engine, unit, week, due.freezes, now) for unit in missing)
    if not sending or now < due.leaves:
        return Kept(frozen)
    with reading(engine) as connection:
        units = _waiting(connection, week)
    return Kept(frozen, sum(_send(engine, files, unit, week, now) for unit in units))


def rehearse(connection: Connection, *, now: datetime) -> None:
    """The same on a connection that is rolled back afterwards: what would leave if nothing held it back. Nothing is
    kept as a file."""
    due = _due(connection, now)
    if due is None or now < due.leaves:
        return
    week, at = due.week, due.freezes
    for unit in _without_page(connection, week, at):
        content = document_of(content_at(connection, unit, at=at, late=True))
        week_pages.freeze(connection, unit, week, frozen_at=at, content=content, now=now)
    for unit in _waiting(connection, week):
        row = week_pages.load(connection, unit, week)
        made = print_of(connection, row, final=True)
        words = weekly_page.document_of(made.page)
        week_pages.fix(connection, unit, week, seen=row.revision, printed=words, file=None, now=now)
        weekly_page.queue(connection, unit, week, plan_id=_plan_of(connection, unit, made.page.plans), now=now)


@dataclass(frozen=True, slots=True)
class _Due:
    """The newest week whose page is fixed by now."""

    week: int
    freezes: datetime
    leaves: datetime


def _due(connection: Connection, now: datetime) -> _Due | None:
    """None where there is none yet, or a newer one is there: a day that is played again changes no page."""
    calendar = working_calendar(connection)
    week = weekly_page.newest(calendar, now)
    at = weekly_page.freezes(calendar, week) if week is not None else None
    if week is None or at is None or _newer(connection, week):
        return None
    return _Due(week, at, weekly_page.leaves(calendar, week))


def _waiting(connection: Connection, week: int) -> list[str]:
    """The units whose page of that week has not left."""
    waiting = select(week_page.c.unit).where(week_page.c.week == week, week_page.c.sent_at.is_(None))
    return list(connection.execute(waiting.order_by(week_page.c.unit)).scalars())


def _newer(connection: Connection, week: int) -> bool:
    return connection.execute(select(week_page.c.id).where(week_page.c.week > week).limit(1)).first() is not None


def _without_page(connection: Connection, week: int, at: datetime) -> list[str]:
    """The lead units that followed a real plan at that moment and have no page of that week."""
    there = select(week_page.c.unit).where(week_page.c.week == week)
    leads = select(plan_table.c.lead).where(
        plan_table.c.status == PlanStatus.ACTIVE.value,
        plan_table.c.sample.is_(False),
        plan_table.c.activated_at <= at,
        plan_table.c.lead.not_in(there),
    )
    return sorted(connection.execute(leads.distinct()).scalars())


def _freeze(engine: Engine, unit: str, week: int, at: datetime, now: datetime) -> bool:
    with reading(engine) as connection:
        document = document_of(content_at(connection, unit, at=at, late=True))
    with writing(engine) as connection:
        return week_pages.freeze(connection, unit, week, frozen_at=at, content=document, now=now)


def _send(engine: Engine, files: FileStore, unit: str, week: int, now: datetime) -> bool:
    with reading(engine) as connection:
        row = week_pages.load(connection, unit, week)
        made = print_of(connection, row, final=True)
        plan_id = _plan_of(connection, unit, made.page.plans)
    held = files.staged_document(made.pdf, f"trang-tuan-{week}.pdf", PDF) if made.pdf else nullcontext()
    with held as staged, writing(engine) as connection:
        words = weekly_page.document_of(made.page)
        told = (staged.content.hash, staged.content.size) if staged is not None else None
        if not week_pages.fix(connection, unit, week, seen=row.revision, printed=words, file=told, now=now):
            return False
        _keep(staged)
        weekly_page.queue(connection, unit, week, plan_id=plan_id, now=now)
    return True


def _keep(staged: Staged | None) -> None:
    if staged is not None:
        staged.keep()


def print_of(connection: Connection, row: Row[Any], *, final: bool = False) -> Printed:
    """That page as it would leave now; of one that has left as it left, set anew."""
    if row.printed is not None:
        return Printed(weekly_page.page_from(row.printed), None)
    looked = None
    if row.looked_at is not None:
        looked = Looked(names_of(connection, [row.looked_by])[row.looked_by], row.looked_at)
    return _set_once(json.dumps([row.content, row.edits]), looked, final, language())


@lru_cache(maxsize=32)
def _set_once(stored: str, looked: Looked | None, final: bool, _language: str) -> Printed:
    """A full sheet is set several times until it fits; who opens the page again does not wait again."""
    content, edits = json.loads(stored)
    return printed(content_from(content), edits_from(edits), looked, final=final)


def _plan_of(connection: Connection, unit: str, told: tuple[str, ...]) -> str:
    """A plan under which the notice stands in the ledger: one that the unit follows, else one that it followed."""
    followed = select(plan_table.c.id).where(
        plan_table.c.lead == unit, plan_table.c.status == PlanStatus.ACTIVE.value, plan_table.c.sample.is_(False)
    )
    found = connection.execute(followed.order_by(plan_table.c.id.desc()).limit(1)).scalar_one_or_none()
    return str(found) if found else told[-1]
