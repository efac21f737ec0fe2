"""docs/performance.md: what the kept results say, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import wrap

from benchmarks.databases import POSTGRESQL, SQLITE
from benchmarks.figures import Figure, number
from benchmarks.machine import ROOT
from benchmarks.measuring import NAMES, Subject, subject
from benchmarks.results import Result

PAGE = ROOT / "docs" / "performance.md"
_COLUMNS = (SQLITE, POSTGRESQL)
_HEAD = """\
# Performance

Written by `make bench` from `benchmarks/results/`; do not edit. `make bench` measures everything anew (about
{minutes:.0f} minutes on the machine below), `make bench BENCH="advance morning"` single ones, `DATABASE=sqlite` on one
database; `make bench BENCH=page` only puts this page together.

The bars are of this project. Where it can be, a bar is a ratio of two things measured in turns in the same run, because
such a figure says the same on any machine; seconds and rows per second hold for the machine below. A figure is the
median of its rounds, with the lowest and the highest in brackets where there were several. Registers are as durable as
an installation's: every commit reaches the disk.
"""
_BUSY = " **The machine was busy with other work**: seconds are longer and rates lower than on a quiet one."
_EQUAL = ("Processor", "Memory", "System", "Python", "SQLite", "Packages")


def text_of(results: Sequence[Result]) -> str:
    """The whole page."""
    in_order = sorted(results, key=lambda each: ("", *_COLUMNS).index(each.database))
    chosen = [(subject(name), [each for each in in_order if each.name == name]) for name in NAMES]
    there = [(about, found) for about, found in chosen if found]
    parts = [_HEAD.format(minutes=max(sum(each.seconds for each in results) / 60, 1))]
    parts += [_bars(there), _machine(results)]
    parts += [_section(about, found) for about, found in there]
    missing = [about.title for about, found in chosen if not found]
    if missing:
        parts.append("## Not measured yet\n\n" + "".join(f"- {title}\n" for title in missing))
    return "\n".join(parts)


def write(results: Sequence[Result], path: Path = PAGE) -> None:
    path.write_text(text_of(results), encoding="utf-8")


def _bars(there: Iterable[tuple[Subject, list[Result]]]) -> str:
    lines = ["## Bars", "", *_head("what", "bar", *_COLUMNS, "reached")]
    for about, found in there:
        for key in _keys(found):
            figures = {each.database: figure for each in found for figure in each.figures if figure.key == key}
            bars = [figure.bar for figure in figures.values() if figure.bar]
            if bars:
                missed = [database or "" for database, figure in figures.items() if figure.missed]
                values = [_short(figures.get(database)) for database in _COLUMNS]
                if "" in figures:
                    values = [_short(figures[""]), "the same"]
                said = f"**no** ({', '.join(missed)})".replace(" ()", "") if missed else "yes"
                what = f"{about.title}: {next(iter(figures.values())).title}"
                lines.append(_row(what, f"{bars[0].text} {next(iter(figures.values())).unit}", *values, said))
    return "\n".join(lines) + "\n"


def _machine(results: Sequence[Result]) -> str:
    """What all runs had in common; where they differ, every value."""
    lines = ["## Machine", "", *_head("", "")]
    for name in _EQUAL:
        lines.append(_row(name, "; ".join(dict.fromkeys(each.machine[name] for each in results))))
    servers = dict.fromkeys(each.machine["PostgreSQL"] for each in results if each.database == POSTGRESQL)
    if servers:
        lines.append(_row("PostgreSQL", "; ".join(servers)))
    return "\n".join(lines) + "\n"


def _section(about: Subject, found: list[Result]) -> str:
    lines = [f"## {about.title}", "", *wrap(about.how, 120), ""]
    columns = _COLUMNS if about.databases else ("",)
    by_database = {each.database: {figure.key: figure for figure in each.figures} for each in found}
    lines += _head("figure", "unit", *(column or "value" for column in columns), "bar")
    for key in _keys(found):
        figures = [by_database.get(column, {}).get(key) for column in columns]
        first = next(figure for figure in figures if figure)
        judged = _judged({column: figure for column, figure in zip(columns, figures, strict=True) if figure})
        lines.append(_row(first.title, first.unit, *map(_long, figures), judged))
    lines += ["", *map(_when, found)]
    return "\n".join(lines) + "\n"


def _judged(figures: Mapping[str, Figure]) -> str:
    """The bar, and whether it is reached everywhere."""
    bars = [figure.bar for figure in figures.values() if figure.bar]
    if not bars:
        return ""
    missed = ", ".join(filter(None, (column for column, figure in figures.items() if figure.missed)))
    if not any(figure.missed for figure in figures.values()):
        return f"{bars[0].text}: reached"
    return f"{bars[0].text}: **missed**{f' ({missed})' if missed else ''}"


def _when(found: Result) -> str:
    """When, and how busy the machine was: on a busy one the seconds are too many."""
    about = found.machine
    where = f"{found.database}: " if found.database else ""
    return (
        f"- {where}{about['Date']}, commit {about['Commit']}, load {about['Load when it began']} when it began, "
        f"{about['Disk']}; took {number(found.seconds)} s in all.{_BUSY if _busy(about) else ''}"
    )


def _busy(about: Mapping[str, str]) -> bool:
    """Whether more processes wanted to run than there are cores, before this one had begun."""
    return float(about["Load when it began"].split()[0]) > int(about["Processor"].split()[-2])


def _keys(found: Iterable[Result]) -> Iterator[str]:
    """Of the figures, in their order, each once."""
    yield from dict.fromkeys(figure.key for each in found for figure in each.figures)


def _short(figure: Figure | None) -> str:
    return number(figure.value) if figure else "–"


def _long(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    lowest, highest = min(figure.values), max(figure.values)
    several = f" ({number(lowest)} … {number(highest)})" if len(figure.values) > 1 else ""
    return f"{number(figure.value)}{several}"


def _head(*cells: str) -> list[str]:
    return [_row(*cells), _row(*("---" for _cell in cells))]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")
