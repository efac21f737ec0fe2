"""Six processes writing at once on SQLite: everybody waits for a turn, nobody hears that the database is locked."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from app.database import migrate
from notifications.tables import message
from tasks.database import make_engine, reading
from tasks.model import State
from tasks.seal_check import verify
from tasks.tables import answer, audit_event, audit_seal, occurrence, paper
from tests.baddays.crowd import Crowd, Task, Told
from tests.baddays.test_postgresql import BODIES, MORNING, prepare
from tests.notifications.channels import letters
from tests.notifications.channels.mailbox import MailBox, OnAnyPort
from tests.support import PLAN, at

NOW = at(MORNING)
MINE = BODIES // 4  # of the plan's bodies, for each of three officers; the rest hear from nobody


@pytest.fixture
def register(blank_sqlite: Path, tmp_path: Path) -> Iterator[Engine]:
    """On the eve of a morning with a digest for everybody, as durable as an installation's."""
    url = f"sqlite:///{tmp_path / 'dondoc.db'}"
    prepare(url)
    engine = make_engine(url)
    migrate(engine)
    yield engine
    engine.dispose()


def _officer(number: int) -> Task:
    """Records every paper of some bodies, and one of them twice; the other duty is moved about and then recorded."""
    bodies = [f"don-vi-{n:03d}" for n in range(number * MINE, (number + 1) * MINE)]
    moves = []
    for n, body in enumerate(bodies):
        plan, report = (f"{PLAN}/{duty}/{body}/once" for duty in ("ke-hoach", "bao-cao"))
        moves.append(("record", plan, f"{n}/BC"))
        match n % 5:
            case 0:
                moves += [("claim", report, "9/BC"), ("record", report, f"{n}/KH")]
            case 1:
                moves += [("extend", report, "2024-04-15"), ("extend", report, "2024-04-01")]  # the second is refused
            case 2:
                moves += [("return", plan, "incomplete"), ("record", plan, f"{n}/BC-2")]
            case 3:
                moves += [("hold", report, "2024-03-25"), ("record", plan, f"{n}/BC")]  # refused: it is there already
    return Task("officer", NOW.isoformat(), f"officer {number}", moves)


def _run(engine: Engine, server: OnAnyPort, tasks: list[Task]) -> list[Told]:
    crowd = Crowd()
    try:
        told = crowd.run(engine.url.render_as_string(hide_password=False), letters.url(server.port), tasks)
    finally:
        crowd.close()

    async def turns() -> None:
        for _turn in range(20):
            await asyncio.sleep(0)

    asyncio.run_coroutine_threadsafe(turns(), server.loop).result(60)
    return told


def test_six_processes_write_at_once_and_nobody_is_told_that_the_database_is_locked(
    register: Engine, box: MailBox, server: OnAnyPort
) -> None:
    """Two planners, a sender and three officers. A process that meets "database is locked" fails and says so."""
    officers = [_officer(number) for number in range(3)]
    others = [Task("planner", NOW.isoformat(), f"planner {n}") for n in range(2)]
    told = _run(register, server, [*others, Task("sender", NOW.isoformat()), *officers])
    refused = [answered for each in told for answered in each.refused]
    shares = Counter(n % 5 for n in range(MINE))
    assert len(refused) == 3 * (shares[1] + shares[3])
    assert not [each for each in refused if "locked" in each or "đang bận" in each]
    wanted = {
        "record": 3 * (MINE + shares[0] + shares[2]),
        "claim": 3 * shares[0],
        "extend": 3 * shares[1],
        "return": 3 * shares[2],
        "hold": 3 * shares[3],
    }
    assert sum(each.moved for each in told) == sum(wanted.values())
    with reading(register) as c:
        verdict = verify(c)
        assert verdict.intact
        sealed = c.execute(select(func.count()).select_from(audit_seal)).scalar_one()
        assert verdict.rows == sealed == c.execute(select(func.count()).select_from(audit_event)).scalar_one()
        kinds = select(audit_event.c.kind, func.count()).where(audit_event.c.actor.like("officer%"))
        assert dict(c.execute(kinds.group_by(audit_event.c.kind)).tuples().all()) == wanted
        states = Counter(c.execute(select(occurrence.c.state)).scalars())
        assert states == {State.ACCEPTED: 3 * (MINE + shares[0]), State.OPEN: 2 * BODIES - 3 * (MINE + shares[0])}
        assert c.execute(select(func.count()).select_from(paper)).scalar_one() == wanted["record"]
        assert c.execute(select(func.count()).select_from(answer)).scalar_one() == wanted["record"]
        letters_of_today = list(c.execute(select(message).where(message.c.created_at >= NOW)))
    sent = {row.message_id: 1 for row in letters_of_today if row.status == "sent"}
    assert Counter(box.by_id) == sent, "told twice, or not told"
    assert {row.status for row in letters_of_today} <= {"sent", "dropped"}  # dropped: closed while it waited
    silent = {f"agency@don-vi-{n:03d}.example" for n in range(3 * MINE, BODIES)}
    assert silent <= {row.address for row in letters_of_today if row.status == "sent"}
    digests = [row.address for row in letters_of_today if row.kind == "digest"]
    assert len(set(digests)) == len(digests)
    events = Counter(row.kind for row in letters_of_today if row.kind != "digest")
    assert events["extended"] <= wanted["extend"]
    assert events.keys() <= {"extended", "returned"}
