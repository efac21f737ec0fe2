"""What every channel offers: one method, one error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one recipient. ``message_id`` is the same at every attempt."""

    message_id: str
    sender: str  # display name: "Công an tỉnh Sơn La (PC10)"
    reply_to: str | None
    person: str
    address: str
    subject: str
    text: str
    html: str
    written: datetime | None = None  # when it was composed, for the Date header


class Channel(Protocol):
    """Hands one letter to one recipient.

    Returns when the other side has taken it. Raises ChannelError (temporary or permanent) when it has not,
    FateUnknown when nobody can tell. Nothing counts as sent unless this method returned.
    """

    def send(self, letter: Letter) -> None: ...
