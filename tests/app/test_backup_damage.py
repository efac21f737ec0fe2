"""Files that are cut, changed, foreign, too new or made to do harm: a clear word with the place, and nothing done."""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect

from app.backup.check import check
from app.backup.dump import back_up
from app.backup.errors import BackupDamaged, BackupError, BackupTooNew, NoRoom, NotABackup
from app.backup.load import restore
from app.backup.manifest import safe_file
from app.database import migrate
from tasks.database import make_engine
from tests.app.stores import Stores, stores
from tests.support import Valley, at

__all__ = ["stores"]

NOW = at("2024-03-20 12:15")
Members = dict[str, bytes]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole backup of a small register with one file; made once."""
    folder = tmp_path_factory.mktemp("good")
    (folder / "outbox").mkdir()
    (folder / "outbox" / "a.eml").write_bytes(b"Subject: a\n\nxyz\n" * 50)
    engine = make_engine(f"sqlite:///{folder / 'register.db'}", durable=False)
    migrate(engine)
    Valley(engine).follow().run("2024-02-01 08:10")
    made = back_up(engine, folder / "good.zip", home=folder, now=NOW)
    engine.dispose()
    return made.path


@pytest.fixture
def refused(stores: Stores, tmp_path: Path) -> Callable[[Path, type[BackupError]], str]:
    """Neither check nor restore takes the file, and both say why; the installation stays empty."""

    def attempt(path: Path, kind: type[BackupError]) -> str:
        engine, home = stores.without_tables("sqlite"), tmp_path / "home"
        home.mkdir(exist_ok=True)
        with pytest.raises(kind) as found:
            restore(engine, path, home=home, now=NOW, actor="test")
        assert inspect(engine).get_table_names() == []
        assert [each for each in home.rglob("*") if each.is_file()] == []
        return str(found.value)

    return attempt


def members_of(path: Path) -> Members:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def written(path: Path, members: Members) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


def changed(members: Members, change: Callable[[dict[str, Any]], object]) -> Members:
    """With another manifest."""
    said = json.loads(members["manifest.json"])
    change(said)
    return members | {"manifest.json": json.dumps(said).encode()}


def with_table(members: Members, table: str, data: bytes, **more: Any) -> Members:
    """With other rows whose sums are right: what somebody makes who means harm."""

    def change(said: dict[str, Any]) -> None:
        sums = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "rows": data.count(b"\n")}
        said["tables"][table] |= sums | more

    return changed(members | {f"tables/{table}.jsonl": data}, change)


Refused = Callable[[Path, type[BackupError]], str]


def test_the_one_that_is_whole_is_taken(good: Path, stores: Stores, tmp_path: Path) -> None:
    """Or every test here would prove nothing."""
    again = written(tmp_path / "again.zip", members_of(good))
    assert check(again) == check(good)
    assert restore(stores.without_tables("sqlite"), again, home=tmp_path, now=NOW, actor="test").chain.intact


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_cut(good: Path, tmp_path: Path, refused: Refused, share: float) -> None:
    data = good.read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(data[: int(len(data) * share)])
    if share == 0.0:
        refused(cut, NotABackup)
    else:
        assert "bị cắt cụt" in refused(cut, BackupDamaged)


@pytest.mark.parametrize("name", ["tables/occurrence.jsonl", "tables/message.jsonl", "outbox/a.eml", "manifest.json"])
def test_one_changed_byte_is_seen_and_its_place_said(good: Path, tmp_path: Path, refused: Refused, name: str) -> None:
    data = bytearray(good.read_bytes())
    with zipfile.ZipFile(good) as file:
        info = file.getinfo(name)
    start = info.header_offset
    name_length, extra_length = struct.unpack("<HH", data[start + 26 : start + 30])
    data[start + 30 + name_length + extra_length + info.compress_size // 2] ^= 0x10
    path = tmp_path / "flipped.zip"
    path.write_bytes(data)
    said = refused(path, BackupDamaged)
    assert name in said or (name == "manifest.json" and "mục lục" in said)


def test_any_changed_byte_is_seen_or_changes_nothing(good: Path, tmp_path: Path) -> None:
    """All over the file; only bytes that zip itself does not look at (time stamps, …) may pass."""
    data, wanted, path = good.read_bytes(), check(good), tmp_path / "flipped.zip"
    seen = 0
    for place in range(0, len(data), max(1, len(data) // 300)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        try:
            assert check(path) == wanted
        except (BackupDamaged, NotABackup):
            seen += 1
    assert seen > 200


def test_some_other_file(tmp_path: Path, refused: Refused) -> None:
    other = tmp_path / "other.zip"
    other.write_bytes("Kính gửi: Sở Tài chính".encode())
    assert "không phải là bản sao lưu" in refused(other, NotABackup)
    refused(written(tmp_path / "photos.zip", {"a.jpg": b"x"}), NotABackup)
    refused(written(tmp_path / "strange.zip", {"manifest.json": b'{"format": "other"}'}), NotABackup)


def test_a_member_is_missing_or_too_many(good: Path, tmp_path: Path, refused: Refused) -> None:
    members = members_of(good)
    less = {name: data for name, data in members.items() if name != "tables/plan.jsonl"}
    assert "tables/plan.jsonl (thiếu)" in refused(written(tmp_path / "less.zip", less), BackupDamaged)
    more = members | {"extra.txt": b"x"}
    assert "extra.txt" in refused(written(tmp_path / "more.zip", more), BackupDamaged)


@pytest.mark.parametrize(
    "name",
    ["../evil.eml", "outbox/../../evil.eml", "/etc/evil", "outbox/..", "outbox\\..\\evil", "other/evil.eml",
     "outbox/.x", "dondoc.toml", "outbox//a", "outbox/a\n"],
)  # fmt: skip
def test_no_file_leaves_its_folder(good: Path, tmp_path: Path, refused: Refused, name: str) -> None:
    data, members = b"evil", members_of(good)
    entry = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    hidden = changed(members, lambda said: said["files"].update({name: entry}))
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(written(path, hidden), "a") as file:
        file.writestr(zipfile.ZipInfo(name), data)
    refused(path, BackupDamaged)
    assert not safe_file(name)
    assert not list(tmp_path.parent.rglob("evil.eml"))


def test_a_bomb_does_not_unpack(good: Path, tmp_path: Path, refused: Refused) -> None:
    """A table that unpacks to more than the manifest says is left alone before it is read."""
    members = members_of(good)
    path = written(tmp_path / "bomb.zip", members | {"tables/notice.jsonl": b" " * 30_000_000})
    assert "tables/notice.jsonl" in refused(path, BackupDamaged)
    assert path.stat().st_size < 300_000


def test_a_bomb_that_says_what_it_is_does_not_fill_the_disk(
    good: Path, tmp_path: Path, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.backup.load.free_space", lambda _folder: 1_000)
    engine = stores.without_tables("sqlite")
    with pytest.raises(NoRoom, match="ổ đĩa chỉ còn 0 MB"):
        restore(engine, good, home=tmp_path, now=NOW, actor="test")
    assert inspect(engine).get_table_names() == []


def test_the_same_name_twice(good: Path, tmp_path: Path, refused: Refused) -> None:
    path = written(tmp_path / "twice.zip", members_of(good))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as file:
        file.writestr("tables/plan.jsonl", b"")
    assert "tables/plan.jsonl" in refused(path, BackupDamaged)


def test_a_table_of_another_length_than_said(good: Path, tmp_path: Path, refused: Refused) -> None:
    members = members_of(good)
    lines = members["tables/contact.jsonl"].splitlines(keepends=True)
    path = written(tmp_path / "short.zip", with_table(members, "contact", b"".join(lines[1:]), rows=len(lines)))
    assert "tables/contact.jsonl" in refused(path, BackupDamaged)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda row: row.pop("name"), "columns"),
        (lambda row: row.update(more=1), "columns"),
        (lambda row: row.update(active=1), "active"),
        (lambda row: row.update(id=True), "id"),
        (lambda row: row.update(name=7), "name"),
    ],
)
def test_a_row_that_is_none_is_named_by_its_line(
    good: Path, tmp_path: Path, refused: Refused, change: Callable[[dict[str, Any]], object], what: str
) -> None:
    members = members_of(good)
    rows = [json.loads(line) for line in members["tables/contact.jsonl"].splitlines()]
    change(rows[1])
    data = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    said = refused(written(tmp_path / "row.zip", with_table(members, "contact", data)), BackupDamaged)
    assert f"tables/contact.jsonl, dòng 2 ({what})" in said


@pytest.mark.parametrize("value", ["2024-13-01", "yesterday", "2024-03-20T12:15:00"])
def test_a_moment_that_is_none(good: Path, tmp_path: Path, refused: Refused, value: str) -> None:
    members = members_of(good)
    rows = [json.loads(line) for line in members["tables/plan.jsonl"].splitlines()]
    rows[0]["changed_at"] = value
    data = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    said = refused(written(tmp_path / "row.zip", with_table(members, "plan", data)), BackupDamaged)
    assert "tables/plan.jsonl, dòng 1 (changed_at)" in said


def test_rows_that_the_database_refuses(good: Path, tmp_path: Path, refused: Refused) -> None:
    members = members_of(good)
    for table, spoil in (("contact", {"id": 1}), ("occurrence", {"agency_id": "khong.co"})):
        rows = [json.loads(line) | spoil for line in members[f"tables/{table}.jsonl"].splitlines()]
        data = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
        said = refused(written(tmp_path / f"{table}.zip", with_table(members, table, data)), BackupDamaged)
        assert f"tables/{table}.jsonl" in said


def test_a_table_that_no_release_had(good: Path, tmp_path: Path, refused: Refused) -> None:
    members = members_of(good)
    entry = {"rows": 0, "bytes": 0, "sha256": hashlib.sha256(b"").hexdigest(), "columns": {"id": "integer"}}
    strange = changed(members | {"tables/sqlite_master.jsonl": b""}, lambda m: m["tables"].update(sqlite_master=entry))
    assert "tables/sqlite_master.jsonl" in refused(written(tmp_path / "strange.zip", strange), BackupDamaged)


def test_another_chain_than_the_manifest_says(good: Path, tmp_path: Path, refused: Refused) -> None:
    """Rows taken off the end of the trail together with their seals."""
    members = members_of(good)
    for table in ("audit_seal", "audit_event"):
        lines = members[f"tables/{table}.jsonl"].splitlines(keepends=True)
        members = with_table(members, table, b"".join(lines[:-1]))
    said = refused(written(tmp_path / "shorter.zip", members), BackupDamaged)
    assert "tables/audit_seal.jsonl (chain)" in said


def test_from_a_newer_dondoc(good: Path, tmp_path: Path, refused: Refused) -> None:
    members = members_of(good)
    for name, change in (("format", {"format_version": 2}), ("schema", {"schema": "0999"})):
        newer = changed(members, lambda said, change=change: said.update(change, dondoc="9.9"))  # type: ignore[misc]
        said = refused(written(tmp_path / f"{name}.zip", newer), BackupTooNew)
        assert "do dondoc 9.9 tạo ra, mới hơn bản đang dùng" in said


@pytest.mark.parametrize(
    "change",
    [
        {"made_at": "2024-03-20"}, {"made_at": 7}, {"schema": None}, {"tables": []}, {"files": {"outbox/a.eml": 1}},
        {"chain": {"place": "1"}}, {"format_version": "1"}, {"tables": {"../x": {}}},
    ],
)  # fmt: skip
def test_a_manifest_that_makes_no_sense(good: Path, tmp_path: Path, refused: Refused, change: dict[str, Any]) -> None:
    path = written(tmp_path / "x.zip", changed(members_of(good), lambda said: said.update(change)))
    assert "manifest.json" in refused(path, BackupDamaged)
