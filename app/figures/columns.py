"""Which column of a spreadsheet is which: the agency, its occurrence, and the figures, by their headings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.figures.grid import Grid, RawCell
from app.figures.sheets import OCCURRENCE, heading_of, missing_word, total_word
from plans.figure_numbers import unit_word
from plans.model import Figure
from plans.text import _, fold
from tasks.errors import BadInput

LINE, WRONG = "dondoc:dòng", "dondoc:sai"  # what a form carries beside the cells from the dry run on
AGENCY = "Cơ quan"  # in every language, read again
_WITHIN = 15  # rows from the top
_AGENCY = ("co quan", "don vi", "ten don vi", "ten co quan", "co quan don vi", "don vi bao cao", "co quan bao cao",
           "dia phuong", "don vi dia phuong")  # fmt: skip
_TOTALS = ("tong", "tong cong", "cong", "tong so", "toan tinh", "so don vi chua co so lieu")
_PASSED_OVER = ("stt", "tt", "so tt", "ghi chu", "ma ky", "trang thai")
# How a spreadsheet with English settings writes decimals and thousands.
_ENGLISH = re.compile(r"\d+\.\d{1,2}|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Columns:
    """``headed``: columns whose heading says that they are in percent; ``english``: some number of the sheet has a
    decimal point, so that 234.567 could mean two things; ``unknown``: headings that are no figure of this duty."""

    agency: int | None
    occurrence: int | None
    line: int | None
    wrong: int | None
    figures: Mapping[int, Figure]
    headed: frozenset[int]
    english: bool
    unknown: tuple[str, ...]


def recognise(grid: Grid, asked: Sequence[Figure], computed: Sequence[Figure]) -> tuple[int, Columns]:
    """The row of the headings, and what they say. Raises BadInput naming those that are wanted."""
    names = {name: figure for figure in asked for name in _names(figure)}
    passed_over = {*_PASSED_OVER, *(name for figure in computed for name in _names(figure))}
    for at, row in enumerate(grid[:_WITHIN]):
        titles = [cell if isinstance(cell, str) else "" for cell in row]
        figures = _figures(titles, names)
        agency = next((place for place, title in enumerate(titles) if fold(title) in _AGENCY), None)
        own = {name: titles.index(name) if name in titles else None for name in (OCCURRENCE, LINE, WRONG)}
        if figures and (agency is not None or own[OCCURRENCE] is not None):
            taken = {agency, *own.values(), *figures}
            others = [title for place, title in enumerate(titles) if title and place not in taken]
            return at, Columns(
                agency,
                own[OCCURRENCE],
                own[LINE],
                own[WRONG],
                figures,
                frozenset(place for place in figures if "%" in titles[place]),
                _english(grid[at + 1 :], figures),
                tuple(each for each in others if fold(each) not in passed_over),
            )
    wanted = "; ".join(heading_of(figure) for figure in asked)
    said = _("Không thấy dòng tiêu đề có cột “Cơ quan” và ít nhất một số liệu: {names}.")
    raise BadInput(said.format(names=wanted))


def _figures(titles: Sequence[str], names: Mapping[str, Figure]) -> dict[int, Figure]:
    found: dict[int, Figure] = {}
    for place, title in enumerate(titles):
        figure = names.get(fold(title)) or names.get(fold(_bare(title)))
        if figure is not None and figure not in found.values():
            found[place] = figure
    return found


def _names(figure: Figure) -> set[str]:
    """How a column of it may be called."""
    return {fold(figure.name), fold(figure.id), fold(heading_of(figure)), fold(f"{figure.name} {unit_word(figure)}")}


def _bare(title: str) -> str:
    """Without what stands in brackets at its end: the unit."""
    return re.sub(r"\s*\([^()]*\)\s*$", "", title)


def _english(rows: Sequence[Sequence[RawCell]], figures: Mapping[int, Figure]) -> bool:
    cells = (row[place] for row in rows for place in figures if place < len(row))
    return any(isinstance(cell, str) and _ENGLISH.fullmatch(cell) is not None for cell in cells)


def is_total(said: str) -> bool:
    """Whether that line is a sum and no agency."""
    return fold(said) in (*_TOTALS, fold(total_word()), fold(missing_word()))


def is_numbering(said: str, cells: Sequence[RawCell]) -> bool:
    """The line "(1) (2) (3)" that official tables have below their headings."""
    shown = [said, *(cell if isinstance(cell, str) else f"{cell.value:g}" for cell in cells)]
    bare = [each.strip("() ") for each in shown if each]
    return said != "" and all(each.isdecimal() and len(each) <= 2 for each in bare)
