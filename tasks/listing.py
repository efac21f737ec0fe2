"""The list of what is due: stored occurrences of followed plans, computed ones of drafts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, true
from sqlalchemy.engine import Connection

from plans.calendar import local_day
from plans.model import Plan, Register
from plans.text import _
from tasks.agencies import find_agency, load_plan, load_register
from tasks.lifecycle import AGENCY_ENDED, last_cancelled
from tasks.materialise import horizon, occurrence_row, owed, without_body
from tasks.model import Occurrence, PlanStatus, State
from tasks.office import office_of, working_calendar
from tasks.status import Status, days_late, status_of, status_text
from tasks.tables import occurrence
from tasks.tables import plan as plan_table


@dataclass(frozen=True, slots=True)
class DueRow:
    """One line of the list. ``needs_successor``: the body has ended and the duty stands without an owner."""

    occurrence: str
    plan: str
    duty: str
    duty_title: str
    agency: str
    agency_name: str
    period: str
    due: date
    last_day: date
    late_after: date
    status: Status
    status_text: str
    days_late: int | None
    needs_successor: bool = False
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Orphaned:
    """What falls due after a body's end: "cần cơ quan kế thừa"."""

    plan: str
    duty: str
    agency: str
    agency_name: str
    ended: date
    first_due: date


def due_rows(
    connection: Connection,
    *,
    now: datetime,
    plan_id: str | None = None,
    agency: str | None = None,
    start: date | None = None,
    end: date | None = None,
) -> list[DueRow]:
    """Everything due from ``start`` to ``end``, in order of the due date. Raises PlanUnknown, AgencyUnknown."""
    register = load_register(connection)
    body = find_agency(register, agency).id if agency else None
    if plan_id is not None:
        load_plan(connection, plan_id)
    rows = [
        row
        for row in (*_stored(connection, register, plan_id, now), *_drafted(connection, register, plan_id, now, end))
        if (body is None or row.agency == body)
        and (start is None or row.due >= start)
        and (end is None or row.due <= end)
    ]
    return sorted(rows, key=lambda r: (r.due, r.plan, r.duty, r.agency))


def _stored(connection: Connection, register: Register, plan_id: str | None, now: datetime) -> Iterator[DueRow]:
    today = local_day(now)
    chosen = select(occurrence)
    if plan_id is not None:
        chosen = chosen.where(occurrence.c.plan_id == plan_id)
    titles: dict[tuple[str, str], str] = {}
    closed: dict[str, tuple[str | None, State]] | None = None
    for record in connection.execute(chosen).all():
        o = Occurrence.from_row(record)
        key = (o.plan_id, o.duty_id)
        if key not in titles:
            titles |= {(o.plan_id, d.id): d.title for d in load_plan(connection, o.plan_id).duties}
        until = register[o.agency_id].until
        ended = until is not None and until < today and status_of(o, today=today) in _UNOWNED
        if until is not None and o.state is State.CANCELLED and o.due > until:
            if closed is None:  # asked once, and only where a body has ended
                closed = last_cancelled(connection, true())
            ended = closed.get(o.id, (None, o.state))[0] == AGENCY_ENDED
        yield _row(o, titles.get(key, o.duty_id), register, today, ended)


_UNOWNED = frozenset({Status.OPEN, Status.DUE_SOON, Status.OVERDUE, Status.CLAIMED, Status.RETURNED})


def _drafted(
    connection: Connection, register: Register, plan_id: str | None, now: datetime, end: date | None
) -> Iterator[DueRow]:
    """Computed as far as is asked for, at least to the usual horizon, as if the plan were started today."""
    last = max(horizon(now), end or horizon(now))
    chosen = select(plan_table.c.id).where(plan_table.c.status == PlanStatus.DRAFT)
    if plan_id is not None:
        chosen = chosen.where(plan_table.c.id == plan_id)
    calendar = working_calendar(connection)
    for row in connection.execute(chosen).all():
        plan = load_plan(connection, row.id)
        reading = plan.reading.over(office_of(connection, plan.lead).reading)
        for duty in plan.duties:
            for party, slot in owed(plan, duty, register, start=plan.issued.earliest, end=last):
                values = occurrence_row(
                    plan,
                    duty,
                    party,
                    slot,
                    reading=reading,
                    calendar=calendar,
                    tracked_from=local_day(now),
                    now=now,
                )
                o = Occurrence.from_row(_Computed(values))
                yield _row(o, duty.title, register, local_day(now), ended=False)


class _Computed:
    """A row that is not stored: what is missing is None."""

    def __init__(self, values: dict[str, object]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> object:
        return self._values.get(name)


def _row(o: Occurrence, title: str, register: Register, today: date, ended: bool) -> DueRow:
    text = _("Cần cơ quan kế thừa") if ended else status_text(o, today=today)
    return DueRow(
        o.id,
        o.plan_id,
        o.duty_id,
        title,
        o.agency_id,
        register[o.agency_id].name,
        o.period,
        o.due,
        o.last_day,
        o.late_after,
        status_of(o, today=today),
        text,
        days_late(o, today=today),
        ended,
        o.sample,
    )


def orphaned(connection: Connection, plan: Plan, *, now: datetime) -> list[Orphaned]:
    """Recurring duties that go on after a responsible body's end, one line per duty and body."""
    register = load_register(connection)
    found: dict[tuple[str, str], Orphaned] = {}
    for duty in plan.duties:
        for party, slot in without_body(plan, duty, register, start=plan.issued.earliest, end=horizon(now)):
            body = register[party.agency]
            line = Orphaned(plan.id, duty.id, body.id, body.name, body.until or slot.due, slot.due)
            found.setdefault((duty.id, body.id), line)
    return list(found.values())
