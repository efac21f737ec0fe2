"""What the trail says of the heads' weekly pages and of closed months."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from plans.text import N_, _

Data = Mapping[str, Any]
KINDS = ("week_frozen", "week_edited", "week_looked", "week_sent")
CLOSED = ("month_closed",)


def _week(text: str) -> Callable[[Data], str]:
    return lambda d: _(text).format(week=f"{d['week'] % 100:02d}/{d['week'] // 100}")


def _edited(data: Data) -> str:
    text = _week(N_("Sửa trang tuần {week}"))(data)
    left = "; ".join(str(why) for why in (data.get("left_out") or {}).values())
    return _("{text}; để lại: {why}").format(text=text, why=left) if left else text


def _sent(data: Data) -> str:
    if data.get("looked"):
        return _week(N_("Gửi lãnh đạo trang tuần {week}"))(data)
    return _week(N_("Gửi lãnh đạo trang tuần {week}, cán bộ theo dõi chưa xem lại"))(data)


def _closed(data: Data) -> str:
    text = _("Chốt sổ tháng {month}: {n} kỳ đến hạn; SHA-256 của bản in {hash}…")
    month = f"{data['month'] % 100:02d}/{data['month'] // 100}"
    return text.format(month=month, n=data["due"], hash=str(data["hash"])[:16])


TOLD: dict[str, Callable[[Data], str]] = {
    "week_frozen": _week(N_("Chốt số liệu trang tuần {week}")),
    "week_edited": _edited,
    "week_looked": _week(N_("Xem lại trang tuần {week} trước khi gửi lãnh đạo")),
    "week_sent": _sent,
    "month_closed": _closed,
}
