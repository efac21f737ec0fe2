"""A province in small, as docs/deploy.md describes it: one Prefect server and two workers, each a machine of its own.

A machine here is a home folder and the processes that were started for it: nothing but the two databases, the mail
server and Prefect's API is shared. The commands are those of the systemd units in deploy/.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from aiosmtpd.smtp import SMTP, Envelope, Session
from prefect.client.schemas.objects import FlowRun
from sqlalchemy import Engine, update

from app import clock_guard
from app.prefect_settings import AUTH
from flows import client
from flows.client import Prefect
from notifications import planner
from notifications.contacts import ContactRole, add_contact
from notifications.tables import notice
from tasks import intake
from tasks.database import writing
from tests.flows.test_real_prefect import environment_of, free_port, processes_of
from tests.notifications.channels.mailbox import MailBox
from tests.support import at

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
BODIES = 50  # of one plan
MORNING = at("2024-06-03 07:30")
_BEFORE = at("2024-05-20 07:30")
_PLAN = """\
format: 1
plan: kh-{n}
title: Kế hoạch số {n}
short: KH {n}/KH-UBND
number: {n}/KH-UBND
issued: 2024-05-15
issuer: UBND tỉnh số {n}
level: province
unit: tinh-{n}
lead: {{agency: cong-an, section: IV, quote: "theo dõi, đôn đốc"}}
agencies:
  - {{id: cong-an, name: Công an tỉnh số {n}}}
{agencies}
parties:
{parties}
duties:
  - id: bao-cao
    title: Báo cáo chuyên đề
    section: III
    responsible: [{ids}]
    due: {{kind: once, on: 2024-06-10, boundary: "on", quote: "ngày 10/6/2024"}}
    recipients: [{{agency: cong-an}}]
"""


def fill(engine: Engine, digests: int) -> None:
    """The eve of a morning on which so many bodies are reminded for the first time, all of them by digest."""
    for number in range(1, -(-digests // BODIES) + 1):
        count = min(BODIES, digests - (number - 1) * BODIES)
        _follow(engine, number, [f"co-quan-{k}" for k in range(1, count + 1)])
    planner.advance(engine, now=_BEFORE)
    with writing(engine) as connection:
        connection.execute(update(notice).values(status="composed"))  # the announcements have left
    clock_guard.see(engine, now=_BEFORE)  # runs under today's clock wait for a confirmation and touch nothing


def _follow(engine: Engine, number: int, slugs: list[str]) -> None:
    text = _PLAN.format(
        n=number,
        agencies="\n".join(f"  - {{id: {slug}, name: Cơ quan {slug}}}" for slug in slugs),
        parties="\n".join(f"  - {{agency: {slug}, relation: peer, ground: III}}" for slug in slugs),
        ids=", ".join(slugs),
    )
    with writing(engine) as connection:
        intake.add_plan(connection, text.encode(), file="kh.yaml", now=_BEFORE, actor="test")
        intake.activate(connection, f"kh-{number}", now=_BEFORE, actor="test")
        for slug in slugs:
            address = f"{slug}@tinh-{number}.example"
            told: dict[str, Any] = {"role": ContactRole.AGENCY, "name": slug, "address": address, "now": _BEFORE}
            add_contact(connection, f"tinh-{number}.{slug}", **told, actor="test")


# --- Machines -----------------------------------------------------------------------------------------------------


@dataclass
class Machine:
    """A home folder and its processes; the group's leader is ``dondoc server`` or ``dondoc worker``."""

    home: Path
    process: subprocess.Popen[bytes]
    log: Path

    def power_cut(self) -> None:
        """``kill -9`` of the process group, and of whatever else was started for this home."""
        self._signal(signal.SIGKILL)
        while left := processes_of(self.home):
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)

    def shut_down(self) -> None:
        """As systemd stops a unit: asked first."""
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
        self.power_cut()
        self.process.wait()

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]


@dataclass
class Province:
    """The machines, and questions to their Prefect server."""

    folder: Path
    shared: dict[str, str]  # the environment file of the province
    port: int = field(default_factory=free_port)
    machines: dict[str, Machine] = field(default_factory=dict)

    @property
    def workers(self) -> dict[str, Machine]:
        return {name: machine for name, machine in self.machines.items() if name != "server"}

    def start(self, name: str, *command: str) -> Machine:
        home, log = self.folder / name, self.folder / f"{name}.log"
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "DONDOC_"))}
        environment = {
            **clean, **self.shared, "PYTHONPATH": str(ROOT),
            "DONDOC_HOME": str(home), "DONDOC_PREFECT_PORT": str(self.port), "PREFECT_WORKER_QUERY_SECONDS": "1",
        }  # fmt: skip
        with log.open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "cli", *command], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
                stdout=said, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self.machines[name] = Machine(home, process, log)
        return self.machines[name]

    def close(self) -> None:
        for machine in reversed(self.machines.values()):
            machine.shut_down()

    def asked(self, question: Callable[[Prefect], Coroutine[Any, Any, T]]) -> T:
        async def ask() -> T:
            url = f"http://127.0.0.1:{self.port}/api"
            async with client.connect(url, self.shared.get(AUTH)) as server:
                return await question(server)

        return asyncio.run(ask())

    def until(self, what: str, found: Callable[[], T | None], seconds: float = 240) -> T:
        """Asks again and again, never longer than so many seconds."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if answer := found():
                return answer
            if self.machines["server"].process.poll() is not None:
                break
            time.sleep(0.5)  # asking takes the server a tenth of a second
        tails = "\n".join(f"--- {name}:\n{machine.tail()}" for name, machine in self.machines.items())
        raise AssertionError(f"{what}: not within {seconds} s\n{tails}")

    def alive(self) -> bool:
        """Whether every worker has told the server of itself."""

        async def ask(server: Prefect) -> int:
            found = await server.ask("POST", "/work_pools/dondoc/workers/filter", {}, missing=[])
            return len([each for each in found if each["status"] == "ONLINE"])

        try:
            return self.asked(ask) == len(self.workers)
        except Exception:  # it is still starting
            return False

    def run(self, name: str, now: datetime) -> UUID:
        """Asks for one run of a fixed flow, at that moment of the register's time."""

        async def ask(server: Prefect) -> UUID:
            found = await server._client.read_deployment_by_name(f"{name}/{name}")
            parameters = {"now": now.isoformat()}
            return (await server._client.create_flow_run_from_deployment(found.id, parameters=parameters)).id

        return self.asked(ask)

    def state(self, run: UUID) -> FlowRun:
        return self.asked(lambda server: server._client.read_flow_run(run))

    def ended(self, run: UUID) -> FlowRun | None:
        found = self.state(run)
        return found if found.state and found.state.is_final() else None

    def pause_schedules(self) -> None:
        """What runs is what is asked for, whatever the time of day."""

        async def ask(server: Prefect) -> None:
            for each in await server.deployments():
                await server._client.pause_deployment(each.id)

        self.asked(ask)

    def executing(self) -> str:
        """The name of the machine on which a run is at work."""
        for name, machine in self.workers.items():
            for pid in processes_of(machine.home):
                if any(entry.startswith("PREFECT__FLOW_RUN_ID=") for entry in environment_of(pid)):
                    return name
        raise AssertionError("no machine is at work")

    def let_leases_run_out(self) -> None:
        """Puts the end of Prefect's leases (five minutes) into the past, in the files where its server keeps them."""
        past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
        folder = self.machines["server"].home / "prefect" / "concurrency_leases"
        files = [path for path in folder.glob("*.json") if path.name != "expirations.json"]
        assert files, "the dead run held no lease"
        for path in files:
            _rewrite(path, {**json.loads(path.read_text()), "expiration": past})
        _rewrite(folder / "expirations.json", {path.stem: past for path in files})


def _rewrite(path: Path, content: Any) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(content))
    fresh.replace(path)


class Post(MailBox):
    """Counts; at the letter of that number something happens before the sender hears that it was taken."""

    def __init__(self, at_letter: int, happens: Callable[[], None]) -> None:
        super().__init__()
        self._at_letter, self._happens = at_letter, happens
        self._times: list[float] = []
        self._ids: list[str] = []

    @property
    def by_id(self) -> Counter[str]:
        """Read once, on arrival: aiosmtpd looks at every property of its handler whenever somebody calls, and to
        parse 2,000 letters takes longer than a sender waits for the greeting."""
        return Counter(self._ids)

    def pace(self) -> float:  # no property: aiosmtpd looks at every member of a handler as it starts
        """Letters a second, from the first to the last before the happening."""
        return len(self._times) / (self._times[-1] - self._times[0])

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        self._ids.append(str(self.taken[-1].mail["Message-ID"]))
        if len(self.taken) <= self._at_letter:
            self._times.append(time.monotonic())
        if len(self.taken) == self._at_letter:
            self._happens()
        return answer
