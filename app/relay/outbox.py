"""The folder inside: a file lies there while its letter may still have to be carried out, and no longer."""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from pathlib import Path

from sqlalchemy import Engine, select

from notifications.channels.names import RELAY
from notifications.channels.relay_files import message_paths, stem_of
from notifications.tables import message
from tasks.database import BATCH, reading

log = logging.getLogger(__name__)

_SETTLED = frozenset({"sent", "failed", "dropped"})
_NUMBERED = re.compile(r"thong-bao-(.+)-([0-9]+)\.json")


def tidy(engine: Engine, folder: Path) -> int:
    """Takes away the files of letters that are settled, and of hand-overs that a later one has replaced; returns how
    many. Files of letters that the register does not know stay: trials, and whatever somebody put there. A folder that
    cannot be read or written does not keep other messages from leaving.
    """
    try:
        return _tidied(engine, folder)
    except OSError as error:
        log.warning("relay folder cannot be tidied: %s", error.strerror)
        return 0


def _tidied(engine: Engine, folder: Path) -> int:
    lying = _lying(folder) if folder.is_dir() else {}
    if not lying:
        return 0
    settled = _settled(engine, list(lying))
    gone = [path for stem, paths in lying.items() for path in (paths if stem in settled else paths[:-1])]
    for path in gone:
        path.unlink(missing_ok=True)
    if gone:
        log.info("relay files taken away: %d", len(gone))
    return len(gone)


def _lying(folder: Path) -> dict[str, list[Path]]:
    """The files of each letter, the newest hand-over last."""
    found: dict[str, list[tuple[int, Path]]] = defaultdict(list)
    for path in message_paths(folder):
        if named := _NUMBERED.fullmatch(path.name):
            found[named[1]].append((int(named[2]), path))
    return {stem: [path for _number, path in sorted(numbered)] for stem, numbered in found.items()}


def _settled(engine: Engine, stems: list[str]) -> set[str]:
    """Of these letters, those whose fate is known."""
    settled = set()
    with reading(engine) as connection:
        for start in range(0, len(stems), BATCH):
            ids = [f"<{stem}@dondoc.invalid>" for stem in stems[start : start + BATCH]]
            mine = (message.c.channel == RELAY) & message.c.message_id.in_(ids)
            chosen = select(message.c.message_id).where(mine, message.c.status.in_(_SETTLED))
            settled |= {stem_of(row.message_id) for row in connection.execute(chosen)}
    return settled
