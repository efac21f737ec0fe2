"""The file itself: written under another name, read back, and only then called what it is to be called.

A zip (zip64) that every system opens: ``manifest.json``, ``README.txt``, one ``tables/<name>.jsonl`` per table, the
files of the register. Reading trusts nothing: names, sizes, sums and counts are those of the manifest or it ends.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from app.backup import manifest as manifests
from app.backup.errors import BackupDamaged, BackupExists, BackupTooNew, NotABackup
from app.backup.manifest import MANIFEST, README, BadManifest, FileEntry, Manifest, table_member
from plans.calendar import local_time
from plans.text import _

PART = ".part"  # the end of a name under which a copy is being written
_CHUNK = 1 << 20
_LONGEST_MANIFEST = 256 << 20  # a million files
_LONGEST_LINE = 64 << 20  # the longest row is a message with its text
_UNPACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1


@contextmanager
def new_file(target: Path) -> Iterator[IO[bytes]]:
    """A file that bears its name only when it is complete and on the disk; readable by its owner alone.

    Raises BackupExists, and OSError naming the file.
    """
    if target.exists() or target.is_symlink():
        raise BackupExists(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_name(f".{target.name}.{os.getpid()}{PART}")
    try:
        scratch.unlink(missing_ok=True)
        with open(scratch, "xb", opener=_private) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _name(scratch, target)
    except OSError as error:
        if error.filename is None:
            raise OSError(error.errno, error.strerror, str(target)) from error
        raise
    finally:
        scratch.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _name(scratch: Path, target: Path) -> None:
    """Gives the file its name unless somebody else has taken it meanwhile."""
    try:
        target.hardlink_to(scratch)
    except FileExistsError:
        raise BackupExists(target) from None
    except OSError:  # a share or a stick without hard links
        if target.exists():
            raise BackupExists(target) from None
        scratch.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    except OSError:
        pass  # some shares cannot sync a folder; the file itself is on the disk
    finally:
        os.close(folder)


class Sum:
    """Size, lines and SHA-256 of what went by."""

    def __init__(self) -> None:
        self.bytes = 0
        self.lines = 0
        self._sha256 = hashlib.sha256()

    def add(self, data: bytes) -> None:
        self.bytes += len(data)
        self._sha256.update(data)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()


class Writer:
    """Writes members one after the other, each streamed."""

    def __init__(self, file: IO[bytes], *, made_at: datetime) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self._time = local_time(made_at).timetuple()[:6]

    def lines(self, table: str, lines: Iterable[bytes]) -> Sum:
        """The rows of a table."""
        total = Sum()
        with self._member(table_member(table)) as member:
            for line in lines:
                total.add(line)
                total.lines += 1
                member.write(line)
        return total

    def file(self, name: str, source: Path) -> FileEntry:
        """A file as it is."""
        total = Sum()
        with source.open("rb") as read, self._member(name) as member:
            while data := read.read(_CHUNK):
                total.add(data)
                member.write(data)
        return FileEntry(total.bytes, total.sha256)

    def finish(self, manifest: Manifest) -> None:
        for name, data in ((README, _readme().encode()), (MANIFEST, manifest.text())):
            with self._member(name) as member:
                member.write(data)
        self._zip.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What was not finished is let go while its file is open; nobody will read it."""
        with suppress(OSError, ValueError):
            self._zip.close()

    def _member(self, name: str) -> IO[bytes]:
        year, *rest = self._time
        info = zipfile.ZipInfo(name, (min(max(year, 1980), 2107), *rest))  # type: ignore[arg-type]
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        return self._zip.open(info, "w", force_zip64=True)


def _readme() -> str:
    return _(
        "Bản sao lưu sổ theo dõi của dondoc.\n\n"
        "manifest.json    bản sao lưu này gồm những gì: phiên bản, thời điểm, số dòng và mã SHA-256 của từng phần\n"
        "tables/*.jsonl   mỗi bảng một tệp văn bản UTF-8, mỗi dòng là một bản ghi JSON; thời điểm theo giờ UTC\n"
        "outbox/, files/  các tệp đi kèm; files/ gồm tệp của văn bản đến, đặt tên theo mã SHA-256\n\n"
        "Khôi phục: dondoc restore TỆP. Đọc không cần dondoc: mọi phần đều là văn bản.\n"
    )


class Archive:
    """A backup opened for reading. Raises NotABackup, BackupTooNew, BackupDamaged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("rb")
        try:
            with self._guarded(_("mục lục của tệp")):
                self._zip = self._open()
                self.manifest = self._read_manifest()
                self._compare_members()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()
        self._file.close()

    def lines(self, table: str) -> Iterator[bytes]:
        """The lines of a table; at the end size, sum and count have been compared."""
        entry, place, total = self.manifest.tables[table], table_member(table), Sum()
        with self._guarded(place), self._zip.open(place) as member:
            while line := member.readline(_LONGEST_LINE):
                total.add(line)
                total.lines += 1
                if total.bytes > entry.bytes or not line.endswith(b"\n"):
                    raise self.damaged(place, total.lines)
                yield line
        if (total.bytes, total.sha256, total.lines) != (entry.bytes, entry.sha256, entry.rows):
            raise self.damaged(place)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a file; at the end size and sum have been compared."""
        entry, total = self.manifest.files[name], Sum()
        with self._guarded(name), self._zip.open(name) as member:
            while data := member.read(_CHUNK):
                total.add(data)
                if total.bytes > entry.bytes:
                    raise self.damaged(name)
                yield data
        if (total.bytes, total.sha256) != (entry.bytes, entry.sha256):
            raise self.damaged(name)

    def damaged(self, place: str, line: int | None = None, why: str | None = None) -> BackupDamaged:
        if line is not None:
            place = _("{file}, dòng {line}").format(file=place, line=line)
        return BackupDamaged(self.path, f"{place} ({why})" if why else place)

    def _open(self) -> zipfile.ZipFile:
        begins = self._file.read(4)
        self._file.seek(0)
        try:
            return zipfile.ZipFile(self._file)
        except zipfile.BadZipFile:
            if begins == b"PK\x03\x04":
                raise self.damaged(_("tệp bị cắt cụt")) from None
            raise NotABackup(self.path) from None

    def _read_manifest(self) -> Manifest:
        if MANIFEST not in self._zip.namelist():
            raise NotABackup(self.path)
        with self._zip.open(MANIFEST) as member:
            data = member.read(_LONGEST_MANIFEST + 1)
        try:
            if len(data) > _LONGEST_MANIFEST:
                raise BadManifest("size")
            _version, made_by, found = manifests.read(data)
        except BadManifest as error:
            if str(error) == "format":
                raise NotABackup(self.path) from None
            raise self.damaged(MANIFEST, why=str(error)) from error
        if found is None:
            raise BackupTooNew(self.path, made_by)
        return found

    def _compare_members(self) -> None:
        """Every member once, under the name and with the size that the manifest gives it, and nothing else."""
        seen: set[str] = set()
        sizes = {table_member(name): entry.bytes for name, entry in self.manifest.tables.items()}
        sizes |= {name: entry.bytes for name, entry in self.manifest.files.items()}
        for info in self._zip.infolist():
            name = info.orig_filename
            wrong = (
                name in seen or name not in self.manifest.members or info.file_size != sizes.get(name, info.file_size)
            )
            if wrong or info.compress_type not in _UNPACKED or info.flag_bits & _ENCRYPTED:
                raise self.damaged(repr(name[:120])[1:-1])
            seen.add(name)
        for name in self.manifest.members - seen:
            raise self.damaged(name, why=_("thiếu"))

    @contextmanager
    def _guarded(self, place: str) -> Iterator[None]:
        """What zip and its compression say of broken data, in our words."""
        try:
            yield
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError) as error:
            raise self.damaged(place, why=str(error)) from error


def free_space(folder: Path) -> int:
    """Bytes that may still be written there."""
    return shutil.disk_usage(folder).free
