"""The rungs of one occurrence and which of them are due: pure, so by tables of cases. Dates typed by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from notifications.ladder import Decision, Role, Rung, Told, decide, merged_days, rungs_of
from plans.calendar import shipped_calendar
from plans.model import DEFAULT_LADDER, FREQUENT_LADDER, Ladder, Relation
from tasks.model import Cause, Occurrence, State
from tests.support import at

CALENDAR = shipped_calendar()
# "trước ngày 10/12/2024", a Tuesday: the last strict day is Monday the 9th.
DUE = Occurrence(
    id="p/d/a/2024", plan_id="p", duty_id="d", agency_id="u.a", period="2024", due=date(2024, 12, 10),
    last_day=date(2024, 12, 9), late_after=date(2024, 12, 10), window_from=None, window_to=None,
    relation=Relation.PEER, state=State.OPEN, before_tracking=False, sample=False, tracked_from=date(2024, 1, 1),
    revision=1, cause=Cause.FIRST, changed_at=datetime(2024, 1, 1, tzinfo=UTC), announce=None, extended_by=None,
    resend_by=None, returned_for=None, muted_until=None, muted_why=None, claimed=None, first_received=None,
    received_on=None, number=None, noted_at=None, days_late=None, missed_at=None, missed_noticed_at=None,
    transferred_to=None, next_check_at=None,
)  # fmt: skip


def _days(o: Occurrence, ladder: Ladder = DEFAULT_LADDER, *, feeds: date | None = None) -> dict[str, str]:
    return {r.name: f"{r.role} {r.day:%d/%m}" for r in rungs_of(o, ladder, CALENDAR, feeds_last_day=feeds)}


def _decide(
    o: Occurrence,
    moment: str,
    *ledger: Told,
    unreachable: dict[Role, str] | None = None,
    ladder: Ladder = DEFAULT_LADDER,
) -> Decision:
    rungs = rungs_of(o, ladder, CALENDAR) if o.state in (State.OPEN, State.CLAIMED, State.RETURNED) else ()
    return decide(o, rungs, ledger, CALENDAR, unreachable=unreachable or {}, now=at(moment))


def _said(decision: Decision) -> dict[str, str]:
    return {new.rung: new.skipped or "queued" for new in decision.notices}


def test_the_default_ladder_of_a_peer() -> None:
    assert _days(DUE) == {
        "before-7": "agency 02/12", "before-1": "agency 06/12", "due": "agency 09/12", "check": "officer 11/12",
        "overdue-1": "agency 12/12", "lead": "officer 13/12", "overdue-2": "agency 17/12", "head-1": "head 17/12",
        "head-2": "head 24/12",
    }  # fmt: skip


def test_a_monthly_duty_is_reminded_once() -> None:
    assert [name for name in _days(DUE, FREQUENT_LADDER) if name.startswith(("before", "due"))] == ["before-1"]


def test_a_requested_body_is_never_escalated_to_the_head() -> None:
    assert not any(name.startswith("head") for name in _days(replace(DUE, relation=Relation.REQUESTED)))


def test_what_the_lead_owes_itself_goes_to_its_officer_and_then_only_to_its_head() -> None:
    assert _days(replace(DUE, relation=Relation.SELF)) == {
        "before-7": "officer 02/12", "before-1": "officer 06/12", "due": "officer 09/12", "head-1": "head 17/12",
        "head-2": "head 24/12",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("feeds", "head"),
    [
        (date(2025, 1, 31), "17/12"),  # far off: the usual day
        (date(2024, 12, 19), "16/12"),  # three working days before the lead's own report
        (date(2024, 12, 12), "12/12"),  # never before the agency was told off once
    ],
)
def test_the_head_hears_before_the_leads_own_report(feeds: date, head: str) -> None:
    assert _days(DUE, feeds=feeds)["head-1"] == f"head {head}"
    assert _days(DUE, feeds=feeds)["head-2"] == "head 24/12"


@pytest.mark.parametrize("state", [State.RETURNED, State.CLAIMED])
def test_after_a_return_everything_counts_from_the_resend_day(state: State) -> None:
    o = replace(DUE, state=state, resend_by=date(2024, 12, 20), first_received=date(2024, 12, 9))
    days = _days(o)
    assert (days["before-1"], days["due"], days["check"]) == ("agency 19/12", "agency 20/12", "officer 23/12")


def test_a_rung_switched_off_is_not_there() -> None:
    bare = Ladder(before=(), due=False, check=None, overdue=(2,), lead=None, head=())
    assert list(_days(DUE, bare)) == ["overdue-1"]


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2024-12-02 07:29", {}),
        ("2024-12-02 07:30", {"before-7": "queued"}),
        ("2024-12-06 07:30", {"before-7": "superseded", "before-1": "queued"}),
        ("2024-12-10 07:30", {"before-7": "superseded", "before-1": "superseded", "due": "queued"}),
        (
            "2024-12-11 07:30",  # the deadline has passed: no reminder tells anybody off before the officer's check
            {"before-7": "superseded", "before-1": "superseded", "due": "superseded", "check": "queued"},
        ),
    ],
)
def test_of_the_due_rungs_the_nearest_speaks_per_role(moment: str, said: dict[str, str]) -> None:
    assert _said(_decide(DUE, moment)) == said


def test_of_two_on_one_day_the_nearer_to_the_deadline_speaks() -> None:
    """Due on a Sunday: before-1 and due both move to the Friday."""
    o = replace(DUE, due=date(2024, 11, 25), last_day=date(2024, 11, 24), late_after=date(2024, 11, 25))
    assert _said(_decide(o, "2024-11-22 07:30")) == {"before-7": "superseded", "before-1": "same_day", "due": "queued"}


def test_what_was_told_is_not_told_again_and_an_older_one_that_waits_is_passed_over() -> None:
    waits = Told(7, 1, "before-7", Role.AGENCY, "no_contact")
    decision = _decide(DUE, "2024-12-06 07:30", waits)
    assert _said(decision) == {"before-1": "queued"}
    assert decision.drop == {7: "superseded"}
    sent = Told(7, 1, "before-7", Role.AGENCY, "composed")
    assert _decide(DUE, "2024-12-06 07:30", sent).drop == {}


def test_a_rung_of_another_role_passes_nothing_over() -> None:
    waits = Told(7, 1, "overdue-1", Role.AGENCY, "queued")
    before = [Told(n, 1, rung, Role.AGENCY, "composed") for n, rung in enumerate(("before-7", "before-1", "due"))]
    checked = Told(9, 1, "check", Role.OFFICER, "composed")
    decision = _decide(DUE, "2024-12-13 07:30", waits, checked, *before)
    assert (_said(decision), decision.drop) == ({"lead": "queued"}, {})


@pytest.mark.parametrize("status", ["queued", "no_contact"])
def test_a_reminder_that_waits_is_dropped_when_the_last_day_on_time_is_over(status: str) -> None:
    waits = [Told(7, 1, "before-1", Role.AGENCY, status), Told(8, 1, "due", Role.AGENCY, status)]
    told = Told(6, 1, "before-7", Role.AGENCY, "composed")
    assert _decide(DUE, "2024-12-10 23:59", told, *waits).drop == {}
    assert _decide(DUE, "2024-12-11 00:00", told, *waits).drop == {7: "superseded", 8: "superseded"}


def test_what_the_officer_said_by_hand_waits_past_the_deadline() -> None:
    by_hand = Told(7, 1, "press-1", Role.AGENCY, "no_contact")
    assert _decide(DUE, "2024-12-11 00:00", by_hand).drop == {}


def test_the_next_look_is_the_next_rung() -> None:
    assert _decide(DUE, "2024-11-01 08:00").next_check_at == at("2024-12-02 07:30")
    assert _decide(DUE, "2024-12-24 07:30").next_check_at is None


def test_rungs_on_or_before_the_day_tracking_began_are_skipped() -> None:
    o = replace(DUE, tracked_from=date(2024, 12, 2))
    assert _said(_decide(o, "2024-12-02 08:00")) == {"before-7": "before_activation"}


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (Cause.EXTENDED, "before_revision"), (Cause.RETURNED, "before_revision"), (Cause.PLAN, "before_revision"),
        (Cause.CALENDAR, "queued"), (Cause.READING, "queued"), (Cause.REOPENED, "queued"), (Cause.CORRECTED, "queued"),
    ],
)  # fmt: skip
def test_a_passed_rung_is_told_after_a_revision_that_nobody_was_told_of(cause: Cause, said: str) -> None:
    o = replace(DUE, revision=2, cause=cause, changed_at=at("2024-12-02 09:00"))
    assert _said(_decide(o, "2024-12-02 09:00"))["before-7"] == said


@pytest.mark.parametrize(
    ("told", "said"),
    [("composed", "before_revision"), ("queued", "queued")],
)
def test_after_a_silent_revision_what_was_told_before_is_not_told_again(told: str, said: str) -> None:
    o = replace(DUE, revision=2, cause=Cause.CALENDAR, changed_at=at("2024-12-02 09:00"))
    decision = _decide(o, "2024-12-02 09:00", Told(7, 1, "before-7", Role.AGENCY, told))
    assert _said(decision)["before-7"] == said
    assert decision.drop == ({7: "revised"} if told == "queued" else {})


def test_a_press_by_hand_is_passed_over_by_nothing_but_the_end_of_the_duty() -> None:
    pressed = Told(7, 1, "press-1", Role.AGENCY, "queued")
    assert _decide(DUE, "2024-12-06 07:30", pressed).drop == {}
    revised = replace(DUE, revision=2, cause=Cause.CALENDAR, changed_at=at("2024-12-02 09:00"))
    assert _decide(revised, "2024-12-06 07:30", pressed).drop == {}
    assert _decide(replace(DUE, state=State.WAIVED), "2024-12-06 07:30", pressed).drop == {7: "closed"}


@pytest.mark.parametrize("event", ["extended", "returned"])
def test_a_revision_with_a_message_of_its_own_is_announced_once(event: str) -> None:
    o = replace(DUE, revision=2, announce=event, cause=Cause.EXTENDED, changed_at=at("2024-11-01 09:00"))
    assert _said(_decide(o, "2024-11-01 09:00"))[event] == "queued"
    told = Told(3, 2, event, Role.AGENCY, "queued")
    assert event not in _said(_decide(o, "2024-11-04 09:00", told))


def test_what_the_lead_owes_itself_is_announced_to_its_officer() -> None:
    o = replace(DUE, revision=2, announce="extended", relation=Relation.SELF, cause=Cause.EXTENDED)
    [new] = [n for n in _decide(o, "2024-11-01 09:00").notices if n.rung == "extended"]
    assert new.role is Role.OFFICER


def test_a_muted_agency_is_not_written_to_until_the_working_morning_afterwards() -> None:
    o = replace(DUE, state=State.CLAIMED, muted_until=date(2024, 12, 6))  # a Friday
    muted = _decide(o, "2024-12-06 07:30")
    assert muted.notices == []
    assert muted.next_check_at == at("2024-12-09 07:30")
    assert _decide(o, "2024-12-07 12:00").notices == [], "a Saturday changes nothing"
    assert _said(_decide(o, "2024-12-09 07:30")) == {
        "before-7": "superseded",
        "before-1": "superseded",
        "due": "queued",
    }


def test_muting_an_agency_does_not_mute_the_officer() -> None:
    o = replace(DUE, muted_until=date(2024, 12, 31), muted_why="promise")
    assert _said(_decide(o, "2024-12-11 07:30")) == {"check": "queued"}


def test_who_cannot_be_written_to_is_skipped_with_the_reason() -> None:
    decision = _decide(DUE, "2024-12-02 07:30", unreachable={Role.AGENCY: "never_messaged"})
    assert _said(decision) == {"before-7": "never_messaged"}


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (State.ACCEPTED, "received"), (State.RECEIVED, "received"), (State.WAIVED, "closed"),
        (State.TRANSFERRED, "closed"), (State.CANCELLED, "closed"),
    ],
)  # fmt: skip
def test_when_nothing_is_owed_any_more_all_that_waits_is_dropped(state: State, why: str) -> None:
    waits = Told(7, 1, "due", Role.AGENCY, "queued")
    sent = Told(8, 1, "before-1", Role.AGENCY, "composed")
    assert _decide(replace(DUE, state=state), "2024-12-11 07:30", waits, sent).drop == {7: why}


@pytest.mark.parametrize(
    ("status", "said"), [("composed", {"correction": "queued"}), ("no_contact", {}), ("skipped", {})]
)
def test_a_withdrawn_miss_is_corrected_only_where_the_agency_was_told_off(status: str, said: dict[str, str]) -> None:
    o = replace(DUE, state=State.ACCEPTED, announce="correction")
    assert _said(_decide(o, "2024-12-13 08:00", Told(7, 1, "overdue-1", Role.AGENCY, status))) == said


def test_a_paper_that_lies_three_working_days_reminds_the_officer() -> None:
    o = replace(DUE, state=State.RECEIVED, noted_at=at("2024-12-05 16:00"))  # a Thursday
    assert _decide(o, "2024-12-10 07:29").next_check_at == at("2024-12-10 07:30")
    decision = _decide(o, "2024-12-10 07:30")
    assert [(n.rung, n.role) for n in decision.notices] == [("review", Role.OFFICER)]
    told = Told(7, 1, "review", Role.OFFICER, "queued")
    assert _decide(o, "2024-12-11 07:30", told).drop == {}
    assert _decide(replace(o, state=State.ACCEPTED), "2024-12-11 07:30", told).drop == {7: "received"}


def test_what_fell_due_before_tracking_is_left_alone() -> None:
    assert _decide(replace(DUE, before_tracking=True), "2024-12-11 07:30") == Decision()


def test_the_days_that_will_speak_are_merged_for_the_schedule() -> None:
    rungs = [
        Rung("before-1", Role.AGENCY, date(2024, 12, 6), 1), Rung("due", Role.AGENCY, date(2024, 12, 6), 2),
        Rung("check", Role.OFFICER, date(2024, 12, 6), 3), Rung("before-7", Role.AGENCY, date(2024, 12, 2), 0),
    ]  # fmt: skip
    assert [r.name for r in merged_days(rungs, after=date(2024, 12, 2))] == ["due", "check"]
