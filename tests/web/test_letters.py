"""Công văn in the dashboard: from one click on a late occurrence to a numbered letter that was sent."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from docx import Document
from sqlalchemy import event, func, select

from tasks.database import reading
from tasks.letter_model import LetterState
from tasks.letter_tables import letter
from tests.letterhead import HEAD, give_number, letterhead, stored, urge
from tests.support import ANSWERABLE, LEAD, PLAN
from tests.web.office import Browser, Office

SETTINGS = f"/cai-dat/don-vi/{LEAD}"
PAGE = f"/ky/{ANSWERABLE}"


@pytest.fixture
def late(office: Office) -> Office:
    """Monday 25/03/2024, the plan of 16/3 is overdue."""
    office.valley.advance("2024-03-25 08:00")
    return office


@pytest.fixture
def alice(late: Office) -> Browser:
    letterhead(late.valley)
    return late.browser("alice")


def count(office: Office) -> int:
    with reading(office.valley.engine) as c:
        return int(c.execute(select(func.count()).select_from(letter)).scalar_one())


def fields(page: str) -> dict[str, Any]:
    """What the form of the draft holds when nobody changes it."""
    form = page[page.index('id="luu"') :]
    found = dict(re.findall(r'<input[^>]* name="(\w+)" value="([^"]*)"', form))
    return {name: found[name] for name in ("revision", "on", "resend_by") if name in found}


def test_without_a_letterhead_the_page_says_what_to_do(late: Office) -> None:
    browser = late.browser("alice")
    said = browser.post(f"{PAGE}/cong-van", {"loai": "don-doc"}, status=400).text
    assert "điền phần đầu văn bản trước (Cài đặt &gt; Đơn vị)" in said
    assert count(late) == 0


def test_the_unit_types_its_letterhead(late: Office) -> None:
    browser = late.browser("alice")
    assert "Phần đầu văn bản và người ký" in browser.get(SETTINGS).text
    typed = {f"head_{name}": getattr(HEAD, name) for name in ("issuer", "named", "short", "unit", "title", "superior")}
    refused = browser.post(f"{SETTINGS}/dau-van-ban", typed, status=400).text
    assert "Còn thiếu: Địa danh." in refused
    assert 'value="CATL"' in refused, "what was typed stays"
    assert "Đã lưu phần đầu văn bản." in browser.post(f"{SETTINGS}/dau-van-ban", {**typed, "head_place": "Đây"}).text
    assert 'value="Đây"' in browser.get(SETTINGS).text


def test_one_click_makes_the_letters_of_all_that_are_late(late: Office, alice: Browser) -> None:
    assert "Soạn công văn đôn đốc" in alice.get(PAGE).text
    found = alice.post(f"{PAGE}/cong-van", {"loai": "don-doc-tat-ca"}).text
    assert "Đã soạn 3 dự thảo" in found
    assert found.count("Dự thảo</span>") == 3
    assert found.count("Công văn đề nghị phối hợp") == 1
    assert "Công văn đôn đốc" in alice.get(PAGE).text, "the occurrence lists its draft"


def test_from_a_draft_to_a_letter_that_was_sent(late: Office, alice: Browser) -> None:
    page = alice.post(f"{PAGE}/cong-van", {"loai": "don-doc"}).text
    for words in (
        "Số:       /CATL-PC10",
        "V/v đôn đốc gửi Kế hoạch triển khai",
        "Kính gửi: Sở Tài chính",
        "PHÓ GIÁM ĐỐC",
    ):
        assert words in page
    saved = alice.post("/cong-van/1", {**fields(page), "copies": "UBND (để báo cáo)\nLưu bút", "urgency": "KHẨN"}).text
    assert "Đã lưu dự thảo." in saved
    assert "- UBND (để báo cáo);" in saved
    assert "<b>KHẨN</b>" in saved
    assert "Thiếu ngày công văn." in alice.post("/cong-van/1/so", {"so": "41"}, status=400).text
    numbered = alice.post("/cong-van/1/so", {"so": "41", "ngay": "25/03/2024"}).text
    assert "Số: 41/CATL-PC10" in numbered
    assert "Lưu dự thảo" not in numbered
    sent = alice.post("/cong-van/1/da-gui", {"ngay": "25/03/2024"}).text
    assert "Đã gửi 25/03/2024" in sent
    history = alice.get(PAGE).text
    assert "Ban hành công văn đôn đốc số 41/CATL-PC10 ngày 25/03/2024" in history
    assert "Ban hành công văn đôn đốc số 41/CATL-PC10" in alice.get("/kiem-tra/nhat-ky?loai=nhac").text
    assert "số 41/CATL-PC10" in alice.get(f"/ke-hoach/{PLAN}").text
    again = alice.post(f"{PAGE}/cong-van", {"loai": "don-doc"}).text
    assert "(lần 2)" in again
    assert "đã đôn đốc 1 lần" in again


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(late: Office, alice: Browser) -> None:
    page = alice.post(f"{PAGE}/cong-van", {"loai": "don-doc"}).text
    typed = {**fields(page), "on": "32/13/2024", "copies": "Sở Nội vụ", "own_words": "1", "body": "Một ý\nHai ý"}
    refused = alice.post("/cong-van/1", typed, status=400).text
    assert "Số liệu đến hết ngày: “32/13/2024” không phải ngày" in refused
    assert ">Sở Nội vụ</textarea>" in refused
    assert ">Một ý\nHai ý</textarea>" in refused
    alice.post("/cong-van/1", {**typed, "on": "25/03/2024"})
    conflict = alice.post("/cong-van/1", {**typed, "on": "25/03/2024"}, status=409).text
    assert "vừa được người khác thay đổi" in conflict


def test_the_officer_says_who_is_written_to(late: Office, alice: Browser) -> None:
    interior = f"{PLAN}/ke-hoach/so-noi-vu/once"
    alice.post(f"/ky/{interior}/cong-van", {"loai": "don-doc-tat-ca"})
    page = alice.get("/cong-van/1").text
    assert page.count('type="checkbox" name="ky"') == 2
    one = alice.post("/cong-van/1", {**fields(page), "chon": "1", "ky": [interior]}).text
    assert "Kính gửi: Sở Nội vụ" in one
    nobody = alice.post("/cong-van/1", {**fields(one), "chon": "1"}, status=400).text
    assert "Không có cơ quan nào để ghi vào công văn này" in nobody


def test_a_draft_that_is_not_true_any_more_says_so(late: Office, alice: Browser) -> None:
    urge(late.valley, f"{PLAN}/ke-hoach/so-noi-vu/once", everybody=True)
    assert "đã đổi từ khi lưu" not in alice.get("/cong-van/1").text
    late.valley.record(f"{PLAN}/ke-hoach/so-noi-vu/once", received="2024-03-25", number="1/BC")
    assert "Sổ hoặc phần đầu văn bản đã đổi từ khi lưu dự thảo này." in alice.get("/cong-van/1").text


def test_other_letters_begin_at_the_plan_the_occurrence_and_the_letter(late: Office, alice: Browser) -> None:
    assert "Đã soạn 3 dự thảo" in alice.post(f"/ke-hoach/{PLAN}/cong-van", {"loai": "giao-viec"}).text
    assert "<b>BÁO CÁO</b>" in alice.post(f"/ke-hoach/{PLAN}/cong-van", {"loai": "bao-cao"}).text
    assert "Sổ chưa ghi gia hạn nào" in alice.post(f"{PAGE}/cong-van", {"loai": "gia-han"}).text
    assert "Giao việc cho Sở Tài chính" in alice.get(PAGE).text
    assert "giao việc" in alice.post(f"{PAGE}/cong-van", {"loai": "giao-viec"}).text
    [urging] = urge(late.valley)
    give_number(late.valley, urging.id, "41")
    correction = alice.post(f"/cong-van/{urging.id}/dinh-chinh").text
    assert "Nội dung đã nêu, chưa đúng" in correction
    assert "Được đính chính bằng:" in alice.get(f"/cong-van/{urging.id}").text
    assert "Chọn loại công văn." in alice.post(f"/ke-hoach/{PLAN}/cong-van", {"loai": "x"}).text
    assert "Chọn loại công văn." in alice.post(f"{PAGE}/cong-van", {}, status=400).text


def test_a_void_letter_says_why_and_a_dropped_draft_is_listed_only_when_asked_for(late: Office, alice: Browser) -> None:
    [kept], [dropped] = urge(late.valley), urge(late.valley)
    give_number(late.valley, kept.id, "41")
    assert "phải có lý do" in alice.post(f"/cong-van/{kept.id}/huy", {"ly-do": " "}, status=400).text
    assert "Đã hủy: sai tên." in alice.post(f"/cong-van/{kept.id}/huy", {"ly-do": "sai tên"}).text
    alice.post(f"/cong-van/{dropped.id}/huy", {"ly-do": "thừa"})
    page = alice.get(PAGE).text
    assert f"/cong-van/{kept.id}" in page
    assert f"/cong-van/{dropped.id}" not in page
    assert f"/cong-van/{dropped.id}" in alice.get("/cong-van?tinh-trang=void").text
    alice.post(f"/cong-van/{kept.id}/huy", {"ly-do": "x"}, status=409)


def test_the_files_are_what_the_page_shows(late: Office, alice: Browser) -> None:
    [draft] = urge(late.valley)
    word = alice.client.get(f"/cong-van/{draft.id}/tep/docx")
    assert word.headers["content-disposition"] == f'attachment; filename="don-doc-du-thao-{draft.id}.docx"'
    text = "\n".join(p.text for p in Document(io.BytesIO(word.content)).paragraphs)
    assert "Kính gửi: Sở Tài chính" in text
    pdf = alice.client.get(f"/cong-van/{draft.id}/tep/pdf")
    assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert alice.client.get(f"/cong-van/{draft.id}/tep/exe").status_code == 404
    assert alice.client.get("/cong-van/999").status_code == 404


@pytest.mark.parametrize("login", ["henry", "otto"])
def test_head_and_auditor_see_letters_and_change_none(late: Office, alice: Browser, login: str) -> None:
    [draft] = urge(late.valley)
    browser = late.browser(login)
    page = browser.get(f"/cong-van/{draft.id}").text
    assert "Kính gửi: Sở Tài chính" in page
    for words in ("Ghi số, ngày", "Lưu dự thảo", "Bỏ dự thảo"):
        assert words not in page
    assert "Soạn công văn" not in browser.get(PAGE).text
    browser.post(f"/cong-van/{draft.id}/so", {"so": "41", "ngay": "25/03/2024"}, status=403)
    assert stored(late.valley, draft.id).state is LetterState.DRAFT


def test_the_list_is_filtered(late: Office, alice: Browser) -> None:
    first, second, _third = urge(late.valley, everybody=True)
    give_number(late.valley, first.id, "41")
    assert "3 công văn" in alice.get("/cong-van").text
    found = alice.get("/cong-van?so=41/catl").text
    assert "1 công văn" in found
    assert f"/cong-van/{first.id}" in found
    assert "2 công văn" in alice.get(f"/cong-van?tinh-trang=draft&ke-hoach={PLAN}").text
    assert "Không có công văn nào" in alice.get("/cong-van?loai=report").text
    assert "0 công văn" in late.browser("sam").get("/cong-van").text
    assert second.id != first.id


def test_the_queries_of_the_list_and_of_a_letter_do_not_grow_with_rows(late: Office, alice: Browser) -> None:
    urge(late.valley, everybody=True)
    alice.get("/cong-van")
    few = queries(late, alice, "/cong-van"), queries(late, alice, f"/ke-hoach/{PLAN}")
    for _time in range(6):
        urge(late.valley, everybody=True)
    assert (queries(late, alice, "/cong-van"), queries(late, alice, f"/ke-hoach/{PLAN}")) == few


def queries(office: Office, browser: Browser, path: str) -> int:
    told: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        told.append(statement)

    event.listen(office.valley.engine, "before_cursor_execute", note)
    try:
        browser.get(path)
    finally:
        event.remove(office.valley.engine, "before_cursor_execute", note)
    return len(told)


def test_what_is_typed_is_shown_as_text(late: Office, alice: Browser) -> None:
    page = alice.post(f"{PAGE}/cong-van", {"loai": "don-doc"}).text
    script = "<script>alert(1)</script>"
    shown = alice.post("/cong-van/1", {**fields(page), "copies": script, "own_words": "1", "body": script}).text
    assert script not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
