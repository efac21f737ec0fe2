"""The list of plans and the page of one: who sees what, the matrix, earlier texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tasks import intake
from tasks.database import writing
from tests.support import ANSWERABLE, FINANCE, PLAN, PLAN_DUTIES, at, plan_text
from tests.web.office import Office

PAGE = f"/ke-hoach/{PLAN}"
MONTHLY = """\
  - id: bao-cao-thang
    title: Báo cáo tháng
    section: IV.3
    responsible: [so-tai-chinh, so-noi-vu]
    due: {kind: monthly, day: 10, boundary: before, quote: "trước ngày 10 hằng tháng"}
"""
SCRIPT = '"><script>alert(1)</script>'


@contextmanager
def counted(office: Office) -> Iterator[list[str]]:
    """The statements that reach the register meanwhile."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(office.valley.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(office.valley.engine, "before_cursor_execute", note)


def bring(office: Office, text: bytes) -> None:
    with writing(office.valley.engine) as c:
        intake.add_plan(c, text, file="kh.yaml", now=office.valley.now, actor="alice")


@pytest.mark.parametrize("login", ["alice", "henry", "otto"])
def test_the_units_people_see_their_plan_with_its_numbers(office: Office, login: str) -> None:
    browser = office.browser(login)

    listed = browser.get("/ke-hoach").text
    page = browser.get(PAGE).text

    assert "05/KH-UBND" in listed
    assert "Đang theo dõi từ 01/02/2024" in listed
    assert "quá hạn 0, sắp đến hạn 5, chưa đến hạn 0" in listed
    assert ("Thêm kế hoạch" in listed, "Dừng theo dõi" in page) == (login == "alice", login == "alice")


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/phien-ban/1", f"{PAGE}/bat-dau", f"{PAGE}/dung", f"{PAGE}/xoa"])
def test_another_units_plan_does_not_exist(office: Office, path: str) -> None:
    office.browser("sam").get(path, status=404)
    office.browser("alice").get(path.replace(PLAN, "khong-co"), status=404)


@pytest.mark.parametrize("path", ["sua", "bat-dau", "dung", "xoa"])
def test_nobody_but_the_coordinator_changes_a_plan(office: Office, path: str) -> None:
    office.browser("sam").post(f"{PAGE}/{path}", status=404)
    for login in ("henry", "otto", "ada", "finn"):
        office.browser(login).post(f"{PAGE}/{path}", status=403)


def test_the_list_of_another_unit_is_empty(office: Office) -> None:
    page = office.browser("sam").get("/ke-hoach").text

    assert "Chưa có kế hoạch nào" in page
    assert "05/KH-UBND" not in page


def test_the_list_is_searched_without_diacritics_and_by_state(office: Office) -> None:
    alice = office.browser("alice")

    assert PAGE in alice.get("/ke-hoach?q=kh 05").text
    assert PAGE not in alice.get("/ke-hoach?q=khong co").text
    assert PAGE not in alice.get("/ke-hoach?tinh-trang=draft").text
    assert PAGE in alice.get("/ke-hoach?tinh-trang=xxx&trang=99").text


def test_the_page_shows_facts_duties_with_their_words_and_the_history(office: Office) -> None:
    page = office.browser("otto").get(PAGE).text

    assert "“trước ngày 16/3/2024”" in page
    assert "Mục IV.1" in page
    assert "IV.2: theo dõi, đôn đốc" in page
    assert "Ủy ban nhân dân Thung Lũng" in page
    assert "Phiên bản 1" in page
    assert "Bắt đầu theo dõi từ 01/02/2024" in page


def cell(page: str, occurrence_id: str) -> str:
    found = re.search(rf'<a class="cell ([a-z-]+)" href="/ky/{re.escape(occurrence_id)}"[^>]*>(.*?)</a>', page, re.S)
    assert found, occurrence_id
    return found[1] + ": " + " ".join(re.sub(r"<[^>]+>", "", found[2]).split())


def test_the_matrix_says_what_became_of_each_occurrence_in_words(office: Office) -> None:
    valley = office.valley
    interior = f"{PLAN}/ke-hoach/so-noi-vu/once"
    front = f"{PLAN}/ke-hoach/mat-tran/once"
    alice = office.browser("alice")
    assert cell(alice.get(PAGE).text, ANSWERABLE) == "cell-due-soon: ◔ 15/03"

    valley.record(ANSWERABLE, received="2024-03-11")
    valley.claim(front)
    page = alice.get(PAGE).text
    assert cell(page, ANSWERABLE) == "cell-on-time: ✓ đúng hạn"
    assert cell(page, front) == "cell-claimed: ◇ báo đã gửi"

    valley.advance("2024-03-25 08:00")
    alice = office.browser("alice")  # the morning's session has ended long ago
    assert cell(alice.get(PAGE).text, interior) == "cell-overdue: ▲ quá 7 ngày"
    valley.record(interior, received="2024-03-25")
    assert cell(alice.get(PAGE).text, interior) == "cell-late: ✓ trễ 7 ngày"


def test_a_body_that_has_ended_needs_a_successor(office: Office) -> None:
    bring(office, plan_text(PLAN_DUTIES + MONTHLY))
    office.valley.end_body(FINANCE, "2024-06-30")

    page = office.browser("alice").get(f"{PAGE}?nhiem-vu=bao-cao-thang").text

    assert "chưa đến hạn" in page
    assert "cần cơ quan kế thừa" in page
    assert "cell-successor" in page


def test_the_matrix_shows_one_duty_and_one_year(office: Office) -> None:
    bring(office, plan_text(PLAN_DUTIES + MONTHLY))
    alice = office.browser("alice")

    whole = alice.get(PAGE).text
    one = alice.get(f"{PAGE}?nhiem-vu=bao-cao-thang&nam=2025").text
    part = alice.get(f"{PAGE}?nhiem-vu=bao-cao-thang", headers={"HX-Request": "true", "HX-Target": "bang"}).text

    assert "Tháng 03/2024" in whole
    assert "Tháng 05/2025" not in whole
    assert "Tháng 05/2025" in one
    assert cell(whole, f"{PLAN}/bao-cao-thang/so-noi-vu/2024-02") == "cell-before-tracking: – trước khi theo dõi"
    assert part.lstrip().startswith('<div id="bang">')
    assert alice.get(f"{PAGE}?nhiem-vu=khong&nam=1066&trang=999").status_code == 200


def test_a_draft_shows_what_would_fall_due(office: Office) -> None:
    bring(office, plan_text().replace(b"plan: thung-lung", b"plan: nhap").replace(b"05/KH", b"06/KH"))

    page = office.browser("alice").get("/ke-hoach/nhap").text

    assert "Nháp, chưa theo dõi" in page
    assert "◔" in page
    assert 'href="/ky/nhap' not in page


def test_the_chain_names_the_plan_above_and_below(office: Office) -> None:
    head = b"parent: 05/KH-UBND\nimplements: 22/2023/Q\xc4\x90-TTg\n"
    bring(office, head + plan_text().replace(b"plan: thung-lung", b"plan: duoi").replace(b"05/KH-", b"77/KH-"))
    alice = office.browser("alice")

    assert 'href="/ke-hoach/duoi"' in alice.get(PAGE).text
    assert f'<a href="{PAGE}">05/KH-UBND</a>' in alice.get("/ke-hoach/duoi").text


def test_every_text_that_a_plan_had_can_be_kept(office: Office) -> None:
    bring(office, plan_text(PLAN_DUTIES + MONTHLY))
    otto = office.browser("otto")

    first = otto.get(f"{PAGE}/phien-ban/1")

    assert first.content == plan_text()
    assert first.headers["content-disposition"] == f'attachment; filename="{PLAN}-v1.yaml"'
    assert otto.get(f"{PAGE}/phien-ban/2").content == plan_text(PLAN_DUTIES + MONTHLY)
    for wrong in ("3", "0", "x", "-1", "99999999999"):
        otto.get(f"{PAGE}/phien-ban/{wrong}", status=404)


def test_the_number_of_queries_does_not_grow_with_plans_bodies_or_periods(office: Office) -> None:
    alice = office.browser("alice")
    for path in ("/ke-hoach", PAGE):
        alice.get(path)  # texts are read once and kept
    with counted(office) as few:
        alice.get("/ke-hoach")
        alice.get(PAGE)
    bring(office, plan_text(PLAN_DUTIES + MONTHLY))
    for n in range(5):
        bring(office, plan_text().replace(b"plan: thung-lung", f"plan: nua-{n}".encode()))
    for path in ("/ke-hoach", PAGE):
        alice.get(path)
    with counted(office) as many:
        alice.get("/ke-hoach")
        alice.get(PAGE)

    assert len(many) == len(few)


def test_stored_script_is_only_text(office: Office) -> None:
    hostile = f"'{SCRIPT}'".encode()
    text = plan_text(PLAN_DUTIES.replace("Kế hoạch triển khai", hostile.decode()))
    text = text.replace("Kế hoạch thử của thung lũng".encode(), hostile).replace(b"KH 05/KH-UBND", hostile)
    bring(office, text.replace(b"plan: thung-lung", b"plan: xau").replace(b"number: 05/KH-UBND", b"number: " + hostile))
    alice = office.browser("alice")

    for path in ("/ke-hoach", "/ke-hoach/xau", "/ke-hoach/xau/xoa", "/ke-hoach/xau/bat-dau"):
        page = alice.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_the_clock_of_the_list_is_the_offices(office: Office) -> None:
    office.valley.now = at("2024-04-30 08:00")
    office.valley.advance()

    assert "quá hạn 5" in office.browser("alice").get("/ke-hoach").text


def test_what_was_due_before_tracking_needs_no_successor(office: Office) -> None:
    bring(office, plan_text(PLAN_DUTIES + MONTHLY))
    office.valley.end_body(FINANCE, "2024-02-20")

    page = office.browser("alice").get(f"{PAGE}?nhiem-vu=bao-cao-thang").text

    assert cell(page, f"{PLAN}/bao-cao-thang/so-tai-chinh/2024-02") == "cell-before-tracking: – trước khi theo dõi"
