"""What a document says about itself, and whom its names stand for: the two other pages of a review."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.datastructures import FormData
from starlette.responses import Response

from app import reading as review
from people.rights import Right
from plans.model import Level, Relation
from plans.text import _
from tasks import readings
from tasks.errors import BadInput, RegisterError
from tasks.reading_model import FACTS, MUST, BodyName
from tasks.reading_store import Reading
from web.forms import text, texts
from web.guard import needs
from web.planform.values import shown_date, stored_date
from web.readings_desk import ONE, Desk, open_desk, seen
from web.visit import Visit

router = APIRouter()
LONGEST = 400
DATES = ("signed", "horizon")
NEW, OTHER = "moi", "khac"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@router.get(ONE + "/van-ban")
def facts_page(reading_id: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    desk = open_desk(visit, reading_id)
    return _facts(visit, desk, _values(desk))


def _values(desk: Desk) -> dict[str, str]:
    found = {name: fact.value for name, fact in desk.content.facts.items()}
    return {name: shown_date(found.get(name, "")) if name in DATES else found.get(name, "") for name in FACTS}


def _facts(visit: Visit, desk: Desk, values: dict[str, str], error: str = "") -> Response:
    return visit.page(
        "reading_facts.html",
        status=400 if error else 200,
        desk=desk,
        step="van-ban",
        values=values,
        facts=[(name, review.fact_label(name), desk.content.facts.get(name)) for name in FACTS],
        must=MUST,
        levels=list(Level),
        error=error,
    )


@router.post(ONE + "/van-ban")
def save_facts(reading_id: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    """What was typed over, and what was compared with the paper (``da-xem``)."""
    desk = open_desk(visit, reading_id)
    typed = {name: text(visit.form, name) for name in FACTS}
    try:
        if any(len(value) > LONGEST for value in typed.values()):
            raise BadInput(_("Một ô dài quá {n} ký tự.").format(n=LONGEST))
        shown = _values(desk)
        wanted = {
            name: stored_date(value) if name in DATES else value
            for name, value in typed.items()
            if value != shown[name]
        }
        looked = [name for name in texts(visit.form, "da-xem") if name in desk.content.facts and name not in wanted]
        with visit.writing() as connection:
            saving = _Saving(visit, connection, reading_id)
            for name, value in wanted.items():
                saving.did(readings.set_fact(connection, reading_id, name, value, **saving.by))
            for name in looked:
                saving.did(readings.look(connection, reading_id, "fact", name, **saving.by))
    except RegisterError as error:
        return _facts(visit, desk, typed, str(error))
    return visit.go(_after(visit, desk, "van-ban", ""), _("Đã lưu."))


class _Saving:
    """Several moves in one transaction, each on what the one before has left."""

    def __init__(self, visit: Visit, connection: Connection, reading_id: int) -> None:
        self._revision = seen(visit.form)
        self._visit = visit

    @property
    def by(self) -> dict[str, Any]:
        return {"seen": self._revision, "now": self._visit.now, "actor": self._visit.actor}

    def did(self, reading: Reading) -> None:
        self._revision = reading.revision


def _after(visit: Visit, desk: Desk, here: str, following: str) -> str:
    wanted = following if text(visit.form, "lam") == "tiep" else here
    return f"{desk.base}/{wanted}".rstrip("/")


@router.get(ONE + "/co-quan")
def bodies_page(reading_id: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    return _bodies(visit, open_desk(visit, reading_id))


def _bodies(visit: Visit, desk: Desk, error: str = "") -> Response:
    with visit.reading() as connection:
        choices = [
            (group, review.member_choices(connection, desk.reading, group.name)) for group in desk.content.groups
        ]
    return visit.page(
        "reading_bodies.html",
        status=400 if error else 200,
        desk=desk,
        step="co-quan",
        groups=choices,
        relations=(Relation.PEER, Relation.SUBORDINATE, Relation.REQUESTED),
        error=error,
    )


@router.post(ONE + "/co-quan")
def save_bodies(reading_id: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    """Whom the names stand for. Fields carry the place of the name on the page."""
    desk = open_desk(visit, reading_id)
    try:
        with visit.writing() as connection:
            saving = _Saving(visit, connection, reading_id)
            for place, body in enumerate(desk.content.bodies):
                _save_body(connection, desk, saving, place, body)
    except RegisterError as error:
        return _bodies(visit, open_desk(visit, reading_id), str(error))
    return visit.go(_after(visit, desk, "co-quan", ""), _("Đã lưu."))


def _save_body(connection: Connection, desk: Desk, saving: _Saving, place: int, body: BodyName) -> None:
    form, at = desk.visit.form, desk.reading.id
    chosen = _chosen(form, desk, place, body)
    if chosen is None:
        return
    agency, new = chosen
    if (agency, new) != (body.agency, body.is_new):
        saving.did(review.choose_body(connection, at, body.name, agency, new=new, **saving.by))
    elif str(place) in texts(form, "da-xem") and not body.looked:
        saving.did(readings.look(connection, at, "body", body.name, **saving.by))


def _chosen(form: FormData, desk: Desk, place: int, body: BodyName) -> tuple[str, bool] | None:
    """Which body, and whether it is new; None where nothing was chosen. Raises BadInput."""
    picked, other = text(form, f"chon-{place}"), text(form, f"khac-{place}")
    if other:
        found = desk.who.names.find(other)
        if found is None:
            raise BadInput(_("Danh mục không có cơ quan “{name}”.").format(name=other[:200]))
        return found.id, False
    if picked != NEW:
        return (picked, False) if picked else None
    slug = text(form, f"ma-{place}") or (body.agency or "").rpartition(".")[2]
    if not _SLUG.fullmatch(slug):
        raise BadInput(_("Mã cơ quan mới chỉ gồm chữ thường không dấu, số và dấu gạch nối, ví dụ so-tai-chinh."))
    return f"{desk.who.names.unit}.{slug}", True


@router.post(ONE + "/khoi/{place:int}")
def save_group(reading_id: int, place: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    """Who stands behind a collective name."""
    desk = open_desk(visit, reading_id)
    try:
        if place >= len(desk.content.groups):
            raise BadInput(_("Khối này không còn. Mở lại trang."))
        members = texts(visit.form, "thanh-vien")
        for words in text(visit.form, "them").split(";"):
            if words.strip():
                members.append(_member(desk, words.strip()))
        with visit.writing() as connection:
            saving = _Saving(visit, connection, reading_id)
            name = desk.content.groups[place].name
            review.set_group_members(connection, reading_id, name, members, **saving.by)
    except RegisterError as error:
        return _bodies(visit, open_desk(visit, reading_id), str(error))
    return visit.go(f"{desk.base}/co-quan#group-{place}", _("Đã lưu các cơ quan của khối."))


def _member(desk: Desk, words: str) -> str:
    found = desk.who.names.find(words)
    if found is None:
        raise BadInput(_("Danh mục không có cơ quan “{name}”.").format(name=words[:200]))
    return found.id
