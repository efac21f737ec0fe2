"""Plain text: .txt and .md keep their own words, character by character."""

from __future__ import annotations

import codecs
import unicodedata

from reader.document import Document
from reader.sources.errors import Reason, Refused
from reader.sources.letters import old_encoding
from reader.sources.limits import Limits

_LEGAL_CONTROLS = frozenset("\t\n\r\f\v\x1a\x85")


def read_plain(data: bytes, limits: Limits) -> Document:
    """The text of the file. Raises Refused for what is no Unicode text."""
    text = decoded(data)
    if encoding := old_encoding(text):
        raise Refused(Reason.OLD_LETTERS, encoding=encoding)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip("\ufeff \t\n\f\v\u00a0\u200b\x1a"):
        raise Refused(Reason.EMPTY)
    if len(text) > limits.characters:
        raise Refused(Reason.TOO_LONG, limit=limits.characters)
    return Document(text)


def decoded(data: bytes) -> str:
    """UTF-8, or UTF-16 with its mark; the mark stays, for offsets count it."""
    text = _unicode(data)
    if text is None:
        raise _not_unicode(data)
    odd = sum(unicodedata.category(c) == "Cc" and c not in _LEGAL_CONTROLS for c in text)
    if "\0" in text or odd > len(text) // 500:
        raise Refused(Reason.BINARY)
    return text


def _unicode(data: bytes) -> str | None:
    encoding = "utf-8"
    if data.startswith(codecs.BOM_UTF16_LE) and not data.startswith(codecs.BOM_UTF32_LE):
        encoding = "utf-16-le"
    elif data.startswith(codecs.BOM_UTF16_BE):
        encoding = "utf-16-be"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _not_unicode(data: bytes) -> Refused:
    start = data[:200_000]
    if b"\0" in start or sum(byte < 32 and byte not in b"\t\n\r\f\v\x1a" for byte in start) > len(start) // 100:
        return Refused(Reason.BINARY)
    if encoding := old_encoding(start.decode("latin-1")):
        return Refused(Reason.OLD_LETTERS, encoding=encoding)
    windows = unicodedata.normalize("NFC", start.decode("cp1258", errors="replace")).lower()
    if any(f" {word} " in windows for word in ("và", "của", "các", "được", "thực", "về", "hiện")):
        return Refused(Reason.OLD_LETTERS, encoding="Windows-1258")
    return Refused(Reason.ENCODING)
