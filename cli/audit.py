"""``dondoc audit``: what was missed or came late, how punctual each body was, and that nothing was altered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

import click

from app.sample import SAMPLE
from app.verifying import check_whole
from cli import output
from cli.commands import example, group
from cli.params import MOMENT, formats, in_order, period_options, plan_option
from cli.session import labelled, session
from plans.calendar import local_time
from plans.text import _, _n, day_text
from tasks.agencies import load_plan
from tasks.audit import Missed, Rate, Report, report
from tasks.seal import Head, grouped
from tasks.seal_check import LONGEST, SHORTEST, Fault, Problem, Verdict

_MISSED = (
    "occurrence", "plan", "duty", "agency", "agency_name", "period", "due", "late_after", "missed_at", "noticed_at",
    "received_on", "status", "days_late",
)  # fmt: skip
_RATES = ("agency", "agency_name", "due", "on_time", "late", "missing")


@group(
    _(
        "Việc quá hạn và gửi chậm có hạn trong khoảng đã chọn, và tỷ lệ đúng hạn của từng cơ quan. Việc đến hạn trước "
        "khi theo dõi, được miễn hoặc đã chuyển không tính. Kế hoạch MẪU chỉ tính khi nêu tên."
    ),
    "dondoc audit --from 2024-01-01 --to 2024-12-31",
    "dondoc audit --plan bac-giang-2024 --format csv > qua-han.csv",
    "dondoc audit --as-of '18/12/2024 16:00'",
    "dondoc audit verify",
    alone=True,
)
@plan_option
@period_options
@formats("table", "json", "csv")
@click.option("--as-of", "at", type=MOMENT, help=_("Như sổ đã ghi tại thời điểm này, ví dụ '18/12/2024 16:00'."))
@click.option("--rates", is_flag=True, help=_("Dạng CSV: tỷ lệ theo cơ quan thay cho danh sách quá hạn."))
@click.pass_context
def audit_command(
    ctx: click.Context,
    plan_id: str | None,
    start: date | None,
    end: date | None,
    form: str,
    at: datetime | None,
    rates: bool,
) -> None:
    if ctx.invoked_subcommand is not None:
        return
    in_order(start, end)
    with session() as opened, opened.reading() as connection:
        if plan_id is not None:
            load_plan(connection, plan_id)
        if at is not None and at > opened.now:
            raise click.ClickException(_("Thời điểm --as-of còn ở tương lai."))
        sample = plan_id == SAMPLE
        moment = at or opened.now
        found = report(
            connection,
            now=moment,
            plan_id=plan_id,
            start=start,
            end=end,
            include_sample=sample,
            earlier=at is not None,
        )
    match form:
        case "json":
            missed = [output.as_dict(line, _MISSED) for line in found.missed]
            document = {"as_of": moment, "missed": missed, "rates": [_rate(line) for line in found.rates]}
            output.write_json(document)
        case "csv" if rates:
            output.write_csv((*_RATES, "rate"), [list(_rate(line).values()) for line in found.rates])
        case "csv":
            output.write_csv(_MISSED, [list(output.as_dict(line, _MISSED).values()) for line in found.missed])
        case _table:
            _write_tables(found, moment)


def _rate(line: Rate) -> dict[str, object]:
    """With the share that came in time, in percent; None where nothing was due yet."""
    return output.as_dict(line, _RATES) | {"rate": line.percent}


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

    for (due, plan_id, duty_id, period), found in groupby(sorted(lines, key=block), key=block):
        output.heading(
            _("{report}, hạn {day}").format(report=labelled(f"{plan_id}/{duty_id}/*/{period}"), day=day_text(due))
        )
        headers = [_("Cơ quan"), _("Mã cơ quan"), _("Kết quả")]
        output.table(headers, [_missed(line) for line in found], indent=2)
        click.echo()


def _missed(line: Missed) -> tuple[object, ...]:
    if line.received_on is None:
        result = _n("quá hạn {n} ngày, chưa nhận", line.days_late).format(n=line.days_late)
    else:
        said = _n("nhận {day}, chậm {n} ngày", line.days_late)
        result = said.format(day=day_text(line.received_on), n=line.days_late)
    return line.agency_name, line.agency.rsplit(".", 1)[-1], output.Coloured(result, "red")


# -- verify --


class HeadType(click.ParamType[str]):
    """A head as a mail prints it: hexadecimal digits, in groups or not, whole or the first ones."""

    name = "head"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return _("MÃ")

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        digits = "".join(value.split()).rstrip("….").lower()
        if not SHORTEST <= len(digits) <= LONGEST or set(digits) - set("0123456789abcdef"):
            said = _("“{text}” không phải mã đầu chuỗi: cần từ {least} đến {most} chữ số 0–9, a–f, như in trong thư.")
            self.fail(said.format(text=value[:80], least=SHORTEST, most=LONGEST), param, ctx)
        return digits


@audit_command.command(
    "verify",
    help=_(
        "Xác minh sổ kiểm tra còn nguyên vẹn. Toàn bộ chuỗi mã được tính lại; dòng đầu tiên bị sửa, xóa hoặc chèn được "
        "chỉ ra. Dòng bị cắt ở cuối, hoặc cả chuỗi bị tính lại, chỉ lộ ra khi đối chiếu mã in trong thư hằng tuần."
    ),
    epilog=example("dondoc audit verify", "dondoc audit verify --head 3fa912cd88e104b7"),
    options_metavar=_("[TÙY-CHỌN]"),
)
@click.option("--head", "asked", type=HeadType(), help=_("Mã đầu chuỗi in trong một thư hằng tuần."))
@formats("table", "json")
@click.pass_context
def verify_command(ctx: click.Context, asked: str | None, form: str) -> None:
    with session() as opened:
        verdict = check_whole(opened.engine, asked=asked, now=opened.now, actor=opened.actor)
        at = opened.now
    if form == "json":
        output.write_json(_document(verdict, at))
    else:
        _write_verdict(verdict)
    ctx.exit(0 if verdict.intact else 1)


def _document(verdict: Verdict, at: datetime) -> dict[str, object]:
    fault = verdict.fault
    found = verdict.found._asdict() if verdict.found else None
    return {
        "as_of": at,
        "intact": verdict.intact,
        "rows": verdict.rows,
        "head": verdict.head._asdict() if verdict.head else None,
        "fault": {"problem": fault.problem, "place": fault.place, "event": fault.event} if fault else None,
        "not_sealed": verdict.not_sealed,
        "asked": {"head": verdict.asked, "found": found} if verdict.asked else None,
    }


def _write_verdict(verdict: Verdict) -> None:
    if verdict.fault is not None:
        _write_fault(verdict, verdict.fault)
    elif verdict.intact:
        text = _("Sổ kiểm tra nguyên vẹn: {n} dòng, dòng nào cũng khớp.").format(n=verdict.rows)
        click.echo(click.style(text, fg="green", bold=True))
    else:
        text = _("SỔ KIỂM TRA KHÔNG KHỚP VỚI THƯ: {n} dòng hiện có khớp nhau, nhưng không dòng nào mang mã trong thư.")
        click.echo(click.style(text.format(n=verdict.rows), fg="red", bold=True))
    if verdict.head is not None:
        click.echo(_("Mã đầu chuỗi: {head}").format(head=grouped(verdict.head.hash)))
        click.echo(_("Dòng mới nhất: thứ {n}, ghi {time}").format(n=verdict.head.place, time=_when(verdict.head)))
    if verdict.asked is not None:
        _write_found(verdict, verdict.asked)
    elif verdict.fault is None and verdict.rows:
        click.echo()
        output.note(_("Đối chiếu với mã in trong thư hằng tuần: dondoc audit verify --head MÃ"), indent=0)


def _write_found(verdict: Verdict, asked: str) -> None:
    click.echo()
    if verdict.found is not None:
        said = _("Mã {head} là của dòng thứ {n}, ghi {time}: từ đầu đến dòng đó sổ đúng như khi gửi thư.")
        output.note(said.format(head=grouped(asked), n=verdict.found.place, time=_when(verdict.found)), indent=0)
        return
    said = _(
        "Không có mã {head} trong phần chuỗi còn khớp. Nếu chép đúng từ thư, các dòng ghi trước thư đó đã bị sửa, cắt "
        "hoặc thay sau khi thư được gửi."
    )
    output.note(said.format(head=grouped(asked)), indent=0)


def _write_fault(verdict: Verdict, fault: Fault) -> None:
    click.echo(click.style(_("SỔ KIỂM TRA KHÔNG CÒN NGUYÊN VẸN."), fg="red", bold=True))
    words = {
        Problem.GAP: _("thiếu dòng thứ {n} của chuỗi: mã của dòng này đã bị xóa."),
        Problem.ROW_GONE: _("dòng thứ {n} của chuỗi đã bị xóa khỏi sổ; chỉ còn mã."),
        Problem.ALTERED: _("dòng thứ {n} của chuỗi không khớp mã: đã bị sửa, thay hoặc đổi thứ tự."),
        Problem.NOT_SEALED: _("có {alone} dòng không thuộc chuỗi: chèn từ ngoài, hoặc mã ở cuối chuỗi đã bị xóa."),
    }
    text = words[fault.problem].format(n=fault.place, alone=verdict.not_sealed)
    output.note(_("Chỗ hỏng đầu tiên: {text}").format(text=text), indent=0)
    if fault.event is not None:
        for name, value in fault.event.items():
            output.note(f"{name}: {_fact(value)}")
    click.echo(_("Trước chỗ đó, {n} dòng đều khớp.").format(n=verdict.rows))
    output.note(_("Sao lưu ngay sổ này, không sửa gì thêm, báo người quản trị; so với bản sao lưu cũ."), indent=0)


def _fact(value: object) -> str:
    if isinstance(value, datetime):
        return local_time(value).isoformat()
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _when(place: Head) -> str:
    if place.at is None:
        return "…"
    here = local_time(place.at)
    return _("lúc {time} ngày {day}").format(time=f"{here:%H:%M}", day=day_text(here.date()))
