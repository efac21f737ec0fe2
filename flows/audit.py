"""On the first working day of the month: what of last month's duties is missing or came late."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from prefect import flow
from prefect.states import Completed
from pydantic import AwareDatetime

from flows import names, states, steps
from plans.calendar import local_day
from plans.text import _, day_text

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

    from app.board import MonthAudit
    from app.duty_board import DutyBoard
    from tasks.audit import Missed


@flow(name="audit", flow_run_name=_("Kiểm tra tháng"), persist_result=False)
async def audit(now: AwareDatetime | None = None) -> State[Any]:
    """Looks every morning at the start of a month; the working-day calendar says which one it is."""
    at = steps.moment_of(now)
    board = steps.dondoc().board
    today = local_day(at)
    calendar = await asyncio.to_thread(board.calendar)
    if today != calendar.on_or_after(today.replace(day=1)):
        return Completed(name=_("Chưa đến ngày kiểm tra"), message=_("Kiểm tra vào ngày làm việc đầu tháng."))
    halt = await steps.standstill(at)
    if halt is not None and halt.complete:
        return states.halted(halt)
    await steps.advance(at)
    found = await asyncio.to_thread(board.month_audit, month=today.replace(day=1) - timedelta(days=1), now=at)
    duties = await asyncio.to_thread(board.dated_duties, now=at)
    await steps.report(f"audit-{found.month:%Y-%m}", audit_text(found, duties))
    await steps.tell_month(found.month, at)
    await steps.compose(at)
    missing = sum(1 for line in found.missed if line.received_on is None)
    message = _("Tháng {month}: chưa nhận {missing}, gửi chậm {late}.").format(
        month=f"{found.month:%m/%Y}", missing=missing, late=len(found.missed) - missing
    )
    return Completed(name=_("Đã kiểm tra"), message=message)


def audit_text(found: MonthAudit, duties: Iterable[DutyBoard]) -> str:
    """The report as Markdown: a table of the missed and late, then how punctual each body was."""
    known = {(duty.plan_id, duty.duty_id): duty for duty in duties}
    heading = _("Kiểm tra tháng")
    lines = [f"## {heading} {found.month:%m/%Y}", ""]
    if found.missed:
        lines += _table(
            [_("Nhiệm vụ"), _("Cơ quan"), _("Hạn theo kế hoạch"), _("Ngày nhận"), _("Số ngày quá hạn")],
            [
                [_work(m, known), m.agency_name, day_text(m.due), _day(m.received_on), str(m.days_late)]
                for m in found.missed
            ],
        )
    else:
        lines.append(_("Không có việc quá hạn hoặc gửi chậm."))
    if found.rates:
        rows = [[r.agency_name, f"{r.on_time}/{r.due}", str(r.late), str(r.missing)] for r in found.rates]
        lines += ["", *_table([_("Cơ quan"), _("Đúng hạn"), _("Gửi chậm"), _("Chưa nhận")], rows)]
    return "\n".join(lines)


def _work(missed: Missed, known: Mapping[tuple[str, str], DutyBoard]) -> str:
    """As the runs are called; the bare id where the plan is no longer followed."""
    duty = known.get((missed.plan, missed.duty))
    if duty is None:
        return missed.occurrence
    return names.SEPARATOR.join([duty.plan_name, names.duty_name(duty.title, duty.kind, [missed.period])])


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    bar = ["---"] * len(head)
    return ["| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in [head, bar, *rows]]


def _day(day: date | None) -> str:
    return day_text(day) if day else _("chưa nhận")
