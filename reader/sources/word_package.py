"""A .docx as a package: its parts, unpacked within bounds, and what must not be in it."""

from __future__ import annotations

import posixpath
import struct
import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from lxml import etree

from reader.sources.errors import Reason, Refused
from reader.sources.formats import DOCX_KIND
from reader.sources.limits import MEGABYTE, Limits

_MOST_PARTS = 20_000
_BROKEN = (BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_USUAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = "{" + _USUAL.decode() + "}"
_OTHERS = {"word/": "", "xl/": "Excel", "ppt/": "PowerPoint", "visio/": "Visio"}


def damaged() -> Refused:
    return Refused(Reason.DAMAGED, kind=DOCX_KIND)


class Package:
    """The parts of a .docx. Raises Refused for locks, macros, bombs, damage, and packages of another kind."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._left = limits.unpacked
        self._limit = limits.unpacked // MEGABYTE
        try:
            self._zip = ZipFile(BytesIO(data))
        except _BROKEN as error:
            raise damaged() from error
        entries = self._zip.infolist()
        if len(entries) > _MOST_PARTS:
            raise Refused(Reason.UNPACKS_TOO_LARGE, limit=self._limit)
        self._names = {entry.filename.lstrip("/"): entry for entry in entries}
        self._check_kind()

    def _check_kind(self) -> None:
        if any(entry.flag_bits & 1 for entry in self._names.values()):
            raise Refused(Reason.LOCKED)
        if "[Content_Types].xml" not in self._names:
            raise Refused(Reason.OTHER_FORMAT, kind="OpenDocument" if "content.xml" in self._names else "ZIP")
        lowered = [name.lower() for name in self._names]
        if any(name.endswith("vbaproject.bin") for name in lowered):
            raise Refused(Reason.MACROS)
        if b"macroenabled" in self._bytes("[Content_Types].xml").lower():
            raise Refused(Reason.MACROS)
        kind = next((kind for folder, kind in _OTHERS.items() if any(n.startswith(folder) for n in lowered)), "")
        if kind:
            raise Refused(Reason.OTHER_FORMAT, kind=kind)

    def main(self) -> tuple[str, etree._Element]:
        """The name and the tree of the document itself."""
        name = "word/document.xml"
        relations = self.part("_rels/.rels")
        for relation in relations if relations is not None else ():
            if relation.get("Type", "").endswith("/officeDocument"):
                name = relation.get("Target", name).lstrip("/")
        tree = self.part(name)
        if tree is None:
            raise damaged()
        return name, tree

    def beside(self, main: str, name: str) -> etree._Element | None:
        """A part in the folder of the document: styles, numbering."""
        return self.part(posixpath.join(posixpath.dirname(main), name))

    def part(self, name: str) -> etree._Element | None:
        """The tree of a part, or None where there is none."""
        if name not in self._names:
            return None
        data = self._bytes(name).replace(_STRICT, _USUAL)
        parser = etree.XMLParser(
            resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            if b"<!ENTITY" in data or b"<!DOCTYPE" in data:
                raise Refused(Reason.ENTITIES) from error
            if "depth" in str(error):
                raise Refused(Reason.TOO_DEEP, limit=Limits().nesting) from error
            raise damaged() from error
        if root.getroottree().docinfo.doctype:
            raise Refused(Reason.ENTITIES)
        return root

    def _bytes(self, name: str) -> bytes:
        """Unpacks as far as is allowed; what the directory says about sizes is not believed."""
        try:
            with self._zip.open(self._names[name]) as stream:
                data = stream.read(self._left + 1)
        except _BROKEN as error:
            raise damaged() from error
        self._left -= len(data)
        if self._left < 0:
            raise Refused(Reason.UNPACKS_TOO_LARGE, limit=self._limit)
        return data
