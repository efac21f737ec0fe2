"""How many messages does a department get that does everything on time?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from app.simulate import ScriptedPaper, simulate
from benchmarks import world
from benchmarks.context import Bench
from benchmarks.databases import Sqlite, register
from benchmarks.figures import Bar, Figure
from plans.shipped import shipped_plan, shipped_register
from tasks.materialise import occurrence_id, owed

TITLE = "A punctual department: Bắc Giang, a year"
HOW = (
    "`dondoc simulate` replays 2024 for the shipped plan of Bắc Giang. Every paper comes in on its very last day, so "
    "nothing is ever late and every reminder before a deadline is sent. Messages are counted per body that owes "
    "something."
)
DATABASES = False
PLAN = "bac-giang-2024"
_FIRST, _LAST = date(2024, 1, 1), date(2024, 12, 31)


def measure(bench: Bench) -> Iterator[Figure]:
    with register(Sqlite(bench.folder)) as engine:
        rows = simulate(engine, [PLAN], start=_FIRST, end=_LAST, scripted=_papers(), now=world.at("2025-01-02 08:00"))
    told: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.role == "agency":
            told[row.recipient].add(row.message)
    counts = sorted(len(messages) for messages in told.values())
    bench.say(f"{len(counts)} bodies, {counts[0]} to {counts[-1]} messages")
    yield Figure("most", "messages in the year, to the body that gets most", "messages", (counts[-1],), Bar(20))
    yield Figure("each", "to each body (median, fewest to most)", "messages", tuple(counts))


def _papers() -> list[ScriptedPaper]:
    plan, bodies = shipped_plan(PLAN), shipped_register()
    return [
        ScriptedPaper(occurrence_id(plan, duty, party, slot), slot.last_day, "1/BC", slot.last_day)
        for duty in plan.duties
        for party, slot in owed(plan, duty, bodies, start=_FIRST, end=_LAST)
        if slot.last_day <= _LAST
    ]
