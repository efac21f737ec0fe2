"""``dondoc up``: everything started, and stopped by Ctrl-C."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click

from app import supervisor
from app.bootstrap import Dondoc, bootstrap, clock
from app.children import ChildGaveUp
from app.firstaccount import first_account
from app.firststart import first_start
from app.prefect_settings import UnsafeAddress, adopt
from app.settings import Settings
from app.supervisor import AlreadyUp, Dashboard, PortInUse, ServerNotReady
from cli.commands import command
from plans.text import _

_PORT = click.IntRange(1, 65535)


@command(
    _(
        "Khởi động dondoc: cơ sở dữ liệu, năm kế hoạch có sẵn và kế hoạch MẪU ở lần đầu, máy chủ Prefect và tiến trình "
        "thực hiện, bảng điều khiển. Hiện các địa chỉ và, ở lần đầu, mật khẩu dùng một lần của người quản trị. Ctrl-C "
        "dừng tất cả; lần sau chạy tiếp, không mất gì."
    ),
    "dondoc up",
    "dondoc up --prefect-port 4300 --no-sample",
)
@click.option(
    "--dashboard-port",
    type=_PORT,
    metavar=_("CỔNG"),
    help=_("Cổng bảng điều khiển; mặc định 8000."),
)
@click.option("--prefect-port", type=_PORT, metavar=_("CỔNG"), help=_("Cổng Prefect; mặc định 4200."))
@click.option("--no-sample", is_flag=True, help=_("Lần đầu không nạp kế hoạch MẪU."))
def up_command(dashboard_port: int | None, prefect_port: int | None, no_sample: bool) -> None:
    given = {"dashboard_port": dashboard_port, "prefect_port": prefect_port}
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    settings = Settings(**chosen)
    adopt(settings)  # before Prefect is imported anywhere in this process
    dondoc = bootstrap(settings)
    try:
        start = _Start(dondoc, sample=not no_sample)
        dashboard = Dashboard(settings.dashboard_host, settings.dashboard_port)
        supervisor.run(settings, prepare=start.prepare, sync=start.sync, say=click.echo, dashboard=dashboard)
    except (AlreadyUp, ChildGaveUp, PortInUse, ServerNotReady, UnsafeAddress) as error:
        raise click.ClickException(str(error)) from error
    finally:
        dondoc.close()


@dataclass
class _Start:
    """What is done beside the starting server, and once it answers."""

    dondoc: Dondoc
    sample: bool
    first: bool = False

    def prepare(self) -> None:
        """Importing Prefect takes over a second, so it happens here too."""
        for line in first_start(self.dondoc, now=clock(), sample=self.sample):
            self.first = True
            click.echo(line)
        for line in first_account(self.dondoc, now=clock(), works=self.first):
            click.echo(line)
        if halt := self.dondoc.standstill(now=clock()):
            click.echo(halt.text)
        import_module("flows.sync")

    async def sync(self) -> None:
        prefect_side = import_module("flows.sync")
        await prefect_side.sync_now(self.dondoc, now=clock())
        if self.first:
            await prefect_side.first_look(self.dondoc)
