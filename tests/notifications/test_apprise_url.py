"""Other services by their Apprise URL, on this machine: one that takes, one that refuses, one that hangs."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from notifications.channels.apprise_url import AppriseChannel
from notifications.channels.base import Letter
from notifications.errors import ChannelError, FateUnknown


@dataclass
class Service:
    """What the server was sent, and how it answers."""

    status: int = 200
    hold: threading.Event | None = None
    got: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0


@contextmanager
def _serving(service: Service) -> Iterator[Service]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.got.append(json.loads(body))
            if service.hold is not None:
                service.hold.wait(10)
            self.send_response(service.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Says nothing on the test's screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield service
    finally:
        if service.hold is not None:
            service.hold.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _letter(address: str) -> Letter:
    return Letter(
        message_id="<1@dondoc.invalid>", sender="Công an tỉnh", reply_to=None, person="Văn thư", address=address,
        subject="Nhắc việc: Báo cáo năm", text="Kính gửi Sở Tài chính\nĐề nghị gửi báo cáo.", html="<p>Kính gửi</p>",
    )  # fmt: skip


def test_a_letter_reaches_the_service_word_for_word() -> None:
    with _serving(Service()) as service:
        AppriseChannel().send(_letter(f"json://127.0.0.1:{service.port}/x"))
    [got] = service.got
    assert got["title"] == "Nhắc việc: Báo cáo năm"
    assert got["message"] == "Kính gửi Sở Tài chính\nĐề nghị gửi báo cáo."


@pytest.mark.parametrize("status", [400, 500, 503])
def test_a_refusal_is_a_temporary_failure_since_apprise_gives_no_reason(status: int) -> None:
    with _serving(Service(status=status)) as service, pytest.raises(ChannelError) as caught:
        AppriseChannel().send(_letter(f"json://127.0.0.1:{service.port}/x"))
    assert not caught.value.permanent
    assert not isinstance(caught.value, FateUnknown)


def test_nobody_there_is_a_temporary_failure() -> None:
    with _serving(Service()) as service:
        port = service.port
    with pytest.raises(ChannelError) as caught:
        AppriseChannel().send(_letter(f"json://127.0.0.1:{port}/x"))
    assert not caught.value.permanent


def test_what_is_no_apprise_address_is_a_permanent_failure() -> None:
    with pytest.raises(ChannelError) as caught:
        AppriseChannel().send(_letter("nothing-known://x"))
    assert caught.value.permanent


def test_a_service_that_hangs_leaves_the_fate_unknown_within_the_time_allowed() -> None:
    with _serving(Service(hold=threading.Event())) as service, pytest.raises(FateUnknown):
        AppriseChannel(timeout=0.3).send(_letter(f"json://127.0.0.1:{service.port}/x"))
    assert len(service.got) == 1, "it had been handed over, so nobody can say that it was not taken"


def test_each_letter_is_for_one_recipient_and_a_fresh_object_each() -> None:
    with _serving(Service()) as service:
        channel = AppriseChannel()
        for number in range(3):
            channel.send(_letter(f"json://127.0.0.1:{service.port}/{number}"))
    assert len(service.got) == 3
