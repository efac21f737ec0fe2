"""Holding all sending: what is due goes on being written down, nothing is composed and nothing leaves.

For a register that was just restored, and for whoever has to stop everything at once. Kept as a setting of the whole
installation, so that every process sees it with its next message; both its ends stand in the trail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection

from plans.text import _
from tasks import trail
from tasks.database import insert_new
from tasks.tables import setting

BY_HAND = "by_hand"
RESTORED = "restored"
_NAME = "sending_held"


@dataclass(frozen=True, slots=True)
class Hold:
    """Nothing is sent. ``why`` is a code; ``data`` holds what else is to be said of it (``reason`` in words)."""

    why: str
    since: datetime
    by: str
    data: Mapping[str, Any]

    @property
    def reason(self) -> str:
        """Why, for people."""
        said = str(self.data.get("reason") or "").strip()
        match self.why:
            case "restored":
                text = _("sổ vừa được khôi phục từ bản sao lưu")
            case "by_hand":
                text = _("{who} yêu cầu").format(who=self.by)
            case other:
                text = other
        return f"{text}: {said}" if said else text


def hold(connection: Connection, *, why: str, now: datetime, actor: str, data: Mapping[str, Any] | None = None) -> Hold:
    """Holds all sending; where it is held already, the first hold stands and nothing is written."""
    wanted = Hold(why, now, actor, trail.plain(data or {}))
    value = {"why": why, "since": now.isoformat(), "by": actor, "data": wanted.data}
    if insert_new(connection, setting, [{"scope": "", "name": _NAME, "value": value}]):
        trail.write(connection, [trail.Entry("sending_held", data={"why": why, **wanted.data})], now=now, actor=actor)
    return held(connection) or wanted


def held(connection: Connection) -> Hold | None:
    """Why nothing may be sent, and since when; None where sending goes on."""
    chosen = select(setting.c.value).where(setting.c.scope == "", setting.c.name == _NAME)
    value = connection.execute(chosen).scalar_one_or_none()
    if value is None:
        return None
    return Hold(value["why"], datetime.fromisoformat(value["since"]), value["by"], value["data"])


def release(connection: Connection, *, now: datetime, actor: str) -> Hold | None:
    """Sending goes on; returns the hold that stood, None where there was none."""
    standing = held(connection)
    gone = delete(setting).where(setting.c.scope == "", setting.c.name == _NAME)
    if standing is None or not connection.execute(gone).rowcount:
        return None  # somebody else was first
    data = {"why": standing.why, "since": standing.since, "by": standing.by}
    trail.write(connection, [trail.Entry("sending_resumed", data=data)], now=now, actor=actor)
    return standing
