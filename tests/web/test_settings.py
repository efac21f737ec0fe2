"""Cài đặt: what each role may change, what a change moves before it is saved, one-time passwords shown once."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from app.settings import Settings
from notifications.contacts import contacts_of
from notifications.tables import message
from people import accounts
from people.rights import Role
from people.tables import sign_in
from plans.model import BeforeReading
from tasks.database import reading, writing
from tasks.office import office_of, working_calendar
from tasks.tables import audit_event, occurrence
from tests.support import FINANCE, LEAD
from tests.web.office import FOREIGN, Browser, Office, at

UNIT = f"/cai-dat/don-vi/{LEAD}"
SCRIPT = "<script>alert(1)</script>"


def confirm(browser: Browser, page: str, path: str) -> str:
    """Sends the form of the preview as a browser does."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return browser.post(path, {name: html.unescape(value) for name, value in fields if name != "csrf"}).text


def late_days(connection: Connection) -> dict[str, date]:
    rows = connection.execute(select(occurrence.c.id, occurrence.c.late_after))
    return {row.id: row.late_after for row in rows}


def trail_kinds(office: Office) -> list[str]:
    with reading(office.valley.engine) as c:
        return list(c.execute(select(audit_event.c.kind).order_by(audit_event.c.id)).scalars())


# -- who comes where --


@pytest.mark.parametrize(
    ("login", "there"),
    [
        ("alice", "Cách hiểu hạn"),
        ("ada", "Thêm người dùng"),
        ("henry", "Tài khoản của tôi"),
        ("finn", "Tài khoản của tôi"),
    ],
)
def test_everybody_comes_to_what_they_may_change(office: Office, login: str, there: str) -> None:
    assert there in office.browser(login).get("/cai-dat").text


@pytest.mark.parametrize("path", ["/cai-dat/nguoi-dung", "/cai-dat/lich", "/cai-dat/kenh-gui", "/cai-dat/chung"])
@pytest.mark.parametrize("login", ["alice", "henry", "otto", "finn", "sam"])
def test_the_installation_is_the_administrators(office: Office, login: str, path: str) -> None:
    office.browser(login).get(path, status=403)


def test_a_unit_is_set_by_its_own_coordinator_alone(office: Office) -> None:
    office.browser("alice").get(UNIT)
    office.browser("sam").get(UNIT, status=404)
    office.browser("ada").get(UNIT, status=403)
    browser = office.browser("sam")
    browser.post(UNIT, {"sender": "Ai đó"}, status=404)
    browser.post(UNIT + "/lien-he", {"role": "head", "name": "X", "address": "x@y.vn"}, status=404)
    office.browser("alice").get("/cai-dat/don-vi/khong.co", status=404)


# -- the unit --


def test_the_name_of_the_sender_is_chosen_and_taken_back(office: Office) -> None:
    browser = office.browser("alice")
    browser.get(UNIT)
    assert (
        "Đã lưu"
        in browser.post(UNIT, {"sender": "Công an Thung Lũng (PC10)", "review": "yes", "agency_side": "yes"}).text
    )
    with reading(office.valley.engine) as c:
        chosen = office_of(c, LEAD)
    assert (chosen.sender, chosen.review, chosen.agency_side) == ("Công an Thung Lũng (PC10)", True, True)
    browser.post(UNIT, {"sender": "", "review": ""})
    with reading(office.valley.engine) as c:
        assert (office_of(c, LEAD).sender, office_of(c, LEAD).review) == (None, False)


def test_a_name_that_is_too_long_is_refused_and_kept(office: Office) -> None:
    browser = office.browser("alice")
    page = browser.post(UNIT, {"sender": "x" * 101}, status=400).text
    assert "dài quá 100 ký tự" in page
    assert "x" * 101 in page


def test_what_is_stored_is_written_as_text(office: Office) -> None:
    browser = office.browser("alice")
    browser.post(UNIT, {"sender": SCRIPT})
    browser.post(UNIT + "/lien-he", {"role": "head", "name": SCRIPT, "address": "a@b.vn", "phone": SCRIPT})
    page = browser.get(UNIT).text
    assert SCRIPT not in page
    assert html.escape(SCRIPT) in page


def test_a_reading_shows_what_it_moves_before_it_is_saved(office: Office) -> None:
    browser = office.browser("alice")
    with reading(office.valley.engine) as c:
        before = late_days(c)
    chosen = {"before": "day_before", "weekend": ""}
    page = browser.post(UNIT + "/cach-hieu-han", chosen).text
    assert "Xem trước thay đổi" in page
    assert "Các kỳ đổi ngày tính quá hạn" in page
    with reading(office.valley.engine) as c:
        assert late_days(c) == before
        assert office_of(c, LEAD).reading.before is BeforeReading.NAMED_DAY
    assert "setting" not in trail_kinds(office)
    assert "Đã lưu" in confirm(browser, page, UNIT + "/cach-hieu-han")
    with reading(office.valley.engine) as c:
        after = late_days(c)
        assert office_of(c, LEAD).reading.before is BeforeReading.DAY_BEFORE
    moved = [key for key, day in after.items() if before[key] != day]
    assert moved
    shown = re.search(r"<b>(\d+) kỳ</b>", page)
    assert shown is not None
    assert int(shown[1]) == len(moved)


def test_an_unknown_reading_is_refused(office: Office) -> None:
    page = office.browser("alice").post(UNIT + "/cach-hieu-han", {"before": "whenever"}, status=400).text
    assert "Chọn một trong các cách" in page


def test_the_ladder_is_chosen_by_its_days_and_put_back(office: Office) -> None:
    browser = office.browser("alice")
    rungs = {"before": "1, 10", "due": "1", "check": "", "overdue": "3", "lead": "4", "head": "6"}
    page = browser.post(UNIT + "/lich-nhac", rungs).text
    confirm(browser, page, UNIT + "/lich-nhac")
    with reading(office.valley.engine) as c:
        ladder = office_of(c, LEAD).ladder
    assert ladder is not None
    assert (ladder.before, ladder.due, ladder.check, ladder.overdue, ladder.head) == ((10, 1), True, None, (3,), (6,))
    page = browser.post(UNIT + "/lich-nhac", {"default": "1"}).text
    confirm(browser, page, UNIT + "/lich-nhac")
    with reading(office.valley.engine) as c:
        assert office_of(c, LEAD).ladder is None


@pytest.mark.parametrize("typed", ["0", "367", "mai", "-1", "1,2,3,4,5,6,7", "²"])
def test_days_that_cannot_be_are_refused_and_kept(office: Office, typed: str) -> None:
    page = office.browser("alice").post(UNIT + "/lich-nhac", {"before": typed, "overdue": "5"}, status=400).text
    assert "Trước hạn: viết số ngày" in page
    assert f'name="before" value="{typed}"' in page


def test_who_gets_what_dondoc_writes_to_the_unit(office: Office) -> None:
    browser = office.browser("alice")
    form = {"role": "stand_in", "name": "Bob", "address": "bob@congan.vn", "phone": "0212 3 851 000"}
    assert "bob@congan.vn" in browser.post(UNIT + "/lien-he", form).text
    assert "không đúng dạng" in browser.post(UNIT + "/lien-he", {**form, "address": "bob"}, status=400).text
    assert "Chọn người nhận" in browser.post(UNIT + "/lien-he", {**form, "role": "agency"}, status=400).text
    with reading(office.valley.engine) as c:
        bob = next(each for each in contacts_of(c, LEAD) if each.name == "Bob")
    browser.post(f"{UNIT}/lien-he/{bob.id}/bo")
    with reading(office.valley.engine) as c:
        assert all(each.name != "Bob" for each in contacts_of(c, LEAD))


def test_an_address_of_another_body_is_out_of_reach(office: Office) -> None:
    with reading(office.valley.engine) as c:
        other = next(each for each in contacts_of(c) if each.agency_id not in (LEAD, FOREIGN))
    page = office.browser("alice").post(f"{UNIT}/lien-he/{other.id}/bo", status=400).text
    assert "không có địa chỉ đó" in page


# -- the calendar --


def test_a_day_off_shows_what_it_moves_before_it_is_saved(office: Office) -> None:
    browser = office.browser("ada")
    with reading(office.valley.engine) as c:
        late = c.execute(select(occurrence.c.late_after).where(occurrence.c.state == "open")).scalars()
        day = min(each for each in late if each > at("2024-03-12 08:00").date() and each.weekday() < 5)
    form = {"day": day.strftime("%d/%m/%Y"), "kind": "off", "name": "Nghỉ theo thông báo 12/TB-UBND"}
    page = browser.post("/cai-dat/lich", form).text
    assert "Nghỉ theo thông báo 12/TB-UBND" in page
    assert re.search(r"<b>[1-9]\d* kỳ</b>", page)
    assert "Các kỳ đổi ngày tính quá hạn" not in page  # duties are not an administrator's to see
    with reading(office.valley.engine) as c:
        assert working_calendar(c).is_working(day)
    assert "Đã lưu" in confirm(browser, page, "/cai-dat/lich")
    with reading(office.valley.engine) as c:
        assert not working_calendar(c).is_working(day)
    page = browser.get(f"/cai-dat/lich?nam={day.year}").text
    assert "đơn vị đặt" in page
    back = browser.post("/cai-dat/lich", {"day": form["day"], "kind": "reset"}).text
    confirm(browser, back, "/cai-dat/lich")
    with reading(office.valley.engine) as c:
        assert working_calendar(c).is_working(day)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"day": "32/01/2026", "kind": "off", "name": "x"}, "không phải ngày"),
        ({"day": "", "kind": "off", "name": "x"}, "Thiếu ngày"),
        ({"day": "01/04/2026", "kind": "off", "name": ""}, "Thiếu lý do nghỉ"),
        ({"day": "01/04/2026", "kind": "party", "name": "x"}, "Chọn nghỉ"),
        ({"day": "31/12/9999", "kind": "off", "name": "x"}, "không phải ngày"),
        ({"day": "31/12/1950", "kind": "off", "name": "x"}, "Chỉ sửa được lịch"),
    ],
)
def test_a_day_that_cannot_be_is_refused(office: Office, form: dict[str, str], said: str) -> None:
    assert said in office.browser("ada").post("/cai-dat/lich", form, status=400).text


@pytest.mark.asks_the_database
@pytest.mark.parametrize("year", ["1", "99999", "x", "²⁰²⁴", "2099", "2000"])
def test_any_year_in_the_address_gives_a_page(office: Office, year: str) -> None:
    office.browser("ada").get("/cai-dat/lich", params={"nam": year})


# -- channels --


def test_no_secret_of_the_settings_is_shown(office: Office) -> None:
    page = office.browser("ada").get("/cai-dat/kenh-gui").text
    assert "chưa đặt" in page
    assert "sqlite:///" not in page


SECRETS = {
    "sms_key": "Khoa-Sms",
    "sms_secret": "Mat-Sms",
    "telegram_token": "1:Khoa-Bot",
    "zalo_app_secret": "Mat-Zalo",
    "zalo_refresh_token": "Lam-Moi",
}


def test_each_way_of_sending_says_whether_it_is_set_up_and_who_waits_for_it(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dondoc = office.app.state.office.dondoc
    told: dict[str, Any] = {**SECRETS, "sms_gateway": "esms", "sms_brand": "CATINHMAU", "relay_folder": str(tmp_path)}
    monkeypatch.setattr(dondoc, "settings", Settings(home=tmp_path, **told))
    office.valley.contact(FINANCE, "agency", "0912345678", channel="zalo", name="Chị Hoa")
    office.valley.run()
    with writing(office.valley.engine) as c:
        c.execute(update(message).where(message.c.id == 1).values(status="relayed"))
    page = office.browser("ada").get("/cai-dat/kenh-gui").text
    rows = {row.partition("</th>")[0]: row for row in page.split('<th scope="row">')[1:]}
    assert "esms, tên CATINHMAU, không dấu" in rows["Tin nhắn SMS"]
    assert "đã đặt" in rows["Telegram"]
    assert "có người nhận mà chưa đặt" in rows["Zalo (ZNS)"]
    assert "1 thông báo đã chuyển ra, chờ biên nhận." in rows["Chuyển tệp ra ngoài mạng kín"]
    assert [secret for secret in SECRETS.values() if secret in page] == []


# -- people --


def test_a_new_person_gets_a_password_that_is_shown_once(office: Office) -> None:
    browser = office.browser("ada")
    form = {"login": "An.NV", "name": "Nguyễn Văn An", "role": "coordinator", "unit": LEAD}
    page = browser.post("/cai-dat/nguoi-dung", form).text
    found = re.search(r'<code class="secret">([a-z0-9-]+)</code>', page)
    assert found is not None
    assert found[1] not in browser.get("/cai-dat/nguoi-dung").text
    newcomer = office.browser()
    newcomer.get("/dang-nhap")
    answer = newcomer.post("/dang-nhap", {"login": "an.nv", "password": found[1], "to": "/"}).text
    assert "chỉ dùng một lần" in answer


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"login": "có dấu"}, "Tên đăng nhập chỉ gồm"),
        ({"login": "alice"}, "Đã có tài khoản alice"),
        ({"name": ""}, "Thiếu họ tên"),
        ({"unit": ""}, "phải gắn với một cơ quan"),
        ({"unit": "khong.co"}, "Không có cơ quan khong.co"),
        ({"role": "king"}, "Chọn vai trò"),
        ({"until": "31/12/2023", "since": "01/01/2024"}, "trước ngày bắt đầu"),
        ({"until": "mai"}, "không phải ngày"),
    ],
)
def test_a_person_that_cannot_be_is_refused_and_nothing_is_left(
    office: Office, change: dict[str, str], said: str
) -> None:
    browser = office.browser("ada")
    form = {"login": "an.nv", "name": "An", "role": "coordinator", "unit": LEAD, **change}
    page = browser.post("/cai-dat/nguoi-dung", form, status=400).text
    assert said in page
    assert html.escape(form["login"]) in page
    with reading(office.valley.engine) as c:
        assert all(each.name != "An" for each in accounts.all_accounts(c))


def test_a_stand_in_holds_the_post_for_its_days(office: Office) -> None:
    browser = office.browser("ada")
    form = {"role": "coordinator", "unit": LEAD, "since": "15/03/2024", "until": "20/03/2024"}
    one = f"/cai-dat/nguoi-dung/{office.ids['sam']}"
    assert "sắp giữ" in browser.post(one + "/vai-tro", form).text
    for day, status in (("2024-03-14 09:00", 404), ("2024-03-15 09:00", 200), ("2024-03-21 09:00", 404)):
        office.valley.now = at(day)
        office.browser("sam").get(UNIT, status=status)


def test_the_last_administrator_stays(office: Office) -> None:
    browser = office.browser("ada")
    mine = f"/cai-dat/nguoi-dung/{office.ids['ada']}"
    assert "nhờ người quản trị khác" in browser.post(mine + "/khoa", status=400).text
    with reading(office.valley.engine) as c:
        post = accounts.load(c, office.ids["ada"]).posts[0].id
    assert "ít nhất một người quản trị" in browser.post(f"{mine}/vai-tro/{post}/het", status=400).text
    with reading(office.valley.engine) as c:
        assert accounts.load(c, office.ids["ada"]).posts[0].role is Role.ADMINISTRATOR


def test_closing_ends_every_session_at_once(office: Office) -> None:
    alice, ada = office.browser("alice"), office.browser("ada")
    one = f"/cai-dat/nguoi-dung/{office.ids['alice']}"
    ada.post(one + "/khoa")
    assert "Đăng nhập" in alice.get(UNIT).text
    assert "Đã mở lại" in ada.post(one + "/mo").text
    with reading(office.valley.engine) as c:
        mine = select(sign_in.c.token).where(sign_in.c.account_id == office.ids["alice"])
        assert c.execute(mine).first() is None


def test_a_post_of_somebody_else_cannot_be_ended_under_this_name(office: Office) -> None:
    with reading(office.valley.engine) as c:
        post = accounts.load(c, office.ids["alice"]).posts[0].id
    one = f"/cai-dat/nguoi-dung/{office.ids['sam']}"
    assert "không giữ vai trò đó" in office.browser("ada").post(f"{one}/vai-tro/{post}/het", status=400).text


@pytest.mark.asks_the_database
@pytest.mark.parametrize("number", ["999999", "0", "-1", "9" * 40])
def test_an_unknown_person_is_told_as_such(office: Office, number: str) -> None:
    browser = office.browser("ada")
    browser.get(f"/cai-dat/nguoi-dung/{number}", status=400)
    browser.post(f"/cai-dat/nguoi-dung/{number}/khoa", status=400)
    browser.post(f"/cai-dat/nguoi-dung/{number}/mat-khau", status=400)


def test_people_are_found_without_diacritics_and_paged(office: Office) -> None:
    with writing(office.valley.engine) as c:
        for n in range(60):
            accounts.create(c, login=f"so.{n:02}", name=f"Đặng Thị Số {n:02}", now=office.valley.now, actor="test")
    browser = office.browser("ada")
    assert "Trang 1/2" in browser.get("/cai-dat/nguoi-dung?q=dang+thi").text
    assert "Số 59" in browser.get("/cai-dat/nguoi-dung?q=dang+thi&trang=2").text
    assert "Không có tài khoản nào khớp" in browser.get("/cai-dat/nguoi-dung?q=khong+ai").text
