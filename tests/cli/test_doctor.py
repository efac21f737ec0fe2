"""``dondoc doctor``: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import Result

from app.doctor.schedule import HORIZONS, FixedFlow, PrefectFacts
from tests.cli.conftest import MONDAY, Terminal


def well(now: datetime) -> PrefectFacts:
    """Prefect schedules, and a worker has just spoken."""
    flow = FixedFlow(False, now - timedelta(days=99), now + timedelta(minutes=9), now - timedelta(minutes=1))
    return PrefectFacts(version("prefect"), dict.fromkeys(HORIZONS, flow), [now])


@contextmanager
def examined(now: datetime, prefect: PrefectFacts | None) -> Iterator[None]:
    """At that moment, with Prefect as given; ``None``: nobody answers. ``doctor`` sets Prefect's variables."""
    with patch.dict(os.environ), patch("cli.doctor.clock", lambda: now):
        if prefect is None:
            yield
            return
        with patch("cli.doctor.ask_prefect", lambda *_asked: prefect):
            yield


def doctor(
    terminal: Terminal, *arguments: str, prefect: PrefectFacts | None, code: int, now: datetime = MONDAY
) -> Result:
    with examined(now, prefect):
        return terminal("doctor", *arguments, code=code)


def checks(result: Result) -> dict[str, dict[str, Any]]:
    return {each["check"]: each for each in json.loads(result.stdout)["checks"]}


@pytest.fixture
def tended(followed: Terminal, tmp_path: Path) -> Terminal:
    """Somebody has looked this morning, and made a backup."""
    followed("advance")
    followed("deliver")
    followed("backup", tmp_path / "copy.dondoc")
    return followed


def test_it_ends_with_0_where_nothing_is_broken_though_something_wants_attention(tended: Terminal) -> None:
    result = doctor(tended, prefect=well(MONDAY), code=0)
    assert "Khám hệ thống: 0 mục hỏng," in result.output
    assert "chú ý" in result.output, "most bodies have no address yet"
    assert "HỎNG" not in result.output


def test_it_ends_with_1_where_something_is_broken_and_says_what_mends_it(tended: Terminal) -> None:
    result = doctor(tended, prefect=None, code=1)
    first, *_rest = result.output.splitlines()
    assert first.startswith("HỎNG")
    assert "Prefect không trả lời" in " ".join(result.output.split())
    assert "→ dondoc up" in result.output
    assert max(map(len, result.output.splitlines())) <= 80


def test_a_pause_is_broken_until_it_is_over(tended: Terminal) -> None:
    tended("pause", "--reason", "sai địa chỉ")
    found = checks(doctor(tended, "--format", "json", prefect=well(MONDAY), code=1))
    assert found["hold"]["level"] == "broken"
    assert "sai địa chỉ" in found["hold"]["text"]
    assert "dondoc resume" in found["hold"]["remedy"]
    tended("resume", "--yes")
    doctor(tended, prefect=well(MONDAY), code=0)


def test_a_script_reads_it(tended: Terminal) -> None:
    result = doctor(tended, "--format", "json", "--thorough", prefect=well(MONDAY), code=0)
    told = json.loads(result.stdout)
    assert told["at"] == "2024-12-02T08:00:00+07:00"
    assert told["level"] == "notice"
    assert set(checks(result)["trail"]) == {"check", "level", "title", "text", "remedy"}
    assert {"database", "hold", "clock", "planner", "outbox", "people", "prefect"} <= set(checks(result))


def test_a_worker_that_is_silent_is_broken(tended: Terminal) -> None:
    silent = well(MONDAY - timedelta(minutes=4))
    result = doctor(tended, prefect=silent, code=1)
    assert "Tiến trình thực hiện im lặng từ 07:56 02/12/2024" in " ".join(result.output.split())


def test_before_the_first_start_it_says_so_and_makes_nothing(run: Terminal, dondoc_home: Path) -> None:
    result = doctor(run, prefect=None, code=1)
    assert "Chưa có cơ sở dữ liệu." in result.output
    assert not dondoc_home.exists()


def test_an_unknown_option_is_wrong_use(run: Terminal) -> None:
    doctor(run, "--deep", prefect=None, code=2)
