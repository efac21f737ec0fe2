"""On the first working day of the month the officer gets last month's missed and late duties."""

from __future__ import annotations

from datetime import date

from notifications.monthly import queue_month
from tests.scenarios.harness import World, plan_text


def test_last_months_missed_and_late_are_told_once(world: World) -> None:
    world.follow(plan_text("alpha, beta, gamma")).go("09/12/2024", "10:00")
    world.record("ke/bao-cao/gamma/2024", "09/12/2024")
    world.go("13/12/2024", "10:00")
    world.record("ke/bao-cao/beta/2024", "13/12/2024")
    world.go("02/01/2025", "08:00")
    world.new()
    december = date(2024, 12, 1)
    assert queue_month(world.engine, month=december, now=world.now) == 1
    assert queue_month(world.engine, month=december, now=world.now) == 0
    world.tick()
    world.expect("02/01 officer month")
    letter = world.channel.letters[-1]
    assert letter.subject == "Tổng hợp tháng 12/2024: chưa nhận 01, gửi chậm 01"
    assert "Phòng Alpha: chưa nhận, quá hạn 23 ngày" in letter.text
    assert "Phòng Beta: nhận ngày 13/12/2024, chậm 3 ngày" in letter.text
    assert "Gamma" not in letter.text


def test_a_month_without_a_miss_is_not_spoken_of(world: World) -> None:
    world.follow(plan_text()).go("09/12/2024", "10:00")
    world.record("ke/bao-cao/alpha/2024", "09/12/2024")
    world.go("02/01/2025", "08:00")
    world.new()
    assert queue_month(world.engine, month=date(2024, 12, 1), now=world.now) == 0
    world.tick()
    world.expect()
