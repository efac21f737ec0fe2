"""Which lead units a person may look at."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, true

from tasks.tables import occurrence
from tasks.tables import plan as plan_table

Units = frozenset[str] | None  # None: all of them


def of_units(units: Units) -> ColumnElement[bool]:
    """The plans led by one of these units."""
    return true() if units is None else plan_table.c.lead.in_(sorted(units))


def occurrences_of(units: Units) -> ColumnElement[bool]:
    """The occurrences of those plans."""
    if units is None:
        return true()
    return occurrence.c.plan_id.in_(select(plan_table.c.id).where(of_units(units)))
