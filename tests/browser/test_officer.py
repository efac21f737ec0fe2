"""The officer's days in a real browser: what one sees, types and presses, and what the register says then."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import Page, expect
from sqlalchemy import select

from tasks.database import reading, writing
from tasks.model import State
from tasks.office import choose
from tasks.tables import paper
from tests.browser.acts import knows_password, of_commune, sign_in, states
from tests.browser.place import COMMUNES, REPORT, Place
from tests.support import ANSWERABLE, LEAD, PLAN


def type_row(page: Page, name: str, number: str) -> None:
    """One paper by keyboard alone: body, Tab, number, Tab, day, Enter; the day of arrival stays from the row before."""
    keys = page.keyboard
    keys.type(f"ubnd xa {name}")
    keys.press("Tab")
    keys.type(number)
    keys.press("Tab")
    keys.type("14/3")
    keys.press("Enter")


def test_the_officers_morning(place: Place) -> None:
    place.valley.advance("2024-03-19 08:00")  # the day of the check list; 20/03 the late ones are written to
    knows_password(place, "alice")
    page = place.window()
    sign_in(page, "alice")

    # 1. What will be sent tomorrow if nobody does anything.
    page.get_by_role("link", name=re.compile(r"^Rà soát trước khi nhắc quá hạn \(37\)$")).click()
    expect(page.get_by_role("row")).to_have_count(38)

    # 2. Thirty papers, typed.
    page.get_by_role("link", name="Văn bản đến").click()
    page.get_by_label("Ngày đến", exact=True).fill("15/03/2024")
    page.get_by_label("Cơ quan ban hành").focus()
    for number, name in enumerate(COMMUNES[:30]):
        type_row(page, name, f"{number + 1}/BC-UBND")
    expect(page.locator("#dem")).to_have_text("(30)")
    expect(page.locator("#chua-ghi .failed")).to_have_count(0)
    accepted = {of_commune(number) for number in range(30)}
    assert {each for each, state in states(place).items() if state == State.ACCEPTED} == accepted

    # 3. One of them is a slip: the officer read 5 for 6.
    page.keyboard.press("Alt+KeyZ")
    fix = page.locator("#sua-lai")
    fix.get_by_label("Số, ký hiệu").fill("36/BC-UBND")
    fix.get_by_role("button").click()
    expect(page.locator(".said-done")).to_contain_text("sửa")
    with reading(place.valley.engine) as c:
        assert "36/BC-UBND" in set(c.execute(select(paper.c.number)).scalars())

    # 4. One is of the wrong period: it goes back.
    page.goto(f"/ky/{of_commune(3)}")
    page.get_by_text("Trả lại…").click()
    page.get_by_label("Lý do", exact=True).select_option("period")
    page.get_by_role("button", name="Trả lại văn bản").click()
    expect(page.locator(".badges")).to_contain_text("Trả lại, chờ gửi lại")

    # 5. One is held, one is pressed at once.
    page.goto("/ra-soat")
    expect(page.get_by_role("row")).to_have_count(8)
    row = page.get_by_role("row").filter(has_text=f"UBND xã {COMMUNES[30]}")
    row.get_by_role("button", name="Tạm dừng", exact=True).click()
    expect(page.get_by_role("heading", name="Đang tạm dừng, đã hẹn gửi (1)")).to_be_visible()
    page.goto(f"/ky/{ANSWERABLE}")
    page.get_by_text("Gửi nhắc ngay", exact=True).click()
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_role("button", name="Gửi nhắc ngay").click()
    expect(page.locator(".said-done")).to_be_visible()

    # 6. What the register does of it: the pressed one today, the others tomorrow, the held one not.
    letters = place.valley.run("2024-03-19 09:00")
    assert [letter.address for letter in letters if "so-tai-chinh" in letter.address]
    place.valley.advance("2024-03-20 07:30")
    late = {row.occurrence_id for row in place.valley.ledger() if row.rung == "overdue-1" and row.status == "queued"}
    assert of_commune(31) in late
    assert of_commune(30) not in late
    assert not late & accepted


def test_without_script_a_paper_is_recorded_and_accepted(place: Place) -> None:
    with writing(place.valley.engine) as c:
        choose(c, LEAD, "review", True, now=place.valley.now, actor="test")
    knows_password(place, "alice")
    page = place.window(script=False)
    sign_in(page, "alice")
    page.get_by_role("link", name="Ghi nhận văn bản đến").click()
    page.get_by_label("Cơ quan ban hành").fill("stc")
    page.get_by_label("Số, ký hiệu").fill("12/BC-STC")
    page.get_by_label("Ngày văn bản").fill("8/3")
    page.get_by_role("button", name="Ghi nhận").click()
    page.get_by_role("checkbox", name="Kế hoạch triển khai").check()
    page.get_by_role("button", name="Ghi nhận").click()
    expect(page.locator(".said-done")).to_contain_text("Đã ghi nhận văn bản 12/BC-STC của Sở Tài chính")
    page.get_by_role("link", name="Kế hoạch triển khai").click()
    page.get_by_text("Chấp nhận", exact=True).click()
    page.get_by_role("button", name="Chấp nhận văn bản").click()
    expect(page.locator(".badges")).to_contain_text("Hoàn thành đúng hạn")
    assert states(place)[ANSWERABLE] == State.ACCEPTED


def test_one_document_extends_the_time_of_all_agencies(place: Place) -> None:
    page = place.window("alice")
    page.goto("/ky")
    page.get_by_label("Tình trạng", exact=True).select_option("tat-ca")
    page.get_by_label("Kế hoạch", exact=True).select_option(PLAN)
    page.get_by_role("button", name="Lọc").click()
    page.get_by_label("Nhiệm vụ", exact=True).select_option(REPORT)
    page.get_by_role("button", name="Lọc").click()
    expect(page.get_by_text("32 kỳ theo bộ lọc, xếp theo")).to_be_visible()
    page.get_by_label("Cả trang").check()
    expect(page.locator("[data-picked]")).to_have_text("32/32")
    page.get_by_label("Làm cho").select_option("tat-ca")
    page.get_by_role("button", name="Gia hạn theo một văn bản").click()
    page.get_by_label("Số văn bản của cơ quan ban hành kế hoạch").fill("77/UBND-NC")
    page.get_by_label("Hạn mới").fill("29/03/2024")
    page.get_by_role("button", name="Gia hạn theo một văn bản: 32").click()
    expect(page.get_by_text("Đã làm 32 kỳ; không làm được 0 kỳ.")).to_be_visible()
    page.get_by_role("link", name="Về danh sách").click()
    expect(page.get_by_text("gia hạn theo VB số 77/UBND-NC")).to_have_count(32)
    extended = [place.valley.occurrence(of_commune(number)) for number in range(len(COMMUNES))]
    assert {(each.due, each.extended_by) for each in extended} == {(date(2024, 3, 29), "77/UBND-NC")}
    assert place.valley.occurrence(ANSWERABLE).due == date(2024, 3, 16)
