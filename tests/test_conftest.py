"""The guards that every test relies on."""

from __future__ import annotations

import os
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import NetworkForbidden, is_allowed, read_allowed_skips

pytest_plugins = ["pytester"]


@pytest.fixture
def listener() -> Iterator[int]:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def test_a_connection_that_leaves_the_machine_is_refused() -> None:
    with closing(socket.socket()) as sock, pytest.raises(NetworkForbidden, match=r"192\.0\.2\.1"):
        sock.connect(("192.0.2.1", 80))


def test_a_datagram_that_leaves_the_machine_is_refused() -> None:
    with closing(socket.socket(type=socket.SOCK_DGRAM)) as sock, pytest.raises(NetworkForbidden):
        sock.sendto(b"x", ("192.0.2.1", 53))


def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(NetworkForbidden, match=r"look-up of example\.org"):
        urllib.request.urlopen("http://example.org", timeout=1)


def test_this_machine_can_be_reached(listener: int) -> None:
    with socket.create_connection(("localhost", listener), timeout=5) as sock:
        assert sock.getpeername()[1] == listener


def test_each_test_has_a_home_below_its_own_folder(tmp_path: Path) -> None:
    assert Path(os.environ["DONDOC_HOME"]).is_relative_to(tmp_path)


def test_the_users_prefect_profile_is_out_of_reach() -> None:
    assert not Path(os.environ["PREFECT_PROFILES_PATH"]).is_relative_to(Path.home() / ".prefect")
    assert os.environ["DO_NOT_TRACK"] == "1"


def test_a_line_without_a_reason_is_an_error() -> None:
    with pytest.raises(ValueError, match="line 2: no reason"):
        read_allowed_skips("# head\ntests/test_x.py::test_a\n")


@pytest.mark.parametrize(
    ("pattern", "nodeid", "expected"),
    [
        ("tests/a.py::test_x", "tests/a.py::test_x", True),
        ("tests/a.py::test_x", "tests/a.py::test_xy", False),
        ("tests/a.py::*", "tests/a.py::test_x[1-2]", True),
        ("tests/a.py::test_x[1]", "tests/a.py::test_x[1]", True),
        ("tests/a.py::test_x[1]", "tests/a.py::test_x1", False),
    ],
)
def test_a_pattern_allows_what_it_says(pattern: str, nodeid: str, expected: bool) -> None:
    assert is_allowed(nodeid, {pattern: "reason"}) is expected


_SKIPPING = """
import pytest

def test_passes():
    pass

def test_skips():
    pytest.skip("no such machine")
"""


@pytest.fixture
def project_that_skips(pytester: pytest.Pytester) -> pytest.Pytester:
    tests = pytester.mkpydir("tests")
    (tests / "conftest.py").write_text(Path(__file__).with_name("conftest.py").read_text("utf-8"), "utf-8")
    (tests / "allowed_skips.txt").write_text("", "utf-8")
    (tests / "test_it.py").write_text(_SKIPPING, "utf-8")
    return pytester


@pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=["one process", "xdist"])
def test_an_unlisted_skip_fails_a_strict_session(
    project_that_skips: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: list[str]
) -> None:
    monkeypatch.setenv("DONDOC_STRICT_SKIPS", "1")
    result = project_that_skips.runpytest_subprocess("tests", *workers)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*not in tests/allowed_skips.txt: tests/test_it.py::test_skips: *no such machine"])


def test_a_listed_skip_passes_a_strict_session(
    project_that_skips: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONDOC_STRICT_SKIPS", "1")
    listed = "tests/test_it.py::test_skips  # the machine of the test\n"
    (project_that_skips.path / "tests" / "allowed_skips.txt").write_text(listed, "utf-8")
    assert project_that_skips.runpytest_subprocess("tests").ret == pytest.ExitCode.OK


def test_a_skip_passes_an_ordinary_session(
    project_that_skips: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DONDOC_STRICT_SKIPS", raising=False)
    assert project_that_skips.runpytest_subprocess("tests").ret == pytest.ExitCode.OK


# --- Which database, in which order -------------------------------------------------------------------------------

_ON_BOTH = """
import pytest

@pytest.fixture(params=["sqlite", "postgresql"])
def register(request):
    return request.param

@pytest.mark.parametrize("typed", ["a", "b"])
def test_typed(register, typed):
    pass

@pytest.mark.asks_the_database
@pytest.mark.parametrize("asked", ["a", "b"])
def test_asked(register, asked):
    pass

@pytest.mark.slow
def test_long():
    pass
"""
_CASES = ["sqlite-a", "sqlite-b", "postgresql-a", "postgresql-b"]


def collected(pytester: pytest.Pytester, folder: str) -> list[str]:
    tests = pytester.mkpydir("tests")
    (tests / "conftest.py").write_text(Path(__file__).with_name("conftest.py").read_text("utf-8"), "utf-8")
    (tests / folder).mkdir()
    (tests / folder / "test_it.py").write_text(_ON_BOTH, "utf-8")
    said = pytester.runpytest_subprocess("tests", "--collect-only", "-q", "-W", "ignore").outlines
    return [line.rpartition("::")[2] for line in said if "::" in line]


@pytest.mark.parametrize(
    ("folder", "chosen", "typed"),
    [
        ("web", None, ["sqlite-a", "sqlite-b", "postgresql-a"]),
        ("cli", "sqlite,postgresql", ["sqlite-a", "sqlite-b", "postgresql-a"]),
        ("web", "all", _CASES),
        ("web", "postgresql", _CASES),  # then nothing else would run them
        ("tasks", None, _CASES),
    ],
)
def test_at_the_edges_postgresql_runs_the_first_case_and_the_long_ones_come_first(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, folder: str, chosen: str | None, typed: list[str]
) -> None:
    if chosen is None:
        monkeypatch.delenv("DONDOC_TEST_DATABASES", raising=False)
    else:
        monkeypatch.setenv("DONDOC_TEST_DATABASES", chosen)
    asked = [f"test_asked[{case}]" for case in _CASES]
    assert collected(pytester, folder) == ["test_long", *(f"test_typed[{case}]" for case in typed), *asked]
