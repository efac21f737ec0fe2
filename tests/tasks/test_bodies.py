"""Bodies that end, and the successors of what they owed (decision 0008)."""

from __future__ import annotations

from datetime import date

import pytest

from plans.model import Agency
from tasks import intake
from tasks.agencies import load_register
from tasks.bodies import Rename, rename_body
from tasks.database import reading, writing
from tasks.errors import BadInput
from tasks.listing import due_rows
from tasks.model import Cause, State
from tests.support import ANSWERABLE, FINANCE, HEIR, INTERIOR, PLAN, PLAN_DUTIES, Valley, plan_text

HEIRS = f"{PLAN}/ke-hoach/so-moi/once"


@pytest.fixture
def followed(valley: Valley) -> Valley:
    """Due before 16/3 (a Saturday), late after 18/3; followed and announced."""
    valley.follow().run("2024-02-01 08:10")
    return valley.go("2024-03-01 09:00")


def _bring(v: Valley, text: bytes) -> None:
    with writing(v.engine) as c:
        intake.add_plan(c, text, file="kh.yaml", now=v.now, actor="test")


def _listed(v: Valley, occurrence_id: str) -> tuple[str, bool]:
    with reading(v.engine) as c:
        [row] = [row for row in due_rows(c, now=v.now) if row.occurrence == occurrence_id]
    return row.status_text, row.needs_successor


# -- ends --


def test_an_end_acts_at_once_and_leaves_its_mark(followed: Valley) -> None:
    followed.end_body(FINANCE, "2024-03-15")
    assert followed.occurrence(ANSWERABLE).state is State.CANCELLED
    [event] = followed.events("cancel", ANSWERABLE)
    assert event.data["why"] == "agency_ended"
    [end] = followed.events("agency_end")
    assert (end.agency_id, end.data) == (FINANCE, {"was": None, "is": "2024-03-15"})
    assert "agency@so-tai-chinh.example" not in [x.address for x in followed.run("2024-03-08 07:30")]


def test_what_falls_due_on_the_last_day_is_owed(followed: Valley) -> None:
    followed.end_body(FINANCE, "2024-03-16")
    assert followed.occurrence(ANSWERABLE).state is State.OPEN


def test_what_an_end_had_cancelled_waits_for_a_successor_and_can_be_handed_over(followed: Valley) -> None:
    followed.end_body(FINANCE, "2024-03-15")
    assert _listed(followed, ANSWERABLE) == ("Cần cơ quan kế thừa", True)
    followed.transfer(ANSWERABLE, HEIR)
    assert followed.occurrence(HEIRS).state is State.OPEN
    followed.end_body(FINANCE, None)
    assert followed.occurrence(ANSWERABLE).state is State.TRANSFERRED, "what was handed over is not taken back"


def test_an_end_taken_back_brings_back_what_is_still_ahead(followed: Valley) -> None:
    followed.claim(ANSWERABLE)
    followed.end_body(FINANCE, "2024-03-10")
    followed.go("2024-03-04 09:00").end_body(FINANCE, None)
    assert followed.occurrence(ANSWERABLE).state is State.CLAIMED
    assert [x.address for x in followed.run("2024-03-04 09:10")] == ["agency@so-tai-chinh.example"], "told once more"
    followed.go("2024-03-05 09:00").end_body(INTERIOR, "2024-03-10")
    followed.go("2024-03-19 09:00").end_body(INTERIOR, None)
    assert followed.occurrence(f"{PLAN}/ke-hoach/so-noi-vu/once").state is State.CANCELLED, "its day has passed"


def test_an_end_taken_back_does_not_bring_back_what_the_text_dropped(followed: Valley) -> None:
    _bring(followed, plan_text(PLAN_DUTIES.replace("so-tai-chinh, ", "")))
    followed.end_body(FINANCE, "2024-03-10")
    followed.end_body(FINANCE, None)
    assert followed.occurrence(ANSWERABLE).state is State.CANCELLED


def test_a_plan_file_that_is_silent_about_an_end_takes_none_back(followed: Valley) -> None:
    followed.end_body(FINANCE, "2024-03-15")
    _bring(followed, plan_text(PLAN_DUTIES.replace("2024-03-16", "2024-03-14")))
    assert followed.occurrence(ANSWERABLE).state is State.OPEN, "due before the end again"
    _bring(followed, plan_text())
    assert followed.occurrence(ANSWERABLE).state is State.CANCELLED
    assert len(followed.events("agency_end")) == 1


def test_a_plan_file_that_names_another_end_is_the_newest_word(followed: Valley) -> None:
    followed.end_body(FINANCE, "2024-03-10")
    _bring(
        followed, plan_text().replace("name: Sở Tài chính}".encode(), "name: Sở Tài chính, until: 2024-06-30}".encode())
    )
    assert followed.occurrence(ANSWERABLE).state is State.OPEN
    assert [e.data["is"] for e in followed.events("agency_end")] == ["2024-03-10", "2024-06-30"]


def test_an_end_that_only_the_new_text_brings_can_be_taken_back(followed: Valley) -> None:
    ended = "name: Sở Tài chính, until: 2024-03-10}".encode()
    _bring(followed, plan_text().replace("name: Sở Tài chính}".encode(), ended))
    [event] = followed.events("cancel", ANSWERABLE)
    assert event.data["why"] == "agency_ended"
    followed.end_body(FINANCE, None)
    assert followed.occurrence(ANSWERABLE).state is State.OPEN


# -- successors --


def test_a_successor_of_something_overdue_has_five_working_days_and_a_ladder_of_its_own(followed: Valley) -> None:
    followed.advance("2024-03-21 09:00")  # Thursday; overdue since the 19th
    assert followed.occurrence(ANSWERABLE).missed_at is not None
    followed.transfer(ANSWERABLE, HEIR)
    fresh = followed.occurrence(HEIRS)
    assert fresh.due == fresh.last_day == fresh.late_after == date(2024, 3, 28)
    followed.advance("2024-03-21 09:10")
    assert followed.occurrence(HEIRS).missed_at is None
    assert [x.address for x in followed.run("2024-03-27 07:30")].count("agency@so-moi.example") == 2
    assert followed.told(HEIRS)["before-1"] == "composed"
    [o] = followed.go("2024-03-29 09:00").record(HEIRS, received="2024-03-29")
    assert o.days_late == 1, "counted from its own day"


def test_a_successor_before_the_deadline_has_the_plan_s_day(followed: Valley) -> None:
    followed.go("2024-03-18 09:00").transfer(ANSWERABLE, HEIR)
    assert followed.occurrence(HEIRS).late_after == date(2024, 3, 18)


def test_a_successor_has_at_least_the_day_to_which_the_paper_was_returned(followed: Valley) -> None:
    followed.go("2024-03-19 09:00").record(ANSWERABLE, received="2024-03-15")
    followed.give_back(ANSWERABLE, by="2024-04-10")
    followed.transfer(ANSWERABLE, HEIR)
    assert followed.occurrence(HEIRS).late_after == date(2024, 4, 10)


def test_a_successor_follows_a_changed_deadline(followed: Valley) -> None:
    followed.transfer(ANSWERABLE, HEIR)
    _bring(followed, plan_text(PLAN_DUTIES.replace("2024-03-16", "2024-03-30")))
    o = followed.occurrence(HEIRS)
    assert (o.due, o.late_after, o.cause) == (date(2024, 3, 30), date(2024, 4, 1), Cause.PLAN)
    assert "agency@so-moi.example" in [x.address for x in followed.run("2024-03-01 09:10")]


def test_a_day_of_its_own_stands_until_the_plan_s_day_moves(followed: Valley) -> None:
    followed.go("2024-03-21 09:00").transfer(ANSWERABLE, HEIR)
    _bring(followed, plan_text(PLAN_DUTIES.replace("Kế hoạch triển khai", "Kế hoạch thực hiện")))
    assert followed.occurrence(HEIRS).due == date(2024, 3, 28)
    _bring(followed, plan_text(PLAN_DUTIES.replace("2024-03-16", "2024-04-30")))
    assert followed.occurrence(HEIRS).due == date(2024, 4, 30)


def test_an_extension_of_the_successor_stands_against_a_changed_deadline(followed: Valley) -> None:
    followed.transfer(ANSWERABLE, HEIR)
    followed.extend(HEIRS, to="2024-05-15")
    _bring(followed, plan_text(PLAN_DUTIES.replace("2024-03-16", "2024-03-30")))
    assert followed.occurrence(HEIRS).due == date(2024, 5, 15)


def test_a_successor_s_successor_follows_the_first_one_s_deadline(followed: Valley) -> None:
    duties = PLAN_DUTIES.replace("so-tai-chinh, so-noi-vu", "so-tai-chinh")
    _bring(followed, plan_text(duties))
    followed.transfer(ANSWERABLE, HEIR)
    followed.transfer(HEIRS, FINANCE.replace("so-tai-chinh", "cong-an"))
    _bring(followed, plan_text(duties.replace("2024-03-16", "2024-03-30")))
    assert followed.occurrence(f"{PLAN}/ke-hoach/cong-an/once").due == date(2024, 3, 30)


def test_an_ended_body_is_no_successor(followed: Valley) -> None:
    followed.end_body(HEIR, "2024-02-28")
    with pytest.raises(BadInput, match="28/02/2024"):
        followed.transfer(ANSWERABLE, HEIR)


# -- names --


def _rename(v: Valley, name: str, since: str, *, slip: bool = False, units: frozenset[str] | None = None) -> Agency:
    with writing(v.engine) as c:
        given = Rename(name, date.fromisoformat(since), "5/QĐ", slip)
        return rename_body(c, FINANCE, given, units, now=v.now, actor="test")


def test_another_name_keeps_the_one_before_with_its_days(followed: Valley) -> None:
    body = _rename(followed, "Sở Tài chính và Kế hoạch", "2024-03-01")
    assert body.name_on(date(2024, 2, 29)) == "Sở Tài chính"
    assert body.name_on(date(2024, 3, 1)) == "Sở Tài chính và Kế hoạch"
    followed.go("2024-03-05 09:00")
    again = _rename(followed, "Sở Tài chính", "2024-03-05")
    assert [(each.name, each.start, each.until) for each in again.names] == [
        ("Sở Tài chính", None, date(2024, 2, 29)),
        ("Sở Tài chính và Kế hoạch", date(2024, 3, 1), date(2024, 3, 4)),
    ]
    [first, _second] = followed.events("agency_renamed")
    assert (first.agency_id, first.data["is"]) == (FINANCE, "Sở Tài chính và Kế hoạch")


def test_a_slip_in_a_name_is_no_earlier_name(followed: Valley) -> None:
    assert _rename(followed, "Sở Tài Chính", "2024-03-01", slip=True).names == ()


def test_messages_use_the_new_name_and_an_older_plan_file_does_not_take_it_back(followed: Valley) -> None:
    _rename(followed, "Sở Tài chính và Kế hoạch", "2024-03-01")
    _bring(followed, plan_text(PLAN_DUTIES.replace("Kế hoạch triển khai", "Kế hoạch thực hiện")))
    with reading(followed.engine) as c:
        assert load_register(c)[FINANCE].name == "Sở Tài chính và Kế hoạch"
    [letter] = [x for x in followed.run("2024-03-08 07:30") if x.address == "agency@so-tai-chinh.example"]
    assert "Sở Tài chính và Kế hoạch" in letter.text


@pytest.mark.parametrize(
    ("name", "since", "why"),
    [
        ("", "2024-03-01", "Ghi tên mới"),
        ("Sở Tài chính", "2024-03-01", "giống tên đang dùng"),
        ("so noi vu", "2024-03-01", "đã có cơ quan tên"),
        ("Sở X", "2024-03-02", "chưa tới"),
    ],
)
def test_a_name_that_cannot_be(followed: Valley, name: str, since: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        _rename(followed, name, since)


def test_a_body_of_another_unit_s_plan_is_not_renamed_by_one(followed: Valley) -> None:
    with pytest.raises(BadInput, match="do người quản trị ghi"):
        _rename(followed, "Sở X", "2024-03-01", units=frozenset({"noi-khac.cong-an"}))
