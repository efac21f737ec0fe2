"""What Prefect's server says of itself, for the doctor (judged in ``app.doctor.schedule``), and his morning round."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from app.board import Board
from app.bootstrap import Dondoc
from app.doctor import Finding
from app.doctor.report import markdown, summary
from app.doctor.rounds import rounds
from app.doctor.schedule import HORIZONS, Broke, FixedFlow, PrefectFacts
from app.prefect_settings import AUTH, WORK_POOL, Place, api_url
from flows import client, specs, steps
from flows.client import Prefect
from flows.sync import up_to_date
from plans.text import _

log = logging.getLogger(__name__)

KEY = "doctor"  # of the artifact
PATIENCE = 8.0  # seconds for all questions together
_DAY = timedelta(days=1)
_NAMED = 5
_SLACK = timedelta(minutes=5)
# Names that Prefect itself gives: a state of ours is never a technical failure (D3).
_TECHNICAL = ("Failed", "Crashed", "TimedOut")


async def prefect_facts(board: Board | None, *, now: datetime, place: Place | None = None) -> PrefectFacts:
    """Asks the server of this run, or that of ``place``. ``board``: None where the register cannot be asked.

    Raises whatever stands in the way, TimeoutError included.
    """
    async with asyncio.timeout(PATIENCE):
        if place is None:
            async with client.connect() as server:
                return await _facts(server, board, now)
        async with client.connect(api_url(place), os.environ.get(AUTH)) as server:
            return await _facts(server, board, now)


async def _facts(server: Prefect, board: Board | None, now: datetime) -> PrefectFacts:
    fixed = await _fixed(server, now)
    broke, in_all = await _broke(server, now)
    late, since = await _late(server, now)
    pool = await server.ask("GET", f"/work_pools/{WORK_POOL}", missing={})
    workers = await server.ask("POST", f"/work_pools/{WORK_POOL}/workers/filter", {}, missing=[])
    current, behind = await _synced(server, board) if board is not None else (True, None)
    return PrefectFacts(
        version=str(await server.ask("GET", "/admin/version")),
        fixed=fixed,
        heartbeats=[_moment(each["last_heartbeat_time"]) for each in workers if each.get("last_heartbeat_time")],
        pool_paused=bool(pool.get("is_paused")),
        broke=broke,
        broke_in_all=in_all,
        late=late,
        late_since=since,
        unsynced_since=behind,
        deployments_differ=not current and behind is None,
    )


async def _synced(server: Prefect, board: Board) -> tuple[bool, datetime | None]:
    """Whether the deployments are those of the plans; since when the plans are ahead of the last sync."""
    current = await up_to_date(board, server)
    marker = await server.marker() or {}
    changed = await asyncio.to_thread(board.work_changed_at)
    seen = changed is None or marker.get("changed_at") == changed.astimezone(UTC).isoformat()
    return current, None if seen else changed


async def _fixed(server: Prefect, now: datetime) -> dict[str, FixedFlow]:
    body = {"deployments": {"name": {"any_": list(HORIZONS)}, "tags": {"all_": [specs.TAG]}}}
    found = await server.ask("POST", "/deployments/filter", body)
    flows = await asyncio.gather(*(_flow(server, each, now) for each in found))
    return {each["name"]: flow for each, flow in zip(found, flows, strict=True)}


async def _flow(server: Prefect, found: Mapping[str, Any], now: datetime) -> FixedFlow:
    mine = {"deployment_id": {"any_": [found["id"]]}}
    coming = await _run_moment(
        server,
        {**mine, "state": {"type": {"any_": ["SCHEDULED"]}}, "expected_start_time": {"after_": now.isoformat()}},
        "EXPECTED_START_TIME_ASC",
        "expected_start_time",
    )
    ended = await _run_moment(
        server, {**mine, "state": {"type": {"any_": ["COMPLETED", "FAILED"]}}}, "END_TIME_DESC", "end_time"
    )
    paused = bool(found["paused"]) or not all(each["active"] for each in found["schedules"])
    return FixedFlow(paused, _moment(found["created"]), coming, ended)


async def _run_moment(server: Prefect, runs: dict[str, Any], sort: str, name: str) -> datetime | None:
    found = await server.ask("POST", "/flow_runs/filter", {"flow_runs": runs, "sort": sort, "limit": 1})
    return _moment(found[0][name]) if found and found[0].get(name) else None


async def _broke(server: Prefect, now: datetime) -> tuple[list[Broke], int]:
    runs = {
        "tags": {"all_": [specs.TAG]},
        "state": {"name": {"any_": list(_TECHNICAL)}},
        "end_time": {"after_": (now - _DAY).isoformat()},
    }
    found = await server.ask("POST", "/flow_runs/filter", {"flow_runs": runs, "sort": "END_TIME_DESC", "limit": _NAMED})
    in_all = await server.ask("POST", "/flow_runs/count", {"flow_runs": runs})
    return [
        Broke(each["name"], _moment(each["end_time"]), str((each["state"] or {}).get("message") or each["state_name"]))
        for each in found
    ], int(in_all)


async def _late(server: Prefect, now: datetime) -> tuple[int, datetime | None]:
    runs = {
        "tags": {"all_": [specs.TAG]},
        "state": {"type": {"any_": ["SCHEDULED", "PENDING"]}},
        "expected_start_time": {"before_": (now - _SLACK).isoformat()},
    }
    in_all = await server.ask("POST", "/flow_runs/count", {"flow_runs": runs})
    since = await _run_moment(server, runs, "EXPECTED_START_TIME_ASC", "expected_start_time") if in_all else None
    return int(in_all), since


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@task(name="doctor", task_run_name=_("Khám hệ thống"), cache_policy=NO_CACHE)
async def doctor(now: datetime) -> str:
    """Publishes what the doctor finds; returns it in one line. A doctor who cannot work must not stop the morning."""
    try:
        found = await _examined(steps.dondoc(), now)
        await steps.report(KEY, markdown(found, now=now))
    except Exception as error:
        log.exception("the doctor could not work")
        return _("Không khám được hệ thống ({why}).").format(why=type(error).__name__)
    return summary(found)


async def _examined(dondoc: Dondoc, now: datetime) -> list[Finding]:
    """Prefect is asked here, everything else in threads."""
    try:
        facts: PrefectFacts | Exception = await prefect_facts(dondoc.board, now=now)
    except Exception as error:  # told by the doctor, like everything else
        facts = error

    def told(_usable: bool) -> PrefectFacts:
        if isinstance(facts, Exception):
            raise facts
        return facts

    return await asyncio.to_thread(rounds, dondoc.settings, dondoc.engine, ask_prefect=told, now=now)
