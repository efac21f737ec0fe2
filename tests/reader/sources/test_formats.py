"""The content of a file decides what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from reader.sources import Limits, Reason, SourceError, read_bytes, read_document
from reader.sources.errors import _TEXTS, Refused
from reader.sources.formats import Format, format_of
from tests.reader.sources.making import docx, lines, p, pdf, write, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("start", "name", "kind"),
    [
        (b"%PDF-1.7\n", "kh.txt", Format.PDF),
        (b"\xef\xbb\xbf%PDF-1.4", "x", Format.PDF),
        (b"rubbish\n%PDF-1.4", "kh.pdf", Format.PDF),
        (b"rubbish\n%PDF-1.4", "kh.txt", Format.TEXT),
        (b"PK\x03\x04....", "kh.pdf", Format.DOCX),
        (b"\x89PNG\r\n\x1a\n", "kh.docx", Format.PICTURE),
        (b"\xff\xd8\xff\xe0", "kh.jpg", Format.PICTURE),
        (b"II*\0", "kh.tif", Format.PICTURE),
        (b"<!DOCTYPE html><p>a", "kh.txt", Format.HTML),
        (b"<?xml version='1.0'?>\n<html xmlns='x'>", "kh", Format.HTML),
        ("\ufeff<html>".encode("utf-16-le"), "kh.txt", Format.HTML),
        (b"<p>a", "kh.htm", Format.HTML),
        (b"<p>a", "kh.md", Format.TEXT),
        ("Kế hoạch".encode(), "kh.txt", Format.TEXT),
    ],
)
def test_a_format_is_known_by_its_content(start: bytes, name: str, kind: Format) -> None:
    assert format_of(start, name) is kind


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (OLE + "WordDocument".encode("utf-16-le"), "kh.doc", Reason.OLD_WORD),
        (OLE + "WordDocument".encode("utf-16-le"), "kh.docx", Reason.OLD_WORD),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "kh.docx", Reason.LOCKED),
        (OLE + "Workbook".encode("utf-16-le"), "kh.xls", Reason.OTHER_FORMAT),
        (b"{\\rtf1\\ansi", "kh.doc", Reason.OTHER_FORMAT),
        ("Kế hoạch".encode(), "kh.pdf", Reason.DAMAGED),
        ("Kế hoạch".encode(), "kh.docx", Reason.DAMAGED),
        (b"\x00\x01\x02", "kh.png", Reason.DAMAGED),
        (b"GIF89a", "kh.gif", Reason.UNKNOWN),
        (b"\0\0\0\x18ftypheic", "kh.heic", Reason.UNKNOWN),
        (b"<?xml version='1.0'?><w:wordDocument/>", "kh.xml", Reason.UNKNOWN),
    ],
)
def test_what_is_known_and_cannot_be_read_is_refused(data: bytes, name: str, reason: Reason) -> None:
    with pytest.raises(Refused) as refused:
        format_of(data, name)
    assert refused.value.reason is reason


def test_a_word_file_is_read_whatever_its_name() -> None:
    assert read_bytes(docx(p("Kế hoạch")), "kh.txt").text == "Kế hoạch\n\n"


def test_a_pdf_is_read_whatever_its_name() -> None:
    assert read_bytes(pdf(lines("Kế hoạch năm 2024")), "kh.docx").text == "Kế hoạch năm 2024\n"


def test_the_sentence_says_what_is_wrong_with_which_file_and_what_to_do() -> None:
    with pytest.raises(SourceError) as error:
        read_bytes(OLE + "WordDocument".encode("utf-16-le"), "KH 12.doc")
    assert str(error.value) == (
        "Tệp KH 12.doc thuộc định dạng Word cũ (.doc), không đọc trực tiếp được. Mở bằng Word hoặc LibreOffice, lưu "
        "thành .docx rồi đọc lại."
    )


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    for path in (tmp_path / "không có.docx", tmp_path):
        with pytest.raises(SourceError, match="Không mở được tệp") as error:
            read_document(path)
        assert error.value.reason is Reason.MISSING


def test_a_large_file_is_refused_before_it_is_looked_at(tmp_path: Path) -> None:
    path = write(tmp_path, "lớn.txt", b"a" * 3_000_001)
    with pytest.raises(SourceError) as error:
        read_document(path, limits=Limits(size=2_000_000))
    assert str(error.value) == (
        "Tệp lớn.txt quá lớn (4 MB, tối đa 2 MB). Tách lấy phần kế hoạch hoặc giảm độ phân giải ảnh quét rồi đọc lại."
    )


def test_every_reason_has_its_sentence() -> None:
    assert set(_TEXTS) == set(Reason)
    assert [reason for reason, text in _TEXTS.items() if "{name}" not in text] == []


@pytest.mark.parametrize(("content", "kind"), [("xl/workbook.xml", "Excel"), ("ppt/presentation.xml", "PowerPoint")])
def test_other_packages_are_told_from_word(content: str, kind: str) -> None:
    with pytest.raises(SourceError) as error:
        read_bytes(zipped({"[Content_Types].xml": b"<Types/>", content: b"<x/>"}), "kh.docx")
    assert error.value.details == {"kind": kind}


@pytest.mark.parametrize(("parts", "kind"), [({"content.xml": b"<x/>"}, "OpenDocument"), ({"a.txt": b"a"}, "ZIP")])
def test_other_archives_are_told_from_word(parts: dict[str, bytes], kind: str) -> None:
    with pytest.raises(SourceError) as error:
        read_bytes(zipped(parts), "kh.zip")
    assert error.value.details == {"kind": kind}
