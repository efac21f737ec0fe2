"""Tổng quan: today in one look, for whoever signs in."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from app.views import attention, morning, overview
from people.rights import Right
from plans.text import weekday_text
from web.guard import needs
from web.navigation import navigation
from web.visit import Visit

router = APIRouter()


@router.get("/")
def front_door(visit: Visit = needs(Right.ACCOUNT)) -> Response:
    """To the first page that this person may open."""
    return visit.go(next((entry.path for entry in navigation(visit)), "/mat-khau"))


@router.get("/tong-quan")
def overview_page(visit: Visit = needs(Right.ACCOUNT)) -> Response:
    """What is due and what waits; for the administrator how the installation stands."""
    if visit.may(Right.SEE):
        return _of_the_office(visit)
    return _of_the_installation(visit) if visit.may(Right.SETTINGS) else visit.go("/")


def _of_the_office(visit: Visit) -> Response:
    units, now = visit.holder.units(Right.SEE), visit.now
    heads = visit.may(Right.DIRECT)
    with visit.reading() as connection:
        seen = overview.load(connection, units, today=visit.today)
        coming = morning.load(connection, units, now=now)
        reach = attention.reach(connection, units, now=now)
        alarms = attention.alarms(connection, now=now)
        asked = attention.questions(connection, visit.holder.units(Right.DIRECT), now=now) if heads else ((), 0)
    return visit.page(
        "overview.html",
        seen=seen,
        coming=coming,
        reach=reach,
        alarms=[*alarms, *visit.office.scheduling(now)],
        asked=asked[0],
        asked_in_all=asked[1],
        heads=heads,
        works=visit.may(Right.WORK),
        weekday=weekday_text(visit.today),
        morning_day=weekday_text(coming.day),
    )


def _of_the_installation(visit: Visit) -> Response:
    now = visit.now
    with visit.reading() as connection:
        alarms = [*attention.alarms(connection, now=now), *attention.more_alarms(connection, now=now)]
        people = attention.people(connection, today=visit.today)
    return visit.page(
        "overview_installation.html",
        alarms=[*alarms, *visit.office.scheduling(now)],
        people=people,
        weekday=weekday_text(visit.today),
    )
