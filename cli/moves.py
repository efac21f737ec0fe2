"""Changes by decision: extend, promise, hold, waive, transfer; and pressing by hand."""

from __future__ import annotations

from datetime import date

import click

from cli import output
from cli.commands import command
from cli.papers import say_moved
from cli.params import DAY, occurrences
from cli.session import expand, session
from notifications import press as pressing
from plans.text import _, _n
from tasks import moves
from tasks.agencies import find_agency, load_register
from tasks.errors import BadInput


@command(
    _(
        "Gia hạn theo văn bản của cơ quan ban hành kế hoạch, cho một hoặc nhiều cơ quan. Lịch nhắc tính lại từ hạn mới "
        "và các cơ quan được thông báo."
    ),
    "dondoc extend 'son-la-2316-2023/bao-cao-nam/*/2024' --to 20/12/2024 --document 456/UBND-NC",
)
@occurrences
@click.option("--to", "to", type=DAY, required=True, help=_("Hạn mới."))
@click.option("--document", required=True, metavar=_("SỐ"), help=_("Số văn bản cho phép gia hạn."))
def extend_command(patterns: tuple[str, ...], to: date, document: str) -> None:
    with session() as opened, opened.writing() as connection:
        ids = expand(connection, patterns)
        moved = moves.extend(connection, ids, to=to, document=document, now=opened.now, actor=opened.actor)
        say_moved(moved, today=opened.today)


@command(
    _("Ghi ngày cơ quan hẹn gửi: không nhắc đến hết ngày đó, nhưng hạn không đổi và quá hạn vẫn tính."),
    "dondoc promise son-la-2316-2023/bao-cao-nam/so-tai-chinh/2024 --on 16/12/2024",
)
@occurrences
@click.option("--on", "on", type=DAY, required=True, help=_("Ngày hẹn gửi."))
def promise_command(patterns: tuple[str, ...], on: date) -> None:
    with session() as opened, opened.writing() as connection:
        ids = expand(connection, patterns)
        moved = [moves.promise(connection, each, on=on, now=opened.now, actor=opened.actor) for each in ids]
        say_moved(moved, today=opened.today)


@command(
    _("Tạm dừng nhắc tự động đến hết một ngày; --release để nhắc trở lại."),
    "dondoc hold son-la-2316-2023/bao-cao-nam/so-tai-chinh/2024 --until 13/12/2024",
    "dondoc hold son-la-2316-2023/bao-cao-nam/so-tai-chinh/2024 --release",
)
@occurrences
@click.option("--until", type=DAY, help=_("Không nhắc đến hết ngày này."))
@click.option("--release", is_flag=True, help=_("Nhắc trở lại."))
def hold_command(patterns: tuple[str, ...], until: date | None, release: bool) -> None:
    if (until is not None) == release:
        raise click.UsageError(_("Nêu --until NGÀY, hoặc --release."))
    with session() as opened, opened.writing() as connection:
        try:
            moves.check_hold(until, today=opened.today)
        except BadInput as past:
            raise click.UsageError(str(past)) from past
        ids = expand(connection, patterns)
        moved = [moves.hold(connection, each, until=until, now=opened.now, actor=opened.actor) for each in ids]
        say_moved(moved, today=opened.today)


@command(
    _("Miễn kỳ này: không phải gửi, không tính đúng hạn hay quá hạn."),
    "dondoc waive son-la-2316-2023/bao-cao-nam/so-tai-chinh/2024 --reason 'VB 12/UBND-NC'",
)
@occurrences
@click.option("--reason", required=True, metavar=_("LÝ-DO"), help=_("Lý do hoặc số văn bản."))
def waive_command(patterns: tuple[str, ...], reason: str) -> None:
    with session() as opened, opened.writing() as connection:
        ids = expand(connection, patterns)
        moved = [moves.waive(connection, each, reason=reason, now=opened.now, actor=opened.actor) for each in ids]
        say_moved(moved, today=opened.today)


@command(
    _("Chuyển việc chưa xong cho cơ quan kế thừa; cơ quan đó được thông báo và được nhắc từ hôm nay."),
    "dondoc transfer 'son-la-2316-2023/*/so-lao-dong-thuong-binh-va-xa-hoi/*' --to son-la.so-noi-vu",
)
@occurrences
@click.option("--to", "to", required=True, metavar=_("CƠ-QUAN"), help=_("Cơ quan kế thừa."))
@click.option("--document", metavar=_("SỐ"), help=_("Văn bản làm căn cứ."))
def transfer_command(patterns: tuple[str, ...], to: str, document: str | None) -> None:
    with session() as opened, opened.writing() as connection:
        successor = find_agency(load_register(connection), to)
        ids = expand(connection, patterns)
        say_moved(
            [
                moves.transfer(connection, each, to=successor, document=document, now=opened.now, actor=opened.actor)
                for each in ids
            ],
            today=opened.today,
        )


@command(
    _(
        "Gửi nhắc ngay cho cơ quan, ngoài lịch nhắc. --preview: chỉ xem, không gửi. Thông báo đi trong giờ làm việc, "
        "khi dondoc đang chạy hoặc bằng dondoc advance rồi dondoc deliver."
    ),
    "dondoc press son-la-2316-2023/bao-cao-nam/so-tai-chinh/2024 --preview",
    "dondoc press son-la-2316-2023/bao-cao-nam/so-tai-chinh/2024 --note 'Đã trao đổi qua điện thoại.'",
)
@occurrences
@click.option("--note", metavar=_("LỜI"), help=_("Thêm lời của cán bộ theo dõi."))
@click.option("--preview", is_flag=True, help=_("Xem trước, không gửi."))
def press_command(patterns: tuple[str, ...], note: str | None, preview: bool) -> None:
    with session() as opened:
        with opened.reading() as connection:
            ids = expand(connection, patterns)
        if not preview:
            queued = pressing.press(opened.engine, ids, note=note, now=opened.now, actor=opened.actor)
            output.say(_n("Đã đưa {n} thông báo nhắc vào hàng gửi.", queued).format(n=queued))
            return
        for rendered in pressing.preview(opened.engine, ids, note=note, now=opened.now):
            output.say(_("Tiêu đề: {subject}").format(subject=rendered.subject))
            output.say(f"\n{rendered.text.rstrip()}\n\n{'-' * 60}")
