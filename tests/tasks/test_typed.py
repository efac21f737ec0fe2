"""Days and numbers as they are typed."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.errors import BadInput
from tasks.typed import excel_day, number_key, read_day

TODAY = date(2024, 3, 11)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("09/12/2024", date(2024, 12, 9)),
        ("9.12.24", date(2024, 12, 9)),
        ("9-12-2024", date(2024, 12, 9)),
        ("2024-12-09", date(2024, 12, 9)),
        ("11/3", date(2024, 3, 11)),
        ("12/3", date(2023, 3, 12)),  # not yet this year
        ("1103", date(2024, 3, 11)),
        ("110324", date(2024, 3, 11)),
        ("11032023", date(2023, 3, 11)),
        ("29/2", date(2024, 2, 29)),
        (" 9 12 ", date(2023, 12, 9)),
    ],
)
def test_days(typed: str, day: date) -> None:
    assert read_day(typed, "Ngày", today=TODAY) == day


def test_a_leap_day_without_a_year_is_the_last_one() -> None:
    assert read_day("29/2", "Ngày", today=date(2027, 1, 1)) == date(2024, 2, 29)


@pytest.mark.parametrize("typed", ["", "x", "31/2", "0/1", "1/13", "11/3/202", "9", "99999", "2024-13-01", "11/3/0000"])
def test_what_is_no_day(typed: str) -> None:
    with pytest.raises(BadInput, match="Ngày"):
        read_day(typed, "Ngày", today=TODAY)


def test_excel_counts_from_1900() -> None:
    assert excel_day(45362) == date(2024, 3, 11)
    assert excel_day(12) is None


def test_one_number_in_several_spellings() -> None:
    assert len({number_key(each) for each in ("12/BC-STC", "012/bc-stc", " 12 /BC-STC ")}) == 1
    assert number_key("Đ12") == number_key("đ12")
    assert number_key("0") == "0"
