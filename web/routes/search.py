"""Tìm: plans, duties, bodies and document numbers."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app.views import search
from app.views.occurrences import ALL, Filters
from people.rights import Right
from web.forms import text
from web.guard import needs
from web.visit import Visit

router = APIRouter()
_LONGEST = 200  # characters


@router.get("/tim")
def search_page(visit: Visit = needs(Right.SEE)) -> Response:
    asked = text(FormData(list(visit.query.items())), "q")[:_LONGEST]
    with visit.reading() as connection:
        found = search.search(connection, visit.holder.units(Right.SEE), asked)
    listed = Filters(status=ALL, words=asked).query() if asked else urlencode({})
    return visit.page("search.html", asked=asked, found=found, listed=listed)
