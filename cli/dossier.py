"""``dondoc state`` and ``dondoc dossier``: how a period stands over all bodies, and all that is known of one duty."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import IO, Any

import click

from app import state_table
from app.backup.archive import new_file
from app.dossier import gather, package
from app.dossier.model import Dossier
from app.dossier.printing import as_report as dossier_report
from app.filestore import FileStore
from app.sheet_files import as_xlsx
from app.state_table import StateTable
from app.state_table_files import as_report, as_sheets, totals
from app.state_table_zip import as_zip
from cli.commands import command
from cli.params import DAY
from cli.session import Session, session
from letters.report_docx import as_docx
from letters.report_pdf import as_pdf
from plans.text import _
from tasks.agencies import find_agency, load_plan, load_register
from tasks.errors import BadInput

_STATE, _DOSSIER = (".docx", ".xlsx", ".pdf", ".zip"), (".pdf", ".zip")


class FileType(click.ParamType[Path]):
    """A file whose ending says what is wanted."""

    name = "file"

    def __init__(self, *endings: str) -> None:
        self.endings = endings

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return _("TỆP")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        if path.suffix.lower() not in self.endings:
            said = _("{file}: đuôi tệp phải là {endings}.")
            self.fail(said.format(file=value, endings=", ".join(self.endings)), param, ctx)
        return path


@command(
    _(
        "Biểu tình hình gửi báo cáo của một nhiệm vụ trong một kỳ, mọi cơ quan. Với báo cáo của chính đơn vị theo dõi: "
        "tình hình các báo cáo gửi về để tổng hợp. Tệp .zip có thêm các văn bản đã nhận."
    ),
    "dondoc state son-la-2316-2023 bao-cao-nam 2024 --to tinh-hinh.docx",
    "dondoc state cua-lo-2023 tong-hop-nam 2024 --as-of 2024-11-26 --to tinh-hinh.zip",
)
@click.argument("plan_id", metavar=_("KẾ-HOẠCH"))
@click.argument("duty_id", metavar=_("NHIỆM-VỤ"))
@click.argument("period", metavar=_("KỲ"))
@click.option("--to", "target", type=FileType(*_STATE), required=True, help=_("Tệp .docx, .xlsx, .pdf hoặc .zip."))
@click.option("--as-of", "day", type=DAY, help=_("Như sổ đã ghi đến hết ngày này."))
def state_command(plan_id: str, duty_id: str, period: str, target: Path, day: date | None) -> None:
    with session() as opened:
        if day is not None and day > opened.today:
            raise click.ClickException(_("Ngày --as-of còn ở tương lai."))
        table = _table(opened, plan_id, duty_id, period, day)
        _write(target, _state_file(table, target, opened))
    for line in totals(table):
        click.echo(line)
    click.echo(_("Đã ghi {file}.").format(file=target))


def _table(opened: Session, plan_id: str, duty_id: str, period: str, day: date | None) -> StateTable:
    with opened.reading() as connection:
        found = state_table.load(connection, plan_id, duty_id, period, now=opened.now, day=day)
    if found is None:
        said = _("Không có kỳ {period} của nhiệm vụ {duty} trong kế hoạch {plan}. Xem: dondoc due --plan {plan}")
        raise BadInput(said.format(period=period, duty=duty_id, plan=plan_id))
    return found


def _state_file(table: StateTable, target: Path, opened: Session) -> Callable[[IO[bytes]], None]:
    match target.suffix.lower():
        case ".docx":
            return _bytes(as_docx(as_report(table)))
        case ".pdf":
            return _bytes(as_pdf(as_report(table)))
        case ".xlsx":
            return _stream(as_xlsx(as_sheets(table)))
        case _zip:
            return _stream(as_zip(table, FileStore(opened.dondoc.settings.home)))


@command(
    _(
        "Hồ sơ theo dõi của một kỳ, hoặc của một cơ quan trong một năm: căn cứ, thời hạn, thông báo, công văn, "
        "văn bản, sổ kiểm tra với mã của từng dòng. Tệp .zip có thêm văn bản, thông báo và nhật ký cho máy đọc."
    ),
    "dondoc dossier son-la-2316-2023/bao-cao-nam/so-tai-chinh/2024 --to ho-so.pdf",
    "dondoc dossier son-la.so-tai-chinh --year 2024 --to ho-so.zip",
)
@click.argument("subject", metavar=_("KỲ|CƠ-QUAN"))
@click.option("--year", type=click.IntRange(2000, 2999), help=_("Năm, khi in hồ sơ của cơ quan."))
@click.option("--plan", "plan_id", help=_("Chỉ một kế hoạch, khi in hồ sơ của cơ quan."))
@click.option("--to", "target", type=FileType(*_DOSSIER), required=True, help=_("Tệp .pdf hoặc .zip."))
def dossier_command(subject: str, year: int | None, plan_id: str | None, target: Path) -> None:
    with session() as opened:
        found = _dossier(opened, subject, year, plan_id)
        files = FileStore(opened.dondoc.settings.home)
        if target.suffix.lower() == ".pdf":
            _write(target, _bytes(as_pdf(dossier_report(found))))
        else:
            _write(target, _stream(package.as_zip(found, files)))
    click.echo(_("Đã ghi hồ sơ theo dõi vào {file}.").format(file=target))


def _dossier(opened: Session, subject: str, year: int | None, plan_id: str | None) -> Dossier:
    with opened.reading() as connection:
        if subject.count("/") == 3:
            if year is not None or plan_id is not None:
                raise click.UsageError(_("--year, --plan chỉ đi với cơ quan."))
            return gather.of_occurrence(connection, subject, now=opened.now)
        if year is None:
            raise click.UsageError(_("Hồ sơ của cơ quan cần --year."))
        if plan_id is not None:
            load_plan(connection, plan_id)
        body = find_agency(load_register(connection), subject)
        return gather.of_body(connection, body.id, year, None, now=opened.now, plan_id=plan_id)


# -- files --


def _bytes(data: bytes) -> Callable[[IO[bytes]], None]:
    def write(file: IO[bytes]) -> None:
        file.write(data)

    return write


def _stream(source: IO[bytes]) -> Callable[[IO[bytes]], None]:
    def write(file: IO[bytes]) -> None:
        with source:
            shutil.copyfileobj(source, file)

    return write


def _write(target: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Complete or not at all. Raises BadInput where the file is there already."""
    if target.exists():
        raise BadInput(_("Tệp {file} đã có. Chọn tên khác, hoặc xóa tệp cũ.").format(file=target))
    with new_file(target) as file:
        write(file)
