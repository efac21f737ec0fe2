"""Bringing a backup back into an empty installation: all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, MetaData, Table, bindparam, func, select, text, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DataError, IntegrityError

from app.backup.archive import Archive, free_space, new_file
from app.backup.check import read_all
from app.backup.errors import BackupTooNew, NoRoom, NotEmpty
from app.backup.manifest import ChainHead, Manifest, table_member
from app.backup.rows import VERSION_TABLE, BadValue, kind_of, tables_of, values_of
from app.backup.settle import settle
from app.database import SchemaUnknown, current_revision, known_revisions, upgrade
from tasks.database import BATCH, reading, writing
from tasks.seal_check import Verdict, verify
from tasks.tables import audit_seal, metadata, pulse

_NO_REGISTER = frozenset({VERSION_TABLE, pulse.name})  # tables that may hold rows before anything was brought in


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back. ``unknown``: messages that were on their way when the backup was made; ``chain``: whether the
    trail is what its seals say, which a restoring neither mends nor breaks."""

    manifest: Manifest
    unknown: int
    chain: Verdict


def restore(engine: Engine, path: Path, *, home: Path, now: datetime, actor: str) -> Restored:
    """Fills an empty installation from a backup, whichever database either of them uses.

    1. The whole file is read and compared before anything is touched.
    2. In one transaction: the tables are built anew at the backup's own revision, filled, counted, and migrated to
       this release; what was on its way becomes unknown and all sending is held (``settle``).
    3. The files come back before the commit: cut off there, the register is still empty and all can be done again.

    Raises NotABackup, BackupDamaged, BackupTooNew, NotEmpty, NoRoom, SchemaUnknown, OSError.
    """
    with Archive(path) as archive:
        _refuse_newer(archive)
        read_all(archive)
        _refuse_without_room(engine, archive.manifest, home)
        with writing(engine) as connection:
            fill(connection, archive)
            upgrade(connection)
            unknown = settle(connection, archive.manifest, file=path.name, now=now, actor=actor)
            _files(archive, home)
        with reading(engine) as connection:
            return Restored(archive.manifest, unknown, verify(connection))


def fill(connection: Connection, archive: Archive) -> None:
    """Builds the tables of the backup's revision in an empty database and puts every row in.

    Raises NotEmpty, BackupDamaged, SchemaUnknown.
    """
    _clear(connection)
    upgrade(connection, archive.manifest.schema)
    tables = tables_of(connection, metadata.tables.keys() | archive.manifest.tables.keys())
    if {table.name for table in tables} != archive.manifest.tables.keys():
        raise archive.damaged(_differing(tables, archive.manifest))
    for table in tables:
        _insert(connection, archive, table)
    for table in tables:
        _point(connection, archive, table)
        _compare(connection, archive, table)
        _after_the_highest(connection, table)


def _refuse_newer(archive: Archive) -> None:
    if archive.manifest.schema not in known_revisions():
        raise BackupTooNew(archive.path, archive.manifest.dondoc)


def _refuse_without_room(engine: Engine, manifest: Manifest, home: Path) -> None:
    """SQLite's file lies in ``home``: what is to go in is known before the disk is full of it."""
    here = sum(entry.bytes for entry in manifest.files.values())
    if engine.dialect.name == "sqlite":
        here += sum(entry.bytes for entry in manifest.tables.values())
    free = free_space(home)
    if here > free:
        raise NoRoom(here, free)


def _clear(connection: Connection) -> None:
    """Takes the empty tables of this or an older release away. Raises NotEmpty, SchemaUnknown."""
    revision = current_revision(connection)
    if revision is not None and revision not in known_revisions():
        raise SchemaUnknown(revision)
    tables = tables_of(connection, metadata.tables)
    for table in tables:
        if table.name not in _NO_REGISTER and connection.execute(select(table).limit(1)).first() is not None:
            raise NotEmpty(table.name, connection.engine.url.database or "")
    functions = _trigger_functions(connection, [table.name for table in tables])
    found = MetaData()
    found.reflect(connection, only=lambda name, _metadata: name in metadata.tables or name == VERSION_TABLE)
    found.drop_all(connection)
    for name in functions:
        connection.execute(text(f"DROP FUNCTION {name}"))  # the database's own spelling of the name


def _trigger_functions(connection: Connection, tables: list[str]) -> list[str]:
    """What keeps the trail append-only on PostgreSQL: made by the migrations, so made anew by them."""
    if connection.dialect.name != "postgresql":
        return []
    chosen = text(
        "SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE NOT tgisinternal AND relname = ANY(:tables) AND relnamespace = current_schema()::regnamespace"
    )
    return list(connection.execute(chosen, {"tables": tables}).scalars())


def _differing(tables: list[Table], manifest: Manifest) -> str:
    names = sorted({table.name for table in tables} ^ manifest.tables.keys())
    return ", ".join(table_member(name) for name in names)


def _insert(connection: Connection, archive: Archive, table: Table) -> None:
    """Row by row in batches. A reference into the same table waits until all its rows are there."""
    place, later = table_member(table.name), {column.name for column in _own_references(table)}
    kinds = {column.name: kind_of(column) for column in table.columns}
    if kinds != archive.manifest.tables[table.name].columns:
        raise archive.damaged(place, why="columns")
    done = 0
    for batch in _batches(archive, table.name, kinds):
        rows = [{name: None if name in later else value for name, value in row.items()} for row in batch]
        try:
            connection.execute(table.insert(), rows)
        except (DataError, IntegrityError) as error:
            raise archive.damaged(f"{place} {done + 1}–{done + len(rows)}", why=str(error.orig)) from error
        done += len(rows)


def _batches(archive: Archive, table: str, kinds: dict[str, str]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for number, line in enumerate(archive.lines(table), 1):
        try:
            batch.append(values_of(line, kinds))
        except BadValue as error:
            raise archive.damaged(table_member(table), number, str(error)) from error
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _own_references(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]


def _point(connection: Connection, archive: Archive, table: Table) -> None:
    """The references into the same table, now that all its rows are there."""
    columns = _own_references(table)
    if not columns:
        return
    kinds = archive.manifest.tables[table.name].columns
    keys = list(table.primary_key.columns)
    mine = [key == bindparam(f"key_{key.name}") for key in keys]
    change = update(table).where(*mine).values({column.name: bindparam(f"to_{column.name}") for column in columns})
    for batch in _batches(archive, table.name, kinds):
        rows = [
            {f"key_{key.name}": row[key.name] for key in keys} | {f"to_{each.name}": row[each.name] for each in columns}
            for row in batch
            if any(row[column.name] is not None for column in columns)
        ]
        if rows:
            try:
                connection.execute(change, rows)
            except IntegrityError as error:
                raise archive.damaged(table_member(table.name), why=str(error.orig)) from error


def _compare(connection: Connection, archive: Archive, table: Table) -> None:
    """What the database says it holds against what the manifest says was there."""
    count = connection.execute(select(func.count()).select_from(table)).scalar_one()
    if count != archive.manifest.tables[table.name].rows:
        raise archive.damaged(table_member(table.name), why=f"{count}")
    if table.name == audit_seal.name:
        last = connection.execute(select(audit_seal).order_by(audit_seal.c.place.desc()).limit(1)).first()
        if (ChainHead(last.place, last.hash) if last else None) != archive.manifest.chain:
            raise archive.damaged(table_member(table.name), why="chain")


def _after_the_highest(connection: Connection, table: Table) -> None:
    """PostgreSQL hands out numbers from a counter that knows nothing of rows with numbers of their own."""
    if connection.dialect.name != "postgresql" or len(table.primary_key.columns) != 1:
        return
    [key] = table.primary_key.columns
    counter = text("SELECT pg_get_serial_sequence(:table, :key)")
    name = connection.execute(counter, {"table": table.name, "key": key.name}).scalar_one()
    highest = connection.execute(select(func.max(key))).scalar_one()
    if name is not None and highest is not None:
        connection.execute(select(func.setval(name, highest)))


def _files(archive: Archive, home: Path) -> None:
    """A file that is there already stays: this home sent that message itself."""
    for name in archive.manifest.files:
        target = home / name
        if target.exists():
            continue
        with new_file(target) as file:
            for chunk in archive.chunks(name):
                file.write(chunk)
