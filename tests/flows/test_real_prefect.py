"""The whole of it: a real Prefect server and process worker, a plan followed, a scheduled run made and executed.

One story in one test, since a start takes its time.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import pytest
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort

from app.bootstrap import bootstrap, clock
from app.settings import Settings
from plans.calendar import local_day
from tasks.database import writing
from tests.flows.world import bring_in

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
SECONDS_AHEAD = 20
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for left-over processes in /proc"),
]


@dataclass
class Up:
    """A running ``dondoc up`` and what it has said so far."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]
    said_in: Path
    dashboard: int
    started: float = field(default_factory=time.monotonic)

    def said(self) -> str:
        return self.said_in.read_text(encoding="utf-8")

    def asked(self, question: Callable[[PrefectClient], Any]) -> Any:
        async def ask() -> Any:
            async with PrefectClient(f"http://127.0.0.1:{self.port}/api") as client:
                return await question(client)

        return asyncio.run(ask())

    def runs(self) -> list[FlowRun]:
        return list(self.asked(lambda c: c.read_flow_runs(limit=200, sort=FlowRunSort.EXPECTED_START_TIME_ASC)))

    def ended(self, name: str) -> FlowRun | None:
        """The run of that name, once it has come to its end."""
        found = [run for run in self.runs() if run.name == name and run.state and run.state.is_final()]
        return found[0] if found else None

    def start_by_hand(self, deployment: str) -> FlowRun:
        async def start(client: PrefectClient) -> FlowRun:
            found = await client.read_deployment_by_name(deployment)
            return await client.create_flow_run_from_deployment(found.id)

        run = self.asked(start)
        assert isinstance(run, FlowRun)
        return run


@dataclass
class Page:
    status: int
    text: str
    cookies: str


def start(home: Path, port: int, *arguments: str) -> Up:
    said_in, dashboard = home.with_suffix(".said"), free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")},
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "DONDOC_DASHBOARD_PORT": str(dashboard),
        "PYTHONPATH": str(ROOT),
    }
    with said_in.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.flows.up_runner", str(home), str(port), *arguments],
            cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT,
        )  # fmt: skip
    return Up(home, port, process, said_in, dashboard)


def until(what: str, found: Callable[[], T | None], up: Up, seconds: float = 300) -> T:
    """Asks again and again, never longer than so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := found():
            return answer
        if up.process.poll() is not None:
            break
        time.sleep(0.5)  # asking takes the server a tenth of a second
    log = up.home / "logs" / "worker.log"
    tail = log.read_text(encoding="utf-8")[-3000:] if log.exists() else ""
    raise AssertionError(f"{what}: not within {seconds} s; up said:\n{up.said()}\nworker:\n{tail}")


def ready(up: Up) -> None:
    until("addresses printed", lambda: "Nhấn Ctrl-C" in up.said(), up)


def processes_of(home: Path) -> list[int]:
    """Every live process that was started for this home, found by its environment."""
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if f"DONDOC_HOME={home}" in environment_of(pid)]


def environment_of(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []  # gone, or somebody else's


def gone(up: Up, seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while processes_of(up.home) and time.monotonic() < deadline:
        time.sleep(0.1)
    return processes_of(up.home) == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_plan_is_followed_by_scheduled_runs_from_the_first_start_to_the_last_process(tmp_path: Path) -> None:
    home, port = tmp_path / "home", free_port()
    up = start(home, port, str(SECONDS_AHEAD))
    try:
        ready(up)
        password = the_first_administrator_can_sign_in(up)
        coming_runs_stand_there_with_their_names(up)
        scheduler_itself_makes_the_runs_of_the_fixed_flows(up)
        a_scheduled_run_is_executed_in_time_and_says_who_is_late(up)
        a_duty_within_its_time_says_so(up)
        table_of_the_plan_is_an_artifact(up)
        synced = a_new_plan_is_followed_without_restarting_anything(up)
        a_second_up_on_the_same_home_is_refused(up)
        sigterm_leaves_no_process_behind_even_with_a_run_at_work(up)
    finally:
        up.process.kill()
        up.process.wait()
    again = start(home, port)
    try:
        ready(again)
        assert time.monotonic() - again.started < 60
        assert not synced or "Thêm 0, sửa 0, bỏ 0 lịch; đặt tên 0" in again.said(), again.said()
        assert again.ended("ke/KH-UBND · Báo cáo đợt hai · ngày cuối"), "past runs are still there"
        assert len(processes_of(home)) >= 2
        assert "mật khẩu" not in again.said(), "the password is said once"
        assert password not in again.said()
        assert asked_for_page(again, "/dang-nhap").status == 200
    finally:
        again.process.kill()  # no chance to tidy up
        again.process.wait()
    assert gone(again), processes_of(home)


def asked_for_page(up: Up, path: str, form: dict[str, str] | None = None, cookie: str = "") -> Page:
    """One request to the dashboard, redirects not followed."""
    connection = http.client.HTTPConnection("127.0.0.1", up.dashboard, timeout=30)
    try:
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
        answer = connection.getresponse()
        cookies = "; ".join(each.partition(";")[0] for each in answer.headers.get_all("Set-Cookie") or ())
        return Page(answer.status, answer.read().decode(), cookies)
    finally:
        connection.close()


def the_first_administrator_can_sign_in(up: Up) -> str:
    """With the password that is said once; before it is changed nothing else can be done. Returns the password."""
    assert f"Bảng điều khiển dondoc: http://127.0.0.1:{up.dashboard}" in up.said()
    [password] = re.findall(r"Tài khoản đầu tiên: admin, mật khẩu dùng một lần: (\S+)", up.said())
    door = asked_for_page(up, "/dang-nhap")
    token = re.search(r'name="csrf" value="([^"]+)"', door.text)
    assert token
    form = {"csrf": token[1], "login": "admin", "password": password, "to": "/tong-quan"}
    inside = asked_for_page(up, "/dang-nhap", form, door.cookies)
    assert inside.status == 303
    first = asked_for_page(up, "/tong-quan", cookie=inside.cookies)
    assert first.status == 303, "to the page where the password is changed"
    assert "chỉ dùng một lần" in asked_for_page(up, "/mat-khau", cookie=inside.cookies).text
    return str(password)


def coming_runs_stand_there_with_their_names(up: Up) -> None:
    coming = [run.name for run in up.runs() if run.name.startswith("ke/KH-UBND · Báo cáo đợt ba")]
    assert sorted(coming) == sorted(
        f"ke/KH-UBND · Báo cáo đợt ba · {rung}"
        for rung in (
            "nhắc trước 7 ngày",
            "nhắc trước 1 ngày",
            "ngày cuối",
            "kiểm tra trước khi nhắc quá hạn",
            "nhắc quá hạn lần 1",
            "nhắc quá hạn lần 2",
            "báo cáo đơn vị theo dõi",
            "xin ý kiến lãnh đạo lần 1",
            "xin ý kiến lãnh đạo lần 2",
        )
    )


def scheduler_itself_makes_the_runs_of_the_fixed_flows(up: Up) -> None:
    """``sync`` asks for the runs of duties only: these are there because the scheduler's own loop works."""

    def of_sweep() -> list[FlowRun]:
        sweep = up.asked(lambda c: c.read_deployment_by_name("sweep/sweep"))
        return [run for run in up.runs() if run.deployment_id == sweep.id and run.auto_scheduled]

    assert len(until("runs of sweep", of_sweep, up)) >= 3


def a_scheduled_run_is_executed_in_time_and_says_who_is_late(up: Up) -> None:
    name = "ke/KH-UBND · Báo cáo đợt một · kiểm tra trước khi nhắc quá hạn"
    run = until("run of the late duty", lambda: up.ended(name), up)
    assert run.auto_scheduled
    assert run.state is not None
    assert (run.state.type.value, run.state.name) == ("FAILED", "Quá hạn")
    assert run.state.message is not None
    assert run.state.message.startswith("2/2 cơ quan chưa gửi: Phòng ")
    assert run.start_time is not None
    assert run.expected_start_time is not None
    assert timedelta(0) - timedelta(seconds=1) < run.start_time - run.expected_start_time < timedelta(seconds=60)


def a_duty_within_its_time_says_so(up: Up) -> None:
    run = until("run of today's duty", lambda: up.ended("ke/KH-UBND · Báo cáo đợt hai · ngày cuối"), up)
    assert run.state is not None
    assert (run.state.type.value, run.state.name) == ("COMPLETED", "Đang trong hạn")
    assert run.state.message == "0/2 cơ quan đã gửi"


def table_of_the_plan_is_an_artifact(up: Up) -> None:
    artifact = up.asked(lambda c: c.request("GET", "/artifacts/{key}/latest", path_params={"key": "plan-ke"})).json()
    assert artifact["type"] == "table"
    late = [row for row in json.loads(artifact["data"]) if row["Nhiệm vụ"] == "Báo cáo đợt một"]
    assert [row["Cơ quan"] for row in late] == ["Phòng Alpha", "Phòng Beta"]
    assert {row["Tình trạng"] for row in late} == {f"Quá hạn {late[0]['Số ngày quá hạn']} ngày, chưa nhận"}


def a_new_plan_is_followed_without_restarting_anything(up: Up) -> bool:
    """Whether the time of day let ``sync`` work: between 07:20 and 07:50 in Vietnam it waits."""
    dondoc = bootstrap(Settings(home=up.home))
    with writing(dondoc.engine) as connection:
        bring_in(connection, "hai", day=local_day(clock()), now=clock())
    dondoc.close()
    started = up.start_by_hand("sync/sync")

    def synced() -> FlowRun | None:
        """A run that Prefect cancels because the timetable's own has just begun is asked for again."""
        nonlocal started
        run: FlowRun = up.asked(lambda c: c.read_flow_run(started.id))
        if run.state and run.state.is_cancelled():
            started = up.start_by_hand("sync/sync")
            return None
        return run if run.state and run.state.is_final() else None

    run = until("sync", synced, up)
    assert run.state is not None
    if run.state.name == "Chờ sau 7h50":
        return False
    assert run.state.name == "Đã cập nhật"
    assert any(run.name == "hai/KH-UBND · Báo cáo đợt ba · ngày cuối" for run in up.runs())
    return True


def a_second_up_on_the_same_home_is_refused(up: Up) -> None:
    second = start_elsewhere(up)
    assert f"tiến trình {up.process.pid}" in second
    assert "AlreadyUp" in second


def start_elsewhere(up: Up) -> str:
    command = [sys.executable, "-m", "tests.flows.up_runner", str(up.home), str(up.port)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert done.returncode != 0
    return done.stderr.decode()


def sigterm_leaves_no_process_behind_even_with_a_run_at_work(up: Up) -> None:
    started = up.start_by_hand("follow/ke.bao-cao-sau")
    mark = f"PREFECT__FLOW_RUN_ID={started.id}"

    def at_work() -> list[int]:
        return [pid for pid in processes_of(up.home) if mark in environment_of(pid)]

    until("process of the run", at_work, up)
    assert len(processes_of(up.home)) >= 3
    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(60) == 0
    assert "Đã dừng." in up.said()
    assert processes_of(up.home) == []
