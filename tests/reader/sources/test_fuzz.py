"""Files that were damaged at random: read or refused with a sentence, never anything else, and soon."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import cache
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reader.document import Document
from reader.sources import Limits, SourceError, read_bytes
from reader.sources.errors import Refused
from reader.sources.web_page import read_web_page
from reader.sources.word import read_word
from tests.reader.sources.making import (
    abstract,
    docx,
    item,
    level,
    lines,
    num,
    p,
    pdf,
    picture_of,
    ruled,
    saved,
    table,
    zipped,
)

LIMITS = Limits(seconds=15, page_seconds=15)
PATIENCE = 60.0  # seconds for one file on a busy machine
MARKUP = (
    b"<", b">", b"&", b'"', b"</w:p>", b"<w:tbl>", b"<w:tr>", b"<w:tc>", b"-1", b"999999999999", b"<w:p>", b"w:val",
    b"\0", b"endobj", b"/Kids[2 0 R]", b"/Count 99999", b"stream", b"\xff\xfe", b"<table>", b"<li>", b"</",
    b"colspan=99999",
)  # fmt: skip
cut = st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(MARKUP) | st.binary(max_size=12))
quiet = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def damaged(data: bytes, cuts: list[tuple[float, int, bytes]]) -> bytes:
    """Replaces parts of a file: where, how much of it, by what."""
    for place, length, new in cuts:
        at = int(place * len(data))
        data = data[:at] + new + data[at + length :]
    return data


@cache
def whole(name: str) -> bytes:
    """A real file of each format."""
    match name.rpartition(".")[2]:
        case "docx":
            numbering = abstract(0, level(0, "upperRoman", "%1."), level(1, "lowerLetter", "%2)")) + num(1, 0)
            body = p("KẾ HOẠCH") + item("Mục đích", 1) + item("Kịp thời", 1, 1) + table(["1", "Báo cáo", "Quý I"])
            return docx(body, numbering=numbering)
        case "pdf":
            return pdf(lines("KẾ HOẠCH", "1. Công an tỉnh"), ruled([["1", "Báo cáo", "Quý I"]]))
        case "html":
            return (
                "<html><meta charset=utf-8><nav>x</nav><p>KẾ HOẠCH<ol type=I start=3><li>Mục đích<ul><li>a</ul></ol>"
                "<table><tr><td rowspan=2>1<td colspan=2>Báo cáo<tr><td>Quý I<td>x</table>"
            ).encode()
        case "png":
            return saved(picture_of(pdf(lines("KẾ HOẠCH")), scale=0.5), "PNG")
    return "1. Công an tỉnh báo cáo trước ngày 15/12 hằng năm.\n".encode() * 5


def check(data: bytes, name: str) -> None:
    begun = time.monotonic()
    with suppress(SourceError):
        assert_sound(read_bytes(data, name, limits=LIMITS))
    assert time.monotonic() - begun < PATIENCE


def assert_sound(document: Document) -> None:
    """Every place lies in the text."""
    end = len(document.text)
    assert list(document.pages) == sorted(document.pages)
    assert all(0 <= page <= end for page in document.pages)
    assert all(cell.span.end <= end and cell.span.of(document.text).strip() for cell in document.cells)


@pytest.mark.parametrize("name", ["kh.docx", "kh.pdf", "kh.html", "kh.png", "kh.txt"])
@settings(quiet, max_examples=12)
@given(cuts=st.lists(cut, min_size=1, max_size=6))
def test_a_damaged_file_is_read_or_refused(name: str, cuts: list[tuple[float, int, bytes]]) -> None:
    check(damaged(whole(name), cuts), name)


@settings(quiet, max_examples=12)
@given(cuts=st.lists(cut, min_size=1, max_size=6), name=st.sampled_from(["a.docx", "a.pdf", "a.html", "a.txt", "a"]))
def test_bytes_of_any_kind_are_read_or_refused(cuts: list[tuple[float, int, bytes]], name: str) -> None:
    check(b"".join(new for _, _, new in cuts) * 3, name)


@settings(quiet, max_examples=150)
@given(cuts=st.lists(cut, min_size=1, max_size=6), place=st.sampled_from(["document", "numbering", "styles"]))
def test_word_parts_damaged_inside_a_sound_package(cuts: list[tuple[float, int, bytes]], place: str) -> None:
    with ZipFile(BytesIO(whole("kh.docx"))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[f"word/{place}.xml"] = damaged(parts[f"word/{place}.xml"], cuts)
    with suppress(Refused):
        assert_sound(read_word(zipped(parts), LIMITS))


@settings(quiet, max_examples=150)
@given(cuts=st.lists(cut, min_size=1, max_size=6))
def test_pages_with_broken_markup(cuts: list[tuple[float, int, bytes]]) -> None:
    with suppress(Refused):
        assert_sound(read_web_page(damaged(whole("kh.html"), cuts), LIMITS))


numbers = st.sampled_from(["0", "-1", "1", "8", "9", "99999999999", "x", ""])


@settings(quiet, max_examples=150)
@given(
    marks=st.lists(st.tuples(numbers, numbers), min_size=1, max_size=8),
    form=st.sampled_from(["bullet", "decimal", "lowerRoman", "upperLetter", "x"]),
    pattern=st.text("%123456789.)\uf0b7 o-", max_size=12),
    start=numbers,
    restart=numbers,
)
def test_any_numbering_prints_something_or_nothing(
    marks: list[tuple[str, str]], form: str, pattern: str, start: str, restart: str
) -> None:
    levels = "".join(
        level(n, form, pattern, more=f'<w:lvlRestart w:val="{restart}"/>').replace('w:val="1"', f'w:val="{start}"')
        for n in range(3)
    )
    body = "".join(
        p("a", properties=f'<w:numPr><w:ilvl w:val="{ilvl}"/><w:numId w:val="{number}"/></w:numPr>')
        for ilvl, number in marks
    )
    text = read_word(docx(body, numbering=abstract(0, levels) + num(1, 0)), LIMITS).text
    assert len(text.split("\n\n")) == len(marks) + 1
