"""``dondoc up``: everything started, and stopped by Ctrl-C."""

from __future__ import annotations

from collections.abc import Awaitable
from importlib import import_module
from typing import Any

import click

from app import supervisor
from app.bootstrap import Dondoc, bootstrap, clock
from app.children import ChildGaveUp
from app.firststart import first_start
from app.prefect_settings import UnsafeAddress, adopt
from app.settings import Settings
from app.supervisor import AlreadyUp, PortInUse, ServerNotReady
from cli.params import command
from plans.text import _

_PORT = click.IntRange(1, 65535)


@command(
    _(
        "Khởi động dondoc: cơ sở dữ liệu, năm kế hoạch có sẵn và kế hoạch MẪU ở lần đầu, máy chủ Prefect và tiến trình "
        "thực hiện. Hiện địa chỉ bảng theo dõi. Ctrl-C dừng tất cả; lần sau chạy tiếp, không mất gì."
    ),
    "dondoc up",
    "dondoc up --prefect-port 4300 --no-sample",
)
@click.option("--dashboard-port", type=_PORT, metavar=_("CỔNG"), help=_("Cổng bảng theo dõi; mặc định 8000."))
@click.option("--prefect-port", type=_PORT, metavar=_("CỔNG"), help=_("Cổng Prefect; mặc định 4200."))
@click.option("--no-sample", is_flag=True, help=_("Lần đầu không nạp kế hoạch MẪU."))
def up_command(dashboard_port: int | None, prefect_port: int | None, no_sample: bool) -> None:
    given = {"dashboard_port": dashboard_port, "prefect_port": prefect_port}
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    settings = Settings(**chosen)
    adopt(settings)  # before Prefect is imported anywhere in this process
    dondoc = bootstrap(settings)
    try:
        supervisor.run(
            settings, prepare=lambda: _prepare(dondoc, sample=not no_sample), sync=lambda: _sync(dondoc), say=click.echo
        )
    except (AlreadyUp, ChildGaveUp, PortInUse, ServerNotReady, UnsafeAddress) as error:
        raise click.ClickException(str(error)) from error
    finally:
        dondoc.close()


def _prepare(dondoc: Dondoc, *, sample: bool) -> None:
    """Runs beside the starting server; so does the import of Prefect, which takes over a second."""
    for line in first_start(dondoc, now=clock(), sample=sample):
        click.echo(line)
    import_module("flows.sync")


def _sync(dondoc: Dondoc) -> Awaitable[object]:
    synced: Awaitable[object] = import_module("flows.sync").sync_now(dondoc, now=clock())
    return synced
