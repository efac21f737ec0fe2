"""Parsers of foreign files run in a process of their own, so that their crash or endless loop is only a refusal.

The process gets the file on its input and answers with one JSON message per line: pages done, then the document or why
there is none (``reader.sources.worker``). The kernel bounds its memory and
processor time, the clock is watched here.
"""

from __future__ import annotations

import json
import logging
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import reader
from reader.document import Cell, Document, Span
from reader.sources.errors import Reason, Refused
from reader.sources.formats import KINDS, Format
from reader.sources.limits import Limits

Progress = Callable[[int, int], None]

_log = logging.getLogger(__name__)
_START = (
    "import json, sys; wish = json.loads(sys.argv[1]); sys.path[:0] = wish['paths']; "
    "from reader.sources.worker import main; main(wish)"
)
_KEPT = ("PATH", "TESSDATA_PREFIX", "SYSTEMROOT")
_GRACE = 5.0  # seconds more than the process allows itself, so that it can tell itself what went wrong
_PIECE = 65_536


def read_apart(data: bytes, kind: Format, limits: Limits, progress: Progress | None = None) -> Document:
    """What the process for that format reads. Raises Refused."""
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as said:
        file.write(data)
        file.seek(0)
        with _started(kind, limits, file, said) as process:
            until = time.monotonic() + limits.seconds + _GRACE
            for message in _messages(process, until, limits):
                if "document" in message:
                    return _document(message["document"])
                if "refused" in message:
                    _note(said)
                    raise Refused(Reason(message["refused"]), **message["details"])
                if progress is not None and "page" in message:
                    progress(message["page"], message["of"])
            code = process.wait()
        _note(said)
    if code == -signal.SIGXCPU:
        raise Refused(Reason.TOO_SLOW, seconds=round(limits.seconds))
    raise Refused(Reason.CRASHED, kind=KINDS[kind])


@contextmanager
def _started(kind: Format, limits: Limits, file: IO[bytes], said: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """The process, which is gone afterwards with everything that it started."""
    root = str(Path(reader.__file__).resolve().parent.parent)
    wish = {"format": kind, "limits": asdict(limits), "paths": [root, *filter(os.path.isabs, sys.path)]}
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _START, json.dumps(wish)],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=said,
        env=environment | {"LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"},
        cwd="/",
        start_new_session=True,
    )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)  # its own session: nothing but it and its Tesseracts
    except (ProcessLookupError, PermissionError):
        process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _messages(process: subprocess.Popen[bytes], until: float, limits: Limits) -> Iterator[dict[str, Any]]:
    """The messages as they come, while there is time; recognition has its own for every page."""
    assert process.stdout is not None  # noqa: S101  # for the type checker: it is a pipe
    pipe, held = process.stdout.fileno(), bytearray()
    most = 16 * limits.characters + _PIECE  # a letter takes up to 4 bytes, cells and escapes some more
    while True:
        left = until - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            raise Refused(Reason.TOO_SLOW, seconds=round(limits.seconds))
        piece = os.read(pipe, _PIECE)
        if not piece or len(held) + len(piece) > most:
            return
        begun = len(held)
        held += piece
        while (end := held.find(b"\n", begun)) >= 0:
            message = _parsed(bytes(held[:end]))
            del held[: end + 1]
            begun = 0
            if message.get("slow"):
                until = time.monotonic() + limits.page_seconds + _GRACE
            yield message


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _document(stored: dict[str, Any]) -> Document:
    cells = tuple(Cell(Span(start, end), table, row, column) for start, end, table, row, column in stored["cells"])
    return Document(stored["text"], tuple(stored["pages"]), cells, stored["ocr"])


def _note(said: IO[bytes]) -> None:
    """Keeps for the log what the process complained of; a person gets the sentence."""
    said.seek(0)
    if words := said.read(4000).decode("utf-8", "replace").strip():
        _log.info("a parser said: %s", words)
