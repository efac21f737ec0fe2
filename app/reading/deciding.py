"""Moves on a reading that need more than the reading: the document's grammar, or bodies that are only shipped."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.engine import Connection

from app.reading.groups import existed
from app.reading.naming import short_name
from app.reading.proposing import bodies_of, day_of, item_of_duty
from app.reading.uploading import known_bodies
from plans.text import sort_key
from reader.document import Cell, Document, Span
from reader.draft import Kind
from reader.duties import DutyReader
from reader.facts import read_facts
from reader.outline import outline
from reader.reading import years_of
from tasks import readings
from tasks.reading_model import Item, Member, Place
from tasks.reading_names import ADDED_BY_HAND
from tasks.reading_store import Reading, Source, load, source


def document_of(found: Source) -> Document:
    """The document as the reader takes it."""
    cells = tuple(Cell(Span(a, b), table, row, column) for a, b, table, row, column in found.cells)
    return Document(found.text, found.pages, cells, found.ocr)


def add_selected(
    connection: Connection,
    reading_id: int,
    start: int,
    end: int,
    *,
    title: str = "",
    seen: int,
    now: datetime,
    actor: str,
) -> tuple[Reading, int]:
    """A duty in words that a person has selected; when and who as far as the words themselves say. And its number.

    Raises ReadingUnknown, ReadingChanged, ReadingStarted, BadInput.
    """
    found = source(connection, load(connection, reading_id).document_id)
    item = selected(document_of(found), start, end, title)
    return readings.add(connection, reading_id, item, seen=seen, now=now, actor=actor)


def selected(document: Document, start: int, end: int, title: str = "") -> Item:
    """The item that these words make. Pure."""
    place = Place(max(0, start), min(end, len(document.text)))
    words = " ".join(place.of(document.text).replace("*", "").split())
    clauses = outline(document)
    clause = clauses.at(place.start)
    label = clause.label if clause is not None else ""
    named = title.strip() or short_name(words)
    bare = Item(0, named, label, Kind.OTHER.value, clause=place, title_place=place)
    if place.start >= place.end:
        return bare
    facts = read_facts(document, clauses)
    reader = DutyReader(document, clauses, facts, years_of(document, clauses, facts))
    duty = reader.within(Span(place.start, place.end))
    if duty is None:
        return bare
    read = item_of_duty(0, duty, document.text)
    named = title.strip() or short_name(words, read.time.of(document.text) if read.time else "")
    return Item(
        0, named, read.section or label, read.kind, read.due, read.boundary, read.time,
        agencies=read.agencies, cooperating=read.cooperating, recipients=read.recipients, via=read.via,
        title_place=place, clause=place, product=read.product, product_place=read.product_place,
        window=read.window, window_place=read.window_place, sure=read.sure, doubts=read.doubts,
    )  # fmt: skip


def choose_body(
    connection: Connection,
    reading_id: int,
    name: str,
    agency: str,
    *,
    new: bool = False,
    called: str = "",
    seen: int,
    now: datetime,
    actor: str,
) -> Reading:
    """The body of the register (or of the shipped lists) that a name stands for, or a new one."""
    known = known_bodies(connection).agencies
    return readings.choose_body(
        connection, reading_id, name, agency, new=new, called=called, known=known, seen=seen, now=now, actor=actor
    )


def set_group_members(
    connection: Connection,
    reading_id: int,
    name: str,
    members: Collection[str],
    *,
    relation: str | None = None,
    seen: int,
    now: datetime,
    actor: str,
) -> Reading:
    """Who stands behind a collective name, out of the proposed ones and of all bodies that are known, and how they
    stand to the lead unit."""
    known = {body.id: body.name for body in known_bodies(connection).agencies.values()}
    return readings.set_group_members(
        connection, reading_id, name, members, relation=relation, known=known, seen=seen, now=now, actor=actor
    )


def member_choices(connection: Connection, found: Reading, name: str) -> list[Member]:
    """Who may be counted in: the members that are proposed or chosen, then the other bodies of the unit that existed on
    the day of issue. Raises KeyError for a name that the reading does not hold."""
    members = found.content.group(name).members
    there = {member.agency for member in members}
    unit = found.content.facts["unit"].value if "unit" in found.content.facts else found.lead.rsplit(".", 1)[0]
    on = day_of(found.content.facts)
    bodies = bodies_of(known_bodies(connection), unit)
    others = [b for b in bodies if b.id not in there and not b.never_messaged and existed(b, on)]
    more = [Member(b.id, b.name_on(on), ADDED_BY_HAND, False) for b in others]
    return [*members, *sorted(more, key=lambda member: sort_key(member.name))]
