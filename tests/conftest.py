"""What holds for every test: no network, a home of its own, nothing of the user's settings, no silent skips."""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import socket
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.postgresql import Databases

# --- Environment ------------------------------------------------------------------------------------------------

_KEPT = ("DONDOC_STRICT_SKIPS", "DONDOC_HYPOTHESIS", "DONDOC_TEST_")
_scratch: list[Path] = []


def pytest_configure(config: pytest.Config) -> None:
    """Before any test module (and so Prefect, which reads its settings when imported) is loaded."""
    for name in list(os.environ):
        if name.startswith("PREFECT_") or (name.startswith("DONDOC_") and not name.startswith(_KEPT)):
            del os.environ[name]
    scratch = Path(tempfile.mkdtemp(prefix="dondoc-tests-"))
    _scratch.append(scratch)
    os.environ.update(
        DONDOC_HOME=str(scratch / "home"),
        PREFECT_HOME=str(scratch / "prefect"),
        PREFECT_PROFILES_PATH=str(scratch / "prefect" / "profiles.toml"),
        PREFECT_SERVER_ANALYTICS_ENABLED="false",
        PREFECT_CLI_PROMPT="false",
        DO_NOT_TRACK="1",
        NO_PROXY="127.0.0.1,localhost,::1",
    )
    config.pluginmanager.register(SkipLedger(), "dondoc-skip-ledger")
    settings.load_profile(os.environ.get("DONDOC_HYPOTHESIS", "ci"))


def pytest_unconfigure() -> None:
    """Leaves nothing behind."""
    while _scratch:
        shutil.rmtree(_scratch.pop(), ignore_errors=True)


@pytest.fixture(autouse=True)
def dondoc_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for each test."""
    home = tmp_path / "dondoc-home"
    monkeypatch.setenv("DONDOC_HOME", str(home))
    return home


# --- PostgreSQL -------------------------------------------------------------------------------------------------


EDGES = ("tests/web/", "tests/cli/")
_FIXTURE_OF = {"sqlite": "blank_sqlite", "postgresql": "postgresql"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what speaks of one database only where DONDOC_TEST_DATABASES does not name it, and puts first what
    takes long: else one process would begin with it when the others have nothing left to do."""
    chosen = os.environ.get("DONDOC_TEST_DATABASES", "sqlite,postgresql")
    absent = {fixture for name, fixture in _FIXTURE_OF.items() if name not in chosen and chosen != "all"}
    out = [item for item in items if absent.intersection(getattr(item, "fixturenames", ()))]
    if not absent and chosen != "all":
        out += further_cases(items)
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in set(out)]
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def further_cases(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """At the edges, dashboard and commands, cases of one test mostly differ in what is typed, and the database hears
    the same: on PostgreSQL its first case runs, on SQLite every one. A test whose cases differ in what the database is
    asked is marked ``asks_the_database``; DONDOC_TEST_DATABASES=all runs everything on both."""
    seen: set[str] = set()
    further = []
    for item in items:
        test, _bracket, _case = item.nodeid.partition("[")
        params = getattr(item, "callspec", None)
        on_postgresql = params is not None and "postgresql" in params.params.values()
        if not on_postgresql or not test.startswith(EDGES) or item.get_closest_marker("asks_the_database"):
            continue
        if test in seen:
            further.append(item)
        seen.add(test)
    return further


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Databases]:
    """The databases of a real PostgreSQL server, started for the first test of this process that asks for it.

    ``with postgresql.empty() as url`` is a migrated register without a row, ``postgresql.copied()`` a database
    without a table. Where no server can be started the tests fail: see docs/postgresql.md.
    """
    from tests.postgresql import Databases, Postgres

    server = Postgres()
    try:
        databases = Databases(server.start())
        yield databases
        databases.close()
    finally:
        server.close()


# --- Property tests ---------------------------------------------------------------------------------------------

_SLOW_MACHINE = [HealthCheck.too_slow]
settings.register_profile(
    "ci", derandomize=True, max_examples=50, deadline=None, database=None, suppress_health_check=_SLOW_MACHINE
)
settings.register_profile("thorough", max_examples=2000, deadline=None, suppress_health_check=_SLOW_MACHINE)


# --- Network ----------------------------------------------------------------------------------------------------


class NetworkForbidden(Exception):
    """A test tried to reach something that is not this machine."""


def is_this_machine(address: object) -> bool:
    """Whether a socket address stays on the machine: a loopback host, or no host at all (a Unix socket)."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0]).partition("%")[0]
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def only_this_machine() -> Iterator[None]:
    """Every connection and look-up that leaves the machine fails at once, naming the address."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo))
        yield


def _guarded(original: Any) -> Any:
    def guard(sock: socket.socket, *arguments: Any) -> Any:
        if not is_this_machine(arguments[-1]):
            raise NetworkForbidden(f"{original.__name__} {arguments[-1]}")
        return original(sock, *arguments)

    return guard


def _guarded_lookup(original: Any) -> Any:
    def guard(host: str | bytes | None, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not is_this_machine((name,)):
            raise NetworkForbidden(f"look-up of {name}")
        return original(host, *arguments, **options)

    return guard


# --- Skips ------------------------------------------------------------------------------------------------------

ALLOWED_SKIPS = Path(__file__).with_name("allowed_skips.txt")


def read_allowed_skips(text: str) -> dict[str, str]:
    """Pattern -> reason; a line without a reason is an error."""
    allowed = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        pattern, mark, reason = line.partition("  # ")
        if not mark or not reason.strip():
            raise ValueError(f"allowed_skips.txt line {number}: no reason given")
        allowed[pattern.strip()] = reason.strip()
    return allowed


def is_allowed(nodeid: str, patterns: dict[str, str]) -> bool:
    """Only * is special in a pattern: the ids of parametrised tests hold brackets."""
    return any(re.fullmatch(re.escape(p).replace(r"\*", ".*"), nodeid, re.DOTALL) for p in patterns)


class SkipLedger:
    """Collects what was skipped; with DONDOC_STRICT_SKIPS=1 an unlisted skip makes the session fail."""

    def __init__(self) -> None:
        self.skipped: dict[str, str] = {}

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped:
            self.skipped[report.nodeid] = _reason(report)

    @pytest.hookimpl
    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.skipped[report.nodeid] = _reason(report)

    def forbidden(self) -> dict[str, str]:
        """The skips that nobody allowed."""
        if os.environ.get("DONDOC_STRICT_SKIPS") != "1":
            return {}
        allowed = read_allowed_skips(ALLOWED_SKIPS.read_text(encoding="utf-8"))
        return {nodeid: reason for nodeid, reason in self.skipped.items() if not is_allowed(nodeid, allowed)}

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        # Under xdist the workers report to the controller, which alone decides.
        if not hasattr(session.config, "workerinput") and self.forbidden() and session.exitstatus == 0:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for nodeid, reason in sorted(self.forbidden().items()):
            terminalreporter.write_line(f"skipped, not in tests/allowed_skips.txt: {nodeid}: {reason}", red=True)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    if expected := getattr(report, "wasxfail", None):
        return f"xfail {expected}"
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
