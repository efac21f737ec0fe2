"""Two workers, two homes, one PostgreSQL: one is killed in the middle of the morning, and the morning ends complete.

``make drill`` does it with 2,000 digests and waits for Prefect's own lease of five minutes; here fewer, and the lease
is put into the past. The register's clock stands in June 2024 (the runs are handed ``now``), so that the drill may be
held at night.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from prefect.client.schemas.actions import WorkPoolUpdate
from prefect.client.schemas.objects import FlowRun, StateType
from sqlalchemy import Engine, select

from app.bootstrap import clock
from app.prefect_settings import AUTH, WORK_POOL
from flows.client import LONGEST_RUN, Prefect
from notifications.tables import attempt, message
from tasks.database import make_engine, reading
from tasks.seal_check import verify
from tests.baddays.province import MORNING, Post, Province, fill
from tests.flows.test_real_prefect import processes_of
from tests.notifications.channels import letters, mailbox
from tests.postgresql import Postgres, programs_with

if TYPE_CHECKING:
    from tests.postgresql import Databases

DIGESTS = int(os.environ.get("DONDOC_TEST_DIGESTS", "150"))
PATIENT = os.environ.get("DONDOC_TEST_PATIENT") == "1"  # waits for Prefect's lease as a real morning does
ROUND = timedelta(minutes=10)  # from one `deliver` to the next
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="finds the processes of a machine in /proc"),
]


@dataclass
class Drill:
    """The morning as it goes."""

    province: Province
    post: Post
    engine: Engine
    dead: list[str] = field(default_factory=list)
    died_at: datetime | None = None
    began: float = field(default_factory=time.monotonic)

    def say(self, text: str) -> None:
        sys.stdout.write(f"drill {time.monotonic() - self.began:6.1f} s: {text}\n")

    def counts(self) -> Counter[str]:
        with reading(self.engine) as connection:
            return Counter(connection.execute(select(message.c.status)).scalars())


@pytest.fixture
def of_prefect() -> Iterator[str]:
    """The address of Prefect's own database: on PostgreSQL, for which Prefect needs the extension pg_trgm.

    The package that the other tests use comes without it, so the machine's own PostgreSQL is taken. Where there is
    none, the small drill leaves Prefect on SQLite and says so; ``make drill`` refuses.
    """
    binaries = programs_with("pg_trgm")
    if binaries is None:
        assert not PATIENT, "no PostgreSQL with pg_trgm on this machine: apt install postgresql"
        yield ""
        return
    server = Postgres(binaries)
    try:
        server.start()
        with server.admin() as admin:
            admin.execute("CREATE DATABASE prefect")
        yield server.url("prefect", role="postgres").replace("+psycopg", "+asyncpg")
    finally:
        server.close()


@contextmanager
def province_of(databases: Databases, of_prefect: str, folder: Path) -> Iterator[Drill]:
    """A server and two workers at work, the register on the eve of the morning."""
    with databases.empty() as register:
        engine = make_engine(register)
        fill(engine, DIGESTS)
        shared = {"DONDOC_DATABASE_URL": register, AUTH: "dondoc:mat-khau"}
        if of_prefect:
            shared["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = of_prefect
        province = Province(folder, shared)
        drill = Drill(province, Post(DIGESTS // 2, lambda: cut_the_one_at_work(drill)), engine)
        server = mailbox.start(drill.post)
        shared["DONDOC_MAIL_URL"] = letters.url(server.port)
        try:
            province.start("server", "server")
            for name in ("may-1", "may-2"):
                province.start(name, "worker", "--name", name)
            province.until("two workers at work", province.alive)
            province.pause_schedules()
            drill.say(f"two workers at work, {DIGESTS} bodies, Prefect on {'PostgreSQL' if of_prefect else 'SQLite'}")
            yield drill
        finally:
            province.close()
            server.stop()
            engine.dispose()


def cut_the_one_at_work(drill: Drill) -> None:
    """Called when half of the letters have been taken, before the sender hears of the last one."""
    name = drill.province.executing()
    drill.province.workers[name].power_cut()
    drill.died_at = clock()
    drill.dead.append(name)


def test_one_of_two_workers_dies_and_the_morning_ends_complete(
    postgresql: Databases, of_prefect: str, tmp_path: Path
) -> None:
    with province_of(postgresql, of_prefect, tmp_path) as drill:
        swept = finished(drill, "sweep", MORNING)
        assert swept.state is not None
        assert swept.state.name == "Đã rà soát"
        assert drill.counts() == {"queued": DIGESTS}
        killed = the_worker_at_work_is_killed(drill)
        the_run_of_the_dead_blocks_nothing_for_longer_than_its_lease(drill, killed)
        rounds = the_other_one_ends_the_morning(drill)
        every_letter_has_arrived_and_doubles_were_of_unknown_fate(drill, rounds)
        the_run_of_the_dead_is_ended_when_it_has_grown_old(drill, killed)
        the_pool_has_no_limit_and_loses_that_of_an_earlier_release(drill)


def finished(drill: Drill, flow: str, now: object) -> FlowRun:
    run = drill.province.run(flow, now)  # type: ignore[arg-type]
    return drill.province.until(f"end of {flow}", lambda: drill.province.ended(run), 600)


def the_worker_at_work_is_killed(drill: Drill) -> FlowRun:
    run = drill.province.run("deliver", MORNING)
    drill.province.until("a kill", lambda: drill.dead, 600)
    [dead] = drill.dead
    assert processes_of(drill.province.workers[dead].home) == []
    assert len(drill.post.taken) == DIGESTS // 2
    pace = f"{drill.post.pace():.0f} letters a second"
    drill.say(f"{dead} killed at letter {len(drill.post.taken)}, {pace}; {dict(drill.counts())}")
    return drill.province.state(run)


def the_run_of_the_dead_blocks_nothing_for_longer_than_its_lease(drill: Drill, killed: FlowRun) -> None:
    """Until Prefect's lease has run out `deliver` is one at a time: what starts meanwhile ends at once. Everything
    else goes on, for the pool has no limit that the dead run could use up."""
    if not PATIENT:
        refused = finished(drill, "deliver", MORNING + timedelta(minutes=1))
        assert refused.state is not None
        assert refused.state.type is StateType.CANCELLED
        drill.province.let_leases_run_out()
    elsewhere = finished(drill, "sync", MORNING)
    assert elsewhere.state is not None
    assert elsewhere.state.type is StateType.COMPLETED
    still = drill.province.state(killed.id).state
    assert still is not None
    assert still.type is StateType.RUNNING, "Prefect never ends it by itself"


def the_other_one_ends_the_morning(drill: Drill) -> int:
    """`deliver` every ten minutes, as scheduled; returns how many rounds it took until nothing waits."""
    moment, taken_over, waited_since = MORNING, False, time.monotonic()
    for number in range(1, 13):
        moment += ROUND
        run = finished(drill, "deliver", moment)
        while run.state is not None and run.state.type is StateType.CANCELLED:
            assert not taken_over
            assert time.monotonic() - waited_since < 900, "the lease of the dead run does not end"
            time.sleep(1)
            run = finished(drill, "deliver", moment)
        if not taken_over and run.start_time is not None and drill.died_at is not None:
            drill.say(f"taken over {run.start_time.timestamp() - drill.died_at.timestamp():.0f} s after the kill")
        taken_over = True
        counts = drill.counts()
        drill.say(f"{moment:%H:%M}: {run.state.name if run.state else '?'}; {dict(counts)}")
        if counts == {"sent": DIGESTS}:
            return number
    raise AssertionError(f"the morning does not end: {drill.counts()}")


def every_letter_has_arrived_and_doubles_were_of_unknown_fate(drill: Drill, rounds: int) -> None:
    with reading(drill.engine) as connection:
        known = {row.message_id: row for row in connection.execute(select(message))}
        doubtful = select(message.c.message_id).join(attempt, attempt.c.message_id == message.c.id)
        unknown = set(connection.execute(doubtful.where(attempt.c.outcome == "unknown")).scalars())
        assert verify(connection).intact
    arrived = drill.post.by_id
    assert set(arrived) == set(known), "every message of the register, and nothing else"
    assert len(known) == DIGESTS
    assert len({row.address for row in known.values()}) == DIGESTS
    doubles = {message_id for message_id, times in arrived.items() if times > 1}
    assert doubles == unknown, "the server took it, the sender never heard so"
    assert len(unknown) == 1
    assert max(arrived.values()) == 2
    drill.say(
        f"{DIGESTS} digests, {len(arrived)} arrived, {len(doubles)} twice under one Message-ID (fate unknown), 0 lost, "
        f"complete at {MORNING + rounds * ROUND:%H:%M}"
    )


def the_run_of_the_dead_is_ended_when_it_has_grown_old(drill: Drill, killed: FlowRun) -> None:
    province = drill.province
    assert province.asked(lambda server: server.end_abandoned(now=clock())) == 0, "it might still be at work"
    later = clock() + LONGEST_RUN + timedelta(minutes=1)
    assert province.asked(lambda server: server.end_abandoned(now=later)) == 1
    ended = province.state(killed.id).state
    assert ended is not None
    assert ended.type is StateType.CRASHED


def the_pool_has_no_limit_and_loses_that_of_an_earlier_release(drill: Drill) -> None:
    async def story(server: Prefect) -> list[int | None]:
        api, found = server._client, []
        found.append((await api.read_work_pool(WORK_POOL)).concurrency_limit)
        for limit in (4, 7):
            await api.update_work_pool(WORK_POOL, WorkPoolUpdate(concurrency_limit=limit))
            await server.ensure_pool()
            found.append((await api.read_work_pool(WORK_POOL)).concurrency_limit)
        return found

    assert drill.province.asked(story) == [None, None, 7], "what an administrator has set stays"
