"""What a dated duty becomes in Prefect: one deployment, and the days on which its rungs speak (D3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.naming import plan_name
from notifications.ladder import merged_days
from notifications.planner import PlanningContext
from plans.calendar import local_day
from plans.model import Duty, Plan
from plans.text import _, sort_key
from tasks.materialise import horizon
from tasks.model import OWED, Occurrence
from tasks.tables import occurrence


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


def duty_board(context: PlanningContext, plan: Plan, duty: Duty, *, now: datetime) -> DutyBoard:
    """The duty as it stands now, with the days of its rungs to the end of next year."""
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
