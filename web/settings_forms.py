"""The forms of the settings: what was chosen, as the register stores it."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData

from plans.model import BeforeReading, Ladder, WeekendReading
from plans.text import _
from tasks.errors import BadInput
from tasks.letter_head import NAMES, NEEDED, Letterhead, field_text
from tasks.office import ladder_document
from web.forms import short, text

_MOST_DAYS = 366
_MOST_RUNGS = 6


def reading(form: FormData) -> dict[str, str | None]:
    """How deadlines are read; None: as the level above does. Raises BadInput."""
    return {
        "before": _one_of(text(form, "before"), tuple(BeforeReading)),
        "weekend": _one_of(text(form, "weekend"), tuple(WeekendReading)),
    }


def sender(form: FormData) -> str | None:
    return short(form, "sender", _("Tên người gửi"), most=100) or None


def letterhead(form: FormData) -> Letterhead:
    """How letters begin and who signs. Raises BadInput, naming the field."""
    return Letterhead(**{name: short(form, f"head_{name}", field_text(name)) for name in NAMES})


def letterhead_fields() -> list[tuple[str, str, str, bool]]:
    """Name, label, example and whether it is needed, in the order of the page."""
    examples = {
        "parent": _("Bộ Công an; bỏ trống nếu không ghi"),
        "issuer": _("Công an tỉnh"),
        "named": _("Công an tỉnh Sơn La"),
        "short": "CAT",
        "unit": "PC10",
        "place": _("Sơn La"),
        "behalf": _("KT. Giám đốc"),
        "title": _("Phó Giám đốc"),
        "signer": _("để trống thì chừa chỗ"),
        "superior": _("UBND tỉnh Sơn La"),
        "contact": _("Phòng PC10, điện thoại …"),
    }
    return [(name, field_text(name), example, name in NEEDED) for name, example in examples.items()]


def yes_or_no(form: FormData, name: str) -> bool | None:
    """None: as the level above has it."""
    return {"yes": True, "no": False}.get(text(form, name))


def ladder(form: FormData) -> dict[str, Any]:
    """The rungs; an empty field switches its rung off. Raises BadInput, naming the field."""
    return ladder_document(
        Ladder(
            before=tuple(sorted(_days(form, "before", _("Trước hạn")), reverse=True)),
            due=bool(text(form, "due")),
            check=_day(form, "check", _("Cán bộ kiểm tra")),
            overdue=tuple(_days(form, "overdue", _("Nhắc quá hạn"))),
            lead=_day(form, "lead", _("Báo đơn vị")),
            head=tuple(_days(form, "head", _("Xin ý kiến lãnh đạo"))),
        )
    )


def _days(form: FormData, name: str, label: str) -> list[int]:
    parts = text(form, name).replace(";", ",").replace(",", " ").split()
    good = all(part.isascii() and part.isdigit() and len(part) < 4 and 0 < int(part) <= _MOST_DAYS for part in parts)
    if not good or len(parts) > _MOST_RUNGS:
        said = _(
            "{label}: viết số ngày từ 1 đến {most}, cách nhau bằng dấu phẩy, tối đa {n} mốc; bỏ trống: không nhắc."
        )
        raise BadInput(said.format(label=label, most=_MOST_DAYS, n=_MOST_RUNGS))
    return sorted({int(part) for part in parts})


def _day(form: FormData, name: str, label: str) -> int | None:
    found = _days(form, name, label)
    if len(found) > 1:
        raise BadInput(_("{label}: chỉ viết một số ngày.").format(label=label))
    return found[0] if found else None


def _one_of(chosen: str, options: tuple[str, ...]) -> str | None:
    if chosen and chosen not in options:
        raise BadInput(_("Chọn một trong các cách đã liệt kê."))
    return chosen or None
