"""What an administrator meets who sets PostgreSQL up: one line that says what, where and what to do, no password."""

from __future__ import annotations

import socket
from collections.abc import Callable

import psycopg
import pytest

from cli.postgresql_errors import explain
from tests.cli.conftest import Terminal
from tests.postgresql import Databases

SECRET = "mat-khau-that"
Refused = Callable[[str], str]


@pytest.fixture
def refused(run: Terminal, monkeypatch: pytest.MonkeyPatch) -> Refused:
    """``refused(url)``: the one line that commands end with at that address."""

    def said(url: str) -> str:
        monkeypatch.setenv("DONDOC_DATABASE_URL", url)
        lines = set()
        for command in (["plans"], ["due"], ["add", "son-la-2316-2023"]):
            result = run(*command, code=1)
            assert SECRET not in result.output
            lines.add(result.stderr)
        [line] = lines
        assert line.startswith("Lỗi: ")
        assert line.count("\n") == 1
        return line

    return said


@pytest.fixture(scope="module")
def guarded(postgresql: Databases) -> Databases:
    """With a role that has to say its password."""
    with postgresql.server.admin() as admin:
        admin.execute(f"CREATE ROLE guarded LOGIN PASSWORD '{SECRET}'")
    return postgresql


def test_a_wrong_password_names_role_and_database(refused: Refused, guarded: Databases) -> None:
    with guarded.copied() as url:
        line = refused(url.replace("dondoc@", f"guarded:{SECRET}-sai@"))
    assert "Sai tài khoản hoặc mật khẩu khi kết nối guarded@" in line
    assert "DONDOC_DATABASE_URL" in line


def test_a_forgotten_password_is_told_as_a_wrong_one(refused: Refused, guarded: Databases) -> None:
    with guarded.copied() as url:
        assert "Sai tài khoản hoặc mật khẩu" in refused(url.replace("dondoc@", "guarded@"))


def test_the_right_password_opens_it(run: Terminal, guarded: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    with guarded.copied() as url:
        with guarded.server.admin() as admin:
            admin.execute(f"ALTER DATABASE {_name(url)} OWNER TO guarded")
        monkeypatch.setenv("DONDOC_DATABASE_URL", url.replace("dondoc@", f"guarded:{SECRET}@"))
        assert SECRET not in run("plans").output


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def test_a_role_that_does_not_exist(refused: Refused, postgresql: Databases) -> None:
    with postgresql.copied() as url:
        assert "không có tài khoản này: nobody-here@" in refused(url.replace("dondoc@", f"nobody-here:{SECRET}@"))


def test_a_database_that_does_not_exist(refused: Refused, postgresql: Databases) -> None:
    line = refused(postgresql.server.url("khong-co", password=SECRET))
    assert "Chưa có cơ sở dữ liệu dondoc@" in line
    assert "/khong-co. Người quản trị" in line


def test_a_server_that_refuses(refused: Refused) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    line = refused(f"postgresql://dondoc:{SECRET}@127.0.0.1:{port}/dondoc")
    assert f"Không kết nối được cơ sở dữ liệu dondoc@127.0.0.1:{port}/dondoc: Connection refused" in line


def test_a_server_that_does_not_answer_is_given_up(refused: Refused) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        line = refused(f"postgres://dondoc:{SECRET}@127.0.0.1:{port}/dondoc?connect_timeout=2")
    assert f"dondoc@127.0.0.1:{port}/dondoc: connection timeout expired" in line


def test_a_server_that_is_not_there(refused: Refused) -> None:
    line = refused(f"postgresql://dondoc:{SECRET}@/dondoc?host=/khong-co-thu-muc-nay")
    assert "Không kết nối được cơ sở dữ liệu dondoc@/khong-co-thu-muc-nay/dondoc: No such file" in line


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"mysql://dondoc:{SECRET}@db/dondoc", "không dùng được loại “mysql”"),
        (f"postgresql+psycopg2://dondoc:{SECRET}@db/dondoc", "không dùng được loại “postgresql+psycopg2”"),
        (f"postgresql://dondoc:{SECRET}@db", "thiếu tên cơ sở dữ liệu"),
        (f"postgresql://dondoc:{SECRET}@db:cong/dondoc", "không đọc được"),
        (f"postgresql://dondoc:{SECRET}@127.0.0.1:1/dondoc?mau=xanh", 'invalid connection option "mau"'),
        (SECRET, "không đọc được"),
    ],
)
def test_an_address_that_cannot_be_used(refused: Refused, url: str, said: str) -> None:
    line = refused(url)
    assert line.startswith("Lỗi: Địa chỉ cơ sở dữ liệu DONDOC_DATABASE_URL không đúng: ")
    assert said in line


def test_a_role_without_rights_on_the_database(refused: Refused, postgresql: Databases) -> None:
    with postgresql.copied() as url:
        with postgresql.server.admin() as admin:
            admin.execute(f"ALTER DATABASE {_name(url)} OWNER TO postgres")
        assert "Tài khoản không đủ quyền" in refused(url)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (psycopg.errors.LockNotAvailable, "đang bận"),
        (psycopg.errors.DeadlockDetected, "đang bận"),
        (psycopg.errors.ReadOnlySqlTransaction, "chế độ chỉ đọc"),
        (psycopg.errors.DiskFull, "hết ổ đĩa"),
        (psycopg.errors.TooManyConnections, "đã hết số kết nối"),
        (psycopg.errors.AdminShutdown, "đang dừng hoặc khởi động lại"),
    ],
)
def test_what_a_server_may_say_later(error: type[psycopg.Error], said: str) -> None:
    text = explain(error("whatever, in any language"), "dondoc@db/dondoc")
    assert text is not None
    assert said in text
    assert "dondoc@db/dondoc" in text


def test_a_slip_of_ours_is_not_told_as_a_fault_of_the_server() -> None:
    assert explain(psycopg.errors.UndefinedColumn("column x does not exist"), "dondoc@db/dondoc") is None
    assert explain(ValueError("x"), "dondoc@db/dondoc") is None
