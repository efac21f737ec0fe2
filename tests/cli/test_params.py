"""What people type."""

from __future__ import annotations

from datetime import UTC, date, datetime

import click
import pytest

from cli.params import DAY, MOMENT, in_order, joined


@pytest.mark.parametrize("text", ["2024-12-09", "09/12/2024", "9/12/2024", " 2024-12-9 "])
def test_a_day_is_read_in_both_forms(text: str) -> None:
    assert DAY.convert(text, None, None) == date(2024, 12, 9)


@pytest.mark.parametrize("text", ["31/02/2024", "2024-13-01", "tomorrow", "", "12/09", "1/1/1900"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        DAY.convert(text, None, None)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-12-09", datetime(2024, 12, 9, 0, 30, tzinfo=UTC)),
        ("2024-12-09T07:30", datetime(2024, 12, 9, 0, 30, tzinfo=UTC)),
        ("09/12/2024 16:00", datetime(2024, 12, 9, 9, 0, tzinfo=UTC)),
        ("2024-12-09T07:30:15+07:00", datetime(2024, 12, 9, 0, 30, 15, tzinfo=UTC)),
        ("2024-12-09T00:30Z", datetime(2024, 12, 9, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_is_on_the_vietnamese_clock_unless_it_says_otherwise(text: str, moment: datetime) -> None:
    assert MOMENT.convert(text, None, None) == moment


@pytest.mark.parametrize("text", ["2024-12-09T25:00", "31/02/2024 07:00", "2024-12-09 noon", "now"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        MOMENT.convert(text, None, None)


def test_a_period_may_be_open_or_one_day_but_not_turned_round() -> None:
    in_order(None, date(2024, 1, 1))
    in_order(date(2024, 1, 1), date(2024, 1, 1))
    with pytest.raises(click.UsageError):
        in_order(date(2024, 1, 2), date(2024, 1, 1))


def test_a_long_list_says_how_many_more() -> None:
    assert joined(["a", "b"], 2) == "a, b"
    assert joined(["a", "b", "c", "d"], 2) == "a, b và 2 nữa"
