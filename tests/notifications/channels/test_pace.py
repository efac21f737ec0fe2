"""The pace of a server: so many messages in any 60 seconds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.pace import Pace


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0
        self.waited: list[float] = []

    def __call__(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_without_a_pace_nobody_waits(clock: Clock) -> None:
    pace = Pace(0, clock=clock, pause=clock.pause)
    for _ in range(1000):
        pace.wait()
    assert clock.waited == []


def test_the_first_ones_go_at_once_and_the_next_waits_for_the_minute(clock: Clock) -> None:
    pace = Pace(3, clock=clock, pause=clock.pause)
    for seconds in (0, 10, 20):
        clock.now = 1000.0 + seconds
        pace.wait()
    assert clock.waited == []
    pace.wait()
    assert clock.waited == [40.0]
    pace.wait()
    assert clock.waited == [40.0, 10.0]


def test_after_a_pause_a_few_go_at_once_again(clock: Clock) -> None:
    pace = Pace(2, clock=clock, pause=clock.pause)
    pace.wait()
    pace.wait()
    clock.now += 60.0
    pace.wait()
    pace.wait()
    assert clock.waited == []


def test_a_pause_that_ends_early_is_taken_up_again(clock: Clock) -> None:
    def early(seconds: float) -> None:
        clock.pause(min(seconds, 25.0))

    pace = Pace(1, clock=clock, pause=early)
    pace.wait()
    pace.wait()
    assert clock.waited == [25.0, 25.0, 10.0]


@given(st.integers(1, 5), st.lists(st.floats(0, 90), max_size=40))
def test_no_minute_ever_sees_more(per_minute: int, gaps: list[float]) -> None:
    clock = Clock()
    pace = Pace(per_minute, clock=clock, pause=clock.pause)
    given_at = []
    for gap in gaps:
        clock.now += gap
        pace.wait()
        given_at.append(clock.now)
    for first, later in zip(given_at, given_at[per_minute:], strict=False):
        assert later - first >= 60.0 - 1e-6
