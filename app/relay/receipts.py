"""Inside: receipts that were carried in say what became of messages on their way.

A receipt is of one hand-over of one message. It is followed once, and only while that hand-over is the last thing
known: what was learned or decided since stands, however late an old receipt turns up.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select, update
from sqlalchemy.engine import Connection, Row

from app.relay.handled import Handled
from notifications.channels.names import RELAY
from notifications.channels.relay_files import (
    BadRelayFile,
    Receipt,
    Told,
    message_file,
    read_receipt,
    receipt_paths,
)
from notifications.fates import Outcome, handed_over, note
from notifications.next_channel import replace_failed
from notifications.tables import attempt, message
from plans.calendar import local_day, local_time
from plans.text import _, day_text
from tasks import trail
from tasks.database import locked, writing

KIND = "relay_receipts"
_OPEN = ("relayed", "unknown")  # unknown: the sender died after it had written the file


def read_receipts(
    engine: Engine, folder: Path, key: bytes, outbox: Path, *, now: datetime, actor: str
) -> list[Handled]:
    """Follows every receipt of the folder and takes the file of each settled message out of ``outbox``.

    Raises OSError: the folder cannot be read.
    """
    handled = []
    for path in receipt_paths(folder):
        try:
            receipt = read_receipt(path, key)
        except BadRelayFile as error:
            handled.append(Handled(path.name, "refused", str(error)))
            continue
        with writing(engine) as connection:
            done = _follow(connection, path.name, receipt, now=now)
        if done.what in tuple(Told):
            message_file(outbox, receipt.message_id, receipt.attempt).unlink(missing_ok=True)
        handled.append(done)
    _write_down(engine, handled, now=now, actor=actor)
    return handled


def _write_down(engine: Engine, handled: list[Handled], *, now: datetime, actor: str) -> None:
    counted = Counter(each.what for each in handled if each.what != "again")
    if not counted:
        return
    with writing(engine) as connection:
        trail.write(connection, [trail.Entry(KIND, data=dict(sorted(counted.items())))], now=now, actor=actor)


def _follow(connection: Connection, name: str, receipt: Receipt, *, now: datetime) -> Handled:
    mine = (message.c.message_id == receipt.message_id) & (message.c.channel == RELAY)
    row = connection.execute(locked(select(message).where(mine), connection)).one_or_none()
    if row is None and not receipt.kind:
        return Handled(name, "again", _("tin thử: {detail}").format(detail=receipt.detail))
    if row is None:
        return Handled(name, "refused", _("{file}: không có thông báo này trong sổ").format(file=name))
    if row.status not in _OPEN or receipt.attempt != handed_over(connection, row.id):
        return Handled(
            name, "again", _("thông báo số {id} đã có kết quả; biên nhận này không đổi gì").format(id=row.id)
        )
    _settle(connection, row, receipt, now=now)
    if receipt.told == Told.FAILED:
        replace_failed(connection, row.id, now=now)
    return Handled(name, receipt.told, _("thông báo số {id}, {person}").format(id=row.id, person=row.person))


def _settle(connection: Connection, row: Row[Any], receipt: Receipt, *, now: datetime) -> None:
    at = _moment(connection, row.id, receipt, now)
    outside = _("Máy ngoài, {time} ngày {day}: {detail}").format(
        time=f"{local_time(at):%H:%M}", day=day_text(local_day(at)), detail=receipt.detail
    )
    dropped = receipt.told == Told.SUPERSEDED
    name = "dropped" if dropped else receipt.told
    note(connection, row.id, Outcome(name, outside), now=at)
    detail = "superseded" if dropped else outside
    values = {
        "status": name,
        "settled_at": at,
        "detail": detail,
        "next_try_at": None,
        "token": None,
        "lease_until": None,
    }
    connection.execute(update(message).where(message.c.id == row.id).values(values))


def _moment(connection: Connection, message_id: int, receipt: Receipt, now: datetime) -> datetime:
    """When it happened by the clock outside, which may be wrong: not before it was handed over, not after now."""
    last = connection.execute(select(func.max(attempt.c.at)).where(attempt.c.message_id == message_id)).scalar()
    at = datetime.fromisoformat(receipt.at)
    return min(max(at, last), now) if last is not None else min(at, now)
