"""One benchmark on one database. Each in a process of its own, so that none inherits another one's memory.

python -m benchmarks.measuring NAME DATABASE SIZE      prints the result as JSON; DATABASE is "none" where they do not
                                                       differ
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from benchmarks import machine
from benchmarks.context import SIZES, Bench, Say, Size, progress
from benchmarks.databases import POSTGRESQL, SQLITE, Database, Postgresql, Sqlite
from benchmarks.figures import Figure
from benchmarks.results import Result, text_of
from plans.text import use_language

NAMES = (
    "materialise",
    "advance",
    "memory",
    "morning",
    "handover",
    "punctual",
    "trail",
    "backups",
    "dashboard",
    "prefect_cost",
    "reading",
)
NONE = "none"


class Subject(NamedTuple):
    """A module of this folder: TITLE, HOW, ``measure``, and DATABASES = False where no database is compared."""

    name: str
    title: str
    how: str
    databases: tuple[str, ...]  # empty: measured once
    measure: Callable[[Bench], Iterator[Figure]]


def subject(name: str) -> Subject:
    module = import_module(f"benchmarks.{name}")
    compared = (SQLITE, POSTGRESQL) if getattr(module, "DATABASES", True) else ()
    return Subject(name, module.TITLE, module.HOW, compared, module.measure)


def measured(chosen: Subject, database: Database | None, size: Size, folder: Path, say: Say) -> Result:
    """``folder`` is on the disk that is measured; where no databases are compared, SQLite is there if needed."""
    about = machine.facts(folder, now=datetime.now(UTC), postgresql=getattr(database, "version", None))
    began = time.perf_counter()
    figures = tuple(chosen.measure(Bench(database or Sqlite(folder), size, folder, say)))
    seconds = round(time.perf_counter() - began, 1)
    return Result(chosen.name, database.name if database else "", size.name, seconds, about, figures)


@contextmanager
def opened(name: str, folder: Path) -> Iterator[Database | None]:
    """Where registers come from, for that long. ``name`` as on the command line."""
    if name == POSTGRESQL:
        server = Postgresql()
        try:
            yield server
        finally:
            server.close()
    else:
        yield Sqlite(folder) if name == SQLITE else None


def main(name: str, database: str, size: str) -> None:
    use_language("vi")  # as an installation says it
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as made, opened(database, Path(made)) as store:
        result = measured(subject(name), store, SIZES[size], Path(made), lambda text: progress(f"  {text}"))
    sys.stdout.write(text_of(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
