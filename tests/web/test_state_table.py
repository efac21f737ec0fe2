"""The table of a period and the hồ sơ on the dashboard: buttons, the day to choose, files, whose they are."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from openpyxl import load_workbook

from tests.letters.reading import pages, texts
from tests.support import ANSWERABLE, FINANCE, LEAD, PLAN
from tests.web.office import Browser, Office
from tests.web.test_audit import plain
from tests.web.test_occurrence import counting

PAGE = f"/ke-hoach/{PLAN}/tinh-hinh"
ASKED = "nhiem-vu=ke-hoach&ky=once"


@pytest.fixture
def late(office: Office) -> Office:
    """Nội vụ has sent in time, the others have not; today is Monday 25/03/2024."""
    v = office.valley
    v.go("2024-03-15 09:00").record(f"{PLAN}/ke-hoach/so-noi-vu/once", received="2024-03-15", number="2/BC")
    v.advance("2024-03-25 08:00")
    return office


@pytest.fixture
def alice(late: Office) -> Browser:
    return late.browser("alice")


def test_the_head_of_a_column_and_the_occurrence_lead_to_the_table(alice: Browser) -> None:
    assert f'href="{PAGE}?nhiem-vu=ke-hoach&amp;ky=once"' in alice.get(f"/ke-hoach/{PLAN}").text
    page = alice.get(f"/ky/{ANSWERABLE}").text
    assert f'href="{PAGE}?nhiem-vu=ke-hoach&amp;ky=once"' in page
    assert f'href="/ky/{ANSWERABLE}/ho-so.pdf"' in page
    assert f'href="/ky/{ANSWERABLE}/ho-so.zip"' in page


def test_the_page_tells_who_has_sent_and_how_many_have_not(alice: Browser) -> None:
    page = plain(alice.get(f"{PAGE}?{ASKED}").text)
    assert "Kế hoạch triển khai" in page
    assert "Phải gửi: 05; đã nhận: 01; chưa nhận: 04." in page
    assert re.search(r"Sở Nội vụ 15/03/2024 2/BC nhận 15/03/2024 Đúng hạn", page)
    assert re.search(r"Sở Tài chính 15/03/2024 – Quá hạn 7 ngày, chưa nhận", page)


def test_without_a_choice_the_page_takes_what_is_due_next_or_was_last(alice: Browser) -> None:
    assert "Sở Nội vụ" in plain(alice.get(PAGE).text)


def test_the_page_can_be_seen_as_it_stood_at_an_earlier_day(alice: Browser) -> None:
    page = plain(alice.get(f"{PAGE}?{ASKED}&ngay=14/03/2024").text)
    assert "Đang xem như tại hết ngày 14/03/2024" in page
    assert "đã nhận: 00" in page
    assert "còn ở tương lai" in plain(alice.get(f"{PAGE}?{ASKED}&ngay=01/01/2099").text)


def test_the_files_hold_the_same_table(alice: Browser) -> None:
    word = alice.get(f"{PAGE}.docx?{ASKED}&ngay=14/03/2024")
    assert 'filename="tinh-hinh-thung-lung-ke-hoach-once.docx"' in word.headers["content-disposition"]
    text = "\n".join(texts(word.content))
    assert "Tính đến hết ngày 14/03/2024" in text
    assert "Phải gửi: 05; đã nhận: 00; chưa nhận: 05." in text
    book = load_workbook(io.BytesIO(alice.get(f"{PAGE}.xlsx?{ASKED}").content))
    assert "Sở Nội vụ" in {cell.value for cell in book.worksheets[0]["C"]}
    with zipfile.ZipFile(io.BytesIO(alice.get(f"{PAGE}.zip?{ASKED}").content)) as archive:
        assert "danh-muc-van-ban.csv" in archive.namelist()


def test_a_period_that_nobody_owes_is_no_file_and_an_empty_page(alice: Browser) -> None:
    alice.get(f"{PAGE}.docx?nhiem-vu=ke-hoach&ky=1999", status=404)
    assert "Không có kỳ nào" in plain(alice.get(f"{PAGE}?nhiem-vu=ke-hoach&ky=1999").text)


def test_what_is_typed_into_the_address_stays_text(alice: Browser) -> None:
    page = alice.get(f"{PAGE}?nhiem-vu=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&ky=%22x&ngay=%3Cb%3E")
    assert "<script>alert" not in page.text
    assert "<b>" not in page.text.split("<main")[1].split('role="alert"')[1][:80]


def test_the_dossier_of_an_occurrence_and_of_a_year_can_be_taken_away(alice: Browser) -> None:
    one = alice.get(f"/ky/{ANSWERABLE}/ho-so.pdf")
    assert one.headers["content-type"] == "application/pdf"
    assert 'filename="ho-so-thung-lung-ke-hoach-so-tai-chinh-once.pdf"' in one.headers["content-disposition"]
    assert "HỒ SƠ THEO DÕI" in pages(one.content)[0]
    assert f'href="/co-quan/{FINANCE}/ho-so.pdf?nam=2024"' in alice.get(f"/co-quan/{FINANCE}").text
    year = alice.get(f"/co-quan/{FINANCE}/ho-so.pdf?nam=2024")
    assert "Sở Tài chính, năm 2024" in pages(year.content)[0]
    with zipfile.ZipFile(io.BytesIO(alice.get(f"/co-quan/{FINANCE}/ho-so.zip?nam=2024").content)) as archive:
        assert {"ho-so-theo-doi.pdf", "nhat-ky.jsonl", "MANIFEST-SHA256.txt"} <= set(archive.namelist())
    alice.get(f"/co-quan/{FINANCE}/ho-so.pdf?nam=1999", status=400)


@pytest.mark.parametrize("login", ["henry", "otto"])
def test_head_and_auditor_may_take_them_away(late: Office, login: str) -> None:
    browser = late.browser(login)
    browser.get(f"/ky/{ANSWERABLE}/ho-so.pdf")
    browser.get(f"{PAGE}.docx?{ASKED}")


def test_the_officer_of_another_unit_gets_nothing(late: Office) -> None:
    sam = late.browser("sam")
    for path in (
        f"/ky/{ANSWERABLE}/ho-so.pdf",
        f"{PAGE}.zip?{ASKED}",
        f"{PAGE}?{ASKED}",
        f"/co-quan/{FINANCE}/ho-so.zip",
    ):
        sam.get(path, status=404)


def test_taking_a_file_away_leaves_the_register_as_it_was(late: Office) -> None:
    browser = late.browser("alice")
    browser.get(f"/ky/{ANSWERABLE}")
    with counting(late.valley.engine) as sent:
        browser.get(f"/ky/{ANSWERABLE}/ho-so.zip")
    assert not [each for each in sent if each.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]
    assert LEAD not in "".join(sent)
