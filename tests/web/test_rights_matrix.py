"""Every address of the application × every role × own and foreign unit: who comes in, and who does not.

The right of each address stands here a second time, apart from the code. An address that is missing here fails.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import func, select

from people import accounts, api_tokens, sessions
from people.rights import RIGHTS, Right, Role
from people.tables import account, sign_in
from tasks.database import reading, writing
from tasks.tables import audit_event
from tests.support import ANSWERABLE, FINANCE, INTERIOR, LEAD, PLAN
from tests.web.office import FOREIGN, Browser, Office
from tests.web.routing import Address, addresses, furnish, mounts
from web.guard import UNITS

OPEN = "open"
API = "/api/"

# The right of each address. Path parameters that name a thing of some unit are those of ``web.guard.UNITS``: whoever
# holds the right for another unit only is told that there is no such thing.
TABLE: dict[str, tuple[str, ...]] = {
    "open": (
        "GET /api/v1/openapi.json",
        "GET /dang-nhap",
        "POST /dang-nhap",
        "GET /ical/{held}.ics",
        "GET /tra-loi/{link}",
        "POST /tra-loi/{link}/{answer}",
    ),
    "account": (
        "GET /",
        "GET /api/v1/me",
        "GET /cai-dat",
        "POST /dang-xuat",
        "GET /mat-khau",
        "POST /mat-khau",
        "GET /tai-khoan",
        "POST /tai-khoan/ma",
        "POST /tai-khoan/ma/{token_id}/thu-hoi",
        "POST /tai-khoan/phien",
    ),
    "see": (
        "GET /ban-giao",
        "GET /ban-giao/{unit}",
        "GET /lien-lac",
        "GET /lien-lac/goi",
        "GET /api/v1/occurrences",
        "GET /api/v1/occurrences/{occurrence_id:path}",
        "GET /api/v1/papers",
        "GET /api/v1/papers/{paper_id}",
        "GET /api/v1/plans",
        "GET /api/v1/plans/{plan_id}",
        "GET /api/v1/plans/{plan_id}/figures",
        "GET /cong-van",
        "GET /cong-van/{letter_id:int}",
        "GET /cong-van/{letter_id:int}/tep/{form}",
        "GET /co-quan",
        "GET /co-quan/{agency_id}",
        "GET /ke-hoach",
        "GET /ke-hoach/{plan_id}",
        "GET /ke-hoach/{plan_id}/phien-ban/{version}",
        "GET /ke-hoach/{plan_id}/so-lieu",
        "GET /ke-hoach/{plan_id}/tinh-hinh",
        "GET /ke-hoach/{plan_id}/van-ban",
        "GET /ke-hoach/{plan_id}/van-ban/tep",
        "GET /kiem-tra",
        "GET /kiem-tra/chot-so",
        "GET /kiem-tra/chot-so/{unit}/{month}",
        "GET /kiem-tra/trang-tuan",
        "GET /kiem-tra/trang-tuan/{unit}",
        "GET /kiem-tra/trang-tuan/{unit}/{week}",
        "GET /kiem-tra/ty-le",
        "GET /ky",
        "GET /ky/{occurrence_id:path}",
        "GET /ky/{occurrence_id:path}/tep-bao/{file_hash}",
        "GET /lich",
        "POST /lich/dang-ky",
        "POST /lich/dang-ky/{feed_id}/thu-hoi",
        "GET /ra-soat",
        "GET /tep/{paper_id}/{file_hash}",
        "GET /thong-bao",
        "GET /thong-bao/dang-cho",
        "GET /thong-bao/khong-gui",
        "GET /thong-bao/neu-khong-lam",
        "POST /thong-bao/neu-khong-lam",
        "GET /thong-bao/{message_id}",
        "GET /tim",
        "GET /tong-quan",
        "GET /van-ban-den",
        "GET /van-ban-den/danh-sach",
        "GET /van-ban-den/{paper_id}",
    ),
    "export": (
        "GET /ban-giao/{unit}/bien-ban.pdf",
        "GET /lien-lac/goi.csv",
        "GET /lien-lac/goi.xlsx",
        "GET /ke-hoach/{plan_id}/so-lieu.csv",
        "GET /ke-hoach/{plan_id}/so-lieu.docx",
        "GET /ke-hoach/{plan_id}/so-lieu.pdf",
        "GET /ke-hoach/{plan_id}/so-lieu.xlsx",
        "GET /co-quan/{agency_id}/ho-so.pdf",
        "GET /co-quan/{agency_id}/ho-so.zip",
        "GET /ke-hoach/{plan_id}/tinh-hinh.docx",
        "GET /ke-hoach/{plan_id}/tinh-hinh.xlsx",
        "GET /ke-hoach/{plan_id}/tinh-hinh.zip",
        "GET /ky/{occurrence_id:path}/ho-so.pdf",
        "GET /ky/{occurrence_id:path}/ho-so.zip",
        "GET /kiem-tra/kiem-tra.xlsx",
        "GET /kiem-tra/nhat-ky.csv",
        "GET /kiem-tra/nhat-ky.xlsx",
        "GET /kiem-tra/qua-han.csv",
        "GET /co-quan/{agency_id}/phieu-nam/{year}/phieu.pdf",
        "GET /co-quan/{agency_id}/phieu-nam/{year}/phieu.xlsx",
        "GET /kiem-tra/chot-so/{unit}/{month}/chot-so.pdf",
        "GET /kiem-tra/trang-tuan/{unit}/trang.pdf",
        "GET /kiem-tra/trang-tuan/{unit}/{week}/trang.pdf",
        "GET /kiem-tra/ty-le.csv",
    ),
    "audit": (
        "GET /api/v1/audit",
        "GET /api/v1/plans/{plan_id}/audit",
        "GET /kiem-tra/nguyen-ven",
        "POST /kiem-tra/nguyen-ven",
        "GET /kiem-tra/nhat-ky",
    ),
    "work": (
        "POST /ke-hoach/{plan_id}/goi",
        "POST /thong-bao/{message_id}/cach-khac",
        "GET /ke-hoach/{plan_id}/so-lieu/nhap",
        "POST /ke-hoach/{plan_id}/so-lieu/nhap",
        "POST /ke-hoach/{plan_id}/so-lieu/nhap/ghi",
        "POST /api/v1/occurrences/{occurrence_id:path}/accept",
        "POST /api/v1/occurrences/{occurrence_id:path}/claim",
        "POST /api/v1/occurrences/{occurrence_id:path}/extend",
        "POST /api/v1/occurrences/{occurrence_id:path}/hold",
        "POST /api/v1/occurrences/{occurrence_id:path}/promise",
        "POST /api/v1/occurrences/{occurrence_id:path}/reopen",
        "POST /api/v1/occurrences/{occurrence_id:path}/return",
        "POST /api/v1/occurrences/{occurrence_id:path}/transfer",
        "POST /api/v1/occurrences/{occurrence_id:path}/undo",
        "POST /api/v1/occurrences/{occurrence_id:path}/waive",
        "POST /api/v1/papers",
        "POST /api/v1/papers/{paper_id}/correct",
        "POST /cong-van/{letter_id:int}",
        "POST /cong-van/{letter_id:int}/da-gui",
        "POST /cong-van/{letter_id:int}/dinh-chinh",
        "POST /cong-van/{letter_id:int}/huy",
        "POST /cong-van/{letter_id:int}/so",
        "POST /ke-hoach/{plan_id}/cong-van",
        "POST /ky/nhieu/{what}",
        "POST /ky/nhieu/{what}/lam",
        "POST /ky/{occurrence_id:path}/bao-da-gui",
        "POST /ky/{occurrence_id:path}/bo-ghi-nhan",
        "POST /ky/{occurrence_id:path}/chap-nhan",
        "POST /ky/{occurrence_id:path}/chuyen",
        "POST /ky/{occurrence_id:path}/cong-van",
        "POST /ky/{occurrence_id:path}/cuoc-goi",
        "POST /ky/{occurrence_id:path}/gia-han",
        "POST /ky/{occurrence_id:path}/hen-gui",
        "POST /ky/{occurrence_id:path}/mien",
        "POST /ky/{occurrence_id:path}/mo-lai",
        "POST /ky/{occurrence_id:path}/nhac",
        "POST /ky/{occurrence_id:path}/nhac-lai",
        "POST /ky/{occurrence_id:path}/nhac/xem",
        "POST /ky/{occurrence_id:path}/so-lieu",
        "POST /ky/{occurrence_id:path}/sua-lai",
        "POST /ky/{occurrence_id:path}/tam-dung",
        "POST /ky/{occurrence_id:path}/tra-lai",
        "POST /ky/{occurrence_id:path}/tra-loi",
        "POST /ky/{occurrence_id:path}/van-ban",
        "POST /kiem-tra/chot-so/{unit}/{month}",
        "POST /kiem-tra/trang-tuan/{unit}/{week}",
        "POST /ra-soat/tam-dung",
        "POST /ra-soat/{occurrence_id:path}/van-ban",
        "GET /thong-bao/gui-thu",
        "POST /thong-bao/gui-thu",
        "POST /thong-bao/{message_id}/gui-lai",
        "POST /thong-bao/{message_id}/thu-hoi-lien-ket",
        "POST /thong-bao/{message_id}/xac-nhan",
        "POST /van-ban-den",
        "GET /van-ban-den/co-quan",
        "GET /van-ban-den/nhap",
        "POST /van-ban-den/nhap",
        "POST /van-ban-den/nhap/ghi",
        "GET /van-ban-den/viec",
        "POST /van-ban-den/{paper_id}/bo-doi-chieu",
        "POST /van-ban-den/{paper_id}/go-tep",
        "POST /van-ban-den/{paper_id}/sua-lai",
        "POST /van-ban-den/{paper_id}/tep",
        "POST /van-ban-den/{paper_id}/them-viec",
    ),
    "direct": (
        "POST /ky/{occurrence_id:path}/chi-dao",
        "POST /ky/{occurrence_id:path}/dong-y",
    ),
    "plan": (
        "GET /ke-hoach/doc-van-ban",
        "POST /ke-hoach/doc-van-ban",
        "GET /ke-hoach/doc-van-ban/cho/{held}",
        "GET /ke-hoach/doc-van-ban/{reading_id:int}",
        "GET /ke-hoach/doc-van-ban/{reading_id:int}/co-quan",
        "POST /ke-hoach/doc-van-ban/{reading_id:int}/co-quan",
        "POST /ke-hoach/doc-van-ban/{reading_id:int}/lap",
        "POST /ke-hoach/doc-van-ban/{reading_id:int}/nhan",
        "POST /ke-hoach/doc-van-ban/{reading_id:int}/nhieu",
        "GET /ke-hoach/doc-van-ban/{reading_id:int}/tep",
        "GET /ke-hoach/doc-van-ban/{reading_id:int}/van-ban",
        "POST /ke-hoach/doc-van-ban/{reading_id:int}/van-ban",
        "GET /ke-hoach/doc-van-ban/{reading_id:int}/viec/moi",
        "POST /ke-hoach/doc-van-ban/{reading_id:int}/viec/moi",
        "GET /ke-hoach/doc-van-ban/{reading_id:int}/viec/{number:int}",
        "POST /ke-hoach/doc-van-ban/{reading_id:int}/viec/{number:int}",
        "POST /ke-hoach/doc-van-ban/{reading_id:int}/viec/{number:int}/bo",
        "POST /ke-hoach/doc-van-ban/{reading_id:int}/viec/{number:int}/gop",
        "POST /ke-hoach/doc-van-ban/{reading_id:int}/viec/{number:int}/nhan",
        "POST /ke-hoach/doc-van-ban/{reading_id:int}/viec/{number:int}/tach",
        "POST /ke-hoach/doc-van-ban/{reading_id:int}/viec/{number:int}/xem-lai",
        "POST /ke-hoach/doc-van-ban/{reading_id:int}/xoa",
        "GET /ke-hoach/soan/moi",
        "POST /ke-hoach/soan/moi",
        "POST /ke-hoach/soan/tep",
        "GET /ke-hoach/soan/{draft_id:int}",
        "GET /ke-hoach/soan/{draft_id:int}/chi-tieu",
        "POST /ke-hoach/soan/{draft_id:int}/chi-tieu",
        "GET /ke-hoach/soan/{draft_id:int}/co-quan",
        "POST /ke-hoach/soan/{draft_id:int}/co-quan",
        "POST /ke-hoach/soan/{draft_id:int}/co-quan/luu",
        "POST /ke-hoach/soan/{draft_id:int}/ghi",
        "GET /ke-hoach/soan/{draft_id:int}/nhiem-vu",
        "GET /ke-hoach/soan/{draft_id:int}/nhiem-vu/{place}",
        "POST /ke-hoach/soan/{draft_id:int}/nhiem-vu/{place}",
        "POST /ke-hoach/soan/{draft_id:int}/nhiem-vu/{place}/{what}",
        "GET /ke-hoach/soan/{draft_id:int}/tep",
        "GET /ke-hoach/soan/{draft_id:int}/van-ban",
        "POST /ke-hoach/soan/{draft_id:int}/van-ban",
        "POST /ke-hoach/soan/{draft_id:int}/xoa",
        "GET /ke-hoach/{plan_id}/bat-dau",
        "POST /ke-hoach/{plan_id}/bat-dau",
        "GET /ke-hoach/{plan_id}/dung",
        "POST /ke-hoach/{plan_id}/dung",
        "POST /ke-hoach/{plan_id}/sua",
        "GET /ke-hoach/{plan_id}/xoa",
        "POST /ke-hoach/{plan_id}/xoa",
    ),
    "bodies": (
        "POST /co-quan/{agency_id}/dia-chi/{contact_id}/truoc",
        "POST /co-quan/{agency_id}/vang",
        "POST /co-quan/{agency_id}/vang/{absence_id}/bo",
        "GET /lien-lac/dia-chi.csv",
        "GET /lien-lac/dia-chi.xlsx",
        "GET /lien-lac/nhap",
        "POST /lien-lac/nhap",
        "POST /lien-lac/nhap/ghi",
        "GET /co-quan/thay",
        "POST /co-quan/thay",
        "POST /co-quan/them",
        "POST /co-quan/{agency_id}/ten",
        "POST /ke-hoach/{plan_id}/huy-thay-don-vi",
        "POST /co-quan/{agency_id}/dia-chi",
        "POST /co-quan/{agency_id}/dia-chi/{contact_id}/sua",
        "POST /co-quan/{agency_id}/dia-chi/{contact_id}/thoi",
        "POST /co-quan/{agency_id}/lich",
        "POST /co-quan/{agency_id}/lich/{feed_id}/thu-hoi",
    ),
    "unit_settings": (
        "GET /cai-dat/don-vi",
        "GET /cai-dat/don-vi/{unit}",
        "POST /cai-dat/don-vi/{unit}",
        "POST /cai-dat/don-vi/{unit}/cach-hieu-han",
        "POST /cai-dat/don-vi/{unit}/dau-van-ban",
        "POST /cai-dat/don-vi/{unit}/lich-nhac",
        "POST /cai-dat/don-vi/{unit}/lien-he",
        "POST /cai-dat/don-vi/{unit}/lien-he/{contact_id}/bo",
        "GET /cai-dat/don-vi/{unit}/loi-van",
        "GET /cai-dat/don-vi/{unit}/loi-van/{text_key}",
        "POST /cai-dat/don-vi/{unit}/loi-van/{text_key}",
    ),
    "settings": (
        "POST /cai-dat/kenh-gui/cho",
        "GET /cai-dat/chung",
        "POST /cai-dat/chung",
        "POST /cai-dat/chung/cach-hieu-han",
        "POST /cai-dat/chung/lich-nhac",
        "GET /cai-dat/chung/loi-van",
        "GET /cai-dat/chung/loi-van/{text_key}",
        "POST /cai-dat/chung/loi-van/{text_key}",
        "GET /cai-dat/kenh-gui",
        "GET /cai-dat/lich",
        "POST /cai-dat/lich",
        "GET /he-thong",
    ),
    "users": (
        "GET /cai-dat/nguoi-dung",
        "POST /cai-dat/nguoi-dung",
        "GET /cai-dat/nguoi-dung/{account_id}",
        "POST /cai-dat/nguoi-dung/{account_id}/khoa",
        "POST /cai-dat/nguoi-dung/{account_id}/mat-khau",
        "POST /cai-dat/nguoi-dung/{account_id}/mo",
        "POST /cai-dat/nguoi-dung/{account_id}/vai-tro",
        "POST /cai-dat/nguoi-dung/{account_id}/vai-tro/{post_id}/het",
    ),
    "answer": (
        "GET /viec-cua-toi",
        "GET /viec-cua-toi/{own_id:path}",
        "POST /viec-cua-toi/{own_id:path}/{answer}",
    ),
}
RIGHT_OF = {address: right for right, listed in TABLE.items() for address in listed}

# Who may do what, a second time.
MAY = {
    Role.COORDINATOR: {"see", "work", "plan", "bodies", "export", "audit", "unit_settings", "account"},
    Role.HEAD: {"see", "direct", "export", "audit", "account"},
    Role.AUDITOR: {"see", "export", "audit", "account"},
    Role.ADMINISTRATOR: {"users", "settings", "account"},
    Role.AGENCY: {"answer", "account"},
}
# login: role, and the unit for which it is held (None: for all)
PEOPLE: dict[str, tuple[Role, str | None]] = {
    "alice": (Role.COORDINATOR, LEAD),
    "henry": (Role.HEAD, LEAD),
    "otto": (Role.AUDITOR, LEAD),
    "una": (Role.AUDITOR, None),
    "ada": (Role.ADMINISTRATOR, None),
    "finn": (Role.AGENCY, FINANCE),
    "sam": (Role.COORDINATOR, FOREIGN),
    "hugo": (Role.HEAD, FOREIGN),
    "olga": (Role.AUDITOR, FOREIGN),
    "ivy": (Role.AGENCY, INTERIOR),
}
OWN = {"own_id": FINANCE}  # what belongs to a body and not to a lead unit
# What an allowed GET may be where its address asks for more than a page: a file that is not there, a form's answer.
ALLOWED_GET = {200, 303}
LOOSE = {"file_hash", "held", "place", "version", "feed_id", "token_id", "post_id", "contact_id"}


@pytest.fixture
def furnished(office: Office) -> tuple[Office, dict[str, Any]]:
    with writing(office.valley.engine) as c:
        for login, (role, unit) in PEOPLE.items():
            if login not in office.ids:
                made, _password = accounts.create(c, login=login, name=login.title(), now=office.valley.now, actor="t")
                accounts.give_post(c, made, role, unit, since=date(2024, 1, 1), now=office.valley.now, actor="t")
                office.ids[login] = made
        c.execute(account.update().values(must_change=False))
    return office, furnish(office)


def expected(login: str, address: Address) -> int | None:
    """The status of an answer that lets nobody in; None where the person may."""
    right = RIGHT_OF[str(address)]
    if right == OPEN:
        return None
    role, unit = PEOPLE[login]
    if right not in MAY[role]:
        return 403
    named = [parameter for parameter in address.parameters if parameter in UNITS]
    of = OWN.get(named[0], LEAD) if named else None
    return 404 if of is not None and unit is not None and unit != of else None


def signed(office: Office, login: str) -> tuple[Browser, dict[str, str]]:
    """A browser of that person, and the token that its forms carry."""
    browser = office.browser(login)
    held = next(cookie.value for cookie in browser.client.cookies.jar if cookie.name == "dondoc")
    with reading(office.valley.engine) as c:
        chosen = select(sign_in.c.csrf).where(sign_in.c.token == sessions.digest(str(held)))
        return browser, {"X-CSRF-Token": c.execute(chosen).scalar_one()}


def bearer(office: Office, login: str) -> dict[str, str]:
    """What a program of that person shows."""
    with writing(office.valley.engine) as c:
        account_id, now = office.ids[login], office.valley.now
        held = api_tokens.create(c, account_id, name="x", read_only=False, expires_on=None, now=now, actor=login)
    return {"Authorization": f"Bearer {held}"}


def trail(office: Office) -> int:
    with reading(office.valley.engine) as c:
        return int(c.execute(select(func.count()).select_from(audit_event)).scalar_one())


def test_every_address_stands_in_the_table(office: Office) -> None:
    found = [str(each) for each in addresses(office.app)]
    assert sorted(set(found) - set(RIGHT_OF)) == [], "say in TABLE which right this needs"
    assert sorted(set(RIGHT_OF) - set(found)) == [], "gone from the application"
    assert len(found) == len(set(found))
    assert mounts(office.app) == ["/static", "/static/htmx"]


def test_the_roles_hold_these_rights_and_no_others() -> None:
    assert {role: {right.value for right in rights} for role, rights in RIGHTS.items()} == MAY
    assert {right.value for right in Right} | {OPEN} >= set(TABLE)


def test_nobody_comes_in_without_signing_in(furnished: tuple[Office, dict[str, Any]]) -> None:
    office, values = furnished
    wrong, before, nobody = [], trail(office), office.browser()
    for address in addresses(office.app):
        if RIGHT_OF[str(address)] == OPEN:
            continue
        answer = nobody.client.request(address.method, address.filled(values))
        turned_away = answer.status_code == 303 and answer.headers["location"].startswith("/dang-nhap")
        if not (answer.status_code == 401 if address.path.startswith(API) else turned_away):
            wrong.append(f"{address}: {answer.status_code}")
    assert wrong == []
    assert trail(office) == before


def test_every_role_finds_its_pages_and_no_others(furnished: tuple[Office, dict[str, Any]]) -> None:
    office, values = furnished
    wrong = []
    for login in PEOPLE:
        (browser, _headers), program = signed(office, login), bearer(office, login)
        before = trail(office)
        for address in addresses(office.app):
            if address.method == "GET":
                headers = program if address.path.startswith(API) else {}
                answer = browser.client.get(address.filled(values), headers=headers)
                wrong += [f"{login} {address}: {said}" for said in faults(login, address, answer)]
        assert trail(office) == before, "opening a page is no deed"
    assert wrong == []


def faults(login: str, address: Address, answer: Response) -> list[str]:
    """What is wrong with the answer that this person got."""
    status = expected(login, address)
    allowed = {status} if status else ALLOWED_GET | ({404} if LOOSE & set(address.parameters) else set())
    if answer.status_code not in allowed:
        return [f"{answer.status_code}, not {allowed}"]
    foreign = PEOPLE[login][1] == FOREIGN and RIGHT_OF[str(address)] != OPEN
    return ["tells of another unit"] if foreign and tells(answer.text) else []


def tells(text: str) -> bool:
    return bool(re.search(rf"{re.escape(ANSWERABLE)}|/ke-hoach/{PLAN}\b|/ky/{PLAN}/", text))


def test_forms_of_others_change_nothing(furnished: tuple[Office, dict[str, Any]]) -> None:
    """With a valid token of their own session, and what a form would hold."""
    office, values = furnished
    wrong = []
    for login in PEOPLE:
        (browser, headers), program = signed(office, login), bearer(office, login)
        before = trail(office)
        for address in addresses(office.app):
            status = expected(login, address)
            if address.method == "GET" or status is None:
                continue
            shown = program if address.path.startswith(API) else headers
            answer = browser.client.request(address.method, address.filled(values), data=form(values), headers=shown)
            if answer.status_code != status:
                wrong.append(f"{login} {address}: {answer.status_code}, not {status}")
        assert trail(office) == before
    assert wrong == []


@pytest.mark.parametrize("login", ["sam", "hugo"])
def test_forms_that_name_things_of_another_unit_change_nothing_there(
    furnished: tuple[Office, dict[str, Any]], login: str
) -> None:
    """Where no unit stands in the address, it is what the form names that has to be the person's own."""
    office, values = furnished
    browser, headers = signed(office, login)
    wrong = []
    with reading(office.valley.engine) as c:
        mine = select(func.count()).select_from(audit_event).where(audit_event.c.plan_id == PLAN)
        before = c.execute(mine).scalar_one()
    for address in addresses(office.app):
        ours = [parameter for parameter in address.parameters if parameter in UNITS]
        if address.method == "GET" or ours or expected(login, address) or address.path.startswith((API, "/dang-")):
            continue
        answer = browser.client.post(address.filled(values), data=form(values), headers=headers)
        if answer.status_code >= 500 or tells(answer.text):
            wrong.append(f"{address}: {answer.status_code}")
    assert wrong == []
    with reading(office.valley.engine) as c:
        assert c.execute(mine).scalar_one() == before


def form(values: dict[str, Any]) -> dict[str, Any]:
    """What the forms of the dashboard hold, all at once."""
    named = dict.fromkeys(("ky", "viec", "chon", "occurrence", "id", "ids"), values["occurrence_id"])
    bodies = dict.fromkeys(("co-quan", "agency", "to", "body"), values["agency_id"])
    days = dict.fromkeys(("den", "ngay", "received", "dated", "on", "until", "wanted"), "14/03/2024")
    return {**named, **bodies, **days, "so": "1/BC", "number": "1/BC", "text": "x", "plan": values["plan_id"]}
