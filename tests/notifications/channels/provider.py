"""A provider on this machine: answers as it is told, and keeps what it was asked."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from notifications.channels.base import Letter
from tests.support import at

NOW = at("2024-12-09 08:00")


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


@dataclass(frozen=True)
class Says:
    """One answer. ``drops``: it reads the request and hangs up; ``hangs``: it reads it and never answers."""

    document: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    drops: bool = False
    hangs: bool = False

    @property
    def body(self) -> bytes:
        return self.raw if self.raw is not None else json.dumps(self.document).encode()


@dataclass
class Provider:
    """``says``: what it answers, in turn; the last answer goes on."""

    says: list[Says]
    asked: list[Asked] = field(default_factory=list)
    url: str = ""
    ended: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, asked: Asked) -> Says:
        with self._lock:
            self.asked.append(asked)
            return self.says.pop(0) if len(self.says) > 1 else self.says[0]


@contextmanager
def provider(*says: Says, tls: ssl.SSLContext | None = None) -> Iterator[Provider]:
    """Serves until the block ends. ``tls``: with this certificate."""
    made = Provider(list(says) or [Says()])

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = made.next(Asked(self.command, self.path, dict(self.headers), body))
            if answer.hangs:
                made.ended.wait(20)
            if answer.drops or answer.hangs:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_POST = do_GET = _answer  # noqa: N815 - the names of http.server

        def log_message(self, *_args: Any) -> None:
            """Says nothing on the test's screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    made.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield made
    finally:
        made.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def nobody() -> str:
    """An address where no server is."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


FIELDS = {"co_quan": "Sở Tài chính", "so_viec": "03", "han": "16/12/2024", "noi_dung": "03 việc, hạn gần nhất 16/12",
          "dien_thoai": "0212 385 0000"}  # fmt: skip


def letter(address: str, **changes: Any) -> Letter:
    text = "Sở Tài chính: 03 việc, hạn gần nhất 16/12. ĐT 0212 385 0000"
    told: dict[str, Any] = {
        "message_id": "<0c6f2a1e-7d3b-4f55-9a0e-3b1f6f0f6a77@dondoc.invalid>",
        "sender": "Công an tỉnh Mẫu (PC10)",
        "reply_to": None,
        "person": "Văn thư",
        "address": address,
        "subject": text,
        "text": text + "\n",
        "html": "",
        "written": NOW,
        "day": NOW.date(),
        "kind": "digest",
        "fields": FIELDS,
    }
    return Letter(**{**told, **changes})
