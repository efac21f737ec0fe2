"""``dondoc user``: who may sign in to the dashboard, and which posts they hold."""

from __future__ import annotations

from datetime import date

import click
from sqlalchemy.engine import Connection

from cli import output
from cli.commands import group
from cli.params import DAY, formats
from cli.session import Session, session
from people import accounts
from people.accounts import Account
from people.errors import BadAccount
from people.rights import Post, Role, role_name
from plans.text import _, day_text
from tasks.agencies import find_agency, load_register

_OPTIONS = _("[TÙY-CHỌN]")
_ROLE = click.Choice([role.value for role in Role])
_LOGIN = _("TÊN-ĐĂNG-NHẬP")


@group(
    _("Tài khoản của bảng điều khiển và vai trò của từng người. Mật khẩu dùng một lần chỉ hiện khi tạo hoặc đặt lại."),
    "dondoc user add an.nv --name 'Nguyễn Văn An' --role coordinator --unit son-la.cong-an-tinh",
    "dondoc user post add an.nv --role coordinator --unit son-la.cong-an-tinh --to 31/12/2026",
    "dondoc user reset an.nv",
)
def user_command() -> None:
    """Only holds its subcommands."""


def _role_options(command: click.decorators.FC) -> click.decorators.FC:
    said = _(
        "coordinator: cán bộ theo dõi; head: lãnh đạo; auditor: kiểm tra; administrator: quản trị; agency: cơ quan."
    )
    unit = click.option("--unit", metavar=_("CƠ-QUAN"), help=_("Của cơ quan nào; không ghi: toàn hệ thống."))
    return click.option("--role", type=_ROLE, help=said)(unit(command))


@user_command.command("add", help=_("Tạo tài khoản và hiện mật khẩu dùng một lần."), options_metavar=_OPTIONS)
@click.argument("login", metavar=_LOGIN)
@click.option("--name", required=True, metavar=_("TÊN"), help=_("Họ tên."))
@_role_options
def add_user_command(login: str, name: str, role: str | None, unit: str | None) -> None:
    with session() as opened, opened.writing() as connection:
        made, password = accounts.create(connection, login=login, name=name, now=opened.now, actor=opened.actor)
        if role is not None:
            _give(connection, opened, made, role, unit, None, None)
        elif unit is not None:
            raise BadAccount(_("Có --unit thì phải có --role."))
        _say_password(accounts.load(connection, made), password)


@user_command.command("list", help=_("Các tài khoản và vai trò."), options_metavar=_OPTIONS)
@formats("table", "json")
def list_users_command(form: str) -> None:
    with session() as opened, opened.reading() as connection:
        found = accounts.all_accounts(connection)
        today = opened.today
    if form == "json":
        output.write_json([_document(each, today) for each in found])
    elif found:
        headers = [_("Tên đăng nhập"), _("Họ tên"), _("Tình trạng"), _("Vai trò")]
        output.table(headers, [(each.login, each.name, _state(each), _posts(each, today)) for each in found])
    else:
        output.say(_("Chưa có tài khoản nào. Tạo: dondoc user add TÊN --name … --role … --unit …"))


@user_command.command(
    "reset",
    help=_("Đặt lại mật khẩu: hiện mật khẩu mới dùng một lần, mọi phiên đang mở bị đóng."),
    options_metavar=_OPTIONS,
)
@click.argument("login", metavar=_LOGIN)
def reset_command(login: str) -> None:
    with session() as opened, opened.writing() as connection:
        person = _find(connection, login)
        password = accounts.reset_password(connection, person.id, now=opened.now, actor=opened.actor)
        _say_password(person, password)


@user_command.command("close", help=_("Khóa tài khoản, đóng mọi phiên đang mở."), options_metavar=_OPTIONS)
@click.argument("login", metavar=_LOGIN)
def close_command(login: str) -> None:
    _set_active(login, False)
    output.say(_("Đã khóa tài khoản {login}.").format(login=login))


@user_command.command("open", help=_("Mở lại tài khoản đã khóa."), options_metavar=_OPTIONS)
@click.argument("login", metavar=_LOGIN)
def open_command(login: str) -> None:
    _set_active(login, True)
    output.say(_("Đã mở lại tài khoản {login}.").format(login=login))


@user_command.group(
    "post", help=_("Vai trò: giao, kết thúc."), options_metavar=_OPTIONS, subcommand_metavar=_("LỆNH …")
)
def post_group() -> None:
    """Only holds its subcommands."""


@post_group.command("add", help=_("Giao vai trò cho một người."), options_metavar=_OPTIONS)
@click.argument("login", metavar=_LOGIN)
@_role_options
@click.option("--from", "since", type=DAY, help=_("Từ ngày này; không ghi: hôm nay."))
@click.option("--to", "until", type=DAY, help=_("Đến hết ngày này."))
def add_post_command(login: str, role: str | None, unit: str | None, since: date | None, until: date | None) -> None:
    if role is None:
        raise click.UsageError(_("Thiếu --role."))
    with session() as opened, opened.writing() as connection:
        person = _find(connection, login)
        _give(connection, opened, person.id, role, unit, since, until)
        output.say(_("Đã giao vai trò {role} cho {login}.").format(role=role_name(Role(role)), login=person.login))


@post_group.command("end", help=_("Kết thúc một vai trò, theo số ở: dondoc user list."), options_metavar=_OPTIONS)
@click.argument("post_id", metavar=_("SỐ"), type=int)
def end_post_command(post_id: int) -> None:
    with session() as opened, opened.writing() as connection:
        accounts.end_post(connection, post_id, now=opened.now, actor=opened.actor)
    output.say(_("Đã kết thúc vai trò số {id}.").format(id=post_id))


def _give(
    connection: Connection,
    opened: Session,
    account_id: int,
    role: str,
    unit: str | None,
    since: date | None,
    until: date | None,
) -> None:
    """``unit``: an id, a name or an alias that one body bears. Raises AgencyUnknown, BadAccount."""
    body = find_agency(load_register(connection), unit).id if unit else None
    accounts.give_post(
        connection, account_id, Role(role), body, since=since, until=until, now=opened.now, actor=opened.actor
    )


def _set_active(login: str, active: bool) -> None:
    with session() as opened, opened.writing() as connection:
        person = _find(connection, login)
        accounts.set_active(connection, person.id, active, now=opened.now, actor=opened.actor)


def _find(connection: Connection, login: str) -> Account:
    """Raises BadAccount."""
    wanted = login.strip().lower()
    for each in accounts.all_accounts(connection):
        if each.login == wanted:
            return each
    raise BadAccount(_("Không có tài khoản {login}. Xem: dondoc user list").format(login=login))


def _say_password(person: Account, password: str) -> None:
    said = _("Tài khoản {login}, mật khẩu dùng một lần: {password} (chỉ hiện lần này, phải đổi khi đăng nhập).")
    output.say(said.format(login=person.login, password=password))


def _state(person: Account) -> str:
    if not person.active:
        return _("đã khóa")
    return _("chưa đổi mật khẩu") if person.must_change else _("đang dùng")


def _posts(person: Account, today: date) -> str:
    return "; ".join(_post(each, today) for each in person.posts) or _("chưa có vai trò")


def _post(held: Post, today: date) -> str:
    """``3: Cán bộ theo dõi, son-la.cong-an-tinh, đến 31/12/2026``."""
    parts = [f"{held.id}: {role_name(held.role)}", held.unit or ""]
    if held.since > today:
        parts.append(_("từ {day}").format(day=day_text(held.since)))
    if held.until is not None:
        parts.append(_("đến {day}").format(day=day_text(held.until)))
    return ", ".join(part for part in parts if part)


def _document(person: Account, today: date) -> dict[str, object]:
    return {
        "login": person.login,
        "name": person.name,
        "active": person.active,
        "must_change": person.must_change,
        "created_at": person.created_at,
        "posts": [
            {
                "id": each.id,
                "role": each.role.value,
                "unit": each.unit,
                "since": each.since,
                "until": each.until,
                "held": each.held_on(today),
            }
            for each in person.posts
        ],
    }
