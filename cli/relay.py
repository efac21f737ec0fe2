"""``dondoc relay``: messages that a person carries out of a closed network, and receipts back in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from app.bootstrap import passing
from app.channels import relay_folder
from app.link_key import RELAY, load_key
from app.relay.handled import Handled, told_text
from app.relay.receipts import read_receipts
from app.relay.sending import send_folder
from cli import output
from cli.commands import group
from cli.session import Session, session
from notifications.channels.names import RELAY as RELAY_CHANNEL
from plans.calendar import local_day, local_time
from plans.text import _, _n, day_text
from tasks.office import working_calendar

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_BAD = ("refused", "failed", "unknown")


@group(
    _(
        "Mạng kín: thông báo được ghi thành tệp có chữ ký, người mang ra máy ngoài để gửi, rồi mang biên nhận về. Đặt "
        "DONDOC_RELAY_FOLDER ở máy trong; chép tệp relay.key sang máy ngoài một lần (docs/channels.md)."
    ),
    "dondoc relay key",
    "dondoc relay send /media/usb",
    "dondoc relay receipts /media/usb",
)
def relay_command() -> None:
    """Only holds its subcommands."""


@relay_command.command("key", help=_("Tạo khóa chung của máy trong và máy ngoài, nếu chưa có."), options_metavar="")
def key_command() -> None:
    with session() as opened:
        _key(opened)
        path = opened.dondoc.settings.home / RELAY
    output.say(
        _("Khóa nằm ở {path}. Chép tệp này sang thư mục dữ liệu của dondoc ở máy kia; không gửi qua thư.").format(
            path=path
        )
    )


@relay_command.command(
    "send",
    help=_(
        "Ở máy ngoài: gửi các tệp thông báo trong thư mục, mỗi thông báo một lần, và ghi biên nhận vào cùng thư mục. "
        "Chạy lại bao nhiêu lần cũng không gửi trùng. Chỉ gửi trong giờ làm việc."
    ),
    options_metavar="",
)
@click.argument("folder", metavar=_("THƯ-MỤC"), type=_FOLDER)
def send_command(folder: Path) -> None:
    with session() as opened:
        with opened.reading() as connection:
            calendar = working_calendar(connection)
        if not calendar.open_at(opened.now):
            opens = calendar.next_opening(opened.now)
            said = _("Ngoài giờ làm việc: chưa gửi. Gửi lại được từ {time}.")
            raise click.ClickException(said.format(time=f"{local_time(opens):%H:%M} {day_text(local_day(opens))}"))
        channels = {name: way for name, way in opened.dondoc.channels.items() if name != RELAY_CHANNEL}
        handled = send_folder(opened.engine, channels, folder, _key(opened), moment=passing(opened.now))
    _tell(handled, _("Không có tệp thông báo nào trong {folder}.").format(folder=folder))


@relay_command.command(
    "receipts",
    help=_(
        "Ở máy trong: đọc biên nhận mang về; thông báo thành đã gửi, không gửi được hoặc chưa rõ như biên nhận ghi."
    ),
    options_metavar="",
)
@click.argument("folder", metavar=_("THƯ-MỤC"), type=_FOLDER)
def receipts_command(folder: Path) -> None:
    with session() as opened:
        outbox = relay_folder(opened.dondoc.settings) if opened.dondoc.settings.relay_folder else folder
        handled = read_receipts(opened.engine, folder, _key(opened), outbox, now=opened.now, actor=opened.actor)
    _tell(handled, _("Không có biên nhận nào trong {folder}.").format(folder=folder))


def _key(opened: Session) -> bytes:
    path = opened.dondoc.settings.home / RELAY
    try:
        return load_key(path.parent, RELAY)
    except ValueError as error:
        raise click.ClickException(_("Khóa {path} hỏng: chép lại từ máy kia.").format(path=path)) from error


def _tell(handled: Sequence[Handled], nothing: str) -> None:
    if not handled:
        output.say(nothing)
        return
    output.table([_("Tệp"), _("Kết quả"), _("Chi tiết")], [(h.file, told_text(h.what), h.detail) for h in handled])
    bad = sum(each.what in _BAD for each in handled)
    output.say()
    output.say(_n("{n} tệp", len(handled)).format(n=len(handled)))
    if bad:
        output.say(_n("{n} tệp cần xem lại", bad).format(n=bad))
        raise click.exceptions.Exit(1)
