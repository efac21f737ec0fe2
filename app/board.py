"""Read models: what the flows publish and Prefect's dashboard shows, as plain values."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.engine import Connection

from app.duty_board import DutyBoard, duty_board
from app.naming import plan_name, rung_label
from notifications.planner import PlanningContext
from notifications.tables import notice, waits_as
from plans.calendar import WorkingCalendar, local_day
from plans.deadlines import last_of_month
from plans.model import Plan
from plans.text import sort_key
from tasks.audit import Missed, Rate, report
from tasks.database import reading
from tasks.model import OWED, Occurrence, PlanStatus, State
from tasks.naming import occurrence_title
from tasks.office import working_calendar
from tasks.status import days_late, status_text
from tasks.tables import occurrence
from tasks.tables import plan as plan_table

__all__ = ["Board", "DutyState", "LateItem", "MonthAudit", "PlanHead", "PlanRow", "plan_name", "rung_label"]


@dataclass(frozen=True, slots=True)
class LateItem:
    agency: str
    days_late: int
    last_day: date
    period: str


@dataclass(frozen=True, slots=True)
class DutyState:
    """How a duty stands over all bodies in the period that is nearest."""

    plan_id: str
    plan_name: str
    duty_id: str
    title: str
    total: int
    received: int
    open: int
    late: tuple[LateItem, ...]
    period: str
    received_late: int = 0  # of the received ones


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One line of a plan's table."""

    duty: str
    agency: str
    period: str
    due: date
    last_day: date
    status: str
    days_late: int


@dataclass(frozen=True, slots=True)
class PlanHead:
    id: str
    name: str
    title: str
    lead_name: str
    sample: bool


@dataclass(frozen=True, slots=True)
class MonthAudit:
    """Last month's missed and late duties."""

    month: date
    missed: tuple[Missed, ...]
    rates: tuple[Rate, ...]


class Board:
    """Answers from the register; every call reads one consistent view."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def active_plans(self) -> list[PlanHead]:
        with reading(self.engine) as connection:
            context = PlanningContext(connection)
            return [_head(context, plan) for plan in _active(context)]

    def dated_duties(self, *, now: datetime) -> list[DutyBoard]:
        """Every dated duty of every active plan, with its days from today to the end of next year."""
        with reading(self.engine) as connection:
            context = PlanningContext(connection)
            return [
                duty_board(context, plan, duty, now=now)
                for plan in _active(context)
                for duty in plan.duties
                if duty.rule.dated
            ]

    def duty_state(self, plan_id: str, duty_id: str, *, now: datetime) -> DutyState | None:
        """The state of the period that is late or nearest to its deadline; None where nothing is tracked, or
        the plan has no such duty any more: a run of its old deployment may still come."""
        with reading(self.engine) as connection:
            context = PlanningContext(connection)
            ordered = any(duty.id == duty_id for duty in context.plan(plan_id).duties)
            found = _tracked(connection, plan_id, duty_id) if ordered else []
            if not found:
                return None
            return _duty_state(context, plan_id, duty_id, found, local_day(now))

    def plan_table(self, plan_id: str, *, now: datetime) -> list[PlanRow]:
        """The occurrences of a plan due up to the end of the month after next, newest deadlines last."""
        today = local_day(now)
        with reading(self.engine) as connection:
            context = PlanningContext(connection)
            plan = context.plan(plan_id)
            titles = {duty.id: duty for duty in plan.duties}
            chosen = select(occurrence).where(
                occurrence.c.plan_id == plan_id,
                occurrence.c.before_tracking.is_(False),
                occurrence.c.last_day <= date(today.year, 12, 31),
                occurrence.c.duty_id.in_(titles),
            )
            rows = [Occurrence.from_row(row) for row in connection.execute(chosen)]
            rows.sort(key=lambda o: (o.due, o.duty_id, sort_key(context.register[o.agency_id].name)))
            return [
                PlanRow(
                    occurrence_title(titles[o.duty_id], o.period),
                    context.register[o.agency_id].name,
                    o.period,
                    o.due,
                    o.last_day,
                    status_text(o, today=today),
                    days_late(o, today=today) or 0,
                )
                for o in rows
            ]

    def month_audit(self, *, month: date, now: datetime) -> MonthAudit:
        """What fell due in that month and came late or not at all."""
        first = month.replace(day=1)
        last = last_of_month(first.year, first.month)
        with reading(self.engine) as connection:
            found = report(connection, now=now, start=first, end=last)
        return MonthAudit(first, found.missed, found.rates)

    def calendar(self) -> WorkingCalendar:
        with reading(self.engine) as connection:
            return working_calendar(connection)

    def work_changed_at(self) -> datetime | None:
        """When plans, deadlines or the calendar last changed, for ``sync``."""
        with reading(self.engine) as connection:
            return connection.execute(select(func.max(plan_table.c.changed_at))).scalar()

    def waiting_for_contact(self) -> int:
        """Notices that wait because nobody's address is known."""
        with reading(self.engine) as connection:
            waiting = select(func.count()).select_from(notice).where(waits_as("no_contact"))
            return int(connection.execute(waiting).scalar_one())

    @staticmethod
    def rung_label(rung: str) -> str:
        return rung_label(rung)


def _active(context: PlanningContext) -> list[Plan]:
    chosen = select(plan_table.c.id).where(plan_table.c.status == PlanStatus.ACTIVE).order_by(plan_table.c.id)
    return [context.plan(row.id) for row in context.connection.execute(chosen)]


def _head(context: PlanningContext, plan: Plan) -> PlanHead:
    return PlanHead(plan.id, plan_name(plan), plan.title, context.register[plan.lead].name, plan.sample)


def _tracked(connection: Connection, plan_id: str, duty_id: str) -> list[Occurrence]:
    chosen = select(occurrence).where(
        occurrence.c.plan_id == plan_id,
        occurrence.c.duty_id == duty_id,
        occurrence.c.before_tracking.is_(False),
        occurrence.c.state.not_in((State.WAIVED, State.TRANSFERRED, State.CANCELLED)),
    )
    return [Occurrence.from_row(row) for row in connection.execute(chosen.order_by(occurrence.c.due, occurrence.c.id))]


def _duty_state(
    context: PlanningContext, plan_id: str, duty_id: str, found: list[Occurrence], today: date
) -> DutyState:
    by_period: dict[str, list[Occurrence]] = defaultdict(list)
    for o in found:
        by_period[o.period].append(o)
    late = [o for o in found if o.state in OWED and today > o.ladder_late_after]
    ahead = [o for o in found if today <= o.late_after]
    period = (late[0] if late else ahead[0] if ahead else found[-1]).period
    mine = by_period[period]
    plan = context.plan(plan_id)
    items = [
        LateItem(context.register[o.agency_id].name, days_late(o, today=today) or 0, o.last_day, o.period) for o in late
    ]
    return DutyState(
        plan_id,
        plan_name(plan),
        duty_id,
        occurrence_title(plan.duty(duty_id), period),
        len(mine),
        sum(o.state not in OWED for o in mine),
        sum(o.state in OWED for o in mine),
        tuple(sorted(items, key=lambda i: (-i.days_late, sort_key(i.agency)))),
        period,
        sum(o.state not in OWED and bool(o.days_late) for o in mine),
    )
