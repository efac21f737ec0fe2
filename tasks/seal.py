"""The chain over the audit trail: every row is sealed in the transaction that writes it; ``seal_check`` checks it.

    hash of place n = SHA-256( hash of place n-1, as 64 hexadecimal digits, then the row's canonical bytes )

Place 0 is ``GENESIS``. Rows of the shipped sample stay outside: they go with it. Whoever alters, deletes or slips in
a row breaks the chain at that place; whoever computes the rest anew gets another head than the one that the officers
have in their mail. docs/audit-trail.md says how to check this without dondoc.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, literal, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from tasks.database import BATCH, awaited, before_commit
from tasks.seal_form import FACTS, GENESIS, hash_v1
from tasks.tables import audit_event, audit_seal

_NAME = "seal"
_LOCK = 0x646F6E646F63  # PostgreSQL's advisory locks have numbers; this one spells "dondoc"


class Head(NamedTuple):
    """The newest seal: its place, its hash, and the moment that stands in the row it seals."""

    place: int
    hash: str
    at: datetime | None


class _Sealing:
    """The rows of one transaction that wait for their seals."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.done = False

    def __call__(self, connection: Connection) -> None:
        self.done = True
        if self.ids:
            _seal(connection, sorted(self.ids))


def seal_later(connection: Connection, ids: Iterable[int]) -> None:
    """Has these audit rows sealed as the last work of their transaction.

    Raises RuntimeError outside ``tasks.database.writing`` and after the sealing: nobody would seal them.
    """
    work = awaited(connection, _NAME)
    if not isinstance(work, _Sealing):
        work = _Sealing()
        before_commit(connection, _NAME, work)
    if work.done:
        raise RuntimeError("the trail of this transaction is sealed already")
    work.ids += ids


def _seal(connection: Connection, ids: list[int]) -> None:
    """Goes on from the newest seal. What is hashed is what the database gives back, not what it was handed.

    One transaction at a time: PostgreSQL lets the lock go when the commit can be seen, SQLite has one writer.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    place, last = connection.execute(_newest()).one_or_none() or (0, GENESIS)
    for start in range(0, len(ids), BATCH):
        chosen = select(*sealed_columns()).where(audit_event.c.id.in_(ids[start : start + BATCH]))
        seals = []
        for row in connection.execute(chosen.order_by(audit_event.c.id)):
            place, last = place + 1, hash_v1(last, row._asdict())
            seals.append({"place": place, "event_id": row.id, "hash": last})
        if seals:  # rows may be gone with a savepoint
            connection.execute(audit_seal.insert(), seals)


def _newest() -> Select[tuple[int, str]]:
    return select(audit_seal.c.place, audit_seal.c.hash).order_by(audit_seal.c.place.desc()).limit(1)


def sealed_columns() -> Iterator[Any]:
    """Of the trail: what is sealed."""
    return (audit_event.c[name] for name in FACTS)


def head(connection: Connection) -> Head | None:
    """The newest seal, None before the first row or where nobody can read it. Read it with the number of rows:
    ``place`` is their count."""
    joined = _newest().join(audit_event, audit_event.c.id == audit_seal.c.event_id, isouter=True)
    for moment in (audit_event.c.at, literal(None, audit_event.c.at.type)):
        try:
            row = connection.execute(joined.add_columns(moment)).one_or_none()
        except ILLEGIBLE as error:
            only_illegible(error)
        else:
            return Head(*row) if row and isinstance(row.hash, str) else None
    return None


def grouped(digits: str) -> str:
    """A hash as people read it out: ``3fa9 12cd 88e1``."""
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


# What reading raises where something stands that is no date, no document, or (SQLite) no text in UTF-8.
ILLEGIBLE = (TypeError, ValueError, RecursionError, OperationalError)


def only_illegible(error: Exception) -> None:
    """Raises the error again where it is the database that failed, and not what stands in it."""
    if isinstance(error, OperationalError) and "decode to UTF-8" not in str(error.orig):
        raise error
