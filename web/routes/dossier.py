"""Hồ sơ theo dõi of one occurrence, and of a body in a year; as PDF to read and as zip with everything in it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app.dossier import gather, package
from app.dossier.model import Dossier
from app.dossier.printing import as_report
from app.filestore import FileStore
from app.views.scope import Units
from letters.report_pdf import as_pdf
from people.rights import Right
from tasks.errors import OccurrenceUnknown
from web.errors import NotFound
from web.forms import text
from web.guard import needs
from web.routes.plans import number
from web.routes.state_table import ZIP_TYPE, named, sent
from web.visit import Visit

router = APIRouter()
ONE = "/ky/{occurrence_id:path}/ho-so"
BODY = "/co-quan/{agency_id}/ho-so"


@router.get(ONE + ".pdf")
def occurrence_pdf(occurrence_id: str, visit: Visit = needs(Right.EXPORT, "occurrence_id")) -> Response:
    return _pdf(_of_occurrence(visit, occurrence_id))


@router.get(ONE + ".zip")
def occurrence_zip(occurrence_id: str, visit: Visit = needs(Right.EXPORT, "occurrence_id")) -> Response:
    return _zip(visit, _of_occurrence(visit, occurrence_id))


@router.get(BODY + ".pdf")
def body_pdf(agency_id: str, visit: Visit = needs(Right.EXPORT, "agency_id")) -> Response:
    return _pdf(_of_body(visit, agency_id))


@router.get(BODY + ".zip")
def body_zip(agency_id: str, visit: Visit = needs(Right.EXPORT, "agency_id")) -> Response:
    return _zip(visit, _of_body(visit, agency_id))


def _of_occurrence(visit: Visit, occurrence_id: str) -> Dossier:
    """Raises NotFound: the trail is in it, so the right to it is needed as well."""
    with visit.reading() as connection:
        try:
            found = gather.of_occurrence(connection, occurrence_id, now=visit.now)
        except OccurrenceUnknown:
            raise NotFound from None
        lead = gather.lead_of(connection, occurrence_id)
    if not visit.may(Right.AUDIT, lead):
        raise NotFound
    return found


def _of_body(visit: Visit, agency_id: str) -> Dossier:
    """What this person may take away and may see the trail of. Raises NothingFollowed, TooMany."""
    year = number(text(FormData(list(visit.query.items())), "nam")) or visit.today.year
    units = _both(visit.holder.units(Right.EXPORT), visit.holder.units(Right.AUDIT))
    with visit.reading() as connection:
        return gather.of_body(connection, agency_id, min(max(year, 1900), 2999), units, now=visit.now)


def _both(one: Units, other: Units) -> Units:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _pdf(dossier: Dossier) -> Response:
    data = as_pdf(as_report(dossier))
    return Response(data, media_type="application/pdf", headers=named(f"ho-so-{dossier.name}", "pdf"))


def _zip(visit: Visit, dossier: Dossier) -> Response:
    file = package.as_zip(dossier, FileStore(visit.dondoc.settings.home))
    return sent(file, ZIP_TYPE, f"ho-so-{dossier.name}", "zip")
