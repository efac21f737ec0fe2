"""Tổng quan."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from app.views import overview
from people.rights import Right
from web.guard import needs
from web.navigation import navigation
from web.visit import Visit

router = APIRouter()


@router.get("/")
def front_door(visit: Visit = needs(Right.ACCOUNT)) -> Response:
    """To the first page that this person may open."""
    return visit.go(next((entry.path for entry in navigation(visit)), "/mat-khau"))


@router.get("/tong-quan")
def overview_page(visit: Visit = needs(Right.SEE)) -> Response:
    units = visit.holder.units(Right.SEE)
    with visit.reading() as connection:
        counts = overview.counts(connection, units, today=visit.today)
    return visit.page("overview.html", counts=counts)
