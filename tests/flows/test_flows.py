"""The flows without Prefect: their steps run as plain functions, artifacts are noted."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from prefect.client.schemas.objects import State

from app.board import MonthAudit, PlanRow
from app.clock_guard import Jump
from app.standstill import Standstill
from flows import health, steps
from flows.audit import audit
from flows.deliver import deliver
from flows.follow import follow
from flows.steps import FutureMoment, moment_of
from flows.sweep import sweep
from flows.sync import sync
from notifications.delivery import DeliveryCounts
from tasks.audit import Missed, Rate
from tasks.hold import Hold
from tasks.status import Status
from tests.flows.fakes import SAMPLE, SON_LA, FakeDondoc, at, duty_state, late

MORNING = at(date(2024, 12, 9), "07:30")


@pytest.fixture
def artifacts(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What was published, by key; a key that starts with "plan-mau" fails."""
    found: dict[str, Any] = {}

    async def table(*, key: str, table: list[dict[str, Any]], description: str) -> None:
        if key == "plan-mau":
            raise ConnectionError("Prefect is gone")
        found[key] = (description, table)

    async def markdown(*, key: str, markdown: str) -> None:
        found[key] = markdown

    monkeypatch.setattr(steps, "acreate_table_artifact", table)
    monkeypatch.setattr(steps, "acreate_markdown_artifact", markdown)
    return found


@pytest.fixture
def dondoc(monkeypatch: pytest.MonkeyPatch, artifacts: dict[str, Any]) -> FakeDondoc:
    fake = FakeDondoc()
    monkeypatch.setattr(steps, "dondoc", lambda: fake)
    for name in ("advance", "compose", "deliver", "publish", "report", "tell_month", "tell_week", "week_pages"):
        monkeypatch.setattr(steps, name, getattr(steps, name).fn)
    return fake


def run(coroutine: Any) -> State[Any]:
    state: State[Any] = asyncio.run(coroutine)
    return state


def test_follow_brings_up_to_date_publishes_and_ends_in_the_state_of_the_duty(
    dondoc: FakeDondoc, artifacts: dict[str, Any]
) -> None:
    dondoc.board.state = duty_state(late=[late("Sở Tài chính", 1)])
    dondoc.board.rows = [
        PlanRow("Báo cáo năm 2024", "Sở Tài chính", "2024", date(2024, 12, 10), date(2024, 12, 9), "Quá hạn 1 ngày", 1)
    ]
    end = run(follow.fn(SON_LA.plan_id, SON_LA.duty_id, "check", now=MORNING))
    assert dondoc.calls == ["advance", "compose"]
    assert end.name == "Quá hạn"
    assert artifacts["plan-son-la-2316-2023"] == (
        "2316/QĐ-UBND: Kế hoạch",
        [
            {
                "Nhiệm vụ": "Báo cáo năm 2024",
                "Cơ quan": "Sở Tài chính",
                "Kỳ": "2024",
                "Hạn theo kế hoạch": "10/12/2024",
                "Gửi chậm nhất": "09/12/2024",
                "Tình trạng": "Quá hạn 1 ngày",
                "Số ngày quá hạn": 1,
            }
        ],
    )


def test_follow_of_a_plan_that_ended_publishes_nothing(dondoc: FakeDondoc, artifacts: dict[str, Any]) -> None:
    dondoc.board.state = None
    assert run(follow.fn(SON_LA.plan_id, SON_LA.duty_id, "due", now=MORNING)).name == "Không còn theo dõi"
    assert artifacts == {}


def test_a_technical_failure_wears_no_business_name(dondoc: FakeDondoc, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*, now: datetime) -> None:
        raise OSError("database is gone")

    monkeypatch.setattr(dondoc, "advance", broken)
    with pytest.raises(OSError, match="database is gone"):
        run(follow.fn(SON_LA.plan_id, SON_LA.duty_id, "due", now=MORNING))


def test_sweep_publishes_every_plan_and_its_counts(dondoc: FakeDondoc, artifacts: dict[str, Any]) -> None:
    end = run(sweep.fn(now=MORNING))
    assert dondoc.calls == ["advance", "tell_week", "week_pages", "compose"]
    assert sorted(artifacts) == ["plan-son-la-2316-2023", "sweep"]
    assert artifacts["sweep"].startswith("## Rà soát ngày 09/12/2024")
    assert end.name == "Đã rà soát"
    assert end.message == (
        "Kỳ hạn mới 5, quá hạn mới 3, mốc nhắc đến hạn 2, mốc bỏ qua 1, thông báo đã soạn 4."
    )  # fmt: skip


def test_a_weekly_page_that_cannot_be_made_holds_no_message_back(dondoc: FakeDondoc) -> None:
    dondoc.page_broken = True
    with pytest.raises(ExceptionGroup, match="1 lỗi"):
        run(sweep.fn(now=MORNING))
    assert dondoc.calls == ["advance", "tell_week", "week_pages", "compose"]
    dondoc.calls.clear()
    with pytest.raises(ExceptionGroup, match="1 lỗi"):
        run(deliver.fn(now=MORNING))
    assert dondoc.calls == ["advance", "week_pages", "compose", "deliver"]


def test_one_plan_that_cannot_be_published_does_not_stop_the_sweep(
    dondoc: FakeDondoc, artifacts: dict[str, Any]
) -> None:
    dondoc.board.duties = [SAMPLE, SON_LA]
    with pytest.raises(ExceptionGroup, match="1 lỗi"):
        run(sweep.fn(now=MORNING))
    assert sorted(artifacts) == ["plan-son-la-2316-2023", "sweep"]


@pytest.mark.parametrize(
    ("counts", "kind", "name"),
    [
        (DeliveryCounts(), "COMPLETED", "Không có gì để gửi"),
        (DeliveryCounts(sent=3, waiting=1), "COMPLETED", "Đã gửi"),
        (DeliveryCounts(sent=3, failed=1), "FAILED", "Có thông báo chưa gửi được"),
        (DeliveryCounts(unknown=1), "FAILED", "Có thông báo chưa gửi được"),
    ],
)
def test_deliver_says_what_became_of_the_messages(
    dondoc: FakeDondoc, counts: DeliveryCounts, kind: str, name: str
) -> None:
    dondoc.delivery = counts
    end = run(deliver.fn(now=MORNING))
    assert dondoc.calls == ["advance", "week_pages", "compose", "deliver"]
    assert (end.type, end.name) == (kind, name)


@pytest.mark.parametrize("day", [date(2024, 12, 3), date(2024, 11, 4), date(2024, 11, 30)])
def test_audit_waits_for_the_first_working_day(dondoc: FakeDondoc, artifacts: dict[str, Any], day: date) -> None:
    assert run(audit.fn(now=at(day, "08:00"))).name == "Chưa đến ngày kiểm tra"
    assert artifacts == {}


def test_audit_lists_last_months_missed_and_late(dondoc: FakeDondoc, artifacts: dict[str, Any]) -> None:
    def missed(agency: str, received: date | None, days: int) -> Missed:
        return Missed(
            occurrence=f"son-la-2316-2023/bao-cao-nam/{agency}/2024", plan="son-la-2316-2023", duty="bao-cao-nam",
            agency=agency, agency_name=agency, period="2024", due=date(2024, 11, 10), late_after=date(2024, 11, 11),
            missed_at=MORNING, noticed_at=MORNING, received_on=received, status=Status.OVERDUE, days_late=days,
        )  # fmt: skip

    rows = (missed("Sở Tài chính", None, 21), missed("Sở Y tế", date(2024, 11, 13), 2))
    rates = (Rate(on_time=3, late=1, missing=0, agency="Sở Y tế", agency_name="Sở Y tế"),)
    dondoc.board.audit = MonthAudit(date(2024, 11, 1), rows, rates)
    end = run(audit.fn(now=at(date(2024, 12, 2), "08:00")))
    assert (end.name, end.message) == ("Đã kiểm tra", "Tháng 11/2024: chưa nhận 1, gửi chậm 1.")
    assert dondoc.calls == ["advance", "tell_month 2024-11", "compose"]
    lines = artifacts["audit-2024-11"].splitlines()
    assert "| 2316/QĐ-UBND · Báo cáo năm 2024 | Sở Tài chính | 10/11/2024 | chưa nhận | 21 |" in lines
    assert "| 2316/QĐ-UBND · Báo cáo năm 2024 | Sở Y tế | 10/11/2024 | 13/11/2024 | 2 |" in lines
    assert "| Sở Y tế | 3/4 | 1 | 0 |" in lines


def test_sync_leaves_the_morning_alone(dondoc: FakeDondoc) -> None:
    assert run(sync.fn(now=at(date(2024, 12, 9), "07:20"))).name == "Chờ sau 7h50"
    assert dondoc.board.asked == 0


def test_a_run_cannot_stand_for_a_moment_to_come() -> None:
    with pytest.raises(FutureMoment):
        moment_of(datetime.now(UTC) + timedelta(minutes=5))
    assert moment_of(MORNING) == MORNING


def halt(*, jump: bool) -> Standstill:
    held = Hold("by_hand", MORNING, "mai", {"reason": "sai địa chỉ"})
    return Standstill(None, Jump(at(date(2022, 12, 9), "07:30"), MORNING)) if jump else Standstill(held, None)


def test_while_sending_is_held_the_register_goes_on_and_the_run_says_why(
    dondoc: FakeDondoc, artifacts: dict[str, Any]
) -> None:
    dondoc.halt = halt(jump=False)
    for flow in (deliver, sweep):
        end = run(flow.fn(now=MORNING))
        assert (end.type, end.name) == ("FAILED", "Tạm dừng gửi")
        assert end.message is not None
        assert "mai yêu cầu: sai địa chỉ" in end.message
        assert "dondoc resume" in end.message
    assert "advance" in dondoc.calls


def test_under_a_clock_in_doubt_nothing_is_done_at_all(
    dondoc: FakeDondoc, artifacts: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def examined(now: datetime) -> str:
        return "Khám hệ thống: 1 mục hỏng."

    monkeypatch.setattr(health, "doctor", examined)
    dondoc.halt = halt(jump=True)
    for flow in (deliver, sweep, sync):
        end = run(flow.fn(now=MORNING))
        assert (end.type, end.name) == ("FAILED", "Chờ xác nhận ngày giờ")
    assert run(follow.fn(SON_LA.plan_id, SON_LA.duty_id, "due", now=MORNING)).name == "Chờ xác nhận ngày giờ"
    assert dondoc.calls == []
    assert artifacts == {}


def test_the_watcher_hears_of_every_round(dondoc: FakeDondoc, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bool] = []

    def tell(_url: Any, *, ok: bool) -> bool:
        heard.append(ok)
        return True

    def broken(*, now: datetime) -> None:
        raise OSError("database is gone")

    monkeypatch.setattr(steps, "tell", tell)
    run(deliver.fn(now=MORNING))
    dondoc.halt = halt(jump=False)
    run(deliver.fn(now=MORNING))
    monkeypatch.setattr(dondoc, "advance", broken)
    for flow in (deliver, sweep):
        with pytest.raises(OSError, match="database is gone"):
            run(flow.fn(now=MORNING))
    assert heard == [True, False, False, False]
