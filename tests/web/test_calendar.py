"""Lịch: a month with its deadlines and days off, narrowed by plan and body, for one's own units only."""

from __future__ import annotations

import html

import pytest

from tasks.database import writing
from tasks.office import mark_day
from tests.support import ANSWERABLE, FINANCE, PLAN, at
from tests.web.office import Browser, Office
from tests.web.test_bodies import copies
from tests.web.test_occurrence import SCRIPT, counting


@pytest.fixture
def alice(office: Office) -> Browser:
    return office.browser("alice")


def seen(browser: Browser, query: str = "", *, status: int = 200) -> str:
    return html.unescape(browser.get(f"/lich?{query}", status=status).text)


@pytest.mark.parametrize("login", ["alice", "henry", "otto"])
def test_the_month_shows_a_duty_of_all_its_bodies_once(office: Office, login: str) -> None:
    page = seen(office.browser(login))
    assert "Lịch tháng 03/2024" in page
    assert "5 kỳ đến hạn, 5 chưa xong, 0 quá hạn" in page
    assert page.count('class="entry entry-open"') == 1
    assert f"/ky?ke-hoach={PLAN}&nhiem-vu=ke-hoach&ky=once&trang-thai=tat-ca" in page


def test_other_roles_and_units_see_nothing_of_it(office: Office) -> None:
    assert "Không có hạn nào trong tháng này" in seen(office.browser("sam"))
    assert "KH 05" not in seen(office.browser("sam"), f"ke-hoach={PLAN}&co-quan={FINANCE}")
    for login in ("ada", "finn"):
        office.browser(login).get("/lich", status=403)


def test_what_was_returned_stands_on_the_day_of_sending_again(office: Office, alice: Browser) -> None:
    office.valley.record(ANSWERABLE, received="2024-03-11")
    assert "xong 1" in seen(alice, f"co-quan={FINANCE}")
    office.valley.give_back(ANSWERABLE, "2024-04-02")
    assert "Không có hạn nào" in seen(alice, f"co-quan={FINANCE}")
    assert "Sở Tài chính" in seen(alice, f"co-quan={FINANCE}&thang=04/2024")


def test_days_off_have_their_names_and_the_office_may_change_them(office: Office, alice: Browser) -> None:
    assert "Ngày Chiến thắng" in seen(alice, "thang=04/2024")
    with writing(office.valley.engine) as c:
        day, saturday = at("2024-03-20 08:00").date(), at("2024-03-23 08:00").date()
        mark_day(c, day, working=False, name="Nghỉ lễ hội", now=office.valley.now, actor="test")
        mark_day(c, saturday, working=True, name="", now=office.valley.now, actor="test")
    page = seen(alice)
    assert "Nghỉ lễ hội" in page
    assert "làm bù" in page


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("2/2024", "02/2024"), ("2024-12", "12/2024"), ("13/2024", "03/2024"), ("x", "03/2024"), ("1/99999", "03/2024")],
)
def test_the_month_is_read_strictly(alice: Browser, asked: str, shown: str) -> None:
    assert f"Lịch tháng {shown}" in seen(alice, f"thang={asked}")


def test_it_is_narrowed_and_shown_as_a_list(office: Office, alice: Browser) -> None:
    office.valley.record(ANSWERABLE, received="2024-03-11")
    assert "Không có hạn nào" in seen(alice, f"co-quan={FINANCE}&chua-xong=1")
    assert "4 kỳ đến hạn" in seen(alice, "chua-xong=1")
    assert "Không có hạn nào" in seen(alice, "ke-hoach=khong-co")
    assert "Xem dạng tháng" in seen(alice, "xem=danh-sach")
    assert SCRIPT not in alice.get("/lich", params={"thang": SCRIPT, "ke-hoach": SCRIPT, "co-quan": SCRIPT}).text


def test_the_number_of_queries_does_not_grow_with_rows(office: Office, alice: Browser) -> None:
    alice.get("/lich")
    with counting(office.valley.engine) as few:
        alice.get("/lich")
    copies(office, 60)
    with counting(office.valley.engine) as many:
        alice.get("/lich")
    assert len(many) == len(few)
