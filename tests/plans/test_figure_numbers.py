"""Numbers as offices write them: every form read, what could mean two numbers refused, and written again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.figure_numbers import number_text, plain_text, read_cell, read_number, value_text
from plans.model import Figure
from plans.values import Unreadable
from tests.figures import figure

PEOPLE = figure("people")
HOUSEHOLDS = figure("households")
SESSIONS = figure("times", "buổi")
MODELS = figure("count", "mô hình")
DONG = figure("amount", "đồng")
MILLIONS = figure("amount", "triệu đồng")
PERCENT = figure("percent")
KINDS = (PEOPLE, HOUSEHOLDS, SESSIONS, MODELS, DONG, MILLIONS, PERCENT)


@pytest.mark.parametrize(
    ("of", "typed", "meant"),
    [
        (PEOPLE, "5", "5"),
        (PEOPLE, "05", "5"),
        (PEOPLE, "1.234", "1234"),
        (PEOPLE, "1 234", "1234"),
        (PEOPLE, "1\u00a0234", "1234"),
        (PEOPLE, " 12 người ", "12"),
        (PEOPLE, "1.234,0", "1234"),
        (PEOPLE, "0", "0"),
        (HOUSEHOLDS, "3 hộ", "3"),
        (SESSIONS, "4 buổi", "4"),
        (MODELS, "2 mô hình", "2"),
        (MILLIONS, "1.234,5", "1234.5"),
        (MILLIONS, "1234,5", "1234.5"),
        (MILLIONS, "12.5", "12.5"),
        (MILLIONS, "3,2 tỷ", "3200"),
        (MILLIONS, "3,2 tỉ đồng", "3200"),
        (MILLIONS, "500 nghìn đồng", "0.5"),
        (MILLIONS, "1 tỷ 200 triệu", "1200"),
        (DONG, "3,2 tỷ", "3200000000"),
        (DONG, "450.000 đ", "450000"),
        (DONG, "1,5 nghìn tỷ", "1500000000000"),
        (PERCENT, "12,5%", "12.5"),
        (PERCENT, "12,5 %", "12.5"),
        (PERCENT, "12.5", "12.5"),
        (PERCENT, "100", "100"),
    ],
)
def test_number_is_read_in_the_forms_of_an_office(of: Figure, typed: str, meant: str) -> None:
    assert read_number(typed, of) == Decimal(meant)


@pytest.mark.parametrize(
    ("of", "typed", "said"),
    [
        (PERCENT, "1.234", "1234 hay 1,234 phần trăm?"),
        (PERCENT, "1 234", "hay 1,234 phần trăm?"),
        (PERCENT, "1000", "quá lớn"),
        (PERCENT, "12,3456", "quá nhiều chữ số thập phân"),
        (PEOPLE, "1,234", "1234 người hay số lẻ?"),
        (PEOPLE, "1,5", "không phải là số nguyên"),
        (PEOPLE, "12.5", "không phải là số"),
        (PEOPLE, "1.23.456", "không phải là số"),
        (PEOPLE, "12%", "là tỷ lệ"),
        (PEOPLE, "3 hộ", "tính bằng người"),
        (PEOPLE, "-3", "không thể âm"),
        (PEOPLE, "-", "không phải là số"),
        (PEOPLE, "", "không phải là số"),
        (PEOPLE, "mười", "không phải là số"),
        (PEOPLE, "٣", "không phải là số"),
        (PEOPLE, "9" * 4000, "quá lớn"),
        (DONG, "0,5", "không phải là số nguyên"),
        (DONG, "1 triệu 2 tỷ", "không phải là số tiền"),
        (DONG, "3 tỷ 5", "không phải là số tiền"),
        (DONG, "1" * 30 + " tỷ", "quá lớn"),
        (MILLIONS, "12 người", "tính bằng triệu đồng"),
    ],
)
def test_what_is_no_number_or_could_be_two_is_refused_with_the_reason(of: Figure, typed: str, said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_number(typed, of)
    assert said in refused.value.message


def test_a_dash_is_told_from_zero_and_from_nothing() -> None:
    with pytest.raises(Unreadable) as refused:
        read_number("–", PEOPLE)
    assert refused.value.hint == "Không phát sinh thì viết 0; chưa có số liệu thì để trống"


def values_of(of: Figure) -> st.SearchStrategy[Decimal]:
    if of is PERCENT:
        return st.integers(0, 999_999).map(lambda n: Decimal(n).scaleb(-3))
    if of is MILLIONS:
        return st.integers(0, 10**18 - 1).map(lambda n: Decimal(n).scaleb(-3))
    return st.integers(0, 10**15 - 1).map(Decimal)


@given(st.sampled_from(KINDS).flatmap(lambda of: st.tuples(st.just(of), values_of(of))))
def test_what_is_written_is_read_as_the_same_number(case: tuple[Figure, Decimal]) -> None:
    of, value = case
    for written in (number_text(value), plain_text(value), value_text(value, of)):
        assert read_number(written, of) == value


@given(st.sampled_from(KINDS), st.text("0123456789., %-–đồngtỷriệuhộười\u00a0", max_size=14))
def test_anything_typed_is_a_number_within_bounds_or_refused(of: Figure, typed: str) -> None:
    try:
        value = read_number(typed, of)
    except Unreadable:
        return
    assert 0 <= value < 10**15
    assert value == value.quantize(Decimal("0.001"))
    assert read_number(value_text(value, of), of) == value


@pytest.mark.parametrize(
    ("of", "value", "percent", "meant"),
    [
        (PEOPLE, 3.0, False, "3"),
        (MILLIONS, 1234.56789, False, "1234.568"),
        (PERCENT, 0.125, True, "12.5"),
        (PERCENT, 1 / 3, True, "33.333"),
        (PERCENT, 12.5, False, "12.5"),
        (PERCENT, 0.0, False, "0"),
        (PERCENT, 1.0, True, "100"),
    ],
)
def test_cell_of_a_spreadsheet_is_taken_as_the_number_that_it_shows(
    of: Figure, value: float, percent: bool, meant: str
) -> None:
    assert read_cell(value, of, percent=percent) == Decimal(meant)


@pytest.mark.parametrize(
    ("of", "value", "percent", "said"),
    [
        (PERCENT, 0.8, False, "“0,8” là 0,8% hay 80%?"),
        (PEOPLE, 3.5, False, "không phải là số nguyên"),
        (PEOPLE, 0.5, True, "ô này là phần trăm"),
        (PEOPLE, -1.0, False, "không thể âm"),
        (PEOPLE, 1e300, False, "quá lớn"),
        (PEOPLE, float("nan"), False, "không phải là số"),
    ],
)
def test_cell_that_could_mean_two_numbers_is_refused(of: Figure, value: float, percent: bool, said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_cell(value, of, percent=percent)
    assert said in refused.value.message


def test_heading_in_percent_settles_what_a_bare_share_means() -> None:
    assert read_cell(0.8, PERCENT, headed=True) == Decimal("0.8")
