"""/occurrences: what is owed, when, and how it stands (kỳ)."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.views import api
from people.rights import Right
from tasks.status import Status
from web.api.answers import Listing, OccurrenceOut
from web.api.bearer import Call, needs
from web.api.fields import Limit, OccurrencePath, Offset, SinceDay, UntilDay, Word
from web.api.problems import unknown

router = APIRouter(tags=["occurrences"])


@router.get("/occurrences", summary="Occurrences (kỳ), in the order of their due dates")
def occurrences(
    plan: Word = None,
    duty: Word = None,
    agency: Word = None,
    period: Word = None,
    status: Status | None = None,
    since: SinceDay = None,
    until: UntilDay = None,
    limit: Limit = 50,
    offset: Offset = 0,
    call: Call = needs(Right.SEE),
) -> Listing[OccurrenceOut]:
    asked = api.Asked(plan, duty, agency, period, status, since, until)
    units = call.units(Right.SEE)
    with call.reading() as connection:
        found = api.occurrences(connection, units, asked, limit=limit, offset=offset, today=call.today)
    items = [OccurrenceOut.of(row) for row in found.items]
    return Listing[OccurrenceOut](items=items, total=found.total, limit=limit, offset=offset)


@router.get("/occurrences/{occurrence_id:path}", summary="One occurrence; its ETag guards a move")
def occurrence(
    occurrence_id: OccurrencePath, response: Response, call: Call = needs(Right.SEE, "occurrence_id")
) -> OccurrenceOut:
    with call.reading() as connection:
        rows = api.these_occurrences(connection, call.units(Right.SEE), [occurrence_id], today=call.today)
    if not rows:
        raise unknown()
    found = OccurrenceOut.of(rows[0])
    response.headers["ETag"] = found.etag
    return found
