"""Every other service, by its Apprise URL: one recipient at a time, a fresh object each, in bounded time.

Apprise answers True, False or None and gives no reason. What it writes into its log meanwhile is kept out of every
log, because it holds the address and with it the secret; from it we only learn how far the hand-over came: a service
that could not be reached has not got the message, a line that broke later leaves its fate unknown. Telegram goes
through our own plugin: yes and no cannot tell a blocked bot from a busy server (docs/decisions/).
"""

from __future__ import annotations

import logging
import re
import threading
from dataclasses import replace
from queue import Empty, Queue
from typing import Any

from notifications.channels import telegram
from notifications.channels.base import Letter, Taken
from notifications.errors import ChannelError, FateUnknown
from plans.text import _

TIMEOUT = 60.0  # seconds for one message
_TALKATIVE = ("apprise", "urllib3.connection", "urllib3.connectionpool", "urllib3.util.retry")
_ANSWERED = re.compile(r"\berror=([1-5][0-9]{2})\b")  # how Apprise's services tell of a status
_FOR_GOOD = ("400", "404", "405", "410", "413", "415", "422")  # the same request will fare the same (RFC 9110)
_BROKEN = re.compile(r"socket exception|connection error", re.IGNORECASE)
_NEVER_REACHED = re.compile(r"NewConnectionError|ConnectTimeout|NameResolution|SSLError|ProxyError|InvalidURL")


class AppriseChannel:
    """The letter's address is the Apprise URL of the recipient (``tgram://…``, ``json://…``)."""

    def __init__(self, timeout: float = TIMEOUT, *, telegram_api: str = telegram.API) -> None:
        self.timeout = timeout
        self.telegram_api = telegram_api

    def send(self, letter: Letter) -> Taken | None:
        service = letter.address.partition("://")[0].lower()
        if service == telegram.SCHEMA:
            channel, chat = telegram.from_url(letter.address, timeout=self.timeout, api=self.telegram_api)
            return channel.send(replace(letter, address=chat))
        ends: Queue[ChannelError | None] = Queue()
        # A daemon: a service that never answers must not keep the process from ending.
        sender = threading.Thread(target=_send, args=(letter, service, self.timeout, ends), daemon=True)
        sender.start()
        try:
            error = ends.get(timeout=self.timeout)
        except Empty:
            said = _("Dịch vụ {service} không trả lời trong {seconds} giây. Không rõ thông báo đã đến hay chưa.")
            raise FateUnknown(said.format(service=service, seconds=f"{self.timeout:g}")) from None
        if error is not None:
            raise error
        return None


def _send(letter: Letter, service: str, timeout: float, ends: Queue[ChannelError | None]) -> None:
    with _Overheard() as said:
        try:
            taken = _notify(letter, timeout)
        except ChannelError as error:
            ends.put(error)
        except Exception as error:  # its words may hold the address, so only its name goes on
            ends.put(_unclear(service, type(error).__name__))
        else:
            ends.put(None if taken else _fate(service, said.lines))


def _notify(letter: Letter, timeout: float) -> bool:
    import apprise  # here, because most processes never send this way and it is slow to load

    from notifications.channels import plugin

    plugin.register()
    recipient: Any = apprise.Apprise()
    if not recipient.add(letter.address):
        raise ChannelError(_("Địa chỉ này không phải URL mà Apprise hiểu."), permanent=True)
    if sum(max(len(each), 1) for each in recipient) > 1:
        # It would answer one no for all, and those who had got it would get it again.
        raise ChannelError(_("Địa chỉ này có nhiều người nhận. Hãy khai mỗi người một địa chỉ."), permanent=True)
    for each in recipient:
        each.socket_read_timeout = 2 * timeout  # Apprise calls its own time-out, 4 s, a refusal; ours is unknown
    taken = recipient.notify(title=letter.subject, body=letter.text, body_format=apprise.NotifyFormat.TEXT)
    return taken is True


def _fate(service: str, said: list[str]) -> ChannelError:
    """What a no means, as far as can be told."""
    lines = "\n".join(said)
    if answered := _ANSWERED.search(lines):
        refused = _("Dịch vụ {service} không nhận thông báo (mã {code}).")
        return ChannelError(refused.format(service=service, code=answered[1]), permanent=answered[1] in _FOR_GOOD)
    if _BROKEN.search(lines) and not _NEVER_REACHED.search(lines):
        return _unclear(service, _("mất kết nối"))
    if _BROKEN.search(lines):
        return ChannelError(_("Không kết nối được dịch vụ {service}.").format(service=service))
    return ChannelError(_("Dịch vụ {service} không nhận thông báo.").format(service=service))


def _unclear(service: str, why: str) -> FateUnknown:
    said = _("Dịch vụ {service}: {why}. Không rõ thông báo đã đến hay chưa.")
    return FateUnknown(said.format(service=service, why=why))


class _Overheard:
    """What the libraries write into their logs in this thread goes here and nowhere else."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __enter__(self) -> _Overheard:
        _listen()
        _thread.said = self.lines
        return self

    def __exit__(self, *_error: object) -> None:
        _thread.said = None


_thread = threading.local()
_listening = threading.Lock()


class _Diverted(logging.Filter):
    """``usual``: the level of the logger before it was asked to say everything."""

    def __init__(self, usual: int) -> None:
        super().__init__()
        self.usual = usual

    def filter(self, record: logging.LogRecord) -> bool:
        said: list[str] | None = getattr(_thread, "said", None)
        if said is None:
            return record.levelno >= self.usual
        said.append(record.getMessage())
        return False


def _listen() -> None:
    with _listening:
        for name in _TALKATIVE:
            logger = logging.getLogger(name)
            if not any(isinstance(each, _Diverted) for each in logger.filters):
                logger.addFilter(_Diverted(logger.getEffectiveLevel()))
                logger.setLevel(1)  # below DEBUG: Apprise writes whole addresses at a level of its own
