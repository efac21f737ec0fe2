"""Power cuts in the middle of a migration, a backup and a restoring; a full disk wherever dondoc writes."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, inspect
from sqlalchemy.exc import OperationalError

from app.backup.archive import Archive
from app.backup.check import check
from app.backup.dump import back_up, write
from app.backup.keep import copies, daily_copy
from app.backup.load import fill, restore
from app.database import current_revision, migrate, newest_revision
from cli.errors import failure
from notifications.channels.base import Letter
from notifications.channels.folder import FolderChannel
from tasks import pulse
from tasks.database import reading, writing
from tasks.seal_check import verify
from tests.app.stores import Stores, content, stores
from tests.cli.conftest import Terminal
from tests.support import DATABASES, Valley, at

__all__ = ["stores"]

ROOT = Path(__file__).resolve().parents[2]
NOW = at("2024-12-16 12:15")
SECONDS = 300  # a loaded machine is slow


def process(work: str, url: str, file: Path, when: int | str) -> subprocess.CompletedProcess[str]:
    """One of the works in a process of its own, cut off after that many statements (0: not at all)."""
    command = [sys.executable, "-m", "tests.baddays.power_cut", work, url, str(file), str(when)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)


def finished(work: str, url: str, file: Path) -> int:
    done = process(work, url, file, 0)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def cut_off(work: str, url: str, file: Path, when: int | str) -> None:
    assert process(work, url, file, when).returncode == -signal.SIGKILL


def address(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def points(statements: int) -> list[int]:
    """At the very beginning, between, and with everything done but the commit."""
    return sorted({1, statements // 3, 2 * statements // 3, statements - 1, statements})


# --- Power cuts -------------------------------------------------------------------------------------------------


def of_0001(stores: Stores, tmp_path: Path, kind: str) -> Engine:
    engine = stores.of_release("0001")
    if kind == "sqlite":
        return engine
    copy = stores.without_tables(kind)
    path = tmp_path / "0001.zip"
    if not path.exists():
        write(engine, path, home=tmp_path, now=NOW)
    with Archive(path) as archive, writing(copy) as connection:
        fill(connection, archive)
    return copy


def known_columns(rows: list[dict[str, Any]], before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows by the columns that they had: a newer version has more."""
    known = before[0].keys() if before else ()
    return [{name: row[name] for name in known} for row in rows] if before else rows


@pytest.mark.slow
@pytest.mark.parametrize("kind", DATABASES)
def test_power_cut_in_the_middle_of_a_migration(stores: Stores, tmp_path: Path, kind: str) -> None:
    """The register is as it was or as it is to be; the next start completes it."""
    statements = finished("migrate", address(of_0001(stores, tmp_path, kind)), tmp_path)
    assert statements > 10
    engine = of_0001(stores, tmp_path, kind)
    before = content(engine)
    for when in points(statements):
        engine.dispose()
        cut_off("migrate", address(engine), tmp_path, when)
        with reading(engine) as connection:
            revision = current_revision(connection)
        assert revision == "0001", f"nothing is kept of a migration cut off after {when} statements"
        assert content(engine) == before
    migrate(engine)
    with reading(engine) as connection:
        assert current_revision(connection) == newest_revision()
        assert verify(connection).intact
    after = content(engine)
    assert {table: known_columns(after[table], rows) for table, rows in before.items()} == before


def small(stores: Stores, kind: str) -> Engine:
    """A register of one morning."""
    engine = stores.without_tables(kind)
    migrate(engine)
    Valley(engine).follow().run("2024-02-01 08:10")
    return engine


@pytest.mark.slow
@pytest.mark.parametrize("kind", DATABASES)
def test_power_cut_in_the_middle_of_a_restoring(stores: Stores, tmp_path: Path, kind: str) -> None:
    """The installation is empty as before, and the same command does it then."""
    home = tmp_path / "home"
    (home / "outbox").mkdir(parents=True)
    (home / "outbox" / "a.eml").write_bytes(b"a letter")
    path = write(small(stores, "sqlite"), home / "copy.zip", home=home, now=NOW).path
    (home / "outbox" / "a.eml").unlink()
    whole = stores.without_tables(kind)
    statements = finished("restore", address(whole), path)
    engine = stores.without_tables(kind)
    for when in points(statements):
        engine.dispose()
        cut_off("restore", address(engine), path, when)
        assert inspect(engine).get_table_names() == [], f"cut off after {when} statements"
    engine.dispose()
    cut_off("restore", address(engine), path, statements + 1)  # it was written down, only nobody was told
    assert content(engine) == content(whole)
    assert (home / "outbox" / "a.eml").read_bytes() == b"a letter"


@pytest.mark.slow
@pytest.mark.parametrize("kind", DATABASES)
def test_power_cut_in_the_middle_of_a_backup(stores: Stores, tmp_path: Path, kind: str) -> None:
    """No file has the name that was asked for, and nothing is locked."""
    engine, folder = small(stores, kind), tmp_path / "copies"
    statements = finished("backup", address(engine), folder / "whole.zip")
    written = check(folder / "whole.zip").rows
    reading_ends = statements - 2  # then come BEGIN and the pulse, when the file has its name
    for when in (1, reading_ends // 2, reading_ends, "check"):
        cut_off("backup", address(engine), folder / "copy.zip", when)
        assert not (folder / "copy.zip").exists(), f"cut off after {when}"
        with writing(engine) as connection:
            pulse.beat(connection, "somebody", now=NOW)
    made = back_up(engine, folder / "copy.zip", home=tmp_path, now=NOW)
    assert made.manifest.rows == written + 2  # the two pulses


@pytest.mark.slow
def test_half_files_of_a_killed_copy_are_taken_away_later(stores: Stores, tmp_path: Path) -> None:
    engine, folder = small(stores, "sqlite"), tmp_path / "copies"
    cut_off("backup", address(engine), folder / "dondoc-hang-ngay-2024-12-16-121500.zip", "check")
    [half] = folder.iterdir()
    assert copies(folder) == []
    later = at("2098-12-18 12:15")  # the file's own age counts, and it is as old as this test
    made = daily_copy(engine, folder, home=tmp_path, now=later)
    assert made is not None
    assert not half.exists()


# --- A full disk ------------------------------------------------------------------------------------------------


class Disk:
    """SQLite's file may not grow while ``full``."""

    def __init__(self, engine: Engine) -> None:
        self.full = False
        event.listen(engine, "begin", self._begin)

    def _begin(self, connection: Any) -> None:
        [size] = connection.exec_driver_sql("PRAGMA page_count").one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={size if self.full else 1_073_741_823}")


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file grows over that many bytes: the system itself refuses to write more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_the_registers_disk_is_full(stores: Stores) -> None:
    """A clear word; what was not written is written when there is room, and nothing else is different."""
    full, twin = stores.without_tables("sqlite"), stores.without_tables("sqlite")
    for engine in (full, twin):
        migrate(engine)
        Valley(engine).follow()
    disk = Disk(full)
    disk.full = True
    before = content(full)
    told = []
    for number in range(40):  # a page may still have room for some rows
        try:
            with writing(full) as connection:
                pulse.beat(connection, "x" * 30 + str(number), now=NOW, data={"text": "x" * 3000})
                pulse.beat(connection, "y" * 30 + str(number), now=NOW, data={"text": "y" * 3000})
        except OperationalError as error:
            told.append(failure(error).message)
    assert told
    assert set(told) == {"Ổ đĩa đã đầy, chưa ghi được gì. Hãy giải phóng dung lượng rồi làm lại."}
    after = content(full)
    names = {row["name"][1:] for row in after["pulse"]}
    assert len(after["pulse"]) == 2 * (40 - len(told)), "both of a pair or none"
    assert {name[0] for name in names} <= {"x", "y"}
    assert {table: rows for table, rows in after.items() if table != "pulse"} == {
        table: rows for table, rows in before.items() if table != "pulse"
    }
    with pytest.raises(OperationalError, match="full"):
        morning(full)
    disk.full = False
    morning(full)
    morning(twin)
    left_out = ("pulse", "message", "contact")  # every Message-ID is another, and the mark of every person
    assert content(full, *left_out) == content(twin, *left_out)
    assert subjects(full) == subjects(twin)


def morning(engine: Engine) -> None:
    Valley(engine).run("2024-02-01 08:10")


def subjects(engine: Engine) -> list[tuple[str, str, str]]:
    return [(row.key, row.subject, row.status) for row in Valley(engine).messages()]


def test_the_outbox_folders_disk_is_full(stores: Stores, tmp_path: Path) -> None:
    """The messages wait; no half letter bears a letter's name; they are written once when there is room."""
    engine = stores.without_tables("sqlite")
    migrate(engine)
    valley, folder = Valley(engine).follow(), FolderChannel(tmp_path / "outbox")

    class OnFullDisk:
        def send(self, letter: Letter) -> None:
            with room(2_000):
                folder.send(letter)

    valley.channels = {"email": OnFullDisk()}
    valley.run("2024-02-01 08:10")
    assert {row.status for row in valley.messages()} == {"queued"}
    assert all("File too large" in row.detail for row in valley.messages())
    assert list((tmp_path / "outbox").glob("*.eml")) == []
    valley.channels = {"email": folder}
    valley.run("2024-02-01 08:30")
    assert {row.status for row in valley.messages()} == {"sent"}
    assert len(list((tmp_path / "outbox").iterdir())) == len(valley.messages())


def test_the_backups_disk_is_full(stores: Stores, tmp_path: Path) -> None:
    engine, folder = stores.of_release("0001"), tmp_path / "copies"
    migrate(engine)
    before = content(engine)
    with room(200_000), pytest.raises(OSError, match="File too large") as found:
        daily_copy(engine, folder, home=tmp_path, now=NOW)
    assert str(folder) in failure(found.value).message
    assert list(folder.iterdir()) == []
    assert content(engine) == before, "no pulse: a copy that failed is no copy"
    made = daily_copy(engine, folder, home=tmp_path, now=NOW)
    assert made is not None
    assert check(made.path) == made.manifest


def test_the_disk_is_full_while_restoring(stores: Stores, tmp_path: Path) -> None:
    made = write(stores.of_release("0001"), tmp_path / "copy.zip", home=tmp_path, now=NOW)
    engine = stores.without_tables("sqlite")

    def little(connection: Any) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count=500")

    event.listen(engine, "begin", little)
    with pytest.raises(OperationalError, match="full") as found:
        restore(engine, made.path, home=tmp_path, now=NOW, actor="test")
    assert "Ổ đĩa đã đầy" in failure(found.value).message
    assert inspect(engine).get_table_names() == []
    event.remove(engine, "begin", little)
    engine.dispose()
    assert restore(engine, made.path, home=tmp_path, now=NOW, actor="test").chain.intact


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_the_logs_disk_is_full(dondoc_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be logged stops nothing and says nothing on the screen."""
    (dondoc_home / "logs").mkdir(parents=True)
    (dondoc_home / "logs" / "dondoc.log").symlink_to("/dev/full")
    run = Terminal(monkeypatch)
    run("activate", "son-la-2316-2023")
    said = run("advance")
    assert said.stderr == ""
    assert "No space" not in said.output
