"""Reads a file of any format that is known."""

from __future__ import annotations

from pathlib import Path

from reader.document import Document
from reader.sources.apart import Progress, read_apart
from reader.sources.errors import Reason, Refused, SourceError
from reader.sources.formats import Format, format_of
from reader.sources.limits import MEGABYTE, USUAL, Limits
from reader.sources.plain import read_plain

__all__ = ["Progress", "read_bytes", "read_document"]


def read_document(path: Path, *, limits: Limits = USUAL, progress: Progress | None = None) -> Document:
    """The text of a file. ``progress`` is called with the pages that are done and how many there are.

    Raises SourceError for whatever cannot be read, in bounded time and memory.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limits.size + 1)
            size = path.stat().st_size if len(data) > limits.size else len(data)
    except (OSError, ValueError) as error:
        raise SourceError(Reason.MISSING, path.name) from error
    _check_size(size, path.name, limits)
    return read_bytes(data, path.name, limits=limits, progress=progress)


def read_bytes(data: bytes, name: str, *, limits: Limits = USUAL, progress: Progress | None = None) -> Document:
    """The same for a file that was handed over; its name helps where its content leaves the format open."""
    _check_size(len(data), name, limits)
    try:
        kind = format_of(data, name)
        if kind is Format.TEXT:
            return read_plain(data, limits)
        return read_apart(data, kind, limits, progress)
    except Refused as refused:
        raise SourceError(refused.reason, name, **refused.details) from refused


def _check_size(size: int, name: str, limits: Limits) -> None:
    if size > limits.size:
        shown = -(-size // MEGABYTE)
        raise SourceError(Reason.TOO_LARGE, name, size=shown, limit=limits.size // MEGABYTE)
