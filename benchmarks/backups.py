"""How long does a backup of a big register take, and bringing it back?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, func, select

from app.backup.check import check
from app.backup.dump import back_up
from app.backup.load import restore
from benchmarks import world
from benchmarks.context import Bench, timed
from benchmarks.copies import copy_plan
from benchmarks.databases import register, settle
from benchmarks.figures import Figure
from notifications import planner
from tasks import trail
from tasks.database import BATCH, make_engine, reading, writing
from tasks.tables import occurrence

TITLE = "Backup of a big register, and bringing it back"
HOW = (
    "A register of many plans with their occurrences, rungs and a sealed trail goes into one file, which is read back "
    "and compared as `dondoc backup` does, and from there into an empty database as `dondoc restore` does it: "
    "compared, filled in one transaction, migrated, its chain checked."
)
_NUMBER = 9000
_EARLIER = tuple(world.at(f"{day} 07:30") for day in ("2023-12-21", "2024-03-08"))
_NOW = world.at("2024-03-08 12:15")
_RULES = (world.MONTHLY, world.QUARTERLY, *[world.YEARLY] * 4)


def measure(bench: Bench) -> Iterator[Figure]:
    home, target = bench.folder / "home", bench.folder / "dondoc.zip"
    home.mkdir(exist_ok=True)
    target.unlink(missing_ok=True)
    with register(bench.database) as engine:
        occurrences = _fill(engine, bench.size.kept, bench.size.trail)
        settle(engine)
        bench.say(f"{occurrences:,} occurrences stand in the register")
        with timed() as saving:
            made = back_up(engine, target, home=home, now=_NOW)
    rows, size = made.manifest.rows, made.bytes
    bench.say(f"{rows:,} rows in {saving.seconds:.1f} s, {size / 1e6:.1f} MB")
    with timed() as checking:
        check(target)
    restoring = _restored(bench, target, home, rows)
    yield Figure("backup", f"`backup` of {occurrences:,} occurrences, {rows:,} rows in all", "s", (saving.seconds,))
    yield Figure("backup_rate", "rows written and read back", "rows/s", (rows / saving.seconds,))
    yield Figure("bytes", "the file", "MB", (size / 1e6,))
    yield Figure("check", "`backup --check` of it", "s", (checking.seconds,))
    yield Figure("restore", "`restore` of it", "s", (restoring,))
    yield Figure("restore_rate", "rows restored", "rows/s", (rows / restoring,))


def _restored(bench: Bench, source: Path, home: Path, rows: int) -> float:
    address = bench.database.address()
    engine = make_engine(address)
    try:
        with timed() as watch:
            done = restore(engine, source, home=home, now=_NOW, actor="bench")
        if not done.chain.intact or done.manifest.rows != rows:
            raise RuntimeError(f"{done}")
    finally:
        engine.dispose()
        bench.database.forget(address)
    bench.say(f"restored in {watch.seconds:.1f} s")
    return watch.seconds


def _fill(engine: Engine, wanted: int, rows: int) -> int:
    """A plan of many bodies followed since its start, copies of it, and a trail. Returns the occurrences."""
    each = sum(rule.a_year for rule in _RULES)
    bodies = max(min(100, wanted // (each * 2)), 1)
    with writing(engine) as connection:
        world.bring_in(connection, world.plan_text(_NUMBER, bodies=bodies, rules=_RULES), now=_EARLIER[0])
    for now in _EARLIER:
        planner.advance(engine, now=now)
    copy_plan(engine, _NUMBER, max(wanted // (each * bodies) - 1, 0))
    for start in range(0, rows, BATCH):
        entries = [_entry(number) for number in range(start, min(start + BATCH, rows))]
        with writing(engine) as connection:
            trail.write(connection, entries, now=_NOW)
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(occurrence)).scalar_one()


def _entry(number: int) -> trail.Entry:
    data = {"received": world.day("2024-03-07"), "number": f"{number}/BC-STC"}
    return trail.Entry("recorded", world.plan_id(_NUMBER), None, f"{world.unit_id(_NUMBER)}.cong-an-tinh", data)
