"""Văn bản đến: the grid, what it refuses and says, the list, and one paper put right."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tasks import moves
from tasks.database import writing
from tasks.model import State
from tasks.office import choose
from tasks.tables import agency, occurrence, paper
from tests.support import ANSWERABLE, LEAD, PLAN, at
from tests.web.office import Browser, Office
from tests.web.test_occurrence import SCRIPT, counting

INTERIOR = f"{PLAN}/ke-hoach/so-noi-vu/once"
AT = "/van-ban-den"
ROW = {"co-quan": "Sở Tài chính", "so": "12/BC-STC", "ngay": "08/03/2024", "den": "11/03/2024", "viec": ANSWERABLE}
FAST = {"HX-Request": "true", "HX-Target": "vua-ghi"}


@pytest.fixture
def alice(office: Office) -> Browser:
    return office.browser("alice")


def send(browser: Browser, *, status: int = 200, fast: bool = False, **changes: Any) -> str:
    data = {k.replace("_", "-"): v for k, v in {**{k.replace("-", "_"): v for k, v in ROW.items()}, **changes}.items()}
    extra: dict[str, Any] = {"headers": FAST} if fast else {}
    return html.unescape(browser.post(AT, data, status=status, **extra).text)


def papers_of(office: Office) -> list[Any]:
    with writing(office.valley.engine) as c:
        return list(c.execute(select(paper).order_by(paper.c.id)))


def more(office: Office, *periods: tuple[str, date]) -> list[str]:
    """Further occurrences of Sở Tài chính."""
    ids = []
    with writing(office.valley.engine) as c:
        row = dict(c.execute(select(occurrence).where(occurrence.c.id == ANSWERABLE)).one()._mapping)
        for period, day in periods:
            ids.append(f"{PLAN}/ke-hoach/so-tai-chinh/{period}")
            days = {"due": day, "last_day": day, "late_after": day}
            c.execute(occurrence.insert().values({**row, "id": ids[-1], "period": period, **days}))
    return ids


def test_a_row_is_recorded_and_accepted_and_the_next_one_waits(office: Office, alice: Browser) -> None:
    page = send(alice)
    assert "Đã ghi nhận văn bản 12/BC-STC của Sở Tài chính" in page
    assert "Hoàn thành đúng hạn" in page
    assert 'value="11/03/2024"' in page  # the day of arrival stays for the next row
    assert re.search(r'id="co-quan"[^>]* autofocus', page)
    o = office.valley.occurrence(ANSWERABLE)
    assert (o.state, o.number, o.received_on) == (State.ACCEPTED, "12/BC-STC", date(2024, 3, 11))
    assert [row.recorded_by for row in papers_of(office)] == ["alice"]


def test_the_script_gets_the_new_line_only(office: Office, alice: Browser) -> None:
    alice.get(AT)
    answer = send(alice, fast=True)
    assert answer.strip().startswith("<tr")
    assert "12/BC-STC" in answer
    assert "<html" not in answer


def test_an_office_that_reviews_has_papers_waiting(office: Office, alice: Browser) -> None:
    with writing(office.valley.engine) as c:
        choose(c, LEAD, "review", True, now=office.valley.now, actor="test")
    assert "chờ xem" in send(alice)
    assert office.valley.occurrence(ANSWERABLE).state is State.RECEIVED


@pytest.mark.asks_the_database
@pytest.mark.parametrize(
    "typed", ["so tai chinh", "STC", "sở tc", "thung-lung.so-tai-chinh", "Sở Tài chính Thung"[:12]]
)
def test_bodies_are_found_by_what_people_type(office: Office, alice: Browser, typed: str) -> None:
    send(alice, co_quan=typed)
    assert office.valley.occurrence(ANSWERABLE).state is State.ACCEPTED


@pytest.mark.parametrize(("typed", "day"), [("8/3", "2024-03-08"), ("0803", "2024-03-08"), ("12/12", "2023-12-12")])
def test_days_are_typed_in_short(office: Office, alice: Browser, typed: str, day: str) -> None:
    send(alice, ngay=typed)
    assert papers_of(office)[0].dated == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"co_quan": ""}, "Thiếu cơ quan"),
        ({"co_quan": "Sở Không Có"}, "Không có cơ quan “Sở Không Có”"),
        ({"co_quan": "so"}, "chưa rõ cơ quan nào"),
        ({"so": ""}, "Thiếu số văn bản"),
        ({"so": "9" * 61}, "dài quá 60"),
        ({"ngay": ""}, "Thiếu ngày văn bản"),
        ({"ngay": "31/02/2024"}, "không phải ngày"),
        ({"ngay": "xyz"}, "Ngày văn bản: “xyz”"),
        ({"den": ""}, "Thiếu ngày đến"),
        ({"den": "12/03/2024"}, "ở tương lai"),
        ({"ngay": "11/03/2024", "den": "10/03/2024"}, "sau ngày nhận"),
        ({"co_quan": "Sở Nội vụ"}, "không phải của cơ quan ban hành"),
    ],
)
def test_wrong_rows_are_refused_with_what_was_typed(
    office: Office, alice: Browser, changes: dict[str, Any], said: str
) -> None:
    page = send(alice, status=400, **changes)
    assert said in page
    for name, value in {"co_quan": "Sở Tài chính", "so": "12/BC-STC", **changes}.items():
        if value and name in ("co_quan", "so"):
            assert f'value="{value}"' in page
    assert papers_of(office) == []


def test_without_script_the_duties_come_with_the_second_round(office: Office, alice: Browser) -> None:
    page = send(alice, viec=[])
    assert "Chọn việc mà văn bản này trả lời" in page
    assert re.search(rf'value="{ANSWERABLE}" checked', page)
    assert papers_of(office) == []
    send(alice, viec=[], da_xem="1", status=400)


def test_the_likeliest_duty_is_ticked(office: Office, alice: Browser) -> None:
    alike, far = more(office, ("2024-02", date(2024, 3, 12)), ("2025", date(2024, 12, 10)))
    page = alice.get(f"{AT}/viec?co-quan=STC&den=11/03/2024").text
    assert re.findall(r'value="([^"]+)" checked', page) == [alike]
    assert page.index(alike) < page.index(ANSWERABLE) < page.index(far)


def test_two_that_are_as_likely_are_left_to_the_officer(office: Office, alice: Browser) -> None:
    more(office, ("2024-02", date(2024, 3, 15)))
    assert "checked" not in alice.get(f"{AT}/viec?co-quan=STC&den=11/03/2024").text


def test_one_paper_answers_several_duties(office: Office, alice: Browser) -> None:
    [other] = more(office, ("2024-02", date(2024, 3, 12)))
    send(alice, viec=[ANSWERABLE, other])
    assert len(papers_of(office)) == 1
    assert office.valley.occurrence(other).state is State.ACCEPTED


def test_a_number_that_is_known_is_asked_about(office: Office, alice: Browser) -> None:
    [other] = more(office, ("2024-02", date(2024, 3, 12)))
    send(alice)
    page = send(alice, so="012/bc-stc", viec=other, status=409)
    assert "đã có văn bản số" in page
    assert "Trùng số" in page
    assert f'href="{AT}/1"' in page
    page = send(alice, so="012/bc-stc", viec=other, den="10/03/2024", trung="them")
    assert "Đã ghi nhận văn bản 12/BC-STC" in page
    assert [row.number for row in papers_of(office)] == ["12/BC-STC"]
    assert office.valley.occurrence(other).received_on == date(2024, 3, 11)


def test_the_duplicate_is_shown_before_anything_is_sent(office: Office, alice: Browser) -> None:
    more(office, ("2024-02", date(2024, 3, 12)))
    send(alice)
    shown = html.unescape(alice.get(f"{AT}/viec?co-quan=STC&so=12/BC-STC&ngay=8/3/2024").text)
    assert "Trùng số: văn bản 12/BC-STC" in shown
    assert "Trùng số" not in html.unescape(alice.get(f"{AT}/viec?co-quan=STC&so=12/BC-STC&ngay=8/3/2023").text)


def test_the_same_number_of_another_year_or_body_is_another_paper(office: Office, alice: Browser) -> None:
    [other] = more(office, ("2024-02", date(2024, 3, 12)))
    send(alice)
    send(alice, viec=other, ngay="08/03/2023")
    send(alice, co_quan="Sở Nội vụ", viec=INTERIOR)
    assert len(papers_of(office)) == 3


def test_a_returned_paper_may_come_again_under_its_number(office: Office, alice: Browser) -> None:
    send(alice)
    with writing(office.valley.engine) as c:
        moves.return_(c, ANSWERABLE, reason="incomplete", by=None, now=office.valley.now, actor="alice")
    send(alice)
    assert len(papers_of(office)) == 2
    assert office.valley.occurrence(ANSWERABLE).state is State.ACCEPTED


def test_what_is_recorded_already_is_refused_kindly(office: Office, alice: Browser) -> None:
    send(alice)
    page = send(alice, so="13/BC-STC", status=409)
    assert "Không thể ghi nhận văn bản" in page


def test_under_secrecy_only_the_day_is_kept(office: Office, alice: Browser) -> None:
    send(alice, so="07/M", ngay="khong-can", mat="1")
    [row] = papers_of(office)
    assert (row.number, row.dated, row.secret) == (None, None, True)
    assert "07/M" not in alice.get(f"{AT}/{row.id}").text


def test_other_units_and_other_roles(office: Office) -> None:
    sam = office.browser("sam")
    assert "Sở Tài chính" not in sam.get(AT).text
    assert sam.get(f"{AT}/co-quan").json() == []
    assert "Không có cơ quan" in send(sam, status=400)
    send(office.browser("alice"))
    assert "12/BC-STC" not in sam.get(f"{AT}/danh-sach").text
    for path in (f"{AT}/1", f"{AT}/2", f"{AT}/x", f"{AT}/{'9' * 30}", f"{AT}/-1"):
        sam.get(path, status=404)
    for what in ("sua-lai", "them-viec", "bo-doi-chieu", "tep", "go-tep"):
        sam.post(f"{AT}/1/{what}", {"den": "11/03/2024"}, status=404)
    for login in ("henry", "otto"):
        browser = office.browser(login)
        assert "12/BC-STC" in browser.get(AT).text
        assert 'id="ghi"' not in browser.last
        assert 'id="sua-lai"' not in browser.get(f"{AT}/1").text
        send(browser, status=403)
        browser.post(f"{AT}/1/sua-lai", {}, status=403)
    for login in ("ada", "finn"):
        office.browser(login).get(AT, status=403)


def test_a_duty_of_another_unit_cannot_be_named(office: Office) -> None:
    with writing(office.valley.engine) as c:
        row = dict(c.execute(select(occurrence).where(occurrence.c.id == ANSWERABLE)).one()._mapping)
        theirs = {**row, "id": "khac/ke-hoach/so-tai-chinh/once", "plan_id": "khac"}
        c.execute(occurrence.insert().values(theirs))
    send(office.browser("alice"), viec=theirs["id"], status=404)
    assert papers_of(office) == []


def test_a_slip_is_put_right_and_both_versions_stay(office: Office, alice: Browser) -> None:
    send(alice, den="01/03/2024", ngay="01/03/2024")
    fixed = {"so": "21/BC-STC", "ngay": "08/03/2024", "den": "11/03/2024"}
    page = html.unescape(alice.post(f"{AT}/1/sua-lai", fixed).text)
    assert "Đã sửa lại" in page
    assert "Các bản ghi sai trước đó" in page
    assert "12/BC-STC" in page
    o = office.valley.occurrence(ANSWERABLE)
    assert (o.number, o.received_on) == ("21/BC-STC", date(2024, 3, 11))
    assert "Mở bản đúng" in html.unescape(alice.get(f"{AT}/1").text)
    assert "đã được sửa" in html.unescape(alice.post(f"{AT}/1/sua-lai", fixed, status=400).text)


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"den": ""}, "Thiếu ngày đến"), ({"ngay": "x"}, "không phải ngày"), ({"so": ""}, "Thiếu số")],
)
def test_a_wrong_correction_is_refused(office: Office, alice: Browser, changes: dict[str, str], said: str) -> None:
    send(alice)
    fixed = {"so": "21/BC-STC", "ngay": "08/03/2024", "den": "11/03/2024"} | changes
    assert said in html.unescape(alice.post(f"{AT}/1/sua-lai", fixed, status=400).text)
    assert len(papers_of(office)) == 1


def test_a_correction_does_not_make_two_papers_of_one_number(office: Office, alice: Browser) -> None:
    [other] = more(office, ("2024-02", date(2024, 3, 12)))
    send(alice)
    send(alice, so="13/BC-STC", viec=other)
    fixed = {"so": "12/BC-STC", "ngay": "08/03/2024", "den": "11/03/2024"}
    page = html.unescape(alice.post(f"{AT}/2/sua-lai", fixed, status=409).text)
    assert "đã có văn bản số 12/BC-STC" in page


def test_recorded_for_the_wrong_duty_it_is_taken_back(office: Office, alice: Browser) -> None:
    [other] = more(office, ("2024-02", date(2024, 3, 12)))
    send(alice, viec=other)
    page = alice.get(f"{AT}/1").text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen
    alice.post(f"{AT}/1/bo-doi-chieu", {"ky": ANSWERABLE, "seen": seen[1]}, status=404)
    alice.post(f"{AT}/1/bo-doi-chieu", {"ky": other, "seen": "x"}, status=409)
    alice.post(f"{AT}/1/them-viec", {"viec": ANSWERABLE})
    assert office.valley.occurrence(ANSWERABLE).state is State.ACCEPTED
    alice.post(f"{AT}/1/bo-doi-chieu", {"ky": other, "seen": seen[1]})
    assert office.valley.occurrence(other).state is State.OPEN
    alice.post(f"{AT}/1/them-viec", {"viec": INTERIOR}, status=404)
    assert "Chưa chọn việc" in html.unescape(alice.post(f"{AT}/1/them-viec", {}, status=400).text)


@pytest.mark.asks_the_database
@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("so=12%2FBC", True),
        ("so=bc-stc", True),
        ("so=99", False),
        ("co-quan=thung-lung.so-tai-chinh", True),
        ("co-quan=thung-lung.so-noi-vu", False),
        ("ke-hoach=thung-lung", True),
        ("ke-hoach=khac", False),
        ("tu=11/03/2024&den=11/03/2024", True),
        ("tu=12/03/2024", False),
        ("den=10/03/2024", False),
        ("trang=99&so=%25", False),
        ("tu=31/02/2024", True),
    ],
)
def test_the_list_has_filters(office: Office, alice: Browser, query: str, there: bool) -> None:
    send(alice)
    assert (f'href="{AT}/1"' in alice.get(f"{AT}/danh-sach?{query}").text) == there


def test_the_list_has_pages_and_its_queries_do_not_grow(office: Office, alice: Browser) -> None:
    send(alice)
    alice.get(f"{AT}/danh-sach")
    with counting(office.valley.engine) as few:
        alice.get(f"{AT}/danh-sach")
        alice.get(AT)
        alice.get(f"{AT}/1")
    ids = more(office, *((f"k{n}", date(2024, 4, 1) + timedelta(days=n)) for n in range(60)))
    with writing(office.valley.engine) as c:
        c.execute(occurrence.update().where(occurrence.c.id.in_(ids)).values(state="open"))
    for n, it in enumerate(ids):
        office.valley.record(it, received="2024-03-11", number=f"{n}/X", dated="2024-03-08")
    with counting(office.valley.engine) as many:
        assert "Trang 1/2" in alice.get(f"{AT}/danh-sach").text
        alice.get(AT)
        alice.get(f"{AT}/1")
    assert len(many) == len(few)
    assert 'rel="prev"' in alice.get(f"{AT}/danh-sach?trang=2").text


def test_thirty_papers_of_a_morning(office: Office, alice: Browser) -> None:
    ids = more(office, *((f"k{n}", date(2024, 3, 12) + timedelta(days=n)) for n in range(29)))
    for n, it in enumerate([ANSWERABLE, *ids]):
        send(alice, so=f"{n + 1}/BC-STC", viec=it, fast=n % 2 == 0)
    assert len(papers_of(office)) == 30
    assert all(office.valley.occurrence(it).state is State.ACCEPTED for it in ids)
    assert "(30)" in alice.get(AT).text


def test_stored_script_is_text_everywhere(office: Office, alice: Browser) -> None:
    with writing(office.valley.engine) as c:
        document = dict(
            c.execute(select(agency.c.document).where(agency.c.id == "thung-lung.so-tai-chinh")).scalar_one()
        )
        named = {"name": SCRIPT, "document": {**document, "name": SCRIPT}}
        c.execute(agency.update().where(agency.c.id == "thung-lung.so-tai-chinh").values(named))
    number = SCRIPT[:60]
    alice.get(AT)
    sent = {**ROW, "co-quan": "thung-lung.so-tai-chinh", "so": number}
    assert number not in alice.post(AT, sent, headers=FAST).text
    for path in (AT, f"{AT}/danh-sach", f"{AT}/1", f"{AT}/viec?co-quan={SCRIPT}", f"{AT}?so={SCRIPT}"):
        assert "<script>alert" not in alice.get(path).text
    fixed = {"so": number, "ngay": "x", "den": "11/03/2024"}
    assert "<script>alert" not in alice.post(f"{AT}/1/sua-lai", fixed, status=400).text


def test_forms_need_the_token_of_the_session(office: Office, alice: Browser) -> None:
    answer = alice.client.post(AT, data={**ROW, "csrf": "x"})
    assert answer.status_code == 403
    assert papers_of(office) == []
    assert at("2024-03-11 08:00") == office.valley.now
