"""What officers decide about what was read from a document: moves that never overwrite each other.

Every move says which revision it has seen: it is refused where somebody else has changed the same part since, and
goes through where others have only worked beside it. It writes its row of the trail in its own transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.engine import Connection

from tasks import reading_moves as moves
from tasks import reading_names as names
from tasks import trail
from tasks.agencies import load_register
from tasks.database import alone
from tasks.held_files import drop_unheld
from tasks.reading_model import Content, Item, Named, Place
from tasks.reading_saving import changes, refuse_unseen, saved, taken
from tasks.reading_store import Reading, source, text_of
from tasks.reading_tables import document, reading

_DATING = ("fact-signed", "fact-horizon")  # what a card shows as its deadline hangs on them


def accept(
    connection: Connection, reading_id: int, items: Collection[int], *, seen: int, now: datetime, actor: str
) -> Reading:
    """These proposals are duties. Raises ReadingUnknown, ReadingChanged, ReadingStarted, BadInput (so do all moves)."""
    return _on_items(
        connection, reading_id, "accept", items, lambda c: moves.accept(c, items), seen=seen, now=now, actor=actor
    )


def ignore(
    connection: Connection,
    reading_id: int,
    items: Collection[int],
    reason: str,
    *,
    seen: int,
    now: datetime,
    actor: str,
) -> Reading:
    """These proposals are no duties of the plan."""
    return _on_items(
        connection, reading_id, "ignore", items, lambda c: moves.ignore(c, items, reason),
        seen=seen, now=now, actor=actor,
    )  # fmt: skip


def assign(
    connection: Connection,
    reading_id: int,
    items: Collection[int],
    named: Sequence[Named],
    *,
    instead: bool = False,
    seen: int,
    now: datetime,
    actor: str,
) -> Reading:
    """These bodies are responsible for all of these duties (``tasks.reading_moves.assign``)."""
    return _on_items(
        connection, reading_id, "edit", items, lambda c: moves.assign(c, items, named, instead=instead),
        seen=seen, now=now, actor=actor,
    )  # fmt: skip


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

    return saved(
        connection, reading_id, "reading_fact", lambda c: moves.set_fact(c, name, value, place, text), told,
        about=[f"fact-{name}"], seen=seen, now=now, actor=actor,
    )  # fmt: skip


def look(
    connection: Connection, reading_id: int, kind: str, name: str, *, seen: int, now: datetime, actor: str
) -> Reading:
    """The doubts of a fact, item, body or group have been looked at."""
    part = f"{kind}{'-' if kind in ('fact', 'item') else ':'}{name}"
    return saved(
        connection, reading_id, f"reading_{kind if kind in moves.KINDS else 'item'}",
        lambda c: moves.look(c, kind, name), lambda _was, _is: {"move": "look", kind: name},
        about=[part], seen=seen, now=now, actor=actor,
    )  # fmt: skip


def set_group_members(
    connection: Connection,
    reading_id: int,
    name: str,
    members: Collection[str],
    *,
    relation: str | None = None,
    known: Mapping[str, str] | None = None,
    seen: int,
    now: datetime,
    actor: str,
) -> Reading:
    """Who stands behind a collective name, and how. ``known``: names by id of bodies beyond those of the register."""
    bodies = {**(known or {}), **{a.id: a.name for a in load_register(connection).agencies.values()}}

    def told(was: Content, now_is: Content) -> dict[str, Any]:
        old, new = was.group(name), now_is.group(name)
        found: dict[str, Any] = {"group": name}
        found |= {"was": [m.agency for m in old.chosen], "is": [m.agency for m in new.chosen]}
        return found if old.relation == new.relation else {**found, "relation": [old.relation, new.relation]}

    return saved(
        connection, reading_id, "reading_group",
        lambda c: names.set_group_members(c, name, members, bodies, relation), told,
        about=[f"group:{name}"], seen=seen, now=now, actor=actor,
    )  # fmt: skip


def drop_name(
    connection: Connection, reading_id: int, kind: str, name: str, *, seen: int, now: datetime, actor: str
) -> Reading:
    """A name (``kind``: body or group) stands for no body of the plan: all duties lose it."""

    def told(was: Content, now_is: Content) -> dict[str, Any]:
        return {"move": "drop", kind: name, "items": changes(was, now_is)}

    return saved(
        connection, reading_id, f"reading_{kind}", lambda c: names.drop_name(c, name), told,
        about=[f"{kind}:{name}"], seen=seen, now=now, actor=actor,
    )  # fmt: skip


def choose_body(
    connection: Connection,
    reading_id: int,
    name: str,
    agency: str,
    *,
    new: bool = False,
    called: str = "",
    known: Collection[str] = (),
    seen: int,
    now: datetime,
    actor: str,
) -> Reading:
    """The body that a name stands for. ``known``: ids of bodies beyond those of the register; ``called``: the name of
    a new one."""
    bodies = {*known, *load_register(connection).agencies}

    def told(was: Content, now_is: Content) -> dict[str, Any]:
        found = {"body": name, "was": was.body(name).agency, "is": now_is.body(name).agency, "new": new}
        return {**found, "called": now_is.body(name).called} if now_is.body(name).called else found

    return saved(
        connection, reading_id, "reading_body",
        lambda c: names.choose_body(c, name, agency, new=new, known=bodies, called=called), told,
        about=[f"body:{name}"], seen=seen, now=now, actor=actor,
    )  # fmt: skip


def started(connection: Connection, reading_id: int, plan_id: str, *, seen: int, now: datetime, actor: str) -> Reading:
    """A plan was made of it: from now on that is what is changed."""
    return saved(
        connection, reading_id, "reading_plan", lambda c: c, lambda _was, _is: {"plan": plan_id},
        about=None, seen=seen, now=now, actor=actor, plan_id=plan_id,
    )  # fmt: skip


def discard(connection: Connection, reading_id: int, *, seen: int, now: datetime, actor: str) -> str | None:
    """Throws a document with its reading away; returns the hash of the bytes where nobody holds them any more.

    Raises ReadingUnknown, ReadingChanged, ReadingStarted.
    """
    found = taken(connection, reading_id)
    refuse_unseen(found, None, seen)
    file_hash = source(connection, found.document_id).hash
    alone(connection, f"file:{file_hash}")
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
        return {"move": name, "items": changes(was, now_is)}

    about = [*(f"item-{number}" for number in numbers), *(_DATING if numbers else ())]
    return saved(connection, reading_id, "reading_item", move, told, about=about, seen=seen, now=now, actor=actor)
