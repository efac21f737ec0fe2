"""Accounts and the posts that people hold. Every change writes its row in the trail; passwords never stand there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Connection, Row

from people import passwords
from people.errors import BadAccount
from people.rights import UNIT_NEEDED, Holder, Post, Role, held_today, role_name
from people.tables import account, post, sign_in, token
from plans.calendar import local_day
from plans.text import _, day_text
from tasks import trail
from tasks.agencies import load_register

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,59}")


@dataclass(frozen=True, slots=True)
class Account:
    """One person who can sign in, with all posts, past and coming ones too."""

    id: int
    login: str
    name: str
    active: bool
    must_change: bool
    created_at: datetime
    posts: tuple[Post, ...]


def create(connection: Connection, *, login: str, name: str, now: datetime, actor: str) -> tuple[int, str]:
    """A new account; returns its id and the one-time password, which is not kept anywhere. Raises BadAccount."""
    login, name = login.strip().lower(), " ".join(name.split())
    if not _LOGIN.fullmatch(login):
        raise BadAccount(_("Tên đăng nhập chỉ gồm chữ không dấu, số, dấu chấm, gạch, @; từ 2 đến 60 ký tự."))
    if not name:
        raise BadAccount(_("Thiếu họ tên."))
    if connection.execute(select(account.c.id).where(account.c.login == login)).first():
        raise BadAccount(_("Đã có tài khoản {login}.").format(login=login))
    password = passwords.one_time()
    row = {
        "login": login,
        "name": name,
        "password": passwords.hashed(password),
        "must_change": True,
        "active": True,
        "created_at": now,
        "password_at": now,
    }
    account_id = connection.execute(account.insert().values(row).returning(account.c.id)).scalar_one()
    _note(connection, "account_created", {"login": login, "name": name}, now, actor)
    return account_id, password


def give_post(
    connection: Connection,
    account_id: int,
    role: Role,
    unit: str | None,
    *,
    since: date | None = None,
    until: date | None = None,
    now: datetime,
    actor: str,
) -> None:
    """From ``since`` (today) to ``until`` (open) the person holds that post. Raises BadAccount, AgencyUnknown."""
    person = load(connection, account_id)
    start = since or local_day(now)
    unit = unit or None
    if role in UNIT_NEEDED:
        if unit is None:
            raise BadAccount(_("Vai trò {role} phải gắn với một cơ quan.").format(role=role_name(role)))
        load_register(connection)[unit]
    if role is Role.ADMINISTRATOR:
        unit = None
    if until is not None and until < start:
        raise BadAccount(_("Ngày kết thúc {day} trước ngày bắt đầu.").format(day=day_text(until)))
    row = {"account_id": person.id, "role": role.value, "unit": unit, "since": start, "until": until}
    connection.execute(post.insert().values(row))
    _note(connection, "post_given", {**row, "login": person.login}, now, actor, unit=unit)


def end_post(connection: Connection, post_id: int, *, now: datetime, actor: str) -> None:
    """The post is held no longer, from this moment on. Raises BadAccount where nobody would administer any more."""
    row = connection.execute(select(post).where(post.c.id == post_id)).one_or_none()
    if row is None:
        raise BadAccount(_("Không có vai trò số {id}.").format(id=post_id))
    connection.execute(delete(post).where(post.c.id == post_id))
    if row.role == Role.ADMINISTRATOR:
        _keep_an_administrator(connection, now)
    data = {"login": load(connection, row.account_id).login, "role": row.role, "unit": row.unit}
    _note(connection, "post_ended", data, now, actor, unit=row.unit)


def set_active(connection: Connection, account_id: int, active: bool, *, now: datetime, actor: str) -> None:
    """Lets a person in no more (every session ends at once), or again. Raises BadAccount."""
    person = load(connection, account_id)
    connection.execute(update(account).where(account.c.id == account_id).values(active=active))
    if not active:
        _end_everything(connection, account_id, now, feeds=True)
        if any(held.role is Role.ADMINISTRATOR for held in person.posts):
            _keep_an_administrator(connection, now)
    _note(connection, "account_opened" if active else "account_closed", {"login": person.login}, now, actor)


def reset_password(connection: Connection, account_id: int, *, now: datetime, actor: str) -> str:
    """A new one-time password; whoever was signed in with the old one is signed out. Raises BadAccount."""
    person = load(connection, account_id)
    password = passwords.one_time()
    values = {"password": passwords.hashed(password), "must_change": True, "password_at": now}
    connection.execute(update(account).where(account.c.id == account_id).values(values))
    _end_everything(connection, account_id, now)
    _note(connection, "password_reset", {"login": person.login}, now, actor)
    return password


def change_password(connection: Connection, account_id: int, *, old: str, new: str, now: datetime) -> None:
    """A person's own new password. Other sessions end; the caller opens a new one. Raises BadAccount."""
    row = connection.execute(select(account).where(account.c.id == account_id)).one()
    if not passwords.matches(row.password, old):
        raise BadAccount(_("Mật khẩu hiện tại chưa đúng."))
    if new == old:
        raise BadAccount(_("Mật khẩu mới phải khác mật khẩu hiện tại."))
    values = {"password": passwords.hashed(new), "must_change": False, "password_at": now}
    connection.execute(update(account).where(account.c.id == account_id).values(values))
    connection.execute(delete(sign_in).where(sign_in.c.account_id == account_id))
    _note(connection, "password_changed", {"login": row.login}, now, row.login)


def load(connection: Connection, account_id: int) -> Account:
    """Raises BadAccount where there is none."""
    row = connection.execute(select(account).where(account.c.id == account_id)).one_or_none()
    if row is None:
        raise BadAccount(_("Không có tài khoản số {id}.").format(id=account_id))
    return _account(row, _posts(connection).get(account_id, ()))


def all_accounts(connection: Connection) -> list[Account]:
    posts = _posts(connection)
    rows = connection.execute(select(account).order_by(account.c.login))
    return [_account(row, posts.get(row.id, ())) for row in rows]


def count(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(account)).scalar_one())


def holder(connection: Connection, account_id: int, *, today: date) -> Holder | None:
    """The person with today's posts; None where the account is closed or gone."""
    row = connection.execute(select(account).where(account.c.id == account_id)).one_or_none()
    if row is None or not row.active:
        return None
    mine = connection.execute(select(post).where(post.c.account_id == account_id).order_by(post.c.id))
    posts = held_today((_post(p) for p in mine), today)
    return Holder(row.id, row.login, row.name, posts, row.must_change)


def _posts(connection: Connection) -> dict[int, tuple[Post, ...]]:
    found: dict[int, tuple[Post, ...]] = {}
    for row in connection.execute(select(post).order_by(post.c.id)):
        found[row.account_id] = (*found.get(row.account_id, ()), _post(row))
    return found


def _post(row: Row[Any]) -> Post:
    return Post(Role(row.role), row.unit, row.since, row.until, row.id)


def _account(row: Row[Any], posts: tuple[Post, ...]) -> Account:
    return Account(row.id, row.login, row.name, row.active, row.must_change, row.created_at, posts)


def _end_everything(connection: Connection, account_id: int, now: datetime, *, feeds: bool = False) -> None:
    """``feeds``: calendars too, so that they do not come back with an account that is opened again."""
    connection.execute(delete(sign_in).where(sign_in.c.account_id == account_id))
    kinds = ("api", "feed") if feeds else ("api",)
    mine = (token.c.account_id == account_id) & token.c.kind.in_(kinds) & token.c.revoked_at.is_(None)
    connection.execute(update(token).where(mine).values(revoked_at=now))


def _keep_an_administrator(connection: Connection, now: datetime) -> None:
    today = local_day(now)
    administrators = (
        select(post.c.id)
        .join(account, account.c.id == post.c.account_id)
        .where(
            post.c.role == Role.ADMINISTRATOR.value,
            account.c.active.is_(True),
            post.c.since <= today,
            post.c.until.is_(None) | (post.c.until >= today),
        )
    )
    if connection.execute(administrators.limit(1)).first() is None:
        raise BadAccount(_("Phải còn ít nhất một người quản trị."))


def _note(
    connection: Connection, kind: str, data: dict[str, Any], now: datetime, actor: str, unit: str | None = None
) -> None:
    trail.write(connection, [trail.Entry(kind, agency_id=unit, data=data)], now=now, actor=actor)
