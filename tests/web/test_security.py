"""What somebody may try against the dashboard: forged forms, odd addresses, script in every text, other servers."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Text, func, insert, select, update
from sqlalchemy.engine import Connection

import web
from app.bootstrap import Dondoc
from app.settings import Settings
from people import accounts, sessions
from people.tables import refused_sign_in
from tasks import desk, lifecycle, trail
from tasks.database import reading, writing
from tasks.desk import DirectionKind, RequestKind
from tasks.desk_tables import stored_file
from tasks.tables import audit_event, metadata, occurrence
from tests.support import ANSWERABLE, LEAD, PLAN
from tests.web.office import Office
from tests.web.routing import addresses, furnish
from web.app import create_app
from web.guard import COOKIE

EVIL = "evil.example"
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
SIGNED_IN = ("alice", "henry", "ada", "finn")


def count(office: Office) -> int:
    with reading(office.valley.engine) as c:
        return int(c.execute(select(func.count()).select_from(audit_event)).scalar_one())


# -- forged forms --


def test_a_form_without_the_token_of_its_session_is_refused(office: Office) -> None:
    alice, sam = office.browser("alice"), office.browser("sam")
    path, before = f"/ky/{ANSWERABLE}/cuoc-goi", count(office)
    form = {"spoke_with": "x", "text": "y"}
    for token in (None, "", "x", sam.csrf()):
        data = form if token is None else {**form, "csrf": token}
        assert alice.client.post(path, data=data).status_code == 403
    own = {**form, "csrf": alice.csrf()}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": f"https://{EVIL}"}, {"Sec-Fetch-Site": "same-site"}):
        assert alice.client.post(path, data=own, headers=headers).status_code == 403
    assert count(office) == before
    assert alice.client.post(path, data=own).status_code == 303


def test_the_door_wants_the_token_of_its_own_browser(office: Office) -> None:
    browser, other = office.browser(), office.browser()
    token = re.search(r'name="csrf" value="([^"]+)"', other.get("/dang-nhap").text)
    assert token
    browser.get("/dang-nhap")
    data = {"login": "alice", "password": "x", "csrf": token[1]}
    assert browser.client.post("/dang-nhap", data=data).status_code == 403
    assert TestClient(office.app).post("/dang-nhap", data={"login": "alice", "password": "x"}).status_code == 403


def test_a_session_that_somebody_else_chose_opens_nothing(office: Office) -> None:
    browser = office.browser()
    browser.client.cookies.set(COOKIE, "A" * 43)
    assert browser.client.get("/tong-quan").headers["location"].startswith("/dang-nhap")


# -- odd addresses --


OUTSIDE = (
    "/static/../app.py",
    "/static/..%2fapp.py",
    "/static/%2e%2e/%2e%2e/pyproject.toml",
    "/static/htmx/..%2f..%2f..%2fweb/app.py",
    "/static/..%5capp.py",
    "/static//etc/passwd",
    "/static/%00",
    "/tep/1/..%2f..%2f..%2fdondoc.db",
    "/tep/..%2f1/" + "a" * 64,
    f"/ky/{ANSWERABLE}/tep-bao/..%2f..%2flink.key",
    "/link.key",
    "/tra-loi/..%2f..%2flink.key",
)


def test_no_path_leads_out_of_what_is_served(office: Office) -> None:
    alice = office.browser("alice").client
    for path in OUTSIDE:
        answer = alice.get(path)
        assert answer.status_code in (404, 405), (path, answer.status_code)
        assert "def create_app" not in answer.text


def test_guessed_numbers_are_not_found_and_break_nothing(office: Office) -> None:
    alice, wrong = office.browser("alice"), []
    for address in addresses(office.app):
        if address.method != "GET" or not address.parameters or address.path.startswith("/api"):
            continue
        for odd in ("0", "-1", "9" * 30, "%D9%A3", "%00", "1%27--", "x" * 300):
            answer = alice.client.get(address.filled(dict.fromkeys(address.parameters, odd)))
            if answer.status_code not in (303, 403, 404):
                wrong.append(f"{address} {odd}: {answer.status_code}")
    assert wrong == []


ELSEWHERE = (f"//{EVIL}", f"https://{EVIL}", f"/\\{EVIL}", f"\\\\{EVIL}", f" //{EVIL}", f"/\t/{EVIL}")


def test_signing_in_leads_to_no_other_server(office: Office) -> None:
    with writing(office.valley.engine) as c:
        password = accounts.reset_password(c, office.ids["alice"], now=office.valley.now, actor="ada")
    for to in ELSEWHERE:
        browser = office.browser()
        browser.get("/dang-nhap")
        form = {"login": "alice", "password": password, "to": to, "csrf": browser.csrf()}
        answer = browser.client.post("/dang-nhap", data=form)
        assert answer.status_code == 303
        assert re.match(r"/(?![/\\])", answer.headers["location"]), to


def test_the_host_of_a_request_is_never_repeated(office: Office) -> None:
    for path in ("/", "/tong-quan", "/tong-quan/", "/ky/", "/dang-nhap", "/nowhere"):
        answer = office.browser("alice").client.get(path, headers={"Host": EVIL})
        assert EVIL not in answer.headers.get("location", "") + answer.text, path


def test_nothing_typed_becomes_a_header(office: Office) -> None:
    alice = office.browser("alice")
    form = {"login": "x", "password": "y", "to": "/ky\r\nSet-Cookie: a=b", "csrf": alice.csrf()}
    answer = alice.client.post("/dang-nhap", data=form)
    assert "a" not in answer.cookies
    with reading(office.valley.engine) as c:
        seen = desk.stamp(lifecycle.load(c, ANSWERABLE))
    note = "nhắc\r\nBcc: all@evil.example\r\n\r\nxin"
    alice.post(f"/ky/{ANSWERABLE}/nhac", {"note": note, "seen": seen, "times": "0"})
    with writing(office.valley.engine) as c:
        c.execute(metadata.tables["contact"].update().values(name="Văn thư\r\nBcc: all@evil.example"))
    letters = office.valley.run("2024-03-14 07:30")
    assert letters
    for letter in letters:
        for value in (letter.subject, letter.sender, letter.reply_to or "", letter.address, letter.message_id):
            assert not re.search(r"[\r\n\0]", value), value


# -- files --


def test_a_zip_bomb_is_refused_before_it_is_unpacked(office: Office) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", b"\0" * (40 << 20))
    values = furnish(office)
    finn = office.browser("finn")
    form = {"number": "1/BC", "dated": "13/03/2024"}
    files = {"tep": ("bc.docx", held.getvalue(), "application/zip")}
    kept = select(func.count()).select_from(stored_file)
    with reading(office.valley.engine) as c:
        before = c.execute(kept).scalar_one()
    assert "quá lớn" in finn.post(f"/viec-cua-toi/{values['own_id']}/bao-da-gui", form, files=files, status=400).text
    with reading(office.valley.engine) as c:
        assert c.execute(kept).scalar_one() == before
        state = select(occurrence.c.state).where(occurrence.c.id == ANSWERABLE)
        assert c.execute(state).scalar_one() == "open"


# -- guessing passwords --


def test_an_address_that_guesses_is_slowed_down_whatever_login_it_tries(office: Office) -> None:
    with writing(office.valley.engine) as c:
        password = accounts.reset_password(c, office.ids["alice"], now=office.valley.now, actor="ada")
        for n in range(sessions.TRIES_PER_ADDRESS):
            sessions.note_refusal(c, login=f"l{n}", address="testclient", now=office.valley.now)
        assert c.execute(select(func.count()).select_from(refused_sign_in)).scalar_one() == 30
    browser = office.browser()
    browser.get("/dang-nhap")
    form = {"login": "alice", "password": password}
    assert "Đợi 15 phút" in browser.post("/dang-nhap", form, status=400).text
    office.valley.now += timedelta(minutes=16)
    browser.post("/dang-nhap", form)


# -- headers and cookies --


def test_every_answer_has_the_strict_headers(office: Office) -> None:
    alice, nobody = office.browser("alice").client, office.browser().client
    answers = [alice.get(path) for path in ("/tong-quan", "/nowhere", "/cai-dat/nguoi-dung", "/static/dondoc.css")]
    answers += [nobody.get(path) for path in ("/dang-nhap", "/tong-quan", "/static/nowhere", "/tra-loi/1-x")]
    answers += [alice.post("/tong-quan"), alice.post("/dang-xuat"), alice.put("/ky")]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy, answer.url
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert ("/static/" in str(answer.url)) != (answer.headers.get("cache-control") == "no-store")


@pytest.mark.parametrize("secure", [False, True])
def test_cookies_are_out_of_reach_of_script_and_of_other_sites(office: Office, dondoc_home: Path, secure: bool) -> None:
    valley = office.valley
    dondoc = Dondoc(Settings(home=dondoc_home), valley.engine, valley.channels)
    app = create_app(dondoc, clock=lambda: valley.now, secure=secure)
    with writing(valley.engine) as c:
        password = accounts.reset_password(c, office.ids["alice"], now=valley.now, actor="ada")
    client = TestClient(app, base_url="https://testserver" if secure else "http://testserver", follow_redirects=False)
    door = client.get("/dang-nhap")
    token = re.search(r'name="csrf" value="([^"]+)"', door.text)
    assert token
    entered = client.post("/dang-nhap", data={"login": "alice", "password": password, "csrf": token[1]})
    set_cookies = door.headers.get_list("set-cookie") + entered.headers.get_list("set-cookie")
    assert any(each.startswith(f"{COOKIE}=") for each in set_cookies)
    for each in set_cookies:
        said = each.lower()
        assert "httponly" in said
        assert re.search(r"samesite=(lax|strict)", said)
        assert ("; secure" in said) is secure
        assert "domain=" not in said
    assert ("strict-transport-security" in entered.headers) is secure


# -- what stands on the pages --


LEADING = ("src", "href", "action", "formaction", "poster", "data", "hx-get", "hx-post")


class Page(HTMLParser):
    """Looks at every tag of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.within = tag
        if tag == "style" or (tag == "script" and not held.get("src")) or tag in ("iframe", "object", "embed", "base"):
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.faults.append(f"{tag} {name}=")
            if name in LEADING and not here(value):
                self.faults.append(f"{tag} {name}={value}")


def here(value: str | None) -> bool:
    """An address of this server, or of nobody's."""
    return bool(re.fullmatch(r"(/(?![/\\]).*|\?.*|#.*|mailto:.*|tel:.*|webcal:.*|)", value or "", re.DOTALL))


def test_script_in_every_text_is_text_on_every_page_and_no_page_needs_another_server(office: Office) -> None:
    values = furnish(office)
    with writing(office.valley.engine) as c:
        fill_with_script(c, office)
    wrong, seen = [], 0
    for login in (*SIGNED_IN, None):
        client = office.browser(login).client
        for address in addresses(office.app):
            if address.method != "GET" or address.path.startswith("/api"):
                continue
            answer = client.get(address.filled(values))
            if not answer.headers.get("content-type", "").startswith("text/html") or answer.status_code != 200:
                continue
            if "<script>alert" in answer.text or "<img src=x" in answer.text:
                wrong.append(f"{login} {address}: script")
            seen += "&lt;script&gt;alert" in answer.text
            page = Page()
            page.feed(answer.text)
            wrong += [f"{login} {address}: {fault}" for fault in page.faults]
    assert wrong == []
    assert seen > 10, "the script stands on no page: this proves nothing"


# Texts that are no words of people: what programs wrote and read again.
PROGRAM = {
    ("account", "password"),
    ("account", "login"),
    ("plan", "source"),
    ("plan_version", "source"),
    ("plan_draft", "text"),
    ("message", "address"),
    ("contact", "address"),
    ("occurrence", "muted_why"),
}


def fill_with_script(c: Connection, office: Office) -> None:
    """Every column of text of every row, in tables that have rows by now."""
    now = office.valley.now
    desk.note_call(c, ANSWERABLE, spoke_with=SCRIPT, text=SCRIPT, now=now, actor="alice")
    desk.ask(c, ANSWERABLE, kind=RequestKind.OBSTACLE, text=SCRIPT, now=now, actor="finn")
    desk.direct(c, ANSWERABLE, kind=DirectionKind.DIRECTION, text=SCRIPT, now=now, actor="henry")
    said = {"text": SCRIPT, "note": SCRIPT, "reason": SCRIPT, "document": SCRIPT, "number": SCRIPT, "name": SCRIPT}
    for kind in ("waive", "press", "return", "file", SCRIPT[:20]):
        entry = trail.Entry(kind, PLAN, ANSWERABLE, LEAD, {**said, "resend_by": "2024-03-20", "to": "open"})
        trail.write(c, [entry], now=now, actor=SCRIPT)
    for table in metadata.sorted_tables:
        if table.name in ("audit_event", "audit_seal"):
            continue  # rows of the trail are never changed
        texts = [
            column.name
            for column in table.columns
            if type(column.type) is Text and not column.foreign_keys and (table.name, column.name) not in PROGRAM
        ]
        if texts:
            c.execute(update(table).values(dict.fromkeys(texts, SCRIPT)))
    body = metadata.tables["agency"]
    for row in c.execute(select(body)).all():
        document: dict[str, Any] = {**row.document, "name": f"{row.name} {row.id}"}
        c.execute(update(body).where(body.c.id == row.id).values(document=document))
    chosen = {"scope": LEAD, "name": "sender", "value": SCRIPT}
    c.execute(insert(metadata.tables["setting"]).values(chosen))


def test_the_static_files_name_no_other_server() -> None:
    for path in (Path(web.__file__).parent / "static").rglob("*"):
        if path.suffix in (".css", ".js"):
            text = path.read_text("utf-8")
            assert not re.search(r"(url\(|@import|fetch\()\s*[\"']?(https?:)?//", text), path.name
            assert not re.search(r"\beval\(|new Function", text), path.name
