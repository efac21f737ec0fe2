"""Clauses, their numbers as people cite them, and the zones of a document."""

from __future__ import annotations

import pytest

from reader.document import Document
from reader.folding import Folded
from reader.outline import Outline, Zone, outline

PLAN = """UBND TỈNH AN SƠN
Số: 07/KH-UBND
KẾ HOẠCH
Thử nghiệm năm 2024
Căn cứ Luật Thử nghiệm ngày 19 tháng 6 năm 2015;
Ủy ban nhân dân tỉnh ban hành kế hoạch như sau:
I. MỤC ĐÍCH, YÊU CẦU
1. Nâng cao nhận thức trước ngày 01/3/2024 của mọi người.
II. MỤC TIÊU
1. Đến hết năm 2025 đạt 90%.
III. PHÂN CÔNG
1. Sở Y tế
- Rà soát trang thiết bị;
+ Kho số một;
a) Mở lớp.
1.1. Lớp thứ nhất.
2. Sở Tài chính
Bố trí kinh phí cho
các đơn vị.
IV. TỔ CHỨC THỰC HIỆN
1. Các sở báo cáo.
Nơi nhận:
- Như trên;
- Lưu: VT."""


def labels(text: str) -> list[tuple[str, str, str]]:
    return [(c.label, c.zone.value, " ".join(c.words.of(text).split())) for c in outline(Document(text)).clauses]


def test_a_clause_is_cited_by_the_numbers_above_it() -> None:
    found = {words: (label, zone) for label, zone, words in labels(PLAN)}
    assert found["Nâng cao nhận thức trước ngày 01/3/2024 của mọi người."] == ("I.1", "aims")
    assert found["Đến hết năm 2025 đạt 90%."] == ("II.1", "targets")
    assert found["Sở Y tế"] == ("III.1", "work")
    assert found["Rà soát trang thiết bị;"] == ("III.1", "work")
    assert found["Mở lớp."] == ("III.1.a", "work")
    assert found["Lớp thứ nhất."] == ("III.1.1", "work")
    assert found["Bố trí kinh phí cho các đơn vị."] == ("III.2", "work")
    assert found["Các sở báo cáo."] == ("IV.1", "work")
    assert found["Như trên;"] == ("IV.1", "closing")
    assert found["Căn cứ Luật Thử nghiệm ngày 19 tháng 6 năm 2015;"] == ("", "bases")


def test_the_head_ends_where_the_text_begins() -> None:
    found: Outline = outline(Document(PLAN))
    assert [" ".join(c.words.of(PLAN).split()) for c in found.zones[Zone.HEAD]] == [
        "UBND TỈNH AN SƠN",
        "Số: 07/KH-UBND",
        "KẾ HOẠCH",
        "Thử nghiệm năm 2024",
    ]


def test_without_any_line_break_the_same_clauses_are_found() -> None:
    flat = " ".join(PLAN.replace("Bố trí kinh phí cho\ncác", "Bố trí kinh phí cho các").split())
    found = {(label, words.split()[0]) for label, _, words in labels(flat)}
    assert {("I.1", "Nâng"), ("II.1", "Đến"), ("III.1", "Sở"), ("III.2", "Sở"), ("IV.1", "Các")} <= found


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            "1. Sở Y tế rà soát các trạm\n\n3\n\nvà báo cáo kết quả.",
            ["Sở Y tế rà soát các trạm và báo cáo kết quả."],
        ),
        ("1. Sở Y tế rà soát các trạm\n- 3 -\nvà báo cáo kết quả.", ["Sở Y tế rà soát các trạm và báo cáo kết quả."]),
        ("1. Sở Y tế rà soát\n\nvà báo cáo.", ["Sở Y tế rà soát và báo cáo."]),
        ("1. Sở Y tế rà soát.\nBáo cáo kết quả.", ["Sở Y tế rà soát.", "Báo cáo kết quả."]),
    ],
)
def test_broken_lines_are_joined_and_page_numbers_left_out(lines: str, expected: list[str]) -> None:
    text = f"I. NHIỆM VỤ\n{lines}"
    found = [Folded(clause.words.of(text)).text for clause in outline(Document(text)).clauses][1:]
    assert found == [Folded(words).text for words in expected]


@pytest.mark.parametrize("line", ["2023 là năm đầu.", "10 ngày sau khi ký.", "31/01/2024 là hạn.", "100% cán bộ dự."])
def test_a_number_that_opens_a_sentence_is_no_numbering(line: str) -> None:
    assert [label for label, _, _ in labels(f"I. NHIỆM VỤ\nSở Y tế rà soát.\n{line}")][-1] == "I"


def test_a_scanned_three_is_read_as_roman() -> None:
    assert ("III", "work", "PHAN CONG TRACH NHIEM") in labels("I11. PHAN CONG TRACH NHIEM\n1. Cong an tinh\n- Chu tri.")
