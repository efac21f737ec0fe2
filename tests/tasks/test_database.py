"""Moments, transactions, and several writers at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import StatementError

from notifications import composer, planner
from tasks import trail
from tasks.database import insert_new, reading, writing
from tasks.errors import RegisterError
from tasks.tables import calendar_day, setting
from tests.support import ANSWERABLE, Valley, at

SOFIA = timezone(timedelta(hours=2))


def test_a_naive_moment_is_refused(valley: Valley) -> None:
    with pytest.raises(StatementError, match="naive"), writing(valley.engine) as c:
        trail.write(c, [trail.Entry("x")], now=datetime(2024, 1, 1, 8, 0))  # noqa: DTZ001


def test_moments_come_back_as_aware_utc_whatever_zone_they_had(valley: Valley) -> None:
    with writing(valley.engine) as c:
        trail.write(c, [trail.Entry("x")], now=datetime(2024, 1, 1, 8, 0, tzinfo=SOFIA))
    [row] = valley.events("x")
    assert row.at == datetime(2024, 1, 1, 6, 0, tzinfo=UTC)
    assert row.at.tzinfo is UTC


def test_a_failed_transaction_leaves_nothing(engine: Engine) -> None:
    def half_way() -> None:
        with writing(engine) as c:
            insert_new(c, setting, [{"scope": "", "name": "a", "value": 1}])
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        half_way()
    with reading(engine) as c:
        assert c.execute(select(setting)).all() == []


def test_a_second_insert_does_nothing_and_says_so(engine: Engine) -> None:
    rows = [{"day": date(2024, 1, n), "working": True, "name": "x"} for n in (1, 2, 3)]
    with writing(engine) as c:
        assert insert_new(c, calendar_day, rows[:2]) == 2
        assert insert_new(c, calendar_day, [{**row, "name": "y"} for row in rows]) == 1
        assert insert_new(c, calendar_day, []) == 0
    with reading(engine) as c:
        assert [row.name for row in c.execute(select(calendar_day).order_by(calendar_day.c.day))] == ["x", "x", "y"]


def test_six_writers_at_once_lose_nothing(engine: Engine) -> None:
    with writing(engine) as c:
        c.execute(setting.insert().values(scope="", name="count", value=0))

    def add(_number: int) -> None:
        for _round in range(20):
            with writing(engine) as c:
                value = c.execute(select(setting.c.value).with_for_update()).scalar_one()
                c.execute(update(setting).values(value=value + 1))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add, range(6)))
    with reading(engine) as c:
        assert c.execute(select(setting.c.value)).scalar_one() == 120


def test_six_officers_at_once_make_one_move_and_five_are_refused(valley: Valley) -> None:
    valley.follow().go("2024-03-12 09:00")

    def waive(_number: int) -> bool:
        try:
            valley.waive(ANSWERABLE)
        except RegisterError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(waive, range(6))) == 1
    assert len(valley.events("waive")) == 1


def test_six_processes_of_dondoc_at_once_queue_and_compose_everything_once(valley: Valley) -> None:
    valley.follow().run("2024-02-01 08:10")
    now = at("2024-03-08 07:30")

    def work(_number: int) -> None:
        planner.advance(valley.engine, now=now)
        composer.compose(valley.engine, now=now)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert [row.rung for row in valley.ledger(ANSWERABLE)] == ["before-7"]
    keys = [row.key for row in valley.messages() if row.local_day == date(2024, 3, 8)]
    assert len(keys) == len(set(keys)) == 4
