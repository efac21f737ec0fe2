"""Web pages: what a reader of the page sees, without the page around it."""

from __future__ import annotations

import pytest

from reader.document import Document
from reader.sources import USUAL
from reader.sources.errors import Reason, Refused
from reader.sources.web_page import read_web_page


def read(inner: str) -> Document:
    return read_web_page(f"<!doctype html><meta charset=utf-8><body>{inner}".encode(), USUAL)


def paragraphs(inner: str) -> list[str]:
    return read(inner).text.rstrip("\n").split("\n\n")


def cells(inner: str) -> list[tuple[int, int, int, str]]:
    document = read(inner)
    return [(c.table, c.row, c.column, c.span.of(document.text)) for c in document.cells]


def test_blocks_are_paragraphs_and_white_space_is_one_blank() -> None:
    assert paragraphs("<h1>Kế hoạch</h1><p>trước\n   ngày <b>15</b>/12</p><div>a<div>b</div>c</div>") == [
        "Kế hoạch", "trước ngày 15/12", "a", "b", "c",
    ]  # fmt: skip


def test_a_break_begins_a_line_and_preformatted_text_keeps_its_own() -> None:
    assert paragraphs("<p>một<br>hai</p><pre>ba\nbốn</pre>") == ["một\nhai", "ba\nbốn"]


def test_what_belongs_to_the_page_and_not_to_the_document_is_dropped() -> None:
    page = (
        "<nav>Trang chủ</nav><div role=navigation>Mục</div><script>x</script><style>y</style><!-- z -->"
        "<p hidden>ẩn</p><p style='display: none'>ẩn</p><p aria-hidden=true>ẩn</p><form>Tìm</form><p>Kế hoạch</p>"
        "<footer>Bản quyền</footer><template>t</template><noscript>n</noscript>"
    )
    assert paragraphs(page) == ["Kế hoạch"]


def test_only_the_main_part_is_read_where_a_page_names_one() -> None:
    assert paragraphs("<div>Tin nổi bật</div><main><p>Kế hoạch</p></main><div>Liên kết</div>") == ["Kế hoạch"]


def test_lists_have_the_numbers_that_a_browser_shows() -> None:
    page = (
        "<ol type=I><li>MỤC ĐÍCH<ol><li>Một</li><li>Hai<ol type=a><li>x</li><li>y</li></ol></li></ol></li>"
        "<li><p>NHIỆM VỤ</p><ul><li>Sở</li></ul></li></ol>"
    )
    assert paragraphs(page) == ["I. MỤC ĐÍCH", "1. Một", "2. Hai", "a. x", "b. y", "II. NHIỆM VỤ", "- Sở"]


def test_lists_start_jump_and_count_down_as_they_say() -> None:
    assert paragraphs("<ol start=3><li>a<li>b<li value=9>c<li>d</ol>") == ["3. a", "4. b", "9. c", "10. d"]
    assert paragraphs("<ol reversed><li>a<li>b</ol>") == ["2. a", "1. b"]
    assert paragraphs("<ol style='list-style-type: lower-roman'><li>a</ol>") == ["i. a"]
    assert paragraphs("<ol style='list-style: none'><li>1.2. a</ol>") == ["1.2. a"]


def test_a_table_has_its_cells() -> None:
    page = (
        "<table><caption>Phụ lục</caption><thead><tr><th>TT<th>Nội dung<th>Thời gian</thead>"
        "<tr><td rowspan=2>1<td colspan=2>Chung</tr><tr><td>Báo cáo<td>Quý I</tr></table>"
    )
    assert cells(page) == [
        (0, 0, 0, "TT"), (0, 0, 1, "Nội dung"), (0, 0, 2, "Thời gian"),
        (0, 1, 0, "1"), (0, 1, 1, "Chung"), (0, 2, 1, "Báo cáo"), (0, 2, 2, "Quý I"),
    ]  # fmt: skip


def test_a_cell_may_cover_several_rows() -> None:
    page = "<table><tr><td rowspan=3>1<td>a</tr><tr><td>b</tr><tr><td>c</tr><tr><td>2<td>d</tr></table>"
    assert [(row, column, text) for _, row, column, text in cells(page)] == [
        (0, 0, "1"), (0, 1, "a"), (1, 1, "b"), (2, 1, "c"), (3, 0, "2"), (3, 1, "d"),
    ]  # fmt: skip


def test_a_table_in_a_cell_has_cells_of_its_own() -> None:
    assert cells("<table><tr><td>a<table><tr><td>b</table>c</table>") == [(0, 0, 0, "a\n\nb\n\nc"), (1, 0, 0, "b")]


def test_numbers_that_word_writes_into_its_pages_stay() -> None:
    page = "<p class=MsoListParagraph><![if !supportLists]><span style='mso-list:Ignore'>1.<span>&nbsp; </span></span>"
    assert paragraphs(page + "<![endif]>Tuyên truyền</p>")[0].split() == ["1.", "Tuyên", "truyền"]


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("<meta charset=windows-1258>", "cp1258"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=utf-8">', "utf-8"),
        ("", "utf-16"),
        ("", "utf-8-sig"),
        ("<meta charset=khong-co>", "utf-8"),
    ],
)
def test_a_page_says_its_encoding(head: str, encoding: str) -> None:
    data = f"<html>{head}<p>ba\u0309n ke\u0301</p>".encode(encoding)
    assert read_web_page(data, USUAL).text == "bản ké\n\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<html><body><script>1</script></body></html>", Reason.NO_TEXT),
        (b"<html>", Reason.NO_TEXT),
        (b"<html><p>caf\xe9", Reason.ENCODING),
        (b"<html>" + bytes(4000), Reason.BINARY),
        (b"<html>" + b"<table><tr><td>" * 30 + b"a", Reason.TOO_DEEP),
        (b"<html>" + b"<ul><li>" * 30 + b"a", Reason.TOO_DEEP),
    ],
)
def test_pages_without_words_or_beyond_bounds_are_refused(data: bytes, reason: Reason) -> None:
    with pytest.raises(Refused) as refused:
        read_web_page(data, USUAL)
    assert refused.value.reason is reason
