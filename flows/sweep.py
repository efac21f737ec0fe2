"""Every morning, for all plans: the register brought up to date, the day's messages composed, the tables published."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from prefect import flow
from prefect.states import Completed
from pydantic import AwareDatetime

from flows import health, states, steps
from plans.calendar import local_day
from plans.text import _, day_text

if TYPE_CHECKING:
    from datetime import datetime

    from prefect.client.schemas.objects import State


@flow(name="sweep", flow_run_name=_("Rà soát hằng ngày"), persist_result=False)
async def sweep(now: AwareDatetime | None = None) -> State[Any]:
    """A plan whose table cannot be published does not stop the others; the run fails at the end."""
    try:
        return await _morning(steps.moment_of(now), replayed=now is not None)
    except Exception:
        await steps.heartbeat(ok=False)
        raise


async def _morning(at: datetime, *, replayed: bool) -> State[Any]:
    halt = await steps.standstill(at)
    if halt is not None and halt.complete:
        return states.halted(halt, await health.doctor(at))
    failed: list[Exception] = []
    counts = await steps.advance_all(at, failed)
    await steps.tell_week(at)
    await steps.keep_week_pages(at, failed)
    messages = await steps.compose_all(at, failed)
    plans = await asyncio.to_thread(steps.dondoc().board.active_plans)
    published = await asyncio.gather(*(steps.publish(plan.id, at) for plan in plans), return_exceptions=True)
    summary = _(
        "Kỳ hạn mới {materialised}, quá hạn mới {missed}, mốc nhắc đến hạn {queued}, mốc bỏ qua {skipped}, "
        "thông báo đã soạn {messages}."
    ).format(
        materialised=counts.materialised,
        missed=counts.missed,
        queued=counts.queued,
        skipped=counts.skipped,
        messages=messages,
    )
    heading = _("Rà soát ngày")
    await steps.report("sweep", f"## {heading} {day_text(local_day(at))}\n\n{summary}")
    if not replayed:  # a day played again says nothing of how things are now
        summary = f"{summary} {await health.doctor(at)}"
    if failures := [*failed, *(result for result in published if isinstance(result, Exception))]:
        raise ExceptionGroup(_("Rà soát chưa trọn vẹn, {n} lỗi").format(n=len(failures)), failures)
    return states.halted(halt, summary) if halt else Completed(name=_("Đã rà soát"), message=summary)
