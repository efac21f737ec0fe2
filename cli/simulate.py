"""``dondoc simulate``: the reminders of a plan if nobody did anything, on a copy."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from app.naming import rung_label
from app.simulate import SimulatedRow, read_papers, simulate
from cli import output
from cli.commands import command
from cli.params import DAY, formats, in_order
from cli.plan_overview import overview
from cli.session import Session, labelled, session
from notifications.ladder import Role
from plans.shipped import shipped_register
from plans.text import _, _n, day_text
from tasks.agencies import load_register
from tasks.model import PlanStatus


@command(
    _(
        "Nếu không ai làm gì: ai nhận nhắc việc nào, ngày nào. Chạy trên bản sao, không gửi gì, không đổi sổ. Kế hoạch "
        "chưa theo dõi được coi như bắt đầu từ --from, không sớm hơn ngày ban hành. --papers: tệp CSV văn bản đến giả "
        "định, các cột occurrence, received_on, number, date; occurrence có thể dùng dấu *."
    ),
    "dondoc simulate son-la-2316-2023 --from 2023-11-07 --to 2024-12-31",
    "dondoc simulate --all --from 2024-01-01 --to 2024-12-31 --format json",
)
@click.argument("plan_ids", metavar=_("[KẾ-HOẠCH…]"), nargs=-1)
@click.option("--all", "everything", is_flag=True, help=_("Mọi kế hoạch trong sổ, trừ kế hoạch đã dừng và MẪU."))
@click.option("--from", "start", type=DAY, required=True, help=_("Từ ngày này."))
@click.option("--to", "end", type=DAY, required=True, help=_("Đến hết ngày này."))
@click.option("--papers", type=click.Path(path_type=Path), metavar=_("TỆP"), help=_("Văn bản đến giả định (CSV)."))
@formats("table", "json")
def simulate_command(
    plan_ids: tuple[str, ...], everything: bool, start: date, end: date, papers: Path | None, form: str
) -> None:
    in_order(start, end)
    if bool(plan_ids) == everything:
        raise click.UsageError(_("Nêu mã kế hoạch, hoặc --all."))
    scripted = read_papers(papers) if papers else []
    with session() as opened:
        chosen = _all_plans(opened) if everything else list(dict.fromkeys(plan_ids))
        rows = simulate(opened.engine, chosen, start=start, end=end, scripted=scripted, now=opened.now)
        names = _names(opened)
    if form == "json":
        output.write_json([output.as_dict(row, _FIELDS) for row in rows])
    elif rows:
        _write_table(rows, names)
    else:
        click.echo(_("Không có thông báo nào trong khoảng thời gian này."))


_FIELDS = ("at", "rung", "role", "recipient", "message", "occurrences")


def _all_plans(opened: Session) -> list[str]:
    with opened.reading() as connection:
        lines = overview(connection, now=opened.now)
    found = [line.id for line in lines if line.status is not PlanStatus.STOPPED and not line.sample]
    if not found:
        raise click.ClickException(_("Sổ chưa có kế hoạch nào. Nạp: dondoc add TỆP"))
    return found


def _names(opened: Session) -> dict[str, str]:
    with opened.reading() as connection:
        known = load_register(connection).agencies
    return {body.id: body.name for body in {**shipped_register().agencies, **known}.values()}


def _write_table(rows: list[SimulatedRow], names: dict[str, str]) -> None:
    """One block per plan, one line per moment, rung and report: with nineteen bodies nobody reads nineteen lines."""
    told: dict[str, dict[tuple[datetime, str, str, str], dict[str, None]]] = {}
    for row in rows:
        for plan_id, report in _reports(row):
            line = told.setdefault(plan_id, {}).setdefault((row.at, row.rung, row.role, report), {})
            line[names.get(row.recipient, row.recipient)] = None
    headers = [_("Lúc"), _("Mốc"), _("Gửi tới"), _("Việc")]
    for plan_id, lines in told.items():
        output.heading(labelled(plan_id))
        cells = [
            (f"{day_text(at.date())} {at:%H:%M}", rung_label(rung), _to(role, list(to)), report)
            for (at, rung, role, report), to in lines.items()
        ]
        output.table(headers, cells)
        click.echo()
    messages = len({row.message for row in rows})
    click.echo(_n("{n} thông báo.", messages).format(n=messages))


def _reports(row: SimulatedRow) -> list[tuple[str, str]]:
    """Plan and report of each occurrence; an ``assigned`` message names all duties of a plan and is one line."""
    parts = [each.split("/") for each in row.occurrences]
    every = _("các việc được giao")
    return sorted({(part[0], every if row.rung == "assigned" else f"{part[1]}/{part[3]}") for part in parts})


def _to(role: str, names: list[str]) -> str:
    match role:
        case Role.OFFICER:
            return _("cán bộ theo dõi")
        case Role.HEAD:
            return _("lãnh đạo")
        case _agency:
            return names[0] if len(names) == 1 else _("{n} cơ quan").format(n=len(names))
