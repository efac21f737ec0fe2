"""Every ten minutes of the working day: what has to be said is composed and sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect import flow
from prefect.states import Completed, Failed
from pydantic import AwareDatetime

from flows import states, steps
from plans.text import _

if TYPE_CHECKING:
    from datetime import datetime

    from prefect.client.schemas.objects import State


@flow(name="deliver", flow_run_name=_("Gửi thông báo"), persist_result=False)
async def deliver(now: AwareDatetime | None = None) -> State[Any]:
    """Advances first, so that a plan activated at ten is announced by ten past (D7, ``assigned``).

    Whether messages may leave at this moment is the register's decision, not the schedule's.
    """
    try:
        end, moving = await _round(steps.moment_of(now))
    except Exception:
        await steps.heartbeat(ok=False)
        raise
    await steps.heartbeat(ok=moving)
    return end


async def _round(at: datetime) -> tuple[State[Any], bool]:
    """The end of the run, and whether messages may leave at all. A message that could not be sent is told of by the
    state and the doctor, not by silence: the watcher outside is there for what has stopped."""
    halt = await steps.standstill(at)
    if halt is not None and halt.complete:
        return states.halted(halt), False
    failed: list[Exception] = []
    await steps.advance_all(at, failed)
    await steps.keep_week_pages(at, failed)  # frozen at 16:00 of Friday, or as soon as anything runs after it
    await steps.compose_all(at, failed)  # nothing, like the next step, while sending is held
    counts = await steps.deliver(at)
    if failed:  # told only now: one bad row must not hold back the others' messages
        raise ExceptionGroup(_("Gửi chưa trọn vẹn, {n} lỗi").format(n=len(failed)), failed)
    if halt is not None:
        return states.halted(halt), False
    summary = _("Đã gửi {sent}, không gửi được {failed}, chưa rõ kết quả {unknown}, còn chờ {waiting}.").format(
        sent=counts.sent, failed=counts.failed, unknown=counts.unknown, waiting=counts.waiting
    )
    if counts.failed or counts.unknown:
        return Failed(name=_("Có thông báo chưa gửi được"), message=summary), True
    return Completed(name=_("Đã gửi") if counts.sent else _("Không có gì để gửi"), message=summary), True
