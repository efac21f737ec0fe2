"""Bringing a plan in, following it, taking a changed file over, and stopping."""

from __future__ import annotations

from datetime import date

import pytest

from plans.errors import PlanError
from tasks import intake
from tasks.database import reading, writing
from tasks.errors import BadInput, PlanAlreadyActive, PlanNotActive, PlanStopped, PlanUnknown
from tasks.intake import Brought
from tasks.listing import due_rows
from tasks.model import Cause, State
from tasks.status import Status
from tests.support import ANSWERABLE, PLAN, PLAN_DUTIES, Valley, at, plan_text

MONTHLY = """\
  - id: bao-cao
    title: Báo cáo tháng
    section: IV.2
    responsible: [so-tai-chinh, so-noi-vu]
    due: {kind: monthly, day: 20, boundary: by, quote: "ngày 20", from: 2024-02-01, until: 2024-04-30}
"""
MARCH = f"{PLAN}/bao-cao/so-noi-vu/2024-03"


def _bring(v: Valley, text: bytes, moment: str) -> Brought:
    v.now = at(moment)
    with writing(v.engine) as c:
        return intake.add_plan(c, text, file="kh.yaml", now=v.now, actor="test")


def test_a_draft_is_listed_and_makes_nothing(valley: Valley) -> None:
    assert _bring(valley, plan_text(), "2024-02-01 08:00").outcome == "added"
    assert valley.ids() == []
    with reading(valley.engine) as c:
        rows = due_rows(c, now=at("2024-02-01 08:00"))
    assert [row.occurrence for row in rows][:1] == [f"{PLAN}/ke-hoach/cap-xa/once"]
    assert {row.status for row in rows} == {Status.OPEN}


def test_a_draft_is_replaced_by_its_next_text_and_the_same_text_changes_nothing(valley: Valley) -> None:
    _bring(valley, plan_text(), "2024-02-01 08:00")
    assert _bring(valley, plan_text(), "2024-02-01 08:10").outcome == "unchanged"
    assert _bring(valley, plan_text(PLAN_DUTIES + MONTHLY), "2024-02-01 08:20").outcome == "replaced"


def test_a_broken_file_leaves_the_register_as_it_was(valley: Valley) -> None:
    with pytest.raises(PlanError):
        _bring(valley, plan_text(PLAN_DUTIES.replace("so-noi-vu", "so-khong-co")), "2024-02-01 08:00")
    with reading(valley.engine) as c, pytest.raises(PlanUnknown):
        due_rows(c, now=valley.now, plan_id=PLAN)


def test_what_fell_due_before_the_start_is_listed_and_left_alone(valley: Valley) -> None:
    valley.follow("2024-03-18 08:00")
    o = valley.occurrence(ANSWERABLE)
    assert (o.before_tracking, o.next_check_at) == (True, None), "due on 16/3"
    assert valley.run("2024-03-18 08:10") == []


def test_a_start_before_the_day_of_issue_is_refused(valley: Valley) -> None:
    with pytest.raises(BadInput, match="14/01/2024"):
        valley.follow(start="2024-01-14")


def test_starting_and_stopping_twice_is_refused(valley: Valley) -> None:
    valley.follow()
    with pytest.raises(PlanAlreadyActive):
        valley.follow()
    assert valley.stop() == 5
    with pytest.raises(PlanNotActive):
        valley.stop()


def test_a_stopped_plan_takes_no_other_text(valley: Valley) -> None:
    valley.follow().stop()
    with pytest.raises(PlanStopped, match="đã dừng theo dõi"):
        _bring(valley, plan_text(PLAN_DUTIES + MONTHLY), "2024-02-01 09:00")


def test_after_stopping_nothing_is_said_any_more(valley: Valley) -> None:
    valley.follow().stop()
    for day in ("2024-02-01 08:10", "2024-03-08 07:30", "2024-03-20 07:30", "2024-03-25 07:30"):
        assert valley.run(day) == []
    assert valley.occurrence(ANSWERABLE).state is State.CANCELLED


def test_a_later_start_is_announced_on_its_morning(valley: Valley) -> None:
    valley.follow("2024-02-01 08:00", start="2024-02-19")
    assert valley.run("2024-02-16 09:00") == []
    assert valley.run("2024-02-19 07:00") == []
    assert len(valley.run("2024-02-19 07:30")) == 4


def test_a_changed_deadline_is_a_new_revision_and_told_anew(valley: Valley) -> None:
    valley.follow().run("2024-02-01 08:10")
    brought = _bring(valley, plan_text(PLAN_DUTIES.replace("2024-03-16", "2024-03-30")), "2024-03-11 09:00")
    assert (brought.outcome, brought.moved, brought.made, brought.cancelled) == ("revised", 5, 0, 0)
    o = valley.occurrence(ANSWERABLE)
    assert (o.last_day, o.late_after, o.revision, o.cause) == (date(2024, 3, 29), date(2024, 4, 1), 2, Cause.PLAN)
    assert len(valley.run("2024-03-11 09:10")) == 4


def test_an_extension_and_a_return_stand_against_a_changed_deadline(valley: Valley) -> None:
    valley.follow().go("2024-03-11 09:00").extend(ANSWERABLE, to="2024-04-10")
    other = f"{PLAN}/ke-hoach/so-noi-vu/once"
    valley.record(other, received="2024-03-11")
    valley.give_back(other)
    _bring(valley, plan_text(PLAN_DUTIES.replace("2024-03-16", "2024-03-30")), "2024-03-11 09:05")
    assert valley.occurrence(ANSWERABLE).due == date(2024, 4, 10)
    returned = valley.occurrence(other)
    assert (returned.revision, returned.announce) == (2, "returned"), "the return is still to be told"
    assert "agency@so-noi-vu.example" in [letter.address for letter in valley.run("2024-03-11 09:10")]


def test_what_is_no_longer_ordered_is_cancelled_and_comes_back_with_a_later_text(valley: Valley) -> None:
    both, one = plan_text(PLAN_DUTIES + MONTHLY), plan_text(PLAN_DUTIES + MONTHLY.replace(", so-noi-vu", ""))
    valley.follow(text=both).run("2024-02-01 08:10")
    assert _bring(valley, one, "2024-02-26 09:00").cancelled == 3
    assert valley.occurrence(MARCH).state is State.CANCELLED
    _bring(valley, both, "2024-02-27 09:00")
    back = valley.occurrence(MARCH)
    assert (back.state, back.cause) == (State.OPEN, Cause.REOPENED)
    assert valley.occurrence(MARCH.replace("03", "02")).state is State.CANCELLED, "fell due while it was not ordered"
    assert "agency@so-noi-vu.example" in [letter.address for letter in valley.run("2024-02-27 09:10")]
    assert [letter.address for letter in valley.run("2024-03-19 07:30")].count("agency@so-noi-vu.example") == 1


def test_the_plan_s_own_reading_is_taken_over_without_telling_the_agencies(valley: Valley) -> None:
    valley.follow().run("2024-02-01 08:10")
    _bring(valley, plan_text() + b"reading: {before: day_before}\n", "2024-03-11 09:00")
    o = valley.occurrence(ANSWERABLE)
    assert (o.late_after, o.revision, o.cause) == (date(2024, 3, 15), 2, Cause.READING)
    assert "assigned" not in [row.rung for row in valley.ledger() if row.revision == 2]


def test_a_changed_standing_and_window_are_taken_over(valley: Valley) -> None:
    valley.follow()
    text = plan_text().replace(b"so-noi-vu, relation: subordinate", b"so-noi-vu, relation: peer")
    window = b'quote: "tr\xc6\xb0\xe1\xbb\x9bc ng\xc3\xa0y 16/3/2024", window: {from: 2024-01-01, to: 2024-02-29}'
    text = text.replace(b'quote: "tr\xc6\xb0\xe1\xbb\x9bc ng\xc3\xa0y 16/3/2024"', window)
    _bring(valley, text, "2024-02-26 09:00")
    o = valley.occurrence(f"{PLAN}/ke-hoach/so-noi-vu/once")
    assert (o.relation, o.window_from, o.window_to, o.revision) == ("peer", date(2024, 1, 1), date(2024, 2, 29), 1)


def test_the_lead_unit_of_a_followed_plan_cannot_change(valley: Valley) -> None:
    valley.follow()
    text = plan_text().replace(b"lead: {agency: cong-an,", b"lead: {agency: so-moi,")
    text = text.replace(b"  - {agency: so-moi, relation: peer, ground: III.6}\n", b"")
    with pytest.raises(BadInput, match="đơn vị theo dõi"):
        _bring(valley, text, "2024-02-26 09:00")
