"""Texts made to be slow: bounded time, never an error."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.as_json import as_json
from reader.document import Document
from reader.reading import read
from tests.reader.documents import HEAD

PIECES = (
    "trước ngày 15/11/2023, ",
    "1-a-a-a",
    "15/11 ",
    "(",
    "[[",
    "trong ",
    "hằng tháng, quý, ",
    "căn cứ a, ",
    "giao Sở Y tế, ",
    "Sở Y tế, ",
    "từ ngày 1/1 đến ",
    "| a | b |\n",
    "1.1.1.1.",
    "tháng 1, 2, 3, ",
    "quý i, ii, ",
    "- ",
    "gửi về Sở Y tế, ",
    "báo cáo ",
    "05 ngày kể từ ",
    "ngay sau sau sau ",
    "15 đến 14 ",
    "a b c d ",
    "1. A\n",
    "II. B\n",
    "đến hết ",
    "thời gian hoàn thành ",
    "0 ",
    "/",
    "15/",
    "i",
    " ",
    "chủ trì, phối hợp với ",
    "đề nghị Sở: ",
    "\n\n12\n\n",
    "t r u ",
)
MOST = 20.0  # seconds of processor time; the worst takes about two on an idle machine


@pytest.mark.parametrize("piece", PIECES)
def test_hundreds_of_times_the_same_is_read_in_bounded_time(piece: str) -> None:
    began = time.process_time()
    read(Document(f"{HEAD}1. Sở Y tế gửi báo cáo trước ngày 15/11/2023 {piece * 400}"))
    assert time.process_time() - began < MOST


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=30)), max_size=40).map("".join))
def test_whatever_the_text_every_place_lies_in_it(text: str) -> None:
    document = Document(text)
    said = as_json(read(document), document)
    for duty in said["duties"]:
        assert text[duty["start"] : duty["end"]] == duty["quote"]
        for place in (duty["spans"]["clause"], duty["spans"]["title"], *duty["spans"]["agencies"]):
            assert place is None or 0 <= place[0] <= place[1] <= len(text)
