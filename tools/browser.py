"""The Chromium of the browser tests and of the pictures: ``python -m tools.browser`` finds one or installs one.

Looked for are Playwright's own, then what is on the PATH. Where there is none, Debian's package is taken (as root),
else Playwright downloads its own. Without network neither works: the tests skip and say so.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ADVICE = "no Chromium: run `make browser`, or install the package `chromium`, or set DONDOC_TEST_CHROMIUM=/path/to/it"
# Chromium itself speaks to nobody, and knows no address but this machine's.
ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_APT = ("chromium", "fonts-dejavu-core")
_PATIENCE = 900


def find() -> Path | None:
    """The program to start, or None."""
    if named := os.environ.get("DONDOC_TEST_CHROMIUM"):
        return Path(named)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    if own.exists():
        return own
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found) if found else None


def _commands() -> list[list[str]]:
    """What may bring one, the surest first."""
    download = [sys.executable, "-m", "playwright", "install", "chromium"]
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return [download]
    return [[apt, "-q", "update"], [apt, "-qy", "install", "--no-install-recommends", *_APT], download]


def install() -> Path | None:
    """Tries each way until there is one."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in _commands():
        print("browser:", *command, file=sys.stderr, flush=True)
        try:
            subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, timeout=_PATIENCE, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            print("browser:", error, file=sys.stderr)
        if found := find():
            return found
    return None


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The dashboard on a free port of this machine; gives its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None, lifespan="off", server_header=False, timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        until = time.monotonic() + 60
        while not server.started and thread.is_alive() and time.monotonic() < until:
            time.sleep(0.01)
        if not server.started:
            raise RuntimeError("the dashboard did not start")
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
        listener.close()


def main() -> int:
    found = find() or install()
    print("browser:", found or ADVICE, file=sys.stderr)
    return 0  # tests without a browser are worth running; whether they may be skipped, tests/conftest.py decides


if __name__ == "__main__":
    sys.exit(main())
