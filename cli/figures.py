"""``dondoc figures``: what agencies reported in numbers, and reports in spreadsheets taken in."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from sqlalchemy.engine import Connection

from app.figures import comparing, grid, importing
from app.figures.as_json import document
from app.figures.gathering import Period, Reports, reports
from app.figures.importing import Fate, Import
from app.figures.sheets import OCCURRENCE, heading_of, list_of
from app.sheet_files import as_csv
from app.views import figures as view
from cli import output
from cli.commands import example
from cli.params import formats
from cli.session import Session, session
from plans.figure_numbers import number_text
from plans.model import Duty, Plan
from plans.text import _, _n
from tasks.agencies import load_plan
from tasks.errors import BadInput
from tasks.model import OccurrenceId


class _PlanOrImport(click.Group):
    """``dondoc figures PLAN`` shows; ``dondoc figures import FILE`` takes in."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            args = ["show", *args]
        return super().resolve_command(ctx, args)


@click.group(
    cls=_PlanOrImport,
    help=_(
        "Số liệu các cơ quan báo cáo: theo cơ quan, tổng cộng, so với kỳ trước, cùng kỳ năm trước và chỉ tiêu. Viết mã "
        "kế hoạch để xem, import để nhập từ bảng tính."
    ),
    options_metavar=_("[TÙY-CHỌN]"),
    subcommand_metavar=_("KẾ-HOẠCH | import TỆP"),
    epilog=example(
        "dondoc figures mau",
        "dondoc figures mau --duty bao-cao-thang --period 2024-06 --format csv > so-lieu.csv",
        "dondoc figures import so-lieu.xlsx --dry-run",
    ),
)
def figures_command() -> None:
    """Only holds its subcommands."""


_DUTY = click.option(
    "--duty", default="", metavar=_("NHIỆM-VỤ"), help=_("Nhiệm vụ nào; mặc định nhiệm vụ đã có số liệu.")
)
_PERIOD = click.option("--period", default="", metavar=_("KỲ"), help=_("Kỳ nào, ví dụ 2024-06; mặc định kỳ mới nhất."))


@figures_command.command("show", hidden=True, options_metavar=_("[TÙY-CHỌN]"))
@click.argument("plan_id", metavar=_("KẾ-HOẠCH"))
@_DUTY
@_PERIOD
@click.option("--publish", is_flag=True, help=_("Bản để công bố: số người, số hộ từ 1 đến 2 không hiện."))
@formats("table", "json", "csv")
def show_command(plan_id: str, duty: str, period: str, publish: bool, form: str) -> None:
    """The figures of one duty and period."""
    with session() as opened, opened.reading() as connection:
        into = _into(connection, opened, plan_id, duty, period)
        told = reports(connection, into[0], into[1], into[2], into[3])
    if form == "json" and publish:
        raise click.UsageError(_("Bản để công bố chỉ có dạng table hoặc csv."))
    if form == "json":
        output.write_json(document(told))
        return
    sheet = list_of(told, publish=publish)
    if form == "csv":
        click.echo(b"".join(as_csv(sheet)).decode(), nl=False)  # as the page writes it: read again it means the same
        return
    _write_table(told, [list(row[: len(told.figures) + 1]) for row in sheet.rows], publish)


def _write_table(told: Reports, rows: list[list[Any]], publish: bool) -> None:
    output.heading(told.period.title)
    headers = [_("Cơ quan"), *(heading_of(figure) for figure in told.figures)]
    shown = [["–" if cell is None else _shown(cell) for cell in row] for row in rows]
    output.table(headers, shown, right=range(1, len(headers)))
    missing = view.missing_of(told)
    if missing:
        output.say(_n("Thiếu {n} đơn vị: {names}", len(missing)).format(n=len(missing), names=", ".join(missing)))
    if publish:
        return
    output.say()
    for each in told.comparisons:
        words = [comparing.total_text(each.now)]
        for title, change in ((told.before, each.since_before), (told.year_ago, each.since_year_ago)):
            if title and change:
                said = _("{change} so với {period}")
                words.append(said.format(change=comparing.change_text(change, each.figure), period=title))
        if each.reached:
            words.append(f"{comparing.target_short(each.reached.target)}: {comparing.reached_text(each.reached)}")
        output.note(f"{each.figure.name}: {'; '.join(words)}")
    for remark in told.remarks:
        output.warn(_("Cần xem lại: {agency}: {text}").format(agency=remark.agency, text=remark.text))


def _shown(cell: object) -> str:
    if isinstance(cell, int | float):
        return number_text(Decimal(repr(cell)))
    return str(cell)


@figures_command.command(
    "import",
    help=_(
        "Nhập số liệu từ tệp Excel (.xlsx) hoặc CSV: mỗi cơ quan một dòng, mỗi số liệu một cột. Tệp tải từ trang Số "
        "liệu đã ghi mã kỳ; tệp khác phải nêu --plan, --period. Dòng sai không được ghi; số đã có chỉ sửa khi thêm "
        "--correct, bản cũ vẫn lưu."
    ),
    options_metavar=_("[TÙY-CHỌN]"),
)
@click.argument("file", metavar=_("TỆP"), type=click.Path(path_type=Path))
@click.option("--plan", "plan_id", default="", metavar=_("KẾ-HOẠCH"), help=_("Kế hoạch nào, nếu tệp không có mã kỳ."))
@_DUTY
@_PERIOD
@click.option("--dry-run", is_flag=True, help=_("Chỉ xem từng dòng sẽ ghi gì, không ghi."))
@click.option("--correct", is_flag=True, help=_("Sửa cả số liệu đã có."))
def import_command(file: Path, plan_id: str, duty: str, period: str, dry_run: bool, correct: bool) -> None:
    """One transaction; a line that is refused leaves nothing."""
    if not file.is_file():
        raise BadInput(_("Không có tệp {file}.").format(file=file))
    cells = grid.file(file)
    plan_id, duty, period = _meant(cells, plan_id, duty, period)
    with session() as opened:
        with opened.reading() as connection:
            into = _into(connection, opened, plan_id, duty, period)
            found = importing.check(connection, into[0], into[1], into[2], into[3], cells)
        output.say(f"{into[3].title}: {importing.summary(found)}")
        _say_lines(found)
        if dry_run:
            return
        chosen = [*found.of(Fate.NEW), *(found.of(Fate.CHANGE) if correct else ())]
        written = importing.write(opened.engine, chosen, now=opened.now, actor=opened.actor)
        output.say(_n("Đã ghi số liệu của {n} đơn vị.", len(written.done)).format(n=len(written.done)))
        if found.of(Fate.CHANGE) and not correct:
            output.warn(_("Số đã có khác tệp thì chưa sửa; muốn sửa, thêm --correct."))
        for number, why in written.refused:
            output.warn(_("Dòng {n}: {why}").format(n=number, why=why))
        if written.refused or found.of(Fate.WRONG):
            raise click.exceptions.Exit(1)


def _meant(cells: grid.Grid, plan_id: str, duty: str, period: str) -> tuple[str, str, str]:
    """By the options, else by the first occurrence that the file names. Raises BadInput, UsageError."""
    if plan_id:
        return plan_id, duty, period
    for at, row in enumerate(cells[:15]):
        if OCCURRENCE in row:
            place = row.index(OCCURRENCE)
            named = [line[place] for line in cells[at + 1 :] if place < len(line) and line[place]]
            if named and isinstance(named[0], str):
                first = OccurrenceId.parse(named[0])
                return first.plan, first.duty, first.period
    raise click.UsageError(_("Tệp không ghi mã kỳ: nêu --plan, --duty và --period."))


def _into(
    connection: Connection, opened: Session, plan_id: str, duty: str, period: str
) -> tuple[Plan, Duty, tuple[Period, ...], Period]:
    plan = load_plan(connection, plan_id)
    chosen, periods, found = view.choose(connection, plan, duty, period, today=opened.today)
    if found is None:
        raise BadInput(_("Nhiệm vụ này chưa có kỳ nào."))
    return plan, chosen, periods, found


def _say_lines(found: Import) -> None:
    if found.unknown:
        output.warn(_("Bỏ qua cột: {names}").format(names=", ".join(found.unknown)))
    for line in found.lines:
        if line.fate is Fate.WRONG:
            output.warn(_("Dòng {n}, {agency}: {why}").format(n=line.number, agency=line.said, why=line.why))
        elif line.entries:
            what = "; ".join(
                f"{entry.figure.name} {entry.was} → {entry.text}" if entry.was else f"{entry.figure.name} {entry.text}"
                for entry in line.entries
            )
            output.note(_("Dòng {n}, {agency}: {what}").format(n=line.number, agency=line.agency, what=what))
