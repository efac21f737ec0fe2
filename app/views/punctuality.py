"""How punctual bodies were: counted by the database, by the rules of ``tasks.audit``; a test holds that both agree."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, or_

from tasks.model import OWED, State
from tasks.status import SOON_DAYS
from tasks.tables import occurrence


def record_columns(today: date) -> tuple[ColumnElement[int], ...]:
    """The numbers of a ``tasks.audit.Punctuality``, in the order of its fields."""
    o = occurrence.c
    first = func.coalesce(o.first_received, today)
    resent_late = and_(o.resend_by.is_not(None), o.first_received.is_not(None), o.first_received < today)
    owes = o.state.in_(OWED)
    owed_late = and_(owes, or_(first > o.late_after, and_(resent_late, o.resend_by < today)))
    in_hand = o.state.in_((State.ACCEPTED.value, State.RECEIVED.value))
    came_late = and_(in_hand, func.coalesce(o.days_late, 0) > 0)
    returned = and_(o.state == State.RETURNED.value, o.first_received.is_not(None))
    on_time = or_(and_(in_hand, func.coalesce(o.days_late, 0) == 0), and_(returned, ~owed_late))
    late = or_(came_late, and_(owed_late, o.first_received.is_not(None)))
    missing = and_(owed_late, o.first_received.is_(None))
    return tuple(number_of(each) for each in (on_time, late, missing))


def open_columns(today: date) -> tuple[ColumnElement[int], ...]:
    """What is still owed; what of it is overdue."""
    owes = occurrence.c.state.in_(OWED)
    return number_of(owes), number_of(owes & (late_after() < today))


def late_after() -> ColumnElement[date]:
    """The last day that counts: of a returned paper the day by which it is to be sent again."""
    o = occurrence.c
    return case((o.state.in_(OWED) & o.resend_by.is_not(None), o.resend_by), else_=o.late_after)


def last_day() -> ColumnElement[date]:
    """The day by which the body is to send: "gửi chậm nhất"."""
    o = occurrence.c
    return case((o.state.in_(OWED) & o.resend_by.is_not(None), o.resend_by), else_=o.last_day)


def number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


__all__ = ["SOON_DAYS", "last_day", "late_after", "number_of", "open_columns", "record_columns"]
