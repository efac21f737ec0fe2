"""The list of occurrences: filters as the address says them, a page of rows, and the chosen ones for a bulk move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.engine import Connection, Row

from app.board import plan_name
from app.views.scope import Units, occurrences_of, of_units
from plans.model import Plan
from plans.text import _, fold, sort_key
from tasks.agencies import load_plans, load_register
from tasks.desk import stamp
from tasks.desk_tables import request
from tasks.model import OWED, Occurrence, State
from tasks.naming import occurrence_title
from tasks.status import SOON_DAYS, Status, status_of, status_text, status_word
from tasks.tables import agency, occurrence, party
from tasks.tables import plan as plan_table

PAGE = 50
AT_ONCE = 500  # occurrences that one bulk move may concern
UNDONE, ALL = "chua-xong", "tat-ca"
ASKED, ORPHANED = "co-de-nghi", "can-ke-thua"  # what an agency asks for; what has lost its body
_WORDS = 6  # of a search; more would only cost time
_MANY = 500  # bodies in a list to choose from
_UNOWNED = OWED  # what stands without an owner once its body has ended


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for. The field names are ours, the names in the address stand in ``_IN_ADDRESS``."""

    plan: str = ""
    duty: str = ""
    period: str = ""
    agency: str = ""
    status: str = UNDONE
    start: date | None = None
    end: date | None = None
    words: str = ""
    page: int = 1

    def query(self, **changes: Any) -> str:
        """The same as an address; what is not asked for is left out."""
        chosen = replace(self, **changes)
        values = {_IN_ADDRESS[f.name]: getattr(chosen, f.name) for f in fields(chosen)}
        plain = {"trang-thai": UNDONE, "trang": 1}
        kept = {k: v for k, v in values.items() if v not in ("", None) and plain.get(k) != v}
        return urlencode({k: v.strftime("%d/%m/%Y") if isinstance(v, date) else v for k, v in kept.items()})

    @property
    def plainest(self) -> bool:
        """Nothing is filtered but what always is."""
        return replace(self, page=1) == Filters()


_IN_ADDRESS = {
    "plan": "ke-hoach",
    "duty": "nhiem-vu",
    "period": "ky",
    "agency": "co-quan",
    "status": "trang-thai",
    "start": "tu",
    "end": "den",
    "words": "q",
    "page": "trang",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One occurrence in the list. ``lead`` decides who may work on it."""

    id: str
    stamp: str
    state: State
    title: str
    plan_id: str
    plan_name: str
    lead: str
    agency_id: str
    agency: str
    last_day: date
    status: str
    status_text: str
    number: str | None
    received_on: date | None
    extended_by: str | None
    sample: bool


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer. ``agencies`` is empty where there would be too many: a plan has to be chosen first."""

    plans: tuple[Choice, ...]
    duties: tuple[Choice, ...]
    agencies: tuple[Choice, ...]
    too_many: bool
    statuses: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    lines: tuple[Line, ...]
    total: int
    page: int
    pages: int
    choices: Choices

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE + 1 if self.lines else 0


def statuses() -> tuple[Choice, ...]:
    """What can be asked for, in the order in which an office thinks of it."""
    rest = tuple(Choice(each.value, status_word(each)) for each in _ORDER)
    special = (Choice(ASKED, _("Có đề nghị chờ trả lời")), Choice(ORPHANED, _("Cần cơ quan kế thừa")))
    return (Choice(UNDONE, _("Chưa xong")), *rest, *special, Choice(ALL, _("Tất cả")))


_ORDER = (
    Status.OVERDUE,
    Status.DUE_SOON,
    Status.OPEN,
    Status.CLAIMED,
    Status.RECEIVED,
    Status.RETURNED,
    Status.ON_TIME,
    Status.LATE,
    Status.WAIVED,
    Status.TRANSFERRED,
    Status.CANCELLED,
    Status.BEFORE_TRACKING,
)


def listing(connection: Connection, units: Units, filters: Filters, *, today: date) -> Listing:
    """One page in the order of the last days, by a fixed number of queries."""
    condition = _condition(connection, units, filters, today=today)
    total = connection.execute(select(func.count()).select_from(occurrence).where(condition)).scalar_one()
    pages = max(1, -(-total // PAGE))
    page = min(max(1, filters.page), pages)
    rows = connection.execute(_rows().where(condition).limit(PAGE).offset((page - 1) * PAGE)).all()
    plans = _plans(connection, units)
    names = load_plans(connection, {row.plan_id for row in rows} | ({filters.plan} if filters.plan else set()))
    return Listing(
        tuple(_line(row, names, today) for row in rows),
        total,
        page,
        pages,
        _choices(connection, units, filters, plans, names),
    )


def chosen(connection: Connection, units: Units, ids: Iterable[str], *, today: date) -> list[Line]:
    """The rows of those ids that belong to the units, in the order of the list."""
    wanted = sorted(set(ids))
    rows = connection.execute(_rows().where(occurrences_of(units), occurrence.c.id.in_(wanted))).all()
    plans = load_plans(connection, {row.plan_id for row in rows})
    return [_line(row, plans, today) for row in rows]


def loaded(connection: Connection, ids: Iterable[str]) -> list[Occurrence]:
    """Several occurrences by one query."""
    rows = connection.execute(select(occurrence).where(occurrence.c.id.in_(sorted(set(ids)))))
    return [Occurrence.from_row(row) for row in rows]


def matching_ids(connection: Connection, units: Units, filters: Filters, *, today: date) -> list[str]:
    """The ids of all that the filters let through, at most one more than may be worked on at once."""
    condition = _condition(connection, units, filters, today=today)
    ordered = select(occurrence.c.id).where(condition).order_by(occurrence.c.last_day, occurrence.c.id)
    return list(connection.execute(ordered.limit(AT_ONCE + 1)).scalars())


def status_condition(status: str, *, today: date, o: Any = occurrence.c) -> ColumnElement[bool]:
    """``tasks.status.status_of`` as the database asks it; a test holds that both say the same.

    ``o``: the columns of occurrences, also of a subquery that has grouped them.
    """
    asked: ColumnElement[bool] = _CONDITIONS[status](o, today) if status in _CONDITIONS else o.state == status
    return asked


def _untracked(o: Any) -> ColumnElement[bool]:
    return and_(o.state == State.OPEN, o.before_tracking.is_(True))


def _ahead(o: Any, today: date) -> ColumnElement[bool]:
    return and_(o.state == State.OPEN, o.before_tracking.is_(False), o.late_after >= today)


def _accepted(o: Any, late: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(o.state == State.ACCEPTED, late)


def _soon(today: date) -> date:
    return today + timedelta(days=SOON_DAYS)


# Each is built only where it is asked for: a page asks for a dozen of them.
_CONDITIONS: Mapping[str, Callable[[Any, date], ColumnElement[bool]]] = {
    ALL: lambda o, today: true(),
    ASKED: lambda o, today: o.id.in_(select(request.c.occurrence_id).where(request.c.settled_at.is_(None))),
    ORPHANED: lambda o, today: and_(
        o.state.in_(_UNOWNED),
        o.before_tracking.is_(False),
        o.agency_id.in_(select(agency.c.id).where(agency.c.until < today)),
    ),
    UNDONE: lambda o, today: and_(o.state.in_(OWED | {State.RECEIVED}), ~_untracked(o)),
    Status.BEFORE_TRACKING: lambda o, today: _untracked(o),
    Status.OVERDUE: lambda o, today: and_(o.state == State.OPEN, o.before_tracking.is_(False), o.late_after < today),
    Status.DUE_SOON: lambda o, today: and_(_ahead(o, today), o.last_day <= _soon(today)),
    Status.OPEN: lambda o, today: and_(_ahead(o, today), o.last_day > _soon(today)),
    Status.ON_TIME: lambda o, today: _accepted(o, func.coalesce(o.days_late, 0) == 0),
    Status.LATE: lambda o, today: _accepted(o, func.coalesce(o.days_late, 0) > 0),
}


def _condition(connection: Connection, units: Units, filters: Filters, *, today: date) -> ColumnElement[bool]:
    o = occurrence.c
    asked = [occurrences_of(units), status_condition(filters.status, today=today)]
    for column, value in ((o.plan_id, filters.plan), (o.duty_id, filters.duty), (o.period, filters.period)):
        if value:
            asked.append(column == value)
    if filters.agency:
        asked.append(o.agency_id == filters.agency)
    if filters.start:
        asked.append(o.last_day >= filters.start)
    if filters.end:
        asked.append(o.last_day <= filters.end)
    if filters.words:
        asked.append(_found(connection, units, filters.words))
    return and_(*asked)


def _found(connection: Connection, units: Units, words: str) -> ColumnElement[bool]:
    """Every word is in the body's name, the duty's title, the plan's name or the paper's number; no diacritics needed.

    Folding is Python's, so names are read and matched here; there are far fewer of them than occurrences.
    """
    tokens = fold(words).split()[:_WORDS]
    if not tokens:
        return false() if words.strip() else true()
    bodies = {
        each.id: fold(" ".join((each.name, *each.aliases))) for each in load_register(connection).agencies.values()
    }
    plans = load_plans(connection, connection.execute(select(plan_table.c.id).where(of_units(units))).scalars())
    return and_(*(_word(token, bodies, plans.values()) for token in tokens))


def _word(token: str, bodies: Mapping[str, str], plans: Iterable[Plan]) -> ColumnElement[bool]:
    named = [key for key, name in bodies.items() if token in name]
    if len(named) == len(bodies):
        return true()
    whole, ordered = [], []
    for plan in plans:
        if token in fold(f"{plan.short} {plan.number or ''}"):
            whole.append(plan.id)
        else:
            duties = [each.id for each in plan.duties if token in fold(each.title)]
            if duties:
                ordered.append((occurrence.c.plan_id == plan.id) & occurrence.c.duty_id.in_(duties))
    numbered = func.lower(occurrence.c.number).contains(token, autoescape=True)
    dated = occurrence.c.period.contains(token, autoescape=True)
    return or_(occurrence.c.agency_id.in_(named), occurrence.c.plan_id.in_(whole), numbered, dated, *ordered)


def _rows() -> Select[Any]:
    columns = (plan_table.c.lead, agency.c.name.label("agency_name"), agency.c.until.label("agency_until"))
    joined = occurrence.join(plan_table, plan_table.c.id == occurrence.c.plan_id).join(
        agency, agency.c.id == occurrence.c.agency_id
    )
    return select(occurrence, *columns).select_from(joined).order_by(occurrence.c.last_day, occurrence.c.id)


def _line(row: Row[Any], plans: Mapping[str, Plan], today: date) -> Line:
    o = Occurrence.from_row(row)
    plan = plans[o.plan_id]
    duty = next((each for each in plan.duties if each.id == o.duty_id), None)
    ended = row.agency_until is not None and row.agency_until < today and o.state in _UNOWNED
    return Line(
        o.id,
        stamp(o),
        o.state,
        occurrence_title(duty, o.period) if duty else o.duty_id,
        o.plan_id,
        plan_name(plan),
        row.lead,
        o.agency_id,
        row.agency_name,
        o.ladder_last_day,
        "no_contact" if ended else status_of(o, today=today).value,
        _("Cần cơ quan kế thừa") if ended else status_text(o, today=today),
        o.number,
        o.received_on,
        o.extended_by,
        o.sample,
    )


def _plans(connection: Connection, units: Units) -> list[Choice]:
    rows = connection.execute(select(plan_table.c.id, plan_table.c.short, plan_table.c.sample).where(of_units(units)))
    found = [Choice(row.id, _("MẪU · {name}").format(name=row.short) if row.sample else row.short) for row in rows]
    return sorted(found, key=lambda each: sort_key(each.text))


def _choices(
    connection: Connection, units: Units, filters: Filters, plans: Sequence[Choice], read: Mapping[str, Plan]
) -> Choices:
    bodies = (
        select(agency.c.id, agency.c.name)
        .where(agency.c.id.in_(select(party.c.agency_id).join(plan_table).where(_within(units, filters.plan))))
        .limit(_MANY + 1)
    )
    found = [Choice(row.id, row.name) for row in connection.execute(bodies)]
    many = len(found) > _MANY
    visible = {each.value for each in plans}
    duties = read[filters.plan].duties if filters.plan in read and filters.plan in visible else ()
    return Choices(
        tuple(plans),
        tuple(Choice(each.id, each.title) for each in duties if each.rule.dated),
        () if many else tuple(sorted(found, key=lambda each: sort_key(each.text))),
        many,
        statuses(),
    )


def _within(units: Units, plan_id: str) -> ColumnElement[bool]:
    return of_units(units) & (plan_table.c.id == plan_id) if plan_id else of_units(units)
