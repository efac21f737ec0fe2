"""Letters from pictures, by Tesseract with its Vietnamese language data."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING, Protocol

from reader.sources.errors import INSTALL, Reason, Refused
from reader.sources.letters import are_codes
from reader.sources.limits import Limits

if TYPE_CHECKING:
    from PIL import Image

    from reader.sources.pdf_layout import PageLayout
    from reader.sources.pdf_letters import Piece

DOTS_PER_INCH = 300
"""What Tesseract's models were made for."""
_POINT = 72 / DOTS_PER_INCH  # points to a pixel
_LANGUAGE = "vie"
_AT_ONCE = 4
_WORD = "5"  # the level of a word in Tesseract's table
_NO_WORD = re.compile(r"[|¦_\s]*|[-—–_=~.]{3,}")  # what is left of ruled lines


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


def recognised(pictures: Iterable[Callable[[], Image.Image]], limits: Limits) -> Iterator[PageLayout]:
    """What stands on each grey picture (made only when its turn comes), in order, several at once."""
    workers = min(os.cpu_count() or 1, _AT_ONCE)
    waiting: list[Future[PageLayout]] = []
    source = enumerate(pictures)
    with ThreadPoolExecutor(workers) as pool:
        while True:
            for at, make in islice(source, workers - len(waiting)):
                waiting.append(pool.submit(_page, make(), limits, first=at == 0))
            if not waiting:
                return
            yield waiting.pop(0).result()


def _page(picture: Image.Image, limits: Limits, *, first: bool) -> PageLayout:
    from reader.sources.pdf_grid import grids
    from reader.sources.pdf_layout import laid_out
    from reader.sources.scan_rules import rules_of, without

    rules = rules_of(picture, _POINT)
    tables = grids(rules)
    clean = without(picture, rules, _POINT) if tables else picture
    pieces = _words(_tesseract(clean, limits, layout="3"))
    words = " ".join(piece.text for piece in pieces)
    if (not words or are_codes(words)) and "osd" in languages():
        pieces, tables = _words(_tesseract(picture, limits, layout="1")), []  # may lie on its side or head
    for piece in pieces:
        x, y = (piece.left + piece.right) / 2, piece.base - piece.size / 3
        piece.zone = next((cell for grid in tables if (cell := grid.cell_at(x, y)) is not None), None)
    return laid_out(pieces, tables, picture.width * _POINT, picture.height * _POINT, first=first)


def _words(table: str) -> list[Piece]:
    """The words of Tesseract's table, each on the base line of its line."""
    from reader.sources.pdf_letters import Piece

    found: list[tuple[tuple[str, ...], int, int, int, int, str]] = []
    for row in table.splitlines():
        fields = row.split("\t")
        if len(fields) == 12 and fields[0] == _WORD and not _NO_WORD.fullmatch(fields[11]):
            left, top, width, height = map(int, fields[6:10])
            found.append((tuple(fields[1:5]), left, top, width, height, fields[11].strip() + " "))
    lines: dict[tuple[str, ...], list[int]] = {}
    for line, _, top, _, height, _ in found:
        lines.setdefault(line, []).append(2 * top + height)
    if not found:
        return []
    size = median(height for *_, height, _ in found) * _POINT
    return [
        Piece(text, left * _POINT, (left + width) * _POINT, median(lines[line]) / 2 * _POINT + size / 3, size)
        for line, left, _, width, _, text in found
    ]


def _tesseract(picture: Image.Image, limits: Limits, *, layout: str) -> str:
    command = ["tesseract", "stdin", "stdout", "-l", _LANGUAGE, "--dpi", str(DOTS_PER_INCH), "--psm", layout, "tsv"]
    data = b"P5\n%d %d\n255\n" % picture.size + picture.tobytes()
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=limits.page_seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise Refused(Reason.TOO_SLOW, seconds=round(limits.page_seconds)) from error
    if done.returncode:
        raise Refused(Reason.CRASHED, kind="Tesseract")
    return done.stdout.decode("utf-8", "replace")
