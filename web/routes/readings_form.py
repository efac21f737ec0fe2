"""The form of one proposed duty: its name, deadline and bodies; and a duty added by words of the document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app import reading as review
from app.rule_words import WEEKDAYS, boundary_word
from people.rights import Right
from plans.model import Boundary
from plans.text import _
from tasks import readings
from tasks.errors import BadInput, RegisterError
from tasks.reading_model import Item, Named, Place
from web.forms import lines as typed_lines
from web.forms import text, texts
from web.guard import needs
from web.planform import due
from web.readings_desk import ITEM, ONE, Desk, item_of, open_desk
from web.readings_forms import by, seen, typed_bodies
from web.readings_quote import find_quote
from web.visit import Visit

router = APIRouter()
LONGEST = 400
TEXTS = ("title", "section", "product", "note")
ROLES = ("agencies", "cooperating", "recipients", "via")


@router.get(ONE + "/viec/moi")
def new_page(reading_id: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    return _new(visit, open_desk(visit, reading_id))


def _new(visit: Visit, desk: Desk, error: str = "") -> Response:
    return visit.page(
        "reading_added.html",
        status=400 if error else 200,
        desk=desk,
        step="nhiem-vu",
        quote=typed_lines(visit.form, "cau"),
        title=text(visit.form, "title"),
        error=error,
    )


@router.post(ONE + "/viec/moi")
def add(reading_id: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    """A duty of the words that were selected in the document, or pasted from it."""
    desk = open_desk(visit, reading_id)
    try:
        chosen = _place(visit, desk, "tu", "den") or find_quote(desk.source.text, typed_lines(visit.form, "cau"))
        with visit.writing() as connection:
            _reading, number = review.add_selected(
                connection,
                reading_id,
                chosen.start,
                chosen.end,
                title=text(visit.form, "title")[:LONGEST],
                **by(visit, seen(visit.form)),
            )
    except RegisterError as error:
        return _new(visit, open_desk(visit, reading_id), str(error))
    return visit.go(f"{desk.base}/viec/{number}", _("Đã thêm đề xuất từ đoạn văn bản; xem lại rồi đưa vào kế hoạch."))


def _place(visit: Visit, desk: Desk, start: str, end: str) -> Place | None:
    """Where the selected words stand; None where nothing was selected. Raises BadInput."""
    typed = [text(visit.form, name) for name in (start, end)]
    if not any(typed):
        return None
    if not all(each.isascii() and each.isdecimal() and len(each) < 9 for each in typed):
        raise BadInput(_("Đoạn được chọn không nằm trong văn bản."))
    found = Place(int(typed[0]), int(typed[1]))
    if not 0 <= found.start < found.end <= len(desk.source.text):
        raise BadInput(_("Đoạn được chọn không nằm trong văn bản."))
    return found


@router.get(ITEM)
def item_page(reading_id: int, number: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    desk = open_desk(visit, reading_id)
    item = item_of(desk, number)
    values = due.due_values(desk.due(item)) | {name: getattr(item, name) or "" for name in TEXTS}
    return _form(visit, desk, item, values)


def _form(visit: Visit, desk: Desk, item: Item, values: Mapping[str, str], error: str = "") -> Response:
    return visit.page(
        "reading_item.html",
        status=400 if error else 200,
        desk=desk,
        step="nhiem-vu",
        item=item,
        values=values,
        phrases=due.PHRASES,
        boundaries=[(boundary.value, boundary_word(boundary)) for boundary in Boundary],
        weekdays=WEEKDAYS,
        preview=desk.preview(due.due_document(values)),
        error=error,
    )


@router.post(ITEM)
def save(reading_id: int, number: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    """Keeps what was changed and takes the item (``lam=nhan``), or only shows the next dates (``lam=xem``)."""
    desk = open_desk(visit, reading_id)
    item = item_of(desk, number)
    values = {name: text(visit.form, name) for name in (*due.NAMES, *TEXTS)} | {"note": typed_lines(visit.form, "note")}
    doing = text(visit.form, "lam")
    if doing == "xem":
        return _form(visit, desk, item, values)
    try:
        changes = _changes(visit, desk, item, values)
        with visit.writing() as connection:
            revision = seen(visit.form)
            if changes:
                revision = readings.edit(connection, reading_id, number, changes, **by(visit, revision)).revision
            if doing == "nhan":
                readings.accept(connection, reading_id, [number], **by(visit, revision))
    except RegisterError as error:
        return _form(visit, desk, item, values, str(error))
    return visit.go(
        f"{desk.base}#item-{number}", _("Đã đưa vào kế hoạch.") if doing == "nhan" else _("Đã lưu đề xuất.")
    )


def _changes(visit: Visit, desk: Desk, item: Item, values: Mapping[str, str]) -> dict[str, Any]:
    """What differs from what stands there. Raises BadInput."""
    if any(len(value) > (4_000 if name == "note" else LONGEST) for name, value in values.items()):
        raise BadInput(_("Một ô dài quá {n} ký tự.").format(n=LONGEST))
    if not values["title"]:
        raise BadInput(_("Thiếu tên nhiệm vụ."))
    wanted: dict[str, Any] = {name: values[name] for name in TEXTS}
    wanted["product"] = values["product"] or None
    for role in ROLES:
        wanted[role] = _bodies(visit, desk, getattr(item, role), role)
    if (place := _place(visit, desk, "tu", "den")) is not None:
        wanted["time"] = place
    rule = _rule(desk, item, values)
    if rule is not None:
        wanted["rule"] = rule
    return {name: value for name, value in wanted.items() if value != getattr(item, name)}


def _rule(desk: Desk, item: Item, values: Mapping[str, str]) -> dict[str, Any] | None:
    """The deadline as picked; None where it is the one that was shown."""
    picked, shown = (
        {key: value for key, value in each.items() if key != "quote"}
        for each in (due.due_document(values), due.due_document(due.due_values(desk.due(item))))
    )
    return None if picked == shown else picked


def _bodies(visit: Visit, desk: Desk, old: tuple[Named, ...], role: str) -> tuple[Named, ...]:
    """Those that stay ticked, then those that were typed."""
    kept = set(texts(visit.form, role))
    found = [each for each in old if each.name in kept]
    for named in typed_bodies(desk, text(visit.form, f"them-{role}")):
        if named.name not in {each.name for each in found}:
            found.append(named)
    return tuple(found)
