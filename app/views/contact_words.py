"""What rows of the trail about contacts, absences, channels and "Đã nắm" say in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from notifications.channels.names import channel_word
from plans.text import N_, _, day_text

Data = Mapping[str, Any]


def _day(value: object) -> str:
    return day_text(date.fromisoformat(str(value)[:10])) if value else "–"


def _absence(text: str) -> Callable[[Data], str]:
    return lambda d: _(text).format(
        name=d.get("name", ""), stand_in=d.get("stand_in", ""), since=_day(d["since"]), until=_day(d["until"])
    )


def _moved(data: Data) -> str:
    why = {
        "failed": _("không gửi được"),
        "late": _("chờ quá lâu chưa gửi được"),
        "officer": _("cán bộ theo dõi quyết định"),
    }.get(str(data["why"]), str(data["why"]))
    said = _("Thông báo số {id} tới {person} gửi qua {channel}, thay cho thông báo số {before} ({was}): {why}")
    return said.format(
        id=data["message"],
        person=data["person"],
        channel=channel_word(str(data["channel"])),
        before=data["instead_of"],
        was=channel_word(str(data["was"])),
        why=why,
    )


def _acknowledged(data: Data) -> str:
    way = {
        "link": _("qua liên kết trong thông báo"),
        "account": _("qua tài khoản của cơ quan"),
        "call": _("qua điện thoại, {who}").format(who=data.get("who", "")),
    }.get(str(data["way"]), str(data["way"]))
    return _("Cơ quan báo đã nắm nhiệm vụ: {way}").format(way=way)


def _imported(data: Data) -> str:
    said = _("Nhập danh sách địa chỉ: {added} dòng thêm, {changed} dòng sửa")
    return said.format(added=data["added"], changed=data["changed"])


SENDING: dict[str, Callable[[Data], str]] = {"other_channel": _moved}
ANSWERS: dict[str, Callable[[Data], str]] = {"acknowledged": _acknowledged}
PEOPLE: dict[str, Callable[[Data], str]] = {
    "contact_first": lambda d: _("Đổi cách gửi đầu tiên cho {name}: {channel}").format(
        name=d.get("name", ""), channel=channel_word(str(d.get("channel", "")))
    ),
    "absence_noted": _absence(N_("{name} vắng từ {since} đến hết {until}, người làm thay: {stand_in}")),
    "absence_withdrawn": _absence(N_("Bỏ lần vắng mặt của {name} từ {since} đến hết {until}")),
    "contacts_imported": _imported,
}
TOLD = SENDING | ANSWERS | PEOPLE
