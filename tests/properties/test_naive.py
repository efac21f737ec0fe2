"""After any series of changes the register equals a naive computation that looks at everything at every step."""

from __future__ import annotations

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.properties.oracle import ZONE, local
from tests.properties.world import CONTACTS, VERSIONS, World
from tests.support import opened

LAST = datetime(2024, 12, 1, tzinfo=ZONE)

TICKS = ("advance", "run", "run", "run", "deliver", "run_broken")
MOVES = (
    "record", "record", "claim", "accept", "give_back", "give_back", "extend", "promise", "hold", "waive", "transfer",
    "correct", "undo", "reopen", "press", "calendar", "reading", "revise", "revise", "end_body", "contact_added",
    "contact_removed", "stop",
)  # fmt: skip

gaps = st.sampled_from((0, 0, 7, 45, 180, 600, 1440, 1440, 2 * 1440, 3 * 1440 + 350, 5 * 1440, 9 * 1440, 33 * 1440))
small = st.integers(0, 59)
steps = st.lists(
    st.one_of(
        st.tuples(gaps, st.sampled_from(TICKS), small, small),
        st.tuples(gaps, st.sampled_from(MOVES), small, small),
    ),
    min_size=4,
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


@given(
    start=starts,
    shift=st.sampled_from((-20, -3, 0, 0, 0, 4)),
    version=st.integers(0, len(VERSIONS) - 1),
    contacts=st.integers(0, 2 ** len(CONTACTS) - 1),
    done=steps,
)
@settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking such a history takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_the_register_equals_the_naive_computation(
    blank_sqlite: Path, start: datetime, shift: int, version: int, contacts: int, done: list[tuple[int, str, int, int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder, opened(blank_sqlite, Path(folder) / "register.db") as engine:
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
            if b > 50:
                world.stop()
        case _:
            if world.naive.active:  # what was withdrawn is left alone
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


@pytest.mark.parametrize("version", [0, 4, 5])
def test_left_alone_for_half_a_year_everything_ends_told(blank_sqlite: Path, tmp_path: Path, version: int) -> None:
    with opened(blank_sqlite, tmp_path / "register.db") as engine:
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
