"""Clause and ground of a duty, the reading in force, and how its deadline moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from app.dossier.model import Event, Moved, Rows
from app.naming import plan_name
from app.rule_words import date_words, rule_words
from app.views.occurrence import relation_text
from app.views.plan import role_text
from plans.model import DEFAULT_READING, BeforeReading, Duty, Plan, Reading, Register, WeekendReading
from plans.text import _, day_text
from tasks.lifecycle import Move
from tasks.model import Occurrence
from tasks.naming import occurrence_title


def ground_of(o: Occurrence, plan: Plan, duty: Duty | None, register: Register, version: int) -> Rows:
    """What the plan orders, with the words that say so. ``version``: of the plan's text in the register."""
    told = [
        (_("Kế hoạch"), f"{plan_name(plan)}: {plan.title}"),
        (_("Cơ quan, ngày ban hành"), f"{plan.issuer}, {date_words(plan.issued)}"),
        (_("Bản trong sổ"), _("phiên bản {n}; theo dõi từ ngày {day}").format(n=version, day=day_text(o.tracked_from))),
    ]
    if duty is None:
        told.append((_("Nhiệm vụ"), _("Bản kế hoạch hiện nay không còn nhiệm vụ này; xem các bản trước.")))
    else:
        told += _of_duty(o, plan, duty, register)
    threat = (duty.consequence if duty else None) or plan.consequence
    if threat:
        told.append((_("Chế tài"), _("“{quote}” (mục {section})").format(quote=threat.quote, section=threat.section)))
    lead = register[plan.lead].name
    told.append((_("Đơn vị theo dõi"), f"{lead} (“{plan.lead_quote}”, {_section(plan.lead_section)})"))
    return tuple((label, text) for label, text in told if text)


def _of_duty(o: Occurrence, plan: Plan, duty: Duty, register: Register) -> Iterator[tuple[str, str]]:
    yield _("Nhiệm vụ"), f"{duty.title} ({_section(duty.section)})"
    yield _("Lời văn về thời hạn"), f"“{duty.rule.words}”" if duty.rule.words else rule_words(duty.rule)
    yield _("Việc phải làm"), duty.action or ""
    yield _("Sản phẩm"), duty.product or ""
    yield _("Nơi nhận"), "; ".join(_recipient(each, register) for each in duty.recipients)
    party = next((each for each in duty.responsible if each.agency == o.agency_id), None)
    ground = f" ({party.ground})" if party else ""
    yield _("Quan hệ và căn cứ"), relation_text(o.relation) + ground
    if duty.feeds:
        fed = next((each for each in plan.duties if each.id == duty.feeds), None)
        yield _("Tổng hợp vào"), occurrence_title(fed, o.period) if fed else duty.feeds


def _recipient(each: Any, register: Register) -> str:
    detail = f", {each.detail}" if each.detail else ""
    return f"{register[each.agency].name} ({role_text(each.role)}){detail}"


def _section(section: str) -> str:
    return _("mục {section}").format(section=section)


def reading_rows(plan: Plan, office: Reading) -> Rows:
    """How deadlines are read, and who chose that."""
    chosen = plan.reading.over(office).over(DEFAULT_READING)
    before = {
        BeforeReading.NAMED_DAY: _("nhận đúng ngày đó là đúng hạn"),
        BeforeReading.DAY_BEFORE: _("phải nhận trước ngày đó"),
    }[chosen.before or BeforeReading.NAMED_DAY]
    weekend = {
        WeekendReading.NEXT_WORKING_DAY: _("tính đến ngày làm việc kế tiếp"),
        WeekendReading.KEEP: _("giữ nguyên"),
    }[chosen.weekend or WeekendReading.NEXT_WORKING_DAY]
    return (
        (_("“Trước ngày X”"), f"{before} ({_whose(bool(plan.reading.before))})"),
        (_("Hạn rơi vào ngày nghỉ"), f"{weekend} ({_whose(bool(plan.reading.weekend))})"),
    )


def _whose(own: bool) -> str:
    return _("kế hoạch này chọn riêng") if own else _("cách đọc chung của đơn vị")


# -- how it moved --


def moves_of(events: Iterable[Event]) -> Iterator[Moved]:
    """Every change of the deadline that the trail tells of, oldest first."""
    for event in events:
        data: Mapping[str, Any] = event.facts["data"] if isinstance(event.facts["data"], dict) else {}
        found = _moved(event.kind, data)
        if found is not None:
            was, to, cause, document = found
            yield Moved(event.at, event.by, was, to, cause, document)


def _moved(kind: str, data: Mapping[str, Any]) -> tuple[date | None, date | None, str, str] | None:
    was, now = data.get("was") or {}, data.get("is") or {}
    match kind:
        case Move.EXTEND:
            return _day(was, "last_day"), _day(now, "last_day"), _("gia hạn"), str(data.get("document") or "")
        case Move.RETURN:
            return None, _day(data, "resend_by"), _("trả lại, gửi lại chậm nhất"), ""
        case Move.TAKE_BACK:
            return (
                _day(was, "last_day"),
                _day(data, "by"),
                _("nhận lại việc đã chuyển"),
                str(data.get("document") or ""),
            )
        case Move.REOPEN:
            return None, None, _("mở lại"), ""
        case "revised":
            late = data.get("late_after") or {}
            before = _day(late, "was") if late else _day(was, "late_after")
            after = _day(late, "is") if late else _day(now, "late_after")
            return before, after, _cause(str(data.get("cause"))), ""
        case _other:
            return None


def _cause(cause: str) -> str:
    return {
        "plan": _("kế hoạch được sửa đổi (ngày cuối tính đúng hạn)"),
        "reading": _("đổi cách đọc hạn (ngày cuối tính đúng hạn)"),
        "calendar": _("lịch làm việc thay đổi (ngày cuối tính đúng hạn)"),
    }.get(cause, cause)


def _day(data: Mapping[str, Any], name: str) -> date | None:
    value = data.get(name)
    return date.fromisoformat(str(value)) if value else None
