"""Planners, senders and officers as processes of their own, all at once on one register.

``python -m tests.baddays.crowd`` has everything loaded and, told so by one line of JSON, forks a child for every task
of it. The children begin together and each tells what it did, or what went wrong. A database that is away is what a
child may meet: it does what the next run of a flow would do, and counts how often.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError

from notifications import composer, delivery, planner
from notifications.channels.mail_url import parse_mail_url
from notifications.channels.smtp import SmtpChannel
from tasks import moves, papers
from tasks.agencies import load_plan
from tasks.database import away, make_engine, reading, writing
from tasks.errors import RegisterError
from tasks.papers import Paper
from tasks.tables import plan

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300  # seconds until something counts as stuck
OFFICER_WAITS = 200  # times that a child comes back to a database that is away


@dataclass(frozen=True)
class Task:
    """One child. ``kind``: planner, sender or officer; ``moves``: an officer's, as [name, occurrence, argument]."""

    kind: str
    moment: str
    name: str = ""
    moves: Sequence[Sequence[str]] = ()


@dataclass
class Told:
    """What a child did. ``refused``: the answers that an officer got; ``away``: how often the database was."""

    kind: str
    name: str = ""
    queued: int = 0
    missed: int = 0
    composed: int = 0
    sent: int = 0
    moved: int = 0
    away: int = 0
    refused: list[str] = field(default_factory=list)
    trouble: str = ""


class Crowd:
    """The forking process. ``begin`` and ``end`` are apart so that something may happen meanwhile."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.baddays.crowd"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def begin(self, url: str, mail_url: str, tasks: Sequence[Task]) -> None:
        assert self._process.stdin is not None
        job = {"url": url, "mail_url": mail_url, "tasks": [asdict(task) for task in tasks]}
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()

    def end(self) -> list[Told]:
        """Raises RuntimeError where a child failed, which nothing here excuses."""
        assert self._process.stdout is not None
        told = [Told(**each) for each in json.loads(self._process.stdout.readline())]
        if trouble := "\n".join(each.trouble for each in told if each.trouble):
            raise RuntimeError(trouble)
        return told

    def run(self, url: str, mail_url: str, tasks: Sequence[Task]) -> list[Told]:
        self.begin(url, mail_url, tasks)
        return self.end()

    def close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.wait(60)


# --- In the forking process, which has no threads -----------------------------------------------------------------


_FORK = multiprocessing.get_context("fork")


def _serve() -> None:
    logging.getLogger().addHandler(logging.NullHandler())
    # many small batches: more of them meet
    vars(planner)["BATCH"], vars(composer)["PEOPLE_PER_BATCH"], vars(delivery)["BATCH"] = 40, 15, 5
    for line in sys.stdin:
        job = json.loads(line)
        tasks = [Task(**each) for each in job["tasks"]]
        _read_plans(job["url"])
        gate, results = _FORK.Barrier(len(tasks)), _FORK.SimpleQueue()
        planned = [_FORK.Event() for task in tasks if task.kind == "planner"]
        waiting = list(planned)
        children = []
        for task in tasks:
            mine = [waiting.pop()] if task.kind == "planner" else planned
            child = _FORK.Process(target=_live, args=(job["url"], job["mail_url"], task, gate, mine, results))
            child.start()
            children.append(child)
        told = [results.get() for _child in children]
        for child in children:
            child.join(PATIENCE)
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


def _read_plans(url: str) -> None:
    """Reading a plan of many bodies takes longer than what is tried here: done once for all children."""
    engine = make_engine(url)
    with reading(engine) as connection:
        for plan_id in connection.execute(select(plan.c.id)).scalars():
            load_plan(connection, plan_id)
    engine.dispose()


class _Waiting(logging.Handler):
    """Counts how often a sender waited for its database by itself, which nobody outside sees."""

    def __init__(self, told: Told) -> None:
        super().__init__(logging.WARNING)
        self.told = told

    def emit(self, record: logging.LogRecord) -> None:
        self.told.away += record.getMessage().startswith("database away")


def _live(url: str, mail_url: str, task: Task, gate: Any, planned: Any, results: Any) -> None:
    told = Told(task.kind, task.name)
    logging.getLogger(delivery.__name__).addHandler(_Waiting(told))
    try:
        engine = make_engine(url)
        gate.wait(PATIENCE)
        _WORK[task.kind](engine, mail_url, task, told, planned)
        engine.dispose()
    except BaseException:
        told.trouble = f"{task.kind} {task.name}: {traceback.format_exc()}"
    finally:
        if task.kind == "planner":
            planned[0].set()
        results.put(asdict(told))


def _come_back(told: Told, work: Callable[[], Any]) -> Any:
    """Does it, again and again where the database is away."""
    pause = _FORK.Event()
    for _turn in range(OFFICER_WAITS):
        try:
            return work()
        except DBAPIError as error:
            if not away(error):
                raise
            told.away += 1
            pause.wait(0.1)
    raise RuntimeError("the database stays away")


def _plan(engine: Engine, _mail_url: str, task: Task, told: Told, _planned: Any) -> None:
    """What ``sweep`` does, until nothing is left to be looked at."""
    now = datetime.fromisoformat(task.moment)
    pause = _FORK.Event()

    def done() -> bool:
        counts = planner.advance(engine, now=now)
        told.queued, told.missed = told.queued + counts.queued, told.missed + counts.missed
        told.composed += composer.compose(engine, now=now)
        with engine.connect() as connection:
            return not planner.anything_due(connection, now=now)

    while not _come_back(told, done):
        pause.wait(0.02)  # another one holds what is left
    told.composed += _come_back(told, lambda: composer.compose(engine, now=now))


def _send(engine: Engine, mail_url: str, task: Task, told: Told, planned: Any) -> None:
    """What ``deliver`` does, until the planners have gone home and nothing is left."""
    channel = SmtpChannel(parse_mail_url(mail_url))
    now = datetime.fromisoformat(task.moment)
    while True:
        last = all(each.is_set() for each in planned)
        sent = _come_back(told, lambda: delivery.deliver(engine, {"email": channel}, now=now)).sent
        told.sent += sent
        if last and not sent:
            break
        if not sent:
            planned[0].wait(0.02)
    channel.close()


def _decide(engine: Engine, _mail_url: str, task: Task, told: Told, _planned: Any) -> None:
    """An officer at work: each move a command of its own; a refusal is read and the next one made."""
    for name, occurrence_id, argument in task.moves:
        try:
            _come_back(told, partial(_move, engine, task, name, occurrence_id, argument))
            told.moved += 1
        except RegisterError as refusal:
            told.refused.append(f"{type(refusal).__name__}: {refusal}")


def _move(engine: Engine, task: Task, name: str, occurrence_id: str, argument: str) -> None:
    known: dict[str, Any] = {"now": datetime.fromisoformat(task.moment), "actor": task.name}
    with writing(engine) as c:
        match name:
            case "record":
                came = Paper(date.fromisoformat(task.moment[:10]), argument or None)
                papers.record(c, [occurrence_id], came, review=False, **known)
            case "claim":
                moves.claim(c, occurrence_id, number=argument, dated=None, **known)
            case "return":
                moves.return_(c, occurrence_id, reason=argument, by=None, **known)
            case "extend":
                moves.extend(c, [occurrence_id], to=date.fromisoformat(argument), document="77/UBND", **known)
            case "hold":
                moves.hold(c, occurrence_id, until=date.fromisoformat(argument), **known)
            case _:
                raise ValueError(name)


_WORK: dict[str, Callable[[Engine, str, Task, Told, Any], None]] = {
    "planner": _plan,
    "sender": _send,
    "officer": _decide,
}


if __name__ == "__main__":
    _serve()
