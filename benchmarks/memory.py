"""Does a sweep need more memory where more exists, or where more is due? Each in a process of its own.

python -m benchmarks.memory ADDRESS MOMENT      prints what that process needed at most, in bytes
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Engine, func, select, update

from app.database import migrate
from benchmarks import world
from benchmarks.context import Bench
from benchmarks.copies import copy_plan
from benchmarks.databases import settle
from benchmarks.figures import Bar, Figure
from benchmarks.machine import ROOT
from notifications import composer, planner
from tasks.database import make_engine, reading, writing
from tasks.tables import duty, occurrence

TITLE = "Memory of a sweep"
HOW = (
    "A process of its own runs `advance` and `compose` on a register and tells its largest resident size. First: the "
    "same rows due among few and among a hundred times as many. Second: fifty times as many rows due, which are worked "
    "through in batches of 500."
)
MORNING = world.at("2024-06-03 07:30")
_NUMBER = 9000
_DAY = world.day("2024-06-10")
_RULES = (world.MONTHLY, world.QUARTERLY, *[world.YEARLY] * 4)
_EACH = 20  # occurrences a year of these rules
_MUCH = 1.15  # "the same" for a process of a hundred megabytes: what its garbage leaves differs from run to run


def measure(bench: Bench) -> Iterator[Figure]:
    few, many = bench.size.occurrences
    less, more = bench.size.batches
    [small] = _peaks(bench, few, less)
    large, busy = _peaks(bench, many, less, more)
    yield Figure("few", f"{less:,} due of {few:,} occurrences", "MB", (small / 2**20,))
    yield Figure("many", f"{less:,} due of {many:,}", "MB", (large / 2**20,))
    yield Figure("ratio", "the second against the first", "times", (large / small,), Bar(_MUCH))
    yield Figure("busy", f"{more:,} due of {many:,}", "MB", (busy / 2**20,))
    yield Figure("busy_ratio", "the third against the first", "times", (busy / small,))


def _peaks(bench: Bench, exists: int, *amounts: int) -> list[int]:
    """What a process needs at most with so many occurrences there and that many due; one after the other."""
    address = bench.database.address()
    engine = make_engine(address)
    found = []
    try:
        migrate(engine)
        _fill(engine, exists)
        for due in amounts:
            _make_due(engine, due)
            settle(engine)
            command = [sys.executable, "-m", "benchmarks.memory", address, MORNING.isoformat()]
            said = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
            found.append(int(said.stdout))
            bench.say(f"{due:,} due of {exists:,}: {found[-1] / 2**20:.0f} MB")
    finally:
        engine.dispose()
        bench.database.forget(address)
    return found


def _fill(engine: Engine, exists: int) -> None:
    bodies = max(min(100, exists // (_EACH * 2)), 1)
    start = world.at("2023-12-21 08:00")
    with writing(engine) as connection:
        world.bring_in(connection, world.plan_text(_NUMBER, bodies=bodies, rules=_RULES), now=start)
    planner.advance(engine, now=start)
    copy_plan(engine, _NUMBER, max(exists // (_EACH * bodies) - 1, 0))
    later = {"next_check_at": world.at("2024-09-03 07:30")}
    with writing(engine) as connection:
        connection.execute(update(duty).values(later))
        connection.execute(update(occurrence).values(later))


def _make_due(engine: Engine, due: int) -> None:
    """So many rows, and no others."""
    with writing(engine) as connection:
        chosen = select(occurrence.c.id).order_by(occurrence.c.id).limit(due)
        connection.execute(update(occurrence).where(occurrence.c.id.in_(chosen)).values(next_check_at=MORNING))
    with reading(engine) as connection:
        found = select(func.count()).select_from(occurrence).where(occurrence.c.next_check_at <= MORNING)
        if connection.execute(found).scalar_one() != due:
            raise RuntimeError("not as many occurrences are due as should be")


def peak_bytes() -> int:
    """The largest resident size of this process so far. Linux counts in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main(address: str, moment: str) -> None:
    engine = make_engine(address)
    planner.advance(engine, now=datetime.fromisoformat(moment))
    composer.compose(engine, now=datetime.fromisoformat(moment))
    engine.dispose()
    sys.stdout.write(f"{peak_bytes()}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
