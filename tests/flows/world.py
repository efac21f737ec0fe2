"""A small plan whose days lie around a given one, for runs that have to happen now."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.engine import Connection

from plans.calendar import shipped_calendar
from tasks import intake, office

PLAN = """\
format: 1
plan: {plan}
title: Kế hoạch thử
short: KH {plan}/KH-UBND
number: {plan}/KH-UBND
issued: {issued}
issuer: UBND huyện U
level: district
unit: u
lead: {{agency: cong-an-huyen, section: IV.2, quote: "theo dõi, đôn đốc"}}
agencies:
  - {{id: cong-an-huyen, name: Công an huyện U}}
  - {{id: alpha, name: Phòng Alpha}}
  - {{id: beta, name: Phòng Beta}}
parties:
  - {{agency: alpha, relation: peer, ground: III.1}}
  - {{agency: beta, relation: peer, ground: III.2}}
duties:
  - id: bao-cao-truoc
    title: Báo cáo đợt một
    section: IV.1
    responsible: [alpha, beta]
    due: {{kind: once, on: {passed}, boundary: on, quote: "vào ngày"}}
    recipients: [{{agency: cong-an-huyen}}]
  - id: bao-cao-nay
    title: Báo cáo đợt hai
    section: IV.1
    responsible: [alpha, beta]
    due: {{kind: once, on: {today}, boundary: on, quote: "vào ngày"}}
    recipients: [{{agency: cong-an-huyen}}]
  - id: bao-cao-sau
    title: Báo cáo đợt ba
    section: IV.1
    responsible: [alpha]
    due: {{kind: once, on: {later}, boundary: on, quote: "vào ngày"}}
    recipients: [{{agency: cong-an-huyen}}]
"""


def bring_in(connection: Connection, plan: str, *, day: date, now: datetime) -> None:
    """Follows a plan with a duty that is late since yesterday's working day, one due on ``day``, one later.

    ``day`` is made a working day: on a Sunday no rung would fall.
    """
    office.mark_day(connection, day, working=True, name="làm bù", now=now, actor="test")
    passed = shipped_calendar().on_or_before(day - timedelta(days=1))
    begins = passed - timedelta(days=10)
    later = shipped_calendar().on_or_after(day + timedelta(days=60))
    text = PLAN.format(plan=plan, issued=begins, passed=passed, today=day, later=later)
    intake.add_plan(connection, text.encode(), file=f"{plan}.yaml", now=now, actor="test")
    intake.activate(connection, plan, start=begins, now=now, actor="test")
