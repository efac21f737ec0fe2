"""Biên bản bàn giao: what an officer hands over to the next one, as a page and as a file to be signed."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import select
from starlette.responses import Response

from app import handover
from app.handover_report import report_of
from letters.report_pdf import as_pdf
from people.rights import Right
from plans.text import sort_key
from tasks.tables import agency
from tasks.tables import plan as plan_table
from web.errors import NotFound
from web.guard import needs
from web.rendering import path_part
from web.visit import Visit

router = APIRouter()
AT = "/ban-giao"


@router.get(AT)
def choose(visit: Visit = needs(Right.SEE)) -> Response:
    """One's own unit; where there are several, a list of them."""
    units = visit.holder.units(Right.SEE)
    leads = select(plan_table.c.lead)
    chosen = select(agency.c.id, agency.c.name).where(agency.c.id.in_(leads))
    with visit.reading() as connection:
        found = [(row.id, row.name) for row in connection.execute(chosen) if units is None or row.id in units]
    if len(found) == 1:
        return visit.go(f"{AT}/{path_part(found[0][0])}")
    return visit.page("contact_handover_units.html", units=sorted(found, key=lambda each: sort_key(each[1])))


@router.get(AT + "/{unit}")
def page(unit: str, visit: Visit = needs(Right.SEE, "unit")) -> Response:
    named = _names(visit)
    return visit.page("contact_handover.html", found=_found(visit, unit), gives=named["gives"], takes=named["takes"])


@router.get(AT + "/{unit}/bien-ban.pdf")
def printed(unit: str, visit: Visit = needs(Right.EXPORT, "unit")) -> Response:
    data = as_pdf(report_of(_found(visit, unit), **_names(visit)))
    name = f'attachment; filename="bien-ban-ban-giao-{visit.today:%Y-%m-%d}.pdf"'
    return Response(data, media_type="application/pdf", headers={"Content-Disposition": name})


def _found(visit: Visit, unit: str) -> handover.Handover:
    try:
        with visit.reading() as connection:
            return handover.gather(connection, unit, now=visit.now)
    except KeyError:
        raise NotFound from None


def _names(visit: Visit) -> dict[str, str]:
    """Who gives and who takes, as typed: the one who is signed in gives unless somebody else is named."""
    typed = {key: " ".join(visit.query.get(key, "").split())[:100] for key in ("giao", "nhan")}
    return {"gives": typed["giao"] or visit.holder.name, "takes": typed["nhan"]}
