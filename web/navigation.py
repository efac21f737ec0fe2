"""The menu: what this person may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from people.rights import Right
from plans.text import N_, _

if TYPE_CHECKING:
    from web.visit import Visit


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: shown to whoever holds one of ``rights``."""

    path: str
    text: str
    icon: str
    rights: tuple[Right, ...]


_MENU = (
    Item("/tong-quan", N_("Tổng quan"), "home", (Right.SEE,)),
    Item("/van-ban-den", N_("Văn bản đến"), "inbox", (Right.SEE,)),
    Item("/cong-van", N_("Công văn"), "letter", (Right.SEE,)),
    Item("/ke-hoach", N_("Kế hoạch"), "plan", (Right.SEE,)),
    Item("/ky", N_("Kỳ"), "list", (Right.SEE,)),
    Item("/co-quan", N_("Cơ quan"), "body", (Right.SEE,)),
    Item("/lich", N_("Lịch"), "calendar", (Right.SEE,)),
    Item("/kiem-tra", N_("Kiểm tra"), "audit", (Right.SEE,)),
    Item("/thong-bao", N_("Thông báo"), "bell", (Right.SEE,)),
    Item("/viec-cua-toi", N_("Việc của cơ quan"), "inbox", (Right.ANSWER,)),
    Item("/he-thong", N_("Hệ thống"), "pulse", (Right.SETTINGS,)),
    Item("/cai-dat", N_("Cài đặt"), "gear", (Right.UNIT_SETTINGS, Right.SETTINGS, Right.USERS)),
)


_SETTINGS = (
    Item("/cai-dat/don-vi", N_("Đơn vị"), "", (Right.UNIT_SETTINGS,)),
    Item("/cai-dat/nguoi-dung", N_("Người dùng"), "", (Right.USERS,)),
    Item("/cai-dat/chung", N_("Mặc định chung"), "", (Right.SETTINGS,)),
    Item("/cai-dat/lich", N_("Lịch làm việc"), "", (Right.SETTINGS,)),
    Item("/cai-dat/kenh-gui", N_("Kênh gửi"), "", (Right.SETTINGS,)),
)


@dataclass(frozen=True, slots=True)
class Entry:
    path: str
    text: str
    icon: str
    here: bool


def navigation(visit: Visit) -> list[Entry]:
    """The entries of this person, the open one marked."""
    return _entries(visit, _MENU)


def settings_tabs(visit: Visit) -> list[Entry]:
    """The parts of the settings that this person may change."""
    return _entries(visit, _SETTINGS)


def _entries(visit: Visit, items: tuple[Item, ...]) -> list[Entry]:
    here = visit.request.url.path
    return [
        Entry(item.path, _(item.text), item.icon, _within(here, item.path))
        for item in items
        if any(visit.may(right) for right in item.rights)
    ]


def _within(here: str, path: str) -> bool:
    return here == path or here.startswith(f"{path}/")
