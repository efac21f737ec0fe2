"""Lists as files that Excel opens cleanly: CSV for a double click, XLSX with real dates.

CSV is UTF-8 with a byte order mark, cells separated by semicolons, lines by CR LF. Excel takes the separator from the
regional settings, and with Vietnamese ones that is the semicolon, because the comma is the decimal sign; without the
mark it would read the letters as another code page. A line "sep=;" would help English settings, but Excel then passes
over the mark. Whoever has other settings takes the XLSX.

What people typed never becomes a formula: in CSV an apostrophe goes before it, in XLSX the cell is marked as text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from plans.calendar import local_time
from plans.text import day_text

Cell = str | int | float | date | datetime | None

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_000_000  # Excel's own limit is a little higher
_IN_MEMORY = 4 << 20
_AT_ONCE = 200  # lines of CSV that go out together
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_DAY, _MOMENT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and how many characters wide it is."""

    title: str
    width: int = 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """One list: every row has as many cells as there are columns."""

    name: str  # at most 31 characters, none of []:*?/\
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


def as_csv(sheet: Sheet) -> Iterator[bytes]:
    """The file piece by piece; rows are read while it goes out."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.title for column in sheet.columns])
    yield b"\xef\xbb\xbf"
    for number, row in enumerate(sheet.rows, 1):
        writer.writerow([_plain(cell) for cell in row])
        if number % _AT_ONCE == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _plain(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case datetime():
            here = local_time(cell)
            return f"{day_text(here.date())} {here:%H:%M}"
        case date():
            return day_text(cell)
        case float():
            return f"{cell}".replace(".", ",")
        case int():
            return cell
        case _text:
            return harmless(cell)


def harmless(text: str) -> str:
    """The same text, which no spreadsheet takes for a formula; other control characters are left out."""
    clean = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{clean}" if clean.startswith(_DANGEROUS) else clean


def as_xlsx(sheets: Iterable[Sheet]) -> IO[bytes]:
    """A workbook, rewound; small ones stay in memory, large ones lie in a temporary file. The caller closes it."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(book, sheet)
    file: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - handed on
    try:
        book.save(file)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def _write(book: Any, sheet: Sheet) -> None:
    page = book.create_sheet(sheet.name)
    page.freeze_panes = "A2"
    for number, column in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(number)].width = column.width
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9  # A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    rows = 1
    page.append([_heading(page, column.title) for column in sheet.columns])
    for row in sheet.rows:
        page.append([_cell(page, cell) for cell in row])
        rows += 1
        if rows >= MOST_ROWS:
            break
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{rows}"


def _heading(page: Any, title: str) -> Any:
    cell = WriteOnlyCell(page, title)
    cell.font = _BOLD
    cell.fill = _GREY
    cell.alignment = _WRAPPED
    return cell


_BOLD = Font(bold=True)
_GREY = PatternFill("solid", fgColor="E3F0EC")
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def _cell(page: Any, value: Cell) -> Any:
    match value:
        case datetime():
            cell = WriteOnlyCell(page, local_time(value).replace(tzinfo=None))
            cell.number_format = _MOMENT
        case date():
            cell = WriteOnlyCell(page, datetime(value.year, value.month, value.day))  # noqa: DTZ001 - Excel has no zones
            cell.number_format = _DAY
        case str():
            cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", value)[:32_000])
            cell.data_type = "s"  # text, whatever it begins with
            cell.quotePrefix = value.startswith(_DANGEROUS)  # and it stays text when somebody edits it
            cell.alignment = _WRAPPED
        case _number:
            return value
    return cell
