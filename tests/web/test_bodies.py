"""Cơ quan: what each role sees of the list and of one body, its addresses, and the numbers of the record."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.views.bodies import Filters, Reach, listing
from notifications.contacts import contacts_of, remove_contact
from tasks import intake
from tasks.audit import report
from tasks.database import reading, writing
from tasks.tables import occurrence
from tests.support import ANSWERABLE, COMMUNES, FAMILY, FINANCE, FRONT, INTERIOR, LEAD, PLAN, plan_text
from tests.web.office import FOREIGN, Browser, Office
from tests.web.test_occurrence import SCRIPT, counting

PAGE = f"/co-quan/{FINANCE}"
INTERIOR_DUTY = f"{PLAN}/ke-hoach/so-noi-vu/once"
FRONT_DUTY = f"{PLAN}/ke-hoach/mat-tran/once"


@pytest.fixture
def alice(office: Office) -> Browser:
    return office.browser("alice")


def seen(browser: Browser, path: str, *, status: int = 200) -> str:
    return html.unescape(browser.get(path, status=status).text)


def contacts(office: Office, agency: str = FINANCE) -> list[tuple[str, str, str]]:
    with reading(office.valley.engine) as c:
        return [(each.role.value, each.name, each.address) for each in contacts_of(c, agency)]


def an_address(**changed: str) -> dict[str, str]:
    return {
        "vai-tro": "agency",
        "ten": "Phòng Tổng hợp",
        "dia-chi": "tonghop@stc.example",
        "cach": "email",
        "dien-thoai": "0212 123",
        **changed,
    }


@pytest.mark.parametrize("login", ["alice", "henry", "otto"])
def test_the_units_people_see_its_bodies_and_only_the_officer_may_change(office: Office, login: str) -> None:
    listed, page = seen(office.browser(login), "/co-quan"), seen(office.browser(login), PAGE)
    assert "Sở Tài chính" in listed
    assert "Ủy ban MTTQ Việt Nam Thung Lũng" in listed
    assert "Kế hoạch triển khai" in page
    assert "Mục IV.1" in page
    assert ("Thay cơ quan" in page, "Thêm người nhận" in page) == (login == "alice", login == "alice")


def test_another_unit_sees_neither_list_nor_page(office: Office) -> None:
    sam = office.browser("sam")
    assert "Sở Tài chính" not in seen(sam, "/co-quan")
    assert "Chưa có cơ quan nào" in sam.last
    sam.get(PAGE, status=404)
    office.browser("alice").get(f"/co-quan/{FOREIGN}", status=404)
    office.browser("alice").get("/co-quan/khong.co", status=404)
    for login in ("ada", "finn"):
        office.browser(login).get("/co-quan", status=403)
        office.browser(login).get(PAGE, status=403)


def test_the_list_says_who_cannot_be_reached(office: Office, alice: Browser) -> None:
    found = {row.id: row for row in rows(office)}
    assert found[FINANCE].reach is Reach.OK
    assert found[COMMUNES].reach is Reach.THROUGH_LEAD
    assert found[FAMILY].reach is Reach.NEVER
    assert "Không liên lạc được" in seen(alice, "/co-quan")

    with writing(office.valley.engine) as c:
        held = contacts_of(c, FRONT)
        remove_contact(c, held[0].id, now=office.valley.now, actor="test")
    page = seen(alice, "/co-quan?loc=khong-lien-lac")
    assert "Ủy ban MTTQ" in page
    assert "Sở Tài chính</a>" not in page


def rows(office: Office, **filters: Any) -> Any:
    with reading(office.valley.engine) as c:
        today = office.valley.now.date()
        return listing(c, frozenset({LEAD}), Filters(**filters), today=today).rows


def test_the_list_is_searched_without_diacritics_and_narrowed(office: Office, alice: Browser) -> None:
    assert "Sở Tài chính</a>" in seen(alice, "/co-quan?q=so tai chinh")
    assert "Sở Nội vụ</a>" not in alice.last
    assert "Không có cơ quan nào" in seen(alice, "/co-quan?q=khong-co-ai")
    office.valley.advance("2024-03-25 08:00")
    office.valley.record(ANSWERABLE, received="2024-03-12")
    alice = office.browser("alice")
    late = seen(alice, "/co-quan?loc=qua-han&xep=qua-han")
    assert "Sở Nội vụ</a>" in late
    assert "Sở Tài chính</a>" not in late
    assert "Sở Tài chính</a>" not in seen(alice, "/co-quan?ke-hoach=khong-co")
    assert "Cơ quan" in seen(alice, "/co-quan?loc=sai&xep=sai&trang=99")


def test_the_record_is_that_of_the_audit(office: Office) -> None:
    """Every way to come in time, late, not at all, and to be returned."""
    valley = office.valley
    copies(office, 12)
    kinds = [f"{PLAN}/ke-hoach/so-tai-chinh/k{n}" for n in range(12)]
    valley.go("2024-03-12 08:00")
    valley.record(kinds[0], received="2024-03-11")
    valley.record(kinds[1], received="2024-03-12", review=True)
    valley.record(kinds[2], received="2024-03-11")
    valley.give_back(kinds[2], "2024-03-20")
    valley.claim(kinds[3])
    valley.waive(kinds[4])
    valley.go("2024-04-20 08:00")
    valley.record(kinds[5], received="2024-04-19")
    valley.record(kinds[6], received="2024-04-19")
    valley.give_back(kinds[6], "2024-05-20")
    valley.record(kinds[7], received="2024-03-10")
    valley.give_back(kinds[7], "2024-05-20")
    valley.claim(kinds[8])
    for today in ("2024-03-13 08:00", "2024-04-20 08:00", "2024-05-30 08:00"):
        valley.go(today)
        with reading(valley.engine) as c:
            expected = {
                rate.agency: (rate.on_time, rate.late, rate.missing) for rate in report(c, now=valley.now).rates
            }
        found = {
            row.id: (row.record.on_time, row.record.late, row.record.missing) for row in rows(office) if row.record.due
        }
        assert found == expected, today


def copies(office: Office, number: int) -> None:
    """That many more occurrences of Sở Tài chính, due from 16/03/2024 on."""
    with writing(office.valley.engine) as c:
        row = dict(c.execute(select(occurrence).where(occurrence.c.id == ANSWERABLE)).one()._mapping)
        made = []
        for n in range(number):
            day = date(2024, 3, 16) + timedelta(days=n % 5)
            made.append(
                {**row, "id": f"{PLAN}/ke-hoach/so-tai-chinh/k{n}", "period": "once", "last_day": day}
                | {"due": day, "late_after": day, "next_check_at": None}
            )
        c.execute(occurrence.insert(), made)


def test_the_page_tells_duties_years_names_and_end(office: Office, alice: Browser) -> None:
    office.valley.record(ANSWERABLE, received="2024-03-11")
    page = seen(alice, PAGE)
    assert "100%" in page
    assert "Không còn kỳ nào chưa xong" in page
    office.valley.end_body(INTERIOR, "2024-03-10")
    page = seen(alice, f"/co-quan/{INTERIOR}")
    assert "10/03/2024" in page
    assert "Đã kết thúc" in page


def test_an_address_is_added_changed_and_ended(office: Office, alice: Browser) -> None:
    alice.get(PAGE)
    assert "Đã thêm địa chỉ" in alice.post(f"{PAGE}/dia-chi", an_address()).text
    assert ("agency", "Phòng Tổng hợp", "tonghop@stc.example") in contacts(office)
    with reading(office.valley.engine) as c:
        held = next(each for each in contacts_of(c, FINANCE) if each.address == "tonghop@stc.example")

    alice.post(f"{PAGE}/dia-chi/{held.id}/sua", an_address(**{"dia-chi": "vp@stc.example", "ten": "Văn phòng"}))
    assert ("agency", "Văn phòng", "vp@stc.example") in contacts(office)
    assert "tonghop@stc.example" not in {address for *_rest, address in contacts(office)}
    kinds = [event.kind for event in office.valley.events() if event.kind.startswith("contact_")]
    assert kinds[-3:] == ["contact_added", "contact_removed", "contact_added"]
    assert office.valley.events("contact_removed")[-1].actor == "alice"

    with reading(office.valley.engine) as c:
        held = next(each for each in contacts_of(c, FINANCE) if each.address == "vp@stc.example")
    alice.post(f"{PAGE}/dia-chi/{held.id}/thoi")
    assert "vp@stc.example" not in {address for *_rest, address in contacts(office)}
    alice.post(f"{PAGE}/dia-chi/{held.id}/thoi", status=404)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"dia-chi": "khong-phai-thu"}, "không đúng dạng"),
        ({"ten": " "}, "Thiếu họ tên"),
        ({"cach": "url"}, "không phải URL"),
        ({"cach": "bo-cau"}, "Chọn cách gửi"),
        ({"vai-tro": "head"}, "Chọn vai trò"),
        ({"ten": "a" * 300}, "dài quá"),
    ],
)
def test_a_wrong_address_is_refused_and_what_was_typed_is_kept(
    office: Office, alice: Browser, typed: dict[str, str], said: str
) -> None:
    before = contacts(office)
    page = html.unescape(alice.post(f"{PAGE}/dia-chi", an_address(**typed), status=400).text)
    assert said in page
    assert 'value="0212 123"' in page
    assert contacts(office) == before


def test_only_the_unit_itself_names_its_officer_and_head(office: Office, alice: Browser) -> None:
    assert "Người làm thay" not in seen(alice, PAGE)
    alice.get(f"/co-quan/{LEAD}")
    alice.post(f"/co-quan/{LEAD}/dia-chi", an_address(**{"vai-tro": "head", "ten": "Lãnh đạo mới"}))
    assert "Lãnh đạo mới" in {name for _role, name, _address in contacts(office, LEAD)}


def test_an_address_of_another_body_is_not_there(office: Office, alice: Browser) -> None:
    with reading(office.valley.engine) as c:
        other = contacts_of(c, INTERIOR)[0].id
    alice.post(f"{PAGE}/dia-chi/{other}/thoi", status=404)
    alice.post(f"{PAGE}/dia-chi/{other}/sua", an_address(), status=404)
    office.browser("sam").post(f"{PAGE}/dia-chi", an_address(), status=404)
    for login in ("henry", "otto", "ada", "finn"):
        office.browser(login).post(f"{PAGE}/dia-chi", an_address(), status=403)


def test_a_secret_address_is_never_shown_and_stays_when_left_blank(office: Office, alice: Browser) -> None:
    office.valley.contact(FINANCE, "agency", "tgram://bi-mat/chat", channel="url", name="Nhóm chat")
    assert "bi-mat" not in seen(alice, PAGE)
    with reading(office.valley.engine) as c:
        held = next(each for each in contacts_of(c, FINANCE) if each.channel == "url")
    alice.post(f"{PAGE}/dia-chi/{held.id}/sua", an_address(**{"cach": "url", "dia-chi": "", "ten": "Nhóm mới"}))
    assert ("agency", "Nhóm mới", "tgram://bi-mat/chat") in contacts(office)


def test_a_script_in_every_text_is_only_text(office: Office, alice: Browser) -> None:
    alice.get(PAGE)
    alice.post(f"{PAGE}/dia-chi", an_address(ten=SCRIPT, **{"dien-thoai": SCRIPT[:40]}))
    page = alice.get(PAGE).text
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page
    assert SCRIPT not in alice.post(f"{PAGE}/dia-chi", an_address(ten=SCRIPT, **{"dia-chi": SCRIPT}), status=400).text
    assert SCRIPT not in alice.get("/co-quan", params={"q": SCRIPT, "ke-hoach": SCRIPT}).text


@pytest.mark.asks_the_database
@pytest.mark.parametrize("path", ["/co-quan", PAGE])
def test_the_number_of_queries_does_not_grow_with_rows(office: Office, alice: Browser, path: str) -> None:
    alice.get(path)
    with counting(office.valley.engine) as few:
        alice.get(path)
    copies(office, 60)
    with counting(office.valley.engine) as many:
        alice.get(path)
    assert len(many) == len(few)


def test_bodies_of_a_draft_plan_can_be_given_addresses_before_it_starts(office: Office) -> None:
    with writing(office.valley.engine) as c:
        text = (
            plan_text()
            .replace(b"plan: thung-lung", b"plan: nhap-moi")
            .replace(b"responsible: [so-tai-chinh", b"responsible: [so-moi, so-tai-chinh")
        )
        intake.add_plan(c, text, file="x.yaml", now=office.valley.now, actor="alice")
    alice = office.browser("alice")
    assert "Sở Mới" in seen(alice, "/co-quan")
    alice.get("/co-quan/thung-lung.so-moi")
    office.browser("sam").get("/co-quan/thung-lung.so-moi", status=404)


def test_a_body_gets_another_name_on_its_page(office: Office, alice: Browser) -> None:
    alice.get(f"/co-quan/{FINANCE}")
    form = {"ten-moi": "Sở Tài chính và Kế hoạch", "tu": "01/03/2024", "van-ban": "5/QĐ"}
    page = alice.post(f"/co-quan/{FINANCE}/ten", form).text
    assert "<h1>Sở Tài chính và Kế hoạch</h1>" in page
    assert re.search(r"Tên trước</dt><dd>Sở Tài chính .*đến 29/02/2024", page)
    refused = alice.post(f"/co-quan/{FINANCE}/ten", {**form, "ten-moi": SCRIPT, "tu": "32/01/2024"}, status=400).text
    assert "không phải ngày" in refused
    assert SCRIPT not in refused
