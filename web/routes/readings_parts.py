"""What a document says about itself, and whom its names stand for: the two other pages of a review."""

from __future__ import annotations

import re

from fastapi import APIRouter
from sqlalchemy.engine import Connection
from starlette.datastructures import FormData
from starlette.responses import Response

from app import reading as review
from people.rights import Right
from plans.model import Level
from plans.text import _
from tasks import readings
from tasks.errors import BadInput, RegisterError
from tasks.reading_model import FACTS, MUST, BodyName, GroupName
from tasks.reading_names import GROUP_RELATIONS
from web.forms import text, texts
from web.guard import needs
from web.planform.values import shown_date, stored_date
from web.readings_desk import ONE, Desk, open_desk
from web.readings_forms import by, seen
from web.visit import Visit

router = APIRouter()
LONGEST = 400
DATES = ("signed", "horizon")
NEW, NOBODY = "moi", "bo"
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
    """What was typed over, and what was compared with the paper (``da-xem``; all of it: ``lam=dung``)."""
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
        ticked = desk.content.facts if _all_right(visit) else texts(visit.form, "da-xem")
        facts = desk.content.facts
        looked = [name for name in ticked if name in facts and name not in wanted and not facts[name].looked]
        with visit.writing() as connection:
            how = by(visit, seen(visit.form))
            for name, value in wanted.items():
                readings.set_fact(connection, reading_id, name, value, **how)
            for name in looked:
                readings.look(connection, reading_id, "fact", name, **how)
    except RegisterError as error:
        return _facts(visit, desk, typed, str(error))
    return _saved(visit, reading_id, "van-ban")


def _all_right(visit: Visit) -> bool:
    """Whether all that the page shows was looked at and is as it should be."""
    return text(visit.form, "lam") == "dung"


def _saved(visit: Visit, reading_id: int, here: str) -> Response:
    """To the next page that has something to be looked at, the duties last; only saved: to the same page."""
    desk = open_desk(visit, reading_id)
    if not _all_right(visit):
        return visit.go(f"{desk.base}/{here}", _("Đã lưu."))
    other = {"van-ban": "co-quan", "co-quan": "van-ban"}[here]
    following = next((page for page in (here, other) if desk.wanting_on[page]), "")
    return visit.go(f"{desk.base}/{following}".rstrip("/"), _("Đã lưu."))


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
        relations=GROUP_RELATIONS,
        error=error,
    )


@router.post(ONE + "/co-quan")
def save_bodies(reading_id: int, visit: Visit = needs(Right.PLAN, "reading_id")) -> Response:
    """Whom the names stand for. Fields carry the place of the name on the page; names that came since have none."""
    desk = open_desk(visit, reading_id)
    try:
        with visit.writing() as connection:
            for place, group in enumerate(desk.content.groups):
                _save_group(connection, desk, place, group)
            for place, body in enumerate(desk.content.bodies):
                _save_body(connection, desk, place, body)
    except RegisterError as error:
        return _bodies(visit, open_desk(visit, reading_id), str(error))
    return _saved(visit, reading_id, "co-quan")


def _save_body(connection: Connection, desk: Desk, place: int, body: BodyName) -> None:
    form, at, how = desk.visit.form, desk.reading.id, by(desk.visit, seen(desk.visit.form))
    if text(form, f"chon-{place}") == NOBODY:
        readings.drop_name(connection, at, "body", body.name, **how)
        return
    chosen = _chosen(form, desk, place, body)
    if chosen is None:
        return
    agency, new = chosen
    called = text(form, f"ten-{place}") if new else ""
    if (agency, new) != (body.agency, body.is_new) or (new and (called or body.name) != (body.called or body.name)):
        review.choose_body(connection, at, body.name, agency, new=new, called=called, **how)
    elif not body.looked and (new or _seen_too(desk, f"body-{place}") or str(place) in texts(form, "da-xem")):
        readings.look(connection, at, "body", body.name, **how)


def _seen_too(desk: Desk, where: str) -> bool:
    """Whether it lay open before the eyes of whoever said that all is right."""
    return _all_right(desk.visit) and where in desk.attention


def _save_group(connection: Connection, desk: Desk, place: int, group: GroupName) -> None:
    """Who stands behind a collective name, and how these bodies stand to the lead unit. Raises BadInput."""
    form, at, how = desk.visit.form, desk.reading.id, by(desk.visit, seen(desk.visit.form))
    where = f"group-{place}"
    if str(place) in texts(form, "bo-khoi"):
        readings.drop_name(connection, at, "group", group.name, **how)
        return
    relation = text(form, f"quan-he-{place}")
    if not relation:
        return
    members = texts(form, f"thanh-vien-{place}")
    typed = (" ".join(words.split()) for words in text(form, f"them-{place}").split(";"))
    members += [_member(desk, words) for words in typed if words]
    if relation != group.relation or set(members) != {member.agency for member in group.chosen}:
        review.set_group_members(connection, at, group.name, members, relation=relation, **how)
    elif not group.looked and group.chosen and (_seen_too(desk, where) or str(place) in texts(form, "da-xem-khoi")):
        readings.look(connection, at, "group", group.name, **how)


def _chosen(form: FormData, desk: Desk, place: int, body: BodyName) -> tuple[str, bool] | None:
    """Which body, and whether it is new; None where nothing was chosen. ``them-moi``: every name that the register does
    not hold and for which nobody was chosen comes in as a new body. Raises BadInput."""
    picked, other = text(form, f"chon-{place}"), text(form, f"khac-{place}")
    if other:
        found = desk.who.names.find(other)
        if found is None:
            raise BadInput(_("Danh mục không có cơ quan “{name}”.").format(name=other[:200]))
        return found.id, False
    if not picked and body.is_new and text(form, "them-moi") and f"body-{place}" in desk.attention:
        picked = NEW
    if picked != NEW:
        return (picked, False) if picked else None
    slug = text(form, f"ma-{place}") or (body.agency or "").rpartition(".")[2]
    if not _SLUG.fullmatch(slug):
        raise BadInput(_("Mã cơ quan mới chỉ gồm chữ thường không dấu, số và dấu gạch nối, ví dụ so-tai-chinh."))
    return f"{desk.who.names.unit}.{slug}", True


def _member(desk: Desk, words: str) -> str:
    found = desk.who.names.find(words)
    if found is None:
        raise BadInput(_("Danh mục không có cơ quan “{name}”.").format(name=words[:200]))
    return found.id
