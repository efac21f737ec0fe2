"""``dondoc close``: a month closed for signature; ``dondoc yearly``: the yearly record of a body."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Row
from sqlalchemy.engine import Connection

from app.closing import desk
from app.closing.keeping import close, differences
from app.filestore import FileStore
from app.yearly.printing import report_of, workbook_of
from app.yearly.record import record_of
from cli import output
from cli.commands import command
from cli.params import Decorated
from cli.session import Session, session
from letters.report_pdf import as_pdf
from plans.calendar import local_time
from plans.text import _, _n, day_text
from tasks import closings
from tasks.agencies import find_agency, load_register

_MONTH = re.compile(r"(0?[1-9]|1[0-2])/(20\d{2})|(20\d{2})-(0[1-9]|1[0-2])", re.ASCII)


class MonthType(click.ParamType[date]):
    """11/2026 or 2026-11: its first day."""

    name = "month"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return _("THÁNG")

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        found = _MONTH.fullmatch(str(value).strip())
        if found is None:
            self.fail(_("không hiểu tháng “{text}”. Viết như 11/2026 hoặc 2026-11.").format(text=str(value)[:30]))
        return date(int(found[2] or found[3]), int(found[1] or found[4]), 1)


def to_option(help: str) -> Callable[[Decorated], Decorated]:
    return click.option(
        "--to", "target", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar=_("TỆP"), help=help
    )


@command(
    _(
        "Chốt sổ một tháng đã hết của đơn vị theo dõi: số liệu được cố định, in thành PDF để ký, ghi mã SHA-256 vào sổ "
        "kiểm tra. Tháng đã chốt thì ghi lại đúng bản in đó và cho biết việc gì thay đổi sau khi chốt."
    ),
    "dondoc close 11/2026 --to chot-so-11-2026.pdf",
    "dondoc close 2026-11 --unit son-la.cong-an-tinh --officer 'Nguyễn Văn A' --head 'Trần Văn B' --to chot-so.pdf",
)
@click.argument("month", metavar=_("THÁNG"), type=MonthType())
@click.option("--unit", metavar=_("ĐƠN-VỊ"), help=_("Đơn vị theo dõi, khi có nhiều đơn vị."))
@click.option("--officer", default="", metavar=_("HỌ-TÊN"), help=_("Họ tên cán bộ theo dõi, in dưới chữ ký."))
@click.option("--head", "leader", default="", metavar=_("HỌ-TÊN"), help=_("Họ tên lãnh đạo, in dưới chữ ký."))
@to_option(_("Ghi bản in ra tệp PDF này."))
def close_command(month: date, unit: str | None, officer: str, leader: str, target: Path) -> None:
    with session() as opened:
        files = FileStore(opened.dondoc.settings.home)
        number = month.year * 100 + month.month
        with opened.reading() as connection:
            lead = _unit(connection, unit)
            row = closings.find(connection, lead, number)
        if row is None:
            signers = (officer, leader)
            close(opened.engine, files, lead, month, signers=signers, now=opened.now, actor=opened.actor)
            with opened.reading() as connection:
                row = closings.load(connection, lead, number)
            click.echo(_("Đã chốt sổ tháng {month}.").format(month=f"{month:%m/%Y}"))
        else:
            here = local_time(row.closed_at)
            said = _("Tháng {month} đã chốt lúc {time} ngày {day}.")
            click.echo(said.format(month=f"{month:%m/%Y}", time=f"{here:%H:%M}", day=day_text(here.date())))
            _write_differences(opened, row)
        target.write_bytes(files.path(row.hash).read_bytes())
        click.echo(_("Bản in: {file}").format(file=target))
        click.echo(_("SHA-256: {hash}").format(hash=row.hash))


def _write_differences(opened: Session, row: Row[Any]) -> None:
    with opened.reading() as connection:
        found = differences(connection, row, now=opened.now)
    if not found:
        click.echo(_("Không có gì thay đổi so với bản đã chốt."))
        return
    output.heading(_n("Sau khi chốt: {n} kỳ khác bản đã chốt", len(found)).format(n=len(found)))
    headers = [_("Nhiệm vụ, kỳ"), _("Cơ quan"), _("Khi chốt"), _("Hiện nay")]
    output.table(headers, [(each.title, each.agency, each.was, each.now) for each in found])


def _unit(connection: Connection, wanted: str | None) -> str:
    """The lead unit that is meant; the only one where none was named."""
    if wanted is not None:
        return find_agency(load_register(connection), wanted).id
    found = [it for it, _name, _since, sample in desk.units(connection, None) if not sample]
    if len(found) != 1:
        said = _("Có {n} đơn vị theo dõi kế hoạch; chọn một bằng --unit: {units}")
        raise click.UsageError(said.format(n=len(found), units=", ".join(found) or "–"))
    return found[0]


@command(
    _(
        "Phiếu theo dõi năm của một cơ quan: từng việc đúng hạn, gửi chậm, chưa nhận, kèm giải thích mọi lần gia hạn "
        "và ngày không tính. Tệp .pdf để in, tệp .xlsx để tổng hợp."
    ),
    "dondoc yearly so-tai-chinh 2026 --to phieu-2026.pdf",
    "dondoc yearly son-la.so-tai-chinh 2026 --to phieu-2026.xlsx",
)
@click.argument("agency", metavar=_("CƠ-QUAN"))
@click.argument("year", metavar=_("NĂM"), type=click.IntRange(2000, 2100))
@to_option(_("Ghi ra tệp này; đuôi .pdf hoặc .xlsx."))
def yearly_command(agency: str, year: int, target: Path) -> None:
    if target.suffix.lower() not in (".pdf", ".xlsx"):
        raise click.UsageError(_("Tên tệp phải có đuôi .pdf hoặc .xlsx."))
    with session() as opened, opened.reading() as connection:
        body = find_agency(load_register(connection), agency)
        found = record_of(connection, body.id, year, None, now=opened.now)
    if target.suffix.lower() == ".pdf":
        target.write_bytes(as_pdf(report_of(found)))
    else:
        with workbook_of(found) as file:
            target.write_bytes(file.read())
    p = found.punctuality
    said = _("{agency}, năm {year}: đúng hạn {on_time}, gửi chậm {late}, chưa nhận {missing}; không tính {apart}.")
    click.echo(
        said.format(
            agency=found.name,
            year=year,
            on_time=p.on_time,
            late=p.late,
            missing=p.missing,
            apart=len(found.apart) + found.before,
        )
    )
    click.echo(_("Đã ghi: {file}").format(file=target))
