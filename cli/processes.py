"""``dondoc server`` and ``dondoc worker``: the parts of ``dondoc up``, each by itself, for systemd."""

from __future__ import annotations

import asyncio
import socket
from importlib import import_module

import click

from app.bootstrap import bootstrap, clock
from app.prefect_processes import ServerSilent, await_server, become_server, become_worker
from app.prefect_settings import UnsafeAddress, adopt
from app.settings import Settings
from app.supervisor import PortInUse
from cli.commands import command
from plans.text import _, use_language


@command(
    _(
        "Chỉ máy chủ Prefect: lập lịch và bảng theo dõi. Nghe ở DONDOC_PREFECT_HOST; địa chỉ mở ra ngoài máy này phải "
        "có mật khẩu PREFECT_SERVER_API_AUTH_STRING. Một cơ quan một máy chủ; máy cá nhân dùng dondoc up."
    ),
    "dondoc server",
)
def server_command() -> None:
    settings = Settings()
    use_language(settings.language)
    try:
        become_server(settings)
    except (PortInUse, UnsafeAddress) as error:
        raise click.ClickException(str(error)) from error


@command(
    _(
        "Chỉ một tiến trình thực hiện: chờ máy chủ Prefect, nâng cấp cơ sở dữ liệu nếu cần, tạo lịch còn thiếu, rồi "
        "nhận việc. Chạy bao nhiêu tiến trình, trên bao nhiêu máy cũng được khi sổ dùng PostgreSQL; một tiến trình "
        "chết thì tiến trình khác làm tiếp."
    ),
    "dondoc worker",
    "dondoc worker --name may-2",
)
@click.option("--name", metavar=_("TÊN"), help=_("Tên hiện trên bảng Prefect; mặc định là tên máy."))
def worker_command(name: str | None) -> None:
    settings = Settings()
    adopt(settings)  # before Prefect is imported anywhere in this process
    dondoc = bootstrap(settings)
    try:
        await_server(settings)
        asyncio.run(import_module("flows.sync").sync_if_needed(dondoc, now=clock()))
    except ServerSilent as error:
        raise click.ClickException(str(error)) from error
    finally:
        dondoc.close()
    become_worker(settings, name or socket.gethostname())
