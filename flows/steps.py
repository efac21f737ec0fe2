"""The steps of the flows: one use case each, as async tasks, so that Prefect's dashboard shows them.

The use cases are sync and wait for a database; each is called in a thread. No retries here: what fails is made
good by the next run, since every step makes true what should be true now (D2).
"""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from prefect import task
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.cache_policies import NO_CACHE

from app.bootstrap import Dondoc, bootstrap
from app.heartbeat import tell
from flows import names
from notifications.composer import ComposeIncomplete
from notifications.planner import AdvanceIncomplete
from plans.text import _, day_text

if TYPE_CHECKING:
    from app.backup.dump import Made
    from app.board import PlanRow
    from app.standstill import Standstill
    from app.week.keeping import Kept
    from notifications.delivery import DeliveryCounts
    from notifications.planner import AdvanceCounts


@cache
def dondoc() -> Dondoc:
    """Wired once per process; every run has a process of its own."""
    return bootstrap()


class FutureMoment(ValueError):
    """The register cannot be asked what has not happened yet; ``dondoc simulate`` works on a copy."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(_("Thời điểm {moment} còn ở tương lai").format(moment=moment.isoformat()))


def moment_of(now: datetime | None) -> datetime:
    """The moment a run stands for: the clock's, or a given past one to replay a day. Raises FutureMoment."""
    clock = datetime.now(UTC)
    if now is None:
        return clock
    if now > clock:
        raise FutureMoment(now)
    return now.astimezone(UTC)


async def standstill(now: datetime) -> Standstill | None:
    """Why nothing is sent just now, or not even written down; None where all goes on."""
    return await asyncio.to_thread(dondoc().standstill, now=now)


async def heartbeat(*, ok: bool) -> None:
    """Tells the watcher outside, where there is one."""
    await asyncio.to_thread(tell, dondoc().settings.heartbeat_url, ok=ok)


@task(name="advance", task_run_name=_("Cập nhật sổ theo dõi"), cache_policy=NO_CACHE)
async def advance(now: datetime) -> AdvanceCounts:
    return await asyncio.to_thread(dondoc().advance, now=now)


@task(name="compose", task_run_name=_("Soạn thông báo"), cache_policy=NO_CACHE)
async def compose(now: datetime) -> int:
    return await asyncio.to_thread(dondoc().compose, now=now)


async def advance_all(now: datetime, failed: list[Exception]) -> AdvanceCounts:
    """``advance``; rows that could not be looked at are noted in ``failed`` and stop nothing."""
    try:
        return await advance(now)
    except AdvanceIncomplete as error:
        failed.append(error)
        return error.counts


async def compose_all(now: datetime, failed: list[Exception]) -> int:
    """``compose``; messages that could not be written are noted in ``failed`` and stop nothing."""
    try:
        return await compose(now)
    except ComposeIncomplete as error:
        failed.append(error)
        return error.made


@task(name="deliver", task_run_name=_("Gửi thông báo"), cache_policy=NO_CACHE)
async def deliver(now: datetime) -> DeliveryCounts:
    return await asyncio.to_thread(dondoc().deliver, now=now)


@task(name="tell_month", task_run_name=_("Báo cán bộ theo dõi"), cache_policy=NO_CACHE)
async def tell_month(month: date, now: datetime) -> int:
    return await asyncio.to_thread(dondoc().tell_month, month=month, now=now)


@task(name="tell_week", task_run_name=_("Báo cáo tuần"), cache_policy=NO_CACHE)
async def tell_week(now: datetime) -> int:
    return await asyncio.to_thread(dondoc().tell_week, now=now)


@task(name="week_pages", task_run_name=_("Trang tuần của lãnh đạo"), cache_policy=NO_CACHE)
async def week_pages(now: datetime) -> Kept:
    return await asyncio.to_thread(dondoc().week_pages, now=now)


async def keep_week_pages(now: datetime, failed: list[Exception]) -> None:
    """``week_pages``; a page that cannot be made is noted in ``failed`` and holds no message back."""
    try:
        await week_pages(now)
    except Exception as error:
        failed.append(error)


@task(name="copy_daily", task_run_name=_("Sao lưu hằng ngày"), cache_policy=NO_CACHE)
async def copy_daily(now: datetime) -> Made | None:
    return await asyncio.to_thread(dondoc().copy_daily, now=now)


@task(name="publish", task_run_name=_("Công bố bảng cơ quan"), cache_policy=NO_CACHE)
async def publish(plan_id: str, now: datetime) -> None:
    """The table of agencies of one plan, always under the same key."""
    board = dondoc().board
    rows = await asyncio.to_thread(board.plan_table, plan_id, now=now)
    [head] = [head for head in await asyncio.to_thread(board.active_plans) if head.id == plan_id]
    await acreate_table_artifact(
        key=names.table_key(plan_id),
        table=[_cells(row) for row in rows],
        description=f"{head.name}: {head.title}",
    )


@task(name="report", task_run_name=_("Công bố kết quả"), cache_policy=NO_CACHE)
async def report(key: str, text: str) -> None:
    await acreate_markdown_artifact(key=key, markdown=text)


def _cells(row: PlanRow) -> dict[str, Any]:
    return {
        _("Nhiệm vụ"): row.duty,
        _("Cơ quan"): row.agency,
        _("Kỳ"): row.period,
        _("Hạn theo kế hoạch"): day_text(row.due),
        _("Gửi chậm nhất"): day_text(row.last_day),
        _("Tình trạng"): row.status,
        _("Số ngày quá hạn"): row.days_late or "",
    }
