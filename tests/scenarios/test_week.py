"""On the first working morning of a week the officer and the stand-in get the weekly brief with the chain's head."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, update

from notifications import composer, delivery, planner
from notifications.contacts import ContactRole
from notifications.tables import contact, message, notice
from notifications.weekly import PRINTED, begins, days_of, number_of, queue_week
from plans.calendar import shipped_calendar
from tasks import intake
from tasks.agencies import load_register, save_agencies
from tasks.database import reading, writing
from tasks.seal_check import verify
from tasks.tables import plan as plan_table
from tests.scenarios.harness import LEAD, World, at, plan_text

DUTIES = """\
  - id: bao-cao
    title: Báo cáo 6 tháng
    section: IV.1
    responsible: [alpha, beta, mat-tran, gamma]
    due: {kind: once, on: 2024-11-20, boundary: before, quote: "trước ngày 20/11"}
    recipients: [{agency: cong-an-huyen}]
  - id: danh-sach
    title: Danh sách cơ sở
    section: IV.2
    responsible: [alpha, beta, gamma, mat-tran]
    due: {kind: once, on: 2024-12-04, boundary: on, quote: "ngày 04/12"}
    recipients: [{agency: cong-an-huyen}]
  - id: tong-hop
    title: Báo cáo tổng hợp
    section: IV.3
    responsible: [cong-an-huyen]
    due: {kind: once, on: 2024-12-08, boundary: on, quote: "ngày 08/12"}
    recipients: [{agency: cong-an-huyen}]
  - id: sau
    title: Việc tuần sau
    section: IV.4
    responsible: [alpha]
    due: {kind: once, on: 2024-12-09, boundary: on, quote: "ngày 09/12"}
    recipients: [{agency: cong-an-huyen}]
"""


def monday(world: World, day: str = "02/12/2024", clock: str = "07:30") -> int:
    """What the sweep does with the brief; the other messages of that morning are not looked at here."""
    world.now = at(day, clock)
    queued = queue_week(world.engine, now=world.now)
    world.tick()
    return queued


def briefs(world: World) -> list[str]:
    """``dd/mm address subject`` of the briefs that were sent."""
    with reading(world.engine) as c:
        sent = select(message).where(message.c.kind == "week", message.c.status == "sent").order_by(message.c.id)
        rows = c.execute(sent).all()
    world.new()
    return [f"{row.local_day:%d/%m} {row.address.partition('@')[0]} {row.subject.partition(':')[0]}" for row in rows]


def both(day: str, week: str) -> list[str]:
    return [f"{day} officer Tuần {week}", f"{day} stand-in Tuần {week}"]


def letter(world: World) -> str:
    found = [each for each in world.channel.letters if each.subject.startswith("Tuần ")]
    return f"{found[-1].subject}\n{found[-1].text}"


def test_the_brief_says_how_things_stand(world: World) -> None:
    world.follow(plan_text(duties=DUTIES))
    world.go("28/11/2024", "10:00").record("ke/bao-cao/beta/once", "28/11/2024", review=True)
    world.go("29/11/2024", "10:00").move("promise", "ke/bao-cao/gamma/once", on=date(2024, 12, 5))
    assert monday(world) == 1
    assert briefs(world) == both("02/12", "49/2024")
    said = letter(world)
    assert said.startswith("Tuần 49/2024: quá hạn 03, đến hạn 05, chờ xem 01\n")
    assert "đến 07h30 ngày 02/12/2024; tuần từ 02/12/2024 đến 08/12/2024." in said
    assert "Quá hạn 03 việc của 03 cơ quan; đến hạn trong tuần 05 việc; chờ xem 01 văn bản." in said
    assert "* Báo cáo 6 tháng: chưa nhận 03/04 cơ quan" in said
    assert "1. Phòng Alpha: quá hạn 12 ngày" in said
    assert "2. Phòng Gamma: quá hạn 12 ngày; hẹn gửi 05/12/2024" in said
    assert "1. Danh sách cơ sở: thứ Tư 04/12 (04 cơ quan)" in said
    assert "2. Báo cáo tổng hợp: Chủ nhật 08/12 (việc của đơn vị)" in said
    assert "1. Phòng Beta: số 12/BC, nhận ngày 28/11/2024" in said
    assert "Việc tuần sau" not in said
    assert "Kính gửi: stand-in@u.example (Công an huyện U)" in said


def test_the_head_in_the_mail_is_found_in_the_chain_later(world: World) -> None:
    world.follow(plan_text(duties=DUTIES)).go("29/11/2024")
    monday(world)
    briefs(world)
    [command] = [line for line in letter(world).splitlines() if "dondoc audit verify --head " in line]
    head = command.rpartition(" ")[2]
    assert len(head) == PRINTED
    with reading(world.engine) as c:
        before = verify(c).rows
    assert f"Sổ kiểm tra có {before} dòng. Mã đầu chuỗi lúc 07h30 ngày 02/12/2024:" in letter(world)
    world.record("ke/bao-cao/alpha/once", "02/12/2024")
    with reading(world.engine) as c:
        verdict = verify(c, asked=head)
    assert verdict.rows > before
    assert verdict.found is not None
    assert verdict.found.place == before


def test_it_is_sent_also_when_nothing_is_due(world: World) -> None:
    world.follow(plan_text())
    monday(world, "11/11/2024")
    assert briefs(world) == both("11/11", "46/2024")
    assert letter(world).startswith("Tuần 46/2024: không có việc quá hạn, đến hạn hoặc chờ xem\n")
    assert "dondoc audit verify --head" in letter(world)


def test_asked_again_it_queues_nothing_and_the_next_week_tells_anew(world: World) -> None:
    world.follow(plan_text())
    assert monday(world, "11/11/2024") == 1
    assert monday(world, "11/11/2024", "09:00") == 0
    assert monday(world, "13/11/2024") == 0
    assert monday(world, "18/11/2024") == 1
    assert briefs(world) == both("11/11", "46/2024") + both("18/11", "47/2024")


def test_nothing_before_the_first_working_morning(world: World) -> None:
    world.follow(plan_text(), on="25/12/2023")
    world.new()
    assert monday(world, "01/01/2024") == 0, "Tết Dương lịch"
    assert monday(world, "02/01/2024", "07:29") == 0
    assert monday(world, "02/01/2024") == 1
    assert briefs(world) == both("02/01", "01/2024")


def test_a_week_without_a_working_day_has_none() -> None:
    calendar = shipped_calendar()
    assert begins(calendar, date(2024, 2, 7)) == at("05/02/2024")
    assert begins(calendar, date(2024, 2, 12)) == at("15/02/2024"), "Tết 08-14/02/2024"
    assert begins(calendar, date(2024, 2, 18)) == at("15/02/2024")
    off = {date(2024, 2, day): "x" for day in range(12, 17)}
    assert begins(replace(calendar, days_off={**calendar.days_off, **off}), date(2024, 2, 14)) is None


def test_weeks_are_numbered_as_the_calendar_does_at_the_turn_of_the_year() -> None:
    assert number_of(date(2024, 12, 30)) == number_of(date(2025, 1, 5)) == 202501
    assert days_of(202501) == (date(2024, 12, 30), date(2025, 1, 5))
    assert number_of(date(2026, 11, 16)) == 202647


def test_after_ten_days_off_only_the_newest_week_is_told(world: World) -> None:
    world.follow(plan_text())
    assert monday(world, "11/11/2024") == 1
    briefs(world)
    assert monday(world, "28/11/2024", "10:00") == 1, "on Thursday, when dondoc works again"
    assert briefs(world) == both("11/11", "46/2024") + both("28/11", "48/2024")


def test_a_brief_that_did_not_leave_in_its_week_is_not_sent_in_the_next(world: World) -> None:
    world.follow(plan_text())
    queue_week(world.engine, now=at("11/11/2024"))
    assert monday(world, "18/11/2024") == 1
    assert briefs(world) == both("18/11", "47/2024")
    with reading(world.engine) as c:
        told = c.execute(select(notice).where(notice.c.rung == "week").order_by(notice.c.revision)).all()
    assert [(row.revision, row.status, row.reason) for row in told] == [
        (202446, "skipped", "superseded"), (202447, "composed", None),
    ]  # fmt: skip


def test_a_brief_composed_in_one_week_and_not_taken_is_dropped_in_the_next(world: World) -> None:
    world.follow(plan_text())
    world.now = at("11/11/2024")
    queue_week(world.engine, now=world.now)
    planner.advance(world.engine, now=world.now)
    assert composer.compose(world.engine, now=world.now) == 2
    world.now = at("19/11/2024")
    planner.advance(world.engine, now=world.now)
    assert delivery.deliver(world.engine, {"email": world.channel}, now=world.now).dropped == 2
    assert briefs(world) == []


def test_a_unit_that_began_in_the_middle_of_a_week_gets_its_first_on_the_next_monday(world: World) -> None:
    world.follow(plan_text(), on="13/11/2024")
    world.new()
    assert monday(world, "14/11/2024") == 0
    assert monday(world, "18/11/2024") == 1
    assert briefs(world) == both("18/11", "47/2024")


def test_a_unit_that_follows_nothing_gets_none(world: World) -> None:
    world.follow(plan_text())
    world.new()
    world.now = at("11/11/2024")
    queue_week(world.engine, now=world.now)
    with writing(world.engine) as c:
        intake.stop(c, "ke", now=world.now, actor="test")
    world.tick()
    assert briefs(world) == []
    assert monday(world, "18/11/2024") == 0


def test_the_sample_alone_has_no_brief(world: World) -> None:
    world.follow(plan_text())
    world.new()
    with writing(world.engine) as c:
        c.execute(update(plan_table).values(sample=True))
    assert monday(world, "11/11/2024") == 0


def test_a_lead_unit_that_has_ended_gets_none(world: World) -> None:
    world.follow(plan_text())
    world.new()
    with writing(world.engine) as c:
        save_agencies(c, [replace(load_register(c)[LEAD], until=date(2024, 11, 8))])
    monday(world, "11/11/2024")
    assert briefs(world) == []


def test_without_an_officer_it_waits_for_an_address(world: World) -> None:
    world.follow(plan_text(), contacts=False)
    world.new()
    assert monday(world, "11/11/2024") == 1
    assert briefs(world) == []
    world.add_contact(LEAD, ContactRole.OFFICER, "officer@u.example")
    world.go("12/11/2024")
    assert briefs(world) == ["12/11 officer Tuần 46/2024"]


def test_bodies_that_messages_do_not_reach_are_named(world: World) -> None:
    world.follow(plan_text("alpha, beta"))
    with writing(world.engine) as c:
        c.execute(update(contact).where(contact.c.agency_id == "u.alpha").values(active=False))
        gone = message.c.address.like("beta%")
        lost = {"status": "failed", "settled_at": at("06/12/2024")}
        c.execute(update(message).where(gone).values(lost))
    world.go("06/12/2024")
    monday(world, "09/12/2024")
    briefs(world)
    said = letter(world)
    assert "chưa liên hệ được 02" in said.splitlines()[0]
    assert "Phòng Alpha: chưa có địa chỉ, thông báo đang chờ" in said
    assert "Phòng Beta: thông báo gửi beta@u.example không đến được" in said


@pytest.mark.parametrize("count", [100, 103])
def test_a_long_list_is_cut_where_it_says_how_many_more(world: World, count: int) -> None:
    bodies = "".join(f"  - {{id: x{n:03d}, name: Xã {n:03d}}}\n" for n in range(count))
    parties = "".join(f"  - {{agency: x{n:03d}, relation: subordinate, ground: III}}\n" for n in range(count))
    duties = DUTIES.partition("  - id: danh-sach")[0].replace(
        "alpha, beta, mat-tran, gamma", ", ".join(f"x{n:03d}" for n in range(count))
    )
    text = plan_text(duties=duties).replace("parties:\n", f"{bodies}parties:\n{parties}")
    world.follow(text, contacts=False)
    world.add_contact(LEAD, ContactRole.OFFICER, "officer@u.example")
    monday(world)
    briefs(world)
    said = letter(world)
    assert f"Quá hạn {count} việc của {count} cơ quan" in said
    assert ("101. và 3 cơ quan khác: xem đủ: dondoc due --plan ke" in said) == (count > 100)
