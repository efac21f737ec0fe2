"""Rà soát: whom the next morning will press, held with one click, recorded in the line, let go again."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest

from tasks.database import writing
from tasks.model import State
from tasks.tables import agency
from tests.support import ANSWERABLE, FINANCE, PLAN
from tests.web.office import Browser, Office
from tests.web.test_occurrence import SCRIPT, counting
from tests.web.test_overview import many

INTERIOR = f"{PLAN}/ke-hoach/so-noi-vu/once"
FRONT = f"{PLAN}/ke-hoach/mat-tran/once"


@pytest.fixture
def alice(office: Office) -> Browser:
    """The afternoon before the first reminder after the deadline."""
    office.valley.run("2024-03-19 07:30")
    office.valley.go("2024-03-19 16:00")
    browser = office.browser("alice")
    browser.get("/ra-soat")
    return browser


def listed(page: str) -> list[str]:
    return re.findall(r'name="ky" value="([^"]+)"', page)


def seen(browser: Browser, occurrence_id: str) -> str:
    found = re.search(rf'name="tem" value="({occurrence_id}\|[^"]+)"', browser.last)
    assert found
    return found[1]


def hold(browser: Browser, *, status: int = 200, **form: Any) -> str:
    browser.get("/ra-soat")
    stamps = re.findall(r'name="tem" value="([^"]+)"', browser.last)
    values = {"tem": stamps, "until": "22/03/2024", **form}
    return html.unescape(browser.post("/ra-soat/tam-dung", values, status=status).text)


def test_the_list_names_whom_the_morning_presses(office: Office, alice: Browser) -> None:
    page = html.unescape(alice.last)
    assert "Sáng thứ Tư 20/03/2024, 07h30" in page
    assert len(listed(page)) == 4  # the family is never written to, and nobody is told of it tomorrow
    assert "nhắc quá hạn lần 1 → cơ quan" in page


def test_one_click_holds_one_and_it_is_not_pressed(office: Office, alice: Browser) -> None:
    page = hold(alice, mot=ANSWERABLE)
    assert "Đã tạm dừng nhắc 1 kỳ đến hết 22/03/2024." in page
    assert ANSWERABLE not in listed(page)
    assert "Đang tạm dừng, đã hẹn gửi (1)" in page
    office.valley.advance("2024-03-20 07:30")
    told = {row.occurrence_id for row in office.valley.ledger() if row.rung == "overdue-1"}
    assert ANSWERABLE not in told
    assert INTERIOR in told


def test_what_was_held_is_let_go_again(office: Office, alice: Browser) -> None:
    hold(alice, mot=ANSWERABLE)
    stamp = re.search(r'name="seen" value="([^"]+)"><button>Cho nhắc lại', alice.last)
    assert stamp
    alice.post(f"/ky/{ANSWERABLE}/nhac-lai", {"seen": stamp[1]})
    assert ANSWERABLE in listed(alice.get("/ra-soat").text)


def test_several_are_held_at_once_and_what_changed_meanwhile_is_named(office: Office, alice: Browser) -> None:
    stamps = [seen(alice, it) for it in (ANSWERABLE, INTERIOR)]
    office.valley.claim(INTERIOR)
    answer = alice.post("/ra-soat/tam-dung", {"ky": [ANSWERABLE, INTERIOR], "tem": stamps, "until": "22/03/2024"})
    page = html.unescape(answer.text)
    assert "Đã tạm dừng nhắc 1 kỳ" in page
    assert "Không làm được 1 kỳ" in page
    assert office.valley.occurrence(ANSWERABLE).muted_until == date(2024, 3, 22)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"mot": ANSWERABLE, "until": "18/03/2024"}, "đã qua"),
        ({"mot": ANSWERABLE, "until": "31/02/2024"}, "không phải ngày"),
        ({"mot": ANSWERABLE, "until": ""}, "Thiếu ngày tạm dừng đến"),
        ({}, "Chưa chọn kỳ nào"),
    ],
)
def test_wrong_input_is_said_and_holds_nobody(office: Office, alice: Browser, form: dict[str, str], words: str) -> None:
    assert words in hold(alice, status=400, **form)
    assert office.valley.occurrence(ANSWERABLE).muted_until is None


def test_a_paper_is_recorded_in_the_line(office: Office, alice: Browser) -> None:
    stamp = seen(alice, ANSWERABLE).partition("|")[2]
    form = {"seen": stamp, "number": "12/BC", "dated": "14/03/2024", "received": "15/03/2024"}
    page = html.unescape(alice.post(f"/ra-soat/{ANSWERABLE}/van-ban", form).text)
    assert "Đã ghi nhận văn bản." in page
    assert ANSWERABLE not in listed(page)
    o = office.valley.occurrence(ANSWERABLE)
    assert (o.state, o.number, o.received_on) == (State.ACCEPTED, "12/BC", date(2024, 3, 15))


@pytest.mark.parametrize(
    ("form", "words", "status"),
    [
        ({"number": "", "received": "15/03/2024"}, "Thiếu số văn bản", 400),
        ({"number": "7/BC", "received": "x"}, "không phải ngày", 400),
        ({"number": "7/BC", "received": "20/03/2024"}, "ở tương lai", 400),
        ({"seen": "old", "number": "7/BC", "received": "15/03/2024"}, "vừa được người khác thay đổi", 409),
    ],
)
def test_what_is_wrong_with_a_paper_is_said_and_what_was_typed_stays(
    office: Office, alice: Browser, form: dict[str, str], words: str, status: int
) -> None:
    values = {"seen": seen(alice, ANSWERABLE).partition("|")[2], **form}
    page = html.unescape(alice.post(f"/ra-soat/{ANSWERABLE}/van-ban", values, status=status).text)
    assert words in page
    assert form["number"] in page
    assert office.valley.occurrence(ANSWERABLE).state is State.OPEN


def test_the_chosen_go_on_to_one_extension(office: Office, alice: Browser) -> None:
    page = html.unescape(alice.post("/ky/nhieu/gia-han", {"ky": [ANSWERABLE, FRONT], "loc": ""}).text)
    assert "Gia hạn theo một văn bản: 2 kỳ" in page


def test_others_look_or_do_not_even_that(office: Office, alice: Browser) -> None:
    for login in ("henry", "otto"):
        browser = office.browser(login)
        assert 'type="checkbox"' not in browser.get("/ra-soat").text
        assert "Sở Tài chính" in browser.last
        browser.post("/ra-soat/tam-dung", {"mot": ANSWERABLE}, status=403)
        browser.post(f"/ra-soat/{ANSWERABLE}/van-ban", {}, status=403)
    for login in ("ada", "finn"):
        office.browser(login).get("/ra-soat", status=403)
    sam = office.browser("sam")
    assert "Tài chính" not in sam.get("/ra-soat").text
    sam.post("/ra-soat/tam-dung", {"mot": ANSWERABLE, "until": "22/03/2024"}, status=404)
    sam.post(f"/ra-soat/{ANSWERABLE}/van-ban", {}, status=404)
    assert office.valley.occurrence(ANSWERABLE).muted_until is None


def test_one_rung_alone_and_odd_addresses(office: Office, alice: Browser) -> None:
    assert len(listed(alice.get("/ra-soat?moc=overdue-1").text)) == 4
    assert listed(alice.get("/ra-soat?moc=head-1").text) == []
    for query in ("moc=%3Cscript%3E", "trang=-1", "trang=99999999", "moc=khong-co"):
        assert "<script>alert" not in alice.get(f"/ra-soat?{query}").text


def test_queries_do_not_grow_with_rows_and_pages_hold_fifty(office: Office, alice: Browser) -> None:
    many(office, 3)
    alice.get("/ra-soat")
    with counting(office.valley.engine) as few:
        alice.get("/ra-soat")
    from tasks.tables import occurrence

    with writing(office.valley.engine) as c:
        c.execute(occurrence.delete().where(occurrence.c.period.like("k%")))
    many(office, 300)
    with counting(office.valley.engine) as lots:
        page = alice.get("/ra-soat").text
    assert len(lots) == len(few)
    assert len(listed(page)) == 50
    assert "Trang 1/" in page


def test_stored_script_is_text(office: Office, alice: Browser) -> None:
    with writing(office.valley.engine) as c:
        c.execute(agency.update().where(agency.c.id == FINANCE).values(name=SCRIPT))
        document = dict(c.execute(agency.select().where(agency.c.id == FINANCE)).one().document)
        c.execute(agency.update().where(agency.c.id == FINANCE).values(document={**document, "name": SCRIPT}))
    page = alice.get("/ra-soat").text
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page
