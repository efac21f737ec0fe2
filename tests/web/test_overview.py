"""Tổng quan: every number is a list with as many rows, each role sees its own, and nothing grows with the register."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.doctor.model import broken
from tasks import desk, hold
from tasks.database import writing
from tasks.desk import RequestKind
from tasks.tables import agency, occurrence
from tasks.tables import plan as plan_table
from tests.support import ANSWERABLE, FINANCE, LEAD, PLAN
from tests.web.office import Browser, Office
from tests.web.test_occurrence import SCRIPT, counting

INTERIOR = f"{PLAN}/ke-hoach/so-noi-vu/once"
FRONT = f"{PLAN}/ke-hoach/mat-tran/once"


@pytest.fixture
def alice(office: Office) -> Browser:
    return office.browser("alice")


def numbers(page: str, text: str = "") -> list[tuple[int, str]]:
    """What links say a number, and where they lead."""
    found = re.findall(r'<a[^>]*href="(/ky\?[^"]*)"[^>]*>(.*?)</a>', page, re.S)
    return [
        (int(number[1]), html.unescape(path))
        for path, inner in found
        if text in inner and (number := re.search(r"<b>(\d+)</b>|^(\d+)$", inner)) and number[1]
    ]


def rows(browser: Browser, path: str) -> int:
    found = re.search(r"(\d+) kỳ theo bộ lọc", html.unescape(browser.get(path).text))
    assert found
    return int(found[1])


def many(office: Office, number: int) -> None:
    """That many more occurrences, a day apart, some of them late."""
    with writing(office.valley.engine) as c:
        row = dict(c.execute(select(occurrence).where(occurrence.c.id == ANSWERABLE)).one()._mapping)
        made = []
        for n in range(number):
            day = date(2024, 2, 20) + timedelta(days=n % 90)
            made.append({**row, "id": f"{PLAN}/ke-hoach/so-tai-chinh/k{n}", "period": f"k{n}", "last_day": day})
            made[-1] |= {"due": day, "late_after": day, "next_check_at": office.valley.now}
        c.execute(occurrence.insert(), made)


def test_every_number_leads_to_a_list_with_as_many_rows(office: Office, alice: Browser) -> None:
    many(office, 40)
    v = office.valley
    v.claim(INTERIOR)
    v.record(FRONT, received="2024-03-11", number="1/BC", review=True)
    with writing(v.engine) as c:
        desk.ask(c, ANSWERABLE, kind=RequestKind.OBSTACLE, text="x", now=v.now, actor="finn")
    v.end_body("thung-lung.cap-xa", "2024-03-01")
    found = numbers(alice.get("/tong-quan").text)
    assert len(found) > 20
    assert sum(number > 0 for number, _path in found) > 8
    for number, path in found:
        assert rows(alice, path) == number, path


def test_who_is_late_stands_there_with_how_long(office: Office) -> None:
    office.valley.advance("2024-03-25 08:00")
    page = html.unescape(office.browser("alice").get("/tong-quan").text)
    assert "Quá hạn theo cơ quan (5)" in page
    assert "7 ngày" in page


def test_what_the_morning_will_send_is_what_it_sends(office: Office) -> None:
    office.valley.go("2024-03-19 16:00").advance()
    page = html.unescape(office.browser("alice").get("/tong-quan").text)
    assert "Sáng thứ Tư 20/03/2024, 07h30" in page
    told = {re.sub(r"<[^>]+>", "", each).strip() for each in re.findall(r"<li><a href=\"/ra-soat.*?</li>", page)}
    assert "4 nhắc quá hạn lần 1 → cơ quan" in told
    office.valley.advance("2024-03-20 07:30")
    queued = [row for row in office.valley.ledger() if row.rung == "overdue-1" and row.status == "queued"]
    assert len(queued) == 4


def test_who_cannot_be_reached_is_named(office: Office, alice: Browser) -> None:
    assert "Ai cũng có địa chỉ" in html.unescape(alice.get("/tong-quan").text)
    with writing(office.valley.engine) as c:
        from notifications.tables import contact

        c.execute(contact.update().where(contact.c.agency_id.in_((FINANCE, LEAD))).values(active=False))
    page = html.unescape(alice.get("/tong-quan").text)
    assert "2 nơi chưa có địa chỉ" in page
    assert "chưa có địa chỉ cán bộ theo dõi" in page
    assert f'href="/co-quan/{FINANCE}"' in page


def test_a_standstill_and_a_silent_scheduler_are_said_plainly(office: Office, alice: Browser) -> None:
    with writing(office.valley.engine) as c:
        hold.hold(c, why="by_hand", now=office.valley.now, actor="alice")
    object.__setattr__(
        office.app.state.office, "scheduling", lambda _now: [broken("Prefect không trả lời.", "dondoc up")]
    )
    for login, path in (("alice", "/tong-quan"), ("henry", "/tong-quan"), ("ada", "/he-thong")):
        page = html.unescape(office.browser(login).get(path).text)
        assert "Tạm dừng gửi từ" in page
        assert "Prefect không trả lời." in page


def test_the_head_is_asked_and_answers_with_one_click(office: Office) -> None:
    office.valley.advance("2024-03-25 08:00")
    henry = office.browser("henry")
    page = html.unescape(henry.get("/tong-quan").text)
    assert "Xin ý kiến chỉ đạo (4)" in page  # the Front is only asked: nothing of it goes to the head
    assert "Ghi nhận văn bản đến" not in page
    henry.post(f"/ky/{ANSWERABLE}/dong-y", {"text": ""})
    assert "Xin ý kiến chỉ đạo (3)" in html.unescape(henry.get("/tong-quan").text)
    assert "Xin ý kiến chỉ đạo" not in html.unescape(office.browser("alice").get("/tong-quan").text)


def test_each_role_sees_its_own(office: Office) -> None:
    otto = html.unescape(office.browser("otto").get("/tong-quan").text)
    assert "Quá hạn theo cơ quan" in otto
    assert "Đồng ý gửi" not in otto
    sam = html.unescape(office.browser("sam").get("/tong-quan").text)
    assert "Chưa theo dõi kế hoạch nào." in sam
    assert "Tài chính" not in sam
    assert {number for number, _path in numbers(sam)} == {0}
    for login in ("ada", "finn"):
        office.browser(login).get("/tong-quan", status=403)
    ada = html.unescape(office.browser("ada").get("/").text)
    assert "tài khoản đang dùng" in ada
    assert 'role="search"' not in ada
    for login in ("alice", "henry", "otto", "finn"):
        office.browser(login).get("/he-thong", status=403)


def test_the_administrator_sees_units_that_nobody_works_for(office: Office) -> None:
    assert "<b>0</b>đơn vị chưa có" in html.unescape(office.browser("ada").get("/he-thong").text)
    with writing(office.valley.engine) as c:
        c.execute(plan_table.update().values(lead="thung-lung.so-moi"))
    page = html.unescape(office.browser("ada").get("/he-thong").text)
    assert "<b>1</b>đơn vị chưa có" in page
    assert "Sở Mới" in page


def test_queries_do_not_grow_with_rows(office: Office) -> None:
    office.valley.advance("2024-03-25 08:00")
    many(office, 3)
    alice = office.browser("alice")
    alice.get("/tong-quan")
    with counting(office.valley.engine) as few:
        alice.get("/tong-quan")
    many_more = 700
    with writing(office.valley.engine) as c:
        c.execute(occurrence.delete().where(occurrence.c.period.like("k%")))
    many(office, many_more)
    with counting(office.valley.engine) as lots:
        alice.get("/tong-quan")
    assert len(lots) == len(few)


def test_stored_script_is_text(office: Office) -> None:
    office.valley.advance("2024-03-25 08:00")
    with writing(office.valley.engine) as c:
        c.execute(agency.update().where(agency.c.id == FINANCE).values(name=SCRIPT))
    for login in ("alice", "henry"):
        page = office.browser(login).get("/tong-quan").text
        assert SCRIPT not in page
        assert "&lt;script&gt;" in page
