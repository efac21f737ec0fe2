"""Figures typed for an occurrence: written down, put right with both versions kept, taken back with their paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.engine import Connection, Row

from plans.model import Figure, FigureKind, Plan
from plans.text import _
from tasks import lifecycle, trail
from tasks.agencies import load_plan
from tasks.errors import BadInput
from tasks.figure_tables import figure_value
from tasks.lifecycle import entry
from tasks.model import Occurrence, State
from tasks.tables import answer, paper

Values = Mapping[str, Decimal | None]  # by figure; None takes the figure back

# An occurrence that somebody else answers for, or that nobody is asked for any more.
_GIVEN_AWAY = frozenset({State.TRANSFERRED, State.CANCELLED})


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form or a line of a spreadsheet changed: figures that are new, and those that were put right."""

    new: int = 0
    corrected: int = 0

    def __bool__(self) -> bool:
        return bool(self.new or self.corrected)


def put(connection: Connection, occurrence_id: str, values: Values, *, now: datetime, actor: str) -> Typed:
    """Writes down what changed; a figure that is the same already stays as it is.

    Raises BadInput for figures that the duty does not ask for, or that are computed, and for occurrences that were
    handed over; OccurrenceUnknown.
    """
    o = lifecycle.load(connection, occurrence_id)
    known = {figure.id: figure for figure in asked_of(load_plan(connection, o.plan_id), o.duty_id)}
    unknown = [it for it in values if it not in known]
    if unknown:
        said = _("Nhiệm vụ này không yêu cầu số liệu “{figure}”.")
        raise BadInput(said.format(figure=unknown[0]))
    held = standing(connection, o.id)
    changed = {it: value for it, value in values.items() if _held(held, it) != value}
    if not changed:
        return Typed()
    if o.state in _GIVEN_AWAY:
        raise BadInput(_("Kỳ này đã chuyển hoặc đã khép, không nhập số liệu được nữa."))
    new = {it: value for it, value in changed.items() if _held(held, it) is None}
    corrected = {it: value for it, value in changed.items() if it not in new}
    paper_id = _newest_paper(connection, o.id)
    _write(connection, o, changed, paper_id, now=now, actor=actor)
    told = [
        entry(o, "figures", {"paper": paper_id, "values": _told(known, held, new)}) if new else None,
        entry(o, "figures_corrected", {"paper": paper_id, "values": _told(known, held, corrected)})
        if corrected
        else None,
    ]
    trail.write(connection, [each for each in told if each is not None], now=now, actor=actor)
    return Typed(len(new), len(corrected))


def asked_of(plan: Plan, duty_id: str) -> tuple[Figure, ...]:
    """The figures of a duty that somebody types; what is computed from them is not among them."""
    return tuple(figure for figure in plan.figures_of(duty_id) if not figure.computed)


def standing(connection: Connection, occurrence_id: str) -> dict[str, Row[Any]]:
    """The version of each figure that stands, by figure; also those that were taken back."""
    return {row.figure_id: row for row in connection.execute(_mine(occurrence_id, alive=True))}


def versions(connection: Connection, occurrence_id: str) -> list[Row[Any]]:
    """Every version of every figure, oldest first."""
    return list(connection.execute(_mine(occurrence_id).order_by(figure_value.c.id)))


def take_back(connection: Connection, o: Occurrence, paper_id: int, *, now: datetime, actor: str) -> None:
    """A paper was recorded for the wrong occurrence: the figures that came in it go with it, and stay in the trail."""
    held = standing(connection, o.id)
    gone = {it: row for it, row in held.items() if row.paper_id == paper_id and row.value is not None}
    if not gone:
        return
    none: dict[str, Decimal | None] = dict.fromkeys(gone)
    _write(connection, o, none, None, now=now, actor=actor)
    known = {figure.id: figure for figure in load_plan(connection, o.plan_id).figures}
    data = {"paper": paper_id, "why": "paper", "values": _told(known, held, none)}
    trail.write(connection, [entry(o, "figures_corrected", data)], now=now, actor=actor)


def follow_paper(connection: Connection, old: int, fresh: int) -> None:
    """A wrongly typed paper was put right: its figures came in the right one."""
    connection.execute(update(figure_value).where(figure_value.c.paper_id == old).values(paper_id=fresh))


def _mine(occurrence_id: str, *, alive: bool = False) -> Select[Any]:
    chosen = select(figure_value).where(figure_value.c.occurrence_id == occurrence_id)
    return chosen.where(figure_value.c.replaced_at.is_(None)) if alive else chosen


def _held(held: Mapping[str, Row[Any]], figure_id: str) -> Decimal | None:
    row = held.get(figure_id)
    return row.value if row is not None else None


def _write(
    connection: Connection, o: Occurrence, values: Values, paper_id: int | None, *, now: datetime, actor: str
) -> None:
    """The versions that stood so far are closed first: only one of a figure may stand."""
    ids = sorted(values)
    mine = (figure_value.c.occurrence_id == o.id) & figure_value.c.figure_id.in_(ids)
    closing = update(figure_value).where(mine, figure_value.c.replaced_at.is_(None))
    connection.execute(closing.values(replaced_at=now))
    rows = [
        {"occurrence_id": o.id, "figure_id": it, "value": values[it], "paper_id": paper_id, "at": now, "by": actor}
        for it in ids
    ]
    connection.execute(figure_value.insert(), rows)


def _newest_paper(connection: Connection, occurrence_id: str) -> int | None:
    """The paper in which the figures came. Raises BadInput where it is secret: of that only the day is kept (D12)."""
    mine = (answer.c.occurrence_id == occurrence_id) & (answer.c.verdict != "void")
    papers = select(paper.c.id, paper.c.secret).join(answer, answer.c.paper_id == paper.c.id).where(mine)
    row = connection.execute(papers.order_by(paper.c.id.desc()).limit(1)).one_or_none()
    if row is not None and row.secret:
        raise BadInput(_("Văn bản theo chế độ mật chỉ ghi ngày nhận, không nhập số liệu."))
    return row.id if row is not None else None


def _told(known: Mapping[str, Figure], held: Mapping[str, Row[Any]], values: Values) -> list[dict[str, str | None]]:
    """For the trail: what is counted, and both versions as bare numbers. The words are made by whoever reads it."""

    def bare(value: Decimal | None) -> str | None:
        return None if value is None else f"{value:f}"

    return [
        {
            "figure": it,
            "name": known[it].name if it in known else it,
            "kind": known[it].kind.value if it in known else FigureKind.COUNT.value,
            "unit": known[it].unit if it in known else None,
            "was": bare(_held(held, it)),
            "is": bare(value),
        }
        for it, value in values.items()
    ]
