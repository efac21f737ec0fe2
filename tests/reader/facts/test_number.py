"""The act's own number: as printed, without blanks; never that of an act it cites."""

from __future__ import annotations

import pytest

from reader.draft import Doubt
from tests.reader.facts.papers import BODY, HEAD, facts, head, value


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("Số: 2316 /QĐ-UBND", "2316/QĐ-UBND"),
        ("Số: 12 / KH - UBND", "12/KH-UBND"),
        ("Số:\n7397/KH-UBND", "7397/KH-UBND"),
        ("Số : 08/UBND-NC", "08/UBND-NC"),
        ("Số: 1234/KH-CAT-PC10", "1234/KH-CAT-PC10"),
        ("Số: 2930/QCPH-(CAT-NHCSXH)", "2930/QCPH-(CAT-NHCSXH)"),
        ("Số 22/2023/QĐ-TTg", "22/2023/QĐ-TTg"),
        ("Số 05-KH/TU", "05-KH/TU"),
        ("Số: 05 - KH/TU", "05-KH/TU"),
        ("Số 176-CTr/HU", "176-CTr/HU"),
        ("Số: 34/KH-THCS&THPTĐBK", "34/KH-THCS&THPTĐBK"),
        ("Số: 07/KHLN-SGDĐT-CAT", "07/KHLN-SGDĐT-CAT"),
        ("Số: 389/KH-BCĐ389", "389/KH-BCĐ389"),
        ("SỐ: 61/QĐ-BXD", "61/QĐ-BXD"),
        ("**Số: 61/CT-UBND**", "61/CT-UBND"),
        ("| Số: 44/TB-UBND |", "44/TB-UBND"),
        ("Số: 22/QĐ- TTg", "22/QĐ-TTg"),
        ("2316/QĐ-UBND", "2316/QĐ-UBND"),
    ],
)
def test_number_is_read_in_every_usual_form(printed: str, number: str) -> None:
    assert value(facts(head(number=printed) + BODY).number) == number


@pytest.mark.parametrize(
    "printed",
    [
        "Số:          /KH-UBND",
        "Số: ……/KH-UBND",
        "Số:....../QĐ-UBND",
        "Số /KH-UBND",
        "Số       -KH/ĐU",
        "Số:     /2024/QĐ-UBND",
        "Số:",
    ],
)
def test_number_left_blank_is_no_number_even_if_others_are_cited(printed: str) -> None:
    cited = "Căn cứ Quyết định số 55/QĐ-UBND ngày 01/02/2024 của UBND tỉnh về cây xanh;\n"
    assert facts(head(number=printed) + cited + BODY).number is None


def test_text_without_a_number_takes_none_from_the_act_that_it_carries_out() -> None:
    text = """Mường Tè, ngày 09 tháng 5 năm 2022

KẾ HOẠCH
Thực hiện Chỉ thị số 31/CT-TTg ngày 04/4/2022 của Thủ tướng Chính phủ

Thực hiện Kế hoạch số 77/KH-UBND ngày 15/4/2022 của UBND tỉnh, UBND huyện ban hành kế hoạch như sau:
"""
    assert facts(text + BODY).number is None


def test_decision_with_an_annexed_plan_has_the_number_of_the_decision() -> None:
    text = """Số: 91/QĐ-UBND
Lai Châu, ngày 02 tháng 01 năm 2025

QUYẾT ĐỊNH
Ban hành Kế hoạch thu gom rác

CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH
Căn cứ Nghị định số 08/2022/NĐ-CP ngày 10/01/2022 của Chính phủ;
QUYẾT ĐỊNH:
Điều 1. Ban hành kèm theo Quyết định này Kế hoạch thu gom rác.
Điều 2. Quyết định này có hiệu lực kể từ ngày ký.

KẾ HOẠCH
Thu gom rác
(Kèm theo Quyết định số 91/QĐ-UBND ngày 02 tháng 01 năm 2025)
"""
    found = facts(text + BODY)
    assert value(found.number) == "91/QĐ-UBND"
    assert value(found.signed) == "2025-01-02"
    assert value(found.level) == "province"


def test_annex_alone_has_the_number_and_day_of_the_act_it_belongs_to() -> None:
    text = """KẾ HOẠCH
Thu gom rác tại nguồn
(Ban hành kèm theo Quyết định số 91/QĐ-UBND ngày 02 tháng 01 năm 2025 của Ủy ban nhân dân tỉnh Lai Châu)

"""
    found = facts(text + BODY)
    assert value(found.number) == "91/QĐ-UBND"
    assert value(found.signed) == "2025-01-02"
    assert value(found.issuer) == "Ủy ban nhân dân tỉnh Lai Châu"
    assert found.number is not None
    assert found.number.sure < 1


def test_another_act_named_in_a_remark_of_a_sentence_is_not_taken() -> None:
    remark = "(ban hành kèm theo Quyết định số 19/QĐ-ABC ngày 16/8/2021)"
    for gap in (" ", "\n"):
        text = f"Thông báo họp giao ban\n1. Các đơn vị xem Quy định{gap}{remark} để biết.\n"
        assert facts(text).number is None
        assert facts(text).signed is None


def test_number_of_a_scan_is_doubtful() -> None:
    found = facts(head(number="S6:211 /KH-UBND") + BODY).number
    assert found is not None
    assert found.value == "211/KH-UBND"
    assert found.doubts == (Doubt.OCR,)
    assert found.sure < 1


def test_number_with_a_letter_for_a_digit_is_read_with_little_certainty() -> None:
    found = facts(head(number="Số: 2l1/KH-UBND") + BODY).number
    assert found is not None
    assert found.value == "211/KH-UBND"
    assert Doubt.OCR in found.doubts


def test_every_number_of_a_recognised_picture_is_doubtful() -> None:
    found = facts(HEAD + BODY, ocr=True).number
    assert found is not None
    assert Doubt.OCR in found.doubts


def test_place_of_the_number_is_the_number() -> None:
    text = head(number="Số: 2316 /QĐ-UBND") + BODY
    found = facts(text).number
    assert found is not None
    assert found.span.of(text) == "2316 /QĐ-UBND"


def test_place_and_date_behind_the_number_do_not_belong_to_it() -> None:
    top = "UBND HUYỆN YÊN LẬP Số: 12/KH-UBND Yên Lập, ngày 04 tháng 02 năm 2021"
    text = f"{top} KẾ HOẠCH Diệt chuột vụ xuân I. MỤC ĐÍCH 1. Giữ lúa."
    assert value(facts(text).number) == "12/KH-UBND"


def test_register_line_of_a_web_page_gives_the_number_and_the_day() -> None:
    text = "Kế hoạch diệt chuột\nSố ký hiệu: 63/KH-UBND\nNgày ban hành: 14/02/2020\nI. MỤC ĐÍCH\n1. Giữ lúa.\n"
    found = facts(text)
    assert value(found.number) == "63/KH-UBND"
    assert value(found.signed) == "2020-02-14"


def test_heading_of_a_web_page_gives_the_number() -> None:
    text = "KẾ HOẠCH SỐ 63/KH-UBND NGÀY 14/02/2020 VỀ DIỆT CHUỘT\n\nI. MỤC ĐÍCH\n1. Giữ lúa.\n"
    assert value(facts(text).number) == "63/KH-UBND"
    assert facts(text).title is None


def test_number_in_an_abstract_of_capitals_is_not_the_acts_own() -> None:
    title = "THỰC HIỆN NGHỊ QUYẾT SỐ 57-NQ/TW CỦA BỘ CHÍNH TRỊ"
    assert facts(head(number="", title=title) + BODY).number is None
