"""One dated duty on one of its days: what came in, who is late."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from prefect import flow
from pydantic import AwareDatetime

from flows import names, states, steps
from flows.client import name_this_run
from plans.text import _

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State


@flow(name="follow", persist_result=False)
async def follow(plan: str, duty: str, rung: str = "", now: AwareDatetime | None = None) -> State[Any]:
    """Brings the register up to date, publishes the plan's table, ends in the duty's own state.

    ``rung`` says why it looks today; empty when somebody started it by hand.
    """
    at = steps.moment_of(now)
    halt = await steps.standstill(at)
    if halt is not None and halt.complete:  # who is late cannot be said either
        await name_this_run(f"{plan} · {duty}")
        return states.halted(halt)
    await steps.advance(at)
    await steps.compose(at)
    board = steps.dondoc().board
    state = await asyncio.to_thread(board.duty_state, plan, duty, now=at)
    if state is None:
        await name_this_run(f"{plan} · {duty}")
    else:
        reason = board.rung_label(rung) if rung else _("xem theo yêu cầu")
        await name_this_run(names.run_name(state.plan_name, state.title, reason))
        await steps.publish(plan, at)
    return states.duty_end(state)
