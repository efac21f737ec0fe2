"""The trail of an occurrence in plain words: what one audit row says, without who and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from plans.calendar import local_day, local_time
from plans.text import _, _n, day_text
from tasks import figure_words, letter_words
from tasks.desk import DirectionKind, RequestKind, direction_text, request_text
from tasks.lifecycle import Move
from tasks.model import State
from tasks.moves import reason_text

Data = Mapping[str, Any]


def event_text(kind: str, data: Data) -> str:
    """What happened. A kind that is not known stands for itself, so that nothing in a trail stays unseen."""
    told = _TOLD.get(kind)
    return told(data) if told else kind


def _record(data: Data) -> str:
    if data.get("secret"):
        text = _("Ghi nhận văn bản theo chế độ mật, nhận ngày {received}").format(received=_day(data, "received_on"))
    else:
        text = _("Ghi nhận văn bản {paper}, nhận ngày {received}").format(
            paper=_paper(data), received=_day(data, "received_on")
        )
    late = data.get("days_late")
    verdict = _n("quá hạn {n} ngày", late).format(n=late) if late else _("đúng hạn")
    waits = _("; chờ xem") if data.get("to") == State.RECEIVED else ""
    return f"{text}: {verdict}{waits}"


def _correct(data: Data) -> str:
    was, now = data.get("was") or {}, data.get("is")
    if now is None:
        return _("Bỏ ghi nhận văn bản {paper}: ghi nhầm kỳ").format(paper=_paper(was))
    return _("Ghi sai, sửa lại: {was}, nhận {was_day} → {now}, nhận {now_day}").format(
        was=_paper(was), was_day=_day(was, "received_on"), now=_paper(now), now_day=_day(now, "received_on")
    )


def _extend(data: Data) -> str:
    return _("Gia hạn từ {was} đến {now} theo văn bản số {document}").format(
        was=_day(data.get("was") or {}, "last_day"),
        now=_day(data.get("is") or {}, "last_day"),
        document=data.get("document", ""),
    )


def _return(data: Data) -> str:
    return _("Trả lại văn bản: {reason}; gửi lại chậm nhất {day}").format(
        reason=reason_text(str(data.get("reason", ""))), day=_day(data, "resend_by")
    )


def _hold(data: Data) -> str:
    if data.get("until"):
        return _("Tạm dừng nhắc đến hết ngày {day}").format(day=_day(data, "until"))
    return _("Nhắc trở lại")


def _transfer(data: Data) -> str:
    text = _("Chuyển cơ quan kế thừa: {to}").format(to=data.get("to_name") or data.get("to", ""))
    return f"{text} ({data['document']})" if data.get("document") else text


def _revised(data: Data) -> str:
    """Two writers, two forms: a changed plan says all dates, a changed calendar or reading only one."""
    late = data.get("late_after") or {}
    was, now = (data.get("was") or {}), (data.get("is") or {})
    before = _day(late, "was") if late else _day(was, "late_after")
    after = _day(late, "is") if late else _day(now, "late_after")
    why = {
        "plan": _("kế hoạch được sửa đổi"),
        "reading": _("đổi cách đọc hạn"),
        "calendar": _("lịch làm việc thay đổi"),
    }.get(str(data.get("cause")), str(data.get("cause", "")))
    return _("Ngày cuối tính đúng hạn đổi từ {was} sang {now}: {why}").format(was=before, now=after, why=why)


def _missed(data: Data) -> str:
    """Both moments: when the last on-time day ended, and when anybody noticed (D9)."""
    return _("Quá hạn khi hết ngày {day} (24:00); ghi nhận lúc {noticed}").format(
        day=_ended(data.get("missed_at")), noticed=_moment(data.get("missed_noticed_at"))
    )


def _miss_withdrawn(data: Data) -> str:
    why = {
        "paper": _("có văn bản nhận đúng hạn"),
        "extension": _("được gia hạn"),
        "reopened": _("mở lại"),
        "corrected": _("ghi nhận đã được sửa"),
        "calendar": _("lịch làm việc thay đổi"),
        "reading": _("đổi cách đọc hạn"),
        "plan": _("kế hoạch được sửa đổi"),
        "returned": _("văn bản được trả lại, có hạn gửi lại"),
        "extended": _("được gia hạn"),
    }.get(str(data.get("why")), str(data.get("why", "")))
    return _("Rút ghi nhận quá hạn ngày {day}: {why}").format(day=_ended(data.get("missed_at")), why=why)


def _cancel(data: Data) -> str:
    why = {
        "plan_stopped": _("dừng theo dõi kế hoạch"),
        "plan_revised": _("kế hoạch mới không còn nhiệm vụ này"),
    }.get(str(data.get("why")), "")
    return _("Khép lại: {why}").format(why=why) if why else _("Khép lại")


def _noted(text: str, note: object) -> str:
    return f"{text}: {note}" if note else text


def _request(data: Data) -> str:
    text = request_text(RequestKind(data["kind"]))
    if data.get("wanted"):
        text = f"{text} {_day(data, 'wanted')}"
    return _("Cơ quan: {said}").format(said=_noted(text, data.get("text")))


_TOLD: dict[str, Callable[[Data], str]] = {
    Move.RECORD: _record,
    Move.CLAIM: lambda d: _("Cơ quan báo đã gửi {paper}").format(paper=_paper(d)),
    Move.ACCEPT: lambda d: _("Chấp nhận văn bản"),
    Move.RETURN: _return,
    Move.EXTEND: _extend,
    Move.PROMISE: lambda d: _("Ghi hẹn gửi ngày {day} (hạn không đổi)").format(day=_day(d, "on")),
    Move.HOLD: _hold,
    Move.WAIVE: lambda d: _noted(_("Đã miễn kỳ này"), d.get("reason")),
    Move.TRANSFER: _transfer,
    Move.TAKE_BACK: lambda d: _noted(_("Nhận lại việc đã chuyển"), d.get("document")),
    Move.CORRECT: _correct,
    Move.REOPEN: lambda d: _("Mở lại: cơ quan phải gửi lại từ đầu"),
    Move.CANCEL: _cancel,
    Move.UNDO: _correct,
    Move.RESUME: lambda d: _("Theo dõi lại"),
    "revised": _revised,
    "missed": _missed,
    "miss_withdrawn": _miss_withdrawn,
    "press": lambda d: _noted(_("Gửi nhắc ngay"), d.get("note")),
    "call": lambda d: _noted(_("Ghi cuộc gọi với {who}").format(who=d.get("spoke_with", "")), d.get("text")),
    "request": _request,
    "request_settled": lambda d: _noted(_("Trả lời đề nghị của cơ quan"), d.get("answer")),
    "file": lambda d: _("Lưu tệp {name} của văn bản {paper}").format(name=d.get("name", ""), paper=_paper(d)),
    "claim_file": lambda d: _("Cơ quan gửi kèm tệp {name}").format(name=d.get("name", "")),
    "file_removed": lambda d: _("Gỡ tệp {name} của văn bản {paper}").format(name=d.get("name", ""), paper=_paper(d)),
    DirectionKind.AGREED: lambda d: _noted(direction_text(DirectionKind.AGREED), d.get("text")),
    DirectionKind.DIRECTION: lambda d: _noted(direction_text(DirectionKind.DIRECTION), d.get("text")),
    **letter_words.TOLD,
    **figure_words.TOLD,
}


def kinds() -> frozenset[str]:
    """Every kind of row that has words of its own."""
    return frozenset(str(kind) for kind in _TOLD)


def _paper(data: Data) -> str:
    number = str(data.get("number") or _("không rõ số"))
    if data.get("dated"):
        return _("số {number} ngày {day}").format(number=number, day=_day(data, "dated"))
    return _("số {number}").format(number=number) if data.get("number") else number


def _day(data: Data, name: str) -> str:
    value = data.get(name)
    return day_text(date.fromisoformat(str(value))) if value else "–"


def _moment(value: object) -> str:
    if not value:
        return "–"
    at = local_time(datetime.fromisoformat(str(value)))
    return f"{at:%H:%M} {day_text(at.date())}"


def _ended(value: object) -> str:
    """The day whose 24:00 this moment is."""
    if not value:
        return "–"
    return day_text(local_day(datetime.fromisoformat(str(value)) - timedelta(microseconds=1)))
