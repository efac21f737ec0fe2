"""Does the cost of ``advance`` grow with what is due, or with what exists?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date

from sqlalchemy import Engine, delete, func, select, update

from benchmarks import world
from benchmarks.context import Bench, as_a_new_process, timed
from benchmarks.copies import copy_plan
from benchmarks.databases import Work, register, settle, watched
from benchmarks.figures import Bar, Figure
from notifications import planner
from notifications.tables import notice
from tasks.database import reading, writing
from tasks.tables import duty, occurrence

TITLE = "`advance`: the same due, a hundred times as much in the register"
HOW = (
    "Two registers hold the same plans with the same rows due: half of them seven days before their last day, half "
    "just missed. One of the two holds a hundred times as many occurrences, in more plans of more bodies. Rounds "
    "alternate between them; after each round the same rows are made due again. A round reads its plans anew, as a new "
    "process does."
)
MORNING = world.at("2024-06-03 07:30")
_EARLIER = tuple(world.at(f"{day} 07:30") for day in ("2023-12-21", "2024-05-24", "2024-05-30", "2024-05-31"))
_DUE = (date(2024, 5, 31), date(2024, 6, 10))  # ended on Friday; one week ahead
_BODIES = 100
_OTHERS = 9000  # the plan that is copied
_OTHER_RULES = (world.MONTHLY, world.QUARTERLY, *[world.YEARLY] * 4)
_OTHER_BODIES = 100


def measure(bench: Bench) -> Iterator[Figure]:
    due, sizes, rounds = bench.size.due, bench.size.occurrences, bench.size.rounds
    with ExitStack() as stack:
        engines = [stack.enter_context(register(bench.database)) for _size in sizes]
        for engine, wanted in zip(engines, sizes, strict=True):
            bench.say(f"{_fill(engine, due, wanted):,} occurrences stand in the register")
        times = [[_round(engine, due) for engine in engines] for _turn in range(rounds + 1)][1:]  # the first one warms
        few_work, many_work = [_work(engine) for engine in engines]
    few, many = zip(*times, strict=True)
    named = [f"{size:,}" for size in sizes]
    yield Figure("few", f"{due:,} due of {named[0]} occurrences", "s", few)
    yield Figure("many", f"{due:,} due of {named[1]} occurrences", "s", many)
    yield Figure("ratio", "the second against the first", "times", tuple(b / a for a, b in times), Bar(1.5))
    yield Figure("per_due", "each row due, in the large register", "ms", tuple(t / due * 1000 for t in many))
    yield Figure(
        "statements", "statements, large against small", "times", (many_work.statements / few_work.statements,)
    )
    looked_at = "steps of SQLite's machine, rows read by PostgreSQL: large against small"
    yield Figure("steps", looked_at, "times", (many_work.steps / max(few_work.steps, 1),))


def _fill(engine: Engine, due: int, wanted: int) -> int:
    """The plans with something due, and copies of another one until there are enough occurrences."""
    bodies = min(_BODIES, due // 2)
    numbers = range(1, due // bodies + 1)
    with writing(engine) as connection:
        for number in numbers:
            rule = world.once(_DUE[number % 2])
            text = world.plan_text(number, bodies=bodies, rules=[rule])
            world.bring_in(connection, text, now=_EARLIER[0])
    for now in _EARLIER:
        planner.advance(engine, now=now)
    if wanted > due:
        _add_others(engine, wanted - due)
    settle(engine)
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(occurrence)).scalar_one()


def _add_others(engine: Engine, wanted: int) -> None:
    each = sum(rule.a_year for rule in _OTHER_RULES)
    bodies = min(_OTHER_BODIES, max(wanted // each, 1))
    with writing(engine) as connection:
        text = world.plan_text(_OTHERS, bodies=bodies, rules=_OTHER_RULES)
        world.bring_in(connection, text, now=_EARLIER[0])
    planner.advance(engine, now=_EARLIER[0])
    _put_off(engine)
    copy_plan(engine, _OTHERS, wanted // (each * bodies) - 1)


def _put_off(engine: Engine) -> None:
    """What is not among the rows due has its next moment later in the year."""
    later = {"next_check_at": world.at("2024-09-03 07:30")}
    with writing(engine) as connection:
        for table in (occurrence, duty):
            due = (table.c.plan_id == world.plan_id(_OTHERS)) & (table.c.next_check_at <= MORNING)
            connection.execute(update(table).where(due).values(later))


def _make_due(engine: Engine) -> None:
    """As it was before the morning's ``advance``."""
    with writing(engine) as connection:
        connection.execute(delete(notice).where(notice.c.queued_at == MORNING))
        ours = occurrence.c.plan_id < world.plan_id(_OTHERS)
        again = {"next_check_at": MORNING, "missed_at": None, "missed_noticed_at": None}
        connection.execute(update(occurrence).where(ours).values(again))


def _round(engine: Engine, due: int) -> float:
    _make_due(engine)
    as_a_new_process()
    with timed() as watch:
        counts = planner.advance(engine, now=MORNING)
    if counts.missed != due // 2 or counts.queued != due:
        raise RuntimeError(f"{counts}, of {due} rows due")
    return watch.seconds


def _work(engine: Engine) -> Work:
    _make_due(engine)
    with watched(engine) as work:
        planner.advance(engine, now=MORNING)
    return work
