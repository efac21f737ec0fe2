"""What is derived and never stored: on time or late, by how many days, due soon, overdue, missed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from plans.calendar import end_of
from plans.text import _, _n, day_text, short_day
from tasks.model import OWED, Occurrence, State

SOON_DAYS = 7


class Status(StrEnum):
    """What a reader of the register sees; the words of the JSON contract."""

    BEFORE_TRACKING = "before_tracking"
    OPEN = "open"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    CLAIMED = "claimed"
    RECEIVED = "received"
    ON_TIME = "on_time"
    LATE = "late"
    RETURNED = "returned"
    WAIVED = "waived"
    TRANSFERRED = "transferred"
    CANCELLED = "cancelled"


def status_of(o: Occurrence, *, today: date) -> Status:
    """The status on that day."""
    if o.before_tracking and o.state is State.OPEN:
        return Status.BEFORE_TRACKING
    if o.state is State.ACCEPTED:
        return Status.LATE if o.days_late else Status.ON_TIME
    if o.state is not State.OPEN:
        return Status(o.state.value)
    if today > o.late_after:
        return Status.OVERDUE
    return Status.DUE_SOON if o.last_day - today <= timedelta(days=SOON_DAYS) else Status.OPEN


def lateness(o: Occurrence, received_on: date) -> int:
    """Calendar days late if received on that day (D9).

    A resend in time keeps the verdict of the first receipt; a late one adds the days after the resend day.
    The days a paper lay in the lead unit's hands never count.
    """
    first = o.first_received or received_on
    late = max(0, (first - o.late_after).days)
    if o.resend_by is not None and o.first_received is not None and received_on > o.first_received:
        late += max(0, (received_on - o.resend_by).days)
    return late


def days_late(o: Occurrence, *, today: date) -> int | None:
    """Days late so far or for good; None where lateness has no meaning."""
    if (o.before_tracking and o.state is State.OPEN) or o.state in (State.WAIVED, State.TRANSFERRED, State.CANCELLED):
        return None
    if o.days_late is not None and o.state not in OWED:
        return o.days_late
    return lateness(o, today)


def owes_late(o: Occurrence, *, now: datetime) -> bool:
    """Whether something is still owed although the last on-time day has ended (24:00)."""
    return o.state in OWED and not o.before_tracking and now >= end_of(o.ladder_late_after)


def missed(o: Occurrence, *, now: datetime) -> datetime | None:
    """The moment it was missed: 24:00 of the last on-time day, whenever anybody looked (D9).

    It follows from the dates alone, so what came in late is a miss even if nobody looked in between, and a first
    receipt that was late stays one after a return.
    """
    if o.before_tracking or o.state in (State.WAIVED, State.TRANSFERRED, State.CANCELLED):
        return None
    if o.first_received is not None and o.first_received > o.late_after:
        return end_of(o.late_after)
    if o.state in OWED:
        return end_of(o.ladder_late_after) if owes_late(o, now=now) else None
    return end_of(o.resend_by) if o.days_late and o.resend_by else None


def status_text(o: Occurrence, *, today: date) -> str:
    """The status in the words of the screens."""
    status = status_of(o, today=today)
    late = days_late(o, today=today)
    left = (o.last_day - today).days
    if o.state is State.OPEN and o.muted_why == "promise" and o.muted_until and today <= o.muted_until:
        return _("Hẹn gửi {day} (hạn không đổi)").format(day=short_day(o.muted_until))
    match status:
        case Status.OPEN:
            return _("Trong hạn, chưa nhận")
        case Status.DUE_SOON if left > 0:
            return _n("Sắp đến hạn (còn {n} ngày)", left).format(n=left)
        case Status.DUE_SOON if left == 0:
            return _("Đến hạn hôm nay")
        case Status.DUE_SOON:
            return _("Đến hạn {day}, chưa nhận").format(day=day_text(o.late_after))
        case Status.OVERDUE:
            return _n("Quá hạn {n} ngày, chưa nhận", late or 0).format(n=late)
        case Status.RETURNED if o.resend_by:
            return _("Trả lại, chờ gửi lại đến {day}").format(day=short_day(o.resend_by))
        case Status.ON_TIME if o.resend_by:
            return _("Hoàn thành đúng hạn (gửi lại)")
        case Status.LATE:
            return _n("Hoàn thành quá hạn {n} ngày", late or 0).format(n=late)
        case _other:
            return status_word(status)


def status_word(status: Status) -> str:
    """The bare word of a status."""
    words = {
        Status.BEFORE_TRACKING: _("Trước khi theo dõi (không tính)"),
        Status.OPEN: _("Trong hạn, chưa nhận"),
        Status.DUE_SOON: _("Sắp đến hạn"),
        Status.OVERDUE: _("Quá hạn, chưa nhận"),
        Status.CLAIMED: _("Cơ quan báo đã gửi, chờ đối chiếu"),
        Status.RECEIVED: _("Đã nhận, chờ xem"),
        Status.ON_TIME: _("Hoàn thành đúng hạn"),
        Status.LATE: _("Hoàn thành quá hạn"),
        Status.RETURNED: _("Trả lại, chờ gửi lại"),
        Status.WAIVED: _("Được miễn kỳ này"),
        Status.TRANSFERRED: _("Chuyển cơ quan kế thừa"),
        Status.CANCELLED: _("Đã dừng theo dõi"),
    }
    return words[status]
