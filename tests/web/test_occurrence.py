"""Kỳ: what each role sees of one occurrence, every form with right and wrong input, and nothing of other units."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import Engine, event, select

from tasks import desk
from tasks.database import reading, writing
from tasks.desk import RequestKind
from tasks.desk_tables import paper_file, request, stored_file
from tasks.model import State
from tasks.tables import answer
from tests.support import ANSWERABLE, PLAN, at
from tests.web.office import Browser, Office

PAGE = f"/ky/{ANSWERABLE}"
SCRIPT = "<script>alert(1)</script>"


@contextmanager
def counting(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def alice(office: Office) -> Browser:
    browser = office.browser("alice")
    browser.get(PAGE)
    return browser


def seen(browser: Browser) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', browser.last)
    assert found
    return found[1]


def do(browser: Browser, move: str, *, status: int = 200, **fields: str) -> str:
    """Opens the page, fills the form in, and gives the answer as a person reads it."""
    browser.get(PAGE)
    return html.unescape(browser.post(f"{PAGE}/{move}", {"seen": seen(browser), **fields}, status=status).text)


def test_the_page_says_what_is_owed_why_and_by_when(alice: Browser) -> None:
    page = html.unescape(alice.get(PAGE).text)
    for words in ("Kế hoạch triển khai", "Sở Tài chính", "16/03/2024", "15/03/2024", "18/03/2024", "IV.1"):
        assert words in page, words
    assert "vì sao là ngày này?" in page
    assert "16/03/2024 là ngày nghỉ (thứ Bảy)" in page
    assert "“trước ngày 16/3/2024”" in page
    assert "cơ quan phối hợp" in page


def test_messages_to_come_name_day_and_recipient_and_skipped_ones_the_reason(office: Office, alice: Browser) -> None:
    page = html.unescape(alice.get(PAGE).text)
    assert "14/03/2024 nhắc trước 1 ngày → cơ quan (Văn thư thung-lung.so-tai-chinh)" in page
    office.valley.run("2024-03-14 07:30")
    page = html.unescape(office.browser("alice").get(PAGE).text)
    assert re.search(r'href="/thong-bao/\d+"', page)
    assert "đã gửi" in page


@pytest.mark.parametrize(
    ("login", "works", "directs"), [("alice", True, False), ("henry", False, True), ("otto", False, False)]
)
def test_moves_are_offered_to_those_who_may(office: Office, login: str, works: bool, directs: bool) -> None:
    page = office.browser(login).get(PAGE).text
    assert ("/van-ban" + '"' in page) is works
    assert (f"{PAGE}/chi-dao" in page) is directs


@pytest.mark.parametrize("login", ["sam"])
def test_another_unit_s_occurrence_does_not_exist(office: Office, login: str) -> None:
    browser = office.browser(login)
    browser.get(PAGE, status=404)
    browser.get("/ky/khong/co/ky/nay", status=404)
    for path in ("chap-nhan", "van-ban", "nhac", "nhac/xem", "cuoc-goi", "mien"):
        browser.post(f"{PAGE}/{path}", {"seen": "x"}, status=404)
    assert office.valley.occurrence(ANSWERABLE).state is State.OPEN


def test_who_may_not_work_cannot_by_hand_either(office: Office) -> None:
    for login, path in (
        ("henry", "mien"),
        ("otto", "chap-nhan"),
        ("alice", "chi-dao"),
        ("ada", "mien"),
        ("finn", "van-ban"),
    ):
        office.browser(login).post(f"{PAGE}/{path}", {"seen": "x", "reason": "y"}, status=403)


def test_a_paper_is_recorded_corrected_and_taken_back(office: Office, alice: Browser) -> None:
    do(alice, "van-ban", number="12/BC-STC", dated="08/03/2024", received="11/03/2024")
    o = office.valley.occurrence(ANSWERABLE)
    assert (o.state, o.number, o.received_on) == (State.ACCEPTED, "12/BC-STC", date(2024, 3, 11))
    page = do(alice, "sua-lai", number="13/BC-STC", dated="08/03/2024", received="11/03/2024")
    assert "<s>12/BC-STC" in page
    assert "13/BC-STC" in page
    assert "Ghi sai, đã sửa" in page
    do(alice, "bo-ghi-nhan")
    assert office.valley.occurrence(ANSWERABLE).state is State.OPEN


def test_a_secret_paper_keeps_its_day_alone(office: Office, alice: Browser) -> None:
    page = do(alice, "van-ban", number="99/M", received="11/03/2024", secret="1")
    assert "Đã nhận theo chế độ mật" in page
    assert "99/M" not in page
    assert office.valley.occurrence(ANSWERABLE).number is None


@pytest.mark.parametrize(
    ("move", "fields", "words"),
    [
        ("van-ban", {"number": "1/BC", "received": "31/02/2024"}, "không phải ngày"),
        ("gia-han", {"document": "7/UB", "to": "01/03/9999"}, "không phải ngày"),
        ("van-ban", {"number": "1/BC", "received": ""}, "Thiếu ngày nhận"),
        ("van-ban", {"number": "", "received": "11/03/2024"}, "Thiếu số văn bản"),
        ("van-ban", {"number": "1/BC", "received": "12/03/2024"}, "ở tương lai"),
        ("van-ban", {"number": "1" * 61, "received": "11/03/2024"}, "dài quá 60"),
        ("gia-han", {"document": "", "to": "20/03/2024"}, "phải có số văn bản"),
        ("gia-han", {"document": "7/UB", "to": "01/03/2024"}, "không sau hạn hiện nay"),
        ("hen-gui", {"on": "01/03/2024"}, "đã qua"),
        ("tam-dung", {"until": "01/03/2024"}, "đã qua"),
        ("mien", {"reason": ""}, "phải có lý do"),
        ("chuyen", {"to": "khong-co"}, "Không có cơ quan"),
        ("cuoc-goi", {"spoke_with": "Chị Hoa", "text": ""}, "phải có nội dung"),
        ("tra-loi", {"request": "9", "answer": "x"}, "Không có đề nghị"),
        ("tra-loi", {"request": "9" * 30, "answer": "x"}, "Không có đề nghị"),
    ],
)
def test_wrong_input_is_said_on_the_page_and_what_was_typed_stays(
    office: Office, alice: Browser, move: str, fields: dict[str, str], words: str
) -> None:
    before = office.valley.occurrence(ANSWERABLE)
    page = do(alice, move, status=400, **fields)
    assert words in page
    for name, value in fields.items():
        assert value in page or name == "request"  # of a request that does not exist no form is shown
    assert office.valley.occurrence(ANSWERABLE) == before


def test_a_page_that_is_old_says_so_and_does_nothing(office: Office, alice: Browser) -> None:
    alice.get(PAGE)
    old = seen(alice)
    office.valley.hold(ANSWERABLE, "2024-03-14")
    page = html.unescape(alice.post(f"{PAGE}/mien", {"seen": old, "reason": "CV 3"}, status=409).text)
    assert "vừa được người khác thay đổi" in page
    assert 'value="CV 3"' in page
    assert office.valley.occurrence(ANSWERABLE).state is State.OPEN
    alice.post(f"{PAGE}/mien", {"seen": seen(alice), "reason": "CV 3"})
    assert office.valley.occurrence(ANSWERABLE).state is State.WAIVED


def test_a_move_that_does_not_lead_on_is_refused(office: Office, alice: Browser) -> None:
    assert "Không thể chấp nhận" in do(alice, "chap-nhan", status=409)
    office.valley.waive(ANSWERABLE)
    page = alice.get(PAGE).text
    assert f"{PAGE}/mo-lai" in page
    assert f"{PAGE}/van-ban" not in page


def test_the_other_moves_change_what_they_say(office: Office, alice: Browser) -> None:
    v = office.valley
    do(alice, "bao-da-gui", number="9/BC", dated="10/03/2024")
    assert v.occurrence(ANSWERABLE).state is State.CLAIMED
    do(alice, "van-ban", number="9/BC", received="11/03/2024")
    assert "chưa đúng kỳ số liệu" in do(alice, "tra-lai", reason="period", by="20/03/2024")
    assert v.occurrence(ANSWERABLE).resend_by == date(2024, 3, 20)
    do(alice, "hen-gui", on="18/03/2024")
    assert v.occurrence(ANSWERABLE).muted_why == "promise"
    do(alice, "nhac-lai")
    assert v.occurrence(ANSWERABLE).muted_until is None
    do(alice, "tam-dung", until="19/03/2024")
    assert v.occurrence(ANSWERABLE).muted_why == "hold"
    page = do(alice, "gia-han", document="77/UBND-NC", to="29/03/2024")
    assert "77/UBND-NC" in page
    page = do(alice, "chuyen", to="thung-lung.so-moi", document="NQ 1")
    assert f'href="/ky/{PLAN}/ke-hoach/so-moi/once"' in page


def test_a_waiting_paper_is_accepted(office: Office, alice: Browser) -> None:
    office.valley.record(ANSWERABLE, received="2024-03-11", number="1/BC", review=True)
    do(alice, "chap-nhan")
    assert office.valley.occurrence(ANSWERABLE).state is State.ACCEPTED
    do(alice, "mo-lai")
    assert office.valley.occurrence(ANSWERABLE).state is State.OPEN


def test_press_shows_the_exact_message_first_and_sends_it_once(office: Office, alice: Browser) -> None:
    alice.get(PAGE)
    preview = alice.post(f"{PAGE}/nhac/xem", {"seen": seen(alice), "note": "Phòng 305."}).text
    assert "Phòng 305." in preview
    assert "agency@so-tai-chinh.example" in preview
    assert office.valley.told(ANSWERABLE).get("press-1") is None, "a preview writes nothing"
    form = {"seen": seen(alice), "times": "0", "note": "Phòng 305."}
    alice.post(f"{PAGE}/nhac", form)
    again = alice.post(f"{PAGE}/nhac", form, status=400)
    assert "vừa được người khác thay đổi" in html.unescape(again.text)
    assert [rung for rung in office.valley.told(ANSWERABLE) if rung.startswith("press")] == ["press-1"]


def test_the_head_agrees_and_directs(office: Office) -> None:
    henry = office.browser("henry")
    henry.get(PAGE)
    henry.post(f"{PAGE}/dong-y", {"text": ""})
    page = henry.post(f"{PAGE}/chi-dao", {"text": "Mời lên làm việc."}).text
    assert "Mời lên làm việc." in page
    assert "Henry" in page, "people are named, not logins"
    henry.post(f"{PAGE}/chi-dao", {"text": ""}, status=400)


def test_a_request_is_answered_or_granted_with_the_extension(office: Office, alice: Browser) -> None:
    with writing(office.valley.engine) as c:
        for kind in (RequestKind.EXTENSION, RequestKind.OBSTACLE):
            desk.ask(
                c,
                ANSWERABLE,
                kind=kind,
                text="Chờ số liệu.",
                wanted=date(2024, 3, 22) if kind is RequestKind.EXTENSION else None,
                now=at("2024-03-11 07:50"),
                actor="finn",
            )
    page = do(alice, "tra-loi", request="2", answer="Đã trao đổi.")
    assert "Đã trao đổi." in page
    assert 'value="22/03/2024"' in page, "the wished day is proposed"
    do(alice, "gia-han", request="1", document="", to="22/03/2024", status=400)
    with reading(office.valley.engine) as c:
        assert c.execute(select(request.c.settled_at).where(request.c.id == 1)).scalar_one() is None
    do(alice, "gia-han", request="1", document="77/UB", to="22/03/2024")
    with reading(office.valley.engine) as c:
        row = c.execute(select(request).where(request.c.id == 1)).one()
    assert (row.answer, row.settled_by) == ("Gia hạn đến 22/03/2024 theo văn bản số 77/UB.", "alice")


def test_stored_script_is_text_everywhere(office: Office, alice: Browser) -> None:
    do(alice, "cuoc-goi", spoke_with=SCRIPT, text=SCRIPT)
    do(alice, "gia-han", document=SCRIPT, to="20/03/2024")
    do(alice, "bao-da-gui", number=SCRIPT)
    with writing(office.valley.engine) as c:
        desk.ask(c, ANSWERABLE, kind=RequestKind.OBSTACLE, text=SCRIPT, now=office.valley.now, actor=SCRIPT)
    do(alice, "van-ban", number=SCRIPT, received="11/03/2024")
    with writing(office.valley.engine) as c:
        paper_id = c.execute(select(answer.c.paper_id)).scalar_one()
        c.execute(stored_file.insert().values(hash="a" * 64, kind="pdf", size=1, at=office.valley.now))
        c.execute(paper_file.insert().values(paper_id=paper_id, hash="a" * 64, name=SCRIPT, by="alice"))
    do(alice, "tra-lai", other=SCRIPT)
    henry = office.browser("henry")
    henry.get(PAGE)
    henry.post(f"{PAGE}/chi-dao", {"text": SCRIPT})
    page = alice.get(PAGE).text
    assert SCRIPT not in page
    assert page.count("&lt;script&gt;") >= 8
    assert f'href="/tep/{paper_id}/{"a" * 64}"' in page


def test_the_number_of_queries_does_not_grow_with_what_is_written_down(office: Office, alice: Browser) -> None:
    alice.get(PAGE)
    with counting(office.valley.engine) as few:
        alice.get(PAGE)
    with writing(office.valley.engine) as c:
        for n in range(20):
            args = {"spoke_with": f"người {n}", "text": "x", "now": office.valley.now, "actor": f"a{n}"}
            desk.note_call(c, ANSWERABLE, **args)  # type: ignore[arg-type]
            desk.ask(c, ANSWERABLE, kind=RequestKind.OBSTACLE, text="x", now=office.valley.now, actor=f"b{n}")
    office.valley.record(ANSWERABLE, received="2024-03-11", number="1/BC")
    with counting(office.valley.engine) as many:
        alice.get(PAGE)
    assert len(many) <= len(few) + 1
