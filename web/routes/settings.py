"""Cài đặt: the choices of a lead unit, and those that hold for every unit that has chosen nothing itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.responses import Response

from app.effects import Change, foresee
from app.views import settings
from notifications.contacts import ContactRole, add_contact, contacts_of, remove_contact
from notifications.errors import NotificationsError
from people.rights import Right
from plans.text import _
from tasks.errors import BadInput, RegisterError
from tasks.letter_head import choose_letterhead, typed_letterhead
from tasks.materialise import recompute
from tasks.model import Cause
from tasks.office import choose
from web import settings_forms
from web.forms import short, text
from web.guard import needs
from web.navigation import settings_tabs
from web.rendering import path_part
from web.visit import Visit

router = APIRouter()
UNIT = "/cai-dat/don-vi/{unit}"
ALL = "/cai-dat/chung"


@router.get("/cai-dat")
def settings_page(visit: Visit = needs(Right.ACCOUNT)) -> Response:
    """To the first part that this person may change; everybody has an account."""
    return visit.go(next((entry.path for entry in settings_tabs(visit)), "/tai-khoan"))


@router.get("/cai-dat/don-vi")
def units_page(visit: Visit = needs(Right.UNIT_SETTINGS)) -> Response:
    """Who follows plans for one unit alone is led to it."""
    with visit.reading() as connection:
        found = settings.lead_units(connection, visit.holder.units(Right.UNIT_SETTINGS))
    if len(found) == 1:
        return visit.go(f"/cai-dat/don-vi/{path_part(found[0].id)}")
    return visit.page("settings_units.html", tabs=settings_tabs(visit), units=found)


@router.get(UNIT)
def unit_page(unit: str, visit: Visit = needs(Right.UNIT_SETTINGS, "unit")) -> Response:
    return _show(visit, unit)


@router.post(UNIT)
def save_unit(unit: str, visit: Visit = needs(Right.UNIT_SETTINGS, "unit")) -> Response:
    return _save_plain(visit, unit)


@router.post(UNIT + "/cach-hieu-han")
def save_reading(unit: str, visit: Visit = needs(Right.UNIT_SETTINGS, "unit")) -> Response:
    return _save_reading(visit, unit)


@router.post(UNIT + "/lich-nhac")
def save_ladder(unit: str, visit: Visit = needs(Right.UNIT_SETTINGS, "unit")) -> Response:
    return _save_ladder(visit, unit)


@router.post(UNIT + "/dau-van-ban")
def save_letterhead(unit: str, visit: Visit = needs(Right.UNIT_SETTINGS, "unit")) -> Response:
    """How the unit's letters begin and who signs them."""
    try:
        typed = settings_forms.letterhead(visit.form)
        with visit.writing() as connection:
            choose_letterhead(connection, unit, typed, now=visit.now, actor=visit.actor)
    except RegisterError as error:
        return _show(visit, unit, str(error), part="dau-van-ban")
    return visit.go(_base(unit) + "#dau-van-ban", _("Đã lưu phần đầu văn bản."))


@router.get(ALL)
def all_page(visit: Visit = needs(Right.SETTINGS)) -> Response:
    return _show(visit, "")


@router.post(ALL)
def save_all(visit: Visit = needs(Right.SETTINGS)) -> Response:
    return _save_plain(visit, "")


@router.post(ALL + "/cach-hieu-han")
def save_reading_of_all(visit: Visit = needs(Right.SETTINGS)) -> Response:
    return _save_reading(visit, "")


@router.post(ALL + "/lich-nhac")
def save_ladder_of_all(visit: Visit = needs(Right.SETTINGS)) -> Response:
    return _save_ladder(visit, "")


@router.post(UNIT + "/lien-he")
def add_post_contact(unit: str, visit: Visit = needs(Right.UNIT_SETTINGS, "unit")) -> Response:
    """Where the officer, the stand-in or the head gets what dondoc writes to them."""
    try:
        role = text(visit.form, "role")
        if role not in (ContactRole.OFFICER, ContactRole.STAND_IN, ContactRole.HEAD):
            raise BadInput(_("Chọn người nhận là cán bộ theo dõi, người làm thay hay lãnh đạo."))
        with visit.writing() as connection:
            add_contact(
                connection,
                unit,
                role=ContactRole(role),
                name=short(visit.form, "name", _("Họ tên"), most=100),
                address=short(visit.form, "address", _("Địa chỉ"), most=200),
                phone=short(visit.form, "phone", _("Điện thoại"), most=40) or None,
                now=visit.now,
                actor=visit.actor,
            )
    except (RegisterError, NotificationsError) as error:
        return _show(visit, unit, str(error), part="lien-he")
    return visit.go(_base(unit) + "#lien-he", _("Đã thêm địa chỉ nhận thông báo."))


@router.post(UNIT + "/lien-he/{contact_id}/bo")
def drop_post_contact(unit: str, contact_id: int, visit: Visit = needs(Right.UNIT_SETTINGS, "unit")) -> Response:
    """Only an address of this very unit: the number alone would reach everybody's."""
    with visit.writing() as connection:
        if all(each.id != contact_id for each in contacts_of(connection, unit)):
            raise BadInput(_("Đơn vị này không có địa chỉ đó."))
        remove_contact(connection, contact_id, now=visit.now, actor=visit.actor)
    return visit.go(_base(unit) + "#lien-he", _("Đã bỏ địa chỉ; không gửi tới đó nữa."))


def _base(scope: str) -> str:
    return f"/cai-dat/don-vi/{path_part(scope)}" if scope else ALL


def _show(visit: Visit, scope: str, error: str | None = None, *, part: str = "") -> Response:
    """The page; ``part`` tells which form failed, so that what was typed is kept in it."""
    with visit.reading() as connection:
        page = settings.office_page(connection, scope)
        head = typed_letterhead(connection, scope) if scope else None
    return visit.page(
        "settings_office.html",
        status=400 if error else 200,
        tabs=settings_tabs(visit),
        page=page,
        head=head,
        head_fields=settings_forms.letterhead_fields(),
        base=_base(scope),
        error=error,
        part=part,
        typed=defaultdict(str, {key: value for key, value in visit.form.items() if isinstance(value, str)}),
        due_switch=bool(text(visit.form, "due")) if part == "lich-nhac" else page.ladder.due,
    )


def _save_plain(visit: Visit, scope: str) -> Response:
    try:
        chosen = {
            "sender": settings_forms.sender(visit.form),
            "review": settings_forms.yes_or_no(visit.form, "review"),
            "agency_side": settings_forms.yes_or_no(visit.form, "agency_side"),
        }
        with visit.writing() as connection:
            _choose(connection, visit, scope, chosen)
    except RegisterError as error:
        return _show(visit, scope, str(error), part="ten")
    return visit.go(_base(scope), _("Đã lưu."))


def _save_reading(visit: Visit, scope: str) -> Response:
    try:
        return _with_preview(visit, scope, "cach-hieu-han", settings_forms.reading(visit.form))
    except RegisterError as error:
        return _show(visit, scope, str(error), part="cach-hieu-han")


def _save_ladder(visit: Visit, scope: str) -> Response:
    try:
        usual = bool(text(visit.form, "default"))
        chosen = {"ladder": None if usual else settings_forms.ladder(visit.form)}
        return _with_preview(visit, scope, "lich-nhac", chosen)
    except RegisterError as error:
        return _show(visit, scope, str(error), part="lich-nhac")


def _with_preview(visit: Visit, scope: str, part: str, chosen: Mapping[str, Any]) -> Response:
    """First what it would move, then, when that was seen, the change and the deadlines anew in one transaction."""

    def change(connection: Connection) -> int:
        _choose(connection, visit, scope, chosen)
        return recompute(connection, now=visit.now, cause=Cause.READING, lead=scope or None)

    if not text(visit.form, "seen"):
        return _preview(visit, scope, part, change)
    with visit.writing() as connection:
        moved = change(connection)
    said = _("Đã lưu. Ngày tính quá hạn thay đổi: {n} kỳ; lịch nhắc được tính lại.")
    return visit.go(_base(scope), said.format(n=moved))


def _preview(visit: Visit, scope: str, part: str, change: Change) -> Response:
    visible = visit.holder.units(Right.SEE)
    effects = foresee(visit.engine, change, lead=scope or None, visible=visible, now=visit.now)
    return visit.page(
        "settings_preview.html",
        tabs=settings_tabs(visit),
        effects=effects,
        action=f"{_base(scope)}/{part}",
        back=_base(scope),
        hidden=[(k, v) for k, v in visit.form.multi_items() if isinstance(v, str) and k not in ("csrf", "seen")],
    )


def _choose(connection: Connection, visit: Visit, scope: str, chosen: Mapping[str, Any]) -> None:
    for name, value in chosen.items():
        choose(connection, scope, name, value, now=visit.now, actor=visit.actor)
