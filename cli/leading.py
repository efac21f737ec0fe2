"""``dondoc lead``: another unit follows a plan up, from a day on, by a document."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date

import click
from sqlalchemy.engine import Connection

from cli import output
from cli.commands import command
from cli.params import DAY
from cli.session import Session, session
from plans.text import _, _n, day_text
from tasks.agencies import find_agency, load_register
from tasks.leading import Led, hand_lead, withdraw


@command(
    _(
        "Giao đơn vị khác theo dõi, đôn đốc kế hoạch, từ ngày --from (mặc định hôm nay), theo văn bản --document. Từ "
        "ngày đó cán bộ và lãnh đạo đơn vị mới nhận danh sách kiểm tra, báo cáo quá hạn, báo cáo tuần và có quyền "
        "trên kế hoạch; việc đơn vị cũ tự làm chuyển sang đơn vị mới; mọi cơ quan được báo lại nhiệm vụ, thời hạn. "
        "Lịch sử và thông báo đã soạn giữ nguyên.\n\n"
        "--preview: chỉ xem. Giao nhầm thì giao lại cho đơn vị cũ. Ngày còn ở phía trước: --cancel để hủy."
    ),
    "dondoc lead son-la-2316-2023 --to phong-pc10 --from 01/03/2025 --document 12/QĐ-BCA --preview",
    "dondoc lead son-la-2316-2023 --cancel",
)
@click.argument("plan_ids", metavar=_("KẾ-HOẠCH…"), nargs=-1, required=True)
@click.option("--to", "heir", metavar=_("CƠ-QUAN"), help=_("Đơn vị theo dõi mới."))
@click.option("--from", "since", type=DAY, help=_("Theo dõi từ ngày; mặc định hôm nay."))
@click.option("--document", metavar=_("SỐ"), help=_("Số, ngày văn bản làm căn cứ."))
@click.option("--preview", is_flag=True, help=_("Chỉ xem thay đổi, không ghi."))
@click.option("--cancel", is_flag=True, help=_("Hủy việc giao đang chờ đến ngày."))
@click.option("--yes", is_flag=True, help=_("Không hỏi lại."))
def lead_command(
    plan_ids: tuple[str, ...],
    heir: str | None,
    since: date | None,
    document: str | None,
    preview: bool,
    cancel: bool,
    yes: bool,
) -> None:
    plans = tuple(dict.fromkeys(plan_ids))
    if cancel:
        _cancel(plans)
        return
    if not heir or not document:
        raise click.UsageError(_("Thiếu --to (đơn vị mới) hoặc --document (văn bản làm căn cứ)."))
    with session() as opened:
        if preview or (not yes and sys.stdin.isatty()):
            with opened.trying() as connection:
                _say(_hand(connection, opened, plans, heir, since, document), connection, preview=True)
            if preview:
                return
            click.confirm(_("Thực hiện thay đổi này?"), abort=True)
        with opened.writing() as connection:
            _say(_hand(connection, opened, plans, heir, since, document), connection)


def _cancel(plans: Sequence[str]) -> None:
    with session() as opened, opened.writing() as connection:
        for plan_id in plans:
            agreed = withdraw(connection, plan_id, now=opened.now, actor=opened.actor)
            said = _("{plan}: đã hủy việc giao từ ngày {day}; đơn vị theo dõi không đổi.")
            output.say(said.format(plan=plan_id, day=day_text(agreed.since)))


def _hand(
    connection: Connection, opened: Session, plans: Sequence[str], heir: str, since: date | None, document: str
) -> list[Led]:
    to = find_agency(load_register(connection), heir)
    day = since or opened.today
    return [
        hand_lead(connection, each, to, since=day, document=document, now=opened.now, actor=opened.actor)
        for each in plans
    ]


def _say(made: Sequence[Led], connection: Connection, *, preview: bool = False) -> None:
    """What handing over does, plan by plan, with all that cannot be handed over."""
    register = load_register(connection)
    for led in made:
        said = _("{plan}: {was} → {to}, theo dõi từ ngày {day}.")
        if not led.at_once:
            said = _("{plan}: {was} → {to}, đến ngày {day} mới chuyển.")
        text = said.format(
            plan=led.plan_id, was=register[led.was].name, to=register[led.to].name, day=day_text(led.since)
        )
        output.say(_("Xem trước, chưa ghi gì. {text}").format(text=text) if preview else text)
        if led.steps:
            said = _n("  chuyển {n} kỳ đơn vị cũ tự làm", len(led.steps))
            output.say(said.format(n=len(led.steps)))
        if led.moved:
            said = _n("  {n} kỳ đổi ngày cuối tính đúng hạn, theo cách đọc hạn của đơn vị mới", led.moved)
            output.say(said.format(n=led.moved))
        if led.told:
            said = _n("  {n} cơ quan được báo lại nhiệm vụ, thời hạn", led.told)
            output.say(said.format(n=led.told))
        for each in led.kept:
            output.warn(_("  không chuyển được {occurrence}: {why}").format(occurrence=each.was.id, why=each.why))
