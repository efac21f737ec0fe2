"""On time or late, by how many days, due soon, overdue, missed: derived, and so testable without a register."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from plans.model import Relation
from tasks.model import Cause, Occurrence, State
from tasks.status import Status, days_late, lateness, missed, owes_late, status_of, status_text

# "trước ngày 10/6/2024": the strict last day is the 9th, a Sunday; a paper of the 10th is on time.
O = Occurrence(  # noqa: E741
    id="p/d/a/2024",
    plan_id="p",
    duty_id="d",
    agency_id="u.a",
    period="2024",
    due=date(2024, 6, 10),
    last_day=date(2024, 6, 9),
    late_after=date(2024, 6, 10),
    window_from=None,
    window_to=None,
    relation=Relation.PEER,
    state=State.OPEN,
    before_tracking=False,
    sample=False,
    tracked_from=date(2024, 1, 1),
    revision=1,
    cause=Cause.FIRST,
    changed_at=datetime(2024, 1, 1, tzinfo=UTC),
    announce=None,
    extended_by=None,
    resend_by=None,
    returned_for=None,
    muted_until=None,
    muted_why=None,
    claimed=None,
    first_received=None,
    received_on=None,
    number=None,
    noted_at=None,
    days_late=None,
    missed_at=None,
    missed_noticed_at=None,
    transferred_to=None,
    next_check_at=None,
)
RETURNED = replace(
    O, state=State.RETURNED, first_received=date(2024, 6, 7), received_on=date(2024, 6, 7), resend_by=date(2024, 6, 14)
)
END_OF_10 = datetime(2024, 6, 10, 17, 0, tzinfo=UTC)  # 24:00 in Vietnam
END_OF_14 = datetime(2024, 6, 14, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("today", "status"),
    [
        (date(2024, 6, 1), Status.OPEN),  # eight days before the strict last day
        (date(2024, 6, 2), Status.DUE_SOON),
        (date(2024, 6, 9), Status.DUE_SOON),
        (date(2024, 6, 10), Status.DUE_SOON),  # past the strict day, still on time
        (date(2024, 6, 11), Status.OVERDUE),
    ],
)
def test_status_at_each_edge(today: date, status: Status) -> None:
    assert status_of(O, today=today) is status


@pytest.mark.parametrize(
    ("state", "late", "status"),
    [
        (State.CLAIMED, None, Status.CLAIMED),
        (State.RECEIVED, 3, Status.RECEIVED),
        (State.ACCEPTED, 0, Status.ON_TIME),
        (State.ACCEPTED, 1, Status.LATE),
        (State.RETURNED, None, Status.RETURNED),
        (State.WAIVED, None, Status.WAIVED),
        (State.TRANSFERRED, None, Status.TRANSFERRED),
        (State.CANCELLED, None, Status.CANCELLED),
    ],
)
def test_what_is_not_open_shows_its_state_even_past_the_deadline(
    state: State, late: int | None, status: Status
) -> None:
    assert status_of(replace(O, state=state, days_late=late), today=date(2024, 7, 1)) is status


def test_what_fell_due_before_tracking_is_never_late() -> None:
    o = replace(O, before_tracking=True)
    assert status_of(o, today=date(2024, 12, 1)) is Status.BEFORE_TRACKING
    assert days_late(o, today=date(2024, 12, 1)) is None
    assert missed(o, now=datetime(2024, 12, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("received", "late"),
    [(date(2024, 5, 1), 0), (date(2024, 6, 10), 0), (date(2024, 6, 11), 1), (date(2024, 7, 10), 30)],
)
def test_lateness_goes_by_the_day_of_receipt_in_calendar_days(received: date, late: int) -> None:
    assert lateness(O, received) == late


@pytest.mark.parametrize(
    ("resent", "late"), [(date(2024, 6, 12), 0), (date(2024, 6, 14), 0), (date(2024, 6, 15), 1), (date(2024, 6, 20), 6)]
)
def test_a_first_receipt_in_time_holds_where_the_resend_is_in_time(resent: date, late: int) -> None:
    assert lateness(RETURNED, resent) == late


@pytest.mark.parametrize(("resent", "late"), [(date(2024, 6, 20), 2), (date(2024, 6, 21), 2), (date(2024, 6, 24), 5)])
def test_a_late_first_receipt_stays_late_and_a_late_resend_adds_to_it(resent: date, late: int) -> None:
    """First received on the 12th (two days late), to be resent by the 21st: the days between are the lead's own."""
    o = replace(RETURNED, first_received=date(2024, 6, 12), resend_by=date(2024, 6, 21))
    assert lateness(o, resent) == late


def test_days_late_count_to_today_while_owed_and_stand_still_afterwards() -> None:
    assert days_late(O, today=date(2024, 6, 10)) == 0
    assert days_late(O, today=date(2024, 6, 15)) == 5
    assert days_late(replace(O, state=State.ACCEPTED, days_late=2), today=date(2024, 8, 1)) == 2
    assert days_late(RETURNED, today=date(2024, 6, 14)) == 0
    assert days_late(RETURNED, today=date(2024, 6, 16)) == 2
    for closed in (State.WAIVED, State.TRANSFERRED, State.CANCELLED):
        assert days_late(replace(O, state=closed), today=date(2024, 8, 1)) is None


def test_it_is_missed_at_the_end_of_the_last_on_time_day_whenever_somebody_looks() -> None:
    assert missed(O, now=END_OF_10 - timedelta(seconds=1)) is None
    assert missed(O, now=END_OF_10) == END_OF_10
    assert missed(O, now=END_OF_10 + timedelta(days=90)) == END_OF_10
    assert owes_late(O, now=END_OF_10)
    assert not owes_late(O, now=END_OF_10 - timedelta(microseconds=1))


@pytest.mark.parametrize("state", [State.RETURNED, State.CLAIMED])
def test_after_a_return_in_time_the_resend_day_counts_even_if_the_agency_says_it_was_sent(state: State) -> None:
    o = replace(RETURNED, state=state)
    assert o.ladder_last_day == o.ladder_late_after == date(2024, 6, 14)
    assert missed(o, now=END_OF_10 + timedelta(days=1)) is None
    assert missed(o, now=END_OF_14) == END_OF_14


@pytest.mark.parametrize(
    ("o", "moment"),
    [
        # late from the first: a return does not move the moment
        (replace(RETURNED, first_received=date(2024, 6, 12), resend_by=date(2024, 6, 21)), END_OF_10),
        # in time, then resent late
        (replace(RETURNED, state=State.ACCEPTED, received_on=date(2024, 6, 17), days_late=3), END_OF_14),
        # came late and was recorded before anybody looked
        (
            replace(
                O, state=State.ACCEPTED, first_received=date(2024, 6, 13), received_on=date(2024, 6, 13), days_late=3
            ),
            END_OF_10,
        ),
        (
            replace(
                O, state=State.RECEIVED, first_received=date(2024, 6, 10), received_on=date(2024, 6, 10), days_late=0
            ),
            None,
        ),
        (replace(O, state=State.WAIVED), None),
    ],
)
def test_the_missed_moment_follows_from_the_dates_alone(o: Occurrence, moment: datetime | None) -> None:
    assert missed(o, now=END_OF_14 + timedelta(days=30)) == moment


@pytest.mark.parametrize(
    ("o", "today", "text"),
    [
        (O, date(2024, 5, 1), "Trong hạn, chưa nhận"),
        (O, date(2024, 6, 7), "Sắp đến hạn (còn 2 ngày)"),
        (O, date(2024, 6, 9), "Đến hạn hôm nay"),
        (O, date(2024, 6, 10), "Đến hạn 10/06/2024, chưa nhận"),
        (O, date(2024, 6, 12), "Quá hạn 2 ngày, chưa nhận"),
        (
            replace(O, muted_until=date(2024, 6, 20), muted_why="promise"),
            date(2024, 6, 12),
            "Hẹn gửi 20/06 (hạn không đổi)",
        ),
        (RETURNED, date(2024, 6, 12), "Trả lại, chờ gửi lại đến 14/06"),
        (replace(O, state=State.ACCEPTED, days_late=0), date(2024, 6, 12), "Hoàn thành đúng hạn"),
        (replace(RETURNED, state=State.ACCEPTED, days_late=0), date(2024, 6, 12), "Hoàn thành đúng hạn (gửi lại)"),
        (replace(O, state=State.ACCEPTED, days_late=3), date(2024, 6, 12), "Hoàn thành quá hạn 3 ngày"),
    ],
)
def test_a_status_reads_in_words(o: Occurrence, today: date, text: str) -> None:
    assert status_text(o, today=today) == text
