"""The link of a message: the agency answers without signing in. Opening it changes nothing: mail scanners do."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.responses import Response

from app.views import agency_side
from app.views.agency_side import Duty, Listing
from notifications import reply_links
from notifications.reply_links import PATH, LinkOver, ReplyLink
from people.rights import Right
from plans.text import _
from tasks.errors import RegisterError
from web.agency_answers import typed_of, write_down
from web.errors import NotFound
from web.forms import text
from web.guard import by_link, needs
from web.rendering import path_part
from web.routes.agency_side import page_of
from web.routes.occurrence import Failed
from web.visit import Visit

router = APIRouter()


@router.get(PATH + "{link}")
def opened(link: str, visit: Visit = by_link()) -> Response:
    """What the message told of; a single duty stands there with its forms."""
    wanted = visit.query.get("ky", "")
    return _show(visit, link, wanted)


@router.post(PATH + "{link}/{answer}")
def answer_by_link(link: str, answer: str, visit: Visit = by_link()) -> Response:
    wanted = text(visit.form, "ky")
    with visit.reading() as connection:
        held = _read(connection, visit, link)
        duty = _duty(connection, visit, held, wanted)
    try:
        said = write_down(visit, duty.id, answer, actor=f"{held.agency_id} #{held.id}")
    except RegisterError as error:
        return _show(visit, link, wanted, Failed(answer, str(error), typed_of(visit)), status=400)
    return visit.go(f"{PATH}{link}?ky={path_part(duty.id)}", said)


@router.post("/thong-bao/{message_id}/thu-hoi-lien-ket")
def take_back(message_id: str, visit: Visit = needs(Right.WORK, "message_id")) -> Response:
    """The links of a message open no longer."""
    with visit.writing() as connection:
        for each in reply_links.of_messages(connection, [int(message_id)]):
            reply_links.revoke(connection, each.id, now=visit.now, actor=visit.actor)
    return visit.go(text(visit.form, "ve") or "/thong-bao", _("Đã thu hồi liên kết trong thông báo đó."))


def _read(connection: Connection, visit: Visit, link: str) -> ReplyLink:
    return visit.dondoc.links.read(connection, link, today=visit.today)


def _listing(connection: Connection, visit: Visit, held: ReplyLink) -> Listing:
    return agency_side.of_link(connection, held, page=page_of(visit), today=visit.today)


def _duty(connection: Connection, visit: Visit, held: ReplyLink, wanted: str) -> Duty:
    """Raises NotFound for what the message has not told this agency of."""
    found = agency_side.of_link(connection, held, only=wanted, page=1, today=visit.today).duties
    if not found:
        raise NotFound
    return found[0]


def _show(visit: Visit, link: str, wanted: str, failed: Failed | None = None, *, status: int = 200) -> Response:
    with visit.reading() as connection:
        held = _read(connection, visit, link)
        listing = _listing(connection, visit, held)
        name = agency_side.name_of(connection, held.agency_id)
        several = len(listing.duties) > 1 or listing.page > 1
        if not listing.duties and listing.page == 1:
            raise LinkOver
        if several and not wanted:
            at = f"{PATH}{link}"
            return visit.page("agency_duties.html", listing=listing, done=False, base=at, name=name, link=True)
        duty = _duty(connection, visit, held, wanted) if wanted else listing.duties[0]
    return visit.page(
        "agency_duty.html",
        status=status,
        duty=duty,
        back=f"{PATH}{link}" if several else "",
        post=f"{PATH}{link}",
        failed=failed or Failed(),
        field="ky",
    )
