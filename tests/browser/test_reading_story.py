"""A document is uploaded and reviewed in a real browser: from the file to the plan that is followed, in one sitting."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select

from tasks.database import reading
from tasks.tables import audit_event, occurrence, plan
from tests.browser.place import Place, add_axe, axe_findings, overflow
from tests.web.a_document import NAME, TEXT
from web.routes import readings

AT = "/ke-hoach/doc-van-ban"
TAKE = re.compile("^Đưa vào kế hoạch")


def uploaded(page: Page) -> None:
    """From the list of plans to the review."""
    page.goto("/ke-hoach")
    page.get_by_role("link", name="Đọc văn bản").click()
    file = FilePayload(name=NAME, mimeType="text/plain", buffer=TEXT.encode())
    page.get_by_label("Tệp văn bản").set_input_files(file)
    page.get_by_role("button", name="Tải lên, đọc văn bản").click()
    expect(page.get_by_role("heading", name=re.compile("Chuyển đổi số"))).to_be_visible()


def select_words(page: Page, words: str) -> None:
    """As with the mouse, over lines and marks."""
    page.evaluate(
        """(words) => {
          const walker = document.createTreeWalker(document.querySelector("[data-text]"), NodeFilter.SHOW_TEXT);
          const nodes = [];
          while (walker.nextNode()) nodes.push(walker.currentNode);
          const whole = nodes.map((node) => node.data).join("");
          const from = whole.indexOf(words), to = from + words.length;
          const range = document.createRange();
          let at = 0;
          for (const node of nodes) {
            const end = at + node.data.length;
            if (from >= at && from < end) range.setStart(node, from - at);
            if (to > at && to <= end) range.setEnd(node, to - at);
            at = end;
          }
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }""",
        words,
    )


def test_a_document_becomes_a_plan_that_is_followed(place: Place) -> None:
    place.valley.run()  # what was due before
    page = place.window("alice")
    add_axe(page)
    uploaded(page)

    # 1. Click on either side finds the other.
    page.locator("a.time", has_text="chậm nhất ngày 15 tháng 5").click()
    doubtful = page.get_by_role("article", name="Tham mưu bố trí kinh phí")
    expect(doubtful).to_have_class(re.compile(r"\bhere\b"))
    last = page.get_by_role("article", name="báo cáo Ủy ban nhân dân tỉnh")
    last.get_by_role("link", name="Xem trong văn bản").click()
    expect(page.locator("a.time.here")).to_be_in_viewport()

    # 2. What is clear is taken at once; the others one by one, without the page jumping.
    page.get_by_role("button", name=re.compile(r"^Đưa \d+ đề xuất rõ ràng vào kế hoạch")).click()
    expect(page.locator(".said-done")).to_contain_text("vào kế hoạch")
    doubtful.get_by_role("button", name=TAKE).click()
    expect(doubtful).to_have_class(re.compile(r"\baccepted\b"))
    expect(page.locator("a.time.accepted", has_text="chậm nhất ngày 15 tháng 5")).to_be_visible()

    # 3. Nobody is named: somebody is chosen, and the next date is shown.
    nobody = page.locator("article.proposal", has_text="Cần phân công")
    expect(nobody).to_have_count(1)
    nobody.get_by_role("link", name=re.compile("^Sửa")).click()
    expect(page.locator("#ngay-toi")).to_contain_text("24/12/2024")
    page.locator("#them-agencies").fill("Sở Nội vụ")
    page.get_by_role("button", name="Lưu, đưa vào kế hoạch").click()
    expect(page.locator(".said-done")).to_contain_text("Đã đưa vào kế hoạch")

    # 4. One that the reader has not proposed: its words are selected.
    select_words(page, "Việc triển khai phải thống nhất, tiết kiệm.")
    page.get_by_role("button", name="Thêm nhiệm vụ từ đoạn này").click()
    expect(page.get_by_role("heading", name="Sửa đề xuất")).to_be_visible()
    expect(page.locator("blockquote")).to_contain_text("thống nhất, tiết kiệm")
    page.get_by_role("link", name="Về danh sách đề xuất").click()
    added = page.get_by_role("article", name="thống nhất, tiết kiệm")
    added.locator("summary", has_text="Bỏ qua…").click()
    added.get_by_label("Lý do").fill("Không phải nhiệm vụ")
    added.get_by_role("button", name="Bỏ qua đề xuất này").click()
    expect(added).to_contain_text("Không phải nhiệm vụ")
    expect(added).not_to_have_class(re.compile(r"\bproposed\b"))  # its card was exchanged
    # What is left is ticked and taken at once.
    waiting = page.locator("article.proposal.proposed")
    waiting.first.locator("input.tick").check()
    expect(page.locator("[data-bulk-count]")).to_contain_text("đã chọn 1")
    page.locator("summary", has_text="Quyết định nhiều đề xuất").click()
    page.get_by_label("Đánh dấu nhanh").select_option("proposed")
    assert axe_findings(page) == []
    page.get_by_role("button", name="Đưa các việc đã đánh dấu vào kế hoạch").click()
    expect(page.locator(".said-done")).to_contain_text("vào kế hoạch")
    expect(waiting).to_have_count(0)

    # 5. Whom the names stand for, and what the document says of itself: each page is confirmed at once.
    page.get_by_role("link", name="2 Cơ quan").click()
    page.locator("#quan-he-0").select_option("requested")
    page.get_by_label("Thêm mới cả").check()
    assert axe_findings(page) == []
    page.get_by_role("button", name="Đúng cả, sang bước sau").click()
    expect(page.locator(".said-done")).to_contain_text("Đã lưu")
    if not page.locator("article.proposal").count():
        assert axe_findings(page) == []
        page.get_by_role("button", name="Đúng cả, sang bước sau").click()
    expect(page.locator("article.proposal").first).to_be_visible()

    # 6. The plan, its preview, its start.
    assert axe_findings(page) + overflow(page) == []
    page.get_by_role("button", name="Lập kế hoạch").click()
    expect(page.locator(".said-done")).to_contain_text("Đã ghi vào sổ ở dạng nháp")
    page.get_by_role("link", name="Bắt đầu theo dõi").click()
    page.get_by_role("button", name="Xem trước, chưa gửi gì").click()
    expect(page.locator("details.message").first).to_be_visible()
    assert place.valley.run() == []  # looking sends nothing
    page.get_by_role("button", name="Bắt đầu theo dõi").click()
    expect(page.get_by_text("Đang theo dõi").first).to_be_visible()

    with reading(place.valley.engine) as c:
        made = c.execute(select(plan.c.id).where(plan.c.id != "thung-lung")).scalar_one()
        days = set(c.execute(select(occurrence.c.last_day).where(occurrence.c.plan_id == made)).scalars())
        kinds = list(c.execute(select(audit_event.c.kind)).scalars())
    assert {"2024-04-29", "2024-05-15", "2024-11-29", "2024-12-24"} <= {day.isoformat() for day in days}
    assert {"document_read", "reading_item", "reading_group", "reading_body", "reading_plan"} <= set(kinds)

    # 7. From the duty back to its sentence.
    page.goto(f"/ke-hoach/{made}")
    page.locator("article.duty", has_text="30/4/2024").get_by_role("link", name="Xem trong văn bản").click()
    expect(page.locator("a.time.here")).to_have_text("trước ngày 30/4/2024")


def test_the_review_on_a_phone_shows_one_side_at_a_time(place: Place) -> None:
    page = place.window("alice", phone=True)
    add_axe(page)
    uploaded(page)
    first = page.locator("article.proposal").first
    expect(first).to_be_visible()
    expect(page.locator("[data-text]")).to_be_hidden()
    first.get_by_role("link", name="Xem trong văn bản").tap()
    expect(page.locator("a.time.here")).to_be_in_viewport()
    expect(first).to_be_hidden()
    page.locator("a.time.here").tap()
    expect(first).to_be_in_viewport()
    assert axe_findings(page) + overflow(page) == []


def test_without_script_proposals_are_taken_left_out_and_changed(place: Place) -> None:
    page = place.window("alice", script=False)
    uploaded(page)
    first = page.locator("article.proposal").first
    first.get_by_role("button", name=TAKE).click()
    expect(first).to_have_class(re.compile(r"\baccepted\b"))
    second = page.locator("article.proposal").nth(1)
    second.locator("summary", has_text="Bỏ qua…").click()
    second.get_by_label("Lý do").fill("Trùng với đề xuất khác")
    second.get_by_role("button", name="Bỏ qua đề xuất này").click()
    expect(second).to_contain_text("Trùng với đề xuất khác")
    third = page.locator("article.proposal").nth(2)
    third.get_by_role("link", name=re.compile("^Sửa")).click()
    page.get_by_label("Tên nhiệm vụ").fill("Bố trí kinh phí chuyển đổi số")
    page.get_by_role("button", name="Lưu, đưa vào kế hoạch").click()
    expect(third).to_contain_text("Bố trí kinh phí chuyển đổi số")
    for place_ in (3, 4):
        page.locator("article.proposal").nth(place_).locator("input.tick").check()
    page.locator("summary", has_text="Quyết định nhiều đề xuất").click()
    page.get_by_label("Lý do bỏ qua").fill("Không thuộc phạm vi theo dõi")
    page.get_by_role("button", name="Bỏ qua các việc đã đánh dấu").click()
    expect(page.locator("article.proposal.ignored")).to_have_count(3)
    page.get_by_role("link", name="Thêm nhiệm vụ").click()
    page.get_by_label("Câu trong văn bản").fill("Việc triển khai phải thống nhất, tiết kiệm")
    page.get_by_role("button", name="Tìm trong văn bản").click()
    expect(page.get_by_role("heading", name="Sửa đề xuất")).to_be_visible()


def test_a_long_document_is_waited_for(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "PATIENCE", 0.0)
    page = place.window("alice")
    uploaded(page)
