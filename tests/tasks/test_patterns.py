"""What one paper can be for, of all that a pattern stands for."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.database import reading
from tasks.errors import OccurrenceUnknown
from tasks.patterns import Meant, _first_day, answerable
from tests.support import PLAN, Valley, plan_text

DUTIES = """\
  - id: bao-cao
    title: Báo cáo tháng
    section: IV.2
    responsible: [so-tai-chinh]
    due: {kind: monthly, day: 10, boundary: by, quote: "ngày 10", from: 2024-02-01, until: 2024-06-30}
  - id: so-lieu
    title: Số liệu quý I
    section: IV.3
    responsible: [so-tai-chinh]
    due: {kind: once, on: 2024-04-20, boundary: by, quote: "20/4", window: {from: 2024-04-01, to: 2024-04-15}}
"""
ALL = f"{PLAN}/*/so-tai-chinh/*"


def _meant(v: Valley, pattern: str, received: str) -> Meant:
    with reading(v.engine) as c:
        return answerable(c, pattern, received=date.fromisoformat(received), now=v.now)


@pytest.fixture
def followed(valley: Valley) -> Valley:
    return valley.follow(text=plan_text(DUTIES)).go("2024-03-25 09:00")


@pytest.mark.parametrize(
    ("received", "taken"),
    [
        ("2024-03-25", ["2024-02", "2024-03"]),  # April and its data have not begun
        ("2024-04-01", ["2024-02", "2024-03", "2024-04", "once"]),
        ("2024-05-01", ["2024-02", "2024-03", "2024-04", "once", "2024-05"]),  # June is more than a month away
    ],
)
def test_any_period_means_those_that_have_begun_and_are_due_within_a_month(
    followed: Valley, received: str, taken: list[str]
) -> None:
    assert [o.period for o in _meant(followed, ALL, received).taken] == taken


def test_a_named_period_may_lie_ahead_but_not_before_its_data(followed: Valley) -> None:
    assert len(_meant(followed, f"{PLAN}/bao-cao/*/2024-06", "2024-03-25").taken) == 1
    assert _meant(followed, f"{PLAN}/so-lieu/*/once", "2024-03-25").left == (
        (f"{PLAN}/so-lieu/so-tai-chinh/once", "kỳ số liệu bắt đầu từ 01/04/2024"),
    )


def test_what_is_closed_is_left_out_with_its_status(followed: Valley) -> None:
    followed.waive(f"{PLAN}/bao-cao/so-tai-chinh/2024-03")
    meant = _meant(followed, f"{PLAN}/bao-cao/*/2024-03", "2024-03-25")
    assert (meant.taken, [why for _id, why in meant.left]) == ((), ["Được miễn kỳ này"])


def test_a_pattern_that_stands_for_nothing_is_refused(followed: Valley) -> None:
    with pytest.raises(OccurrenceUnknown):
        _meant(followed, f"{PLAN}/khong-co/*/*", "2024-03-25")


@pytest.mark.parametrize(
    ("period", "first"),
    [
        ("2024", date(2024, 1, 1)),
        ("2024-H2", date(2024, 7, 1)),
        ("2024-Q4", date(2024, 10, 1)),
        ("2024-12", date(2024, 12, 1)),
        ("once", None),
        ("2024-W07", None),
        ("2024-06-15", None),
    ],
)
def test_the_first_day_of_a_period(period: str, first: date | None) -> None:
    assert _first_day(period) == first
