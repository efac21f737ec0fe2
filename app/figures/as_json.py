"""The figures of a period for programs: what the command and the API say."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.figures.comparing import Comparison
from app.figures.gathering import Reports
from app.figures.reported import Total
from plans.figure_numbers import unit_word
from plans.model import Figure

Number = int | float | None


def document(told: Reports) -> dict[str, Any]:
    """Everything that the page shows, in JSON's own types."""
    return {
        "plan": told.plan.id,
        "duty": told.duty.id,
        "period": told.period.name,
        "title": told.period.title,
        "figures": [_figure(figure) for figure in told.figures],
        "agencies": [
            {
                "occurrence": line.occurrence_id,
                "agency": line.agency_id,
                "agency_name": line.agency,
                "state": line.state.value,
                "counted": line.counts,
                "values": {figure.id: number(line.value(figure)) for figure in told.figures},
            }
            for line in told.lines
        ],
        "totals": [_total(each) for each in told.comparisons],
        "remarks": [{"occurrence": each.occurrence_id, "text": each.text} for each in told.remarks],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "id": figure.id,
        "name": figure.name,
        "kind": figure.kind.value,
        "unit": unit_word(figure),
        "cumulative": figure.cumulative,
        "computed": figure.computed,
        "target": figure.target,
    }


def _total(found: Comparison) -> dict[str, Any]:
    reached = found.reached
    return {
        "figure": found.figure.id,
        "value": number(found.now.value),
        "reporting": found.now.reporting,
        "missing": list(found.now.missing),
        "complete": found.now.complete,
        "before": _value(found.before),
        "year_ago": _value(found.year_ago),
        "target_percent": number(reached.share) if reached else None,
        "target_met": reached.met if reached else None,
    }


def _value(found: Total | None) -> Number:
    return number(found.value) if found else None


def number(value: Decimal | None) -> Number:
    """Whole numbers as such."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
