"""What the doctor says to given facts: at each edge, with what mends it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.doctor import Check, Finding, Level, examine, machine, register, schedule, worst
from app.doctor.machine import Disk, fits
from app.doctor.model import fine
from app.doctor.report import markdown, summary
from app.doctor.schedule import Broke, FixedFlow, PrefectFacts
from plans.calendar import shipped_calendar
from tests.support import at

NOW = at("2024-12-09 10:00")  # a Monday
SOON = NOW + timedelta(minutes=10)
WELL = PrefectFacts(
    version="3.8.8",
    fixed={name: FixedFlow(False, at("2024-01-01 08:00"), SOON, at("2024-12-09 07:31")) for name in schedule.HORIZONS},
    heartbeats=[NOW - timedelta(seconds=20)],
)


def levels(found: Iterator[Finding] | list[Finding]) -> list[Level]:
    return [each.level for each in found]


def test_a_healthy_prefect_has_nothing_to_say() -> None:
    found = [
        *schedule.judge_answer(WELL, "", "3.8.8"),
        *schedule.judge_schedule(WELL, now=NOW),
        *schedule.judge_past(WELL, shipped_calendar(), now=NOW),
        *schedule.judge_worker(WELL, now=NOW),
        *schedule.judge_runs(WELL, now=NOW),
        *schedule.judge_sync(WELL, now=NOW),
    ]
    assert worst(found) is Level.OK


def test_prefect_that_does_not_answer_is_broken() -> None:
    [found] = schedule.judge_answer(None, "http://127.0.0.1:4200", "3.8.8")
    assert (found.level, found.remedy) == (Level.BROKEN, "dondoc up")


@pytest.mark.parametrize(
    ("flow", "words"),
    [
        (None, "Thiếu lịch: deliver"),
        (FixedFlow(True, None, SOON, NOW), "bị tắt trên bảng Prefect: deliver"),
        (FixedFlow(False, None, None, NOW), "Không có lần chạy sắp tới: deliver"),
        (FixedFlow(False, None, NOW + timedelta(hours=17), NOW), "Không có lần chạy sắp tới: deliver"),
    ],
)
def test_a_flow_that_is_not_scheduled_is_broken(flow: FixedFlow | None, words: str) -> None:
    rest = {name: each for name, each in WELL.fixed.items() if name != "deliver"}
    facts = replace(WELL, fixed=rest | ({"deliver": flow} if flow else {}))
    [found] = schedule.judge_schedule(facts, now=NOW)
    assert found.level is Level.BROKEN
    assert words in found.text


def test_a_morning_without_a_run_is_broken_unless_the_office_began_after_it() -> None:
    silent = replace(WELL.fixed["sweep"], ended=at("2024-12-06 07:31"))
    facts = replace(WELL, fixed={**WELL.fixed, "sweep": silent})
    calendar = shipped_calendar()
    assert levels(schedule.judge_past(facts, calendar, now=NOW)) == [Level.BROKEN]
    assert levels(schedule.judge_past(facts, calendar, now=at("2024-12-09 08:00"))) == [Level.OK], "Friday's was there"
    new = replace(WELL, fixed={**WELL.fixed, "sweep": replace(silent, created=at("2024-12-09 08:00"), ended=None)})
    assert levels(schedule.judge_past(new, calendar, now=NOW)) == [Level.OK]


def test_a_worker_is_dead_after_three_silent_minutes() -> None:
    for seconds, level in ((180, Level.OK), (181, Level.BROKEN)):
        facts = replace(WELL, heartbeats=[NOW - timedelta(seconds=seconds)])
        assert levels(schedule.judge_worker(facts, now=NOW)) == [level]
    assert levels(schedule.judge_worker(replace(WELL, heartbeats=[]), now=NOW)) == [Level.BROKEN]
    assert levels(schedule.judge_worker(replace(WELL, pool_paused=True), now=NOW)) == [Level.BROKEN]


def test_crashed_and_late_runs_are_told() -> None:
    crashed = replace(WELL, broke=[Broke("Rà soát hằng ngày", NOW, "database is gone")], broke_in_all=3)
    [found] = schedule.judge_runs(crashed, now=NOW)
    assert found.level is Level.NOTICE
    assert "database is gone" in found.text
    for number, level in ((19, Level.NOTICE), (20, Level.BROKEN)):
        late = replace(WELL, late=number, late_since=NOW - timedelta(hours=3))
        assert levels(list(schedule.judge_runs(late, now=NOW))) == [level]


def test_plans_ahead_of_the_deployments_are_broken_after_a_while() -> None:
    for minutes, level in ((75, Level.OK), (76, Level.BROKEN)):
        facts = replace(WELL, unsynced_since=NOW - timedelta(minutes=minutes))
        assert levels(schedule.judge_sync(facts, now=NOW)) == [level]


def test_next_year_s_calendar_is_asked_for_from_november_on() -> None:
    known = frozenset({2024})
    assert register.judge_calendar(known, date(2024, 10, 31)).level is Level.OK
    assert register.judge_calendar(known, date(2024, 11, 1)).level is Level.NOTICE
    assert register.judge_calendar(frozenset({2024, 2025}), date(2024, 11, 1)).level is Level.OK


def test_a_backup_may_be_three_days_old() -> None:
    began = at("2024-01-01 08:00")
    assert register.judge_backup(NOW - timedelta(days=3), began, now=NOW).level is Level.OK
    assert register.judge_backup(NOW - timedelta(days=3, minutes=1), began, now=NOW).level is Level.BROKEN
    assert register.judge_backup(None, began, now=NOW).level is Level.BROKEN
    assert register.judge_backup(None, NOW - timedelta(days=1), now=NOW).level is Level.OK


def test_a_disk_nearly_full_is_told_once() -> None:
    gigabyte = 1_000_000_000

    def level(free: float, total: float) -> list[Level]:
        disk = Disk(Path("/home"), int(free * gigabyte), int(total * gigabyte))
        return levels(machine.judge_disks([disk, replace(disk, folder=Path("/backup"))]))

    assert level(50, 100) == [Level.OK]
    assert level(9.9, 100) == [Level.NOTICE]
    assert level(0.9, 2) == [Level.NOTICE]
    assert level(0.1, 100) == [Level.BROKEN]


@pytest.mark.parametrize(
    ("installed", "wanted", "good"),
    [
        ("3.8.8", "prefect==3.8.8", True),
        ("3.8.9", "prefect==3.8.8", False),
        ("0.150.2", "fastapi>=0.150,<0.151", True),
        ("0.155.0", "fastapi>=0.150,<0.151", False),
        ("2.1", "sqlalchemy>=2.0.44,<2.1", False),
        ("2.0.9", "sqlalchemy>=2.0.44,<2.1", False),
    ],
)
def test_versions_that_break_the_schedule_are_seen(installed: str, wanted: str, good: bool) -> None:
    assert fits(installed, wanted) is good


def test_a_check_that_crashes_or_hangs_is_itself_a_finding() -> None:
    def crash() -> list[Finding]:
        raise OSError("disk is gone")

    held = threading.Event()

    def hang() -> list[Finding]:
        held.wait(60)
        return []

    found = examine([Check("a", "A", crash), Check("b", "B", hang, 0.05), Check("c", "C", lambda: [fine("tốt")])])
    held.set()
    assert [(each.check, each.level) for each in found] == [
        ("a", Level.BROKEN),
        ("b", Level.BROKEN),
        ("c", Level.OK),
    ]
    assert "disk is gone" in found[0].text


def test_the_artifact_names_what_is_wrong_first() -> None:
    found = [fine("Ổ đĩa còn chỗ."), *schedule.judge_answer(None, "<b>", "3.8.8")]
    text = markdown(found, now=NOW)
    assert text.startswith("## Khám hệ thống 10:00 09/12/2024")
    assert text.index("HỎNG") < text.index("Ổ đĩa còn chỗ")
    assert "<b>" not in text
    assert summary(found) == "Khám hệ thống: 1 mục hỏng, 0 mục cần chú ý."
