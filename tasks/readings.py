"""What officers decide about what was read from a document: moves that never overwrite each other.

Every move says which revision it has seen, and writes its row of the trail in its own transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.engine import Connection

from tasks import reading_moves as moves
from tasks import trail
from tasks.agencies import load_register
from tasks.database import alone
from tasks.held_files import drop_unheld
from tasks.reading_json import item_to_json, to_json
from tasks.reading_model import Content, Item, Place
from tasks.reading_store import Reading, ReadingChanged, ReadingStarted, load, source, text_of
from tasks.reading_tables import document, reading


def accept(
    connection: Connection, reading_id: int, items: Collection[int], *, seen: int, now: datetime, actor: str
) -> Reading:
    """These proposals are duties. Raises ReadingUnknown, ReadingChanged, ReadingStarted, BadInput (so do all moves)."""
    return _on_items(
        connection, reading_id, "accept", items, lambda c: moves.accept(c, items), seen=seen, now=now, actor=actor
    )


def ignore(
    connection: Connection, reading_id: int, item: int, reason: str, *, seen: int, now: datetime, actor: str
) -> Reading:
    """This proposal is no duty of the plan."""
    return _on_items(
        connection,
        reading_id,
        "ignore",
        [item],
        lambda c: moves.ignore(c, item, reason),
        seen=seen,
        now=now,
        actor=actor,
    )


def restore(connection: Connection, reading_id: int, item: int, *, seen: int, now: datetime, actor: str) -> Reading:
    """To be decided anew."""
    return _on_items(
        connection, reading_id, "restore", [item], lambda c: moves.restore(c, item), seen=seen, now=now, actor=actor
    )


def edit(
    connection: Connection,
    reading_id: int,
    item: int,
    changes: Mapping[str, Any],
    *,
    seen: int,
    now: datetime,
    actor: str,
) -> Reading:
    """Other values for some fields (``tasks.reading_moves.edit``)."""
    text = text_of(connection, reading_id)
    return _on_items(
        connection, reading_id, "edit", [item], lambda c: moves.edit(c, item, changes, text),
        seen=seen, now=now, actor=actor,
    )  # fmt: skip


def split(connection: Connection, reading_id: int, item: int, *, seen: int, now: datetime, actor: str) -> Reading:
    """One proposal becomes two."""
    return _on_items(
        connection, reading_id, "split", [item], lambda c: moves.split(c, item), seen=seen, now=now, actor=actor
    )


def merge(
    connection: Connection, reading_id: int, items: Sequence[int], *, seen: int, now: datetime, actor: str
) -> Reading:
    """Several proposals become the first of them."""
    return _on_items(
        connection, reading_id, "merge", items, lambda c: moves.merge(c, items), seen=seen, now=now, actor=actor
    )


def add(
    connection: Connection, reading_id: int, item: Item, *, seen: int, now: datetime, actor: str
) -> tuple[Reading, int]:
    """A duty that was not proposed, and its number."""
    text = text_of(connection, reading_id)
    made = 0

    def move(content: Content) -> Content:
        nonlocal made
        content, made = moves.add(content, item, text)
        return content

    changed = _on_items(connection, reading_id, "add", [], move, seen=seen, now=now, actor=actor)
    return changed, made


def set_fact(
    connection: Connection,
    reading_id: int,
    name: str,
    value: str,
    place: Place | None = None,
    *,
    seen: int,
    now: datetime,
    actor: str,
) -> Reading:
    """What the head of the document says, as a person reads it."""
    text = text_of(connection, reading_id)

    def told(was: Content, now_is: Content) -> dict[str, Any]:
        old, new = was.facts.get(name), now_is.facts.get(name)
        return {"fact": name, "was": old.value if old else None, "is": new.value if new else None}

    return _move(
        connection, reading_id, "reading_fact", lambda c: moves.set_fact(c, name, value, place, text), told,
        seen=seen, now=now, actor=actor,
    )  # fmt: skip


def look(
    connection: Connection, reading_id: int, kind: str, name: str, *, seen: int, now: datetime, actor: str
) -> Reading:
    """The doubts of a fact, item, body or group have been looked at."""
    return _move(
        connection, reading_id, f"reading_{kind if kind in moves.KINDS else 'item'}",
        lambda c: moves.look(c, kind, name), lambda _was, _is: {"move": "look", kind: name},
        seen=seen, now=now, actor=actor,
    )  # fmt: skip


def set_group_members(
    connection: Connection,
    reading_id: int,
    name: str,
    members: Collection[str],
    *,
    known: Mapping[str, str] | None = None,
    seen: int,
    now: datetime,
    actor: str,
) -> Reading:
    """Who stands behind a collective name. ``known``: names by id of bodies beyond those of the register."""
    bodies = {**(known or {}), **{a.id: a.name for a in load_register(connection).agencies.values()}}

    def told(was: Content, now_is: Content) -> dict[str, Any]:
        old, new = ([m.agency for m in content.group(name).chosen] for content in (was, now_is))
        return {"group": name, "was": old, "is": new}

    return _move(
        connection, reading_id, "reading_group", lambda c: moves.set_group_members(c, name, members, bodies), told,
        seen=seen, now=now, actor=actor,
    )  # fmt: skip


def choose_body(
    connection: Connection,
    reading_id: int,
    name: str,
    agency: str,
    *,
    new: bool = False,
    known: Collection[str] = (),
    seen: int,
    now: datetime,
    actor: str,
) -> Reading:
    """The body that a name stands for. ``known``: ids of bodies beyond those of the register."""
    bodies = {*known, *load_register(connection).agencies}

    def told(was: Content, now_is: Content) -> dict[str, Any]:
        return {"body": name, "was": was.body(name).agency, "is": now_is.body(name).agency, "new": new}

    return _move(
        connection, reading_id, "reading_body",
        lambda c: moves.choose_body(c, name, agency, new=new, known=bodies), told,
        seen=seen, now=now, actor=actor,
    )  # fmt: skip


def started(connection: Connection, reading_id: int, plan_id: str, *, seen: int, now: datetime, actor: str) -> Reading:
    """A plan was made of it: from now on that is what is changed."""
    return _move(
        connection, reading_id, "reading_plan", lambda c: c, lambda _was, _is: {"plan": plan_id},
        seen=seen, now=now, actor=actor, plan_id=plan_id,
    )  # fmt: skip


def discard(connection: Connection, reading_id: int, *, seen: int, now: datetime, actor: str) -> str | None:
    """Throws a document with its reading away; returns the hash of the bytes where nobody holds them any more.

    Raises ReadingUnknown, ReadingChanged, ReadingStarted.
    """
    found = load(connection, reading_id)
    file_hash = source(connection, found.document_id).hash
    alone(connection, f"file:{file_hash}")
    _take(connection, found, seen, {})
    connection.execute(delete(reading).where(reading.c.id == reading_id))
    connection.execute(delete(document).where(document.c.id == found.document_id))
    data = {"reading": reading_id, "name": found.name, "sha256": file_hash}
    trail.write(connection, [trail.Entry("reading_discarded", agency_id=found.lead, data=data)], now=now, actor=actor)
    return file_hash if drop_unheld(connection, file_hash) else None


def _on_items(
    connection: Connection,
    reading_id: int,
    name: str,
    numbers: Collection[int],
    move: Callable[[Content], Content],
    *,
    seen: int,
    now: datetime,
    actor: str,
) -> Reading:
    def told(was: Content, now_is: Content) -> dict[str, Any]:
        return {"move": name, "items": _changes(was, now_is)}

    return _move(connection, reading_id, "reading_item", move, told, seen=seen, now=now, actor=actor)


def _changes(was: Content, now_is: Content) -> list[dict[str, Any]]:
    """What differs, field by field, for every item that does."""
    old = {item.id: item_to_json(item) for item in was.items}
    found = []
    for item in now_is.items:
        new, before = item_to_json(item), old.get(item.id)
        if before is None:
            found.append({"item": item.id, "is": new})
        elif before != new:
            names = [name for name in new if new[name] != before[name]]
            found.append({"item": item.id, "was": {n: before[n] for n in names}, "is": {n: new[n] for n in names}})
    return found


def _move(
    connection: Connection,
    reading_id: int,
    kind: str,
    move: Callable[[Content], Content],
    told: Callable[[Content, Content], dict[str, Any]],
    *,
    seen: int,
    now: datetime,
    actor: str,
    plan_id: str | None = None,
) -> Reading:
    """1. What is there is read and the move made. 2. It is kept where nobody was faster. 3. The trail tells of it."""
    was = load(connection, reading_id)
    if was.plan_id is not None:
        raise ReadingStarted(was.plan_id)
    content = move(was.content)
    _take(connection, was, seen, {"content": to_json(content), "plan_id": plan_id, "at": now, "by": actor})
    data = {"reading": reading_id, "name": was.name, **told(was.content, content)}
    entry = trail.Entry(kind, plan_id, agency_id=was.lead, data=data)
    trail.write(connection, [entry], now=now, actor=actor)
    return load(connection, reading_id)


def _take(connection: Connection, found: Reading, seen: int, values: dict[str, Any]) -> None:
    """Raises ReadingChanged where it is not what the page has shown."""
    if found.plan_id is not None:
        raise ReadingStarted(found.plan_id)
    mine = (reading.c.id == found.id) & (reading.c.revision == seen)
    if connection.execute(update(reading).where(mine).values(revision=seen + 1, **values)).rowcount != 1:
        raise ReadingChanged(found.by)
