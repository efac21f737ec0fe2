"""A register of 0.1.0 has a trail without seals: the migration seals what is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, func, select

from app.database import _config, migrate
from tasks import trail
from tasks.database import make_engine, reading, writing
from tasks.seal_check import verify
from tasks.tables import audit_event, audit_seal
from tests.support import DATABASES, at

ROWS = 1103  # more than two batches of the migration


@pytest.fixture(params=DATABASES)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A register as the first version built it."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'old.db'}"
        if request.param == "postgresql":
            url = stack.enter_context(request.getfixturevalue("postgresql").copied())
        made = make_engine(url)
        stack.callback(made.dispose)
        with writing(made) as c:
            command.upgrade(_config(c), "0001")
        yield made


def test_the_trail_of_an_older_register_is_sealed_in_the_order_of_its_rows(old: Engine) -> None:
    rows = [
        {
            "at": at("2024-03-12 12:00"),
            "actor": "cán bộ",
            "kind": "x",
            "data": {"n": n, "tỷ lệ": n / 7},
            "sample": n % 10 == 3,
        }
        for n in range(ROWS)
    ]
    with writing(old) as c:
        c.execute(audit_event.insert(), rows)
    migrate(old)
    with reading(old) as c:
        real = c.execute(select(audit_event.c.id).where(audit_event.c.sample.is_(False)).order_by(audit_event.c.id))
        sealed = c.execute(select(audit_seal.c.event_id).order_by(audit_seal.c.place))
        assert real.scalars().all() == sealed.scalars().all()
        verdict = verify(c)
    assert verdict.intact
    assert verdict.rows == sum(n % 10 != 3 for n in range(ROWS))
    with writing(old) as c:
        trail.write(c, [trail.Entry("later")], now=at("2024-03-13 12:00"))
    with reading(old) as c:
        assert verify(c).intact


def test_a_register_without_a_trail_begins_an_empty_chain(old: Engine) -> None:
    migrate(old)
    with reading(old) as c:
        assert c.execute(select(func.count()).select_from(audit_seal)).scalar_one() == 0
        assert verify(c).intact
