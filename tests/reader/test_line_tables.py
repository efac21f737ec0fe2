"""Tables that a conversion to plain text has torn."""

from __future__ import annotations

import pytest

from reader.document import Document
from reader.line_tables import line_tables
from tests.reader.documents import duties_of

GAPS = (
    "PHỤ LỤC\n"
    "TT  Nội dung            Chủ trì      Phối hợp     Thời gian\n"
    "1   Ban hành kế hoạch   Sở Nội vụ    Các sở       Tháng 12/2023\n"
    "2   Mở lớp tập huấn     Sở Y tế      Sở Tư pháp   Trước 30/6/2024\n"
)
LINES = (
    "PHỤ LỤC\n\nTT\n\nNội dung\n\nChủ trì\n\nPhối hợp\n\nThời gian\n\n"
    "1\n\nBan hành kế hoạch\n\nSở Nội vụ\n\nCác sở\n\nTháng 12/2023\n\n"
    "2\n\nMở lớp tập huấn\n\nSở Y tế\n\nSở Tư pháp\n\nTrước 30/6/2024\n\n"
)
WANTED = [
    ("Ban hành kế hoạch", ["Sở Nội vụ"], ["Các sở"], "2023-12"),
    ("Mở lớp tập huấn", ["Sở Y tế"], ["Sở Tư pháp"], "2024-06-30"),
]


def told(text: str) -> list[tuple[str, list[str], list[str], object]]:
    return [
        (duty.title.value, [b.name for b in duty.agencies], [b.name for b in duty.cooperating], duty.due)
        for duty in duties_of(text)
    ]


@pytest.mark.parametrize("text", [GAPS, LINES], ids=["gaps", "lines"])
def test_the_columns_of_a_torn_table_are_found_again(text: str) -> None:
    assert told(text) == WANTED


def test_columns_between_tabs_are_columns() -> None:
    text = "PHỤ LỤC\nTT\tNội dung\tChủ trì\tThời gian\n1\tMở lớp tập huấn\tSở Y tế\tTrước 30/6/2024\n"
    assert told(text) == [("Mở lớp tập huấn", ["Sở Y tế"], [], "2024-06-30")]


def test_a_row_with_an_empty_cell_is_read_by_what_stands_in_the_others() -> None:
    text = LINES.replace("Sở Nội vụ\n\nCác sở\n\n", "Sở Nội vụ\n\n")
    assert told(text) == [("Ban hành kế hoạch", ["Sở Nội vụ"], [], "2023-12"), WANTED[1]]


def test_a_time_over_several_lines_is_one_time() -> None:
    text = LINES.replace("Tháng 12/2023", "01/12/2023\n\nđến\n\n15/12/2023")
    assert told(text)[0][3] == {"from": "2023-12-01", "to": "2023-12-15"}


@pytest.mark.parametrize(
    "text",
    [
        "1\n\n2\n\n3\n",
        "TT\nHọ và tên\nChức vụ\n1\nNguyễn Văn An\nTrưởng ban\n",
        "Sở Y tế    Sở Tư pháp    Sở Nội vụ\n",
        "Nơi nhận:            TM. ỦY BAN NHÂN DÂN\n- Như trên;            CHỦ TỊCH\n",
    ],
)
def test_lists_and_signatures_are_no_tables(text: str) -> None:
    assert line_tables(Document(text)) == ()
