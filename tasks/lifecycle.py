"""The one table of allowed moves, and the guarded update that every move goes through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.engine import Connection

from plans.calendar import local_day
from plans.text import _
from tasks import trail
from tasks.database import BATCH, locked
from tasks.errors import ChangedMeanwhile, MoveRefused, OccurrenceUnknown, PlanStopped
from tasks.model import OWED, Occurrence, PlanStatus, State
from tasks.status import status_of, status_word
from tasks.tables import audit_event, duty, occurrence
from tasks.tables import plan as plan_table

# Why something was cancelled: only what the same thing has cancelled does it bring back.
PLAN_STOPPED = "plan_stopped"
PLAN_REVISED = "plan_revised"
AGENCY_ENDED = "agency_ended"


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
    TAKE_BACK = "take_back"
    CORRECT = "correct"
    UNDO = "undo"
    REOPEN = "reopen"
    CANCEL = "cancel"
    RESUME = "resume"


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
    Move.TAKE_BACK: (frozenset({State.TRANSFERRED}), (State.OPEN,)),  # handed over, and handed back
    Move.CORRECT: (frozenset(State) - {State.OPEN}, (None,)),  # a paper is one fact, whatever became of its answers
    Move.UNDO: (frozenset({State.RECEIVED, State.ACCEPTED, State.RETURNED}), (State.OPEN, State.RETURNED)),
    Move.REOPEN: (frozenset({State.ACCEPTED, State.WAIVED, State.CANCELLED}), (State.OPEN,)),
    Move.CANCEL: (OWED | {State.RECEIVED}, (State.CANCELLED,)),
    Move.RESUME: (frozenset({State.CANCELLED}), tuple(OWED)),
}

# In a plan that is not followed papers are still written down, and nothing is asked of anybody (decision 0007).
FACTS = frozenset({Move.RECORD, Move.ACCEPT, Move.CORRECT, Move.UNDO, Move.CANCEL})


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
        Move.TAKE_BACK: _("nhận lại việc đã chuyển"),
        Move.CORRECT: _("sửa lại"),
        Move.UNDO: _("bỏ ghi nhận"),
        Move.REOPEN: _("mở lại"),
        Move.CANCEL: _("dừng theo dõi"),
        Move.RESUME: _("theo dõi lại"),
    }[move]


def lock(connection: Connection, ids: Iterable[str]) -> None:
    """Holds these occurrences and their plans to the end of a transaction that writes. Unknown ones are passed over."""
    if connection.dialect.name != "postgresql":
        return
    ordered = sorted(set(ids))
    hold_plans(connection, {each.partition("/")[0] for each in ordered})
    for start in range(0, len(ordered), BATCH):
        chosen = select(occurrence.c.id).where(occurrence.c.id.in_(ordered[start : start + BATCH]))
        connection.execute(locked(chosen.order_by(occurrence.c.id), connection)).all()


def hold_plans(connection: Connection, plan_ids: Iterable[str], *, duties: bool = False) -> None:
    """One officer at a time changes a plan and what belongs to it; readers and the planner are not held up.

    ``duties``: the planner makes no new occurrences of it meanwhile either. Several plans are held at once or not at
    all: whoever takes them one after another meets somebody who has the second one first.
    """
    if connection.dialect.name != "postgresql":
        return
    ordered = sorted(set(plan_ids))
    if duties:
        theirs = select(duty.c.id).where(duty.c.plan_id.in_(ordered)).order_by(duty.c.plan_id, duty.c.id)
        connection.execute(locked(theirs, connection)).all()
    heads = select(plan_table.c.id).where(plan_table.c.id.in_(ordered)).order_by(plan_table.c.id)
    connection.execute(locked(heads, connection)).all()


def load(connection: Connection, occurrence_id: str) -> Occurrence:
    """As it stands; where the transaction writes, it stands so to its end. Raises OccurrenceUnknown."""
    lock(connection, [occurrence_id])
    return _read(connection, occurrence_id)


def _read(connection: Connection, occurrence_id: str) -> Occurrence:
    row = connection.execute(select(occurrence).where(occurrence.c.id == occurrence_id)).one_or_none()
    if row is None:
        raise OccurrenceUnknown(occurrence_id)
    return Occurrence.from_row(row)


def allow(connection: Connection, o: Occurrence, move: Move, *, now: datetime) -> None:
    """Raises MoveRefused where the move does not lead on from the occurrence's state, PlanStopped where the plan is
    not followed any more and the move is more than a fact."""
    if is_stopped(connection, o.plan_id):
        if move not in FACTS:
            raise PlanStopped(o.plan_id, move_text(move))
        if move is Move.RECORD and _cancelled_for(connection, o) == PLAN_STOPPED:
            return  # a late paper for what the stop closed
    if move is Move.TRANSFER and _cancelled_for(connection, o) == AGENCY_ENDED:
        return  # what falls due after a body's end needs a successor all the same
    if o.state not in MOVES[move][0]:
        raise MoveRefused(o.id, move_text(move), status_word(status_of(o, today=local_day(now))))


def is_stopped(connection: Connection, plan_id: str) -> bool:
    """Whether the plan was followed once and is not any more."""
    status = select(plan_table.c.status).where(plan_table.c.id == plan_id)
    return connection.execute(status).scalar_one_or_none() == PlanStatus.STOPPED


def _cancelled_for(connection: Connection, o: Occurrence) -> str | None:
    if o.state is not State.CANCELLED:
        return None
    return last_cancelled(connection, audit_event.c.occurrence_id == o.id).get(o.id, (None, o.state))[0]


def last_cancelled(connection: Connection, which: ColumnElement[bool]) -> dict[str, tuple[str | None, State]]:
    """Of each occurrence among those events: why it was last cancelled, and the state that it had before."""
    told = select(audit_event.c.occurrence_id, audit_event.c.data).where(which, audit_event.c.kind == Move.CANCEL.value)
    return {
        row.occurrence_id: (row.data.get("why"), State(row.data["from"]))
        for row in connection.execute(told.order_by(audit_event.c.id))
    }


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
    allow(connection, o, move, now=now)
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
    return _read(connection, o.id)


def cancel(connection: Connection, o: Occurrence, why: str, *, now: datetime, actor: str) -> Occurrence:
    """Nothing is asked for any more; the trail keeps why and from which state."""
    return apply(connection, o, Move.CANCEL, {}, state=State.CANCELLED, data={"why": why}, now=now, actor=actor)


def resume(
    connection: Connection, o: Occurrence, before: State, *, silent_to: date, now: datetime, actor: str
) -> Occurrence:
    """Takes a cancellation back: the occurrence stands as it stood before.

    What fell due to be said up to ``silent_to`` is not said any more; what was said is not said again.
    """
    values = {"tracked_from": max(o.tracked_from, silent_to)}
    return apply(connection, o, Move.RESUME, values, state=before, now=now, actor=actor)


def touch_plan(connection: Connection, plan_id: str, *, now: datetime) -> None:
    """A deadline of this plan has changed: what was scheduled from it has to be looked at again."""
    connection.execute(update(plan_table).where(plan_table.c.id == plan_id).values(changed_at=now))


def entry(o: Occurrence, kind: str, data: Mapping[str, Any]) -> trail.Entry:
    """An audit row about this occurrence."""
    return trail.Entry(kind, o.plan_id, o.id, o.agency_id, data, o.sample)
