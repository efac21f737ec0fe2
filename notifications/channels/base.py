"""What every channel offers: one method, one error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
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
    day: date | None = None  # the day of which it speaks as "today"
    kind: str = ""  # digest, assigned …; empty for a test letter
    fields: Mapping[str, str] = field(default_factory=dict)  # what a provider's template is filled with (short_text)
    attempt: int = 1  # how many times this letter was handed over, this time counted; kept only for the relay


@dataclass(frozen=True, slots=True)
class Taken:
    """What the other side said when it took a letter.

    ``reference``: its own number for it, in words for the attempt. ``on_its_way``: it lies in a folder to be carried
    out of a closed network; a receipt will tell, and until then it is not sent.
    """

    reference: str | None = None
    on_its_way: bool = False


class Channel(Protocol):
    """Hands one letter to one recipient.

    Returns when the other side has taken it. Raises ChannelError (temporary or permanent) when it has not,
    FateUnknown when nobody can tell. Nothing counts as sent unless this method returned, and said nothing of a letter
    that is only on its way.
    """

    def send(self, letter: Letter) -> Taken | None: ...
