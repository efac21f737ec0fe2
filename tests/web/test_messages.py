"""Thông báo: what was sent and what became of it, what waits and what was not sent, and the tools of the page."""

from __future__ import annotations

import html
import re
import threading
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from app import channel_test, what_if
from notifications.errors import ChannelError, FateUnknown
from notifications.tables import contact, message, message_notice, notice
from people import accounts
from people.rights import Role
from tasks import intake
from tasks.database import reading, writing
from tasks.tables import agency, audit_event, occurrence
from tests.support import ANSWERABLE, FINANCE, LEAD, PLAN, plan_text
from tests.web.office import FOREIGN, Browser, Office
from tests.web.test_occurrence import SCRIPT, counting


@pytest.fixture
def told(office: Office) -> Office:
    """The `assigned` messages and the first reminder are out."""
    office.valley.run("2024-03-11 08:00")
    return office


@pytest.fixture
def alice(told: Office) -> Browser:
    return told.browser("alice")


def plain(answer: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer)))


def shown(browser: Browser, query: str = "") -> list[int]:
    found = re.findall(r'<a href="/thong-bao/(\d+)"', browser.get(f"/thong-bao?{query}").text)
    return [int(each) for each in found]


def stored(office: Office, message_id: int) -> Any:
    with reading(office.valley.engine) as c:
        return c.execute(select(message).where(message.c.id == message_id)).one()


def one(office: Office, **values: Any) -> int:
    """The message to Sở Tài chính, changed so."""
    with writing(office.valley.engine) as c:
        found = (
            c.execute(select(message.c.id).where(message.c.address == "agency@so-tai-chinh.example")).scalars().all()
        )
        if values:
            c.execute(message.update().where(message.c.id == found[0]).values(**values))
    return int(found[0])


def copies(office: Office, number: int) -> None:
    """That many more messages, with notices, and as many notices that were skipped."""
    v = office.valley
    with writing(v.engine) as c:
        row = dict(c.execute(select(message).limit(1)).one()._mapping)
        ledger = dict(c.execute(select(notice).where(notice.c.occurrence_id == ANSWERABLE).limit(1)).one()._mapping)
        for n in range(number):
            c.execute(message.insert(), [{**row, "id": 1000 + n, "key": f"k{n}"}])
            made = {**ledger, "revision": 100 + n}
            c.execute(notice.insert(), [{**made, "id": 1000 + n}])
            c.execute(
                notice.insert(), [{**made, "id": 5000 + n, "rung": "due", "status": "skipped", "reason": "closed"}]
            )
            c.execute(message_notice.insert(), [{"message_id": 1000 + n, "notice_id": 1000 + n}])


# -- the lists --


def test_messages_stand_there_with_their_fate(told: Office, alice: Browser) -> None:
    ids = shown(alice)
    assert ids == sorted(ids, reverse=True)
    assert one(told) in ids
    page = plain(alice.last)
    assert "agency@so-tai-chinh.example" in page
    assert "đã gửi" in page


def test_filters_stand_in_the_address(told: Office, alice: Browser) -> None:
    it = one(told, status="failed", detail="550")
    assert shown(alice, "tinh-trang=failed") == [it]
    assert it in shown(alice, "q=SO-TAI-CHINH")
    assert it in shown(alice, "loai=assigned&ke-hoach=thung-lung&tu=11/03/2024&den=11/03/2024")
    assert it not in shown(alice, "loai=digest")
    for query in ("q=khong-co", "tu=12/03/2024", "ke-hoach=x", "loai=press"):
        assert shown(alice, query) == [], query
    assert "không phải ngày" in plain(alice.get("/thong-bao?tu=99").text)
    for odd in ("trang=99999", "trang=-1", "tinh-trang=%27", "q=%25_%5C", "loai=x&ly-do=y"):
        alice.get(f"/thong-bao?{odd}")


def test_what_waits_and_what_was_not_sent_say_why(told: Office) -> None:
    with writing(told.valley.engine) as c:
        c.execute(contact.update().where(contact.c.agency_id == LEAD).values(active=False))
    told.valley.run("2024-03-19 07:30")
    alice = told.browser("alice")
    page = plain(alice.get("/thong-bao/dang-cho").text)
    assert "chưa có địa chỉ" in page
    assert f'href="/co-quan/{LEAD}"' in alice.last
    with reading(told.valley.engine) as c:
        rows = c.execute(select(notice.c.reason).where(notice.c.status == "skipped")).scalars().all()
    page = plain(alice.get("/thong-bao/khong-gui").text)
    assert f"{len(rows)} nhắc việc" in page
    assert "0 nhắc việc" in plain(alice.get("/thong-bao/khong-gui?ly-do=agency_ended").text)


@pytest.mark.asks_the_database
@pytest.mark.parametrize("path", ["/thong-bao", "/thong-bao/khong-gui", "/thong-bao/dang-cho"])
def test_queries_do_not_grow_with_rows(told: Office, alice: Browser, path: str) -> None:
    copies(told, 1)
    alice.get(path)
    with counting(told.valley.engine) as few:
        alice.get(path)
    copies_more(told)
    with counting(told.valley.engine) as many:
        alice.get(path)
    assert len(many) == len(few)


def copies_more(office: Office) -> None:
    with writing(office.valley.engine) as c:
        rows = [dict(r._mapping) for r in c.execute(select(notice).where(notice.c.id >= 1000))]
        for n in range(70):
            c.execute(notice.insert(), [{**r, "id": r["id"] + 1 + n, "revision": 200 + n} for r in rows])


def test_pages_hold_fifty(told: Office, alice: Browser) -> None:
    copies(told, 70)
    assert len(shown(alice)) == 50
    assert "Trang 1/2" in alice.last


# -- one message --


def test_one_message_as_it_was_sent(told: Office, alice: Browser) -> None:
    with reading(told.valley.engine) as c:
        mine = select(message.c.id).where(message.c.address == "agency@so-tai-chinh.example")
        it = c.execute(mine.where(message.c.kind == "digest")).scalars().one()
    page = plain(alice.get(f"/thong-bao/{it}").text)
    row = stored(told, it)
    assert row.subject in page
    assert "Thông báo tự động, không thay thế văn bản chính thức" in page
    assert f'href="/ky/{ANSWERABLE}"' in alice.last
    assert "Gửi lại" not in page
    assert row.html not in alice.last  # the text alone: nothing of a message is run as a page


def test_a_message_that_failed_is_sent_again(told: Office, alice: Browser) -> None:
    it = one(told, status="failed", settled_at=told.valley.now)
    assert "Gửi lại" in plain(alice.get(f"/thong-bao/{it}").text)
    assert "sẽ được gửi lại" in plain(alice.post(f"/thong-bao/{it}/gui-lai").text)
    assert stored(told, it).status == "queued"
    assert told.valley.events("message_resent")[0].actor == "alice"
    assert "không cần gửi lại" in plain(alice.post(f"/thong-bao/{it}/gui-lai", status=409).text)


def test_what_is_not_true_any_more_is_not_repeated(told: Office, alice: Browser) -> None:
    it = one(told, status="failed", settled_at=told.valley.now)
    told.valley.record(ANSWERABLE, received="2024-03-11")
    assert "không còn đúng" in plain(alice.post(f"/thong-bao/{it}/gui-lai", status=409).text)


def test_the_fate_of_a_message_is_settled(told: Office, alice: Browser) -> None:
    it = one(told, status="unknown", settled_at=told.valley.now)
    assert "Xác nhận đã đến" in plain(alice.get(f"/thong-bao/{it}").text)
    assert "Chọn" in plain(alice.post(f"/thong-bao/{it}/xac-nhan", {"ket-qua": "x"}, status=409).text)
    alice.post(f"/thong-bao/{it}/xac-nhan", {"ket-qua": "khong"})
    assert stored(told, it).status == "failed"
    assert "không có gì phải xác nhận" in plain(
        alice.post(f"/thong-bao/{it}/xac-nhan", {"ket-qua": "den"}, status=409).text
    )


def test_what_was_carried_out_waits_for_its_receipt_and_may_be_settled_where_none_comes(
    told: Office, alice: Browser
) -> None:
    it = one(told, status="relayed", settled_at=None, channel="relay", address="email:a@b.vn")
    assert "đã chuyển ra, chờ biên nhận" in plain(alice.get("/thong-bao", params={"tinh-trang": "relayed"}).text)
    page = plain(alice.get(f"/thong-bao/{it}").text)
    assert "Có biên nhận mới tính là đã gửi" in page
    assert "Gửi lại" not in page
    assert "không cần gửi lại" in plain(alice.post(f"/thong-bao/{it}/gui-lai", status=409).text)
    alice.post(f"/thong-bao/{it}/xac-nhan", {"ket-qua": "khong"})
    assert stored(told, it).status == "failed"


# -- who sees it --


def test_each_role_sees_its_own(told: Office) -> None:
    it = one(told, status="unknown")
    for login in ("henry", "otto"):
        browser = told.browser(login)
        assert it in shown(browser)
        assert "Gửi lại" not in plain(browser.get(f"/thong-bao/{it}").text)
        browser.post(f"/thong-bao/{it}/gui-lai", status=403)
        browser.post(f"/thong-bao/{it}/xac-nhan", {"ket-qua": "den"}, status=403)
        browser.get("/thong-bao/gui-thu", status=403)
        browser.get("/thong-bao/neu-khong-lam")
    for login in ("ada", "finn"):
        for path in ("", "/dang-cho", "/khong-gui", f"/{it}", "/neu-khong-lam", "/gui-thu"):
            told.browser(login).get(f"/thong-bao{path}", status=403)
    sam = told.browser("sam")
    assert shown(sam) == []
    sam.get(f"/thong-bao/{it}", status=404)
    sam.post(f"/thong-bao/{it}/gui-lai", status=404)
    sam.post(f"/thong-bao/{it}/xac-nhan", {"ket-qua": "den"}, status=404)
    sam.post("/thong-bao/neu-khong-lam", {"ke-hoach": PLAN}, status=404)
    for path in ("/khong-gui", "/dang-cho", "/gui-thu", "/neu-khong-lam"):
        assert "Thung Lũng" not in sam.get(f"/thong-bao{path}").text
    assert stored(told, it).status == "unknown"


@pytest.mark.asks_the_database
@pytest.mark.parametrize("guess", ["0", "999999", "x", "-1", "1e3", "99999999999999999999", "%D9%A1", "1%00"])
def test_guessed_numbers_find_nothing(alice: Browser, guess: str) -> None:
    alice.get(f"/thong-bao/{guess}", status=404)


# -- a test letter --


def reader(office: Office, body: str = LEAD) -> int:
    with reading(office.valley.engine) as c:
        return int(c.execute(select(contact.c.id).where(contact.c.agency_id == body)).scalars().first() or 0)


def test_a_test_letter_goes_to_the_office_itself(told: Office, alice: Browser) -> None:
    page = plain(alice.get("/thong-bao/gui-thu").text)
    assert "officer@cong-an.example" in page
    assert "so-tai-chinh" not in page
    before = len(told.valley.channel.letters)
    assert "đã nhận thư thử" in plain(alice.post("/thong-bao/gui-thu", {"nguoi-nhan": reader(told)}).text)
    letter = told.valley.channel.letters[before]
    assert letter.subject == "Thư thử của dondoc lúc 08:00 ngày 11/03/2024"
    assert "alice" in letter.text
    event = told.valley.events("channel_tested")[0]
    assert (event.actor, event.agency_id, event.data["outcome"]) == ("alice", LEAD, "sent")


def test_nobody_else_is_written_to(told: Office, alice: Browser) -> None:
    before = len(told.valley.channel.letters)
    for chosen in (str(reader(told, FINANCE)), "0", "", "x", "9" * 30):
        assert "Không có người nhận này" in plain(
            alice.post("/thong-bao/gui-thu", {"nguoi-nhan": chosen}, status=400).text
        )
    told.browser("sam").post("/thong-bao/gui-thu", {"nguoi-nhan": reader(told)}, status=400)
    assert len(told.valley.channel.letters) == before


@pytest.mark.parametrize("error", [ChannelError("550 <no>"), FateUnknown("cut"), ValueError("broken")])
def test_a_channel_that_fails_is_said(told: Office, alice: Browser, error: Exception) -> None:
    told.valley.channel.error = error
    page = plain(alice.post("/thong-bao/gui-thu", {"nguoi-nhan": reader(told)}, status=400).text)
    assert "Không gửi được thư thử" in page
    assert str(error) in page
    assert told.valley.events("channel_tested")[0].data["outcome"] != "sent"


def test_not_too_often(told: Office, alice: Browser) -> None:
    for _n in range(channel_test.MOST):
        alice.post("/thong-bao/gui-thu", {"nguoi-nhan": reader(told)})
    assert "Chờ một lát" in plain(alice.post("/thong-bao/gui-thu", {"nguoi-nhan": reader(told)}, status=400).text)
    told.valley.go("2024-03-11 08:11")
    alice.post("/thong-bao/gui-thu", {"nguoi-nhan": reader(told)})


# -- nếu không ai làm gì --


def test_the_replay_runs_beside_the_page_and_is_kept(told: Office, alice: Browser) -> None:
    page = plain(alice.get("/thong-bao/neu-khong-lam").text)
    assert "Tính thử 90 ngày" in page
    before = len(told.valley.channel.letters)
    alice.post("/thong-bao/neu-khong-lam", {"ke-hoach": PLAN})
    running = what_if.forecasts(told.valley.engine).running
    assert running is not None
    running.join(120)
    page = plain(alice.get(f"/thong-bao/neu-khong-lam?ke-hoach={PLAN}").text)
    assert "từ 11/03/2024 đến 09/06/2024" in page
    assert "nhắc quá hạn lần 1" in page
    assert "cơ quan" in page
    assert "Tính thử" not in page
    assert len(told.valley.channel.letters) == before
    alice.get("/thong-bao/neu-khong-lam?ke-hoach=khong-co", status=404)
    part = alice.get(
        f"/thong-bao/neu-khong-lam?ke-hoach={PLAN}", headers={"HX-Request": "true", "HX-Target": "ket-qua-tinh"}
    )
    assert "<main" not in part.text
    assert "nhắc quá hạn lần 1" in part.text
    with writing(told.valley.engine) as c:
        row = {"at": told.valley.now, "actor": "x", "kind": "signed_in", "data": {}, "sample": True}
        c.execute(audit_event.insert(), [row])  # somebody signs in: nothing has changed
    assert "Tính thử" not in plain(alice.get(f"/thong-bao/neu-khong-lam?ke-hoach={PLAN}").text)
    told.valley.waive(ANSWERABLE)
    assert "Tính thử 90 ngày" in plain(alice.get(f"/thong-bao/neu-khong-lam?ke-hoach={PLAN}").text)


def test_one_replay_at_a_time_and_none_that_is_too_large(
    told: Office, alice: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    monkeypatch.setattr(what_if, "simulate", lambda *_a, **_k: gate.wait(60) and [])
    try:
        assert "Đang tính" in plain(alice.post("/thong-bao/neu-khong-lam", {"ke-hoach": PLAN}).text)
        assert "hx-get" in alice.last
        told.valley.waive(ANSWERABLE)
        assert "lượt tính khác" in plain(alice.post("/thong-bao/neu-khong-lam", {"ke-hoach": ""}, status=400).text)
    finally:
        gate.set()
    running = what_if.forecasts(told.valley.engine).running
    assert running is not None
    running.join(60)
    monkeypatch.setattr(what_if, "MOST_OPEN", 1)
    assert "chọn ít kế hoạch hơn" in plain(alice.post("/thong-bao/neu-khong-lam", {"ke-hoach": ""}, status=400).text)


def test_a_replay_that_fails_is_said(told: Office, alice: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_a: object, **_k: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(what_if, "simulate", broken)
    alice.post("/thong-bao/neu-khong-lam", {"ke-hoach": PLAN})
    running = what_if.forecasts(told.valley.engine).running
    assert running is not None
    running.join(60)
    assert "Không tính được" in plain(alice.get(f"/thong-bao/neu-khong-lam?ke-hoach={PLAN}").text)


def test_stored_script_is_text(told: Office, alice: Browser) -> None:
    it = one(
        told, subject=SCRIPT, person=SCRIPT, text=SCRIPT, html=SCRIPT, detail=SCRIPT, status="unknown", sender=SCRIPT
    )
    with writing(told.valley.engine) as c:
        c.execute(agency.update().where(agency.c.id == FINANCE).values(name=SCRIPT))
        c.execute(contact.update().where(contact.c.agency_id == LEAD).values(name=SCRIPT))
        c.execute(occurrence.update().where(occurrence.c.id == ANSWERABLE).values(number=SCRIPT))
    for path in ("", f"/{it}", "/gui-thu", f"?q={SCRIPT}"):
        assert SCRIPT not in alice.get(f"/thong-bao{path}").text
        assert "&lt;script&gt;" in alice.last
    for path in ("/khong-gui", "/dang-cho", "/neu-khong-lam"):
        assert SCRIPT not in alice.get(f"/thong-bao{path}").text


# -- a digest of two lead units --


@pytest.fixture
def shared(told: Office) -> int:
    """The digest of Friday: written for the valley's plan, and it lists what Sở Tài chính owes Công an Nơi Khác."""
    foreign = (
        plan_text()
        .decode()
        .replace("plan: thung-lung", "plan: noi-khac")
        .replace("lead: {agency: cong-an,", "lead: {agency: noi-khac.cong-an,")
        .replace("recipients: [{agency: cong-an}]", "recipients: [{agency: noi-khac.cong-an}]")
        .replace("title: Kế hoạch triển khai", "title: Kế hoạch riêng của Nơi Khác")
        .replace("2024-03-16", "2024-03-21")
    )
    v = told.valley
    with writing(v.engine) as c:
        intake.add_plan(c, foreign.encode(), file="x.yaml", now=v.now, actor="sam")
        intake.activate(c, "noi-khac", now=v.now, actor="sam")
    v.run("2024-03-11 09:00")
    [letter] = [x for x in v.run("2024-03-15 07:30") if x.address == "agency@so-tai-chinh.example"]
    assert "Kế hoạch riêng của Nơi Khác" in letter.text
    with reading(v.engine) as c:
        mine = select(message.c.id).where(message.c.address == letter.address).order_by(message.c.id.desc())
        return int(c.execute(mine.limit(1)).scalar_one())


def test_an_officer_sees_nothing_of_another_unit_in_a_shared_digest(told: Office, shared: int) -> None:
    alice = told.browser("alice")
    page = plain(alice.get(f"/thong-bao/{shared}").text)
    assert "gộp cả việc trong kế hoạch của đơn vị theo dõi khác" in page
    assert "Kế hoạch triển khai" in page, "what is one's own stands under Nói về"
    listed = plain(alice.get("/thong-bao").text)
    assert "Nhắc việc ngày 15/03/2024, chung của nhiều đơn vị theo dõi" in listed
    occurrence_page = plain(alice.get(f"/ky/{ANSWERABLE}").text)
    for text in (page, listed, occurrence_page):
        assert "Kế hoạch riêng" not in text
    with reading(told.valley.engine) as c:
        subject = c.execute(select(message.c.subject).where(message.c.id == shared)).scalar_one()
    assert shared not in shown(alice, f"q={quote(subject[:20])}"), "nor by asking for its words"


def test_whoever_may_see_both_units_reads_it_whole(told: Office, shared: int) -> None:
    with writing(told.valley.engine) as c:
        accounts.give_post(c, told.ids["otto"], Role.AUDITOR, FOREIGN, now=told.valley.now, actor="test")
    page = plain(told.browser("otto").get(f"/thong-bao/{shared}").text)
    assert "Kế hoạch riêng của Nơi Khác" in page


def test_a_message_of_one_unit_is_shown_whole(told: Office, shared: int) -> None:
    alice = told.browser("alice")
    with reading(told.valley.engine) as c:
        ids = c.execute(select(message.c.id).where(message.c.address == "agency@so-noi-vu.example")).scalars().all()
        body = c.execute(select(message.c.text).where(message.c.id == ids[0])).scalar_one()
    assert body.splitlines()[0] in html.unescape(alice.get(f"/thong-bao/{ids[0]}").text)
