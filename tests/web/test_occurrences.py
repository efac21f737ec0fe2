"""The list of occurrences: filters, pages, and one move for many of them, with nothing half done in silence."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.views.occurrences import ALL, Filters, listing, status_condition
from tasks.database import reading, writing
from tasks.model import Occurrence, State
from tasks.status import Status, status_of
from tasks.tables import occurrence
from tests.support import ANSWERABLE, PLAN
from tests.web.office import Browser, Office
from tests.web.test_occurrence import SCRIPT, counting

INTERIOR = f"{PLAN}/ke-hoach/so-noi-vu/once"
FRONT = f"{PLAN}/ke-hoach/mat-tran/once"
FAMILY = f"{PLAN}/ke-hoach/gia-dinh/once"


@pytest.fixture
def alice(office: Office) -> Browser:
    return office.browser("alice")


def shown(browser: Browser, query: str = "") -> list[str]:
    page = browser.get(f"/ky?{query}").text
    return re.findall(r'<a href="/ky/(thung-lung/[^"]+)"', page)


def fields(page: str, name: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(rf'name="{name}" value="([^"]*)"', page)]


def choose(browser: Browser, what: str, *ids: str, status: int = 200, **more: Any) -> str:
    browser.get("/ky")
    return html.unescape(browser.post(f"/ky/nhieu/{what}", {"ky": list(ids), "loc": "", **more}, status=status).text)


def carry_out(browser: Browser, what: str, *, status: int = 200, **more: Any) -> str:
    """Sends the form of the page that asks once more."""
    form = {name: fields(browser.last, name) for name in ("ky", "times", "loc")}
    return html.unescape(browser.post(f"/ky/nhieu/{what}/lam", {**form, **more}, status=status).text)


def presses(office: Office) -> list[str]:
    return [row.rung for row in office.valley.ledger(ANSWERABLE) if row.rung.startswith("press")]


def copies(office: Office, number: int) -> None:
    """That many more occurrences of Sở Tài chính, a day apart."""
    with writing(office.valley.engine) as c:
        row = dict(c.execute(select(occurrence).where(occurrence.c.id == ANSWERABLE)).one()._mapping)
        made = []
        for n in range(number):
            day = date(2024, 5, 1) + timedelta(days=n)
            made.append(
                {**row, "id": f"{PLAN}/ke-hoach/so-tai-chinh/k{n}", "period": f"k{n}", "last_day": day}
                | {"due": day, "late_after": day, "next_check_at": None}
            )
        c.execute(occurrence.insert(), made)


def test_what_is_open_stands_there_in_order_of_its_day(office: Office, alice: Browser) -> None:
    office.valley.waive(FRONT)
    office.valley.extend(INTERIOR, to="2024-03-29")
    found = shown(alice)
    assert FRONT not in found
    assert found[-1] == INTERIOR
    assert len(found) == 4


@pytest.mark.asks_the_database
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=tai+chinh", [ANSWERABLE]),
        ("q=T%C3%A0i+ch%C3%ADnh", [ANSWERABLE]),
        ("q=noi+vu+ke+hoach", [INTERIOR]),
        ("q=khong+co+gi", []),
        ("q=%2B%2B", []),
        ("co-quan=thung-lung.mat-tran", [FRONT]),
        ("trang-thai=waived", []),
        ("den=14/03/2024", []),
        ("tu=15/03/2024&den=15/03/2024&co-quan=thung-lung.mat-tran", [FRONT]),
        ("ke-hoach=khong-co", []),
        ("ke-hoach=thung-lung&nhiem-vu=ke-hoach&ky=once&co-quan=thung-lung.mat-tran", [FRONT]),
    ],
)
def test_filters_stand_in_the_address(alice: Browser, query: str, expected: list[str]) -> None:
    assert shown(alice, query) == expected


def test_a_day_that_is_none_is_said_and_the_rest_still_filters(alice: Browser) -> None:
    page = html.unescape(alice.get("/ky?tu=31/02/2024&q=tai+chinh").text)
    assert "không phải ngày" in page
    assert "Sở Tài chính" in page


def test_odd_addresses_do_no_harm(alice: Browser) -> None:
    for query in ("trang=9999999", "trang=-1", "trang=x", "trang-thai=%27", "q=%25_%5C", "q=" + "a+" * 90):
        alice.get(f"/ky?{query}")


def test_the_status_of_the_database_is_the_status_of_the_rules(office: Office) -> None:
    """Every status on every day around each edge, for the stored states and both kinds of lateness."""
    with writing(office.valley.engine) as c:
        row = dict(c.execute(select(occurrence).where(occurrence.c.id == ANSWERABLE)).one()._mapping)
        made = []
        for n, state in enumerate(State):
            for before in (True, False):
                for late in (None, 0, 3):
                    key = {"id": f"x/{n}/{before}/{late}", "state": state.value, "before_tracking": before}
                    made.append({**row, **key, "days_late": late, "next_check_at": None})
        c.execute(occurrence.insert(), made)
    for today in (date(2024, 3, d) for d in (7, 8, 15, 16, 18, 19)):
        with reading(office.valley.engine) as c:
            found = [Occurrence.from_row(r) for r in c.execute(select(occurrence))]
            for status in Status:
                chosen = select(occurrence.c.id).where(status_condition(status, today=today))
                asked = set(c.execute(chosen).scalars())
                assert asked == {o.id for o in found if status_of(o, today=today) is status}, (status, today)


def test_pages_hold_fifty_and_keep_the_filters(office: Office, alice: Browser) -> None:
    copies(office, 120)
    first = alice.get("/ky?q=tai+chinh").text
    assert "Trang 1/3" in first
    assert 'href="/ky?q=tai+chinh&amp;trang=2"' in first
    assert len(shown(alice, "q=tai+chinh&trang=3")) == 21


def test_queries_do_not_grow_with_rows(office: Office, alice: Browser) -> None:
    alice.get("/ky")
    with counting(office.valley.engine) as few:
        alice.get("/ky")
    copies(office, 60)
    with counting(office.valley.engine) as many:
        alice.get("/ky")
    assert len(many) == len(few)


def test_other_units_see_nothing_of_it(office: Office, alice: Browser) -> None:
    sam = office.browser("sam")
    assert shown(sam, "trang-thai=tat-ca") == []
    assert "KH 05/KH-UBND" not in sam.last
    for what in ("chap-nhan", "nhac", "gia-han"):
        choose(sam, what, ANSWERABLE, status=404)
        sam.post(f"/ky/nhieu/{what}/lam", {"ky": f"{ANSWERABLE}|x", "to": "1/4/2024", "document": "7"}, status=404)
    assert presses(office) == []


def test_only_who_works_can_choose(office: Office) -> None:
    for login in ("henry", "otto"):
        browser = office.browser(login)
        assert 'type="checkbox"' not in browser.get("/ky").text
        browser.post("/ky/nhieu/chap-nhan", {"ky": ANSWERABLE}, status=403)
    for login in ("ada", "finn"):
        office.browser(login).get("/ky", status=403)


def test_what_waits_is_accepted_and_the_rest_named(office: Office, alice: Browser) -> None:
    for it in (ANSWERABLE, INTERIOR):
        office.valley.record(it, received="2024-03-11", number="1/BC", review=True)
    page = choose(alice, "chap-nhan", ANSWERABLE, INTERIOR, FRONT)
    assert "Chấp nhận: 2 kỳ" in page
    assert "Không làm được, sẽ để nguyên (1)" in page
    office.valley.correct(INTERIOR, received="2024-03-11", number="2/BC")  # somebody else, meanwhile
    page = carry_out(alice, "chap-nhan")
    assert "Đã làm 1 kỳ; không làm được 1 kỳ." in page
    assert "vừa được người khác thay đổi" in page
    assert office.valley.occurrence(ANSWERABLE).state is State.ACCEPTED
    assert office.valley.occurrence(INTERIOR).state is State.RECEIVED


def test_an_extension_of_all_by_one_document(office: Office, alice: Browser) -> None:
    office.valley.extend(FRONT, to="2024-04-30")
    alice.get("/ky")
    page = html.unescape(alice.post("/ky/nhieu/gia-han", {"loc": "q=ke+hoach", "pham-vi": "tat-ca"}).text)
    assert "5 kỳ" in page
    assert "Thiếu hạn mới" in carry_out(alice, "gia-han", to="", document="77/UBND", status=400)
    assert 'value="77/UBND"' in alice.last
    assert office.valley.occurrence(ANSWERABLE).extended_by is None
    page = carry_out(alice, "gia-han", to="29/03/2024", document="77/UBND")
    assert "Đã làm 4 kỳ; không làm được 1 kỳ." in page
    assert "không sau hạn hiện nay" in page
    assert office.valley.occurrence(ANSWERABLE).extended_by == "77/UBND"
    assert office.valley.occurrence(FRONT).last_day == date(2024, 4, 30)


def test_pressing_names_whom_and_sends_once(office: Office, alice: Browser) -> None:
    page = choose(alice, "nhac", ANSWERABLE, FAMILY)
    assert "agency@so-tai-chinh.example" in page
    assert "Thông báo thứ nhất" in page
    assert presses(office) == []
    form = {name: fields(alice.last, name) for name in ("ky", "times", "loc")}
    page = carry_out(alice, "nhac", note="Đề nghị gửi sớm.")
    assert "Đã làm 1 kỳ; không làm được 1 kỳ." in page
    assert "không nhận thông báo" in page
    again = html.unescape(alice.post("/ky/nhieu/nhac/lam", form).text)
    assert "Đã làm 0 kỳ" in again
    assert presses(office) == ["press-1"]
    assert office.valley.events("press", ANSWERABLE)[0].data["note"] == "Đề nghị gửi sớm."


def test_nothing_chosen_and_too_much_are_said(office: Office, alice: Browser) -> None:
    assert "Chưa chọn kỳ nào" in choose(alice, "nhac", status=400)
    copies(office, 501)
    alice.get("/ky")
    page = alice.post("/ky/nhieu/nhac", {"loc": "", "pham-vi": "tat-ca"}, status=400).text
    assert "tối đa 500 kỳ" in html.unescape(page)
    choose(alice, "xoa", ANSWERABLE, status=404)
    choose(alice, "nhac", "khong/co/ky/nay", status=404)


def test_stored_script_is_text_in_the_list_and_in_results(office: Office, alice: Browser) -> None:
    with writing(office.valley.engine) as c:
        c.execute(occurrence.update().where(occurrence.c.id == ANSWERABLE).values(extended_by=SCRIPT, number=SCRIPT))
    assert SCRIPT not in alice.get(f"/ky?q={SCRIPT}").text
    assert SCRIPT not in alice.get("/ky").text
    assert "&lt;script&gt;" in alice.last


def test_the_address_of_filters_leads_back_to_them() -> None:
    asked = Filters(plan="p", status=ALL, start=date(2024, 3, 1), words="sở tài", page=2)
    assert asked.query() == "ke-hoach=p&trang-thai=tat-ca&tu=01%2F03%2F2024&q=s%E1%BB%9F+t%C3%A0i&trang=2"
    assert Filters().query() == ""


def test_the_list_of_nobody_is_empty(office: Office) -> None:
    with reading(office.valley.engine) as c:
        assert listing(c, frozenset(), Filters(status=ALL), today=date(2024, 3, 11)).total == 0
