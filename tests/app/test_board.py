"""What Prefect's dashboard is told: duties, days, states and tables, as plain values."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from app.board import Board
from app.duty_board import RungDay
from app.naming import rung_label
from tasks import intake
from tasks.database import writing
from tests.support import ANSWERABLE, PLAN, PLAN_DUTIES, Valley, plan_text

MONTHLY = """\
  - id: bao-cao
    title: Báo cáo tháng
    section: IV.2
    responsible: [so-tai-chinh, so-noi-vu]
    due: {kind: monthly, day: 20, boundary: by, quote: "ngày 20", from: 2024-02-01, until: 2024-03-31}
  - id: tuyen-truyen
    title: Tuyên truyền
    section: III.2
    responsible: [so-noi-vu]
    due: {kind: continuous, quote: "thường xuyên"}
"""
OTHER = f"{PLAN}/ke-hoach/so-noi-vu/once"


@pytest.fixture
def followed(valley: Valley) -> Valley:
    return valley.follow(text=plan_text(PLAN_DUTIES + MONTHLY))


@pytest.fixture
def board(followed: Valley, engine: Engine) -> Board:
    return Board(engine)


def test_each_dated_duty_of_an_active_plan_is_there_and_no_other(followed: Valley, board: Board) -> None:
    found = board.dated_duties(now=followed.now)
    assert [(duty.duty_id, duty.kind, len(duty.agencies)) for duty in found] == [
        ("ke-hoach", "once", 5), ("bao-cao", "monthly", 2)
    ]  # fmt: skip
    assert found[0].tags[:3] == (f"plan:{PLAN}", "lead:thung-lung.cong-an", "kind:once")
    followed.stop()
    assert board.dated_duties(now=followed.now) == []
    assert board.active_plans() == []


def test_the_days_of_a_duty_are_merged_and_begin_today(followed: Valley, board: Board) -> None:
    followed.go("2024-03-15 08:00")
    [once, _monthly] = board.dated_duties(now=followed.now)
    assert once.days == (
        RungDay("due", date(2024, 3, 15), "once"), RungDay("check", date(2024, 3, 19), "once"),
        RungDay("overdue-1", date(2024, 3, 20), "once"), RungDay("lead", date(2024, 3, 21), "once"),
        RungDay("head-1", date(2024, 3, 25), "once"), RungDay("overdue-2", date(2024, 3, 25), "once"),
        RungDay("head-2", date(2024, 4, 1), "once"),
    )  # fmt: skip


def test_the_days_of_what_is_closed_are_not_looked_at(followed: Valley, board: Board) -> None:
    for row in [occ for occ in followed.ids() if "/ke-hoach/" in occ]:
        followed.waive(row)
    [once, monthly] = board.dated_duties(now=followed.now)
    assert once.days == ()
    assert {day.period for day in monthly.days} == {"2024-02", "2024-03"}


def test_the_state_of_a_duty_counts_bodies(followed: Valley, board: Board) -> None:
    followed.go("2024-03-20 09:00").record(ANSWERABLE, received="2024-03-15")
    followed.record(OTHER, received="2024-03-20")
    state = board.duty_state(PLAN, "ke-hoach", now=followed.now)
    assert state is not None
    assert (state.total, state.received, state.open, state.period) == (5, 2, 3, "once")
    assert [(item.agency, item.days_late) for item in state.late] == [
        ("Công an cấp xã", 2), ("Gia đình", 2), ("Ủy ban MTTQ Việt Nam Thung Lũng", 2)
    ]  # fmt: skip


def test_waived_bodies_do_not_count_and_an_unknown_duty_has_no_state(followed: Valley, board: Board) -> None:
    followed.waive(ANSWERABLE)
    state = board.duty_state(PLAN, "ke-hoach", now=followed.now)
    assert state is not None
    assert state.total == 4
    assert board.duty_state(PLAN, "khong-co", now=followed.now) is None


@pytest.mark.parametrize(
    ("moment", "period"),
    [("2024-02-10 09:00", "2024-02"), ("2024-02-21 09:00", "2024-02"), ("2024-03-01 09:00", "2024-02")],
)
def test_the_period_shown_is_the_late_one_else_the_next(
    followed: Valley, board: Board, moment: str, period: str
) -> None:
    followed.go(moment)
    state = board.duty_state(PLAN, "bao-cao", now=followed.now)
    assert state is not None
    assert state.period == period
    for agency in ("so-tai-chinh", "so-noi-vu"):
        followed.record(f"{PLAN}/bao-cao/{agency}/2024-02", received="2024-02-10")
    state = board.duty_state(PLAN, "bao-cao", now=followed.go("2024-03-01 09:00").now)
    assert state is not None
    assert (state.period, state.late) == ("2024-03", ())


def test_a_duty_that_the_plan_no_longer_has_has_no_state(followed: Valley, board: Board) -> None:
    """A run of its old deployment may still come before the next sync."""
    followed.record(f"{PLAN}/bao-cao/so-noi-vu/2024-02", received="2024-02-01")
    with writing(followed.engine) as c:
        intake.add_plan(c, plan_text(), file="kh.yaml", now=followed.now, actor="test")
    assert board.duty_state(PLAN, "bao-cao", now=followed.now) is None
    assert all(row.duty.startswith("Kế hoạch") for row in board.plan_table(PLAN, now=followed.now))


def test_a_returned_paper_is_late_only_after_its_resend_day(followed: Valley, board: Board) -> None:
    followed.go("2024-03-14 09:00").record(ANSWERABLE, received="2024-03-14")
    followed.give_back(ANSWERABLE, by="2024-03-22")
    before = board.duty_state(PLAN, "ke-hoach", now=followed.go("2024-03-22 09:00").now)
    after = board.duty_state(PLAN, "ke-hoach", now=followed.go("2024-03-25 09:00").now)
    assert before is not None
    assert after is not None
    assert "Sở Tài chính" not in [item.agency for item in before.late]
    assert [item.days_late for item in after.late if item.agency == "Sở Tài chính"] == [3]


def test_the_table_of_a_plan_is_in_order_of_days_and_names(followed: Valley, board: Board) -> None:
    rows = board.plan_table(PLAN, now=followed.now)
    assert [(row.due, row.agency) for row in rows][:4] == [
        (date(2024, 2, 20), "Sở Nội vụ"), (date(2024, 2, 20), "Sở Tài chính"), (date(2024, 3, 16), "Công an cấp xã"),
        (date(2024, 3, 16), "Gia đình"),
    ]  # fmt: skip
    assert len(rows) == 9


def test_last_month_s_audit_holds_what_fell_due_then(followed: Valley, board: Board) -> None:
    followed.advance("2024-04-01 08:00")
    march = board.month_audit(month=date(2024, 3, 9), now=followed.now)
    assert (march.month, len(march.missed)) == (date(2024, 3, 1), 7)
    assert len(board.month_audit(month=date(2024, 2, 1), now=followed.now).missed) == 2
    assert board.month_audit(month=date(2024, 12, 1), now=followed.now).missed == ()


def test_who_waits_for_an_address_is_counted(valley: Valley, engine: Engine) -> None:
    valley.follow(contacts=False)
    valley.run("2024-02-01 08:10")
    assert Board(engine).waiting_for_contact() == 4
    valley.contact("thung-lung.so-noi-vu", "agency")
    valley.run("2024-02-01 08:20")
    assert Board(engine).waiting_for_contact() == 3


def test_sync_learns_when_something_changed(followed: Valley, board: Board) -> None:
    assert board.work_changed_at() == followed.now
    followed.go("2024-02-05 09:00").extend(ANSWERABLE, to="2024-04-10")
    assert board.work_changed_at() == followed.now


@pytest.mark.parametrize(
    ("rung", "text"),
    [
        ("before-7", "nhắc trước 7 ngày"),
        ("overdue-2", "nhắc quá hạn lần 2"),
        ("check", "kiểm tra"),
        ("new", "new"),
    ],
)
def test_a_rung_reads_in_words(rung: str, text: str) -> None:
    assert rung_label(rung).startswith(text)
