"""One process started by ``dondoc up``: its log, its restarts, its end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path

from plans.text import _

_LOG_BYTES = 5_000_000
_LOG_FILES = 3
_LINE_BYTES = 1 << 16
_STARTS_IN_A_ROW = 5  # this many deaths without a quiet spell between them, and it is given up
_QUIET_SECONDS = 600.0
_LONGEST_PAUSE = 60.0
_PUMP_SECONDS = 5.0

# Linux: the kernel ends the process when ``dondoc up`` itself is killed without a chance to tidy up. Done by the new
# process before it becomes the real program, since code between fork and exec is unsafe beside threads. 1 is
# PR_SET_PDEATHSIG; the check closes the gap in which the parent may have gone already.
_LEASH = (
    "import ctypes, os, signal, sys\n"
    "ctypes.CDLL(None).prctl(1, signal.SIGTERM)\n"
    "if os.getppid() != int(sys.argv[1]): sys.exit(1)\n"
    "os.execv(sys.executable, [sys.executable, *sys.argv[2:]])\n"
)


class ChildGaveUp(Exception):
    """A process died again and again; the log says why."""

    def __init__(self, title: str, log: Path) -> None:
        self.title, self.log = title, log
        super().__init__(_("{title} liên tục dừng, không chạy lại nữa. Xem {log}").format(title=title, log=log))


@dataclass(frozen=True, slots=True)
class Command:
    """What to start: a name for the log, a title for people, the arguments after the Python interpreter."""

    name: str
    title: str
    arguments: Sequence[str]
    environment: Mapping[str, str]


class Child:
    """A process in its own process group, with its output in a log of bounded size."""

    def __init__(self, command: Command, home: Path) -> None:
        self.command = command
        self.log = home / "logs" / f"{command.name}.log"
        self._home = home
        self._process: asyncio.subprocess.Process | None = None
        self._pump: asyncio.Task[None] | None = None
        self._stopped = asyncio.Event()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *_leashed(self.command.arguments),
            env=dict(self.command.environment),
            cwd=self._home,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=_LINE_BYTES,
            start_new_session=True,
        )
        self._pump = asyncio.create_task(self._write_log(self._process))

    async def keep_alive(self, say: Callable[[str], None]) -> None:
        """Starts it again whenever it ends, after a growing pause. Raises ChildGaveUp; returns once it is stopped."""
        deaths = 0
        clock = asyncio.get_running_loop().time
        while self._process is not None:
            started = clock()
            code = await self._process.wait()
            if self._stopped.is_set():
                return
            deaths = 1 if clock() - started > _QUIET_SECONDS else deaths + 1
            if deaths >= _STARTS_IN_A_ROW:
                raise ChildGaveUp(self.command.title, self.log)
            pause = min(2.0 ** (deaths - 1), _LONGEST_PAUSE)
            said = _("{title} đã dừng (mã {code}), chạy lại sau {n} giây. Xem {log}")
            say(said.format(title=self.command.title, code=code, n=int(pause), log=self.log))
            self._kill_group()  # what a dead worker left running would be nobody's
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), pause)
                return
            await self.start()

    async def stop(self, patience: float) -> None:
        """Asks it to end, waits so long, then ends it and everything it started."""
        self._stopped.set()
        process = self._process
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()  # the leader alone: it decides about the runs in its group
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), patience)
        self._kill_group()
        await process.wait()
        if self._pump is not None:
            # A process that left the group may still hold the pipe: it must not hold us.
            await asyncio.wait([self._pump], timeout=_PUMP_SECONDS)
            self._pump.cancel()

    def kill(self) -> None:
        """Ends it and everything it started, now."""
        self._stopped.set()
        self._kill_group()

    def _kill_group(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def _write_log(self, process: asyncio.subprocess.Process) -> None:
        handler = RotatingFileHandler(self.log, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES - 1, encoding="utf-8")
        try:
            assert process.stdout is not None  # noqa: S101 - started with a pipe
            while line := await _read_line(process.stdout):
                text = line.decode("utf-8", "replace").rstrip("\n")
                handler.emit(logging.LogRecord(self.command.name, logging.INFO, "", 0, text, None, None))
        finally:
            handler.close()


async def _read_line(stream: asyncio.StreamReader) -> bytes:
    """A line, or as much of an endless one as the buffer holds; empty at the end."""
    try:
        return await stream.readline()
    except ValueError:  # longer than the limit: asyncio has thrown the piece away
        return b"[...]\n"


def _leashed(arguments: Sequence[str]) -> Sequence[str]:
    if sys.platform != "linux":
        return arguments
    return ["-S", "-c", _LEASH, str(os.getpid()), *arguments]
