"""What does it cost that every row of the trail is sealed, and how long does checking all of it take?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from benchmarks import world
from benchmarks.context import Bench, timed
from benchmarks.databases import register, settle
from benchmarks.figures import Figure
from tasks import trail
from tasks.database import BATCH, reading, writing
from tasks.seal_check import verify
from tasks.tables import audit_event

TITLE = "The audit trail: sealing every row, and `dondoc audit verify`"
HOW = (
    "The same rows are written to two registers in turns: as dondoc writes them, with the chain of hashes, and "
    "plainly. Once in transactions of 500, as a sweep does; once one row to a transaction, as an officer does. Then "
    "the whole chain is computed anew."
)
_NOW = world.at("2024-06-03 07:30")
_BODIES = world.body_ids(1, 500)
_SINGLE = 200  # transactions of one row, a round

Write = Callable[[Connection, Sequence[trail.Entry]], None]


def measure(bench: Bench) -> Iterator[Figure]:
    each = max(bench.size.trail // bench.size.rounds, 1)
    single = min(_SINGLE, each)
    sealed: list[float] = []
    plain: list[float] = []
    sealed_one: list[float] = []
    plain_one: list[float] = []
    with ExitStack() as stack:
        ours, other = (stack.enter_context(register(bench.database)) for _register in range(2))
        for _turn in range(bench.size.rounds):
            sealed.append(_rate(ours, _sealed, each, BATCH))
            plain.append(_rate(other, _plain, each, BATCH))
            sealed_one.append(1000 / _rate(ours, _sealed, single, 1))
            plain_one.append(1000 / _rate(other, _plain, single, 1))
            bench.say(f"{sealed[-1]:,.0f} rows/s sealed, {plain[-1]:,.0f} plain")
        settle(ours)
        rows, checks = _verified(ours, bench)
    yield Figure("sealed", "written with seals, 500 to a transaction", "rows/s", tuple(sealed))
    yield Figure("plain", "written without", "rows/s", tuple(plain))
    yield Figure("slower", "what the seals cost", "times", tuple(b / a for a, b in zip(sealed, plain, strict=True)))
    yield Figure("sealed_one", "a transaction of one row, sealed", "ms", tuple(sealed_one))
    yield Figure("plain_one", "a transaction of one row, plain", "ms", tuple(plain_one))
    yield Figure("verify", f"`audit verify` of {rows:,} rows", "s", checks)
    yield Figure("verify_rate", "rows checked", "rows/s", tuple(rows / seconds for seconds in checks))


def _rate(engine: Engine, write: Write, count: int, batch: int) -> float:
    """Rows a second, written and committed."""
    batches = [[_entry(number) for number in range(at, min(at + batch, count))] for at in range(0, count, batch)]
    with timed() as watch:
        for entries in batches:
            with writing(engine) as connection:
                write(connection, entries)
    return count / watch.seconds


def _entry(number: int) -> trail.Entry:
    body = _BODIES[number % len(_BODIES)]
    data = {"last_day": world.day("2024-05-31"), "deadline": _NOW, "noticed_at": _NOW, "number": f"{number}/BC"}
    return trail.Entry("missed", world.plan_id(1), f"{world.plan_id(1)}/viec-1/{body}/2024-05", body, data)


def _sealed(connection: Connection, entries: Sequence[trail.Entry]) -> None:
    trail.write(connection, list(entries), now=_NOW)


def _plain(connection: Connection, entries: Sequence[trail.Entry]) -> None:
    """The same rows by the same statement, and nothing after it."""
    rows = [
        {
            "at": _NOW,
            "actor": trail.SYSTEM,
            "kind": entry.kind,
            "plan_id": entry.plan_id,
            "occurrence_id": entry.occurrence_id,
            "agency_id": entry.agency_id,
            "data": trail.plain(entry.data),
            "sample": False,
        }
        for entry in entries
    ]
    connection.execute(audit_event.insert().returning(audit_event.c.id, audit_event.c.sample), rows).all()


def _verified(engine: Engine, bench: Bench) -> tuple[int, tuple[float, ...]]:
    """How many rows, and the seconds of each check."""
    seconds, rows = [], 0
    for _turn in range(min(bench.size.rounds, 3)):
        with reading(engine) as connection, timed() as watch:
            verdict = verify(connection)
        if not verdict.intact or not verdict.rows:
            raise RuntimeError(f"{verdict}")
        rows = verdict.rows
        seconds.append(watch.seconds)
    bench.say(f"{rows:,} rows checked in {seconds[-1]:.1f} s")
    return rows, tuple(seconds)
