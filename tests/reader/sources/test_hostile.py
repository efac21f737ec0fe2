"""Files that are broken, locked, dangerous or without end: a clear refusal, in bounded time and memory."""

from __future__ import annotations

import os
import resource
import stat
import struct
import time
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from reader.sources import Limits, Reason, SourceError, apart, read_bytes
from tests.reader.sources.making import docx, lines, p, part, pdf, picture_of, saved, scanned, table, zipped

BOUNDED = (Reason.TOO_SLOW, Reason.MEMORY, Reason.CRASHED)
PATIENCE = 40.0  # seconds that the worst may take on a busy machine; each takes a second or two on a quiet one


def refused(data: bytes, name: str, limits: Limits | None = None) -> SourceError:
    begun = time.monotonic()
    with pytest.raises(SourceError) as error:
        read_bytes(data, name, limits=limits or Limits())
    assert time.monotonic() - begun < PATIENCE
    return error.value


# --- Word


def bomb(megabytes: int) -> bytes:
    """A document whose text unpacks to that much."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as stream:
            for _ in range(megabytes):
                stream.write(b" " * 1_000_000)
    return file.getvalue()


def test_a_zip_bomb_is_refused() -> None:
    data = bomb(300)
    assert len(data) < 1_000_000
    assert str(refused(data, "kh.docx")) == (
        "Tệp kh.docx giải nén ra quá lớn (tối đa 100 MB) nên không được đọc. Kiểm tra nguồn gốc của tệp."
    )


def test_a_zip_bomb_that_lies_about_its_size_is_refused() -> None:
    data = bomb(150)
    true, false = struct.pack("<I", 150_000_000), struct.pack("<I", 1000)
    assert true in data
    assert refused(data.replace(true, false), "kh.docx").reason in (Reason.UNPACKS_TOO_LARGE, Reason.DAMAGED)


def test_a_package_of_too_many_parts_is_refused() -> None:
    parts = {"[Content_Types].xml": b"<Types/>"} | {f"word/{n}.xml": b"" for n in range(20_001)}
    assert refused(zipped(parts), "kh.docx").reason is Reason.UNPACKS_TOO_LARGE


@pytest.mark.parametrize(
    "more",
    [
        {"word/vbaProject.bin": b"x"},
        {
            "[Content_Types].xml": b'<Types><Override PartName="/word/document.xml" '
            b'ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
        },
    ],
)
def test_macros_are_refused(more: dict[str, bytes]) -> None:
    assert refused(docx(p("Kế hoạch"), more=more), "kh.docm").reason is Reason.MACROS


def test_an_entity_bomb_is_refused() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    body = f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]>' + part("document", f"<w:body>{p('&e11;')}</w:body>")
    data = docx("", more={"word/document.xml": body.replace('<?xml version="1.0" encoding="UTF-8"?>', "").encode()})
    assert refused(data, "kh.docx").reason is Reason.ENTITIES


def test_a_file_of_the_machine_is_never_read_by_an_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("bí mật", "utf-8")
    body = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>' + part("document", f"<w:body>{p('&e;')}</w:body>")
    data = docx("", more={"word/document.xml": body.replace('<?xml version="1.0" encoding="UTF-8"?>', "").encode()})
    assert refused(data, "kh.docx").reason is Reason.ENTITIES


def test_tables_nested_too_deeply_are_refused() -> None:
    nested = p("a")
    for _ in range(14):
        nested = table([nested])
    error = refused(docx(nested), "kh.docx")
    assert str(error).startswith("Tệp kh.docx có bảng hoặc danh sách lồng nhau quá sâu (tối đa 12 cấp).")


def test_elements_nested_without_end_are_refused() -> None:
    body = "<w:sdt><w:sdtContent>" * 20_000 + "</w:sdtContent></w:sdt>" * 20_000
    assert refused(docx(body), "kh.docx").reason in (Reason.TOO_DEEP, Reason.DAMAGED)


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04" + bytes(100),
        docx(p("a"))[:300],
        zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document"}),
        zipped({"[Content_Types].xml": b"<Types/>"}),
        docx(p("a")).replace(b"word/document.xml", b"word/documemt.xml"),
    ],
)
def test_a_damaged_word_file_is_told(data: bytes) -> None:
    assert str(refused(data, "kh.docx")) == (
        "Tệp kh.docx bị hỏng hoặc không đúng định dạng Word (.docx). Mở thử tệp; nếu mở được, lưu thành tệp mới rồi "
        "đọc lại."
    )


def test_a_word_file_without_words_is_told() -> None:
    assert refused(docx(p("") + table(["", ""])), "kh.docx").reason is Reason.NO_TEXT


def test_a_locked_part_is_told() -> None:
    data = bytearray(docx(p("a")))
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(sign)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(sign, at + 1)
    assert refused(bytes(data), "kh.docx").reason is Reason.LOCKED


# --- PDF


def drawn(stream: bytes, pages: int = 1, more: bytes = b"") -> bytes:
    """A PDF written by hand: so many pages, all drawn by the same stream."""
    kids = b" ".join(b"%d 0 R" % (at + 10) for at in range(pages))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources<</Font<</F1 4 0 R>>>>>>"
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        3: b"<<%s/Length %d>>stream\n%s\nendstream" % (more, len(stream), stream),
        4: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        **{at + 10: page for at in range(pages)},
    }
    body = b"".join(b"%d 0 obj%s endobj\n" % (number, words) for number, words in objects.items())
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n"


def test_ten_thousand_pages_are_refused_at_once() -> None:
    error = refused(drawn(b"", 10_000), "kh.pdf")
    assert str(error) == "Tệp kh.pdf có 10000 trang, tối đa 500 trang. Tách lấy phần kế hoạch rồi đọc lại."


def test_a_pdf_with_a_password_is_told() -> None:
    error = refused(pdf(lines("mật"), password="abc"), "kh.pdf")
    assert str(error) == "Tệp kh.pdf có mật khẩu. Lưu lại thành tệp không có mật khẩu rồi đọc lại."


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(5000), pdf(lines("a"))[:200]])
def test_a_damaged_pdf_is_told(data: bytes) -> None:
    assert refused(data, "kh.pdf").reason is Reason.DAMAGED


def test_a_page_that_unpacks_to_more_than_any_page_holds_is_refused() -> None:
    stream = zlib.compress(b"BT /F1 9 Tf 9 9 Td (a) Tj ET\n" * 6_000_000, 9)
    assert len(stream) < 1_000_000
    limits = Limits(seconds=10, memory=600_000_000)
    assert refused(drawn(stream, 1, b"/Filter/FlateDecode"), "kh.pdf", limits).reason in BOUNDED


def test_a_small_page_drawn_on_every_page_is_bounded_by_its_letters() -> None:
    letters = b"BT /F1 9 Tf 9 9 Td (%s) Tj ET\n" % (b"trong " * 4000)
    assert refused(drawn(letters, 300), "kh.pdf", Limits(characters=200_000)).reason is Reason.TOO_LONG


# --- Pictures, and machines without Tesseract


def header(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and ends there."""
    said = b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + said + struct.pack(">I", zlib.crc32(said))


def test_a_picture_larger_than_any_page_is_refused(fake_tesseract: None) -> None:
    for width, height in ((30_000, 30_000), (21_000, 100), (100, 21_000), (5, 5)):
        assert refused(header(width, height), "kh.png").reason is Reason.PICTURE


def test_a_damaged_picture_is_told(fake_tesseract: None) -> None:
    data = saved(picture_of(pdf(lines("a")), scale=1), "PNG")
    for broken in (data[:60], data[:200], b"\xff\xd8\xff\xe0" + bytes(99), b"II*\0" + bytes(99)):
        assert refused(broken, "kh.png").reason is Reason.PICTURE


@pytest.fixture
def fake_tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that claims Vietnamese and recognises nothing."""
    program(tmp_path, 'if [ "$1" = --list-langs ]; then echo vie; fi', monkeypatch)


def program(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "tesseract"
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")


def test_without_tesseract_a_scan_is_refused_with_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for data, name in ((scanned(pdf(lines("a"))), "kh.pdf"), (saved(Image.new("L", (300, 300)), "PNG"), "kh.png")):
        assert str(refused(data, name)) == (
            f"Tệp {name} có 1 trang là ảnh, cần Tesseract để nhận dạng chữ nhưng máy này chưa cài. Cài bằng lệnh: "
            "sudo apt install tesseract-ocr tesseract-ocr-vie"
        )


def test_without_vietnamese_a_scan_is_refused_with_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "echo eng", monkeypatch)
    assert str(refused(scanned(pdf(lines("a"))), "kh.pdf")) == (
        "Tệp kh.pdf có 1 trang là ảnh, nhưng Tesseract trên máy này chưa có tiếng Việt. Cài bằng lệnh: "
        "sudo apt install tesseract-ocr tesseract-ocr-vie"
    )


def test_without_tesseract_fonts_without_letters_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    data = pdf(lines("Công an tỉnh chủ trì, phối hợp với các sở, ban, ngành báo cáo kết quả trước ngày 15/12"))
    assert refused(data.replace(b"/ToUnicode", b"/NoUnicode"), "kh.pdf").reason is Reason.NO_LETTERS


def test_a_tesseract_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, 'if [ "$1" = --list-langs ]; then echo vie; else exit 3; fi', monkeypatch)
    error = refused(scanned(pdf(lines("a"))), "kh.pdf")
    assert (error.reason, error.details) == (Reason.CRASHED, {"kind": "Tesseract"})


# --- The process of the parsers


@pytest.mark.parametrize(
    ("work", "limits", "reason"),
    [
        ("while True: pass", Limits(seconds=0.2, page_seconds=0.2), Reason.TOO_SLOW),
        ("import time; time.sleep(60)", Limits(seconds=0.1), Reason.TOO_SLOW),
        ("x = bytearray(2_000_000_000)", Limits(memory=500_000_000), Reason.MEMORY),
        ("import os; os.abort()", Limits(), Reason.CRASHED),
        ("import os; os._exit(0)", Limits(), Reason.CRASHED),
        ("import ctypes; ctypes.string_at(1)", Limits(), Reason.CRASHED),
        ("raise KeyError('x')", Limits(), Reason.CRASHED),
        ("exec('def f(): f()'); globals()['f'] = f; f()", Limits(), Reason.TOO_DEEP),
        ("print('x' * 3_000_000, flush=True); raise KeyError('x')", Limits(), Reason.CRASHED),
    ],
)
def test_whatever_a_parser_does_is_only_a_refusal(
    work: str, limits: Limits, reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "_GRACE", 0.5)
    prepare, _, run = apart._START.partition("from reader")
    start = f"import reader.sources.worker as worker; worker._parse = lambda *a: exec({work!r}, {{}}); "
    monkeypatch.setattr(apart, "_START", f"{prepare}{start}from reader{run}")
    assert refused(docx(p("a")), "kh.docx", limits).reason is reason


def test_a_cancelled_reading_leaves_no_process_behind() -> None:
    class Cancelled(Exception):
        pass

    def cancel(page: int, pages: int) -> None:
        raise Cancelled

    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(Cancelled):
        read_bytes(pdf(lines("a"), lines("b")), "kh.pdf", progress=cancel)
    assert resource.getrusage(resource.RUSAGE_CHILDREN) != children  # it was waited for


def test_a_plain_text_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_START", "raise SystemExit")
    assert read_bytes(b"a", "a.txt").text == "a"
