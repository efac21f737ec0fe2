"""The sign of life: heard by a real server, never in the way, its address never told."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from pydantic import SecretStr

from app.heartbeat import tell, usable


class Watcher(HTTPServer):
    asked: list[str]
    status = 200


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Watcher)
        self.server.asked.append(self.path)
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    server = Watcher(("127.0.0.1", 0), Handler)
    server.asked = []
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def url(server: Watcher, path: str = "/ping/bi-mat") -> SecretStr:
    return SecretStr(f"http://127.0.0.1:{server.server_address[1]}{path}")


def test_the_watcher_hears_of_success_and_of_failure(watcher: Watcher) -> None:
    assert tell(url(watcher), ok=True)
    assert tell(url(watcher), ok=False)
    assert tell(url(watcher, "/ping/?rid=1"), ok=False)
    assert watcher.asked == ["/ping/bi-mat", "/ping/bi-mat/fail", "/ping/fail?rid=1"]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_refusal_is_noted_without_the_address_and_followed_nowhere(
    watcher: Watcher, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    watcher.status = status
    with caplog.at_level(logging.DEBUG):
        assert not tell(url(watcher), ok=True)
    assert watcher.asked == ["/ping/bi-mat"]
    assert f"HTTP {status}" in caplog.text
    assert "bi-mat" not in caplog.text


def test_nobody_there_and_no_address_break_nothing(watcher: Watcher, caplog: pytest.LogCaptureFixture) -> None:
    gone = SecretStr("http://127.0.0.1:1/bi-mat")
    assert not tell(gone, ok=True)
    assert not tell(SecretStr(""), ok=True)
    assert not tell(SecretStr("file:///etc/bi-mat"), ok=True)
    assert "bi-mat" not in caplog.text


def test_only_http_and_https_are_usable() -> None:
    assert usable(SecretStr("https://hc.example/ping/1"))
    for bad in ("", "ftp://hc.example/1", "https://", "http://[broken", "hc.example/1"):
        assert not usable(SecretStr(bad))
