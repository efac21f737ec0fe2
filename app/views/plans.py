"""The list of plans: how each stands, in numbers and as a bar; and the drafts that somebody is still writing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, case, func, select, true
from sqlalchemy.engine import Connection, Row

from app.board import plan_name
from app.views.scope import Units, of_units
from plans.calendar import local_day
from plans.model import Plan, Register
from plans.text import _, day_text, fold, sort_key
from tasks.agencies import load_plans, load_register
from tasks.desk_tables import plan_draft
from tasks.model import OWED, PlanStatus, State
from tasks.status import SOON_DAYS
from tasks.tables import occurrence
from tasks.tables import plan as plan_table

PAGE = 50
_ORDER = (PlanStatus.ACTIVE, PlanStatus.DRAFT, PlanStatus.STOPPED)


@dataclass(frozen=True, slots=True)
class Counts:
    """What counts of a plan: ``late`` and ``on_time`` are done; ``waiting``: papers to look at, claims to match."""

    overdue: int = 0
    soon: int = 0
    ahead: int = 0
    waiting: int = 0
    on_time: int = 0
    late: int = 0

    @property
    def done(self) -> int:
        return self.on_time + self.late

    @property
    def total(self) -> int:
        return self.overdue + self.soon + self.ahead + self.waiting + self.done

    @property
    def bar(self) -> list[Segment]:
        """The parts of a bar of 100, in the order red, amber, blue, grey, green."""
        parts = (
            ("overdue", self.overdue),
            ("soon", self.soon),
            ("waiting", self.waiting),
            ("ahead", self.ahead),
            ("done", self.done),
        )
        found, at = [], 0.0
        for kind, number in parts:
            width = 100 * number / self.total if self.total else 0
            if number:
                found.append(Segment(kind, round(at, 2), round(width, 2)))
            at += width
        return found


@dataclass(frozen=True, slots=True)
class Segment:
    kind: str
    at: float
    width: float


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One plan of the list."""

    id: str
    name: str
    title: str
    status: PlanStatus
    status_text: str
    lead: str
    lead_name: str
    duties: int
    bodies: int
    counts: Counts
    sample: bool


@dataclass(frozen=True, slots=True)
class DraftRow:
    """Something that is still being written and is not in the register yet."""

    id: int
    title: str
    plan_id: str | None  # the plan that it will change
    lead: str
    lead_name: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Listing:
    rows: tuple[PlanRow, ...]
    drafts: tuple[DraftRow, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for."""

    words: str = ""
    status: PlanStatus | None = None
    page: int = 1

    def query(self, page: int) -> str:
        asked = {"q": self.words, "tinh-trang": self.status.value if self.status else "", "trang": page}
        return urlencode({key: value for key, value in asked.items() if value})


def listing(connection: Connection, units: Units, filters: Filters, *, today: date) -> Listing:
    """One page of plans, followed ones first, by a fixed number of queries."""
    columns = [c for c in plan_table.c if c.name not in ("source", "digest")]
    heads = connection.execute(select(*columns).where(of_units(units))).all()
    words = fold(filters.words).split()
    wanted = [
        head
        for head in heads
        if (filters.status is None or head.status == filters.status)
        and all(word in fold(f"{head.short} {head.id}") for word in words)
    ]
    wanted.sort(key=lambda head: (_ORDER.index(PlanStatus(head.status)), head.sample, sort_key(head.short)))
    pages = max(1, -(-len(wanted) // PAGE))
    page = min(max(1, filters.page), pages)
    shown = wanted[(page - 1) * PAGE : page * PAGE]
    register = load_register(connection)
    plans = load_plans(connection, [head.id for head in shown])
    counts = counts_of(connection, plans, today=today)
    rows = tuple(_row(head, plans[head.id], register, counts.get(head.id, Counts())) for head in shown)
    return Listing(rows, _drafts(connection, units, register), len(wanted), page, pages)


def _row(head: Row[Any], plan: Plan, register: Register, counts: Counts) -> PlanRow:
    return PlanRow(
        plan.id,
        plan_name(plan),
        plan.title,
        PlanStatus(head.status),
        status_text(head),
        head.lead,
        register[head.lead].name,
        len(plan.duties),
        len({body.agency for duty in plan.duties for body in duty.responsible}),
        counts,
        plan.sample,
    )


def status_text(head: Row[Any]) -> str:
    """A plan's status in words, of a row of the plan table."""
    match PlanStatus(head.status):
        case PlanStatus.ACTIVE:
            return _("Đang theo dõi từ {day}").format(day=day_text(head.active_from))
        case PlanStatus.STOPPED:
            return _("Đã dừng từ {day}").format(day=day_text(local_day(head.stopped_at))) if head.stopped_at else ""
        case _draft:
            return _("Nháp, chưa theo dõi")


def counts_of(connection: Connection, plan_ids: Iterable[str], *, today: date) -> Mapping[str, Counts]:
    """The numbers of several plans by one query."""
    o = occurrence.c
    returned = and_(o.state == State.RETURNED.value, o.resend_by.is_not(None))
    late_after = case((returned, o.resend_by), else_=o.late_after)
    last_day = case((returned, o.resend_by), else_=o.last_day)
    owes = o.state.in_(OWED - {State.CLAIMED})
    late = owes & (late_after < today)
    soon = owes & (late_after >= today) & (last_day <= today + timedelta(days=SOON_DAYS))
    ahead = owes & (late_after >= today) & (last_day > today + timedelta(days=SOON_DAYS))
    waiting = o.state.in_((State.RECEIVED.value, State.CLAIMED.value))
    accepted = o.state == State.ACCEPTED.value
    in_time = func.coalesce(o.days_late, 0) == 0
    chosen = select(
        o.plan_id,
        *(_number(each) for each in (late, soon, ahead, waiting, accepted & in_time, accepted & ~in_time)),
    ).where(o.before_tracking.is_(False), o.plan_id.in_(sorted(plan_ids)))
    rows = connection.execute(chosen.group_by(o.plan_id)).all()
    return {row[0]: Counts(*(int(value or 0) for value in row[1:])) for row in rows}


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _drafts(connection: Connection, units: Units, register: Register) -> tuple[DraftRow, ...]:
    mine = true() if units is None else plan_draft.c.lead.in_(sorted(units))
    chosen = select(*(c for c in plan_draft.c if c.name != "text")).where(mine).order_by(plan_draft.c.at.desc())
    return tuple(
        DraftRow(row.id, row.title, row.plan_id, row.lead, register[row.lead].name, row.at, row.by)
        for row in connection.execute(chosen.limit(PAGE))
        if row.lead in register
    )
