"""``dondoc contact``: where messages go."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import click
from sqlalchemy.engine import Connection

from cli import output
from cli.params import agency_option, formats, group
from cli.plan_overview import overview
from cli.session import Session, session
from notifications.contacts import ContactRole, add_contact, contacts_of, remove_contact
from notifications.errors import BadContact, NotificationsError
from plans.text import _, _n
from tasks.agencies import find_agency, load_register
from tasks.errors import BadInput, RegisterError
from tasks.model import PlanStatus

_COLUMNS = ("agency", "role", "name", "address", "channel", "phone")
_MAX_BYTES = 10_000_000


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
@click.option("--address", required=True, metavar=_("ĐỊA-CHỈ"), help=_("Địa chỉ thư điện tử, hoặc URL của Apprise."))
@click.option("--channel", type=click.Choice(["email", "url"]), default="email", show_default=True, help=_("Cách gửi."))
@click.option("--phone", metavar=_("SỐ"), help=_("Điện thoại liên hệ, ghi ở cuối thông báo."))
def add_contact_command(agency: str, role: str, name: str, address: str, channel: str, phone: str | None) -> None:
    with session() as opened, opened.writing() as connection:
        row = {"agency": agency, "role": role, "name": name, "address": address, "channel": channel, "phone": phone}
        output.say(_("Đã thêm {address} cho {agency}.").format(address=address, agency=_add(connection, opened, row)))


def _add(connection: Connection, opened: Session, row: dict[str, Any]) -> str:
    """Adds one address and returns the body's name. Raises AgencyUnknown, BadContact."""
    body = find_agency(load_register(connection), row["agency"])
    if row["role"] not in tuple(ContactRole):
        known = ", ".join(ContactRole)
        raise BadContact(_("Không có vai trò {role}. Các vai trò: {known}.").format(role=row["role"], known=known))
    if row["channel"] not in ("email", "url"):
        raise BadContact(_("Không có cách gửi {channel}. Dùng email hoặc url.").format(channel=row["channel"]))
    add_contact(
        connection,
        body.id,
        role=ContactRole(row["role"]),
        name=row["name"],
        address=row["address"],
        channel=row["channel"],
        phone=row["phone"],
        now=opened.now,
        actor=opened.actor,
    )
    return body.name


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
    fields = ("id", "agency_id", "role", "name", "address", "channel", "phone")
    if form == "json":
        output.write_json([output.as_dict(c, fields) for c in found])
    elif form == "csv":
        output.write_csv(fields, [list(output.as_dict(c, fields).values()) for c in found])
    elif found:
        headers = [_("Số"), _("Cơ quan"), _("Vai trò"), _("Người nhận"), _("Địa chỉ"), _("Điện thoại")]
        rows = [(c.id, names[c.agency_id], role_text(c.role), c.name, c.address, c.phone) for c in found]
        output.table(headers, rows, right=(0,))
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


@contact_command.command(
    "import",
    help=_(
        "Nạp nhiều địa chỉ từ tệp CSV có các cột agency, name, address và nếu cần role, channel, phone. Có dòng sai "
        "thì không nạp dòng nào."
    ),
    options_metavar=_("[TÙY-CHỌN]"),
)
@click.argument("file", metavar=_("TỆP"), type=click.Path(path_type=Path))
def import_contacts_command(file: Path) -> None:
    rows = _read(file)
    with session() as opened, opened.writing() as connection:
        problems = []
        for line, row in rows:
            try:
                _add(connection, opened, row)
            except (RegisterError, NotificationsError) as error:
                problems.append(f"{file}:{line}: {error}")
        if problems:
            raise BadInput("\n".join(problems))
    output.say(_n("Đã nạp {n} địa chỉ.", len(rows)).format(n=len(rows)))


def _read(file: Path) -> list[tuple[int, dict[str, Any]]]:
    """The rows with their lines. Raises BadInput, OSError."""
    if file.is_file() and file.stat().st_size > _MAX_BYTES:
        raise BadInput(_("Tệp {file} quá lớn.").format(file=file))
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            first = opened.readline()
            opened.seek(0)
            # Excel separates by semicolons where the comma is the decimal sign, as in Vietnam
            reader = csv.DictReader(opened, delimiter=";" if first.count(";") > first.count(",") else ",")
            missing = [name for name in ("agency", "name", "address") if name not in (reader.fieldnames or ())]
            if missing:
                said = _("{file}:1: thiếu cột {names}. Các cột: {known}.")
                raise BadInput(said.format(file=file, names=", ".join(missing), known=", ".join(_COLUMNS)))
            return [(reader.line_num, _row(each)) for each in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(_("{file}: không phải tệp CSV mã UTF-8.").format(file=file)) from error


def _row(values: dict[str, str | None]) -> dict[str, Any]:
    said = {name: (values.get(name) or "").strip() for name in _COLUMNS}
    return said | {
        "role": said["role"] or "agency",
        "channel": said["channel"] or "email",
        "phone": said["phone"] or None,
    }
