"""The coordinator's other moves: claim, accept, return, extend, promise, hold, waive, transfer, reopen."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from plans.calendar import WorkingCalendar, end_of, local_day
from plans.model import DEFAULT_READING, Agency, Reading, Relation, WeekendReading
from plans.text import _, day_text
from tasks import lifecycle, papers
from tasks.agencies import load_plan
from tasks.database import insert_new
from tasks.errors import BadInput
from tasks.lifecycle import Move
from tasks.model import Cause, Occurrence, State, id_of_successor
from tasks.office import office_of, working_calendar
from tasks.tables import answer, occurrence, party

CLAIM_PAUSE = 3  # working days in which the agency is not written to
RESEND_DAYS = 3  # working days to send a returned paper again
TAKEOVER_DAYS = 5  # working days of a successor that takes something overdue over


class ReturnReason(StrEnum):
    """Why a paper goes back; the words of the letter stand in ``reason_text``."""

    PERIOD = "period"
    INCOMPLETE = "incomplete"
    RECIPIENT = "recipient"
    SIGNATURE = "signature"
    UNREADABLE = "unreadable"
    PERSONAL_DATA = "personal_data"


def reason_text(reason: str) -> str:
    """The reason in words; free text stands for itself."""
    words = {
        ReturnReason.PERIOD: _("chưa đúng kỳ số liệu"),
        ReturnReason.INCOMPLETE: _("thiếu biểu, thiếu nội dung"),
        ReturnReason.RECIPIENT: _("gửi chưa đúng nơi nhận"),
        ReturnReason.SIGNATURE: _("chưa có chữ ký, dấu hoặc chữ ký số"),
        ReturnReason.UNREADABLE: _("tệp không mở được"),
        ReturnReason.PERSONAL_DATA: _("có danh sách cá nhân, đề nghị thu hồi"),
    }
    return words[ReturnReason(reason)] if reason in tuple(ReturnReason) else reason


def claim(
    connection: Connection, occurrence_id: str, *, number: str | None, dated: date | None, now: datetime, actor: str
) -> Occurrence:
    """The agency says it has sent it: its rungs pause three working days, until the paper is matched."""
    o = lifecycle.load(connection, occurrence_id)
    said = " ".join(filter(None, (number, _("ngày {day}").format(day=day_text(dated)) if dated else None)))
    until = working_calendar(connection).add(local_day(now), CLAIM_PAUSE)
    values = {"claimed": said or _("không rõ số"), "muted_until": until, "muted_why": "claim"}
    return lifecycle.apply(
        connection,
        o,
        Move.CLAIM,
        values,
        state=State.CLAIMED,
        data={"number": number, "dated": dated},
        now=now,
        actor=actor,
    )


def accept(connection: Connection, occurrence_id: str, *, now: datetime, actor: str) -> Occurrence:
    """The paper is in order; lateness stays that of its receipt."""
    o = lifecycle.load(connection, occurrence_id)
    lifecycle.allow(connection, o, Move.ACCEPT, now=now)
    papers.mark_latest(connection, o.id, State.ACCEPTED, None)
    return lifecycle.apply(connection, o, Move.ACCEPT, {}, state=State.ACCEPTED, now=now, actor=actor)


def return_(
    connection: Connection, occurrence_id: str, *, reason: str, by: date | None, now: datetime, actor: str
) -> Occurrence:
    """Sends a paper back, to be resent by a day (default: three working days from today)."""
    o = lifecycle.load(connection, occurrence_id)
    lifecycle.allow(connection, o, Move.RETURN, now=now)
    if not reason.strip():
        raise BadInput(_("Trả lại phải có lý do."))
    today = local_day(now)
    resend_by = by or working_calendar(connection).add(today, RESEND_DAYS)
    if resend_by < today:
        raise BadInput(_("Ngày gửi lại {day} đã qua.").format(day=day_text(resend_by)))
    papers.mark_latest(connection, o.id, State.RETURNED, reason)
    values = {"resend_by": resend_by, "returned_for": reason, "days_late": None, **_revision(o, Cause.RETURNED, now)}
    values["announce"] = "returned"
    data = {"reason": reason, "resend_by": resend_by, "number": o.number}
    return lifecycle.apply(connection, o, Move.RETURN, values, state=State.RETURNED, data=data, now=now, actor=actor)


def extend(
    connection: Connection, ids: list[str], *, to: date, document: str, now: datetime, actor: str
) -> list[Occurrence]:
    """A later deadline by a document of the issuer, for any number of agencies at once."""
    if not document.strip():
        raise BadInput(_("Gia hạn phải có số văn bản của cơ quan ban hành kế hoạch."))
    calendar = working_calendar(connection)
    moved = []
    lifecycle.lock(connection, ids)
    for occurrence_id in ids:
        o = lifecycle.load(connection, occurrence_id)
        lifecycle.allow(connection, o, Move.EXTEND, now=now)
        if to <= o.ladder_last_day:
            raise BadInput(
                _("Hạn mới {to} không sau hạn hiện nay {day} của {occurrence}.").format(
                    to=day_text(to), day=day_text(o.ladder_last_day), occurrence=o.id
                )
            )
        moved.append(_extend(connection, o, to, document, calendar, now, actor))
    return moved


def _extend(
    connection: Connection, o: Occurrence, to: date, document: str, calendar: WorkingCalendar, now: datetime, actor: str
) -> Occurrence:
    late_after = _rolled(connection, o, to, calendar)
    values: dict[str, Any] = {
        "due": to,
        "last_day": to,
        "late_after": late_after,
        "extended_by": document,
        "muted_until": None,
        "muted_why": None,
        **_revision(o, Cause.EXTENDED, now),
        "announce": "extended",
    }
    if o.resend_by is not None:
        values["resend_by"] = to
    if o.missed_at is not None and now < end_of(late_after):
        values |= papers.withdraw_miss(connection, o, now=now, why="extension")
    data = {
        "document": document,
        "was": {"due": o.due, "last_day": o.last_day, "late_after": o.late_after},
        "is": {"due": to, "last_day": to, "late_after": late_after},
    }
    moved = lifecycle.apply(connection, o, Move.EXTEND, values, data=data, now=now, actor=actor)
    touch_feeding(connection, o, now=now)
    return moved


def _rolled(connection: Connection, o: Occurrence, day: date, calendar: WorkingCalendar) -> date:
    plan = load_plan(connection, o.plan_id)
    reading: Reading = plan.reading.over(office_of(connection, plan.lead).reading).over(DEFAULT_READING)
    return calendar.on_or_after(day) if reading.weekend is WeekendReading.NEXT_WORKING_DAY else day


def promise(connection: Connection, occurrence_id: str, *, on: date, now: datetime, actor: str) -> Occurrence:
    """The lead's own consent to a later day: reminders rest until then, the deadline does not move."""
    o = lifecycle.load(connection, occurrence_id)
    if on < local_day(now):
        raise BadInput(_("Ngày hẹn {day} đã qua.").format(day=day_text(on)))
    values = {"muted_until": on, "muted_why": "promise"}
    return lifecycle.apply(connection, o, Move.PROMISE, values, data={"on": on}, now=now, actor=actor)


def hold(connection: Connection, occurrence_id: str, *, until: date | None, now: datetime, actor: str) -> Occurrence:
    """The officer holds an agency back from automatic reminders until a day; None lets them go on."""
    o = lifecycle.load(connection, occurrence_id)
    check_hold(until, today=local_day(now))
    values = {"muted_until": until, "muted_why": "hold" if until else None}
    return lifecycle.apply(connection, o, Move.HOLD, values, data={"until": until}, now=now, actor=actor)


def check_hold(until: date | None, *, today: date) -> None:
    """Raises BadInput where the day until which nobody is to be reminded has passed: of a form for many, at once."""
    if until is not None and until < today:
        raise BadInput(_("Ngày tạm dừng {day} đã qua.").format(day=day_text(until)))


def waive(connection: Connection, occurrence_id: str, *, reason: str, now: datetime, actor: str) -> Occurrence:
    """Nothing is owed this time; it counts neither as on time nor as missed."""
    o = lifecycle.load(connection, occurrence_id)
    if not reason.strip():
        raise BadInput(_("Miễn kỳ này phải có lý do hoặc số văn bản."))
    return lifecycle.apply(
        connection, o, Move.WAIVE, {}, state=State.WAIVED, data={"reason": reason}, now=now, actor=actor
    )


def reopen(connection: Connection, occurrence_id: str, *, now: datetime, actor: str) -> Occurrence:
    """Something closed is owed again; what was recorded stays in the trail."""
    o = lifecycle.load(connection, occurrence_id)
    lifecycle.allow(connection, o, Move.REOPEN, now=now)
    connection.execute(update(answer).where(answer.c.occurrence_id == o.id).values(verdict="void"))
    values = {
        "received_on": None,
        "first_received": None,
        "number": None,
        "noted_at": None,
        "days_late": None,
        "resend_by": None,
        "returned_for": None,
        "announce": None,
        **_revision(o, Cause.REOPENED, now),
    }
    opened = lifecycle.apply(connection, o, Move.REOPEN, values, state=State.OPEN, now=now, actor=actor)
    touch_feeding(connection, o, now=now)
    return opened


def transfer(
    connection: Connection, occurrence_id: str, *, to: Agency, document: str | None, now: datetime, actor: str
) -> Occurrence:
    """Hands an open duty over to a successor, which is told of it and reminded from today (D10).

    So is handed over what was cancelled because its body had ended. A successor is not blamed for a day that had
    passed before it took over: it gets five working days of its own (decision 0008). Raises BadInput where the
    successor has ended or owes this period already.
    """
    o = lifecycle.load(connection, occurrence_id)
    lifecycle.allow(connection, o, Move.TRANSFER, now=now)
    today = local_day(now)
    if to.until is not None and to.until < today:
        raise BadInput(_("{agency} đã kết thúc hoạt động ngày {day}.").format(agency=to.name, day=day_text(to.until)))
    relation = _standing(o, to.id, load_plan(connection, o.plan_id).lead)
    fresh_id = id_of_successor(o, to.id)
    row = connection.execute(select(occurrence).where(occurrence.c.id == o.id)).one()
    own_day = _day_of_successor(o, working_calendar(connection), today)
    copy = {
        **row._mapping,
        **dict.fromkeys(_OF_THE_BODY),
        "id": fresh_id,
        "agency_id": to.id,
        "relation": relation.value,
        "state": State.OPEN.value,
        "revision": 1,
        "cause": Cause.FIRST.value,
        "changed_at": now,
        "tracked_from": today,
        "next_check_at": now,
        "before_tracking": False,
        **({"due": own_day, "last_day": own_day, "late_after": own_day, "extended_by": None} if own_day else {}),
    }
    if insert_new(connection, occurrence, [copy]) == 0:
        raise BadInput(_("{agency} đã có kỳ này: {occurrence}.").format(agency=to.name, occurrence=fresh_id))
    announce_again(connection, o.plan_id, to.id, relation, now=now)
    touch_feeding(connection, o, now=now)
    values = {"transferred_to": fresh_id, "muted_until": None, "muted_why": None}
    data = {"to": to.id, "document": document, "occurrence": fresh_id, "by": own_day}
    return lifecycle.apply(
        connection, o, Move.TRANSFER, values, state=State.TRANSFERRED, data=data, now=now, actor=actor
    )


def take_back(
    connection: Connection,
    o: Occurrence,
    former: Occurrence,
    *,
    document: str | None,
    joined: bool = False,
    now: datetime,
    actor: str,
) -> Occurrence:
    """``former`` had handed this on and gets it back as ``o`` stands now: a new revision, open from today.

    Its successor owes it no more, unless it owes the same itself (``joined``). What it let pass itself, before it
    handed over, is not held against it any more: the day that counts is the successor's, or five working days where
    that has passed as well.
    """
    today = local_day(now)
    own_day = _day_of_successor(o, working_calendar(connection), today)
    names = ("due", "last_day", "late_after", "window_from", "window_to", "extended_by")
    standing = {name: getattr(o, name) for name in names}
    if own_day is not None:
        standing |= {"due": own_day, "last_day": own_day, "late_after": own_day, "extended_by": None}
    values = {
        **{name: None for name in _OF_THE_BODY if not name.startswith("missed")},  # a miss is withdrawn by an event
        **standing,
        **_revision(former, Cause.REOPENED, now),
        "tracked_from": max(today, former.tracked_from),
    }
    was = {name: getattr(former, name) for name in ("due", "last_day", "late_after")}
    data = {"from_body": o.agency_id, "document": document, "was": was, "by": own_day}
    opened = lifecycle.apply(
        connection, former, Move.TAKE_BACK, values, state=State.OPEN, data=data, now=now, actor=actor
    )
    if not joined:
        gone = {"transferred_to": former.id, "muted_until": None, "muted_why": None}
        back = {"to": former.agency_id, "document": document, "occurrence": former.id, "back": True}
        lifecycle.apply(connection, o, Move.TRANSFER, gone, state=State.TRANSFERRED, data=back, now=now, actor=actor)
    announce_again(connection, former.plan_id, former.agency_id, former.relation, now=now)
    touch_feeding(connection, former, now=now)
    return opened


# What was between the lead unit and the body that handed over: nothing of it passes on to the successor.
_OF_THE_BODY = (
    "announce",
    "claimed",
    "muted_until",
    "muted_why",
    "missed_at",
    "missed_noticed_at",
    "resend_by",
    "returned_for",
    "first_received",
    "received_on",
    "number",
    "noted_at",
    "days_late",
    "transferred_to",
)


def _day_of_successor(o: Occurrence, calendar: WorkingCalendar, today: date) -> date | None:
    """A day of its own where the day that counts has passed, None where it is still ahead."""
    if today <= o.late_after:
        return None
    return max(calendar.add(today, TAKEOVER_DAYS), o.resend_by or today)


def _standing(o: Occurrence, successor: str, lead: str) -> Relation:
    """How the successor stands: only the lead unit owes something to itself."""
    if successor == lead:
        return Relation.SELF
    return Relation.PEER if o.relation is Relation.SELF else o.relation


def announce_again(connection: Connection, plan_id: str, agency_id: str, relation: str, *, now: datetime) -> None:
    """One more ``assigned`` message for this body: what it owes has changed."""
    row = {"plan_id": plan_id, "agency_id": agency_id, "relation": str(relation), "revision": 1, "next_check_at": now}
    if insert_new(connection, party, [row]) == 0:
        mine = (party.c.plan_id == plan_id) & (party.c.agency_id == agency_id)
        connection.execute(update(party).where(mine).values(revision=party.c.revision + 1, next_check_at=now))


def touch_feeding(connection: Connection, o: Occurrence, *, now: datetime) -> None:
    """A moved deadline of the lead's own report moves the head rung of the reports that feed it."""
    feeding = [d.id for d in load_plan(connection, o.plan_id).duties if d.feeds == o.duty_id]
    if feeding:
        mine = (occurrence.c.plan_id == o.plan_id) & occurrence.c.duty_id.in_(feeding)
        owed = occurrence.c.state.in_(("open", "claimed", "returned")) & occurrence.c.before_tracking.is_(False)
        connection.execute(update(occurrence).where(mine & owed).values(next_check_at=now))


def _revision(o: Occurrence, cause: Cause, now: datetime) -> dict[str, Any]:
    return {"revision": o.revision + 1, "cause": cause.value, "changed_at": now, "announce": None}
