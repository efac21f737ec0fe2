"""iCalendar feeds, read as a calendar reads them: whose events, what becomes of them, and who may not read them."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from icalendar import Calendar, Event
from sqlalchemy import select

from people import accounts
from people.tables import token
from tasks.agencies import load_register, save_agencies
from tasks.database import reading, writing
from tests.support import ANSWERABLE, FINANCE, HEIR, PLAN
from tests.web.office import Browser, Office
from tests.web.test_bodies import copies
from tests.web.test_occurrence import SCRIPT, counting
from tests.web.test_succession import foreign_plan

OF_AGENCY = f"/co-quan/{FINANCE}/lich"


@pytest.fixture
def alice(office: Office) -> Browser:
    return office.browser("alice")


def made(browser: Browser, path: str = "/lich/dang-ky", name: str = "Điện thoại") -> str:
    """The path of a new feed."""
    browser.get("/lich")
    found = re.search(r"http://testserver(/ical/[\w-]+\.ics)", browser.post(path, {"ten": name}).text)
    assert found
    return found[1]


def events(office: Office, path: str) -> dict[str, Event]:
    """What a calendar program reads there, signed in as nobody."""
    answer = office.browser().get(path)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    return {str(event["UID"]): event for event in calendar.walk("VEVENT") if isinstance(event, Event)}


def test_an_agencys_feed_holds_its_own_deadlines_as_whole_days(office: Office, alice: Browser) -> None:
    found = events(office, made(alice, OF_AGENCY))
    event = found.pop(f"{ANSWERABLE}@dondoc")
    assert found == {}
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2024, 3, 15), date(2024, 3, 16))
    assert str(event["SUMMARY"]) == "Hạn gửi: Kế hoạch triển khai"
    assert str(event["STATUS"]) == "CONFIRMED"


def test_the_uid_stays_and_the_sequence_grows_whatever_happens(office: Office, alice: Browser) -> None:
    path, valley = made(alice, OF_AGENCY), office.valley
    seen = [events(office, path)[f"{ANSWERABLE}@dondoc"]]
    for work in (
        lambda: valley.extend(ANSWERABLE, to="2024-03-29"),
        lambda: valley.record(ANSWERABLE, received="2024-03-11"),
        lambda: valley.reopen(ANSWERABLE),
        lambda: valley.transfer(ANSWERABLE, HEIR),
    ):
        work()
        seen.append(events(office, path)[f"{ANSWERABLE}@dondoc"])
    numbers = [int(str(event["SEQUENCE"])) for event in seen]
    assert numbers == sorted(set(numbers))
    assert [str(event["STATUS"]) for event in seen] == [
        "CONFIRMED",
        "CONFIRMED",
        "CANCELLED",
        "CONFIRMED",
        "CANCELLED",
    ]
    assert seen[1].decoded("DTSTART") == date(2024, 3, 29)


def test_an_officers_feed_holds_a_duty_of_all_its_bodies_once(office: Office, alice: Browser) -> None:
    path, valley = made(alice), office.valley
    (event,) = events(office, path).values()
    assert "chưa nhận 5/5" in str(event["SUMMARY"])
    valley.record(ANSWERABLE, received="2024-03-11")
    valley.extend(f"{PLAN}/ke-hoach/so-noi-vu/once", to="2024-03-29")
    first, second = events(office, path).values()
    assert [event.decoded("DTSTART").day for event in (first, second)] == [15, 29]
    assert "chưa nhận 3/4" in str(first["SUMMARY"])
    assert "chưa nhận 1/1" in str(second["SUMMARY"])
    for it in valley.ids():
        if valley.occurrence(it).state.value == "open":
            valley.waive(it)
    assert {str(e["STATUS"]) for e in events(office, path).values()} == {"CANCELLED"}


def test_a_revoked_or_unknown_link_opens_nothing(office: Office, alice: Browser) -> None:
    path = made(alice)
    with reading(office.valley.engine) as c:
        number = c.execute(select(token.c.id)).scalar_one()
        assert path.split("/")[-1].removesuffix(".ics") not in str(c.execute(select(token)).all())
    assert "Đã thu hồi" in alice.post(f"/lich/dang-ky/{number}/thu-hoi").text
    office.browser().get(path, status=404)
    alice.post(f"/lich/dang-ky/{number}/thu-hoi", status=404)
    for wrong in ("/ical/x.ics", f"/ical/{'a' * 5000}.ics", "/ical/..%2f..%2fetc.ics", path + "x"):
        office.browser().get(wrong, status=404)
    assert [event.kind for event in office.valley.events() if event.kind.startswith("feed_")] == [
        "feed_created",
        "feed_revoked",
    ]


def test_a_link_dies_with_its_account_and_with_its_right(office: Office, alice: Browser) -> None:
    mine, theirs = made(alice), made(alice, OF_AGENCY)
    now = office.valley.now
    with writing(office.valley.engine) as c:
        person = accounts.load(c, office.ids["alice"])
        accounts.end_post(c, person.posts[0].id or 0, now=now, actor="test")
    for path in (mine, theirs):
        office.browser().get(path, status=404)
    other = made(office.browser("henry"))
    with writing(office.valley.engine) as c:
        accounts.set_active(c, office.ids["henry"], False, now=now, actor="test")
    office.browser().get(other, status=404)
    with writing(office.valley.engine) as c:
        accounts.set_active(c, office.ids["henry"], True, now=now, actor="test")
    office.browser().get(other, status=404)


def test_a_feed_shows_nothing_of_another_unit(office: Office, alice: Browser) -> None:
    mine, theirs = made(alice), made(alice, OF_AGENCY)
    foreign_plan(office)
    assert all(uid.startswith(f"{PLAN}/") for uid in events(office, mine))
    assert set(events(office, theirs)) == {f"{ANSWERABLE}@dondoc"}
    of_sam = events(office, made(office.browser("sam")))
    assert of_sam
    assert all(uid.startswith("noi-khac/") for uid in of_sam)


def test_who_may_make_and_revoke_which(office: Office, alice: Browser) -> None:
    made(alice)
    made(alice, OF_AGENCY)
    with reading(office.valley.engine) as c:
        own, of_agency = c.execute(select(token.c.id).order_by(token.c.id)).scalars()
    made(office.browser("otto"))
    for login in ("otto", "henry"):
        office.browser(login).post(OF_AGENCY, {"ten": "x"}, status=403)
        office.browser(login).post(f"/lich/dang-ky/{own}/thu-hoi", status=404)
        office.browser(login).post(f"{OF_AGENCY}/{of_agency}/thu-hoi", status=403)
    sam = office.browser("sam")
    sam.post(OF_AGENCY, {"ten": "x"}, status=404)
    sam.post(f"{OF_AGENCY}/{of_agency}/thu-hoi", status=404)
    for login in ("ada", "finn"):
        office.browser(login).post("/lich/dang-ky", {"ten": "x"}, status=403)
    alice.post(f"{OF_AGENCY}/{own}/thu-hoi", status=404)
    assert "Đã thu hồi" in alice.post(f"{OF_AGENCY}/{of_agency}/thu-hoi").text


def test_a_feed_needs_a_name_and_there_are_not_endless_many(office: Office, alice: Browser) -> None:
    alice.get("/lich")
    assert "Ghi tên" in html.unescape(alice.post("/lich/dang-ky", {"ten": " "}).text)
    assert "dài quá" in html.unescape(alice.post("/lich/dang-ky", {"ten": "x" * 101}).text)
    for _n in range(20):
        alice.post("/lich/dang-ky", {"ten": SCRIPT})
    assert "Thu hồi đường dẫn không dùng nữa" in html.unescape(alice.post("/lich/dang-ky", {"ten": "x"}).text)
    assert SCRIPT not in alice.get("/lich").text


def test_names_cannot_break_out_of_a_line(office: Office, alice: Browser) -> None:
    with writing(office.valley.engine) as c:
        body = load_register(c)[FINANCE]
        save_agencies(c, [replace(body, name="Sở\r\nEND:VCALENDAR\r\nX:1")])
    text = office.browser().get(made(alice, OF_AGENCY)).text
    assert text.count("END:VCALENDAR\r\n") == 1


def test_the_number_of_queries_does_not_grow(office: Office, alice: Browser) -> None:
    paths = (made(alice), made(alice, OF_AGENCY))
    few = [statements(office, path) for path in paths]
    copies(office, 30)
    assert [statements(office, path) for path in paths] == few


def statements(office: Office, path: str) -> int:
    office.browser().get(path)
    with counting(office.valley.engine) as sent:
        office.browser().get(path)
    return len(sent)
