"""After any series of changes the register equals a naive computation that looks at everything at every step."""

from __future__ import annotations

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.postgresql import Databases
from tests.properties.oracle import ZONE, local
from tests.properties.world import CONTACTS, VERSIONS, World
from tests.support import Registers, connected, opened

LAST = datetime(2024, 12, 1, tzinfo=ZONE)

TICKS = ("advance", "run", "run", "run", "deliver", "run_broken")
MOVES = (
    "record", "record", "claim", "accept", "give_back", "give_back", "extend", "promise", "hold", "waive", "transfer",
    "correct", "undo", "reopen", "press", "calendar", "reading", "revise", "revise", "end_body", "contact_added",
    "contact_removed", "leave", "leave", "come_back", "stop", "activate",
)  # fmt: skip

gaps = st.sampled_from((0, 0, 7, 45, 180, 600, 1440, 1440, 2 * 1440, 3 * 1440 + 350, 5 * 1440, 9 * 1440, 33 * 1440))
small = st.integers(0, 59)
steps = st.lists(
    st.one_of(
        st.tuples(gaps, st.sampled_from(TICKS), small, small),
        st.tuples(gaps, st.sampled_from(MOVES), small, small),
    ),
    min_size=16,
    max_size=28,
)
starts = st.sampled_from(
    (
        datetime(2024, 3, 20, 8, 15, tzinfo=ZONE),
        datetime(2024, 4, 18, 9, 0, tzinfo=ZONE),  # a holiday
        datetime(2024, 4, 26, 16, 50, tzinfo=ZONE),  # before a long weekend with a swapped Saturday
        datetime(2024, 5, 4, 7, 30, tzinfo=ZONE),  # the working Saturday
        datetime(2024, 5, 18, 22, 0, tzinfo=ZONE),
    )
)


histories = given(
    start=starts,
    shift=st.sampled_from((-20, -3, 0, 0, 0, 4)),
    version=st.integers(0, len(VERSIONS) - 1),
    contacts=st.integers(0, 2 ** len(CONTACTS) - 1),
    done=steps,
)
# No shrinking: it takes minutes for such a history.
SETTINGS = settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
Done = list[tuple[int, str, int, int]]


@histories
@SETTINGS
def test_the_register_equals_the_naive_computation(
    blank_sqlite: Path, start: datetime, shift: int, version: int, contacts: int, done: Done
) -> None:
    with tempfile.TemporaryDirectory() as folder, opened(blank_sqlite, Path(folder) / "register.db") as engine:
        _equals(engine, start, shift, version, contacts, done)


@histories
@settings(SETTINGS, max_examples=12)  # the rules were proved above; this is for what PostgreSQL does otherwise
def test_the_register_equals_the_naive_computation_on_postgresql(
    postgresql: Databases, start: datetime, shift: int, version: int, contacts: int, done: Done
) -> None:
    with connected(postgresql) as engine:
        _equals(engine, start, shift, version, contacts, done)


def _equals(engine: Engine, start: datetime, shift: int, version: int, contacts: int, done: Done) -> None:
    begins = max(local(start) + timedelta(days=shift), date(2024, 1, 15))
    world = World(engine, start=start, active_from=begins, version=version, contacts=contacts)
    for gap, what, a, b in done:
        world.now = min(world.now + timedelta(minutes=gap), LAST)
        _do(world, what, a, b)
        world.compare()
    _drain(world)
    world.one_digest_a_day()


def _do(world: World, what: str, a: int, b: int) -> None:
    match what:
        case "advance":
            world.advance()
        case "run":
            world.run()
        case "run_broken":
            world.run(broken=True)
        case "deliver":
            world.deliver()
        case "stop":
            if b > 40:
                world.stop()
        case "activate":
            if not world.naive.active or b > 40:
                world.activate(a, b)
        case _:
            getattr(world, what)(a, b)


def _drain(world: World) -> None:
    """With an address for everybody and some working mornings, nothing is left waiting and nothing was lost."""
    for number in range(len(CONTACTS)):
        world.contact_added(number)
    latest = max([o.muted_until for o in world.naive.occs.values() if o.muted_until] + [local(world.now)])
    day = latest
    for _morning in range(3):
        day = world.naive.days.on(day + timedelta(days=1))
        world.now = datetime.combine(day, datetime.min.time(), tzinfo=ZONE).replace(hour=7, minute=30)
        world.run()
        world.compare()
    assert world.pending() == []
    assert [mail for mail in world.naive.mails if mail.status == "queued"] == []


# Histories that once went wrong, or that chance comes upon too seldom. Occurrences by their place in the sorted list.
FINANCE_YEAR, FINANCE_ONCE, LEADS_OWN = 1, 12, 13
Told = list[tuple[str, str, int, int]]
HISTORIES: dict[str, Told] = {
    "a day off moves a reminder before the day on which the register would have looked": [
        ("2024-04-24 08:00", "run", 0, 0), ("2024-04-24 08:10", "calendar", 1, 4), ("2024-04-25 07:30", "run", 0, 0),
    ],
    "a promise ends between two rungs": [
        ("2024-04-24 09:00", "promise", FINANCE_ONCE, 2), ("2024-04-26 07:30", "run", 0, 0),
        ("2024-04-27 10:00", "run", 0, 0), ("2024-05-02 07:30", "run", 0, 0),
    ],
    "a returned paper is claimed to have been sent again": [
        ("2024-05-03 09:00", "record", FINANCE_ONCE, 4), ("2024-05-06 09:00", "give_back", FINANCE_ONCE, 0),
        ("2024-05-06 10:00", "run", 0, 0), ("2024-05-07 10:00", "claim", FINANCE_ONCE, 0),
        *((f"2024-05-{day:02d} 07:30", "run", 0, 0) for day in range(8, 26)),
    ],
    "a return is announced although the reading changes the same minute": [
        ("2024-05-03 09:00", "record", FINANCE_ONCE, 4), ("2024-05-06 17:40", "give_back", FINANCE_ONCE, 0),
        ("2024-05-06 17:41", "advance", 0, 0), ("2024-05-06 17:42", "reading", 1, 0), ("2024-05-07 07:30", "run", 0, 0),
    ],
    "a digest that nobody took waits for the next composing": [
        ("2024-04-26 17:20", "run_broken", 0, 0), ("2024-05-02 07:20", "deliver", 0, 0),
        ("2024-05-02 07:30", "run", 0, 0),
    ],
    "what is done between composing and sending is not said": [
        ("2024-04-26 07:30", "run_broken", 0, 0), ("2024-04-26 07:35", "waive", FINANCE_ONCE, 0),
        ("2024-04-26 07:40", "deliver", 0, 0),
    ],
    "what waits for an address outlives two silent revisions": [
        ("2024-04-01 08:00", "contact_removed", 0, 0), ("2024-04-01 08:01", "contact_removed", 1, 0),
        ("2024-05-02 07:30", "run", 0, 0), ("2024-05-02 08:00", "reading", 1, 0), ("2024-05-02 08:10", "run", 0, 0),
        ("2024-05-02 08:20", "reading", 0, 0), ("2024-05-02 08:30", "run", 0, 0),
    ],
    "what waits for an officer who goes away is told to the stand-in, and to the officer after coming back": [
        ("2024-05-14 08:00", "run_broken", 0, 0), ("2024-05-14 08:10", "leave", 8, 0),
        ("2024-05-14 08:20", "deliver", 0, 0), ("2024-05-15 07:30", "run", 0, 0), ("2024-05-17 07:30", "run", 0, 0),
        ("2024-05-17 08:00", "come_back", 0, 0), ("2024-05-20 07:30", "run", 0, 0), ("2024-05-20 08:00", "leave", 3, 1),
        ("2024-05-21 07:30", "run", 0, 0), ("2024-05-21 09:00", "contact_removed", 6, 0),
        ("2024-05-22 07:30", "run", 0, 0), ("2024-05-22 09:00", "contact_added", 6, 0),
        ("2024-05-23 07:30", "run", 0, 0),
    ],
    "the lead's own report is pressed, extended and handed over": [
        ("2024-05-20 09:00", "press", LEADS_OWN, 0), ("2024-05-20 09:10", "run", 0, 0),
        ("2024-05-21 09:00", "extend", LEADS_OWN, 9), ("2024-05-21 09:10", "run", 0, 0),
        ("2024-05-22 09:00", "transfer", LEADS_OWN, 0), ("2024-05-22 09:10", "run", 0, 0),
        ("2024-06-13 07:30", "run", 0, 0),
    ],
    "an extension into the past is missed anew": [
        ("2024-05-30 08:00", "run", 0, 0), ("2024-05-30 09:00", "extend", FINANCE_YEAR, 5),
        ("2024-06-03 08:00", "run", 0, 0), ("2024-06-24 08:00", "run", 0, 0),
    ],
    "a duty leaves the plan and comes back": [
        ("2024-04-15 09:00", "revise", 0, 2), ("2024-04-15 09:10", "run", 0, 0), ("2024-05-02 09:00", "revise", 0, 0),
        ("2024-05-09 07:30", "run", 0, 0), ("2024-05-15 07:30", "run", 0, 0),
    ],
    "a timely paper typed in after the agency was told off": [
        ("2024-05-08 07:30", "run", 0, 0), ("2024-05-10 09:00", "record", FINANCE_ONCE, 7),
        ("2024-05-10 09:10", "run", 0, 0),
        ("2024-05-13 09:00", "give_back", FINANCE_ONCE, 0), ("2024-05-13 09:10", "correct", FINANCE_ONCE, 9),
        ("2024-05-13 09:20", "run", 0, 0),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", HISTORIES)
def test_told_histories_equal_the_naive_computation(registers: Registers, name: str) -> None:
    with registers() as engine:
        start = datetime(2024, 3, 20, 8, 15, tzinfo=ZONE)
        world = World(engine, start=start, active_from=date(2024, 3, 20), version=0, contacts=2**9 - 1)
        for moment, what, a, b in HISTORIES[name]:
            world.now = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
            _do(world, what, a, b)
            world.compare()
        _drain(world)
        world.one_digest_a_day()


def test_left_alone_for_half_a_year_everything_ends_told(registers: Registers) -> None:
    with registers() as engine:
        _half_a_year(engine, 0)


@pytest.mark.parametrize("version", [4, 5])
def test_other_plans_left_alone_end_told_too(blank_sqlite: Path, tmp_path: Path, version: int) -> None:
    with opened(blank_sqlite, tmp_path / "register.db") as engine:
        _half_a_year(engine, version)


def _half_a_year(engine: Engine, version: int) -> None:
    start = datetime(2024, 3, 20, 8, 15, tzinfo=ZONE)
    world = World(engine, start=start, active_from=date(2024, 3, 20), version=version, contacts=2**9 - 1)
    for hours in range(0, 133 * 24, 23):
        world.now = start + timedelta(hours=hours)
        world.run()
        if hours % 5 == 0:
            world.compare()
    _drain(world)
    world.one_digest_a_day()
    assert {line.rung for line in world.naive.ledger if line.status == "composed"} == {
        "assigned", "before-7", "before-1", "due", "check", "overdue-1", "lead", "overdue-2", "head-1", "head-2"
    }  # fmt: skip
