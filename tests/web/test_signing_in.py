"""Signing in: by password, slowed down, never with a session that somebody else chose."""

from __future__ import annotations

import pytest

from people import accounts
from tasks.database import writing
from tests.support import at
from tests.web.office import Browser, Office
from web.guard import COOKIE


@pytest.fixture
def password(office: Office) -> str:
    with writing(office.valley.engine) as c:
        return accounts.reset_password(c, office.ids["alice"], now=office.valley.now, actor="ada")


def sign_in(browser: Browser, login: str, password: str, *, status: int = 200) -> str:
    browser.get("/dang-nhap")
    return browser.post("/dang-nhap", {"login": login, "password": password, "to": "/"}, status=status).text


def test_the_first_password_has_to_be_replaced_before_anything_else(office: Office, password: str) -> None:
    browser = office.browser()
    assert "chỉ dùng một lần" in sign_in(browser, "alice", password)
    assert "chỉ dùng một lần" in browser.get("/").text
    browser.post("/mat-khau", {"old": password, "new": "của tôi, rất dài", "again": "của tôi, rất dài"})
    assert "Tổng quan" in browser.get("/").text


def test_a_wrong_login_is_answered_like_a_wrong_password(office: Office, password: str) -> None:
    browser = office.browser()
    wrong_password = sign_in(browser, "alice", "không phải", status=400)
    wrong_login = sign_in(browser, "nobody", "không phải", status=400)
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in wrong_password
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in wrong_login


def test_after_five_wrong_tries_even_the_right_password_has_to_wait(office: Office, password: str) -> None:
    browser = office.browser()
    for _try in range(5):
        sign_in(browser, "alice", "không phải", status=400)
    assert "Đợi 15 phút" in sign_in(browser, "alice", password, status=400)
    office.valley.now = at("2024-03-11 08:16")
    sign_in(browser, "alice", password)


def test_signing_in_gives_a_new_session(office: Office, password: str) -> None:
    """Session fixation: what the browser held before is worth nothing afterwards."""
    browser = office.browser()
    browser.client.cookies.set(COOKIE, "chosen-by-somebody-else")
    sign_in(browser, "alice", password)
    assert browser.client.cookies.get(COOKIE, domain="testserver.local") not in (None, "chosen-by-somebody-else")


def test_signing_out_ends_the_session_on_the_server(office: Office) -> None:
    browser = office.browser("alice")
    held = browser.client.cookies.get(COOKIE)
    browser.get("/")
    browser.post("/dang-xuat")
    again = office.browser()
    again.client.cookies.set(COOKIE, str(held))
    assert "Mật khẩu" in again.get("/").text


def test_a_session_ends_after_a_working_day_without_a_click(office: Office) -> None:
    browser = office.browser("alice")
    office.valley.now = at("2024-03-11 15:59")
    assert "Tổng quan" in browser.get("/").text
    office.valley.now = at("2024-03-12 00:01")
    assert "Đăng nhập" in browser.get("/").text


def test_the_way_back_never_leads_to_another_server(office: Office, password: str) -> None:
    browser = office.browser()
    browser.get("/dang-nhap?toi=//evil.example/")
    answer = browser.client.post(
        "/dang-nhap", data={"csrf": browser.csrf(), "login": "alice", "password": password, "to": "//evil.example/"}
    )
    assert answer.headers["location"] == "/"


def test_a_form_without_its_token_is_refused(office: Office) -> None:
    browser = office.browser("alice")
    assert browser.client.post("/dang-xuat", data={}).status_code == 403
    assert browser.client.post("/dang-xuat", data={"csrf": "guessed"}).status_code == 403
    elsewhere = {"Origin": "https://evil.example"}
    assert browser.client.post("/dang-xuat", data={"csrf": browser.csrf()}, headers=elsewhere).status_code == 403
    assert "Tổng quan" in browser.get("/").text
