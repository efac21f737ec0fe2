"""Every hour of the office day: today's copy of the register, where there is none yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect import flow
from prefect.states import Completed
from pydantic import AwareDatetime

from flows import steps
from plans.text import _

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State


@flow(name="backup", flow_run_name=_("Sao lưu hằng ngày"), persist_result=False)
async def backup(now: AwareDatetime | None = None) -> State[Any]:
    """A copy that cannot be made ends the run as a technical failure and stops nothing else."""
    made = await steps.copy_daily(steps.moment_of(now))
    if made is None:
        return Completed(name=_("Đã có bản sao lưu"))
    said = _("{file}: {rows} bản ghi, {size} MB.")
    size = f"{made.bytes / 1_000_000:.1f}".replace(".", ",")
    message = said.format(file=made.path, rows=made.manifest.rows, size=size)
    return Completed(name=_("Đã sao lưu"), message=message)
