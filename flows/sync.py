"""Brings the plans and Prefect's deployments together: creates, changes, deletes what is gone (D3)."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from prefect import flow
from prefect.states import Completed
from pydantic import AwareDatetime

from app.prefect_settings import AUTH, api_url
from app.sample import SAMPLE
from flows import client, names, specs, states, steps
from flows.client import ComingRun, Existing
from flows.specs import DeploymentSpec
from plans.calendar import MORNING, local_time
from plans.text import _

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

    from app.bootstrap import Dondoc
    from app.duty_board import DutyBoard
QUIET = (time(7, 20), time(7, 50))  # a changed deployment loses its coming runs: never around the morning's
_DAILY = (time(6, 30), time(6, 35))
_RENAMES_AT_ONCE = 8
_NAMED_AHEAD = timedelta(days=7)  # of the flows for all plans


class Depth(StrEnum):
    """How closely to look at this time of day."""

    NOT_NOW = "not_now"
    IF_CHANGED = "if_changed"
    ALL = "all"


def depth(now: datetime) -> Depth:
    here = local_time(now).time()
    if QUIET[0] <= here < QUIET[1]:
        return Depth.NOT_NOW
    return Depth.ALL if _DAILY[0] <= here < _DAILY[1] else Depth.IF_CHANGED


@dataclass(frozen=True, slots=True)
class SyncCounts:
    """What was written to Prefect."""

    created: int = 0
    changed: int = 0
    deleted: int = 0
    named: int = 0

    def __bool__(self) -> bool:
        return bool(self.created or self.changed or self.deleted or self.named)


class Duties(Protocol):
    """What is asked of the register; ``app.board.Board`` is the real one."""

    def dated_duties(self, *, now: datetime) -> list[DutyBoard]: ...
    def work_changed_at(self) -> datetime | None: ...
    def rung_label(self, rung: str, /) -> str: ...


class Server(Protocol):
    """What is asked of Prefect; ``flows.client.Prefect`` is the real one."""

    async def deployments(self) -> list[Existing]: ...
    async def count(self) -> int: ...
    async def put(self, spec: DeploymentSpec) -> UUID: ...
    async def delete(self, deployment_id: UUID) -> None: ...
    async def make_runs(self, deployment_id: UUID, until: datetime) -> None: ...
    async def coming_runs(self, deployment_ids: Sequence[UUID], now: datetime) -> list[ComingRun]: ...
    async def forget_table(self, plan_id: str) -> None: ...
    async def rename(self, run_id: UUID, name: str) -> None: ...
    async def marker(self) -> Any: ...
    async def set_marker(self, value: dict[str, Any]) -> None: ...


@flow(name="sync", flow_run_name=_("Đưa kế hoạch vào lịch chạy"), persist_result=False)
async def sync(now: AwareDatetime | None = None) -> State[Any]:
    """At 06:30 everything is compared; at other times only if plans or deadlines have changed since."""
    at = steps.moment_of(now)
    halt = await steps.standstill(at)
    if halt is not None and halt.complete:  # under a wrong clock the days ahead would be taken for past
        return states.halted(halt)
    looking = depth(at)
    if looking is Depth.NOT_NOW:
        return Completed(name=_("Chờ sau 7h50"), message=_("Không đổi lịch chạy vào giờ các lịch buổi sáng bắt đầu."))
    async with client.connect() as server:
        board = steps.dondoc().board
        if looking is Depth.IF_CHANGED and await up_to_date(board, server):
            return Completed(name=_("Không có thay đổi"))
        await server.end_abandoned(now=at)
        counts = await reconcile(board, server, now=at)
    return Completed(name=_("Đã cập nhật") if counts else _("Không có thay đổi"), message=summary(counts))


async def sync_now(dondoc: Dondoc, *, now: datetime, at: time = MORNING) -> SyncCounts:
    """For ``dondoc up``: makes the work pool and everything that is missing, before the worker starts.

    Within the quiet half hour, and under a clock that has to be confirmed, what exists is left alone; the next run of
    ``sync`` changes it. ``at`` is the time of day of the rungs (tests move it).
    """
    halt = await asyncio.to_thread(dondoc.standstill, now=now)
    change = depth(now) is not Depth.NOT_NOW and not (halt and halt.complete)
    async with client.connect(api_url(dondoc.settings), os.environ.get(AUTH)) as server:
        await server.ensure_pool()
        await server.end_abandoned(now=now)
        return await reconcile(dondoc.board, server, now=now, at=at, change=change)


async def sync_if_needed(dondoc: Dondoc, *, now: datetime) -> SyncCounts:
    """For ``dondoc worker``: like ``sync_now``, but where all is as the last sync left it nothing is compared, so that
    many workers may start at once."""
    async with client.connect(api_url(dondoc.settings), os.environ.get(AUTH)) as server:
        await server.ensure_pool()
        if await up_to_date(dondoc.board, server):
            return SyncCounts()
    return await sync_now(dondoc, now=now)


async def first_look(dondoc: Dondoc) -> int:
    """After the first start: one run of the sweep and of every duty of the sample, so that a newcomer sees how
    runs end without waiting for a morning. Returns how many runs were asked for."""
    async with client.connect(api_url(dondoc.settings), os.environ.get(AUTH)) as server:
        shown = [
            each
            for each in await server.deployments()
            if each.spec.name == "sweep" or f"plan:{SAMPLE}" in each.spec.tags
        ]
        for each in shown:
            await server.run_now(each.id)
    return len(shown)


async def up_to_date(board: Duties, server: Server) -> bool:
    """Two cheap questions: has the register changed since the last sync, has somebody deleted a deployment?"""
    marker = await server.marker()
    if marker is None or marker.get("changed_at") != await _changed_at(board):
        return False
    return bool(marker.get("deployments") == await server.count())


async def reconcile(
    board: Duties, server: Server, *, now: datetime, at: time = MORNING, change: bool = True
) -> SyncCounts:
    """Makes Prefect hold exactly what the board says, and writes nothing where it does.

    1. Note when the register last changed, *before* reading it: a later change is then seen by the next sync.
    2. Create what is missing; change what differs and delete what is gone (unless ``change`` is off).
    3. Make and name the coming runs, also those of untouched deployments that lost some.
    4. Write down what was seen.
    """
    changed_at = await _changed_at(board)
    wanted = await desired(board, now=now, at=at)
    existing = {each.spec.key: each for each in await server.deployments()}
    missing = [spec for spec in wanted if spec.key not in existing]
    differing = [
        spec for spec in wanted if change and spec.key in existing and existing[spec.key].spec.after(now) != spec
    ]
    gone = [each for key, each in existing.items() if key not in {spec.key for spec in wanted}] if change else []
    written = {await server.put(spec): spec for spec in [*missing, *differing]}
    for plan_id in sorted(_plans_of(each.spec for each in gone) - _plans_of(wanted)):
        await server.forget_table(plan_id)  # before its deployments, by which the next sync would know of it
    for each in gone:
        await server.delete(each.id)
    untouched = {
        existing[spec.key].id: spec
        for spec in wanted
        if spec.key in existing and spec not in differing and not existing[spec.key].paused
    }
    named = await _make_and_name_runs(server, written, untouched, now=now)
    fixed = {key: name for key, spec in untouched.items() if (name := names.fixed_name(spec.flow))}
    named += await _name_fixed_runs(server, fixed, now=now)
    counts = SyncCounts(len(missing), len(differing), len(gone), named)
    if change:
        await _write_down(server, {"changed_at": changed_at, "deployments": len(wanted)})
    return counts


async def desired(board: Duties, *, now: datetime, at: time = MORNING) -> list[DeploymentSpec]:
    duties = await asyncio.to_thread(board.dated_duties, now=now)
    followed = [specs.follow_spec(duty, label=board.rung_label, now=now, at=at) for duty in duties]
    return [spec.after(now) for spec in specs.fixed_specs()] + followed


async def _make_and_name_runs(
    server: Server, written: dict[UUID, DeploymentSpec], untouched: dict[UUID, DeploymentSpec], *, now: datetime
) -> int:
    """The scheduler makes a few nameless runs per rung; here all of them are made, and get names people can read."""
    dated = {key: spec for key, spec in {**written, **untouched}.items() if spec.run_names}
    there = await server.coming_runs([key for key in dated if key in untouched], now)
    held = Counter(run.deployment_id for run in there)
    short = [key for key, spec in dated.items() if held[key] < len(spec.run_names)]
    for key in short:
        await server.make_runs(key, max(at for _rung, at in dated[key].run_names) + timedelta(minutes=1))
    runs = [run for run in there if run.deployment_id not in short] + await server.coming_runs(short, now)
    slots = asyncio.Semaphore(_RENAMES_AT_ONCE)

    async def rename(run: ComingRun) -> bool:
        name = dated[run.deployment_id].run_names.get((run.rung, run.at))
        if name is None or name == run.name:
            return False
        async with slots:
            await server.rename(run.id, name)
        return True

    return sum(await asyncio.gather(*map(rename, runs)))


async def _name_fixed_runs(server: Server, fixed: dict[UUID, str], *, now: datetime) -> int:
    """The few that the scheduler holds ready; those it makes later get their name at the next sync or as they start."""
    coming = await server.coming_runs(list(fixed), now)
    nameless = [r for r in coming if r.at < now + _NAMED_AHEAD and r.name != fixed[r.deployment_id]]
    for run in nameless:
        await server.rename(run.id, fixed[run.deployment_id])
    return len(nameless)


def _plans_of(found: Iterable[DeploymentSpec]) -> set[str]:
    return {tag.removeprefix("plan:") for spec in found for tag in spec.tags if tag.startswith("plan:")}


async def _changed_at(board: Duties) -> str:
    moment = await asyncio.to_thread(board.work_changed_at)
    return moment.astimezone(UTC).isoformat() if moment else ""


async def _write_down(server: Server, seen: dict[str, Any]) -> None:
    if await server.marker() != seen:
        await server.set_marker(seen)


def summary(counts: SyncCounts) -> str:
    return _("Thêm {created}, sửa {changed}, bỏ {deleted} lịch; đặt tên {named} lần chạy sắp tới.").format(
        created=counts.created, changed=counts.changed, deleted=counts.deleted, named=counts.named
    )
