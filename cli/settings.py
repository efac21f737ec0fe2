"""``dondoc setting``: how the office reads deadlines, its ladder, its name as sender."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

import click
from sqlalchemy import select

from cli import letterhead, output
from cli.calendar import say_recomputed
from cli.commands import group
from cli.params import formats
from cli.session import session
from plans.model import BeforeReading, Ladder, WeekendReading
from plans.text import _
from tasks.agencies import find_agency, load_register
from tasks.errors import BadInput
from tasks.letter_head import SETTING as LETTERHEAD
from tasks.materialise import recompute
from tasks.model import Cause
from tasks.office import choose, ladder_document, ladder_from, office_of
from tasks.tables import plan as plan_table

_NAMES = ("before", "weekend", "review", "agency_side", "sender", "ladder", "letterhead")
_LISTS = ("before", "overdue", "head")
_MOVES_DEADLINES = frozenset({"before", "weekend", "ladder"})
_MOST_DAYS = 366

lead_option = click.option(
    "--lead", metavar=_("CƠ-QUAN"), help=_("Đơn vị theo dõi; không nêu thì dùng cho mọi đơn vị.")
)


@group(
    _("Lựa chọn của đơn vị: cách hiểu hạn, lịch nhắc, xem văn bản trước khi chấp nhận, tên người gửi."),
    "dondoc setting show",
    "dondoc setting set before day_before --lead son-la.cong-an-tinh",
    "dondoc setting set ladder before=7,1 overdue=2,5 head=5,10",
    'dondoc setting set letterhead place="Sơn La" signer="…" --lead son-la.cong-an-tinh',
)
def setting_command() -> None:
    """Only holds its subcommands."""


@setting_command.command("show", help=_("Các lựa chọn đang dùng."), options_metavar=_("[TÙY-CHỌN]"))
@lead_option
@formats("table", "json")
def show_settings_command(lead: str | None, form: str) -> None:
    with session() as opened, opened.reading() as connection:
        register = load_register(connection)
        leads = {row.lead for row in connection.execute(select(plan_table.c.lead))}
        scopes = [find_agency(register, lead).id] if lead else ["", *sorted(leads)]
        offices = {scope: office_of(connection, scope) for scope in scopes}
        heads = {scope: letterhead.stored(connection, scope) for scope in scopes}
    documents = [
        {
            "lead": scope,
            "before": office.reading.before,
            "weekend": office.reading.weekend,
            "review": office.review,
            "agency_side": office.agency_side,
            "sender": office.sender,
            "ladder": ladder_document(office.ladder) if office.ladder else None,
            "letterhead": heads[scope],
        }
        for scope, office in offices.items()
    ]
    if form == "json":
        output.write_json(documents)
        return
    for document in documents:
        output.heading(str(document["lead"]) or _("Chung cho mọi đơn vị"))
        for name in _NAMES:
            output.say(f"  {name:<11} {_in_words(name, document[name])}")


def _in_words(name: str, value: Any) -> str:
    match name, value:
        case "before", _value:
            named = _("named_day: nhận đúng ngày X vẫn là đúng hạn")
            return named if value == BeforeReading.NAMED_DAY else _("day_before: phải nhận trước ngày X")
        case "weekend", _value:
            rolls = _("next_working_day: hạn vào ngày nghỉ thì tính đến ngày làm việc tiếp theo")
            return rolls if value == WeekendReading.NEXT_WORKING_DAY else _("keep: hạn vào ngày nghỉ vẫn giữ nguyên")
        case "review", _value:
            return _("yes: xem rồi mới chấp nhận") if value else _("no: ghi nhận là chấp nhận")
        case "agency_side", _value:
            return _("yes: cơ quan tự trả lời qua liên kết, tài khoản") if value else _("no: cán bộ ghi thay cơ quan")
        case "ladder", dict():
            return " ".join(f"{key}={_ladder_text(part)}" for key, part in value.items())
        case "ladder", _none:
            return _("mặc định")
        case "letterhead", _value:
            return letterhead.in_words(value)
        case _:
            return str(value) if value else _("tên của đơn vị")


def _ladder_text(part: Any) -> str:
    match part:
        case list() | tuple():
            return ",".join(map(str, part)) or "no"
        case bool():
            return "yes" if part else "no"
        case _:
            return "no" if part is None else str(part)


@setting_command.command(
    "set",
    help=_(
        "Đặt một lựa chọn; hạn và lịch nhắc được tính lại ngay.\n\n\b\n"
        "before   named_day | day_before\n"
        "weekend  next_working_day | keep\n"
        "review   yes | no\n"
        "agency_side  yes | no (cơ quan tự trả lời)\n"
        "sender   tên người gửi ghi trên thông báo\n"
        "ladder   before=7,1 due=yes check=1 overdue=2,5 lead=3 head=5,10 (no: bỏ mốc)\n"
        "letterhead  issuer= named= short= unit= place= title= signer= behalf= superior= contact= parent=\n"
        "GIÁ-TRỊ là default: trở lại mặc định."
    ),
    options_metavar=_("[TÙY-CHỌN]"),
)
@click.argument("name", type=click.Choice(_NAMES), metavar=_("TÊN"))
@click.argument("values", metavar=_("GIÁ-TRỊ…"), nargs=-1, required=True)
@lead_option
def set_command(name: str, values: tuple[str, ...], lead: str | None) -> None:
    value = None if values == ("default",) else _READERS[name](values)
    with session() as opened, opened.writing() as connection:
        scope = find_agency(load_register(connection), lead).id if lead else ""
        if name == LETTERHEAD:
            value = letterhead.merged(connection, scope, value)
        choose(connection, scope, name, value, now=opened.now, actor=opened.actor)
        output.say(_("Đã đặt {name}: {value}").format(name=name, value=_in_words(name, _default(name, value))))
        if name in _MOVES_DEADLINES:
            moved = recompute(connection, now=opened.now, cause=Cause.READING, lead=scope or None)
            say_recomputed(connection, opened, moved, Cause.READING)


def _default(name: str, value: Any) -> Any:
    if value is None and name == "before":
        return BeforeReading.NAMED_DAY
    if value is None and name == "weekend":
        return WeekendReading.NEXT_WORKING_DAY
    return value


def _one_of(*options: str) -> Callable[[Sequence[str]], str]:
    def read(values: Sequence[str]) -> str:
        if len(values) != 1 or values[0] not in options:
            raise BadInput(_("Giá trị phải là một trong: {options}.").format(options=", ".join(options)))
        return values[0]

    return read


def _yes_no(values: Sequence[str]) -> bool:
    return _one_of("yes", "no")(values) == "yes"


def _text(values: Sequence[str]) -> str:
    text = " ".join(" ".join(values).split())
    if not text or len(text) > 100:
        raise BadInput(_("Tên người gửi dài từ 1 đến 100 ký tự."))
    return text


def _ladder(values: Sequence[str]) -> dict[str, Any]:
    """``before=7,1 due=yes …``; what is not named keeps its usual value."""
    known = {field.name for field in fields(Ladder)}
    said: dict[str, Any] = {}
    for value in values:
        key, equals, text = value.partition("=")
        if not equals or key not in known:
            raise BadInput(
                _("Không hiểu “{value}”. Các mốc: {known}.").format(value=value, known=", ".join(sorted(known)))
            )
        said[key] = _yes_no([text]) if key == "due" else _days(key, text)
    return ladder_document(ladder_from(said))


def _days(key: str, text: str) -> Any:
    if text == "no":
        return [] if key in _LISTS else None
    numbers = text.split(",")
    if not all(n.isascii() and n.isdigit() and 0 < int(n) <= _MOST_DAYS for n in numbers):
        raise BadInput(_("{key}: viết số ngày, cách nhau bằng dấu phẩy, hoặc no.").format(key=key))
    days = [int(n) for n in numbers]
    if key in _LISTS:
        return sorted(set(days), reverse=key == "before")
    if len(days) > 1:
        raise BadInput(_("{key}: chỉ viết một số ngày, hoặc no.").format(key=key))
    return days[0]


_READERS: dict[str, Callable[[Sequence[str]], Any]] = {
    "before": _one_of(*BeforeReading),
    "weekend": _one_of(*WeekendReading),
    "review": _yes_no,
    "agency_side": _yes_no,
    "sender": _text,
    "ladder": _ladder,
    "letterhead": letterhead.read,
}
