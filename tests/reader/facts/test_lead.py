"""The body that follows the plan up: named in a sentence, or by the heading above where the sentence has no subject."""

from __future__ import annotations

import pytest

from reader.draft import Facts
from tests.reader.facts.papers import HEAD, bare, facts, flat


def name(found: Facts) -> str | None:
    """The name of the lead unit."""
    return found.lead.value.name if found.lead is not None else None


def plan(*items: str) -> str:
    """A plan whose last part has these numbered items."""
    lines = [f"{n}. {words}" for n, words in enumerate(items, 1)]
    return HEAD + "I. MỤC ĐÍCH\n1. Làm cho đường làng sạch.\nII. TỔ CHỨC THỰC HIỆN\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("words", "lead"),
    [
        ("Giao Công an tỉnh theo dõi, đôn đốc, kiểm tra việc làm theo Kế hoạch này.", "Công an tỉnh"),
        ("Giao Công an thị xã chủ trì, theo dõi, đôn đốc các phòng làm Kế hoạch này.", "Công an thị xã"),
        ("Giao Sở Nội vụ chủ trì đơn đốc, hướng dẫn các đơn vị, địa phương thực hiện Kế hoạch.", "Sở Nội vụ"),
        ("Sở Tư pháp là cơ quan thường trực, giúp UBND tỉnh theo dõi, đôn đốc việc thực hiện Kế hoạch.", "Sở Tư pháp"),
        ("Phòng Nội vụ làm đầu mối theo dõi, tổng hợp kết quả thực hiện, báo cáo UBND huyện.", "Phòng Nội vụ"),
        ("Văn phòng UBND tỉnh có trách nhiệm theo dõi, đôn đốc việc thực hiện Chỉ thị này.", "Văn phòng UBND tỉnh"),
        ("Giao Giám đốc Sở Xây dựng theo dõi, đôn đốc các đơn vị thực hiện Kế hoạch này.", "Sở Xây dựng"),
        ("Giao Chánh Văn phòng UBND tỉnh theo dõi, đôn đốc thực hiện Thông báo này.", "Văn phòng UBND tỉnh"),
        (
            "Các sở thực hiện nghiêm Kế hoạch này; giao Sở Y tế theo dõi, đôn đốc, tổng hợp báo cáo UBND tỉnh.",
            "Sở Y tế",
        ),
        ("Ủy ban nhân dân tỉnh giao Sở Y tế hướng dẫn, đôn đốc, kiểm tra các huyện.", "Sở Y tế"),
        ("Giao Sở Y tế chịu trách nhiệm đôn đốc các đơn vị, địa phương gửi báo cáo.", "Sở Y tế"),
        ("Giao Trưởng phòng Nội vụ chủ trì, giám sát việc thực hiện Quyết định này.", "Phòng Nội vụ"),
        ("Thanh tra tỉnh giúp Chủ tịch UBND tỉnh theo dõi, đôn đốc việc thực hiện Kế hoạch này.", "Thanh tra tỉnh"),
    ],
)
def test_sentence_names_the_lead_unit(words: str, lead: str) -> None:
    others = (
        "Các sở, ngành tỉnh xây dựng kế hoạch trước ngày 15/4/2024.",
        "Đề nghị Ủy ban MTTQ Việt Nam tỉnh tuyên truyền.",
    )
    assert name(facts(plan(others[0], words, others[1]))) == lead


@pytest.mark.parametrize(
    "words",
    [
        "Chủ trì, phối hợp với các cơ quan liên quan trong tổ chức thực hiện Quyết định số 12/2021/QĐ-TTg.",
        "Theo dõi, đôn đốc các cơ quan, đơn vị thực hiện Kế hoạch này.",
        "Là cơ quan thường trực, tham mưu UBND xã kiểm tra, đôn đốc việc thực hiện Kế hoạch.",
        "Làm đầu mối tổng hợp kết quả thực hiện Kế hoạch này, báo cáo UBND xã.",
    ],
)
def test_heading_names_the_lead_unit_where_the_sentence_has_no_subject(words: str) -> None:
    text = (
        HEAD
        + f"""I. MỤC ĐÍCH
1. Làm cho đường làng sạch.
II. PHÂN CÔNG NHIỆM VỤ
1. Phòng Văn hóa - Xã hội
- Phối hợp với Công an xã tuyên truyền.
2. Công an xã
- Vận động Nhân dân trồng cây.
- {words}
3. Các thôn, bản
- Tổ chức thực hiện Kế hoạch này tại thôn, bản.
"""
    )
    assert name(facts(text)) == "Công an xã"


@pytest.mark.parametrize(
    "words",
    [
        "Các sở, ngành đôn đốc, kiểm tra việc thực hiện Kế hoạch này tại đơn vị mình.",
        "Phối hợp với Công an tỉnh theo dõi, đôn đốc việc thực hiện Kế hoạch này.",
        "Sở Y tế đôn đốc việc thực hiện tiêm chủng trong toàn ngành.",
        "Ngân hàng Chính sách xã hội đôn đốc người vay trả nợ.",
        "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh giám sát việc thực hiện Kế hoạch này.",
        "Các xã gửi báo cáo về Công an tỉnh trước ngày 15/11/2024.",
    ],
)
def test_nobody_is_the_lead_unit_where_no_sentence_makes_one(words: str) -> None:
    assert facts(plan(words)).lead is None


def test_body_that_only_watches_is_weaker_than_the_one_that_presses() -> None:
    text = plan(
        "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh giám sát việc thực hiện Kế hoạch này.",
        "Công an tỉnh chủ trì, đôn đốc các đơn vị thực hiện Kế hoạch này.",
        "Hội Nông dân tỉnh kiểm tra việc thực hiện Kế hoạch tại cơ sở hội.",
    )
    assert name(facts(text)) == "Công an tỉnh"


def test_lead_unit_is_found_without_diacritics_and_without_line_breaks() -> None:
    text = plan(
        "Các xã trồng cây.", "Giao Công an tỉnh theo dõi, đôn đốc, kiểm tra việc làm theo Kế hoạch này.", "Thi đua."
    )
    assert name(facts(bare(text))) == "Cong an tinh"
    assert name(facts(flat(text))) == "Công an tỉnh"
    assert name(facts(flat(bare(text)))) == "Cong an tinh"


def test_lead_unit_is_found_in_a_scan_without_vietnamese() -> None:
    words = (
        "1. Giao Cong an tinh la co quan thuong tryc ¢6 trach nhiem theo doi, don ddc viéc thuc hién Ké hoach nay;\n"
    )
    text = bare(HEAD) + "I. MUC PICH\n1. Lam cho sach.\nIV. TO CHUC THUC HIEN\n" + words
    assert name(facts(text)) == "Cong an tinh"


def test_place_of_the_lead_unit_is_its_name_and_the_sentence_is_kept() -> None:
    sentence = "Giao Công an tỉnh theo dõi, đôn đốc, kiểm tra việc làm theo Kế hoạch này."
    text = plan("Các xã trồng cây.", sentence)
    found = facts(text).lead
    assert found is not None
    assert found.value.span.of(text) == "Công an tỉnh"
    assert found.span.of(text) == sentence


def test_body_of_the_heading_that_only_joins_in_is_not_the_lead_unit() -> None:
    joins = "Phối hợp với các đơn vị theo dõi, đôn đốc việc thực hiện Kế hoạch này."
    text = (
        HEAD
        + f"I. MỤC ĐÍCH\n1. Làm cho sạch.\nII. PHÂN CÔNG NHIỆM VỤ\n1. Sở Y tế\n- {joins}\n2. Sở Nội vụ\n- Thi đua.\n"
    )
    assert facts(text).lead is None
