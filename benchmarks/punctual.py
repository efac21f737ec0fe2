"""How many messages does a department get that does everything on time?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import count

from app.simulate import ScriptedPaper, simulate
from benchmarks import world
from benchmarks.context import Bench
from benchmarks.databases import Sqlite, register
from benchmarks.figures import Bar, Figure
from plans.shipped import shipped_plan, shipped_register
from tasks.materialise import occurrence_id, owed
from tasks.model import OccurrenceId

TITLE = "A punctual department: Bắc Giang, a year"
HOW = (
    "`dondoc simulate` replays 2024 for the shipped plan of Bắc Giang. Every paper comes in on its very last day, so "
    "nothing is ever late and every reminder before a deadline is sent. Messages are counted per body that owes "
    "something. The bar is of a department with the duties of all; who has more of its own is told more."
)
DATABASES = False
PLAN = "bac-giang-2024"
_FIRST, _LAST = date(2024, 1, 1), date(2024, 12, 31)


def measure(bench: Bench) -> Iterator[Figure]:
    papers = _papers()
    with register(Sqlite(bench.folder)) as engine:
        rows = simulate(engine, [PLAN], start=_FIRST, end=_LAST, scripted=papers, now=world.at("2025-01-02 08:00"))
    told: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.role == "agency":
            told[row.recipient].add(row.message)
    counts = {body: len(messages) for body, messages in told.items()}
    duties = Counter(OccurrenceId.parse(paper.occurrence).agency for paper in papers)
    fewest = min(duties[body.partition(".")[2]] for body in counts)
    common = [count for body, count in counts.items() if duties[body.partition(".")[2]] == fewest]
    bench.say(f"{len(counts)} bodies, {min(counts.values())} to {max(counts.values())} messages")
    title = f"to a department that owes what all owe, {fewest} papers ({len(common)} of {len(counts)} bodies)"
    yield Figure("common", title, "messages", (max(common),), Bar(20))
    yield Figure("each", "to each body, those with duties of their own too", "messages", tuple(sorted(counts.values())))


def _papers() -> list[ScriptedPaper]:
    """One for every occurrence, each with a number of its own."""
    plan, bodies, numbers = shipped_plan(PLAN), shipped_register(), count(1)
    return [
        ScriptedPaper(occurrence_id(plan, duty, party, slot), slot.last_day, f"{next(numbers)}/BC", slot.last_day)
        for duty in plan.duties
        for party, slot in owed(plan, duty, bodies, start=_FIRST, end=_LAST)
        if slot.last_day <= _LAST
    ]
