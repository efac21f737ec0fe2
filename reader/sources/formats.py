"""What a file is: its content decides, its name only where the content leaves it open."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePath

from reader.sources.errors import Reason, Refused

DOCX_KIND = "Word (.docx)"


class Format(StrEnum):
    """What can be read; each has a reader of its own."""

    TEXT = "text"
    DOCX = "docx"
    PDF = "pdf"
    HTML = "html"
    PICTURE = "picture"


KINDS = {
    Format.TEXT: "TXT",
    Format.DOCX: DOCX_KIND,
    Format.PDF: "PDF",
    Format.HTML: "HTML",
    Format.PICTURE: "PNG, JPEG, TIFF",
}
_PROMISED = {
    ".pdf": KINDS[Format.PDF],
    ".docx": DOCX_KIND,
    ".docm": DOCX_KIND,
    ".doc": "Word (.doc)",
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".tif": "TIFF",
    ".tiff": "TIFF",
}
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
_HTML_NAMES = (".html", ".htm", ".xhtml")
_HTML = re.compile(rb"(?:<\?xml[^>]*>|<!--.*?-->|\s)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def format_of(data: bytes, name: str) -> Format:
    """The format of a file. Raises Refused for what is known and cannot be read."""
    start = _without_mark(data[:4096])
    if not data[:4096].strip(b"\0 \t\r\n") and not data.strip(b"\0 \t\r\n"):
        raise Refused(Reason.EMPTY)
    suffix = PurePath(name).suffix.lower()
    if start.startswith(b"%PDF-") or (suffix == ".pdf" and b"%PDF-" in start[:1024]):
        return Format.PDF
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Format.DOCX
    if start.startswith(_PICTURES):
        return Format.PICTURE
    _refuse_known(data, start)
    if suffix in _PROMISED:
        raise Refused(Reason.DAMAGED, kind=_PROMISED[suffix])
    if suffix in _HTML_NAMES or _HTML.match(start):
        return Format.HTML
    if start.startswith((b"<?xml", b"MIME-Version:")):
        raise Refused(Reason.UNKNOWN)
    return Format.TEXT


def _without_mark(start: bytes) -> bytes:
    """The start as single bytes, so that UTF-16 compares like UTF-8."""
    for mark in _MARKS:
        if start.startswith(mark):
            start = start[len(mark) :]
            return start.replace(b"\0", b"") if len(mark) == 2 else start
    return start


def _refuse_known(data: bytes, start: bytes) -> None:
    if start.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refused(Reason.LOCKED)
        if "WordDocument".encode("utf-16-le") in data:
            raise Refused(Reason.OLD_WORD)
        raise Refused(Reason.OTHER_FORMAT, kind="Office 97-2003")
    if start.startswith(b"{\\rtf"):
        raise Refused(Reason.OTHER_FORMAT, kind="RTF")
    if start.startswith(b"\xffWPC"):
        raise Refused(Reason.OTHER_FORMAT, kind="WordPerfect")
    if start.startswith((b"GIF8", b"BM\x00", b"RIFF")) or start[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        raise Refused(Reason.UNKNOWN)
