"""``dondoc due``: what falls due, of whom, and how it stands."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby

import click
from sqlalchemy.engine import Connection

from cli import output
from cli.commands import command
from cli.params import agency_option, formats, in_order, period_options, plan_option
from cli.session import Session, bring_in_shipped, has_plans, is_shipped, session
from plans.model import Duty
from plans.text import _, _n, day_text, sort_key, weekday_text
from tasks.agencies import load_plan, load_register
from tasks.errors import PlanUnknown
from tasks.listing import DueRow, due_rows
from tasks.naming import occurrence_title
from tasks.status import Status

# The first ten are the contract of the JSON form.
_FIELDS = (
    "occurrence", "plan", "duty", "agency", "period", "due", "last_day", "late_after", "status", "days_late",
    "agency_name", "title", "status_text", "needs_successor", "sample",
)  # fmt: skip


@command(
    _(
        "Việc đến hạn của các kế hoạch trong sổ, theo thứ tự ngày; bản nháp được tính từ kế hoạch. Mỗi nhóm ghi mã kỳ "
        "để dùng với các lệnh khác: thay dấu * bằng mã cơ quan. Bảng không nêu phạm vi nào chỉ gồm việc chưa xong và "
        "việc đến hạn trong 60 ngày tới; dạng json, csv luôn gồm tất cả."
    ),
    "dondoc due --from 2024-12-01 --to 2024-12-31",
    "dondoc due --plan son-la-2316-2023 --format csv > viec.csv",
)
@plan_option
@agency_option
@period_options
@formats("table", "json", "csv")
def due_command(plan_id: str | None, agency: str | None, start: date | None, end: date | None, form: str) -> None:
    in_order(start, end)
    with session() as opened:
        documents, rows = _find(opened, plan_id, agency, start, end)
    if form == "json":
        output.write_json(documents)
    elif form == "csv":
        output.write_csv(_FIELDS, [list(document.values()) for document in documents])
    else:
        wanted = any((plan_id, agency, start, end))
        shown = rows if wanted else [row for row in rows if _at_hand(row, opened.today)]
        if shown:
            _write_table(shown, {str(d["occurrence"]): str(d["title"]) for d in documents})
        else:
            click.echo(_("Không có việc nào đến hạn trong phạm vi đã chọn."))
        if len(shown) < len(rows):
            said = _("Không liệt kê {n} kỳ đã xong hoặc còn xa. Xem tất cả: dondoc due --from {first}")
            click.echo(said.format(n=len(rows) - len(shown), first=day_text(rows[0].due)))


_AHEAD = timedelta(days=60)
_UNDONE = frozenset({Status.OPEN, Status.DUE_SOON, Status.OVERDUE})
_UNDER_WAY = frozenset({Status.CLAIMED, Status.RECEIVED, Status.RETURNED})


def _at_hand(row: DueRow, today: date) -> bool:
    """Not done yet though its day has come, waiting for somebody's look, or falling due within two months."""
    if row.status in _UNDER_WAY or today <= row.due <= today + _AHEAD:
        return True
    return row.due < today and (row.status in _UNDONE or row.needs_successor)


def _find(
    opened: Session, plan_id: str | None, agency: str | None, start: date | None, end: date | None
) -> tuple[list[dict[str, object]], list[DueRow]]:
    def listed(connection: Connection) -> tuple[list[dict[str, object]], list[DueRow]]:
        body = _body(connection, plan_id, agency)
        rows = due_rows(connection, now=opened.now, plan_id=plan_id, agency=body, start=start, end=end)
        duties = _duties(connection, {row.plan for row in rows})
        return [_document(row, duties) for row in rows], rows

    try:
        with opened.reading() as connection:
            found = listed(connection)
            if not has_plans(connection):
                output.warn(_("Sổ chưa có kế hoạch nào. Khởi động lần đầu: dondoc up; hoặc nạp tệp: dondoc add TỆP"))
            return found
    except PlanUnknown:
        if plan_id is None or not is_shipped(plan_id):
            raise
    with opened.trying() as connection:  # a shipped plan that nobody has brought in: computed and forgotten
        bring_in_shipped(connection, plan_id, now=opened.now, actor=opened.actor)
        return listed(connection)


def _body(connection: Connection, plan_id: str | None, agency: str | None) -> str | None:
    """Within a plan the short id is enough, although other provinces have a body of that id as well."""
    if plan_id is None or agency is None:
        return agency
    own = f"{load_plan(connection, plan_id).unit}.{agency}"
    return own if own in load_register(connection) else agency


def _duties(connection: Connection, plan_ids: set[str]) -> dict[tuple[str, str], Duty]:
    return {(key, duty.id): duty for key in plan_ids for duty in load_plan(connection, key).duties}


def _document(row: DueRow, duties: dict[tuple[str, str], Duty]) -> dict[str, object]:
    duty = duties.get((row.plan, row.duty))
    title = occurrence_title(duty, row.period) if duty else row.duty_title
    return output.as_dict(row, _FIELDS[:11]) | {"title": title} | output.as_dict(row, _FIELDS[12:])


def _write_table(rows: list[DueRow], titles: dict[str, str]) -> None:
    """One block per report and deadline, one line per body in it."""
    headers = [_("Cơ quan"), _("Mã cơ quan"), _("Tình trạng")]

    def block(row: DueRow) -> tuple[date, str, str, str, date]:
        return row.due, row.plan, row.duty, row.period, row.last_day

    ordered = sorted(rows, key=lambda row: (block(row), sort_key(row.agency_name)))
    for (due, plan_id, duty_id, period, last_day), group in groupby(ordered, key=block):
        mine = list(group)
        mark = _("MẪU · ") if mine[0].sample else ""
        output.heading(mark + titles[mine[0].occurrence])
        click.echo(f"{plan_id}/{duty_id}/*/{period}")
        click.echo(
            _("Hạn {due}; gửi chậm nhất {last_day}.").format(due=weekday_text(due), last_day=weekday_text(last_day))
        )
        cells = [
            (r.agency_name, r.agency.rsplit(".", 1)[-1], output.status_cell(r.status_text, r.status)) for r in mine
        ]
        output.table(headers, cells, indent=2)
        click.echo()
    click.echo(_n("{n} kỳ.", len(rows)).format(n=len(rows)))
