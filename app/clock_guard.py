"""Does the clock make sense? Asked before anything is done that cannot be taken back.

``advance`` under a clock two years ahead would record hundreds of misses for ever, and a morning's messages would
tell of them. So the last moment at which work was done stands in ``pulse``; a clock that is more than sixty days
away from it, in either direction, has to be confirmed by a person. Up to there nothing is needed: what was not done
while the machine was off is made good, and a clock put back sends nothing twice (the ledger is unique).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from plans.calendar import local_day, local_time
from plans.text import _, day_text
from tasks import pulse, trail
from tasks.database import reading, writing

PULSE = "clock"
FARTHEST = timedelta(days=60)  # a longer step is asked about
SLIGHT = timedelta(minutes=5)  # machines of one installation may differ by so much; also how often it is written down


@dataclass(frozen=True, slots=True)
class Jump:
    """The clock says ``now``, the last work was done at ``seen``."""

    seen: datetime
    now: datetime

    @property
    def forward(self) -> bool:
        return self.now > self.seen

    @property
    def text(self) -> str:
        """What is the matter, with both moments."""
        if self.forward:
            said = _(
                "Đồng hồ máy chỉ {now}, lần làm việc gần nhất là {seen}: cách nhau {n} ngày. Máy đã tắt lâu, hoặc "
                "ngày giờ của máy sai."
            )
        else:
            said = _(
                "Đồng hồ máy chỉ {now}, chậm {n} ngày so với lần làm việc gần nhất ({seen}). Ngày giờ của máy sai."
            )
        return said.format(now=moment_text(self.now), seen=moment_text(self.seen), n=abs(self.now - self.seen).days)


def moment_text(at: datetime) -> str:
    """``07:30 09/12/2024`` on the Vietnamese clock."""
    return f"{local_time(at):%H:%M} {day_text(local_day(at))}"


def jump(connection: Connection, *, now: datetime) -> Jump | None:
    """The step of the clock that a person has to confirm first; None where work goes on, as at a first start."""
    seen = pulse.last(connection, PULSE)
    if seen is None or abs(now - seen.at) <= FARTHEST:
        return None
    return Jump(seen.at, now)


def behind(connection: Connection, *, now: datetime) -> timedelta:
    """How far the clock is behind the last work; zero where it is not, or only slightly."""
    seen = pulse.last(connection, PULSE)
    back = seen.at - now if seen else timedelta(0)
    return back if back > SLIGHT else timedelta(0)


def see(engine: Engine, *, now: datetime) -> None:
    """Writes down that work was done at that moment; never backwards, and not for every few seconds."""
    with reading(engine) as connection:
        seen = pulse.last(connection, PULSE)
    if seen is None or now - seen.at >= SLIGHT:
        with writing(engine) as connection:
            pulse.beat(connection, PULSE, now=now)


def confirm(connection: Connection, *, now: datetime, actor: str) -> Jump | None:
    """A person says that the clock is right, whatever was seen before. Returns what was confirmed."""
    confirmed = jump(connection, now=now)
    back = behind(connection, now=now)
    if confirmed is None and not back:
        return None
    seen = pulse.last(connection, PULSE)
    assert seen is not None  # noqa: S101 - there was something to confirm
    pulse.beat(connection, PULSE, now=now)
    trail.write(connection, [trail.Entry("clock_confirmed", data={"seen": seen.at, "now": now})], now=now, actor=actor)
    return Jump(seen.at, now)
