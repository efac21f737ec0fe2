"""A district ends and communes take over what it still owes: looked at first, then done exactly so."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import expect
from sqlalchemy import select

from tasks.agencies import load_register
from tasks.database import reading
from tasks.model import State
from tasks.tables import agency, occurrence
from tests.browser.place import COMMUNES, DISTRICT, Place, slug

NEW = "UBND xã Sông Mới"


def test_a_district_is_replaced_by_communes(place: Place) -> None:
    page = place.window("alice")
    page.goto("/co-quan")
    page.get_by_label("Tìm", exact=True).fill("song cai")
    page.get_by_role("button", name="Lọc").click()
    page.get_by_role("checkbox", name="Chọn UBND huyện Sông Cái").check()
    page.get_by_role("button", name="Thay cơ quan đã chọn").click()

    # 1. One successor is new.
    page.get_by_text("Cơ quan kế thừa chưa có trong danh mục").click()
    page.get_by_label("Tên cơ quan mới").fill(NEW)
    page.get_by_role("button", name="Thêm cơ quan").click()
    expect(page.get_by_label("Cơ quan kế thừa", exact=True)).to_have_value(NEW)

    # 2. It takes the one report, a commune of the register the other.
    page.get_by_label("Chuyển riêng cho: Báo cáo dân cư").fill(f"ubnd xa {COMMUNES[0]}")
    page.get_by_label("Văn bản làm căn cứ (số, ngày)").fill("1656/NQ-UBTVQH15")
    page.get_by_label("Ngày cuối hoạt động").fill("10/03/2024")
    page.get_by_role("button", name="Chạy thử, chưa chuyển").click()
    expect(page.get_by_text("Chuyển 2 kỳ, căn cứ 1656/NQ-UBTVQH15.")).to_be_visible()
    assert set(heirs(place)) == {None}

    # 3. For good.
    page.get_by_role("button", name="Thay cơ quan").click()
    expect(page.locator(".said-done")).to_contain_text("Đã chuyển 2 kỳ cho cơ quan kế thừa.")
    with reading(place.valley.engine) as c:
        new = c.execute(select(agency.c.id).where(agency.c.name == NEW)).scalar_one()
        ended = load_register(c)[DISTRICT]
    assert heirs(place) == [f"thung-lung/dan-cu/{slug(0)}/once", f"thung-lung/dat-dai/{new.partition('.')[2]}/once"]
    assert ended.until == date(2024, 3, 10)
    assert place.valley.occurrence("thung-lung/dan-cu/huyen/once").state == State.TRANSFERRED


def heirs(place: Place) -> list[str | None]:
    chosen = select(occurrence.c.transferred_to).where(occurrence.c.agency_id == DISTRICT).order_by(occurrence.c.id)
    with reading(place.valley.engine) as c:
        return list(c.execute(chosen).scalars())
