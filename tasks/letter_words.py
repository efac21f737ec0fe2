"""What rows of the trail say about letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from plans.model import Relation
from plans.text import _, day_text
from tasks.letter_model import LetterKind, letter_title

Data = Mapping[str, Any]


def _title(data: Data) -> str:
    said = letter_title(LetterKind(data["letter_kind"]), Relation(data["relation"]), data.get("turn"))
    return said[:1].lower() + said[1:]


def _day(value: object) -> str:
    return day_text(date.fromisoformat(str(value))) if value else "–"


def _named(data: Data) -> str:
    """``Công văn đôn đốc số 41/CAT-PC10 ngày 13/11/2026``; a draft by its title alone."""
    if not data.get("number"):
        return _title(data)
    said = _("{title} số {number} ngày {day}")
    return said.format(title=_title(data), number=data["number"], day=_day(data.get("dated")))


def _numbered(data: Data) -> str:
    was = data.get("was")
    if not was:
        return _("Ban hành {letter}").format(letter=_named(data))
    said = _("Sửa số, ngày đã ghi: {letter}; trước ghi số {number} ngày {day}")
    return said.format(letter=_named(data), number=was["number"], day=_day(was.get("dated")))


def _void(data: Data) -> str:
    said = _("Hủy {letter}: {reason}") if data.get("number") else _("Bỏ dự thảo {letter}: {reason}")
    return said.format(letter=_named(data), reason=data.get("reason", ""))


TOLD: dict[str, Callable[[Data], str]] = {
    "letter_drafted": lambda d: _("Soạn dự thảo {letter}").format(letter=_title(d)),
    "letter_changed": lambda d: _("Sửa dự thảo {letter}").format(letter=_title(d)),
    "letter_numbered": _numbered,
    "letter_sent": lambda d: _("Gửi {letter}, ngày gửi {day}").format(letter=_named(d), day=_day(d.get("on"))),
    "letter_void": _void,
}
KINDS = tuple(TOLD)
