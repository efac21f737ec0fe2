"""Signing in and staying signed in.

The browser holds a random token; the database holds its SHA-256, so that a copy of the database opens no session.
A sign-in always gives a new token (session fixation), and guessing is slowed down by login and by address.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Connection

from people import accounts, passwords
from people.errors import SignInRefused
from people.rights import Holder
from people.tables import account, refused_sign_in, sign_in
from plans.calendar import local_day
from plans.text import _
from tasks import trail

IDLE = timedelta(hours=8)  # a working day without a click
LONGEST = timedelta(days=7)
WINDOW = timedelta(minutes=15)
TRIES_PER_LOGIN = 5  # wrong ones within the window
TRIES_PER_ADDRESS = 30  # an office has one address and many people
_SEEN_EVERY = timedelta(minutes=5)  # so that reading a page is seldom a write


@dataclass(frozen=True, slots=True)
class Session:
    """A person at a browser."""

    holder: Holder
    csrf: str
    token: str  # as stored
    stale: bool  # ``touch`` should be called


def sign_in_with(connection: Connection, *, login: str, password: str, address: str, now: datetime) -> str:
    """Opens a session and returns what the browser is to hold.

    Raises SignInRefused: the caller commits nothing and calls ``note_refusal`` in a transaction of its own. What a
    wrong login costs is what a wrong password costs: both hash once.
    """
    login = login.strip().lower()
    _slow_down(connection, login, address, now)
    row = connection.execute(select(account).where(account.c.login == login)).one_or_none()
    stored = row.password if row is not None else _decoy()
    if not passwords.matches(stored, password) or row is None or not row.active:
        raise SignInRefused(_("Tên đăng nhập hoặc mật khẩu chưa đúng."))
    if passwords.outdated(stored):
        connection.execute(update(account).where(account.c.id == row.id).values(password=passwords.hashed(password)))
    connection.execute(delete(refused_sign_in).where(refused_sign_in.c.login == login))
    entry = trail.Entry("signed_in", data={"login": login, "address": address})
    trail.write(connection, [entry], now=now, actor=login)
    return open_session(connection, row.id, address=address, now=now)


def open_session(connection: Connection, account_id: int, *, address: str, now: datetime) -> str:
    """A new session of that account; returns what the browser is to hold."""
    held = secrets.token_urlsafe(32)
    row = {
        "token": digest(held),
        "account_id": account_id,
        "csrf": secrets.token_urlsafe(32),
        "created_at": now,
        "seen_at": now,
        "address": address,
    }
    connection.execute(sign_in.insert().values(row))
    return held


def note_refusal(connection: Connection, *, login: str, address: str, now: datetime) -> None:
    """Counts a wrong try, and forgets those of the day before."""
    connection.execute(delete(refused_sign_in).where(refused_sign_in.c.at < now - timedelta(days=1)))
    row = {"login": login.strip().lower()[:60], "address": address, "at": now}
    connection.execute(refused_sign_in.insert().values(row))


def current(connection: Connection, held: str, *, now: datetime) -> Session | None:
    """The session of that token; None where it is unknown, over, or its account is closed."""
    row = connection.execute(select(sign_in).where(sign_in.c.token == digest(held))).one_or_none()
    if row is None or now - row.seen_at > IDLE or now - row.created_at > LONGEST:
        return None
    person = accounts.holder(connection, row.account_id, today=local_day(now))
    return Session(person, row.csrf, row.token, now - row.seen_at > _SEEN_EVERY) if person else None


def touch(connection: Connection, token: str, *, now: datetime) -> None:
    """The person is still there."""
    connection.execute(update(sign_in).where(sign_in.c.token == token).values(seen_at=now))


def sign_out(connection: Connection, token: str, *, now: datetime) -> None:
    """Ends this session, and clears away those that are over."""
    over = (sign_in.c.seen_at < now - IDLE) | (sign_in.c.created_at < now - LONGEST)
    connection.execute(delete(sign_in).where((sign_in.c.token == token) | over))


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as its owner sees it; the token is the stored one, which opens nothing."""

    token: str
    created_at: datetime
    seen_at: datetime
    address: str


def of_account(connection: Connection, account_id: int, *, now: datetime) -> list[OpenSession]:
    """The sessions that are still open, the last seen first."""
    live = (sign_in.c.seen_at >= now - IDLE) & (sign_in.c.created_at >= now - LONGEST)
    chosen = select(sign_in).where(sign_in.c.account_id == account_id, live).order_by(sign_in.c.seen_at.desc())
    return [OpenSession(row.token, row.created_at, row.seen_at, row.address) for row in connection.execute(chosen)]


def end_others(connection: Connection, account_id: int, *, but: str, now: datetime, actor: str) -> int:
    """Ends every session of the account but this one; returns how many."""
    others = (sign_in.c.account_id == account_id) & (sign_in.c.token != but)
    ended = connection.execute(delete(sign_in).where(others)).rowcount
    trail.write(connection, [trail.Entry("sessions_ended", data={"login": actor, "n": ended})], now=now, actor=actor)
    return ended


def digest(held: str) -> str:
    """What is stored of a secret that a browser or program holds. Random 256 bits need no salt."""
    return hashlib.sha256(held.encode()).hexdigest()


def _slow_down(connection: Connection, login: str, address: str, now: datetime) -> None:
    recent = select(func.count()).select_from(refused_sign_in).where(refused_sign_in.c.at > now - WINDOW)
    of_login = connection.execute(recent.where(refused_sign_in.c.login == login)).scalar_one()
    of_address = connection.execute(recent.where(refused_sign_in.c.address == address)).scalar_one()
    if of_login >= TRIES_PER_LOGIN or of_address >= TRIES_PER_ADDRESS:
        minutes = int(WINDOW.total_seconds() // 60)
        raise SignInRefused(_("Đã thử sai nhiều lần. Đợi {n} phút rồi đăng nhập lại.").format(n=minutes))


@cache
def _decoy() -> str:
    """A stored form that no password matches."""
    return passwords.hashed(secrets.token_urlsafe(32))
