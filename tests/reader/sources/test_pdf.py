"""PDF documents: printed lines in reading order, tables with cells, nothing that repeats on every page."""

from __future__ import annotations

import resource
from typing import Any

import pytest
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from reader.document import Document
from reader.sources import USUAL, Limits, read_bytes
from reader.sources.errors import Reason, Refused
from reader.sources.pdf import read_pdf
from tests.reader.sources.making import FONT, Draw, both, lines, pdf, ruled


def quiet(page: int, pages: int, *, slow: bool = False) -> None:
    """A progress that nobody watches."""


def read(*pages: Draw) -> Document:
    return read_pdf(pdf(*pages), USUAL, quiet)


def cells(document: Document) -> list[tuple[int, int, int, str]]:
    return [(c.table, c.row, c.column, c.span.of(document.text)) for c in document.cells]


def test_printed_lines_stay_lines_with_all_their_letters() -> None:
    words = ("Căn cứ Quyết định số 22/2023/QĐ-TTg ngày 17/8/2023, Ủy ban", "nhân dân tỉnh ban hành Kế hoạch: ằẵặ ừữự")
    assert read(lines(*words)).text == "\n".join(words) + "\n"


def test_pages_are_known_by_where_they_begin() -> None:
    document = read(lines("một"), lines("hai"), lines("ba"))
    assert document.text == "một\nhai\nba\n"
    assert document.pages == (0, 4, 8)


def test_a_wide_gap_between_lines_parts_paragraphs_but_not_at_the_top_of_a_page() -> None:
    first = both(lines("a", "b", top=700), lines("c", top=640))
    assert read(first, lines("d", top=400)).text == "a\nb\n\nc\nd\n"


def test_lines_are_read_from_above_whatever_was_drawn_first() -> None:
    assert read(both(lines("dưới", top=300), lines("trên", top=700))).text == "trên\n\ndưới\n"


def test_words_of_one_line_drawn_apart_are_one_line() -> None:
    document = read(both(lines("Số:", left=80), lines("12", left=300), lines("/KH-UBND", left=330)))
    assert document.text == "Số: 12 /KH-UBND\n"


def test_the_two_columns_of_the_head_are_read_one_after_the_other() -> None:
    head = both(
        lines("ỦY BAN NHÂN DÂN", "TỈNH SƠN LA", "Số: 12/KH-UBND", left=70, top=790),
        lines(
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "Sơn La, ngày 7 tháng 11 năm 2023",
            left=260,
            top=790,
        ),
        lines("KẾ HOẠCH", left=260, top=715),
        lines("Triển khai thực hiện Đề án nâng cao hiệu quả công tác", top=693),
    )
    assert read(head).text.split("\n") == [
        "ỦY BAN NHÂN DÂN", "TỈNH SƠN LA", "Số: 12/KH-UBND", "",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Sơn La, ngày 7 tháng 11 năm 2023", "",
        "KẾ HOẠCH", "Triển khai thực hiện Đề án nâng cao hiệu quả công tác", "",
    ]  # fmt: skip


def test_the_head_of_a_party_committee_has_columns_too() -> None:
    head = both(
        lines("TỈNH ỦY SƠN LA", "*", "Số 45-KH/TU", left=80, top=790),
        lines("ĐẢNG CỘNG SẢN VIỆT NAM", "Sơn La, ngày 02 tháng 4 năm 2024", left=320, top=790),
        lines("KẾ HOẠCH", left=260, top=700),
    )
    assert read(head).text.split("\n")[:6] == [
        "TỈNH ỦY SƠN LA", "*", "Số 45-KH/TU", "", "ĐẢNG CỘNG SẢN VIỆT NAM", "Sơn La, ngày 02 tháng 4 năm 2024",
    ]  # fmt: skip


def test_a_motto_in_the_middle_makes_no_columns() -> None:
    head = lines("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "KẾ HOẠCH", left=200)
    assert read(head).text.split("\n")[:3] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "KẾ HOẠCH",
    ]  # fmt: skip


def test_recipients_and_signature_are_read_one_after_the_other() -> None:
    end = both(
        lines("Nơi nhận:", "- Như Điều 3;", "- Lưu: VT, NC.", left=70, top=300),
        lines("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", left=330, top=300),
    )
    assert read(both(lines("Giao Công an tỉnh theo dõi./.", top=500), end)).text.split("\n") == [
        "Giao Công an tỉnh theo dõi./.", "", "Nơi nhận:", "- Như Điều 3;", "- Lưu: VT, NC.", "",
        "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "",
    ]  # fmt: skip


def test_page_numbers_and_running_heads_are_dropped() -> None:
    def page(number: int, text: str) -> Draw:
        return both(
            lines("Kế hoạch số 12/KH-UBND", top=815), lines(str(number), left=290, top=800), lines(text, "tiếp theo"),
            lines(f"Trang {number}/4", left=290, top=30),
        )  # fmt: skip

    assert read(*(page(n, f"đoạn {n}") for n in range(1, 5))).text == (
        "đoạn 1\ntiếp theo\nđoạn 2\ntiếp theo\nđoạn 3\ntiếp theo\nđoạn 4\ntiếp theo\n"
    )


def test_a_number_inside_the_page_is_no_page_number() -> None:
    assert read(lines("a", "12", "b", top=500)).text == "a\n12\nb\n"


def test_a_ruled_table_has_its_cells() -> None:
    rows = [["STT", "Nội dung", "Thời gian"], ["1", "Báo cáo kết quả\nhằng năm", "Trước ngày 15/12"]]
    document = read(both(lines("PHỤ LỤC", top=740), ruled(rows), lines("Hết.", top=500)))
    assert document.text.startswith("PHỤ LỤC\n\nSTT\n\nNội dung\n\n")
    assert document.text.endswith("Trước ngày 15/12\n\nHết.\n")
    assert cells(document) == [
        (0, 0, 0, "STT"), (0, 0, 1, "Nội dung"), (0, 0, 2, "Thời gian"),
        (0, 1, 0, "1"), (0, 1, 1, "Báo cáo kết quả\nhằng năm"), (0, 1, 2, "Trước ngày 15/12"),
    ]  # fmt: skip


def test_cells_merged_by_missing_lines_stand_once() -> None:
    def draw(canvas: Canvas) -> None:
        for x, top, bottom in ((70, 700, 520), (170, 640, 520), (270, 700, 520), (370, 700, 520)):
            canvas.line(x, top, x, bottom)
        for y, left in ((700, 70), (640, 70), (580, 170), (520, 70)):
            canvas.line(left, y, 370, y)
        for text, x, y in (("trải", 90, 660), ("rộng", 200, 660), ("B", 280, 660), ("Công an", 80, 610)):
            canvas.drawString(x, y, text)
        for text, x, y in (("tỉnh", 80, 550), ("x", 180, 610), ("y", 180, 550), ("z", 280, 550)):
            canvas.drawString(x, y, text)

    assert cells(read(draw)) == [
        (0, 0, 0, "trải rộng"), (0, 0, 2, "B"), (0, 1, 0, "Công an\n\ntỉnh"), (0, 1, 1, "x"),
        (0, 2, 1, "y"), (0, 2, 2, "z"),
    ]  # fmt: skip


def test_columns_made_by_blanks_are_columns() -> None:
    head = lines(
        "TỈNH SƠN LA" + " " * 30 + "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "CÔNG AN" + " " * 44 + "Độc lập - Tự do - Hạnh phúc",
        left=60,
    )
    assert read(head).text.split("\n")[:5] == [
        "TỈNH SƠN LA", "CÔNG AN", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
    ]  # fmt: skip


def test_what_stands_below_the_date_is_no_column_of_the_head() -> None:
    page = both(
        lines("UBND HUYỆN", "Số: 9/KH-UBND", left=70, top=790),
        lines("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Sơn La, ngày 7 tháng 11 năm 2023", left=270, top=790),
        lines("KẾ HOẠCH", left=300, top=740),
        lines("Kính gửi: các phòng", left=70, top=715),
    )
    text = read(page).text
    assert text.index("năm 2023") < text.index("KẾ HOẠCH") < text.index("Kính gửi")


def test_tables_drawn_as_frames_of_each_cell_are_tables() -> None:
    def draw(canvas: Canvas) -> None:
        for column, text in enumerate(("Nhiệm vụ", "Quý II")):
            canvas.rect(80 + 150 * column, 600, 150, 40)
            canvas.drawString(85 + 150 * column, 615, text)

    assert cells(read(draw)) == [(0, 0, 0, "Nhiệm vụ"), (0, 0, 1, "Quý II")]


def test_a_frame_around_words_is_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(80, 600, 300, 40)
        canvas.drawString(90, 615, "Trong khung")

    document = read(draw)
    assert (document.text, document.cells) == ("Trong khung\n", ())


def test_two_tables_of_a_page_are_two() -> None:
    document = read(both(ruled([["a", "b", "c"]]), lines("giữa", top=600), ruled([["d", "e", "f"]], top=500)))
    assert [(table, text) for table, _, _, text in cells(document)] == [
        (0, "a"), (0, "b"), (0, "c"), (1, "d"), (1, "e"), (1, "f"),
    ]  # fmt: skip


def test_a_table_goes_on_over_the_page_without_its_repeated_head() -> None:
    head = ["TT", "Nội dung", "Thời gian"]
    document = read(ruled([head, ["1", "Một", "Quý I"]]), ruled([head, ["2", "Hai", "Quý II"]]))
    assert cells(document) == [
        (0, 0, 0, "TT"), (0, 0, 1, "Nội dung"), (0, 0, 2, "Thời gian"),
        (0, 1, 0, "1"), (0, 1, 1, "Một"), (0, 1, 2, "Quý I"),
        (0, 2, 0, "2"), (0, 2, 1, "Hai"), (0, 2, 2, "Quý II"),
    ]  # fmt: skip


def test_a_row_that_the_page_cuts_is_one_row() -> None:
    document = read(
        ruled([["1", "Báo cáo kết quả thực hiện", "Trước ngày"]]),
        ruled([["", "đề án của tỉnh", "15/12"], ["2", "x", "y"]]),
    )
    assert cells(document) == [
        (0, 0, 0, "1"), (0, 0, 1, "Báo cáo kết quả thực hiện\nđề án của tỉnh"), (0, 0, 2, "Trước ngày\n15/12"),
        (0, 1, 0, "2"), (0, 1, 1, "x"), (0, 1, 2, "y"),
    ]  # fmt: skip


def test_a_page_shown_turned_is_read_as_shown() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        canvas.saveState()
        canvas.translate(A4[0], 0)
        canvas.rotate(90)
        both(lines("Dòng một", "Dòng hai", top=500), ruled([["a", "b", "c"]], top=400))(canvas)
        canvas.restoreState()

    document = read(draw)
    assert document.text.startswith("Dòng một\nDòng hai\n")
    assert cells(document) == [(0, 0, 0, "a"), (0, 0, 1, "b"), (0, 0, 2, "c")]


@pytest.mark.parametrize("turn", [180, 270])
def test_other_turns_of_a_page_keep_its_lines_in_order(turn: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(turn)
        canvas.translate(*((A4[0], A4[1]) if turn == 180 else (0, A4[1])))
        canvas.rotate(turn)
        lines("Dòng một", "Dòng hai", top=500)(canvas)

    assert read(draw).text == "Dòng một\nDòng hai\n"


def test_a_landscape_page_is_read() -> None:
    data = pdf(ruled([["1", "Nội dung", "Quý I"]], top=500, widths=(40, 500, 150)), size=landscape(A4))
    assert cells(read_pdf(data, USUAL, quiet)) == [(0, 0, 0, "1"), (0, 0, 1, "Nội dung"), (0, 0, 2, "Quý I")]


def test_progress_is_told_for_every_page() -> None:
    told: list[tuple[int, int]] = []

    def report(page: int, pages: int, *, slow: bool = False) -> None:
        told.append((page, pages))

    read_pdf(pdf(lines("a"), lines("b"), lines("c")), USUAL, report)
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("limits", "reason"),
    [(Limits(pages=2), Reason.TOO_MANY_PAGES), (Limits(characters=20), Reason.TOO_LONG)],
)
def test_what_goes_beyond_the_limits_is_refused(limits: Limits, reason: Reason) -> None:
    with pytest.raises(Refused) as refused:
        read_pdf(pdf(lines("a" * 15), lines("b" * 15), lines("c")), limits, quiet)
    assert refused.value.reason is reason


def test_a_pdf_without_any_text_or_picture_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        read_pdf(pdf(lines(), lines()), USUAL, quiet)
    assert refused.value.reason is Reason.NO_TEXT


def test_a_password_is_told() -> None:
    with pytest.raises(Refused) as refused:
        read_pdf(pdf(lines("mật"), password="abc"), USUAL, quiet)
    assert refused.value.reason is Reason.LOCKED


def _in_two_goes(canvas: Any, text: str, later: str) -> None:
    """Draws a line as programs do whose font lacks some letters: first the others with holes, then these."""
    font: Any = pdfmetrics.getFont(FONT)
    codes = {char: font.splitString(char, canvas._doc)[0] for char in text}
    name = font.getSubsetInternalName(0, canvas._doc)
    for now in (False, True):
        shown = (
            f"<{codes[char][1].hex()}>" if (char in later) is now else f"{-canvas.stringWidth(char, FONT, 1000):.0f}"
            for char in text
        )
        canvas.addLiteral(f"BT 1 0 0 1 85 700 Tm {name} 13 Tf [{' '.join(shown)}] TJ ET")


def test_letters_drawn_later_from_another_font_stand_in_their_words() -> None:
    text = "báo cáo trước ngày 15/12 hằng năm của tỉnh; gửi Ủy ban"
    assert read(lambda canvas: _in_two_goes(canvas, text, "ướằăỉửủỦ")).text == text + "\n"


def test_words_placed_without_blanks_between_are_parted() -> None:
    def draw(canvas: Canvas) -> None:
        x = 85.0
        for word in ("chậm", "nhất", "ngày", "05/6"):
            canvas.drawString(x, 700, word)
            x += canvas.stringWidth(word, FONT, 13) + 3.6

    assert read(draw).text == "chậm nhất ngày 05/6\n"


def test_bold_letters_drawn_twice_are_read_once() -> None:
    for aside in (0.4, 1.0, 1.6):
        assert read(both(lines("KẾ HOẠCH", left=200), lines("KẾ HOẠCH", left=200 + aside))).text == "KẾ HOẠCH\n"


def test_a_raised_number_stays_in_its_line() -> None:
    def draw(canvas: Canvas) -> None:
        lines("cơ quan", top=700)(canvas)
        canvas.setFont(FONT, 8)
        canvas.drawString(85 + canvas.stringWidth("cơ quan", FONT, 13), 704, "1")
        canvas.setFont(FONT, 13)
        lines("đơn vị", top=680)(canvas)

    assert read(draw).text == "cơ quan1\nđơn vị\n"


def test_marks_drawn_over_their_letters_become_one_letter() -> None:
    assert read(lines("Quy\u0301 I: ba\u0301o ca\u0301o")).text == "Quý I: báo cáo\n"


def test_the_lines_of_a_widely_set_paragraph_are_no_paragraphs() -> None:
    wide = lines("một", "hai", "ba", "bốn", step=26)
    assert read(wide).text == "một\nhai\nba\nbốn\n"


@pytest.mark.slow
def test_three_hundred_pages_are_read_in_twenty_seconds_and_little_memory() -> None:
    words = [
        f"{at}. Công an tỉnh chủ trì, phối hợp với các sở, ngành báo cáo trước ngày 15/12/2024;" for at in range(35)
    ]
    data = pdf(*[lines(*words, top=790, left=40)] * 299, lines("Trang cuối"))
    told: list[tuple[int, int]] = []
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    document = read_bytes(
        data, "kh.pdf", limits=Limits(memory=400_000_000), progress=lambda page, pages: told.append((page, pages))
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert len(document.pages) == 300
    assert document.text[document.pages[299] :] == "Trang cuối\n"
    assert told == [(page, 300) for page in range(1, 301)]
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 20  # of the processor, however busy
