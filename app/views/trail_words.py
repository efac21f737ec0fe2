"""What a row of the trail says in plain words, also where it is about plans, settings, people or sending."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.relay.handled import told_text
from app.views import contact_words, trail_readings, week_words
from notifications.fate import message_status
from people.rights import Role, role_name
from plans.text import N_, _, day_text
from tasks import figure_words, letter_words
from tasks.history import event_text
from tasks.lifecycle import Move

Data = Mapping[str, Any]


class Group(StrEnum):
    """What rows can be asked for by."""

    PAPERS = "van-ban"
    DEADLINES = "thoi-han"
    MISSES = "qua-han"
    PRESSING = "nhac"
    PLANS = "ke-hoach"
    OFFICE = "thiet-lap"


@dataclass(frozen=True, slots=True)
class _Kinds:
    title: str
    kinds: tuple[str, ...]


_GROUPS = {
    Group.PAPERS: _Kinds(
        N_("Văn bản, đối chiếu"),
        (Move.RECORD, Move.CLAIM, Move.ACCEPT, Move.RETURN, Move.CORRECT, Move.UNDO, "file", "file_removed", "request",
         "request_settled", *figure_words.KINDS),
    ),
    Group.DEADLINES: _Kinds(
        N_("Thời hạn, miễn, chuyển"),
        (Move.EXTEND, Move.PROMISE, Move.WAIVE, Move.TRANSFER, Move.TAKE_BACK, Move.REOPEN, Move.CANCEL, Move.RESUME,
         "revised"),
    ),
    Group.MISSES: _Kinds(N_("Ghi nhận quá hạn, chốt sổ"), ("missed", "miss_withdrawn", *week_words.CLOSED)),
    Group.PRESSING: _Kinds(
        N_("Nhắc, gọi, chỉ đạo, gửi"),
        ("press", "call", Move.HOLD, "agreed", "direction", "message_resent", "message_settled", "sending_held",
         "sending_resumed", "channel_tested", "relay_receipts", *letter_words.KINDS, *week_words.KINDS,
         *contact_words.SENDING, *contact_words.ANSWERS),
    ),
    Group.PLANS: _Kinds(
        N_("Kế hoạch, cơ quan"),
        ("plan_added", "plan_replaced", "plan_revised", "activated", "restarted", "start_corrected", "stopped",
         "lead_changed", "lead_planned", "lead_withdrawn", "agency_added", "agency_renamed", "agency_end",
         "contact_added",
         "contact_removed", *contact_words.PEOPLE, *trail_readings.KINDS),
    ),
    Group.OFFICE: _Kinds(
        N_("Thiết lập, tài khoản"),
        ("setting", "calendar", "clock_confirmed", "restored", "account_created", "account_opened", "account_closed",
         "post_given", "post_ended", "password_reset", "password_changed", "sessions_ended", "signed_in",
         "token_created", "token_revoked", "link_revoked"),
    ),
}  # fmt: skip


def group_title(group: Group) -> str:
    return _(_GROUPS[group].title)


def kinds_of(group: Group) -> tuple[str, ...]:
    return tuple(str(kind) for kind in _GROUPS[group].kinds)


def row_text(kind: str, data: Data) -> str:
    """What happened. A row that cannot be read as expected stands there with its bare kind: it is never left out."""
    told = _TOLD.get(kind) or trail_readings.TOLD.get(kind) or week_words.TOLD.get(kind)
    told = told or contact_words.TOLD.get(kind)
    try:
        return told(data) if told else event_text(kind, data)
    except (KeyError, TypeError, ValueError, AttributeError):
        return kind


def _day(value: object) -> str:
    return day_text(date.fromisoformat(str(value)[:10])) if value else "–"


def _noted(text: str, note: object) -> str:
    return f"{text}: {note}" if note else text


def _calendar(data: Data) -> str:
    if data.get("working") is None:
        return _noted(_("Lịch làm việc: bỏ ngày riêng {day}").format(day=_day(data["day"])), data.get("name"))
    text = _("Lịch làm việc: ngày {day} đi làm") if data["working"] else _("Lịch làm việc: ngày {day} được nghỉ")
    return _noted(text.format(day=_day(data["day"])), data.get("name"))


def _end(data: Data) -> str:
    if data.get("is"):
        return _("Cơ quan kết thúc hoạt động ngày {day}").format(day=_day(data["is"]))
    return _("Bỏ ngày kết thúc hoạt động {day} của cơ quan").format(day=_day(data.get("was")))


def _renamed(data: Data) -> str:
    if not data.get("since"):
        return _("Sửa tên cơ quan viết sai: {was} → {now}").format(was=data["was"], now=data["is"])
    said = _("Cơ quan đổi tên từ ngày {day}: {was} → {now}")
    text = said.format(day=_day(data["since"]), was=data["was"], now=data["is"])
    return f"{text} ({data['document']})" if data.get("document") else text


def _lead(text: str) -> Callable[[Data], str]:
    return lambda d: _(text).format(
        was=d["was_name"], now=d["is_name"], day=_day(d["since"]), document=d.get("document", "")
    )


def _setting(data: Data) -> str:
    """The value itself stays out: it may be long; the page of settings shows it."""
    if data.get("value") is None:
        return _("Thiết lập {name}: trở lại mặc định").format(name=data.get("name", ""))
    return _("Đổi thiết lập {name}").format(name=data.get("name", ""))


def _post(text: str) -> Callable[[Data], str]:
    return lambda d: _(text).format(login=d["login"], role=role_name(Role(d["role"])))


def _login(text: str) -> Callable[[Data], str]:
    return lambda d: _(text).format(login=d.get("login", ""))


def _settled(data: Data) -> str:
    text = _("Xác nhận thông báo số {id} tới {person} không đến")
    if data["sent"]:
        text = _("Xác nhận thông báo số {id} tới {person} đã đến")
    return text.format(id=data["message"], person=data["person"])


def _tested(data: Data) -> str:
    text = _("Gửi thử tới {person}").format(person=data["person"])
    if data["outcome"] in ("sent", "relayed"):
        return f"{text}: {message_status(data['outcome'])}"
    return f"{text}: {data.get('detail') or data['outcome']}"


_TOLD: dict[str, Callable[[Data], str]] = {
    Move.UNDO: lambda d: _("Bỏ ghi nhận văn bản số {number}: ghi nhầm kỳ").format(number=d["was"].get("number") or "–"),
    Move.RESUME: lambda d: _("Theo dõi lại"),
    "plan_added": lambda d: _("Nạp kế hoạch"),
    "plan_replaced": lambda d: _("Thay nội dung kế hoạch chưa theo dõi"),
    "plan_revised": lambda d: _("Sửa nội dung kế hoạch đang theo dõi"),
    "activated": lambda d: _("Bắt đầu theo dõi kế hoạch từ ngày {day}").format(day=_day(d.get("from"))),
    "restarted": lambda d: _("Theo dõi lại kế hoạch từ ngày {day}").format(day=_day(d.get("from"))),
    "start_corrected": lambda d: _("Sửa ngày bắt đầu theo dõi từ {was} thành {now}").format(
        was=_day(d.get("was")), now=_day(d.get("is"))
    ),
    "stopped": lambda d: _noted(_("Dừng theo dõi kế hoạch"), d.get("reason")),
    "lead_changed": _lead(N_("Thay đơn vị theo dõi: {was} → {now} từ ngày {day}, căn cứ {document}")),
    "lead_planned": _lead(N_("Định ngày thay đơn vị theo dõi: {was} → {now} từ ngày {day}, căn cứ {document}")),
    "lead_withdrawn": _lead(N_("Hủy việc thay đơn vị theo dõi: {was} → {now} từ ngày {day}")),
    "setting": _setting,
    "calendar": _calendar,
    "agency_added": lambda d: _("Thêm cơ quan {name}").format(name=d.get("name", "")),
    "agency_renamed": _renamed,
    "agency_end": _end,
    "contact_added": lambda d: _("Thêm địa chỉ của {name}").format(name=d.get("name", "")),
    "contact_removed": lambda d: _("Bỏ địa chỉ của {name}").format(name=d.get("name", "")),
    "message_resent": lambda d: _("Cho gửi lại thông báo số {id} tới {person}: {subject}").format(
        id=d["message"], person=d["person"], subject=d["subject"]
    ),
    "message_settled": _settled,
    "channel_tested": _tested,
    "relay_receipts": lambda d: _("Đọc biên nhận mang về: {said}").format(
        said=", ".join(f"{told_text(what)} {number}" for what, number in d.items())
    ),
    "link_revoked": lambda d: _("Thu hồi liên kết trả lời của một thông báo"),
    "feed_created": lambda d: _("Tạo địa chỉ đăng ký lịch “{name}”").format(name=d.get("name", "")),
    "feed_revoked": lambda d: _("Thu hồi địa chỉ đăng ký lịch “{name}”").format(name=d.get("name", "")),
    "token_created": lambda d: _("Tạo mã truy cập API “{name}”").format(name=d.get("name", "")),
    "token_revoked": lambda d: _("Thu hồi mã truy cập API “{name}”").format(name=d.get("name", "")),
    "sending_held": lambda d: _("Tạm dừng mọi việc gửi"),
    "sending_resumed": lambda d: _("Cho gửi trở lại"),
    "clock_confirmed": lambda d: _("Xác nhận ngày giờ của máy là đúng"),
    "restored": lambda d: _("Khôi phục sổ từ bản sao lưu {file}").format(file=str(d["file"]).rpartition("/")[2]),
    "account_created": _login(N_("Lập tài khoản {login}")),
    "account_opened": _login(N_("Mở lại tài khoản {login}")),
    "account_closed": _login(N_("Khóa tài khoản {login}")),
    "password_reset": _login(N_("Đặt lại mật khẩu của {login}")),
    "password_changed": _login(N_("{login} đổi mật khẩu")),
    "sessions_ended": _login(N_("Kết thúc các phiên làm việc của {login}")),
    "signed_in": _login(N_("{login} đăng nhập")),
    "post_given": _post(N_("Giao vai trò {role} cho {login}")),
    "post_ended": _post(N_("Kết thúc vai trò {role} của {login}")),
}  # fmt: skip
