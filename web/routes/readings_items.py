"""The proposed duties of a document: taken, left out, split, put together; one by one or several at once."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.responses import Response

from people.rights import Right
from plans.text import _, _n
from tasks import readings
from tasks.errors import BadInput, RegisterError
from tasks.reading_store import Reading
from web import said
from web.forms import text
from web.guard import needs
from web.readings_desk import ITEM, ONE, Desk, item_of, open_desk
from web.readings_forms import by, seen, ticked, typed_bodies
from web.routes.readings import show
from web.visit import Visit

router = APIRouter()
LONGEST = 400

Move = Callable[[Connection, int], Reading]


@router.post(ITEM + "/nhan")
def accept(reading_id: int, number: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    return _moved(visit, reading_id, number, lambda c, at: readings.accept(c, reading_id, [number], **by(visit, at)))


@router.post(ITEM + "/bo")
def ignore(reading_id: int, number: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    reason = text(visit.form, "ly-do")[:LONGEST]
    return _moved(
        visit, reading_id, number, lambda c, at: readings.ignore(c, reading_id, [number], reason, **by(visit, at))
    )


@router.post(ITEM + "/xem-lai")
def restore(reading_id: int, number: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    """Neither taken nor left out any more."""
    return _moved(visit, reading_id, number, lambda c, at: readings.restore(c, reading_id, number, **by(visit, at)))


def _moved(visit: Visit, reading_id: int, number: int, move: Move) -> Response:
    """Works and shows the page again, or for htmx the card alone. Raises NotFound."""
    item_of(open_desk(visit, reading_id), number)
    error, revision = "", seen(visit.form)
    try:
        with visit.writing() as connection:
            move(connection, revision)
    except RegisterError as refused:
        error = str(refused)
    desk = open_desk(visit, reading_id)
    if not visit.partial:
        return show(visit, desk, error) if error else visit.go(f"{desk.base}#item-{number}")
    others = desk.touched_since(revision, number)
    if others is None:
        words = error or _("Người khác vừa thay đổi phần khác của văn bản này; trang đã được cập nhật.")
        return _anew(visit, desk, words, "error" if error else "warning")
    return visit.page("reading_card.html", desk=desk, item=item_of(desk, number), others=others, error=error)


def _anew(visit: Visit, desk: Desk, words: str, kind: said.Kind) -> Response:
    """For htmx: the browser opens the page anew, at its top, where the words stand; another address makes it do so."""
    answer = Response(headers={"HX-Redirect": f"{desk.base}?lan={desk.reading.revision}"})
    said.keep(visit, answer, words, kind)
    return answer


@router.post(ONE + "/nhieu")
def several(reading_id: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    """The same for all that were ticked: taken (``lam=nhan``) with the bodies that were typed, or left out (``bo``)."""
    desk = open_desk(visit, reading_id)
    try:
        numbers = ticked(visit, desk)
        with visit.writing() as connection:
            count = _on_all(visit, connection, desk, numbers)
    except RegisterError as error:
        return show(visit, open_desk(visit, reading_id), str(error))
    return visit.go(desk.base, count)


def _on_all(visit: Visit, connection: Connection, desk: Desk, numbers: list[int]) -> str:
    """Works, and says what was done. Raises BadInput, ReadingChanged."""
    at, reason, count = desk.reading.id, text(visit.form, "ly-do")[:LONGEST], len(numbers)
    revision = seen(visit.form)
    if text(visit.form, "lam") == "bo":
        readings.ignore(connection, at, numbers, reason, **by(visit, revision))
        return _n("Đã bỏ qua {n} đề xuất.", count).format(n=count)
    if reason:
        raise BadInput(_("Đã ghi lý do bỏ qua: bấm “Bỏ qua”, hoặc xóa lý do rồi đưa vào kế hoạch."))
    named = typed_bodies(desk, text(visit.form, "giao"))
    if named:
        instead = bool(text(visit.form, "thay"))
        revision = readings.assign(connection, at, numbers, named, instead=instead, **by(visit, revision)).revision
    readings.accept(connection, at, numbers, **by(visit, revision))
    return _n("Đã đưa {n} đề xuất vào kế hoạch.", count).format(n=count)


@router.post(ITEM + "/tach")
def split(reading_id: int, number: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    """The item and a copy of it, the first of which is opened."""
    desk = open_desk(visit, reading_id)
    item_of(desk, number)
    try:
        with visit.writing() as connection:
            readings.split(connection, reading_id, number, **by(visit, seen(visit.form)))
    except RegisterError as error:
        return show(visit, open_desk(visit, reading_id), str(error))
    return visit.go(f"{desk.base}/viec/{number}", _("Đã tách thành hai đề xuất; sửa từng đề xuất."))


@router.post(ITEM + "/gop")
def merge(reading_id: int, number: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    """Another item becomes part of this one."""
    desk = open_desk(visit, reading_id)
    item_of(desk, number)
    other = text(visit.form, "voi")
    if not (other.isascii() and other.isdecimal() and len(other) < 9):
        return show(visit, desk, _("Chưa chọn đề xuất để gộp."))
    item_of(desk, int(other))
    try:
        with visit.writing() as connection:
            readings.merge(connection, reading_id, [number, int(other)], **by(visit, seen(visit.form)))
    except RegisterError as error:
        return show(visit, open_desk(visit, reading_id), str(error))
    return visit.go(f"{desk.base}/viec/{number}", _("Đã gộp; xem lại tên việc và thời hạn."))
