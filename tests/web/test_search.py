"""Tìm: with and without diacritics, in one's own plans only, whatever is typed."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from plans.model import Name
from tasks.agencies import load_register, save_agencies
from tasks.database import writing
from tasks.tables import agency, occurrence, paper
from tests.support import ANSWERABLE, FINANCE, PLAN
from tests.web.office import Browser, Office
from tests.web.test_occurrence import SCRIPT, counting
from tests.web.test_overview import many


@pytest.fixture
def alice(office: Office) -> Browser:
    office.valley.record(ANSWERABLE, received="2024-03-11", number="123/QĐ-STC", dated="2024-03-10")
    return office.browser("alice")


def hits(browser: Browser, asked: str) -> list[tuple[str, str]]:
    browser.get("/tim", params={"q": asked})
    main = browser.last.partition("<main")[2].partition("Các kỳ khớp với từ này")[2]
    return [
        (html.unescape(path), html.unescape(text)) for path, text in re.findall(r'<a href="([^"]+)">([^<]+)</a>', main)
    ]


@pytest.mark.asks_the_database
@pytest.mark.parametrize("asked", ["Sở Tài chính", "so tai chinh", "TÀI CHÍNH", "  chinh   tai  "])
def test_bodies_are_found_with_and_without_diacritics(alice: Browser, asked: str) -> None:
    assert (f"/co-quan/{FINANCE}", "Sở Tài chính") in hits(alice, asked)


def test_earlier_names_and_aliases_count(office: Office, alice: Browser) -> None:
    with writing(office.valley.engine) as c:
        body = replace(load_register(c)[FINANCE], names=(Name("Ty Ngân khố"),), aliases=("STC",))
        save_agencies(c, [body])
    assert hits(alice, "ty ngan kho") == [(f"/co-quan/{FINANCE}", "Sở Tài chính")]
    assert (f"/co-quan/{FINANCE}", "Sở Tài chính") in hits(alice, "stc")


def test_plans_and_duties_lead_to_their_pages(alice: Browser) -> None:
    assert (f"/ke-hoach/{PLAN}", "05/KH-UBND") in hits(alice, "05 kh ubnd")
    found = hits(alice, "trien khai")
    assert (f"/ky?ke-hoach={PLAN}&nhiem-vu=ke-hoach&trang-thai=tat-ca", "Kế hoạch triển khai") in found
    alice.get(found[-1][0])


@pytest.mark.asks_the_database
@pytest.mark.parametrize("asked", ["123/QĐ-STC", "123 qd stc", "qđ-stc", "123"])
def test_papers_are_found_by_their_number(alice: Browser, asked: str) -> None:
    assert (f"/ky/{ANSWERABLE}", "123/QĐ-STC") in hits(alice, asked)


def test_a_corrected_number_is_not_found_any_more(office: Office, alice: Browser) -> None:
    office.valley.correct(ANSWERABLE, received="2024-03-11", number="124/BC")
    assert hits(alice, "123") == []
    assert (f"/ky/{ANSWERABLE}", "124/BC") in hits(alice, "124 bc")


def test_documents_of_extensions_are_found(office: Office, alice: Browser) -> None:
    office.valley.extend(f"{PLAN}/ke-hoach/so-noi-vu/once", to="2024-03-29")
    assert (f"/ky/{PLAN}/ke-hoach/so-noi-vu/once", "77/UBND") in hits(alice, "77 ubnd")


def test_odd_words_are_answered_kindly(alice: Browser) -> None:
    assert "Không tìm thấy gì" in html.unescape(alice.get("/tim?q=khongcogi").text)
    for asked in ("", "   ", "%", "_", "'\"", "+++", "\x00", "a " * 150, "%25_%5C"):
        page = html.unescape(alice.get("/tim", params={"q": asked}).text)
        assert "<h1>Tìm</h1>" in page
    assert "Nhập tên cơ quan" in html.unescape(alice.get("/tim").text)


def test_nothing_of_other_units_is_found(office: Office, alice: Browser) -> None:
    sam = office.browser("sam")
    for asked in ("tai chinh", "05 kh ubnd", "trien khai", "123 qd"):
        assert hits(sam, asked) == []
        assert "Tài chính" not in sam.last
    for login in ("ada", "finn"):
        office.browser(login).get("/tim?q=tai", status=403)
    for login in ("henry", "otto"):
        assert hits(office.browser(login), "tai chinh")


def test_queries_do_not_grow_with_rows(office: Office) -> None:
    alice = office.browser("alice")
    alice.get("/tim?q=stc")
    with counting(office.valley.engine) as few:
        alice.get("/tim?q=stc")
    many(office, 80)
    for n in range(30):
        office.valley.record(f"{PLAN}/ke-hoach/so-tai-chinh/k{n}", received="2024-03-11", number=f"{n}/BC-STC")
    with counting(office.valley.engine) as lots:
        page = html.unescape(alice.get("/tim?q=stc").text)
    assert len(lots) == len(few)
    assert "còn nữa" in page


def test_stored_script_is_text(office: Office, alice: Browser) -> None:
    with writing(office.valley.engine) as c:
        c.execute(agency.update().where(agency.c.id == FINANCE).values(name=f"{SCRIPT} Tài chính"))
        c.execute(paper.update().values(number=f"{SCRIPT}123"))
        c.execute(occurrence.update().where(occurrence.c.id == ANSWERABLE).values(extended_by=f"{SCRIPT}77"))
    for asked in ("tai chinh", "123", "77", SCRIPT):
        page = alice.get("/tim", params={"q": asked}).text
        assert SCRIPT not in page
        assert "&lt;script&gt;" in page
