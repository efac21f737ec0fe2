"""Checking the chain over the audit trail (``tasks.seal``): whether every row is what was sealed, and the first that is
not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, cast, func, literal, select
from sqlalchemy.engine import Connection

from tasks.database import BATCH
from tasks.seal import ILLEGIBLE, Head, head, only_illegible, sealed_columns
from tasks.seal_form import FACTS, GENESIS, hash_v1
from tasks.tables import audit_event, audit_seal

SHORTEST, LONGEST = 12, 64  # hexadecimal digits of a hash by which a place is found


class Problem(StrEnum):
    """What is wrong at the first bad place."""

    GAP = "gap"  # a place is missing: its seal was taken out
    ROW_GONE = "row_gone"  # sealed, and no longer in the trail
    ALTERED = "altered"  # row or seal is not what it was: altered, replaced, put in another order
    NOT_SEALED = "not_sealed"  # a row that dondoc did not write, or whose seal was taken off the end


@dataclass(frozen=True, slots=True)
class Fault:
    """The first bad place, with the row's facts as far as they can be read."""

    problem: Problem
    place: int | None
    event: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. ``rows`` were found good, ``head`` is the newest seal as it stands in the register.

    ``asked`` is the head that was looked for; ``found`` its place in the part of the chain that was found good.
    """

    rows: int
    head: Head | None
    fault: Fault | None = None
    not_sealed: int = 0
    asked: str | None = None
    found: Head | None = None

    @property
    def intact(self) -> bool:
        """Nothing altered, and the head that was asked for, if any, belongs to it."""
        return self.fault is None and (self.asked is None or self.found is not None)


def verify(connection: Connection, *, asked: str | None = None) -> Verdict:
    """Computes the whole chain anew, in batches, so that memory does not grow with the rows.

    ``asked``: a head from a mail, whole or its first digits (at least ``SHORTEST``). What was cut off the end cannot
    be seen from inside: only a head kept elsewhere shows it.
    """
    good, found, fault = Head(0, GENESIS, None), None, None
    for seal, row in _chain(connection):
        if fault := _fault(seal, row, good):
            break
        good = Head(seal.place, seal.hash, row.at if row else None)
        if asked and seal.hash.startswith(asked):
            found = good
    alone, first = _not_sealed(connection)
    if first is not None and fault is None:
        fault = Fault(Problem.NOT_SEALED, None, _facts(first, _rows(connection, [first]).get(first)))
    return Verdict(good.place, head(connection), fault, alone, asked, found)


def verify_newest(connection: Connection, rows: int) -> Fault | None:
    """Looks at the newest so many rows only, taking the seal before them on trust; None where they are whole."""
    newest = connection.execute(select(func.max(audit_seal.c.place))).scalar_one_or_none()
    start = max((newest or 0) - rows, 0)
    before = _seals(connection, start - 1, 1) if start else []
    good = Head(start, before[0].hash if before else GENESIS, None)
    for seal, row in _chain(connection, after=start):
        if fault := _fault(seal, row, good):
            return fault
        good = Head(seal.place, seal.hash, row.at if row else None)
    return None


def _fault(seal: Row[Any], row: Row[Any] | None, good: Head) -> Fault | None:
    place = good.place + 1
    if seal.place != place:
        return Fault(Problem.GAP, place, None)
    if seal.there is None:
        return Fault(Problem.ROW_GONE, place, {"id": seal.event_id})
    try:
        if row is not None and not row.sample and seal.hash == hash_v1(good.hash, row._asdict()):
            return None
    except ILLEGIBLE as error:  # something stands there that dondoc cannot have written
        only_illegible(error)
    return Fault(Problem.ALTERED, place, _facts(seal.event_id, row))


def _facts(event_id: int, row: Row[Any] | None) -> dict[str, Any]:
    return {"id": event_id} if row is None else {name: _legible(row._mapping[name]) for name in FACTS}


def _legible(value: Any) -> Any:
    """The value in a form that can be printed, whatever somebody put there."""
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case bytes():
            return value.decode("utf-8", "backslashreplace")
        case list():
            return [_legible(item) for item in value]
        case dict():
            return {_legible(key): _legible(item) for key, item in value.items()}
        case _:
            return value


def _chain(connection: Connection, *, after: int = 0) -> Iterator[tuple[Row[Any], Row[Any] | None]]:
    """Every seal beyond that place in the order of places, with the row it seals; ``there`` is None where that row is
    gone, the row is None where it cannot be read."""
    while seals := _seals(connection, after, BATCH):
        rows = _rows(connection, [seal.event_id for seal in seals])
        yield from ((seal, rows.get(seal.event_id)) for seal in seals)
        after = seals[-1].place


def _seals(connection: Connection, after: int, most: int) -> Sequence[Row[Any]]:
    """The next seals, up to the first that cannot be read; that one comes alone and without its hash."""
    there = audit_event.c.id.label("there")
    try:
        return connection.execute(_sealed(after, most, audit_seal.c.event_id, audit_seal.c.hash, there)).all()
    except ILLEGIBLE as error:
        only_illegible(error)
    if most > 1:
        return _seals(connection, after, most // 2)
    number, nothing = cast(audit_seal.c.event_id, Integer).label("event_id"), literal("").label("hash")
    return connection.execute(_sealed(after, 1, number, nothing, there)).all()


def _sealed(after: int, most: int, *columns: ColumnElement[Any]) -> Select[Any]:
    joined = select(audit_seal.c.place, *columns).join_from(
        audit_seal, audit_event, audit_event.c.id == audit_seal.c.event_id, isouter=True
    )
    return joined.where(audit_seal.c.place > after).order_by(audit_seal.c.place).limit(most)


def _rows(connection: Connection, ids: list[int]) -> dict[int, Row[Any]]:
    """The rows of the trail that can be read: one with a broken date, document or text must not hide the others."""
    chosen = select(*sealed_columns(), audit_event.c.sample).where(audit_event.c.id.in_(ids))
    try:
        return {row.id: row for row in connection.execute(chosen)}
    except ILLEGIBLE as error:
        only_illegible(error)
        half = len(ids) // 2
        return _rows(connection, ids[:half]) | _rows(connection, ids[half:]) if half else {}


def _not_sealed(connection: Connection) -> tuple[int, int | None]:
    """How many rows have no seal, and the first of them."""
    sealed = select(audit_seal.c.place).where(audit_seal.c.event_id == audit_event.c.id).exists()
    alone = select(func.count(), func.min(audit_event.c.id)).where(audit_event.c.sample.is_(False), ~sealed)
    count, first = connection.execute(alone).one()
    return count, first
