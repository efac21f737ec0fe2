"""Số liệu: the page of a duty's figures in one period, and the figures of one occurrence with their versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.engine import Connection

from app.board import plan_name
from app.figures import chart, comparing
from app.figures.comparing import Comparison
from app.figures.gathering import Period, Remark, Reports, chosen_period, periods_of, reports
from app.figures.reported import Reported
from app.views.occurrence_notes import names_of
from plans.figure_numbers import number_text, plain_text, unit_word, value_text
from plans.model import Duty, Figure, Plan
from plans.text import _
from tasks.agencies import load_plan
from tasks.errors import BadInput
from tasks.figure_desk import asked_of, versions
from tasks.model import Occurrence, State


@dataclass(frozen=True, slots=True)
class Head:
    """A column: what is counted, in which unit, and since when."""

    figure: Figure
    unit: str
    cumulative: bool


@dataclass(frozen=True, slots=True)
class Row:
    """An agency. ``cells`` in the order of the columns, "" where nothing was reported; ``note``: why nothing counts."""

    occurrence_id: str
    agency_id: str
    agency: str
    cells: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Sum:
    """The last row: a total, or what stands there instead. ``missing``: how many agencies it lacks."""

    text: str
    missing: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the comparison, in words."""

    name: str
    now: str
    before: str
    since_before: str
    year_ago: str
    since_year_ago: str
    target: str
    reached: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class Drawing:
    name: str
    unit: str
    svg: str


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """What the page shows. ``reports`` is None where the duty has no period yet."""

    plan: Plan
    name: str
    duties: tuple[Duty, ...]
    duty: Duty
    periods: tuple[Period, ...]
    reports: Reports | None
    heads: tuple[Head, ...] = ()
    rows: tuple[Row, ...] = ()
    sums: tuple[Sum, ...] = ()
    missing: tuple[str, ...] = ()  # agencies of which some figure is wanted
    compared: tuple[Compared, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def typed(self) -> bool:
        """Whether any agency has reported anything."""
        return any(any(row.cells) for row in self.rows)


def duties_of(plan: Plan) -> tuple[Duty, ...]:
    """The duties whose reports bring figures."""
    return tuple(duty for duty in plan.duties if plan.figures_of(duty.id))


def choose(
    connection: Connection, plan: Plan, duty_id: str, period: str, *, today: date
) -> tuple[Duty, tuple[Period, ...], Period | None]:
    """The duty and period that are asked for, or the likeliest. Raises BadInput where there is no such one."""
    duties = duties_of(plan)
    if not duties:
        raise BadInput(_("Kế hoạch {plan} không khai số liệu nào.").format(plan=plan.id))
    if duty_id and duty_id not in {duty.id for duty in duties}:
        known = ", ".join(duty.id for duty in duties)
        said = _("Nhiệm vụ {duty} không có số liệu. Các nhiệm vụ có số liệu: {known}")
        raise BadInput(said.format(duty=duty_id, known=known))
    found = {duty.id: periods_of(connection, plan, duty.id) for duty in duties if not duty_id or duty.id == duty_id}
    reported = [duty for duty in duties if any(each.reported for each in found.get(duty.id, ()))]
    duty = next((each for each in (reported or duties) if each.id in found), duties[0])
    return duty, found[duty.id], chosen_period(found[duty.id], period, today=today)


def load(connection: Connection, plan_id: str, duty_id: str, period: str, *, today: date) -> FiguresPage:
    """Raises PlanUnknown, BadInput."""
    plan = load_plan(connection, plan_id)
    duty, found, chosen = choose(connection, plan, duty_id, period, today=today)
    if chosen is None:
        return FiguresPage(plan, plan_name(plan), duties_of(plan), duty, found, None)
    told = reports(connection, plan, duty, found, chosen)
    return FiguresPage(
        plan,
        plan_name(plan),
        duties_of(plan),
        duty,
        tuple(reversed(found)),
        told,
        heads=tuple(Head(each, unit_word(each), each.cumulative) for each in told.figures),
        rows=tuple(_row(line, told.figures) for line in told.lines),
        sums=tuple(sum_of(each) for each in told.comparisons),
        missing=missing_of(told),
        compared=tuple(_compared(each) for each in told.comparisons),
        drawings=_drawings(told),
        remarks=told.remarks,
    )


def _row(line: Reported, figures: tuple[Figure, ...]) -> Row:
    note = _("văn bản đã trả lại") if line.state is State.RETURNED and line.given else ""
    return Row(line.occurrence_id, line.agency_id, line.agency, tuple(cell_text(line, each) for each in figures), note)


def cell_text(line: Reported, figure: Figure) -> str:
    """Without unit, which stands in the heading."""
    value = line.value(figure)
    if value is not None:
        return number_text(value)
    return _("không có") if figure.computed and line.has(figure) else ""


def sum_of(found: Comparison) -> Sum:
    """What stands in the last row of a column."""
    if found.now.value is not None:
        text = number_text(found.now.value)
    else:
        text = _("không cộng") if found.now.reporting and not found.figure.computed else "–"
    return Sum(text, len(found.now.missing))


def missing_of(told: Reports) -> tuple[str, ...]:
    """The agencies of which some figure is still wanted, once each, in the order of the table."""
    wanted = {name for each in told.comparisons for name in each.now.missing}
    return tuple(line.agency for line in told.lines if line.agency in wanted)


def _compared(found: Comparison) -> Compared:
    reached = found.reached
    return Compared(
        found.figure.name,
        comparing.total_text(found.now),
        comparing.total_text(found.before),
        comparing.change_text(found.since_before, found.figure),
        comparing.total_text(found.year_ago),
        comparing.change_text(found.since_year_ago, found.figure),
        comparing.target_short(reached.target) if reached else "",
        comparing.reached_text(reached),
        reached.met if reached else None,
    )


def _drawings(told: Reports) -> tuple[Drawing, ...]:
    targets = {target.id: target for target in told.plan.targets}
    found = []
    for place, each in enumerate(told.comparisons):
        drawn = chart.chart_of(each, told.lines, targets.get(each.figure.target or ""))
        if drawn is not None:
            found.append(Drawing(each.figure.name, unit_word(each.figure), chart.svg(drawn, f"bd{place}")))
    return tuple(found)


# -- one occurrence --


@dataclass(frozen=True, slots=True)
class Version:
    """What somebody typed once. ``text`` is "" where the figure was taken back."""

    text: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Field:
    """One figure of an occurrence. ``plain`` is the number as one types it; ``earlier``: versions put right since."""

    figure: Figure
    unit: str
    text: str
    plain: str
    earlier: tuple[Version, ...] = ()
    standing: Version | None = None


@dataclass(frozen=True, slots=True)
class OccurrenceFigures:
    """``seen``: what a form has seen; another number means that somebody typed since."""

    fields: tuple[Field, ...]
    computed: tuple[tuple[str, str], ...]
    seen: int
    open: bool  # whether figures may be typed

    @property
    def typed(self) -> bool:
        return any(field.text for field in self.fields)


def of_occurrence(connection: Connection, o: Occurrence) -> OccurrenceFigures | None:
    """None where the duty brings no figures."""
    plan = load_plan(connection, o.plan_id)
    asked = asked_of(plan, o.duty_id)
    if not asked:
        return None
    rows = versions(connection, o.id)
    called = names_of(connection, {row.by for row in rows})
    kept: dict[str, list[Version]] = {}
    given: dict[str, Decimal] = {}
    figures = {figure.id: figure for figure in asked}
    for row in rows:
        if row.figure_id not in figures:
            continue
        text = value_text(row.value, figures[row.figure_id]) if row.value is not None else ""
        kept.setdefault(row.figure_id, []).append(Version(text, row.at, called[row.by]))
        if row.replaced_at is None and row.value is not None:
            given[row.figure_id] = row.value
    line = Reported(o.id, o.agency_id, "", State.ACCEPTED, given)
    return OccurrenceFigures(
        tuple(_field(figure, given.get(figure.id), kept.get(figure.id, [])) for figure in asked),
        tuple(
            (figure.name, value_text(value, figure))
            for figure in plan.figures_of(o.duty_id)
            if figure.computed and (value := line.value(figure)) is not None
        ),
        max((row.id for row in rows), default=0),
        o.state not in (State.TRANSFERRED, State.CANCELLED),
    )


def _field(figure: Figure, value: Decimal | None, kept: list[Version]) -> Field:
    text = value_text(value, figure) if value is not None else ""
    plain = plain_text(value) if value is not None else ""
    return Field(figure, unit_word(figure), text, plain, tuple(kept[:-1]), kept[-1] if kept else None)
