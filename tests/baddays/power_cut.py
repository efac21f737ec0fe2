"""A process that is killed in the middle of its work: ``python -m tests.baddays.power_cut WORK URL FILE N``.

WORK is ``migrate``, ``backup`` or ``restore``. After its Nth statement to the database the process ends as in a power
cut: nothing is cleaned up, nothing is said. N = 0 lets it finish and prints how many statements there were.
``check`` as N ends it when everything is written and nothing has its name yet.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

from app.backup import dump
from app.backup.dump import back_up
from app.backup.load import restore
from app.database import migrate
from tasks.database import make_engine
from tests.support import at

NOW = at("2024-12-16 12:15")


def die(*_anything: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Cut:
    """Counts statements and ends the process after the last one it is allowed."""

    def __init__(self, allowed: int) -> None:
        self.allowed, self.done, self.committed = allowed, 0, 0

    def __call__(self, *_facts: Any) -> None:
        self.done += 1
        if self.done == self.allowed:
            die()

    def commit(self, connection: Connection) -> None:
        if connection.get_execution_options().get("writes"):
            self.committed = self.done


def work(name: str, engine: Engine, file: Path) -> None:
    home = file.parent
    match name:
        case "migrate":
            migrate(engine)
        case "backup":
            back_up(engine, file, home=home, now=NOW)
        case "restore":
            restore(engine, file, home=home, now=NOW, actor="test")


def main(name: str, url: str, file: str, when: str) -> None:
    engine = make_engine(url)
    cut = Cut(0 if when == "check" else int(when))
    event.listen(engine, "after_cursor_execute", cut)
    event.listen(engine, "commit", cut.commit)
    if when == "check":
        setattr(dump, "check", die)  # noqa: B010 - what is read back there is no part of its interface
    work(name, engine, Path(file))
    engine.dispose()
    sys.stdout.write(f"{cut.committed}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
