"""Việc của cơ quan: the duties of one's own body, for those who sign in."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from app.views import agency_side
from people.rights import Right
from tasks.errors import RegisterError
from web.agency_answers import typed_of, write_down
from web.errors import NotFound
from web.guard import needs
from web.rendering import path_part
from web.routes.occurrence import Failed
from web.visit import Visit

router = APIRouter()
AT = "/viec-cua-toi"
ONE = AT + "/{own_id:path}"


@router.get(AT)
def own_duties(visit: Visit = needs(Right.ANSWER)) -> Response:
    done = visit.query.get("xong") == "1"
    with visit.reading() as connection:
        listing = agency_side.of_agencies(
            connection, visit.holder.units(Right.ANSWER), done=done, page=page_of(visit), today=visit.today
        )
    return visit.page("agency_duties.html", listing=listing, done=done, base=AT, name="", link=False)


@router.post(ONE + "/{answer}")
def answer_own(own_id: str, answer: str, visit: Visit = needs(Right.ANSWER, "own_id")) -> Response:
    try:
        said = write_down(visit, own_id, answer, actor=visit.actor)
    except RegisterError as error:
        return _show(visit, own_id, Failed(answer, str(error), typed_of(visit)), status=400)
    return visit.go(f"{AT}/{path_part(own_id)}", said)


@router.get(ONE)
def own_duty(own_id: str, visit: Visit = needs(Right.ANSWER, "own_id")) -> Response:
    return _show(visit, own_id)


def _show(visit: Visit, own_id: str, failed: Failed | None = None, *, status: int = 200) -> Response:
    with visit.reading() as connection:
        duty = agency_side.one(connection, own_id, today=visit.today)
    if duty is None:
        raise NotFound
    return visit.page(
        "agency_duty.html",
        status=status,
        duty=duty,
        back=AT,
        post=f"{AT}/{path_part(duty.id)}",
        failed=failed or Failed(),
        field="",
    )


def page_of(visit: Visit) -> int:
    typed = visit.query.get("trang", "1")
    return max(1, int(typed)) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 1
