"""Last month's missed and late duties, told to the officer of each lead unit on the first working day (D3)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine

from notifications.facts import MonthLine
from notifications.ladder import Role
from notifications.tables import notice
from plans.calendar import local_day
from plans.deadlines import last_of_month
from plans.text import _n, day_text
from tasks.agencies import load_plan
from tasks.audit import Missed, report
from tasks.database import insert_new, writing
from tasks.naming import occurrence_title
from tasks.tables import plan as plan_table

RUNG = "month"


def queue_month(engine: Engine, *, month: date, now: datetime) -> int:
    """Queues one message per lead unit whose plans missed something in that month; returns how many are new.

    Asking twice queues nothing twice.
    """
    with writing(engine) as connection:
        found = _by_plan(connection, month, now)
        leads = {
            row.lead: row.id
            for row in connection.execute(select(plan_table.c.id, plan_table.c.lead).order_by(plan_table.c.id.desc()))
            if row.id in found
        }
        rows = [
            {
                "subject": f"{RUNG}:{lead}",
                "revision": month.year * 100 + month.month,
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
            for lead, plan_id in leads.items()
        ]
        return insert_new(connection, notice, rows)


def month_lines(connection: Connection, *, lead: str, revision: int, now: datetime) -> tuple[MonthLine, ...]:
    """What that month's message says, read anew on the day of sending."""
    year, number = divmod(revision, 100)
    lines = []
    for plan_id, missed in _by_plan(connection, date(year, number, 1), now).items():
        plan = load_plan(connection, plan_id)
        titles = {duty.id: duty for duty in plan.duties}
        if plan.lead == lead:
            lines += [
                MonthLine(
                    plan.short,
                    occurrence_title(titles[m.duty], m.period),
                    m.agency_name,
                    _how(m),
                    m.received_on is None,
                )
                for m in missed
                if m.duty in titles
            ]
    return tuple(lines)


def _how(missed: Missed) -> str:
    if missed.received_on is None:
        return _n("chưa nhận, quá hạn {n} ngày", missed.days_late).format(n=missed.days_late)
    text = _n("nhận ngày {day}, chậm {n} ngày", missed.days_late)
    return text.format(day=day_text(missed.received_on), n=missed.days_late)


def _by_plan(connection: Connection, month: date, now: datetime) -> dict[str, list[Missed]]:
    first = month.replace(day=1)
    last = last_of_month(first.year, first.month)
    found: dict[str, list[Missed]] = {}
    for missed in report(connection, now=now, start=first, end=last).missed:
        found.setdefault(missed.plan, []).append(missed)
    return found
