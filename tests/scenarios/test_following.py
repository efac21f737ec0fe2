"""One agency, one report, one year: what happens to it, morning by morning.

The report is due before 10/12/2024 (a Tuesday), so the strict last day is Monday 09/12.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from notifications.contacts import ContactRole
from tasks import intake, papers
from tasks.agencies import load_register
from tasks.audit import report
from tasks.database import reading, writing
from tasks.listing import due_rows
from tasks.model import State
from tasks.papers import Paper
from tasks.status import Status, status_of
from tasks.tables import audit_event
from tests.scenarios.harness import LEAD, OFFICER, REPORT, World, day, plan_text

REPORT_ID = "ke/bao-cao/alpha/2024"
ASSIGNED = "01/11 alpha assigned"


def kinds(world: World, o: str = REPORT_ID) -> list[str]:
    with reading(world.engine) as c:
        return [row.kind for row in c.execute(select(audit_event).where(audit_event.c.occurrence_id == o))]


def test_a_paper_in_time_stops_the_reminders(world: World) -> None:
    world.follow(plan_text()).go("03/12/2024")
    world.expect(ASSIGNED, "02/12 alpha before-7")
    assert world.record(REPORT_ID, "03/12/2024").days_late == 0
    world.go("31/12/2024")
    world.expect()
    assert status_of(world.occurrence(REPORT_ID), today=day("31/12/2024")) is Status.ON_TIME
    assert kinds(world) == ["record"]


def test_a_paper_on_the_named_day_is_on_time_and_one_the_day_after_is_late(world: World) -> None:
    world.follow(plan_text("alpha, beta")).go("10/12/2024", "16:00")
    assert world.record(REPORT_ID, "10/12/2024").days_late == 0
    world.go("11/12/2024")
    assert world.record("ke/bao-cao/beta/2024", "11/12/2024").days_late == 1
    world.go("20/12/2024")
    world.expect(
        ASSIGNED,
        "01/11 beta assigned",
        "02/12 alpha before-7",
        "02/12 beta before-7",
        "06/12 alpha before-1",
        "06/12 beta before-1",
        "09/12 alpha due",
        "09/12 beta due",
        "11/12 officer check",
    )


def test_nobody_does_anything(world: World) -> None:
    world.follow(plan_text()).go("31/12/2024")
    world.expect(
        ASSIGNED,
        "02/12 alpha before-7",
        "06/12 alpha before-1",
        "09/12 alpha due",
        "11/12 officer check",
        "12/12 alpha overdue-1",
        "13/12 officer lead",
        "13/12 stand-in lead",
        "17/12 alpha overdue-2",
        "17/12 head head-1",
        "24/12 head head-2",
    )
    missed = world.occurrence(REPORT_ID)
    assert missed.missed_at is not None
    assert f"{missed.missed_at:%Y-%m-%d %H:%M}" == "2024-12-10 17:00", "24:00 of the tenth in Vietnam"
    assert missed.missed_noticed_at is not None
    assert f"{missed.missed_noticed_at:%Y-%m-%d}" == "2024-12-11"


def test_a_late_paper_ends_the_escalation(world: World) -> None:
    world.follow(plan_text()).go("14/12/2024")
    world.new()
    assert world.record(REPORT_ID, "14/12/2024").days_late == 4
    world.go("31/12/2024")
    world.expect()
    assert status_of(world.occurrence(REPORT_ID), today=day("31/12/2024")) is Status.LATE


def test_a_paper_typed_in_late_withdraws_the_miss_and_corrects_what_was_said(world: World) -> None:
    world.follow(plan_text()).go("12/12/2024", "09:00")
    world.new()
    assert world.record(REPORT_ID, "09/12/2024").days_late == 0
    world.go("31/12/2024")
    world.expect("13/12 alpha correction")
    assert "miss_withdrawn" in kinds(world)
    assert world.occurrence(REPORT_ID).missed_at is None
    assert "Đính chính" in world.channel.letters[-1].subject


def test_a_paper_typed_in_before_anyone_was_told_off_needs_no_correction(world: World) -> None:
    world.follow(plan_text()).go("11/12/2024", "09:00")
    world.new()
    world.record(REPORT_ID, "09/12/2024")
    world.go("31/12/2024")
    world.expect()
    assert kinds(world) == ["missed", "miss_withdrawn", "record"]


def test_a_claim_pauses_three_working_days_and_then_the_newest_rung_goes_out(world: World) -> None:
    world.follow(plan_text()).go("11/12/2024", "15:00")
    world.new()
    world.move("claim", REPORT_ID, number="7/BC", dated=day("09/12/2024"))
    world.go("16/12/2024")  # Wednesday + 3 working days = Monday
    world.expect("13/12 officer lead", "13/12 stand-in lead")
    world.go("17/12/2024")
    world.expect("17/12 alpha overdue-2", "17/12 head head-1")
    assert world.ledger(REPORT_ID)["overdue-1"] == "superseded"
    world.go("31/12/2024")
    world.expect("24/12 head head-2")


def test_a_claim_that_is_matched_stays_silent(world: World) -> None:
    world.follow(plan_text()).go("11/12/2024", "15:00")
    world.new()
    world.move("claim", REPORT_ID, number="7/BC", dated=day("09/12/2024"))
    world.record(REPORT_ID, "10/12/2024", "7/BC")
    world.go("31/12/2024")
    world.expect()
    assert world.occurrence(REPORT_ID).days_late == 0


def test_a_returned_paper_that_is_resent_in_time_keeps_its_first_verdict(world: World) -> None:
    world.follow(plan_text()).go("09/12/2024", "10:00")
    world.new()
    world.record(REPORT_ID, "09/12/2024")
    world.move("return_", REPORT_ID, reason="period", by=None)
    assert world.occurrence(REPORT_ID).resend_by == day("12/12/2024")
    world.go("12/12/2024")
    world.expect("10/12 alpha returned", "11/12 alpha before-1", "12/12 alpha due")
    accepted = world.record(REPORT_ID, "12/12/2024", "13/BC")
    assert accepted.days_late == 0
    world.go("31/12/2024")
    world.expect()


def test_a_returned_paper_that_is_not_resent_is_late_from_the_resend_day(world: World) -> None:
    world.follow(plan_text()).go("09/12/2024", "10:00")
    world.record(REPORT_ID, "09/12/2024")
    world.move("return_", REPORT_ID, reason="period", by=day("11/12/2024"))
    world.new()
    world.go("16/12/2024")
    world.expect(
        "10/12 alpha returned",
        "10/12 alpha before-1",
        "11/12 alpha due",
        "12/12 officer check",
        "13/12 alpha overdue-1",
        "16/12 officer lead",
        "16/12 stand-in lead",
    )
    assert world.record(REPORT_ID, "16/12/2024", "14/BC").days_late == 5, (
        "the days in the lead unit's hands do not count"
    )


def test_an_extension_before_the_deadline_moves_the_ladder(world: World) -> None:
    world.follow(plan_text()).go("04/12/2024", "10:00")
    world.expect(ASSIGNED, "02/12 alpha before-7")
    world.extend([REPORT_ID], "20/12/2024")
    world.go("31/12/2024")
    world.expect(
        "05/12 alpha extended",
        "13/12 alpha before-7",
        "19/12 alpha before-1",
        "20/12 alpha due",
        "23/12 officer check",
        "24/12 alpha overdue-1",
        "25/12 officer lead",
        "25/12 stand-in lead",
        "27/12 alpha overdue-2",
        "27/12 head head-1",
    )


def test_an_extension_after_the_deadline_takes_the_miss_back(world: World) -> None:
    world.follow(plan_text()).go("13/12/2024", "10:00")
    world.new()
    assert world.occurrence(REPORT_ID).missed_at is not None
    world.extend([REPORT_ID], "20/12/2024")
    assert world.occurrence(REPORT_ID).missed_at is None
    world.go("20/12/2024", "16:00")
    world.expect("16/12 alpha extended", "19/12 alpha before-1", "20/12 alpha due")
    assert world.record(REPORT_ID, "20/12/2024").days_late == 0
    world.go("31/12/2024")
    world.expect()


def test_a_promise_mutes_the_agency_but_stays_late(world: World) -> None:
    world.follow(plan_text()).go("11/12/2024", "10:00")
    world.new()
    world.move("promise", REPORT_ID, on=day("18/12/2024"))
    world.go("18/12/2024")
    world.expect("13/12 officer lead", "13/12 stand-in lead", "17/12 head head-1")
    world.go("19/12/2024", "09:00")
    world.expect("19/12 alpha overdue-2")
    assert world.record(REPORT_ID, "18/12/2024").days_late == 8


def test_the_officer_holds_an_agency_back_after_the_check_list(world: World) -> None:
    world.follow(plan_text()).go("11/12/2024", "10:00")
    world.new()
    world.move("hold", REPORT_ID, until=day("12/12/2024"))
    world.go("12/12/2024")
    world.expect()
    world.go("13/12/2024", "10:00")
    world.expect("13/12 alpha overdue-1", "13/12 officer lead", "13/12 stand-in lead")


def test_a_waived_period_is_silent_and_uncounted(world: World) -> None:
    world.follow(plan_text()).go("04/12/2024", "10:00")
    world.new()
    world.move("waive", REPORT_ID, reason="VB 5/UBND-NC")
    world.go("31/12/2024")
    world.expect()
    with reading(world.engine) as c:
        found = report(c, now=world.now)
    assert found.missed == ()
    assert found.rates == ()


def test_a_slip_put_right_leaves_no_trace_on_the_agencys_record(world: World) -> None:
    world.follow(plan_text()).go("19/12/2024", "10:00")
    world.new()
    assert world.record(REPORT_ID, "19/12/2024").days_late == 9
    with writing(world.engine) as c:
        right = Paper(day("09/12/2024"), "12/BC", day("09/12/2024"))
        papers.correct(c, REPORT_ID, right, now=world.now, actor="officer")
    assert world.occurrence(REPORT_ID).days_late == 0
    world.go("31/12/2024")
    world.expect("20/12 alpha correction")
    assert kinds(world).count("correct") == 1


def test_a_paper_recorded_for_the_wrong_agency_is_taken_back_and_the_ladder_goes_on(world: World) -> None:
    world.follow(plan_text()).go("03/12/2024", "10:00")
    world.new()
    world.record(REPORT_ID, "03/12/2024")
    world.go("04/12/2024")
    with writing(world.engine) as c:
        papers.undo(c, REPORT_ID, now=world.now, actor="officer")
    assert world.occurrence(REPORT_ID).state is State.OPEN
    world.go("09/12/2024")
    world.expect("06/12 alpha before-1", "09/12 alpha due")


def test_a_requested_body_is_asked_and_never_brought_before_the_head(world: World) -> None:
    world.follow(plan_text("mat-tran")).go("31/12/2024")
    world.expect(
        "01/11 mat-tran assigned",
        "02/12 mat-tran before-7",
        "06/12 mat-tran before-1",
        "09/12 mat-tran due",
        "11/12 officer check",
        "12/12 mat-tran overdue-1",
        "13/12 officer lead",
        "13/12 stand-in lead",
        "17/12 mat-tran overdue-2",
    )
    words = " ".join(letter.subject + letter.text for letter in world.channel.letters if "mat-tran" in letter.address)
    assert "trân trọng đề nghị" in words.lower()
    assert "yêu cầu" not in words.lower()
    assert "phê bình" not in words.lower()


def test_what_the_lead_unit_owes_itself_is_told_to_its_officer_and_then_its_head(world: World) -> None:
    world.follow(plan_text("cong-an-huyen")).go("31/12/2024")
    world.expect(
        "01/11 officer assigned",
        "02/12 officer before-7",
        "06/12 officer before-1",
        "09/12 officer due",
        "17/12 head head-1",
        "24/12 head head-2",
    )


def test_a_level_without_an_address_is_reached_through_the_officer(world: World) -> None:
    world.follow(plan_text("cap-xa")).go("12/12/2024")
    world.expect(
        "01/11 officer assigned",
        "02/12 officer before-7",
        "06/12 officer before-1",
        "09/12 officer due",
        "11/12 officer check",
        "12/12 officer overdue-1",
    )
    assert "Công an cấp xã" in world.channel.letters[-1].text


def test_persons_and_families_are_never_written_to(world: World) -> None:
    world.follow(plan_text("alpha, nguoi-dan")).go("09/12/2024")
    world.expect(ASSIGNED, "02/12 alpha before-7", "06/12 alpha before-1", "09/12 alpha due")
    assert world.ledger("ke/bao-cao/nguoi-dan/2024") == {
        "before-7": "never_messaged",
        "before-1": "never_messaged",
        "due": "never_messaged",
    }


def test_without_a_contact_the_notice_waits_and_the_newest_goes_out_when_one_is_there(world: World) -> None:
    world.follow(plan_text(), contacts=False).go("09/12/2024")
    world.expect()
    assert world.ledger(REPORT_ID) == {"before-7": "superseded", "before-1": "superseded", "due": "no_contact"}
    world.add_contact("u.alpha", ContactRole.AGENCY, "alpha@u.example")
    world.go("10/12/2024")
    world.expect("10/12 alpha assigned", "10/12 alpha due")


def test_after_ten_days_switched_off_each_person_gets_one_digest_with_the_newest_rung(world: World) -> None:
    world.follow(plan_text()).go("05/12/2024")
    world.new()
    world.jump("17/12/2024", "08:10")
    world.expect("17/12 alpha overdue-2", "17/12 officer lead", "17/12 stand-in lead", "17/12 head head-1")
    ledger = world.ledger(REPORT_ID)
    assert {ledger[rung] for rung in ("before-1", "due", "overdue-1", "check")} == {"superseded"}
    missed = world.occurrence(REPORT_ID).missed_at
    assert missed is not None
    assert f"{missed:%Y-%m-%d %H:%M}" == "2024-12-10 17:00"


def test_nothing_leaves_at_night_or_on_a_day_off_and_nothing_is_lost(world: World) -> None:
    world.follow(plan_text(), on="06/01/2024", clock="10:00")  # a Saturday
    world.expect()
    world.go("07/01/2024", "12:00")
    world.expect()
    world.go("08/01/2024")
    world.expect("08/01 alpha assigned")
    world.jump("09/12/2024", "17:29")
    world.expect("09/12 alpha due")


def test_a_working_saturday_is_a_working_day(world: World) -> None:
    duties = REPORT.replace("RESPONSIBLE", "alpha").replace(
        "kind: annual, month: 12, day: 10, boundary: before", "kind: annual, month: 5, day: 5, boundary: 'on'"
    )
    world.follow(plan_text(duties=duties), on="02/04/2024").go("09/05/2024")
    world.expect(
        "02/04 alpha assigned",
        "26/04 alpha before-7",
        "04/05 alpha due",
        "07/05 officer check",
        "08/05 alpha overdue-1",
        "09/05 officer lead",
        "09/05 stand-in lead",
    )


def test_reminders_that_fall_into_tet_go_out_before_it(world: World) -> None:
    duties = REPORT.replace("RESPONSIBLE", "alpha").replace("month: 12, day: 10", "month: 2, day: 15")
    world.follow(plan_text(duties=duties), on="02/01/2024").go("19/02/2024")  # off from 08 to 14/02
    world.expect("02/01 alpha assigned", "07/02 alpha due", "16/02 officer check", "19/02 alpha overdue-1")
    assert world.ledger(REPORT_ID)["before-7"] == "same_day"


def test_a_deadline_changed_in_the_plan_file_is_told_and_followed(world: World) -> None:
    world.follow(plan_text()).go("03/12/2024", "10:00")
    world.new()
    result = world.change_plan(plan_text().replace("day: 10, boundary", "day: 20, boundary"))
    assert (result.outcome, result.moved, result.made, result.cancelled) == ("revised", 1, 0, 0)
    world.go("19/12/2024")
    world.expect("04/12 alpha assigned", "12/12 alpha before-7", "18/12 alpha before-1", "19/12 alpha due")


def test_a_body_added_and_one_taken_out_by_a_changed_file(world: World) -> None:
    world.follow(plan_text("alpha, beta")).go("03/12/2024", "10:00")
    world.new()
    result = world.change_plan(plan_text("alpha, gamma"))
    assert (result.made, result.moved, result.cancelled) == (1, 0, 1)
    assert world.occurrence("ke/bao-cao/beta/2024").state is State.CANCELLED
    world.go("09/12/2024")
    world.expect(
        "04/12 gamma assigned", "06/12 alpha before-1", "06/12 gamma before-1", "09/12 alpha due", "09/12 gamma due"
    )


def test_a_plan_withdrawn_is_silent_from_then_on(world: World) -> None:
    world.follow(plan_text()).go("05/12/2024", "10:00")
    world.new()
    with writing(world.engine) as c:
        assert intake.stop(c, "ke", now=world.now, actor="officer") == 1
    world.go("31/12/2024")
    world.expect()
    assert world.occurrence(REPORT_ID).state is State.CANCELLED


def test_a_body_that_ended_owes_nothing_after_and_is_not_written_to(world: World) -> None:
    text = plan_text("alpha, beta").replace(
        "{id: alpha, name: Phòng Alpha}", "{id: alpha, name: Phòng Alpha, until: 2024-12-11}"
    )
    world.follow(text).go("12/12/2024")
    world.expect(
        ASSIGNED,
        "01/11 beta assigned",
        "02/12 alpha before-7",
        "02/12 beta before-7",
        "06/12 alpha before-1",
        "06/12 beta before-1",
        "09/12 alpha due",
        "09/12 beta due",
        "11/12 officer check",
        "12/12 beta overdue-1",
    )
    assert world.ledger(REPORT_ID)["overdue-1"] == "agency_ended"
    with reading(world.engine) as c:
        rows = {row.occurrence: row for row in due_rows(c, now=world.now)}
    assert rows[REPORT_ID].needs_successor
    assert rows[REPORT_ID].status_text == "Cần cơ quan kế thừa"


def test_a_successor_takes_an_open_duty_over(world: World) -> None:
    world.follow(plan_text()).go("03/12/2024", "10:00")
    world.new()
    with reading(world.engine) as c:
        gamma = load_register(c)["u.gamma"]
    world.move("transfer", REPORT_ID, to=gamma, document="12/NQ-HĐND")
    world.go("09/12/2024")
    world.expect("04/12 gamma assigned", "06/12 gamma before-1", "09/12 gamma due")
    assert world.occurrence(REPORT_ID).transferred_to == "ke/bao-cao/gamma/2024"


def test_what_fell_due_before_tracking_is_listed_and_never_spoken_of(world: World) -> None:
    world.follow(plan_text(), on="11/12/2024")
    world.go("31/12/2024")
    world.expect()
    assert status_of(world.occurrence(REPORT_ID), today=day("31/12/2024")) is Status.BEFORE_TRACKING


def test_a_received_paper_left_lying_reminds_the_officer(world: World) -> None:
    world.follow(plan_text()).go("03/12/2024", "10:00")
    world.new()
    world.record(REPORT_ID, "03/12/2024", review=True)
    world.go("06/12/2024")
    world.expect("06/12 officer review")
    world.move("accept", REPORT_ID)
    world.go("31/12/2024")
    world.expect()


@pytest.mark.parametrize("o", [REPORT_ID])
def test_officer_and_stranger_get_nothing_of_an_agencys_reminders(world: World, o: str) -> None:
    world.follow(plan_text()).go("09/12/2024")
    world.new()
    assert {letter.address for letter in world.channel.letters} == {"alpha@u.example"}
    assert OFFICER not in {letter.address for letter in world.channel.letters}
    assert world.occurrence(o).agency_id != LEAD
