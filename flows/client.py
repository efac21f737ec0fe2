"""What ``sync`` asks of Prefect's API: deployments read and written as specs, coming runs made and named."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Literal
from uuid import UUID

from httpx import HTTPStatusError
from prefect import get_client, runtime
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import (
    DeploymentScheduleCreate,
    VariableCreate,
    VariableUpdate,
    WorkPoolCreate,
    WorkPoolUpdate,
)
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterKey,
    DeploymentFilter,
    DeploymentFilterTags,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import ConcurrencyOptions, DeploymentSchedule, StateType
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule, RRuleSchedule
from prefect.client.schemas.sorting import DeploymentSort, FlowRunSort
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.states import Crashed
from prefect.utilities.callables import parameter_schema
from prefect.workers.process import ProcessWorker

from app.prefect_settings import WORK_POOL
from flows import names, specs
from flows.specs import Collision, DeploymentSpec, Timetable, moments_of, rule_text
from plans.text import _

MARKER = "dondoc_synced"
_PAGE = 200  # Prefect's own limit
_RUNS_PER_SCHEDULE = 500
_FORMER_LIMIT = 4  # of the pool, until 0.1.0
LONGEST_RUN = timedelta(hours=12)  # `deliver` ends with the working day (07:00-17:30); nothing else takes minutes


@dataclass(frozen=True, slots=True)
class Existing:
    """A deployment as Prefect holds it."""

    id: UUID
    spec: DeploymentSpec
    paused: bool  # by somebody, as a whole or one rung: its coming runs are left as they are


@dataclass(frozen=True, slots=True)
class ComingRun:
    id: UUID
    deployment_id: UUID
    name: str
    rung: str
    at: datetime


class Prefect:
    """Prefect's API in the words of the specs."""

    def __init__(self, client: PrefectClient) -> None:
        self._client = client
        self._flow_ids: dict[str, UUID] = {}

    async def run_now(self, deployment_id: UUID) -> None:
        """One run besides the scheduled ones, as soon as a worker is free."""
        await self._client.create_flow_run_from_deployment(deployment_id)

    async def ensure_pool(self) -> None:
        """The process work pool, without a limit; an existing one is left as the administrator made it.

        A run whose worker has died stands as "Running" for ever, and Prefect counts such runs against the limit of a
        pool: four of them would stop everything. So each worker has a limit of its own (``worker_arguments``), which
        dies with it; the limit of the pools of earlier releases is lifted.

        With a command of its own a run is started directly. Prefect's way without one starts a second Python
        first to look for a project to install, which doubles what a run costs (measured: 4.3 s against 2.7 s of CPU).
        """
        try:
            pool_there = await self._client.read_work_pool(WORK_POOL)
            if pool_there.concurrency_limit == _FORMER_LIMIT:
                await self._client.update_work_pool(WORK_POOL, WorkPoolUpdate(concurrency_limit=None))
        except ObjectNotFound:
            template = ProcessWorker.get_default_base_job_template()
            template["variables"]["properties"]["command"]["default"] = "python -m prefect.engine"
            pool = WorkPoolCreate(name=WORK_POOL, type="process", base_job_template=template)
            try:
                await self._client.create_work_pool(pool)
            except ObjectAlreadyExists:
                return  # a worker was first

    async def deployments(self) -> list[Existing]:
        """All that carry our tag."""
        flow_names = await self._flow_names()
        found: list[Existing] = []
        offset = 0
        while True:
            page = await self._client.read_deployments(
                deployment_filter=_OURS, limit=_PAGE, offset=offset, sort=DeploymentSort.NAME_ASC
            )
            found += [
                Existing(each.id, spec_of(each, flow_names[each.flow_id]), _paused(each))
                for each in page
                if each.flow_id in flow_names
            ]
            offset += len(page)
            if len(page) < _PAGE:
                return found

    async def count(self) -> int:
        body = {"deployments": _OURS.model_dump(mode="json")}
        response = await self._client.request("POST", "/deployments/count", json=body)
        return int(response.json())

    async def put(self, spec: DeploymentSpec) -> UUID:
        """Creates or changes it. Prefect forgets the coming runs of a changed one: ``make_runs`` after it."""
        return await self._client.create_deployment(
            flow_id=await self._flow_id(spec.flow),
            name=spec.name,
            description=spec.description,
            tags=list(spec.tags),
            entrypoint=spec.entrypoint,
            parameters=dict(spec.parameters),
            parameter_openapi_schema=_schema_of(spec.entrypoint),
            work_pool_name=WORK_POOL,
            schedules=[_schedule(timetable) for timetable in spec.timetables],
            pull_steps=[],
            concurrency_limit=1 if spec.one_at_a_time else None,
            concurrency_options=_options(spec.one_at_a_time),
        )

    async def delete(self, deployment_id: UUID) -> None:
        await self._client.delete_deployment(deployment_id)

    async def make_runs(self, deployment_id: UUID, until: datetime) -> None:
        """Has the coming runs made now, all of them; the scheduler alone would make three per rung."""
        body = {"end_time": until.isoformat(), "min_runs": _RUNS_PER_SCHEDULE, "max_runs": _RUNS_PER_SCHEDULE}
        path = {"id": deployment_id}
        await self._client.request("POST", "/deployments/{id}/schedule", path_params=path, json=body)

    async def coming_runs(self, deployment_ids: Sequence[UUID], now: datetime) -> list[ComingRun]:
        """The scheduled runs ahead of ``now``."""
        scheduled = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED]))
        found: list[ComingRun] = []
        for start in range(0, len(deployment_ids), _PAGE):
            asked = list(deployment_ids[start : start + _PAGE])
            offset = 0
            while True:
                page = await self._client.read_flow_runs(
                    flow_run_filter=FlowRunFilter.model_validate(
                        {"deployment_id": {"any_": asked}, "state": scheduled}
                    ),
                    sort=FlowRunSort.EXPECTED_START_TIME_ASC,
                    limit=_PAGE,
                    offset=offset,
                )
                found += [
                    ComingRun(run.id, run.deployment_id, run.name, run.parameters.get("rung", ""), _utc(at))
                    for run in page
                    if run.deployment_id and (at := run.expected_start_time) and at > now
                ]
                offset += len(page)
                if len(page) < _PAGE:
                    break
        return found

    async def end_abandoned(self, *, now: datetime) -> int:
        """Ends the runs whose worker died with them, for Prefect never does; returns how many.

        Told by their age alone: a run that has been at work for longer than ``LONGEST_RUN`` is nobody's any more.
        """
        before = now - LONGEST_RUN
        at_work = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING]))
        found = await self._client.read_flow_runs(
            flow_run_filter=FlowRunFilter.model_validate(
                {
                    "tags": {"all_": [specs.TAG]},
                    "state": at_work,
                    "expected_start_time": {"before_": before.isoformat()},
                }
            ),
            limit=_PAGE,
        )
        abandoned = [run for run in found if run.state and run.state.timestamp < before]
        for run in abandoned:
            said = _("Tiến trình thực hiện mất giữa chừng (tắt máy hoặc bị dừng); các lần chạy sau đã làm tiếp.")
            await self._client.set_flow_run_state(run.id, Crashed(message=said), force=True)
        return len(abandoned)

    async def forget_table(self, plan_id: str) -> None:
        """Deletes the table of a plan that is gone, with its older versions."""
        chosen = ArtifactFilter(key=ArtifactFilterKey(any_=[names.table_key(plan_id)]))
        while page := await self._client.read_artifacts(artifact_filter=chosen, limit=_PAGE):
            for each in page:
                await self._client.delete_artifact(each.id)

    async def rename(self, run_id: UUID, name: str) -> None:
        await self._client.update_flow_run(run_id, name=name)

    async def marker(self) -> Any:
        """What the last sync wrote down; None on a new server."""
        variable = await self._client.read_variable_by_name(MARKER)
        return variable.value if variable else None

    async def set_marker(self, value: dict[str, Any]) -> None:
        if await self.marker() is None:
            await self._client.create_variable(VariableCreate(name=MARKER, value=value))
        else:
            await self._client.update_variable(VariableUpdate(name=MARKER, value=value))

    async def ask(self, method: Literal["GET", "POST"], path: str, body: Any = None, *, missing: Any = None) -> Any:
        """The server's plain answer; ``missing`` where it knows no such thing, if that is given."""
        try:
            response = await self._client.request(method, path, **({} if body is None else {"json": body}))  # type: ignore[arg-type]
        except HTTPStatusError as error:
            if error.response.status_code == HTTPStatus.NOT_FOUND and missing is not None:
                return missing
            raise
        return response.json()

    async def _flow_names(self) -> dict[UUID, str]:
        # Not read_flows(): in 3.8.8 it sends a null for every filter left out, and its own server refuses that.
        response = await self._client.request("POST", "/flows/filter", json={"flows": {"name": {"any_": _our_flows()}}})
        return {UUID(flow["id"]): flow["name"] for flow in response.json()}

    async def _flow_id(self, flow: str) -> UUID:
        if flow not in self._flow_ids:
            self._flow_ids[flow] = await self._client.create_flow_from_name(flow)
        return self._flow_ids[flow]


@asynccontextmanager
async def connect(url: str | None = None, auth_string: str | None = None) -> AsyncIterator[Prefect]:
    """A connection to the server of this run; with ``url`` to that one, whatever the environment says."""
    if url is None:
        async with get_client() as client:
            yield Prefect(client)
        return
    # trust_env off: an office proxy cannot reach the server on this machine.
    async with PrefectClient(url, auth_string=auth_string, httpx_settings={"trust_env": False}) as client:
        yield Prefect(client)


async def name_this_run(name: str) -> None:
    """Gives the run at work its name, if ``sync`` has not done so already."""
    if runtime.flow_run.id and not names.readable(runtime.flow_run.name or ""):
        async with get_client() as client:
            await client.update_flow_run(UUID(runtime.flow_run.id), name=name)


def spec_of(found: DeploymentResponse, flow: str) -> DeploymentSpec:
    """What Prefect holds, in our words; whatever we would not have written compares as different."""
    ours = found.work_pool_name == WORK_POOL and not found.pull_steps
    limit = found.global_concurrency_limit
    options = found.concurrency_options
    return DeploymentSpec(
        flow=flow,
        name=found.name,
        description=found.description or "",
        tags=tuple(sorted(found.tags)),
        entrypoint=(found.entrypoint or "") if ours else "",
        parameters={name: str(value) for name, value in found.parameters.items()},
        timetables=tuple(map(_timetable, found.schedules)),
        one_at_a_time=Collision(options.collision_strategy) if limit and limit.limit == 1 and options else None,
    )


def _paused(found: DeploymentResponse) -> bool:
    return found.paused or not all(schedule.active for schedule in found.schedules)


def _timetable(found: DeploymentSchedule) -> Timetable:
    schedule = found.schedule
    slug, parameters = found.slug or "", {name: str(value) for name, value in found.parameters.items()}
    if isinstance(schedule, CronSchedule):
        return Timetable(slug, cron=schedule.cron, parameters=parameters, zone=schedule.timezone or "")
    moments = moments_of(schedule.rrule, schedule.timezone or "") if isinstance(schedule, RRuleSchedule) else None
    if moments is None:
        return Timetable(slug, cron=repr(schedule), parameters=parameters)
    return Timetable(slug, moments=moments, parameters=parameters)


def _schedule(timetable: Timetable) -> DeploymentScheduleCreate:
    schedule: CronSchedule | RRuleSchedule
    if timetable.cron:
        schedule = CronSchedule(cron=timetable.cron, timezone=timetable.zone)
    else:
        schedule = RRuleSchedule(rrule=rule_text(timetable.moments), timezone=timetable.zone)
    return DeploymentScheduleCreate(
        schedule=schedule, active=True, slug=timetable.slug, parameters=dict(timetable.parameters)
    )


def _options(collision: Collision | None) -> ConcurrencyOptions | None:
    return ConcurrencyOptions.model_validate({"collision_strategy": collision.value}) if collision else None


def _schema_of(entrypoint: str) -> dict[str, Any]:
    """The parameters of a flow, for the form with which Prefect's dashboard starts it by hand."""
    module, function = entrypoint.rsplit(".", 1)
    return parameter_schema(getattr(importlib.import_module(module), function)).model_dump_for_openapi()


def _our_flows() -> list[str]:
    return [specs.FOLLOW, *(spec.flow for spec in specs.fixed_specs())]


def _utc(moment: datetime) -> datetime:
    """A plain datetime: Prefect's own class prints differently."""
    return datetime.fromtimestamp(moment.timestamp(), UTC)


_OURS = DeploymentFilter(tags=DeploymentFilterTags(all_=[specs.TAG]))
