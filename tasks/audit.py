"""The report of missed and late duties: derived from dates, so a sweep run a week late gives the same audit (D9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.engine import Connection

from plans.calendar import end_of, local_day
from plans.text import sort_key
from tasks import as_of
from tasks.agencies import load_register
from tasks.model import Occurrence, State
from tasks.status import Status, days_late, status_of
from tasks.status import missed as missed_moment
from tasks.tables import occurrence

_COUNTED = frozenset({Status.ON_TIME, Status.LATE, Status.OVERDUE, Status.CLAIMED, Status.RECEIVED, Status.RETURNED})


@dataclass(frozen=True, slots=True)
class Missed:
    """One duty that came late or has not come: the line of the report."""

    occurrence: str
    plan: str
    duty: str
    agency: str
    agency_name: str
    period: str
    due: date
    late_after: date
    missed_at: datetime
    noticed_at: datetime | None
    received_on: date | None
    status: Status
    days_late: int


@dataclass(frozen=True, slots=True)
class Punctuality:
    """Of ``due`` occurrences whose day has passed ``on_time`` came in time, ``late`` came late, ``missing`` did not."""

    on_time: int = 0
    late: int = 0
    missing: int = 0

    @property
    def due(self) -> int:
        return self.on_time + self.late + self.missing

    @property
    def percent(self) -> float | None:
        """The part that came in time; None where nothing was due yet."""
        return round(100 * self.on_time / self.due, 1) if self.due else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(Punctuality):
    """How punctual a body was."""

    agency: str
    agency_name: str


@dataclass(frozen=True, slots=True)
class Report:
    missed: tuple[Missed, ...]
    rates: tuple[Rate, ...]


def report(
    connection: Connection,
    *,
    now: datetime,
    plan_id: str | None = None,
    start: date | None = None,
    end: date | None = None,
    include_sample: bool = False,
    earlier: bool = False,
) -> Report:
    """Missed and late duties with due dates from ``start`` to ``end``, and the on-time rate per agency.

    ``earlier``: ``now`` is a moment that has passed; what happened since is taken back by the trail.

    What fell due before tracking, was waived, transferred or cancelled is never counted; the sample never is,
    unless it is asked for by name.
    """
    which: list[ColumnElement[bool]] = [occurrence.c.before_tracking.is_(False)]
    if plan_id is not None:
        which.append(occurrence.c.plan_id == plan_id)
    if not include_sample:
        which.append(occurrence.c.sample.is_(False))
    names = {a.id: a.name for a in load_register(connection).agencies.values()}
    today = local_day(now)
    missed: list[Missed] = []
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for o in _found(connection, and_(*which), start, end, at=now if earlier else None):
        verdict = verdict_of(o, today=today)
        if verdict is None:
            continue
        tally[o.agency_id][verdict] += 1
        if verdict is not Verdict.ON_TIME:
            missed.append(missed_line(o, names[o.agency_id], now=now))
    rates = [Rate(*counts, agency=agency, agency_name=names[agency]) for agency, counts in tally.items()]
    return Report(tuple(missed), tuple(sorted(rates, key=lambda r: sort_key(r.agency_name))))


def _found(
    connection: Connection, which: ColumnElement[bool], start: date | None, end: date | None, *, at: datetime | None
) -> Iterator[Occurrence]:
    """Those that fall due in those days, by their day; at an earlier moment as they stood then."""
    due = [] if start is None else [occurrence.c.due >= start]
    due += [] if end is None else [occurrence.c.due <= end]
    chosen = select(occurrence).where(which, *due).order_by(occurrence.c.due, occurrence.c.id)
    if at is None:
        yield from (Occurrence.from_row(row) for row in connection.execute(chosen))
        return
    still = chosen.where(occurrence.c.id.not_in(as_of.changed_since(at)), as_of.there_at(at))
    rewound = [
        o
        for o in as_of.changed(connection, which, at=at)
        if (start is None or o.due >= start) and (end is None or o.due <= end)
    ]
    unchanged = [Occurrence.from_row(row) for row in connection.execute(still)]
    yield from sorted([*unchanged, *rewound], key=lambda o: (o.due, o.id))


class Verdict(IntEnum):
    """How something whose day has come counts; the number is its place in a tally."""

    ON_TIME = 0
    LATE = 1  # something came, too late
    MISSING = 2


def verdict_of(o: Occurrence, *, today: date) -> Verdict | None:
    """How it counts on that day; None for what does not count (yet)."""
    late = days_late(o, today=today) or 0
    if o.before_tracking or status_of(o, today=today) not in _COUNTED or (late == 0 and not _settled(o)):
        return None
    if late == 0:
        return Verdict.ON_TIME
    return Verdict.LATE if o.first_received else Verdict.MISSING


def _settled(o: Occurrence) -> bool:
    """Received and so far in time: it counts; what is not due yet does not."""
    return o.first_received is not None and o.state in (State.ACCEPTED, State.RECEIVED, State.RETURNED)


def missed_line(o: Occurrence, name: str, *, now: datetime) -> Missed:
    """The line of something that is late or missing; ``name`` is its body's."""
    today = local_day(now)
    noticed = o.missed_noticed_at if o.missed_noticed_at and o.missed_noticed_at <= now else None
    return Missed(
        o.id,
        o.plan_id,
        o.duty_id,
        o.agency_id,
        name,
        o.period,
        o.due,
        o.late_after,
        missed_moment(o, now=now) or end_of(o.late_after),
        noticed,
        o.received_on,
        status_of(o, today=today),
        days_late(o, today=today) or 0,
    )
