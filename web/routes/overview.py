"""Tổng quan: today in one look; Hệ thống: how the installation stands."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from app.doctor.model import Finding, Level
from app.views import attention, morning, overview
from app.week import desk
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
def overview_page(visit: Visit = needs(Right.SEE)) -> Response:
    """What is due and what waits."""
    units, now = visit.holder.units(Right.SEE), visit.now
    heads, works = visit.may(Right.DIRECT), visit.may(Right.WORK)
    with visit.reading() as connection:
        seen = overview.load(connection, units, today=visit.today)
        coming = morning.load(connection, units, now=now)
        reach = attention.reach(connection, units, now=now)
        alarms = attention.alarms(connection, now=now)
        pages = desk.waiting(connection, visit.holder.units(Right.WORK), today=visit.today) if works else ()
        asked = attention.questions(connection, visit.holder.units(Right.DIRECT), now=now) if heads else ((), 0)
    return visit.page(
        "overview.html",
        seen=seen,
        coming=coming,
        reach=reach,
        alarms=_worst_first([*alarms, *visit.office.scheduling(now)]),
        asked=asked[0],
        asked_in_all=asked[1],
        heads=heads,
        works=works,
        pages=pages,
        weekday=weekday_text(visit.today),
        morning_day=weekday_text(coming.day),
    )


@router.get("/he-thong")
def installation_page(visit: Visit = needs(Right.SETTINGS)) -> Response:
    """How the installation stands, for the administrator."""
    now = visit.now
    with visit.reading() as connection:
        alarms = [*attention.alarms(connection, now=now), *attention.more_alarms(connection, now=now)]
        people = attention.people(connection, today=visit.today)
    return visit.page(
        "installation.html",
        alarms=_worst_first([*alarms, *visit.office.scheduling(now)]),
        people=people,
        weekday=weekday_text(visit.today),
    )


def _worst_first(found: list[Finding]) -> list[Finding]:
    return sorted(found, key=lambda each: each.level is not Level.BROKEN)
