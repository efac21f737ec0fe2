"""SMS under a brand name, through the HTTP interface of whichever provider the office has a contract with."""

from __future__ import annotations

from dataclasses import dataclass, field

from notifications.channels.base import Letter, Taken
from notifications.channels.gateway import Gateway
from notifications.channels.http_call import TIMEOUT
from notifications.channels.names import mobile_number
from notifications.channels.plain_letters import SEGMENT, plain
from notifications.errors import ChannelError
from notifications.short_limits import UNICODE_SEGMENT, units
from plans.text import _

PLACES = frozenset({"phone", "text", "reference", "brand", "key", "secret", "unicode"})


@dataclass(frozen=True, slots=True)
class SmsAccount:
    """What the provider gave the office. ``diacritics``: Vietnamese letters, where the provider's contract has them."""

    brand: str
    key: str = field(repr=False)
    secret: str = field(default="", repr=False)
    diacritics: bool = False


class SmsChannel:
    """The letter's address is a mobile number; what is longer than one segment is refused, never cut or doubled."""

    def __init__(self, gateway: Gateway, account: SmsAccount, *, timeout: float = TIMEOUT) -> None:
        self._gateway, self._account, self._timeout = gateway, account, timeout

    def send(self, letter: Letter) -> Taken:
        """Raises ChannelError, FateUnknown."""
        account = self._account
        values = {
            "phone": receiver(letter.address, self._gateway),
            "text": one_segment(letter.text, diacritics=account.diacritics),
            "reference": reference(letter),
            "brand": account.brand,
            "key": account.key,
            "secret": account.secret,
            "unicode": "1" if account.diacritics else "0",
        }
        taken = self._gateway.deliver(values, timeout=self._timeout)
        if account.diacritics:
            return taken
        return Taken(_("{said} Gửi không dấu.").format(said=taken.reference))


def reference(letter: Letter) -> str:
    """The same at every attempt, so that a provider that looks at it takes the message once: at most 36 letters."""
    return letter.message_id.strip("<>").partition("@")[0][:36]


def receiver(address: str, gateway: Gateway) -> str:
    """The number as the provider wants it. Raises ChannelError (permanent)."""
    number = mobile_number(address)
    if number is None:
        raise ChannelError(_("Số điện thoại nhận tin không phải số di động Việt Nam."), permanent=True)
    return gateway.phone + number


def one_segment(text: str, *, diacritics: bool) -> str:
    """Raises ChannelError (permanent): it would take more than one segment."""
    line = " ".join(text.split())
    sent = line if diacritics else plain(line)
    if units(sent) > (UNICODE_SEGMENT if diacritics else SEGMENT):
        raise ChannelError(_("Tin dài hơn một bản tin SMS; không gửi."), permanent=True)
    return sent
