"""Which ways of sending are set up, what each means, and by which setting. Secrets are never among it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from app.settings import Settings
from notifications.channels.names import CHANNELS, channel_word
from notifications.tables import contact, message
from plans.text import _


@dataclass(frozen=True, slots=True)
class ChannelState:
    """``people``: how many addresses are reached that way; ``waiting``: messages carried out without a receipt."""

    name: str
    word: str
    is_set: bool
    meaning: str
    setting: str
    people: int
    waiting: int = 0


def channel_states(connection: Connection, settings: Settings) -> list[ChannelState]:
    """Every way of sending, in the order of ``CHANNELS``."""
    used = select(contact.c.channel, func.count()).where(contact.c.active.is_(True)).group_by(contact.c.channel)
    people: Mapping[str, int] = {row[0]: row[1] for row in connection.execute(used)}
    relayed = select(func.count()).select_from(message).where(message.c.status == "relayed")
    waiting = connection.execute(relayed).scalar_one()
    set_up, meanings, settings_of = _set_up(settings), _meanings(settings), _settings_of()
    return [
        ChannelState(
            name, channel_word(name), set_up[name], meanings[name], settings_of[name], people.get(name, 0),
            waiting if name == "relay" else 0,
        )
        for name in CHANNELS
    ]  # fmt: skip


def _set_up(settings: Settings) -> dict[str, bool]:
    return {
        "email": bool(settings.mail_url.get_secret_value()),
        "sms": bool(settings.sms_gateway),
        "zalo": bool(settings.zalo_app_id),
        "telegram": bool(settings.telegram_token.get_secret_value()),
        "url": True,
        "relay": bool(settings.relay_folder),
    }


def _settings_of() -> dict[str, str]:
    return {
        "email": "DONDOC_MAIL_URL",
        "sms": "DONDOC_SMS_GATEWAY, DONDOC_SMS_BRAND, DONDOC_SMS_KEY",
        "zalo": "DONDOC_ZALO_APP_ID, DONDOC_ZALO_APP_SECRET, DONDOC_ZALO_REFRESH_TOKEN, DONDOC_ZALO_TEMPLATE",
        "telegram": "DONDOC_TELEGRAM_TOKEN",
        "url": "",
        "relay": "DONDOC_RELAY_FOLDER",
    }


def _meanings(settings: Settings) -> dict[str, str]:
    mail = bool(settings.mail_url.get_secret_value())
    return {
        "email": _("Thông báo được gửi qua máy chủ thư của cơ quan.")
        if mail
        else _("Chưa gửi cho ai: thông báo được ghi thành tệp trong thư mục outbox."),
        "sms": _sms(settings),
        "zalo": _("Một mẫu ZNS: số việc, hạn gần nhất, điện thoại."),
        "telegram": _("Nguyên văn thông báo, qua bot của đơn vị."),
        "url": _("Nguyên văn thông báo; khóa nằm trong địa chỉ của từng người nhận và được giữ kín."),
        "relay": _("Tệp có chữ ký, người mang ra ngoài để gửi; có biên nhận mới tính là đã gửi."),
    }


def _sms(settings: Settings) -> str:
    if not settings.sms_gateway:
        return _("Một bản tin: số việc, hạn gần nhất, điện thoại.")
    own = "/" in settings.sms_gateway or "." in settings.sms_gateway
    gateway = _("mô tả riêng") if own else settings.sms_gateway
    letters = _("có dấu") if settings.sms_diacritics else _("không dấu")
    said = _("Một bản tin: số việc, hạn gần nhất, điện thoại; {gateway}, tên {brand}, {letters}.")
    return said.format(gateway=gateway, brand=settings.sms_brand or "–", letters=letters)
