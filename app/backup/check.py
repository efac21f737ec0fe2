"""Reading a backup from end to end without touching any register."""

from __future__ import annotations

from pathlib import Path

from app.backup.archive import Archive
from app.backup.manifest import Manifest, table_member
from app.backup.rows import BadValue, values_of


def check(path: Path) -> Manifest:
    """Compares every sum, size and count, and reads every row.

    Raises NotABackup, BackupTooNew, BackupDamaged, OSError.
    """
    with Archive(path) as archive:
        read_all(archive)
        return archive.manifest


def read_all(archive: Archive) -> None:
    """The same on an open file."""
    for name, entry in archive.manifest.tables.items():
        for number, line in enumerate(archive.lines(name), 1):
            try:
                values_of(line, entry.columns)
            except BadValue as error:
                raise archive.damaged(table_member(name), number, str(error)) from error
    for name in archive.manifest.files:
        for _chunk in archive.chunks(name):
            pass
