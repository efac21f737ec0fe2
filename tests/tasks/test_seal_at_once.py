"""The chain under real concurrency: no gap, no fork, no deadlock, and nobody goes on from an old head."""

from __future__ import annotations

import multiprocessing
import random
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.engine import Connection

from tasks import trail
from tasks.database import before_commit, make_engine, reading, writing
from tasks.seal_check import verify
from tasks.tables import audit_event, audit_seal, setting
from tests.support import at, connected

if TYPE_CHECKING:
    from tests.postgresql import Databases

NOW = at("2024-03-12 12:00")
PROCESSES, TRANSACTIONS = 5, 30
PATIENCE = 120  # seconds until something counts as stuck


class ChangedMind(Exception):
    """A transaction that is taken back at its end."""


def write(c: Connection, actor: str, rows: int = 1) -> None:
    entries = [trail.Entry("x", "p", data={"n": n}, sample=n % 5 == 4) for n in range(rows)]
    trail.write(c, entries, now=NOW, actor=actor)


def _work(url: str, number: int, gate: object, kept: object) -> None:
    """Transactions of many sizes; every third one is taken back, some of them after they were sealed."""
    chance = random.Random(number)
    engine = make_engine(url, durable=False)
    gate.wait()  # type: ignore[attr-defined]
    for turn in range(TRANSACTIONS):
        actor = f"{number}/{turn}"
        try:
            with writing(engine) as c:
                rows = chance.choice((1, 1, 2, 7, 40))
                write(c, actor, rows)
                if turn % 3 == 1:
                    before_commit(c, "taken back", _refuse)
                if turn % 6 == 2:
                    raise ChangedMind
        except ChangedMind:
            continue
        kept.put((actor, rows))  # type: ignore[attr-defined]
    engine.dispose()
    kept.put(None)  # type: ignore[attr-defined]


def _refuse(_connection: Connection) -> None:
    raise ChangedMind


def test_several_processes_write_one_chain(engine: Engine) -> None:
    context = multiprocessing.get_context("spawn")
    gate, kept = context.Barrier(PROCESSES), context.Queue()
    url = engine.url.render_as_string(hide_password=False)
    writers = [context.Process(target=_work, args=(url, n, gate, kept)) for n in range(PROCESSES)]
    for writer in writers:
        writer.start()
    wanted: dict[str, int] = {}
    ended = 0
    while ended < PROCESSES:
        told = kept.get(timeout=PATIENCE)
        if told is None:
            ended += 1
        else:
            wanted[told[0]] = told[1]
    for writer in writers:
        writer.join(PATIENCE)
    assert [writer.exitcode for writer in writers] == [0] * PROCESSES
    with reading(engine) as c:
        counts = select(audit_event.c.actor, func.count()).group_by(audit_event.c.actor)
        assert {row[0]: row[1] for row in c.execute(counts)} == wanted
        sealed = c.execute(select(func.count()).where(audit_event.c.sample.is_(False))).scalar_one()
        places = c.execute(select(func.min(audit_seal.c.place), func.max(audit_seal.c.place), func.count())).one()
        assert tuple(places) == (1, sealed, sealed)
        assert len({actor.split("/")[0] for actor in wanted}) == PROCESSES
        verdict = verify(c)
    assert verdict.intact
    assert verdict.rows == sealed


class Other(threading.Thread):
    """Another writer; ``done`` says whether it has committed, ``check`` raises what it raised."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self.work, self.error = work, None
        self.started, self.done = threading.Event(), threading.Event()
        self.start()

    error: BaseException | None

    def run(self) -> None:
        self.started.set()
        try:
            self.work()
        except BaseException as error:
            self.error = error
        self.done.set()

    def check(self) -> None:
        assert self.done.wait(PATIENCE)
        if self.error is not None:
            raise self.error


def test_who_waits_for_the_lock_goes_on_from_the_head_that_was_committed_meanwhile(engine: Engine) -> None:
    """The first transaction is sealed and not committed yet while the second one writes and wants to be sealed."""

    def second() -> None:
        with writing(engine) as c:
            write(c, "second")

    others: list[Other] = []

    def meanwhile(_connection: Connection) -> None:
        others.append(Other(second))
        assert others[0].started.wait(PATIENCE)
        if engine.dialect.name == "postgresql":
            _until_one_waits(engine)
        assert not others[0].done.is_set()

    with writing(engine) as c:
        write(c, "first")
        before_commit(c, "meanwhile", meanwhile)  # after the sealing
    others[0].check()
    with reading(engine) as c:
        joined = select(audit_event.c.actor).join(audit_seal, audit_seal.c.event_id == audit_event.c.id)
        assert c.execute(joined.order_by(audit_seal.c.place)).scalars().all() == ["first", "second"]
        assert verify(c).intact


def _until_one_waits(engine: Engine) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    pause = threading.Event()
    for _round in range(PATIENCE * 50):
        with engine.connect() as c:
            if c.execute(waiting).scalar_one():
                return
        pause.wait(0.02)
    raise AssertionError("nobody waits for the lock of the chain")


@pytest.fixture
def server(postgresql: Databases) -> Iterator[Engine]:
    """A register on PostgreSQL, where several transactions write at the same time."""
    with connected(postgresql) as made:
        yield made


def test_the_lock_of_the_chain_takes_part_in_no_deadlock(server: Engine) -> None:
    """Writes its trail, then wants a row that another one holds, which writes its trail too: with a lock taken at
    the first row of the trail each would wait for the other."""
    with writing(server) as c:
        c.execute(setting.insert().values(scope="", name="shared", value=0))

    def other() -> None:
        with writing(server) as c:
            c.execute(update(setting).values(value=1))
            write(c, "other")

    with writing(server) as c:
        write(c, "first")
        Other(other).check()  # commits while the first one is still open
        c.execute(update(setting).values(value=2))
    with reading(server) as c:
        joined = select(audit_event.c.actor).join(audit_seal, audit_seal.c.event_id == audit_event.c.id)
        assert c.execute(joined.order_by(audit_seal.c.place)).scalars().all() == ["other", "first"]
        assert verify(c).intact


def test_a_check_sees_whole_transactions_while_others_write(engine: Engine) -> None:
    stop = threading.Event()

    def busy() -> None:
        while not stop.is_set():
            with writing(engine) as c:
                write(c, "busy", 6)

    other = Other(busy)
    try:
        for _round in range(15):
            with reading(engine) as c:
                verdict = verify(c)
            assert verdict.fault is None
            assert verdict.rows % 5 == 0
    finally:
        stop.set()
    other.check()
