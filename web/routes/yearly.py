"""Phiếu theo dõi năm of one body, as .pdf and .xlsx."""

from __future__ import annotations

import re

from fastapi import APIRouter
from starlette.responses import Response

from app.sheet_files import XLSX_TYPE
from app.yearly.printing import report_of, workbook_of
from app.yearly.record import Record, record_of
from letters.report_pdf import as_pdf
from people.rights import Right
from web.errors import NotFound
from web.guard import needs
from web.visit import Visit

router = APIRouter()
AT = "/co-quan/{agency_id}/phieu-nam/{year}"
_YEAR = re.compile(r"20\d{2}", re.ASCII)


@router.get(AT + "/phieu.pdf")
def record_pdf(agency_id: str, year: str, visit: Visit = needs(Right.EXPORT, "agency_id")) -> Response:
    found = _record(visit, agency_id, year)
    return Response(as_pdf(report_of(found)), media_type="application/pdf", headers=_named(found, "pdf"))


@router.get(AT + "/phieu.xlsx")
def record_xlsx(agency_id: str, year: str, visit: Visit = needs(Right.EXPORT, "agency_id")) -> Response:
    found = _record(visit, agency_id, year)
    with workbook_of(found) as file:
        return Response(file.read(), media_type=XLSX_TYPE, headers=_named(found, "xlsx"))


def _record(visit: Visit, agency_id: str, year: str) -> Record:
    if not _YEAR.fullmatch(year):
        raise NotFound
    with visit.reading() as connection:
        return record_of(connection, agency_id, int(year), visit.holder.units(Right.EXPORT), now=visit.now)


def _named(found: Record, ending: str) -> dict[str, str]:
    slug = found.agency.rsplit(".", 1)[-1]
    return {"Content-Disposition": f'attachment; filename="phieu-nam-{slug}-{found.year}.{ending}"'}
