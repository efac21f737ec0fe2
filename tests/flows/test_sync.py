from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime
from importlib import import_module
from uuid import uuid4

import pytest

from app.duty_board import RungDay
from flows.client import ComingRun
from flows.names import fixed_name
from flows.specs import fixed_specs
from flows.sync import Depth, SyncCounts, depth, reconcile, up_to_date
from tests.flows.fakes import SAMPLE, SON_LA, FakeBoard, FakeServer, at

NOW = at(date(2024, 11, 1), "09:00")
FIXED = len(fixed_specs())


@pytest.fixture
def board() -> FakeBoard:
    return FakeBoard(changed_at=at(date(2024, 10, 31), "15:00"))


@pytest.fixture
def server(board: FakeBoard) -> FakeServer:
    """A server on which everything has been brought together."""
    server = FakeServer()
    asyncio.run(reconcile(board, server, now=NOW))
    server.writes.clear()
    return server


def sync(board: FakeBoard, server: FakeServer, *, now: datetime = NOW, change: bool = True) -> SyncCounts:
    return asyncio.run(reconcile(board, server, now=now, change=change))


def test_an_empty_server_gets_everything_with_names(board: FakeBoard) -> None:
    server = FakeServer()
    assert sync(board, server) == SyncCounts(created=FIXED + 1, named=4)
    assert sorted(each.spec.name for each in server.held.values()) == [
        "audit", "backup", "deliver", "son-la-2316-2023.bao-cao-nam", "sweep", "sync",
    ]  # fmt: skip
    assert {run.name for run in server.runs.values()} == {
        "2316/QĐ-UBND · Báo cáo năm 2024 · nhắc trước 7 ngày",
        "2316/QĐ-UBND · Báo cáo năm 2024 · ngày cuối",
        "2316/QĐ-UBND · Báo cáo năm 2025 · nhắc trước 7 ngày",
        "2316/QĐ-UBND · Báo cáo năm 2025 · ngày cuối",
    }


def test_nothing_changed_writes_nothing(board: FakeBoard, server: FakeServer) -> None:
    assert sync(board, server) == SyncCounts()
    assert server.writes == []


def test_days_going_by_write_nothing(board: FakeBoard, server: FakeServer) -> None:
    later = at(date(2024, 12, 5), "09:00")
    board.duties = [replace(SON_LA, days=SON_LA.days[1:])]
    assert sync(board, server, now=later) == SyncCounts()
    assert server.writes == []


def test_a_moved_deadline_changes_its_deployment_only(board: FakeBoard, server: FakeServer) -> None:
    board.duties = [replace(SON_LA, days=(*SON_LA.days[1:], RungDay("before-7", date(2024, 12, 12), "2024"))), SAMPLE]
    sync(board, server)
    server.writes.clear()
    board.duties[0] = replace(SON_LA, days=(RungDay("due", date(2024, 12, 20), "2024"),))
    assert sync(board, server) == SyncCounts(changed=1, named=1)
    assert [write for write in server.writes if write.startswith("put")] == ["put son-la-2316-2023.bao-cao-nam"]


def test_a_plan_that_ended_is_deleted_with_its_coming_runs(board: FakeBoard, server: FakeServer) -> None:
    board.duties = []
    assert sync(board, server) == SyncCounts(deleted=1)
    assert server.writes[:2] == ["forget son-la-2316-2023", "delete son-la-2316-2023.bao-cao-nam"]
    assert server.runs == {}
    assert len(server.held) == FIXED


def test_a_plan_that_lost_one_duty_keeps_its_table(board: FakeBoard, server: FakeServer) -> None:
    board.duties = [SON_LA, replace(SON_LA, duty_id="bao-cao-6-thang")]
    sync(board, server)
    server.writes.clear()
    board.duties = [SON_LA]
    assert sync(board, server) == SyncCounts(deleted=1)
    assert not [write for write in server.writes if write.startswith("forget")]


def test_coming_runs_of_the_flows_for_all_plans_get_names_within_a_week(board: FakeBoard, server: FakeServer) -> None:
    [sweep] = [key for key, each in server.held.items() if each.spec.name == "sweep"]
    for day in (2, 3, 20):
        run = ComingRun(uuid4(), sweep, "amber-nightingale", "", at(date(2024, 11, day), "07:30"))
        server.runs[run.id] = run
    assert sync(board, server) == SyncCounts(named=2)
    assert sorted(run.name for run in server.runs.values() if run.deployment_id == sweep) == [
        "Rà soát hằng ngày", "Rà soát hằng ngày", "amber-nightingale"
    ]  # fmt: skip
    server.writes.clear()
    assert sync(board, server) == SyncCounts()
    assert server.writes == []


@pytest.mark.parametrize("name", ["audit", "backup", "deliver", "sweep", "sync"])
def test_a_fixed_run_is_called_the_same_before_and_after_it_starts(name: str) -> None:
    flow = getattr(import_module(f"flows.{name}"), name)
    assert flow.flow_run_name == fixed_name(name)
    assert name in {spec.flow for spec in fixed_specs()}


def test_a_database_that_was_deleted_is_rebuilt(board: FakeBoard, server: FakeServer) -> None:
    empty = FakeServer()
    assert not asyncio.run(up_to_date(board, empty))
    assert sync(board, empty).created == len(server.held)


def test_runs_that_got_lost_are_made_and_named_again(board: FakeBoard, server: FakeServer) -> None:
    server.runs.popitem()
    assert sync(board, server) == SyncCounts(named=1)
    assert [write.split(" ")[0] for write in server.writes] == ["make", "rename"]


def test_a_paused_deployment_stays_paused(board: FakeBoard, server: FakeServer) -> None:
    server.pause("son-la-2316-2023.bao-cao-nam")
    assert sync(board, server) == SyncCounts()
    assert server.runs == {}


def test_in_the_quiet_half_hour_only_what_is_missing_is_made(board: FakeBoard, server: FakeServer) -> None:
    board.duties = [replace(SON_LA, title="Báo cáo cả năm", description="đổi"), SAMPLE]
    board.changed_at = NOW
    counts = sync(board, server, change=False)
    assert (counts.created, counts.changed, counts.deleted) == (1, 0, 0)
    assert not asyncio.run(up_to_date(board, server)), "the next sync has to look again"
    assert sync(board, server).changed == 1


def test_an_unchanged_register_is_not_read(board: FakeBoard, server: FakeServer) -> None:
    asked = board.asked
    assert asyncio.run(up_to_date(board, server))
    assert board.asked == asked


def test_a_change_of_the_register_is_noticed(board: FakeBoard, server: FakeServer) -> None:
    board.changed_at = at(date(2024, 11, 1), "08:59")
    assert not asyncio.run(up_to_date(board, server))


def test_a_deployment_deleted_by_hand_is_noticed(board: FakeBoard, server: FakeServer) -> None:
    server.held.popitem()
    assert not asyncio.run(up_to_date(board, server))


def test_a_register_without_plans_is_up_to_date_after_one_sync() -> None:
    empty, server = FakeBoard(duties=[], changed_at=None), FakeServer()
    sync(empty, server)
    assert asyncio.run(up_to_date(empty, server))


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("06:29", Depth.IF_CHANGED),
        ("06:30", Depth.ALL),
        ("06:34", Depth.ALL),
        ("06:35", Depth.IF_CHANGED),
        ("07:19", Depth.IF_CHANGED),
        ("07:20", Depth.NOT_NOW),
        ("07:49", Depth.NOT_NOW),
        ("07:50", Depth.IF_CHANGED),
        ("23:55", Depth.IF_CHANGED),
    ],
)
def test_how_closely_it_looks_depends_on_the_time_in_vietnam(clock: str, expected: Depth) -> None:
    assert depth(at(date(2024, 12, 9), clock)) is expected
