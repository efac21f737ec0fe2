"""Thay đổi: deadlines that moved, papers returned, duties handed over, plans that came or went, in one week."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select

from app.naming import plan_name
from app.week.content import KEPT, Change, Report
from plans.calendar import local_day
from plans.text import _, day_text, two_digits
from tasks.lifecycle import Move
from tasks.model import OccurrenceId
from tasks.tables import audit_event

if TYPE_CHECKING:
    from app.week.gather import Standing

_OF_PLANS = ("activated", "restarted", "stopped", "plan_revised")
_OF_DUTIES = (Move.EXTEND.value, Move.TRANSFER.value, Move.TAKE_BACK.value, Move.RETURN.value, Move.WAIVE.value)

Key = tuple[str, ...]


def of(standing: Standing, since: datetime) -> tuple[tuple[Change, ...], int]:
    """The first ones, plans before deadlines; and how many there are. What was done to many bodies at once by one
    document is one line."""
    e = audit_event.c
    chosen = select(e.at, e.kind, e.plan_id, e.occurrence_id, e.agency_id, e.data).where(
        e.plan_id.in_(standing.plans_of), e.kind.in_((*_OF_PLANS, *_OF_DUTIES)), e.at > since, e.at <= standing.at
    )
    found: dict[Key, list[Row[Any]]] = defaultdict(list)
    for row in standing.connection.execute(chosen.order_by(e.id)):
        if row.kind != Move.TRANSFER or not row.data.get("back"):
            found[_key(row)].append(row)
    lines = [(_place(rows[0]), local_day(rows[-1].at), _text(standing, rows)) for rows in found.values()]
    lines.sort()
    return tuple(Change(day, text) for _at, day, text in lines[:KEPT]), len(lines)


def _key(row: Row[Any]) -> Key:
    """What is told in one line."""
    if row.occurrence_id is None:
        return row.kind, row.plan_id
    at, data = OccurrenceId.parse(row.occurrence_id), row.data
    match row.kind:
        case Move.EXTEND:
            return row.kind, at.plan, at.duty, at.period, data["is"]["last_day"], str(data.get("document"))
        case Move.TRANSFER:
            return row.kind, row.agency_id, str(data.get("to"))
        case Move.TAKE_BACK:
            return row.kind, row.agency_id
        case _other:
            return row.kind, at.plan, at.duty, at.period


def _place(row: Row[Any]) -> int:
    return (*_OF_PLANS, *_OF_DUTIES).index(row.kind)


def _text(s: Standing, rows: list[Row[Any]]) -> str:
    first = rows[0]
    if first.occurrence_id is None:
        return _of_plan(s, first)
    at = OccurrenceId.parse(first.occurrence_id)
    title = s.title(Report(at.plan, at.duty, at.period))
    who = s.who(Counter({row.agency_id: 1 for row in rows}))
    number, data = two_digits(len(rows)), first.data
    match first.kind:
        case Move.EXTEND:
            text = _("Gia hạn đến {day} theo VB số {document}: {title}; {who}")
            day = day_text(date.fromisoformat(data["is"]["last_day"]))
            return text.format(day=day, document=data.get("document", ""), title=title, who=who)
        case Move.TRANSFER:
            to = s.names.get(data["to"], data["to"])
            return _("Chuyển {n} việc của {agency} cho {to}").format(n=number, agency=who, to=to)
        case Move.TAKE_BACK:
            return _("{agency} nhận lại {n} việc đã chuyển").format(agency=who, n=number)
        case Move.RETURN:
            return _("Trả lại văn bản: {title}; {who}").format(title=title, who=who)
        case _waived:
            return _("Miễn kỳ này: {title}; {who}").format(title=title, who=who)


def _of_plan(s: Standing, row: Row[Any]) -> str:
    plan = s.plans.get(row.plan_id)
    words = {
        "activated": _("Bắt đầu theo dõi {plan}"),
        "restarted": _("Theo dõi lại {plan}"),
        "stopped": _("Dừng theo dõi {plan}"),
        "plan_revised": _("Sửa nội dung {plan}"),
    }
    return words[row.kind].format(plan=f"{plan_name(plan)}: {plan.title}" if plan else row.plan_id)
