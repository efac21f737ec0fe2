"""``dondoc up``: what refuses to start says why; the whole is started and stopped in tests/flows."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Terminal


def up(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli", "up", *arguments], capture_output=True, text=True, timeout=60, check=False,
        env=os.environ | environment, encoding="utf-8",
    )  # fmt: skip


def test_a_port_in_use_is_said_plainly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = up("--prefect-port", str(port))
    assert done.returncode == 1
    assert f"Cổng {port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_open_address_without_a_password_is_refused() -> None:
    done = up(DONDOC_PREFECT_HOST="0.0.0.0")  # noqa: S104 - to be refused
    assert done.returncode == 1
    assert "PREFECT_SERVER_API_AUTH_STRING" in done.stderr


def test_a_port_that_cannot_be_is_wrong_use(run: Terminal, dondoc_home: Path) -> None:
    run("up", "--prefect-port", "70000", code=2)
    assert not dondoc_home.exists()
