"""The audit trail only grows; the database itself refuses anything else."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Delete, Update, delete, text, update
from sqlalchemy.exc import DBAPIError

from tasks import trail
from tasks.database import reading, writing
from tasks.model import State
from tasks.seal_check import verify
from tasks.tables import audit_event, audit_seal
from tests.support import Valley, at

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def written(valley: Valley) -> Valley:
    with writing(valley.engine) as c:
        entries = [trail.Entry("real", "p"), trail.Entry("invented", "mau", sample=True)]
        trail.write(c, entries, now=at("2024-01-15 08:00"), actor="test")
    return valley


def test_no_row_can_be_changed(written: Valley) -> None:
    for kind in ("real", "invented"):
        with pytest.raises(DBAPIError, match="append-only"), writing(written.engine) as c:
            c.execute(update(audit_event).where(audit_event.c.kind == kind).values(actor="somebody else"))
    assert {row.actor for row in written.events()} == {"test"}


def test_no_row_can_be_deleted_but_the_sample_s(written: Valley) -> None:
    with pytest.raises(DBAPIError, match="append-only"), writing(written.engine) as c:
        c.execute(delete(audit_event))
    assert len(written.events()) == 2
    with writing(written.engine) as c:
        c.execute(delete(audit_event).where(audit_event.c.sample.is_(True)))
    assert [row.kind for row in written.events()] == ["real"]


@pytest.mark.parametrize("statement", [update(audit_seal).values(hash="0" * 64), delete(audit_seal)])
def test_no_seal_can_be_changed_or_deleted(written: Valley, statement: Update | Delete) -> None:
    with pytest.raises(DBAPIError, match="append-only"), writing(written.engine) as c:
        c.execute(statement)
    with reading(written.engine) as c:
        assert verify(c).rows == 1


def test_whole_tables_cannot_be_emptied(written: Valley) -> None:
    """SQLite's DELETE without a condition asks the triggers; PostgreSQL has a statement of its own."""
    for table in ("audit_seal", "audit_event", "audit_event, audit_seal"):
        word = "TRUNCATE" if written.engine.dialect.name == "postgresql" else "DELETE FROM"
        with pytest.raises(DBAPIError), writing(written.engine) as c:
            c.execute(text(f"{word} {table}"))
    with reading(written.engine) as c:
        assert verify(c).rows == 1


def test_no_code_purges_the_trail() -> None:
    """Only the sample's rows are taken out, at two places; what else the code says of these tables adds rows."""
    changing = re.compile(r"\b(?:delete|update)\((?:\w+\.)?(audit_event|audit_seal)\)|\b(?:DELETE FROM|UPDATE|TRUNCATE"
                          r"(?: TABLE)?|DROP TABLE) +(audit_event|audit_seal)\b")  # fmt: skip
    found = []
    for package in ("plans", "tasks", "notifications", "app", "flows", "cli"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for line in path.read_text(encoding="utf-8").splitlines():
                if changing.search(line):
                    found.append((path.relative_to(ROOT).as_posix(), line.strip()))
    assert found == [
        (
            "tasks/intake.py",
            "connection.execute(delete(audit_event).where(audit_event.c.plan_id == plan_id, "
            "audit_event.c.sample.is_(True)))",
        ),
        ("app/sample.py", "connection.execute(delete(audit_event).where(known))"),
    ]


def test_numbers_are_never_used_again(written: Valley) -> None:
    """So a gap at the end shows that something was there."""
    last = written.events()[-1].id
    with writing(written.engine) as c:
        c.execute(delete(audit_event).where(audit_event.c.sample.is_(True)))
        trail.write(c, [trail.Entry("later")], now=at("2024-01-15 09:00"))
    assert written.events()[-1].id > last


def test_values_are_kept_in_json_s_own_types(written: Valley) -> None:
    data = {"day": date(2024, 3, 1), "state": State.OPEN, "many": (1, {"x": date(2024, 3, 2)})}
    with writing(written.engine) as c:
        trail.write(c, [trail.Entry("data", data=data)], now=at("2024-01-15 09:00"))
    assert written.events("data")[0].data == {"day": "2024-03-01", "state": "open", "many": [1, {"x": "2024-03-02"}]}
