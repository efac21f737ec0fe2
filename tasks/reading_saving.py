"""How a move on a reading is kept: on what is there now, refused where the person has not seen what it is about."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.engine import Connection

from tasks import trail
from tasks.database import alone
from tasks.reading_json import item_to_json, to_json
from tasks.reading_model import Content, Touch
from tasks.reading_moves import changed_parts
from tasks.reading_store import Reading, ReadingChanged, ReadingStarted, load
from tasks.reading_tables import reading


def changes(was: Content, now_is: Content) -> list[dict[str, Any]]:
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


def saved(
    connection: Connection,
    reading_id: int,
    kind: str,
    move: Callable[[Content], Content],
    told: Callable[[Content, Content], dict[str, Any]],
    *,
    about: Collection[str] | None,
    seen: int,
    now: datetime,
    actor: str,
    plan_id: str | None = None,
) -> Reading:
    """1. What is there is read; nobody else changes it meanwhile. 2. The move is made where the person has seen what it
    is ``about`` (None: all of it). 3. The trail tells of it.
    """
    was = taken(connection, reading_id)
    refuse_unseen(was, about, seen)
    content = move(was.content)
    revision = was.revision + 1
    touched = {part: Touch(revision, actor) for part in changed_parts(was.content, content)}
    content = replace(content, touched={**was.content.touched, **touched})
    values = {"content": to_json(content), "revision": revision, "plan_id": plan_id, "at": now, "by": actor}
    mine = (reading.c.id == was.id) & (reading.c.revision == was.revision)
    if connection.execute(update(reading).where(mine).values(values)).rowcount != 1:
        raise ReadingChanged(was.by)
    data = {"reading": reading_id, "name": was.name, **told(was.content, content)}
    entry = trail.Entry(kind, plan_id, agency_id=was.lead, data=data)
    trail.write(connection, [entry], now=now, actor=actor)
    return load(connection, reading_id)


def taken(connection: Connection, reading_id: int) -> Reading:
    """The reading, held to the end of the transaction. Raises ReadingUnknown, ReadingStarted."""
    alone(connection, f"reading:{reading_id}")
    found = load(connection, reading_id)
    if found.plan_id is not None:
        raise ReadingStarted(found.plan_id)
    return found


def refuse_unseen(found: Reading, about: Collection[str] | None, seen: int) -> None:
    """Raises ReadingChanged where somebody has changed what it is about since the page was opened."""
    if not 1 <= seen <= found.revision or (about is None and seen != found.revision):
        raise ReadingChanged(found.by)
    for touch in (found.content.touched.get(part) for part in about or ()):
        if touch is not None and touch.revision > seen:
            raise ReadingChanged(touch.by)
