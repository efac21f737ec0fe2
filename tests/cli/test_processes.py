"""``dondoc server`` and ``dondoc worker``: what refuses to start; both at work: tests/baddays/test_two_workers.py."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.prefect_processes import ServerSilent, await_server, become_server, become_worker
from app.settings import Settings
from tests.cli.conftest import Terminal
from tests.flows.test_real_prefect import free_port


class Became(Exception):
    """Stands for the end of this process."""


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the process would have become: program, arguments, environment."""
    found: list[Any] = []

    def execve(*told: Any) -> None:
        found.extend(told)
        raise Became

    monkeypatch.setattr(os, "execve", execve)
    monkeypatch.setattr(os, "chdir", lambda folder: None)
    return found


def test_an_open_address_without_a_password_is_refused(run: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_PREFECT_HOST", "0.0.0.0")  # noqa: S104 - to be refused
    assert "PREFECT_SERVER_API_AUTH_STRING" in run("server", code=1).stderr


def test_a_port_in_use_is_said_plainly(run: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setenv("DONDOC_PREFECT_PORT", str(port))
        assert f"Cổng {port}" in run("server", code=1).stderr


def test_a_worker_without_a_server_says_where_it_asked(tmp_path: Path) -> None:
    port = free_port()
    with pytest.raises(ServerSilent, match=f"http://127.0.0.1:{port}"):
        await_server(Settings(home=tmp_path, prefect_port=port), patience=0)
    script = (
        "import app.prefect_processes as p, cli.processes as c\n"
        "c.await_server = lambda place: p.await_server(place, patience=0)\n"
        "from cli.main import run; run()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "worker"], capture_output=True, text=True, timeout=120, check=False,
        env=os.environ | {"DONDOC_HOME": str(tmp_path), "DONDOC_PREFECT_PORT": str(port)}, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 1
    assert "DONDOC_PREFECT_HOST" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_server_listens_where_the_settings_say(tmp_path: Path, became: list[Any]) -> None:
    port = free_port()
    with pytest.raises(Became):
        become_server(Settings(home=tmp_path, prefect_port=port))
    program, arguments, environment = became
    assert program == sys.executable
    assert arguments[1:] == ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    assert environment["PREFECT_HOME"] == str(tmp_path / "prefect")


def test_a_worker_has_a_limit_of_its_own(tmp_path: Path, became: list[Any]) -> None:
    with pytest.raises(Became):
        become_worker(Settings(home=tmp_path), "may-2")
    _program, arguments, environment = became
    assert arguments[1:] == [
        "-m", "prefect", "worker", "start", "--pool", "dondoc", "--type", "process", "--name", "may-2", "--limit", "4",
    ]  # fmt: skip
    assert environment["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"
