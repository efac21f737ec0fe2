"""Dates, counts and names as people write, match and sort them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextvars import copy_context
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.text import _n, day_text, fold, language, short_day, sort_key, two_digits, use_language, weekday_text

PROVINCES = [
    "An Giang", "Cà Mau", "Cao Bằng", "Cần Thơ", "Đà Nẵng", "Đắk Lắk", "Hà Nội", "Hà Tĩnh", "Hải Phòng",
    "Lai Châu", "Lạng Sơn", "Lào Cai", "Lâm Đồng",
]  # fmt: skip


@pytest.fixture(autouse=True)
def vietnamese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("DONDOC_LANGUAGE", raising=False)
    yield
    use_language("vi")


def test_provinces_stand_in_the_order_of_vietnamese_lists() -> None:
    assert sorted(PROVINCES, key=sort_key, reverse=True) == PROVINCES[::-1]


@pytest.mark.parametrize(
    "words",
    [
        ["ba", "bà", "bả", "bã", "bá", "bạ"],
        ["a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "o", "ô", "ơ", "u", "ư"],
        ["đa", "đá", "đan", "e"],
        ["Cao", "Cao Bằng", "Cao Bằng 2"],
        ["hoa", "hòa", "hoà b"],
    ],
)
def test_letters_come_before_tones(words: list[str]) -> None:
    assert sorted(words, key=sort_key, reverse=True) == words[::-1]


def test_case_and_normal_form_do_not_matter_for_order() -> None:
    for name in PROVINCES:
        assert sort_key(unicodedata.normalize("NFD", name)) == sort_key(name.upper())


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Sở Lao động - Thương binh và Xã hội", "so lao dong thuong binh va xa hoi"),
        ("Lao động, Thương binh và Xã hội", "lao dong thuong binh va xa hoi"),
        ("LĐ-TB&XH", "ld tb xh"),
        ("Đắk Lắk", "dak lak"),
        ("ĐẮK  LẮK", "dak lak"),
        ("Ủy ban", "uy ban"),
        ("Uỷ ban", "uy ban"),
        ("hòa", "hoa"),
        ("hoà", "hoa"),
        ("M’Drắk", "m drak"),
        ("  ", ""),
        ("số 05", "so 05"),
    ],
)
def test_folding_ignores_marks_case_and_punctuation(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text).isascii()


def test_dates_and_counts_as_offices_write_them() -> None:
    assert day_text(date(2024, 2, 5)) == "05/02/2024"
    assert short_day(date(2024, 2, 5)) == "05/02"
    assert weekday_text(date(2024, 12, 9)) == "thứ Hai 09/12/2024"
    assert weekday_text(date(2024, 12, 8)) == "Chủ nhật 08/12/2024"
    assert [two_digits(n) for n in (0, 3, 10, 123)] == ["00", "03", "10", "123"]


def test_in_english_the_weekday_is_english() -> None:
    use_language("en")
    assert weekday_text(date(2024, 12, 9)) == "Monday 09/12/2024"
    assert weekday_text(date(2024, 12, 8)) == "Sunday 08/12/2024"


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "overdue by 00 days"), (1, "overdue by 01 day"), (2, "overdue by 02 days"), (21, "overdue by 21 days")],
)
def test_english_counts_in_two_forms_and_vietnamese_in_one(number: int, said: str) -> None:
    text = _n("quá hạn {n} ngày", number)
    assert text == "quá hạn {n} ngày"
    use_language("en")
    assert _n("quá hạn {n} ngày", number).format(n=two_digits(number)) == said
    assert _n("không có trong danh mục {n}", number) == "không có trong danh mục {n}"


def test_the_language_is_vietnamese_unless_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert copy_context().run(language) == "vi"
    use_language("en")
    assert language() == "en"
    use_language("fr")
    assert language() == "vi"


def test_the_environment_chooses_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    def chosen() -> str:
        use_language("")
        return language()

    monkeypatch.setenv("DONDOC_LANGUAGE", "en")
    assert copy_context().run(chosen) == "en"
    monkeypatch.setenv("DONDOC_LANGUAGE", "fr")
    assert copy_context().run(chosen) == "vi"
