"""The matrix of a plan: bodies down, periods across, and in each cell what became of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, extract, select
from sqlalchemy.engine import Connection

from plans.calendar import local_day
from plans.model import Plan, Register
from plans.text import _, day_text, short_day, sort_key
from tasks.lifecycle import AGENCY_ENDED, last_cancelled
from tasks.listing import DueRow, due_rows
from tasks.materialise import horizon, occurrence_id, without_body
from tasks.model import OWED, Occurrence, State
from tasks.naming import occurrence_title
from tasks.status import Status, days_late, status_of, status_text
from tasks.tables import agency, audit_event, occurrence

BODIES = 40  # rows of one page


@dataclass(frozen=True, slots=True)
class Cell:
    """One occurrence. ``kind`` chooses symbol and colour, ``words`` is what stands beside the symbol."""

    id: str
    kind: str
    symbol: str
    words: str
    spoken: str  # the whole status, for the ear and the pointer
    stored: bool = True  # a draft's occurrences have no page yet


@dataclass(frozen=True, slots=True)
class Column:
    duty_id: str
    title: str
    period: str
    period_text: str
    last_day: date


@dataclass(frozen=True, slots=True)
class DutyHead:
    """A duty over its columns."""

    duty_id: str
    title: str
    columns: int


@dataclass(frozen=True, slots=True)
class Line:
    agency_id: str
    agency: str
    cells: tuple[tuple[Cell, ...], ...]  # per column; several where a duty was handed over


@dataclass(frozen=True, slots=True)
class Matrix:
    """``years`` to choose from; ``kinds``: which cells there are, for the legend."""

    duties: tuple[DutyHead, ...]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    years: tuple[int, ...]
    year: int | None
    duty: str
    page: int
    pages: int
    legend: tuple[tuple[str, str, str], ...]


def matrix(
    connection: Connection,
    plan: Plan,
    register: Register,
    *,
    draft: bool,
    since: date | None = None,
    duty: str = "",
    year: int | None = None,
    page: int = 1,
    now: datetime,
) -> Matrix:
    """The cells of one year, of one duty or of all, a page of bodies at a time; a fixed number of queries.

    ``since``: from when the plan is followed; what falls due from then on and nobody exists for needs a successor.
    """
    duty = duty if any(each.id == duty for each in plan.duties) else ""
    if draft:
        rows = [row for row in due_rows(connection, now=now, plan_id=plan.id) if not duty or row.duty == duty]
        years: Sequence[int] = sorted({row.due.year for row in rows})
        year = _year(year, years, local_day(now))
        found = [_drafted(row) for row in rows if row.due.year == year]
        bodies = sorted({row.agency for row in found}, key=lambda each: sort_key(register[each].name))
        page, pages, shown = _page(bodies, page)
        return _made(plan, register, found, shown, tuple(years), year, duty, page, pages)
    mine = (occurrence.c.plan_id == plan.id) & (occurrence.c.duty_id == duty if duty else occurrence.c.id.is_not(None))
    due_year = extract("year", occurrence.c.due)
    orphans = [each for each in _orphans(plan, register, since, now) if not duty or each.duty == duty]
    stored = {int(each) for each in connection.execute(select(due_year).where(mine).distinct()).scalars()}
    years = sorted(stored | {each.due.year for each in orphans})
    year = _year(year, years, local_day(now))
    mine = mine & _within(year)
    owing = select(occurrence.c.agency_id, agency.c.name).join(agency, agency.c.id == occurrence.c.agency_id)
    names = {row.agency_id: row.name for row in connection.execute(owing.where(mine).distinct())}
    orphans = [each for each in orphans if each.due.year == year]
    names |= {each.agency: register[each.agency].name for each in orphans}
    page, pages, shown = _page(sorted(names, key=lambda each: sort_key(names[each])), page)
    found = _stored(connection, mine & occurrence.c.agency_id.in_(shown), register, local_day(now))
    known = {each.cell.id for each in found}
    found += [each for each in orphans if each.agency in shown and each.cell.id not in known]
    return _made(plan, register, found, shown, tuple(years), year, duty, page, pages)


def _orphans(plan: Plan, register: Register, since: date | None, now: datetime) -> list[_Found]:
    """What falls due after a body's end: nobody owes it, so it may never have been made."""
    found = []
    for duty in plan.duties:
        for party, slot in without_body(plan, duty, register, start=since or plan.issued.earliest, end=horizon(now)):
            it = occurrence_id(plan, duty, party, slot)
            cell = Cell(it, "successor", _SYMBOLS["successor"], legend_word("successor"), _orphaned(), stored=False)
            found.append(_Found(duty.id, party.agency, slot.period, slot.due, slot.last_day, cell))
    return found


def _orphaned() -> str:
    return _("Cần cơ quan kế thừa")


def _within(year: int | None) -> ColumnElement[bool]:
    first, last = (date(year, 1, 1), date(year, 12, 31)) if year else (date.min, date.max)
    return occurrence.c.due.between(first, last)


def _year(asked: int | None, years: Sequence[int], today: date) -> int | None:
    """The one asked for, else this year, else the nearest there is."""
    if asked in years:
        return asked
    return min(years, key=lambda each: (abs(each - today.year), -each), default=None)


def _page(bodies: Sequence[str], page: int) -> tuple[int, int, list[str]]:
    pages = max(1, -(-len(bodies) // BODIES))
    page = min(max(1, page), pages)
    return page, pages, list(bodies[(page - 1) * BODIES : page * BODIES])


@dataclass(frozen=True, slots=True)
class _Found:
    duty: str
    agency: str
    period: str
    due: date
    last_day: date
    cell: Cell


def _drafted(row: DueRow) -> _Found:
    cell = _cell(row.occurrence, row.status, row.last_day, row.late_after, row.days_late, row.status_text, False)
    return _Found(row.duty, row.agency, row.period, row.due, row.last_day, cell)


def _stored(connection: Connection, which: ColumnElement[bool], register: Register, today: date) -> list[_Found]:
    rows = [Occurrence.from_row(row) for row in connection.execute(select(occurrence).where(which))]
    after_end = _after_end(connection, rows, register)
    found = []
    for o in rows:
        until = register[o.agency_id].until
        owes = o.state in OWED and not o.before_tracking
        ended = o.id in after_end or (until is not None and until < today and owes)
        if ended:
            cell = Cell(o.id, "successor", _SYMBOLS["successor"], legend_word("successor"), _orphaned())
        else:
            late = days_late(o, today=today)
            words = status_text(o, today=today)
            cell = _cell(o.id, status_of(o, today=today), o.ladder_last_day, o.ladder_late_after, late, words, True)
        found.append(_Found(o.duty_id, o.agency_id, o.period, o.due, o.last_day, cell))
    return found


def _after_end(connection: Connection, rows: Sequence[Occurrence], register: Register) -> Collection[str]:
    """What falls due after a body's end and nobody has taken over."""
    ids = [o.id for o in rows if o.state is State.CANCELLED and _ends_before(register, o)]
    if not ids:
        return ()
    why = last_cancelled(connection, audit_event.c.plan_id == rows[0].plan_id)
    return {each for each in ids if why.get(each, (None, State.OPEN))[0] == AGENCY_ENDED}


def _ends_before(register: Register, o: Occurrence) -> bool:
    until = register[o.agency_id].until
    return until is not None and o.due > until


# The symbol of each kind of cell; the key is also the class of its colour.
_SYMBOLS: Mapping[str, str] = {
    "on-time": "✓",
    "late": "✓",
    "received": "◆",
    "claimed": "◇",
    "returned": "↩",
    "overdue": "▲",
    "due-soon": "◔",
    "open": "○",
    "before-tracking": "–",
    "successor": "✚",
    "waived": "∅",
    "transferred": "→",
    "cancelled": "×",
}


def _cell(
    it: str, status: Status, last_day: date, late_after: date, late: int | None, spoken: str, stored: bool
) -> Cell:
    kind = status.value.replace("_", "-")
    words = _words(kind, last_day, late)
    said = _("{status}; gửi chậm nhất {day}").format(status=spoken, day=day_text(last_day))
    return Cell(it, kind, _SYMBOLS[kind], words, said if late_after >= last_day else spoken, stored)


def _words(kind: str, last_day: date, late: int | None) -> str:
    match kind:
        case "late":
            return _("trễ {n} ngày").format(n=late)
        case "overdue":
            return _("quá {n} ngày").format(n=late)
        case "due-soon" | "open":
            return short_day(last_day)
        case "returned" if late:
            return _("trả lại, quá {n} ngày").format(n=late)
        case _other:
            return legend_word(kind)


def legend_word(kind: str) -> str:
    """What a symbol means."""
    return {
        "on-time": _("đúng hạn"),
        "late": _("trễ n ngày"),
        "received": _("chờ xem"),
        "claimed": _("báo đã gửi"),
        "returned": _("trả lại"),
        "overdue": _("quá n ngày, chưa nhận"),
        "due-soon": _("sắp đến hạn"),
        "open": _("chưa đến hạn"),
        "before-tracking": _("trước khi theo dõi"),
        "successor": _("cần cơ quan kế thừa"),
        "waived": _("miễn"),
        "transferred": _("đã chuyển"),
        "cancelled": _("đã dừng"),
    }[kind]


def _made(
    plan: Plan,
    register: Register,
    found: Sequence[_Found],
    bodies: Sequence[str],
    years: tuple[int, ...],
    year: int | None,
    duty: str,
    page: int,
    pages: int,
) -> Matrix:
    order = {each.id: place for place, each in enumerate(plan.duties)}
    duties = {each.id: each for each in plan.duties}
    keys: dict[tuple[str, str], date] = {}
    cells: dict[tuple[str, str, str], list[Cell]] = {}
    for each in found:
        key = (each.duty, each.period)
        keys[key] = min(keys.get(key, each.last_day), each.last_day)
        cells.setdefault((each.agency, *key), []).append(each.cell)
    wanted = sorted(keys, key=lambda key: (order.get(key[0], len(order)), key[0], keys[key], key[1]))
    columns = tuple(
        Column(
            name,
            occurrence_title(duties[name], period) if name in duties else f"{name} {period}",
            period,
            period_text(period, keys[name, period]),
            keys[name, period],
        )
        for name, period in wanted
    )
    heads = tuple(
        DutyHead(name, duties[name].title if name in duties else name, sum(c.duty_id == name for c in columns))
        for name in dict.fromkeys(column.duty_id for column in columns)
    )
    lines = tuple(
        Line(
            body,
            register[body].name,
            tuple(tuple(cells.get((body, column.duty_id, column.period), ())) for column in columns),
        )
        for body in bodies
    )
    kinds = {cell.kind for several in cells.values() for cell in several}
    legend = tuple((kind, _SYMBOLS[kind], legend_word(kind)) for kind in _SYMBOLS if kind in kinds)
    return Matrix(heads, columns, lines, years, year, duty, page, pages, legend)


def period_text(period: str, last_day: date) -> str:
    """The period over a column: ``T6/2024``, ``Quý II/2024``, ``6 tháng đầu 2024``, ``2024``; of a one-off its day."""
    year, _dash, part = period.partition("-")
    match part[:1]:
        case "H":
            return (_("6 tháng đầu {year}") if part == "H1" else _("6 tháng cuối {year}")).format(year=year)
        case "Q":
            return _("Quý {n}/{year}").format(n=("I", "II", "III", "IV")[int(part[1]) - 1], year=year)
        case "W":
            return _("Tuần {n}/{year}").format(n=part[1:], year=year)
        case "" if period == "once":
            return _("một lần")
        case "":
            return _("Năm {year}").format(year=year)
        case _other if "-" in part:
            return day_text(date.fromisoformat(period))
        case _other:
            return _("Tháng {month}/{year}").format(month=part, year=year)
