"""Every failure that an office can meet is one line in Vietnamese with exit code 1."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError, OperationalError

from app.settings import Settings
from cli.errors import failure
from tasks.database import make_engine, writing
from tests.cli.conftest import PLAN, YEARLY, PlanWriter, Terminal


def test_a_database_file_that_is_garbage(run: Terminal, dondoc_home: Path) -> None:
    dondoc_home.mkdir()
    (dondoc_home / "dondoc.db").write_bytes(b"this is no database" * 100)
    for command in (["plans"], ["due"], ["add", PLAN]):
        said = run(*command, code=1).stderr
        assert said.startswith("Lỗi: Tệp cơ sở dữ liệu không phải của dondoc hoặc đã hỏng")


def test_a_file_can_be_checked_while_the_database_is_broken(
    run: Terminal, dondoc_home: Path, write_plan: PlanWriter
) -> None:
    dondoc_home.mkdir()
    (dondoc_home / "dondoc.db").write_bytes(b"this is no database" * 100)
    run("check", write_plan())


def test_a_home_that_is_a_file(run: Terminal, dondoc_home: Path) -> None:
    dondoc_home.write_text("")
    assert str(dondoc_home) in run("plans", code=1).stderr


def test_a_database_of_a_newer_release(followed: Terminal) -> None:
    engine = make_engine(Settings().url)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    assert "một bản dondoc mới hơn" in followed("plans", code=1).stderr


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("DONDOC_PREFECT_PORT", "abc", "Giá trị cấu hình không dùng được: prefect_port"),
        ("DONDOC_DATABASE_URL", "nonsense", "DONDOC_DATABASE_URL không đúng"),
        ("DONDOC_DATABASE_URL", "oracle-x://host/db", "DONDOC_DATABASE_URL không đúng"),
    ],
)
def test_bad_settings(run: Terminal, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str) -> None:
    monkeypatch.setenv(variable, value)
    assert said in run("plans", code=1).stderr


def test_a_password_in_the_settings_is_never_shown(run: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_DATABASE_URL", "://user:mat-khau@host/db")
    assert "mat-khau" not in run("plans", code=1).output


def test_a_settings_file_that_is_no_toml(run: Terminal, dondoc_home: Path) -> None:
    dondoc_home.mkdir()
    (dondoc_home / "dondoc.toml").write_text("language = = vi")
    assert "dondoc.toml viết chưa đúng" in run("plans", code=1).stderr


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("database is locked", "đang bận"),
        ("database or disk is full", "Ổ đĩa đã đầy"),
        ("attempt to write a readonly database", "Không được phép ghi"),
        ("unable to open database file", "Không mở được cơ sở dữ liệu"),
        ("connection to server at 10.0.0.1 failed", "Không kết nối được cơ sở dữ liệu"),
    ],
)
def test_what_a_database_says_is_put_in_words(said: str, words: str) -> None:
    assert words in failure(OperationalError("SELECT 1", {}, Exception(said))).message


def test_a_broken_database_file() -> None:
    assert (
        "khôi phục từ bản sao lưu"
        in failure(DatabaseError("", {}, Exception("database disk image is malformed"))).message
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "Ổ đĩa đã đầy"), (errno.EACCES, "Không được phép"), (errno.ENOENT, "Không tìm thấy: x.csv"),
     (errno.EIO, "Không đọc hoặc ghi được x.csv")],
)  # fmt: skip
def test_what_the_system_says_is_put_in_words(number: int, words: str) -> None:
    assert words in failure(OSError(number, "strerror", "x.csv")).message


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["activate", "khong-co"], 1, "Không có kế hoạch khong-co"),
        (["activate", PLAN], 1, "đang được theo dõi rồi"),
        (["remove", "khong-co"], 1, "Không có kế hoạch"),
        (["due", "--plan", "khong-co"], 1, "Không có kế hoạch"),
        (["due", "--agency", "khong-co"], 1, "Không có cơ quan khong-co"),
        (["due", "--from", "31/02/2024"], 2, "không có ngày 31/02/2024"),
        (["due", "--from", "2024-12-31", "--to", "2024-12-01"], 2, "--to trước --from"),
        (["due", "--format", "xml"], 2, "không phải là một trong"),
        (["record", "a/b/*", "--number", "1"], 1, "Không có kỳ nào khớp với a/b/*"),
        (["record", "not-an-id", "--number", "1"], 1, "Không có kỳ nào khớp với not-an-id"),
        (["record", YEARLY], 2, "Thiếu --number"),
        (["record", YEARLY, "--number", "1", "--received", "2025-01-01"], 1, "ở tương lai"),
        (["accept", YEARLY], 1, "Không thể chấp nhận"),
        (["extend", YEARLY, "--to", "2024-12-01", "--document", "1"], 1, "không sau hạn hiện nay"),
        (["extend", YEARLY, "--to", "x", "--document", "1"], 2, "không phải là ngày"),
        (["promise", YEARLY, "--on", "2024-01-01"], 1, "đã qua"),
        (["transfer", YEARLY, "--to", "nobody"], 1, "Không có cơ quan nobody"),
        (["correct", YEARLY, "--number", "2"], 1, "chưa có văn bản nào để sửa"),
        (["correct", YEARLY], 2, "Nêu điều cần sửa"),
        (["hold", YEARLY], 2, "--until"),
        (["advance", "--now", "2024-12-03"], 1, "còn ở tương lai"),
        (["advance", "--now", "2024-12-01T7h30"], 2, "không hiểu giờ"),
        (["simulate", PLAN, "--from", "2024-01-01"], 2, "--to"),
        (["simulate", "--from", "2024-01-01", "--to", "2024-02-01"], 2, "--all"),
        (["simulate", "khong-co", "--from", "2024-01-01", "--to", "2024-02-01"], 1, "Không có kế hoạch khong-co"),
        (["outbox", "show", "99"], 1, "Không có thông báo số 99"),
        (["contact", "add", "so-tai-chinh", "--name", "a", "--address", "nowhere"], 1, "không đúng dạng"),
        (["contact", "remove", "77"], 1, "Không có địa chỉ số 77"),
        (["setting", "set", "before", "maybe"], 1, "named_day, day_before"),
        (["setting", "set", "ladder", "before=x"], 1, "viết số ngày"),
        (["setting", "set", "ladder", "x=1"], 1, "Không hiểu"),
        (["calendar", "off", "2024-12-31"], 2, "--name"),
        (["add", "/nowhere/x.yaml"], 1, "không có tệp này"),
        (["audit", "--plan", "khong-co"], 1, "Không có kế hoạch"),
    ],
)
def test_bad_input_is_told_in_words(followed: Terminal, arguments: list[str], code: int, said: str) -> None:
    assert said in followed(*arguments, code=code).stderr


def test_a_language_that_is_not_there_is_refused_by_its_setting(run: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_LANGUAGE", "fr")
    said = run("plans", code=1).stderr
    assert "Giá trị cấu hình không dùng được: language" in said
