"""The figures of the shipped sample: invented, the same at every first start, and gone with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection, Row

from tasks.figure_desk import put
from tasks.figure_tables import figure_value
from tasks.tables import occurrence

DUTY = "bao-cao-thang"
_FIGURES = ("tiep-nhan", "co-nhu-cau", "duoc-gioi-thieu", "tuyen-truyen", "ho-vay", "tien-vay")
# First and second month, in the order above; the last two count from the beginning of the year.
_MONTHS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "so-tai-chinh": (("0", "0", "0", "1", "0", "0"), ("0", "0", "0", "2", "0", "0")),
    "so-noi-vu": (("0", "14", "11", "2", "0", "0"), ("0", "17", "15", "3", "0", "0")),
    "so-tu-phap": (("0", "4", "2", "3", "0", "0"), ("0", "3", "2", "4", "0", "0")),
    "ngan-hang": (("0", "0", "0", "2", "21", "1650.5"), ("0", "0", "0", "2", "27", "2140")),
    "ubnd-xa-song-trong": (("6", "5", "3", "4", "3", "240"), ("8", "7", "5", "6", "4", "320")),
    "ubnd-xa-dong-may": (("5", "4", "3", "2", "5", "310.5"), ("7", "6", "5", "3", "7", "452")),
    "ubnd-phuong-nui-xanh": (("9", "8", "6", "5", "6", "405"), ("11", "9", "8", "5", "8", "561.5")),
}


def type_figures(connection: Connection, row: Row[Any], *, now: datetime, actor: str) -> None:
    """What the paper of a monthly report brought."""
    slug = row.agency_id.partition(".")[2]
    if row.duty_id != DUTY or slug not in _MONTHS:
        return
    month = _MONTHS[slug][min(_reported_before(connection, row), 1)]
    values = {figure: Decimal(value) for figure, value in zip(_FIGURES, month, strict=True)}
    put(connection, row.id, values, now=now, actor=actor)


def _reported_before(connection: Connection, row: Row[Any]) -> int:
    """In how many earlier periods this body has reported."""
    before = (
        select(func.count(func.distinct(figure_value.c.occurrence_id)))
        .join(occurrence, occurrence.c.id == figure_value.c.occurrence_id)
        .where(occurrence.c.plan_id == row.plan_id, occurrence.c.agency_id == row.agency_id)
        .where(occurrence.c.due < row.due)
    )
    return int(connection.execute(before).scalar_one())
