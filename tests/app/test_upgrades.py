"""The registers of earlier releases (tests/fixtures) come to the newest version and go on, on both databases."""

from __future__ import annotations

import json
import lzma
from collections import Counter
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from app.backup.archive import Archive
from app.backup.dump import write
from app.backup.load import fill, restore
from app.board import Board
from app.database import SchemaUnknown, current_revision, migrate, newest_revision
from notifications import composer, delivery, planner
from notifications.channels.base import Letter
from notifications.tables import message, message_notice, notice
from plans.calendar import local_day
from tasks import audit
from tasks.database import reading, writing
from tasks.listing import due_rows
from tasks.seal_check import verify
from tasks.tables import audit_event, audit_seal
from tasks.trail import plain
from tests.app.stores import FIXTURES, Stores, content, stores
from tests.support import DATABASES

__all__ = ["stores"]

RELEASES = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())
EACH = [(release, kind) for release in RELEASES for kind in DATABASES]
Expected = dict[str, Any]


class Quiet:
    """Takes every letter."""

    def send(self, letter: Letter) -> None:
        """Nothing is sent anywhere."""


@cache
def expected(release: str) -> Expected:
    """What the release itself said of its register."""
    said: Expected = json.loads(lzma.decompress((FIXTURES / release / "expected.json.xz").read_bytes()))
    return said


@pytest.fixture
def old(request: pytest.FixtureRequest, stores: Stores, tmp_path: Path) -> Engine:
    """The register as that release left it, on that database."""
    release, kind = request.param
    engine = stores.of_release(release)
    if kind == "sqlite":
        return engine
    at = datetime.fromisoformat(expected(release)["at"])
    path = write(engine, tmp_path / f"{release}.zip", home=tmp_path, now=at).path
    copy = stores.without_tables(kind)
    with Archive(path) as archive, writing(copy) as connection:
        fill(connection, archive)
    return copy


each_old = pytest.mark.parametrize(("old", "release"), [(one, one[0]) for one in EACH], indirect=["old"])


def revision_of(engine: Engine) -> str | None:
    with reading(engine) as connection:
        return current_revision(connection)


@each_old
def test_nothing_is_lost_or_changed_by_the_migration(old: Engine, release: str) -> None:
    assert revision_of(old) == release
    before = content(old)
    migrate(old)
    assert revision_of(old) == newest_revision()
    after = content(old)
    for table, rows in before.items():
        kept = [{name: row[name] for name in rows[0]} for row in after[table]] if rows else []
        assert kept == rows, table


@each_old
def test_the_trail_is_sealed_and_the_seals_are_right(old: Engine, release: str) -> None:
    migrate(old)
    with reading(old) as connection:
        found = verify(connection)
        real = select(func.count()).select_from(audit_event).where(audit_event.c.sample.is_(False))
        assert found.intact
        assert found.rows == connection.execute(real).scalar_one() > 500
        assert connection.execute(select(func.count()).select_from(audit_seal)).scalar_one() == found.rows


@each_old
def test_the_lists_say_what_they_said_before(old: Engine, release: str) -> None:
    """Due, missed, rates and the board. A field that a later release adds may be there."""
    migrate(old)
    wanted, board = expected(release), Board(old)
    now = datetime.fromisoformat(wanted["at"])
    with reading(old) as connection:
        due = [asdict(row) for row in due_rows(connection, now=now)]
        found = audit.report(connection, now=now, include_sample=True)
    same(due, wanted["due"])
    same([asdict(line) for line in found.missed], wanted["missed"])
    same([asdict(line) | {"due": line.due} for line in found.rates], wanted["rates"])
    assert {head.id for head in board.active_plans()} == wanted["board"].keys()
    for plan_id, rows in wanted["board"].items():
        same([asdict(row) for row in board.plan_table(plan_id, now=now)], rows)


_RENAMED = {"Miễn kỳ này": "Được miễn kỳ này"}  # a status does not read like the button that sets it


def same(found: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> None:
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        said = {name: _RENAMED.get(value, value) if isinstance(value, str) else value for name, value in other.items()}
        assert {name: value for name, value in plain(one).items() if name in other} == said


def go_on(engine: Engine, now: datetime, days: int) -> None:
    """Every morning of an office in which nobody does anything."""
    for number in range(days + 1):
        at = now + timedelta(days=number)
        planner.advance(engine, now=at)
        composer.compose(engine, now=at)
        for hours in (0, 1):
            delivery.deliver(engine, {"email": Quiet(), "url": Quiet()}, now=at + timedelta(hours=hours))


def sent_after(engine: Engine, known: set[int]) -> Counter[tuple[str, str, str]]:
    """Day, kind and address of what was sent and had not been before."""
    chosen = select(message).where(message.c.status == "sent").order_by(message.c.id)
    with reading(engine) as connection:
        rows = connection.execute(chosen).all()
    return Counter(
        (local_day(row.settled_at).isoformat(), row.kind, row.address) for row in rows if row.id not in known
    )


@each_old
def test_it_goes_on_as_the_release_itself_would_have(old: Engine, release: str) -> None:
    """Thirty days in which nobody does anything: the same messages to the same people on the same days."""
    migrate(old)
    wanted = expected(release)
    now = datetime.fromisoformat(wanted["at"])
    with reading(old) as connection:
        known = set(connection.execute(select(message.c.id).where(message.c.status == "sent")).scalars())
        told = notices_of(connection)
    go_on(old, now, 30)
    later = Counter((day, kind, address) for day, kind, address, _key, _subject in wanted["afterwards"])
    assert sent_after(old, known) == later
    with reading(old) as connection:
        after = notices_of(connection)
        assert all(after[key] == carried for key, carried in told.items()), "nothing that was composed is composed anew"
        assert verify(connection).intact


def notices_of(connection: Any) -> dict[int, set[tuple[str, str]]]:
    """Who was told of each notice that had been composed, by messages that were not dropped."""
    joined = (
        select(notice.c.id, message.c.address, message.c.key)
        .join(message_notice, message_notice.c.notice_id == notice.c.id)
        .join(message, message.c.id == message_notice.c.message_id)
        .where(notice.c.status == "composed", message.c.status.in_(("sent", "failed", "unknown")))
    )
    found: dict[int, set[tuple[str, str]]] = {}
    for row in connection.execute(joined):
        found.setdefault(row.id, set()).add((row.address, row.key))
    return found


@pytest.mark.parametrize(("release", "kind"), EACH)
def test_a_backup_of_an_earlier_release_is_restored(stores: Stores, tmp_path: Path, release: str, kind: str) -> None:
    """At its own revision, and then migrated."""
    engine, copy = stores.of_release(release), stores.without_tables(kind)
    now = datetime.fromisoformat(expected(release)["at"])
    made = write(engine, tmp_path / "old.zip", home=tmp_path, now=now)
    assert made.manifest.schema == release
    done = restore(copy, made.path, home=tmp_path, now=now, actor="test")
    assert done.chain.intact
    assert revision_of(copy) == newest_revision()
    migrate(engine)
    left_out = ("message", "audit_event", "audit_seal", "setting")
    assert content(copy, *left_out) == content(engine, *left_out)


@pytest.mark.parametrize("kind", DATABASES)
def test_a_register_of_a_newer_release_is_refused_and_left_alone(stores: Stores, kind: str) -> None:
    engine = stores.without_tables(kind)
    migrate(engine)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0999'")
    before = content(engine)
    with pytest.raises(SchemaUnknown, match="mới hơn"):
        migrate(engine)
    assert revision_of(engine) == "0999"
    assert content(engine) == before
