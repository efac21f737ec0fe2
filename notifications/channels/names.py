"""The ways to reach a person: their names, what an address of each looks like, and which are secret or short."""

from __future__ import annotations

import re

from notifications.errors import BadContact
from plans.text import _

EMAIL, URL, TELEGRAM, SMS, ZALO, RELAY = "email", "url", "telegram", "sms", "zalo", "relay"
CHANNELS = (EMAIL, SMS, ZALO, TELEGRAM, URL, RELAY)
RELAYED = (EMAIL, SMS, ZALO, TELEGRAM)  # what the machine outside can send by; an Apprise URL would carry a secret out
_SHORT = frozenset({SMS, ZALO})
_MAIL = re.compile(r"[^@\s<>,;\"']+@[^@\s<>,;\"']+\.[^@\s<>,;\"'.]+")
_MOBILE = re.compile(r"(?:\+?84|0)([35789][0-9]{8})")
_CHAT = re.compile(r"-?[0-9]{1,20}|@[A-Za-z][A-Za-z0-9_]{3,31}")


def channel_word(channel: str) -> str:
    """A channel, as a person reads it."""
    words = {
        EMAIL: _("Thư điện tử"),
        SMS: _("Tin nhắn SMS"),
        ZALO: _("Zalo (ZNS)"),
        TELEGRAM: "Telegram",
        URL: _("Kênh khác (URL của Apprise)"),
        RELAY: _("Chuyển tệp ra ngoài mạng kín"),
    }
    return words.get(channel, channel)


def is_secret(channel: str) -> bool:
    """Whether an address of this channel opens something by itself, and so is not shown."""
    return channel == URL


def is_short(channel: str, address: str) -> bool:
    """Whether only a count, a day and a telephone number go that way."""
    return (address.partition(":")[0] if channel == RELAY else channel) in _SHORT


def mobile_number(address: str) -> str | None:
    """The nine digits behind the 0 of a Vietnamese mobile number, however it is written; None for anything else."""
    found = _MOBILE.fullmatch(re.sub(r"[\s.\-]", "", address))
    return found[1] if found else None


def usable_address(channel: str, address: str) -> str:
    """The address as it is kept. Raises BadContact where it cannot be one of that channel."""
    address = address.strip()
    match channel:
        case "email" if not _MAIL.fullmatch(address):
            said = _("Địa chỉ thư điện tử {address} không đúng dạng ten@co-quan.vn.")
        case "url" if "://" not in address:
            said = _("Địa chỉ {address} không phải URL của Apprise.")
        case "sms" | "zalo":
            if (number := mobile_number(address)) is not None:
                return f"0{number}"
            said = _("Số {address} không phải số di động Việt Nam (10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09).")
        case "telegram" if not _CHAT.fullmatch(address):
            said = _("{address} không phải mã hội thoại Telegram (một dãy số, hoặc @tên).")
        case "relay":
            return _relayed(address)
        case _ if channel in CHANNELS:
            return address
        case _:
            said = _("Không có cách gửi {channel}.")
    raise BadContact(said.format(address=address, channel=channel))


def _relayed(address: str) -> str:
    """``email:van-thu@so.example``: how the machine outside is to send it, and where to."""
    channel, colon, rest = address.partition(":")
    if not colon or channel.strip() not in RELAYED:
        said = _("Địa chỉ chuyển tệp phải ghi cách gửi ở máy ngoài: email:ten@co-quan.vn, sms:0912345678, zalo:…")
        raise BadContact(said)
    channel = channel.strip()
    return f"{channel}:{usable_address(channel, rest)}"
