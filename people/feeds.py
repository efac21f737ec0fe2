"""Calendar feeds: an address with a secret in it, which shows what the account that made it may see.

Only the secret's SHA-256 is stored. A feed ends when it is revoked, and shows nothing once its account is closed or has
lost the right: a link that was passed on opens nothing that its owner could not open.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, update
from sqlalchemy.engine import Connection

from people import accounts
from people.errors import BadAccount
from people.rights import Holder
from people.sessions import digest
from people.tables import account, token
from plans.calendar import local_day
from plans.text import _
from tasks import trail

KIND = "feed"
MOST = 20  # live feeds of one account, or of one agency


@dataclass(frozen=True, slots=True)
class Feed:
    """A link that somebody holds. ``agency_id``: whose calendar it shows; None: all that its account follows."""

    id: int
    name: str
    account_id: int
    made_by: str
    agency_id: str | None
    created_at: datetime


def create(
    connection: Connection, account_id: int, name: str, *, agency_id: str | None = None, now: datetime, actor: str
) -> str:
    """Makes a feed and returns its secret, which is shown once and never again. Raises BadAccount."""
    name = " ".join(name.split())
    if not name:
        raise BadAccount(_("Ghi tên để nhớ ai dùng lịch này."))
    same = (
        token.c.agency_id == agency_id
        if agency_id
        else (token.c.account_id == account_id) & token.c.agency_id.is_(None)
    )
    number = select(func.count()).select_from(token).where(_live(), same)
    if connection.execute(number).scalar_one() >= MOST:
        raise BadAccount(_("Đã có {n} đường dẫn lịch. Thu hồi đường dẫn không dùng nữa.").format(n=MOST))
    held = secrets.token_urlsafe(32)
    row = {
        "kind": KIND,
        "hash": digest(held),
        "name": name,
        "account_id": account_id,
        "agency_id": agency_id,
        "created_at": now,
    }
    connection.execute(token.insert().values(row))
    entry = trail.Entry("feed_created", agency_id=agency_id, data={"name": name})
    trail.write(connection, [entry], now=now, actor=actor)
    return held


def revoke(connection: Connection, feed: Feed, *, now: datetime, actor: str) -> None:
    """From now on the link opens nothing."""
    connection.execute(update(token).where(token.c.id == feed.id, _live()).values(revoked_at=now))
    entry = trail.Entry("feed_revoked", agency_id=feed.agency_id, data={"name": feed.name, "made_by": feed.made_by})
    trail.write(connection, [entry], now=now, actor=actor)


def of_account(connection: Connection, account_id: int) -> list[Feed]:
    """The account's own live feeds, the newest first."""
    return _read(connection, (token.c.account_id == account_id) & token.c.agency_id.is_(None))


def of_agency(connection: Connection, agency_id: str) -> list[Feed]:
    """The live feeds of an agency's calendar, whoever made them."""
    return _read(connection, token.c.agency_id == agency_id)


def opened(connection: Connection, held: str, *, now: datetime) -> tuple[Feed, Holder] | None:
    """The feed of that secret and whose rights it has; None where it is unknown, revoked, or its account is closed."""
    found = _read(connection, token.c.hash == digest(held))
    if not found:
        return None
    holder = accounts.holder(connection, found[0].account_id, today=local_day(now))
    return (found[0], holder) if holder is not None else None


def _live() -> ColumnElement[bool]:
    return (token.c.kind == KIND) & token.c.revoked_at.is_(None)


def _read(connection: Connection, which: ColumnElement[bool]) -> list[Feed]:
    columns = (token.c.id, token.c.name, token.c.account_id, account.c.login, token.c.agency_id, token.c.created_at)
    chosen = select(*columns).join(account, account.c.id == token.c.account_id).where(_live(), which)
    return [_feed(row) for row in connection.execute(chosen.order_by(token.c.id.desc()))]


def _feed(row: Row[Any]) -> Feed:
    return Feed(row.id, row.name, row.account_id, row.login, row.agency_id, row.created_at)
