"""Zip files from outside (Word, Excel): looked at before anything is unpacked, so that no bomb goes off."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plans.text import _
from tasks.errors import BadInput

MOST_MEMBERS = 2_000
MOST_DIRECTORY = 1 << 20  # bytes of the list of members
MOST_UNPACKED = 200 << 20
MOST_RATIO = 100  # of a member that is more than a trifle
_TRIFLE = 1 << 20
_TAIL = 22 + 65_535  # the end record and the longest comment behind it
_END = b"PK\x05\x06"
_PLAIN = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


class BadZip(BadInput):
    """Not a zip that is safe to look into; the message says what is wrong."""


@contextmanager
def opened(path: Path, *, unpacked: int = MOST_UNPACKED) -> Iterator[zipfile.ZipFile]:
    """The zip, after its list of members was found small and honest. Raises BadZip."""
    _refuse_long_directory(path)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as error:
        raise BadZip(_("Tệp bị hỏng, không mở được.")) from error
    with archive:
        _check(archive.infolist(), unpacked)
        yield archive


def _refuse_long_directory(path: Path) -> None:
    """The list of members is read into memory by ``zipfile``; its size stands at the end of the file."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise BadZip(_("Tệp bị hỏng, không mở được."))
    members, length = struct.unpack("<HI", tail[at + 10 : at + 16])
    if members > MOST_MEMBERS or length > MOST_DIRECTORY:
        raise BadZip(_too_much())


def _check(members: list[zipfile.ZipInfo], unpacked: int) -> None:
    if len(members) > MOST_MEMBERS or sum(each.file_size for each in members) > unpacked:
        raise BadZip(_too_much())
    for each in members:
        if each.flag_bits & 0x1 or each.compress_type not in _PLAIN:
            raise BadZip(_("Tệp có mật khẩu hoặc nén theo cách lạ, không mở được."))
        if each.file_size > _TRIFLE and each.file_size > MOST_RATIO * max(1, each.compress_size):
            raise BadZip(_too_much())
        if each.filename.startswith(("/", "\\")) or ".." in each.filename.replace("\\", "/").split("/"):
            raise BadZip(_("Tệp bị hỏng, không mở được."))


def _too_much() -> str:
    return _("Nội dung nén trong tệp quá lớn so với một văn bản bình thường.")
