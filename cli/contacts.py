"""``dondoc contact``: where messages go."""

from __future__ import annotations

from datetime import date

import click
from sqlalchemy.engine import Connection

from cli import output
from cli.commands import group
from cli.contact_files import away_command, export_command, import_command, wait_command
from cli.params import DAY, agency_option, formats
from cli.plan_overview import overview
from cli.session import Session, session
from notifications.channels.names import CHANNELS
from notifications.contacts import ContactRole, add_contact, contacts_of, remove_contact
from notifications.errors import BadContact
from plans.text import _
from tasks.agencies import find_agency, load_register
from tasks.model import PlanStatus


def role_text(role: ContactRole) -> str:
    return {
        ContactRole.AGENCY: _("cơ quan"),
        ContactRole.OFFICER: _("cán bộ theo dõi"),
        ContactRole.STAND_IN: _("người làm thay"),
        ContactRole.HEAD: _("lãnh đạo"),
    }[role]


@group(
    _("Địa chỉ nhận thông báo của các cơ quan, và của cán bộ theo dõi, người làm thay, lãnh đạo đơn vị theo dõi."),
    "dondoc contact add son-la.so-tai-chinh --name 'Văn thư' --address vanthu.stc@sonla.gov.vn",
    "dondoc contact list --missing",
)
def contact_command() -> None:
    """Only holds its subcommands."""


@contact_command.command(
    "add",
    help=_("Thêm một địa chỉ. Thông báo đang chờ vì thiếu địa chỉ sẽ được gửi."),
    options_metavar=_("[TÙY-CHỌN]"),
)
@click.argument("agency", metavar=_("CƠ-QUAN"))
@click.option(
    "--role",
    type=click.Choice([role.value for role in ContactRole]),
    default="agency",
    show_default=True,
    help=_("agency: cơ quan; của đơn vị theo dõi: officer (cán bộ), stand_in (người làm thay), head (lãnh đạo)."),
)
@click.option("--name", required=True, metavar=_("TÊN"), help=_("Họ tên hoặc bộ phận nhận."))
@click.option("--address", required=True, metavar=_("ĐỊA-CHỈ"), help=_("Địa chỉ của cách gửi đó, ví dụ thư điện tử."))
@click.option("--channel", type=click.Choice(CHANNELS), default="email", show_default=True, help=_("Cách gửi."))
@click.option("--phone", metavar=_("SỐ"), help=_("Điện thoại liên hệ, ghi ở cuối thông báo."))
@click.option("--from", "since", type=DAY, metavar=_("NGÀY"), help=_("Ngày đầu giữ vai trò; bỏ trống: không giới hạn."))
@click.option("--to", "until", type=DAY, metavar=_("NGÀY"), help=_("Ngày cuối giữ vai trò; bỏ trống: không giới hạn."))
@click.option(
    "--after",
    type=int,
    metavar=_("SỐ"),
    help=_("Cách gửi tiếp theo của người có địa chỉ số này: chỉ dùng khi cách trước không đến được."),
)
def add_contact_command(
    agency: str,
    role: str,
    name: str,
    address: str,
    channel: str,
    phone: str | None,
    since: date | None,
    until: date | None,
    after: int | None,
) -> None:
    with session() as opened, opened.writing() as connection:
        body = find_agency(load_register(connection), agency)
        add_contact(
            connection,
            body.id,
            role=ContactRole(role),
            name=name,
            address=address,
            channel=channel,
            phone=phone,
            person=_person(connection, body.id, after) if after is not None else None,
            since=since,
            until=until,
            now=opened.now,
            actor=opened.actor,
        )
    output.say(_("Đã thêm {address} cho {agency}.").format(address=address, agency=body.name))


def _person(connection: Connection, agency_id: str, contact_id: int) -> str:
    """Raises BadContact."""
    for each in contacts_of(connection, agency_id):
        if each.id == contact_id:
            return each.person
    raise BadContact(_("Không có địa chỉ số {id}. Xem: dondoc contact list").format(id=contact_id))


@contact_command.command("list", help=_("Danh sách địa chỉ đang dùng."), options_metavar=_("[TÙY-CHỌN]"))
@agency_option
@click.option("--missing", is_flag=True, help=_("Những nơi đang theo dõi mà chưa có địa chỉ."))
@formats("table", "json", "csv")
def list_contacts_command(agency: str | None, missing: bool, form: str) -> None:
    with session() as opened, opened.reading() as connection:
        register = load_register(connection)
        if missing:
            _write_missing(connection, opened, form)
            return
        found = contacts_of(connection, find_agency(register, agency).id if agency else None)
        names = {body.id: body.name for body in register.agencies.values()}
    fields = ("id", "agency_id", "role", "name", "address", "channel", "phone", "rank", "since", "until", "person")
    if form == "json":
        output.write_json([output.as_dict(c, fields) for c in found])
    elif form == "csv":
        output.write_csv(fields, [list(output.as_dict(c, fields).values()) for c in found])
    elif found:
        headers = [_("Số"), _("Cơ quan"), _("Vai trò"), _("Người nhận"), _("Thứ tự"), _("Địa chỉ"), _("Điện thoại")]
        rows = [(c.id, names[c.agency_id], role_text(c.role), c.name, c.rank, c.address, c.phone) for c in found]
        output.table(headers, rows, right=(0, 4))
    else:
        output.say(_("Chưa có địa chỉ nào. Thêm: dondoc contact add CƠ-QUAN --name … --address …"))


def _write_missing(connection: Connection, opened: Session, form: str) -> None:
    register = load_register(connection)
    lines = [line for line in overview(connection, now=opened.now) if line.status is PlanStatus.ACTIVE]
    bodies = {(body, _("cơ quan")) for line in lines for body in line.without_contact}
    bodies |= {(line.lead, post) for line in lines for post in line.posts_missing}
    rows = [(body, register[body].name, post) for body, post in sorted(bodies)]
    if form == "json":
        output.write_json([{"agency": body, "agency_name": name, "post": post} for body, name, post in rows])
    elif form == "csv":
        output.write_csv(("agency", "agency_name", "post"), rows)
    elif rows:
        output.table([_("Mã"), _("Cơ quan"), _("Thiếu địa chỉ của")], rows)
    else:
        output.say(_("Không thiếu địa chỉ nào."))


@contact_command.command("remove", help=_("Ngừng gửi tới một địa chỉ."), options_metavar=_("[TÙY-CHỌN]"))
@click.argument("contact_id", metavar=_("SỐ"), type=int)
def remove_contact_command(contact_id: int) -> None:
    with session() as opened, opened.writing() as connection:
        remove_contact(connection, contact_id, now=opened.now, actor=opened.actor)
    output.say(_("Đã bỏ địa chỉ số {id}.").format(id=contact_id))


for _command in (import_command, export_command, away_command, wait_command):
    contact_command.add_command(_command)
