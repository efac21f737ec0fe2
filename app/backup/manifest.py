"""What a backup says of itself: ``manifest.json``, the one part that is read before anything else."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

FORMAT = "dondoc-backup"
FORMAT_VERSION = 1
MANIFEST, README = "manifest.json", "README.txt"
FOLDERS = ("outbox", "files")  # of the home folder: what belongs to the register
_TABLE = re.compile(r"[a-z][a-z0-9_]{0,62}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_KINDS = frozenset({"text", "integer", "boolean", "date", "moment", "document"})


class BadManifest(ValueError):
    """``str()`` names the field."""


@dataclass(frozen=True, slots=True)
class TableEntry:
    """``tables/<name>.jsonl``: its rows, its size, its SHA-256, and what each column holds."""

    rows: int
    bytes: int
    sha256: str
    columns: dict[str, str]


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of the home folder."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The last seal of the audit chain in this backup."""

    place: int
    hash: str


@dataclass(frozen=True, slots=True)
class Manifest:
    dondoc: str
    schema: str
    made_at: datetime
    database: str
    tables: dict[str, TableEntry] = field(default_factory=dict)
    files: dict[str, FileEntry] = field(default_factory=dict)
    chain: ChainHead | None = None

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    @property
    def members(self) -> set[str]:
        """The names of everything that has to be in the file."""
        return {MANIFEST, README, *map(table_member, self.tables), *self.files}

    def size_of(self, member: str) -> int | None:
        """How many bytes a member unpacks to, where the manifest says so."""
        if member in self.files:
            return self.files[member].bytes
        tables = {table_member(name): entry.bytes for name, entry in self.tables.items()}
        return tables.get(member)

    def text(self) -> bytes:
        """The JSON that ``read`` reads."""
        head = {"format": FORMAT, "format_version": FORMAT_VERSION}
        values = asdict(self) | {"made_at": self.made_at.isoformat()}
        return json.dumps(head | values, ensure_ascii=False, indent=1).encode()


def table_member(table: str) -> str:
    return f"tables/{table}.jsonl"


def safe_file(name: str) -> bool:
    """Whether a name stays inside one of the folders that belong to the register."""
    path = PurePosixPath(name)
    if str(path) != name or len(path.parts) < 2 or path.parts[0] not in FOLDERS or len(name) > 400:
        return False
    plain = all(character.isprintable() and character not in '\\:*?"<>|' for character in name)
    return plain and not any(part.startswith(".") for part in path.parts)


def read(data: bytes) -> tuple[int, str, Manifest | None]:
    """Format version, the dondoc that made it, and the manifest (None where the version is a later one).

    Raises BadManifest.
    """
    try:
        found = json.loads(data)
    except ValueError as error:
        raise BadManifest(str(error)) from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise BadManifest("format")
    version, made_by = _typed(found, "format_version", int), _typed(found, "dondoc", str)
    if version > FORMAT_VERSION:
        return version, made_by, None
    return version, made_by, _manifest(found, made_by)


def _manifest(found: dict[str, Any], made_by: str) -> Manifest:
    try:
        made_at = datetime.fromisoformat(_typed(found, "made_at", str))
    except ValueError as error:
        raise BadManifest("made_at") from error
    if made_at.tzinfo is None:
        raise BadManifest("made_at")
    chain = found.get("chain")
    return Manifest(
        dondoc=made_by,
        schema=_typed(found, "schema", str),
        made_at=made_at,
        database=_typed(found, "database", str),
        tables={name: _table(name, entry) for name, entry in _typed(found, "tables", dict).items()},
        files={name: _file(name, entry) for name, entry in _typed(found, "files", dict).items()},
        chain=None if chain is None else ChainHead(_typed(chain, "place", int), _typed(chain, "hash", str)),
    )


def _table(name: str, entry: Any) -> TableEntry:
    columns = _typed(entry, "columns", dict)
    if not _TABLE.fullmatch(name) or not columns or not set(columns.values()) <= _KINDS:
        raise BadManifest(f"tables: {name[:80]!r}")
    return TableEntry(_count(entry, "rows"), _count(entry, "bytes"), _sha256(entry), columns)


def _file(name: str, entry: Any) -> FileEntry:
    if not safe_file(name):
        raise BadManifest(f"files: {name[:80]!r}")
    return FileEntry(_count(entry, "bytes"), _sha256(entry))


def _typed(values: Any, key: str, kind: type[Any]) -> Any:
    if not isinstance(values, dict) or type(values.get(key)) is not kind:
        raise BadManifest(key)
    return values[key]


def _count(values: Any, key: str) -> int:
    number: int = _typed(values, key, int)
    if number < 0:
        raise BadManifest(key)
    return number


def _sha256(values: Any) -> str:
    text: str = _typed(values, "sha256", str)
    if not _SHA256.fullmatch(text):
        raise BadManifest("sha256")
    return text
