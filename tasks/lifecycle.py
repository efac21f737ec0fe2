"""The one table of allowed moves, and the guarded update that every move goes through."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from plans.calendar import local_day
from plans.text import _
from tasks import trail
from tasks.errors import ChangedMeanwhile, MoveRefused, OccurrenceUnknown
from tasks.model import OWED, Occurrence, State
from tasks.status import status_of, status_word
from tasks.tables import occurrence
from tasks.tables import plan as plan_table


class Move(StrEnum):
    RECORD = "record"
    CLAIM = "claim"
    ACCEPT = "accept"
    RETURN = "return"
    EXTEND = "extend"
    PROMISE = "promise"
    HOLD = "hold"
    WAIVE = "waive"
    TRANSFER = "transfer"
    CORRECT = "correct"
    REOPEN = "reopen"
    CANCEL = "cancel"


# From which states a move leads on, and where to; None keeps the state. D9 in one place.
MOVES: Mapping[Move, tuple[frozenset[State], tuple[State | None, ...]]] = {
    Move.RECORD: (OWED, (State.RECEIVED, State.ACCEPTED)),
    Move.CLAIM: (frozenset({State.OPEN, State.RETURNED}), (State.CLAIMED,)),
    Move.ACCEPT: (frozenset({State.RECEIVED}), (State.ACCEPTED,)),
    Move.RETURN: (frozenset({State.RECEIVED, State.ACCEPTED}), (State.RETURNED,)),
    Move.EXTEND: (OWED, (None,)),
    Move.PROMISE: (OWED, (None,)),
    Move.HOLD: (OWED, (None,)),
    Move.WAIVE: (OWED, (State.WAIVED,)),
    Move.TRANSFER: (OWED, (State.TRANSFERRED,)),
    Move.CORRECT: (
        frozenset({State.RECEIVED, State.ACCEPTED, State.RETURNED}),
        (None, State.OPEN, State.RETURNED),
    ),
    Move.REOPEN: (frozenset({State.ACCEPTED, State.WAIVED, State.CANCELLED}), (State.OPEN,)),
    Move.CANCEL: (OWED | {State.RECEIVED}, (State.CANCELLED,)),
}


def move_text(move: Move) -> str:
    """What the officer calls it."""
    return {
        Move.RECORD: _("ghi nhận văn bản"),
        Move.CLAIM: _("ghi cơ quan báo đã gửi"),
        Move.ACCEPT: _("chấp nhận"),
        Move.RETURN: _("trả lại"),
        Move.EXTEND: _("gia hạn"),
        Move.PROMISE: _("ghi hẹn gửi"),
        Move.HOLD: _("tạm giữ nhắc việc"),
        Move.WAIVE: _("miễn kỳ này"),
        Move.TRANSFER: _("chuyển cơ quan kế thừa"),
        Move.CORRECT: _("sửa lại"),
        Move.REOPEN: _("mở lại"),
        Move.CANCEL: _("dừng theo dõi"),
    }[move]


def load(connection: Connection, occurrence_id: str) -> Occurrence:
    """Raises OccurrenceUnknown."""
    row = connection.execute(select(occurrence).where(occurrence.c.id == occurrence_id)).one_or_none()
    if row is None:
        raise OccurrenceUnknown(occurrence_id)
    return Occurrence.from_row(row)


def allow(o: Occurrence, move: Move, *, now: datetime) -> None:
    """Raises MoveRefused where the move does not lead on from the occurrence's state."""
    if o.state not in MOVES[move][0]:
        raise MoveRefused(o.id, move_text(move), status_word(status_of(o, today=local_day(now))))


def apply(
    connection: Connection,
    o: Occurrence,
    move: Move,
    values: Mapping[str, Any],
    *,
    state: State | None = None,
    data: Mapping[str, Any] | None = None,
    now: datetime,
    actor: str,
) -> Occurrence:
    """Makes one move: checks it against the table, writes it where nothing changed meanwhile, and its audit row.

    Raises MoveRefused, ChangedMeanwhile. The row is looked at again by the next ``advance``.
    """
    allow(o, move, now=now)
    if state not in MOVES[move][1]:
        raise AssertionError(f"{move} does not lead to {state}")
    written = {**values, "state": (state or o.state).value, "next_check_at": now}
    unchanged = (occurrence.c.id == o.id) & (occurrence.c.state == o.state) & (occurrence.c.revision == o.revision)
    if connection.execute(update(occurrence).where(unchanged).values(written)).rowcount != 1:
        raise ChangedMeanwhile(o.id)
    if "revision" in values:
        touch_plan(connection, o.plan_id, now=now)
    note = {"from": o.state, "to": state or o.state, **(data or {})}
    trail.write(connection, [entry(o, move.value, note)], now=now, actor=actor)
    return load(connection, o.id)


def touch_plan(connection: Connection, plan_id: str, *, now: datetime) -> None:
    """A deadline of this plan has changed: what was scheduled from it has to be looked at again."""
    connection.execute(update(plan_table).where(plan_table.c.id == plan_id).values(changed_at=now))


def entry(o: Occurrence, kind: str, data: Mapping[str, Any]) -> trail.Entry:
    """An audit row about this occurrence."""
    return trail.Entry(kind, o.plan_id, o.id, o.agency_id, data, o.sample)
