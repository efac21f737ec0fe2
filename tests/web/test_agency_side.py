"""The agency answers for itself: by the link of a message, or signed in; only its own duties, only where wanted."""

from __future__ import annotations

import re
import stat
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.filestore import FileStore
from app.link_key import load_key
from app.settings import Settings
from notifications import delivery, reply_links
from notifications.channels.base import Letter
from notifications.reply_links import Links
from notifications.tables import message, reply_link
from tasks.database import reading, writing
from tasks.desk_tables import claim_file, request, stored_file
from tasks.office import choose
from tasks.tables import audit_event, occurrence
from tests.support import FINANCE, LEAD, PLAN
from tests.web.office import Office

OWN = f"{PLAN}/ke-hoach/so-tai-chinh/once"
OTHER = f"{PLAN}/ke-hoach/so-noi-vu/once"
ADDRESS = "https://dondoc.example"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def switch(office: Office, on: bool | None = True, scope: str = LEAD) -> None:
    with writing(office.valley.engine) as c:
        choose(c, scope, "agency_side", on, now=office.valley.now, actor="test")


@pytest.fixture
def answering(office: Office) -> Office:
    switch(office)
    return office


def links_of(office: Office) -> Links:
    return Links(ADDRESS, office.app.state.office.dondoc.links.key)


def letters(office: Office, moment: str = "2024-03-14 07:30", links: Links | None = None) -> list[Letter]:
    """What leaves that morning: the reminder of the day before the last day."""
    valley = office.valley
    valley.advance(moment)
    valley.compose()
    before = len(valley.channel.letters)
    delivery.deliver(valley.engine, valley.channels, now=valley.now, links=links or links_of(office))
    return valley.channel.letters[before:]


def path_to(office: Office, agency: str = "so-tai-chinh") -> str:
    """The path of the link that this body's reminder carries."""
    assigned, letter = [each for each in letters(office) if each.address == f"agency@{agency}.example"]
    assert "/tra-loi/" in assigned.text
    [url] = set(re.findall(rf"{ADDRESS}(/tra-loi/\S+)", letter.text))
    return str(url)


def count(office: Office, table: object) -> int:
    with reading(office.valley.engine) as c:
        return int(c.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def state(office: Office, occurrence_id: str = OWN) -> str:
    with reading(office.valley.engine) as c:
        return str(c.execute(select(occurrence.c.state).where(occurrence.c.id == occurrence_id)).scalar_one())


# -- the link in the letter --


def test_only_the_agencies_reminder_carries_a_link_and_only_where_wanted(answering: Office) -> None:
    sent = letters(answering)
    assert sent
    for letter in sent:
        to_agency = letter.address.startswith("agency@")
        assert (f"{ADDRESS}/tra-loi/" in letter.text) == to_agency, letter.address
        assert (f"{ADDRESS}/tra-loi/" in letter.html) == to_agency
    with reading(answering.valley.engine) as c:
        assert not [
            row for row in c.execute(select(message.c.text, message.c.html)) if "/tra-loi/" in row.text + row.html
        ]


def test_officers_are_told_without_links(answering: Office) -> None:
    """The check list, the lead and the head: nobody there answers for an agency."""
    for moment in ("2024-03-19 07:30", "2024-03-21 07:30"):
        for letter in letters(answering, moment):
            if not letter.address.startswith("agency@"):
                assert "/tra-loi/" not in letter.text + letter.html, letter.subject


def test_off_by_default(office: Office) -> None:
    assert all("/tra-loi/" not in letter.text for letter in letters(office))
    assert count(office, reply_link) == 0


def test_without_a_public_address_there_are_no_links(answering: Office) -> None:
    dondoc = answering.app.state.office.dondoc
    assert dondoc.settings.public_url == ""
    answering.valley.advance("2024-03-14 07:30")
    answering.valley.compose()
    dondoc.deliver(now=answering.valley.now)
    assert answering.valley.channel.letters
    assert all("/tra-loi/" not in letter.text for letter in answering.valley.channel.letters)


def test_the_public_address_of_the_settings_is_used(answering: Office) -> None:
    dondoc = answering.app.state.office.dondoc
    dondoc.settings = Settings(home=dondoc.settings.home, public_url=ADDRESS + "/")
    answering.valley.advance("2024-03-14 07:30")
    answering.valley.compose()
    dondoc.deliver(now=answering.valley.now)
    assert any(f"{ADDRESS}/tra-loi/" in letter.text for letter in answering.valley.channel.letters)


# -- what it opens --


def test_opening_it_changes_nothing(answering: Office) -> None:
    path = path_to(answering)
    before = count(answering, audit_event)
    text = [answering.browser().get(path).text for _time in range(3)][-1]
    assert "Sở Tài chính" in text
    assert "Báo đã gửi (số, ngày)" in text
    assert (count(answering, audit_event), state(answering)) == (before, "open")


def test_it_shows_nothing_of_anyone_else(answering: Office) -> None:
    path = path_to(answering)
    text = answering.browser().get(path).text
    for name in ("Sở Nội vụ", "MTTQ", "so-noi-vu", "Văn thư"):
        assert name not in text
    answering.browser().get(f"{path}?ky={OTHER}", status=404)
    browser = answering.browser()
    browser.get(path)
    browser.post(f"{path}/bao-da-gui", {"ky": OTHER, "number": "1/BC", "dated": "13/03/2024"}, status=404)
    assert state(answering, OTHER) == "open"


def test_it_serves_nobody_who_changed_a_letter_of_it(answering: Office) -> None:
    path = path_to(answering)
    number, _dash, signed = path.rpartition("/")[2].partition("-")
    for token in (
        f"{number}-{'A' * 32}",
        f"{int(number) + 1}-{signed}",
        f"{number}-{signed[:-1]}",
        number,
        "0-x",
    ):
        answering.browser().get(f"/tra-loi/{token}", status=404)


def test_it_expires(answering: Office) -> None:
    path = path_to(answering)
    answering.valley.go("2024-04-13 23:59")
    answering.browser().get(path)
    answering.valley.go("2024-04-14 00:01")
    assert "không còn dùng được" in answering.browser().get(path, status=410).text


def test_the_officer_takes_it_back(answering: Office) -> None:
    path = path_to(answering)
    with reading(answering.valley.engine) as c:
        mine = (reply_link.c.agency_id == FINANCE) & (reply_link.c.id == int(path.rpartition("/")[2].partition("-")[0]))
        message_id = c.execute(select(reply_link.c.message_id).where(mine)).scalar_one()
    alice, sam = answering.browser("alice"), answering.browser("sam")
    page = alice.get(f"/ky/{OWN}").text
    assert f"/thong-bao/{message_id}/thu-hoi-lien-ket" in page
    sam.post(f"/thong-bao/{message_id}/thu-hoi-lien-ket", {"ve": "/"}, status=404)
    answering.browser().get(path)
    alice.post(f"/thong-bao/{message_id}/thu-hoi-lien-ket", {"ve": f"/ky/{OWN}"})
    answering.browser().get(path, status=410)
    assert "Đã thu hồi" in alice.get(f"/ky/{OWN}").text


def test_switched_off_again_it_opens_no_longer(answering: Office) -> None:
    path = path_to(answering)
    switch(answering, None)
    answering.browser().get(path, status=410)


def test_the_same_message_always_has_the_same_link(answering: Office) -> None:
    """E-mail whose fate is unknown is sent again word for word."""
    path_to(answering)
    links = links_of(answering)
    with writing(answering.valley.engine) as c:
        row = c.execute(select(message).where(message.c.address == "agency@so-tai-chinh.example")).first()
        assert row is not None
        letter = Letter("<1@x>", "S", None, "P", row.address, "S", row.text, row.html)
        twice = [reply_links.with_links(c, links, row, letter) for _time in range(2)]
    assert twice[0] == twice[1]
    assert "/tra-loi/" in twice[0].text


def test_the_key_is_readable_by_its_owner_alone_and_stays(tmp_path: Path) -> None:
    key = load_key(tmp_path)
    assert load_key(tmp_path) == key
    assert load_key(tmp_path / "other") != key
    assert stat.S_IMODE((tmp_path / "link.key").stat().st_mode) == 0o600
    assert repr(Links("x", key)).find(key.hex()) == -1


# -- what is said by it --


def test_a_claim_by_link_lands_with_the_officer(answering: Office) -> None:
    path = path_to(answering)
    browser = answering.browser()
    browser.get(path)
    text = browser.post(f"{path}/bao-da-gui", {"ky": OWN, "number": "12/BC-STC", "dated": "13/03/2024"}).text
    assert "Cơ quan báo đã gửi" in text
    assert state(answering) == "claimed"
    page = answering.browser("alice").get(f"/ky/{OWN}").text
    assert "12/BC-STC" in page
    assert "Báo đã gửi (số, ngày)" not in browser.get(path).text  # said once


def test_a_file_comes_along_and_goes_to_the_officer_alone(answering: Office) -> None:
    path = path_to(answering)
    browser = answering.browser()
    browser.get(path)
    form = {"ky": OWN, "number": "12/BC-STC", "dated": "13/03/2024"}
    wrong = {"tep": ("x.pdf", b"MZ not a pdf", "application/pdf")}
    assert "nội dung khác" in browser.post(f"{path}/bao-da-gui", form, files=wrong, status=400).text
    assert (state(answering), count(answering, stored_file)) == ("open", 0)
    browser.post(f"{path}/bao-da-gui", form, files={"tep": ("../bao cao.pdf", PDF, "application/pdf")})
    with reading(answering.valley.engine) as c:
        row = c.execute(select(claim_file)).one()
    assert row.name == "bao cao.pdf"
    assert FileStore(answering.app.state.office.dondoc.settings.home).path(row.hash).read_bytes() == PDF
    file = f"/ky/{OWN}/tep-bao/{row.hash}"
    assert file in answering.browser("alice").get(f"/ky/{OWN}").text
    answer = answering.browser("alice").get(file)
    assert answer.content == PDF
    assert answer.headers["content-disposition"].startswith("attachment")
    answering.browser("sam").get(file, status=404)
    answering.browser("alice").get(f"/ky/{OTHER}/tep-bao/{row.hash}", status=404)


@pytest.mark.parametrize(
    ("answer", "form", "seen"),
    [
        ("se-gui", {"wanted": "18/03/2024"}, "Đã nắm, sẽ gửi"),
        ("de-nghi-gia-han", {"wanted": "25/03/2024", "text": "chờ số liệu quý"}, "chờ số liệu quý"),
        ("vuong-mac", {"text": "chưa có biểu mẫu"}, "chưa có biểu mẫu"),
        ("khong-thuoc", {"text": "thuộc Sở Nội vụ"}, "thuộc Sở Nội vụ"),
    ],
)
def test_the_other_answers_wait_for_the_officer(
    answering: Office, answer: str, form: dict[str, str], seen: str
) -> None:
    path = path_to(answering)
    browser = answering.browser()
    browser.get(path)
    for _time in range(2):  # sent twice it stands there once
        assert "Đã chuyển đến cán bộ theo dõi" in browser.post(f"{path}/{answer}", {"ky": OWN, **form}).text
    assert count(answering, request) == 1
    assert state(answering) == "open"
    assert seen in answering.browser("alice").get(f"/ky/{OWN}").text


@pytest.mark.parametrize(
    ("answer", "form"),
    [
        ("bao-da-gui", {"dated": "13/03/2024"}),
        ("bao-da-gui", {"number": "1/BC", "dated": "31/02/2024"}),
        ("bao-da-gui", {"number": "1/BC", "dated": "15/03/2024"}),
        ("se-gui", {}),
        ("se-gui", {"wanted": "01/03/2024"}),
        ("de-nghi-gia-han", {"wanted": "25/03/2024"}),
        ("vuong-mac", {"text": "x" * 2001}),
        ("khong-thuoc", {"text": " "}),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(answering: Office, answer: str, form: dict[str, str]) -> None:
    path = path_to(answering)
    browser = answering.browser()
    browser.get(path)
    before = count(answering, audit_event)
    assert 'role="alert"' in browser.post(f"{path}/{answer}", {"ky": OWN, **form}, status=400).text
    assert count(answering, audit_event) == before


def test_nobody_floods_the_officer(answering: Office) -> None:
    path = path_to(answering)
    browser = answering.browser()
    browser.get(path)
    for n in range(5):
        browser.post(f"{path}/vuong-mac", {"ky": OWN, "text": f"việc {n}"})
    browser.post(f"{path}/vuong-mac", {"ky": OWN, "text": "việc 5"}, status=400)
    assert count(answering, request) == 5


def test_an_unknown_answer_is_not_found(answering: Office) -> None:
    path = path_to(answering)
    browser = answering.browser()
    browser.get(path)
    browser.post(f"{path}/chap-nhan", {"ky": OWN}, status=404)


def test_an_extension_needs_the_issuers_document_and_a_refusal_a_reason(answering: Office) -> None:
    path = path_to(answering)
    agency = answering.browser()
    agency.get(path)
    agency.post(f"{path}/de-nghi-gia-han", {"ky": OWN, "wanted": "25/03/2024", "text": "chờ số liệu"})
    agency.post(f"{path}/vuong-mac", {"ky": OWN, "text": "thiếu biểu"})
    alice = answering.browser("alice")
    page = alice.get(f"/ky/{OWN}").text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen
    with reading(answering.valley.engine) as c:
        first, second = c.execute(select(request.c.id).order_by(request.c.id)).scalars()
    form = {"request": str(first), "to": "25/03/2024", "seen": seen[1]}
    alice.post(f"/ky/{OWN}/gia-han", form, status=400)
    alice.post(f"/ky/{OWN}/tra-loi", {"request": str(second), "answer": ""}, status=400)
    alice.post(f"/ky/{OWN}/gia-han", {**form, "document": "999/UBND-NC"})
    alice.post(f"/ky/{OWN}/tra-loi", {"request": str(second), "answer": "Biểu đã gửi kèm công văn 100"})
    text = agency.get(path).text
    assert "999/UBND-NC" in text
    assert "Biểu đã gửi kèm công văn 100" in text


# -- signed in --


def test_an_agency_signed_in_sees_its_own_duties_only(answering: Office) -> None:
    finn = answering.browser("finn")
    text = finn.get("/viec-cua-toi").text
    assert f"/viec-cua-toi/{OWN}" in text
    assert "so-noi-vu" not in text
    finn.get(f"/viec-cua-toi/{OTHER}", status=404)
    finn.post(f"/viec-cua-toi/{OTHER}/bao-da-gui", {"number": "1/BC", "dated": "08/03/2024"}, status=404)
    finn.get(f"/ky/{OWN}", status=403)
    assert "Báo đã gửi" in finn.get(f"/viec-cua-toi/{OWN}").text
    finn.post(f"/viec-cua-toi/{OWN}/bao-da-gui", {"number": "1/BC", "dated": "08/03/2024"})
    assert state(answering) == "claimed"


def test_switched_off_the_account_has_nothing_to_answer(office: Office) -> None:
    finn = office.browser("finn")
    assert "Không còn việc nào" in finn.get("/viec-cua-toi").text
    finn.get(f"/viec-cua-toi/{OWN}", status=404)


def test_what_was_received_is_no_longer_asked_for(answering: Office) -> None:
    with writing(answering.valley.engine) as c:
        c.execute(
            occurrence.update().where(occurrence.c.id == OWN).values(state="accepted", received_on=date(2024, 3, 8))
        )
    finn = answering.browser("finn")
    assert OWN not in finn.get("/viec-cua-toi").text
    assert OWN in finn.get("/viec-cua-toi?xong=1").text
    finn.post(f"/viec-cua-toi/{OWN}/vuong-mac", {"text": "x"}, status=400)


def test_the_officers_of_the_unit_are_no_agency(answering: Office) -> None:
    for login in ("alice", "henry", "otto", "ada", "sam"):
        answering.browser(login).get("/viec-cua-toi", status=403)


def test_script_in_what_was_said_is_text(answering: Office) -> None:
    finn = answering.browser("finn")
    finn.post(f"/viec-cua-toi/{OWN}/vuong-mac", {"text": "<script>alert(1)</script>"})
    for browser, page in ((finn, f"/viec-cua-toi/{OWN}"), (answering.browser("alice"), f"/ky/{OWN}")):
        assert "<script>alert" not in browser.get(page).text
