"""The links by which an agency answers a message: signed, of one message and one agency, for thirty days.

A link is put into the letter at the moment it is handed over and stands nowhere in the register, so that nobody who
reads a message or a copy of the database can answer for an agency. Its row lets the officer take it back.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from html import escape
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection, Row

from notifications.channels.base import Letter
from notifications.errors import NotificationsError
from notifications.ladder import Role
from notifications.lines import one_line
from notifications.tables import message_notice, notice, reply_link
from plans.text import _, day_text
from tasks import trail
from tasks.agency_side import answering
from tasks.database import insert_new
from tasks.tables import agency
from tasks.tables import plan as plan_table

LIFETIME = timedelta(days=30)
PATH = "/tra-loi/"
_ANSWERABLE = frozenset({"digest", "assigned", "returned", "extended", "press"})
_TOKEN = re.compile(r"([1-9][0-9]{0,8})-([A-Za-z0-9_-]{32})")
_BODY_END = "</body>"


class LinkUnknown(NotificationsError):
    """Nothing that was ever handed out."""

    def __init__(self) -> None:
        super().__init__(_("Không có liên kết này. Mở lại đúng liên kết trong thông báo."))


class LinkOver(NotificationsError):
    """It was handed out, and opens no longer: expired, taken back, or no longer wanted by the office."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Liên kết này không còn dùng được. Gửi văn bản như thường lệ, hoặc liên hệ cán bộ theo dõi ghi ở cuối "
                "thông báo."
            )
        )


@dataclass(frozen=True, slots=True)
class ReplyLink:
    """``until``: the last day on which it opens."""

    id: int
    message_id: int
    agency_id: str
    until: date
    revoked_at: datetime | None


@dataclass(frozen=True)
class Links:
    """Signs and reads. ``address``: where people reach the dashboard, without a slash at its end."""

    address: str
    key: bytes

    def __repr__(self) -> str:
        return f"Links({self.address!r})"  # never the key

    def token(self, link: ReplyLink) -> str:
        """What the path of the link ends in: the signature covers message, agency and expiry."""
        claims = "|".join(("dondoc-link", str(link.id), str(link.message_id), link.agency_id, link.until.isoformat()))
        signed = hmac.new(self.key, claims.encode(), hashlib.sha256).digest()
        return f"{link.id}-{base64.urlsafe_b64encode(signed).decode()[:32]}"

    def url(self, link: ReplyLink) -> str:
        return f"{self.address}{PATH}{self.token(link)}"

    def read(self, connection: Connection, token: str, *, today: date) -> ReplyLink:
        """The link of that token. Raises LinkUnknown, LinkOver."""
        found = _TOKEN.fullmatch(token)
        row = _row(connection, int(found[1])) if found else None
        if row is None or not hmac.compare_digest(self.token(row).encode(), token.encode()):
            raise LinkUnknown
        if row.revoked_at is not None or today > row.until:
            raise LinkOver
        return row


def with_links(connection: Connection, links: Links | None, row: Row[Any], letter: Letter) -> Letter:
    """The letter with a link for each agency that it speaks to; as it is where there is none.

    The same message always gets the same links: what is sent again is the same word for word.
    """
    if links is None or row.channel != "email" or row.kind not in _ANSWERABLE or row.sample:
        return letter
    spoken_to = _agencies(connection, row.id)
    if not spoken_to:
        return letter
    until = row.local_day + LIFETIME
    made = [{"message_id": row.id, "agency_id": each, "until": until, "revoked_at": None} for each in spoken_to]
    insert_new(connection, reply_link, made)
    mine = [link for link in of_messages(connection, [row.id]) if link.agency_id in spoken_to]
    lines = [(_line(spoken_to[link.agency_id], link), links.url(link)) for link in mine if link.revoked_at is None]
    return _added(letter, lines) if lines else letter


def _agencies(connection: Connection, message_id: int) -> dict[str, str]:
    """Id and name of the bodies that owe and are themselves spoken to, in the plans of units that want answers."""
    chosen = (
        select(notice.c.agency_id, agency.c.name, plan_table.c.lead)
        .join(message_notice, message_notice.c.notice_id == notice.c.id)
        .join(plan_table, plan_table.c.id == notice.c.plan_id)
        .join(agency, agency.c.id == notice.c.agency_id)
        .where(
            message_notice.c.message_id == message_id,
            notice.c.role == Role.AGENCY.value,
            notice.c.body == notice.c.agency_id,
        )
        .distinct()
        .order_by(notice.c.agency_id)
    )
    rows = connection.execute(chosen).all()
    wanted = answering(connection, {row.lead for row in rows})
    return {row.agency_id: row.name for row in rows if row.lead in wanted and row.agency_id != row.lead}


def _line(name: str, link: ReplyLink) -> str:
    said = _("{agency} báo đã gửi, hẹn ngày gửi, đề nghị gia hạn hoặc nêu vướng mắc tại liên kết riêng, đến hết {day}:")
    return said.format(agency=one_line(name), day=day_text(link.until))


def _added(letter: Letter, lines: list[tuple[str, str]]) -> Letter:
    text = "".join(f"\n{line}\n{url}\n" for line, url in lines)
    html = "".join(f'<p>{escape(line)}<br><a href="{escape(url)}">{escape(url)}</a></p>' for line, url in lines)
    head, end, rest = letter.html.rpartition(_BODY_END)
    whole = f"{head}{html}{end}{rest}" if end else letter.html + html
    return replace(letter, text=letter.text.rstrip("\n") + "\n" + text, html=whole)


def of_messages(connection: Connection, ids: Collection[int]) -> list[ReplyLink]:
    chosen = select(reply_link).where(reply_link.c.message_id.in_(sorted(ids))).order_by(reply_link.c.id)
    return [_link(row) for row in connection.execute(chosen)]


def revoke(connection: Connection, link_id: int, *, now: datetime, actor: str) -> None:
    """Takes a link back, at once and for good. Raises LinkUnknown."""
    link = _row(connection, link_id)
    if link is None:
        raise LinkUnknown
    mine = (reply_link.c.id == link_id) & reply_link.c.revoked_at.is_(None)
    if connection.execute(update(reply_link).where(mine).values(revoked_at=now)).rowcount:
        data = {"link": link_id, "message": link.message_id}
        entry = trail.Entry("link_revoked", agency_id=link.agency_id, data=data)
        trail.write(connection, [entry], now=now, actor=actor)


def _row(connection: Connection, link_id: int) -> ReplyLink | None:
    row = connection.execute(select(reply_link).where(reply_link.c.id == link_id)).one_or_none()
    return _link(row) if row else None


def _link(row: Row[Any]) -> ReplyLink:
    return ReplyLink(row.id, row.message_id, row.agency_id, row.until, row.revoked_at)
