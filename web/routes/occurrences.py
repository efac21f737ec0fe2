"""The list of occurrences, and one move for many of them: chosen, looked at once more, done, told what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app import bulk
from app.bulk import Outcome
from app.views import occurrence_messages, occurrences
from app.views.occurrences import ALL, AT_ONCE, UNDONE, Filters, Line
from notifications import press as pressing
from notifications.errors import NotificationsError
from notifications.facts import Rendered
from notifications.planner import PlanningContext
from people.rights import Right
from plans.text import _
from tasks.errors import BadInput, RegisterError
from tasks.lifecycle import MOVES, Move
from tasks.model import OWED
from tasks.status import Status
from web.errors import NotFound
from web.forms import day, needed_day, short, text, texts
from web.forms import lines as typed_lines
from web.guard import needs
from web.routes.occurrence_notes import checked_note, leaves
from web.visit import Visit

router = APIRouter()


class Bulk(StrEnum):
    """What can be done for many at once."""

    ACCEPT = "chap-nhan"
    PRESS = "nhac"
    EXTEND = "gia-han"


_STATES = {Bulk.ACCEPT: MOVES[Move.ACCEPT][0], Bulk.PRESS: OWED, Bulk.EXTEND: MOVES[Move.EXTEND][0]}


@dataclass(frozen=True, slots=True)
class Picked:
    """The chosen rows: those the move can lead on from, and the others."""

    able: tuple[Line, ...]
    unable: tuple[Line, ...]


@router.get("/ky")
def list_page(visit: Visit = needs(Right.SEE)) -> Response:
    return _list(visit, visit.query)


def _list(visit: Visit, asked: Mapping[str, str], error: str | None = None) -> Response:
    wrong: list[str] = []
    filters = _filters(asked, wrong)
    with visit.reading() as connection:
        found = occurrences.listing(connection, visit.holder.units(Right.SEE), filters, today=visit.today)
    return visit.page(
        "occurrences.html",
        status=400 if error else 200,
        found=found,
        filters=filters,
        errors=[*wrong, *([error] if error else [])],
        may_work=visit.may(Right.WORK),
        at_once=AT_ONCE,
    )


@router.post("/ky/nhieu/{what}")
def confirm(what: str, visit: Visit = needs(Right.WORK)) -> Response:
    """Before anything is done: how many, whom, and what cannot be done. Writes nothing."""
    move = _move(what)
    try:
        lines = _chosen(visit)
    except BadInput as bad:
        return _list(visit, dict(parse_qsl(text(visit.form, "loc"))), str(bad))
    return _confirm(visit, move, _picked(lines, move), text(visit.form, "loc"))


@router.post("/ky/nhieu/{what}/lam")
def carry_out(what: str, visit: Visit = needs(Right.WORK)) -> Response:
    """Does it, and lists what was done and what was refused with its reason."""
    move, back = _move(what), text(visit.form, "loc")
    seen = dict(_pair(value) for value in texts(visit.form, "ky"))
    with visit.reading() as connection:
        lines = _of_unit(occurrences.chosen(connection, visit.holder.units(Right.WORK), seen, today=visit.today), seen)
    if not lines:
        return _list(visit, dict(parse_qsl(back)), _("Chưa chọn kỳ nào."))
    if len(lines) > AT_ONCE:
        return _list(visit, dict(parse_qsl(back)), _too_many())
    try:
        outcome = _do(visit, move, {line.id: seen[line.id] for line in lines})
    except (RegisterError, NotificationsError) as error:
        return _confirm(visit, move, _picked(lines, move), back, error=str(error))
    return visit.page(
        "occurrences_done.html", move=move, lines={line.id: line for line in lines}, outcome=outcome, back=back
    )


def _do(visit: Visit, move: Bulk, seen: Mapping[str, str]) -> Outcome:
    """Raises BadInput where the form itself is wrong; what single occurrences refuse stands in the outcome."""
    now, actor = visit.now, visit.actor
    if move is Bulk.ACCEPT:
        return bulk.accept(visit.engine, seen, now=now, actor=actor)
    if move is Bulk.EXTEND:
        to, document = needed_day(visit.form, "to", _("hạn mới")), short(visit.form, "document", _("Số văn bản"))
        if not document:
            raise BadInput(_("Gia hạn phải có số văn bản của cơ quan ban hành kế hoạch."))
        return bulk.extend(visit.engine, seen, to=to, document=document, now=now, actor=actor)
    times = {it: int(count) for it, count in (_pair(value) for value in texts(visit.form, "times") if _counted(value))}
    return bulk.press(visit.engine, seen, times, note=checked_note(visit), now=now, actor=actor)


def _confirm(visit: Visit, move: Bulk, picked: Picked, back: str, *, error: str | None = None) -> Response:
    ids = [line.id for line in picked.able]
    readers: Mapping[str, tuple[occurrence_messages.Reader, ...]] = {}
    times: Mapping[str, int] = {}
    example = None
    if move is Bulk.PRESS and ids:
        with visit.reading() as connection:
            context = PlanningContext(connection)
            readers = occurrence_messages.readers_of(context, occurrences.loaded(connection, ids), today=visit.today)
            times = pressing.pressed(connection, ids)
        example = _example(visit, ids)
    return visit.page(
        "occurrences_confirm.html",
        status=400 if error else 200,
        move=move,
        picked=picked,
        back=back,
        readers=readers,
        times=times,
        example=example,
        leaves=leaves(visit) if move is Bulk.PRESS else "",
        error=error,
        typed={name: text(visit.form, name) for name in ("to", "document")},
        note=typed_lines(visit.form, "note"),
    )


def _example(visit: Visit, ids: list[str]) -> Rendered | None:
    """The message of the first that can be pressed, word for word."""
    for it in ids[:5]:
        try:
            return pressing.preview(visit.engine, [it], note=None, now=visit.now)[0]
        except BadInput:
            continue
    return None


def _chosen(visit: Visit) -> list[Line]:
    """The ticked rows, or all that the filters let through. Raises BadInput, and NotFound for other units' rows."""
    units = visit.holder.units(Right.WORK)
    with visit.reading() as connection:
        if text(visit.form, "pham-vi") == "tat-ca":
            filters = _filters(dict(parse_qsl(text(visit.form, "loc"))), [])
            ids = occurrences.matching_ids(connection, units, filters, today=visit.today)
        else:
            ids = texts(visit.form, "ky")
        if not ids:
            raise BadInput(_("Chưa chọn kỳ nào."))
        if len(ids) > AT_ONCE:
            raise BadInput(_too_many())
        return _of_unit(occurrences.chosen(connection, units, ids, today=visit.today), ids)


def _too_many() -> str:
    return _("Mỗi lần làm được tối đa {n} kỳ. Lọc hẹp hơn rồi làm lại.").format(n=AT_ONCE)


def _of_unit(lines: list[Line], wanted: Mapping[str, str] | list[str]) -> list[Line]:
    """Raises NotFound where something was asked for that does not exist or belongs to another unit."""
    if {line.id for line in lines} != set(wanted):
        raise NotFound
    return lines


def _picked(lines: list[Line], move: Bulk) -> Picked:
    def able(line: Line) -> bool:
        before = line.status == Status.BEFORE_TRACKING
        return line.state in _STATES[move] and not (move is Bulk.PRESS and before)

    return Picked(tuple(x for x in lines if able(x)), tuple(x for x in lines if not able(x)))


def _move(what: str) -> Bulk:
    try:
        return Bulk(what)
    except ValueError:
        raise NotFound from None


def _pair(value: str) -> tuple[str, str]:
    """``id|stamp``."""
    it, _bar, rest = value.partition("|")
    return it, rest


def _counted(value: str) -> bool:
    return _pair(value)[1].isdecimal() and len(_pair(value)[1]) < 9


def _filters(asked: Mapping[str, str], wrong: list[str]) -> Filters:
    """What the address asks for; what cannot be read is left out and said in ``wrong``."""
    form = FormData(list(asked.items()))
    known = {choice.value for choice in occurrences.statuses()}
    status, page = text(form, "trang-thai") or UNDONE, text(form, "trang")
    return Filters(
        plan=text(form, "ke-hoach"),
        duty=text(form, "nhiem-vu"),
        period=text(form, "ky"),
        agency=text(form, "co-quan"),
        status=status if status in known else ALL,
        start=_day(form, "tu", _("Từ ngày"), wrong),
        end=_day(form, "den", _("Đến ngày"), wrong),
        words=text(form, "q")[:200],
        page=int(page) if page.isdecimal() and len(page) < 7 else 1,
    )


def _day(form: FormData, name: str, label: str, wrong: list[str]) -> date | None:
    typed = text(form, name)
    try:
        return day(typed, label) if typed else None
    except BadInput as bad:
        wrong.append(str(bad))
        return None
