"""The command as a whole: help, exit codes, language, what is loaded, how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from cli.main import dondoc, sections
from tests.cli.conftest import PLAN, Terminal

COMMANDS = [command for _title, commands in sections() for command in commands]
CONTRACT = {
    "up", "check", "add", "activate", "remove", "plans", "due", "simulate", "record", "claim", "accept", "return",
    "extend", "promise", "waive", "transfer", "correct", "reopen", "advance", "deliver", "outbox", "audit", "contact",
    "calendar",
}  # fmt: skip


def real(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli", *arguments], capture_output=True, text=True, timeout=60, check=False,
        env=os.environ | environment, encoding="utf-8",
    )  # fmt: skip


def test_every_command_of_the_contract_is_there() -> None:
    assert {command.name for command in COMMANDS} >= CONTRACT


def test_help_lists_all_commands_in_groups(run: Terminal) -> None:
    text = run("--help").output
    for title, commands in sections():
        assert f"{title}:" in text
        assert all(f"  {command.name} " in text for command in commands)
    assert "Hiện hướng dẫn này rồi thoát" in text
    assert "Commands" not in text
    assert "[OPTIONS]" not in text


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_each_help_is_vietnamese_and_has_an_example(run: Terminal, name: str) -> None:
    command = dondoc.get_command(click.Context(dondoc), name)
    assert command is not None
    command._help_option = None  # click keeps it in the language in which a test of this process asked first
    text = run(name, "--help").output
    assert text.startswith(f"Cách dùng: dondoc {name} [TÙY-CHỌN]")
    assert f"Ví dụ:\n    dondoc {name}" in text
    for english in ("Usage", "Options:", "Show this", "OPTIONS", "Commands:"):
        assert english not in text


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_a_command_is_called_as_it_is_listed(name: str) -> None:
    command = dondoc.get_command(click.Context(dondoc), name)
    assert command is not None
    assert command.name == name


def test_an_unknown_command_is_wrong_use(run: Terminal) -> None:
    result = run("duee", code=2)
    assert "Không có lệnh 'duee'" in result.stderr
    assert "due" in result.stderr


def test_a_missing_argument_is_wrong_use(run: Terminal) -> None:
    assert "Thiếu tham số" in run("activate", code=2).stderr


def test_the_version_is_told(run: Terminal) -> None:
    assert "0.1.0" in run("--version").output


def test_help_loads_neither_database_nor_prefect() -> None:
    code = (
        "import sys; from cli.main import dondoc\n"
        "try: dondoc(['--help'])\n"
        "except SystemExit: pass\n"
        "print('LOADED', sorted({'prefect', 'apprise', 'sqlalchemy', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert "LOADED []" in done.stdout


def test_due_loads_neither_prefect_nor_apprise() -> None:
    code = (
        "import sys; from cli.main import dondoc\n"
        "try: dondoc(['due'])\n"
        "except SystemExit as end: print('CODE', end.code)\n"
        "print('LOADED', sorted({'prefect', 'apprise', 'fastapi'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert "CODE 0" in done.stdout
    assert "LOADED []" in done.stdout


def test_a_real_process_speaks_english_where_told() -> None:
    done = real("--help", DONDOC_LANGUAGE="en", LC_ALL="C")
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: dondoc")
    assert "Show this message and exit." in done.stdout


def test_a_real_process_writes_vietnamese_where_the_shell_knows_no_utf8() -> None:
    done = real("plans", PYTHONIOENCODING="ascii", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 0, done.stderr
    assert "Chưa có kế hoạch nào" in done.stdout


def test_a_reader_that_has_seen_enough_ends_it_quietly() -> None:
    command = f"{sys.executable} -m cli due --plan {PLAN} | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60, check=False)  # noqa: S602
    assert done.stdout.strip()
    assert done.stderr == ""


def test_ctrl_c_ends_with_130(run: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cli.session.clock", interrupted)
    assert "Đã dừng theo yêu cầu" in run("plans", code=130).stderr


def test_what_nobody_foresaw_is_one_line_and_a_traceback_in_the_log(
    run: Terminal, monkeypatch: pytest.MonkeyPatch, dondoc_home: Path
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("cli.session.clock", broken)
    result = run("plans", code=1)
    log = dondoc_home / "logs" / "dondoc.log"
    assert result.stderr == f"Lỗi không lường trước (ZeroDivisionError), chi tiết ghi ở {log}\n"
    assert "Traceback" in log.read_text("utf-8")
    assert "secret detail" in log.read_text("utf-8")
