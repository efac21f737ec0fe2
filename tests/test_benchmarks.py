"""Every benchmark still runs and measures something; the page says what was measured, and every bar that was missed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import benchmarks.__main__ as command
from benchmarks import page, results
from benchmarks.context import SIZES
from benchmarks.databases import POSTGRESQL, SQLITE, Database, Postgresql, Sqlite
from benchmarks.figures import Bar, Figure, number
from benchmarks.machine import ROOT
from benchmarks.measuring import NAMES, measured, subject
from benchmarks.results import Result
from tests.postgresql import Databases

FOLDER = Path(results.__file__).parent
TINY = SIZES["tiny"]
COMPARED = [name for name in NAMES if subject(name).databases]
ONCE = [name for name in NAMES if not subject(name).databases and name != "prefect_cost"]
BARS = {
    "advance.ratio": "≤ 1.5",
    "materialise.rate": "≥ 20,000",
    "morning.planning": "≤ 30",
    "memory.ratio": "≤ 1.15",
    "handover.against_apprise": "≥ 10",
    "handover.against_bare": "≥ 0.5",
    "punctual.common": "≤ 20",
    "dashboard.slowest": "≤ 300",
    "reading.command": "≤ 1",
    "reading.long": "≤ 20",
}  # who lowers one has to do it here too


@dataclass
class Shared:
    """The server of the tests, which is quicker than a durable one."""

    databases: Databases
    name: str = POSTGRESQL

    def address(self) -> str:
        return self.databases.server.url(self.databases.new())

    def forget(self, address: str) -> None:
        self.databases.drop(address.partition("?")[0].rpartition("/")[2])


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    if request.param == "sqlite":
        return Sqlite(tmp_path)
    return Shared(request.getfixturevalue("postgresql"))


def ran(name: str, database: Database | None, folder: Path) -> Result:
    said: list[str] = []
    found = measured(subject(name), database, TINY, folder, said.append)
    assert found.figures
    assert said
    for figure in found.figures:
        assert figure.values, figure
        assert min(figure.values) > 0, figure
    keys = [figure.key for figure in found.figures]
    assert len(set(keys)) == len(keys)
    bars = {f"{name}.{figure.key}": figure.bar.text for figure in found.figures if figure.bar}
    barred = name != "materialise" or found.database == SQLITE
    assert bars == {key: bar for key, bar in BARS.items() if barred and key.startswith(f"{name}.")}
    assert results.result_of(results.text_of(found)) == found
    return found


# --- Each of them, with tiny sizes -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMPARED)
def test_benchmark_measures_on_either_database(name: str, database: Database, tmp_path: Path) -> None:
    assert ran(name, database, tmp_path).database == database.name


@pytest.mark.parametrize("name", ONCE)
def test_benchmark_measures(name: str, tmp_path: Path) -> None:
    assert ran(name, None, tmp_path).database == ""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads processor time in /proc")
def test_cost_of_prefect_is_measured_on_a_real_server_and_worker(tmp_path: Path) -> None:
    keys = {figure.key for figure in ran("prefect_cost", None, tmp_path).figures}
    assert {"first", "again", "asks", "run", "run_cpu", "run_server"} <= keys


def test_every_benchmark_of_the_folder_is_known_to_make_bench() -> None:
    there = {path.stem for path in FOLDER.glob("*.py") if "\ndef measure(bench: Bench)" in path.read_text("utf-8")}
    assert there == set(NAMES)


def test_postgresql_is_measured_as_durable_as_an_installation(postgresql: Databases) -> None:
    server = Postgresql()
    try:
        with server._server.admin() as admin:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                assert admin.execute(f"SHOW {name}".encode()).fetchone() == ("on",)
    finally:
        server.close()


# --- Bars --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bar", "value", "reached"),
    [
        (Bar(1.5), 1.5, True),
        (Bar(1.5), 1.501, False),
        (Bar(10, at_least=True), 10, True),
        (Bar(10, at_least=True), 9.99, False),
    ],
)
def test_bar_is_reached_up_to_its_limit(bar: Bar, value: float, reached: bool) -> None:
    figure = Figure("key", "title", "s", (value,), bar)
    assert figure.missed is not reached


def test_the_median_decides() -> None:
    assert not Figure("key", "title", "s", (1.0, 9.0, 1.2), Bar(1.5)).missed
    assert Figure("key", "title", "s", (1.0, 9.0, 1.6), Bar(1.5)).missed


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.0123, "0.012"), (0.00091, "0.00091"), (1.066, "1.07"), (2, "2"), (20_000, "20,000"), (150.4, "150")],
)
def test_number_has_few_digits(value: float, text: str) -> None:
    assert number(value) == text


# --- The page ----------------------------------------------------------------------------------------------------


def result(name: str, database: str, *figures: Figure) -> Result:
    about = dict.fromkeys(("Date", "Commit", "Disk", "PostgreSQL", *page._EQUAL), "x")
    about |= {"Processor": "Some processor, 2 cores", "Load when it began": "2.00 3.00 4.00"}
    return Result(name, database, "full", 61.0, about, figures)


RATIO = Figure("ratio", "the second against the first", "times", (1.4, 1.5, 1.1), Bar(1.5))


def test_the_page_is_what_the_kept_results_say() -> None:
    found = list(results.kept())
    assert {each.size for each in found} == {"full"}
    assert page.PAGE.read_text("utf-8") == page.text_of(found), "run: make bench BENCH=page"


def test_page_tells_median_extremes_bar_and_whether_it_is_reached() -> None:
    said = page.text_of([result("advance", SQLITE, RATIO)])
    assert "| the second against the first | times | 1.4 (1.1 … 1.5) | – | ≤ 1.5: reached |" in said
    assert "**" not in said


def test_page_says_which_bar_was_missed_and_where() -> None:
    slow = replace(RATIO, values=(1.6, 1.7, 1.4))
    said = page.text_of([result("advance", SQLITE, RATIO), result("advance", POSTGRESQL, slow)])
    assert "| ≤ 1.5 times | 1.4 | 1.6 | **no** (PostgreSQL) |" in said
    assert "≤ 1.5: **missed** (PostgreSQL) |" in said


def test_page_says_that_the_machine_was_busy() -> None:
    quiet = result("advance", SQLITE, RATIO)
    busy = replace(quiet, machine={**quiet.machine, "Load when it began": "2.01 0.00 0.00"})
    assert "busy with other work" not in page.text_of([quiet])
    assert "busy with other work" in page.text_of([busy])


def test_page_says_what_has_not_been_measured() -> None:
    said = page.text_of([result("advance", SQLITE, RATIO)])
    assert "## Not measured yet" in said
    assert f"- {subject('memory').title}\n" in said


# --- make bench --------------------------------------------------------------------------------------------------


@pytest.fixture
def kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Results and page of a test stay in its folder."""
    monkeypatch.setattr(command, "keep", lambda found: results.keep(found, tmp_path / "results"))
    monkeypatch.setattr(command, "kept", lambda: results.kept(tmp_path / "results"))
    monkeypatch.setattr(page, "PAGE", ROOT / "build" / "never-written.md")
    monkeypatch.setattr(page, "write", lambda found: (tmp_path / "page.md").write_text(page.text_of(found), "utf-8"))
    return tmp_path


def test_one_benchmark_on_one_database_is_measured_and_the_page_keeps_the_others(
    kept_apart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results.keep(result("memory", SQLITE, Figure("few", "kept from before", "MB", (70.0,))), kept_apart / "results")
    monkeypatch.setattr(command, "_measured", lambda name, database, size: result(name, database, RATIO))
    assert command.main(["advance", "--database", "postgresql"]) == 0
    assert [path.name for path in sorted((kept_apart / "results").iterdir())] == [
        "advance-postgresql.json",
        "memory-sqlite.json",
    ]
    said = (kept_apart / "page.md").read_text("utf-8")
    assert "kept from before" in said
    assert "the second against the first" in said


def test_without_a_name_everything_is_measured_once(kept_apart: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []

    def measured_as(name: str, database: str, size: str) -> Result:
        asked.append((name, database))
        return result(name, database, RATIO)

    monkeypatch.setattr(command, "_measured", measured_as)
    assert command.main(["--size", "tiny"]) == 0
    assert [name for name, _database in asked if name == "advance"] == ["advance"] * 2
    assert {name for name, _database in asked} == set(NAMES)
    assert len(asked) == len(set(asked))


def test_a_name_that_stands_for_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        command.main(["advanse"])
    assert "'advanse' is none of materialise, advance" in capsys.readouterr().err


def test_missed_bar_ends_with_one_and_is_said(
    kept_apart: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slow = replace(RATIO, values=(1.6,))
    monkeypatch.setattr(command, "_measured", lambda name, database, size: result(name, database, slow))
    assert command.main(["advance", "--database", "sqlite"]) == 1
    assert "bar missed: advance SQLite: the second against the first: 1.6 times" in capsys.readouterr().err


def test_failed_benchmark_stops_no_other_and_leaves_the_older_result(
    kept_apart: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    results.keep(result("advance", SQLITE, RATIO), kept_apart / "results")

    def fails_once(name: str, database: str, size: str) -> Result | None:
        return None if name == "advance" else result(name, database, RATIO)

    monkeypatch.setattr(command, "_measured", fails_once)
    assert command.main(["advance", "memory", "--database", "sqlite"]) == 1
    assert "FAILED: advance on SQLite" in capsys.readouterr().err
    assert len(list((kept_apart / "results").iterdir())) == 2


def test_small_sizes_are_never_kept(kept_apart: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_measured", lambda name, database, size: result(name, database, RATIO))
    assert command.main(["advance", "--size", "tiny"]) == 0
    assert list(kept_apart.iterdir()) == []


def test_benchmark_runs_as_typed_in_a_process_of_its_own() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "punctual", "--size", "tiny"],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "to a department that owes what all owe" in done.stderr


def test_nothing_that_is_installed_imports_benchmarks() -> None:
    for package in ("plans", "tasks", "notifications", "app", "flows", "cli"):
        for path in (ROOT / package).rglob("*.py"):
            assert "benchmarks" not in path.read_text("utf-8"), path
