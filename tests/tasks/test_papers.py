"""Papers and what they answer: one for several, several for one, slips put right, numbers used again."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tasks import papers
from tasks.database import reading, writing
from tasks.errors import BadInput
from tasks.model import Cause, State
from tasks.papers import matching, papers_of
from tasks.tables import paper
from tests.support import ANSWERABLE, PLAN, PLAN_DUTIES, Valley, at, plan_text

REPORT = """\
  - id: bao-cao
    title: Báo cáo
    section: IV.2
    responsible: [so-tai-chinh]
    due: {kind: once, on: 2024-03-20, boundary: by, quote: "ngày 20/3"}
"""
OTHER = f"{PLAN}/bao-cao/so-tai-chinh/once"


@pytest.fixture
def followed(valley: Valley) -> Valley:
    """Finance owes a plan before 16/3 and a report by 20/3."""
    return valley.follow(text=plan_text(PLAN_DUTIES + REPORT)).go("2024-03-18 09:00")


def _papers(v: Valley) -> list[tuple[str | None, str, str | None]]:
    with reading(v.engine) as c:
        rows = c.execute(select(paper).order_by(paper.c.id)).all()
        return [(row.number, str(row.received_on), row.replaced_by and "replaced") for row in rows]


def _answers(v: Valley, occurrence_id: str) -> list[tuple[str | None, str]]:
    with reading(v.engine) as c:
        return [(row.number, row.verdict) for row in papers_of(c, occurrence_id)]


def test_one_paper_answers_several_occurrences(followed: Valley) -> None:
    followed.record(ANSWERABLE, OTHER, received="2024-03-14", number="9/BC", dated="2024-03-13")
    assert _papers(followed) == [("9/BC", "2024-03-14", None)]
    assert [followed.occurrence(o).days_late for o in (ANSWERABLE, OTHER)] == [0, 0]


def test_the_same_number_of_the_same_year_is_the_same_paper(followed: Valley) -> None:
    followed.record(ANSWERABLE, received="2024-03-14", number="9/BC", dated="2024-03-13")
    followed.record(OTHER, received="2024-03-14", number="9/BC", dated="2024-03-13")
    assert len(_papers(followed)) == 1


def test_the_same_number_with_another_day_of_receipt_is_a_slip(followed: Valley) -> None:
    followed.record(ANSWERABLE, received="2024-03-14", number="9/BC", dated="2024-03-13")
    with pytest.raises(BadInput, match=r"9/BC.*14/03/2024.*correct"):
        followed.record(OTHER, received="2024-03-15", number="9/BC", dated="2024-03-13")
    assert followed.occurrence(OTHER).state is State.OPEN


def test_a_batch_is_recorded_whole_or_not_at_all(followed: Valley) -> None:
    followed.waive(OTHER)
    with pytest.raises(Exception, match="ghi nhận văn bản"):
        followed.record(ANSWERABLE, OTHER, received="2024-03-14")
    assert followed.occurrence(ANSWERABLE).state is State.OPEN
    assert _papers(followed) == []


def test_a_returned_paper_may_come_again_under_its_number(followed: Valley) -> None:
    followed.record(ANSWERABLE, received="2024-03-14", number="9/BC", dated="2024-03-13")
    followed.give_back(ANSWERABLE)
    followed.go("2024-03-20 09:00").record(ANSWERABLE, received="2024-03-20", number="9/BC", dated="2024-03-13")
    assert _answers(followed, ANSWERABLE) == [("9/BC", "returned"), ("9/BC", "accepted")]
    assert followed.occurrence(ANSWERABLE).days_late == 0


def test_a_returned_paper_may_come_again_on_the_same_day(followed: Valley) -> None:
    followed.record(ANSWERABLE, received="2024-03-18", number="9/BC", dated="2024-03-13")
    followed.give_back(ANSWERABLE)
    followed.record(ANSWERABLE, received="2024-03-18", number="9/BC", dated="2024-03-13")
    assert followed.occurrence(ANSWERABLE).state is State.ACCEPTED


@pytest.mark.parametrize("received", ["2024-03-14", "2024-03-15"])
def test_a_paper_taken_back_may_be_recorded_again(followed: Valley, received: str) -> None:
    followed.record(ANSWERABLE, received="2024-03-14", number="9/BC", dated="2024-03-13")
    followed.undo(ANSWERABLE)
    followed.record(ANSWERABLE, received=received, number="9/BC", dated="2024-03-13")
    assert followed.occurrence(ANSWERABLE).state is State.ACCEPTED
    assert [verdict for _number, verdict in _answers(followed, ANSWERABLE)].count("accepted") == 1


def test_taking_a_paper_back_leaves_the_other_occurrence_answered(followed: Valley) -> None:
    followed.record(ANSWERABLE, OTHER, received="2024-03-14", number="9/BC", dated="2024-03-13")
    followed.undo(OTHER)
    assert followed.occurrence(ANSWERABLE).state is State.ACCEPTED
    reopened = followed.occurrence(OTHER)
    assert (reopened.state, reopened.received_on, reopened.first_received, reopened.number) == (
        State.OPEN, None, None, None
    )  # fmt: skip
    assert reopened.cause is Cause.CORRECTED


def test_taking_back_the_only_paper_after_a_return_leaves_nothing_of_the_return(followed: Valley) -> None:
    followed.record(ANSWERABLE, received="2024-03-14")
    followed.give_back(ANSWERABLE)
    back = followed.undo(ANSWERABLE)
    assert (back.state, back.resend_by, back.returned_for) == (State.OPEN, None, None)
    assert back.ladder_late_after == back.late_after


def test_taking_back_a_resent_paper_waits_for_the_resend_again(followed: Valley) -> None:
    followed.record(ANSWERABLE, received="2024-03-14", number="9/BC", dated="2024-03-13")
    resend_by = followed.give_back(ANSWERABLE).resend_by
    followed.record(ANSWERABLE, received="2024-03-18", number="10/BC", dated="2024-03-18")
    back = followed.undo(ANSWERABLE)
    assert (back.state, back.resend_by, back.number, str(back.first_received)) == (
        State.RETURNED, resend_by, "9/BC", "2024-03-14"
    )  # fmt: skip


def test_a_correction_counts_for_all_that_the_paper_answers_and_keeps_both_versions(followed: Valley) -> None:
    followed.record(ANSWERABLE, OTHER, received="2024-03-18", number="9/BC", dated="2024-03-13")
    assert followed.occurrence(ANSWERABLE).days_late == 0, "the 18th is the Monday after a Saturday deadline"
    followed.go("2024-03-22 09:00").correct(ANSWERABLE, received="2024-03-22", number="9/BC")
    assert [followed.occurrence(o).days_late for o in (ANSWERABLE, OTHER)] == [4, 2]
    assert _papers(followed) == [("9/BC", "2024-03-18", "replaced"), ("9/BC", "2024-03-22", None)]
    assert _answers(followed, OTHER) == [("9/BC", "void"), ("9/BC", "accepted")]
    [event] = followed.events("correct", OTHER)
    assert event.data["was"]["received_on"] == "2024-03-18"
    assert event.data["is"]["received_on"] == "2024-03-22"


def test_correcting_the_resend_leaves_the_first_receipt_even_of_the_same_day(followed: Valley) -> None:
    followed.record(ANSWERABLE, received="2024-03-18")
    followed.give_back(ANSWERABLE)
    followed.record(ANSWERABLE, received="2024-03-18")
    followed.go("2024-03-20 09:00")
    corrected = followed.correct(ANSWERABLE, received="2024-03-20")[0]
    assert (str(corrected.first_received), corrected.days_late) == ("2024-03-18", 0)


def test_a_correction_that_proves_timely_receipt_withdraws_the_miss(followed: Valley) -> None:
    followed.advance("2024-03-21 07:30")
    missed = followed.occurrence(ANSWERABLE).missed_at
    assert missed == at("2024-03-19 00:00")
    followed.record(ANSWERABLE, received="2024-03-20")
    assert followed.occurrence(ANSWERABLE).missed_at == missed, "late: the miss stands"
    o = followed.correct(ANSWERABLE, received="2024-03-15")[0]
    assert (o.missed_at, o.missed_noticed_at, o.days_late, o.announce) == (None, None, 0, "correction")
    [withdrawn] = followed.events("miss_withdrawn", ANSWERABLE)
    assert withdrawn.data["why"] == "paper"
    assert [e.kind for e in followed.events(occurrence_id=ANSWERABLE)] == [
        "missed", "record", "miss_withdrawn", "correct"
    ]  # fmt: skip


def test_a_timely_paper_typed_in_late_withdraws_the_miss(followed: Valley) -> None:
    followed.advance("2024-03-21 07:30")
    o = followed.record(ANSWERABLE, received="2024-03-18")[0]
    assert (o.missed_at, o.days_late, o.announce) == (None, 0, "correction")


def test_a_late_paper_recorded_before_anybody_looked_is_a_miss_all_the_same(followed: Valley) -> None:
    followed.go("2024-03-25 10:00").record(ANSWERABLE, received="2024-03-22")
    followed.advance("2024-03-26 07:30")
    o = followed.occurrence(ANSWERABLE)
    assert (o.missed_at, o.missed_noticed_at) == (at("2024-03-19 00:00"), at("2024-03-26 07:30"))


@pytest.mark.parametrize(
    ("received", "dated", "says"),
    [("2024-03-19", None, "ở tương lai"), ("2024-03-14", "2024-03-15", "sau ngày nhận")],
)
def test_impossible_dates_are_refused(followed: Valley, received: str, dated: str | None, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        followed.record(ANSWERABLE, received=received, number="1/BC", dated=dated)


def test_nothing_recorded_is_nothing_to_correct(followed: Valley) -> None:
    with pytest.raises(BadInput, match="chưa có văn bản"):
        followed.correct(ANSWERABLE, received="2024-03-15")


@pytest.mark.parametrize(
    ("pattern", "count"),
    [(ANSWERABLE, 1), (f"{PLAN}/*/so-tai-chinh/*", 2), (f"{PLAN}/*", 6), ("*/once", 6), (f"{PLAN}/ke_hoach/*", 0)],
)
def test_a_pattern_finds_occurrences_by_stars_only(followed: Valley, pattern: str, count: int) -> None:
    with reading(followed.engine) as c:
        assert len(matching(c, pattern)) == count


def test_a_secret_paper_keeps_the_date_only(followed: Valley) -> None:
    with writing(followed.engine) as c:
        came = papers.Paper(date(2024, 3, 14), "12/BC-MẬT", date(2024, 3, 13), secret=True)
        papers.record(c, [ANSWERABLE], came, review=False, now=followed.now, actor="test")
    assert _papers(followed) == [(None, "2024-03-14", None)]
