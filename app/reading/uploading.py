"""A document comes in: read, looked at for marks of secrecy, kept with its bytes and what is proposed."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from app.file_kinds import READABLE
from app.filestore import MOST_BYTES, FileStore, FileTooBig
from app.reading.proposing import proposals
from app.reading.secrecy import refuse_secret
from plans.model import Register
from plans.plan_parties import register_with
from plans.shipped import shipped_register
from reader.document import Document
from reader.sources import Progress, read_bytes
from reader.sources.formats import format_of
from tasks.agencies import load_register
from tasks.database import reading as looking
from tasks.database import writing
from tasks.reading_store import Read, existing, keep

_UNKEPT = re.compile(
    "[\0\ud800-\udfff]"
)  # what no database keeps; something stands for it, so that every place stays right
_UNKNOWN = "\ufffd"


@dataclass(frozen=True, slots=True)
class Uploaded:
    """``existed``: the unit had read the same file before; what was decided on it is untouched."""

    reading_id: int
    existed: bool


def upload(
    engine: Engine,
    files: FileStore,
    data: bytes,
    name: str,
    *,
    lead: str,
    now: datetime,
    actor: str,
    progress: Progress | None = None,
) -> Uploaded:
    """Reads a file for the unit ``lead`` (agency id) and keeps it. Reading may take seconds: nothing is held meanwhile.

    ``progress`` is called with the pages that are done and how many there are.

    Raises FileTooBig, SourceError, SecretDocument, BadInput.
    """
    if len(data) > MOST_BYTES:
        raise FileTooBig
    with looking(engine) as connection:
        there = existing(connection, lead, hashlib.sha256(data).hexdigest())
        register = known_bodies(connection)
    if there is not None:
        return Uploaded(there, True)
    document = read_bytes(data, name, progress=progress)
    document = replace(document, text=_UNKEPT.sub(_UNKNOWN, document.text))
    refuse_secret(document.text)
    read = as_read(document, format_of(data, name).value, register=register, lead=lead)
    with files.staged_document(data, name, READABLE[read.format]) as staged, writing(engine) as connection:
        number, existed = keep(connection, staged.content, read, lead=lead, now=now, actor=actor)
        staged.keep()
    return Uploaded(number, existed)


def as_read(document: Document, kind: str, *, register: Register, lead: str) -> Read:
    """The text with what is proposed."""
    cells = [(c.span.start, c.span.end, c.table, c.row, c.column) for c in document.cells]
    content = proposals(document, register=register, lead=lead)
    return Read(kind, document.text, document.pages, cells, document.ocr, content)


def known_bodies(connection: Connection) -> Register:
    """The bodies of the register, and the shipped ones that come along when a plan names them."""
    return register_with(load_register(connection), shipped_register().agencies.values())
