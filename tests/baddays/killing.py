"""Processes that run planner and sender and are killed at a chosen step.

``python -m tests.baddays.killing`` is a process without threads that has everything loaded and forks a child for each
job it is given, so that a child costs milliseconds instead of a start of Python. A child counts its steps (a step is
a statement, a beginning or end of a commit, a word said to or heard from the mail server) and kills itself with
SIGKILL at the one it was told to; nothing of this is known to the product.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, make_url

from notifications import composer, delivery, planner
from notifications.channels import smtp_connection, smtp_reach
from notifications.channels.base import Channel, Letter
from notifications.channels.mail_url import parse_mail_url
from notifications.channels.smtp import SmtpChannel
from notifications.channels.smtp_connection import SmtpConnection
from tasks.database import make_engine

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Job:
    """Advance, compose and deliver at each moment; ``kill_at``: the step not to be survived, counted from 1."""

    url: str
    mail_url: str
    moments: Sequence[str]
    kill_at: int | None = None
    warm: bool = False  # in the forking process itself, without a word to the mail server


@dataclass(frozen=True)
class Ended:
    """How a child ended: ``steps`` that it took, ``last`` of them in words, ``trouble`` where it failed by itself."""

    killed: bool
    steps: int
    last: str
    trouble: str = ""


class Nursery:
    """Asks the forking process; one line of JSON each way."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.baddays.killing"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, job: Job) -> Ended:
        """Raises RuntimeError where the child failed by itself, which no kill excuses."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(job)) + "\n")
        self._process.stdin.flush()
        ended = Ended(**json.loads(self._process.stdout.readline()))
        if ended.trouble:
            raise RuntimeError(ended.trouble)
        return ended

    def close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.wait(60)


# --- In the forking process --------------------------------------------------------------------------------------


_engines: dict[str, Engine] = {}  # one per kind of database: it keeps the statements that it has compiled


def _serve() -> None:
    logging.getLogger().addHandler(logging.NullHandler())  # that a fate is unknown is what is wanted here
    for line in sys.stdin:
        job = Job(**json.loads(line))
        ended = _warm_up(job) if job.warm else _fork(job)
        sys.stdout.write(json.dumps(asdict(ended)) + "\n")
        sys.stdout.flush()


class _Nowhere:
    def send(self, letter: Letter) -> None:
        """Takes it."""


def _warm_up(job: Job) -> Ended:
    _engines.setdefault(make_url(job.url).get_backend_name(), make_engine(job.url))
    engine = _engine_for(job.url)
    _mornings(engine, _Nowhere(), job)
    engine.dispose()
    return Ended(False, 0, "")


def _engine_for(url: str) -> Engine:
    """The warm engine, its connections led to another database."""
    wanted = make_url(url)
    engine = _engines[wanted.get_backend_name()]

    @event.listens_for(engine, "do_connect")
    def lead(_dialect: Any, _record: Any, arguments: list[Any], options: dict[str, Any]) -> None:
        if engine.dialect.name == "sqlite":
            arguments[0] = wanted.database
        else:
            options["dbname"] = wanted.database

    return engine


def _fork(job: Job) -> Ended:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _live(job, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    _pid, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    told = json.loads(said) if said else {"steps": 0, "last": "", "trouble": f"ended with {status} and said nothing"}
    return Ended(killed, **told)


def _live(job: Job, pipe: int) -> None:
    """The child's whole life. It never comes back into the loop of its parent."""
    steps = _Steps(job.kill_at, pipe)
    trouble = ""
    try:
        _work(job, steps)
    except BaseException:
        trouble = traceback.format_exc()
    steps.tell(trouble)
    os._exit(0)


def _work(job: Job, steps: _Steps) -> None:
    engine = _engine_for(job.url)
    _watch_database(engine, steps)
    _watch_mail(steps)
    channel = SmtpChannel(parse_mail_url(job.mail_url))
    _mornings(engine, channel, job)
    channel.close()
    engine.dispose()


def _mornings(engine: Engine, channel: Channel, job: Job) -> None:
    for text in job.moments:
        now = datetime.fromisoformat(text)
        planner.advance(engine, now=now)
        composer.compose(engine, now=now)
        delivery.deliver(engine, {"email": channel}, now=now)


@dataclass
class _Steps:
    kill_at: int | None
    pipe: int
    taken: int = 0
    last: str = ""
    _told: bool = field(default=False)

    def __call__(self, name: str) -> None:
        self.taken += 1
        self.last = name
        if self.taken == self.kill_at:
            self.tell()
            os.kill(os.getpid(), signal.SIGKILL)

    def tell(self, trouble: str = "") -> None:
        told = {"steps": self.taken, "last": self.last, "trouble": trouble}
        os.write(self.pipe, json.dumps(told).encode()[:60_000])


def _watch_database(engine: Engine, steps: _Steps) -> None:
    @event.listens_for(engine, "before_cursor_execute")
    def before(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        steps(f"before {' '.join(statement.split())[:60]}")

    def commit(connection: Any, really: Callable[[Any], None] = engine.dialect.do_commit) -> None:
        steps("before commit")
        really(connection)
        steps("after commit")

    engine.dialect.do_commit = commit  # type: ignore[method-assign,assignment]


def _watch_mail(steps: _Steps) -> None:
    really_reach, really_send, really_hear = smtp_reach.reach, SmtpConnection.send, SmtpConnection.getreply

    def reach(*arguments: Any) -> Any:
        steps("before connecting")
        sock = really_reach(*arguments)
        steps("connected")
        return sock

    def send(self: SmtpConnection, s: Any) -> None:
        word = bytes(s[:12]) if isinstance(s, bytes | bytearray | memoryview) else str(s)[:12]
        steps(f"before saying {word!r}")
        really_send(self, s)
        steps(f"said {word!r}")

    def hear(self: SmtpConnection) -> tuple[int, bytes]:
        answer = really_hear(self)
        steps(f"heard {answer[0]}")
        return answer

    vars(smtp_connection)["reach"] = reach
    SmtpConnection.send = send  # type: ignore[method-assign]
    SmtpConnection.getreply = hear  # type: ignore[method-assign,assignment]


if __name__ == "__main__":
    _serve()
