"""``dondoc chain``: the plans above and below one, and what does not fit."""

from __future__ import annotations

from dataclasses import asdict

import click

from app.views.chain import load
from cli import output
from cli.commands import command
from cli.params import formats
from cli.session import session
from plans.calendar import local_day
from plans.text import _, day_text
from tasks.agencies import load_plan, load_register


@command(
    _(
        "Chuỗi kế hoạch: kế hoạch cấp trên; kế hoạch cấp dưới đã có, chưa có, ban hành muộn; hạn không khớp giữa "
        "hai cấp."
    ),
    "dondoc chain cua-lo-2023",
)
@click.argument("plan_id", metavar=_("KẾ-HOẠCH"))
@formats("table", "json")
def chain_command(plan_id: str, form: str) -> None:
    with session() as opened, opened.reading() as connection:
        plan = load_plan(connection, plan_id)
        found = load(connection, None, plan, load_register(connection), today=local_day(opened.now))
    if form == "json":
        output.write_json(asdict(found))
        return
    for link in found.above:
        output.say(_("Cấp trên: {plan}").format(plan=link.text))
    for said in found.against:
        output.say(f"  ! {said}")
    if found.asked:
        output.say(found.summary)
        heads = (_("Cơ quan"), _("Gửi chậm nhất"), _("Tình trạng"), _("Kế hoạch"))
        rows = [
            (
                line.body_name,
                day_text(line.last_day) if line.last_day else "",
                line.text,
                line.plan.text if line.plan else "",
            )
            for line in found.lines
        ]
        output.table(heads, rows)
        for line in found.lines:
            for said in line.misfits:
                output.say(f"  ! {line.body_name}: {said}")
    for link in found.others:
        output.say(_("Kế hoạch khác dẫn chiếu: {plan}").format(plan=link.text))
    if not (found.above or found.asked or found.others):
        output.say(_("Kế hoạch này không dẫn chiếu kế hoạch cấp trên và không giao cơ quan nào lập kế hoạch."))
