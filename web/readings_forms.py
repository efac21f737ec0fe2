"""What the forms of a review carry: the revision that the page has shown, ticked proposals, names that were typed."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData

from plans.text import _
from tasks.errors import BadInput
from tasks.reading_model import Named
from web.errors import NotFound
from web.forms import text, texts
from web.readings_desk import Desk, item_of
from web.visit import Visit

LONGEST_NAME = 400


def seen(form: FormData) -> int:
    """The revision that the page has shown."""
    typed = text(form, "lan")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else -1


def by(visit: Visit, revision: int) -> dict[str, Any]:
    """Who makes a move, when, and what the page has shown."""
    return {"seen": revision, "now": visit.now, "actor": visit.actor}


def typed_bodies(desk: Desk, typed: str) -> list[Named]:
    """Names that are divided by semicolons."""
    words = (" ".join(each.split())[:LONGEST_NAME] for each in typed.split(";"))
    return [desk.who.named(each) for each in words if each]


def ticked(visit: Visit, desk: Desk) -> list[int]:
    """The numbers of proposals. Raises BadInput where nothing is, NotFound for what the page cannot have shown."""
    typed = texts(visit.form, "viec")
    if not typed:
        raise BadInput(_("Chưa chọn đề xuất nào."))
    if not all(each.isascii() and each.isdecimal() and len(each) < 9 for each in typed):
        raise NotFound
    return [item_of(desk, int(each)).id for each in dict.fromkeys(typed)]
