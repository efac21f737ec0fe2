"""Cơ quan: the list of bodies, the page of one, and its addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.datastructures import FormData
from starlette.responses import Response

from app.views import bodies, body
from app.views.bodies import Filters, Order, Which
from app.views.contacts import post_days
from notifications.channels.names import CHANNELS, channel_word
from notifications.contacts import Contact, ContactRole, add_contact, change_contact, contacts_of, remove_contact
from notifications.errors import BadContact, NotificationsError
from people.rights import Right
from plans.text import _
from tasks.bodies import Rename, rename_body
from tasks.errors import RegisterError
from web.errors import NotFound
from web.forms import day_or_none, short, text
from web.guard import needs
from web.routes.plans import number
from web.visit import Visit

router = APIRouter()
AT = "/co-quan/{agency_id}"
_FIELDS = ("vai-tro", "ten", "dia-chi", "cach", "dien-thoai", "tu", "den", "nguoi", "vang", "thay")
Word = TypeVar("Word", bound=StrEnum)


@router.get("/co-quan")
def list_page(visit: Visit = needs(Right.SEE)) -> Response:
    form = FormData(list(visit.query.items()))
    filters = Filters(
        words=text(form, "q")[:200],
        plan=text(form, "ke-hoach"),
        which=_word(Which, text(form, "loc")),
        order=_word(Order, text(form, "xep")),
        page=number(text(form, "trang")) or 1,
    )
    with visit.reading() as connection:
        found = bodies.listing(connection, visit.holder.units(Right.SEE), filters, today=visit.today)
    return visit.page("bodies.html", found=found, filters=filters, may_change=visit.may(Right.BODIES))


def _word(words: type[Word], typed: str) -> Word:
    return words(typed) if typed in tuple(words) else words("")


@router.get(AT)
def page(agency_id: str, visit: Visit = needs(Right.SEE, "agency_id")) -> Response:
    return _page(visit, agency_id)


def _page(
    visit: Visit,
    agency_id: str,
    error: str = "",
    typed: dict[str, str] | None = None,
    naming: dict[str, str] | None = None,
) -> Response:
    """``typed``: what was written into the form of an address that could not be kept; ``id`` "" is a new one.
    ``naming``: the same of the form for another name."""
    with visit.reading() as connection:
        units = visit.holder.units(Right.SEE)
        found = body.load(connection, agency_id, units, today=visit.today)
        changes = visit.holder.units(Right.BODIES)
        mine = bool(changes is None or bodies.leads_of(connection, agency_id) & changes)
    return visit.page(
        "body.html",
        status=400 if error else 200,
        found=found,
        may_change=mine and visit.may(Right.BODIES),
        may_post=visit.may(Right.BODIES, agency_id),
        may_export=visit.may(Right.EXPORT) and visit.may(Right.AUDIT),
        roles=roles_for(visit, agency_id),
        role_text=role_text,
        post_days=post_days,
        channels=CHANNELS,
        channel_word=channel_word,
        typed=typed or {},
        naming=naming or {},
        error=error,
    )


def role_text(role: ContactRole) -> str:
    """Which hat the person wears."""
    return {
        ContactRole.AGENCY: _("đầu mối của cơ quan"),
        ContactRole.OFFICER: _("cán bộ theo dõi"),
        ContactRole.STAND_IN: _("người làm thay"),
        ContactRole.HEAD: _("lãnh đạo"),
    }[role]


def roles_for(visit: Visit, agency_id: str) -> list[ContactRole]:
    """Officers and heads are named by their own unit alone."""
    return list(ContactRole) if visit.may(Right.BODIES, agency_id) else [ContactRole.AGENCY]


@router.post(AT + "/ten")
def rename(agency_id: str, visit: Visit = needs(Right.BODIES, "agency_id")) -> Response:
    """Another name from a day on, or a slip in the name put right."""
    form = visit.form
    try:
        slip = bool(text(form, "viet-sai"))
        since = day_or_none(form, "tu", _("Từ ngày")) or visit.today
        given = Rename(short(form, "ten-moi", _("Tên mới")), since, short(form, "van-ban", _("Văn bản")), slip)
        with visit.writing() as connection:
            rename_body(
                connection, agency_id, given, visit.holder.units(Right.BODIES), now=visit.now, actor=visit.actor
            )
    except RegisterError as error:
        typed = {name: text(form, name)[:200] for name in ("ten-moi", "tu", "van-ban", "viet-sai")}
        return _page(visit, agency_id, str(error), naming=typed)
    return visit.go(f"/co-quan/{agency_id}", _("Đã sửa tên.") if slip else _("Đã ghi tên mới; tên trước được giữ lại."))


@router.post(AT + "/dia-chi")
def add(agency_id: str, visit: Visit = needs(Right.BODIES, "agency_id")) -> Response:
    def work(connection: Connection) -> None:
        given = _typed(visit, agency_id)
        person = text(visit.form, "nguoi") or None
        add_contact(connection, agency_id, **vars(given), person=person, now=visit.now, actor=visit.actor)

    return work_on_contacts(visit, agency_id, work, _("Đã thêm địa chỉ; thông báo đang chờ sẽ được gửi."))


@router.post(AT + "/dia-chi/{contact_id}/sua")
def change(agency_id: str, contact_id: str, visit: Visit = needs(Right.BODIES, "agency_id")) -> Response:
    def work(connection: Connection) -> None:
        held = held_contact(connection, visit, agency_id, contact_id)
        given = _typed(visit, agency_id, held)
        change_contact(connection, held.id, **vars(given), now=visit.now, actor=visit.actor)

    return work_on_contacts(visit, agency_id, work, _("Đã sửa địa chỉ."), contact_id)


@router.post(AT + "/dia-chi/{contact_id}/thoi")
def end(agency_id: str, contact_id: str, visit: Visit = needs(Right.BODIES, "agency_id")) -> Response:
    def work(connection: Connection) -> None:
        held = held_contact(connection, visit, agency_id, contact_id)
        remove_contact(connection, held.id, now=visit.now, actor=visit.actor)

    return work_on_contacts(visit, agency_id, work, _("Đã ngừng gửi tới địa chỉ đó."), contact_id)


def held_contact(connection: Connection, visit: Visit, agency_id: str, contact_id: str) -> Contact:
    """An address of that body which this person may change. Raises NotFound."""
    for each in contacts_of(connection, agency_id):
        if str(each.id) == contact_id and each.role in roles_for(visit, agency_id):
            return each
    raise NotFound


@dataclass(frozen=True)
class _Given:
    """What a form says of an address."""

    role: ContactRole
    name: str
    address: str
    channel: str
    phone: str | None
    since: date | None
    until: date | None


def _typed(visit: Visit, agency_id: str, held: Contact | None = None) -> _Given:
    """Raises BadContact, BadInput. A secret address is not shown, so leaving it blank keeps it."""
    form = visit.form
    role, channel = text(form, "vai-tro"), text(form, "cach") or "email"
    if role not in roles_for(visit, agency_id):
        raise BadContact(_("Chọn vai trò của người nhận."))
    if channel not in CHANNELS:
        raise BadContact(_("Chọn cách gửi."))
    address = short(form, "dia-chi", _("Địa chỉ"), most=500)
    if not address and held is not None and held.channel == channel == "url":
        address = held.address
    name, phone = short(form, "ten", _("Người nhận")), short(form, "dien-thoai", _("Điện thoại"), most=40)
    since, until = day_or_none(form, "tu", _("Từ ngày")), day_or_none(form, "den", _("Đến hết ngày"))
    return _Given(ContactRole(role), name, address, channel, phone or None, since, until)


def work_on_contacts(
    visit: Visit, agency_id: str, work: Callable[[Connection], None], said: str, contact_id: str = ""
) -> Response:
    """Does it, or shows the page with what is wrong and what was typed."""
    try:
        with visit.writing() as connection:
            work(connection)
    except (RegisterError, NotificationsError) as error:
        typed = {name: text(visit.form, name)[:500] for name in _FIELDS if text(visit.form, name)}
        return _page(visit, agency_id, str(error), {**typed, "id": contact_id})
    return visit.go(f"/co-quan/{agency_id}", said)
