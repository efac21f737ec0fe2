"""Every ten minutes of the working day: what has to be said is composed and sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect import flow
from prefect.states import Completed, Failed
from pydantic import AwareDatetime

from flows import steps
from plans.text import _

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State


@flow(name="deliver", flow_run_name=_("Gửi thông báo"), persist_result=False)
async def deliver(now: AwareDatetime | None = None) -> State[Any]:
    """Advances first, so that a plan activated at ten is announced by ten past (D7, ``assigned``).

    Whether messages may leave at this moment is the register's decision, not the schedule's.
    """
    at = steps.moment_of(now)
    await steps.advance(at)
    await steps.compose(at)
    counts = await steps.deliver(at)
    summary = _("Đã gửi {sent}, không gửi được {failed}, chưa rõ kết quả {unknown}, còn chờ {waiting}.").format(
        sent=counts.sent, failed=counts.failed, unknown=counts.unknown, waiting=counts.waiting
    )
    if counts.failed or counts.unknown:
        return Failed(name=_("Có thông báo chưa gửi được"), message=summary)
    return Completed(name=_("Đã gửi") if counts.sent else _("Không có gì để gửi"), message=summary)
