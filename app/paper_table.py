"""The rows of a registry of incoming papers, as pasted from a spreadsheet or as an Excel file: cells only, no meaning.

Columns are recognised by their headings, with and without diacritics, in any order; what is not needed is passed over.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from openpyxl import load_workbook

from app.workbooks import opened_workbook
from plans.text import _, day_text, fold
from tasks.errors import BadInput

MOST_ROWS = 500
_MOST_COLUMNS = 60
_MOST_BLANK = 1_000  # rows; Excel likes to say that a sheet has a million
_HEADINGS_WITHIN = 15  # rows from the top
_LONGEST = 300  # characters of one cell
_MOST_TEXT = 900_000  # bytes of all rows: they go through a field of a form

COLUMNS = ("issuer", "number", "dated", "received", "subject")
_WRITTEN = ("Cơ quan ban hành", "Số/ký hiệu", "Ngày văn bản", "Ngày đến", "Trích yếu")  # in every language, read again
_LINE = "dondoc:dòng"
_NEEDED = frozenset({"issuer", "number", "received"})
# The registry of Nghị định 30/2020/NĐ-CP, and what offices call the same things.
_HEADINGS: dict[str, tuple[str, ...]] = {
    "number": (
        "so ky hieu", "so ky hieu van ban", "so va ky hieu", "so hieu", "so ky hieu vb", "so van ban", "so vb", "so kh",
        "so",
    ),
    "dated": (
        "ngay van ban", "ngay vb", "ngay thang van ban", "ngay thang nam van ban", "ngay ban hanh", "ngay thang vb",
        "ngay ky", "ngay thang",
    ),
    "received": ("ngay den", "ngay nhan", "ngay tiep nhan", "ngay thang den", "ngay vao so", "thoi gian den"),
    "issuer": (
        "co quan ban hanh", "noi gui", "don vi gui", "co quan gui", "tac gia", "noi ban hanh", "don vi ban hanh",
        "co quan to chuc ban hanh", "ten co quan ban hanh", "co quan", "don vi",
    ),
    "subject": (
        "trich yeu", "trich yeu noi dung", "noi dung trich yeu", "noi dung", "ten loai va trich yeu",
        "ten loai va trich yeu noi dung", "ten loai va trich yeu noi dung van ban", "trich yeu van ban",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One line; ``line`` counts as the spreadsheet does. All as text, days as dd/mm/yyyy where Excel knew them."""

    line: int
    issuer: str
    number: str
    dated: str
    received: str
    subject: str


def pasted(text: str) -> list[Row]:
    """The rows of a text with tabs. Raises BadInput."""
    clean = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    try:
        cells = [list(row) for row in csv.reader(clean.split("\n"), delimiter="\t")]
    except csv.Error as error:
        raise BadInput(_("Không đọc được nội dung đã dán. Chọn cả các cột trong bảng tính rồi dán lại.")) from error
    return rows_of(cells)


def workbook(path: Path) -> list[Row]:
    """The rows of the first sheet. Raises BadInput, BadZip, WrongKind."""
    said = _("Sổ văn bản đến phải là tệp Excel (.xlsx). Tệp .xls: mở ra và lưu lại thành .xlsx.")
    with opened_workbook(path, said) as file:
        return rows_of(_cells(file))


def _cells(file: IO[bytes]) -> list[list[str]]:
    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size is not to be trusted
        return [[_text(value) for value in row] for row in _values(sheet)]
    finally:
        book.close()


def _values(sheet: Any) -> Iterator[Sequence[Any]]:
    blank = kept = 0
    for row in sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS):
        blank = blank + 1 if all(value is None for value in row) else 0
        kept += not blank
        if blank > _MOST_BLANK:
            return
        if kept > MOST_ROWS + _HEADINGS_WITHIN:
            raise BadInput(_too_many())
        yield row


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return day_text(value.date())
        case date():
            return day_text(value)
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def rows_of(cells: Sequence[Sequence[str]]) -> list[Row]:
    """Finds the headings and reads what stands below them. Raises BadInput."""
    at, columns = _headings(cells)
    told = cells[at].index(_LINE) if _LINE in cells[at] else None
    found = []
    for line, row in enumerate(cells[at + 1 :], at + 2):
        values = {name: _clean(row[n]) if n < len(row) else "" for name, n in columns.items()}
        if any(values.values()) and not _numbering(values):
            number = row[told] if told is not None and told < len(row) else ""
            known = int(number) if number.isascii() and number.isdecimal() and len(number) < 8 else line
            found.append(Row(known, **{name: values.get(name, "") for name in COLUMNS}))
    if not found:
        raise BadInput(_("Không có dòng nào dưới dòng tiêu đề."))
    if len(found) > MOST_ROWS or len(as_lines(found).encode()) > _MOST_TEXT:
        raise BadInput(_too_many())
    return found


def _clean(cell: str) -> str:
    text = " ".join("".join(c if c.isprintable() else " " for c in cell).split())
    return text.removeprefix("'")[:_LONGEST]


def _numbering(values: dict[str, str]) -> bool:
    """The line "(1) (2) (3)" that official registers have below their headings."""
    return all(value.strip("() ").isdecimal() and len(value.strip("() ")) <= 2 for value in values.values() if value)


def _headings(cells: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    best: dict[str, int] = {}
    for at, row in enumerate(cells[:_HEADINGS_WITHIN]):
        columns = _columns([fold(cell) for cell in row])
        if columns.keys() >= _NEEDED:
            return at, columns
        best = max(best, columns, key=len)
    missing = ", ".join(heading(name) for name in COLUMNS if name in _NEEDED - best.keys())
    said = _("Không thấy cột: {missing}. Dán cả dòng tiêu đề: Cơ quan ban hành, Số/ký hiệu, Ngày văn bản, Ngày đến.")
    raise BadInput(said.format(missing=missing))


def _columns(names: Sequence[str]) -> dict[str, int]:
    """Which column is which: the more telling heading wins where two would do."""
    found: dict[str, int] = {}
    for column, known in _HEADINGS.items():
        for heading_ in known:
            if heading_ in names:
                found[column] = names.index(heading_)
                break
    return found


def heading(column: str) -> str:
    """The heading that we write."""
    return {
        "issuer": _("Cơ quan ban hành"),
        "number": _("Số/ký hiệu"),
        "dated": _("Ngày văn bản"),
        "received": _("Ngày đến"),
        "subject": _("Trích yếu"),
    }[column]


def as_text(rows: Iterable[Row]) -> str:
    """The rows as they can be pasted again, headings first."""
    lines = ["\t".join(_WRITTEN)]
    lines += ["\t".join(_quoted(getattr(row, name)) for name in COLUMNS) for row in rows]
    return "\n".join(lines)


def as_lines(rows: Iterable[Row]) -> str:
    """The same, each row with its number in the spreadsheet: what a form carries from the dry run on."""
    lines = ["\t".join((*_WRITTEN, _LINE))]
    lines += ["\t".join([*(_quoted(getattr(row, name)) for name in COLUMNS), str(row.line)]) for row in rows]
    return "\n".join(lines)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if cell.startswith('"') else cell


def _too_many() -> str:
    return _("Mỗi lần nhập tối đa {n} dòng. Chia thành nhiều lần.").format(n=MOST_ROWS)
