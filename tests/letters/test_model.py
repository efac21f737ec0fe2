from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from letters import lines
from letters.errors import RowTooLong
from letters.model import Annex, Authority, Behalf, Head, Letter, LetterKind, Paragraph, Signature, Table
from plans.model import PartialDate

LETTER = Letter(
    kind=LetterKind.URGING,
    issuer="Công an tỉnh",
    named="Công an tỉnh Mẫu",
    symbol="CAT-PC10",
    place="Mẫu",
    abstract="đôn đốc gửi báo cáo",
    body=(Paragraph("Nội dung."),),
    signature=Signature("Giám đốc"),
)


def test_a_letter_without_number_or_date_is_a_draft() -> None:
    numbered = replace(LETTER, number="5", date=date(2026, 11, 24))
    assert not numbered.draft
    assert replace(numbered, number=None).draft
    assert replace(numbered, date=None).draft
    assert replace(numbered, date=PartialDate(2026, 11)).draft
    assert not replace(numbered, date=PartialDate(2026, 11, 24)).draft


@pytest.mark.parametrize(
    ("number", "line"),
    [
        (None, "Số:       /CAT-PC10"),
        ("5", "Số: 05/CAT-PC10"),
        ("05", "Số: 05/CAT-PC10"),
        ("347", "Số: 347/CAT-PC10"),
        ("12a", "Số: 12a/CAT-PC10"),
    ],
)
def test_the_number_stands_before_the_symbol_and_a_draft_leaves_room(number: str | None, line: str) -> None:
    assert lines.number_line(replace(LETTER, number=number)) == line


@pytest.mark.parametrize(
    ("day", "line"),
    [
        (date(2026, 2, 5), "Mẫu, ngày 05 tháng 02 năm 2026"),
        (date(2026, 3, 5), "Mẫu, ngày 05 tháng 3 năm 2026"),
        (date(2026, 11, 24), "Mẫu, ngày 24 tháng 11 năm 2026"),
        (PartialDate(2026, 11), "Mẫu, ngày       tháng 11 năm 2026"),
        (None, "Mẫu, ngày       tháng       năm"),
    ],
)
def test_a_zero_stands_before_days_below_ten_and_the_first_two_months(
    day: date | PartialDate | None, line: str
) -> None:
    assert lines.date_line(replace(LETTER, date=day)) == line


def test_one_addressee_stands_as_it_is_and_several_as_a_list() -> None:
    assert lines.addressee_lines(replace(LETTER, addressees=("Sở Tài chính.",))) == ("Sở Tài chính",)
    assert lines.addressee_lines(replace(LETTER, addressees=("Sở Tài chính", "- Sở Nội vụ;"))) == (
        "- Sở Tài chính;",
        "- Sở Nội vụ.",
    )


def test_the_text_ends_with_the_mark_of_the_end_once() -> None:
    said = lines.body(replace(LETTER, body=(Paragraph("Một."), Paragraph("Hai."), Paragraph(" \n "))))
    assert [each.text for each in said] == ["Một.", "Hai./."]


def test_a_text_that_already_has_the_mark_of_the_end_keeps_one() -> None:
    assert lines.body(replace(LETTER, body=(Paragraph("Hai./."),)))[-1].text == "Hai./."


def test_the_signature_names_for_whom_in_the_order_of_the_decree() -> None:
    behalf = (Behalf(Authority.COLLECTIVE, "Ủy ban nhân dân"), Behalf(Authority.DEPUTY, "Chủ tịch"))
    assert Signature("Phó Chủ tịch", None, behalf).lines == (
        "TM. ỦY BAN NHÂN DÂN",
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
    )


def test_annexes_are_numbered_where_there_are_several() -> None:
    table = Table((Head("TT", 10),), (("01",),))
    one = replace(LETTER, number="5", date=date(2026, 11, 24), annexes=(Annex("DANH SÁCH", table),))
    two = replace(one, annexes=(*one.annexes, Annex("BIỂU", table)))
    belongs = "(Kèm theo Công văn số 05/CAT-PC10 ngày 24 tháng 11 năm 2026 của Công an tỉnh Mẫu)"
    assert lines.annex_heading(one, 0) == ("PHỤ LỤC", "DANH SÁCH", belongs)
    assert lines.annex_heading(two, 1) == ("PHỤ LỤC II", "BIỂU", belongs)


def test_a_row_that_does_not_fit_its_heads_is_refused_by_its_number() -> None:
    with pytest.raises(RowTooLong, match="dòng 2 của phụ lục có 1 ô, bảng có 2 cột"):
        Table((Head("TT", 10), Head("Cơ quan", 40)), (("01", "Sở"), ("02",)))


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Hoa\u0300 bi\u0300nh", "Hoà bình"),
        ("một\x00hai\x0bba", "một hai ba"),
        ("một\r\n\thai", "một hai"),
        ("a\ud800b\ufffec\u202ed\u200be", "abcde"),
        ("<b>&amp; \"'", "<b>&amp; \"'"),
    ],
)
def test_whatever_is_typed_becomes_one_clean_line(typed: str, printed: str) -> None:
    assert lines.clean(typed) == printed
