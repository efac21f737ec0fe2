"""What every benchmark is given: where to measure, how much, and somebody to tell how far it is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.databases import Database
from tasks import agencies

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Size:
    """How much of each thing. The bars hold for FULL; the others show that a benchmark still runs."""

    name: str
    rounds: int
    due: int  # rows of which `advance` has to take notice
    occurrences: tuple[int, int]  # few and many
    plans: int  # to be materialised, fifteen duties each
    units: int  # of a morning
    bodies: int  # each of them has: units * bodies digests
    batches: tuple[int, int]  # due rows of the two sweeps whose memory is compared
    letters: int  # handed over by us and by smtplib
    apprise: int  # handed over by a fresh Apprise object each
    deployments: int
    runs: int  # flow runs of a real worker
    trail: int  # rows of the audit trail
    kept: int  # occurrences of the register that is backed up

    @property
    def digests(self) -> int:
        return self.units * self.bodies


FULL = Size("full", 5, 1000, (10_000, 1_000_000), 1000, 34, 300, (1000, 50_000), 2000, 60, 200, 10, 100_000, 200_000)
QUICK = Size("quick", 3, 200, (2000, 100_000), 100, 5, 100, (500, 5000), 300, 20, 30, 3, 5000, 10_000)
TINY = Size("tiny", 1, 20, (40, 400), 3, 1, 3, (20, 60), 5, 1, 2, 1, 50, 80)
SIZES = {size.name: size for size in (FULL, QUICK, TINY)}


@dataclass(frozen=True, slots=True)
class Bench:
    """One subject's surroundings. ``folder`` is on the disk that is being measured, and is emptied afterwards."""

    database: Database
    size: Size
    folder: Path
    say: Say = field(default=lambda text: None)


@dataclass(slots=True)
class Watch:
    """Seconds by the clock and of this process's own work."""

    seconds: float = 0.0
    cpu: float = 0.0


@contextmanager
def timed() -> Iterator[Watch]:
    watch = Watch()
    began, worked = time.perf_counter(), time.process_time()
    try:
        yield watch
    finally:
        watch.seconds = time.perf_counter() - began
        watch.cpu = time.process_time() - worked


def progress(text: str) -> None:
    """A line of progress, with the time of day, so that a run in the background can be followed."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stderr.flush()


def as_a_new_process() -> None:
    """Every flow run is a process of its own, which has read no plan yet."""
    agencies._PLANS.clear()
