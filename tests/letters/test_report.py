"""The printed form of reports, as .pdf and .docx, opened again with other programs."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from letters.errors import RowTooLong
from letters.report import Facts, Heading, PageBreak, Quote, Report, Table, Text, text_lines
from letters.report_docx import as_docx
from letters.report_pdf import as_pdf
from tests.letters import reading
from tests.letters.hostile import SIGNS
from tests.letters.sample import face

WITH_LIBREOFFICE = pytest.mark.skipif(reading.SOFFICE is None, reason="no LibreOffice on this machine")
ROWS = tuple((str(at), f"UBND xã số {at}", "09/12/2024", "Quá hạn 1 ngày") for at in range(1, 61))
TABLE = Table(
    ("Stt", "Cơ quan", "Hạn gửi", "Tình trạng"),
    (("Các xã, phường",), *ROWS, ("", "Cộng", "", "60")),
    align=("center",),
    note="Tính đến hết ngày.",
    bold=frozenset({61}),
)
REPORT = Report(
    title="BIỂU TÌNH HÌNH",
    subtitle="Báo cáo năm 2024\nTính đến 10/12/2024",
    head=("Bộ Công an", "Công an tỉnh Mẫu"),
    blocks=(
        Heading("I. Căn cứ"),
        Facts((("Mục", "IV.1"), ("Lời văn", "“trước ngày 10/12”\nhằng năm"))),
        Heading("1. Danh sách", 2),
        TABLE,
        Heading("a) Nguyên văn", 3),
        Quote("Kính gửi: Sở Tư pháp\n\n  - Báo cáo năm 2024: <b>đậm</b> & <para/>"),
        Text("Dòng nhỏ", small=True),
        Text("Hết biểu."),
    ),
    footer="In lúc 07h30 ngày 10/12/2024 · mã 3fa9 12cd",
    signatures=(("Người lập biểu", ""), ("KT. Trưởng phòng\nPhó Trưởng phòng", "Nguyễn Văn A")),
)
ORDER = (
    "BỘ CÔNG AN", "CÔNG AN TỈNH MẪU", "BIỂU TÌNH HÌNH", "Báo cáo năm 2024", "Tính đến 10/12/2024", "I. Căn cứ", "Mục",
    "IV.1", "“trước ngày 10/12”", "1. Danh sách", "Stt", "Các xã, phường", "UBND xã số 1", "UBND xã số 60", "Cộng",
    "Tính đến hết ngày.", "a) Nguyên văn", "Kính gửi: Sở Tư pháp", "<b>đậm</b> & <para/>", "Dòng nhỏ", "Hết biểu.",
    "NGƯỜI LẬP BIỂU", "PHÓ TRƯỞNG PHÒNG", "Nguyễn Văn A",
)  # fmt: skip


def pages(told: Report) -> list[str]:
    return reading.pages(as_pdf(told, face()))


def without_margins(printed: list[str], footer: str) -> str:
    """The running text: a footer and a page's number stand between its lines."""
    return " ".join(page.replace(footer, "") for page in printed)


def test_all_parts_stand_in_the_pdf_in_order_and_in_nfc() -> None:
    text = without_margins(pages(REPORT), REPORT.footer)
    assert reading.in_order(text, *ORDER)
    assert unicodedata.is_normalized("NFC", text)


def test_all_parts_stand_in_the_docx_in_order() -> None:
    assert reading.in_order("\n".join(reading.texts(as_docx(REPORT))), *ORDER)


def test_the_same_report_always_gives_the_same_bytes() -> None:
    assert as_pdf(REPORT, face()) == as_pdf(REPORT, face())
    assert as_docx(REPORT) == as_docx(REPORT)


def test_heads_of_tables_the_number_and_the_footer_stand_on_every_page() -> None:
    found = pages(REPORT)
    assert len(found) >= 2
    assert all("In lúc 07h30 ngày 10/12/2024" in page for page in found)
    tables = [page for page in found if "UBND xã số" in page]
    assert len(tables) == 2
    assert all("Stt Cơ quan Hạn gửi Tình trạng" in page for page in tables)
    assert found[1].startswith("2 ") or " 2 " in found[1][:60] or found[1].endswith(" 2")


def test_nobody_signs_an_otherwise_empty_page() -> None:
    for count in range(26, 46):
        rows = tuple((str(at), "x", "y", "z") for at in range(count))
        table = replace(TABLE, rows=rows, bold=frozenset(), note="")
        last = pages(replace(REPORT, blocks=(table, Text("Tổng cộng: hết."))))[-1]
        assert "Nguyễn Văn A" in last
        assert "Tổng cộng: hết." in last


def test_a_landscape_report_lies_on_its_side() -> None:
    wide = replace(REPORT, landscape=True)
    assert set(reading.sizes(as_pdf(wide, face()))) == {(297, 210)}
    [section] = reading.opened(as_docx(wide)).sections
    assert section.orientation is WD_ORIENT.LANDSCAPE
    assert round((section.page_width or 0) / Mm(1)) == 297


def test_headings_are_the_outline_of_both_files() -> None:
    with pypdfium2.PdfDocument(as_pdf(REPORT, face())) as document:
        outline = [(mark.get_title(), mark.level) for mark in document.get_toc()]
    assert outline == [("I. Căn cứ", 0), ("1. Danh sách", 1), ("a) Nguyên văn", 2)]
    named = [(each.text, each.style.name if each.style else "") for each in reading.opened(as_docx(REPORT)).paragraphs]
    styled = [(text, style) for text, style in named if style and "Heading" in style]
    assert styled == [("I. Căn cứ", "Heading 1"), ("1. Danh sách", "Heading 2"), ("a) Nguyên văn", "Heading 3")]


def test_the_docx_has_the_margins_of_letters_and_their_sizes() -> None:
    document = reading.opened(as_docx(REPORT))
    [section] = document.sections
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round((each or 0) / Mm(1)) for each in margins] == [20, 20, 30, 15]
    assert reading.run_of(document, "BIỂU TÌNH HÌNH").font.size == Pt(14)
    assert reading.run_of(document, "UBND xã số 7").font.size == Pt(11)
    assert reading.run_of(document, "Hết biểu.").font.size == Pt(12)
    assert reading.run_of(document, "Dòng nhỏ").font.size == Pt(10)
    assert reading.run_of(document, "Cộng").bold
    assert reading.run_of(document, "UBND xã số 7").bold is False


def test_a_table_in_word_repeats_its_head_and_spans_the_heading_of_a_group() -> None:
    [table] = [t for t in reading.opened(as_docx(REPORT)).tables if t.rows[0].cells[0].text == "Stt"]
    assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    assert len(table.rows[1]._tr.findall(qn("w:tc"))) == 1
    assert len(table.rows[2]._tr.findall(qn("w:tc"))) == 4


def test_a_row_that_does_not_fit_its_head_is_refused() -> None:
    with pytest.raises(RowTooLong):
        Table(("Stt", "Cơ quan", "Hạn"), (("1", "Sở Tư pháp"),))


def test_columns_fill_the_page_and_give_long_texts_more_room() -> None:
    table = Table(("Stt", "Nội dung"), (("1", "Báo cáo kết quả rà soát, lập danh sách và đề xuất"),))
    widths = table.columns(165)
    assert sum(widths) == pytest.approx(165)
    assert widths[0] < widths[1] / 3
    assert replace(table, widths=(1, 2)).columns(165) == pytest.approx((55, 110))


def test_line_breaks_and_leading_blanks_are_kept_and_nothing_else() -> None:
    assert text_lines("a\n\n  b \t c\n\n") == ("a", "", "\u00a0\u00a0b c")
    assert text_lines("") == ("",)


def test_hostile_texts_are_printed_as_letters() -> None:
    told = Report(
        SIGNS, SIGNS, (SIGNS,), (Heading(SIGNS), Facts(((SIGNS, SIGNS),)), Table((SIGNS, "x"), ((SIGNS, "ữ" * 3000),)),
        Quote(SIGNS), Text("ợ" * 4000), PageBreak(), Text(SIGNS)), SIGNS, signatures=((SIGNS, SIGNS),),
    )  # fmt: skip
    assert "".join("".join(pages(told)).split()).count("ữ") == 3000
    assert "<b>đậm</b> & <para>&amp;</para> ]]>" in "\n".join(reading.texts(as_docx(told)))


def test_an_empty_report_is_printed() -> None:
    assert len(pages(Report(""))) == 1
    assert as_docx(Report("", blocks=(Table(("a",), ()), Facts(()))))


@WITH_LIBREOFFICE
@pytest.mark.slow
def test_libreoffice_prints_the_docx_with_every_part_and_the_same_paper(tmp_path: Path) -> None:
    wide = replace(REPORT, landscape=True)
    found = reading.all_by_libreoffice({"tall.docx": as_docx(REPORT), "wide.docx": as_docx(wide)}, tmp_path)
    text = without_margins(reading.pages(found["tall.docx"]), REPORT.footer)
    assert reading.in_order(text, *ORDER[:-3])
    assert set(reading.sizes(found["tall.docx"])) == {(210, 297)}
    assert set(reading.sizes(found["wide.docx"])) == {(297, 210)}
    printed = reading.pages(found["tall.docx"])
    assert all("In lúc 07h30 ngày 10/12/2024" in page for page in printed)
    assert all("Stt Cơ quan" in page for page in printed if "UBND xã số" in page)
