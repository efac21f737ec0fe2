"""Keys that sign: files of the home that its owner alone can read.

``link.key`` signs the links by which agencies answer, ``relay.key`` what crosses the border of a closed network. They
are no part of a copy: after a restore elsewhere the old links open no longer, and the next messages carry new ones.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

NAME = "link.key"
RELAY = "relay.key"
_BYTES = 32


def load_key(home: Path, name: str = NAME) -> bytes:
    """The key, made at the first need. Raises OSError, and ValueError where the file holds something else."""
    path = home / name
    if not path.exists():
        _make(path)
    key = bytes.fromhex(path.read_text("ascii").strip())
    if len(key) < _BYTES:
        raise ValueError(f"{path}: too short")
    return key


def _make(path: Path) -> None:
    """Complete before it has its name, and never over one that another process was quicker to make."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with open(scratch, "x", encoding="ascii", opener=_private) as file:
            file.write(secrets.token_hex(_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(scratch, path)
    finally:
        scratch.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
