"""A spreadsheet of addresses as rows: one line for each channel of a person; no meaning yet. Export writes the same.

Columns are recognised by their headings, with and without diacritics, in any order; what is not needed is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.figures import grid
from app.figures.grid import Grid, Number, RawCell
from app.sheet_files import Cell, Column, Sheet
from notifications.channels.names import channel_word, is_secret
from notifications.contacts import Contact, ContactRole
from plans.text import _, day_text, fold
from tasks.errors import BadInput
from tasks.typed import excel_day

MOST_ROWS = 1_000
_HEADINGS_WITHIN = 15  # rows from the top
_LONGEST = 500  # characters of one cell

COLUMNS = ("agency", "role", "name", "phone", "rank", "channel", "address", "since", "until")
_NEEDED = ("agency", "name", "address")
_LINE = "dondoc:dòng"
_DAYS = frozenset({"since", "until"})
_HEADINGS: dict[str, tuple[str, ...]] = {
    "agency": ("agency", "ma co quan", "co quan", "ten co quan", "don vi", "ten don vi"),
    "role": ("role", "vai tro", "chuc danh"),
    "name": ("name", "nguoi nhan", "ho ten", "ho va ten", "nguoi hoac bo phan nhan", "bo phan nhan", "dau moi"),
    "phone": ("phone", "dien thoai", "so dien thoai", "sdt"),
    "rank": ("rank", "thu tu", "thu tu gui", "uu tien"),
    "channel": ("channel", "cach gui", "kenh", "kenh gui"),
    "address": ("address", "dia chi", "dia chi nhan", "email", "e mail", "thu dien tu", "dia chi thu dien tu"),
    "since": ("since", "tu ngay", "giu vai tro tu ngay"),
    "until": ("until", "den ngay", "den het ngay"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line; ``line`` counts as the spreadsheet does. All as text, days as dd/mm/yyyy where Excel knew them."""

    line: int
    agency: str
    role: str
    name: str
    phone: str
    rank: str
    channel: str
    address: str
    since: str
    until: str


def role_word(role: ContactRole) -> str:
    """As it stands in a spreadsheet, and is read again."""
    return {
        ContactRole.AGENCY: _("cơ quan"),
        ContactRole.OFFICER: _("cán bộ theo dõi"),
        ContactRole.STAND_IN: _("người làm thay"),
        ContactRole.HEAD: _("lãnh đạo"),
    }[role]


def heading(column: str) -> str:
    return {
        "agency": _("Cơ quan"),
        "role": _("Vai trò"),
        "name": _("Người nhận"),
        "phone": _("Điện thoại"),
        "rank": _("Thứ tự"),
        "channel": _("Cách gửi"),
        "address": _("Địa chỉ"),
        "since": _("Từ ngày"),
        "until": _("Đến hết ngày"),
    }[column]


# -- reading --


def pasted(text: str) -> list[Row]:
    """Raises BadInput."""
    return rows_of(grid.pasted(text))


def file(path: Path) -> list[Row]:
    """An .xlsx (its first sheet) or a CSV in UTF-8. Raises BadInput, BadZip, OSError."""
    return rows_of(grid.file(path))


def rows_of(cells: Grid) -> list[Row]:
    """Finds the headings and reads what stands below them. Raises BadInput."""
    at, columns = _headings(cells)
    told = next((n for n, cell in enumerate(cells[at]) if cell == _LINE), None)
    found = []
    for line, row in enumerate(cells[at + 1 :], at + 2):
        values = {name: _text(row[n], name) if n < len(row) else "" for name, n in columns.items()}
        if any(values.values()):
            known = _text(row[told], "") if told is not None and told < len(row) else ""
            number = int(known) if known.isascii() and known.isdecimal() and len(known) < 8 else line
            found.append(Row(number, **{name: values.get(name, "") for name in COLUMNS}))
    if not found:
        raise BadInput(_("Không có dòng nào dưới dòng tiêu đề."))
    if len(found) > MOST_ROWS:
        raise BadInput(_("Mỗi lần nhập tối đa {n} dòng. Chia thành nhiều lần.").format(n=MOST_ROWS))
    return found


def _text(cell: RawCell, column: str) -> str:
    if isinstance(cell, str):
        return " ".join("".join(c if c.isprintable() else " " for c in cell).split()).removeprefix("'")[:_LONGEST]
    if column in _DAYS and (day := excel_day(cell.value)) is not None:
        return day_text(day)
    digits = _plain(cell)
    # Excel keeps a telephone number as a number and drops the 0 before it
    return f"0{digits}" if column in ("phone", "address") and len(digits) == 9 and digits.isdecimal() else digits


def _plain(cell: Number) -> str:
    return str(int(cell.value)) if cell.value.is_integer() else str(cell.value)


def _headings(cells: Grid) -> tuple[int, dict[str, int]]:
    best: dict[str, int] = {}
    for at, row in enumerate(cells[:_HEADINGS_WITHIN]):
        columns = _columns([fold(cell) if isinstance(cell, str) else "" for cell in row])
        if columns.keys() >= set(_NEEDED):
            return at, columns
        best = max(best, columns, key=len)
    missing = ", ".join(heading(name) for name in _NEEDED if name not in best)
    said = _("Thiếu cột: {missing}. Dòng tiêu đề phải có: Cơ quan, Người nhận, Địa chỉ.")
    raise BadInput(said.format(missing=missing))


def _columns(names: Sequence[str]) -> dict[str, int]:
    """Which column is which: the more telling heading wins where two would do."""
    found: dict[str, int] = {}
    for column, known in _HEADINGS.items():
        for each in known:
            if each in names:
                found[column] = names.index(each)
                break
    return found


# -- writing --


def as_lines(rows: Iterable[Row]) -> str:
    """The rows as a form carries them from the dry run on, each with its number in the spreadsheet."""
    lines = ["\t".join((*COLUMNS, _LINE))]
    lines += ["\t".join([*(_quoted(getattr(row, name)) for name in COLUMNS), str(row.line)]) for row in rows]
    return "\n".join(lines)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if cell.startswith('"') else cell


def sheet_of(contacts: Iterable[Contact], names: dict[str, str]) -> Sheet:
    """The addresses in use, in the form that is read: ``names`` of the bodies, each told by no other. An address that
    opens something by itself is left out of it."""
    widths = {"agency": 40, "role": 18, "name": 32, "phone": 16, "rank": 8, "channel": 22, "address": 36}
    columns = [Column(heading(name), widths.get(name, 13)) for name in COLUMNS]
    return Sheet(_("Địa chỉ"), columns, (_cells(each, names[each.agency_id]) for each in contacts))


def _cells(one: Contact, agency: str) -> list[Cell]:
    address = f"{one.address.partition('://')[0]}://…" if is_secret(one.channel) else one.address
    told: list[Cell] = [agency, role_word(one.role), one.name, one.phone or "", one.rank, channel_word(one.channel)]
    return [*told, address, one.since, one.until]
