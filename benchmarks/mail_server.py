"""A mail server that takes everything and counts by Message-ID, in a process of its own.

Written on bare sockets, one thread to a connection, so that it is never what a figure measures.

    python -m benchmarks.mail_server        prints its port, answers COUNT on stdin
"""

from __future__ import annotations

import json
import re
import socketserver
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedIOBase
from threading import Lock, Thread

from benchmarks.machine import ROOT

_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the server has taken: letters, and how many different Message-IDs they bore."""

    letters: int
    distinct: int
    most: int  # how often the one that came most often came


class Server:
    """The process, from outside."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.mail_server"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.port = int(self._answer())

    @property
    def mail_url(self) -> str:
        return f"dondoc://127.0.0.1:{self.port}/?from=doc@bench.example&starttls=no"

    def taken(self) -> Taken:
        self._tell("COUNT")
        return Taken(**json.loads(self._answer()))

    def ids(self) -> dict[str, int]:
        """Message-ID -> how often it came."""
        self._tell("IDS")
        return dict(json.loads(self._answer()))

    def close(self) -> None:
        self._process.communicate(timeout=60)

    def _tell(self, word: str) -> None:
        assert self._process.stdin is not None  # noqa: S101 - started with a pipe
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()

    def _answer(self) -> str:
        assert self._process.stdout is not None  # noqa: S101 - started with a pipe
        return self._process.stdout.readline()


@contextmanager
def counting_server() -> Iterator[Server]:
    server = Server()
    try:
        yield server
    finally:
        server.close()


class _Counted(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Dialogue)
        self.seen: Counter[str] = Counter()
        self.lock = Lock()

    def take(self, letter: bytes) -> None:
        found = _MESSAGE_ID.search(letter)
        with self.lock:
            self.seen[found[1].decode() if found else ""] += 1


class _Dialogue(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    server: _Counted

    def handle(self) -> None:
        self._say(b"220 counting")
        while line := self.rfile.readline():
            match line[:4].upper():
                case b"EHLO" | b"HELO":
                    self.wfile.write(b"250-counting\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 50000000\r\n")
                case b"DATA":
                    self._say(b"354 go on")
                    self.server.take(_letter(self.rfile))
                    self._say(b"250 taken")
                case b"QUIT":
                    self._say(b"221 bye")
                    return
                case _:
                    self._say(b"250 ok")

    def _say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")


def _letter(stream: BufferedIOBase) -> bytes:
    lines = []
    while (line := stream.readline()) not in (b".\r\n", b""):
        lines.append(line)
    return b"".join(lines)


def main() -> None:
    """Serves until stdin ends."""
    with _Counted() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        _write(str(server.server_address[1]))
        for word in sys.stdin:
            with server.lock:
                seen = dict(server.seen)
            if word.strip() == "IDS":
                _write(json.dumps(seen))
            else:
                most = max(seen.values(), default=0)
                _write(json.dumps({"letters": sum(seen.values()), "distinct": len(seen), "most": most}))
        server.shutdown()


def _write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
