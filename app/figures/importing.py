"""Figures from a spreadsheet, an agency a line: what each line would write, and the writing of those that are right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from app.figures.gathering import Period, reports
from app.figures.grid import Grid, Number, RawCell
from app.figures.reported import Reported
from app.figures.sheets import OCCURRENCE, heading_of, total_word
from plans.figure_numbers import plain_text, read_cell, read_number, unit_word, value_text
from plans.model import Duty, Figure, Plan, Register
from plans.text import _, _n, fold
from plans.values import Unreadable
from tasks import figure_desk
from tasks.agencies import load_register
from tasks.database import writing
from tasks.errors import BadInput, RegisterError
from tasks.figure_desk import asked_of
from tasks.finding import Body, bodies, find
from tasks.model import State

_LINE = "dondoc:dòng"
_WRITTEN = "Cơ quan"  # in every language, read again
_HEADINGS_WITHIN = 15  # rows from the top
_AGENCY = ("co quan", "don vi", "ten don vi", "ten co quan", "co quan don vi", "don vi bao cao", "co quan bao cao",
           "dia phuong", "don vi dia phuong")  # fmt: skip
_PASSED_OVER = ("tong", "tong cong", "cong", "tong so", "toan tinh", "so don vi chua co so lieu")
_COLUMN_NAMES = ("stt", "tt", "so tt", "ghi chu", "ma ky", "trang thai")


class Fate(StrEnum):
    """What becomes of a line."""

    NEW = "new"
    CHANGE = "change"  # something else stands there already: a correction
    SAME = "same"  # nothing to do
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell: ``was`` is what stands in the register, both as people write them; ``was`` is "" where nothing does."""

    figure: Figure
    value: Decimal
    text: str
    was: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """``number`` counts as the spreadsheet does. ``entries``: what would be written, the same ones not."""

    number: int
    said: str
    fate: Fate
    why: str = ""
    occurrence_id: str = ""
    agency: str = ""
    entries: tuple[Entry, ...] = ()
    cells: Mapping[str, str] | None = None  # all that was read, to be read again


@dataclass(frozen=True, slots=True)
class Import:
    """A spreadsheet that was looked at. ``unknown``: headings that are no figure of this duty."""

    figures: tuple[Figure, ...]
    lines: tuple[Line, ...]
    unknown: tuple[str, ...] = ()

    def of(self, fate: Fate) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.fate is fate)


@dataclass(frozen=True, slots=True)
class Written:
    """Numbers of the lines that were written, and why the others were not."""

    done: tuple[int, ...]
    refused: tuple[tuple[int, str], ...]


def check(
    connection: Connection, plan: Plan, duty: Duty, found: Sequence[Period], period: Period, grid: Grid
) -> Import:
    """Every line judged, by a fixed number of queries. Raises BadInput where the columns cannot be told."""
    at, columns = _columns(grid, asked_of(plan, duty.id), [each for each in plan.figures if each.computed])
    lines = [each for each in reports(connection, plan, duty, found, period).lines if each.state not in _GONE]
    owing = _Owing(lines, load_register(connection))
    read = [
        line
        for number, row in enumerate(grid[at + 1 :], at + 2)
        if (line := _line(columns, row, number, owing)) is not None
    ]
    if not read:
        raise BadInput(_("Không có dòng nào dưới dòng tiêu đề."))
    return Import(tuple(columns.figures.values()), tuple(_once_each(read)), columns.unknown)


_GONE = frozenset({State.TRANSFERRED, State.CANCELLED})


@dataclass(frozen=True, slots=True)
class _Columns:
    agency: int | None
    occurrence: int | None
    line: int | None
    figures: Mapping[int, Figure]
    headed: frozenset[int]  # columns whose heading says that they are in percent
    unknown: tuple[str, ...]


class _Owing:
    """Who owes the report, to be found by name or occurrence."""

    def __init__(self, lines: Sequence[Reported], register: Register) -> None:
        self.of_agency = {line.agency_id: line for line in lines}
        self.of_occurrence = {line.occurrence_id: line for line in lines}
        self.bodies: tuple[Body, ...] = bodies(register[each] for each in self.of_agency)

    def meant(self, occurrence: str, said: str) -> Reported:
        """Raises BadInput."""
        if occurrence:
            if occurrence in self.of_occurrence:
                return self.of_occurrence[occurrence]
            raise BadInput(_("Mã kỳ {occurrence} không thuộc kỳ đang nhập.").format(occurrence=occurrence))
        if not said:
            raise BadInput(_("Thiếu tên cơ quan."))
        return self.of_agency[find(self.bodies, said, strictly=True).id]


def _columns(grid: Grid, asked: Sequence[Figure], computed: Sequence[Figure]) -> tuple[int, _Columns]:
    known = {*_COLUMN_NAMES, *(name for figure in computed for name in _names(figure))}
    names = {name: figure for figure in asked for name in _names(figure)}
    for at, row in enumerate(grid[:_HEADINGS_WITHIN]):
        titles = [cell if isinstance(cell, str) else "" for cell in row]
        figures: dict[int, Figure] = {}
        for place, title in enumerate(titles):
            figure = names.get(fold(title)) or names.get(fold(_bare(title)))
            if figure is not None and figure not in figures.values():
                figures[place] = figure
        agency = next((place for place, title in enumerate(titles) if fold(title) in _AGENCY), None)
        occurrence = titles.index(OCCURRENCE) if OCCURRENCE in titles else None
        if figures and (agency is not None or occurrence is not None):
            taken = {agency, occurrence, *figures}
            unknown = [title for place, title in enumerate(titles) if title and place not in taken]
            return at, _Columns(
                agency,
                occurrence,
                titles.index(_LINE) if _LINE in titles else None,
                figures,
                frozenset(place for place in figures if "%" in titles[place]),
                tuple(each for each in unknown if each != _LINE and fold(each) not in known),
            )
    wanted = "; ".join(heading_of(figure) for figure in asked)
    said = _("Không thấy dòng tiêu đề có cột “Cơ quan” và ít nhất một số liệu: {names}.")
    raise BadInput(said.format(names=wanted))


def _names(figure: Figure) -> set[str]:
    """How a column of it may be called."""
    return {fold(figure.name), fold(figure.id), fold(heading_of(figure)), fold(f"{figure.name} {unit_word(figure)}")}


def _bare(title: str) -> str:
    """Without what stands in brackets at its end: the unit."""
    return re.sub(r"\s*\([^()]*\)\s*$", "", title)


def _line(columns: _Columns, row: Sequence[RawCell], number: int, owing: _Owing) -> Line | None:
    """None for blank lines, totals, and the line "(1) (2) (3)" that official tables have below their headings."""
    said, occurrence = _at(row, columns.agency), _at(row, columns.occurrence)
    told = _at(row, columns.line)
    number = int(told) if told.isascii() and told.isdecimal() and len(told) < 8 else number
    filled = {place: row[place] for place in columns.figures if place < len(row) and row[place] != ""}
    blank = not said and not occurrence and not filled
    if blank or fold(said) in (*_PASSED_OVER, fold(total_word())) or _numbering(said, filled):
        return None
    cells = {columns.figures[place].id: _kept(value) for place, value in filled.items()}
    try:
        line = owing.meant(occurrence, said)
        entries, wrong = _entries(columns, filled, line)
    except BadInput as error:
        return Line(number, said or occurrence, Fate.WRONG, str(error), cells=cells)
    read = {entry.figure.id: plain_text(entry.value) for entry in entries}
    names = {"occurrence_id": line.occurrence_id, "agency": line.agency, "cells": cells | read}
    if wrong:
        return Line(number, said or line.agency, Fate.WRONG, "; ".join(wrong), **names)
    changed = tuple(entry for entry in entries if entry.text != entry.was)
    fate = Fate.CHANGE if any(entry.was for entry in changed) else Fate.NEW if changed else Fate.SAME
    why = "" if filled else _("Không có số liệu nào trong dòng này.")
    return Line(number, said or line.agency, fate, why, entries=changed, **names)


def _entries(columns: _Columns, filled: Mapping[int, RawCell], line: Reported) -> tuple[list[Entry], list[str]]:
    entries, wrong = [], []
    for place, cell in filled.items():
        figure = columns.figures[place]
        try:
            value = _value(cell, figure, place in columns.headed)
        except Unreadable as error:
            wrong.append(refusal(figure, error))
            continue
        was = line.given.get(figure.id)
        entries.append(
            Entry(figure, value, value_text(value, figure), value_text(was, figure) if was is not None else "")
        )
    return entries, wrong


def refusal(figure: Figure, error: Unreadable) -> str:
    """Which figure, what is wrong with it, and what to write."""
    return f"{figure.name}: {error.message}. {error.hint}".rstrip(". ") + "."


def _value(cell: RawCell, figure: Figure, headed: bool) -> Decimal:
    if isinstance(cell, Number):
        return read_cell(cell.value, figure, percent=cell.percent, headed=headed)
    return read_number(cell, figure)


def _kept(cell: RawCell) -> str:
    if isinstance(cell, Number):
        return f"{cell.value:g}".replace(".", ",") + ("%" if cell.percent else "")
    return cell


def _at(row: Sequence[RawCell], place: int | None) -> str:
    cell = row[place] if place is not None and place < len(row) else ""
    return cell if isinstance(cell, str) else f"{cell.value:g}"


def _numbering(said: str, filled: Mapping[int, RawCell]) -> bool:
    shown = [said, *(cell if isinstance(cell, str) else f"{cell.value:g}" for cell in filled.values())]
    bare = [each.strip("() ") for each in shown if each]
    return said != "" and all(each.isdecimal() and len(each) <= 2 for each in bare)


def _once_each(lines: Iterable[Line]) -> Iterable[Line]:
    """An agency that stands in two lines is right in neither."""
    first: dict[str, int] = {}
    for line in lines:
        at = first.setdefault(line.occurrence_id, line.number) if line.occurrence_id else line.number
        if at == line.number:
            yield line
        else:
            why = _("{agency} đã có ở dòng {n}.").format(agency=line.agency, n=at)
            yield Line(line.number, line.said, Fate.WRONG, why, line.occurrence_id, line.agency, cells=line.cells)


def write(engine: Engine, lines: Iterable[Line], *, now: datetime, actor: str) -> Written:
    """A savepoint per line: a refusal leaves nothing of that line, a power cut nothing of any."""
    done: list[int] = []
    refused: list[tuple[int, str]] = []
    with writing(engine) as connection:
        for line in lines:
            values = {entry.figure.id: entry.value for entry in line.entries}
            try:
                with connection.begin_nested():
                    figure_desk.put(connection, line.occurrence_id, values, now=now, actor=actor)
            except RegisterError as error:
                refused.append((line.number, str(error)))
            else:
                done.append(line.number)
    return Written(tuple(done), tuple(refused))


def as_lines(found: Import) -> str:
    """The lines as a form carries them from the dry run on: read again they mean the same."""
    head = [_WRITTEN, *(figure.id for figure in found.figures), OCCURRENCE, _LINE]
    rows = [
        [line.said, *((line.cells or {}).get(figure.id, "") for figure in found.figures), line.occurrence_id]
        for line in found.lines
    ]
    numbered = [[*row, str(line.number)] for row, line in zip(rows, found.lines, strict=True)]
    return "\n".join("\t".join(_quoted(cell) for cell in row) for row in [head, *numbered])


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if cell.startswith('"') else cell


def summary(found: Import) -> str:
    """``5 dòng mới, 1 dòng sửa số đã có, 2 dòng không đổi, 1 dòng chưa nhập được``."""
    counts = {fate: len(found.of(fate)) for fate in Fate}
    return ", ".join(
        (
            _n("{n} dòng mới", counts[Fate.NEW]).format(n=counts[Fate.NEW]),
            _n("{n} dòng sửa số đã có", counts[Fate.CHANGE]).format(n=counts[Fate.CHANGE]),
            _n("{n} dòng không đổi", counts[Fate.SAME]).format(n=counts[Fate.SAME]),
            _n("{n} dòng chưa nhập được", counts[Fate.WRONG]).format(n=counts[Fate.WRONG]),
        )
    )
