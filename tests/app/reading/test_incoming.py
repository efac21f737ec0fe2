"""Uploaded files on their way to be read: none is lost with a restart, none stays longer than needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.reading.incoming import FOLDER, Incoming
from tests.support import at

NOON, LATER = at("2024-03-11 12:00"), at("2024-03-11 12:05")


def test_what_waits_is_there_for_the_next_process_the_oldest_first(tmp_path: Path) -> None:
    folder = Incoming(tmp_path)
    second = folder.put(b"hai", "2.pdf", lead="an-son.cong-an-tinh", actor="alice", at=LATER)
    first = folder.put(b"mot", "../kế hoạch.pdf", lead="an-son.cong-an-tinh", actor="bob", at=NOON)
    counted = folder.begun(first)
    assert counted.tries == 1
    again = Incoming(tmp_path)
    assert again.waiting() == [counted, second]
    assert again.data(first.key) == b"mot"
    assert {path.parent.name for path in tmp_path.rglob("*") if path.is_file()} == {FOLDER}, "no name is ever a path"


def test_what_was_read_is_gone(tmp_path: Path) -> None:
    folder = Incoming(tmp_path)
    folder.drop(folder.put(b"x", "x.txt", lead="a.b", actor="alice", at=NOON).key)
    assert folder.waiting() == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_nobody_else_may_look_into_it(tmp_path: Path) -> None:
    folder = Incoming(tmp_path)
    folder.put(b"x", "x.txt", lead="a.b", actor="alice", at=NOON)
    modes = {path.stat().st_mode & 0o077 for path in (tmp_path / FOLDER, *(tmp_path / FOLDER).iterdir())}
    assert modes == {0}


def test_half_an_upload_and_a_damaged_note_are_passed_over(tmp_path: Path) -> None:
    folder = Incoming(tmp_path)
    kept = folder.put(b"x", "x.txt", lead="a.b", actor="alice", at=NOON)
    half = tmp_path / FOLDER / f"{'h' * 43}.data"
    half.write_bytes(b"half")
    (tmp_path / FOLDER / f"{'d' * 43}.json").write_text("{")
    (tmp_path / FOLDER / f"{'e' * 43}.json").write_text('{"key": "../../x", "at": "2024-03-11"}')
    assert folder.waiting() == [kept]
    folder.sweep()
    assert not half.exists()
    assert folder.waiting() == [kept]


@pytest.mark.parametrize("key", ["", "../x", "a" * 42, "a" * 44, "/" + "a" * 42])
def test_nothing_but_a_key_reaches_a_file(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        Incoming(tmp_path).data(key)
