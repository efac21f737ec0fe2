"""Handing one occurrence to a successor: anew, into what the successor owes itself, or back to whom it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from plans.calendar import local_day
from plans.model import Agency
from plans.text import _, day_text
from tasks import lifecycle, moves
from tasks.desk import stamp
from tasks.errors import BadInput
from tasks.lifecycle import Move
from tasks.model import OWED, Occurrence, State, id_of_successor
from tasks.tables import occurrence


@dataclass(frozen=True, slots=True)
class Step:
    """One occurrence that was handed over. ``joined``: the successor owed this period itself, and owes it once."""

    was: Occurrence
    to: str
    now: Occurrence
    joined: bool
    seen: str  # the stamp of the old occurrence


@dataclass(frozen=True, slots=True)
class Kept:
    """One occurrence that could not be handed over, and why."""

    was: Occurrence
    to: str
    why: str


def hand(
    connection: Connection, o: Occurrence, heir: Agency, document: str | None, *, now: datetime, actor: str
) -> Step:
    """Raises RegisterError."""
    wanted = id_of_successor(o, heir.id)
    row = connection.execute(select(occurrence).where(occurrence.c.id == wanted)).one_or_none()
    if row is None:
        moves.transfer(connection, o.id, to=heir, document=document, now=now, actor=actor)
        return Step(o, heir.id, lifecycle.load(connection, wanted), False, stamp(o))
    theirs = Occurrence.from_row(row)
    _check_living(heir, now)
    if theirs.agency_id == heir.id and _came_from(connection, o, theirs):
        opened = moves.take_back(connection, o, theirs, document=document, now=now, actor=actor)
        return Step(o, heir.id, opened, False, stamp(o))
    _join(connection, o, theirs, heir, document, now=now, actor=actor)
    return Step(o, heir.id, lifecycle.load(connection, wanted), True, stamp(o))


def give_back_joined(
    connection: Connection, o: Occurrence, heir: Agency, document: str | None, *, now: datetime, actor: str
) -> Step | None:
    """What was taken into ``o``, which its body owes itself and keeps, is owed again by whom it came from; None where
    nothing was. Raises RegisterError."""
    wanted = id_of_successor(o, heir.id)
    row = connection.execute(select(occurrence).where(occurrence.c.id == wanted)).one_or_none()
    if row is None or not _came_from(connection, o, Occurrence.from_row(row)):
        return None
    _check_living(heir, now)
    former = Occurrence.from_row(row)
    opened = moves.take_back(connection, o, former, document=document, joined=True, now=now, actor=actor)
    return Step(o, heir.id, opened, False, stamp(o))


def _check_living(heir: Agency, now: datetime) -> None:
    if heir.until is not None and heir.until < local_day(now):
        said = _("{agency} đã kết thúc hoạt động ngày {day}.")
        raise BadInput(said.format(agency=heir.name, day=day_text(heir.until)))


def _came_from(connection: Connection, o: Occurrence, theirs: Occurrence) -> bool:
    """Whether ``o`` came from theirs, through any number of hands."""
    seen: set[str] = set()
    at = theirs if theirs.state is State.TRANSFERRED else None
    while at is not None and at.transferred_to is not None and at.id not in seen:
        if at.transferred_to == o.id:
            return True
        seen.add(at.id)
        row = connection.execute(select(occurrence).where(occurrence.c.id == at.transferred_to)).one_or_none()
        at = Occurrence.from_row(row) if row is not None else None
    return False


def _join(
    connection: Connection,
    o: Occurrence,
    theirs: Occurrence,
    heir: Agency,
    document: str | None,
    *,
    now: datetime,
    actor: str,
) -> None:
    """The successor owes this period itself: it owes it once, and is told of it anew. Raises BadInput."""
    if theirs.agency_id != heir.id or theirs.state not in OWED or theirs.before_tracking:
        said = _("{agency} đã xong kỳ này của mình: ghi nhận riêng, hoặc miễn kỳ của cơ quan cũ.")
        raise BadInput(said.format(agency=heir.name))
    values = {"transferred_to": theirs.id, "muted_until": None, "muted_why": None}
    data = {"to": heir.id, "document": document, "occurrence": theirs.id, "joined": True}
    lifecycle.apply(connection, o, Move.TRANSFER, values, state=State.TRANSFERRED, data=data, now=now, actor=actor)
    moves.announce_again(connection, o.plan_id, heir.id, theirs.relation, now=now)
