"""The supervisor with stand-ins for Prefect; the real one: tests/flows/test_real_prefect.py."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app import children, supervisor
from app.children import Child, ChildGaveUp, Command
from app.prefect_settings import UnsafeAddress
from app.supervisor import AlreadyUp, Dashboard, PortInUse, healthy, only_one, refuse_taken_port

SLEEPER = "import time; print('ready', flush=True); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPER
PARENT = (
    f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]); "
    "print(p.pid, flush=True); p.wait()"
)


@dataclass
class Place:
    home: Path
    prefect_host: str = "127.0.0.1"
    prefect_port: int = 4300


def child(home: Path, code: str) -> Child:
    return Child(Command("child", "Tiến trình thử", ["-c", code], dict(os.environ)), home)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def line(child: Child) -> str:
    """The first line of the log, once it is there."""
    for _attempt in range(600):
        if child.log.exists() and (text := child.log.read_text(encoding="utf-8")):
            return text.splitlines()[0]
        await asyncio.sleep(0.02)
    raise AssertionError("nothing in the log")


def run(story: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(story(), 60)

    asyncio.run(bounded())


def test_output_goes_to_a_log_and_a_request_to_stop_is_enough(tmp_path: Path) -> None:
    started = child(tmp_path, SLEEPER)

    async def story() -> None:
        await started.start()
        assert await line(started) == "ready"
        await started.stop(patience=30)
        assert not started.running

    run(story)


def test_who_does_not_listen_is_killed(tmp_path: Path) -> None:
    started = child(tmp_path, STUBBORN)

    async def story() -> None:
        await started.start()
        await line(started)
        await started.stop(patience=0.1)
        assert not started.running

    run(story)


def test_what_a_process_started_ends_with_it(tmp_path: Path) -> None:
    started = child(tmp_path, PARENT)

    async def story() -> None:
        await started.start()
        grandchild = int(await line(started))
        assert alive(grandchild)
        await started.stop(patience=5)
        for _attempt in range(200):
            if not alive(grandchild) or _zombie(grandchild):
                return
            await asyncio.sleep(0.02)
        raise AssertionError("the grandchild lives on")

    run(story)


def _zombie(pid: int) -> bool:
    """In a container nobody may be there to collect it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_a_process_that_dies_is_started_again_and_given_up_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "_LONGEST_PAUSE", 0.01)
    started = child(tmp_path, "print('once more'); raise SystemExit(3)")
    said: list[str] = []

    async def story() -> None:
        await started.start()
        with pytest.raises(ChildGaveUp, match=r"child\.log"):
            await started.keep_alive(said.append)
        await started.stop(patience=1)

    run(story)
    assert len(said) == 4
    assert said[0].startswith("Tiến trình thử đã dừng (mã 3), chạy lại sau")
    assert started.log.read_text(encoding="utf-8").splitlines() == ["once more"] * 5


def test_stopping_ends_the_wait_for_a_restart(tmp_path: Path) -> None:
    started = child(tmp_path, "raise SystemExit(3)")

    async def story() -> None:
        await started.start()
        said = asyncio.Event()
        keeping = asyncio.create_task(started.keep_alive(lambda _text: said.set()))
        await said.wait()
        await started.stop(patience=1)
        await keeping

    run(story)


def test_log_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "_LOG_BYTES", 10_000)
    started = child(tmp_path, "for n in range(2000): print('một dòng khá dài', n)\nprint('x' * 3_000_000)")

    async def story() -> None:
        await started.start()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(started.keep_alive(lambda _text: None), 1)
        await started.stop(patience=1)

    run(story)
    files = sorted(tmp_path.joinpath("logs").iterdir())
    assert len(files) == 3
    assert sum(file.stat().st_size for file in files) < 3 * 10_000 + 65_536, (
        "two full files and one line of the longest kind"
    )


def test_second_up_on_a_home_is_refused_and_named(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(AlreadyUp, match=str(os.getpid())), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_lock_of_a_killed_up_is_free_again(tmp_path: Path) -> None:
    code = (
        f"import app.supervisor, pathlib, time\nwith app.supervisor.only_one(pathlib.Path({str(tmp_path)!r})):\n"
        " print('held', flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyUp, match=str(holder.pid)), only_one(tmp_path):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait(30)
    with only_one(tmp_path):
        assert (tmp_path / "up.lock").read_text() == str(os.getpid())


def test_a_taken_port_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortInUse, match=rf"Cổng {port} .*--prefect-port {port + 1}.*DONDOC_PREFECT_PORT"):
            refuse_taken_port("127.0.0.1", port)
        with pytest.raises(PortInUse):
            supervisor.run(
                Place(tmp_path, prefect_port=port), prepare=_never, sync=_never_async, say=lambda _text: None
            )
        with pytest.raises(PortInUse, match=rf"--dashboard-port {port + 1}.*DONDOC_DASHBOARD_PORT"):
            supervisor.run(
                Place(tmp_path, prefect_port=free),
                prepare=_never,
                sync=_never_async,
                say=lambda _text: None,
                dashboard=Dashboard("127.0.0.1", port),
            )
    refuse_taken_port("127.0.0.1", port)
    assert not healthy(Place(tmp_path, prefect_port=port))


def test_the_address_of_the_dashboard_is_one_that_a_browser_here_reaches() -> None:
    assert Dashboard("0.0.0.0", 8000).url == "http://127.0.0.1:8000"  # noqa: S104 - only named
    assert Dashboard("::1", 80).url == "http://[::1]:80"
    assert Dashboard("dondoc.lan", 8080).url == "http://dondoc.lan:8080"


def test_an_open_address_without_a_password_is_refused_before_anything_starts(tmp_path: Path) -> None:
    place = Place(tmp_path / "home", prefect_host="0.0.0.0")  # noqa: S104
    with pytest.raises(UnsafeAddress):
        supervisor.run(place, prepare=_never, sync=_never_async, say=lambda _text: None)
    assert not (tmp_path / "home").exists()


def _never() -> None:
    raise AssertionError("nothing may be prepared")


async def _never_async() -> None:
    raise AssertionError("nothing may be synced")
