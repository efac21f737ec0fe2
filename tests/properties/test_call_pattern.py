"""Who calls ``advance``, how often and how late never changes the result (D2), as far as it can be said exactly:

- with nobody doing anything, the ledger's rungs and their days are the same whatever the moments of the calls; only
  which of them went out and which were passed over depends on when somebody looked;
- with people at work, the audit report, each occurrence's verdict and the moment of each miss that counts are the
  same. (What is waived, transferred or cancelled does not count: there the register keeps what it had noticed.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, update

from notifications import composer, planner
from notifications.tables import notice
from plans.calendar import ZONE
from tasks import intake, moves, papers
from tasks.audit import report
from tasks.database import reading, writing
from tasks.errors import RegisterError
from tasks.materialise import materialise_due
from tasks.model import Occurrence, State
from tasks.papers import Paper
from tasks.tables import duty, occurrence
from tests.properties.world import VERSIONS
from tests.support import PLAN, Registers

START = datetime(2024, 3, 20, 8, 0, tzinfo=ZONE)
END = datetime(2024, 7, 10, 8, 0, tzinfo=ZONE)
UNCOUNTED = (State.WAIVED, State.TRANSFERRED, State.CANCELLED)
# No shrinking: an example plays half a year, and a failing one says enough as it is.
SETTINGS = settings(
    max_examples=8,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

minutes = st.integers(0, int((END - START).total_seconds()) // 60)
calls = st.lists(minutes, max_size=12)


def _followed(engine: Engine) -> None:
    with writing(engine) as c:
        intake.add_plan(c, VERSIONS[0][0], file="kh.yaml", now=START, actor="test")
        intake.activate(c, PLAN, now=START, actor="test")


def _days() -> list[datetime]:
    """Every morning, as the sweep does."""
    return [START + timedelta(days=n) for n in range((END - START).days)]


def _ledger(engine: Engine) -> set[tuple[Any, ...]]:
    # `assigned` says on which day somebody looked, and that only
    chosen = select(notice.c.subject, notice.c.revision, notice.c.rung, notice.c.role, notice.c.day)
    with reading(engine) as c:
        return {tuple(row) for row in c.execute(chosen.where(notice.c.rung != "assigned"))}


def _verdicts(engine: Engine) -> list[tuple[Any, ...]]:
    with reading(engine) as c:
        rows = [Occurrence.from_row(row) for row in c.execute(select(occurrence).order_by(occurrence.c.id))]
        found = report(c, now=END)
    lines = [(m.occurrence, m.missed_at, m.days_late, m.status, m.received_on) for m in found.missed]
    rates = [(r.agency, r.due, r.on_time, r.late, r.missing) for r in found.rates]
    verdicts = [(o.id, o.state, o.late_after, o.days_late, None if o.state in UNCOUNTED else o.missed_at) for o in rows]
    return verdicts + lines + rates


@SETTINGS
@given(calls=calls)
def test_left_alone_the_rungs_are_the_same_whenever_somebody_looked(registers: Registers, calls: list[int]) -> None:
    found = []
    for moments in (_days(), [START + timedelta(minutes=m) for m in sorted(calls)]):
        with registers() as engine:
            _followed(engine)
            for now in [*moments, END]:
                planner.advance(engine, now=now)
                composer.compose(engine, now=now)
            found.append((_ledger(engine), _verdicts(engine)))
    assert found[0] == found[1]


MAKE = ("record", "record", "review", "accept", "give_back", "extend", "claim", "waive", "reopen", "undo")
Step = tuple[int, str, int, int]
steps = st.lists(
    st.tuples(
        minutes,
        st.sampled_from(
            ("record", "record", "review", "accept", "give_back", "extend", "claim", "waive", "reopen", "undo")
        ),
        st.integers(0, 40),
        st.integers(0, 30),
    ),
    min_size=3,
    max_size=14,
)


@SETTINGS
@given(calls=calls, script=steps)
def test_a_late_sweep_gives_the_same_audit_as_a_punctual_one(
    registers: Registers, calls: list[int], script: list[Step]
) -> None:
    found = []
    for moments in (_days(), [START + timedelta(minutes=m) for m in calls]):
        with registers() as engine:
            _followed(engine)
            refused = _play(engine, moments, script)
            found.append((_verdicts(engine), refused))
    assert found[0] == found[1]


def _play(engine: Engine, moments: Sequence[datetime], script: list[Step]) -> list[bool]:
    """The script's moves at their moments, ``advance`` at the given ones; which moves were refused."""
    done = [(START + timedelta(minutes=step[0]), 1, step) for step in script]
    looks = [(moment, 0, None) for moment in [*moments, END]]
    refused = []
    for now, _kind, step in sorted([*done, *looks], key=lambda entry: (entry[0], entry[1])):
        if step is None:
            planner.advance(engine, now=now)
        else:
            refused.append(_refused(engine, step, now))
    return refused


def _refused(engine: Engine, step: Step, now: datetime) -> bool:
    _minutes, what, a, b = step
    today = now.astimezone(ZONE).date()
    with reading(engine) as c:
        ids = [row.id for row in c.execute(select(occurrence.c.id).order_by(occurrence.c.id))]
    occ = ids[a % len(ids)]
    received = Paper(today - timedelta(days=b % 9))
    who: dict[str, Any] = {"now": now, "actor": "test"}
    make: dict[str, Callable[[Any], object]] = {
        "record": lambda c: papers.record(c, [occ], received, review=False, **who),
        "review": lambda c: papers.record(c, [occ], received, review=True, **who),
        "accept": lambda c: moves.accept(c, occ, **who),
        "give_back": lambda c: moves.return_(c, occ, reason="incomplete", by=None, **who),
        "extend": lambda c: moves.extend(c, [occ], to=today + timedelta(days=b), document="77/UBND", **who),
        "claim": lambda c: moves.claim(c, occ, number=None, dated=None, **who),
        "waive": lambda c: moves.waive(c, occ, reason="CV 3", **who),
        "reopen": lambda c: moves.reopen(c, occ, **who),
        "undo": lambda c: papers.undo(c, occ, **who),
    }
    try:
        with writing(engine) as c:
            make[what](c)
    except RegisterError:
        return True
    return False


@SETTINGS
@given(order=st.lists(st.sampled_from(("bao-cao-thang", "bao-cao-nam", "ke-hoach", "tong-hop", "all")), max_size=8))
def test_an_occurrence_exists_once_in_whatever_order_and_however_often_it_is_made(
    registers: Registers, order: list[str]
) -> None:
    with registers() as engine:
        _followed(engine)
        before = _rows(engine)
        for number, which in enumerate(order):
            now = START + timedelta(days=number)
            with writing(engine) as c:
                mine = update(duty).values(next_check_at=now)
                c.execute(mine if which == "all" else mine.where(duty.c.id == which))
                assert materialise_due(c, now=now).occurrences == 0
        assert _rows(engine) == before
        ids = [row[0] for row in before]
        assert len(ids) == len(set(ids)) == 14


def _rows(engine: Engine) -> list[tuple[Any, ...]]:
    with reading(engine) as c:
        return [tuple(row) for row in c.execute(select(occurrence).order_by(occurrence.c.id))]


def test_advance_twice_at_one_moment_does_nothing_the_second_time(registers: Registers) -> None:
    with registers() as engine:
        _followed(engine)
        for now in _days()[::9]:
            planner.advance(engine, now=now)
            before = _rows(engine), _ledger(engine)
            assert planner.advance(engine, now=now) == planner.AdvanceCounts()
            assert (_rows(engine), _ledger(engine)) == before


@pytest.mark.parametrize(("now", "last"), [("2024-03-20", 2025), ("2024-12-31", 2025), ("2025-01-01", 2026)])
def test_recurring_duties_are_made_to_the_end_of_next_year(registers: Registers, now: str, last: int) -> None:
    text = VERSIONS[0][0].replace(b", from: 2024-04-01, until: 2024-06-30", b"").replace(b", until: 2024-12-31", b"")
    with registers() as engine:
        with writing(engine) as c:
            intake.add_plan(c, text, file="kh.yaml", now=START, actor="test")
            intake.activate(c, PLAN, now=START, actor="test")
        planner.advance(engine, now=datetime.combine(date.fromisoformat(now), START.timetz()))
        dues = [row for row in _rows(engine) if "/bao-cao-thang/so-noi-vu/" in row[0]]
        assert [row[0].rsplit("/", 1)[1] for row in dues][-1] == f"{last}-12"
        assert len(dues) == 11 + 12 * (last - 2024)
