"""The daily copy: made when there is none since the last noon, thinned out as it grows old.

Level-triggered like everything else: whoever asks, however often and however late, there is one good copy per day on
which the machine was on. Only files that this naming made are ever taken away.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from sqlalchemy import Engine

from app.backup.archive import PART
from app.backup.dump import Made, back_up
from plans.calendar import ZONE, local_day, local_time, moment

log = logging.getLogger(__name__)

SLOT = time(12, 15)  # an office computer is on at noon and off at night
DAILY, WEEKLY, MONTHLY = 14, 8, 12  # how many days, weeks and months keep a copy
ABANDONED = timedelta(days=1)  # a half file as old as that belongs to a process that was killed
_NAME = re.compile(r"dondoc-hang-ngay-(\d{4}-\d{2}-\d{2}-\d{6})\.zip")
_MOMENT = "%Y-%m-%d-%H%M%S"


@dataclass(frozen=True, slots=True)
class Copy:
    """A daily copy, by what its name says. A name like that is only given to a file that was read back."""

    path: Path
    made: datetime


def copies(folder: Path) -> list[Copy]:
    """The daily copies, the newest first."""
    found = []
    for path in folder.glob("*.zip"):
        named = _NAME.fullmatch(path.name)
        if named and (made := _moment_of(named[1])):
            found.append(Copy(path, made))
    return sorted(found, key=lambda copy: copy.made, reverse=True)


def _moment_of(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _MOMENT).replace(tzinfo=ZONE)
    except ValueError:
        return None


def last_slot(now: datetime) -> datetime:
    """The last 12:15 that has passed."""
    today = moment(local_day(now), SLOT)
    return today if now >= today else moment(local_day(now) - timedelta(days=1), SLOT)


def due(folder: Path, *, now: datetime) -> bool:
    """Whether no copy was made since the last slot. A copy from the future (a clock put back) does not count."""
    return not any(last_slot(now) <= copy.made <= now for copy in copies(folder))


def daily_copy(engine: Engine, folder: Path, *, home: Path, now: datetime) -> Made | None:
    """Makes the copy that is due and takes away those that are no longer to be kept; None where none is due.

    Raises BackupError, OSError; then nothing was taken away.
    """
    if not due(folder, now=now):
        return None
    _sweep(folder, now)
    name = f"dondoc-hang-ngay-{local_time(now).strftime(_MOMENT)}.zip"
    made = back_up(engine, folder / name, home=home, now=now)
    for copy in superfluous(copies(folder)):
        copy.path.unlink(missing_ok=True)
        log.info("daily copy removed file=%s", copy.path.name)
    return made


def superfluous(found: Iterable[Copy]) -> list[Copy]:
    """All but the newest of each of the last 14 days, 8 weeks and 12 months.

    Counted in days that have a copy, not by age: after a year in a cupboard the old ones are still there.
    """
    newest_first = sorted(found, key=lambda copy: copy.made, reverse=True)
    kept = (
        _newest_of(newest_first, DAILY, lambda day: day.date())
        | _newest_of(newest_first, WEEKLY, lambda day: day.isocalendar()[:2])
        | _newest_of(newest_first, MONTHLY, lambda day: (day.year, day.month))
    )
    return [copy for copy in newest_first if copy not in kept]


def _newest_of(newest_first: list[Copy], most: int, group: Callable[[datetime], Hashable]) -> set[Copy]:
    kept: dict[Hashable, Copy] = {}
    for copy in newest_first:
        kept.setdefault(group(local_time(copy.made)), copy)
    return set(list(kept.values())[:most])


def _sweep(folder: Path, now: datetime) -> None:
    """Half files of copies that were cut off long ago."""
    for path in folder.glob(f".dondoc-hang-ngay-*.zip.*{PART}"):
        age = now.timestamp() - path.stat().st_mtime
        if age > ABANDONED.total_seconds():
            path.unlink(missing_ok=True)


def default_name(now: datetime) -> str:
    """For a copy that a person asks for: never taken away by itself."""
    return f"dondoc-{local_time(now).strftime(_MOMENT)}.zip"
