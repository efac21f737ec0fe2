"""The rows of the trail with their seals, so that ``dondoc audit verify`` can be checked against the printed hồ sơ."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select
from sqlalchemy.engine import Connection

from app.dossier.mask import Mask
from app.dossier.model import Event
from app.views.trail_words import row_text
from tasks.model import Occurrence
from tasks.seal_form import FACTS, GENESIS, canonical_v1
from tasks.tables import audit_event, audit_seal

BODY_KINDS = ("agency_renamed", "agency_end")
NOTED = "acknowledged"


def rows_of(connection: Connection, which: ColumnElement[bool]) -> list[Row[Any]]:
    """The rows, oldest first, each with its seal and the hash before it. One query."""
    before = audit_seal.alias("before")
    joined = (
        select(audit_event, audit_seal.c.place, audit_seal.c.hash, before.c.hash.label("previous"))
        .outerjoin(audit_seal, audit_seal.c.event_id == audit_event.c.id)
        .outerjoin(before, before.c.place == audit_seal.c.place - 1)
    )
    return list(connection.execute(joined.where(which).order_by(audit_event.c.id)))


def event_of(row: Row[Any], by: str, mask: Mask) -> Event:
    data = row.data if isinstance(row.data, dict) else {}
    return Event(
        id=row.id,
        at=row.at,
        actor=row.actor,
        by=by,
        kind=row.kind,
        text=mask(row_text(row.kind, data)),
        place=row.place,
        hash=row.hash,
        previous=GENESIS if row.place == 1 else row.previous,
        facts={name: row._mapping[name] for name in FACTS},
        withheld=mask.touches(data),
    )


def lines(events: Iterable[Event]) -> Iterator[bytes]:
    """JSON lines in the order of the rows. ``hash`` is the SHA-256 of ``previous`` and the bytes of ``row``."""
    for event in sorted({event.id: event for event in events}.values(), key=lambda event: event.id):
        head = {"place": event.place, "hash": event.hash, "previous": event.previous}
        row = b"null" if event.withheld else canonical_v1(event.facts)
        start = json.dumps(head | ({"id": event.id, "withheld": True} if event.withheld else {}))
        yield start[:-1].encode() + b', "row": ' + row + b"}\n"


def of_occurrences(ids: Collection[str]) -> ColumnElement[bool]:
    return audit_event.c.occurrence_id.in_(sorted(ids))


def of_bodies(found: Collection[Occurrence]) -> ColumnElement[bool]:
    """What these bodies were called, how long they are, and that they had taken note of what they owe ("Đã nắm")."""
    e = audit_event.c
    bodies, plans = sorted({o.agency_id for o in found}), sorted({o.plan_id for o in found})
    noted = (e.kind == NOTED) & e.plan_id.in_(plans)
    return e.agency_id.in_(bodies) & or_(e.kind.in_(BODY_KINDS), noted)
