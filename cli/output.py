"""How results are written: tables for a terminal, JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click

from plans.calendar import local_time
from tasks.status import Status
from tasks.trail import plain

WIDTH = 100  # where nobody looks: in a pipe or a file
_GAP = 2
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"  # without it Excel takes UTF-8 for a Western code page


_held: ContextVar[list[str] | None] = ContextVar("held", default=None)


def say(text: str = "") -> None:
    """A line for the reader; within ``after_commit`` it waits until what it tells of is written down."""
    held = _held.get()
    if held is None:
        click.echo(text)
    else:
        held.append(text)


@contextmanager
def after_commit() -> Iterator[None]:
    """Commit, then print: a closed pipe must not take back what was done, nor a pager hold the register."""
    lines: list[str] = []
    token = _held.set(lines)
    try:
        yield
    finally:
        _held.reset(token)
    for line in lines:
        click.echo(line)


@dataclass(frozen=True, slots=True)
class Coloured:
    """A cell with a colour. The words alone must say the same: colour shows only on a terminal."""

    text: str
    colour: str | None

    def __str__(self) -> str:
        return self.text


def status_cell(text: str, status: Status) -> Coloured:
    colours = {
        Status.OVERDUE: "red",
        Status.LATE: "red",
        Status.DUE_SOON: "yellow",
        Status.RETURNED: "yellow",
        Status.CLAIMED: "yellow",
        Status.RECEIVED: "cyan",
        Status.ON_TIME: "green",
    }
    return Coloured(text, colours.get(status))


def write_json(data: object) -> None:
    click.echo(json.dumps(_told(data), ensure_ascii=False, indent=2))


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """For spreadsheets: with a byte order mark, and no cell that a spreadsheet would run as a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    click.echo(BOM + buffer.getvalue(), nl=False)


def _told(value: Any) -> Any:
    """In JSON's own types; moments on the Vietnamese clock, with their offset."""
    match value:
        case datetime():
            return local_time(value).isoformat()
        case Mapping():
            return {key: _told(item) for key, item in value.items()}
        case list() | tuple():
            return [_told(item) for item in value]
        case _:
            return plain(value)


def _harmless(cell: object) -> object:
    value = _told(cell)
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def width() -> int:
    """The terminal's, within reason."""
    if not sys.stdout.isatty():
        return WIDTH
    return max(60, min(shutil.get_terminal_size((WIDTH, 24)).columns, 180))


def table(
    headers: Sequence[str], rows: Sequence[Sequence[object]], *, right: Collection[int] = (), indent: int = 0
) -> None:
    """Aligned columns within the width; long texts go on in the next line, ids and other single words stay whole."""
    cells = [["" if cell is None else cell for cell in row] for row in rows]
    widths = _widths([list(headers), *([str(cell) for cell in row] for row in cells)], width() - indent)
    pad = " " * indent
    click.echo(pad + _line([Coloured(text, None) for text in headers], widths, right).rstrip())
    click.echo(pad + (" " * _GAP).join("-" * each for each in widths))
    for row in cells:
        for part in _wrapped(row, widths):
            click.echo(pad + _line(part, widths, right).rstrip())


def _widths(rows: Sequence[Sequence[str]], available: int) -> list[int]:
    """Takes from the widest column until all fit; no column gets narrower than its longest word."""
    columns = list(zip(*rows, strict=True))
    wanted = [max(len(text) for text in column) for column in columns]
    least = [max((len(word) for text in column for word in text.split()), default=0) for column in columns]
    while sum(wanted) + _GAP * (len(wanted) - 1) > available:
        spare = [(want, index) for index, want in enumerate(wanted) if want > least[index]]
        if not spare:
            break
        wanted[max(spare)[1]] -= 1
    return wanted


def _wrapped(row: Sequence[object], widths: Sequence[int]) -> Iterable[list[Coloured]]:
    parts = [
        textwrap.wrap(str(cell), size or 1, break_long_words=False, break_on_hyphens=False) or [""]
        for cell, size in zip(row, widths, strict=True)
    ]
    for number in range(max(len(lines) for lines in parts)):
        yield [
            Coloured(lines[number] if number < len(lines) else "", cell.colour if isinstance(cell, Coloured) else None)
            for lines, cell in zip(parts, row, strict=True)
        ]


def _line(cells: Sequence[Coloured], widths: Sequence[int], right: Collection[int]) -> str:
    texts = []
    for index, (cell, size) in enumerate(zip(cells, widths, strict=True)):
        blank = " " * (size - len(cell.text))
        text = click.style(cell.text, fg=cell.colour) if cell.colour and cell.text else cell.text
        texts.append(blank + text if index in right else text + blank)
    return (" " * _GAP).join(texts)


def heading(text: str) -> None:
    click.echo(click.style(text, bold=True))


def note(text: str, indent: int = 2) -> None:
    """A sentence within the width, its further lines indented a little more."""
    pad = " " * indent
    click.echo(
        textwrap.fill(
            text,
            width(),
            initial_indent=pad,
            subsequent_indent=pad + "  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def warn(text: str) -> None:
    """Beside the result, so that a program reading it is not disturbed."""
    click.echo(text, err=True)


def as_dict(row: Any, names: Iterable[str]) -> dict[str, Any]:
    """The named fields of a row, in that order."""
    return {name: getattr(row, name) for name in names}
