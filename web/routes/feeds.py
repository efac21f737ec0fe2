"""iCalendar feeds: the address that a calendar reads, and the making and revoking of such addresses."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.responses import Response

from app import feed as ical
from app.views import body
from people import feeds
from people.feeds import Feed
from people.rights import Right
from plans.text import _
from tasks.errors import RegisterError
from web.errors import NotFound
from web.forms import short
from web.guard import needs, open_to_all
from web.visit import Visit

router = APIRouter()
_LONGEST = 100  # characters of a secret: anything longer is none of ours


@router.get("/ical/{held}.ics")
def read_feed(held: str, visit: Visit = open_to_all()) -> Response:
    """The secret in the address is the proof; whoever has none learns nothing."""
    with visit.reading() as connection:
        found = feeds.opened(connection, held, now=visit.now) if len(held) <= _LONGEST else None
        text = ical.feed_text(connection, *found, now=visit.now) if found else None
    if text is None:
        raise NotFound
    named = {"Content-Disposition": 'inline; filename="dondoc.ics"', "X-Robots-Tag": "noindex"}
    return Response(text, media_type="text/calendar; charset=utf-8", headers=named)


@router.post("/lich/dang-ky")
def create_own(visit: Visit = needs(Right.SEE)) -> Response:
    """A feed of all that this person follows."""
    try:
        held = _create(visit, None)
    except RegisterError as error:
        return visit.go("/lich", str(error), kind="error")
    return _made(visit, held, "/lich", _("Lịch của đơn vị tôi theo dõi"))


@router.post("/lich/dang-ky/{feed_id}/thu-hoi")
def revoke_own(feed_id: str, visit: Visit = needs(Right.SEE)) -> Response:
    with visit.writing() as connection:
        _revoke(visit, connection, feeds.of_account(connection, visit.holder.account_id), feed_id)
    return visit.go("/lich", _("Đã thu hồi đường dẫn; lịch đã đăng ký không cập nhật nữa."))


@router.post("/co-quan/{agency_id}/lich")
def create_of_agency(agency_id: str, visit: Visit = needs(Right.BODIES, "agency_id")) -> Response:
    """A feed of what this body owes, to be given to it."""
    try:
        held = _create(visit, agency_id)
    except RegisterError as error:
        return visit.go(f"/co-quan/{agency_id}", str(error), kind="error")
    with visit.reading() as connection:
        name = body.name_of(connection, agency_id)
    return _made(visit, held, f"/co-quan/{agency_id}", name)


@router.post("/co-quan/{agency_id}/lich/{feed_id}/thu-hoi")
def revoke_of_agency(agency_id: str, feed_id: str, visit: Visit = needs(Right.BODIES, "agency_id")) -> Response:
    with visit.writing() as connection:
        _revoke(visit, connection, feeds.of_agency(connection, agency_id), feed_id)
    return visit.go(f"/co-quan/{agency_id}", _("Đã thu hồi đường dẫn; lịch đã đăng ký không cập nhật nữa."))


def _create(visit: Visit, agency_id: str | None) -> str:
    """Raises BadAccount, BadInput."""
    name = short(visit.form, "ten", _("Tên"), most=100)
    with visit.writing() as connection:
        return feeds.create(
            connection, visit.holder.account_id, name, agency_id=agency_id, now=visit.now, actor=visit.actor
        )


def _revoke(visit: Visit, connection: Connection, known: list[Feed], feed_id: str) -> None:
    """Raises NotFound where it is none of these."""
    for each in known:
        if str(each.id) == feed_id:
            return feeds.revoke(connection, each, now=visit.now, actor=visit.actor)
    raise NotFound


def _made(visit: Visit, held: str, back: str, whose: str) -> Response:
    """The address is shown now and never again: only its hash is kept."""
    base = visit.dondoc.settings.public_url.rstrip("/") or str(visit.request.base_url).rstrip("/")
    return visit.page("feed_made.html", address=f"{base}/ical/{held}.ics", back=back, whose=whose)
