"""Signing in and out, and one's own password."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from people import accounts, sessions
from people.errors import BadAccount, SignInRefused
from people.rights import Right
from plans.text import _
from web.forms import text
from web.guard import COOKIE, needs, open_to_all, session_of
from web.visit import Visit

router = APIRouter()


@router.get("/dang-nhap")
def sign_in_page(visit: Visit = open_to_all()) -> Response:
    if session_of(visit.request) is not None:
        return visit.go("/")
    return visit.page("sign_in.html", to=visit.query.get("toi", "/"), error=None, login="")


@router.post("/dang-nhap")
def sign_in(visit: Visit = open_to_all()) -> Response:
    login, to = text(visit.form, "login"), text(visit.form, "to") or "/"
    try:
        with visit.writing() as connection:
            held = sessions.sign_in_with(
                connection, login=login, password=_raw(visit, "password"), address=_address(visit), now=visit.now
            )
    except SignInRefused as refused:
        with visit.writing() as connection:
            sessions.note_refusal(connection, login=login, address=_address(visit), now=visit.now)
        return visit.page("sign_in.html", status=400, to=to, error=str(refused), login=login)
    return _with_cookie(visit, visit.go(to), held)


@router.post("/dang-xuat")
def sign_out(visit: Visit = needs(Right.ACCOUNT)) -> Response:
    session = visit.session
    if session is not None:
        with visit.writing() as connection:
            sessions.sign_out(connection, session.token, now=visit.now)
    answer = visit.go("/dang-nhap", _("Đã đăng xuất."))
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=visit.office.secure)
    return answer


@router.get("/mat-khau")
def password_page(visit: Visit = needs(Right.ACCOUNT)) -> Response:
    return visit.page("password.html", error=None)


@router.post("/mat-khau")
def change_password(visit: Visit = needs(Right.ACCOUNT)) -> Response:
    new = _raw(visit, "new")
    try:
        if new != _raw(visit, "again"):
            raise BadAccount(_("Hai lần nhập mật khẩu mới không giống nhau."))
        with visit.writing() as connection:
            account_id = visit.holder.account_id
            accounts.change_password(connection, account_id, old=_raw(visit, "old"), new=new, now=visit.now)
            held = sessions.open_session(connection, account_id, address=_address(visit), now=visit.now)
    except BadAccount as bad:
        return visit.page("password.html", status=400, error=str(bad))
    return _with_cookie(visit, visit.go("/", _("Đã đổi mật khẩu.")), held)


def _raw(visit: Visit, name: str) -> str:
    """A password as typed: spaces belong to it."""
    value = visit.form.get(name)
    return value if isinstance(value, str) else ""


def _address(visit: Visit) -> str:
    return visit.request.client.host if visit.request.client else ""


def _with_cookie(visit: Visit, answer: Response, held: str) -> Response:
    """A session cookie of the browser: gone when it is closed."""
    answer.set_cookie(COOKIE, held, httponly=True, samesite="lax", secure=visit.office.secure)
    return answer
