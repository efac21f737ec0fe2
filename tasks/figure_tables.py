"""The table of figures: what an agency reported for one occurrence, with every version of it."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from plans.figure_numbers import PLACES
from tasks.database import UtcDateTime
from tasks.tables import metadata


class Thousandths(TypeDecorator[Decimal]):
    """An exact number with three decimals as a whole number: databases add and compare it without rounding."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = value.scaleb(PLACES)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"more than {PLACES} decimals: {value}")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        whole, rest = divmod(int(value), 10**PLACES)
        return Decimal(whole) if not rest else Decimal(int(value)).scaleb(-PLACES).normalize()


# One row per version of a figure. The one that stands has no ``replaced_at``; an empty ``value`` takes it back.
figure_value = Table(
    "figure_value",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("occurrence_id", ForeignKey("occurrence.id"), nullable=False),
    Column("figure_id", String(60), nullable=False),
    Column("value", Thousandths),
    Column("paper_id", ForeignKey("paper.id"), index=True),  # in which it came, where that is known
    Column("at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("replaced_at", UtcDateTime),
    Index("ix_figure_value_occurrence_id", "occurrence_id", "figure_id"),
    Index(
        "uq_figure_value_standing",
        "occurrence_id",
        "figure_id",
        unique=True,
        sqlite_where=text("replaced_at IS NULL"),
        postgresql_where=text("replaced_at IS NULL"),
    ),
)
