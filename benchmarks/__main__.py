"""``make bench``: measures all or some, keeps the results and writes docs/performance.md.

python -m benchmarks [NAME…] [--database sqlite|postgresql] [--size full|quick|tiny]

Without names everything is measured; ``page`` measures nothing. Only ``full`` sizes are kept and come to the page. Ends
with 1 where a bar was missed or a benchmark failed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator, Sequence

from benchmarks import page
from benchmarks.context import FULL, SIZES, progress
from benchmarks.databases import POSTGRESQL, SQLITE
from benchmarks.figures import number
from benchmarks.machine import ROOT
from benchmarks.measuring import NAMES, NONE, subject
from benchmarks.results import Result, keep, kept, result_of

_PAGE = "page"
_DATABASES = {name.lower(): name for name in (SQLITE, POSTGRESQL)}


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _arguments().parse_args(arguments)
    failed, missed = [], []
    for name, database in chosen(asked.names or NAMES, asked.database):
        progress(f"{name} on {database}" if database != NONE else name)
        result = _measured(name, database, asked.size)
        if result is None:
            failed.append(f"{name} on {database}")
            continue
        if asked.size == FULL.name:
            keep(result)
        missed += list(_told(result))
    if asked.size == FULL.name:
        page.write(list(kept()))
        progress(f"{page.PAGE.relative_to(ROOT)} written")
    for what in failed:
        progress(f"FAILED: {what}")
    for what in missed:
        progress(f"bar missed: {what}")
    return 1 if failed or missed else 0


def chosen(names: Sequence[str], database: str | None) -> Iterator[tuple[str, str]]:
    """What to measure on which database; ``NONE`` where they do not differ."""
    only = _DATABASES[database] if database else None
    for name in names:
        if name != _PAGE:
            for each in subject(name).databases or (NONE,):
                if only in (None, each) or each == NONE:
                    yield name, each


def _measured(name: str, database: str, size: str) -> Result | None:
    """None where it failed; what it said about that is on the screen, and the others go on."""
    command = [sys.executable, "-m", "benchmarks.measuring", name, database, size]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=False, text=True)
    return result_of(done.stdout) if done.returncode == 0 else None


def _told(result: Result) -> Iterator[str]:
    """Prints the figures; yields the bars that were missed."""
    for figure in result.figures:
        bar = f"  [{figure.bar.text}{', MISSED' if figure.missed else ''}]" if figure.bar else ""
        progress(f"  {figure.title}: {number(figure.value)} {figure.unit}{bar}")
        if figure.missed:
            yield f"{result.name} {result.database}: {figure.title}: {number(figure.value)} {figure.unit}"
    progress(f"  took {result.seconds:.0f} s")


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.partition("\n")[0])
    # a type, not choices: with choices Python 3.11 refuses the empty list
    parser.add_argument("names", nargs="*", type=_name, metavar="NAME", help=", ".join([*NAMES, _PAGE]))
    parser.add_argument("--database", choices=sorted(_DATABASES), help="only this one, where two are compared")
    parser.add_argument("--size", choices=SIZES, default=FULL.name, help="smaller ones only show that it runs")
    return parser


def _name(typed: str) -> str:
    if typed not in (*NAMES, _PAGE):
        raise argparse.ArgumentTypeError(f"{typed!r} is none of {', '.join([*NAMES, _PAGE])}")
    return typed


if __name__ == "__main__":
    sys.exit(main())
