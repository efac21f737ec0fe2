"""Letters from pictures, by Tesseract with its Vietnamese language data."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from itertools import islice
from typing import Protocol

from reader.sources.errors import INSTALL, Reason, Refused
from reader.sources.letters import are_codes
from reader.sources.limits import Limits

DOTS_PER_INCH = 300
"""What Tesseract's models were made for."""
_LANGUAGE = "vie"
_AT_ONCE = 4


class Report(Protocol):
    """How a parser tells which page is done; ``slow`` gives the next page its own time."""

    def __call__(self, page: int, pages: int, *, slow: bool = False) -> None: ...


@cache
def languages() -> frozenset[str]:
    """What the installed Tesseract can read; empty where there is none."""
    program = shutil.which("tesseract")
    if program is None:
        return frozenset()
    try:
        listed = subprocess.run([program, "--list-langs"], capture_output=True, timeout=20, check=False, text=True)
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    return frozenset(f"{listed.stdout}\n{listed.stderr}".split("\n"))


def is_there() -> bool:
    """Whether Vietnamese pictures can be read on this machine."""
    return _LANGUAGE in languages()


def check(pages: int, limits: Limits) -> None:
    """Raises Refused where that many pages cannot be recognised here."""
    if shutil.which("tesseract") is None:
        raise Refused(Reason.NO_TESSERACT, pages=pages, command=INSTALL)
    if not is_there():
        raise Refused(Reason.NO_VIETNAMESE, pages=pages, command=INSTALL)
    if pages > limits.recognised_pages:
        raise Refused(Reason.TOO_MANY_SCANS, pages=pages, limit=limits.recognised_pages)


def recognised(pictures: Iterable[Callable[[], bytes]], limits: Limits) -> Iterator[str]:
    """The text of each picture (PGM, made only when its turn comes), in order, several at once."""
    workers = min(os.cpu_count() or 1, _AT_ONCE)
    waiting: list[Future[str]] = []
    source = iter(pictures)
    with ThreadPoolExecutor(workers) as pool:
        while True:
            for make in islice(source, workers - len(waiting)):
                waiting.append(pool.submit(_text, make(), limits))
            if not waiting:
                return
            yield waiting.pop(0).result()


def _text(picture: bytes, limits: Limits) -> str:
    text = _tesseract(picture, limits, layout="3")
    if (not text.strip() or are_codes(text)) and "osd" in languages():
        return _tesseract(picture, limits, layout="1")  # may lie on its side or head
    return text


def _tesseract(picture: bytes, limits: Limits, *, layout: str) -> str:
    command = ["tesseract", "stdin", "stdout", "-l", _LANGUAGE, "--dpi", str(DOTS_PER_INCH), "--psm", layout]
    try:
        done = subprocess.run(command, input=picture, capture_output=True, timeout=limits.page_seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise Refused(Reason.TOO_SLOW, seconds=round(limits.page_seconds)) from error
    if done.returncode:
        raise Refused(Reason.CRASHED, kind="Tesseract")
    return done.stdout.decode("utf-8", "replace")
