"""One HTTP request in bounded time, and how far it came: what a sender must know before it may try again.

A server that could not be reached, or was lost before the whole request had been handed to the operating system,
cannot have acted on it: that is a temporary failure. Lost later, nobody knows (D8). Redirects are not followed: they
would carry a token elsewhere. Errors name the host alone, because a path or a query may hold a secret.
"""

from __future__ import annotations

import http.client
import json
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from queue import Empty, Queue
from typing import Any
from urllib.parse import urlsplit

from notifications.errors import ChannelError, FateUnknown
from plans.text import _

TIMEOUT = 60.0  # seconds for one request with its answer
_LARGEST = 65_536  # bytes of an answer that are read
_ASKED_TO_WAIT = (429, 503)
_NOT_LET_IN = (401, 403, 407)


@dataclass(frozen=True, slots=True)
class Call:
    """A request; ``service`` is what people call the other side."""

    service: str
    url: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    retry_after: float | None = None  # seconds, as its header says

    def document(self) -> Any:
        """The JSON in it; None where there is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


def call(request: Call, *, timeout: float = TIMEOUT) -> Answer:
    """The answer, whatever its status. Raises ChannelError (temporary: it cannot have been acted on), FateUnknown."""
    progress = _Progress()
    ends: Queue[Answer | Exception] = Queue()
    # A daemon, because neither a name look-up nor an answer that comes by single bytes ends by itself in time.
    threading.Thread(target=_ask, args=(request, timeout, progress, ends), daemon=True, name="http-call").start()
    try:
        end = ends.get(timeout=timeout)
    except Empty:
        raise _lost(request, progress, _("không trả lời trong {seconds} giây").format(seconds=f"{timeout:g}")) from None
    if isinstance(end, ssl.SSLCertVerificationError):
        said = _("{service}: chứng thư số của {host} không được xác nhận.")
        raise ChannelError(said.format(service=request.service, host=_host(request)), ours=True) from None
    if isinstance(end, Exception):  # its words may hold the address, so only its kind goes on
        raise _lost(request, progress, _why(end)) from None
    return end


def raise_for_status(request: Call, answer: Answer) -> None:
    """What a status alone says, where the body says nothing. Raises ChannelError, FateUnknown for all but 2xx."""
    status = answer.status
    if 200 <= status < 300:
        return
    said = _("{service} không nhận (mã HTTP {status}).").format(service=request.service, status=status)
    if status in _ASKED_TO_WAIT:
        raise ChannelError(said, retry_after=answer.retry_after)
    if status >= 500:  # it may have come further than whoever answers: a proxy, or a fault after the deed
        raise FateUnknown(_("{why} Không rõ tin đã được nhận hay chưa.").format(why=said))
    if status in _NOT_LET_IN:
        said = _("{service} không cho vào (mã HTTP {status}): xem lại khóa, mật khẩu trong cài đặt.")
        said = said.format(service=request.service, status=status)
    raise ChannelError(said, ours=True)


@dataclass
class _Progress:
    """How far a request came; written by the thread that makes it, read when it is given up."""

    handed_over: bool = False  # the whole request, to the operating system


def _ask(request: Call, timeout: float, progress: _Progress, ends: Queue[Answer | Exception]) -> None:
    try:
        ends.put(_dialogue(request, timeout, progress))
    except Exception as error:  # told to the caller, who knows what it means
        ends.put(error)


def _dialogue(request: Call, timeout: float, progress: _Progress) -> Answer:
    parts = urlsplit(request.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise http.client.InvalidURL
    made: http.client.HTTPConnection
    if parts.scheme == "https":
        made = http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=timeout, context=ssl.create_default_context()
        )
    else:
        made = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        made.request(request.method, path, request.body, dict(request.headers))
        progress.handed_over = True
        said = made.getresponse()
        return Answer(said.status, said.read(_LARGEST), _seconds(said.getheader("Retry-After")))
    finally:
        made.close()


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.strip().isdecimal() else None


def _lost(request: Call, progress: _Progress, why: str) -> ChannelError:
    names = {"service": request.service, "host": _host(request), "why": why}
    if progress.handed_over:
        return FateUnknown(_("{service} ({host}): {why}. Không rõ tin đã được nhận hay chưa.").format(**names))
    return ChannelError(_("{service} ({host}): {why}. Tin chưa được chuyển.").format(**names))


def _why(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return _("máy chủ không mở cổng này")
    if isinstance(error, TimeoutError):
        return _("không trả lời")
    if isinstance(error, http.client.InvalidURL | ValueError):
        return _("địa chỉ trong cài đặt không đúng")
    if isinstance(error, OSError | http.client.HTTPException):
        return _("mất kết nối")
    return type(error).__name__


def _host(request: Call) -> str:
    return urlsplit(request.url).hostname or "?"
