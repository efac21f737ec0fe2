"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
import time
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from plans.calendar import ZONE

ROOT = Path(__file__).parents[1]


def facts(folder: Path, *, now: datetime, postgresql: str | None) -> dict[str, str]:
    """Name -> value, in the order of the page. ``folder``: where the databases of the run lie."""
    return {
        "Date": f"{now.astimezone(ZONE):%Y-%m-%d %H:%M} (Asia/Ho_Chi_Minh)",
        "Commit": commit(),
        "Processor": f"{processor()}, {len(os.sched_getaffinity(0))} cores",
        "Memory": f"{memory_bytes() / 2**30:.0f} GiB",
        "Disk": f"{file_system(folder)}; writing 4 kB with fsync takes {fsync_ms(folder):.2f} ms",
        "System": f"{system()}, Linux {platform.release()}" if platform.system() == "Linux" else platform.platform(),
        "Python": platform.python_version(),
        "SQLite": f"{sqlite3.sqlite_version}, WAL, synchronous=FULL",
        "PostgreSQL": f"{postgresql}, fsync and synchronous_commit on, else as installed"
        if postgresql
        else "not measured",
        "Packages": ", ".join(f"{name} {version(name)}" for name in ("sqlalchemy", "psycopg", "prefect", "apprise")),
        "Load when it began": " ".join(f"{load:.2f}" for load in os.getloadavg()),
    }


def commit() -> str:
    """The commit at work, and whether files differ from it."""
    try:
        short = _git("rev-parse", "--short", "HEAD")
        changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs", ":!benchmarks/results")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{short} with uncommitted changes" if changed else short


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True, text=True).stdout.strip()  # noqa: S607


def processor() -> str:
    return _field(Path("/proc/cpuinfo"), "model name") or platform.processor() or platform.machine()


def system() -> str:
    return _field(Path("/etc/os-release"), "PRETTY_NAME", mark="=").strip('"') or platform.system()


def memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _field(path: Path, name: str, mark: str = ":") -> str:
    if not path.exists():
        return ""
    lines = (line.partition(mark) for line in path.read_text(encoding="utf-8").splitlines())
    return next((value.strip() for key, _mark, value in lines if key.strip() == name), "")


def file_system(folder: Path) -> str:
    """Its type: on tmpfs an fsync would cost nothing and the figures would flatter."""
    best = ("", "unknown")
    mounts = Path("/proc/mounts")
    for line in mounts.read_text(encoding="utf-8").splitlines() if mounts.exists() else ():
        _device, point, kind, *_rest = line.split()
        if folder.resolve().is_relative_to(point) and len(point) >= len(best[0]):
            best = (point, kind)
    return best[1]


def fsync_ms(folder: Path, tries: int = 50) -> float:
    """Milliseconds for writing one page durably: what every commit pays."""
    path = folder / "fsync.probe"
    with path.open("wb") as file:
        started = time.perf_counter()
        for _try in range(tries):
            file.write(b"\0" * 4096)
            file.flush()
            os.fsync(file.fileno())
        took = time.perf_counter() - started
    path.unlink()
    return took / tries * 1000
