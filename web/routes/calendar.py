"""Lịch: the month with its deadlines and days off, as a grid or a list."""

from __future__ import annotations

import re
from datetime import date

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app.views import month
from app.views.month import Filters
from people import feeds
from people.rights import Right
from plans.text import weekday_name
from web.forms import text
from web.guard import needs
from web.visit import Visit

router = APIRouter()
AT = "/lich"
_MONTH = re.compile(r"(\d{1,2})/(\d{4})|(\d{4})-(\d{1,2})")


@router.get(AT)
def page(visit: Visit = needs(Right.SEE)) -> Response:
    form = FormData(list(visit.query.items()))
    filters = Filters(
        month=_month(text(form, "thang"), visit.today),
        plan=text(form, "ke-hoach"),
        agency=text(form, "co-quan"),
        undone=text(form, "chua-xong") == "1",
        view=month.LIST if text(form, "xem") == month.LIST else month.GRID,
    )
    with visit.reading() as connection:
        found = month.month(connection, visit.holder.units(Right.SEE), filters, today=visit.today)
        mine = feeds.of_account(connection, visit.holder.account_id)
    return visit.page(
        "calendar.html", found=found, filters=filters, feeds=mine, shown=month.SHOWN, weekday=weekday_name
    )


def _month(typed: str, today: date) -> date:
    """The first day of the month that is asked for, this month for anything else."""
    found = _MONTH.fullmatch(typed)
    if found:
        year, number = int(found[2] or found[3]), int(found[1] or found[4])
        if 1 <= number <= 12 and 2000 <= year <= 2100:
            return date(year, number, 1)
    return today.replace(day=1)
