"""The flow of the daily copy, on a real register and a real folder."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from prefect.client.schemas.objects import State

from app.backup.check import check
from app.backup.keep import copies
from app.bootstrap import Dondoc, bootstrap
from app.settings import Settings
from flows import steps
from flows.backup import backup
from tests.flows.fakes import at

DAY = date(2024, 12, 9)


@pytest.fixture
def dondoc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dondoc]:
    made = bootstrap(Settings(home=tmp_path / "home", backup_folder=str(tmp_path / "usb")))
    monkeypatch.setattr(steps, "dondoc", lambda: made)
    monkeypatch.setattr(steps, "copy_daily", steps.copy_daily.fn)
    yield made
    made.close()


def run(day: date, clock: str) -> State[Any]:
    state: State[Any] = asyncio.run(backup.fn(now=at(day, clock)))
    return state


def test_one_copy_a_day_however_often_it_is_asked_for(dondoc: Dondoc, tmp_path: Path) -> None:
    assert run(DAY, "08:15").name == "Đã sao lưu", "yesterday's noon had none"
    assert run(DAY, "09:15").name == "Đã có bản sao lưu"
    made = run(DAY, "12:15")
    assert made.name == "Đã sao lưu"
    assert str(tmp_path / "usb" / "dondoc-hang-ngay-2024-12-09-121500.zip") in (made.message or "")
    assert [run(DAY, f"{hour}:15").name for hour in range(13, 18)] == ["Đã có bản sao lưu"] * 5
    assert run(DAY + timedelta(days=1), "08:15").name == "Đã có bản sao lưu"
    for copy in copies(tmp_path / "usb"):
        check(copy.path)


def test_a_copy_that_cannot_be_made_is_a_failure_and_not_a_state_of_ours(dondoc: Dondoc, tmp_path: Path) -> None:
    (tmp_path / "usb").write_text("no folder", encoding="utf-8")
    with pytest.raises(OSError, match="usb"):
        run(DAY, "12:15")
