"""Other services by their Apprise URL, on this machine: one that takes, one that refuses, one that hangs."""

from __future__ import annotations

import json
import logging
import socket
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
    """What the server was sent, and how it answers; ``drops``: it takes the message and hangs up."""

    status: int = 200
    drops: bool = False
    pause: float = 0.0
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
            threading.Event().wait(service.pause)
            if service.drops:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
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


@pytest.mark.parametrize("status", [401, 403, 408, 429, 500, 503])
def test_a_refusal_is_a_temporary_failure_since_apprise_gives_no_reason(status: int) -> None:
    with _serving(Service(status=status)) as service, pytest.raises(ChannelError) as caught:
        AppriseChannel().send(_letter(f"json://127.0.0.1:{service.port}/x"))
    assert not caught.value.permanent
    assert not isinstance(caught.value, FateUnknown)


@pytest.mark.parametrize("status", [400, 404, 405, 410, 413, 415, 422])
def test_a_request_that_will_never_do_is_a_permanent_failure(status: int) -> None:
    with _serving(Service(status=status)) as service, pytest.raises(ChannelError) as caught:
        AppriseChannel().send(_letter(f"json://127.0.0.1:{service.port}/x"))
    assert (type(caught.value), caught.value.permanent) == (ChannelError, True)


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


@pytest.mark.parametrize("timeout", [0.3, 1.0], ids=["before Apprise gives up", "after Apprise would have"])
def test_a_service_that_hangs_leaves_the_fate_unknown_within_the_time_allowed(timeout: float) -> None:
    with _serving(Service(hold=threading.Event())) as service, pytest.raises(FateUnknown):
        AppriseChannel(timeout=timeout).send(_letter(f"json://127.0.0.1:{service.port}/x?rto=0.2"))
    assert len(service.got) == 1, "it had been handed over, so nobody can say that it was not taken"


def test_each_letter_is_for_one_recipient_and_a_fresh_object_each() -> None:
    with _serving(Service()) as service:
        channel = AppriseChannel()
        for number in range(3):
            channel.send(_letter(f"json://127.0.0.1:{service.port}/{number}"))
    assert len(service.got) == 3


def test_a_slow_service_is_waited_for_longer_than_apprise_would() -> None:
    with _serving(Service(pause=0.6)) as service:
        AppriseChannel(timeout=20).send(_letter(f"json://127.0.0.1:{service.port}/x?rto=0.1"))


def test_a_service_that_hangs_up_after_it_was_told_leaves_the_fate_unknown() -> None:
    with _serving(Service(drops=True)) as service, pytest.raises(FateUnknown, match="mất kết nối"):
        AppriseChannel().send(_letter(f"json://127.0.0.1:{service.port}/x"))
    assert len(service.got) == 1


def test_a_refusal_names_the_service_and_its_answer() -> None:
    with _serving(Service(status=503)) as service, pytest.raises(ChannelError) as caught:
        AppriseChannel().send(_letter(f"json://127.0.0.1:{service.port}/x"))
    assert str(caught.value) == "Dịch vụ json không nhận thông báo (mã 503)."


@pytest.mark.parametrize("between", [",", " ", "&"], ids=["comma", "blank", "targets"])
def test_an_address_of_several_recipients_is_refused_since_one_answer_would_stand_for_all(between: str) -> None:
    with _serving(Service()) as service:
        one = f"json://127.0.0.1:{service.port}/x"
        both = "dondoc://127.0.0.1/a@x.example/b@x.example?from=c@x.example" if between == "&" else one + between + one
        with pytest.raises(ChannelError, match="nhiều người nhận") as caught:
            AppriseChannel().send(_letter(both))
    assert caught.value.permanent
    assert service.got == []


def test_a_thread_that_hangs_does_not_keep_the_process_from_ending() -> None:
    with _serving(Service(hold=threading.Event())) as service:
        with pytest.raises(FateUnknown):
            AppriseChannel(timeout=0.2).send(_letter(f"json://127.0.0.1:{service.port}/x"))
        left = [thread for thread in threading.enumerate() if thread.name.endswith("(_send)")]
        assert left
        assert all(thread.daemon for thread in left)


# --- Secrets -----------------------------------------------------------------------------------------------------

SECRETS = ("Mat-Khau-77", "Token-4711", "Khoa-42")


@pytest.mark.parametrize("deed", ["takes", "refuses", "drops", "hangs", "nobody", "no address", "our fault"])
def test_secrets_of_an_address_reach_neither_a_log_nor_a_reason(
    deed: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(1)
    password, token, key = SECRETS
    hold = threading.Event() if deed == "hangs" else None
    reason = ""
    if deed == "our fault":
        monkeypatch.setattr("apprise.Apprise.notify", _raises)
    with _serving(Service(status=500 if deed == "refuses" else 200, drops=deed == "drops", hold=hold)) as service:
        port = 9 if deed == "nobody" else service.port
        schema = "nothing-known" if deed == "no address" else "json"
        try:
            address = f"{schema}://doc:{password}@127.0.0.1:{port}/{token}?+X-Key={key}"
            AppriseChannel(timeout=0.5 if hold else 20).send(_letter(address))
        except ChannelError as error:
            reason = f"{error} {error.__cause__} {error.__context__}"
    assert bool(reason) is (deed != "takes")
    written = reason + "".join(f"{record.getMessage()} {record.exc_info}" for record in caplog.records)
    assert not [secret for secret in SECRETS if secret in written]


def _raises(*_arguments: Any, **_options: Any) -> None:
    raise ValueError(f"https://x.example/{SECRETS[1]}")


def test_other_threads_are_not_listened_to(caplog: pytest.LogCaptureFixture) -> None:
    with _serving(Service()) as service:
        AppriseChannel().send(_letter(f"json://127.0.0.1:{service.port}/x"))
    caplog.set_level(1)
    logging.getLogger("apprise").warning("of somebody else")
    assert [record.getMessage() for record in caplog.records] == ["of somebody else"]
