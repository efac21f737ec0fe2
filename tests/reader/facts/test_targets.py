"""Chỉ tiêu: figures set as targets, with their bound and unit."""

from __future__ import annotations

import pytest

from tests.reader.facts.papers import HEAD, bare, facts


def figures(*items: str, heading: str = "MỤC TIÊU") -> list[tuple[str, str, str]]:
    """Section, bound and unit of the targets of a plan with these items under that heading."""
    lines = [f"{n}. {words}" for n, words in enumerate(items, 1)]
    text = HEAD + f"I. {heading}\n" + "\n".join(lines) + "\nII. TỔ CHỨC THỰC HIỆN\n1. Các xã trồng cây.\n"
    return [(t.section, t.value, t.unit) for t in facts(text).targets]


@pytest.mark.parametrize(
    ("words", "value", "unit"),
    [
        ("100% xã có vườn cây.", ">= 100", "%"),
        ("Phấn đấu trên 95,5% số hộ có nước sạch.", "> 95.5", "%"),
        ("Tỷ lệ hồ sơ đúng hạn đạt từ 98% trở lên.", ">= 98", "%"),
        ("Tối thiểu 80 % số thôn có nhà văn hóa.", ">= 80", "%"),
        ("Giảm tỷ lệ hộ nghèo xuống dưới 2,1%.", "< 2.1", "%"),
        ("Tỷ lệ hộ nghèo giảm còn 3%.", "<= 3", "%"),
        ("Tỷ lệ thất thoát nước không quá 12%.", "<= 12", "%"),
        ("Phấn đấu trồng ít nhất 1.500 ha rừng.", ">= 1500", "ha"),
        ("Đào tạo nghề cho tối thiểu 350 người trong năm, đạt mục tiêu đề ra.", ">= 350", "người"),
        ("Phấn đấu thu ngân sách đạt 2,5 tỷ đồng.", ">= 2.5", "tỷ đồng"),
        ("Bảo đảm không dưới 03 mô hình được nhân rộng.", ">= 3", "mô hình"),
    ],
)
def test_figure_has_its_bound_and_unit(words: str, value: str, unit: str) -> None:
    assert figures(words) == [("I.1", value, unit)]


def test_every_item_keeps_its_number_and_two_figures_of_a_sentence_are_two_targets() -> None:
    found = figures(
        "100% xã có vườn cây.", "Thi đua sôi nổi.", "Tỷ lệ sống của cây đạt trên 90%, tỷ lệ che phủ đạt trên 45%."
    )
    assert found == [("I.1", ">= 100", "%"), ("I.3", "> 90", "%"), ("I.3", "> 45", "%")]


def test_same_bound_said_twice_in_a_sentence_is_one_target() -> None:
    assert figures("100% xã, 100% phường có vườn cây.") == [("I.1", ">= 100", "%")]


def test_part_of_a_figure_in_brackets_is_no_target_of_its_own() -> None:
    words = "Phấn đấu đào tạo 35 lao động (25 lao động ở thôn, 10 lao động ở phố)."
    assert figures(words) == [("I.1", ">= 35", "lao động")]


def test_heading_of_targets_and_work_together_holds_targets() -> None:
    assert figures("100% xã có vườn cây.", heading="CHỈ TIÊU, NHIỆM VỤ TRỌNG TÂM") == [("I.1", ">= 100", "%")]


@pytest.mark.parametrize(
    "words",
    [
        "Tuyên truyền cho 100% hội viên.",
        "Bố trí kinh phí 500 triệu đồng.",
        "Xong trước ngày 15/11/2024.",
        "Theo Điều 5 Nghị định số 49/2020/NĐ-CP.",
    ],
)
def test_figures_of_the_work_itself_are_no_targets(words: str) -> None:
    assert figures(words, heading="PHÂN CÔNG NHIỆM VỤ") == []


def test_sentence_that_strives_is_a_target_wherever_it_stands() -> None:
    assert figures("Phấn đấu 90% hộ dân phân loại rác.", heading="NỘI DUNG") == [("I.1", ">= 90", "%")]


def test_what_was_reached_in_the_past_is_no_target() -> None:
    assert figures("Tỷ lệ che phủ năm trước đã đạt 42%, phấn đấu đạt 45%.") == [("I.1", ">= 45", "%")]


def test_targets_are_found_without_diacritics() -> None:
    text = bare(HEAD + "I. MỤC TIÊU\n1. Phấn đấu trên 95% số hộ có nước sạch.\nII. THỰC HIỆN\n1. Các xã làm.\n")
    assert [(t.value, t.unit) for t in facts(text).targets] == [("> 95", "%")]


def test_place_of_a_target_is_its_figure() -> None:
    text = HEAD + "I. MỤC TIÊU\n1. Phấn đấu trên 95% số hộ có nước sạch.\n"
    target = facts(text).targets[0]
    assert target.span.of(text) == "95%"
    assert target.text == "Phấn đấu trên 95% số hộ có nước sạch"
