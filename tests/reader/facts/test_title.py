"""The abstract: from the kind of act to the first sentence."""

from __future__ import annotations

import pytest

from tests.reader.facts.papers import BODY, HEAD, facts, flat, head, value

TREES = "Trồng cây xanh ven các tuyến đường năm 2024"


def test_abstract_stands_under_the_kind() -> None:
    assert value(facts(HEAD + BODY).title) == TREES


def test_abstract_goes_on_over_lines_until_the_bases() -> None:
    text = head(title="Trồng cây xanh\nven các tuyến đường\ntrên địa bàn tỉnh")
    for following in ("Căn cứ Luật Lâm nghiệp;\n", "\nCăn cứ Luật Lâm nghiệp;\n", "Thực hiện Chỉ thị số 04/CT-TTg;\n"):
        found = facts(text.rstrip() + "\n" + following + BODY).title
        assert value(found) == "Trồng cây xanh ven các tuyến đường trên địa bàn tỉnh"


def test_abstract_in_capitals_ends_where_the_capitals_end() -> None:
    text = (
        head(title="TRỒNG CÂY XANH VEN CÁC TUYẾN ĐƯỜNG").rstrip()
        + "\nThực hiện lời Bác dạy, UBND tỉnh ban hành kế hoạch:\n"
    )
    assert value(facts(text + BODY).title) == "TRỒNG CÂY XANH VEN CÁC TUYẾN ĐƯỜNG"
    assert value(facts(flat(text + BODY)).title) == "TRỒNG CÂY XANH VEN CÁC TUYẾN ĐƯỜNG"


@pytest.mark.parametrize(
    "following",
    ["I. MỤC ĐÍCH, YÊU CẦU 1. Cho mát.", "Căn cứ Luật Lâm nghiệp; UBND tỉnh ban hành:", "Điều 1. Trồng cây."],
)
def test_abstract_ends_before_the_first_heading_where_line_breaks_are_lost(following: str) -> None:
    assert value(facts(flat(HEAD) + following).title) == TREES


def test_signs_of_markdown_are_left_out() -> None:
    text = HEAD.replace("KẾ HOẠCH", "## **KẾ HOẠCH**").replace(TREES, f"**{TREES}**")
    assert value(facts(text + BODY).title) == TREES


def test_letter_has_its_abstract_under_the_number() -> None:
    text = """ỦY BAN NHÂN DÂN
TỈNH SƠN LA
Số: 45/UBND-KT
V/v trồng cây ven đường
Sơn La, ngày 05 tháng 3 năm 2024
Kính gửi: Các sở, ngành.

Yêu cầu các sở trồng cây trước ngày 30/6/2024.
"""
    assert value(facts(text).title) == "trồng cây ven đường"


def test_text_without_a_head_has_no_abstract() -> None:
    assert facts(BODY).title is None
    assert facts("").title is None
