"""Starting again after a stop, and putting the start day right (decision 0007)."""

from __future__ import annotations

from datetime import date

import pytest

from tasks import intake
from tasks.audit import report
from tasks.database import reading, writing
from tasks.errors import BadInput, PlanAlreadyActive, PlanStopped
from tasks.intake import Started
from tasks.model import Cause, State
from tasks.tracking import Span, spans_of
from tests.support import ANSWERABLE, FINANCE, INTERIOR, PLAN, PLAN_DUTIES, Valley, plan_text

MONTHLY = """\
  - id: bao-cao-thang
    title: Báo cáo tháng
    section: IV.2
    responsible: [so-tai-chinh]
    due: {kind: monthly, day: 10, boundary: by, quote: "ngày 10 hằng tháng", from: 2024-02-01, until: 2024-06-30}
"""
INTERIORS = f"{PLAN}/ke-hoach/so-noi-vu/once"


def _monthly(month: int) -> str:
    return f"{PLAN}/bao-cao-thang/so-tai-chinh/2024-{month:02d}"


@pytest.fixture
def followed(valley: Valley) -> Valley:
    """A plan due before 16/3 and a monthly report, followed from 01/02/2024 and announced."""
    valley.follow(text=plan_text(PLAN_DUTIES + MONTHLY)).run("2024-02-01 08:10")
    return valley


def _start(v: Valley, start: str | None = None) -> Started:
    with writing(v.engine) as c:
        day = date.fromisoformat(start) if start else None
        return intake.activate(c, PLAN, start=day, now=v.now, actor="test")


def _spans(v: Valley) -> list[Span]:
    with reading(v.engine) as c:
        return spans_of(c, PLAN)


def _missed(v: Valley) -> list[str]:
    with reading(v.engine) as c:
        return [line.occurrence for line in report(c, now=v.now).missed]


# -- starting again --


def test_a_stopped_plan_goes_on_as_it_stood_before(followed: Valley) -> None:
    followed.go("2024-03-01 09:00").claim(ANSWERABLE)
    followed.record(INTERIORS, received="2024-03-01")
    followed.give_back(INTERIORS, by="2024-03-20")
    followed.waive(f"{PLAN}/ke-hoach/mat-tran/once")
    stood = {key: followed.occurrence(key).state for key in followed.ids()}
    followed.stop()
    started = _start(followed.go("2024-03-04 09:00"))
    assert {key: followed.occurrence(key).state for key in followed.ids()} == stood
    assert (started.outcome, started.resumed) == ("restarted", 9)
    assert followed.occurrence(INTERIORS).resend_by == date(2024, 3, 20)
    assert [e.kind for e in followed.events(occurrence_id=ANSWERABLE)] == ["claim", "cancel", "resume"]


def test_what_was_cancelled_for_another_reason_stays_cancelled(followed: Valley) -> None:
    with writing(followed.engine) as c:
        text = plan_text((PLAN_DUTIES + MONTHLY).replace("so-tai-chinh, so-noi-vu", "so-tai-chinh"))
        intake.add_plan(c, text, file="kh.yaml", now=followed.now, actor="test")
    followed.stop()
    _start(followed.go("2024-03-04 09:00"))
    assert followed.occurrence(INTERIORS).state is State.CANCELLED
    assert followed.occurrence(ANSWERABLE).state is State.OPEN


def test_what_fell_due_between_stop_and_start_is_before_tracking(followed: Valley) -> None:
    followed.advance("2024-02-16 09:00")
    assert followed.occurrence(_monthly(2)).missed_at is not None
    followed.go("2024-03-01 09:00").stop()
    _start(followed.go("2024-04-02 09:00"))
    assert _spans(followed) == [Span(date(2024, 2, 1), date(2024, 3, 1)), Span(date(2024, 4, 2))]
    stands = {month: followed.occurrence(_monthly(month)).before_tracking for month in (2, 3, 4)}
    assert stands == {2: False, 3: True, 4: False}
    followed.advance("2024-04-02 09:10")
    assert _missed(followed) == [_monthly(2)], "what fell due while it was followed is counted still"


def test_what_should_have_been_said_meanwhile_is_not_said_afterwards(followed: Valley) -> None:
    followed.go("2024-03-05 09:00").stop()
    _start(followed.go("2024-03-14 09:00"), "2024-03-01")
    assert followed.run("2024-03-14 09:10") == [], "before-7 passed; no gap in the start days, so nothing to announce"
    assert followed.told(ANSWERABLE)["before-7"] == "skipped:before_activation"
    told = [letter.address for letter in followed.run("2024-03-15 07:30")]
    assert "agency@so-tai-chinh.example" in told, "the last day is still told"


@pytest.mark.parametrize(("start", "told"), [(None, 4), ("2024-03-01", 0)])
def test_bodies_are_told_anew_only_after_a_gap(followed: Valley, start: str | None, told: int) -> None:
    followed.go("2024-03-01 09:00").stop()
    _start(followed.go("2024-03-04 09:00"), start)
    assert [row.kind for row in followed.messages()].count("assigned") == 4
    assert len(followed.run("2024-03-04 09:10")) == told


def test_bodies_nobody_was_told_to_before_the_stop_are_told_after_it(valley: Valley) -> None:
    valley.follow("2024-02-01 18:00").stop()
    _start(valley.go("2024-02-01 18:10"))
    assert len(valley.run("2024-02-02 07:30")) == 4


def test_a_start_on_a_day_to_come_is_announced_on_its_morning(followed: Valley) -> None:
    followed.go("2024-03-01 09:00").stop()
    _start(followed.go("2024-03-04 09:00"), "2024-03-11")
    assert followed.run("2024-03-08 07:30") == []
    assert len(followed.run("2024-03-11 07:30")) == 4


def test_what_is_missing_is_made(followed: Valley) -> None:
    text = plan_text(PLAN_DUTIES + MONTHLY.replace(", until: 2024-06-30", ""))
    with writing(followed.engine) as c:
        intake.add_plan(c, text, file="kh.yaml", now=followed.now, actor="test")
    followed.stop()
    assert _start(followed.go("2025-01-06 09:00")).made == 12, "the horizon is the end of 2026 by now"


def test_a_body_that_ended_while_the_plan_was_stopped_owes_nothing_after_its_end(followed: Valley) -> None:
    followed.go("2024-03-01 09:00").stop()
    followed.end_body(FINANCE, "2024-04-30")
    _start(followed.go("2024-03-04 09:00"))
    assert followed.occurrence(_monthly(4)).state is State.OPEN
    assert followed.occurrence(_monthly(5)).state is State.CANCELLED


# -- a stopped plan --


def test_a_late_paper_for_a_stopped_plan_is_written_down_and_nothing_is_sent(followed: Valley) -> None:
    followed.run("2024-03-20 07:30")
    followed.go("2024-03-21 09:00").stop()
    [o] = followed.go("2024-03-25 09:00").record(ANSWERABLE, received="2024-03-15")
    assert (o.state, o.days_late, o.before_tracking) == (State.ACCEPTED, 0, False)
    assert followed.run("2024-03-25 09:10") == [], "no correction either, although the agency had been told off"
    [later] = followed.go("2024-04-15 09:00").record(_monthly(4), received="2024-04-15")
    assert (later.days_late, later.before_tracking) == (5, True), "fell due after the stop: a fact that is not counted"
    assert _monthly(4) not in _missed(followed)


def test_a_paper_taken_back_in_a_stopped_plan_is_asked_for_again_after_the_restart_only(followed: Valley) -> None:
    followed.record(ANSWERABLE, received="2024-02-01")
    followed.stop()
    assert followed.undo(ANSWERABLE).state is State.CANCELLED
    _start(followed.go("2024-03-04 09:00"))
    assert followed.occurrence(ANSWERABLE).state is State.OPEN


def test_nothing_of_a_received_paper_is_said_in_a_stopped_plan(followed: Valley) -> None:
    followed.go("2024-03-01 09:00").record(ANSWERABLE, received="2024-03-01", review=True)
    followed.stop()
    assert followed.run("2024-03-11 07:30") == []
    with pytest.raises(PlanStopped):
        followed.give_back(ANSWERABLE)
    assert followed.accept(ANSWERABLE).state is State.ACCEPTED


# -- putting the start right --


def test_the_same_day_or_none_is_no_correction(followed: Valley) -> None:
    for day in (None, "2024-02-01"):
        with pytest.raises(PlanAlreadyActive):
            _start(followed, day)
    with pytest.raises(BadInput, match="14/01/2024"):
        _start(followed, "2024-01-14")


def test_a_later_start_withdraws_what_was_missed_before_it(followed: Valley) -> None:
    followed.run("2024-03-20 07:30")
    assert set(_missed(followed)) >= {_monthly(2), _monthly(3), ANSWERABLE}
    assert "overdue-1" in followed.told(ANSWERABLE)
    started = _start(followed.go("2024-03-21 09:00"), "2024-03-15")
    assert (started.outcome, len(started.changed.uncounted), started.changed.withdrawn) == ("start_corrected", 2, 2)
    [event] = followed.events("miss_withdrawn", _monthly(3))
    assert event.data["why"] == "before_tracking"
    assert ANSWERABLE in _missed(followed)
    assert not {_monthly(2), _monthly(3)} & set(_missed(followed))
    told = {letter.address for letter in followed.run("2024-03-21 09:10")}
    assert told == {"officer@cong-an.example", "stand-in@cong-an.example"}, "of what still counts; no agency is told"
    assert followed.told(_monthly(3))["overdue-2"] == "composed"


def test_an_earlier_start_makes_what_was_before_it_count_and_tells_the_bodies_once(valley: Valley) -> None:
    valley.follow("2024-03-20 08:00", text=plan_text(PLAN_DUTIES + MONTHLY)).run("2024-03-20 08:10")
    assert _missed(valley) == []
    started = _start(valley.go("2024-03-21 09:00"), "2024-03-01")
    assert {o.id for o in started.changed.counted} >= {ANSWERABLE, _monthly(3)}
    assert _monthly(2) not in {o.id for o in started.changed.counted}
    assert started.changed.newly_late(today=date(2024, 3, 21)) == 6
    o = valley.occurrence(ANSWERABLE)
    assert (o.before_tracking, o.revision, o.cause, o.tracked_from) == (False, 2, Cause.START, date(2024, 3, 21))
    letters = valley.run("2024-03-21 09:10")
    assert sorted(letter.address for letter in letters) == [
        "agency@mat-tran.example", "agency@so-noi-vu.example", "agency@so-tai-chinh.example", "officer@cong-an.example"
    ]  # fmt: skip
    assert ANSWERABLE in _missed(valley)
    assert valley.told(ANSWERABLE)["overdue-1"] == "skipped:before_activation"
    valley.run("2024-03-25 07:30")
    assert valley.told(ANSWERABLE)["overdue-2"] == "composed", "the ladder goes on from today"


def test_there_and_back_again_leaves_everything_counted_as_it_was(followed: Valley) -> None:
    followed.run("2024-03-20 07:30")
    before = _missed(followed)
    _start(followed.go("2024-03-21 09:00"), "2024-03-15")
    _start(followed.go("2024-03-21 09:05"), "2024-02-01")
    followed.advance()
    assert _missed(followed) == before
    assert [e.kind for e in followed.events(occurrence_id=_monthly(3))] == ["missed", "miss_withdrawn", "missed"]


def test_a_start_put_off_is_silent_until_then(followed: Valley) -> None:
    followed.advance("2024-03-08 07:30")
    assert followed.told(ANSWERABLE)["before-7"] == "queued"
    _start(followed, "2024-03-14")
    assert followed.run("2024-03-08 07:40") == []
    assert followed.told(ANSWERABLE)["before-7"] == "skipped:before_activation"
    assert followed.run("2024-03-13 07:30") == []
    assert [row.kind for row in followed.messages()].count("assigned") == 4
    followed.run("2024-03-14 07:30")
    assert [row.kind for row in followed.messages()].count("assigned") == 8
    followed.run("2024-03-15 07:30")
    assert followed.told(ANSWERABLE)["due"] == "composed"


def test_a_message_that_was_written_but_not_sent_does_not_go_before_the_new_start(followed: Valley) -> None:
    followed.advance("2024-03-08 07:30")
    followed.compose()
    _start(followed, "2024-03-14")
    assert followed.run("2024-03-08 07:40") == []


def test_a_start_pulled_in_opens_the_rungs_in_between(valley: Valley) -> None:
    valley.follow("2024-02-01 08:00", start="2024-03-14").advance("2024-02-01 08:10")
    assert valley.told(ANSWERABLE)["before-7"] == "skipped:before_activation"
    _start(valley.go("2024-02-02 08:00"), "2024-02-01")
    assert len(valley.run("2024-02-02 08:10")) == 4, "announced at once instead of on 14/3"
    valley.run("2024-03-08 07:30")
    assert valley.told(ANSWERABLE)["before-7"] == "composed"


def test_what_was_not_ordered_when_it_fell_due_does_not_count_under_any_start(followed: Valley) -> None:
    text = plan_text(PLAN_DUTIES + MONTHLY.replace("[so-tai-chinh]", "[so-tai-chinh, so-noi-vu]"))
    followed.go("2024-03-12 09:00")
    with writing(followed.engine) as c:
        intake.add_plan(c, text, file="kh.yaml", now=followed.now, actor="test")
    late_comer = _monthly(3).replace("so-tai-chinh", "so-noi-vu")
    assert followed.occurrence(late_comer).before_tracking
    _start(followed, "2024-01-20")
    assert followed.occurrence(late_comer).before_tracking
    assert INTERIOR.endswith("so-noi-vu")
