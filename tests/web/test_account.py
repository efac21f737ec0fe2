"""Tài khoản của tôi: other sessions are ended, tokens are made, shown once and revoked."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select

from people import api_tokens
from people.tables import token
from tasks.database import reading
from tests.web.office import Office, at

PAGE = "/tai-khoan"
SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize("login", ["alice", "henry", "otto", "ada", "finn"])
def test_everybody_has_this_page(office: Office, login: str) -> None:
    assert login in office.browser(login).get(PAGE).text


def test_other_sessions_are_ended_and_this_one_stays(office: Office) -> None:
    here, elsewhere, sam = office.browser("alice"), office.browser("alice"), office.browser("sam")
    assert "phiên này" in here.get(PAGE).text
    assert "Đã đóng 1 phiên khác" in here.post(PAGE + "/phien").text
    assert "Đăng nhập" in elsewhere.get(PAGE).text
    assert "sam" in sam.get(PAGE).text


def test_a_token_is_shown_once_and_stored_as_its_hash(office: Office) -> None:
    browser = office.browser("alice")
    page = browser.post(PAGE + "/ma", {"name": "Sổ văn bản", "scope": "all", "expires": "31/12/2024"}).text
    secret = re.search(r'<code class="secret">([^<]+)</code>', page)
    assert secret is not None
    assert "mọi việc của tài khoản" in page
    assert secret[1] not in browser.get(PAGE).text
    with reading(office.valley.engine) as c:
        row = c.execute(select(token)).one()
        bearer = api_tokens.bearer(c, secret[1], now=office.valley.now)
    assert secret[1] not in {str(value) for value in row}
    assert bearer is not None
    assert bearer.holder.login == "alice"


def test_a_token_only_reads_unless_more_is_asked_for(office: Office) -> None:
    office.browser("alice").post(PAGE + "/ma", {"name": "A"})
    with reading(office.valley.engine) as c:
        assert c.execute(select(token.c.read_only)).scalar_one() is True


def test_a_revoked_and_an_old_token_open_nothing(office: Office) -> None:
    browser = office.browser("alice")
    secrets = []
    for name, expires in (("A", ""), ("B", "12/03/2024")):
        page = browser.post(PAGE + "/ma", {"name": name, "expires": expires}).text
        found = re.search(r'<code class="secret">([^<]+)</code>', page)
        assert found
        secrets.append(found[1])
    with reading(office.valley.engine) as c:
        first = c.execute(select(token.c.id).order_by(token.c.id).limit(1)).scalar_one()
    browser.post(f"{PAGE}/ma/{first}/thu-hoi")
    with reading(office.valley.engine) as c:
        assert api_tokens.bearer(c, secrets[0], now=office.valley.now) is None
        assert api_tokens.bearer(c, secrets[1], now=office.valley.now) is not None
        assert api_tokens.bearer(c, secrets[1], now=at("2024-03-13 00:01")) is None


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": ""}, "từ 1 đến 60 ký tự"),
        ({"name": "x" * 61}, "dài quá 60"),
        ({"name": "A", "expires": "10/03/2024"}, "đã qua"),
        ({"name": "A", "expires": "mai"}, "không phải ngày"),
    ],
)
def test_a_token_that_cannot_be_is_refused(office: Office, form: dict[str, str], said: str) -> None:
    assert said in office.browser("alice").post(PAGE + "/ma", form, status=400).text


def test_nobody_revokes_the_token_of_another(office: Office) -> None:
    office.browser("alice").post(PAGE + "/ma", {"name": "A"})
    with reading(office.valley.engine) as c:
        made = c.execute(select(token.c.id)).scalar_one()
    for number in (made, 0, "9" * 40):
        assert "Không có mã" in office.browser("sam").post(f"{PAGE}/ma/{number}/thu-hoi", status=400).text
    with reading(office.valley.engine) as c:
        assert c.execute(select(token.c.revoked_at)).scalar_one() is None


def test_one_account_has_not_endlessly_many_tokens(office: Office) -> None:
    browser = office.browser("alice")
    for n in range(api_tokens.MOST):
        browser.post(PAGE + "/ma", {"name": f"M{n}"})
    assert "tối đa 20" in browser.post(PAGE + "/ma", {"name": "một nữa"}, status=400).text


def test_the_name_of_a_token_is_written_as_text(office: Office) -> None:
    page = office.browser("alice").post(PAGE + "/ma", {"name": SCRIPT}).text
    assert SCRIPT not in page
    assert html.escape(SCRIPT) in page
