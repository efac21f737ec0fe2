"""Trang tuần: the head's weekly page, looked over by the officer before it leaves."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import FileResponse, Response

from app.filestore import FileStore
from app.week import desk
from app.week.content import NOTE, PARTS, REASON, Content, Edits, edits_document
from app.week.desk import Desk
from app.week.gather import content_at
from app.week.keeping import print_of
from app.week.printing import Printed, printed
from people.rights import Right
from plans.text import _
from tasks import week_pages
from tasks.errors import BadInput, RegisterError
from web.errors import NotFound
from web.forms import short, text
from web.guard import needs
from web.visit import Visit

router = APIRouter()
AT = "/kiem-tra/trang-tuan"
_WEEK = re.compile(r"20\d{2}[0-5]\d", re.ASCII)


@router.get(AT)
def list_page(visit: Visit = needs(Right.SEE)) -> Response:
    scope = visit.holder.units(Right.SEE)
    with visit.reading() as connection:
        lines, units = desk.listing(connection, scope), desk.units(connection, scope)
    return visit.page("weeks.html", lines=lines, units=units)


@router.get(AT + "/{unit}")
def now_page(unit: str, visit: Visit = needs(Right.SEE, "unit")) -> Response:
    """How the page would look if it were frozen now."""
    return visit.page("week.html", desk=None, unit=unit, page=_live(visit, unit).page, works=False)


@router.get(AT + "/{unit}/trang.pdf")
def now_pdf(unit: str, visit: Visit = needs(Right.EXPORT, "unit")) -> Response:
    return _pdf(_live(visit, unit), f"trang-tuan-xem-truoc-{visit.today:%Y-%m-%d}.pdf")


@router.get(AT + "/{unit}/{week}")
def week_page(unit: str, week: str, visit: Visit = needs(Right.SEE, "unit")) -> Response:
    return _show(visit, unit, _number(week))


@router.get(AT + "/{unit}/{week}/trang.pdf")
def week_pdf(unit: str, week: str, visit: Visit = needs(Right.EXPORT, "unit")) -> Response:
    """The very sheet that was sent; before that, the sheet as it would leave now."""
    with visit.reading() as connection:
        try:
            row = week_pages.load(connection, unit, _number(week))
        except week_pages.PageUnknown:
            raise NotFound from None
        made = print_of(connection, row) if row.sent_at is None else None
    name = f"trang-tuan-{week}.pdf"
    if made is not None:
        return _pdf(made, name)
    path = FileStore(visit.dondoc.settings.home).path(row.hash) if row.hash else None
    if path is None or not path.is_file():
        raise NotFound
    return FileResponse(path, media_type="application/pdf", filename=name, content_disposition_type="attachment")


@router.post(AT + "/{unit}/{week}")
def change(unit: str, week: str, visit: Visit = needs(Right.WORK, "unit")) -> Response:
    """Keeps notes, order and what is left out; with ``xem`` also that it was looked over."""
    number, looked = _number(week), text(visit.form, "lam") == "xem"
    try:
        with visit.writing() as connection:
            held = desk.load(connection, unit, number)
            edits = _typed(visit.form, held.content)
            seen = text(visit.form, "revision")
            week_pages.edit(
                connection, unit, number, seen=int(seen) if seen.isdecimal() else 0, edits=edits_document(edits),
                now=visit.now, actor=visit.actor,
            )  # fmt: skip
            if looked:
                week_pages.look(connection, unit, number, now=visit.now, actor=visit.actor)
    except week_pages.PageUnknown:
        raise NotFound from None
    except RegisterError as error:
        return _show(visit, unit, number, str(error))
    return visit.go(f"{AT}/{unit}/{number}", _("Đã xem, đã lưu.") if looked else _("Đã lưu."))


def _show(visit: Visit, unit: str, week: int, error: str = "") -> Response:
    with visit.reading() as connection:
        try:
            held = desk.load(connection, unit, week)
        except week_pages.PageUnknown:
            raise NotFound from None
    typed = visit.form if error else FormData()
    values: dict[str, Any] = {
        "desk": held,
        "unit": unit,
        "page": held.page,
        "error": error,
        "typed": typed,
        "note_most": NOTE,
    }
    works = visit.may(Right.WORK, unit) and held.line.sent_at is None
    values["numbers"] = {each.id: at for at, each in enumerate(held.content.decisions)}
    return visit.page("week.html", status=400 if error else 200, **values, works=works, asked=_asked(held))


def _asked(held: Desk) -> list[tuple[str, str, str, str]]:
    """The decisions as the form lists them: id, title, words, why it is left out; those left out at the end."""
    kept = held.edits.arranged(held.content.decisions)
    left = [each for each in held.content.decisions if each.id in held.edits.left_out]
    return [(each.id, each.title, each.text, held.edits.left_out.get(each.id, "")) for each in (*kept, *left)]


def _typed(form: FormData, content: Content) -> Edits:
    """What the form says. Raises BadInput where something is left out without a reason."""
    notes = {part: short(form, f"ghi-chu-{part}", _("Ghi chú"), most=NOTE) for part in PARTS}
    left_out, places = {}, []
    for at, each in enumerate(content.decisions):
        if text(form, f"de-lai-{at}"):
            why = short(form, f"ly-do-{at}", _("Lý do để lại"), most=REASON)
            if not why:
                raise BadInput(_("Để lại “{title}” phải có lý do.").format(title=each.title))
            left_out[each.id] = why
        place = text(form, f"thu-tu-{at}")
        places.append((int(place) if place.isdecimal() and len(place) < 4 else 999, at, each.id))
    order = tuple(it for _place, _at, it in sorted(places))
    plain = order == tuple(each.id for each in content.decisions)
    return Edits({part: note for part, note in notes.items() if note}, () if plain else order, left_out)


def _live(visit: Visit, unit: str) -> Printed:
    with visit.reading() as connection:
        if all(each.id != unit for each in desk.units(connection, frozenset({unit}))):
            raise NotFound
        content = content_at(connection, unit, at=visit.now)
    return printed(content, Edits(), None, final=False)


def _pdf(made: Printed, name: str) -> Response:
    if made.pdf is None:
        raise BadInput(_("Máy này không có phông chữ để in. Xem trang trên màn hình."))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made.pdf, media_type="application/pdf", headers=headers)


def _number(week: str) -> int:
    if not _WEEK.fullmatch(week):
        raise NotFound
    return int(week)
