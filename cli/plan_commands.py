"""Plans in, followed, out, and listed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
from sqlalchemy.engine import Connection

from app.bringing import bring_in
from app.sample import remove_plan
from cli import output
from cli.commands import command
from cli.params import DAY, formats, joined
from cli.plan_overview import PlanLine, overview
from cli.session import Session, bring_in_shipped, is_shipped, session
from plans.agency_files import read_agencies
from plans.files import read_bytes
from plans.text import _, _n, day_text, sort_key, weekday_text
from plans.yaml_nodes import is_agencies_file
from tasks import intake
from tasks.agencies import load_register
from tasks.bodies import register_bodies
from tasks.errors import PlanUnknown
from tasks.intake import Brought, Started
from tasks.listing import due_rows
from tasks.model import PlanStatus


@command(
    _(
        "Nạp kế hoạch từ tệp YAML vào sổ ở dạng nháp. Kế hoạch đang theo dõi được cập nhật theo tệp mới. Nhận cả danh "
        "mục cơ quan, và mã của kế hoạch có sẵn trong dondoc thay cho tên tệp."
    ),
    "dondoc add ke-hoach.yaml",
    "dondoc add co-quan.yaml ke-hoach.yaml",
    "dondoc add son-la-2316-2023",
)
@click.argument("files", metavar=_("TỆP…"), nargs=-1, required=True)
def add_command(files: tuple[str, ...]) -> None:
    contents = [
        (name, None if is_shipped(name) and not Path(name).exists() else read_bytes(Path(name))) for name in files
    ]
    with session() as opened, opened.writing() as connection:
        for name, data in contents:
            if data is not None and is_agencies_file(data):
                bodies = read_agencies(data, file=name, register=load_register(connection))
                register_bodies(connection, bodies, now=opened.now, actor=opened.actor)
                output.say(_("{file}: đã nạp {n} cơ quan.").format(file=name, n=len(bodies)))
        for name, data in contents:
            if data is None:
                _say_brought(bring_in_shipped(connection, name, now=opened.now, actor=opened.actor))
            elif not is_agencies_file(data):
                _say_brought(bring_in(connection, data, file=name, now=opened.now, actor=opened.actor))


def _say_brought(brought: Brought) -> None:
    texts = {
        "added": _("Đã nạp {plan} ({short}), chưa theo dõi. Bắt đầu: dondoc activate {plan}"),
        "replaced": _("Đã thay bản nháp {plan} ({short}). Bắt đầu theo dõi: dondoc activate {plan}"),
        "unchanged": _("{plan} ({short}): nội dung không đổi, không làm gì."),
        "revised": _("Đã cập nhật {plan} ({short}): thêm {made} kỳ, đổi hạn {moved} kỳ, bỏ {cancelled} kỳ."),
    }
    output.say(
        texts[brought.outcome].format(
            plan=brought.plan.id,
            short=brought.plan.short,
            made=brought.made,
            moved=brought.moved,
            cancelled=brought.cancelled,
        )
    )


@command(
    _(
        "Bắt đầu theo dõi một kế hoạch, từ hôm nay hoặc từ ngày --from. Việc đến hạn trước ngày đó được liệt kê, không "
        "nhắc, không tính quá hạn. Kế hoạch có sẵn trong dondoc được nạp luôn nếu chưa có trong sổ.\n\n"
        "Kế hoạch đã dừng được theo dõi lại: việc đã khép khi dừng được mở lại, việc đến hạn trong thời gian dừng "
        "không tính. Kế hoạch đang theo dõi: --from sửa lại ngày bắt đầu; --preview cho xem trước thay đổi."
    ),
    "dondoc activate son-la-2316-2023",
    "dondoc activate son-la-2316-2023 --from 2023-11-07",
    "dondoc activate son-la-2316-2023 --from 2023-11-15 --preview",
)
@click.argument("plan_id", metavar=_("KẾ-HOẠCH"))
@click.option("--from", "start", type=DAY, help=_("Ngày bắt đầu theo dõi; mặc định hôm nay."))
@click.option("--preview", is_flag=True, help=_("Chỉ xem thay đổi, không ghi."))
@click.option("--yes", is_flag=True, help=_("Không hỏi lại."))
def activate_command(plan_id: str, start: date | None, preview: bool, yes: bool) -> None:
    with session() as opened:
        ask = not yes and sys.stdin.isatty() and _in_register(opened, plan_id)
        if preview or ask:
            with opened.trying() as connection:
                started = _activate(connection, opened, plan_id, start)
                _say_started(started, plan_id, today=opened.today, preview=True)
            if preview:
                return
            if started.outcome != "activated":
                click.confirm(_("Thực hiện thay đổi này?"), abort=True)
        with opened.writing() as connection:
            started = _activate(connection, opened, plan_id, start)
            _say_started(started, plan_id, today=opened.today)
            _say_coming(connection, opened, plan_id, started)


def _activate(connection: Connection, opened: Session, plan_id: str, start: date | None) -> Started:
    try:
        return intake.activate(connection, plan_id, start=start, now=opened.now, actor=opened.actor)
    except PlanUnknown:
        if not is_shipped(plan_id):
            raise
    bring_in_shipped(connection, plan_id, now=opened.now, actor=opened.actor)
    return intake.activate(connection, plan_id, start=start, now=opened.now, actor=opened.actor)


def _say_started(started: Started, plan_id: str, *, today: date, preview: bool = False) -> None:
    """What starting does or would do: nothing that is put right later comes as a surprise."""
    day = day_text(started.start)
    match started.outcome:
        case "activated":
            said = _n("Đang theo dõi {plan} từ {day}: {n} kỳ.", started.made)
            said = said.format(plan=plan_id, n=started.made, day=day)
        case "restarted":
            said = _("Theo dõi lại {plan} từ {day}: mở lại {resumed} kỳ đã khép khi dừng, thêm {made} kỳ.").format(
                plan=plan_id, day=day, resumed=started.resumed, made=started.made
            )
        case _corrected:
            was = day_text(started.was) if started.was else ""
            said = _("Sửa ngày bắt đầu theo dõi {plan}: {was} thành {day}.").format(plan=plan_id, was=was, day=day)
    output.say(_("Xem trước, chưa ghi gì. {text}").format(text=said) if preview else said)
    changed = started.changed
    if changed.uncounted:
        output.say(
            _("{n} kỳ thành “trước khi theo dõi”: không nhắc, không tính; rút {missed} lần quá hạn đã ghi.").format(
                n=len(changed.uncounted), missed=changed.withdrawn
            )
        )
    if changed.counted:
        late = changed.newly_late(today=today)
        output.say(
            _(
                "{n} kỳ được tính từ nay, trong đó {late} kỳ đã quá hạn và chưa nhận; mốc nhắc đã qua không gửi bù."
            ).format(n=len(changed.counted), late=late)
        )
    if started.told:
        output.say(_("{n} cơ quan được thông báo lại nhiệm vụ, thời hạn.").format(n=started.told))


def _say_coming(connection: Connection, opened: Session, plan_id: str, started: Started) -> None:
    since = max(started.start, opened.today) if started.outcome != "activated" else started.start
    coming = [row for row in due_rows(connection, now=opened.now, plan_id=plan_id) if row.due >= since]
    if coming:
        nearest = coming[0]
        output.say(
            _("Hạn gần nhất: {title}, gửi chậm nhất {day}.").format(
                title=nearest.duty_title, day=weekday_text(nearest.last_day)
            )
        )
    for line in overview(connection, now=opened.now):
        if line.id == plan_id:
            _say_alarms(line)
    output.say(_("Thông báo được gửi trong giờ làm việc khi dondoc đang chạy: dondoc up"))


def _in_register(opened: Session, plan_id: str) -> bool:
    """Whether it is known already and no draft: then starting changes something that was settled."""
    with opened.reading() as connection:
        lines = {line.id: line for line in overview(connection, now=opened.now)}
    return plan_id in lines and lines[plan_id].status != PlanStatus.DRAFT


@command(
    _(
        "Dừng theo dõi một kế hoạch: việc chưa xong được khép lại, lịch sử giữ nguyên, không gửi gì nữa; văn bản đến "
        "muộn vẫn ghi nhận được. Theo dõi lại bằng dondoc activate. Bản nháp và kế hoạch MẪU được xóa hẳn."
    ),
    "dondoc remove mau",
)
@click.argument("plan_id", metavar=_("KẾ-HOẠCH"))
@click.option("--yes", is_flag=True, help=_("Không hỏi lại."))
def remove_command(plan_id: str, yes: bool) -> None:
    with session() as opened:
        if not yes and sys.stdin.isatty() and _followed(opened, plan_id):
            # what falls due until it is started again is not followed, so a slip of the finger must not stop it
            click.confirm(_("Dừng theo dõi {plan}, khép mọi việc chưa xong?").format(plan=plan_id), abort=True)
        outcome = remove_plan(opened.dondoc, plan_id, now=opened.now, actor=opened.actor)
    stopped = _("Đã dừng theo dõi {plan}; lịch sử giữ nguyên. Theo dõi lại: dondoc activate {plan}")
    said = _("Đã xóa {plan}.") if outcome == "deleted" else stopped
    output.say(said.format(plan=plan_id))


def _followed(opened: Session, plan_id: str) -> bool:
    """A real plan that is being followed; drafts and the sample are no loss."""
    with opened.reading() as connection:
        lines = {line.id: line for line in overview(connection, now=opened.now)}
    return plan_id in lines and lines[plan_id].status == PlanStatus.ACTIVE and not lines[plan_id].sample


@command(
    _("Danh sách kế hoạch: tình trạng, việc chưa xong, việc quá hạn, và những điều cần xử lý."),
    "dondoc plans",
)
@formats("table", "json")
def plans_command(form: str) -> None:
    with session() as opened, opened.reading() as connection:
        opened.say_standstill()
        lines = overview(connection, now=opened.now)
    if form == "json":
        output.write_json([line.document() for line in lines])
    elif not lines:
        output.say(_("Chưa có kế hoạch nào. Khởi động lần đầu: dondoc up; hoặc nạp tệp: dondoc add TỆP"))
    else:
        _write_table(lines)


def _write_table(lines: Sequence[PlanLine]) -> None:
    headers = [_("Mã"), _("Kế hoạch"), _("Tình trạng"), _("Chưa xong"), _("Quá hạn"), _("Đơn vị theo dõi")]
    rows = [
        (
            line.id,
            line.name,
            line.status_text,
            line.open,
            output.Coloured(str(line.overdue), "red" if line.overdue else None),
            line.lead_name,
        )
        for line in lines
    ]
    output.table(headers, rows, right=(3, 4))
    for line in lines:
        if line.alarms and line.status is not PlanStatus.STOPPED:
            output.say()
            output.heading(line.id)
            _say_alarms(line)


def _say_alarms(line: PlanLine) -> None:
    if line.lead_ended:
        output.note(_("Đơn vị theo dõi đã kết thúc hoạt động: cần cơ quan kế thừa."))
    if line.posts_missing:
        said = _("Chưa có địa chỉ: {posts} của {lead}")
        output.note(said.format(posts=", ".join(line.posts_missing), lead=line.lead))
    if line.without_contact:
        said = _("Chưa có địa chỉ: {n} cơ quan ({names})")
        output.note(said.format(n=len(line.without_contact), names=joined(line.without_contact, 3)))
    if line.posts_missing or line.without_contact:
        output.note(_("Thêm: dondoc contact add CƠ-QUAN --name … --address …"))
    if line.needs_successor:
        names = sorted({o.agency_name for o in line.needs_successor}, key=sort_key)
        said = _("Cần cơ quan kế thừa: {n} việc của cơ quan đã kết thúc ({names})")
        output.note(said.format(n=len(line.needs_successor), names=joined(names, 3)))
