"""Cài đặt, lời văn: what messages say, where an office says it in its own words."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from app import own_words
from app.own_words import Key
from app.views import settings, texts
from letters.own_texts import LetterKey
from notifications.errors import NotificationsError
from people.rights import Right
from plans.text import _
from web.errors import NotFound
from web.forms import text
from web.guard import needs
from web.navigation import settings_tabs
from web.rendering import path_part
from web.visit import Visit

router = APIRouter()
UNIT = "/cai-dat/don-vi/{unit}/loi-van"
ALL = "/cai-dat/chung/loi-van"


@router.get(UNIT)
def unit_texts_page(unit: str, visit: Visit = needs(Right.UNIT_SETTINGS, "unit")) -> Response:
    return _list(visit, unit)


@router.get(UNIT + "/{text_key}")
def unit_text_page(unit: str, text_key: str, visit: Visit = needs(Right.UNIT_SETTINGS, "unit")) -> Response:
    return _show(visit, unit, _key(text_key))


@router.post(UNIT + "/{text_key}")
def save_unit_text(unit: str, text_key: str, visit: Visit = needs(Right.UNIT_SETTINGS, "unit")) -> Response:
    return _save(visit, unit, _key(text_key))


@router.get(ALL)
def all_texts_page(visit: Visit = needs(Right.SETTINGS)) -> Response:
    return _list(visit, "")


@router.get(ALL + "/{text_key}")
def text_of_all_page(text_key: str, visit: Visit = needs(Right.SETTINGS)) -> Response:
    return _show(visit, "", _key(text_key))


@router.post(ALL + "/{text_key}")
def save_text_of_all(text_key: str, visit: Visit = needs(Right.SETTINGS)) -> Response:
    return _save(visit, "", _key(text_key))


def _key(name: str) -> Key:
    try:
        return own_words.key_of(name)
    except ValueError:
        raise NotFound from None


def _base(scope: str) -> str:
    return f"/cai-dat/don-vi/{path_part(scope)}" if scope else "/cai-dat/chung"


def _list(visit: Visit, scope: str) -> Response:
    with visit.reading() as connection:
        page = settings.office_page(connection, scope)
        groups, sentences = texts.groups(connection, scope), texts.sentences(connection, scope)
    return visit.page(
        "settings_texts.html",
        tabs=settings_tabs(visit),
        unit=page.unit,
        groups=groups,
        sentences=sentences,
        relations=texts.letter_relations(),
        chosen=texts.chosen(groups, sentences),
        base=_base(scope),
    )


def _show(visit: Visit, scope: str, key: Key, *, typed: str | None = None, error: str | None = None) -> Response:
    with visit.reading() as connection:
        unit = settings.office_page(connection, scope).unit
        if isinstance(key, LetterKey):
            page = texts.sentence_page(connection, scope, key, typed)
        else:
            page = texts.text_page(connection, scope, key, typed)
    return visit.page(
        "settings_text.html",
        status=400 if error else 200,
        tabs=settings_tabs(visit),
        unit=unit,
        page=page,
        base=_base(scope),
        error=error,
    )


def _save(visit: Visit, scope: str, key: Key) -> Response:
    typed = text(visit.form, "text")
    match text(visit.form, "do"):
        case "ready":
            with visit.writing() as connection:
                own_words.drop(connection, scope, key, now=visit.now, actor=visit.actor)
            return visit.go(f"{_base(scope)}/loi-van", _("Đã trở lại lời có sẵn."))
        case "look":
            return _look(visit, scope, key, typed)
        case _save_it:
            try:
                with visit.writing() as connection:
                    own_words.save(connection, scope, key, typed, now=visit.now, actor=visit.actor)
            except NotificationsError as error:
                return _show(visit, scope, key, typed=typed, error=str(error))
            return visit.go(f"{_base(scope)}/loi-van", _("Đã lưu. Văn bản soạn từ bây giờ dùng lời này."))


def _look(visit: Visit, scope: str, key: Key, typed: str) -> Response:
    """Only shows what the typed words would make; nothing is kept."""
    try:
        own_words.looked_at(key, typed)
    except NotificationsError as error:
        return _show(visit, scope, key, typed=typed, error=str(error))
    return _show(visit, scope, key, typed=typed)
