"""``kill -9`` of planner and sender at every step: the morning ends as if nobody had died.

One milestone, one message to each person. A Message-ID that the mail server has twice is one whose fate was unknown
and said to be so. ``make soak KILLS=10000 SEED=7`` kills as often as wanted; a failure names its seed and its steps.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.database import migrate
from notifications.tables import attempt, message, message_notice, notice
from tasks.database import make_engine, reading
from tasks.seal_check import verify
from tasks.tables import audit_event, occurrence
from tests.baddays.killing import Job, Nursery
from tests.notifications.channels import letters, mailbox
from tests.notifications.channels.mailbox import MailBox, OnAnyPort
from tests.support import DATABASES, Valley, at

KILLS = int(os.environ.get("DONDOC_TEST_KILLS", "50"))
SEED = os.environ.get("DONDOC_TEST_SEED", "2024")
EVERY = 1 if KILLS >= 1000 else 11  # make soak takes every single step
PAUSE = timedelta(minutes=16)  # longer than a lease
MORNINGS = {"announced": "2024-02-01 08:10", "overdue": "2024-03-20 07:30"}
Fresh = Callable[[str], AbstractContextManager[str]]


@dataclass(frozen=True)
class Truth:
    """What an undisturbed morning leaves behind, without the moments; ``steps`` it took."""

    ledger: list[Any]
    messages: list[Any]
    trail: list[Any]
    occurrences: list[Any]
    steps: int = 0


def truth_of(engine: Engine) -> Truth:
    with reading(engine) as c:
        notices = {row.id: row for row in c.execute(select(notice))}
        ledger = [
            (n.subject, n.revision, n.rung, n.role, str(n.day), n.status, str(n.reason)) for n in notices.values()
        ]
        links: dict[int, list[str]] = {}
        for row in c.execute(select(message_notice)):
            n = notices[row.notice_id]
            links.setdefault(row.message_id, []).append(f"{n.subject} {n.rung} {n.role}")
        told = [
            (m.kind, m.address, m.subject, m.text, str(m.local_day), sorted(links[m.id]))
            for m in c.execute(select(message))
        ]
        trail = [
            (e.kind, str(e.occurrence_id), str(e.agency_id), str(e.data.get("missed_at")))
            for e in c.execute(select(audit_event))
        ]
        owed = [(o.id, o.state, o.revision, str(o.missed_at)) for o in c.execute(select(occurrence))]
    return Truth(sorted(ledger), sorted(told), sorted(trail), sorted(owed))


# --- Registers as they are before the morning ---------------------------------------------------------------------


def _prepare(engine: Engine, morning: str) -> None:
    """Everything is followed; for the later morning the announcements went out and then nobody came for weeks."""
    valley = Valley(engine).follow()
    if morning == "overdue":
        valley.run(MORNINGS["announced"])
        valley.run("2024-03-08 07:30")


@pytest.fixture(scope="module", params=DATABASES)
def fresh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """``with fresh("overdue") as url``: a copy of the register on the eve of that morning."""
    folder = tmp_path_factory.mktemp("kills")
    if request.param == "sqlite":
        return _sqlite_copies(folder)
    databases = request.getfixturevalue("postgresql")
    templates = {}
    for morning in MORNINGS:
        templates[morning] = databases.new()
        engine = make_engine(databases.server.url(templates[morning]))
        migrate(engine)
        _prepare(engine, morning)
        engine.dispose()
    return lambda morning: databases.copied(templates[morning])


def _sqlite_copies(folder: Path) -> Fresh:
    for morning in MORNINGS:
        engine = make_engine(f"sqlite:///{folder / morning}.db", durable=False)
        migrate(engine)
        _prepare(engine, morning)
        engine.dispose()

    @contextmanager
    def copy(morning: str) -> Iterator[str]:
        target = folder / "register.db"
        shutil.copyfile(folder / f"{morning}.db", target)
        yield f"sqlite:///{target}"
        for each in folder.glob("register.db*"):
            each.unlink()

    return copy


# --- A morning with deaths ----------------------------------------------------------------------------------------


class Office:
    """A mail server that counts, and processes that die."""

    def __init__(self, nursery: Nursery, box: MailBox, server: OnAnyPort, fresh: Fresh) -> None:
        self.nursery, self.box, self.server, self.fresh = nursery, box, server, fresh
        self.mail_url = letters.url(server.port)
        self._truths: dict[str, Truth] = {}

    def undisturbed(self, morning: str) -> Truth:
        if morning not in self._truths:
            self.box.taken.clear()
            with self.fresh(morning) as url:
                ended = self.nursery.run(Job(url, self.mail_url, [at(MORNINGS[morning]).isoformat()]))
                with _opened(url) as engine:
                    self._check_fates(engine, morning)
                    found = truth_of(engine)
            self._truths[morning] = Truth(**{**vars(found), "steps": ended.steps})
        return self._truths[morning]

    def survive(self, morning: str, kills: list[int]) -> list[str]:
        """One process after another dies at its step, then one lives. Returns the last step of each of the dead."""
        truth = self.undisturbed(morning)
        now = at(MORNINGS[morning])
        last = []
        self.box.taken.clear()
        with self.fresh(morning) as url:
            for step in kills:
                ended = self.nursery.run(Job(url, self.mail_url, [now.isoformat()], step))
                if ended.killed:
                    last.append(ended.last)
                now += PAUSE
            rest = [
                (now + n * PAUSE).isoformat() for n in range(2)
            ]  # the lease has run out; then what was in doubt is repeated
            assert not self.nursery.run(Job(url, self.mail_url, rest)).killed
            with _opened(url) as engine:
                self._check_fates(engine, morning)
                found = truth_of(engine)
                with reading(engine) as c:
                    assert verify(c).intact
        for name in ("ledger", "messages", "trail", "occurrences"):
            assert getattr(found, name) == getattr(truth, name), name
        return last

    def _check_fates(self, engine: Engine, morning: str) -> None:
        """What the register says of each message of that morning is what the mail server has."""
        asyncio.run_coroutine_threadsafe(_turns(), self.server.loop).result(60)
        with reading(engine) as c:
            made = select(message).where(message.c.created_at >= at(MORNINGS[morning])).order_by(message.c.id)
            known = {row.message_id: row for row in c.execute(made)}
            doubts = list(c.execute(select(attempt.c.message_id).where(attempt.c.outcome == "unknown")).scalars())
        assert set(self.box.by_id) <= set(known), "the server has what the register never wrote"
        for row in known.values():
            times, in_doubt = self.box.by_id[row.message_id], doubts.count(row.id)
            assert row.status in ("sent", "unknown"), f"{row.status}: {row.address}"
            assert times <= 1 + (in_doubt > 0), f"{row.address} got it {times} times, unknown {in_doubt} times"
            if row.status == "sent":
                assert times >= 1, f"called sent and lost: {row.address}"
            else:
                assert in_doubt == 2, "it is repeated once by itself, and only then left to the officer"
        for taken in self.box.taken:
            assert taken.recipients == [known[str(taken.mail["Message-ID"])].address]


async def _turns() -> None:
    for _turn in range(20):
        await asyncio.sleep(0)


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


@pytest.fixture(scope="module")
def office(fresh: Fresh) -> Iterator[Office]:
    box, nursery = MailBox(), Nursery()
    server = mailbox.start(box)
    try:
        made = Office(nursery, box, server, fresh)
        for morning, moment in MORNINGS.items():
            with fresh(morning) as url:
                nursery.run(Job(url, made.mail_url, [at(moment).isoformat()], warm=True))
        yield made
    finally:
        nursery.close()
        server.stop()


# --- The tests ----------------------------------------------------------------------------------------------------


def test_an_undisturbed_morning_says_something(office: Office) -> None:
    announced, overdue = (office.undisturbed(morning) for morning in MORNINGS)
    assert len(announced.messages) == 4
    assert len([m for m in overdue.messages if m[4] == "2024-03-20"]) >= 4
    assert len([event for event in overdue.trail if event[0] == "missed"]) == 5


@pytest.mark.slow
@pytest.mark.parametrize("morning", MORNINGS)
def test_a_kill_at_step_after_step_changes_nothing(office: Office, morning: str) -> None:
    steps = office.undisturbed(morning).steps
    for step in range(1, steps + 1, EVERY):
        try:
            assert len(office.survive(morning, [step])) == 1, "it did not die"
        except AssertionError as error:
            raise AssertionError(f"killed at step {step} of {steps}") from error


def test_random_kills_one_after_another_change_nothing(office: Office) -> None:
    done = round_number = 0
    while done < KILLS:
        chance = random.Random(f"{SEED}/{round_number}")
        morning = chance.choice(list(MORNINGS))
        steps = office.undisturbed(morning).steps
        kills = [chance.randint(1, steps) for _ in range(min(chance.randint(1, 5), KILLS - done))]
        try:
            office.survive(morning, kills)
        except (AssertionError, RuntimeError) as error:
            raise AssertionError(f"SEED={SEED} round {round_number}: {morning}, killed at steps {kills}") from error
        done += len(kills)
        round_number += 1
    sys.stdout.write(f"{done} kills in {round_number} mornings, SEED={SEED}\n")
