"""Names of duties that fit into a list and into the subject of a message."""

from __future__ import annotations

import pytest

from app.reading.naming import MOST, cut, short_name, told_apart
from tasks.reading_model import Item, Place


@pytest.mark.parametrize(
    ("words", "when", "name"),
    [
        (
            "Hằng năm, báo cáo kết quả (*6 tháng trước ngày 05/6; năm trước ngày 05/12*) gửi về Công an tỉnh",
            "trước ngày 05/6",
            "Báo cáo kết quả",
        ),
        ("Định kỳ vào ngày 07 hằng tháng lập danh sách hộ vay", "vào ngày 07 hằng tháng", "Lập danh sách hộ vay"),
        ("xây dựng kế hoạch thực hiện xong trước ngày 15/3 gửi Sở A", "trước ngày 15/3", "Xây dựng kế hoạch thực hiện"),
        ("Hằng quý, trên cơ sở số liệu của Sở A, tổng hợp tình hình chung", "Hằng quý", "Tổng hợp tình hình chung"),
        ("gửi Sở A trước ngày 15/3", "trước ngày 15/3", "Gửi Sở A trước ngày 15/3"),
        ("rà soát, (nếu có", "", "Rà soát, (nếu có"),
        ("", "", "…"),
    ],
)
def test_a_name_says_what_is_to_be_done(words: str, when: str, name: str) -> None:
    assert short_name(words, when) == name


def test_a_long_name_ends_at_a_word() -> None:
    name = short_name("Rà soát " * 30)
    assert len(name) <= MOST
    assert name.endswith(" Rà …")
    assert cut("ngắn") == "ngắn"


def test_two_reports_of_one_sentence_are_told_apart_by_their_days() -> None:
    text = "báo cáo trước ngày 05/6, trước ngày 05/12"
    times = [Place(8, 23), Place(25, len(text))]
    items = [Item(n, "Báo cáo kết quả " * 5, "I", "annual", time=time) for n, time in enumerate(times)]
    found = told_apart([*items, Item(9, "Việc khác", "I", "once", time=times[0])], text)
    assert [item.title[-18:] for item in found[:2]] == [" (trước ngày 05/6)", "(trước ngày 05/12)"]
    assert all(len(item.title) <= MOST for item in found)
    assert found[2].title == "Việc khác"
