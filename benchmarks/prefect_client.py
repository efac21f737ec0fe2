"""What asks Prefect's server, as a process of its own: Prefect reads its settings when it is imported.

python -m benchmarks.prefect_client sync HOME PORT                       brings plans and deployments together
python -m benchmarks.prefect_client runs HOME PORT COUNT SERVER WORKER   has runs done; the last two are process ids

Prints what it took as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.bootstrap import Dondoc, bootstrap, clock
from app.prefect_settings import api_url
from app.settings import Settings
from benchmarks.context import timed
from flows import client, specs, sync
from flows.client import Existing, Prefect

_PATIENCE = 600.0


async def bring_together(dondoc: Dondoc, server: Prefect) -> dict[str, float]:
    """Seconds of a first ``sync``, of one that has nothing to write, and of the question of every five minutes."""
    await server.ensure_pool()
    with timed() as first:
        made = await sync.reconcile(dondoc.board, server, now=clock())
    again = await _once_quiet(dondoc, server)
    with timed() as question:
        same = await sync.up_to_date(dondoc.board, server)
    if not same:
        raise RuntimeError("what has just been brought together differs")
    return {
        "created": made.created, "named": made.named,
        "first": first.seconds, "again": again, "asks": question.seconds,
    }  # fmt: skip


async def _once_quiet(dondoc: Dondoc, server: Prefect) -> float:
    """Prefect's scheduler makes runs of the fixed flows all the while, and the next ``sync`` gives them their names."""
    for _turn in range(5):
        with timed() as watch:
            written = await sync.reconcile(dondoc.board, server, now=clock())
        if not written:
            return watch.seconds
    raise RuntimeError("there is always something to write")


async def do_runs(server: Prefect, count: int, pids: dict[str, int]) -> dict[str, float]:
    """One run to warm up, then so many at once, of different duties."""
    existing = await server.deployments()
    await _pause_fixed(server, existing)
    duties = [each for each in existing if each.spec.flow == specs.FOLLOW]
    await _until_ended(server, duties[:1])
    before = {name: cpu_seconds(pid) for name, pid in pids.items()}
    with timed() as watch:
        ended = await _until_ended(server, [duties[number % len(duties)] for number in range(count)])
    used = {f"{name}_cpu": cpu_seconds(pid) - before[name] for name, pid in pids.items()}
    held = {f"{name}_bytes": float(resident_bytes(pid)) for name, pid in pids.items()}
    return {"seconds": watch.seconds, "each": sum(ended) / count, **used, **held}


async def _pause_fixed(server: Prefect, existing: list[Existing]) -> None:
    """Else their own runs would come in between."""
    for each in existing:
        if each.spec.flow != specs.FOLLOW:
            await server._client.pause_deployment(each.id)


async def _until_ended(server: Prefect, deployments: list[Existing]) -> list[float]:
    """Starts them all, waits, and returns the seconds from the begin to the end of each, as Prefect has them."""
    begun = datetime.now(UTC)
    for each in deployments:
        await server.run_now(each.id)
    asked = {
        "flow_runs": {"start_time": {"after_": begun.isoformat()}, "deployment_id": {"any_": _ids(deployments)}},
        "limit": 200,
    }
    deadline = asyncio.get_running_loop().time() + _PATIENCE
    ended: list[dict[str, Any]] = []
    while asyncio.get_running_loop().time() < deadline:
        runs: list[dict[str, Any]] = await server.ask("POST", "/flow_runs/filter", asked)
        ended = [run for run in runs if run["end_time"] and not run["auto_scheduled"]]
        if any(run["state_type"] == "CRASHED" for run in ended):
            raise RuntimeError("a run crashed")
        if len(ended) == len(deployments):
            return [_moment(run["end_time"]) - _moment(run["start_time"]) for run in ended]
        await asyncio.sleep(0.2)
    raise RuntimeError(f"only {len(ended)} of {len(deployments)} runs have ended")


def _ids(deployments: list[Existing]) -> list[str]:
    return [str(each.id) for each in deployments]


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def cpu_seconds(pid: int) -> float:
    """What a process and its ended children have used so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def resident_bytes(pid: int) -> int:
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


async def main(what: str, home: str, port: str, *more: str) -> None:
    settings = Settings(home=Path(home), prefect_port=int(port))
    dondoc = bootstrap(settings)
    async with client.connect(api_url(settings)) as server:
        if what == "runs":
            count, of_server, of_worker = map(int, more)
            found = await do_runs(server, count, {"server": of_server, "worker": of_worker})
        else:
            found = await bring_together(dondoc, server)
    dondoc.close()
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
