"""Documents, their bytes and what was decided on them are part of every backup, on either database."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.backup.dump import back_up
from app.backup.load import restore
from app.database import migrate
from app.filestore import FileStore
from app.reading import upload
from tasks import readings
from tasks.agencies import save_agencies
from tasks.database import reading as looking
from tasks.database import writing
from tasks.reading_store import listed, load, source
from tests.app.reading.papers import BODIES, LEAD, PAPER
from tests.app.stores import BOTH_WAYS, Stores, stores
from tests.support import at

__all__ = ["stores"]

NOW = at("2023-10-05 09:00")


@pytest.mark.parametrize(("kept_on", "target"), [BOTH_WAYS[0], BOTH_WAYS[-1]])
def test_a_document_comes_back_with_its_bytes_and_decisions(
    stores: Stores, tmp_path: Path, kept_on: str, target: str
) -> None:
    engine, home, other_home = stores.without_tables(kept_on), tmp_path / "home", tmp_path / "other"
    for folder in (home, other_home):
        folder.mkdir()
    migrate(engine)
    with writing(engine) as connection:
        save_agencies(connection, BODIES)
    upload(engine, FileStore(home), PAPER.encode(), "kh.txt", lead=LEAD, now=NOW, actor="alice")
    with writing(engine) as connection:
        readings.ignore(connection, 1, [1], "không phải việc", seen=1, now=NOW, actor="alice")
    with looking(engine) as connection:
        before = load(connection, 1)
        document = source(connection, before.document_id)
    made = back_up(engine, tmp_path / "copy.zip", home=home, now=NOW)
    copy = stores.without_tables(target)
    restore(copy, made.path, home=other_home, now=NOW, actor="test")
    with looking(copy) as connection:
        assert load(connection, 1) == before
        assert source(connection, before.document_id) == document
        assert [line.decided for line in listed(connection, [LEAD])] == [1]
    assert FileStore(other_home).path(document.hash).read_bytes() == PAPER.encode()
