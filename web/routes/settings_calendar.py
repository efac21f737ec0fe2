"""Cài đặt, lịch làm việc: days off and make-up days of a year; what a change moves is shown before it is saved."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.responses import Response

from app.effects import Effects, foresee
from app.views import settings
from people.rights import Right
from plans.text import _, weekday_text
from tasks.errors import BadInput, RegisterError
from tasks.materialise import recompute
from tasks.model import Cause
from tasks.office import mark_day
from web.forms import needed_day, short, text
from web.guard import needs
from web.navigation import settings_tabs
from web.visit import Visit

router = APIRouter()
FIRST, LAST = 2000, 2099
_KINDS = {"off": False, "work": True, "reset": None}


@router.get("/cai-dat/lich")
def calendar_page(visit: Visit = needs(Right.SETTINGS)) -> Response:
    return _show(visit, _year(visit.query.get("nam", ""), visit.today))


@router.post("/cai-dat/lich")
def mark(visit: Visit = needs(Right.SETTINGS)) -> Response:
    """First what it would move; saved when that was seen."""
    try:
        day = needed_day(visit.form, "day", _("ngày"))
        kind = text(visit.form, "kind")
        if not FIRST <= day.year <= LAST:
            raise BadInput(_("Chỉ sửa được lịch các năm từ {first} đến {last}.").format(first=FIRST, last=LAST))
        if kind not in _KINDS:
            raise BadInput(_("Chọn nghỉ, làm việc, hay trở lại lịch có sẵn."))
        name = short(visit.form, "name", _("Lý do"))
        if kind == "off" and not name:
            raise BadInput(_("Thiếu lý do nghỉ, ví dụ số văn bản."))
    except RegisterError as error:
        return _show(visit, visit.today.year, str(error))
    return _mark(visit, day, kind, name)


def _mark(visit: Visit, day: date, kind: str, name: str) -> Response:
    def change(connection: Connection) -> int:
        mark_day(connection, day, working=_KINDS[kind], name=name, now=visit.now, actor=visit.actor)
        return recompute(connection, now=visit.now, cause=Cause.CALENDAR)

    if not text(visit.form, "seen"):
        effects = foresee(visit.engine, change, around=day, visible=visit.holder.units(Right.SEE), now=visit.now)
        return _preview(visit, effects, day, kind, name)
    with visit.writing() as connection:
        moved = change(connection)
    said = _("Đã lưu {day}. Ngày tính quá hạn thay đổi: {n} kỳ; lịch nhắc được tính lại.")
    return visit.go(f"/cai-dat/lich?nam={day.year}", said.format(day=weekday_text(day), n=moved))


def _preview(visit: Visit, effects: Effects, day: date, kind: str, name: str) -> Response:
    words = {"off": _("nghỉ"), "work": _("làm việc"), "reset": _("theo lịch có sẵn")}
    return visit.page(
        "settings_preview.html",
        tabs=settings_tabs(visit),
        effects=effects,
        action="/cai-dat/lich",
        back=f"/cai-dat/lich?nam={day.year}",
        hidden=[("day", day.strftime("%d/%m/%Y")), ("kind", kind), ("name", name)],
        change=f"{weekday_text(day)}: {words[kind]}" + (f" ({name})" if name else ""),
    )


def _show(visit: Visit, year: int, error: str | None = None) -> Response:
    with visit.reading() as connection:
        page = settings.year(connection, year)
    typed = {key: text(visit.form, key) for key in ("day", "kind", "name")}
    return visit.page(
        "settings_calendar.html",
        status=400 if error else 200,
        tabs=settings_tabs(visit),
        page=page,
        error=error,
        typed=typed,
        weekday=weekday_text,
        first=FIRST,
        last=LAST,
    )


def _year(typed: str, today: date) -> int:
    good = typed.isascii() and typed.isdecimal() and len(typed) == 4 and FIRST <= int(typed) <= LAST
    return int(typed) if good else today.year
