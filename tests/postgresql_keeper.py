"""Keeps one PostgreSQL server for the tests and takes it along when it ends, however the tests end.

``python -m tests.postgresql_keeper FOLDER PROGRAMS``: commands come as lines on stdin (``start [setting=value …]``,
``stop [mode]``, ``kill``), each is answered by one line (``ok`` or what went wrong). At the end of stdin, which comes
even when the test run is killed, the server is stopped and the folder removed. PostgreSQL refuses to be run by root:
then the folder's owner runs it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SECONDS = 120  # a loaded machine is slow
MODES = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
# Nobody misses these data after a power cut. The odd zone and date style are what a server of somebody else's may
# have: dondoc must not depend on them.
SETTINGS = (
    "listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB",
    "max_wal_size=256MB", "wal_level=minimal", "max_wal_senders=0", "max_connections=120", "autovacuum=off",
    "timezone=America/New_York", "datestyle=SQL,DMY",
)  # fmt: skip


class Refused(Exception):
    """The server did not do what it was told; the text holds what it said."""


class Keeper:
    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder, self.programs = folder, programs
        self.data, self.log = folder / "data", folder / "log"
        self.server: subprocess.Popen[bytes] | None = None

    def _popen(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        owner = self.folder.stat()
        other: dict[str, Any] = {}
        if os.geteuid() == 0:
            other = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
        with self.log.open("ab") as log:
            process: subprocess.Popen[bytes] = subprocess.Popen(
                [str(self.programs / program), *arguments],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}, **other,
            )  # fmt: skip
        return process

    def start(self, *settings: str) -> None:
        if not (self.data / "PG_VERSION").exists():
            rules = ("-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
            if self._popen("initdb", "-D", str(self.data), *rules, "--no-instructions").wait(SECONDS):
                raise Refused(self._said())
            guard = "local all guarded scram-sha-256\n"  # the one role that has to say its password
            hba = self.data / "pg_hba.conf"
            hba.write_text(guard + hba.read_text())
        chosen = [part for setting in (*SETTINGS, *settings) for part in ("-c", setting)]
        self.server = self._popen("postgres", "-D", str(self.data), "-k", str(self.folder), *chosen)
        deadline = time.monotonic() + SECONDS
        while not self._ready():
            if self.server.poll() is not None or time.monotonic() > deadline:
                raise Refused(self._said())
            time.sleep(0.02)

    def _ready(self) -> bool:
        lines = (
            (self.data / "postmaster.pid").read_text().splitlines() if (self.data / "postmaster.pid").exists() else []
        )
        return (
            len(lines) == 8
            and lines[7].strip() == "ready"
            and self.server is not None
            and lines[0] == str(self.server.pid)
        )

    def _said(self) -> str:
        return " | ".join(self.log.read_text(errors="replace").splitlines()[-12:]) if self.log.exists() else "no log"

    def stop(self, mode: str = "fast") -> None:
        self._end(MODES[mode])

    def kill(self) -> None:
        """A power cut: postmaster and everything under it."""
        if self.server is not None:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait(SECONDS)

    def _end(self, number: int) -> None:
        if self.server is None or self.server.poll() is not None:
            return
        self.server.send_signal(number)
        try:
            self.server.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def serve(self) -> None:
        commands: dict[str, Callable[..., None]] = {"start": self.start, "stop": self.stop, "kill": self.kill}
        try:
            for line in sys.stdin:
                name, *arguments = line.split()
                try:
                    commands[name](*arguments)
                    answer = "ok"
                except (Refused, OSError, subprocess.SubprocessError) as error:
                    answer = f"{type(error).__name__}: {error}".replace("\n", " | ")
                sys.stdout.write(f"{answer}\n")
                sys.stdout.flush()
        finally:
            self._end(signal.SIGQUIT)
            shutil.rmtree(self.folder, ignore_errors=True)


if __name__ == "__main__":
    Keeper(Path(sys.argv[1]), Path(sys.argv[2])).serve()
