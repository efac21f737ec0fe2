"""Rows at the speed of the driver: the same values as SQLAlchemy would store."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import DataError

from plans.calendar import ZONE
from tasks.bulk import insert_rows
from tasks.database import insert_new, reading, writing
from tasks.tables import agency, audit_event, pulse

HERE = datetime(2024, 3, 1, 7, 30, tzinfo=ZONE)
ROW: dict[str, Any] = {"name": "một", "at": HERE, "data": {"lời": ["ấ", 1, None], "day": None}}


def bodies(*ids: str, **changed: Any) -> list[dict[str, Any]]:
    return [{"id": key, "name": key, "until": date(2025, 2, 28), "document": {}, **changed} for key in ids]


def test_values_come_back_as_sqlalchemy_itself_would_have_stored_them(engine: Engine) -> None:
    with writing(engine) as c:
        c.execute(pulse.insert(), [ROW])
        theirs = c.execute(select(pulse)).one()
        c.execute(delete(pulse))
        assert insert_rows(c, pulse, [ROW]) == 1
        ours = c.execute(select(pulse)).one()
    assert ours == theirs
    assert ours.at == datetime(2024, 3, 1, 0, 30, tzinfo=UTC)


def test_what_is_left_out_is_null_and_numbers_are_given(engine: Engine) -> None:
    row = {"at": HERE, "actor": "t", "kind": "k", "data": {}, "sample": True}
    with writing(engine) as c:
        insert_rows(c, audit_event, [row, {**row, "kind": "l"}])
        found = c.execute(select(audit_event).order_by(audit_event.c.id)).all()
    assert [each.kind for each in found] == ["k", "l"]
    assert found[0].id < found[1].id
    assert found[0].plan_id is None


ODD = (
    "",
    " ",
    "NULL",
    "null",
    '"',
    "\\",
    '\\"',
    "{a,b}",
    "a,b",
    "'",
    "%s %(x)s :x ?",
    "một\r\nhai\tba",
    "🙂",
    " viền ",
)


def test_no_text_is_taken_for_anything_but_itself(engine: Engine) -> None:
    rows = [{"id": f"a.{n}", "name": text, "until": None, "document": {text: [text]}} for n, text in enumerate(ODD)]
    with writing(engine) as c:
        assert insert_rows(c, agency, rows) == len(ODD)
        found = {row.id: row for row in c.execute(select(agency))}
    assert [found[row["id"]].name for row in rows] == list(ODD)
    assert [found[row["id"]].document for row in rows] == [{text: [text]} for text in ODD]
    assert {row.until for row in found.values()} == {None}


def test_a_text_too_long_for_its_column_is_refused_and_not_cut(engine: Engine) -> None:
    with writing(engine) as c:
        if engine.dialect.name == "sqlite":  # knows no lengths
            assert insert_rows(c, agency, bodies("a" * 131)) == 1
        else:
            with pytest.raises(DataError, match="too long"), c.begin_nested():
                insert_rows(c, agency, bodies("a" * 131))
        assert {len(key) for key in c.execute(select(agency.c.id)).scalars()} <= {131}


def test_rows_are_numbered_in_their_order(engine: Engine) -> None:
    row = {"at": HERE, "actor": "t", "data": {}, "sample": False}
    with writing(engine) as c:
        insert_rows(c, audit_event, [{**row, "kind": f"k{n}"} for n in range(500)])
        kinds = c.execute(select(audit_event.c.kind).order_by(audit_event.c.id)).scalars().all()
    assert kinds == [f"k{n}" for n in range(500)]


def test_only_what_is_new_is_counted(engine: Engine) -> None:
    with writing(engine) as c:
        assert insert_new(c, agency, bodies("a.x", "a.y")) == 2
        assert insert_new(c, agency, bodies("a.y", "a.z", name="khác")) == 1
        assert insert_new(c, agency, bodies("a.y")) == 0
    with reading(engine) as c:
        names = {row.id: row.name for row in c.execute(select(agency))}
    assert names == {"a.x": "a.x", "a.y": "a.y", "a.z": "khác"}


def test_more_rows_than_a_batch_are_all_counted(engine: Engine) -> None:
    with writing(engine) as c:
        assert insert_new(c, agency, bodies(*(f"a.{n}" for n in range(1203)))) == 1203
        assert insert_new(c, agency, bodies(*(f"a.{n}" for n in range(1000, 1301)))) == 98


def test_rows_that_differ_in_their_columns_are_refused(engine: Engine) -> None:
    with writing(engine) as c:
        with pytest.raises(ValueError, match="differ"):
            insert_rows(c, agency, [*bodies("a.x"), {"id": "a.y"}])
        with pytest.raises(ValueError, match="has no unknown"):
            insert_rows(c, agency, bodies("a.x", unknown=1))
        with pytest.raises(KeyError):
            insert_rows(c, agency, [*bodies("a.x"), {"id": "a.y", "name": "y", "until": None, "other": {}}])


def test_a_moment_without_a_zone_is_refused(engine: Engine) -> None:
    with writing(engine) as c, pytest.raises(ValueError, match="naive"):
        insert_rows(c, pulse, [{**ROW, "at": datetime(2024, 3, 1)}])  # noqa: DTZ001
