"""Folded text: what is the same to a reader is the same to a pattern, and every place is found again."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.folding import Folded


@pytest.mark.parametrize("text", ["hòa", "hoà", unicodedata.normalize("NFD", "hòa"), "HÒA", "**hòa**", "h\u00adòa"])
def test_one_word_has_one_folded_form(text: str) -> None:
    assert Folded(text).text == "hoa"


def test_line_breaks_and_runs_of_blanks_are_one_blank() -> None:
    assert Folded("trước  ngày\n 15/11/\n2023").text == "truoc ngay 15/11/ 2023"


def test_a_page_number_inside_a_sentence_is_not_there() -> None:
    assert Folded("rà soát\n\n12\n\nvà báo cáo").text == "ra soat va bao cao"
    assert Folded("Điều 1\n12\nPhần hai").text == "dieu 1 12 phan hai"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_place_holds_whole_letters_in_both_forms_of_unicode(form: Literal["NFC", "NFD"]) -> None:
    text = unicodedata.normalize(form, "gửi về Sở trước ngày 15")
    folded = Folded(text, base=0)
    at = folded.text.index("ve so")
    assert unicodedata.normalize("NFC", folded.span(at, at + 5).of(text)) == "về Sở"


def test_places_count_from_the_base() -> None:
    text = "xxx trước ngày"
    folded = Folded(text[4:], base=4)
    assert folded.span(0, 5).of(text) == "trước"
    assert folded.at(10) == folded.text.index("ngay")


@given(st.text())
def test_every_place_lies_in_the_text(text: str) -> None:
    folded = Folded(text)
    for at in range(len(folded.text)):
        span = folded.span(at, at + 1)
        assert 0 <= span.start < span.end <= len(text)
        assert folded.at(span.start) <= at


@pytest.mark.parametrize(
    ("torn", "whole"),
    [
        ("tr ư ớc ng à y 27 tháng 6 n ă m 2014", "truoc ngay 27 thang 6 nam 2014"),
        ("Th ờ i gian: đến h ế t năm", "thoi gian: den het nam"),
        ("tổ 3 ở xã, mục c ấp số 5", "to 3 o xa, muc cap so 5"),
    ],
)
def test_torn_words_are_put_together(torn: str, whole: str) -> None:
    assert Folded(torn).text == whole


def test_whole_words_are_left_apart() -> None:
    text = "nhà ở công vụ, tổ ở xã; ý a b c; TT ủy ban"
    assert Folded(text).text == "nha o cong vu, to o xa; y a b c; tt uy ban"


def test_a_day_on_a_line_of_its_own_is_no_page_number() -> None:
    assert Folded("Sơn La, ngày\n01\ntháng 01 năm 2015").text == "son la, ngay 01 thang 01 nam 2015"
    assert Folded("trong vòng\n10\nngày làm việc").text == "trong vong 10 ngay lam viec"
