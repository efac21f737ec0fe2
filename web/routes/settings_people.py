"""Cài đặt, người dùng: accounts with their posts, for an administrator. A one-time password is shown once."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.responses import Response

from app.views import settings
from people import accounts
from people.errors import BadAccount
from people.rights import UNIT_NEEDED, Right, Role, role_name
from plans.text import _
from tasks.agencies import find_agency, load_register
from tasks.errors import RegisterError
from web.forms import day_or_none, short, text
from web.guard import needs
from web.navigation import settings_tabs
from web.visit import Visit

router = APIRouter()
PEOPLE = "/cai-dat/nguoi-dung"
ONE = PEOPLE + "/{account_id}"
_MOST = 999_999_999


@router.get(PEOPLE)
def people_page(visit: Visit = needs(Right.USERS)) -> Response:
    return _list(visit)


@router.post(PEOPLE)
def add_person(visit: Visit = needs(Right.USERS)) -> Response:
    """The password stands on the answer alone: it is kept nowhere, and going back does not show it again."""
    try:
        with visit.writing() as connection:
            login = short(visit.form, "login", _("Tên đăng nhập"), most=60)
            name = short(visit.form, "name", _("Họ tên"), most=100)
            made, password = accounts.create(connection, login=login, name=name, now=visit.now, actor=visit.actor)
            if text(visit.form, "role"):
                _give(connection, visit, made)
    except RegisterError as error:
        return _list(visit, str(error))
    return _one(visit, made, password=password)


@router.get(ONE)
def person_page(account_id: int, visit: Visit = needs(Right.USERS)) -> Response:
    return _one(visit, account_id)


@router.post(ONE + "/mat-khau")
def reset(account_id: int, visit: Visit = needs(Right.USERS)) -> Response:
    with visit.writing() as connection:
        known = _known(account_id)
        password = accounts.reset_password(connection, known, now=visit.now, actor=visit.actor)
    return _one(visit, account_id, password=password)


@router.post(ONE + "/khoa")
def close(account_id: int, visit: Visit = needs(Right.USERS)) -> Response:
    def work(connection: Connection) -> None:
        if account_id == visit.holder.account_id:
            raise BadAccount(_("Không thể khóa tài khoản đang dùng; nhờ người quản trị khác."))
        accounts.set_active(connection, _known(account_id), False, now=visit.now, actor=visit.actor)

    return _do(visit, account_id, work, _("Đã khóa tài khoản; mọi phiên và mã truy cập đã đóng."))


@router.post(ONE + "/mo")
def reopen(account_id: int, visit: Visit = needs(Right.USERS)) -> Response:
    def work(connection: Connection) -> None:
        accounts.set_active(connection, _known(account_id), True, now=visit.now, actor=visit.actor)

    return _do(visit, account_id, work, _("Đã mở lại tài khoản."))


@router.post(ONE + "/vai-tro")
def give(account_id: int, visit: Visit = needs(Right.USERS)) -> Response:
    """With both days it is a stand-in: the post ends by itself."""
    return _do(visit, account_id, lambda connection: _give(connection, visit, account_id), _("Đã giao vai trò."))


@router.post(ONE + "/vai-tro/{post_id}/het")
def end(account_id: int, post_id: int, visit: Visit = needs(Right.USERS)) -> Response:
    def work(connection: Connection) -> None:
        person = accounts.load(connection, _known(account_id))
        if all(post.id != post_id for post in person.posts):
            raise BadAccount(_("Người này không giữ vai trò đó."))
        accounts.end_post(connection, post_id, now=visit.now, actor=visit.actor)

    return _do(visit, account_id, work, _("Đã kết thúc vai trò."))


def _give(connection: Connection, visit: Visit, account_id: int) -> None:
    """Raises BadAccount, AgencyUnknown, BadInput."""
    typed = text(visit.form, "role")
    if typed not in tuple(Role):
        raise BadAccount(_("Chọn vai trò."))
    role = Role(typed)
    wanted = short(visit.form, "unit", _("Cơ quan"))
    if role in UNIT_NEEDED and not wanted:
        raise BadAccount(_("Vai trò {role} phải gắn với một cơ quan.").format(role=role_name(role)))
    unit = find_agency(load_register(connection), wanted).id if wanted else None
    accounts.give_post(
        connection,
        _known(account_id),
        role,
        unit,
        since=day_or_none(visit.form, "since", _("Từ ngày")),
        until=day_or_none(visit.form, "until", _("Đến hết ngày")),
        now=visit.now,
        actor=visit.actor,
    )


def _known(account_id: int) -> int:
    """A number that the database can hold; others are answered like unknown ones. Raises BadAccount."""
    return account_id if 0 < account_id <= _MOST else 0


def _do(visit: Visit, account_id: int, work: Callable[[Connection], None], said: str) -> Response:
    try:
        with visit.writing() as connection:
            work(connection)
    except RegisterError as error:
        return _one(visit, account_id, error=str(error))
    return visit.go(f"{PEOPLE}/{account_id}", said)


def _list(visit: Visit, error: str | None = None) -> Response:
    words, page = visit.query.get("q", "")[:100], visit.query.get("trang", "1")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
    with visit.reading() as connection:
        found = settings.people(connection, words, number, today=visit.today)
        leads = settings.lead_units(connection, None)
    return visit.page(
        "settings_people.html",
        status=400 if error else 200,
        tabs=settings_tabs(visit),
        found=found,
        words=words,
        leads=leads,
        roles=_roles(),
        error=error,
        typed=_typed(visit) if error else {},
    )


def _one(visit: Visit, account_id: int, *, error: str | None = None, password: str | None = None) -> Response:
    with visit.reading() as connection:
        person = settings.person(connection, _known(account_id), today=visit.today)
        leads = settings.lead_units(connection, None)
    return visit.page(
        "settings_person.html",
        status=400 if error else 200,
        tabs=settings_tabs(visit),
        person=person,
        leads=leads,
        roles=_roles(),
        error=error,
        password=password,
        typed=_typed(visit) if error else {},
        myself=person.id == visit.holder.account_id,
    )


def _typed(visit: Visit) -> dict[str, str]:
    return {key: value for key, value in visit.form.items() if isinstance(value, str)}


def _roles() -> list[tuple[str, str]]:
    return [(role.value, role_name(role)) for role in Role]
