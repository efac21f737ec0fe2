"""Word documents: what stands on the printed page, in its order."""

from __future__ import annotations

from io import BytesIO

import docx as python_docx
import pytest

from reader.document import Document
from reader.sources import USUAL
from reader.sources.errors import Reason, Refused
from reader.sources.word import read_word
from tests.reader.sources.making import docx, p, part, table


def text_of(body: str, *, styles: str = "") -> str:
    return read_word(docx(body, styles=styles), USUAL).text


def cells_of(document: Document) -> list[tuple[int, int, int, str]]:
    return [(c.table, c.row, c.column, c.span.of(document.text)) for c in document.cells]


def test_paragraphs_are_parted_by_blank_lines() -> None:
    assert text_of(p("KẾ HOẠCH") + p("") + p("") + p("Thực hiện Đề án")) == "KẾ HOẠCH\n\nThực hiện Đề án\n\n"


def test_a_soft_break_begins_a_line_and_a_tab_stays() -> None:
    body = "<w:p><w:r><w:t>Số:</w:t><w:tab/><w:t>12</w:t><w:br/><w:t>Ngày</w:t></w:r></w:p>"
    assert text_of(body) == "Số:\t12\nNgày\n\n"


def test_words_split_over_runs_links_and_fields_are_whole() -> None:
    body = (
        "<w:p><w:r><w:t>trước ngà</w:t></w:r><w:hyperlink><w:r><w:t>y 15</w:t></w:r></w:hyperlink>"
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>/12</w:t></w:r>'
        "<w:sdt><w:sdtContent><w:r><w:t>/2024</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    )
    assert text_of(body) == "trước ngày 15/12/2024\n\n"


def test_text_is_brought_to_nfc() -> None:
    assert text_of(p("kê\u0301 hoa\u0323ch")) == "kế hoạch\n\n"


def test_inserted_words_are_kept_and_deleted_ones_dropped() -> None:
    body = (
        "<w:p><w:r><w:t>trước ngày </w:t></w:r><w:del><w:r><w:delText>10</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>15</w:t></w:r></w:ins><w:moveFrom><w:r><w:t> đi</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>/12</w:t></w:r></w:moveTo></w:p>"
    )
    assert text_of(body) == "trước ngày 15/12\n\n"


def test_a_deleted_paragraph_end_joins_two_paragraphs() -> None:
    first = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>Công an tỉnh </w:t></w:r></w:p>"
    assert text_of(first + p("chủ trì")) == "Công an tỉnh chủ trì\n\n"


def test_a_deleted_row_is_not_there() -> None:
    body = table(["a", "b"]).replace("<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>") + table(["c", "d"])
    assert text_of(body) == "c\n\nd\n\n"


def test_hidden_words_are_dropped_and_capitals_shown() -> None:
    body = (
        "<w:p><w:r><w:rPr><w:caps/></w:rPr><w:t>Kế hoạch</w:t></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t> mật</w:t></w:r></w:p>"
    )
    assert text_of(body) == "KẾ HOẠCH\n\n"


def test_capitals_of_a_style_are_shown_unless_switched_off() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="Dau"><w:rPr><w:caps/></w:rPr></w:style>'
    body = p("Mục tiêu", properties='<w:pStyle w:val="Dau"/>') + (
        '<w:p><w:pPr><w:pStyle w:val="Dau"/></w:pPr>'
        '<w:r><w:rPr><w:caps w:val="0"/></w:rPr><w:t>Yêu cầu</w:t></w:r></w:p>'
    )
    assert text_of(body, styles=styles) == "MỤC TIÊU\n\nYêu cầu\n\n"


def test_a_text_box_is_read_once_behind_its_paragraph() -> None:
    box = "<w:txbxContent>" + p("Trong khung") + "</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>Đoạn</w:t></w:r><w:r><mc:AlternateContent>"
        f"<mc:Choice><w:drawing><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert text_of(body) == "Đoạn\n\nTrong khung\n\n"


def test_headers_footers_footnotes_and_comments_are_left_out() -> None:
    more = {
        f"word/{name}.xml": part(tag, p("lạc")).encode()
        for name, tag in (("header1", "hdr"), ("footer1", "ftr"), ("footnotes", "footnotes"), ("comments", "comments"))
    }
    body = "<w:p><w:r><w:t>Chính</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r></w:p>"
    assert read_word(docx(body, more=more), USUAL).text == "Chính\n\n"


def test_signs_of_symbol_fonts_and_hyphens_that_do_not_break() -> None:
    body = (
        "<w:p><w:r><w:sym w:font='Wingdings' w:char='F0FC'/><w:t> 13</w:t><w:noBreakHyphen/><w:t>CT</w:t>"
        "<w:softHyphen/><w:t>/TU</w:t></w:r></w:p>"
    )
    assert text_of(body) == "• 13-CT/TU\n\n"


def test_a_table_stands_in_its_place_with_its_cells() -> None:
    document = read_word(docx(p("Trước") + table(["STT", "Thời gian"], ["1", "Quý I"]) + p("Sau")), USUAL)
    assert document.text == "Trước\n\nSTT\n\nThời gian\n\n1\n\nQuý I\n\nSau\n\n"
    assert cells_of(document) == [(0, 0, 0, "STT"), (0, 0, 1, "Thời gian"), (0, 1, 0, "1"), (0, 1, 1, "Quý I")]


def test_a_cell_holds_all_its_paragraphs() -> None:
    document = read_word(docx(table([p("- Sở Tư pháp;") + p("- Công an tỉnh."), "Quý I"])), USUAL)
    assert cells_of(document) == [(0, 0, 0, "- Sở Tư pháp;\n\n- Công an tỉnh."), (0, 0, 1, "Quý I")]


def test_a_merged_cell_stands_once_and_the_others_keep_their_columns() -> None:
    wide = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p("Cả hai")
    begun = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + p("Công an tỉnh")
    further = "<w:tcPr><w:vMerge/></w:tcPr>" + p("Word không hiện")
    document = read_word(docx(table([wide, "c"], [begun, "x", "y"], [further, "z", "t"])), USUAL)
    assert cells_of(document) == [
        (0, 0, 0, "Cả hai"),
        (0, 0, 2, "c"),
        (0, 1, 0, "Công an tỉnh"),
        (0, 1, 1, "x"),
        (0, 1, 2, "y"),
        (0, 2, 1, "z"),
        (0, 2, 2, "t"),
    ]


def test_an_empty_cell_is_not_kept_and_skipped_columns_count() -> None:
    row = '<w:tbl><w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr><w:tc><w:p/></w:tc><w:tc>{}</w:tc></w:tr></w:tbl>'
    assert cells_of(read_word(docx(row.format(p("a"))), USUAL)) == [(0, 0, 2, "a")]


def test_a_table_in_a_cell_has_cells_of_its_own_inside_the_outer_one() -> None:
    document = read_word(docx(table([p("ngoài") + table(["trong"]) + p("cuối")])), USUAL)
    assert cells_of(document) == [(0, 0, 0, "ngoài\n\ntrong\n\ncuối"), (1, 0, 0, "trong")]


def test_the_head_of_two_columns_is_read_one_after_the_other() -> None:
    left = p("ỦY BAN NHÂN DÂN") + p("TỈNH SƠN LA") + p("Số: 12/KH-UBND")
    right = p("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") + p("Sơn La, ngày 07 tháng 11 năm 2023")
    assert text_of(table([left, right])).split("\n\n") == [
        "ỦY BAN NHÂN DÂN",
        "TỈNH SƠN LA",
        "Số: 12/KH-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Sơn La, ngày 07 tháng 11 năm 2023",
        "",
    ]


def test_content_controls_around_blocks_rows_and_cells_are_transparent() -> None:
    cell = "<w:sdt><w:sdtContent><w:tc>" + p("ô") + "</w:tc></w:sdtContent></w:sdt>"
    row = f"<w:sdt><w:sdtContent><w:tr>{cell}</w:tr></w:sdtContent></w:sdt>"
    body = f"<w:sdt><w:sdtContent>{p('khối')}<w:tbl>{row}</w:tbl></w:sdtContent></w:sdt>"
    document = read_word(docx(body), USUAL)
    assert document.text == "khối\n\nô\n\n"
    assert cells_of(document) == [(0, 0, 0, "ô")]


def test_the_strict_form_of_the_standard_is_read_too() -> None:
    strict = part("document", "<w:body>" + p("chặt") + "</w:body>").replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert read_word(docx("", more={"word/document.xml": strict.encode()}), USUAL).text == "chặt\n\n"


def test_the_main_part_may_have_another_name() -> None:
    relations = b"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship
        Id="r" Type="http://x/officeDocument" Target="/word/document2.xml"/></Relationships>"""
    body = part("document", "<w:body>" + p("hai") + "</w:body>").encode()
    more = {"_rels/.rels": relations, "word/document2.xml": body}
    assert read_word(docx(p("một"), more=more), USUAL).text == "hai\n\n"


def test_a_document_of_a_real_template_is_read() -> None:
    made = python_docx.Document()
    made.add_heading("Kế hoạch", 1)
    for name in ("Quán triệt", "Triển khai"):
        made.add_paragraph(name, style="List Number")
    made.add_paragraph("Kiểm tra", style="List Bullet")
    grid = made.add_table(2, 2)
    grid.cell(0, 0).merge(grid.cell(0, 1)).text = "Chung"
    grid.cell(1, 1).text = "Quý II"
    file = BytesIO()
    made.save(file)
    document = read_word(file.getvalue(), USUAL)
    assert document.text == "Kế hoạch\n\n1. Quán triệt\n\n2. Triển khai\n\n• Kiểm tra\n\nChung\n\nQuý II\n\n"
    assert cells_of(document) == [(0, 0, 0, "Chung"), (0, 1, 1, "Quý II")]


def test_words_in_an_old_font_are_refused_with_the_name_of_its_encoding() -> None:
    old = "Céng hßa x· héi chñ nghÜa ViÖt Nam, ñy ban nh©n d©n tØnh triÓn khai thùc hiÖn kÕ ho¹ch c«ng t¸c n¨m " * 2
    with pytest.raises(Refused) as refused:
        read_word(docx(p(old)), USUAL)
    assert refused.value.reason is Reason.OLD_LETTERS
    assert refused.value.details == {"encoding": "TCVN3 (ABC)"}
