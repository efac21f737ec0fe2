"""Who owes one report of one period, and who had not sent it by the end of a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.engine import Connection

from plans.model import Register, Relation
from plans.text import _, day_text, sort_key
from tasks.model import OWED, Occurrence, State
from tasks.status import lateness
from tasks.tables import occurrence

GONE = (State.WAIVED, State.TRANSFERRED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Body:
    """One body of a row. ``why_not``: why it is not proposed to be written to, "" where it is."""

    o: Occurrence
    name: str
    owed: bool  # nothing had come by the end of that day
    late: bool
    days: int
    why_not: str = ""


def bodies_of(
    connection: Connection, register: Register, plan_id: str, duty_id: str, period: str, *, on: date
) -> list[Body]:
    """All that are asked for it, in Vietnamese order; persons and families, who are never written to, are left out."""
    o = occurrence.c
    chosen = select(occurrence).where(
        o.plan_id == plan_id,
        o.duty_id == duty_id,
        o.period == period,
        o.before_tracking.is_(False),
        o.state.not_in(GONE),
    )
    found = (_body(Occurrence.from_row(row), register, on) for row in connection.execute(chosen))
    wanted = (body for body in found if not register[body.o.agency_id].never_messaged)
    return sorted(wanted, key=lambda body: (sort_key(body.name), body.o.id))


def of_relation(bodies: Iterable[Body], relation: Relation) -> list[Body]:
    return [body for body in bodies if body.o.relation is relation]


def _body(o: Occurrence, register: Register, on: date) -> Body:
    came = o.first_received or o.received_on
    owed = o.state in OWED or (came is not None and came > on)
    if o.state in OWED:
        late, days = o.ladder_late_after < on, lateness(o, on)
    else:
        late, days = owed and o.late_after < on, max(0, (on - o.late_after).days)
    agency = register[o.agency_id]
    return Body(o, agency.name_on(on), owed, late, days, _why_not(o, agency.until, on))


def _why_not(o: Occurrence, until: date | None, on: date) -> str:
    """An officer may still write to it, but not to a body that has ended."""
    if until is not None and until < on:
        return _("đã kết thúc hoạt động ngày {day}").format(day=day_text(until))
    if o.state is State.CLAIMED:
        return _("báo đã gửi, chờ đối chiếu")
    if o.state in OWED and o.muted_until is not None and o.muted_until >= on:
        words = _("hẹn gửi {day}") if o.muted_why == "promise" else _("tạm dừng nhắc đến hết {day}")
        return words.format(day=day_text(o.muted_until))
    return ""


def ended(body: Body, register: Register, on: date) -> bool:
    until = register[body.o.agency_id].until
    return until is not None and until < on
