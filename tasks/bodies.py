"""Bodies as they come to be known to the register, and what a new last day of one means for what it owes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.engine import Connection

from plans.model import Agency
from tasks import trail
from tasks.agencies import load_register, save_agencies
from tasks.revising import settle_ends


def register_bodies(
    connection: Connection,
    bodies: Iterable[Agency],
    *,
    keep_ends: bool = False,
    but: str | None = None,
    now: datetime,
    actor: str,
) -> None:
    """Registers bodies or brings them up to date; a changed last day acts at once in every followed plan.

    ``keep_ends``: a list that says nothing of a body's end does not take back an end that is known: a plan file
    names bodies as they were when it was written. ``but``: the plan that is taken over by itself anyway.
    """
    known = load_register(connection).agencies
    wanted = [_with_known_end(body, known.get(body.id)) if keep_ends else body for body in bodies]
    save_agencies(connection, wanted)
    changed = [(known[b.id].until, b) for b in wanted if b.id in known and known[b.id].until != b.until]
    entries = [trail.Entry("agency_end", agency_id=b.id, data={"was": was, "is": b.until}) for was, b in changed]
    trail.write(connection, entries, now=now, actor=actor)
    if changed:
        settle_ends(connection, {body.id for _was, body in changed}, but=but, now=now, actor=actor)


def add_body(connection: Connection, body: Agency, *, now: datetime, actor: str) -> None:
    """A body that the register did not know."""
    save_agencies(connection, [body])
    entry = trail.Entry("agency_added", agency_id=body.id, data={"name": body.name, "start": body.start})
    trail.write(connection, [entry], now=now, actor=actor)


def _with_known_end(body: Agency, known: Agency | None) -> Agency:
    return replace(body, until=known.until) if known is not None and body.until is None else body
