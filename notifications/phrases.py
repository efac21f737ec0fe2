"""The small parts of a message: how a thing to be sent, a day, a count or a remark is put into words."""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from functools import lru_cache

from notifications.facts import Destination, Item
from plans.model import RecipientRole, Relation
from plans.text import _, _n, day_text, fold, two_digits, weekday_text
from tasks.model import OWED, State

_DOCUMENTS = (
    "bao cao",
    "ke hoach",
    "danh sach",
    "van ban",
    "cong van",
    "to trinh",
    "chuong trinh",
    "phuong an",
    "de an",
    "bieu",
)


class Situation(IntEnum):
    """Where an item stands on the day of sending; the higher, the more urgent."""

    SETTLED = 0  # nothing is asked of anybody any more
    CLAIMED = 1  # the body says it has sent it
    REMINDER = 2
    LAST_WORKING_DAY = 3  # today, because the deadline itself is a day off
    TODAY = 4
    PASSED = 5  # the strict last day is over, the office still counts it as on time
    OVERDUE = 6


def situation_of(item: Item, *, today: date) -> Situation:
    """Where the item stands today."""
    if item.state not in OWED:
        return Situation.SETTLED
    if item.state is State.CLAIMED:
        return Situation.CLAIMED
    if item.overdue:
        return Situation.OVERDUE
    left = (deadline(item) - today).days
    if left < 0:
        return Situation.PASSED
    if left == 0:
        return Situation.TODAY
    return Situation.LAST_WORKING_DAY if item.last_working_day else Situation.REMINDER


def deadline(item: Item) -> date:
    """The one "gửi chậm nhất" day that an agency sees: never ``late_after`` (D4)."""
    return item.resend_by if item.state is State.RETURNED and item.resend_by else item.last_day


def days_over(item: Item, *, today: date) -> int:
    """Days late as the body is told: after a return only those since the resend day."""
    if item.state is State.RETURNED and item.resend_by:
        return max(0, (today - item.resend_by).days)
    return item.days_late


def is_document(item: Item) -> bool:
    """Whether the title itself names a paper ("Báo cáo năm 2024") or an activity ("Tập huấn …")."""
    return _names_a_paper(item.title, item.product)


@lru_cache(maxsize=4096)  # the items of a morning have few different titles
def _names_a_paper(title: str, product: str | None) -> bool:
    folded = fold(title)
    if folded.startswith(_DOCUMENTS):
        return True
    return product is not None and folded.split()[:1] == fold(product).split()[:1] != []


def thing(item: Item, *, others: int = 0) -> str:
    """What is to be sent, as a part of a sentence: ``Báo cáo năm 2024 (gửi lại) và 02 việc khác``."""
    text = item.title
    if item.relation is not Relation.SELF and not is_document(item):
        text = _("kết quả “{title}”").format(title=text)
    if item.state is State.RETURNED:
        text = _("{report} (gửi lại)").format(report=text)
    if not others:
        return text
    if item.relation is Relation.REQUESTED:
        return _("{report} và {n} nội dung khác").format(report=text, n=two_digits(others))
    return _("{report} và {n} việc khác").format(report=text, n=two_digits(others))


def day_month(day: date) -> str:
    """``15/6``, ``09/12``: a 0 only before days 1-9 and months 1-2 (Nghị định 30/2020/NĐ-CP, Phụ lục I, ô 4)."""
    return f"{day.day:02d}/{day.month:02d}" if day.month < 3 else f"{day.day:02d}/{day.month}"


def weekday_and_day(day: date) -> str:
    """``thứ Bảy 15/6``: the weekday comes from plans.text, the year is left out."""
    return weekday_text(day).removesuffix(day_text(day)) + day_month(day)


def by_when(item: Item) -> str:
    """``trước ngày 10/12/2024`` where the plan says so, else ``chậm nhất thứ Hai 09/12/2024``."""
    last = deadline(item)
    if item.state is not State.RETURNED and item.due > last:
        return _("trước ngày {day}").format(day=day_text(item.due))
    return _("chậm nhất {day}").format(day=weekday_text(last))


def source(item: Item) -> str:
    """``KH kèm QĐ 2316/QĐ-UBND, mục IV.1: “01 năm trước ngày 10/12”``."""
    text = (
        _("{plan}, mục {section}").format(plan=item.plan_short, section=item.section)
        if item.section
        else (item.plan_short)
    )
    return f"{text}: “{item.quote}”" if item.quote else text


def last_day_label(item: Item) -> str:
    """The label in front of the deadline."""
    if item.state is State.RETURNED and item.resend_by:
        return _("Gửi lại trước")
    if item.relation is Relation.SELF or not is_document(item):
        return _("Hoàn thành chậm nhất")
    return _("Đề nghị gửi chậm nhất") if item.relation is Relation.REQUESTED else _("Gửi chậm nhất")


def last_day_text(item: Item, *, today: date | None) -> str:
    """``thứ Hai 09/12/2024 (còn 07 ngày)``; without a day of sending only the date."""
    last = deadline(item)
    day = weekday_text(last)
    if item.state is State.RETURNED and item.resend_by:
        day = _("17h00 {day}").format(day=day)
    standing = _standing(item, today=today) if today else ""
    return f"{day} ({standing})" if standing else day


def _standing(item: Item, *, today: date) -> str:
    asked = item.relation is Relation.REQUESTED
    match situation_of(item, today=today):
        case Situation.OVERDUE | Situation.PASSED if asked:
            return _("đến nay chưa nhận")
        case Situation.OVERDUE:
            late = days_over(item, today=today)
            return _n("quá hạn {n} ngày", late).format(n=two_digits(late))
        case Situation.PASSED:
            return _("đã đến hạn, chưa nhận")
        case Situation.TODAY:
            return _("hôm nay")
        case Situation.LAST_WORKING_DAY:
            return _("hôm nay là ngày làm việc cuối trước hạn")
        case Situation.REMINDER:
            left = (deadline(item) - today).days
            return _n("còn {n} ngày", left).format(n=two_digits(left))
        case _other:
            return ""


def window(item: Item) -> str | None:
    """The data a report covers: ``từ 15/11/2023 đến 14/05/2024``."""
    if item.window_from and item.window_to:
        return _("từ {start} đến {end}").format(start=day_text(item.window_from), end=day_text(item.window_to))
    if item.window_from:
        return _("từ {start}").format(start=day_text(item.window_from))
    return _("đến {end}").format(end=day_text(item.window_to)) if item.window_to else None


def where_to(destinations: tuple[Destination, ...]) -> str | None:
    """``UBND tỉnh; gửi qua Công an tỉnh; đồng gửi Cơ quan …``."""
    found: dict[str, list[str]] = {}
    for place in destinations:
        name = f"{place.name} ({place.detail})" if place.detail else place.name
        found.setdefault(place.role, []).append(name)
    parts = {
        RecipientRole.MAIN: "{names}",
        RecipientRole.VIA: _("gửi qua {names}"),
        RecipientRole.COPY: _("đồng gửi {names}"),
    }
    return "; ".join(text.format(names=", ".join(found[role])) for role, text in parts.items() if role in found) or None


def received(item: Item) -> str | None:
    """``số 12/BC-CAX, nhận ngày 09/12/2024``."""
    parts = []
    if item.number:
        parts.append(_("số {number}").format(number=item.number))
    if item.received_on:
        parts.append(_("nhận ngày {day}").format(day=day_text(item.received_on)))
    return ", ".join(parts) or None


def paper_name(item: Item) -> str:
    """``BC số 12/BC-CAX`` where the number is known, else the title: ``Báo cáo năm 2024``."""
    if not item.number:
        return item.title
    symbol = item.number.partition("/")[2]
    kind = next((kind for kind in ("BC", "KH", "TTr") if symbol.startswith(f"{kind}-")), None)
    return _("{kind} số {number}").format(kind=kind or _("VB"), number=item.number)


def remarks(item: Item) -> list[str]:
    """What happened to the item so far, as the body that owes it is told."""
    told = []
    if item.state is State.RETURNED and item.returned_for:
        ordered = item.relation in (Relation.SUBORDINATE, Relation.SELF)
        text = _("Đã trả lại vì {reason}") if ordered else _("Đề nghị bổ sung vì {reason}")
        told.append(text.format(reason=item.returned_for))
    if item.extended_by:
        texts = {
            Relation.PEER: _("Thời hạn được điều chỉnh theo VB số {document}"),
            Relation.REQUESTED: _("Thời gian gửi thống nhất theo VB số {document}"),
        }
        told.append(texts.get(item.relation, _("Gia hạn theo VB số {document}")).format(document=item.extended_by))
    if item.claimed:
        told.append(_("Đã báo gửi: {paper}; đang đối chiếu").format(paper=item.claimed))
    if item.promised:
        told.append(_("Hẹn gửi {day} (hạn không đổi)").format(day=day_text(item.promised)))
    return told


def office_remarks(item: Item, *, today: date) -> str:
    """How one body stands, as the lead unit's officer and head read it in a list."""
    told = []
    if item.state is State.RECEIVED:
        told.append(received(item) or _("đã nhận"))
    elif item.overdue:
        told.append(_n("quá hạn {n} ngày", item.days_late).format(n=two_digits(item.days_late)))
    elif item.state in OWED:
        told.append(_("chưa nhận"))
    if item.claimed:
        told.append(_("báo đã gửi: {paper}, chờ đối chiếu").format(paper=item.claimed))
    if item.promised:
        told.append(_("hẹn gửi {day}").format(day=day_text(item.promised)))
    if item.state is State.RETURNED and item.resend_by:
        told.append(_("đã trả lại, chờ gửi lại đến {day}").format(day=day_text(item.resend_by)))
    if item.extended_by:
        told.append(
            _("gia hạn đến {day} theo VB số {document}").format(day=day_text(item.last_day), document=item.extended_by)
        )
    if item.held_until and item.held_until >= today:
        told.append(_("tạm dừng nhắc đến {day}").format(day=day_text(item.held_until)))
    if item.needs_successor:
        told.append(_("cần cơ quan kế thừa"))
    return "; ".join(told)


def no_file_text() -> str:
    """Lists of persons never travel by e-mail or into a system (D12)."""
    return _(
        "Danh sách có dữ liệu cá nhân: gửi theo đường văn bản bảo mật thường dùng, không đính kèm thư điện tử, "
        "không tải lên hệ thống; chỉ báo số, ngày văn bản."
    )


def bodies(count: int, total: int | None = None) -> str:
    """``07/30 cơ quan``, or ``07 cơ quan`` where the total is unknown."""
    shown = two_digits(count) if total is None else f"{two_digits(count)}/{two_digits(total)}"
    return _("{n} cơ quan").format(n=shown)


def received_paper(item: Item) -> str:
    """``Báo cáo số 15/BC-STP ngày 09/12/2024``, as far as it is known."""
    name = paper_name(item) if item.number else _("văn bản")
    if item.received_on is None:
        return name
    return _("{paper} ngày {day}").format(paper=name, day=day_text(item.received_on))


def sentence(text: str) -> str:
    """With a capital at the start; the rest stays."""
    return text[:1].upper() + text[1:]
