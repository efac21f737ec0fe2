"""Invented provinces of any size: plans as an office would write them, their bodies, and addresses for these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import Engine, update
from sqlalchemy.engine import Connection

from notifications.contacts import ContactRole
from notifications.tables import contact, notice
from plans.calendar import ZONE
from tasks import intake
from tasks.database import insert_new, writing

ISSUED = date(2023, 12, 20)
_ACTOR = "bench"
_HEAD = """\
format: 1
plan: {plan}
title: Kế hoạch thực hiện năm 2024 của tỉnh {unit}
short: KH {plan}/KH-UBND
number: {plan}/KH-UBND
issued: {issued}
issuer: Ủy ban nhân dân tỉnh {unit}
level: province
unit: {unit}
lead: {{agency: cong-an-tinh, section: IV.2, quote: "theo dõi, đôn đốc"}}
agencies:
  - {{id: cong-an-tinh, name: Công an tỉnh {unit}}}
{agencies}
parties:
{parties}
duties:
"""
_DUTY = """\
  - id: {id}
    title: {title}
    section: III.{place}
    responsible: [{bodies}]
    due: {rule}
    recipients: [{{agency: cong-an-tinh}}]
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of duty: its words in a plan file and how many occurrences a year it makes."""

    title: str
    text: str
    a_year: int


MONTHLY = Rule(
    "Báo cáo tháng",
    '{kind: monthly, quote: "trước ngày 16 hằng tháng", boundary: before, day: 16, from: 2024-01-01}',
    12,
)
QUARTERLY = Rule(
    "Báo cáo quý", '{kind: quarterly, quote: "trước ngày 15 tháng cuối quý", boundary: before, month: 3, day: 15}', 4
)
HALF_YEARLY = Rule(
    "Báo cáo 6 tháng", '{kind: semiannual, quote: "trước ngày 10/6", boundary: before, month: 6, day: 10}', 1
)
YEARLY = Rule("Báo cáo năm", '{kind: annual, quote: "trước ngày 10/12", boundary: before, month: 12, day: 10}', 1)


def once(day: date) -> Rule:
    """A duty with one day."""
    return Rule("Báo cáo chuyên đề", f'{{kind: once, quote: "ngày {day:%d/%m/%Y}", boundary: "on", on: {day}}}', 1)


def at(text: str) -> datetime:
    """``at("2024-12-02 07:30")`` is that moment on the Vietnamese clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def day(text: str) -> date:
    return date.fromisoformat(text)


def plan_id(number: int) -> str:
    return f"kh-{number:04d}"


def unit_id(number: int) -> str:
    return f"tinh-{number:04d}"


def body_ids(unit: int, bodies: int) -> list[str]:
    """The global ids of the bodies that owe something in that province."""
    return [f"{unit_id(unit)}.co-quan-{n:03d}" for n in range(1, bodies + 1)]


def plan_text(number: int, *, bodies: int, rules: Iterable[Rule], unit: int | None = None) -> bytes:
    """One plan whose every duty is owed by the same bodies."""
    slugs = [body.partition(".")[2] for body in body_ids(1, bodies)]
    unit = number if unit is None else unit
    head = _HEAD.format(
        plan=plan_id(number),
        unit=unit_id(unit),
        issued=ISSUED,
        agencies="\n".join(f"  - {{id: {slug}, name: Cơ quan số {slug[-3:]}}}" for slug in slugs),
        parties="\n".join(f"  - {{agency: {slug}, relation: peer, ground: III.1}}" for slug in slugs),
    )
    return (head + _duties(slugs, rules)).encode()


@cache
def _joined(slugs: tuple[str, ...]) -> str:
    return ", ".join(slugs)


def _duties(slugs: list[str], rules: Iterable[Rule]) -> str:
    return "".join(
        _DUTY.format(id=f"viec-{place}", title=rule.title, place=place, bodies=_joined(tuple(slugs)), rule=rule.text)
        for place, rule in enumerate(rules, 1)
    )


def bring_in(connection: Connection, text: bytes, *, now: datetime) -> str:
    """Adds and activates; returns the plan's id."""
    plan = intake.add_plan(connection, text, file="kh.yaml", now=now, actor=_ACTOR).plan
    intake.activate(connection, plan.id, now=now, actor=_ACTOR)
    return plan.id


def all_told(engine: Engine) -> None:
    """As if every waiting rung had left in a message."""
    with writing(engine) as connection:
        waiting = notice.c.status.in_(("queued", "no_contact"))
        connection.execute(update(notice).where(waiting).values(status="composed"))


def give_addresses(engine: Engine, units: Iterable[int], bodies: int) -> int:
    """One address for every body, and the three people of every lead unit. Returns how many bodies."""
    rows = [row for unit in units for row in _addresses(unit, bodies)]
    with writing(engine) as connection:
        insert_new(connection, contact, rows)
    return len(rows)


def _addresses(unit: int, bodies: int) -> Iterator[dict[str, object]]:
    lead = f"{unit_id(unit)}.cong-an-tinh"
    people = [(body, ContactRole.AGENCY) for body in body_ids(unit, bodies)]
    people += [(lead, role) for role in (ContactRole.OFFICER, ContactRole.STAND_IN, ContactRole.HEAD)]
    for body, role in people:
        name = body.replace(".", "-")
        yield {
            "agency_id": body,
            "role": role.value,
            "name": f"Văn thư {name}",
            "phone": None,
            "channel": "email",
            "address": f"{role.value.replace('_', '-')}@{name}.example",
            "active": True,
            "person": f"{len(people)}-{name}-{role.value}"[-36:],
            "rank": 1,
        }
