"""``dondoc check``: every problem of plan and agencies files, with line, field and what to write instead."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from cli.commands import command
from plans.checking import check_files
from plans.model import Register
from plans.plan_parties import register_with
from plans.shipped import shipped_register
from plans.text import _, _n


@command(
    _(
        "Kiểm tra tệp kế hoạch và danh mục cơ quan, báo mọi chỗ cần sửa cùng một lúc: tệp, dòng, trường và cách viết "
        "đúng. Không thay đổi gì. Danh mục cơ quan đưa cùng được dùng để đối chiếu kế hoạch."
    ),
    "dondoc check ke-hoach.yaml",
    "dondoc check co-quan.yaml ke-hoach.yaml",
)
@click.argument("files", metavar=_("TỆP…"), nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_context
def check_command(ctx: click.Context, files: tuple[Path, ...]) -> None:
    problems = check_files(files, register=known_bodies())
    for problem in problems:
        click.echo(str(problem))
    paths = set(files)
    if not problems:
        click.echo(_n("{n} tệp, không có lỗi.", len(paths)).format(n=len(paths)))
        return
    wrong = len({problem.file for problem in problems})
    said = _n("{n} lỗi trong {wrong}/{total} tệp.", len(problems))
    click.echo(said.format(n=len(problems), wrong=wrong, total=len(paths)))
    ctx.exit(1)


def known_bodies() -> Register:
    """The shipped ones and, where there is a register already, its own. Checking a file starts no installation."""
    from app.settings import Settings

    settings = Settings()
    if settings.url.startswith("sqlite") and not (settings.home / "dondoc.db").exists():
        return shipped_register()
    from cli.session import session
    from tasks.agencies import load_register

    with suppress_unreachable(), session() as opened, opened.reading() as connection:
        return register_with(load_register(connection), shipped_register().agencies.values())
    return shipped_register()


def suppress_unreachable() -> suppress:
    """A file can be checked while the database is away."""
    from sqlalchemy.exc import DBAPIError

    return suppress(DBAPIError)
