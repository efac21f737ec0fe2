"""How occurrences stood at an earlier moment, told again from the trail: only what had been written down by then.

What is stored is the present. Of an occurrence that nothing has happened to since, the present is how it stood; of the
others the trail is told from the beginning up to that moment, and a deadline that moved since is put back to what the
first later row says it was. Whether something counts at all ("before tracking") is taken as it is today: a start day
that was corrected was wrong from the beginning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.engine import Connection, Row

from plans.calendar import local_day
from tasks.lifecycle import Move
from tasks.model import Occurrence, State
from tasks.tables import audit_event, occurrence
from tasks.tracking import ACTIVATED

_JUDGED = frozenset({State.RECEIVED, State.ACCEPTED, State.RETURNED})
_REVISED = "revised"
# The moves that change how an occurrence stands; ``stood`` hears only these.
CHANGING = (
    Move.RECORD,
    Move.CLAIM,
    Move.ACCEPT,
    Move.RETURN,
    Move.EXTEND,
    Move.WAIVE,
    Move.TRANSFER,
    Move.TAKE_BACK,
    Move.CORRECT,
    Move.UNDO,
    Move.REOPEN,
    Move.CANCEL,
    Move.RESUME,
    _REVISED,
)


def changed_since(at: datetime) -> Select[tuple[str]]:
    """The ids of what something happened to after that moment, as a subquery."""
    later = (audit_event.c.at > at) & audit_event.c.kind.in_(CHANGING) & audit_event.c.occurrence_id.is_not(None)
    return select(audit_event.c.occurrence_id).where(later)


def there_at(at: datetime) -> ColumnElement[bool]:
    """Of what nothing has happened to since: whether it was followed by that moment at all."""
    followed = select(audit_event.c.plan_id).where(audit_event.c.kind == ACTIVATED, audit_event.c.at <= at)
    return occurrence.c.plan_id.in_(followed) & (occurrence.c.tracked_from <= local_day(at))


def changed(connection: Connection, which: ColumnElement[bool], *, at: datetime) -> list[Occurrence]:
    """Of ``which``, those that something happened to since, as they stood at that moment. Three queries."""
    since = changed_since(at)
    told = select(audit_event).where(audit_event.c.occurrence_id.in_(since), audit_event.c.kind.in_(CHANGING))
    events: dict[str, list[Row[Any]]] = defaultdict(list)
    for event in connection.execute(told.order_by(audit_event.c.id)):
        events[event.occurrence_id].append(event)
    started = select(audit_event.c.plan_id).where(audit_event.c.kind == ACTIVATED, audit_event.c.at <= at)
    followed = set(connection.execute(started).scalars())
    rows = connection.execute(select(occurrence).where(which, occurrence.c.id.in_(since)))
    found = (Occurrence.from_row(row) for row in rows)
    return [stood(o, events[o.id], at=at) for o in found if o.plan_id in followed and _was_there(o, events[o.id], at)]


def _was_there(o: Occurrence, events: Iterable[Row[Any]], at: datetime) -> bool:
    """A successor's occurrence begins with the transfer; what is followed again has a later day than it began with."""
    return o.tracked_from <= local_day(at) or any(e.at <= at or e.kind == Move.RESUME for e in events)


def stood(o: Occurrence, events: Sequence[Row[Any]], *, at: datetime) -> Occurrence:
    """That occurrence at that moment; ``events`` are the rows of its trail, oldest first."""
    facts = _Facts()
    for event in events:
        if event.at <= at:
            facts.add(event.kind, event.data)
    newest = facts.arrivals[-1] if facts.arrivals else _NOTHING
    return replace(
        o,
        **_deadline(events, at),
        state=facts.state,
        received_on=newest.received_on,
        number=newest.number,
        first_received=facts.first,
        days_late=facts.days_late,
        resend_by=facts.resend_by,
    )


def _deadline(events: Iterable[Row[Any]], at: datetime) -> dict[str, Any]:
    """What the first later row that moved the deadline says that it was."""
    for event in events:
        if event.at <= at or event.kind not in (Move.EXTEND, Move.TAKE_BACK, _REVISED):
            continue
        late = event.data.get("late_after")
        was = {"late_after": late["was"]} if late else dict(event.data.get("was") or {})
        if "last_day" in was:
            was.setdefault("due", was["last_day"])  # rows of before the due date was written down as well
        return {name: date.fromisoformat(value) for name, value in was.items() if name in _DATES}
    return {}


_DATES = frozenset({"due", "last_day", "late_after"})


@dataclass(frozen=True, slots=True)
class _Arrival:
    received_on: date | None
    number: str | None


_NOTHING = _Arrival(None, None)


@dataclass
class _Facts:
    """What the trail has told so far. ``arrivals``: papers that count, the newest last."""

    state: State = State.OPEN
    arrivals: list[_Arrival] = field(default_factory=list)
    first: date | None = None
    days_late: int | None = None
    resend_by: date | None = None

    def add(self, kind: str, data: Mapping[str, Any]) -> None:
        match kind:
            case Move.RECORD:
                self._arrive(data)
            case Move.CORRECT:
                self._correct(data["is"])
            case Move.UNDO:
                self._undo(State(data["to"]))
            case Move.RETURN:
                self.resend_by, self.days_late = _day(data["resend_by"]), None
            case Move.EXTEND if self.resend_by is not None:
                self.resend_by = _day(data["is"]["last_day"])
            case Move.REOPEN | Move.TAKE_BACK:
                self._forget()
            case _other:
                pass
        if kind == Move.TRANSFER:  # its "to" is the successor
            self.state = State.TRANSFERRED
        elif kind != _REVISED:
            self.state = State(data["to"])

    def _arrive(self, data: Mapping[str, Any]) -> None:
        came = _Arrival(_day(data["received_on"]), data["number"])
        self.arrivals.append(came)
        self.first = self.first or came.received_on
        self.days_late = data["days_late"]

    def _correct(self, right: Mapping[str, Any]) -> None:
        came = _Arrival(_day(right["received_on"]), right["number"])
        if len(self.arrivals) <= 1:
            self.first = came.received_on
        self.arrivals[-1:] = [came]
        if self.state in _JUDGED:
            self.days_late = right["days_late"]

    def _undo(self, to: State) -> None:
        self.days_late = None
        if to is State.RETURNED:
            del self.arrivals[-1:]
        else:
            self._forget()

    def _forget(self) -> None:
        self.arrivals, self.first, self.days_late, self.resend_by = [], None, None, None


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
