"""A register restored from a copy three days old: nobody is written to twice, nobody gets more than one digest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from app import resuming
from app.backup.archive import Archive
from app.backup.dump import back_up
from app.backup.load import fill, restore
from app.bootstrap import Dondoc
from app.database import migrate
from app.settings import Settings
from notifications.channels.base import Letter
from notifications.tables import message, notice
from tasks.database import reading, writing
from tests.app.stores import Stores, stores
from tests.support import DATABASES, at

__all__ = ["stores"]

BACKED_UP = at("2024-12-16 12:15")  # a Monday; its morning was cut off by a power cut
RESTORED = at("2024-12-19 09:00")
RESUMED = at("2024-12-20 08:00")
WAYS = [(source, next((kind for kind in DATABASES if kind != source), source)) for source in DATABASES]


@dataclass
class Recorder:
    letters: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)


def installation(engine: Engine, home: Path) -> tuple[Dondoc, Recorder]:
    post = Recorder()
    return Dondoc(Settings(home=home), engine, {"email": post, "url": post}), post


def morning(dondoc: Dondoc, now: datetime) -> None:
    for hours in (0, 1):
        dondoc.advance(now=now + timedelta(hours=hours))
        dondoc.compose(now=now + timedelta(hours=hours))
        dondoc.deliver(now=now + timedelta(hours=hours))


@pytest.mark.parametrize(("source", "target"), WAYS)
def test_three_days_after_a_copy_of_a_year(stores: Stores, tmp_path: Path, source: str, target: str) -> None:
    engine, copy = year(stores, tmp_path, source), stores.without_tables(target)
    first, post = installation(engine, tmp_path)
    made = back_up(engine, tmp_path / "copy.zip", home=tmp_path, now=BACKED_UP)
    with reading(engine) as connection:
        at_copy = {row.message_id: row for row in connection.execute(select(message))}
    on_their_way = {key for key, row in at_copy.items() if row.status in ("queued", "sending", "unknown")}
    assert len(on_their_way) > 5
    for day in (17, 18, 19):
        morning(first, at(f"2024-12-{day} 07:30"))
    assert len(post.letters) > 10, "the lost days had mail"

    restore(copy, made.path, home=tmp_path, now=RESTORED, actor="test")
    second, post = installation(copy, tmp_path)
    for now in (RESTORED, RESTORED + timedelta(hours=3), at("2024-12-20 07:30")):
        morning(second, now)
    assert post.letters == [], "held until a person has looked"
    halt = second.standstill(now=RESUMED)
    assert halt is not None
    ahead = resuming.outlook(second, halt, now=RESUMED)
    assert post.letters == []

    resuming.resume(second, now=RESUMED, actor="test")
    morning(second, RESUMED)
    assert len(post.letters) > 3, "what is still open is told of"
    assert not {letter.message_id for letter in post.letters} & at_copy.keys(), "nothing of before goes out again"
    with reading(copy) as connection:
        kinds = {row.message_id: row.kind for row in connection.execute(select(message))}
        states = {row.message_id: row.status for row in connection.execute(select(message))}
        waiting = connection.execute(select(notice).where(notice.c.status == "queued")).all()
    digests = Counter(letter.address for letter in post.letters if kinds[letter.message_id] == "digest")
    assert set(digests.values()) == {1}, "at most one digest for each person"
    assert len({letter.message_id for letter in post.letters}) == len(post.letters) == sum(ahead.messages.values())
    assert {states[key] for key in on_their_way} == {"unknown"}
    assert waiting == []

    before = len(post.letters)
    morning(second, RESUMED + timedelta(hours=4))
    assert len(post.letters) == before
    morning(second, at("2024-12-23 07:30"))
    again = post.letters[before:]
    assert (
        max(Counter(letter.address for letter in again if kinds_of(copy)[letter.message_id] == "digest").values()) == 1
    )
    assert not {letter.message_id for letter in again} & at_copy.keys()


def kinds_of(engine: Engine) -> dict[str, str]:
    with reading(engine) as connection:
        return {row.message_id: row.kind for row in connection.execute(select(message.c.message_id, message.c.kind))}


def year(stores: Stores, tmp_path: Path, kind: str) -> Engine:
    """A year of data on that database, in the middle of a morning that was cut off."""
    engine = stores.of_release("0001")
    migrate(engine)
    if kind == "sqlite":
        return engine
    path = back_up(engine, tmp_path / "year.zip", home=tmp_path, now=BACKED_UP).path
    copy = stores.without_tables(kind)
    with Archive(path) as archive, writing(copy) as connection:
        fill(connection, archive)
    return copy
