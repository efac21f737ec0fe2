"""How the letters of a lead unit begin and who signs them: typed by the unit, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from plans.text import _
from tasks.errors import BadInput
from tasks.letter_model import LetterheadMissing
from tasks.office import choose
from tasks.tables import agency, setting

SETTING = "letterhead"
LONGEST = 200  # characters of one field
AUTHORITIES = ("TM.", "KT.", "TL.", "TUQ.")  # quyền hạn của người ký, Nghị định 30/2020/NĐ-CP, Điều 13


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The fields of the head and the foot of a letter. ``behalf``: "KT. Giám đốc", several joined by semicolons."""

    issuer: str = ""  # as printed in the head: "Công an tỉnh"
    named: str = ""  # in running text: "Công an tỉnh Mẫu"
    short: str = ""  # in symbols: "CAT"
    unit: str = ""  # the drafting unit in symbols: "PC10"
    place: str = ""
    title: str = ""  # of who signs: "Phó Giám đốc"
    signer: str = ""
    behalf: str = ""
    superior: str = ""  # to whom the office reports
    contact: str = ""
    parent: str = ""  # the body above the issuer in the head: "Bộ Công an"


NEEDED = ("issuer", "named", "short", "place", "title", "superior")
NAMES = tuple(field.name for field in fields(Letterhead))


def field_text(name: str) -> str:
    """What a field is called on the screen."""
    return {
        "parent": _("Cơ quan chủ quản"),
        "issuer": _("Cơ quan ban hành"),
        "named": _("Tên đầy đủ trong lời văn"),
        "short": _("Viết tắt trong ký hiệu"),
        "unit": _("Đơn vị soạn thảo trong ký hiệu"),
        "place": _("Địa danh"),
        "title": _("Chức vụ người ký"),
        "signer": _("Họ tên người ký"),
        "behalf": _("Quyền hạn ký"),
        "superior": _("Cơ quan nhận báo cáo"),
        "contact": _("Liên hệ ghi trong công văn"),
    }[name]


def letterhead_of(connection: Connection, lead: str) -> Letterhead:
    """As the unit typed it. Raises LetterheadMissing, which names what is still empty."""
    found = typed_letterhead(connection, lead)
    missing = tuple(field_text(name) for name in NEEDED if found is not None and not getattr(found, name))
    if found is None or missing:
        name = connection.execute(select(agency.c.name).where(agency.c.id == lead)).scalar_one_or_none()
        raise LetterheadMissing(lead, name or lead, missing)
    return found


def typed_letterhead(connection: Connection, lead: str) -> Letterhead | None:
    """The same where nobody asks whether it is complete; None where nothing was typed."""
    mine = (setting.c.scope == lead) & (setting.c.name == SETTING)
    value = connection.execute(select(setting.c.value).where(mine)).scalar_one_or_none()
    return Letterhead(**{name: str(value.get(name, "")) for name in NAMES}) if isinstance(value, dict) else None


def choose_letterhead(connection: Connection, lead: str, typed: Letterhead, *, now: datetime, actor: str) -> None:
    """Stores it; with all fields empty there is none any more. Raises BadInput."""
    value = document_of(typed)
    empty = not any(value.values())
    choose(connection, lead, SETTING, None if empty else value, now=now, actor=actor)


def document_of(typed: Letterhead) -> dict[str, Any]:
    """The stored form. Raises BadInput, naming the field."""
    value = {name: " ".join(text.split()) for name, text in asdict(typed).items()}
    for name, text in value.items():
        if len(text) > LONGEST:
            raise BadInput(_("{label}: dài quá {n} ký tự.").format(label=field_text(name), n=LONGEST))
    for name in ("short", "unit"):
        if any(char.isspace() or char == "/" for char in value[name]):
            said = _("{label}: viết liền, không có dấu cách và dấu gạch chéo, ví dụ CAT, PC10.")
            raise BadInput(said.format(label=field_text(name)))
    behalf_of(value["behalf"])
    missing = [field_text(name) for name in NEEDED if any(value.values()) and not value[name]]
    if missing:
        raise BadInput(_("Còn thiếu: {names}.").format(names=", ".join(missing)))
    return value


def behalf_of(text: str) -> tuple[tuple[str, str], ...]:
    """``TM. Ủy ban nhân dân; KT. Chủ tịch`` as pairs. Raises BadInput where a part begins otherwise."""
    pairs = []
    for part in filter(None, (each.strip() for each in text.split(";"))):
        authority, _blank, whose = part.partition(" ")
        if authority.upper() not in AUTHORITIES or not whose.strip():
            said = _(
                "Quyền hạn ký viết như “KT. Giám đốc” hoặc “TM. Ủy ban nhân dân; KT. Chủ tịch”; nhận được “{text}”."
            )
            raise BadInput(said.format(text=part))
        pairs.append((authority.upper(), whose.strip()))
    return tuple(pairs)


def from_words(words: Mapping[str, str], base: Letterhead | None = None) -> Letterhead:
    """What is named replaces what stood there. Raises BadInput for a field that there is not."""
    unknown = sorted(set(words) - set(NAMES))
    if unknown:
        said = _("Không có mục {name}. Các mục: {known}.")
        raise BadInput(said.format(name=", ".join(unknown), known=", ".join(NAMES)))
    return Letterhead(**{**asdict(base or Letterhead()), **words})
