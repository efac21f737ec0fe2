"""The audit trail only grows; the database itself refuses anything else."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from tasks import trail
from tasks.database import writing
from tasks.model import State
from tasks.tables import audit_event
from tests.support import Valley, at


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
