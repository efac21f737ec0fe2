"""The form that writes plans: from nothing to a plan that is followed, wrong input, and who may not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from people import accounts
from people.rights import Role
from plans.plan_text import plan_text as written
from plans.shipped import shipped_text
from tasks import intake
from tasks.agencies import load_plan
from tasks.database import reading, writing
from tasks.listing import due_rows
from tasks.tables import occurrence, plan
from tests.support import ANSWERABLE, LEAD, PLAN, plan_text
from tests.web.office import Browser, Office

NEW = "/ke-hoach/soan/moi"
FIRST = "/ke-hoach/soan/1"
SCRIPT = '"><script>alert(1)</script>'
FACTS = {
    "number": "88/KH-UBND",
    "issued": "15/01/2024",
    "issuer": "Ủy ban nhân dân Thung Lũng",
    "level": "province",
    "title": "Kế hoạch thử của thung lũng",
    "short": "KH 88/KH-UBND",
    "lead_section": "IV.2",
    "lead_quote": "theo dõi, đôn đốc",
    "plan": "thung-lung-moi",
}
DUTY = {
    "title": "Báo cáo năm",
    "section": "IV.1",
    "phrase": "annual",
    "boundary": "before",
    "day": "10",
    "month": "12",
    "quote": "trước ngày 10/12 hằng năm",
}


def seen(browser: Browser) -> str:
    found = re.search(r'name="lan" value="(\d+)"', browser.last)
    assert found, browser.last[:500]
    return found[1]


def send(browser: Browser, path: str, data: dict[str, Any], *, status: int = 200) -> str:
    """Fills a form in that was opened just before."""
    return browser.post(path, {"lan": seen(browser), **data}, status=status).text


def begun(office: Office) -> Browser:
    """A draft of Alice's unit, on its first page."""
    alice = office.browser("alice")
    alice.get(NEW)
    alice.post(NEW, {"don-vi": LEAD})
    return alice


@pytest.fixture
def alice(office: Office) -> Browser:
    return begun(office)


def status_of(office: Office, plan_id: str) -> str | None:
    with reading(office.valley.engine) as c:
        return c.execute(select(plan.c.status).where(plan.c.id == plan_id)).scalar_one_or_none()


def whole(alice: Browser) -> None:
    """The draft filled in as the file below says it."""
    send(alice, f"{FIRST}/van-ban", FACTS)
    alice.get(f"{FIRST}/co-quan")
    pasted = "1\tSở Tài chính\tIII.1\n2\tSO NOI VU\tIII.2"
    send(alice, f"{FIRST}/co-quan", {"dan": pasted, "khoi": "moi", "khoi-moi": "Các sở", "quan-he": "peer"})
    rest = {"dan": "Ủy ban MTTQ Việt Nam Thung Lũng", "quan-he": "requested", "can-cu": "III.3: Đề nghị", "khoi": ""}
    send(alice, f"{FIRST}/co-quan", rest)
    alice.get(f"{FIRST}/nhiem-vu/moi")
    called = {
        "chu-tri": ["khoi-cac-so", "mat-tran"],
        "noi-nhan": ["Công an Thung Lũng", ""],
        "vai-tro": ["main", "main"],
    }
    send(alice, f"{FIRST}/nhiem-vu/moi", {**DUTY, **called, "bo-phan": ["", ""]})


SAME = """\
format: 1
plan: thung-lung-moi
title: Kế hoạch thử của thung lũng
short: KH 88/KH-UBND
number: 88/KH-UBND
issued: 2024-01-15
issuer: Ủy ban nhân dân Thung Lũng
level: province
unit: thung-lung
lead: {agency: cong-an, section: IV.2, quote: "theo dõi, đôn đốc"}
parties:
  - {agency: mat-tran, relation: requested, ground: "III.3: Đề nghị"}
groups:
  - id: khoi-cac-so
    name: Các sở
    relation: peer
    members:
      - {agency: so-tai-chinh, ground: III.1}
      - {agency: so-noi-vu, ground: III.2}
duties:
  - id: bao-cao-nam
    title: Báo cáo năm
    section: IV.1
    responsible: [khoi-cac-so, mat-tran]
    due: {kind: annual, day: 10, month: 12, boundary: before, quote: "trước ngày 10/12 hằng năm"}
    recipients: [{agency: cong-an, role: main}]
"""


def test_a_plan_written_in_the_form_is_the_plan_of_the_file(office: Office, alice: Browser) -> None:
    whole(alice)
    review = alice.get(FIRST).text
    assert "Sẽ ghi vào sổ" in review

    page = send(alice, f"{FIRST}/ghi", {"phien-ban": "0"})

    assert "Đã ghi vào sổ ở dạng nháp" in page
    with writing(office.valley.engine) as c:
        made = load_plan(c, "thung-lung-moi")
        intake.activate(c, "thung-lung-moi", now=office.valley.now, actor="alice")
        mine = due_rows(c, now=office.valley.now, plan_id="thung-lung-moi")
        same = SAME.replace("plan: thung-lung-moi", "plan: tep").encode()
        filed = intake.add_plan(c, same, file="kh.yaml", now=office.valley.now, actor="alice").plan
        intake.activate(c, "tep", now=office.valley.now, actor="alice")
        theirs = due_rows(c, now=office.valley.now, plan_id="tep")
    assert made.duties == filed.duties
    assert (made.parties, made.groups, made.lead) == (filed.parties, filed.groups, filed.lead)
    wanted = [(r.duty, r.agency, r.period, r.due, r.last_day, r.late_after) for r in theirs]
    assert [(r.duty, r.agency, r.period, r.due, r.last_day, r.late_after) for r in mine] == wanted
    assert wanted
    alice.get(FIRST, status=404)


def test_an_incomplete_draft_is_kept_and_says_what_is_missing_by_field(office: Office, alice: Browser) -> None:
    send(alice, f"{FIRST}/van-ban", {**FACTS, "issued": "31/02/2024", "title": ""})

    review = alice.get(FIRST).text

    assert "chỗ phải sửa trước khi ghi vào sổ" in review
    assert f'href="{FIRST}/van-ban">ngày ban hành</a>' in review
    assert "thiếu trường “tên”" in review
    assert "thiếu trường “nhiệm vụ”" in review
    assert 'value="31/02/2024"' in alice.get(f"{FIRST}/van-ban").text
    assert "88/KH-UBND" in alice.get("/ke-hoach").text
    assert "Còn chỗ phải sửa" in alice.post(f"{FIRST}/ghi", {"lan": "2", "phien-ban": "0"}, status=400).text
    assert status_of(office, "thung-lung-moi") is None


def test_the_picker_shows_the_next_dates_and_keeps_nothing(alice: Browser) -> None:
    send(alice, f"{FIRST}/van-ban", FACTS)
    alice.get(f"{FIRST}/nhiem-vu/moi")
    asked = {**DUTY, "lam": "xem", "phrase": "monthly", "day": "5"}

    page = send(alice, f"{FIRST}/nhiem-vu/moi", asked)
    htmx = {"HX-Request": "true", "HX-Target": "ngay-toi"}
    part = alice.post(f"{FIRST}/nhiem-vu/moi", {**asked, "day": "31"}, headers=htmx).text

    assert "trước ngày 5 hằng tháng" in page
    assert "<b>04/04/2024</b>" in page
    assert part.lstrip().startswith('<div id="ngay-toi"')
    assert "tháng ngắn không có ngày 31" in part
    assert "Chưa có nhiệm vụ nào" in alice.get(f"{FIRST}/nhiem-vu").text


def test_bodies_are_searched_ticked_changed_and_taken_away(alice: Browser) -> None:
    page = alice.get(f"{FIRST}/co-quan?q=so tai chinh").text
    assert 'value="thung-lung.so-tai-chinh"' in page
    send(alice, f"{FIRST}/co-quan", {"chon": ["thung-lung.so-tai-chinh"], "quan-he": "peer", "can-cu": "III.1"})
    said = send(alice, f"{FIRST}/co-quan", {"dan": "Sở Lạ Hoắc", "quan-he": "peer", "can-cu": "III.9"})
    assert "Chưa có trong danh mục, sẽ thêm mới 1: Sở Lạ Hoắc." in said

    rows = {"ma": ["p:so-tai-chinh", "p:so-la-hoac"], "quan-he": ["subordinate", "peer"], "can-cu": ["II.2", "III.9"]}
    send(alice, f"{FIRST}/co-quan/luu", {**rows, "bo": ["p:so-la-hoac"]})

    text = alice.get(f"{FIRST}/tep").text
    assert "parties:\n  - {agency: so-tai-chinh, relation: subordinate, ground: II.2}\n" in text
    assert "so-la-hoac" not in text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"dan": "", "quan-he": "peer"}, "Chưa chọn hay dán cơ quan nào"),
        ({"dan": "Sở X", "quan-he": "self"}, "Chưa chọn quan hệ"),
        ({"dan": "Sở X", "quan-he": "peer", "khoi": "moi"}, "Thiếu tên khối mới"),
        ({"dan": "x" * 401, "quan-he": "peer"}, "mỗi dòng một tên"),
    ],
)
def test_wrong_bodies_are_refused_and_what_was_typed_stays(alice: Browser, data: dict[str, str], said: str) -> None:
    alice.get(f"{FIRST}/co-quan")

    page = send(alice, f"{FIRST}/co-quan", data, status=400)

    assert said in page
    assert data["dan"] in page


def test_a_field_that_is_too_long_is_refused(alice: Browser) -> None:
    assert "dài quá 400" in send(alice, f"{FIRST}/van-ban", {**FACTS, "title": "x" * 401}, status=400)
    alice.get(f"{FIRST}/nhiem-vu/moi")
    assert "dài quá 4000" in send(alice, f"{FIRST}/nhiem-vu/moi", {**DUTY, "note": "x" * 4001}, status=400)
    alice.get(f"{FIRST}/chi-tieu")
    target = {"id": "", "section": "II", "text": "x" * 401, "bound": "below", "value": "1", "unit": "%"}
    assert "dài quá 400" in send(alice, f"{FIRST}/chi-tieu", target, status=400)


def test_who_saves_over_somebody_elses_saving_is_told_so(alice: Browser) -> None:
    old = {"lan": seen(alice)}
    send(alice, f"{FIRST}/van-ban", FACTS)

    page = alice.post(f"{FIRST}/van-ban", {**FACTS, **old, "title": "Khác"}, status=400).text

    assert "vừa được alice lưu" in page
    assert 'value="Khác"' in page
    assert "title: Kế hoạch thử" in alice.get(f"{FIRST}/tep").text


def test_duties_are_moved_and_taken_away(alice: Browser) -> None:
    for title in ("Một", "Hai"):
        alice.get(f"{FIRST}/nhiem-vu/moi")
        send(alice, f"{FIRST}/nhiem-vu/moi", {**DUTY, "title": title})
    send(alice, f"{FIRST}/nhiem-vu/2/len", {})
    assert re.findall(r"id: (mot|hai)", alice.get(f"{FIRST}/tep").text) == ["hai", "mot"]
    alice.get(f"{FIRST}/nhiem-vu")
    send(alice, f"{FIRST}/nhiem-vu/1/xoa", {})
    assert re.findall(r"id: (mot|hai)", alice.get(f"{FIRST}/tep").text) == ["mot"]
    alice.get(f"{FIRST}/nhiem-vu")
    for wrong in ("nhiem-vu/5", "nhiem-vu/0", "nhiem-vu/x"):
        alice.get(f"{FIRST}/{wrong}", status=404)
    alice.post(f"{FIRST}/nhiem-vu/1/hong", {"lan": "9"}, status=404)


def test_figures_are_written_with_a_comma_and_kept_with_a_point(alice: Browser) -> None:
    alice.get(f"{FIRST}/chi-tieu")
    row = {"id": "", "section": "II.2", "text": "Tái phạm", "bound": "below", "value": "2,1", "unit": "%"}

    send(alice, f"{FIRST}/chi-tieu", row)

    assert (
        'targets:\n  - {id: tai-pham, section: II.2, text: Tái phạm, unit: "%", below: "2.1"}'
        in (alice.get(f"{FIRST}/tep").text)
        or "below: 2.1" in alice.get(f"{FIRST}/tep").text
    )
    assert 'value="2,1"' in alice.get(f"{FIRST}/chi-tieu").text


def test_a_followed_plan_is_changed_after_looking_at_the_differences(office: Office) -> None:
    alice = office.browser("alice")
    alice.post(f"/ke-hoach/{PLAN}/sua")
    assert "Không có gì khác" in alice.last
    values = {"phrase": "once", "boundary": "before", "on": "20/03/2024", "quote": "trước ngày 20/3/2024"}
    page = alice.get(f"{FIRST}/nhiem-vu/1").text
    chosen = re.findall(r'name="chu-tri" value="([^"]+)"[^>]* checked', page)
    duty = {"title": "Kế hoạch triển khai", "section": "IV.1", "chu-tri": chosen, "noi-nhan": ["Công an Thung Lũng"]}
    send(alice, f"{FIRST}/nhiem-vu/1", {**duty, **values, "vai-tro": ["main"], "bo-phan": [""]})

    review = alice.get(FIRST).text
    assert "đổi hạn 5 kỳ" in review
    assert "trước ngày 16/03/2024" in review
    assert "trước ngày 20/03/2024" in review
    assert str(office.valley.occurrence(ANSWERABLE).due) == "2024-03-16"

    done = send(alice, f"{FIRST}/ghi", {"phien-ban": "1"})

    assert "Đã cập nhật: thêm 0 kỳ, đổi hạn 5 kỳ, bỏ 0 kỳ." in done
    assert str(office.valley.occurrence(ANSWERABLE).due) == "2024-03-20"
    assert "Phiên bản 2" in done


def test_a_plan_that_was_changed_meanwhile_is_looked_at_again(office: Office) -> None:
    alice = office.browser("alice")
    alice.post(f"/ke-hoach/{PLAN}/sua")
    with writing(office.valley.engine) as c:
        changed = plan_text().replace(b"title: K", b"title: Khac k")
        intake.add_plan(c, changed, file="kh.yaml", now=office.valley.now, actor="bob")

    page = send(alice, f"{FIRST}/ghi", {"phien-ban": "1"}, status=400)

    assert "vừa được người khác thay đổi" in page
    assert "Khac k" in page


def test_the_same_draft_is_opened_again_not_a_second_one(office: Office) -> None:
    alice = office.browser("alice")
    alice.post(f"/ke-hoach/{PLAN}/sua")
    alice.post(f"/ke-hoach/{PLAN}/sua")

    alice.get("/ke-hoach/soan/2", status=404)
    send_page = alice.get(FIRST).text
    assert "Sửa kế hoạch" in send_page
    assert "Đã xóa bản soạn" in send(alice, f"{FIRST}/xoa", {})
    assert status_of(office, PLAN) == "active"


def upload(browser: Browser, content: bytes, *, status: int = 200) -> str:
    browser.get(NEW)
    return browser.post("/ke-hoach/soan/tep", files={"tep": ("kh.yaml", content)}, status=status).text


def test_a_file_becomes_a_draft_with_its_comments(office: Office) -> None:
    alice = office.browser("alice")
    content = b"# mot loi ghi\n" + SAME.encode()

    assert "Sẽ ghi vào sổ" in upload(alice, content)
    assert alice.get(f"{FIRST}/tep").content == content
    alice.get(FIRST)
    send(alice, f"{FIRST}/ghi", {"phien-ban": "0"})
    assert status_of(office, "thung-lung-moi") == "draft"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"plan: [a\ntitle: b", "dòng 1"),
        (b"", "tệp trống"),
        (b"\xff\xfe\x00", "Tệp không đọc được"),
        (b"format: 1\nplan: x\n", "không cho biết đơn vị theo dõi"),
        (shipped_text("son-la-2316-2023"), "không thuộc phạm vi của tài khoản này"),
        (b"a: " + b"x" * 1_000_001, "lớn quá 1 MB"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(office: Office, content: bytes, said: str) -> None:
    assert said in upload(office.browser("alice"), content, status=400)


ODD = "format: 1\nunit: thung-lung\nlead: {agency: cong-an}\n"


@pytest.mark.parametrize(
    "rest",
    [
        "duties: [a, b]\n",
        "duties: {a: b}\n",
        "groups: [{members: [x]}]\n",
        "duties: [{due: soon}]\n",
        "reading: x\n",
        "parties: x\n",
    ],
)
def test_a_file_of_another_shape_is_refused_with_its_lines(office: Office, rest: str) -> None:
    assert "dòng " in upload(office.browser("alice"), (ODD + rest).encode(), status=400)


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "duties:\n",
        "duties: []\ngroups: []\n",
        "duties: [{}]\n",
        "duties: [{responsible: x, recipients: [[a]], due: {kind: [a], days: [x], dates: x, window: y}}]\n",
        "targets: [{}]\nparties: [{}]\ngroups: [{}]\nagencies: [{}]\n",
        "title: [a]\nnumber: {a: b}\nunknown: 1\n",
    ],
)
def test_whatever_is_missing_or_odd_every_page_of_the_form_opens(office: Office, rest: str) -> None:
    alice = office.browser("alice")
    upload(alice, (ODD + rest).encode())

    for path in ("", "/van-ban", "/co-quan", "/nhiem-vu", "/nhiem-vu/moi", "/chi-tieu"):
        alice.get(FIRST + path)
    if "duties: [{" in rest:
        alice.get(f"{FIRST}/nhiem-vu/1")
        send(alice, f"{FIRST}/nhiem-vu/1", DUTY)
    alice.get(f"{FIRST}/van-ban")
    send(alice, f"{FIRST}/van-ban", FACTS)


def test_no_file_and_no_unit_are_said(office: Office) -> None:
    alice = office.browser("alice")
    alice.get(NEW)
    assert "Chưa chọn tệp" in alice.post("/ke-hoach/soan/tep", status=400).text
    assert "Chưa chọn đơn vị" in alice.post(NEW, status=400).text
    alice.post(NEW, {"don-vi": "noi-khac.cong-an"}, status=404)


def test_a_plan_of_another_unit_is_neither_changed_nor_named(office: Office) -> None:
    """A file of one's own unit under the id of somebody else's plan."""
    foreign = SAME.replace("unit: thung-lung", "unit: noi-khac").replace("thung-lung-moi", "cua-noi-khac")
    foreign = re.sub(r"(?s)parties:.*", "duties:\n", foreign)
    foreign += "  - {id: a, title: A, section: I, responsible: [cong-an], due: {kind: continuous}}\n"
    with writing(office.valley.engine) as c:
        intake.add_plan(c, foreign.encode(), file="x", now=office.valley.now, actor="sam")
    alice = office.browser("alice")

    page = upload(alice, SAME.replace("plan: thung-lung-moi", "plan: cua-noi-khac").encode())

    assert "Mã kế hoạch cua-noi-khac đã dùng" in page
    send(alice, f"{FIRST}/ghi", {"phien-ban": "0"}, status=400)
    send(alice, f"{FIRST}/ghi", {"phien-ban": "1"}, status=400)
    with reading(office.valley.engine) as c:
        assert load_plan(c, "cua-noi-khac").lead == "noi-khac.cong-an"


def test_a_plan_brings_no_end_of_a_body_that_others_go_by(office: Office) -> None:
    alice = office.browser("alice")
    ends = "agencies:\n  - {id: so-tai-chinh, name: Sở Tài chính, until: 2024-02-01}\n"

    page = upload(alice, SAME.replace("parties:\n", f"{ends}parties:\n", 1).encode())

    assert "Ngày kết thúc của Sở Tài chính khác danh mục" in page
    send(alice, f"{FIRST}/ghi", {"phien-ban": "0"}, status=400)
    assert status_of(office, "thung-lung-moi") is None


def test_a_draft_belongs_to_its_unit(office: Office, alice: Browser) -> None:
    sam = office.browser("sam")
    for path in ("", "/van-ban", "/co-quan", "/nhiem-vu", "/nhiem-vu/moi", "/chi-tieu", "/tep"):
        alice.get(FIRST + path)
        sam.get(FIRST + path, status=404)
        sam.get(f"/ke-hoach/soan/99{path}", status=404)
    for path in (
        "/van-ban",
        "/co-quan",
        "/co-quan/luu",
        "/nhiem-vu/moi",
        "/nhiem-vu/1/xoa",
        "/chi-tieu",
        "/ghi",
        "/xoa",
    ):
        sam.post(FIRST + path, {"lan": "1"}, status=404)
    for login in ("henry", "otto", "ada", "finn"):
        office.browser(login).get(FIRST, status=403)
        office.browser(login).get(NEW, status=403)
        office.browser(login).post(f"{FIRST}/ghi", {"lan": "1"}, status=403)
    assert "88/KH" not in sam.get("/ke-hoach").text


def test_the_lead_unit_of_a_draft_cannot_be_changed_by_a_file(office: Office) -> None:
    """Somebody of two units writes the other unit's lead into a draft of the first: it stays where it is."""
    with writing(office.valley.engine) as c:
        at = office.valley.now.date()
        accounts.give_post(
            c, office.ids["alice"], Role.COORDINATOR, "noi-khac.cong-an", since=at, now=office.valley.now, actor="x"
        )
    alice = office.browser("alice")
    alice.get(NEW)
    assert "Công an Nơi Khác" in alice.last
    alice.post(NEW, {"don-vi": "noi-khac.cong-an"})
    assert "unit: noi-khac" in alice.get(f"{FIRST}/tep").text


def test_stored_script_is_only_text_in_every_field(alice: Browser) -> None:
    send(alice, f"{FIRST}/van-ban", {**FACTS, **dict.fromkeys(("number", "title", "short", "issuer", "note"), SCRIPT)})
    alice.get(f"{FIRST}/co-quan")
    names = {"dan": f"{SCRIPT}\t{SCRIPT}", "khoi": "moi", "khoi-moi": SCRIPT, "quan-he": "peer"}
    send(alice, f"{FIRST}/co-quan", names)
    alice.get(f"{FIRST}/nhiem-vu/moi")
    texts = dict.fromkeys(
        ("title", "section", "action", "product", "quote", "note", "from", "consequence_quote"), SCRIPT
    )
    duty = {**DUTY, **texts, "noi-nhan": [SCRIPT], "vai-tro": ["main"], "bo-phan": [SCRIPT], "chu-tri": [SCRIPT]}
    send(alice, f"{FIRST}/nhiem-vu/moi", duty)
    alice.get(f"{FIRST}/chi-tieu")
    send(alice, f"{FIRST}/chi-tieu", dict.fromkeys(("id", "section", "text", "bound", "value", "unit"), SCRIPT))

    pages = ("", "/van-ban", "/co-quan", "/co-quan?q=%3Cscript%3E", "/nhiem-vu", "/nhiem-vu/1", "/chi-tieu")
    for path in (*(FIRST + each for each in pages), "/ke-hoach"):
        page = alice.get(path).text
        assert "<script>alert" not in page, path
    assert "&lt;script&gt;" in alice.get(FIRST).text


def test_a_new_plan_may_not_take_the_id_of_one_that_exists(office: Office, alice: Browser) -> None:
    send(alice, f"{FIRST}/van-ban", {**FACTS, "plan": PLAN})
    whole_facts = alice.get(f"{FIRST}/tep").text
    assert f"plan: {PLAN}" in whole_facts
    alice.get(f"{FIRST}/co-quan")
    send(alice, f"{FIRST}/co-quan", {"dan": "Sở Tài chính", "quan-he": "peer", "can-cu": "I"})
    alice.get(f"{FIRST}/nhiem-vu/moi")
    send(alice, f"{FIRST}/nhiem-vu/moi", {**DUTY, "chu-tri": ["so-tai-chinh"]})

    assert f"Mã kế hoạch {PLAN} đã dùng" in alice.get(FIRST).text
    alice.post(f"{FIRST}/ghi", {"lan": seen(alice), "phien-ban": "1"}, status=400)
    with reading(office.valley.engine) as c:
        assert len(load_plan(c, PLAN).duties) == 1
        assert c.execute(select(occurrence.c.id).where(occurrence.c.plan_id == PLAN)).first()


def test_the_text_of_a_draft_is_written_in_the_order_of_the_format() -> None:
    document = {"duties": [], "title": "A: b", "format": "1", "odd": "x"}

    assert written(document) == 'format: 1\ntitle: "A: b"\nduties: []\nodd: x\n'
