"""What does Prefect cost: bringing its deployments together with the plans, and every single run?"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.bootstrap import clock
from app.children import _leashed
from app.database import migrate
from app.prefect_settings import WORK_POOL, prefect_environment
from app.settings import Settings
from app.supervisor import healthy
from benchmarks import world
from benchmarks.context import Bench
from benchmarks.figures import Figure
from benchmarks.machine import ROOT
from plans.calendar import local_day
from tasks import intake
from tasks.database import make_engine, writing

TITLE = "Prefect: `sync`, and every run"
HOW = (
    "A real Prefect server on its own SQLite file and a process worker, with the settings of `dondoc up`. Each plan "
    "has fifteen duties (two monthly, four quarterly, four half-yearly, five yearly): one deployment each, and every "
    "coming run to the end of next year is made and gets its name. Then the same `sync` once more, and the question "
    "that the run of every five minutes asks. Runs are those of `follow`, four at a time; processor time is that of "
    "the worker with the processes that it starts, and of the server."
)
DATABASES = False
_RULES = (*[world.MONTHLY] * 2, *[world.QUARTERLY] * 4, *[world.HALF_YEARLY] * 4, *[world.YEARLY] * 5)
_START_SECONDS = 180.0


def measure(bench: Bench) -> Iterator[Figure]:
    settings = Settings(home=bench.folder / "home", prefect_port=free_port())
    (settings.home / "prefect").mkdir(parents=True)
    environment = _environment(settings)
    duties = _fill(settings, bench.size.deployments)
    with _started(settings, environment, "server", "start", "--port", str(settings.prefect_port)) as server:
        _until_ready(settings, server)
        yield from _sync(bench, duties, _asked(settings, environment, "sync"))
        if bench.size.runs:
            worker = ("worker", "start", "--pool", WORK_POOL, "--type", "process", "--name", "bench")
            with _started(settings, environment, *worker) as working:
                yield from _runs(bench, settings, environment, {"server": server.pid, "worker": working.pid})


def _sync(bench: Bench, duties: int, found: dict[str, float]) -> Iterator[Figure]:
    made, per = int(found["created"]), 500 / found["created"]
    if made < duties:
        raise RuntimeError(f"{made} deployments for {duties} duties")
    bench.say(f"{made:,} deployments, {found['named']:,} runs named, {found['first']:.1f} s")
    first = f"`sync`, first time, for 500 deployments with {found['named'] / made:.0f} coming runs each"
    yield Figure("first", f"{first} (measured with {made})", "s", (found["first"] * per,))
    again = "`sync`, everything compared and nothing changed, for 500"
    yield Figure("again", f"{again} (measured with {made})", "s", (found["again"] * per,))
    yield Figure("asks", "the question of every five minutes", "s", (found["asks"],))


def _runs(bench: Bench, settings: Settings, environment: dict[str, str], pids: dict[str, int]) -> Iterator[Figure]:
    count = bench.size.runs
    found = _asked(settings, environment, "runs", str(count), str(pids["server"]), str(pids["worker"]))
    bench.say(f"{count} runs in {found['seconds']:.1f} s")
    yield Figure("run", f"a run, {count} of them four at a time", "s", (found["seconds"] / count,))
    yield Figure("run_each", "from the beginning of a run to its end", "s", (found["each"],))
    yield Figure("run_cpu", "processor time of a run and the worker's share", "s", (found["worker_cpu"] / count,))
    yield Figure("run_server", "processor time of the server for it", "s", (found["server_cpu"] / count,))
    yield Figure("server_memory", "memory of the server", "MB", (found["server_bytes"] / 2**20,))
    yield Figure("worker_memory", "memory of the worker", "MB", (found["worker_bytes"] / 2**20,))


def _fill(settings: Settings, deployments: int) -> int:
    """Plans that have just been started. Returns how many duties they have."""
    engine = make_engine(settings.url)
    migrate(engine)
    now, made, number = clock(), 0, 0
    while made < deployments:
        number, rules = number + 1, _RULES[: deployments - made]
        with writing(engine) as connection:
            text = world.plan_text(number, bodies=2, rules=rules)
            brought = intake.add_plan(connection, text, file="kh.yaml", now=now, actor="bench")
            intake.activate(connection, brought.plan.id, start=local_day(now), now=now, actor="bench")
        made += len(rules)
    engine.dispose()
    return made


def _environment(settings: Settings) -> dict[str, str]:
    """As ``dondoc up`` has it, whatever the shell says about Prefect and dondoc."""
    shell = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "DONDOC_"))}
    return {**prefect_environment(settings, shell), "PYTHONPATH": str(ROOT)}


@contextmanager
def _started(settings: Settings, environment: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """One of Prefect's processes, for that long; its words go to a file in ``home``."""
    with (settings.home / f"{arguments[0]}.log").open("wb") as log:
        command = [sys.executable, *_leashed(["-m", "prefect", *arguments])]  # ends with us, however we end
        process = subprocess.Popen(command, cwd=settings.home, env=environment, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _until_ready(settings: Settings, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not healthy(settings):
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError((settings.home / "server.log").read_text(encoding="utf-8"))
        time.sleep(0.2)


def _asked(settings: Settings, environment: dict[str, str], what: str, *more: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.prefect_client", what, str(settings.home), str(settings.prefect_port)]
    done = subprocess.run([*command, *more], cwd=ROOT, env=environment, capture_output=True, check=False, text=True)
    if done.returncode:
        raise RuntimeError(f"{what}: {done.stderr[-3000:]}{_tail(settings.home)}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _tail(home: Path) -> str:
    return "".join(f"\n{path.name}: {path.read_text(encoding='utf-8')[-2000:]}" for path in home.glob("*.log"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
