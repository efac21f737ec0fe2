from __future__ import annotations

import io
import unicodedata
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from letters.docx import as_docx
from letters.model import LetterKind, Urgency
from plans.model import Relation
from tests.letters import hostile, reading
from tests.letters.hostile import plain
from tests.letters.reading import opened, paragraph_of, run_of

WITH_LIBREOFFICE = pytest.mark.skipif(reading.SOFFICE is None, reason="no LibreOffice on this machine")
REPORT = plain(LetterKind.REPORT)


def mm(length: int | None) -> int:
    """In whole mm: Word counts twentieths of a point."""
    return round((length or 0) / Mm(1))


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("kind", LetterKind)
def test_every_kind_and_relation_can_be_opened_again_with_its_parts_in_order(
    kind: LetterKind, relation: Relation
) -> None:
    letter = plain(kind, relation)
    text = "\n".join(reading.texts(as_docx(letter)))
    assert unicodedata.is_normalized("NFC", text)
    title = [] if letter.dispatch else ["BÁO CÁO", letter.abstract]
    abstract = [f"V/v {letter.abstract}"] if letter.dispatch else []
    head = ["BỘ CÔNG AN", "CÔNG AN TỈNH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    body = [each.text.rstrip(".").upper() if "I." in each.text[:4] else each.text.rstrip(".") for each in letter.body]
    foot = ["./.", "Nơi nhận:", "- Như trên;", "- Lưu: VT, PC10.", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]
    annex = ["PHỤ LỤC", "(Kèm theo", letter.annexes[0].table.heads[0].text] if letter.annexes else []
    assert reading.in_order(text, *head, "Số:", *abstract, "Mẫu, ngày", *title, "Kính gửi:", *body, *foot, *annex)


def test_the_page_is_a4_with_the_margins_of_the_decree() -> None:
    (section,) = opened(as_docx(plain(LetterKind.CORRECTION))).sections
    assert (mm(section.page_width), mm(section.page_height)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert tuple(map(mm, margins)) == (20, 20, 30, 15)


def test_the_page_number_stands_centred_in_the_top_margin_but_not_on_the_first_page() -> None:
    (section,) = opened(as_docx(plain(LetterKind.CORRECTION))).sections
    assert section.different_first_page_header_footer
    assert section.first_page_header.paragraphs[0].text == ""
    number = section.header.paragraphs[0]
    assert number.alignment is WD_ALIGN_PARAGRAPH.CENTER
    assert [told.text for told in number._p.iter(qn("w:instrText"))] == ["PAGE"]
    assert {run.font.size for run in number.runs} == {Pt(13)}


@pytest.mark.parametrize(
    ("text", "size", "bold", "italic"),
    [
        ("BỘ CÔNG AN", 12, False, False),
        ("CÔNG AN TỈNH", 12, True, False),
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, True, False),
        ("Độc lập - Tự do - Hạnh phúc", 13, True, False),
        ("Số: ", 13, False, False),
        ("Mẫu, ngày", 13, False, True),
        ("V/v đôn đốc", 12, False, False),
        ("KHẨN", 13, True, False),
        ("Kính gửi:", 14, False, False),
        ("Theo mục IV.1", 14, False, False),
        ("Nơi nhận:", 12, True, True),
        ("- Như trên;", 11, False, False),
        ("KT. GIÁM ĐỐC", 14, True, False),
        ("PHÓ GIÁM ĐỐC", 14, True, False),
        ("Nguyễn Văn A", 14, True, False),
        ("PHỤ LỤC", 14, True, False),
        ("DANH SÁCH CƠ QUAN", 14, True, False),
        ("(Kèm theo Công văn", 14, False, True),
    ],
)
def test_every_box_has_the_size_and_style_of_the_decree(text: str, size: int, bold: bool, italic: bool) -> None:
    signed = replace(plain().signature, name="Nguyễn Văn A")
    run = run_of(opened(as_docx(replace(plain(), urgency=Urgency.URGENT, signature=signed))), text)
    assert (run.font.size, run.bold, run.italic) == (Pt(size), bold, italic)


@pytest.mark.parametrize(("text", "size"), [("BÁO CÁO", 14), ("Tình hình thực hiện", 14), ("I. TÌNH HÌNH", 14)])
def test_kind_abstract_and_parts_of_a_report_are_bold(text: str, size: int) -> None:
    run = run_of(opened(as_docx(REPORT)), text)
    assert (run.font.size, run.bold) == (Pt(size), True)


def test_every_letter_is_in_times_new_roman_for_every_script() -> None:
    document = opened(as_docx(plain()))
    fonts = document.styles["Normal"].element.find(f".//{qn('w:rFonts')}")
    assert [fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs", "eastAsia")] == ["Times New Roman"] * 4
    assert {run.font.name for each in reading.paragraphs(document) for run in each.runs} == {None}


def test_the_body_is_justified_with_an_indented_first_line_and_room_between_paragraphs() -> None:
    document = opened(as_docx(plain()))
    for text in ("Theo mục IV.1", "Đến hết ngày"):
        paragraph = paragraph_of(document, text)
        assert paragraph.alignment is WD_ALIGN_PARAGRAPH.JUSTIFY
        shape = paragraph.paragraph_format
        assert shape.first_line_indent == pytest.approx(Mm(12.7), abs=700)
        assert shape.space_before == Pt(6)
        assert 1 <= float(shape.line_spacing or 0) <= 1.5


def test_lines_stand_below_the_issuing_body_and_the_motto() -> None:
    document = opened(as_docx(plain()))
    head = document.tables[0].rows[0]
    for cell, column, shortest, longest in ((head.cells[0], 67, 9, 18), (head.cells[1], 98, 55, 62)):
        line = cell.paragraphs[-1]
        assert line._p.pPr.find(f"{qn('w:pBdr')}/{qn('w:top')}") is not None
        beside = (line.paragraph_format.left_indent or 0) + (line.paragraph_format.right_indent or 0)
        assert shortest < column - beside / Mm(1) < longest


def test_one_addressee_stands_on_the_same_line_and_several_below_each_other() -> None:
    one = replace(plain(), addressees=("UBND xã Đồng Mây",))
    assert "Kính gửi: UBND xã Đồng Mây" in reading.texts(as_docx(one))
    several = reading.texts(as_docx(plain()))
    at = several.index("Kính gửi:")
    assert several[at + 1 : at + 4] == ["- Sở Nội vụ tỉnh Mẫu;", "- UBND xã Đồng Mây;", "- UBND phường Núi Xanh."]


def test_recipients_and_signature_begin_on_one_level_and_stay_together() -> None:
    foot = opened(as_docx(plain())).tables[1].rows[0]
    assert foot.cells[0].paragraphs[0].text == "Nơi nhận:"
    assert foot.cells[1].paragraphs[0].text == "KT. GIÁM ĐỐC"
    assert foot._tr.get_or_add_trPr().find(qn("w:cantSplit")) is not None


def test_a_wide_annex_lies_on_its_side_in_a_section_that_counts_its_own_pages() -> None:
    document = opened(as_docx(plain(LetterKind.ASSIGNING)))
    letter, annex = document.sections
    assert letter.orientation is WD_ORIENT.PORTRAIT
    assert annex.orientation is WD_ORIENT.LANDSCAPE
    assert (mm(annex.page_width), mm(annex.page_height)) == (297, 210)
    assert annex.different_first_page_header_footer
    assert [kind.get(qn("w:start")) for kind in annex._sectPr.findall(qn("w:pgNumType"))] == ["1"]


def test_the_head_of_an_annex_is_repeated_and_its_rows_are_not_torn() -> None:
    table = opened(as_docx(replace(plain(), annexes=(hostile.rows(60),)))).tables[2]
    shapes = [row._tr.get_or_add_trPr() for row in table.rows]
    assert shapes[0].find(qn("w:tblHeader")) is not None
    assert [shape.find(qn("w:tblHeader")) for shape in shapes[1:]] == [None] * 60
    assert all(shape.find(qn("w:cantSplit")) is not None for shape in shapes)


def test_a_symbol_is_not_broken_at_its_hyphen() -> None:
    document = opened(as_docx(replace(plain(), number="5", date=date(2026, 11, 24))))
    number = paragraph_of(document, "Số: 05/CAT-PC10")
    assert len(list(number._p.iter(qn("w:noBreakHyphen")))) == 1


def test_the_same_letter_always_gives_the_same_bytes() -> None:
    assert as_docx(plain()) == as_docx(plain())
    with zipfile.ZipFile(io.BytesIO(as_docx(plain()))) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert as_docx(plain()) != as_docx(replace(plain(), number="5"))


@pytest.mark.parametrize("name", hostile.HOSTILE)
def test_hostile_texts_can_be_opened_again_and_are_nfc(name: str) -> None:
    text = "\n".join(reading.texts(as_docx(hostile.HOSTILE[name]())))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert unicodedata.is_normalized("NFC", text)


def test_xml_signs_stay_letters_and_control_characters_go() -> None:
    text = "\n".join(reading.texts(as_docx(hostile.signs())))
    assert "Kế hoạch<b>đậm</b> & <para>&amp;</para> ]]> \"' [31m số 1<2&3/KH-UBND" in text
    assert "- Hội Nông dân." in text
    assert "Số: 07/CAT-PC10" in text


@WITH_LIBREOFFICE
@pytest.mark.slow
def test_another_program_prints_it_in_the_same_order_with_repeated_heads(tmp_path: Path) -> None:
    letter = replace(plain(), body=plain().body[:4], annexes=(hostile.rows(60),), urgency=Urgency.URGENT)
    printed = reading.pages(reading.by_libreoffice(as_docx(letter), tmp_path))
    assert len(printed) >= 3
    head = ["BỘ CÔNG AN", "CÔNG AN TỈNH", "Số:", "V/v đôn đốc", "KHẨN", "Kính gửi:"]
    body = [each.text.rstrip(".") for each in letter.body]
    assert reading.in_order(printed[0], *head, *body, "./.", "Nơi nhận:", "- Lưu: VT, PC10.")
    assert reading.in_order(printed[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập", "Mẫu, ngày", "Kính gửi:")
    assert reading.in_order(printed[0], body[-1], "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")
    assert all("TT Cơ quan, đơn vị Số ngày" in page for page in printed[1:])
    assert reading.in_order("".join(printed[1:]), *(f"Xã số {at}" for at in range(1, 61)))
    assert printed[2].startswith("2 ")
    assert not printed[1].startswith("1 ")


@WITH_LIBREOFFICE
@pytest.mark.slow
def test_another_program_prints_hostile_texts_whole(tmp_path: Path) -> None:
    printed = "".join(reading.pages(reading.by_libreoffice(as_docx(hostile.long_paragraphs()), tmp_path)))
    assert "".join(printed.split()).count("ữ") == 5000
    assert "".join(printed.split()).count("ợ") == 5000
    assert reading.in_order(printed, "Kính gửi:", "ữữữ", "Nơi nhận:", "PHỤ LỤC", "ợợợ")


@pytest.mark.parametrize("annexes", [0, 1])
def test_what_word_wants_behind_the_signature_begins_no_page_of_its_own(annexes: int) -> None:
    document = opened(as_docx(replace(plain(), annexes=(hostile.rows(2),) * annexes)))
    foot = document.tables[1]._tbl
    following: object = foot.getnext()
    behind = next(each for each in document.paragraphs if each._p is following)
    assert behind.paragraph_format.line_spacing == Pt(1)
