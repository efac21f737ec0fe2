"""``dondoc pause`` and ``dondoc resume``: all sending held, and going on again."""

from __future__ import annotations

import sys

import click

from app import clock_guard, resuming
from app.clock_guard import moment_text
from app.resuming import Outlook
from app.standstill import Standstill
from cli import output
from cli.commands import command
from cli.session import Session, session
from plans.text import _


@command(
    _(
        "Tạm dừng mọi việc gửi, kể cả khi dondoc đang chạy. Sổ vẫn được cập nhật; thông báo đến hạn thì chờ. Gửi tiếp: "
        "dondoc resume."
    ),
    'dondoc pause --reason "sai địa chỉ hàng loạt"',
)
@click.option("--reason", required=True, metavar=_("LÝ-DO"), help=_("Vì sao; ghi vào nhật ký."))
def pause_command(reason: str) -> None:
    with session() as opened:
        standing = resuming.pause(opened.dondoc, reason=reason, now=opened.now, actor=opened.actor)
    if standing.since != opened.now:
        said = _("Đã tạm dừng gửi từ trước, từ {since}: {why}.")
    else:
        said = _("Đã tạm dừng gửi từ {since}: {why}.")
    output.say(said.format(since=moment_text(standing.since), why=standing.reason))
    output.say(_("Gửi tiếp: dondoc resume"))


@command(
    _(
        "Cho gửi tiếp sau khi tạm dừng, hoặc xác nhận ngày giờ của máy là đúng. Hiện vì sao đang dừng, sẽ gửi gì, "
        "cho bao nhiêu người; hỏi lại trước khi làm."
    ),
    "dondoc resume",
    "dondoc resume --yes",
)
@click.option("--yes", is_flag=True, help=_("Không hỏi lại."))
def resume_command(yes: bool) -> None:
    with session() as opened:
        found = opened.dondoc.standstill(now=opened.now)
        if found is None:
            _nothing_held(opened)
            return
        _explain(opened, found)
        if not yes:
            if not sys.stdin.isatty():
                raise click.ClickException(_("chưa làm gì. Nếu đồng ý, chạy lại với --yes."))
            click.confirm(_("Gửi tiếp?"), abort=True)
        resuming.resume(opened.dondoc, now=opened.now, actor=opened.actor)
    output.say(
        _("Đã cho gửi tiếp. Thông báo được soạn và gửi trong giờ làm việc, hoặc ngay: dondoc advance, dondoc deliver")
    )


def _nothing_held(opened: Session) -> None:
    """Also the place to accept a clock that was put back."""
    with opened.writing() as connection:
        confirmed = clock_guard.confirm(connection, now=opened.now, actor=opened.actor)
    if confirmed is None:
        output.say(_("Không có gì đang tạm dừng."))
        return
    said = _("Không có gì đang tạm dừng. Đã nhận {now} là đúng, thay cho {seen}.")
    output.say(said.format(now=moment_text(confirmed.now), seen=moment_text(confirmed.seen)))


def _explain(opened: Session, found: Standstill) -> None:
    if found.hold:
        output.heading(_("Đang tạm dừng gửi"))
        output.note(Standstill(found.hold, None).reason)
    if found.jump:
        output.heading(_("Ngày giờ của máy cần xác nhận"))
        output.note(found.jump.text)
    _say_outlook(resuming.outlook(opened.dondoc, found, now=opened.now), found)


def _say_outlook(ahead: Outlook, found: Standstill) -> None:
    output.heading(_("Nếu gửi tiếp"))
    if found.jump:
        output.note(_("Ghi quá hạn {n} kỳ theo ngày giờ hiện tại; việc này không xóa được.").format(n=ahead.misses))
        output.note(_("Mỗi người nhận nhiều nhất một bản tổng hợp; nhiều nhất {n} người.").format(n=ahead.people))
    else:
        said = _("{n} thông báo cho {people} người, mỗi người nhiều nhất một bản tổng hợp.")
        output.note(said.format(n=sum(ahead.messages.values()), people=ahead.people))
    if ahead.unknown:
        said = _("{n} thông báo chưa rõ đã đến hay chưa, không tự gửi lại: xem dondoc outbox.")
        output.note(said.format(n=ahead.unknown))
