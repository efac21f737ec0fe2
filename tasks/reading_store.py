"""Documents that were read: kept as they were uploaded, with what was read from them and decided about it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.engine import Connection

from plans.text import _
from tasks import trail
from tasks.database import alone, insert_new
from tasks.desk_tables import stored_file
from tasks.errors import RegisterError
from tasks.paper_desk import Content as Bytes
from tasks.reading_json import from_json, to_json
from tasks.reading_model import Content, State
from tasks.reading_tables import document, reading


class ReadingUnknown(RegisterError):
    def __init__(self) -> None:
        super().__init__(_("Không có văn bản này; có thể đã được xóa."))


class ReadingChanged(RegisterError):
    """Somebody else decided on the same document since the page was opened."""

    def __init__(self, who: str) -> None:
        said = _("{who} vừa thay đổi phần rà soát văn bản này. Xem lại rồi làm lại.")
        super().__init__(said.format(who=who))
        self.who = who


class ReadingStarted(RegisterError):
    """What was read is a plan already."""

    def __init__(self, plan_id: str) -> None:
        said = _("Văn bản này đã lập thành kế hoạch {plan}; sửa trong kế hoạch đó.")
        super().__init__(said.format(plan=plan_id))
        self.plan_id = plan_id


@dataclass(frozen=True, slots=True)
class Source:
    """A document as it was uploaded. ``cells``: start, end, table, row, column of each cell."""

    id: int
    lead: str
    hash: str
    name: str
    format: str
    size: int
    text: str
    pages: tuple[int, ...]
    cells: tuple[tuple[int, int, int, int, int], ...]
    ocr: bool
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read and decided. ``revision``: what a page has seen; ``plan_id``: the plan that was made of it."""

    id: int
    document_id: int
    lead: str
    name: str
    plan_id: str | None
    revision: int
    at: datetime
    by: str
    content: Content


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list of documents under review: ``decided`` of ``items`` have been accepted or ignored."""

    id: int
    document_id: int
    lead: str
    name: str
    title: str
    revision: int
    items: int
    decided: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Read:
    """The text of a document and what was read from it, to be kept."""

    format: str
    text: str
    pages: Sequence[int]
    cells: Sequence[tuple[int, int, int, int, int]]
    ocr: bool
    content: Content


def existing(connection: Connection, lead: str, file_hash: str) -> int | None:
    """The reading of the same bytes in that unit, if there is one."""
    chosen = select(reading.c.id).join(document, document.c.id == reading.c.document_id)
    same = (document.c.lead == lead) & (document.c.hash == file_hash)
    return connection.execute(chosen.where(same)).scalar_one_or_none()


def keep(connection: Connection, file: Bytes, read: Read, *, lead: str, now: datetime, actor: str) -> tuple[int, bool]:
    """Keeps a document with what was read from it; its bytes are kept by the caller. The number of the reading, and
    whether the unit had that document already."""
    alone(connection, f"file:{file.hash}")
    there = existing(connection, lead, file.hash)
    if there is not None:
        return there, True
    insert_new(connection, stored_file, [{"hash": file.hash, "kind": file.kind, "size": file.size, "at": now}])
    values = {
        "lead": lead, "hash": file.hash, "name": file.name, "format": read.format, "text": read.text,
        "pages": list(read.pages), "cells": [list(cell) for cell in read.cells], "ocr": read.ocr,
        "at": now, "by": actor,
    }  # fmt: skip
    made = connection.execute(document.insert().values(values).returning(document.c.id)).scalar_one()
    rows = {
        "document_id": made,
        "plan_id": None,
        "revision": 1,
        "content": to_json(read.content),
        "at": now,
        "by": actor,
    }
    number = int(connection.execute(reading.insert().values(rows).returning(reading.c.id)).scalar_one())
    data = {"reading": number, "name": file.name, "sha256": file.hash, "items": len(read.content.items)}
    trail.write(connection, [trail.Entry("document_read", agency_id=lead, data=data)], now=now, actor=actor)
    return number, False


def load(connection: Connection, reading_id: int) -> Reading:
    """Raises ReadingUnknown."""
    chosen = select(reading, document.c.lead, document.c.name).join(document, document.c.id == reading.c.document_id)
    row = connection.execute(chosen.where(reading.c.id == reading_id)).one_or_none()
    if row is None:
        raise ReadingUnknown
    return _reading(row)


def source(connection: Connection, document_id: int) -> Source:
    """The document itself. Raises ReadingUnknown."""
    chosen = select(document, stored_file.c.size).join(stored_file, stored_file.c.hash == document.c.hash)
    row = connection.execute(chosen.where(document.c.id == document_id)).one_or_none()
    if row is None:
        raise ReadingUnknown
    values = dict(row._mapping)
    values["pages"] = tuple(values["pages"])
    values["cells"] = tuple((c[0], c[1], c[2], c[3], c[4]) for c in values["cells"])
    return Source(**values)


def of_plan(connection: Connection, plan_id: str) -> Reading | None:
    """The reading that a plan was made of."""
    chosen = select(reading.c.id).where(reading.c.plan_id == plan_id).order_by(reading.c.id.desc()).limit(1)
    number = connection.execute(chosen).scalar_one_or_none()
    return load(connection, number) if number is not None else None


def listed(connection: Connection, leads: Collection[str] | None, *, most: int = 100) -> list[Listed]:
    """The documents of these units (None: of all) of which no plan was made yet, the newest first, at most ``most``."""
    chosen = select(reading, document.c.lead, document.c.name).join(document, document.c.id == reading.c.document_id)
    chosen = chosen.where(reading.c.plan_id.is_(None)).order_by(reading.c.id.desc()).limit(most)
    if leads is not None:
        chosen = chosen.where(document.c.lead.in_(sorted(leads)))
    return [_listed(row) for row in connection.execute(chosen)]


def _reading(row: Row[Any]) -> Reading:
    return Reading(
        row.id, row.document_id, row.lead, row.name, row.plan_id, row.revision, row.at, row.by, from_json(row.content)
    )


def _listed(row: Row[Any]) -> Listed:
    """Without making objects of what was read: a line only counts it."""
    facts, items = row.content["facts"], row.content["items"]
    title = facts["title"]["value"] if "title" in facts else row.name
    decided = sum(item["state"] != State.PROPOSED.value for item in items)
    return Listed(row.id, row.document_id, row.lead, row.name, title, row.revision, len(items), decided, row.at, row.by)


def text_of(connection: Connection, reading_id: int) -> str:
    """The text of the document that was read. Raises ReadingUnknown."""
    chosen = select(document.c.text).join(reading, reading.c.document_id == document.c.id)
    found = connection.execute(chosen.where(reading.c.id == reading_id)).scalar_one_or_none()
    if found is None:
        raise ReadingUnknown
    return str(found)
