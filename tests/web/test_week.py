"""Trang tuần and Chốt sổ on the dashboard, and the yearly record on the page of a body."""

from __future__ import annotations

import hashlib

from sqlalchemy import event

from app.filestore import FileStore
from app.week.keeping import Kept, keep_pages
from tests.letters.reading import in_order, pages
from tests.support import FINANCE, LEAD, PLAN
from tests.web.office import Office

WEEKS = "/kiem-tra/trang-tuan"
PAGE = f"{WEEKS}/{LEAD}/202413"
MONTH = f"/kiem-tra/chot-so/{LEAD}/202403"


def store(office: Office) -> FileStore:
    return FileStore(office.app.state.office.dondoc.settings.home)


def keep(office: Office, moment: str) -> Kept:
    office.valley.go(moment)
    return keep_pages(office.valley.engine, store(office), sending=True, now=office.valley.now)


def asked(office: Office) -> Office:
    """The head was asked on Monday 25/03/2024; the page was frozen on Friday 29/03."""
    office.valley.run("2024-03-25 07:30")
    keep(office, "2024-03-29 16:00")
    office.valley.go("2024-03-29 16:20")
    return office


def test_the_list_says_what_waits_to_be_looked_over(office: Office) -> None:
    asked(office)
    alice = office.browser("alice")
    answer = alice.get(WEEKS)
    assert "13/2024" in answer.text
    assert "chưa xem" in answer.text
    assert "sẽ gửi 07:30 01/04/2024" in answer.text


def test_the_officer_notes_orders_leaves_out_and_looks(office: Office) -> None:
    asked(office)
    alice = office.browser("alice")
    page = alice.get(PAGE)
    assert "Xin ý kiến chỉ đạo: chưa nhận của 04 cơ quan" in page.text
    saved = alice.post(PAGE, {"revision": "1", "ghi-chu-qua-han": "Đã gọi cả bốn nơi.", "thu-tu-0": "1", "lam": "luu"})
    assert "Cán bộ theo dõi: Đã gọi cả bốn nơi." in saved.text
    assert "chưa xem lại" in saved.text
    done = alice.post(PAGE, {"revision": "2", "de-lai-0": "1", "ly-do-0": "chờ họp giao ban", "lam": "xem"})
    assert "Alice xem lại 16:20 29/03/2024" in done.text
    assert "Cán bộ theo dõi để lại 01 mục" in done.text


def test_leaving_out_needs_a_reason(office: Office) -> None:
    asked(office)
    alice = office.browser("alice")
    alice.get(PAGE)
    answer = alice.post(PAGE, {"revision": "1", "de-lai-0": "1", "lam": "luu", "ghi-chu-den-han": "giữ"}, status=400)
    assert "phải có lý do" in answer.text
    assert ">giữ</textarea>" in answer.text
    assert office.valley.events("week_edited") == []


def test_a_page_that_another_officer_saved_meanwhile_is_not_overwritten(office: Office) -> None:
    asked(office)
    alice = office.browser("alice")
    alice.get(PAGE)
    alice.post(PAGE, {"revision": "1", "ghi-chu-qua-han": "Một.", "lam": "luu"})
    answer = alice.post(PAGE, {"revision": "1", "ghi-chu-qua-han": "Hai.", "lam": "luu"}, status=400)
    assert "người khác sửa" in answer.text


def test_the_head_reads_and_changes_nothing(office: Office) -> None:
    asked(office)
    henry = office.browser("henry")
    assert "Xem lại trước khi gửi" not in henry.get(PAGE).text
    henry.post(PAGE, {"revision": "1", "lam": "xem"}, status=403)


def test_after_it_left_the_page_shows_what_went_out_and_to_whom(office: Office) -> None:
    asked(office)
    assert keep(office, "2024-04-01 07:30") == Kept(0, 1)
    office.valley.run()
    alice = office.browser("alice")
    page = alice.get(PAGE)
    assert "gửi khi chưa ai xem lại" in page.text
    assert "đã gửi" in page.text
    assert "Xem lại trước khi gửi" not in page.text
    answer = alice.post(PAGE, {"revision": "1", "lam": "xem"}, status=400)
    assert "không sửa được nữa" in answer.text
    sheet = alice.get(f"{PAGE}/trang.pdf")
    assert sheet.headers["content-type"] == "application/pdf"
    [told] = pages(sheet.content)
    assert in_order(told, "Báo cáo tuần 13/2024", "chưa xem lại trước khi gửi")
    assert hashlib.sha256(sheet.content).hexdigest() in {
        path.name for path in (office.app.state.office.dondoc.settings.home / "files").rglob("*") if path.is_file()
    }


def test_before_it_leaves_the_sheet_can_be_looked_at(office: Office) -> None:
    asked(office)
    [told] = pages(office.browser("alice").get(f"{PAGE}/trang.pdf").content)
    assert in_order(told, "Báo cáo tuần 13/2024", "chưa xem lại trang này")


def test_how_it_would_look_now_is_shown_and_kept_nowhere(office: Office) -> None:
    alice = office.browser("alice")
    page = alice.get(f"{WEEKS}/{LEAD}")
    assert "bản xem trước" in page.text
    assert len(pages(alice.get(f"{WEEKS}/{LEAD}/trang.pdf").content)) == 1
    assert office.valley.events("week_frozen") == []


def test_a_week_that_nobody_made_is_not_there(office: Office) -> None:
    alice = office.browser("alice")
    for wrong in ("202409", "2024", "abcdef"):
        alice.get(f"{WEEKS}/{LEAD}/{wrong}", status=404)


def test_the_page_costs_the_same_whatever_it_holds(office: Office) -> None:
    """The sheet is set anew for each look until it leaves; nothing is read of the occurrences."""
    asked(office)
    counted: list[str] = []
    event.listen(office.valley.engine, "before_cursor_execute", lambda *a: counted.append(a[2]))
    office.browser("alice").get(PAGE)
    assert not [each for each in counted if "FROM occurrence" in each]


# -- Chốt sổ --


def test_a_month_is_closed_from_its_page_and_shows_what_changed_since(office: Office) -> None:
    office.valley.advance("2024-04-02 08:00")
    alice = office.browser("alice")
    assert "chưa chốt" in alice.get("/kiem-tra/chot-so").text
    assert "Chốt sổ tháng 03/2024" in alice.get(MONTH).text
    preview = alice.get(f"{MONTH}/chot-so.pdf")
    assert in_order(" ".join(pages(preview.content)), "Bản xem trước", "chưa chốt")
    done = alice.post(MONTH, {"can-bo": "Alice", "lanh-dao": ""})
    assert "Đã chốt sổ tháng 03/2024" in done.text
    assert "Không có gì thay đổi" in done.text
    sheet = alice.get(f"{MONTH}/chot-so.pdf")
    assert hashlib.sha256(sheet.content).hexdigest() in done.text
    office.valley.go("2024-04-03 09:00").record(f"{PLAN}/ke-hoach/gia-dinh/once", received="2024-04-03", number="3/GĐ")
    alice = office.browser("alice")  # of another day
    later = alice.get(MONTH)
    assert "Sau khi chốt (1)" in later.text
    assert "chưa nhận, quá hạn" in later.text
    assert "gửi chậm 16 ngày" in later.text
    assert alice.get(f"{MONTH}/chot-so.pdf").content == sheet.content


def test_a_month_is_closed_once_and_not_before_its_end(office: Office) -> None:
    early = office.browser("alice")
    early.get(MONTH)
    assert "chưa hết" in early.post(MONTH, {}, status=400).text
    office.valley.advance("2024-04-02 08:00")
    alice = office.browser("alice")
    alice.post(MONTH, {})
    assert "đã chốt lúc" in alice.post(MONTH, {}, status=400).text


def test_only_who_works_for_the_unit_closes(office: Office) -> None:
    office.valley.advance("2024-04-02 08:00")
    henry = office.browser("henry")
    assert "Họ tên cán bộ" not in henry.get(MONTH).text
    henry.post(MONTH, {}, status=403)
    office.browser("sam").get(MONTH, status=404)


def test_months_that_cannot_be_are_not_there(office: Office) -> None:
    alice = office.browser("alice")
    for wrong in ("202413", "202404", "2024-03"):
        alice.get(f"/kiem-tra/chot-so/{LEAD}/{wrong}", status=404)


# -- Phiếu năm --


def test_the_yearly_record_hangs_on_the_page_of_the_body(office: Office) -> None:
    office.valley.advance("2024-04-02 08:00")
    alice = office.browser("alice")
    page = alice.get(f"/co-quan/{FINANCE}")
    address = f"/co-quan/{FINANCE}/phieu-nam/2024/phieu.pdf"
    assert address in page.text
    told = " ".join(pages(alice.get(address).content))
    assert in_order(told, "PHIẾU THEO DÕI NĂM 2024", "Sở Tài chính", "chưa nhận 1")
    book = alice.get(address.replace(".pdf", ".xlsx"))
    assert book.content.startswith(b"PK")
    alice.get(f"/co-quan/{FINANCE}/phieu-nam/24/phieu.pdf", status=404)
