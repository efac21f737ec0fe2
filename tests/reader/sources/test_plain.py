"""Plain text keeps its own characters; what is no Unicode text is refused with what it probably is."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

import pytest

from reader.document import Document
from reader.sources import Limits, Reason, SourceError, read_bytes, read_document
from reader.sources.letters import are_codes, lost_tones, old_encoding
from tests.reader.sources.making import write

PLAN = "1. Công an tỉnh chủ trì, phối hợp với các sở, ngành báo cáo kết quả thực hiện trước ngày 15/12/2024.\n"
TCVN3 = "C«ng an tØnh chñ tr×, phèi hîp víi c¸c së, ngµnh b¸o c¸o kÕt qu¶ thùc hiÖn tr­íc ngµy 15/12 hµng n¨m.\n"
VNI = "Coâng an tænh chuû trì, phoái hôïp vôùi caùc sôû, ngaønh baùo caùo keát quaû thöïc hieän tröôùc ngaøy 15/12.\n"


def refused(data: bytes, name: str = "kh.txt") -> SourceError:
    with pytest.raises(SourceError) as error:
        read_bytes(data, name)
    return error.value


@pytest.mark.parametrize("name", ["kh.txt", "kh.md", "kh", "KH.TXT"])
def test_a_text_is_its_own_characters(name: str) -> None:
    text = "# Kế hoạch\n\n*Quý I*\tx\u00a0y  \n" + unicodedata.normalize("NFD", PLAN)
    assert read_bytes(text.encode(), name) == Document(text)


def test_only_line_ends_are_made_one_kind() -> None:
    assert read_bytes("một\r\nhai\rba\n".encode(), "a.txt").text == "một\nhai\nba\n"


def test_the_mark_at_the_beginning_stays_since_offsets_count_it() -> None:
    assert read_bytes(codecs.BOM_UTF8 + "Số".encode(), "a.txt").text == "\ufeffSố"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_with_its_mark_is_read(encoding: str) -> None:
    assert read_bytes(("\ufeff" + PLAN).encode(encoding), "a.txt").text == "\ufeff" + PLAN


def test_a_text_is_read_from_its_path(tmp_path: Path) -> None:
    assert read_document(write(tmp_path, "kế hoạch.txt", PLAN.encode())).text == PLAN


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TCVN3.encode("latin-1"), "TCVN3 (ABC)"),
        (VNI.encode("latin-1"), "VNI"),
        (TCVN3.encode(), "TCVN3 (ABC)"),
        (VNI.encode(), "VNI"),
        (unicodedata.normalize("NFD", "Thực hiện các báo cáo của Tòa án").encode("cp1258", "ignore"), "Windows-1258"),
    ],
)
def test_an_old_vietnamese_encoding_is_named(data: bytes, encoding: str) -> None:
    error = refused(data)
    assert error.reason is Reason.OLD_LETTERS
    assert error.details == {"encoding": encoding}
    assert str(error) == (
        f"Tệp kh.txt dùng bảng mã tiếng Việt cũ ({encoding}). Chuyển sang Unicode (ví dụ bằng UniKey), lưu lại ở dạng "
        "UTF-8 rồi đọc lại."
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \n\t\r\n", Reason.EMPTY),
        (codecs.BOM_UTF8 + b"\n", Reason.EMPTY),
        (bytes(1000), Reason.EMPTY),
        (bytes(range(256)) * 20, Reason.BINARY),
        (b"MZ\x90\x00\x03" + b"\x00\x01\x02\xfe" * 50, Reason.BINARY),
        (("a" * 50 + "\x00").encode(), Reason.BINARY),
        ("không dấu mốc".encode("utf-16-le"), Reason.BINARY),
        (b"caf\xe9 " * 20, Reason.ENCODING),
    ],
)
def test_what_is_no_unicode_text_is_refused(data: bytes, reason: Reason) -> None:
    assert refused(data).reason is reason


def test_a_text_without_end_is_refused() -> None:
    with pytest.raises(SourceError) as error:
        read_bytes(b"a" * 101, "a.txt", limits=Limits(characters=100))
    assert str(error.value) == "Văn bản trong tệp a.txt dài quá 100 ký tự. Tách lấy phần kế hoạch rồi đọc lại."


def test_today_s_vietnamese_without_tones_or_with_quotes_is_no_old_encoding() -> None:
    assert old_encoding(PLAN * 3) is None
    assert old_encoding(unicodedata.normalize("NFD", PLAN) * 3) is None
    assert old_encoding("UBND tinh giao Cong an tinh bao cao ket qua thuc hien · «Đề án 06» ® ©" * 3) is None


def test_words_are_told_from_the_codes_of_a_font() -> None:
    shifted = "".join(chr(ord(c) + 29) if c.isascii() else c for c in PLAN * 3)
    assert are_codes(shifted)
    assert are_codes("".join(chr(0xE000 + ord(c) % 256) for c in PLAN))
    assert not are_codes(PLAN * 3)
    assert not are_codes("12.345 67.890 .......... 15/12/2024\n" * 20)
    assert not are_codes("")


def test_lost_tones_are_noticed() -> None:
    assert lost_tones(
        "Cong an tinh chu tri, phoi hop voi cac so, ban, nganh bao cao ket qua thuc hien truoc ngay 15/12"
    )
    assert not lost_tones(PLAN)
