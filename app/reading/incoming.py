"""Files that were uploaded and are not read yet: kept on the disk, so that a restart loses none of them.

They lie in ``incoming`` of the home folder, beside what belongs to the register: no backup takes them, and each is gone
as soon as it was read, whatever became of it; of a document with a mark of secrecy nothing stays.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

FOLDER = "incoming"
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One file. ``tries``: how often somebody has begun to read it."""

    key: str
    lead: str
    name: str
    actor: str
    at: datetime
    tries: int = 0


class Incoming:
    """The folder of one home."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    def put(self, data: bytes, name: str, *, lead: str, actor: str, at: datetime) -> Waiting:
        """Both files are on the disk when this returns; the note comes last, so a file without one is a half upload."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = Waiting(secrets.token_urlsafe(32), lead, name, actor, at)
        try:
            _write(self._data(made.key), data)
            self._note(made)
        except OSError:
            self.drop(made.key)
            raise
        return made

    def begun(self, waiting: Waiting) -> Waiting:
        """Somebody begins to read it."""
        counted = replace(waiting, tries=waiting.tries + 1)
        self._note(counted)
        return counted

    def data(self, key: str) -> bytes:
        return self._data(key).read_bytes()

    def drop(self, key: str) -> None:
        self._path(key, "json").unlink(missing_ok=True)
        self._data(key).unlink(missing_ok=True)

    def waiting(self) -> list[Waiting]:
        """The oldest first; a note that cannot be understood is passed over."""
        found = [self._read(path) for path in self._folder.glob("*.json")]
        return sorted((each for each in found if each is not None), key=lambda each: (each.at, each.key))

    def sweep(self) -> None:
        """Takes half uploads away. Only before anybody can upload: the next file might be on its way."""
        for path in self._folder.glob("*.data"):
            if not path.with_suffix(".json").exists():
                path.unlink(missing_ok=True)

    def _note(self, waiting: Waiting) -> None:
        values = {**asdict(waiting), "at": waiting.at.isoformat()}
        part = self._path(waiting.key, "part")
        _write(part, json.dumps(values, ensure_ascii=False).encode())
        part.replace(self._path(waiting.key, "json"))

    def _read(self, path: Path) -> Waiting | None:
        try:
            values = json.loads(path.read_bytes())
            found = Waiting(**{**values, "at": datetime.fromisoformat(values["at"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return found if found.key == path.stem and self._data(found.key).exists() else None

    def _data(self, key: str) -> Path:
        return self._path(key, "data")

    def _path(self, key: str, ending: str) -> Path:
        """Raises ValueError for what is no key, so that no other file is ever reached."""
        if not _KEY.fullmatch(key):
            raise ValueError(key[:80])
        return self._folder / f"{key}.{ending}"


def _write(path: Path, data: bytes) -> None:
    """For its owner alone, and on the disk when this returns."""
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
