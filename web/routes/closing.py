"""Chốt sổ: a month closed for signature, and what has changed since."""

from __future__ import annotations

import re
from datetime import date

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from app.closing import desk
from app.closing.figures import Month, month_of
from app.closing.keeping import close
from app.closing.printing import report_of
from app.filestore import FileStore
from letters.report_pdf import as_pdf
from people.rights import Right
from plans.text import _
from tasks import closings
from tasks.errors import RegisterError
from web.errors import NotFound
from web.forms import short
from web.guard import needs
from web.visit import Visit

router = APIRouter()
AT = "/kiem-tra/chot-so"
_MONTH = re.compile(r"20\d{2}(0[1-9]|1[0-2])", re.ASCII)


@router.get(AT)
def list_page(visit: Visit = needs(Right.SEE)) -> Response:
    with visit.reading() as connection:
        lines = desk.listing(connection, visit.holder.units(Right.SEE), today=visit.today)
    return visit.page("closings.html", lines=lines)


@router.get(AT + "/{unit}/{month}")
def month_page(unit: str, month: str, visit: Visit = needs(Right.SEE, "unit")) -> Response:
    return _show(visit, unit, month)


@router.post(AT + "/{unit}/{month}")
def close_month(unit: str, month: str, visit: Visit = needs(Right.WORK, "unit")) -> Response:
    """Fixes the month as it stands."""
    first = _first(month)
    files = FileStore(visit.dondoc.settings.home)
    try:
        signers = (short(visit.form, "can-bo", _("Cán bộ theo dõi")), short(visit.form, "lanh-dao", _("Lãnh đạo")))
        close(visit.engine, files, unit, first, signers=signers, now=visit.now, actor=visit.actor)
    except RegisterError as error:
        return _show(visit, unit, month, str(error))
    return visit.go(f"{AT}/{unit}/{month}", _("Đã chốt sổ tháng {month}.").format(month=f"{first:%m/%Y}"))


@router.get(AT + "/{unit}/{month}/chot-so.pdf")
def month_pdf(unit: str, month: str, visit: Visit = needs(Right.EXPORT, "unit")) -> Response:
    """The very print that was closed; of a month that is open, one that says so."""
    first = _first(month)
    with visit.reading() as connection:
        row = closings.find(connection, unit, int(month))
    found = _open(visit, unit, first) if row is None else None
    name = f"chot-so-{first:%Y-%m}.pdf" if row else f"xem-truoc-{first:%Y-%m}.pdf"
    if found is not None:
        pdf = as_pdf(report_of(found, closed_by="–", preview=True))
        return Response(
            pdf,
            media_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
    path = FileStore(visit.dondoc.settings.home).path(row.hash) if row is not None else None
    if path is None or not path.is_file():
        raise NotFound
    return FileResponse(path, media_type="application/pdf", filename=name, content_disposition_type="attachment")


def _show(visit: Visit, unit: str, month: str, error: str = "") -> Response:
    first = _first(month)
    with visit.reading() as connection:
        row = closings.find(connection, unit, int(month))
        closed = desk.closed(connection, unit, int(month), now=visit.now) if row is not None else None
    found = _open(visit, unit, first) if row is None else None
    over = (first.year, first.month) < (visit.today.year, visit.today.month)
    return visit.page(
        "closing.html",
        status=400 if error else 200,
        unit=unit,
        first=first,
        closed=closed,
        found=found,
        may_close=over and found is not None and bool(found.lines) and not found.sample and visit.may(Right.WORK, unit),
        over=over,
        me=visit.holder.name,
        error=error,
    )


def _open(visit: Visit, unit: str, first: date) -> Month:
    """Raises NotFound for a month that is still to come, or a unit that follows nothing."""
    with visit.reading() as connection:
        known = {it for it, *_rest in desk.units(connection, frozenset({unit}))}
        if unit not in known or first > visit.today:
            raise NotFound
        return month_of(connection, unit, first, now=visit.now)


def _first(month: str) -> date:
    if not _MONTH.fullmatch(month):
        raise NotFound
    return closings.first_day(int(month))
