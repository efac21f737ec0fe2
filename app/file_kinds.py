"""What a file is by its content, whatever it is called: PDF, Word, Excel or an image; everything else is refused."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import puremagic

from app import zip_limits
from plans.text import _
from tasks.errors import BadInput


@dataclass(frozen=True, slots=True)
class Kind:
    """``suffixes``: how a file of that kind may be called, the usual one first."""

    name: str
    media_type: str
    suffixes: tuple[str, ...]
    begins: tuple[bytes, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = Kind("pdf", "application/pdf", (".pdf",), (b"%PDF-",))
DOCX = Kind("docx", f"{_OFFICE}wordprocessingml.document", (".docx",), (b"PK\x03\x04",))
XLSX = Kind("xlsx", f"{_OFFICE}spreadsheetml.sheet", (".xlsx",), (b"PK\x03\x04",))
IMAGES = (
    Kind("png", "image/png", (".png",), (b"\x89PNG\r\n\x1a\n",)),
    Kind("jpeg", "image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif"), (b"\xff\xd8\xff",)),
    Kind("tiff", "image/tiff", (".tif", ".tiff"), (b"II*\x00", b"MM\x00*")),
    Kind("webp", "image/webp", (".webp",), (b"RIFF",)),
    Kind("gif", "image/gif", (".gif",), (b"GIF8",)),
)
# What is read but never kept beside a paper; handed out as they are, never shown in the browser.
READ_ONLY = (
    Kind("text", "text/plain; charset=utf-8", (".txt", ".md"), ()),
    Kind("html", "application/octet-stream", (".html", ".htm", ".xhtml"), ()),
    Kind("picture", "application/octet-stream", (".png", ".jpg", ".jpeg", ".tif", ".tiff"), ()),
)
KINDS = {kind.name: kind for kind in (PDF, DOCX, XLSX, *IMAGES)}
READABLE = {kind.name: kind for kind in (PDF, DOCX, *READ_ONLY)}
_MAIN_PART = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}


class WrongKind(BadInput):
    """Nothing that may be kept beside a paper."""

    def __init__(self) -> None:
        super().__init__(_("Chỉ nhận tệp PDF, Word (.docx), Excel (.xlsx) hoặc ảnh; tệp này có nội dung khác."))


def recognise(path: Path) -> Kind:
    """Raises WrongKind, BadZip."""
    with path.open("rb") as file:
        head = file.read(16)
    if head.startswith(DOCX.begins):
        return _office(path)
    try:
        guesses = puremagic.magic_file(str(path))
    except (ValueError, puremagic.PureError):
        raise WrongKind from None
    for kind in (PDF, *IMAGES):
        if head.startswith(kind.begins) and guesses and guesses[0].extension in kind.suffixes:
            return kind
    raise WrongKind


def _office(path: Path) -> Kind:
    """A zip says by its members what it is. Macros are refused: nobody needs them to read a paper."""
    with zip_limits.opened(path) as archive:
        names = set(archive.namelist())
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise BadInput(_("Tệp có macro. Lưu lại thành .docx, .xlsx hoặc PDF rồi tải lên."))
    for kind, part in _MAIN_PART.items():
        if "[Content_Types].xml" in names and part in names:
            return kind
    raise WrongKind
