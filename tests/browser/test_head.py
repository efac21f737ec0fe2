"""The head's Monday: what waits for a word, said with two presses; the officer sees it."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import select

from tasks.database import reading
from tasks.desk_tables import direction
from tests.browser.acts import knows_password, of_commune, sign_in
from tests.browser.place import Place
from tests.support import ANSWERABLE


def test_the_heads_monday(place: Place) -> None:
    place.valley.advance("2024-03-25 08:00")  # five working days after the last one that counted as on time
    knows_password(place, "henry")
    page = place.window()
    sign_in(page, "henry")

    # 1. One look: who is late, and what waits for the head. No work of the officer is offered.
    asked = page.locator("section").filter(has=page.get_by_role("heading", name="Xin ý kiến chỉ đạo (36)"))
    expect(asked).to_be_visible()
    expect(page.get_by_role("heading", name="Quá hạn theo cơ quan (37)")).to_be_visible()
    expect(page.get_by_role("link", name="Ghi nhận văn bản đến")).to_have_count(0)

    # 2. Agreed with one press, from the list.
    first = asked.get_by_role("article").first
    where = first.get_by_role("link").first.get_attribute("href") or ""
    first.get_by_role("button", name="Đồng ý gửi").click()
    expect(page.get_by_role("heading", name="Xin ý kiến chỉ đạo (35)")).to_be_visible()

    # 3. Of another one, words; the page says what the officer could do, and offers it to nobody else.
    page.goto(f"/ky/{of_commune(7)}" if where.endswith(ANSWERABLE) else f"/ky/{ANSWERABLE}")
    expect(page.get_by_text("Trả lại…")).to_have_count(0)
    page.get_by_text("Ý kiến chỉ đạo", exact=True).click()
    page.get_by_label("Nội dung chỉ đạo").fill("Mời lên làm việc trước thứ Năm.")
    page.get_by_role("button", name="Ghi ý kiến").click()
    expect(page.get_by_text("Mời lên làm việc trước thứ Năm.").first).to_be_visible()
    page.get_by_role("link", name="Tổng quan").click()
    expect(page.get_by_role("heading", name="Xin ý kiến chỉ đạo (34)")).to_be_visible()

    # 4. The officer reads it there.
    with reading(place.valley.engine) as c:
        said = c.execute(select(direction.c.occurrence_id, direction.c.text).order_by(direction.c.id)).all()
    assert [row.text for row in said] == ["", "Mời lên làm việc trước thứ Năm."]
    officer = place.window("alice")
    officer.goto(f"/ky/{said[1].occurrence_id}")
    expect(officer.get_by_text("Mời lên làm việc trước thứ Năm.").first).to_be_visible()
