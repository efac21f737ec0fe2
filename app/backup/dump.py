"""Writing a backup while everything runs: one consistent view of the register, streamed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, false, select
from sqlalchemy.engine import Connection

from app.backup.archive import PART, Writer, new_file
from app.backup.check import check
from app.backup.manifest import FOLDERS, ChainHead, Manifest, TableEntry, safe_file
from app.backup.rows import kind_of, line_of, tables_of
from app.database import current_revision
from tasks import pulse
from tasks.database import BATCH, reading, writing
from tasks.tables import audit_seal, metadata

PULSE = "backup"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was written, read back and found whole. ``left_out``: files with names that no backup takes."""

    path: Path
    manifest: Manifest
    left_out: tuple[str, ...]

    @property
    def bytes(self) -> int:
        return self.path.stat().st_size


def back_up(engine: Engine, target: Path, *, home: Path, now: datetime) -> Made:
    """Writes the whole register to a new file.

    1. One view of the database is kept open: nothing that is written meanwhile comes in, nobody has to wait.
    2. Every table goes out row by row, then the files of ``home`` that belong to the register, then the manifest.
    3. The file is put on the disk and read back; only then does it get its name.

    Raises BackupExists, BackupDamaged (the disk does not give back what was written), OSError.
    """
    made = write(engine, target, home=home, now=now)
    with writing(engine) as connection:
        pulse.beat(connection, PULSE, now=now, data={"file": str(target), "bytes": made.bytes})
    return made


def write(engine: Engine, target: Path, *, home: Path, now: datetime) -> Made:
    """The same on a register of any revision, of which nothing is changed."""
    with new_file(target) as file, Writer(file, made_at=now) as writer:
        manifest = _tables(engine, writer, now)
        left_out = _files(writer, manifest, home)
        writer.finish(manifest)
        file.flush()
        check(Path(file.name))
    return Made(target, manifest, tuple(left_out))


def _tables(engine: Engine, writer: Writer, now: datetime) -> Manifest:
    with _snapshot(engine) as connection:
        manifest = Manifest(
            dondoc=version("dondoc"),
            schema=current_revision(connection) or "",
            made_at=now,
            database=connection.dialect.name,
            chain=_chain_head(connection),
        )
        for table in tables_of(connection, metadata.tables):
            columns = {column.name: kind_of(column) for column in table.columns}
            total = writer.lines(table.name, _rows(connection, table))
            manifest.tables[table.name] = TableEntry(total.lines, total.bytes, total.sha256, columns)
    return manifest


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """What was committed at one moment, however long it takes to read. SQLite's WAL gives that by itself."""
    if engine.dialect.name == "sqlite":
        with reading(engine) as connection:
            yield connection
        return
    still: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**still) as connection, connection.begin():
        yield connection


def _chain_head(connection: Connection) -> ChainHead | None:
    if not tables_of(connection, [audit_seal.name]):
        return None
    last = connection.execute(select(audit_seal).order_by(audit_seal.c.place.desc()).limit(1)).first()
    return ChainHead(last.place, last.hash) if last else None


def _rows(connection: Connection, table: Table) -> Iterator[bytes]:
    """In batches straight from the database's cursor, so that memory does not grow with the rows. A provider's tokens
    stay where they are: they are secret, and an old one opens nothing."""
    chosen = select(table).order_by(*table.primary_key.columns)
    if metadata.tables[table.name].info.get("secret"):
        chosen = chosen.where(false())
    for batch in connection.execute(chosen, execution_options={"yield_per": BATCH}).partitions():
        for row in batch:
            yield line_of(dict(row._mapping))


def _files(writer: Writer, manifest: Manifest, home: Path) -> list[str]:
    """The files that belong to the register, except what is only just being written."""
    left_out = []
    for path in _found(home):
        name = path.relative_to(home).as_posix()
        if not safe_file(name):
            left_out.append(name)
            continue
        try:
            manifest.files[name] = writer.file(name, path)
        except FileNotFoundError:
            continue  # the sample was taken out meanwhile
    return left_out


def _found(home: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        found = (path for path in (home / folder).rglob("*") if path.is_file() and not path.is_symlink())
        yield from sorted(path for path in found if path.suffix != PART)
