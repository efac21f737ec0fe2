"""Claims, returns, extensions, promises and successors: what each leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from tasks import moves
from tasks.database import writing
from tasks.errors import BadInput
from tasks.model import Cause, State
from tests.support import ANSWERABLE, FINANCE, FRONT, HEIR, INTERIOR, LEAD, PLAN, PLAN_DUTIES, Valley, at, plan_text

WHO: dict[str, Any] = {"now": at("2024-03-14 09:00"), "actor": "test"}
FEEDING = """\
  - id: bao-cao
    title: Báo cáo năm
    section: IV.2
    responsible: [so-tai-chinh]
    due: {kind: once, on: 2024-05-24, boundary: by, quote: "ngày 24/5"}
    feeds: tong-hop
  - id: tong-hop
    title: Báo cáo tổng hợp
    section: IV.3
    responsible: [cong-an]
    due: {kind: once, on: 2024-05-31, boundary: by, quote: "ngày 31/5"}
"""


def test_a_claim_pauses_three_working_days(valley: Valley) -> None:
    valley.follow().go("2024-03-14 15:00")  # Thursday
    o = valley.claim(ANSWERABLE)
    assert (o.muted_until, o.muted_why, o.claimed) == (date(2024, 3, 19), "claim", "9/BC")


def test_a_return_is_due_three_working_days_later_unless_said_otherwise(valley: Valley) -> None:
    valley.follow().go("2024-03-14 15:00").record(ANSWERABLE, received="2024-03-14")
    o = valley.give_back(ANSWERABLE)
    assert (o.resend_by, o.revision, o.cause, o.announce) == (date(2024, 3, 19), 2, Cause.RETURNED, "returned")
    valley.record(ANSWERABLE, received="2024-03-14")
    assert valley.give_back(ANSWERABLE, by="2024-04-01").resend_by == date(2024, 4, 1)


def test_a_return_cannot_be_due_in_the_past(valley: Valley) -> None:
    valley.follow().go("2024-03-14 15:00").record(ANSWERABLE, received="2024-03-14")
    with pytest.raises(BadInput, match="13/03/2024"):
        valley.give_back(ANSWERABLE, by="2024-03-13")


@pytest.mark.parametrize(
    ("first", "resent", "late", "missed"),
    [
        ("2024-03-15", "2024-03-27", 0, None),  # first in time, resent in time
        ("2024-03-15", "2024-03-29", 2, "2024-03-28 00:00"),  # first in time, resent two days late
        ("2024-03-20", "2024-03-27", 2, "2024-03-19 00:00"),  # first two days late, resent in time
        ("2024-03-20", "2024-03-29", 4, "2024-03-19 00:00"),  # both late: the lead's own days do not count
    ],
)
def test_lateness_after_a_return(valley: Valley, first: str, resent: str, late: int, missed: str | None) -> None:
    valley.follow().advance("2024-03-22 09:00")
    valley.record(ANSWERABLE, received=first)
    valley.give_back(ANSWERABLE, by="2024-03-27")
    valley.advance("2024-04-01 09:00")
    assert valley.record(ANSWERABLE, received=resent)[0].days_late == late
    valley.advance("2024-04-01 09:10")
    assert valley.occurrence(ANSWERABLE).missed_at == (at(missed) if missed else None)


def test_a_claim_after_a_return_still_counts_to_the_resend_day(valley: Valley) -> None:
    valley.follow().go("2024-03-20 09:00").record(ANSWERABLE, received="2024-03-15")
    valley.give_back(ANSWERABLE, by="2024-03-27")
    valley.claim(ANSWERABLE)
    valley.advance("2024-03-22 09:00")
    o = valley.occurrence(ANSWERABLE)
    assert (o.state, o.missed_at) == (State.CLAIMED, None)
    valley.advance("2024-03-28 09:00")
    assert valley.occurrence(ANSWERABLE).missed_at == at("2024-03-28 00:00")


def test_an_extension_before_the_deadline_moves_all_three_dates(valley: Valley) -> None:
    valley.follow().go("2024-03-12 09:00")
    o = valley.extend(ANSWERABLE, to="2024-04-13")[0]  # a Saturday
    assert (o.due, o.last_day, o.late_after) == (date(2024, 4, 13), date(2024, 4, 13), date(2024, 4, 15))
    assert (o.revision, o.cause, o.announce, o.extended_by) == (2, Cause.EXTENDED, "extended", "77/UBND")


def test_an_extension_after_the_deadline_withdraws_the_miss_only_where_the_new_day_is_ahead(valley: Valley) -> None:
    valley.follow().advance("2024-03-20 09:00")
    assert valley.occurrence(ANSWERABLE).missed_at is not None
    assert valley.extend(ANSWERABLE, to="2024-03-29")[0].missed_at is None
    other = f"{PLAN}/ke-hoach/so-noi-vu/once"
    valley.go("2024-03-25 09:00")
    assert valley.extend(other, to="2024-03-21")[0].missed_at is not None, "already past again"
    valley.advance("2024-03-25 09:10")
    assert valley.occurrence(other).missed_at == at("2024-03-22 00:00"), "missed anew, at the new moment"


def test_an_extension_is_for_any_number_of_agencies_or_for_none(valley: Valley) -> None:
    valley.follow().go("2024-03-12 09:00")
    other = f"{PLAN}/ke-hoach/so-noi-vu/once"
    with pytest.raises(BadInput, match="không sau hạn hiện nay"):
        valley.extend(ANSWERABLE, other, to="2024-03-15")
    assert [valley.occurrence(o).revision for o in (ANSWERABLE, other)] == [1, 1]
    assert len(valley.extend(ANSWERABLE, other, to="2024-03-18")) == 2


def test_an_extended_return_is_due_on_the_new_day_claimed_or_not(valley: Valley) -> None:
    valley.follow().go("2024-03-14 09:00").record(ANSWERABLE, received="2024-03-14")
    valley.give_back(ANSWERABLE)
    valley.claim(ANSWERABLE)
    o = valley.extend(ANSWERABLE, to="2024-04-10")[0]
    assert o.ladder_last_day == o.ladder_late_after == date(2024, 4, 10)


def test_a_promise_mutes_and_moves_no_deadline(valley: Valley) -> None:
    valley.follow().go("2024-03-14 09:00")
    before = valley.occurrence(ANSWERABLE)
    o = valley.promise(ANSWERABLE, "2024-04-10")
    assert (o.muted_until, o.late_after, o.revision) == (date(2024, 4, 10), before.late_after, 1)
    with pytest.raises(BadInput, match="13/03/2024"):
        valley.promise(ANSWERABLE, "2024-03-13")


def test_a_hold_ends_today_or_later_or_is_lifted(valley: Valley) -> None:
    valley.follow().go("2024-03-14 09:00")
    assert valley.hold(ANSWERABLE, "2024-03-14").muted_until == date(2024, 3, 14)
    with pytest.raises(BadInput, match=r"Ngày tạm dừng 13/03/2024 đã qua\."):
        valley.hold(ANSWERABLE, "2024-03-13")
    assert valley.hold(ANSWERABLE, None).muted_until is None


def test_a_successor_takes_over_with_the_same_dates_and_is_told(valley: Valley) -> None:
    valley.follow().run("2024-02-01 08:10")
    valley.run("2024-03-08 07:30")
    valley.go("2024-03-12 09:00").transfer(ANSWERABLE, HEIR)
    fresh = valley.occurrence(f"{PLAN}/ke-hoach/so-moi/once")
    old = valley.occurrence(ANSWERABLE)
    assert (old.state, old.transferred_to) == (State.TRANSFERRED, fresh.id)
    assert (fresh.last_day, fresh.state, fresh.tracked_from, fresh.revision) == (
        old.last_day,
        State.OPEN,
        date(2024, 3, 12),
        1,
    )
    told = [letter.address for letter in valley.run("2024-03-12 09:10")]
    assert told == ["agency@so-moi.example"]


def test_a_successor_that_has_ended_or_owes_it_already_is_refused(valley: Valley) -> None:
    valley.follow().go("2024-03-12 09:00")
    with pytest.raises(BadInput, match="đã có kỳ này"):
        valley.transfer(ANSWERABLE, INTERIOR)
    with pytest.raises(BadInput, match="đã có kỳ này"):
        valley.transfer(ANSWERABLE, FINANCE)
    valley.end_body(HEIR, "2024-03-11")
    with pytest.raises(BadInput, match="11/03/2024"):
        valley.transfer(ANSWERABLE, HEIR)
    assert valley.occurrence(ANSWERABLE).state is State.OPEN


@pytest.mark.parametrize(("owner", "heir", "relation"), [
    ("cong-an", FRONT, "peer"), ("mat-tran", HEIR, "requested"), ("so-noi-vu", HEIR, "subordinate"),
])  # fmt: skip
def test_how_a_successor_stands(valley: Valley, owner: str, heir: str, relation: str) -> None:
    duties = PLAN_DUTIES + FEEDING
    valley.follow(text=plan_text(duties)).go("2024-03-12 09:00")
    duty = "tong-hop" if owner == "cong-an" else "ke-hoach"
    valley.transfer(f"{PLAN}/{duty}/{owner}/once", heir)
    assert valley.occurrence(f"{PLAN}/{duty}/{heir.partition('.')[2]}/once").relation == relation
    assert LEAD.endswith("cong-an")


def test_reopening_leaves_only_the_trail_of_what_came_in(valley: Valley) -> None:
    valley.follow().go("2024-03-14 09:00").record(ANSWERABLE, received="2024-03-14")
    o = valley.reopen(ANSWERABLE)
    assert (o.state, o.received_on, o.first_received, o.days_late, o.noted_at) == (State.OPEN, None, None, None, None)
    assert (o.revision, o.cause) == (2, Cause.REOPENED)
    assert [e.kind for e in valley.events(occurrence_id=ANSWERABLE)] == ["record", "reopen"]


def test_what_feeds_a_report_whose_deadline_moves_is_looked_at_again(valley: Valley) -> None:
    valley.follow(text=plan_text(PLAN_DUTIES + FEEDING)).advance("2024-03-12 09:00")
    feeding = f"{PLAN}/bao-cao/so-tai-chinh/once"
    assert valley.occurrence(feeding).next_check_at != at("2024-03-13 09:00")
    valley.go("2024-03-13 09:00").extend(f"{PLAN}/tong-hop/cong-an/once", to="2024-06-28")
    assert valley.occurrence(feeding).next_check_at == at("2024-03-13 09:00")


REASONLESS: dict[str, Callable[[Connection], object]] = {
    "return": lambda c: moves.return_(c, ANSWERABLE, reason=" ", by=None, **WHO),
    "waive": lambda c: moves.waive(c, ANSWERABLE, reason="", **WHO),
    "extend": lambda c: moves.extend(c, [ANSWERABLE], to=date(2024, 5, 1), document=" ", **WHO),
}


@pytest.mark.parametrize("move", REASONLESS)
def test_what_needs_a_reason_is_refused_without_one(valley: Valley, move: str) -> None:
    valley.follow().go("2024-03-14 09:00")
    if move == "return":
        valley.record(ANSWERABLE, received="2024-03-14")
    with pytest.raises(BadInput), writing(valley.engine) as c:
        REASONLESS[move](c)
