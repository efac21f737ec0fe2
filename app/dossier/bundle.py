"""A zip for people: names that every system can write, bytes streamed, and a list of SHA-256 sums of what is in it."""

from __future__ import annotations

import hashlib
import shutil
import unicodedata
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import IO, Self

from plans.calendar import local_time
from plans.text import fold

MANIFEST = "MANIFEST-SHA256.txt"
_IN_MEMORY = 8 << 20
_CHUNK = 1 << 16
_LONGEST_STEM, _LONGEST_ENDING = 80, 8
# Windows refuses these whatever their ending.
_RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}


class Bundle:
    """Writes members one after the other; ``close`` adds the list of sums, which ``sha256sum -c`` reads.

    The same members and moment give the same bytes.
    """

    def __init__(self, *, made_at: datetime) -> None:
        self.file: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - handed on
        self._zip = zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self._time = local_time(made_at).timetuple()[:6]
        self._sums: dict[str, str] = {}
        self._taken: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _t: TracebackType | None) -> None:
        if error is not None:
            self._zip.close()
            self.file.close()

    def add(self, name: str, data: bytes | Iterable[bytes]) -> str:
        """Writes that member and returns the name that it got: another one where it is taken."""
        name = self._free(name)
        digest = hashlib.sha256()
        with self._zip.open(self._info(name), "w", force_zip64=True) as member:
            for piece in (data,) if isinstance(data, bytes) else data:
                digest.update(piece)
                member.write(piece)
        self._sums[name] = digest.hexdigest()
        return name

    def copy(self, name: str, source: Path) -> str | None:
        """A file from the disk; None where its bytes cannot be read, and then nothing was written."""
        try:
            with source.open("rb") as read, SpooledTemporaryFile(max_size=_IN_MEMORY) as whole:
                shutil.copyfileobj(read, whole, _CHUNK)
                whole.seek(0)
                return self.add(name, iter(lambda: whole.read(_CHUNK), b""))
        except OSError:
            return None

    def sum_of(self, name: str) -> str:
        return self._sums[name]

    def close(self) -> IO[bytes]:
        """The whole zip, rewound. The caller closes it."""
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self._sums.items()))
        with self._zip.open(self._info(MANIFEST), "w") as member:
            member.write(lines.encode())
        self._zip.close()
        self.file.seek(0)
        return self.file

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, self._time)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        return info

    def _free(self, name: str) -> str:
        """Systems that do not tell capitals from small letters must find every file."""
        stem, dot, ending = name.rpartition(".")
        stem, suffix = (stem, f"{dot}{ending}") if dot and "/" not in ending else (name, "")
        wanted, n = name, 1
        while wanted.casefold() in self._taken:
            n += 1
            wanted = f"{stem} ({n}){suffix}"
        self._taken.add(wanted.casefold())
        return wanted


def safe_name(name: str) -> str:
    """What a file may be called in a zip on every system: one part of a path in NFC, without control characters,
    signs that change the direction of writing, device names, or dots and blanks at its ends."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" or c in " .,-_()+" else " " for c in last)
    stem, dot, ending = " ".join(kept.split()).strip(". ").rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        stem, ending = f"{stem}{dot}{ending}", ""
    stem = stem[:_LONGEST_STEM].strip(". ") or "tep"
    if stem.split(".")[0].casefold() in _RESERVED:
        stem = f"_{stem}"
    return f"{stem}.{ending.strip()}" if ending.strip() else stem


def folder_name(number: int, name: str) -> str:
    """A folder in the order of a list: ``03-so-tai-chinh``, in plain ASCII."""
    plain = "-".join(fold(name).split())
    kept = "".join(c for c in plain if c.isascii() and (c.isalnum() or c == "-"))[:60].strip("-")
    return f"{number:02d}-{kept}" if kept else f"{number:02d}"
