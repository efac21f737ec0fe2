"""Tài khoản của tôi: posts, open sessions, and the tokens of programs that act in one's name."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from people import api_tokens, sessions
from people.rights import Right, role_name
from plans.text import _
from tasks.agencies import load_register
from tasks.errors import RegisterError
from web.forms import day_or_none, short, text
from web.guard import needs
from web.visit import Visit

router = APIRouter()
ACCOUNT = "/tai-khoan"


@router.get(ACCOUNT)
def account_page(visit: Visit = needs(Right.ACCOUNT)) -> Response:
    return _show(visit)


@router.post(ACCOUNT + "/phien")
def end_other_sessions(visit: Visit = needs(Right.ACCOUNT)) -> Response:
    assert visit.session is not None  # noqa: S101 - the guard lets in nobody without one
    mine, account_id = visit.session.token, visit.holder.account_id
    with visit.writing() as connection:
        ended = sessions.end_others(connection, account_id, but=mine, now=visit.now, actor=visit.actor)
    return visit.go(ACCOUNT, _("Đã đóng {n} phiên khác.").format(n=ended))


@router.post(ACCOUNT + "/ma")
def make_token(visit: Visit = needs(Right.ACCOUNT)) -> Response:
    """The secret stands on the answer alone: it is kept nowhere."""
    try:
        with visit.writing() as connection:
            secret = api_tokens.create(
                connection,
                visit.holder.account_id,
                name=short(visit.form, "name", _("Tên"), most=60),
                read_only=text(visit.form, "scope") != "all",
                expires_on=day_or_none(visit.form, "expires", _("Ngày hết hạn")),
                now=visit.now,
                actor=visit.actor,
            )
    except RegisterError as error:
        return _show(visit, error=str(error))
    return _show(visit, secret=secret)


@router.post(ACCOUNT + "/ma/{token_id}/thu-hoi")
def revoke_token(token_id: int, visit: Visit = needs(Right.ACCOUNT)) -> Response:
    try:
        with visit.writing() as connection:
            known = token_id if 0 < token_id < 1_000_000_000 else 0
            api_tokens.revoke(connection, visit.holder.account_id, known, now=visit.now, actor=visit.actor)
    except RegisterError as error:
        return _show(visit, error=str(error))
    return visit.go(ACCOUNT, _("Đã thu hồi mã truy cập."))


def _show(visit: Visit, *, error: str | None = None, secret: str | None = None) -> Response:
    holder = visit.holder
    with visit.reading() as connection:
        open_ones = sessions.of_account(connection, holder.account_id, now=visit.now)
        tokens = api_tokens.of_account(connection, holder.account_id, today=visit.today)
        register = load_register(connection)
        posts = [
            (role_name(post.role), register[post.unit].name if post.unit else "", post.until) for post in holder.posts
        ]
    return visit.page(
        "account.html",
        status=400 if error else 200,
        posts=posts,
        sessions=open_ones,
        this=visit.session.token if visit.session else "",
        tokens=tokens,
        error=error,
        secret=secret,
        typed={key: text(visit.form, key) for key in ("name", "scope", "expires")} if error else {},
    )
