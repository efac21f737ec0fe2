"""How the plans stand, and what somebody has to see to: a read model of the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, case, func, select
from sqlalchemy.engine import Connection

from app.naming import plan_name
from notifications.contacts import ContactRole, contacts_of
from notifications.posts import holds
from plans.calendar import local_day
from plans.model import Plan, Register, Relation
from plans.text import _, day_text, sort_key
from tasks.agencies import load_plan, load_register
from tasks.listing import Orphaned, orphaned
from tasks.model import OWED, PlanStatus, State
from tasks.tables import occurrence
from tasks.tables import plan as plan_table


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One plan. ``without_contact``: bodies whose reminders would wait; ``posts_missing``: of the lead unit."""

    id: str
    name: str
    number: str | None
    title: str
    status: PlanStatus
    active_from: date | None
    stopped_on: date | None
    duties: int
    open: int
    overdue: int
    lead: str
    lead_name: str
    lead_ended: bool
    posts_missing: tuple[str, ...]
    without_contact: tuple[str, ...]
    needs_successor: tuple[Orphaned, ...]
    sample: bool

    @property
    def status_text(self) -> str:
        match self.status:
            case PlanStatus.ACTIVE:
                return _("đang theo dõi từ {day}").format(day=day_text(self.active_from)) if self.active_from else ""
            case PlanStatus.STOPPED:
                return _("đã dừng từ {day}").format(day=day_text(self.stopped_on)) if self.stopped_on else _("đã dừng")
            case _draft:
                return _("nháp")

    @property
    def alarms(self) -> bool:
        return bool(self.lead_ended or self.posts_missing or self.without_contact or self.needs_successor)

    def document(self) -> dict[str, Any]:
        """For programs."""
        return {
            "plan": self.id,
            "number": self.number,
            "title": self.title,
            "status": self.status.value,
            "status_text": self.status_text,
            "active_from": self.active_from,
            "stopped_on": self.stopped_on,
            "duties": self.duties,
            "open": self.open,
            "overdue": self.overdue,
            "lead": self.lead,
            "lead_name": self.lead_name,
            "lead_ended": self.lead_ended,
            "posts_missing": list(self.posts_missing),
            "without_contact": list(self.without_contact),
            "sample": self.sample,
            "needs_successor": [
                {"duty": o.duty, "agency": o.agency, "ended": o.ended, "first_due": o.first_due}
                for o in self.needs_successor
            ],
        }


def overview(connection: Connection, *, now: datetime) -> list[PlanLine]:
    """Every plan: followed ones first, then drafts, then those that were stopped."""
    today = local_day(now)
    register = load_register(connection)
    counts = _counts(connection, today)
    reachable = {(each.agency_id, each.role) for each in contacts_of(connection) if holds(each, today)}
    order = [PlanStatus.ACTIVE, PlanStatus.DRAFT, PlanStatus.STOPPED]
    rows = connection.execute(select(plan_table).order_by(plan_table.c.id)).all()
    lines = [_line(connection, row, register, counts, reachable, now) for row in rows]
    return sorted(lines, key=lambda line: (order.index(line.status), line.id))


def _counts(connection: Connection, today: date) -> Mapping[str, tuple[int, int]]:
    resend = and_(occurrence.c.state == State.RETURNED.value, occurrence.c.resend_by.is_not(None))
    late_after = case((resend, occurrence.c.resend_by), else_=occurrence.c.late_after)
    chosen = (
        select(occurrence.c.plan_id, func.count(), func.sum(case((late_after < today, 1), else_=0)))
        .where(occurrence.c.state.in_(OWED), occurrence.c.before_tracking.is_(False))
        .group_by(occurrence.c.plan_id)
    )
    return {plan_id: (total, int(late or 0)) for plan_id, total, late in connection.execute(chosen)}


def _line(
    connection: Connection,
    row: Row[Any],
    register: Register,
    counts: Mapping[str, tuple[int, int]],
    reachable: set[tuple[str, ContactRole]],
    now: datetime,
) -> PlanLine:
    plan = load_plan(connection, row.id)
    lead = register[plan.lead]
    opened, overdue = counts.get(row.id, (0, 0))
    return PlanLine(
        id=plan.id,
        name=plan_name(plan),
        number=plan.number,
        title=plan.title,
        status=PlanStatus(row.status),
        active_from=row.active_from,
        stopped_on=local_day(row.stopped_at) if row.stopped_at else None,
        duties=len(plan.duties),
        open=opened,
        overdue=overdue,
        lead=plan.lead,
        lead_name=lead.name,
        lead_ended=lead.until is not None and lead.until < local_day(now),
        posts_missing=_posts_missing(plan, reachable),
        without_contact=_without_contact(plan, register, reachable, local_day(now)),
        needs_successor=tuple(orphaned(connection, plan, now=now)),
        sample=plan.sample,
    )


def _posts_missing(plan: Plan, reachable: set[tuple[str, ContactRole]]) -> tuple[str, ...]:
    posts = {ContactRole.OFFICER: _("cán bộ theo dõi"), ContactRole.HEAD: _("lãnh đạo")}
    return tuple(name for role, name in posts.items() if (plan.lead, role) not in reachable)


def _without_contact(
    plan: Plan, register: Register, reachable: set[tuple[str, ContactRole]], today: date
) -> tuple[str, ...]:
    """Bodies with a dated duty that live, may be written to, have an address of their own, and have none here."""
    missing = set()
    for duty in plan.duties:
        for party in duty.responsible if duty.rule.dated else ():
            body = register[party.agency]
            ended = body.until is not None and body.until < today
            through_lead = body.unlisted or party.relation is Relation.SELF
            if not (ended or through_lead or body.never_messaged or (body.id, ContactRole.AGENCY) in reachable):
                missing.add(body.id)
    return tuple(sorted(missing, key=sort_key))
