"""The two steps by hand, and the outbox: what was and will be sent, and why not."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import click

from app.naming import rung_label
from cli import outbox_view, output
from cli.commands import command, group
from cli.outbox_view import Coming, Outbox, Sent, Untold
from cli.params import DAY, MOMENT, in_order, plan_option
from cli.session import labelled, session
from notifications import deciding
from notifications.fate import message_status, why_dropped
from plans.calendar import local_day, local_time
from plans.text import _, _n, day_text
from tasks.office import working_calendar

_PAST_DAYS, _COMING_DAYS = 14, 14

now_option = click.option(
    "--now", "at", type=MOMENT, help=_("Làm như thể đang là thời điểm này; không được ở tương lai.")
)


@command(
    _(
        "Rà soát sổ: tạo kỳ mới, ghi quá hạn, đưa nhắc việc đến hạn vào hàng và soạn thông báo. Chạy bao nhiêu lần "
        "cũng cho cùng kết quả. Khi dondoc đang chạy, bước này tự động mỗi sáng."
    ),
    "dondoc advance",
    "dondoc advance --now 2024-12-09T07:30",
)
@now_option
def advance_command(at: datetime | None) -> None:
    with session() as opened:
        now = opened.past(at)
        halt = opened.say_standstill()
        if halt is not None and halt.complete:
            raise click.exceptions.Exit(1)
        counts = opened.dondoc.advance(now=now)
        made = opened.dondoc.compose(now=now)
        with opened.reading() as connection:
            calendar = working_calendar(connection)
    click.echo(
        _("Đã rà soát đến {time}: kỳ mới {made}, quá hạn mới {missed}, nhắc việc {queued}, bỏ qua {skipped}.").format(
            time=_when(now),
            made=counts.materialised,
            missed=counts.missed,
            queued=counts.queued,
            skipped=counts.skipped,
        )
    )
    if halt is not None:
        return
    click.echo(_n("Đã soạn {n} thông báo. Gửi: dondoc deliver", made).format(n=made))
    if not calendar.open_at(now):
        click.echo(
            _("Ngoài giờ làm việc: thông báo được soạn và gửi từ {time}.").format(
                time=_when(calendar.next_opening(now))
            )
        )


@command(
    _(
        "Gửi các thông báo đang chờ. Ngoài giờ làm việc thì chờ, không bỏ. Chưa cấu hình máy chủ thư thì thông báo "
        "được ghi thành tệp .eml trong thư mục outbox."
    ),
    "dondoc deliver",
)
@now_option
def deliver_command(at: datetime | None) -> None:
    with session() as opened:
        now = opened.past(at)
        if opened.say_standstill() is not None:
            raise click.exceptions.Exit(1)
        counts = opened.dondoc.deliver(now=now)
        with opened.reading() as connection:
            calendar = working_calendar(connection)
    if not calendar.open_at(now):
        said = _("Ngoài giờ làm việc: chưa gửi. Gửi lại được từ {time}.")
        click.echo(said.format(time=_when(calendar.next_opening(now))))
        return
    click.echo(
        _(
            "Đã gửi {sent}, chờ gửi lại {waiting}, không gửi được {failed}, chưa rõ {unknown}, thôi gửi {dropped}."
        ).format(
            sent=counts.sent,
            waiting=counts.waiting,
            failed=counts.failed,
            unknown=counts.unknown,
            dropped=counts.dropped,
        )
    )
    if counts.relayed:
        said = _n("{n} thông báo nằm trong thư mục chuyển ra ngoài, chờ mang đi.", counts.relayed)
        click.echo(said.format(n=counts.relayed))


@group(
    _(
        "Thông báo đã gửi và đang chờ, nhắc việc không gửi và vì sao, nhắc việc sắp tới nếu không ai làm gì. Xem "
        "nguyên văn một thông báo: dondoc outbox show SỐ."
    ),
    "dondoc outbox",
    "dondoc outbox --from 2024-12-01 --to 2024-12-31 --plan son-la-2316-2023",
    "dondoc outbox show 12",
    alone=True,
)
@plan_option
@click.option("--from", "start", type=DAY, help=_("Đã gửi từ ngày này; mặc định 14 ngày qua."))
@click.option("--to", "end", type=DAY, help=_("Sắp gửi đến hết ngày này; mặc định 14 ngày tới."))
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help=_("Dạng kết quả."))
@click.pass_context
def outbox_command(ctx: click.Context, plan_id: str | None, start: date | None, end: date | None, form: str) -> None:
    if ctx.invoked_subcommand is not None:
        return
    with session() as opened, opened.reading() as connection:
        opened.say_standstill()
        first = start or opened.today - timedelta(days=_PAST_DAYS)
        last = end or opened.today + timedelta(days=_COMING_DAYS)
        in_order(first, last)
        found = outbox_view.outbox(connection, start=first, end=last, plan_id=plan_id, now=opened.now)
    if form == "json":
        output.write_json(found.document())
    else:
        _write_outbox(found, first, last)


@outbox_command.command(
    name="show", help=_("Nguyên văn một thông báo, và các lần gửi."), options_metavar=_("[TÙY-CHỌN]")
)
@click.argument("message_id", metavar=_("SỐ"), type=int)
def show_command(message_id: int) -> None:
    with session() as opened, opened.reading() as connection:
        found = outbox_view.message_of(connection, message_id)
    for name, value in [
        (_("Gửi tới"), f"{found.person} <{found.address}>"),
        (_("Từ"), found.sender),
        (_("Tiêu đề"), found.subject),
        (_("Soạn lúc"), _when(found.created_at)),
        (_("Tình trạng"), _status(found)),
        *((_("Lần gửi"), f"{_when(at)} {outcome} {detail or ''}".rstrip()) for at, outcome, detail in found.attempts),
    ]:
        click.echo(f"{name}: {value}")
    click.echo(f"\n{found.text.rstrip()}")


_number = click.argument("message_id", metavar=_("SỐ"), type=int)


@outbox_command.command(
    name="resend",
    help=_(
        "Gửi lại một thông báo chưa rõ đã đến hay chưa, hoặc không gửi được. Thư giữ nguyên Message-ID, nên nếu lần "
        "trước đã đến thì máy chủ thư có thể nhận ra."
    ),
    options_metavar="",
)
@_number
def resend_command(message_id: int) -> None:
    with session() as opened, opened.writing() as connection:
        deciding.resend(connection, message_id, now=opened.now, actor=opened.actor)
        output.say(
            _("Thông báo số {id} sẽ được gửi lại ở lượt gửi tới, hoặc ngay: dondoc deliver").format(id=message_id)
        )


@outbox_command.command(
    name="settle",
    help=_("Xác nhận một thông báo chưa rõ: đã đến (--sent) hoặc không đến (--lost). Ghi vào nhật ký."),
    options_metavar=_("--sent|--lost"),
)
@_number
@click.option("--sent/--lost", "arrived", required=True, help=_("Đã đến, hoặc không đến."))
def settle_command(message_id: int, arrived: bool) -> None:
    with session() as opened, opened.writing() as connection:
        deciding.settle(connection, message_id, sent=arrived, now=opened.now, actor=opened.actor)
        said = _("Đã ghi: thông báo số {id} đã đến.") if arrived else _("Đã ghi: thông báo số {id} không đến.")
        output.say(said.format(id=message_id))


def _write_outbox(found: Outbox, first: date, last: date) -> None:
    output.heading(_("Thông báo từ {day}").format(day=day_text(first)))
    if found.messages:
        rows = [(m.id, _when(m.created_at), m.person, m.subject, _status(m)) for m in found.messages]
        output.table([_("Số"), _("Soạn lúc"), _("Người nhận"), _("Tiêu đề"), _("Tình trạng")], rows, right=(0,))
    else:
        click.echo(_("  Không có thông báo nào."))
    _write_untold(_("Đang chờ"), found.waiting)
    _write_untold(_("Không gửi, và vì sao"), found.skipped)
    click.echo()
    output.heading(_("Sắp tới, đến {day}, nếu không ai làm gì").format(day=day_text(last)))
    if not found.coming:
        click.echo(_("  Không có nhắc việc nào."))
        return
    rows_coming = [
        (day_text(c.day), rung_label(c.rung), _to(c), labelled(c.report), c.why_not or "") for c in found.coming
    ]
    output.table([_("Ngày"), _("Mốc"), _("Gửi tới"), _("Việc"), _("Vướng mắc")], rows_coming)


def _write_untold(title: str, lines: tuple[Untold, ...]) -> None:
    if not lines:
        return
    click.echo()
    output.heading(title)
    rows = [(day_text(u.day), rung_label(u.rung), _bodies(u.agencies), labelled(u.report), u.why) for u in lines]
    output.table([_("Ngày"), _("Mốc"), _("Cơ quan"), _("Việc"), _("Vì sao")], rows)


def _to(coming: Coming) -> str:
    match coming.role:
        case "officer":
            return _("cán bộ theo dõi")
        case "head":
            return _("lãnh đạo")
        case _agency:
            return _bodies(coming.agencies)


def _bodies(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else _("{n} cơ quan").format(n=len(names))


def _status(found: Sent) -> str:
    words = message_status(found.status)
    if found.status == "dropped":
        return why_dropped(found.detail)
    if found.status == "sent" and found.settled_at:
        return f"{words} {_when(found.settled_at)}"
    return f"{words} ({found.detail})" if found.status in ("failed", "unknown") and found.detail else words


def _when(at: datetime) -> str:
    return f"{local_time(at):%H:%M} {day_text(local_day(at))}"
