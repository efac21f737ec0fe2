"""Read models: what the flows publish and Prefect's dashboard shows, as plain values."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.engine import Connection

from notifications.ladder import merged_days
from notifications.planner import PlanningContext
from notifications.tables import notice
from plans.calendar import WorkingCalendar, local_day
from plans.deadlines import last_of_month
from plans.model import Duty, Plan
from plans.text import _, _n, sort_key
from tasks.audit import Missed, Rate, report
from tasks.database import reading
from tasks.materialise import horizon
from tasks.model import OWED, Occurrence, PlanStatus, State
from tasks.naming import occurrence_title
from tasks.office import working_calendar
from tasks.status import days_late, status_text
from tasks.tables import occurrence
from tasks.tables import plan as plan_table


@dataclass(frozen=True, slots=True)
class RungDay:
    """A day on which dondoc must look at a duty, after merging of same-day rungs."""

    rung: str
    day: date
    period: str


@dataclass(frozen=True, slots=True)
class DutyBoard:
    """A dated duty of an active plan: one deployment in Prefect."""

    plan_id: str
    plan_name: str
    duty_id: str
    title: str
    description: str
    kind: str
    lead_name: str
    agencies: tuple[str, ...]
    tags: tuple[str, ...]
    sample: bool
    days: tuple[RungDay, ...]


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
                _duty_board(context, plan, duty, now)
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
            waiting = select(func.count()).select_from(notice).where(notice.c.status == "no_contact")
            return int(connection.execute(waiting).scalar_one())

    @staticmethod
    def rung_label(rung: str) -> str:
        return rung_label(rung)


def rung_label(rung: str) -> str:
    """A rung in words: "nhắc trước 7 ngày"."""
    name, _dash, number = rung.partition("-")
    words = {
        "before": _n("nhắc trước {n} ngày", int(number) if number.isdigit() else 0),
        "due": _("ngày cuối"),
        "check": _("kiểm tra trước khi nhắc quá hạn"),
        "overdue": _("nhắc quá hạn lần {n}"),
        "lead": _("báo cáo đơn vị theo dõi"),
        "head": _("xin ý kiến lãnh đạo lần {n}"),
        "review": _("văn bản chờ xem"),
        "assigned": _("giao nhiệm vụ"),
        "returned": _("trả lại"),
        "extended": _("gia hạn"),
        "correction": _("đính chính"),
        "press": _("gửi nhắc ngay"),
        "month": _("tổng hợp tháng"),
        "week": _("báo cáo tuần"),
    }
    return words.get(name, rung).format(n=number)


def _active(context: PlanningContext) -> list[Plan]:
    chosen = select(plan_table.c.id).where(plan_table.c.status == PlanStatus.ACTIVE).order_by(plan_table.c.id)
    return [context.plan(row.id) for row in context.connection.execute(chosen)]


def _head(context: PlanningContext, plan: Plan) -> PlanHead:
    return PlanHead(plan.id, plan_name(plan), plan.title, context.register[plan.lead].name, plan.sample)


def plan_name(plan: Plan) -> str:
    """The plan's number, or how messages call it where the number is blank; the sample says that it is one."""
    name = plan.number or plan.short
    return _("MẪU · {name}").format(name=name) if plan.sample else name


def _duty_board(context: PlanningContext, plan: Plan, duty: Duty, now: datetime) -> DutyBoard:
    lead = context.register[plan.lead].name
    bodies = tuple(sorted({context.register[p.agency].name for p in duty.responsible}, key=sort_key))
    return DutyBoard(
        plan_id=plan.id,
        plan_name=plan_name(plan),
        duty_id=duty.id,
        title=duty.title,
        description=_describe(plan, duty, lead, bodies),
        kind=duty.rule.kind.value,
        lead_name=lead,
        agencies=bodies,
        tags=_tags(plan, duty, lead),
        sample=plan.sample,
        days=_days(context, plan, duty, now),
    )


def _describe(plan: Plan, duty: Duty, lead: str, bodies: tuple[str, ...]) -> str:
    lines = [
        f"**{duty.title}** — {plan.short}, " + _("mục {section}").format(section=duty.section),
        _("Thời hạn trong kế hoạch: “{quote}”").format(quote=duty.rule.words) if duty.rule.words else "",
        _("Cơ quan thực hiện ({n}): {names}").format(n=len(bodies), names="; ".join(bodies)),
        _("Đơn vị theo dõi, đôn đốc: {lead}").format(lead=lead),
    ]
    return "\n\n".join(line for line in lines if line)


def _tags(plan: Plan, duty: Duty, lead: str) -> tuple[str, ...]:
    bodies = sorted({p.agency for p in duty.responsible})
    return (
        f"plan:{plan.id}",
        f"lead:{plan.lead}",
        f"kind:{duty.rule.kind.value}",
        *(f"agency:{body}" for body in bodies),
        *(("MẪU",) if plan.sample else ()),
    )


def _days(context: PlanningContext, plan: Plan, duty: Duty, now: datetime) -> tuple[RungDay, ...]:
    """Over all bodies of a duty: on which days which rung will speak."""
    chosen = select(occurrence).where(
        occurrence.c.plan_id == plan.id,
        occurrence.c.duty_id == duty.id,
        occurrence.c.state.in_(OWED),
        occurrence.c.before_tracking.is_(False),
    )
    today, last = local_day(now), horizon(now)
    days: set[RungDay] = set()
    for row in context.connection.execute(chosen):
        o = Occurrence.from_row(row)
        for rung in merged_days(context.rungs(o), after=o.tracked_from):
            if today <= rung.day <= last:
                days.add(RungDay(rung.name, rung.day, o.period))
    return tuple(sorted(days, key=lambda d: (d.day, d.rung, d.period)))


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
