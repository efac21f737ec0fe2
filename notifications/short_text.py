"""What goes by SMS and Zalo: how many duties, the nearest day, a telephone number, and nothing else.

No clause, no title of a report, no name of a body but the receiving one: these messages pass through other people's
hands and lie open on locked screens (D12). One text serves both alphabets: with diacritics it fits one segment of 70
UTF-16 units, without them one of 160 septets (3GPP TS 23.038), so that what is kept is what is sent but for the
diacritics.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from notifications.channels.names import is_short
from notifications.facts import Item, Rendered, Sheet
from notifications.headline import nearest
from notifications.lines import one_line
from notifications.render import render
from notifications.short_limits import UNICODE_SEGMENT, units
from notifications.wording import is_sample
from plans.text import _, _n, day_text, short_day, two_digits

FIELD = 30  # letters of a name in a Zalo template: the smallest kind of parameter
_PHONE = 20
_AFTERTHOUGHT = re.compile(r",| [-–—] ")
_ABBREVIATED = (
    ("Ủy ban nhân dân", "UBND"),
    ("Uỷ ban nhân dân", "UBND"),
    ("Mặt trận Tổ quốc Việt Nam", "MTTQ"),
    ("Mặt trận Tổ quốc", "MTTQ"),
    ("Viện kiểm sát nhân dân", "VKSND"),
    ("Viện Kiểm sát nhân dân", "VKSND"),
    ("Tòa án nhân dân", "TAND"),
    ("Ủy ban ", "UB "),
    ("Uỷ ban ", "UB "),
    ("Công an ", "CA "),
)


def render_for(channel: str, address: str, sheet: Sheet) -> Rendered:
    """The message as it goes by that channel: whole, or as one short line."""
    return short_rendered(sheet) if is_short(channel, address) else render(sheet)


def short_rendered(sheet: Sheet) -> Rendered:
    """The short message of a sheet, in the language in use. ``fields`` are the names of a Zalo template's places:
    ``co_quan``, ``so_viec``, ``han``, ``noi_dung``, ``dien_thoai``."""
    facts = _facts(sheet)
    text = _fitted(facts, mark=_("[MẪU] {text}").format(text="") if is_sample(sheet) else "")
    fields = {
        "co_quan": _field_name(facts.body),
        "so_viec": two_digits(facts.count),
        "han": day_text(facts.day) if facts.day else _("không có"),
        "noi_dung": facts.says,
        "dien_thoai": facts.phone or _("không có"),
    }
    kept = json.dumps(fields, ensure_ascii=False)
    return Rendered(subject=text, text=text + "\n", html=f"<p>{html.escape(text)}</p>\n", fields=kept)


def trial_rendered(now_text: str, today: date) -> Rendered:
    """A short test message that speaks of no duty."""
    text = _("Tin thử của dondoc lúc {time}. Không cần trả lời.").format(time=now_text)
    fields = {
        "co_quan": _("Tin thử"),
        "so_viec": two_digits(0),
        "han": day_text(today),
        "noi_dung": _("tin thử, không cần trả lời"),
        "dien_thoai": _("không có"),
    }
    return Rendered(text, text + "\n", f"<p>{html.escape(text)}</p>\n", json.dumps(fields, ensure_ascii=False))


@dataclass(frozen=True, slots=True)
class _Facts:
    body: str
    count: int
    day: date | None
    says: str  # "03 việc, hạn gần nhất 09/12"
    phone: str | None


def _facts(sheet: Sheet) -> _Facts:
    items = _items(sheet)
    day = nearest(items, today=sheet.today) if items else None
    count = sum(len(part.rows) for part in sheet.page.parts) if sheet.page else len(items) or len(sheet.month_lines)
    return _Facts(one_line(sheet.agency_name), count, day, _says(sheet, count, day), _phone(sheet.desk.phone))


def _items(sheet: Sheet) -> Sequence[Item]:
    """Everything the message lists, each occurrence once."""
    week = (*sheet.week.overdue, *sheet.week.due, *sheet.week.review) if sheet.week else ()
    every = (*sheet.mine, *sheet.check, *sheet.lead, *sheet.review, *sheet.direction, *week)
    return tuple({item.occurrence_id: item for item in every}.values())


def _says(sheet: Sheet, count: int, day: date | None) -> str:
    n = two_digits(count)
    if sheet.kind == "month" and sheet.month is not None:
        return _n("tháng {month}: {n} việc chậm hoặc chưa nhận", count).format(month=f"{sheet.month:%m/%Y}", n=n)
    if sheet.page:
        return _n("trang tuần: {n} mục", count).format(n=n)
    if day is None:
        return _n("{n} việc", count).format(n=n)
    return _by_kind(sheet, count, day >= sheet.today).format(n=n, day=short_day(day))


def _by_kind(sheet: Sheet, count: int, ahead: bool) -> str:
    """What the numbers are about; no body is told off here, since the full message does that with its grounds."""
    match sheet.kind:
        case "assigned":
            return _n("{n} việc mới, hạn gần nhất {day}", count)
        case "returned":
            return _n("{n} việc cần gửi lại, hạn {day}", count)
        case "extended":
            return _n("{n} việc, hạn mới {day}", count)
        case "correction":
            return _n("đính chính {n} việc, hạn {day}", count)
        case "week":
            return _n("báo cáo tuần: {n} việc, hạn gần nhất {day}", count)
        case _ if ahead:
            return _n("{n} việc, hạn gần nhất {day}", count)
        case _:
            return _n("{n} việc, hạn {day} đã qua", count)


def _fitted(facts: _Facts, *, mark: str) -> str:
    """One segment: the number to call and the count matter more than the name, which the reader knows."""
    end = _(". ĐT {phone}").format(phone=facts.phone) if facts.phone else "."
    room = UNICODE_SEGMENT - units(mark + facts.says + end) - 2
    name = _short_name(facts.body, room)
    if name:
        return f"{mark}{name}: {facts.says}{end}"
    whole = f"{mark}{facts.says[:1].upper()}{facts.says[1:]}{end}"
    return (
        whole
        if units(whole) <= UNICODE_SEGMENT
        else f"{mark}{facts.says[:1].upper()}{facts.says[1:]}."[:UNICODE_SEGMENT]
    )


def _short_name(name: str, room: int) -> str:
    """The name in full, with the usual abbreviations, or up to its first comma or dash; nothing where none of these
    fits, because half a name may be that of another body."""
    short = name
    for full, usual in _ABBREVIATED:
        short = short.replace(full, usual)
    head = _AFTERTHOUGHT.split(short, maxsplit=1)[0]
    return next((each for each in (name, short, head) if units(each) <= room), "")


def _field_name(name: str) -> str:
    """As above, for a place that must not stay empty: its last words go."""
    if short := _short_name(name, FIELD):
        return short
    words = name.split()
    while len(words) > 1 and units(" ".join(words)) > FIELD:
        words.pop()
    return " ".join(words)[:FIELD] or _("quý cơ quan")


def _phone(phone: str | None) -> str | None:
    """As the office writes it; what would not fit is cut before the first bracket, or left out."""
    said = one_line(phone or "").partition("(")[0].strip(" ,;-")
    return said if 0 < units(said) <= _PHONE else None
