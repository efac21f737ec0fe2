"""What is carried out, and the higher plan it comes from."""

from __future__ import annotations

import pytest

from reader.draft import Doubt
from tests.reader.facts.papers import BODY, HEAD, facts, head, value


@pytest.mark.parametrize(
    ("title", "implements"),
    [
        ("Thực hiện Quyết định số 22/2023/QĐ-TTg ngày 18/8/2023 của Thủ tướng về tín dụng", "22/2023/QĐ-TTg"),
        ("Triển khai Chỉ thị 04/CT-TTg của Thủ tướng Chính phủ", "04/CT-TTg"),
        ("Thực hiện Nghị quyết số 57-NQ/TW ngày 22 tháng 12 năm 2024 của Bộ Chính trị", "57-NQ/TW"),
        ("Thực hiện Kế hoạch số 83-KH/TU của Ban Thường vụ Tỉnh ủy", "83-KH/TU"),
        ("Thực hiện Đề án “Mỗi làng một vườn ươm” giai đoạn 2021 - 2025", "Đề án Mỗi làng một vườn ươm"),
        (
            "Triển khai Chiến lược phát triển cây ăn quả đến năm 2030 trên địa bàn tỉnh",
            "Chiến lược phát triển cây ăn quả",
        ),
    ],
)
def test_act_of_the_abstract_is_what_is_carried_out(title: str, implements: str) -> None:
    assert value(facts(head(title=title) + BODY).implements) == implements


def test_act_of_the_first_sentence_counts_where_the_abstract_names_none() -> None:
    text = (
        HEAD
        + "Thực hiện Công điện số 61/CĐ-TTg ngày 01/3/2024 của Thủ tướng Chính phủ, UBND tỉnh ban hành Kế hoạch:\n"
        + BODY
    )
    found = facts(text).implements
    assert found is not None
    assert found.value == "61/CĐ-TTg"
    assert found.sure < 1


def test_bases_alone_are_not_carried_out() -> None:
    text = (
        HEAD
        + "Căn cứ Luật Lâm nghiệp năm 2017;\nCăn cứ Nghị định số 83/2020/NĐ-CP ngày 15/7/2020 của Chính phủ;\n"
        + BODY
    )
    assert facts(text).implements is None


def test_plan_of_the_first_sentence_is_the_parent_and_the_act_of_the_abstract_is_carried_out() -> None:
    text = head(title="Thực hiện Quyết định số 22/2023/QĐ-TTg ngày 18/8/2023 của Thủ tướng Chính phủ")
    text += (
        "Thực hiện Kế hoạch số 860/KH-UBND ngày 15/11/2023 của UBND tỉnh về thực hiện Quyết định số 22/2023/QĐ-TTg, "
    )
    text += "UBND huyện ban hành:\n"
    found = facts(text + BODY)
    assert value(found.implements) == "22/2023/QĐ-TTg"
    assert value(found.parent) == "860/KH-UBND"


def test_plan_without_a_higher_plan_has_no_parent() -> None:
    assert facts(head(title="Thực hiện Quyết định số 22/2023/QĐ-TTg") + BODY).parent is None


def test_own_number_repeated_above_the_head_is_not_carried_out() -> None:
    text = "# KẾ HOẠCH SỐ 145/KH-UBND\n\n" + HEAD + BODY
    assert facts(text).implements is None
    assert facts(text).parent is None


def test_worn_symbol_of_the_prime_minister_is_repaired_and_doubted() -> None:
    found = facts(head(title="Trién khai thuc hién Quyet dinh s6 22/2023/QP- -TTg ngay 18/8/2023") + BODY).implements
    assert found is not None
    assert found.value == "22/2023/QĐ-TTg"
    assert found.doubts == (Doubt.OCR,)


def test_annex_does_not_carry_out_the_act_it_belongs_to() -> None:
    remark = "(Kèm theo Kế hoạch số 145/KH-UBND ngày 05/3/2024 của UBND tỉnh)"
    text = f"PHỤ LỤC\nPHÂN CÔNG THỰC HIỆN KẾ HOẠCH SỐ 145/KH-UBND\n{remark}\n"
    found = facts(text + BODY)
    assert value(found.number) == "145/KH-UBND"
    assert found.implements is None
    assert found.parent is None
