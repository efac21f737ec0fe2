"""Why one occurrence counts as it does, for a reader who was not there: one sentence for each day given or left out.

Pure: from the occurrence, its trail and the working-day calendar.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from plans.calendar import WorkingCalendar, local_day
from plans.text import _, _n, day_text, short_day
from tasks.history import event_text
from tasks.lifecycle import Move
from tasks.model import OWED, Occurrence
from tasks.moves import reason_text

_TOLD_AS_IT_IS = (Move.WAIVE.value, Move.TRANSFER.value, Move.TAKE_BACK.value, Move.CANCEL.value, "revised")


def reasons(
    o: Occurrence, events: Sequence[Row[Any]], calendar: WorkingCalendar, *, former: str | None, today: date
) -> Iterator[str]:
    """The sentences in the order in which things happened. ``former``: the body that handed it over."""
    if former:
        yield _("Kế thừa từ {agency}.").format(agency=former)
    received: date | None = None
    resend_by: date | None = None
    for event in events:
        data = event.data
        match event.kind:
            case Move.EXTEND:
                yield _extended(data)
            case Move.RECORD:
                came = date.fromisoformat(data["received_on"])
                if resend_by is not None:
                    yield _resent(came, resend_by)
                elif (noted := local_day(event.at)) > o.late_after >= came:
                    said = _("Ghi sổ ngày {noted}, tính theo ngày nhận {came}.")
                    yield said.format(noted=day_text(noted), came=day_text(came))
                received, resend_by = came, None
            case Move.CORRECT:
                received = _day(data["is"]["received_on"]) or received
            case Move.UNDO | Move.REOPEN:
                received = None
            case Move.RETURN:
                resend_by = date.fromisoformat(data["resend_by"])
                yield _returned(data, received, local_day(event.at), resend_by)
            case kind if kind in _TOLD_AS_IT_IS:
                yield f"{event_text(event.kind, data)}."
    yield from _not_sent_again(o, resend_by, today)
    yield from _of_the_day(o, calendar)


def _extended(data: Any) -> str:
    text = _("Gia hạn từ {was} đến {now} theo văn bản số {document}.")
    return text.format(
        was=day_text(date.fromisoformat(data["was"]["last_day"])),
        now=day_text(date.fromisoformat(data["is"]["last_day"])),
        document=data.get("document", ""),
    )


def _returned(data: Any, received: date | None, returned: date, resend_by: date) -> str:
    text = _("Trả lại ngày {day} ({reason}), gửi lại chậm nhất {by}.").format(
        day=day_text(returned), reason=reason_text(str(data.get("reason", ""))), by=day_text(resend_by)
    )
    if received is None:
        return text
    held = (returned - received).days
    if held <= 0:
        return text
    said = _n("Từ ngày nhận {came} đến ngày trả lại, {n} ngày ở đơn vị theo dõi, không tính.", held)
    return f"{text} {said.format(came=day_text(received), n=held)}"


def _resent(came: date, resend_by: date) -> str:
    late = (came - resend_by).days
    if late <= 0:
        return _("Gửi lại ngày {day}, trong hạn gửi lại: giữ kết quả của lần nhận đầu.").format(day=day_text(came))
    said = _n("Gửi lại ngày {day}, quá hạn gửi lại {n} ngày, cộng vào số ngày chậm.", late)
    return said.format(day=day_text(came), n=late)


def _not_sent_again(o: Occurrence, resend_by: date | None, today: date) -> Iterator[str]:
    if o.state in OWED and resend_by is not None and today > resend_by:
        late = (today - resend_by).days
        yield _n("Chưa gửi lại, quá hạn gửi lại {n} ngày.", late).format(n=late)


def _of_the_day(o: Occurrence, calendar: WorkingCalendar) -> Iterator[str]:
    """How the last day on time follows from the day that the plan (or the extension) names."""
    in_good_time = o.first_received is not None and o.first_received <= o.last_day
    if o.last_day < o.due <= o.late_after and not in_good_time:
        said = _("Kế hoạch viết “trước ngày {day}”: nhận trong ngày {day} vẫn tính đúng hạn.")
        yield said.format(day=short_day(o.due))
    elif o.late_after < o.due and not in_good_time:
        yield _("Kế hoạch viết “trước ngày {day}”: ngày {day} đã là quá hạn.").format(day=short_day(o.due))
    base = o.due if o.late_after >= o.due else o.last_day
    if (extra := (o.late_after - base).days) <= 0:
        return
    names = dict.fromkeys(filter(None, (calendar.why_off(base + timedelta(days=n)) for n in range(extra))))
    if names:
        said = _n("Hạn {day} rơi vào ngày nghỉ ({names}): {n} ngày không tính, đúng hạn đến hết {last}.", extra)
        yield said.format(day=day_text(base), names=", ".join(names), n=extra, last=day_text(o.late_after))
    else:
        said = _n("Đúng hạn tính đến hết {last}, thêm {n} ngày, theo lịch làm việc khi chốt kết quả.", extra)
        yield said.format(last=day_text(o.late_after), n=extra)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None
