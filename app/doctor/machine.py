"""The machine: disk, time zone, versions, and the clock of the database server."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from re import match

from sqlalchemy import Engine, func, select

from app.doctor.model import Finding, broken, fine, notice
from plans.calendar import ZONE
from plans.text import _
from tasks.database import reading

GIGABYTE = 1_000_000_000
_LITTLE = 0.10  # of the disk
_NOTHING = 0.02
APART = timedelta(seconds=60)  # of two clocks that are both trusted
_BREAKS = ("prefect", "fastapi", "sqlalchemy")  # a wrong version of these, and nothing is scheduled


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk that a folder lies on, in bytes."""

    folder: Path
    free: int
    total: int


def look_at_disk(folders: Iterable[Path]) -> Iterable[Finding]:
    return judge_disks([disk_of(folder) for folder in folders])


def disk_of(folder: Path) -> Disk:
    """Of the nearest folder that exists: the backup folder may still have to be made. Raises OSError."""
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    usage = shutil.disk_usage(there)
    return Disk(folder, usage.free, usage.total)


def judge_disks(disks: Iterable[Disk]) -> list[Finding]:
    found = []
    seen: set[tuple[int, int]] = set()
    for disk in disks:
        if (disk.free, disk.total) in seen:
            continue  # the same disk
        seen.add((disk.free, disk.total))
        said = _("Ổ đĩa của {folder} gần đầy: còn {free:.1f} GB ({share} %).")
        text = said.format(
            folder=disk.folder, free=disk.free / GIGABYTE, share=int(100 * disk.free / max(1, disk.total))
        )
        remedy = _("Xóa bớt tệp không cần, hoặc chuyển thư mục sao lưu sang ổ khác.")
        if disk.free < GIGABYTE / 5 or (disk.free < _NOTHING * disk.total and disk.free < GIGABYTE):
            found.append(broken(text, remedy))
        elif disk.free < GIGABYTE or disk.free < _LITTLE * disk.total:
            found.append(notice(text, remedy))
    return found or [fine(_("Ổ đĩa còn chỗ."))]


def look_at_zone() -> Iterable[Finding]:
    return [judge_zone(datetime(2026, 7, 1, tzinfo=UTC).astimezone(ZONE).utcoffset())]


def judge_zone(offset: timedelta | None) -> Finding:
    if offset == timedelta(hours=7):
        return fine(_("Múi giờ Việt Nam đúng."))
    return broken(_("Dữ liệu múi giờ của máy sai: giờ Việt Nam không phải UTC+7."), _("Cài lại gói tzdata."))


def look_at_server_clock(engine: Engine, *, clock: datetime) -> Iterable[Finding]:
    """Against the database server's. SQLite has the machine's own."""
    if engine.dialect.name != "postgresql":
        return []
    with reading(engine) as connection:
        theirs = connection.execute(select(func.clock_timestamp())).scalar_one()
    return [judge_clocks(clock, theirs)]


def judge_clocks(ours: datetime, theirs: datetime) -> Finding:
    apart = abs(ours - theirs)
    if apart <= APART:
        return fine(_("Đồng hồ máy và máy chủ cơ sở dữ liệu khớp nhau."))
    said = _("Đồng hồ máy và máy chủ cơ sở dữ liệu lệch nhau {n} giây.").format(n=int(apart.total_seconds()))
    return notice(said, _("Bật đồng bộ giờ (NTP) trên cả hai máy."))


def look_at_versions() -> Iterable[Finding]:
    found = {}
    for name in _BREAKS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return [judge_versions(found, requires("dondoc") or ())]


def judge_versions(installed: Mapping[str, str], wanted: Iterable[str]) -> Finding:
    """Against what dondoc was built with: a newer FastAPI does not start, a newer SQLAlchemy schedules nothing."""
    wrong = []
    for line in wanted:
        name = _name(line)
        if name in installed and not fits(installed[name], line):
            wrong.append(f"{name} {installed[name] or '-'} ({line.removeprefix(name)})")
    if not wrong:
        return fine(_("Thư viện đúng phiên bản (Prefect {version}).").format(version=installed.get("prefect", "?")))
    said = _("Thư viện sai phiên bản: {names}. Lịch có thể không chạy.").format(names="; ".join(wrong))
    return broken(said, _("Cài lại dondoc theo tệp khóa requirements/run.lock."))


def fits(installed: str, wanted: str) -> bool:
    """``fits("2.0.58", "sqlalchemy>=2.0.44,<2.1")``: only ``==``, ``>=`` and ``<`` are known, as we write them."""
    have = _numbers(installed)
    for part in wanted.removeprefix(_name(wanted)).split(";")[0].split(","):
        bound = _numbers(part.strip().lstrip("=<>"))
        size = max(len(have), len(bound))
        mine, theirs = (each + (0,) * (size - len(each)) for each in (have, bound))
        if part.strip().startswith("==") and mine != theirs:
            return False
        if part.strip().startswith(">=") and mine < theirs:
            return False
        if part.strip().startswith("<") and mine >= theirs:
            return False
    return True


def _name(requirement: str) -> str:
    found = match(r"[A-Za-z0-9._-]+", requirement)
    return found[0].lower() if found else ""


def _numbers(text: str) -> tuple[int, ...]:
    found = match(r"\d+(\.\d+)*", text)
    return tuple(int(part) for part in found[0].split(".")) if found else ()
