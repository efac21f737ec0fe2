"""``dondoc close`` and ``dondoc yearly``."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from tests.cli.conftest import PLAN, YEARLY, Terminal
from tests.letters.reading import in_order, pages

LEAD = "son-la.cong-an-tinh"


def january(terminal: Terminal) -> Terminal:
    """December 2024 is over: two bodies late, one of them without any paper."""
    terminal("record", f"{PLAN}/bao-cao-nam/*/2024", "--number", "1", "--received", "2024-12-02")
    terminal.at(datetime(2025, 1, 2, 1, 0, tzinfo=UTC))
    terminal("correct", YEARLY, "--undo")
    terminal("advance")
    return terminal


def test_a_month_is_closed_and_its_print_written(followed: Terminal, tmp_path: Path) -> None:
    terminal, file = january(followed), tmp_path / "chot-so.pdf"
    said = terminal("close", "12/2024", "--officer", "Lan", "--head", "Minh", "--to", file).output
    assert "Đã chốt sổ tháng 12/2024." in said
    assert hashlib.sha256(file.read_bytes()).hexdigest() in said
    told = " ".join(pages(file.read_bytes()))
    assert in_order(told, "CHỐT SỔ THEO DÕI THÁNG 12/2024", "đúng hạn 18, gửi chậm 0, chưa nhận 1", "Lan", "Minh")


def test_asked_again_it_gives_the_same_print_and_what_changed(followed: Terminal, tmp_path: Path) -> None:
    terminal, first, second = january(followed), tmp_path / "1.pdf", tmp_path / "2.pdf"
    terminal("close", "2024-12", "--unit", LEAD, "--to", first)
    assert "Không có gì thay đổi" in terminal("close", "2024-12", "--to", second).output
    terminal.at(datetime(2025, 1, 3, 1, 0, tzinfo=UTC))
    terminal("record", YEARLY, "--number", "9", "--received", "2025-01-03")
    said = terminal("close", "2024-12", "--to", second).output
    assert "đã chốt lúc 08:00 ngày 02/01/2025" in said
    assert "Sau khi chốt: 1 kỳ khác bản đã chốt" in said
    assert "gửi chậm 24 ngày" in " ".join(said.split())
    assert first.read_bytes() == second.read_bytes()


def test_a_month_that_is_not_over_or_not_a_month_is_refused(followed: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "x.pdf"
    assert "chưa hết" in followed("close", "12/2024", "--to", file, code=1).output
    assert "11/2026 hoặc 2026-11" in followed("close", "13/2024", "--to", file, code=2).output
    assert not file.exists()


def test_the_yearly_record_of_a_body_as_pdf_and_workbook(followed: Terminal, tmp_path: Path) -> None:
    terminal, pdf, book = january(followed), tmp_path / "phieu.pdf", tmp_path / "phieu.xlsx"
    said = terminal("yearly", "so-tai-chinh", "2024", "--to", pdf).output
    assert "Sở Tài chính" in said
    assert "chưa nhận 2" in said  # of the half year as well
    assert in_order(" ".join(pages(pdf.read_bytes())), "PHIẾU THEO DÕI NĂM 2024", "Báo cáo năm 2024", "10/12/2024")
    terminal("yearly", "so-tai-chinh", "2024", "--to", book)
    assert book.read_bytes().startswith(b"PK")
    assert ".pdf hoặc .xlsx" in terminal("yearly", "so-tai-chinh", "2024", "--to", tmp_path / "a.txt", code=2).output
