"""``dondoc state`` and ``dondoc dossier``: files by their ending, nothing overwritten, clear refusals."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import load_workbook

from tests.cli.conftest import PLAN, YEARLY, Terminal
from tests.letters.reading import in_order, pages, texts


def test_the_state_of_a_period_is_written_in_the_form_that_the_ending_names(followed: Terminal, tmp_path: Path) -> None:
    followed("record", YEARLY, "--number", "12/BC-STC", "--date", "2024-12-02", "--received", "2024-12-02")
    for ending in ("docx", "xlsx", "pdf", "zip"):
        said = followed("state", PLAN, "bao-cao-nam", "2024", "--to", tmp_path / f"bieu.{ending}").output
        assert "đã nhận: 01" in said
        assert f"Đã ghi {tmp_path / f'bieu.{ending}'}." in said
    assert "12/BC-STC, 02/12/2024" in "\n".join(texts((tmp_path / "bieu.docx").read_bytes()))
    assert "12/BC-STC, 02/12/2024" in " ".join(pages((tmp_path / "bieu.pdf").read_bytes()))
    assert "12/BC-STC" in {cell.value for cell in load_workbook(tmp_path / "bieu.xlsx").worksheets[0]["G"]}
    with zipfile.ZipFile(tmp_path / "bieu.zip") as archive:
        assert "bieu-tinh-hinh.docx" in archive.namelist()


def test_the_state_as_of_a_day_passes_over_what_was_typed_in_later(followed: Terminal, tmp_path: Path) -> None:
    followed.at(datetime(2024, 12, 12, 3, 0, tzinfo=UTC))
    followed("record", YEARLY, "--number", "12/BC-STC", "--date", "2024-12-09", "--received", "2024-12-09")
    said = followed("state", PLAN, "bao-cao-nam", "2024", "--as-of", "2024-12-10", "--to", tmp_path / "b.docx").output
    assert "đã nhận: 00" in said
    said = followed(
        "state", PLAN, "bao-cao-nam", "2024", "--as-of", "2099-12-10", "--to", tmp_path / "c.docx", code=1
    ).output
    assert "còn ở tương lai" in said


def test_a_file_that_is_there_is_never_overwritten(followed: Terminal, tmp_path: Path) -> None:
    target = tmp_path / "co-san.pdf"
    target.write_text("giữ lại")
    assert "đã có" in followed("dossier", YEARLY, "--to", target, code=1).output
    assert "đã có" in followed("state", PLAN, "bao-cao-nam", "2024", "--to", target, code=1).output
    assert target.read_text() == "giữ lại"


def test_a_period_or_ending_that_is_none_is_said_to_be_so(followed: Terminal, tmp_path: Path) -> None:
    said = followed("state", PLAN, "bao-cao-nam", "1999", "--to", tmp_path / "b.docx", code=1).output
    assert "Không có kỳ 1999 của nhiệm vụ bao-cao-nam" in said
    assert ".docx, .xlsx, .pdf, .zip" in followed("state", PLAN, "x", "2024", "--to", "b.odt", code=2).output
    assert not [each for each in tmp_path.iterdir() if each.name.startswith("b.")]


def test_the_dossier_of_an_occurrence_and_of_a_body(followed: Terminal, tmp_path: Path) -> None:
    followed("dossier", YEARLY, "--to", tmp_path / "ho-so.pdf")
    text = " ".join(pages((tmp_path / "ho-so.pdf").read_bytes()))
    assert "HỒ SƠ THEO DÕI" in text
    assert in_order(text, "Kế hoạch viết: “", "10/12", "(mục", "thứ Hai 09/12/2024")
    followed("dossier", "son-la.so-tai-chinh", "--year", 2024, "--to", tmp_path / "nam.zip")
    with zipfile.ZipFile(tmp_path / "nam.zip") as archive:
        assert "nhat-ky.jsonl" in archive.namelist()


def test_a_body_needs_its_year_and_an_occurrence_has_none(followed: Terminal, tmp_path: Path) -> None:
    target = tmp_path / "x.pdf"
    assert "cần --year" in followed("dossier", "son-la.so-tai-chinh", "--to", target, code=2).output
    assert "chỉ đi với cơ quan" in followed("dossier", YEARLY, "--year", 2024, "--to", target, code=2).output
    said = followed("dossier", "son-la.so-tai-chinh", "--year", 2001, "--to", target, code=1).output
    assert "không có kỳ nào đến hạn trong năm 2001" in said
    assert not target.exists()
