"""Everything in one file and back, from either database to either."""

from __future__ import annotations

import json
import stat
import tracemalloc
import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from app.backup.archive import Sum, Writer
from app.backup.check import check
from app.backup.dump import PULSE, back_up
from app.backup.errors import BackupExists, NotEmpty
from app.backup.load import restore
from app.database import migrate, newest_revision
from notifications.channel_tables import channel_token
from notifications.channels.base import Letter
from notifications.channels.folder import FolderChannel
from notifications.tables import contact, message, notice
from tasks import hold, pulse
from tasks.database import make_engine, reading, writing
from tasks.seal_check import verify
from tasks.tables import agency, audit_event, paper, setting
from tests.app.stores import BOTH_WAYS, Stores, content, stores
from tests.support import ANSWERABLE, DATABASES, FINANCE, PLAN, Valley, at

__all__ = ["stores"]

NOW = at("2024-03-20 12:15")
LATER = at("2024-03-23 09:00")
CHANGED_BY_RESTORING = ("message", "audit_event", "audit_seal", "setting")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    made.mkdir()
    return made


@pytest.fixture(scope="module")
def some_weeks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of some weeks: papers, one corrected, a claim, a return, messages. Made once, copied for each test."""
    path = tmp_path_factory.mktemp("weeks") / "register.db"
    engine = make_engine(f"sqlite:///{path}", durable=False)
    migrate(engine)
    _live(Valley(engine))
    engine.dispose()
    return path


def _live(valley: Valley) -> None:
    valley.follow()
    for day in ("2024-02-01 08:10", "2024-03-08 07:30", "2024-03-14 07:30", "2024-03-15 07:30"):
        valley.run(day)
    valley.record(ANSWERABLE, received="2024-03-14", number="12/BC-STC")
    valley.correct(ANSWERABLE, received="2024-03-15", number="12/BC-STC “bản ký”\n\u2028😀")
    valley.claim(f"{PLAN}/ke-hoach/so-noi-vu/once")
    valley.run("2024-03-20 07:30")


@pytest.fixture
def lived(stores: Stores, some_weeks: Path) -> Callable[[str], Valley]:
    """Such a register on either database."""

    def on(kind: str) -> Valley:
        if kind == "sqlite":
            return Valley(stores.copy_of(some_weeks)).go("2024-03-20 07:30")
        engine = stores.without_tables(kind)
        migrate(engine)
        _live(valley := Valley(engine))
        return valley

    return on


Lived = Callable[[str], Valley]


@pytest.mark.parametrize(("source", "target"), BOTH_WAYS)
def test_everything_comes_back(
    stores: Stores, lived: Lived, home: Path, tmp_path: Path, source: str, target: str
) -> None:
    valley, copy = lived(source), stores.without_tables(target)
    made = back_up(valley.engine, tmp_path / "copy.zip", home=home, now=NOW)
    before = content(valley.engine, "pulse")
    done = restore(copy, made.path, home=home, now=LATER, actor="test")
    after = content(copy, "pulse")
    assert done.chain.intact
    assert done.manifest == made.manifest
    assert after.keys() == before.keys()
    for name in before:
        if name in CHANGED_BY_RESTORING:
            assert len(after[name]) >= len(before[name]), name
        else:
            assert after[name] == before[name], name
    assert [row for row in after["audit_event"] if row["kind"] not in ("restored", "sending_held")] == before[
        "audit_event"
    ]
    assert any(row["replaced_by"] for row in after["paper"])


@pytest.mark.parametrize("target", DATABASES)
def test_what_was_restored_can_be_restored_again(
    stores: Stores, lived: Lived, home: Path, tmp_path: Path, target: str
) -> None:
    valley, first, second = lived("sqlite"), stores.without_tables(target), stores.without_tables("sqlite")
    restore(first, back_up(valley.engine, tmp_path / "1.zip", home=home, now=NOW).path, home=home, now=NOW, actor="t")
    restore(second, back_up(first, tmp_path / "2.zip", home=home, now=LATER).path, home=home, now=LATER, actor="t")
    same = (*CHANGED_BY_RESTORING, "pulse")
    assert content(second, *same) == content(valley.engine, *same)
    with reading(second) as connection:
        assert verify(connection).intact
        assert connection.execute(select(audit_event).where(audit_event.c.kind == "restored")).all().__len__() == 2


@pytest.mark.parametrize("target", DATABASES)
def test_the_register_goes_on_with_numbers_of_its_own(
    stores: Stores, lived: Lived, home: Path, tmp_path: Path, target: str
) -> None:
    valley, copy = lived("sqlite"), stores.without_tables(target)
    made = back_up(valley.engine, tmp_path / "copy.zip", home=home, now=NOW)
    restore(copy, made.path, home=home, now=LATER, actor="test")
    restored = Valley(copy).go("2024-03-25 08:00")
    restored.contact(FINANCE, "agency", "khac@so-tai-chinh.example")
    restored.record(f"{PLAN}/ke-hoach/so-noi-vu/once", received="2024-03-22")
    restored.run()
    with reading(copy) as connection:
        assert verify(connection).intact


@pytest.mark.parametrize("target", DATABASES)
def test_the_trail_stays_closed_to_changes(
    stores: Stores, lived: Lived, home: Path, tmp_path: Path, target: str
) -> None:
    valley, copy = lived("sqlite"), stores.without_tables(target)
    made = back_up(valley.engine, tmp_path / "copy.zip", home=home, now=NOW)
    restore(copy, made.path, home=home, now=LATER, actor="test")
    for table in ("audit_event", "audit_seal"):
        with pytest.raises(DBAPIError, match="append-only"), writing(copy) as connection:
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608


@pytest.mark.parametrize("target", DATABASES)
def test_tables_that_hold_nothing_are_no_hindrance(
    stores: Stores, lived: Lived, home: Path, tmp_path: Path, target: str
) -> None:
    """``dondoc plans`` on a new machine makes the tables; that is no register yet."""
    valley, copy = lived("sqlite"), stores.without_tables(target)
    migrate(copy)
    with writing(copy) as connection:
        pulse.beat(connection, "sweep", now=NOW)
    made = back_up(valley.engine, tmp_path / "copy.zip", home=home, now=NOW)
    assert restore(copy, made.path, home=home, now=LATER, actor="test").chain.intact


@pytest.mark.parametrize("target", DATABASES)
def test_a_register_is_never_written_over(
    stores: Stores, lived: Lived, home: Path, tmp_path: Path, target: str
) -> None:
    valley, other = lived("sqlite"), stores.without_tables(target)
    made = back_up(valley.engine, tmp_path / "copy.zip", home=home, now=NOW)
    migrate(other)
    with writing(other) as connection:
        connection.execute(insert(setting).values(scope="", name="sender", value="Công an"))
    before = content(other)
    with pytest.raises(NotEmpty, match="setting"):
        restore(other, made.path, home=home, now=LATER, actor="test")
    assert content(other) == before


def test_tables_of_others_in_the_same_database_stay(stores: Stores, lived: Lived, home: Path, tmp_path: Path) -> None:
    valley, copy = lived("sqlite"), stores.without_tables("sqlite")
    with writing(copy) as connection:
        connection.exec_driver_sql("CREATE TABLE so_khac (x INTEGER)")
        connection.exec_driver_sql("INSERT INTO so_khac VALUES (7)")
    made = back_up(valley.engine, tmp_path / "copy.zip", home=home, now=NOW)
    restore(copy, made.path, home=home, now=LATER, actor="test")
    with reading(copy) as connection:
        assert connection.exec_driver_sql("SELECT x FROM so_khac").scalar_one() == 7


@pytest.mark.parametrize("kind", DATABASES)
def test_a_paper_may_point_to_an_earlier_and_to_a_later_one(
    stores: Stores, lived: Lived, home: Path, tmp_path: Path, kind: str
) -> None:
    valley, copy = lived(kind), stores.without_tables(kind)
    with writing(valley.engine) as connection:
        known = connection.execute(select(paper)).all()[0]
        for number in (50, 51, 52):
            row = known._asdict() | {"id": number, "number": str(number), "replaced_by": None}
            connection.execute(insert(paper).values(row))
        for number, newer in ((50, 52), (52, 51)):
            connection.execute(update(paper).where(paper.c.id == number).values(replaced_by=newer))
    made = back_up(valley.engine, tmp_path / "copy.zip", home=home, now=NOW)
    restore(copy, made.path, home=home, now=LATER, actor="test")
    assert content(copy)["paper"] == content(valley.engine)["paper"]


@pytest.mark.parametrize("kind", DATABASES)
def test_what_is_written_meanwhile_stays_out(
    stores: Stores, lived: Lived, home: Path, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything in the file is of one moment, however long it takes to write."""
    valley, before = (made := lived(kind)), content(made.engine, "pulse")
    plain, wrote = Writer.lines, []

    def busy(self: Writer, table: str, lines: Iterable[bytes]) -> Sum:
        wrote.append(table)
        valley.contact(FINANCE, "agency", f"new-{table.replace('_', '-')}@so-tai-chinh.example")
        return plain(self, table, lines)

    monkeypatch.setattr(Writer, "lines", busy)
    done = back_up(valley.engine, tmp_path / "copy.zip", home=home, now=NOW)
    assert len(wrote) > 10
    assert {name: table.rows for name, table in done.manifest.tables.items() if name != "pulse"} == {
        name: len(rows) for name, rows in before.items()
    }
    assert len(content(valley.engine)["contact"]) == len(before["contact"]) + len(wrote)
    copy = stores.without_tables(kind)
    assert restore(copy, done.path, home=home, now=LATER, actor="test").chain.intact


def test_what_was_on_its_way_is_of_unknown_fate_and_all_sending_is_held(
    stores: Stores, lived: Lived, home: Path, tmp_path: Path
) -> None:
    valley, copy = lived("sqlite"), stores.without_tables("sqlite")
    with writing(valley.engine) as connection:
        ids = list(connection.execute(select(message.c.id).order_by(message.c.id)).scalars())
        for key, status in zip(ids, ("queued", "sending", "unknown", "failed"), strict=False):
            values = {"status": status, "next_try_at": NOW, "token": "t", "lease_until": NOW}
            connection.execute(update(message).where(message.c.id == key).values(values))
    made = back_up(valley.engine, tmp_path / "copy.zip", home=home, now=NOW)
    before = {row.id: row for row in valley.messages()}
    done = restore(copy, made.path, home=home, now=LATER, actor="test")
    assert done.unknown == 2
    restored = Valley(copy)
    for row in restored.messages():
        assert row.message_id == before[row.id].message_id
        if row.id in ids[:2]:
            assert (row.status, row.detail, row.settled_at) == ("unknown", "khôi phục từ bản sao lưu", LATER)
        else:
            assert row.status == before[row.id].status
        if row.id in ids[:3]:
            assert (row.next_try_at, row.token, row.lease_until) == (None, None, None)
    with reading(copy) as connection:
        standing = hold.held(connection)
    assert standing is not None
    assert (standing.why, standing.since, standing.by) == ("restored", LATER, "test")
    [told] = restored.events("restored")
    assert (told.actor, told.data["file"], told.data["unknown"]) == ("test", "copy.zip", 2)
    restored.deliver("2024-03-25 09:00")
    assert restored.channel.letters == []


def test_files_of_the_register_come_along_and_secrets_do_not(
    stores: Stores, lived: Lived, home: Path, tmp_path: Path
) -> None:
    valley, copy, new_home = lived("sqlite"), stores.without_tables("sqlite"), tmp_path / "new"
    new_home.mkdir()
    for row in valley.messages(message.c.message_id):
        letter = Letter(row.message_id, "a", None, "b", "b@c.example", "s", "text", "<p>text</p>", NOW)
        FolderChannel(home / "outbox").send(letter)
    (home / "dondoc.toml").write_text('mail_url = "dondocs://u:p@h/"', encoding="utf-8")
    (home / "outbox" / "half.part").write_bytes(b"half")
    (home / "logs").mkdir()
    (home / "logs" / "dondoc.log").write_bytes(b"x")
    (home / "outbox" / "link.eml").symlink_to(home / "dondoc.toml")
    made = back_up(valley.engine, tmp_path / "copy.zip", home=home, now=NOW)
    names = {f"outbox/{path.name}" for path in (home / "outbox").glob("*.eml") if not path.is_symlink()}
    assert len(names) == len(valley.messages()) > 0
    assert set(made.manifest.files) == names
    assert b"dondocs://" not in b"".join(zipfile.ZipFile(made.path).read(n) for n in made.manifest.members)
    there = sorted(names)[0]
    (new_home / "outbox").mkdir()
    (new_home / there).write_bytes(b"this home sent it")
    restore(copy, made.path, home=new_home, now=LATER, actor="test")
    assert (new_home / there).read_bytes() == b"this home sent it"
    for name in names - {there}:
        assert (new_home / name).read_bytes() == (home / name).read_bytes()
    assert not list((new_home / "outbox").glob("*.part"))


def test_the_tokens_of_a_provider_stay_where_they_are(stores: Stores, lived: Lived, home: Path, tmp_path: Path) -> None:
    valley, copy = lived("sqlite"), stores.without_tables("sqlite")
    token = {"channel": "zalo", "seed": "s", "access": "Ma-Truy-Cap", "refresh": "Ma-Lam-Moi"}
    with writing(valley.engine) as c:
        c.execute(channel_token.insert().values(token))
    made = back_up(valley.engine, tmp_path / "copy.zip", home=home, now=NOW)
    written = b"".join(zipfile.ZipFile(made.path).read(name) for name in made.manifest.members)
    assert b"Ma-Truy-Cap" not in written
    assert b"Ma-Lam-Moi" not in written
    restore(copy, made.path, home=home, now=LATER, actor="test")
    with reading(copy) as c:
        assert c.execute(select(channel_token)).all() == []
    with reading(valley.engine) as c:
        assert c.execute(select(channel_token.c.access)).scalar_one() == "Ma-Truy-Cap"


def test_a_file_whose_name_no_backup_takes_is_said(stores: Stores, lived: Lived, home: Path, tmp_path: Path) -> None:
    valley = lived("sqlite")
    (home / "files").mkdir()
    (home / "files" / "Công văn số 12.pdf").write_bytes(b"pdf")
    (home / "files" / "a:b.pdf").write_bytes(b"pdf")
    made = back_up(valley.engine, tmp_path / "copy.zip", home=home, now=NOW)
    assert made.left_out == ("files/a:b.pdf",)
    assert set(made.manifest.files) == {"files/Công văn số 12.pdf"}


def test_the_file_can_be_read_without_dondoc(stores: Stores, lived: Lived, home: Path, tmp_path: Path) -> None:
    valley = lived("sqlite")
    made = back_up(valley.engine, tmp_path / "sub" / "copy.zip", home=home, now=NOW)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert [path.name for path in made.path.parent.iterdir()] == ["copy.zip"]
    with zipfile.ZipFile(made.path) as file:
        assert file.testzip() is None
        said = json.loads(file.read("manifest.json"))
        lines = file.read("tables/agency.jsonl").decode().splitlines()
        assert "manifest.json" in file.read("README.txt").decode()
    assert (said["format"], said["format_version"], said["schema"]) == ("dondoc-backup", 1, newest_revision())
    assert said["database"] == "sqlite"
    assert datetime.fromisoformat(said["made_at"]) == NOW
    assert said["tables"]["agency"]["rows"] == len(lines)
    assert json.loads(lines[0])["name"]
    with reading(valley.engine) as connection:
        head = verify(connection).head
        beat = pulse.last(connection, PULSE)
    assert head is not None
    assert (said["chain"]["place"], said["chain"]["hash"]) == (head.place, head.hash)
    assert beat is not None
    assert beat.at == NOW
    assert check(made.path) == made.manifest


def test_no_file_is_written_over(stores: Stores, lived: Lived, home: Path, tmp_path: Path) -> None:
    valley, there = lived("sqlite"), tmp_path / "copy.zip"
    there.write_bytes(b"dear")
    with pytest.raises(BackupExists):
        back_up(valley.engine, there, home=home, now=NOW)
    assert there.read_bytes() == b"dear"


def test_a_file_that_appears_meanwhile_is_not_written_over(
    stores: Stores, lived: Lived, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    valley, there = lived("sqlite"), tmp_path / "copy.zip"
    monkeypatch.setattr("app.backup.dump.check", lambda _path: there.write_bytes(b"dear"))
    with pytest.raises(BackupExists):
        back_up(valley.engine, there, home=home, now=NOW)
    assert there.read_bytes() == b"dear"
    assert list(tmp_path.glob(".*")) == []


def test_a_share_without_hard_links_will_do(
    stores: Stores, lived: Lived, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_self: Path, _other: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    valley = lived("sqlite")
    monkeypatch.setattr(Path, "hardlink_to", refused)
    made = back_up(valley.engine, tmp_path / "copies" / "copy.zip", home=home, now=NOW)
    assert [path.name for path in made.path.parent.iterdir()] == ["copy.zip"]
    check(made.path)


def test_what_the_disk_does_not_give_back_gets_no_name(
    stores: Stores, lived: Lived, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[len(data) // 3] ^= 0xFF
        path.write_bytes(data)
        check(path)

    valley = lived("sqlite")
    monkeypatch.setattr("app.backup.dump.check", wrong)
    with pytest.raises(Exception, match="bị hỏng"):
        back_up(valley.engine, tmp_path / "copies" / "copy.zip", home=home, now=NOW)
    assert list((tmp_path / "copies").iterdir()) == []
    with reading(valley.engine) as connection:
        assert pulse.last(connection, PULSE) is None, "a copy that failed is no copy"


@pytest.mark.parametrize("kind", DATABASES)
def test_memory_does_not_grow_with_the_rows(stores: Stores, home: Path, tmp_path: Path, kind: str) -> None:
    def peak(rows: int) -> tuple[int, int]:
        engine, copy = stores.without_tables(kind), stores.without_tables(kind)
        migrate(engine)
        _fill(engine, rows)
        tracemalloc.start()
        made = back_up(engine, tmp_path / f"{rows}.zip", home=home, now=NOW)
        _now, written = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        restore(copy, made.path, home=home, now=LATER, actor="test")
        _now, read = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return written, read

    peak(10)  # what is loaded once
    few, many = peak(1_000), peak(20_000)
    assert many[0] < few[0] * 1.5 + 500_000
    assert many[1] < few[1] * 1.5 + 500_000


def _fill(engine: Engine, rows: int) -> None:
    row = {
        "revision": 1, "rung": "due", "role": "agency", "day": date(2024, 3, 1), "plan_id": PLAN, "occurrence_id": None,
        "body": FINANCE, "agency_id": FINANCE, "status": "composed", "reason": None, "queued_at": NOW, "sample": False,
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(insert(agency).values(id=FINANCE, name="Sở", until=None, document={}))
        connection.execute(insert(contact).values(
            agency_id=FINANCE, role="agency", name="x", phone=None, channel="email", address="x@y.example", active=True
        ))  # fmt: skip
        for start in range(0, rows, 500):
            batch = [row | {"subject": f"chủ đề {number}"} for number in range(start, min(start + 500, rows))]
            connection.execute(insert(notice), batch)


def test_a_document_and_the_absence_of_one_are_two_things(stores: Stores, home: Path, tmp_path: Path) -> None:
    """The register allows ``null`` as a setting; it must not come back as no value at all, nor the other way round."""
    engine, copy = stores.without_tables("sqlite"), stores.without_tables("sqlite")
    migrate(engine)
    with writing(engine) as connection:
        for name, value in (("a", None), ("b", [1, {"x": None}]), ("c", "null"), ("d", 1.5), ("e", False)):
            connection.execute(insert(setting).values(scope="", name=name, value=value))
    made = back_up(engine, tmp_path / "copy.zip", home=home, now=datetime(2024, 3, 20, tzinfo=UTC))
    restore(copy, made.path, home=home, now=LATER, actor="test")
    with reading(copy) as connection:
        rows = connection.exec_driver_sql("SELECT name, value FROM setting WHERE length(name) = 1 ORDER BY name").all()
    assert [tuple(row) for row in rows] == [
        ("a", "null"), ("b", '[1, {"x": null}]'), ("c", '"null"'), ("d", 1.5), ("e", "false")
    ]  # fmt: skip


def test_sqlites_own_file_is_not_locked_by_a_backup(stores: Stores, lived: Lived, home: Path, tmp_path: Path) -> None:
    """Whoever writes does not wait for a copy that is being made."""
    valley = lived("sqlite")
    other = make_engine(str(valley.engine.url))
    with reading(valley.engine) as open_view:
        open_view.execute(select(agency)).all()
        with writing(other) as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=0")
            pulse.beat(connection, "x", now=NOW)
    other.dispose()
