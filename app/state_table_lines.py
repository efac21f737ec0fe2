"""One line of the state table: how a body stands, in the words and kinds that the totals count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.state_table_notes import Said, notes_of
from app.state_table_papers import PaperRef
from plans.deadlines import Slot
from plans.model import Agency, Register
from plans.text import _, _n, day_text
from tasks.lifecycle import AGENCY_ENDED
from tasks.model import OWED, Occurrence, State
from tasks.status import Status, days_late, status_of, status_text


class Kind(StrEnum):
    """How a body stands, as the totals count it."""

    ON_TIME = "on_time"
    LATE = "late"
    RECEIVED = "received"  # waits for a look
    OVERDUE = "overdue"
    CLAIMED = "claimed"
    RETURNED = "returned"
    OPEN = "open"  # not yet due
    BEFORE = "before_tracking"
    SUCCESSOR = "successor"
    WAIVED = "waived"
    TRANSFERRED = "transferred"
    CANCELLED = "cancelled"


CAME = (Kind.ON_TIME, Kind.LATE, Kind.RECEIVED)
MISSING = (Kind.OVERDUE, Kind.CLAIMED, Kind.RETURNED, Kind.OPEN)


def kind_word(kind: Kind) -> str:
    """What a total is called."""
    return {
        Kind.ON_TIME: _("đúng hạn"),
        Kind.LATE: _("gửi chậm"),
        Kind.RECEIVED: _("đã nhận, chờ xem"),
        Kind.OVERDUE: _("quá hạn"),
        Kind.CLAIMED: _("báo đã gửi, chờ đối chiếu"),
        Kind.RETURNED: _("trả lại, chờ gửi lại"),
        Kind.OPEN: _("chưa đến hạn"),
        Kind.BEFORE: _("trước khi theo dõi (không tính)"),
        Kind.SUCCESSOR: _("cần cơ quan kế thừa"),
        Kind.WAIVED: _("được miễn"),
        Kind.TRANSFERRED: _("đã chuyển cơ quan kế thừa"),
        Kind.CANCELLED: _("đã dừng theo dõi"),
    }[kind]


@dataclass(frozen=True, slots=True)
class Line:
    """One body and what it owes. ``occurrence`` may never have been made where the body had ended before."""

    occurrence: str
    agency_id: str
    agency: str
    due: date
    last_day: date
    late_after: date
    received_on: date | None
    number: str | None
    dated: date | None
    secret: bool
    kind: Kind
    status: str
    days_late: int | None
    notes: tuple[str, ...]
    papers: tuple[PaperRef, ...] = ()


def as_said(o: Occurrence, said: Said) -> Occurrence:
    """With what is not told again from the moves: pauses, claims and extensions as they had been written by then."""
    extended = said.extensions[-1].document if said.extensions else None
    return replace(
        o, muted_until=said.muted_until, muted_why=said.muted_why, claimed=said.claimed, extended_by=extended
    )


def line_of(o: Occurrence, said: Said, papers: Sequence[PaperRef], register: Register, today: date) -> Line:
    body = register[o.agency_id]
    orphaned = _needs_successor(o, body, said, today)
    mine = next((each for each in reversed(papers) if each.received_on == o.received_on), None)
    came = o.received_on is not None and o.state in (State.RECEIVED, State.ACCEPTED, State.RETURNED)
    kind = Kind.SUCCESSOR if orphaned else _kind(o, today)
    return Line(
        occurrence=o.id,
        agency_id=o.agency_id,
        agency=body.name_on(today),
        due=o.due,
        last_day=o.last_day,
        late_after=o.late_after,
        received_on=o.received_on if came else None,
        number=o.number if came and not (mine and mine.secret) else None,
        dated=mine.dated if came and mine else None,
        secret=bool(came and mine and mine.secret),
        kind=kind,
        status=_("Cần cơ quan kế thừa") if orphaned else _status(o, kind, today),
        days_late=None if orphaned else days_late(o, today=today),
        notes=tuple(notes_of(o, said, register, body if orphaned else None, secret=bool(mine and mine.secret))),
        papers=tuple(papers),
    )


def _needs_successor(o: Occurrence, body: Agency, said: Said, today: date) -> bool:
    if body.until is None:
        return False
    if o.state is State.CANCELLED:
        return o.due > body.until and said.cancelled_for == AGENCY_ENDED
    return body.until < today and o.state in OWED and not o.before_tracking


def _kind(o: Occurrence, today: date) -> Kind:
    match status_of(o, today=today):
        case Status.OPEN | Status.DUE_SOON:
            return Kind.OPEN
        case status:
            return Kind(status.value)


def _status(o: Occurrence, kind: Kind, today: date) -> str:
    late = days_late(o, today=today) or 0
    match kind:
        case Kind.ON_TIME if not o.resend_by:
            return _("Đúng hạn")
        case Kind.LATE:
            return _n("Gửi chậm {n} ngày", late).format(n=late)
        case Kind.RECEIVED if late:
            return _n("Đã nhận, chờ xem; chậm {n} ngày", late).format(n=late)
        case Kind.CLAIMED | Kind.RETURNED if late:
            return _n("{status}; đã quá hạn {n} ngày", late).format(status=status_text(o, today=today), n=late)
        case Kind.OPEN if o.muted_why != "promise":
            return _("Chưa đến hạn")
        case _other:
            return status_text(o, today=today)


def orphan(it: str, body: Agency, slot: Slot) -> Line:
    """What falls due after a body's end."""
    said = _("Kết thúc hoạt động ngày {day}").format(day=day_text(body.until)) if body.until else ""
    return Line(
        it, body.id, body.name, slot.due, slot.last_day, slot.last_day, None, None, None, False, Kind.SUCCESSOR,
        _("Cần cơ quan kế thừa"), None, (said,),
    )  # fmt: skip
