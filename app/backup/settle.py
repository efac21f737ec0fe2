"""What a register has to be told after it was brought back: its last knowledge is as old as the backup.

Between the backup and now messages may have left that the register knows nothing of. So nothing leaves by itself:
what was on its way is of unknown fate and is not repeated, and all sending is held until a person has looked.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.engine import Connection

from app.backup.manifest import Manifest
from notifications.tables import message
from plans.text import _
from tasks import hold, trail


def settle(connection: Connection, manifest: Manifest, *, file: str, now: datetime, actor: str) -> int:
    """Makes what was on its way unknown, holds all sending, writes the restoring into the trail.

    Returns how many messages were on their way. They keep their Message-ID; nothing sends them again by itself.
    """
    why = _("khôi phục từ bản sao lưu")
    never = {"next_try_at": None, "token": None, "lease_until": None}
    on_their_way = update(message).where(message.c.status.in_(("queued", "sending")))
    unknown = connection.execute(on_their_way.values(**never, status="unknown", detail=why, settled_at=now)).rowcount
    connection.execute(update(message).where(message.c.status == "unknown").values(**never))
    found = {
        "file": file,
        "made_at": manifest.made_at,
        "dondoc": manifest.dondoc,
        "schema": manifest.schema,
        "database": manifest.database,
        "rows": manifest.rows,
        "unknown": unknown,
        "chain": manifest.chain.place if manifest.chain else None,
    }
    trail.write(connection, [trail.Entry("restored", data=found)], now=now, actor=actor)
    hold.hold(connection, why=hold.RESTORED, now=now, actor=actor, data={"file": file, "made_at": manifest.made_at})
    return unknown
