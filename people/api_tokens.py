"""Tokens with which a program uses the API: each acts with the rights of the account that made it, or reads only.

The secret is shown once and stored as its SHA-256, like that of a session; closing the account or resetting its
password revokes every token.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.engine import Connection

from people import accounts
from people.errors import BadAccount
from people.rights import Holder
from people.sessions import digest
from people.tables import token
from plans.calendar import local_day
from plans.text import _, day_text
from tasks import trail

KIND = "api"
MARK = "dondoc_"  # so that a secret that was left in a file is recognised for what it is
MOST = 20  # live tokens of one account
_LONGEST_NAME = 60
_USED_EVERY = timedelta(minutes=5)  # so that a request is seldom a write


@dataclass(frozen=True, slots=True)
class Token:
    """One token as its owner sees it."""

    id: int
    name: str
    read_only: bool
    created_at: datetime
    used_at: datetime | None
    expires_on: date | None
    live: bool


@dataclass(frozen=True, slots=True)
class Bearer:
    """A program that asks. ``stale``: ``touch`` should be called."""

    token_id: int
    holder: Holder
    read_only: bool
    stale: bool


def create(
    connection: Connection,
    account_id: int,
    *,
    name: str,
    read_only: bool,
    expires_on: date | None,
    now: datetime,
    actor: str,
) -> str:
    """A new token of that account; returns the secret, which is not kept anywhere. Raises BadAccount."""
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME:
        raise BadAccount(_("Tên của mã truy cập dài từ 1 đến {n} ký tự.").format(n=_LONGEST_NAME))
    if expires_on is not None and expires_on < local_day(now):
        raise BadAccount(_("Ngày hết hạn {day} đã qua.").format(day=day_text(expires_on)))
    live = select(func.count()).select_from(token).where(_mine(account_id), token.c.revoked_at.is_(None))
    if connection.execute(live).scalar_one() >= MOST:
        raise BadAccount(_("Mỗi tài khoản có tối đa {n} mã truy cập. Thu hồi mã không dùng nữa.").format(n=MOST))
    secret = MARK + secrets.token_urlsafe(32)
    row = {
        "kind": KIND,
        "hash": digest(secret),
        "name": name,
        "account_id": account_id,
        "read_only": read_only,
        "created_at": now,
        "expires_on": expires_on,
    }
    connection.execute(token.insert().values(row))
    _note(connection, "token_created", {"name": name, "read_only": read_only, "expires_on": expires_on}, now, actor)
    return secret


def of_account(connection: Connection, account_id: int, *, today: date) -> list[Token]:
    """The tokens that were not revoked, the newest first."""
    chosen = select(token).where(_mine(account_id), token.c.revoked_at.is_(None)).order_by(token.c.id.desc())
    return [
        Token(
            row.id,
            row.name,
            row.read_only,
            row.created_at,
            row.used_at,
            row.expires_on,
            row.expires_on is None or row.expires_on >= today,
        )
        for row in connection.execute(chosen)
    ]


def revoke(connection: Connection, account_id: int, token_id: int, *, now: datetime, actor: str) -> None:
    """Raises BadAccount where the account has no such token."""
    mine = _mine(account_id) & (token.c.id == token_id) & token.c.revoked_at.is_(None)
    name = connection.execute(select(token.c.name).where(mine)).scalar_one_or_none()
    if name is None:
        raise BadAccount(_("Không có mã truy cập này, hoặc đã thu hồi."))
    connection.execute(update(token).where(mine).values(revoked_at=now))
    _note(connection, "token_revoked", {"name": name}, now, actor)


def bearer(connection: Connection, secret: str, *, now: datetime) -> Bearer | None:
    """Whoever holds that secret; None where it is unknown, revoked, over, or its account is closed."""
    today = local_day(now)
    known = (token.c.hash == digest(secret)) & (token.c.kind == KIND) & token.c.revoked_at.is_(None)
    row = connection.execute(select(token).where(known)).one_or_none()
    if row is None or (row.expires_on is not None and row.expires_on < today):
        return None
    holder = accounts.holder(connection, row.account_id, today=today)
    if holder is None:
        return None
    return Bearer(row.id, holder, row.read_only, row.used_at is None or now - row.used_at > _USED_EVERY)


def touch(connection: Connection, token_id: int, *, now: datetime) -> None:
    """The token is still in use."""
    connection.execute(update(token).where(token.c.id == token_id).values(used_at=now))


def _mine(account_id: int) -> ColumnElement[bool]:
    return (token.c.account_id == account_id) & (token.c.kind == KIND)


def _note(connection: Connection, kind: str, data: dict[str, object], now: datetime, actor: str) -> None:
    trail.write(connection, [trail.Entry(kind, data=data)], now=now, actor=actor)
