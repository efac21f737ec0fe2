"""``dondoc backup`` and ``dondoc restore`` as typed."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.supervisor import only_one
from tests.cli.conftest import PLAN, Terminal

THURSDAY = datetime(2024, 12, 5, 2, 0, tzinfo=UTC)


in_a_file = pytest.mark.parametrize("followed", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def restored_on_thursday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.backup.clock", lambda: THURSDAY)


def test_there_and_back(followed: Terminal, dondoc_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dondoc_home.mkdir(exist_ok=True)
    (dondoc_home / "dondoc.toml").write_text('language = "vi"\n', encoding="utf-8")
    due = followed.json("due", "--plan", PLAN)
    said = followed("backup").output
    [copy] = (dondoc_home / "backups").iterdir()
    assert copy.name == "dondoc-2024-12-02-080000.zip"
    assert f"Đã sao lưu vào {copy} (" in said
    assert "Sao lưu lúc 08:00 ngày 02/12/2024, dondoc 0.1.0 (" in said
    assert "Không gồm dondoc.toml vì tệp đó có mật khẩu" in said
    assert "đọc được, đủ và đúng" in followed("backup", "--check", copy).output
    assert "không ghi đè" in followed("backup", copy, code=1).output
    new_home = tmp_path / "new"
    monkeypatch.setenv("DONDOC_HOME", str(new_home))
    monkeypatch.delenv("DONDOC_DATABASE_URL", raising=False)  # wherever it comes from, it goes into a file
    back = followed("restore", copy).output
    assert f"Đã khôi phục từ {copy}." in back
    assert "Đang tạm dừng gửi" in back
    assert "dondoc resume" in back
    assert followed.json("due", "--plan", PLAN) == due
    again = followed("restore", copy, code=1).output
    assert "chỉ khôi phục vào nơi còn trống" in again
    assert str(new_home / "dondoc.db") in again


@in_a_file
def test_the_copy_goes_where_the_setting_says(
    followed: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONDOC_BACKUP_FOLDER", str(tmp_path / "usb"))
    followed("backup")
    assert [path.name for path in (tmp_path / "usb").iterdir()] == ["dondoc-2024-12-02-080000.zip"]


def test_check_wants_a_file(run: Terminal) -> None:
    assert "Hãy nêu tệp cần kiểm tra" in run("backup", "--check", code=2).output


def test_a_file_that_is_not_there(run: Terminal, tmp_path: Path) -> None:
    missing = tmp_path / "none.zip"
    assert f"Không tìm thấy: {missing}" in run("restore", missing, code=1).output
    assert f"Không tìm thấy: {missing}" in run("backup", "--check", missing, code=1).output


def test_a_file_of_another_kind(run: Terminal, tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    other.write_text("không phải", encoding="utf-8")
    assert "không phải là bản sao lưu" in run("restore", other, code=1).output


@in_a_file
def test_nothing_is_restored_beside_a_running_dondoc(followed: Terminal, dondoc_home: Path, tmp_path: Path) -> None:
    followed("backup", tmp_path / "copy.zip")
    (dondoc_home / "dondoc.db").unlink()
    with only_one(dondoc_home):
        assert "dondoc đã chạy" in followed("restore", tmp_path / "copy.zip", code=1).output


@in_a_file
def test_a_broken_register_says_what_to_do_and_it_works(followed: Terminal, dondoc_home: Path, tmp_path: Path) -> None:
    register = dondoc_home / "dondoc.db"
    followed("backup", tmp_path / "copy.zip")
    for suffix in ("-wal", "-shm"):
        register.with_name(f"dondoc.db{suffix}").unlink(missing_ok=True)
    register.write_bytes(b"not a database at all" * 1000)
    said = followed("plans", code=1).output
    assert f"{register}" in said
    assert "dondoc restore" in said
    assert "đổi tên" in followed("restore", tmp_path / "copy.zip", code=1).output
    shutil.move(register, dondoc_home / "hong.db")
    followed("restore", tmp_path / "copy.zip")
    assert PLAN in followed("plans").output


@in_a_file
def test_a_page_in_the_middle_is_broken(followed: Terminal, dondoc_home: Path, tmp_path: Path) -> None:
    """What reads that page says so; a copy of it is not made."""
    register = dondoc_home / "dondoc.db"
    connection = sqlite3.connect(register)
    connection.execute("PRAGMA journal_mode=DELETE")
    [[root]] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'occurrence'").fetchall()
    [[size]] = connection.execute("PRAGMA page_size").fetchall()
    connection.close()
    with register.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    for arguments in (("due", "--plan", PLAN), ("backup", tmp_path / "copy.zip")):
        said = followed(*arguments, code=1).output
        assert "đã hỏng" in said
        assert "dondoc restore" in said
    assert [path.name for path in tmp_path.glob("*copy*")] == []


@in_a_file
def test_a_register_of_a_newer_dondoc_is_left_alone(followed: Terminal, dondoc_home: Path) -> None:
    connection = sqlite3.connect(dondoc_home / "dondoc.db")
    connection.execute("UPDATE alembic_version SET version_num = '0999'")
    connection.commit()
    connection.close()
    for command in ("plans", "backup"):
        assert "do một bản dondoc mới hơn tạo ra (phiên bản dữ liệu 0999)" in followed(command, code=1).output
