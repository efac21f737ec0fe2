"""People and their channels on the page of a body, who cannot be reached, the list to telephone, import, hand-over."""

from __future__ import annotations

import html
import io
from datetime import date, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from notifications.contacts import ContactRole, add_contact, contacts_of, remove_contact
from notifications.errors import ChannelError, FateUnknown
from notifications.next_channel import hours_to_wait
from notifications.tables import absence, message, replacement
from people import accounts
from people.rights import Role
from tasks.acknowledge import Way, acknowledge
from tasks.acknowledge_tables import acknowledgement
from tasks.database import reading, writing
from tasks.desk_tables import call_note
from tasks.tables import audit_event
from tests.support import FINANCE, FRONT, INTERIOR, LEAD, PLAN
from tests.web import test_agency_side as agency_side
from tests.web.office import FOREIGN, Browser, Office
from tests.web.test_occurrence import counting

BODY, UNIT = f"/co-quan/{FINANCE}", f"/co-quan/{LEAD}"
PHONES = "/lien-lac/goi"
CALL = f"/ke-hoach/{PLAN}/goi"


@pytest.fixture
def alice(office: Office) -> Browser:
    return office.browser("alice")


def seen(browser: Browser, path: str, *, status: int = 200) -> str:
    return html.unescape(browser.get(path, status=status).text)


def people(office: Office, body: str = FINANCE) -> list[Any]:
    with reading(office.valley.engine) as c:
        return contacts_of(c, body)


def rows(office: Office, table: Any) -> list[Any]:
    with reading(office.valley.engine) as c:
        return list(c.execute(select(table)))


# -- the page of a body --


def test_a_further_channel_is_added_to_a_person_and_may_be_tried_first(office: Office, alice: Browser) -> None:
    [held] = people(office)
    seen(alice, BODY)
    given = {"nguoi": held.person, "vai-tro": "agency", "ten": held.name, "cach": "sms", "dia-chi": "0912 345 678"}
    alice.post(f"{BODY}/dia-chi", given)
    assert [(c.channel, c.address, c.rank, c.person == held.person) for c in people(office)] == [
        ("email", held.address, 1, True),
        ("sms", "0912345678", 2, True),
    ]
    second = people(office)[1]
    alice.post(f"{BODY}/dia-chi/{second.id}/truoc")
    assert [c.channel for c in people(office)] == ["sms", "email"]
    assert "Gửi cách này trước" in seen(alice, BODY)


def test_a_number_that_is_none_is_refused_and_what_was_typed_stays(office: Office, alice: Browser) -> None:
    [held] = people(office)
    seen(alice, BODY)
    given = {"nguoi": held.person, "vai-tro": "agency", "ten": held.name, "cach": "sms", "dia-chi": "12345"}
    answer = html.unescape(alice.post(f"{BODY}/dia-chi", given, status=400).text)
    assert "không phải số di động" in answer
    assert 'value="12345"' in answer
    assert len(people(office)) == 1


def test_days_of_a_post_are_kept_and_shown(office: Office, alice: Browser) -> None:
    seen(alice, UNIT)
    given = {"vai-tro": "head", "ten": "Trưởng mới", "cach": "email", "dia-chi": "moi@ca.example", "tu": "01/12/2024"}
    alice.post(f"{UNIT}/dia-chi", given)
    new = next(c for c in people(office, LEAD) if c.name == "Trưởng mới")
    assert (new.since, new.until) == (date(2024, 12, 1), None)
    page = seen(alice, UNIT)
    assert "từ ngày 01/12/2024" in page
    assert "Hôm nay không giữ vai trò này" in page


def test_an_absence_is_written_down_and_withdrawn(office: Office, alice: Browser) -> None:
    known = {c.role: c for c in people(office, LEAD)}
    officer, stand_in = known[ContactRole.OFFICER], known[ContactRole.STAND_IN]
    today = office.valley.now.date()
    days = {"tu": f"{today:%d/%m/%Y}", "den": f"{today + timedelta(days=4):%d/%m/%Y}"}
    seen(alice, UNIT)
    alice.post(f"{UNIT}/vang", {"vang": officer.person, "thay": stand_in.person, **days})
    assert "người làm thay" in seen(alice, UNIT)
    assert f"Vắng từ {days['tu']} đến hết {days['den']}" in html.unescape(alice.last)
    [held] = rows(office, absence)
    refused = alice.post(f"{UNIT}/vang", {"vang": officer.person, "thay": stand_in.person, **days}, status=400)
    assert "đã ghi một trong hai người vắng mặt" in html.unescape(refused.text)
    alice.post(f"{UNIT}/vang/{held.id}/bo")
    assert "Vắng từ" not in seen(alice, UNIT)
    told = [row.kind for row in rows(office, audit_event) if row.kind.startswith("absence")]
    assert told == ["absence_noted", "absence_withdrawn"]


def test_an_officer_of_the_unit_is_no_stand_in_of_another_body(office: Office, alice: Browser) -> None:
    [lan] = people(office)
    officer = next(c for c in people(office, LEAD) if c.role is ContactRole.OFFICER)
    seen(alice, BODY)
    given = {"vang": lan.person, "thay": officer.person, "tu": "01/12/2030", "den": "02/12/2030"}
    assert "Không còn người nhận" in html.unescape(alice.post(f"{BODY}/vang", given, status=400).text)
    assert rows(office, absence) == []


# -- one message by two channels --


def two_channels(office: Office) -> None:
    with writing(office.valley.engine) as c:
        [held] = contacts_of(c, FINANCE)
        add_contact(
            c, FINANCE, role=held.role, name=held.name, address="rieng@stc.example", person=held.person,
            now=office.valley.now, actor="test",
        )  # fmt: skip


def test_the_pages_of_both_messages_say_which_stands_for_which(office: Office, alice: Browser) -> None:
    two_channels(office)
    office.valley.channel.error = ChannelError("no such mailbox", permanent=True)
    office.valley.run("2024-03-08 07:30")
    first = next(row for row in rows(office, replacement) if row.why == "failed")
    assert f"Thông báo số {first.instead_of}" in seen(alice, f"/thong-bao/{first.message_id}")
    assert "Thay cho" in html.unescape(alice.last)
    page = seen(alice, f"/thong-bao/{first.instead_of}")
    assert "Đã gửi thay bằng" in page
    assert "Gửi lại</button>" not in page


def test_the_officer_sends_what_is_unknown_by_the_other_channel(office: Office, alice: Browser) -> None:
    two_channels(office)
    office.valley.channel.error = FateUnknown("lost")
    office.valley.run("2024-03-08 07:30")
    with reading(office.valley.engine) as c:
        [held] = c.execute(
            select(message.c.id).where(message.c.address == "agency@so-tai-chinh.example", message.c.kind == "digest")
        ).scalars()
    assert "Gửi qua Thư điện tử" in seen(alice, f"/thong-bao/{held}")
    alice.post(f"/thong-bao/{held}/cach-khac")
    assert [row.why for row in rows(office, replacement)] == ["officer"]
    alice.post(f"/thong-bao/{held}/cach-khac", status=409)


# -- who cannot be reached --


def test_who_cannot_be_reached_is_listed_with_the_reason(office: Office, alice: Browser) -> None:
    assert "Ai cũng có địa chỉ" in seen(alice, "/lien-lac")
    with writing(office.valley.engine) as c:
        remove_contact(c, contacts_of(c, FRONT)[0].id, now=office.valley.now, actor="test")
    office.valley.channel.error = ChannelError("550 không có hộp thư", permanent=True)
    office.valley.run("2024-03-08 07:30")
    alice = office.browser("alice")
    page = seen(alice, "/lien-lac")
    assert "Chưa có địa chỉ (1)" in page
    assert "Ủy ban MTTQ Việt Nam Thung Lũng" in page
    assert "550 không có hộp thư" in page
    assert "agency@so-tai-chinh.example" in page
    office.valley.channel.error = None
    office.valley.run("2024-03-14 07:30")  # what arrives later shows that the address works
    alice = office.browser("alice")
    assert "agency@so-tai-chinh.example" not in seen(alice, "/lien-lac")
    assert "/lien-lac" in alice.get("/tong-quan").text
    assert "Ủy ban MTTQ" not in seen(office.browser("sam"), "/lien-lac")


# -- the list to telephone --


def assigned(office: Office, moment: str = "2024-03-15 08:00") -> Browser:
    """Told on Monday 11/03/2024: the third working day after it is Thursday 14/03."""
    office.valley.go("2024-03-11 08:30").compose()
    office.valley.deliver()
    office.valley.go(moment)
    return office.browser("alice")


def test_who_has_said_nothing_three_working_days_after_is_to_be_called(office: Office) -> None:
    assert "Không có cơ quan nào phải gọi" in seen(assigned(office, "2024-03-14 17:00"), PHONES)
    page = seen(assigned(office), PHONES)
    assert "gửi 11/03/2024" in page
    assert "Công an cấp xã" not in page
    assert "Sở Tài chính" in page
    assert "Kế hoạch triển khai" in page
    assert "15/03/2024" in page
    assert "Sở Tài chính" not in seen(office.browser("sam"), PHONES)


def test_a_call_is_noted_from_the_list_and_stands_beside_the_occurrence(office: Office) -> None:
    alice = assigned(office)
    seen(alice, PHONES)
    alice.post(CALL, {"co-quan": FINANCE, "ai": "Chị Lan", "noi-dung": "Hẹn gọi lại"})
    page = seen(alice, PHONES)
    assert "Chị Lan: Hẹn gọi lại" in page
    [noted] = rows(office, call_note)
    assert noted.occurrence_id == f"{PLAN}/ke-hoach/so-tai-chinh/once"
    assert rows(office, acknowledgement) == []
    alice.post(CALL, {"co-quan": FINANCE, "ai": "Chị Lan", "noi-dung": "Đã đọc", "da-nam": "1"})
    [said] = rows(office, acknowledgement)
    assert (said.plan_id, said.agency_id, said.way, said.who, said.by) == (PLAN, FINANCE, "call", "Chị Lan", "alice")
    assert "Sở Tài chính" not in seen(alice, PHONES)
    assert "Sở Nội vụ" in alice.last


def test_a_call_without_words_is_refused_and_nothing_is_written(office: Office) -> None:
    alice = assigned(office)
    seen(alice, PHONES)
    for missing in ({"ai": "", "noi-dung": "x"}, {"ai": "x", "noi-dung": ""}):
        alice.post(CALL, {"co-quan": FINANCE, "da-nam": "1", **missing}, status=400)
    alice.post(CALL, {"co-quan": "khong.co", "ai": "x", "noi-dung": "x"}, status=400)
    assert rows(office, call_note) == rows(office, acknowledgement) == []


def test_whoever_has_answered_is_not_called(office: Office) -> None:
    alice = assigned(office)
    office.valley.record(f"{PLAN}/ke-hoach/so-tai-chinh/once", received="2024-03-13")
    office.valley.claim(f"{PLAN}/ke-hoach/so-noi-vu/once")
    page = seen(alice, PHONES)
    assert "Sở Tài chính" not in page
    assert "Sở Nội vụ" not in page
    assert "Ủy ban MTTQ" in page


def test_the_list_comes_as_csv_and_as_a_workbook(office: Office) -> None:
    assigned(office)
    otto = office.browser("otto")
    text = otto.client.get(f"{PHONES}.csv").content.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Cơ quan;Người nhận;Điện thoại;Kế hoạch")
    assert "Sở Tài chính" in text
    book = load_workbook(io.BytesIO(otto.client.get(f"{PHONES}.xlsx").content))
    assert {row[0].value for row in book.worksheets[0].iter_rows(min_row=2)} >= {"Sở Tài chính", "Sở Nội vụ"}


def test_the_number_of_queries_does_not_grow_with_the_list(office: Office) -> None:
    alice = assigned(office)
    with counting(office.valley.engine) as many:
        seen(alice, PHONES)
    with writing(office.valley.engine) as c:
        for body in (FINANCE, INTERIOR):
            acknowledge(c, PLAN, body, way=Way.LINK, now=office.valley.now, actor="test")
    with counting(office.valley.engine) as few:
        seen(alice, PHONES)
    assert len(many) == len(few)


def test_acknowledging_twice_stands_there_once_and_a_new_list_is_to_be_understood_anew(office: Office) -> None:
    valley = office.valley
    for _turn in range(2):
        with writing(valley.engine) as c:
            acknowledge(c, PLAN, FINANCE, way=Way.ACCOUNT, now=valley.now, actor="finn")
    assert len(rows(office, acknowledgement)) == 1
    told = [row for row in rows(office, audit_event) if row.kind == "acknowledged"]
    assert len(told) == 1


# -- import and export --


def test_a_spreadsheet_is_shown_line_by_line_and_written_by_one_click(office: Office, alice: Browser) -> None:
    [held] = people(office)
    sheet = (
        "Cơ quan\tVai trò\tNgười nhận\tĐiện thoại\tThứ tự\tCách gửi\tĐịa chỉ\n"
        f"Sở Tài chính\tcơ quan\t{held.name}\t0212 999\t1\tThư điện tử\t{held.address}\n"
        f"so tai chinh\t\t{held.name}\t0212 999\t2\tTin nhắn SMS\t0912345678\n"
        "Sở Nội vụ\t\tAnh Minh\t\t\t\tminh@snv.example\n"
        "Sở Không có\t\tx\t\t\t\tx@y.example\n"
        "Sở Nội vụ\t\tAnh Minh\t\t\t\tkhong-phai-thu\n"
    )
    seen(alice, "/lien-lac/nhap")
    page = html.unescape(alice.post("/lien-lac/nhap", {"du-lieu": sheet}).text)
    assert "2 dòng thêm, 1 dòng sửa, 0 dòng giữ nguyên, 2 dòng chưa ghi được" in page
    assert "điện thoại: – → 0212 999" in page
    assert len(people(office)) == 1
    carried = html.unescape(page.split('<textarea name="du-lieu"')[1].split(">", 1)[1].split("</textarea>")[0])
    done = html.unescape(alice.post("/lien-lac/nhap/ghi", {"du-lieu": carried}).text)
    assert "Đã nhập địa chỉ: thêm 2, sửa 1." in done
    assert "Dòng 5" in done
    assert "Dòng 6" in done
    assert [(c.channel, c.rank, c.phone) for c in people(office)] == [("email", 1, "0212 999"), ("sms", 2, "0212 999")]
    assert len({c.person for c in people(office)}) == 1
    with reading(office.valley.engine) as c:
        assert c.execute(select(func.count()).where(audit_event.c.kind == "contacts_imported")).scalar_one() == 1


def test_what_was_exported_changes_nothing_when_it_is_imported_again(office: Office, alice: Browser) -> None:
    with writing(office.valley.engine) as c:
        add_contact(
            c, FINANCE, role=ContactRole.AGENCY, name="Kênh kín", channel="url", address="tgram://secret/1",
            now=office.valley.now, actor="test",
        )  # fmt: skip
    seen(alice, "/lien-lac/nhap")
    for ending in ("xlsx", "csv"):
        data = alice.client.get(f"/lien-lac/dia-chi.{ending}").content
        assert b"secret" not in data
        page = alice.client.post(
            "/lien-lac/nhap", data={"csrf": alice.csrf()}, files={"tep": (f"dia-chi.{ending}", data)}
        ).text
        told = html.unescape(page)
        assert "0 dòng thêm, 0 dòng sửa" in told, told[:3000]
        assert "0 dòng chưa ghi được" in told


def test_nobody_imports_the_officers_of_another_unit_or_bodies_of_no_concern(office: Office, alice: Browser) -> None:
    head = "Cơ quan\tVai trò\tNgười nhận\tĐịa chỉ\n"
    sheet = f"{head}{FOREIGN}\tlãnh đạo\tx\tx@y.example\nSở Tài chính\tlãnh đạo\tx\tx@y.example\n"
    seen(alice, "/lien-lac/nhap")
    page = html.unescape(alice.post("/lien-lac/nhap", {"du-lieu": sheet}).text)
    assert "2 dòng chưa ghi được" in page
    assert "Chỉ đơn vị theo dõi đó mới khai lãnh đạo của mình." in page


def test_a_table_without_the_needed_columns_says_which(office: Office, alice: Browser) -> None:
    seen(alice, "/lien-lac/nhap")
    page = html.unescape(alice.post("/lien-lac/nhap", {"du-lieu": "Tên\tSố\nx\t1\n"}, status=400).text)
    assert "Thiếu cột: Cơ quan, Người nhận, Địa chỉ." in page


# -- hand-over --


def test_the_hand_over_holds_what_is_open_and_prints(office: Office) -> None:
    valley = office.valley
    valley.claim(f"{PLAN}/ke-hoach/so-noi-vu/once")
    valley.go("2024-03-20 09:00")
    with writing(valley.engine) as c:
        accounts.give_post(
            c, office.ids["henry"], Role.COORDINATOR, LEAD, since=date(2024, 3, 1), until=date(2024, 3, 31),
            now=valley.now, actor="test",
        )  # fmt: skip
    alice = office.browser("alice")
    page = seen(alice, "/ban-giao")
    assert "Biên bản bàn giao" in page
    for told in (
        "Quá hạn, chưa nhận (1)",
        "Kế hoạch triển khai",
        "Cơ quan báo",
        "Sở Nội vụ",
        "31/03/2024",
        "officer@cong-an.example",
    ):
        assert told in page
    answer = alice.get(f"/ban-giao/{LEAD}/bien-ban.pdf?giao=Alice&nhan=Bob")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    alice.get("/ban-giao/noi-khac.cong-an", status=404)


# -- settings and the agency's side --


def test_the_administrator_says_how_long_to_wait_for_another_channel(office: Office) -> None:
    ada = office.browser("ada")
    assert 'value="4"' in seen(ada, "/cai-dat/kenh-gui")
    ada.post("/cai-dat/kenh-gui/cho", {"gio": "2"})
    assert 'value="2"' in seen(ada, "/cai-dat/kenh-gui")
    for wrong in ("0", "41", "x", ""):
        ada.post("/cai-dat/kenh-gui/cho", {"gio": wrong}, status=400)
    with reading(office.valley.engine) as c:
        assert hours_to_wait(c) == 2


def test_an_agency_says_by_its_link_that_it_has_understood(office: Office) -> None:
    agency_side.switch(office)
    path = agency_side.path_to(office)
    nobody = office.browser()
    assert "Đã nắm nhiệm vụ, thời hạn" in seen(nobody, path)
    for _turn in range(2):
        nobody.post(f"{path}/da-nam", {"ky": f"{PLAN}/ke-hoach/so-tai-chinh/once"})
    assert "Đã nắm nhiệm vụ</dt><dd>14/03/2024" in nobody.last
    assert "Đã nắm nhiệm vụ, thời hạn</button>" not in nobody.last
    [said] = rows(office, acknowledgement)
    assert (said.agency_id, said.way, said.who) == (FINANCE, "link", "")
    nobody.post(f"{path}/da-nam", {"ky": f"{PLAN}/ke-hoach/so-noi-vu/once"}, status=404)
    assert len(rows(office, acknowledgement)) == 1


def test_an_agency_signed_in_says_so_from_its_list(office: Office) -> None:
    agency_side.switch(office)
    finn = office.browser("finn")
    assert "Đã nắm nhiệm vụ, thời hạn</button>" in seen(finn, "/viec-cua-toi")
    finn.post(f"/viec-cua-toi/{PLAN}/ke-hoach/so-tai-chinh/once/da-nam")
    assert [row.way for row in rows(office, acknowledgement)] == ["account"]
    assert "Đã nắm nhiệm vụ, thời hạn</button>" not in seen(finn, "/viec-cua-toi")
