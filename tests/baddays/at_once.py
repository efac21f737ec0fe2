"""Two transactions at once, in an order that the test decides, on a PostgreSQL server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, text

PATIENCE = 120  # seconds until something counts as stuck


class Other:
    """Work in a thread of its own. ``result`` waits for it and raises what it raised."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work
        self._value: Any = None
        self._error: BaseException | None = None
        self.done = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            self._value = self._work()
        except BaseException as error:
            self._error = error
        self.done.set()

    def result(self) -> Any:
        assert self.done.wait(PATIENCE), "stuck"
        if self._error is not None:
            raise self._error
        return self._value


def until_one_waits(engine: Engine, *others: Other) -> None:
    """Returns when a transaction of this database waits for another one, or one of the ``others`` has ended."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
    )
    pause = threading.Event()
    for _round in range(PATIENCE * 50):
        with engine.connect() as c:
            if c.execute(waiting).scalar_one() or any(other.done.is_set() for other in others):
                return
        pause.wait(0.02)
    raise AssertionError("nobody waits")


class Gate:
    """Holds the first statement that begins with these words until ``open``."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.reached, self._open = threading.Event(), threading.Event()

    def __call__(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not self.reached.is_set() and " ".join(statement.split()).startswith(self.words):
            self.reached.set()
            assert self._open.wait(PATIENCE), "nobody opened the gate"

    def open(self) -> None:
        self._open.set()


@contextmanager
def gate(engine: Engine, words: str) -> Iterator[Gate]:
    """A gate for the work that goes through this engine."""
    made = Gate(words)
    event.listen(engine, "before_cursor_execute", made)
    try:
        yield made
    finally:
        made.open()
        event.remove(engine, "before_cursor_execute", made)
