"""The papers of a period in one zip, by body, with the table and an index that names what is not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from app.dossier.bundle import Bundle, folder_name, safe_name
from app.filestore import FileStore
from app.sheet_files import Cell, Column, Sheet, as_csv, as_xlsx
from app.state_table import StateTable
from app.state_table_files import as_report, as_sheets
from app.state_table_lines import Line
from app.state_table_papers import PaperRef
from letters.report_docx import as_docx
from plans.text import _

TABLE, INDEX = "bieu-tinh-hinh", "danh-muc-van-ban"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of the index."""

    agency: str
    paper: PaperRef
    file: str
    sha256: str
    remark: str


def as_zip(table: StateTable, files: FileStore) -> IO[bytes]:
    """The table as .docx and .xlsx, ``van-ban/<body>/<file>``, an index, the list of sums. The caller closes it."""
    with Bundle(made_at=table.at) as bundle:
        bundle.add(f"{TABLE}.docx", as_docx(as_report(table)))
        with as_xlsx(as_sheets(table)) as book:
            bundle.add(f"{TABLE}.xlsx", book.read())
        entries = [entry for number, line in enumerate(table.lines, 1) for entry in _kept(bundle, files, number, line)]
        bundle.add(f"{INDEX}.csv", as_csv(_index(entries)))
        return bundle.close()


def _kept(bundle: Bundle, files: FileStore, number: int, line: Line) -> Iterator[_Entry]:
    folder = f"van-ban/{folder_name(number, line.agency)}"
    for paper in line.papers:
        if paper.secret:
            yield _Entry(line.agency, paper, "", "", _("nhận theo chế độ mật: chỉ ghi ngày nhận"))
        elif not paper.files:
            yield _Entry(line.agency, paper, "", "", _("không lưu tệp trong sổ theo dõi"))
        for file in paper.files:
            name = bundle.copy(f"{folder}/{safe_name(file.name)}", files.path(file.hash))
            if name is None:
                said = _("tệp {name} không còn trong kho lưu; cần khôi phục từ bản sao lưu").format(name=file.name)
                yield _Entry(line.agency, paper, "", "", said)
            elif bundle.sum_of(name) != file.hash:
                said = _("tệp trong kho lưu không còn đúng như khi nhận")
                yield _Entry(line.agency, paper, name, bundle.sum_of(name), said)
            else:
                yield _Entry(line.agency, paper, name, file.hash, "")


def _index(entries: list[_Entry]) -> Sheet:
    columns = [
        Column(_("Stt")),
        Column(_("Cơ quan, đơn vị")),
        Column(_("Số văn bản")),
        Column(_("Ngày văn bản")),
        Column(_("Ngày nhận")),
        Column(_("Tệp")),
        Column("SHA-256"),
        Column(_("Ghi chú")),
    ]
    return Sheet(_("Danh mục văn bản"), columns, (_row(at, entry) for at, entry in enumerate(entries, 1)))


def _row(number: int, entry: _Entry) -> list[Cell]:
    paper = entry.paper
    return [
        number, entry.agency, paper.number, paper.dated, paper.received_on, entry.file, entry.sha256, entry.remark,
    ]  # fmt: skip
