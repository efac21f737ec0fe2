"""Which daily copies are made, and which are kept."""

from __future__ import annotations

import os
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from app.backup.archive import PART
from app.backup.keep import Copy, copies, daily_copy, default_name, due, last_slot, superfluous
from app.database import migrate
from plans.calendar import moment
from tests.app.stores import Stores, stores
from tests.support import at

__all__ = ["stores"]

NOON = time(12, 15)


def named(folder: Path, *moments: str) -> None:
    folder.mkdir(exist_ok=True)
    for each in moments:
        (folder / f"dondoc-hang-ngay-{each}.zip").write_bytes(b"x")


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2024-12-09 12:15", "2024-12-09 12:15"),
        ("2024-12-09 12:14", "2024-12-08 12:15"),
        ("2024-12-09 00:00", "2024-12-08 12:15"),
        ("2024-12-09 23:59", "2024-12-09 12:15"),
    ],
)
def test_the_last_noon(now: str, slot: str) -> None:
    assert last_slot(at(now)) == at(slot)


@pytest.mark.parametrize(
    ("copy", "now", "wanted"),
    [
        ("2024-12-09-121500", "2024-12-09 12:15", False),
        ("2024-12-09-121459", "2024-12-09 12:15", True),
        ("2024-12-08-121500", "2024-12-09 12:14", False),
        ("2024-12-06-121500", "2024-12-09 08:00", True),  # off since Friday: made up for on Monday morning
        ("2026-12-09-121500", "2024-12-09 13:00", True),  # made under a wrong clock
        ("2024-13-45-121500", "2024-12-09 13:00", True),  # somebody else's file
    ],
)
def test_when_a_copy_is_due(tmp_path: Path, copy: str, now: str, wanted: bool) -> None:
    named(tmp_path, copy)
    assert due(tmp_path, now=at(now)) is wanted


def test_a_folder_that_is_not_there_has_no_copy(tmp_path: Path) -> None:
    assert due(tmp_path / "none", now=at("2024-12-09 13:00"))
    assert copies(tmp_path / "none") == []


def daily(first: date, last: date, step: int = 1) -> list[Copy]:
    days = [first + timedelta(days=n) for n in range(0, (last - first).days + 1, step)]
    return [Copy(Path(f"{day}.zip"), moment(day, NOON)) for day in days]


def test_fourteen_days_eight_weeks_and_twelve_months_are_kept() -> None:
    every = daily(date(2023, 1, 1), date(2024, 12, 9))
    gone = {copy.path for copy in superfluous(every)}
    kept = [copy.made.astimezone(at("2024-01-01 00:00").tzinfo).date() for copy in every if copy.path not in gone]
    days = [date(2024, 12, 9) - timedelta(days=n) for n in range(14)]
    weeks = [date(2024, 12, 9)] + [date(2024, 12, 8) - timedelta(weeks=n) for n in range(7)]
    ends = [date(2024, month + 1, 1) - timedelta(days=1) for month in range(1, 12)]
    months = [date(2024, 12, 9), *ends]
    assert kept == sorted({*days, *weeks, *months})


def test_whoever_thins_out_every_day_keeps_the_same() -> None:
    """What goes early must not be what would be wanted later."""
    kept: list[Copy] = []
    for copy in daily(date(2023, 1, 1), date(2024, 12, 9)):
        kept.append(copy)
        gone = {each.path for each in superfluous(kept)}
        kept = [each for each in kept if each.path not in gone]
    every = daily(date(2023, 1, 1), date(2024, 12, 9))
    gone = {each.path for each in superfluous(every)}
    assert [each.path for each in kept] == [each.path for each in every if each.path not in gone]


def test_a_year_in_a_cupboard_takes_nothing_away() -> None:
    old = daily(date(2023, 1, 1), date(2023, 1, 14))
    assert superfluous([*old[1:], Copy(Path("new.zip"), moment(date(2024, 6, 1), NOON))]) == []


def test_of_two_copies_of_a_day_the_newer_stays() -> None:
    morning = Copy(Path("a.zip"), datetime.fromisoformat("2024-12-09T08:15:00+07:00"))
    noon = Copy(Path("b.zip"), datetime.fromisoformat("2024-12-09T12:15:00+07:00"))
    assert superfluous([morning, noon]) == [morning]


def test_only_files_of_this_naming_are_taken_away(stores: Stores, tmp_path: Path) -> None:
    engine, folder = stores.without_tables("sqlite"), tmp_path / "copies"
    migrate(engine)
    named(folder, *(f"2024-{month:02d}-{day:02d}-121500" for month in range(1, 12) for day in range(1, 29)))
    others = [default_name(at("2020-01-01 08:00")), "dondoc-hang-ngay-cu.zip", "anh.zip", "dondoc-hang-ngay-2020.zip"]
    for name in others:
        (folder / name).write_bytes(b"dear")
    abandoned = folder / f".dondoc-hang-ngay-2024-11-01-121500.zip.77{PART}"
    fresh = folder / f".dondoc-hang-ngay-2024-12-09-121500.zip.78{PART}"
    for path, now in ((abandoned, at("2024-11-01 12:16")), (fresh, at("2024-12-09 12:14"))):
        path.write_bytes(b"half")
        os.utime(path, (now.timestamp(), now.timestamp()))
    made = daily_copy(engine, folder, home=tmp_path, now=at("2024-12-09 12:15"))
    assert made is not None
    assert made.path.name == "dondoc-hang-ngay-2024-12-09-121500.zip"
    assert all((folder / name).read_bytes() == b"dear" for name in others)
    assert not abandoned.exists()
    assert fresh.exists()
    assert len(copies(folder)) < 14 + 8 + 12
    assert copies(folder)[0].path == made.path


def test_a_copy_that_fails_takes_nothing_away(stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    engine, folder = stores.without_tables("sqlite"), tmp_path / "copies"
    migrate(engine)
    named(folder, *(f"2024-{month:02d}-{day:02d}-121500" for month in range(1, 12) for day in range(1, 29)))
    before = sorted(folder.iterdir())
    monkeypatch.setattr("app.backup.keep.back_up", full)
    with pytest.raises(OSError, match="No space"):
        daily_copy(engine, folder, home=tmp_path, now=at("2024-12-09 12:15"))
    assert sorted(folder.iterdir()) == before
