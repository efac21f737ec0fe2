"""Telegram by its own Bot API, because Apprise's yes or no cannot tell a blocked bot from a busy server.

The bot's token stands in the settings (``DONDOC_TELEGRAM_TOKEN``), an address is the number of a chat. An Apprise URL
``tgram://token/chat`` of the channel ``url`` comes here as well. What answers mean: core.telegram.org/bots/api,
"Making requests" and "ResponseParameters".
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote, urlsplit

from notifications.channels.base import Letter, Taken
from notifications.channels.http_call import TIMEOUT, Answer, Call, call, raise_for_status
from notifications.errors import ChannelError, FateUnknown
from notifications.short_limits import units
from plans.text import _

API = "https://api.telegram.org"
LONGEST = 4096  # UTF-16 units of one message
SCHEMA = "tgram"
_BAD_TOKEN = (401, 404)
_FLOOD = (420, 429)


class TelegramChannel:
    """The letter's address is the chat: a number, or @channel."""

    def __init__(self, token: str, *, api: str = API, timeout: float = TIMEOUT) -> None:
        self._token, self._api, self._timeout = token, api.rstrip("/"), timeout

    def send(self, letter: Letter) -> Taken:
        """Raises ChannelError, FateUnknown."""
        text, cut = _fitted(f"{letter.subject}\n\n{letter.text}".strip())
        body = {"chat_id": letter.address, "text": text, "link_preview_options": {"is_disabled": True}}
        headers = {"Content-Type": "application/json"}
        url = f"{self._api}/bot{self._token}/sendMessage"
        request = Call("Telegram", url, json.dumps(body, ensure_ascii=False).encode(), headers)
        number = _number(request, call(request, timeout=self._timeout))
        said = (
            _("Telegram, tin số {number}; phần cuối được lược bớt vì quá dài.")
            if cut
            else _("Telegram, tin số {number}.")
        )
        return Taken(said.format(number=number))


def from_url(address: str, *, timeout: float = TIMEOUT, api: str = API) -> tuple[TelegramChannel, str]:
    """The channel and the chat of ``tgram://token/chat``. Raises ChannelError (permanent): not of that form."""
    try:
        parts = urlsplit(address)
        token = parts.netloc.rpartition("@")[2]
        [chat] = [unquote(part) for part in parts.path.split("/") if part]
    except ValueError:
        token = chat = ""
    if not token or not chat or "," in chat:
        said = _("Địa chỉ Telegram phải có dạng tgram://mã-bot/mã-hội-thoại, mỗi địa chỉ một hội thoại.")
        raise ChannelError(said, permanent=True)
    return TelegramChannel(token, timeout=timeout, api=api), chat


def known_bot(token: str, *, api: str = API, timeout: float = TIMEOUT) -> str:
    """The name under which Telegram knows the bot; nothing is sent. Raises ChannelError."""
    request = Call("Telegram", f"{api.rstrip('/')}/bot{token}/getMe", b"", method="GET")
    answer = call(request, timeout=timeout)
    said = answer.document()
    if isinstance(said, dict) and said.get("ok") is True and isinstance(said.get("result"), dict):
        return "@" + str(said["result"].get("username", "?"))
    if isinstance(said, dict) and said.get("ok") is False:
        raise _refusal(said, answer)
    raise_for_status(request, answer)
    raise ChannelError(_("Telegram trả lời không đọc được."))


def _number(request: Call, answer: Answer) -> int | str:
    """The number that Telegram gave the message. Raises ChannelError, FateUnknown."""
    said = answer.document()
    if not isinstance(said, dict) or not isinstance(said.get("ok"), bool):
        raise_for_status(request, answer)
        raise FateUnknown(_("Telegram trả lời không đọc được. Không rõ tin đã được nhận hay chưa."))
    if said["ok"]:
        result = said.get("result")
        return result.get("message_id", "?") if isinstance(result, dict) else "?"
    raise _refusal(said, answer)


def _refusal(said: dict[str, Any], answer: Answer) -> ChannelError:
    code = said.get("error_code", answer.status)
    words = " ".join(str(said.get("description", "")).split())[:200]
    told = _("Telegram không nhận: {why} (mã {code}).").format(why=words or "?", code=code)
    more = said.get("parameters")
    more = more if isinstance(more, dict) else {}
    if code in _FLOOD:
        wait = more.get("retry_after", answer.retry_after)
        return ChannelError(told, retry_after=float(wait) if isinstance(wait, int | float) else None)
    if code in _BAD_TOKEN:
        return ChannelError(_("Telegram không nhận mã bot: xem lại DONDOC_TELEGRAM_TOKEN."), ours=True)
    return ChannelError(told, permanent=code in (400, 403))


def _fitted(text: str) -> tuple[str, bool]:
    """The text within Telegram's limit, cut at the end of a line, and whether something is missing."""
    if units(text) <= LONGEST:
        return text, False
    end = "\n" + _("(Thông báo dài, phần sau được lược bớt. Hỏi đơn vị gửi để nhận bản đầy đủ.)")
    lines, used = [], units(end)
    for line in text.splitlines():
        used += units(line) + 1
        if used > LONGEST:
            break
        lines.append(line)
    return "\n".join(lines or [text[: LONGEST // 2 - len(end)]]) + end, True
