"""A first start brings the shipped plans in once, and goes on where it was interrupted."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from app import firststart, sample
from app.bootstrap import Dondoc
from app.firststart import first_start
from app.sample import SAMPLE, remove_plan
from app.settings import Settings
from notifications.channels.folder import FolderChannel
from plans.shipped import SHIPPED_PLANS
from tasks.database import reading
from tasks.tables import occurrence
from tasks.tables import plan as plan_table
from tests.support import at

NOW = at("2026-11-20 10:00")


@pytest.fixture
def dondoc(engine: Engine, dondoc_home: Path) -> Dondoc:
    settings = Settings(home=dondoc_home)
    return Dondoc(settings, engine, {"email": FolderChannel(settings.outbox_folder)})


def _plans(dondoc: Dondoc) -> dict[str, tuple[str, int]]:
    with reading(dondoc.engine) as c:
        made = dict(c.execute(select(occurrence.c.plan_id, func.count()).group_by(occurrence.c.plan_id)).tuples().all())
        return {row.id: (row.status, made.get(row.id, 0)) for row in c.execute(select(plan_table))}


def test_the_five_plans_are_followed_and_each_is_said(dondoc: Dondoc) -> None:
    said = first_start(dondoc, now=NOW, sample=False)
    found = _plans(dondoc)
    assert set(found) == set(SHIPPED_PLANS)
    assert all(status == "active" and made > 0 for status, made in found.values())
    assert len(said) == 5
    assert all(any(plan in line for line in said) for plan in SHIPPED_PLANS)


def test_a_second_start_does_nothing(dondoc: Dondoc) -> None:
    first_start(dondoc, now=NOW, sample=False)
    before = _plans(dondoc)
    assert first_start(dondoc, now=NOW) == []
    assert _plans(dondoc) == before


def test_a_plan_that_was_taken_out_does_not_come_back(dondoc: Dondoc) -> None:
    first_start(dondoc, now=NOW)
    assert SAMPLE in _plans(dondoc)
    remove_plan(dondoc, SAMPLE, now=NOW, actor="test")
    assert first_start(dondoc, now=NOW) == []
    assert SAMPLE not in _plans(dondoc)


class Interrupted(BaseException):
    """The power went."""


def test_interrupted_between_two_plans_it_goes_on(dondoc: Dondoc, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = firststart._bring_in

    def until_the_third(made: Dondoc, plan_id: str, now: object) -> str:
        if plan_id == SHIPPED_PLANS[2]:
            raise Interrupted
        return whole(made, plan_id, now)  # type: ignore[arg-type]

    monkeypatch.setattr(firststart, "_bring_in", until_the_third)
    with pytest.raises(Interrupted):
        first_start(dondoc, now=NOW, sample=False)
    assert set(_plans(dondoc)) == set(SHIPPED_PLANS[:2])
    monkeypatch.undo()
    assert len(first_start(dondoc, now=NOW, sample=False)) == 3
    assert set(_plans(dondoc)) == set(SHIPPED_PLANS)


def test_interrupted_in_the_middle_of_the_sample_s_history_it_is_played_anew(
    dondoc: Dondoc, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, days = sample._record_day, iter(range(20))

    def twenty_days(*args: object) -> None:
        if next(days, None) is None:
            raise Interrupted
        whole(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(firststart, "SHIPPED_PLANS", ())
    monkeypatch.setattr(sample, "_record_day", twenty_days)
    with pytest.raises(Interrupted):
        first_start(dondoc, now=NOW)
    monkeypatch.setattr(sample, "_record_day", whole)
    assert len(first_start(dondoc, now=NOW)) == 1
    with reading(dondoc.engine) as c:
        came = select(func.count()).select_from(occurrence).where(occurrence.c.received_on.is_not(None))
        assert c.execute(came).scalar_one() > 5
