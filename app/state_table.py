"""Biểu tình hình gửi báo cáo: how one duty stands over all bodies in a period, or all that goes into the lead's report.

As of a day: what had been written down by the end of that day, told again from the trail (``tasks.as_of``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.engine import Connection

from app.naming import plan_name
from app.state_table_lines import CAME, MISSING, Kind, Line, as_said, line_of, orphan
from app.state_table_notes import Said, said_by
from app.state_table_papers import papers_of
from plans.calendar import end_of, local_day
from plans.model import Duty, Plan, Register, Relation
from plans.text import _, sort_key
from tasks import as_of
from tasks.agencies import load_plan, load_register
from tasks.materialise import horizon, occurrence_id, without_body
from tasks.model import Occurrence, State
from tasks.naming import occurrence_title
from tasks.tables import occurrence
from tasks.tables import plan as plan_table


@dataclass(frozen=True, slots=True)
class Group:
    """One duty and period."""

    duty_id: str
    period: str
    title: str
    section: str
    no_file: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class StateTable:
    """``title`` names the report; ``at`` is the moment up to which the register counts, ``day`` its day."""

    plan_id: str
    plan_name: str
    plan_short: str
    lead: str
    title: str
    name: str  # for files: plan, duty, period
    at: datetime
    day: date
    past: bool
    groups: tuple[Group, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def totals(self) -> Mapping[Kind, int]:
        counted = Counter(line.kind for line in self.lines)
        return {kind: counted[kind] for kind in Kind}

    @property
    def came(self) -> int:
        return sum(self.totals[kind] for kind in CAME)

    @property
    def missing(self) -> int:
        return sum(self.totals[kind] for kind in MISSING)


Keys = frozenset[tuple[str, str]]  # duty and period


def load(
    connection: Connection, plan_id: str, duty_id: str, period: str, *, now: datetime, day: date | None = None
) -> StateTable | None:
    """Of a report of the lead unit itself what goes into it, where something does; of any other duty its bodies.
    None where nobody owes it. Raises PlanUnknown."""
    own = own_report(connection, load_plan(connection, plan_id), duty_id, period)
    table = of_report(connection, own, now=now, day=day) if own else None
    return table or of_duty(connection, plan_id, duty_id, period, now=now, day=day)


def own_report(connection: Connection, plan: Plan, duty_id: str, period: str) -> Occurrence | None:
    """The lead unit's own occurrence of a duty that others feed."""
    if not any(duty.feeds == duty_id for duty in plan.duties):
        return None
    o = occurrence.c
    mine = (o.plan_id == plan.id) & (o.duty_id == duty_id) & (o.period == period)
    chosen = select(occurrence).where(mine, o.relation == Relation.SELF.value).order_by(o.id)
    row = connection.execute(chosen.limit(1)).one_or_none()
    return Occurrence.from_row(row) if row else None


def of_duty(
    connection: Connection, plan_id: str, duty_id: str, period: str, *, now: datetime, day: date | None = None
) -> StateTable | None:
    """One duty and period over all bodies; None where nobody owes it. Raises PlanUnknown.

    By a fixed number of queries.
    """
    plan = load_plan(connection, plan_id)
    duty = next((each for each in plan.duties if each.id == duty_id), None)
    title = occurrence_title(duty, period) if duty else f"{duty_id} {period}"
    return _table(connection, plan, frozenset({(duty_id, period)}), title, f"{duty_id}-{period}", now=now, day=day)


def of_report(connection: Connection, own: Occurrence, *, now: datetime, day: date | None = None) -> StateTable | None:
    """All that goes into one report of the lead unit itself (``feeds``); None where nothing does."""
    plan = load_plan(connection, own.plan_id)
    keys = feeding_keys(connection, plan, own)
    if not keys:
        return None
    duty = next((each for each in plan.duties if each.id == own.duty_id), None)
    title = occurrence_title(duty, own.period) if duty else own.duty_id
    said = _("báo cáo gửi về để xây dựng {title}").format(title=title)
    return _table(connection, plan, keys, said, f"{own.duty_id}-{own.period}", now=now, day=day)


def feeding_keys(connection: Connection, plan: Plan, own: Occurrence) -> Keys:
    """Duties and periods that go into that report: those of its own period, and those that fall due between the lead's
    report before it and itself. One query."""
    feeding = [duty.id for duty in plan.duties if duty.feeds == own.duty_id]
    if not feeding:
        return frozenset()
    o = occurrence.c
    columns = select(o.duty_id, o.period, o.last_day).where(
        o.plan_id == plan.id, o.duty_id.in_([own.duty_id, *feeding]), o.state != State.CANCELLED.value
    )
    rows = connection.execute(columns.distinct()).all()
    reports = sorted({(row.last_day, row.period) for row in rows if row.duty_id == own.duty_id})
    periods = {period for _day, period in reports}
    return frozenset(
        (row.duty_id, row.period)
        for row in rows
        if row.duty_id != own.duty_id and _goes_into(row, reports, periods) == own.period
    )


def _goes_into(row: Row[Any], reports: Sequence[tuple[date, str]], periods: Collection[str]) -> str | None:
    if row.period in periods:
        return str(row.period)
    return next((period for day, period in reports if day >= row.last_day), None)


def _table(
    connection: Connection, plan: Plan, keys: Keys, title: str, name: str, *, now: datetime, day: date | None
) -> StateTable | None:
    register = load_register(connection)
    at = now if day is None else min(now, end_of(day) - timedelta(microseconds=1))
    found = list(_stood(connection, plan, keys, at=at, now=now))
    said = said_by(connection, [o.id for o in found], at=at)
    papers = papers_of(connection, plan, [o.id for o in found], at=at)
    today = local_day(at)
    lines: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for o in found:
        told = said.get(o.id, Said())
        lines[o.duty_id, o.period].append(
            line_of(as_said(o, told) if at < now else o, told, papers.get(o.id, ()), register, today)
        )
    known = {o.id for o in found}
    for key, line in _orphans(connection, plan, keys, register, at):
        if line.occurrence not in known:
            lines[key].append(line)
    groups = tuple(_groups(plan, lines))
    if not groups:
        return None
    lead = register[plan.lead].name_on(today)
    return StateTable(
        plan.id, plan_name(plan), plan.short, lead, title, f"{plan.id}-{name}", at, today, at < now, groups
    )


def _groups(plan: Plan, lines: Mapping[tuple[str, str], Sequence[Line]]) -> Iterator[Group]:
    """In the order of their deadlines, then of the plan; bodies by name."""
    places = {duty.id: at for at, duty in enumerate(plan.duties)}
    duties = {duty.id: duty for duty in plan.duties}

    def order(key: tuple[str, str]) -> tuple[date, int, str]:
        return min(line.last_day for line in lines[key]), places.get(key[0], len(places)), key[1]

    for duty_id, period in sorted(lines, key=order):
        duty: Duty | None = duties.get(duty_id)
        yield Group(
            duty_id,
            period,
            occurrence_title(duty, period) if duty else f"{duty_id} {period}",
            duty.section if duty else "",
            bool(duty and duty.no_file),
            tuple(sorted(lines[duty_id, period], key=lambda line: (sort_key(line.agency), line.agency_id))),
        )


# -- what stood --


def _stood(connection: Connection, plan: Plan, keys: Keys, *, at: datetime, now: datetime) -> Iterator[Occurrence]:
    o = occurrence.c
    which = (o.plan_id == plan.id) & or_(*(and_(o.duty_id == duty, o.period == period) for duty, period in keys))
    if at < now:
        yield from as_of.changed(connection, which, at=at)
        which &= o.id.not_in(as_of.changed_since(at)) & as_of.there_at(at)
    yield from (Occurrence.from_row(row) for row in connection.execute(select(occurrence).where(which)))


# -- what nobody owes --


def _orphans(
    connection: Connection, plan: Plan, keys: Keys, register: Register, at: datetime
) -> Iterator[tuple[tuple[str, str], Line]]:
    """What falls due after a body's end and may never have been made (D10)."""
    started = connection.execute(select(plan_table.c.active_from).where(plan_table.c.id == plan.id)).scalar_one()
    for duty in plan.duties:
        periods = {period for duty_id, period in keys if duty_id == duty.id}
        if not periods:
            continue
        for party, slot in without_body(plan, duty, register, start=started or plan.issued.earliest, end=horizon(at)):
            if slot.period in periods:
                body = register[party.agency]
                yield (duty.id, slot.period), orphan(occurrence_id(plan, duty, party, slot), body, slot)
