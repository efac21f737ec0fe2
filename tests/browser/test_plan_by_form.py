"""A plan comes in by the form, without a line of YAML, and is followed."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import Page, expect
from sqlalchemy import select

from tasks.database import reading
from tasks.tables import occurrence
from tests.browser.place import Place

FACTS = {
    "Số, ký hiệu": "88/KH-UBND",
    "Ngày ban hành": "15/01/2024",
    "Cơ quan ban hành": "Ủy ban nhân dân Thung Lũng",
    "Trích yếu": "Kế hoạch chuyển đổi số",
    "Gọi tắt trong thông báo": "KH 88/KH-UBND",
    "Mục giao việc theo dõi": "IV.2",
    "Cụm từ trong văn bản": "theo dõi, đôn đốc",
}


def facts(page: Page) -> None:
    for label, value in FACTS.items():
        page.get_by_label(label).first.fill(value)
    page.get_by_label("Cấp ban hành").select_option(label="Tỉnh")
    page.get_by_role("button", name="Lưu, sang bước sau").click()


def bodies(page: Page) -> None:
    """One from the register, two pasted from a spreadsheet."""
    page.get_by_label("Tìm trong danh mục").fill("mat tran")
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.get_by_role("checkbox", name="Ủy ban MTTQ Việt Nam Thung Lũng").check()
    page.get_by_label("Quan hệ với đơn vị theo dõi").select_option("requested")
    page.get_by_label("Căn cứ chung (mục)").fill("III.3")
    page.get_by_role("button", name="Thêm vào bản soạn").click()
    page.get_by_label("Dán từ bảng tính, mỗi dòng một cơ quan").fill("Sở Tài chính\tIII.1\nSO NOI VU\tIII.2")
    page.get_by_label("Thuộc khối").select_option("moi")
    page.get_by_label("Tên khối mới, theo văn bản").fill("Các sở")
    page.get_by_label("Quan hệ với đơn vị theo dõi").select_option("peer")
    page.get_by_role("button", name="Thêm vào bản soạn").click()
    expect(page.get_by_role("row", name="Sở Nội vụ")).to_be_visible()
    page.get_by_role("button", name="Lưu, sang bước sau").click()


def duty(page: Page) -> None:
    """The picker shows the next dates while one types."""
    page.get_by_role("link", name="Thêm nhiệm vụ").click()
    page.get_by_label("Tên nhiệm vụ").fill("Báo cáo năm")
    page.get_by_label("Mục trong văn bản").fill("IV.1")
    page.get_by_label("Mẫu cụm từ").select_option("annual")
    page.get_by_label("Từ đứng trước").select_option("before")
    page.locator("#f-day").fill("10")
    page.locator("#f-month").fill("12")
    page.get_by_label("Cụm từ chỉ thời hạn, đúng như văn bản").fill("trước ngày 10/12 hằng năm")
    expect(page.locator("#ngay-toi")).to_contain_text("09/12/2024")
    page.get_by_role("checkbox", name="Chủ trì: Các sở").check()
    page.get_by_role("checkbox", name="Chủ trì: Ủy ban MTTQ").check()
    page.get_by_label("Nơi nhận 1").fill("Công an Thung Lũng")
    page.get_by_role("button", name="Lưu nhiệm vụ").click()
    expect(page.get_by_role("heading", name="Nhiệm vụ (1)")).to_be_visible()


def test_a_plan_is_brought_in_by_the_form_and_followed(place: Place) -> None:
    place.valley.run()  # what was due before
    page = place.window("alice")
    page.goto("/ke-hoach")
    page.get_by_role("link", name="Thêm kế hoạch").click()
    page.get_by_role("button", name="Bắt đầu soạn").click()
    facts(page)
    bodies(page)
    duty(page)

    page.get_by_role("link", name="Xem lại, ghi vào sổ").click()
    expect(page.get_by_role("heading", name="Sẽ ghi vào sổ")).to_be_visible()
    page.get_by_role("button", name="Ghi vào sổ").click()
    expect(page.locator(".said-done")).to_contain_text("Đã ghi vào sổ ở dạng nháp")

    page.get_by_role("link", name="Bắt đầu theo dõi").click()
    page.get_by_role("button", name="Xem trước, chưa gửi gì").click()
    told = page.locator("details.message")
    expect(told.first).to_be_visible()
    told.first.locator("summary").click()
    expect(told.first).to_contain_text("Báo cáo năm")
    assert place.valley.run() == []  # looking sends nothing
    page.get_by_role("button", name="Bắt đầu theo dõi").click()
    expect(page.get_by_text("Đang theo dõi").first).to_be_visible()

    chosen = select(occurrence.c.agency_id, occurrence.c.last_day).where(occurrence.c.plan_id != "thung-lung")
    with reading(place.valley.engine) as c:
        made = {tuple(row) for row in c.execute(chosen.where(occurrence.c.last_day < date(2025, 1, 1)))}
    slugs = ("so-tai-chinh", "so-noi-vu", "mat-tran")
    assert made == {(f"thung-lung.{each}", date(2024, 12, 9)) for each in slugs}
    sent = {letter.address for letter in place.valley.run("2024-03-11 08:10")}
    assert sent == {f"agency@{each}.example" for each in slugs}
