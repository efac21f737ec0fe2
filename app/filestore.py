"""The files that came with papers: kept in the home folder under their SHA-256, never under the name they came with.

The folder lies outside what the web server hands out, and is part of every backup. Bytes come in as a half file first:
looked at, then given their name by ``Staged.keep`` within the transaction that writes their row.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from app.backup.archive import PART
from app.file_kinds import KINDS, Kind, recognise
from plans.text import _
from tasks.errors import BadInput
from tasks.paper_desk import Content

FOLDER = "files"
MOST_BYTES = 25 << 20
_CHUNK = 1 << 16
_HASH = re.compile(r"[0-9a-f]{64}")
_LONGEST_NAME = 120


class FileTooBig(BadInput):
    def __init__(self) -> None:
        most = MOST_BYTES >> 20
        super().__init__(_("Tệp lớn hơn {n} MB. Nén ảnh trong tệp, hoặc tách thành nhiều tệp.").format(n=most))


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that is here but not yet kept."""

    content: Content
    part: Path
    target: Path

    def keep(self) -> None:
        """Gives it its name; the same content is kept once."""
        if self.target.exists():
            return
        self.target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.part.replace(self.target)


class FileStore:
    """The folder ``files`` of a home."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    @contextmanager
    def staged(self, source: IO[bytes], name: str) -> Iterator[Staged]:
        """Reads a file in pieces and looks at it; what was not kept at the end is gone.

        Raises FileTooBig, WrongKind, BadZip, BadInput (empty).
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self._folder / f"{secrets.token_hex(16)}{PART}"
        try:
            size, digest = _copy(source, part)
            kind = recognise(part)
            content = Content(digest, kind.name, size, safe_name(name, kind))
            yield Staged(content, part, self.path(digest))
        finally:
            part.unlink(missing_ok=True)

    @contextmanager
    def staged_document(self, data: bytes, name: str, kind: Kind) -> Iterator[Staged]:
        """A document that was read already, so that its kind is known. Raises FileTooBig, BadInput (empty)."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self._folder / f"{secrets.token_hex(16)}{PART}"
        try:
            size, digest = _copy(BytesIO(data), part)
            yield Staged(Content(digest, kind.name, size, safe_name(name, kind)), part, self.path(digest))
        finally:
            part.unlink(missing_ok=True)

    def path(self, file_hash: str) -> Path:
        """Where those bytes lie. Raises ValueError for what is no hash, so that nothing else is ever reached."""
        if not _HASH.fullmatch(file_hash):
            raise ValueError(file_hash[:80])
        return self._folder / file_hash[:2] / file_hash

    def remove(self, file_hash: str) -> None:
        self.path(file_hash).unlink(missing_ok=True)


def media_type(kind: str) -> str:
    return KINDS[kind].media_type if kind in KINDS else "application/octet-stream"


def _copy(source: IO[bytes], part: Path) -> tuple[int, str]:
    """Size and SHA-256 of what was written; on the disk when this returns."""
    size, digest = 0, hashlib.sha256()
    with open(part, "xb", opener=_private) as file:
        while piece := source.read(_CHUNK):
            size += len(piece)
            if size > MOST_BYTES:
                raise FileTooBig
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if size == 0:
        raise BadInput(_("Tệp rỗng."))
    return size, digest.hexdigest()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def safe_name(name: str, kind: Kind) -> str:
    """What the file is called when it is handed out: no path, no control characters, an ending that is true."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    clean = " ".join("".join(c if c.isprintable() and c not in '<>:"|?*' else " " for c in last).split()).lstrip(". ")
    stem, dot, suffix = clean.rpartition(".")
    if dot and f".{suffix.lower()}" in kind.suffixes:
        return f"{stem[:_LONGEST_NAME]}.{suffix.lower()}" if stem else f"{_('tep')}{kind.suffixes[0]}"
    return f"{clean[:_LONGEST_NAME] or _('tep')}{kind.suffixes[0]}"
