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

from app.figures.columns import AGENCY, LINE, WRONG, Columns, is_numbering, is_total, recognise
from app.figures.gathering import Period, reports
from app.figures.grid import Grid, Number, RawCell
from app.figures.reported import Reported
from app.figures.sheets import OCCURRENCE
from plans.figure_numbers import is_whole, plain_text, read_cell, read_number, value_text
from plans.model import Duty, Figure, Plan, Register
from plans.text import _, _n
from plans.values import Unreadable
from tasks import figure_desk
from tasks.agencies import load_register
from tasks.database import writing
from tasks.errors import BadInput, RegisterError
from tasks.figure_desk import asked_of
from tasks.finding import Body, bodies, find, suggest
from tasks.model import State

_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+", re.ASCII)


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
    at, columns = recognise(grid, asked_of(plan, duty.id), [each for each in plan.figures if each.computed])
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
        return self.of_agency[self._called(said).id]

    def _called(self, said: str) -> Body:
        """The name, or as much of it that it fits only one of those who owe: the dry run shows who was taken."""
        try:
            return find(self.bodies, said, strictly=True)
        except BadInput:
            fitting = suggest(self.bodies, said)
            if len(fitting) == 1 and len(said.split()) > 1 and 0 in (fitting[0][1].left_out, fitting[0][1].open):
                return fitting[0][0]
            raise


def _line(columns: Columns, row: Sequence[RawCell], number: int, owing: _Owing) -> Line | None:
    """None for blank lines, totals, and numberings of the columns."""
    said, occurrence = _at(row, columns.agency), _at(row, columns.occurrence)
    told = _at(row, columns.line)
    number = int(told) if told.isascii() and told.isdecimal() and len(told) < 8 else number
    filled = {place: row[place] for place in columns.figures if place < len(row) and row[place] != ""}
    blank = not said and not occurrence and not filled
    if blank or is_total(said) or is_numbering(said, list(filled.values())):
        return None
    cells = {columns.figures[place].id: _kept(value) for place, value in filled.items()}
    try:
        if before := _at(row, columns.wrong):  # told by the dry run; the cell may look right by now
            raise BadInput(before)
        line = owing.meant(occurrence, said)
        entries, wrong = _entries(columns, filled, line)
    except BadInput as error:
        return Line(number, said or occurrence, Fate.WRONG, str(error), cells=cells)
    cells |= {entry.figure.id: plain_text(entry.value) for entry in entries}
    changed = tuple(entry for entry in entries if entry.text != entry.was)
    if wrong:
        fate, why, changed = Fate.WRONG, "; ".join(wrong), ()
    else:
        fate = Fate.CHANGE if any(entry.was for entry in changed) else Fate.NEW if changed else Fate.SAME
        why = "" if filled else _("Không có số liệu nào trong dòng này.")
    return Line(number, said or line.agency, fate, why, line.occurrence_id, line.agency, changed, cells)


def _entries(columns: Columns, filled: Mapping[int, RawCell], line: Reported) -> tuple[list[Entry], list[str]]:
    entries, wrong = [], []
    for place, cell in filled.items():
        figure = columns.figures[place]
        try:
            value = _value(cell, figure, headed=place in columns.headed, english=columns.english)
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


def _value(cell: RawCell, figure: Figure, *, headed: bool, english: bool) -> Decimal:
    if isinstance(cell, Number):
        return read_cell(cell.value, figure, percent=cell.percent, headed=headed)
    if english and _GROUPED.fullmatch(cell) and not is_whole(figure):
        message = _("“{text}” là {whole} hay {decimal}? Ô khác của bảng dùng dấu chấm cho phần thập phân")
        said = message.format(text=cell, whole=cell.replace(".", ""), decimal=cell.replace(".", ","))
        raise Unreadable(said, _("Viết dấu phẩy cho phần thập phân trong cả bảng"))
    return read_number(cell, figure)


def _kept(cell: RawCell) -> str:
    if isinstance(cell, Number):
        return f"{cell.value:g}".replace(".", ",") + ("%" if cell.percent else "")
    return cell


def _at(row: Sequence[RawCell], place: int | None) -> str:
    cell = row[place] if place is not None and place < len(row) else ""
    return cell if isinstance(cell, str) else f"{cell.value:g}"


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
    head = [AGENCY, *(figure.id for figure in found.figures), OCCURRENCE, LINE, WRONG]
    rows = [
        [
            line.said,
            *((line.cells or {}).get(figure.id, "") for figure in found.figures),
            line.occurrence_id,
            str(line.number),
            line.why if line.fate is Fate.WRONG else "",
        ]
        for line in found.lines
    ]
    return "\n".join("\t".join(_quoted(cell) for cell in row) for row in [head, *rows])


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
