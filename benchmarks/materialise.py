"""How fast are the occurrences of a new year made?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import Engine, delete, func, select, update

from benchmarks import world
from benchmarks.context import Bench, as_a_new_process, timed
from benchmarks.copies import copy_plan
from benchmarks.databases import SQLITE, register, settle
from benchmarks.figures import Bar, Figure
from tasks.database import reading, writing
from tasks.materialise import materialise_due
from tasks.tables import duty, occurrence

TITLE = "Materialising a year"
HOW = (
    "Plans of fifteen duties (two monthly, four quarterly, four half-yearly, five yearly), four bodies each: "
    "`materialise_due` makes a year's occurrences of all of them, in transactions of 500 duties. Rows written and "
    "committed, a second. Before each round what the last one made is taken out again."
)
_BODIES = 4
_NUMBER = 9000
_RULES = (*[world.MONTHLY] * 2, *[world.QUARTERLY] * 4, *[world.HALF_YEARLY] * 4, *[world.YEARLY] * 5)
_START = world.at("2023-12-21 08:00")
_NEW_YEAR = world.at("2024-01-01 00:05")
_ROUNDS = 3


def measure(bench: Bench) -> Iterator[Figure]:
    rounds = range(min(bench.size.rounds, _ROUNDS))
    with register(bench.database) as engine:
        _fill(engine, bench.size.plans)
        with reading(engine) as connection:
            rows = connection.execute(select(func.count()).select_from(occurrence)).scalar_one()
        first = [_round(engine, bench, _START, since=world.ISSUED) for _turn in rounds]
        next_year = [_round(engine, bench, _NEW_YEAR, since=world.day("2025-01-01")) for _turn in rounds[:2]]
        as_a_new_process()
        cold = _round(engine, bench, _NEW_YEAR, since=world.day("2025-01-01"))
    bar = Bar(20_000, at_least=True) if bench.database.name == SQLITE else None
    yield Figure("rate", f"{bench.size.plans:,} plans just started, {rows:,} rows", "rows/s", tuple(first), bar)
    yield Figure("next_year", "the same on 1 January, the ending year being there already", "rows/s", tuple(next_year))
    yield Figure("cold", "the same in a new process, which has to read every plan first", "rows/s", (cold,))


def _fill(engine: Engine, plans: int) -> None:
    with writing(engine) as connection:
        world.bring_in(connection, world.plan_text(_NUMBER, bodies=_BODIES, rules=_RULES), now=_START)
    copy_plan(engine, _NUMBER, plans - 1)


def _round(engine: Engine, bench: Bench, now: datetime, *, since: date) -> float:
    """Rows a second; ``since``: what falls due from that day on has not been made yet."""
    with writing(engine) as connection:
        connection.execute(delete(occurrence).where(occurrence.c.due >= since))
        nothing = None if since == world.ISSUED else since
        connection.execute(update(duty).values(next_check_at=now, made_to=nothing))
    settle(engine)
    made = 0
    with timed() as watch:
        while True:
            with writing(engine) as connection:
                batch = materialise_due(connection, now=now)
            if not batch.duties:
                break
            made += batch.occurrences
    bench.say(f"{made:,} rows, {made / watch.seconds:,.0f} a second; {made / watch.cpu:,.0f} per second of CPU")
    return made / watch.seconds
