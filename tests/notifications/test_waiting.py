"""What waits for whom, and how it is split into batches."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Row, event, select

from benchmarks import world
from notifications import composer, contacts, planner, waiting
from notifications.contacts import Contact, ContactRole
from notifications.gather import Gatherer
from notifications.tables import notice, waits_as
from notifications.waiting import Pair, Person, groups
from tasks.database import make_engine, reading, writing


def pairs(*told: tuple[int, str, str]) -> list[Pair]:
    """Notice, plan and address."""
    return [Pair(n, plan, Person("email", who), who, ContactRole.AGENCY) for n, plan, who in told]


def numbers(batch: Iterable[Pair]) -> list[int]:
    return [pair.notice_id for pair in batch]


def test_batches_are_filled_plan_by_plan() -> None:
    batches = list(groups(pairs(*((n, f"kh-{n % 4}", f"{n}@x.vn") for n in range(800)))))
    assert [{pair.plan_id for pair in batch} for batch in batches] == [{"kh-0"}, {"kh-1"}, {"kh-2"}, {"kh-3"}]
    assert sorted(n for batch in batches for n in numbers(batch)) == list(range(800))


def test_all_that_a_person_is_told_stays_in_one_batch_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PEOPLE_PER_BATCH", 1)
    told = pairs((1, "kh-b", "one@x.vn"), (2, "kh-a", "two@x.vn"), (3, "kh-a", "one@x.vn"), (4, "kh-c", "two@x.vn"))
    assert [numbers(batch) for batch in groups(told)] == [[2, 4], [1, 3]]


def test_persons_who_share_a_notice_stay_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PEOPLE_PER_BATCH", 1)
    told = pairs((1, "kh-b", "one@x.vn"), (1, "kh-b", "two@x.vn"), (2, "kh-a", "two@x.vn"), (3, "kh-a", "three@x.vn"))
    assert [numbers(batch) for batch in groups(told)] == [[3], [1, 1, 2]]


@pytest.mark.parametrize("units", [1, 6])
def test_a_morning_of_many_provinces_asks_the_register_no_more_for_each_of_them(engine: Engine, units: int) -> None:
    """Six provinces in one batch: what they need is read together, but for the unit whose officer is named."""
    bring_in(engine, units)
    now = world.at("2024-06-03 07:30")
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
    assert planner.advance(engine, now=now).queued == 2 * units
    advancing = len(asked)
    assert composer.compose(engine, now=now) == 2 * units
    tables = [statement.partition("FROM ")[2].split()[0] for statement in asked if statement.startswith("SELECT")]
    assert advancing <= 20  # 17; one query more of each province would be 22
    assert len(asked) - advancing - tables.count("contact") <= 30


def bring_in(engine: Engine, units: int) -> None:
    for number in range(1, units + 1):
        with writing(engine) as connection:
            text = world.plan_text(number, bodies=2, rules=[world.once(world.day("2024-06-10"))])
            world.bring_in(connection, text, now=world.at("2024-05-20 07:30"))
    planner.advance(engine, now=world.at("2024-05-31 07:30"))
    world.all_told(engine)
    world.give_addresses(engine, range(1, units + 1), 2)


def test_whether_an_officer_answers_is_looked_up_for_the_bodies_that_have_the_address(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sender asks it for every ten messages: the contacts of a whole country must not be read for it."""
    bring_in(engine, 3)
    looked_at: list[str] = []

    def contact_from(row: Row[Any]) -> Contact:
        looked_at.append(row.agency_id)
        return real(row)

    real = contacts.contact_from
    monkeypatch.setattr(contacts, "contact_from", contact_from)
    lead = f"{world.unit_id(2)}.cong-an-tinh"
    with reading(engine) as connection:
        gatherer = Gatherer(connection, now=world.at("2024-06-03 07:30"))
        name = lead.replace(".", "-")
        assert gatherer.answers(f"officer@{name}.example")
        assert not gatherer.answers(f"head@{name}.example")
        assert not gatherer.answers("nobody@example.vn")
    assert set(looked_at) == {lead}


def test_what_waits_is_found_by_its_index(blank_sqlite: Path) -> None:
    """SQLite uses an index of some rows only where it reads the very condition of it in the statement."""
    register = make_engine(f"sqlite:///{blank_sqlite}")
    with reading(register) as connection:
        asked: list[tuple[str, Any]] = []
        event.listen(register, "before_cursor_execute", lambda *arguments: asked.append(arguments[2:4]))
        for status in ("queued", "no_contact"):
            connection.execute(select(notice.c.id).where(waits_as(status)))
        for statement, parameters in asked[:]:
            [plan] = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            assert "ix_notice_waiting" in plan.detail
    register.dispose()
