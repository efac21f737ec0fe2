"""A spreadsheet of figures as cells: pasted text, CSV or Excel. Numbers that Excel holds as such stay numbers."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

from openpyxl import load_workbook

from app.workbooks import opened_workbook
from plans.text import _, day_text
from tasks.errors import BadInput

MOST_ROWS = 2_000
_MOST_COLUMNS = 100
_MOST_BLANK = 1_000
_LONGEST = 300  # characters of one cell
_MOST_BYTES = 4 << 20  # of a CSV file


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a cell. ``percent``: the cell shows it with a %."""

    value: float
    percent: bool = False


RawCell = str | Number
Grid = list[list[RawCell]]


def pasted(text: str) -> Grid:
    """The cells of a text with tabs, semicolons or commas between them. Raises BadInput."""
    clean = unicodedata.normalize("NFC", text.removeprefix("\ufeff")).replace("\r\n", "\n").replace("\r", "\n")
    lines = clean.replace("\x00", "").split("\n")
    try:
        rows = [list(row) for row in csv.reader(lines, delimiter=_delimiter(lines))]
    except csv.Error as error:
        raise BadInput(_("Không đọc được nội dung đã dán. Chọn cả các cột trong bảng tính rồi dán lại.")) from error
    if len(rows) > MOST_ROWS:
        raise BadInput(_too_many())
    return [[_clean(cell) for cell in row[:_MOST_COLUMNS]] for row in rows]


def _delimiter(lines: Sequence[str]) -> str:
    """What the first line with several cells uses; Excel in Vietnam writes semicolons."""
    for line in lines:
        for mark in ("\t", ";"):
            if mark in line:
                return mark
    return ","


def file(path: Path) -> Grid:
    """The cells of an .xlsx (its first sheet) or of a CSV in UTF-8. Raises BadInput, BadZip."""
    with path.open("rb") as opened:
        start = opened.read(4)
    if start.startswith(b"PK"):
        return workbook(path)
    if path.stat().st_size > _MOST_BYTES:
        raise BadInput(_too_many())
    try:
        return pasted(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        said = _("Tệp phải là Excel (.xlsx) hoặc CSV mã UTF-8. Tệp .xls: mở ra và lưu lại thành .xlsx.")
        raise BadInput(said) from error


def workbook(path: Path) -> Grid:
    """The first sheet. Raises BadInput, BadZip, WrongKind."""
    said = _("Bảng số liệu phải là tệp Excel (.xlsx). Tệp .xls: mở ra và lưu lại thành .xlsx.")
    with opened_workbook(path, said) as opened:
        return _cells(opened)


def _cells(opened: IO[bytes]) -> Grid:
    book = load_workbook(opened, read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size is not to be trusted
        return list(_rows(sheet))
    finally:
        book.close()


def _rows(sheet: Any) -> Iterator[list[RawCell]]:
    blank = kept = 0
    for row in sheet.iter_rows(max_col=_MOST_COLUMNS):
        cells = [_cell(each) for each in row]
        empty = not any(cell != "" for cell in cells)
        blank = blank + 1 if empty else 0
        kept += not empty
        if blank > _MOST_BLANK:
            return
        if kept > MOST_ROWS:
            raise BadInput(_too_many())
        yield cells


def _cell(cell: Any) -> RawCell:
    value = cell.value
    match value:
        case None:
            return ""
        case bool():
            return str(value)
        case int() | float():
            return Number(float(value), "%" in str(cell.number_format or ""))
        case date():
            return day_text(value)
        case _:
            return _clean(unicodedata.normalize("NFC", str(value)))


def _clean(text: str) -> str:
    kept = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return kept.removeprefix("'")[:_LONGEST]


def _too_many() -> str:
    return _("Mỗi lần nhập tối đa {n} dòng. Chia thành nhiều lần.").format(n=MOST_ROWS)
