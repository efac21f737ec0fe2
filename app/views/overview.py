"""Today in one look: numbers that are lists, the plans as traffic lights, the deadlines of twelve months.

Every number is counted by the very filters that its link asks for, so that the list always holds as many rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import String, case, cast, func, select
from sqlalchemy.engine import Connection

from app.board import plan_name
from app.views.occurrences import ASKED, ORPHANED, Filters, status_condition
from app.views.scope import Units, occurrences_of, of_units
from plans.deadlines import last_of_month
from plans.text import _, sort_key
from tasks.agencies import load_plans
from tasks.model import OWED, PlanStatus, State
from tasks.status import Status, status_word
from tasks.tables import agency, occurrence
from tasks.tables import plan as plan_table

MONTHS = 12
# What a bar shows, in this order: done, waiting for the office, missing, still to come.
_STATUSES = (
    Status.ON_TIME,
    Status.LATE,
    Status.RECEIVED,
    Status.CLAIMED,
    Status.RETURNED,
    Status.OVERDUE,
    Status.DUE_SOON,
    Status.OPEN,
)
_DONE = frozenset({Status.ON_TIME.value, Status.LATE.value})
_SHOWN = OWED | {State.RECEIVED, State.ACCEPTED}
_NOTHING = "-"
LATE_BODIES = 10  # as many as an eye takes in; the list behind the number holds all


@dataclass(frozen=True, slots=True)
class Tile:
    """A number, what it counts, and the list behind it. ``tone``: bad, soon, or plain where it is nothing."""

    number: int
    text: str
    query: str
    tone: str


@dataclass(frozen=True, slots=True)
class LateBody:
    """A body with what it has not handed in. ``days``: how late the oldest of it is."""

    id: str
    name: str
    number: int
    days: int
    query: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a plan's bar: from ``start`` so many hundredths."""

    status: str
    text: str
    number: int
    start: float
    width: float
    query: str


@dataclass(frozen=True, slots=True)
class PlanBar:
    id: str
    name: str
    total: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """What falls due in a month and is not done. ``share``: of the fullest month, in hundredths."""

    first: date
    number: int
    share: float
    query: str


@dataclass(frozen=True, slots=True)
class Overview:
    tiles: tuple[Tile, ...]
    late: tuple[LateBody, ...]
    late_bodies: int  # how many there are in all
    plans: tuple[PlanBar, ...]
    months: tuple[Month, ...]


def load(connection: Connection, units: Units, *, today: date) -> Overview:
    """Everything by a fixed number of queries, one of which looks at every occurrence."""
    cells = _cells(connection, units, today)
    late, bodies = _late(connection, units, today)
    return Overview(
        _tiles(connection, units, today, cells), late, bodies, _plans(connection, cells, today), _months(cells, today)
    )


@dataclass(frozen=True, slots=True)
class _Cell:
    """So many occurrences of a plan stand like that and fall due in that month."""

    plan_id: str
    active: bool
    status: str
    today: bool  # due today, or the day before a weekend that still counts
    year: int
    month: int
    number: int


def _cells(connection: Connection, units: Units, today: date) -> list[_Cell]:
    """Many bodies owe the same by the same days: what they have in common is counted first, then judged once."""
    o = occurrence.c
    alike = (o.last_day, o.plan_id, o.late_after, o.state, o.before_tracking, func.coalesce(o.days_late, 0))
    keys = (*alike[:-1], alike[-1].label("days_late"))
    counted = select(*keys, func.count().label("number")).where(o.state.in_(_SHOWN)).group_by(*alike).subquery()
    c = counted.c
    status = case(
        *((status_condition(each, today=today, o=c), each.value) for each in _STATUSES),
        else_=_NOTHING,
    ).label("status")
    due = (c.last_day <= today).label("today")
    month = func.substr(cast(c.last_day, String), 1, 7).label("month")  # 2024-12
    chosen = (
        select(c.plan_id, status, due, month, c.number, plan_table.c.status.label("plan_status"))
        .join(plan_table, plan_table.c.id == c.plan_id)
        .where(of_units(units))
    )
    return [
        _Cell(
            row.plan_id,
            row.plan_status == PlanStatus.ACTIVE,
            row.status,
            bool(row.today),
            int(row.month[:4]),
            int(row.month[5:]),
            int(row.number),
        )
        for row in connection.execute(chosen)
        if row.status != _NOTHING
    ]


def _tiles(connection: Connection, units: Units, today: date, cells: Sequence[_Cell]) -> tuple[Tile, ...]:
    def counted(filters: Filters) -> int:
        if filters.status in (ASKED, ORPHANED):  # few, and found by their own index
            chosen = status_condition(filters.status, today=today) & occurrences_of(units)
            return int(connection.execute(select(func.count()).select_from(occurrence).where(chosen)).scalar_one())
        mine = (cell for cell in cells if cell.status == filters.status and (cell.today or not filters.end))
        return sum(cell.number for cell in mine)

    asked = (
        (Filters(status=Status.OVERDUE), _("quá hạn, chưa nhận"), "bad"),
        (Filters(status=Status.DUE_SOON, end=today), _("đến hạn hôm nay"), "soon"),
        (Filters(status=Status.DUE_SOON), _("đến hạn trong 7 ngày tới"), ""),
        (Filters(status=Status.RECEIVED), _("đã nhận, chờ xem"), "wait"),
        (Filters(status=Status.CLAIMED), _("báo đã gửi, chờ đối chiếu"), "wait"),
        (Filters(status=ASKED), _("đề nghị chờ trả lời"), "wait"),
        (Filters(status=Status.RETURNED), _("trả lại, chờ gửi lại"), ""),
        (Filters(status=ORPHANED), _("cần cơ quan kế thừa"), "bad"),
    )
    return tuple(
        Tile(number, text, filters.query(), tone if number else "")
        for filters, text, tone in asked
        for number in (counted(filters),)
    )


def _late(connection: Connection, units: Units, today: date) -> tuple[tuple[LateBody, ...], int]:
    """The bodies that owe most, and how many bodies are late at all."""
    number = func.count().label("number")
    overdue = (
        select(occurrence.c.agency_id, number, func.min(occurrence.c.late_after).label("oldest"))
        .where(occurrences_of(units), status_condition(Status.OVERDUE, today=today))
        .group_by(occurrence.c.agency_id)
        .subquery()
    )
    chosen = (
        select(overdue, agency.c.name, func.count().over().label("bodies"))
        .join(agency, agency.c.id == overdue.c.agency_id)
        .order_by(overdue.c.number.desc(), overdue.c.oldest, overdue.c.agency_id)
        .limit(LATE_BODIES)
    )
    rows = connection.execute(chosen).all()
    found = tuple(
        LateBody(
            row.agency_id,
            row.name,
            row.number,
            (today - row.oldest).days,
            Filters(agency=row.agency_id, status=Status.OVERDUE).query(),
        )
        for row in rows
    )
    return found, rows[0].bodies if rows else 0


def _plans(connection: Connection, cells: Sequence[_Cell], today: date) -> tuple[PlanBar, ...]:
    """The followed plans: all that has fallen due or will to the end of this year."""
    numbers: dict[str, Counter[str]] = {}
    for cell in cells:
        if cell.active and cell.year <= today.year:
            numbers.setdefault(cell.plan_id, Counter())[cell.status] += cell.number
    plans = load_plans(connection, numbers)
    end = date(today.year, 12, 31)
    bars = [_bar(plan_id, plan_name(plans[plan_id]), found, end) for plan_id, found in numbers.items()]
    return tuple(sorted(bars, key=lambda bar: sort_key(bar.name)))


def _bar(plan_id: str, name: str, numbers: Mapping[str, int], end: date) -> PlanBar:
    total = sum(numbers.values())
    segments, start = [], 0.0
    for status in _STATUSES:
        if number := numbers.get(status.value, 0):
            width = 100 * number / total
            query = Filters(plan=plan_id, status=status, end=end).query()
            segments.append(Segment(status.value, status_word(status), number, round(start, 3), round(width, 3), query))
            start += width
    return PlanBar(plan_id, name, total, tuple(segments))


def _months(cells: Sequence[_Cell], today: date) -> tuple[Month, ...]:
    numbers: Counter[tuple[int, int]] = Counter()
    for cell in cells:
        if cell.status not in _DONE:
            numbers[cell.year, cell.month] += cell.number
    firsts = list(_firsts(today))
    most = max(numbers[first.year, first.month] for first in firsts)
    return tuple(_month(first, numbers[first.year, first.month], most) for first in firsts)


def _firsts(today: date) -> Iterable[date]:
    for n in range(MONTHS):
        years, months = divmod(today.month - 1 + n, 12)
        yield date(today.year + years, months + 1, 1)


def _month(first: date, number: int, most: int) -> Month:
    query = Filters(start=first, end=last_of_month(first.year, first.month)).query()
    return Month(first, number, round(100 * number / most, 2) if most else 0, query)
