"""A sign of life for a watcher outside, in the manner of healthchecks: a URL that is asked for after each round.

The URL is a secret: whoever knows it can feign a living dondoc. It is never logged, not even in an error. A round
must never fail or hang because of it.
"""

from __future__ import annotations

import http.client
import logging
from queue import Empty, Queue
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pydantic import SecretStr

log = logging.getLogger(__name__)

TIMEOUT = 10.0  # seconds for everything together
_SCHEMES = ("http", "https")


class _Stay(HTTPRedirectHandler):
    """Goes nowhere else: an address that moved is to be changed in the settings."""

    def redirect_request(self, *_asked: Any, **_more: Any) -> None:
        return None


def usable(url: SecretStr) -> bool:
    """Whether it is an address that can be asked at all."""
    try:
        parts = urlsplit(url.get_secret_value())
        return parts.scheme in _SCHEMES and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def tell(url: SecretStr, *, ok: bool, timeout: float = TIMEOUT) -> bool:
    """Says that a round went well, or (``/fail``) that it did not; returns whether the watcher heard it.

    An empty URL is the default: nobody is told. Proxies are those of the environment.
    """
    if not url.get_secret_value():
        return False
    if not usable(url):
        log.warning("heartbeat: DONDOC_HEARTBEAT_URL is no http(s) address")
        return False
    answers: Queue[str] = Queue()
    asked = _target(url.get_secret_value(), ok=ok)
    # in a thread: nothing else bounds a name look-up, or a server that answers one byte at a time
    Thread(target=lambda: answers.put(_ask(asked, timeout)), daemon=True, name="heartbeat").start()
    try:
        trouble = answers.get(timeout=timeout)
    except Empty:
        trouble = f"no answer within {timeout:g} s"
    if trouble:
        log.warning("heartbeat: the watcher was not reached: %s", trouble)
    return not trouble


def _target(url: str, *, ok: bool) -> str:
    parts = urlsplit(url)
    return url if ok else urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/fail"))


def _ask(url: str, timeout: float) -> str:
    """What went wrong, in words that do not hold the address; empty where the watcher said 2xx."""
    request = Request(url, headers={"User-Agent": "dondoc"})  # noqa: S310 - http and https only
    try:
        with build_opener(_Stay).open(request, timeout=timeout):
            return ""
    except HTTPError as error:
        error.close()
        return f"HTTP {error.code}"
    except (OSError, ValueError, http.client.HTTPException) as error:
        return type(error).__name__
