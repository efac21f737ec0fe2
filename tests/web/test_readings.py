"""Reviewing a document that was read: from the upload to the plan, two officers at once, and what nobody may."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from app import reading as review
from app.reading import attention
from app.reading import due as review_due
from app.reading.incoming import Incoming
from plans.model import Agency
from tasks.agencies import save_agencies
from tasks.database import reading, writing
from tasks.reading_model import Content, Item, State
from tasks.reading_store import load
from tasks.reading_tables import reading as reading_table
from tasks.tables import audit_event, plan
from tests.support import ANSWERABLE, FINANCE, HEIR, INTERIOR, LEAD, PLAN
from tests.web.a_document import NAME, TEXT
from tests.web.office import FOREIGN, Browser, Office
from tests.web.test_occurrence import counting
from web import readings_jobs
from web.routes import readings

AT = "/ke-hoach/doc-van-ban"
ONE = f"{AT}/1"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine may be slow: the page that waits has a test of its own."""
    monkeypatch.setattr(readings, "PATIENCE", 120.0)


def upload(browser: Browser, text: str = TEXT, *, name: str = NAME, lead: str = LEAD, status: int = 200) -> str:
    browser.get(AT)
    file = {"tep": (name, text.encode(), "text/plain")}
    return browser.post(AT, {"don-vi": lead}, files=file, status=status).text


@pytest.fixture
def alice(office: Office) -> Browser:
    """Alice before the review of a document that she has uploaded."""
    browser = office.browser("alice")
    upload(browser)
    return browser


def content(office: Office, reading_id: int = 1) -> Content:
    with reading(office.valley.engine) as c:
        return load(c, reading_id).content


def item(office: Office, words: str) -> Item:
    """The proposal whose time expression begins like that."""
    found = [each for each in content(office).items if each.time and each.time.of(TEXT).startswith(words)]
    assert len(found) == 1, [each.time and each.time.of(TEXT) for each in content(office).items]
    return found[0]


def seen(browser: Browser) -> str:
    found = re.search(r'name="lan" value="(\d+)"', browser.last)
    assert found, browser.last[:500]
    return found[1]


def send(browser: Browser, path: str, data: dict[str, Any] | None = None, *, status: int = 200, **extra: Any) -> str:
    """Fills in a form of the page that was opened just before."""
    return browser.post(path, {"lan": seen(browser), **(data or {})}, status=status, **extra).text


def card(page: str, number: int) -> str:
    found = re.search(rf'<article class="proposal[^"]*" id="item-{number}".*?</article>', page, re.DOTALL)
    assert found
    return found[0]


def trail(office: Office) -> list[str]:
    with reading(office.valley.engine) as c:
        return list(c.execute(select(audit_event.c.kind).order_by(audit_event.c.id)).scalars())


# --- uploading


def test_a_document_is_uploaded_and_its_duties_stand_beside_it(office: Office, alice: Browser) -> None:
    page = alice.last
    assert "Chuyển đổi số trong giải quyết thủ tục hành chính" in page
    due = item(office, "trước ngày 30/4/2024")
    assert f'href="{ONE}#item-{due.id}" id="o-item-{due.id}">trước ngày 30/4/2024</a>' in page
    assert "29/04/2024" in card(page, due.id)
    assert trail(office).count("document_read") == 1


def test_the_text_of_the_page_is_the_text_of_the_document(alice: Browser) -> None:
    shown = re.findall(r'<p data-at="(\d+)">(.*?)</p>', alice.last, re.DOTALL)
    plain = [
        (int(at), re.sub(r"<[^>]+>", "", words).replace("&#34;", '"').replace("&amp;", "&")) for at, words in shown
    ]
    assert "\n".join(words for _at, words in plain) == TEXT
    assert all(TEXT[at : at + len(words)] == words for at, words in plain)


def test_the_same_file_again_leads_to_its_review(office: Office, alice: Browser) -> None:
    upload(alice, name="ten-khac.txt")
    assert str(alice.client.get(AT).text).count(f'href="{ONE}"') == 1
    assert trail(office).count("document_read") == 1


def test_a_document_that_is_no_text_is_refused_in_plain_words(office: Office) -> None:
    alice = office.browser("alice")
    assert "rỗng" in upload(alice, "", status=400)
    assert "Chưa chọn đơn vị" in upload(alice, lead="", status=400)
    alice.get(AT)
    assert "Chưa chọn tệp" in alice.post(AT, {"don-vi": LEAD}, status=400).text


def test_a_document_with_a_mark_of_secrecy_is_refused_and_not_kept(office: Office, dondoc_home: Path) -> None:
    alice = office.browser("alice")
    page = upload(alice, f"TUYỆT MẬT\n{TEXT}", status=400)
    assert "Văn bản có dấu chỉ độ mật" in page
    kept = [each for each in (dondoc_home / "files").rglob("*") if each.is_file()]
    assert kept == []
    alice.get(ONE, status=404)


def test_a_file_that_is_too_big_is_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "MOST_BYTES", 1_000)
    assert "Tệp lớn hơn" in upload(office.browser("alice"), status=400)


def jobs_of(office: Office) -> readings_jobs.Jobs:
    found: readings_jobs.Jobs = office.app.state.readings
    return found


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Nothing is read before this is set."""
    go_on, reads = threading.Event(), review.upload

    def slow_upload(*args: Any, **kwargs: Any) -> Any:
        kwargs["progress"](3, 40)
        assert go_on.wait(120)
        return reads(*args, **kwargs)

    monkeypatch.setattr(readings, "PATIENCE", 0.0)
    monkeypatch.setattr(review, "upload", slow_upload)
    yield go_on
    go_on.set()


def test_who_waits_for_a_long_document_is_told_and_brought_to_its_review(office: Office, held: threading.Event) -> None:
    alice = office.browser("alice")
    page = upload(alice)
    found = re.search(rf'hx-get="({AT}/cho/[^"]+)"', page)
    assert found, "the page asks again by itself"
    assert '<noscript><meta http-equiv="refresh"' in page
    [job] = jobs_of(office).running()
    held.set()
    assert job.done.wait(120)
    part = alice.client.get(found[1], headers={"HX-Request": "true", "HX-Target": "dang-doc"})
    assert part.headers["HX-Redirect"] == found[1]
    assert "data-review" in alice.get(found[1]).text
    sam = office.browser("sam")
    assert "data-review" not in sam.get(found[1]).text


def test_what_is_being_read_is_listed_for_its_own_unit(office: Office, held: threading.Event) -> None:
    alice, sam = office.browser("alice"), office.browser("sam")
    upload(alice, "", name="hong.txt")
    upload(alice, name="ban-quet.txt")
    first, second = jobs_of(office).running()
    while first.page == 0:
        first.done.wait(0.01)
    page = alice.get(AT).text
    assert "ban-quet.txt" in page
    assert "Đã nhận dạng 3/40 trang" in page
    assert "ban-quet.txt" not in sam.get(AT).text
    held.set()
    assert first.done.wait(120)
    assert second.done.wait(120)
    assert "hong.txt" not in sam.get(AT).text
    told = alice.get(AT).text
    assert "Không đọc được hong.txt: Tệp hong.txt rỗng" in told
    assert "hong.txt" not in alice.get(AT).text, "told once"
    assert "rỗng" in alice.get(f"{AT}/cho/{first.key}", status=400).text


def test_no_more_files_wait_than_can_be_read(
    office: Office, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings_jobs, "MOST", 2)
    alice = office.browser("alice")
    for number in (1, 2):
        upload(alice, f"{TEXT}{number}")
    assert "chờ đọc" in upload(alice, status=400)
    waiting = jobs_of(office).running()
    held.set()
    assert all(job.done.wait(120) for job in waiting)


def test_what_was_being_read_when_the_machine_stopped_is_read_after_it(office: Office, dondoc_home: Path) -> None:
    left = Incoming(dondoc_home)
    left.put(TEXT.encode(), NAME, lead=LEAD, actor="alice", at=office.valley.now)
    left.put(f"MẬT\n{TEXT}".encode(), "mat.txt", lead=LEAD, actor="alice", at=office.valley.now)
    stubborn = left.put(b"x", "treo.pdf", lead=LEAD, actor="alice", at=office.valley.now)
    for _n in range(readings_jobs.TRIES):
        stubborn = left.begun(stubborn)
    jobs_of(office).resume()
    assert all(job.again and job.done.wait(120) for job in list(jobs_of(office)._jobs.values()))
    page = office.browser("alice").get(AT).text
    assert f'href="{ONE}"' in page
    assert "Không đọc được mat.txt: Văn bản có dấu chỉ độ mật" in page
    assert "Không đọc được treo.pdf: Hệ thống dừng 3 lần" in page
    assert left.waiting() == []
    assert [path.read_bytes() for path in dondoc_home.rglob("*") if path.is_file()] == [TEXT.encode()]
    with reading(office.valley.engine) as c:
        assert load(c, 1).by == "alice"


def test_a_wait_that_nobody_knows_leads_back(office: Office) -> None:
    assert "tải tệp lên lại" in office.browser("alice").get(f"{AT}/cho/{'x' * 43}").text


# --- deciding


def test_a_proposal_is_taken_left_out_with_a_reason_and_looked_at_again(office: Office, alice: Browser) -> None:
    due = item(office, "trước ngày 30/4/2024")
    page = send(alice, f"{ONE}/viec/{due.id}/nhan")
    assert "Trong kế hoạch" in card(page, due.id)
    assert item(office, "trước ngày 30/4/2024").state is State.ACCEPTED
    send(alice, f"{ONE}/viec/{due.id}/xem-lai")
    assert "Ghi lý do" in send(alice, f"{ONE}/viec/{due.id}/bo", status=400)
    page = send(alice, f"{ONE}/viec/{due.id}/bo", {"ly-do": "Đã xong"})
    assert "Đã xong" in card(page, due.id)
    assert item(office, "trước ngày 30/4/2024").state is State.IGNORED
    assert trail(office).count("reading_item") == 3


def test_with_script_only_the_card_comes_back_and_how_far_one_is(office: Office, alice: Browser) -> None:
    due = item(office, "trước ngày 30/4/2024")
    part = send(alice, f"{ONE}/viec/{due.id}/nhan", headers={"HX-Request": "true", "HX-Target": f"item-{due.id}"})
    assert 'class="proposal accepted"' in card(part, due.id)
    assert 'hx-swap-oob="true"' in part
    assert "<html" not in part
    assert 'data-lan="2"' in part


def test_all_that_is_clear_is_taken_at_once_and_nothing_doubtful(office: Office, alice: Browser) -> None:
    send(alice, f"{ONE}/nhan")
    taken = [each for each in content(office).items if each.state is State.ACCEPTED]
    assert not [each for each in taken if each.doubts or not each.agencies]
    left = [each.time.of(TEXT) for each in content(office).items if each.state is State.PROPOSED and each.time]
    assert "chậm nhất ngày 15 tháng 5" in left, "its year stands elsewhere"
    assert "trước ngày 25/12/2024" in left, "nobody is named"
    assert "trước ngày 30/4/2024" not in left


def test_two_officers_at_once_do_not_overwrite_each_other(office: Office, alice: Browser) -> None:
    other = office.browser("alice")
    other.get(ONE)
    first, second = content(office).items[:2]
    send(alice, f"{ONE}/viec/{first.id}/nhan")
    page = send(other, f"{ONE}/viec/{first.id}/bo", {"ly-do": "Trùng"}, status=400)
    assert "vừa thay đổi" in page
    assert content(office).items[0].state is State.ACCEPTED
    send(other, f"{ONE}/viec/{first.id}/xem-lai")  # with what the page shows now
    assert content(office).items[0].state is State.PROPOSED
    alice.get(ONE)
    other.get(ONE)
    send(alice, f"{ONE}/viec/{first.id}/nhan")
    send(other, f"{ONE}/viec/{second.id}/nhan")
    assert [each.state for each in content(office).items[:2]] == [State.ACCEPTED] * 2, "beside each other both count"


def test_with_script_the_cards_that_others_have_changed_come_along(office: Office, alice: Browser) -> None:
    other = office.browser("alice")
    other.get(ONE)
    first, second, third = content(office).items[:3]
    send(alice, f"{ONE}/viec/{first.id}/nhan")
    headers = {"HX-Request": "true", "HX-Target": f"item-{second.id}"}
    part = send(other, f"{ONE}/viec/{second.id}/nhan", headers=headers)
    assert re.findall(r'<article class="proposal accepted" id="item-(\d+)"', part) == [str(second.id), str(first.id)]
    assert re.search(rf'id="item-{first.id}"[^>]* hx-swap-oob="true"', part)
    alice.get(ONE)
    other.get(ONE)
    send(alice, f"{ONE}/viec/{first.id}/tach")
    answer = other.client.post(
        f"{ONE}/viec/{third.id}/nhan", data={"csrf": other.csrf(), "lan": seen(other)}, headers=headers
    )
    assert answer.headers["HX-Redirect"].startswith(f"{ONE}?"), "a card came that this page does not have"
    assert content(office).item(third.id).state is State.ACCEPTED


def test_several_are_decided_at_once(office: Office, alice: Browser) -> None:
    first, second, third, fourth = (str(each.id) for each in content(office).items[:4])
    at = f"{ONE}/nhieu"
    assert "Chưa chọn đề xuất nào" in send(alice, at, {"lam": "nhan"}, status=400)
    assert "Ghi lý do" in send(alice, at, {"viec": [first], "lam": "bo"}, status=400)
    both = {"viec": [first], "lam": "nhan", "ly-do": "Trùng"}
    page = send(alice, at, both, status=400)
    assert "Đã ghi lý do bỏ qua" in page, "the Enter key in that field takes nothing"
    assert re.findall(r'value="(\d+)" class="tick" checked', page) == [first], "what was ticked stays ticked"
    assert 'value="Trùng" list="ly-do-bo"' in page
    assert "Đã bỏ qua 2 đề xuất" in send(alice, at, {"viec": [first, second], "lam": "bo", "ly-do": "Trùng"})
    assert {each.reason for each in content(office).items[:2]} == {"Trùng"}
    given = {"viec": [third, fourth], "lam": "nhan", "giao": "Sở Nội vụ;  Sở Lạ", "thay": "1"}
    assert "Đã đưa 2 đề xuất vào kế hoạch" in send(alice, at, given)
    for each in content(office).items[2:4]:
        assert ([named.name for named in each.agencies], each.state) == (["Sở Nội vụ", "Sở Lạ"], State.ACCEPTED)
    send(alice, at, {"viec": ["999"], "lam": "nhan"}, status=404)


def test_parts_of_the_document_can_be_ticked_at_once(alice: Browser) -> None:
    labels = re.findall(r'<option value="part:([^"]+)">', alice.last)
    assert {"II", "II.1", "II.2"} <= set(labels)
    assert "II.5" not in labels, "one duty alone"
    assert re.search(r'data-section="II\.1\.a"', alice.last)


def test_with_script_who_was_slower_is_told_at_the_card(office: Office, alice: Browser) -> None:
    other = office.browser("alice")
    other.get(ONE)
    first = content(office).items[0]
    send(alice, f"{ONE}/viec/{first.id}/bo", {"ly-do": "Trùng"})
    headers = {"HX-Request": "true", "HX-Target": f"item-{first.id}"}
    shown = card(send(other, f"{ONE}/viec/{first.id}/nhan", headers=headers), first.id)
    assert "vừa thay đổi" in shown
    assert "Trùng" in shown, "with what the other has decided"
    answer = alice.client.post(f"{ONE}/viec/{first.id}/nhan", data={"csrf": alice.csrf(), "lan": "77"}, headers=headers)
    assert answer.headers["HX-Redirect"].startswith(f"{ONE}?")
    assert "vừa thay đổi" in alice.get(ONE).text


def test_title_deadline_and_bodies_of_a_proposal_are_changed(office: Office, alice: Browser) -> None:
    due = item(office, "chậm nhất ngày 15 tháng 5")
    page = alice.get(f"{ONE}/viec/{due.id}").text
    assert 'name="on" value="15/05/2024"' in page
    form = {
        "title": "Bố trí kinh phí",
        "section": due.section,
        "phrase": "once",
        "boundary": "before",
        "on": "15/05/2024",
        "agencies": due.agencies[0].name,
        "them-cooperating": "Sở Nội vụ; Sở Lạ Lẫm",
        "lam": "nhan",
    }
    send(alice, f"{ONE}/viec/{due.id}", form)
    changed = content(office).item(due.id)
    assert (changed.title, changed.state) == ("Bố trí kinh phí", State.ACCEPTED)
    assert changed.rule is not None
    assert dict(changed.rule) == {"kind": "once", "boundary": "before", "on": "2024-05-15"}
    assert [each.name for each in changed.cooperating] == ["Sở Nội vụ", "Sở Lạ Lẫm"]
    assert changed.agencies == due.agencies


def test_an_unchanged_proposal_keeps_the_deadline_that_was_read(office: Office, alice: Browser) -> None:
    due = item(office, "trước ngày 10 của tháng đầu quý sau")
    page = alice.get(f"{ONE}/viec/{due.id}").text
    fields = dict(re.findall(r'<input[^>]* name="([a-z_0-9]+)" value="([^"]*)"', page))
    chosen = dict(re.findall(r'<select id="f-([a-z]+)".*?<option value="([^"]*)" selected', page))
    form = {**fields, **chosen, "title": "Tên khác", "agencies": due.agencies[0].name, "lam": "luu"}
    send(alice, f"{ONE}/viec/{due.id}", {**form, "covers": "1"})
    assert (content(office).item(due.id).title, content(office).item(due.id).rule) == ("Tên khác", None)


def test_a_date_that_stands_nowhere_in_the_document_is_refused(office: Office, alice: Browser) -> None:
    due = item(office, "trước ngày 30/4/2024")
    alice.get(f"{ONE}/viec/{due.id}")
    form = {"title": due.title, "section": due.section, "phrase": "once", "boundary": "before", "on": "17/09/2031"}
    page = send(alice, f"{ONE}/viec/{due.id}", {**form, "agencies": due.agencies[0].name}, status=400)
    assert 'role="alert"' in page
    assert content(office).item(due.id).rule is None


def test_the_next_dates_are_shown_while_one_types(office: Office, alice: Browser) -> None:
    due = item(office, "trước ngày 30/4/2024")
    alice.get(f"{ONE}/viec/{due.id}")
    form = {"title": "x", "section": "x", "phrase": "annual", "boundary": "before", "day": "20", "month": "12"}
    headers = {"HX-Request": "true", "HX-Target": "ngay-toi"}
    part = send(alice, f"{ONE}/viec/{due.id}", {**form, "lam": "xem"}, headers=headers)
    assert part.lstrip().startswith('<div id="ngay-toi"')
    assert "19/12/2024" in part
    assert content(office).item(due.id).rule is None


def test_a_proposal_is_split_and_another_put_together_with_it(office: Office, alice: Browser) -> None:
    due = item(office, "trước ngày 30/4/2024")
    before = len(content(office).items)
    send(alice, f"{ONE}/viec/{due.id}/tach")
    assert len(content(office).items) == before + 1
    copy = next(each for each in content(office).items if due.id in each.came_of)
    alice.get(ONE)
    send(alice, f"{ONE}/viec/{due.id}/gop", {"voi": str(copy.id)})
    assert content(office).item(copy.id).state is State.IGNORED
    alice.get(ONE)
    assert "Chưa chọn đề xuất" in send(alice, f"{ONE}/viec/{due.id}/gop", {"voi": "x"}, status=400)


def test_selected_words_become_a_proposal_with_their_own_deadline(office: Office, alice: Browser) -> None:
    sentence = "Nâng tỷ lệ hồ sơ nộp trực tuyến lên từ 60% trở lên trong năm 2024"
    at = TEXT.index(sentence)
    send(alice, f"{ONE}/viec/moi", {"tu": str(at), "den": str(at + len(sentence))})
    made = next(each for each in content(office).items if each.origin.value == "added")
    assert made.clause is not None
    assert made.clause.of(TEXT) == sentence
    assert made.time is None or made.time.of(TEXT) in sentence


def test_a_pasted_sentence_is_found_whatever_its_line_breaks(office: Office, alice: Browser) -> None:
    alice.get(f"{ONE}/viec/moi")
    send(alice, f"{ONE}/viec/moi", {"cau": "báo cáo Ủy ban nhân dân\ntỉnh trước ngày 20/12/2024", "title": "Báo cáo"})
    made = next(each for each in content(office).items if each.origin.value == "added")
    assert made.clause is not None
    assert made.clause.of(TEXT) == "báo cáo Ủy ban nhân dân tỉnh trước ngày\n20/12/2024"
    assert made.title == "Báo cáo"


@pytest.mark.parametrize(
    "given",
    [
        {"cau": "Sở Y tế báo cáo trước ngày 01/01/2025."},
        {"cau": ""},
        {"tu": "5", "den": "999999"},
        {"tu": "9", "den": "3"},
        {"tu": "x", "den": "3"},
    ],
)
def test_what_does_not_stand_in_the_document_cannot_be_added(
    office: Office, alice: Browser, given: dict[str, str]
) -> None:
    before = content(office)
    send(alice, f"{ONE}/viec/moi", given, status=400)
    assert content(office) == before


def test_neither_queries_nor_looks_at_the_whole_text_grow_with_the_duties(
    office: Office, alice: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice.get(ONE)
    with counting(office.valley.engine) as few:
        alice.get(ONE)
    duties = TEXT.split("II. NHIỆM VỤ\n")[1].split("III. TỔ CHỨC")[0]
    long = TEXT.replace(duties, duties * 5)
    upload(alice, long)
    assert len(content(office, 2).items) > 4 * len(content(office).items)
    asked: list[str] = []

    def damaged(text: str) -> bool:
        asked.append(text)
        return False

    monkeypatch.setattr(review_due, "damaged", damaged)
    review_due._whole_damaged.cache_clear()
    with counting(office.valley.engine) as many:
        alice.get(f"{AT}/2")
    assert len(many) == len(few)
    assert asked.count(long) == 1


# --- facts and bodies


def test_what_the_document_says_of_itself_is_put_right(office: Office, alice: Browser) -> None:
    page = alice.get(f"{ONE}/van-ban").text
    assert 'value="04/03/2024"' in page
    shown = {name: fact.value for name, fact in content(office).facts.items()}
    form = {**shown, "signed": "04/03/2024", "horizon": "31/12/2024", "short": "KH 88", "number": "88/KH-UBND"}
    send(alice, f"{ONE}/van-ban", form)
    facts = content(office).facts
    assert facts["short"].value == "KH 88"
    assert facts["signed"].value == "2024-03-04"
    assert (facts["number"].typed, facts["title"].typed) == (False, False), "what was left alone is as it was read"


def test_whom_a_name_stands_for_is_chosen(office: Office, alice: Browser) -> None:
    names = [each.name for each in content(office).bodies]
    place = names.index("Sở Thông tin và Truyền thông")
    page = alice.get(f"{ONE}/co-quan").text
    assert "thêm mới" in page
    send(alice, f"{ONE}/co-quan", {f"khac-{place}": "so noi vu"})
    assert content(office).bodies[place].agency == "thung-lung.so-noi-vu"
    assert "không có cơ quan" in fold_kept(send(alice, f"{ONE}/co-quan", {f"khac-{place}": "Sở Nào Đó"}, status=400))
    alice.get(f"{ONE}/co-quan")
    send(alice, f"{ONE}/co-quan", {f"chon-{place}": "moi", f"ma-{place}": "so-tttt"})
    chosen = content(office).bodies[place]
    assert (chosen.agency, chosen.is_new) == ("thung-lung.so-tttt", True)
    assert "Mã cơ quan mới" in send(
        alice, f"{ONE}/co-quan", {f"chon-{place}": "moi", f"ma-{place}": "Ký Tự"}, status=400
    )


def fold_kept(page: str) -> str:
    return page.lower()


def test_the_bodies_of_a_collective_name_and_how_they_stand_are_chosen(office: Office, alice: Browser) -> None:
    page = alice.get(f"{ONE}/co-quan").text
    groups = [each.name for each in content(office).groups]
    assert len(groups) == 2
    assert all(name in page for name in groups)
    assert '<option value="peer" selected>' in page
    form = {"thanh-vien-0": FINANCE, "them-0": "so noi vu", "quan-he-0": "subordinate"}
    send(alice, f"{ONE}/co-quan", form)
    changed, other = content(office).groups
    assert {each.agency for each in changed.chosen} == {FINANCE, "thung-lung.so-noi-vu"}
    assert (changed.relation, changed.looked) == ("subordinate", True)
    assert not other.looked, "its fields were not sent"
    assert "không có cơ quan" in fold_kept(send(alice, f"{ONE}/co-quan", {**form, "them-0": "Sở Nào Đó"}, status=400))
    assert "quan hệ" in send(alice, f"{ONE}/co-quan", {**form, "quan-he-0": "self"}, status=400)


def test_all_names_of_the_page_are_confirmed_at_once(office: Office, alice: Browser) -> None:
    alice.get(f"{ONE}/co-quan")
    was = content(office)
    fields: dict[str, Any] = {
        f"thanh-vien-{at}": [m.agency for m in group.chosen] for at, group in enumerate(was.groups)
    }
    fields |= {f"quan-he-{at}": group.relation for at, group in enumerate(was.groups)}
    fields |= {f"chon-{at}": "" if body.is_new else body.agency for at, body in enumerate(was.bodies)}
    send(alice, f"{ONE}/co-quan", {**fields, "lam": "luu"})
    assert content(office) == was, "saved without a word about what was looked at"
    alice.get(f"{ONE}/co-quan")
    send(alice, f"{ONE}/co-quan", {**fields, "lam": "dung"})
    left = {f"group-{at}" for at, group in enumerate(was.groups) if not group.chosen}
    fresh = {f"body-{at}" for at, body in enumerate(was.bodies) if body.is_new} & attention(was)
    assert fresh
    assert attention(content(office)) == left | fresh, "no body comes into the register unasked"
    alice.get(f"{ONE}/co-quan")
    send(alice, f"{ONE}/co-quan", {**fields, "lam": "dung", "them-moi": "1"})
    now_is = content(office)
    assert attention(now_is) == left
    assert [body.agency for body in now_is.bodies] == [body.agency for body in was.bodies]


def test_a_new_body_comes_in_under_the_name_that_is_typed(office: Office, alice: Browser) -> None:
    place = next(at for at, body in enumerate(content(office).bodies) if body.is_new)
    alice.get(f"{ONE}/co-quan")
    send(alice, f"{ONE}/co-quan", {f"chon-{place}": "moi", f"ten-{place}": " Sở  Khoa học và Công nghệ"})
    assert content(office).bodies[place].called == "Sở Khoa học và Công nghệ"
    assert "Thêm mới: Sở Khoa học và Công nghệ" in alice.get(f"{ONE}/co-quan").text


def test_a_name_that_is_no_body_is_taken_out_of_all_duties(office: Office, alice: Browser) -> None:
    group, body = content(office).groups[0].name, "Sở Tài chính"

    def named() -> set[str]:
        return {each.name for item in content(office).items for each in (*item.agencies, *item.cooperating)}

    assert {group, body} <= named()
    place = [each.name for each in content(office).bodies].index(body)
    alice.get(f"{ONE}/co-quan")
    send(alice, f"{ONE}/co-quan", {"bo-khoi": "0", f"chon-{place}": "bo"})
    assert not {group, body} & named()
    assert any(not item.agencies for item in content(office).items), "to be given to somebody"


def test_who_brings_in_a_document_that_names_no_lead_unit_follows_it_up(office: Office) -> None:
    alice = office.browser("alice")
    upload(alice, TEXT.split("2. Giao Công an tỉnh")[0])
    assert content(office).facts["lead"].value == "Công an Thung Lũng"
    assert "Đơn vị theo dõi" not in re.findall(r"<li><a [^>]*>([^<]*)", alice.last)


def test_all_that_the_document_says_of_itself_is_confirmed_at_once(office: Office) -> None:
    alice = office.browser("alice")
    upload(alice, TEXT.replace("ngày 04 tháng 3 năm 2024\n\nKẾ", "ngày    tháng 3 năm 2024\n\nKẾ"))
    alice.get(f"{ONE}/van-ban")
    assert [name for name, fact in content(office).facts.items() if fact.doubts and not fact.looked]
    shown = {name: fact.value for name, fact in content(office).facts.items()}
    send(alice, f"{ONE}/van-ban", {**shown, "signed": "3/2024", "horizon": "31/12/2024", "lam": "dung"})
    assert [name for name, fact in content(office).facts.items() if fact.doubts and not fact.looked] == []


# --- the plan


def settle(office: Office, alice: Browser) -> None:
    """All that blocks the start, by the forms."""
    groups = len(content(office).groups)
    for place in range(groups):
        alice.get(f"{ONE}/co-quan")
        members = {f"thanh-vien-{place}": [FINANCE, "thung-lung.so-noi-vu"], f"quan-he-{place}": "peer"}
        send(alice, f"{ONE}/co-quan", members)
    bodies = content(office).bodies
    alice.get(f"{ONE}/co-quan")
    chosen = {f"chon-{at}": "moi" if body.is_new else body.agency or "moi" for at, body in enumerate(bodies)}
    slugs = {
        f"ma-{at}": body.agency.rpartition(".")[2] if body.agency else f"moi-{at}" for at, body in enumerate(bodies)
    }
    leads = {f"khac-{at}": "Công an Thung Lũng" for at, body in enumerate(bodies) if body.name == "Công an tỉnh"}
    ticked = {"da-xem": [str(at) for at in range(len(bodies))]}
    send(alice, f"{ONE}/co-quan", {**chosen, **slugs, **leads, **ticked})
    alice.get(f"{ONE}/van-ban")
    shown = {name: fact.value for name, fact in content(office).facts.items()}
    typed = {"signed": "04/03/2024", "horizon": "31/12/2024", "unit": "thung-lung", "plan": "so-hoa-2024"}
    typed |= {"short": "KH 88", "level": "province", "lead": "Công an tỉnh"}
    send(alice, f"{ONE}/van-ban", {**shown, **typed, "da-xem": list(shown)})
    for each in content(office).items:
        alice.get(f"{ONE}/viec/{each.id}")
        if not each.agencies:
            send(alice, f"{ONE}/viec/{each.id}/bo", {"ly-do": "Không thuộc phạm vi theo dõi"})
        elif each.state is State.PROPOSED:
            send(alice, f"{ONE}/viec/{each.id}/nhan")
        alice.get(ONE)


def test_the_plan_is_made_of_what_was_taken_and_the_document_stays_with_it(office: Office, alice: Browser) -> None:
    page = send(alice, f"{ONE}/lap", status=400)
    assert 'role="alert"' in page
    settle(office, alice)
    page = alice.get(ONE).text
    assert f'action="{ONE}/lap"' in page, re.findall(r"<li><a href=.*?</li>", page)
    made = send(alice, f"{ONE}/lap")
    assert "Đã ghi vào sổ ở dạng nháp" in made
    assert 'href="/ke-hoach/so-hoa-2024/van-ban"' in made
    with reading(office.valley.engine) as c:
        row = c.execute(select(plan.c.status, plan.c.source).where(plan.c.id == "so-hoa-2024")).one()
    assert row.status == "draft"
    assert row.source.count("quote:") >= 8
    looked = alice.get("/ke-hoach/so-hoa-2024/van-ban?cau=trước ngày 30/4/2024").text
    assert re.search(r'data-wanted="item-\d+"', looked)
    assert "/nhan" not in looked
    assert alice.get("/ke-hoach/so-hoa-2024/van-ban/tep").content == TEXT.encode()
    send_again = alice.client.post(f"{ONE}/viec/1/nhan", data={"csrf": alice.csrf(), "lan": "99"})
    assert send_again.status_code == 400


def test_a_duty_of_a_followed_plan_leads_to_its_sentence(office: Office, alice: Browser) -> None:
    assert "van-ban?cau=" not in alice.get(f"/ky/{ANSWERABLE}").text
    with writing(office.valley.engine) as c:
        c.execute(update(reading_table).values(plan_id=PLAN))
    address = re.search(r'href="(/ke-hoach/[^"]+/van-ban\?cau=[^"]+)"', alice.get(f"/ky/{ANSWERABLE}").text)
    assert address
    assert "data-wanted" not in alice.get(address[1]).text, "its words stand in another document"
    due = item(office, "trước ngày 10 của tháng đầu quý sau")
    page = alice.get(f"/ke-hoach/{PLAN}/van-ban?cau=trước ngày 10 của tháng …").text
    assert f'data-wanted="item-{due.id}"' in page
    office.browser("otto").get(f"/ke-hoach/{PLAN}/van-ban")
    office.browser("sam").get(f"/ke-hoach/{PLAN}/van-ban", status=404)


def test_a_body_that_has_ended_is_shown_with_its_successors_and_never_replaced_silently(office: Office) -> None:
    with writing(office.valley.engine) as c:
        gone = Agency(INTERIOR, "Sở Nội vụ", until=date(2024, 2, 1), successor=HEIR)
        save_agencies(c, [gone])
    alice = office.browser("alice")
    upload(alice)
    place = [each.name for each in content(office).bodies].index("Sở Nội vụ")
    assert content(office).bodies[place].agency == INTERIOR
    page = alice.get(f"{ONE}/co-quan").text
    row = page.split(f'id="body-{place}"')[1].split('class="body-row"')[0]
    assert "đã kết thúc hoạt động" in row
    assert f'<option value="{HEIR}">kế thừa: Sở Mới</option>' in row
    send(alice, f"{ONE}/co-quan", {f"chon-{place}": HEIR})
    assert content(office).bodies[place].agency == HEIR
    row = alice.get(f"{ONE}/co-quan").text.split(f'id="body-{place}"')[1].split('class="body-row"')[0]
    assert "đã khớp" in row


def test_the_original_is_handed_out_as_it_came(office: Office, alice: Browser) -> None:
    answer = alice.get(f"{ONE}/tep")
    assert answer.content == TEXT.encode()
    assert answer.headers["content-disposition"].startswith("attachment")
    office.browser("sam").get(f"{ONE}/tep", status=404)


def test_a_document_is_thrown_away_with_its_file(office: Office, alice: Browser, dondoc_home: Path) -> None:
    send(alice, f"{ONE}/xoa")
    alice.get(ONE, status=404)
    assert [each for each in (dondoc_home / "files").rglob("*") if each.is_file()] == []
    assert trail(office).count("reading_discarded") == 1


# --- who may not


def test_another_units_officer_sees_and_does_nothing(office: Office, alice: Browser) -> None:
    sam = office.browser("sam")
    assert "ke-hoach-88" not in sam.get(AT).text
    sam.get(ONE, status=404)
    sam.post(f"{ONE}/viec/1/nhan", {"lan": "1"}, status=404)
    upload(sam, status=404)
    upload(sam, lead=FOREIGN)
    assert content(office, 2).items, "the same file of another unit is its own"
    assert content(office, 1).items[0].state is State.PROPOSED


def test_a_form_of_another_site_changes_nothing(office: Office, alice: Browser) -> None:
    answer = alice.client.post(f"{ONE}/viec/1/nhan", data={"csrf": "x", "lan": "1"})
    assert answer.status_code == 403
    assert content(office).items[0].state is State.PROPOSED


def test_what_a_document_says_is_never_markup(office: Office) -> None:
    alice = office.browser("alice")
    page = upload(alice, TEXT.replace("danh mục thủ tục", SCRIPT), name=f"{SCRIPT}.txt")
    assert "alert(1)" in page
    assert SCRIPT not in page
    for path in ("/van-ban", "/co-quan", "/viec/1", "/viec/moi"):
        assert SCRIPT not in alice.get(ONE + path).text


@pytest.mark.parametrize("path", ["/viec/999", "/viec/999/nhan"])
def test_a_proposal_that_is_not_there(alice: Browser, path: str) -> None:
    if path.endswith("nhan"):
        send(alice, ONE + path, status=404)
    else:
        alice.get(ONE + path, status=404)
