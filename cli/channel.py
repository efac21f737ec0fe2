"""``dondoc channel``: which ways of sending are set up, and does one of them work?"""

from __future__ import annotations

import click

from app import channel_test
from cli import output
from cli.commands import group
from cli.session import session
from notifications.channels.names import CHANNELS, channel_word
from notifications.fate import message_status
from plans.text import _


@group(
    _("Các cách gửi thông báo: cách nào đã đặt, và gửi thử tới người của đơn vị theo dõi."),
    "dondoc channel list",
    "dondoc channel test 3",
)
def channel_command() -> None:
    """Only holds its subcommands."""


@channel_command.command("list", help=_("Các cách gửi, và những người của đơn vị gửi thử được."), options_metavar="")
def list_channels_command() -> None:
    with session() as opened, opened.reading() as connection:
        there = opened.dondoc.channels
        rows = [(name, channel_word(name), _("đã đặt") if name in there else _("chưa đặt")) for name in CHANNELS]
        readers = channel_test.readers(connection, None)
    output.table([_("Tên"), _("Cách gửi"), _("Tình trạng")], rows)
    output.say()
    if not readers:
        output.say(_("Chưa có địa chỉ của cán bộ, người làm thay hay lãnh đạo để gửi thử."))
        return
    output.heading(_("Gửi thử được tới"))
    headers = [_("Số"), _("Người nhận"), _("Đơn vị"), _("Cách gửi"), _("Địa chỉ")]
    output.table(headers, [(r.id, r.name, r.unit, r.channel, r.address) for r in readers], right=(0,))


@channel_command.command(
    "test",
    help=_("Gửi ngay một tin thử tới một địa chỉ của đơn vị theo dõi. Không nói về việc nào; ghi vào nhật ký."),
    options_metavar="",
)
@click.argument("contact_id", metavar=_("SỐ"), type=int)
def test_channel_command(contact_id: int) -> None:
    with session() as opened:
        outcome = channel_test.send_test(
            opened.engine, opened.dondoc.channels, contact_id, None, now=opened.now, actor=opened.actor
        )
    output.say(": ".join(filter(None, (message_status(outcome.name), outcome.detail))))
    if outcome.name not in ("sent", "relayed"):
        raise click.exceptions.Exit(1)
