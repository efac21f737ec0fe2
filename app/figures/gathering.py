"""The figures of a duty as the register holds them: which periods there are, and what was reported in one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import exists, func, select
from sqlalchemy.engine import Connection

from app.figures import periods
from app.figures.comparing import Comparison, compare
from app.figures.reported import Reported
from plans.figure_numbers import value_text
from plans.model import Duty, Figure, Plan, Target
from plans.text import _, sort_key
from tasks.errors import BadInput
from tasks.figure_tables import figure_value
from tasks.model import State
from tasks.naming import occurrence_title
from tasks.tables import agency, occurrence


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a duty, with the first and last day of the data that its reports cover, where the plan says so."""

    name: str
    title: str
    last_day: date
    reported: int  # occurrences with some figure
    window: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a person should look at."""

    occurrence_id: str
    agency: str
    text: str


@dataclass(frozen=True, slots=True)
class Reports:
    """All that is known of a duty's figures in one period, beside the periods that it is compared with."""

    plan: Plan
    duty: Duty
    period: Period
    figures: tuple[Figure, ...]
    lines: tuple[Reported, ...]
    comparisons: tuple[Comparison, ...]
    before: str | None  # titles of the periods compared with; None where there is none
    year_ago: str | None
    remarks: tuple[Remark, ...]


def periods_of(connection: Connection, plan: Plan, duty_id: str) -> tuple[Period, ...]:
    """The periods of a duty in the register, the oldest first."""
    o = occurrence.c
    standing = exists().where(
        figure_value.c.occurrence_id == o.id, figure_value.c.replaced_at.is_(None), figure_value.c.value.is_not(None)
    )
    chosen = (
        select(
            o.period,
            func.min(o.due),
            func.min(o.last_day),
            func.min(o.window_from),
            func.max(o.window_to),
            func.count().filter(standing),
        )
        .where(o.plan_id == plan.id, o.duty_id == duty_id)
        .group_by(o.period)
        .order_by(func.min(o.due), o.period)
    )
    duty = plan.duty(duty_id)
    return tuple(
        Period(name, occurrence_title(duty, name), last, count, (start, end) if start and end else None)
        for name, _due, last, start, end, count in connection.execute(chosen)
    )


def usual(found: Sequence[Period], *, today: date) -> Period | None:
    """The one that somebody most likely wants to see: the newest with figures, else the newest whose day has come."""
    if not found:
        return None
    reported = [each for each in found if each.reported]
    past = [each for each in found if each.last_day <= today]
    return (reported or past or found[:1])[-1]


def chosen_period(found: Sequence[Period], wanted: str, *, today: date) -> Period | None:
    """The period of that name; ``""`` leaves the choice. Raises BadInput naming those that there are."""
    if not wanted:
        return usual(found, today=today)
    for each in found:
        if each.name == wanted:
            return each
    known = ", ".join(each.name for each in found[-12:]) or "–"
    raise BadInput(_("Không có kỳ {period}. Các kỳ: {known}").format(period=wanted, known=known))


def reports(connection: Connection, plan: Plan, duty: Duty, found: Sequence[Period], period: Period) -> Reports:
    """Everything of one period, by a fixed number of queries."""
    names = {each.name: each for each in found}
    earlier = _before(found, period)
    year_ago = names.get(periods.year_before(period.name) or "")
    wanted = [each for each in (period, earlier, year_ago) if each is not None]
    lines = _lines(connection, plan, duty, [each.name for each in wanted])
    here, then = lines[period.name], lines[earlier.name] if earlier else ()
    last_year = lines[year_ago.name] if year_ago else ()
    figures, targets = plan.figures_of(duty.id), {target.id: target for target in plan.targets}
    going_on = earlier is not None and periods.same_year(earlier.name, period.name)
    return Reports(
        plan,
        duty,
        period,
        figures,
        here,
        tuple(compare(each, here, then, last_year, _target(each, targets)) for each in figures),
        earlier.title if earlier else None,
        year_ago.title if year_ago else None,
        tuple(_remarks(figures, here, then if going_on else ())),
    )


def _target(figure: Figure, targets: dict[str, Target]) -> Target | None:
    return targets.get(figure.target or "")


def _before(found: Sequence[Period], period: Period) -> Period | None:
    """By its name; weeks and days follow each other as they are listed."""
    name = periods.before(period.name)
    if name is not None:
        return next((each for each in found if each.name == name), None)
    place = [each.name for each in found].index(period.name)
    return found[place - 1] if place else None


def _lines(connection: Connection, plan: Plan, duty: Duty, names: Sequence[str]) -> dict[str, tuple[Reported, ...]]:
    """The agencies of these periods in Vietnamese order. What nobody is asked for and nobody reported is left out."""
    mine = (occurrence.c.plan_id == plan.id) & (occurrence.c.duty_id == duty.id) & occurrence.c.period.in_(names)
    values = (
        select(figure_value.c.occurrence_id, figure_value.c.figure_id, figure_value.c.value)
        .join(occurrence, occurrence.c.id == figure_value.c.occurrence_id)
        .where(mine, figure_value.c.replaced_at.is_(None), figure_value.c.value.is_not(None))
    )
    given: dict[str, dict[str, Decimal]] = {}
    for row in connection.execute(values):
        given.setdefault(row.occurrence_id, {})[row.figure_id] = row.value
    owing = (
        select(occurrence.c.id, occurrence.c.agency_id, occurrence.c.period, occurrence.c.state, agency.c.name)
        .join(agency, agency.c.id == occurrence.c.agency_id)
        .where(mine)
    )
    found: dict[str, list[Reported]] = {name: [] for name in names}
    for row in connection.execute(owing):
        line = Reported(row.id, row.agency_id, row.name, State(row.state), given.get(row.id, {}))
        if line.asked or (line.counts and line.given):
            found[row.period].append(line)
    return {name: tuple(sorted(several, key=lambda line: sort_key(line.agency))) for name, several in found.items()}


def _remarks(figures: Iterable[Figure], here: Sequence[Reported], earlier: Sequence[Reported]) -> Iterable[Remark]:
    """Parts that are more than their whole; counts from the beginning of the year that went down."""
    then = {line.agency_id: line for line in earlier}
    by_id = {figure.id: figure for figure in figures}
    for line in here:
        for figure in by_id.values():
            if figure.computed:
                text = _more_than_whole(line, by_id[figure.numerator or ""], by_id[figure.denominator or ""])
            elif figure.cumulative and line.agency_id in then:
                text = _went_down(line, then[line.agency_id], figure)
            else:
                continue
            if text:
                yield Remark(line.occurrence_id, line.agency, text)


def _more_than_whole(line: Reported, part: Figure, whole: Figure) -> str:
    some, all_ = line.value(part), line.value(whole)
    if some is None or all_ is None or some <= all_:
        return ""
    return _("{part} ({n}) nhiều hơn {whole} ({m})").format(
        part=part.name, n=value_text(some, part), whole=whole.name, m=value_text(all_, whole)
    )


def _went_down(line: Reported, earlier: Reported, figure: Figure) -> str:
    now, then = line.value(figure), earlier.value(figure)
    if now is None or then is None or now >= then:
        return ""
    return _("{figure}: lũy kế {now}, nhỏ hơn kỳ trước {then}").format(
        figure=figure.name, now=value_text(now, figure), then=value_text(then, figure)
    )
