"""``dondoc audit``: what was missed or came late, and how punctual each body was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

import click

from app.sample import SAMPLE
from cli import output
from cli.params import command, formats, in_order, period_options, plan_option
from cli.session import labelled, session
from plans.calendar import local_time
from plans.text import _, day_text
from tasks.agencies import load_plan
from tasks.audit import Missed, Rate, Report, report

_MISSED = (
    "occurrence", "plan", "duty", "agency", "agency_name", "period", "due", "late_after", "missed_at", "noticed_at",
    "received_on", "status", "days_late",
)  # fmt: skip
_RATES = ("agency", "agency_name", "due", "on_time", "late", "missing")


@command(
    _(
        "Việc quá hạn và gửi chậm có hạn trong khoảng đã chọn, và tỷ lệ đúng hạn của từng cơ quan. Việc đến hạn trước "
        "khi theo dõi, được miễn hoặc đã chuyển không tính. Kế hoạch MẪU chỉ tính khi nêu tên."
    ),
    "dondoc audit --from 2024-01-01 --to 2024-12-31",
    "dondoc audit --plan bac-giang-2024 --format csv > qua-han.csv",
)
@plan_option
@period_options
@formats("table", "json", "csv")
@click.option("--rates", is_flag=True, help=_("Dạng CSV: tỷ lệ theo cơ quan thay cho danh sách quá hạn."))
def audit_command(plan_id: str | None, start: date | None, end: date | None, form: str, rates: bool) -> None:
    in_order(start, end)
    with session() as opened, opened.reading() as connection:
        if plan_id is not None:
            load_plan(connection, plan_id)
        found = report(
            connection, now=opened.now, plan_id=plan_id, start=start, end=end, include_sample=plan_id == SAMPLE
        )
        at = opened.now
    match form:
        case "json":
            missed = [output.as_dict(line, _MISSED) for line in found.missed]
            document = {"as_of": at, "missed": missed, "rates": [_rate(line) for line in found.rates]}
            output.write_json(document)
        case "csv" if rates:
            output.write_csv((*_RATES, "rate"), [list(_rate(line).values()) for line in found.rates])
        case "csv":
            output.write_csv(_MISSED, [list(output.as_dict(line, _MISSED).values()) for line in found.missed])
        case _table:
            _write_tables(found, at)


def _rate(line: Rate) -> dict[str, object]:
    """With the share that came in time, in percent; None where nothing was due yet."""
    share = round(100 * line.on_time / line.due, 1) if line.due else None
    return output.as_dict(line, _RATES) | {"rate": share}


def _write_tables(found: Report, at: datetime) -> None:
    here = local_time(at)
    click.echo(_("Tính đến {time} ngày {day}.").format(time=f"{here:%H:%M}", day=day_text(here.date())))
    click.echo()
    if not found.missed:
        click.echo(_("Không có việc quá hạn hoặc gửi chậm."))
    else:
        _write_missed(found.missed)
    if found.rates:
        output.heading(_("Tỷ lệ đúng hạn"))
        headers = [_("Cơ quan"), _("Đến hạn"), _("Đúng hạn"), _("Gửi chậm"), _("Chưa nhận"), _("Tỷ lệ")]
        rows = [
            (r.agency_name, r.due, r.on_time, r.late, r.missing, f"{_rate(r)['rate']}%".replace(".", ","))
            for r in found.rates
        ]
        output.table(headers, rows, right=(1, 2, 3, 4, 5))


def _write_missed(lines: Sequence[Missed]) -> None:
    """One block per report, one line per body in it."""

    def block(line: Missed) -> tuple[date, str, str, str]:
        return line.due, line.plan, line.duty, line.period

    for (due, plan_id, duty_id, period), group in groupby(sorted(lines, key=block), key=block):
        output.heading(
            _("{report}, hạn {day}").format(report=labelled(f"{plan_id}/{duty_id}/*/{period}"), day=day_text(due))
        )
        headers = [_("Cơ quan"), _("Mã cơ quan"), _("Kết quả")]
        output.table(headers, [_missed(line) for line in group], indent=2)
        click.echo()


def _missed(line: Missed) -> tuple[object, ...]:
    if line.received_on is None:
        result = _("quá hạn {n} ngày, chưa nhận").format(n=line.days_late)
    else:
        result = _("nhận {day}, chậm {n} ngày").format(day=day_text(line.received_on), n=line.days_late)
    return line.agency_name, line.agency.rsplit(".", 1)[-1], output.Coloured(result, "red")
