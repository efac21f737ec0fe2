"""A mail server that does what a script says at each step: refuses, hangs, drops the line, talks nonsense."""

from __future__ import annotations

import re
import socket
import socketserver
import ssl
import struct
from collections.abc import Callable
from enum import Enum
from threading import Event, Lock, Thread
from typing import Any

STEPS = ("banner", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "body", "dot")
WELL = {
    "banner": "220 mx.test ESMTP",
    "EHLO": "250-mx.test\r\n250-STARTTLS\r\n250-AUTH PLAIN\r\n250 8BITMIME",
    "STARTTLS": "220 go on",
    "AUTH": "235 2.7.0 welcome",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go on",
    "dot": "250 2.0.0 taken",
    "RSET": "250 ok",
    "QUIT": "221 bye",
}


class Deed(Enum):
    """What can be done instead of answering."""

    DROP = "drop"
    HANG = "hang"
    DRIBBLE = "dribble"  # one letter of an endless answer now and then
    DAWDLE = "dawdle"  # the right answer, after a while


Script = Callable[[str, int, int], str | Deed | None]  # (step, connection, letter), both counted from 1


class HostileServer(socketserver.ThreadingTCPServer):
    """Follows ``script``; None means: behave well.

    ``received`` holds the Message-ID of each letter whose dot came, ``kept`` of those that were not refused then:
    whatever the sender was told, these are with the recipient. ``cover`` is what STARTTLS leads to.
    """

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = True

    def __init__(self, script: Script | None = None, *, port: int = 0, cover: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", port), _Talk)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)  # what is not read stays with the sender
        self.script: Script = script or (lambda step, connection, letter: None)
        self.cover = cover
        self.received: list[str] = []
        self.kept: list[str] = []
        self.steps: list[str] = []
        self.connections = 0
        self.over = Event()
        self.lock = Lock()
        self._thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def __enter__(self) -> HostileServer:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        self.shutdown()
        self.server_close()
        self._thread.join()


class _Gone(Exception):
    pass


class _Talk(socketserver.BaseRequestHandler):
    server: HostileServer
    request: socket.socket

    def setup(self) -> None:
        with self.server.lock:
            self.server.connections += 1
            self.number = self.server.connections
        self.letter = 1
        self.rest = b""
        self.request.settimeout(0.05)

    def handle(self) -> None:
        try:
            self._act("banner")
            while True:
                self._answer(self._read_until(b"\r\n").decode())
        except (_Gone, OSError):
            return

    def finish(self) -> None:
        self.request.close()

    def _answer(self, line: str) -> None:
        verb = line.split()[0].upper().partition(":")[0]
        step = "EHLO" if verb == "HELO" else verb
        did = self._act(step)
        if step == "QUIT":
            raise _Gone
        if step == "STARTTLS" and not str(did).startswith(("4", "5")):
            self._begin_tls()
        if step == "DATA" and not did:
            self._take_letter()

    def _begin_tls(self) -> None:
        if self.server.cover is None:
            self._hang()
            return
        self.request.settimeout(20)
        self.request = self.server.cover.wrap_socket(self.request, server_side=True)
        self.request.settimeout(0.05)

    def _take_letter(self) -> None:
        if deed := self._instead("body"):
            self._read_some()
            self._do(deed)
        body = self._read_until(b"\r\n.\r\n")
        found = re.search(rb"^Message-ID: (\S+)", body, re.MULTILINE)
        assert found
        with self.server.lock:
            self.server.received.append(found[1].decode())
            self.server.steps.append("dot")
        deed = self._instead("dot")
        if not str(deed).startswith(("4", "5")):
            with self.server.lock:
                self.server.kept.append(found[1].decode())
        self._do(deed or WELL["dot"])
        self.letter += 1

    def _instead(self, step: str) -> str | Deed | None:
        deed = self.server.script(step, self.number, self.letter)
        if deed is not Deed.DAWDLE:
            return deed
        self.server.over.wait(0.02)
        return None

    def _act(self, step: str) -> str | Deed | None:
        with self.server.lock:
            self.server.steps.append(step)
        deed = self._instead(step)
        self._do(deed or WELL.get(step, "500 what?"))
        return deed

    def _do(self, deed: str | Deed) -> None:
        if deed is Deed.HANG:
            self._hang()
        elif deed is Deed.DRIBBLE:
            while not self.server.over.wait(0.02):
                self.request.sendall(b"2")
            raise _Gone
        elif deed is Deed.DROP:
            # At once and with a reset, as a dying machine does, not with a polite end.
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise _Gone
        else:
            self.request.sendall(f"{deed}\r\n".encode())
            if str(deed).startswith("421"):
                raise _Gone

    def _hang(self) -> None:
        self.server.over.wait(30)
        raise _Gone

    def _read_until(self, end: bytes) -> bytes:
        while end not in self.rest:
            self._read_some()
        found, _end, self.rest = self.rest.partition(end)
        return found

    def _read_some(self) -> None:
        try:
            came = self.request.recv(65536)
        except TimeoutError:
            if self.server.over.is_set():
                raise _Gone from None
            return
        if not came:
            raise _Gone
        self.rest += came


def at(step: str, deed: str | Deed, **only: Any) -> Script:
    """Misbehaves at that step, on every connection or only on ``connection=1``, ``letter=2``."""

    def script(now: str, connection: int, letter: int) -> str | Deed | None:
        here = now == step and only.get("connection", connection) == connection
        return deed if here and only.get("letter", letter) == letter else None

    return script
