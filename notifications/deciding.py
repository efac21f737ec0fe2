"""What the officer decides about messages whose fate is unknown, and about those that failed (D8).

Both decisions stand in the trail. A message that is sent again keeps its Message-ID, so that one that arrived after
all may be recognised by the mail server.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.engine import Connection

from notifications.errors import NotificationsError
from notifications.gather import Gatherer
from notifications.rewriting import worth_repeating
from notifications.tables import message, message_notice, notice, replacement
from plans.text import _
from tasks import trail
from tasks.database import for_update


class NotForDecision(NotificationsError):
    """There is nothing to be decided about that message."""


def resend(connection: Connection, message_id: int, *, now: datetime, actor: str) -> None:
    """Has a message of unknown fate repeated word for word, or one that failed tried again, at the next delivering.

    Raises NotForDecision: there is no such message, it is neither unknown nor failed, or what it tells is not true
    any more.
    """
    row = _row(connection, message_id)
    if row.status not in ("unknown", "failed"):
        said = _("Thông báo số {id} không ở tình trạng chưa rõ hoặc không gửi được; không cần gửi lại.")
        raise NotForDecision(said.format(id=message_id))
    if connection.execute(select(replacement).where(replacement.c.instead_of == message_id)).first() is not None:
        said = _("Thông báo số {id} đã được gửi qua cách khác; không gửi lại.")
        raise NotForDecision(said.format(id=message_id))
    if not worth_repeating(Gatherer(connection, now=now), row):
        said = _("Thông báo số {id} không còn đúng (việc đã khép, hạn hoặc địa chỉ đã đổi); không gửi lại.")
        raise NotForDecision(said.format(id=message_id))
    values: dict[str, Any] = {"next_try_at": now, "tries": 0}
    if row.status == "failed":
        values |= {"status": "queued", "settled_at": None}
    _write(connection, row, values, "message_resent", {"was": row.status}, now=now, actor=actor)


def settle(connection: Connection, message_id: int, *, sent: bool, now: datetime, actor: str) -> None:
    """Writes down what the officer found out about a message of unknown fate, or that was carried out of a closed
    network and of which no receipt came back: that it arrived, or that it did not.

    Raises NotForDecision.
    """
    row = _row(connection, message_id)
    if row.status not in ("unknown", "relayed"):
        said = _("Thông báo số {id} không ở tình trạng chưa rõ; không có gì phải xác nhận.")
        raise NotForDecision(said.format(id=message_id))
    why = _("{who} xác nhận đã đến") if sent else _("{who} xác nhận không đến")
    values = {
        "status": "sent" if sent else "failed",
        "settled_at": now,
        "next_try_at": None,
        "token": None,
        "lease_until": None,
        "detail": why.format(who=actor),
    }
    _write(connection, row, values, "message_settled", {"sent": sent}, now=now, actor=actor)


def _row(connection: Connection, message_id: int) -> Row[Any]:
    row = connection.execute(for_update(select(message).where(message.c.id == message_id), connection)).one_or_none()
    if row is None:
        raise NotForDecision(_("Không có thông báo số {id}, hoặc đang được gửi.").format(id=message_id))
    return row


def _write(
    connection: Connection,
    row: Row[Any],
    values: dict[str, Any],
    kind: str,
    data: dict[str, Any],
    *,
    now: datetime,
    actor: str,
) -> None:
    connection.execute(update(message).where(message.c.id == row.id).values(values))
    linked = select(notice.c.plan_id, notice.c.agency_id).join(message_notice)
    told = connection.execute(linked.where(message_notice.c.message_id == row.id).order_by(notice.c.id)).first()
    said = {"message": row.id, "message_id": row.message_id, "person": row.person, "subject": row.subject, **data}
    plan_id, agency_id = (told.plan_id, told.agency_id) if told else (None, None)
    entry = trail.Entry(kind, plan_id, None, agency_id, said, row.sample)
    trail.write(connection, [entry], now=now, actor=actor)
