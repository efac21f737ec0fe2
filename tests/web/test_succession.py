"""Thay cơ quan: the dry run changes nothing, the real run does exactly what it said, nothing of other units moves."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tasks import intake
from tasks.agencies import load_plan, load_register
from tasks.database import reading, writing
from tasks.leading import hand_lead
from tasks.model import State
from tasks.tables import audit_event, occurrence
from tests.support import ANSWERABLE, FINANCE, HEIR, INTERIOR, LEAD, PLAN, plan_text
from tests.web.office import FOREIGN, Browser, Office
from tests.web.test_bodies import copies
from tests.web.test_occurrence import SCRIPT, counting

AT = "/co-quan/thay"
PART = f"{FINANCE}/{PLAN}/ke-hoach"
INTERIOR_PART = f"{INTERIOR}/{PLAN}/ke-hoach"
INTERIOR_DUTY = f"{PLAN}/ke-hoach/so-noi-vu/once"
HEIR_DUTY = f"{PLAN}/ke-hoach/so-moi/once"


@pytest.fixture
def alice(office: Office) -> Browser:
    return office.browser("alice")


def order(*olds: str, **changed: Any) -> dict[str, Any]:
    parts = [f"{old}/{PLAN}/ke-hoach" for old in olds or (FINANCE,)]
    return {
        "cu": list(olds or (FINANCE,)),
        "ke-thua": "so moi",
        "van-ban": "12/NQ-HĐND",
        "ngay": "",
        "viec": parts,
        "buoc": "xem",
        **changed,
    }


def text_of(page: str) -> str:
    return html.unescape(page)


def rows(office: Office) -> list[tuple[Any, ...]]:
    with reading(office.valley.engine) as c:
        kept = c.execute(select(occurrence).order_by(occurrence.c.id)).all()
        trail = c.execute(select(audit_event.c.id, audit_event.c.kind)).all()
        return [tuple(row) for row in (*kept, *trail)]


def dry_run(browser: Browser, form: dict[str, Any], *, status: int = 200) -> str:
    browser.get(f"{AT}?cu={form['cu'][0]}")
    return text_of(browser.post(AT, form, status=status).text)


def carry_out(browser: Browser, form: dict[str, Any], *, status: int = 200) -> str:
    """Presses the button of the dry run that was shown last."""
    seen = re.search(r'name="da-xem" value="([0-9a-f]+)"', browser.last)
    assert seen
    return text_of(browser.post(AT, {**form, "buoc": "lam", "da-xem": seen[1]}, status=status).text)


def test_the_form_lists_what_is_owed(office: Office, alice: Browser) -> None:
    page = text_of(alice.get(f"{AT}?cu={FINANCE}&cu={INTERIOR}").text)
    assert "Sở Tài chính" in page
    assert f'value="{PART}"' in page
    assert f'value="{INTERIOR_PART}"' in page
    assert "Chạy thử, chưa chuyển" in page


def test_without_a_body_one_is_sent_to_the_list(office: Office, alice: Browser) -> None:
    assert "Chọn cơ quan được thay" in alice.get(AT).text


def test_the_dry_run_changes_nothing_and_the_real_run_does_what_it_said(office: Office, alice: Browser) -> None:
    before = rows(office)
    said = dry_run(alice, order())
    assert "Chuyển 1 kỳ, căn cứ 12/NQ-HĐND" in said
    assert "Sở Mới" in said
    assert rows(office) == before

    assert "Đã chuyển 1 kỳ" in carry_out(alice, order())
    old, new = office.valley.occurrence(ANSWERABLE), office.valley.occurrence(HEIR_DUTY)
    assert (old.state, old.transferred_to) == (State.TRANSFERRED, HEIR_DUTY)
    assert (new.state, new.agency_id, new.last_day) == (State.OPEN, HEIR, old.last_day)
    told = office.valley.events("transfer")
    assert [(e.occurrence_id, e.actor, e.data["document"]) for e in told] == [(ANSWERABLE, "alice", "12/NQ-HĐND")]
    assert office.valley.occurrence(INTERIOR_DUTY).state is State.OPEN


def test_two_bodies_become_one_and_owe_it_once(office: Office, alice: Browser) -> None:
    said = dry_run(alice, order(FINANCE, INTERIOR))
    assert "gộp vào kỳ của chính cơ quan này" in said
    carry_out(alice, order(FINANCE, INTERIOR))
    for it in (ANSWERABLE, INTERIOR_DUTY):
        assert office.valley.occurrence(it).transferred_to == HEIR_DUTY
    assert office.valley.occurrence(HEIR_DUTY).state is State.OPEN
    assert [event.data.get("joined", False) for event in office.valley.events("transfer")] == [False, True]


def test_each_part_may_have_a_successor_of_its_own(office: Office, alice: Browser) -> None:
    form = order(FINANCE, INTERIOR, **{f"den:{INTERIOR_PART}": "mat tran"})
    said = dry_run(alice, form)
    assert "Ủy ban MTTQ Việt Nam Thung Lũng" in said
    carry_out(alice, form)
    assert office.valley.occurrence(ANSWERABLE).transferred_to == HEIR_DUTY
    assert office.valley.occurrence(INTERIOR_DUTY).transferred_to == f"{PLAN}/ke-hoach/mat-tran/once"


def test_what_the_successor_has_done_already_is_not_swallowed(office: Office, alice: Browser) -> None:
    office.valley.record(INTERIOR_DUTY, received="2024-03-11")
    said = dry_run(alice, order(**{"ke-thua": "Sở Nội vụ"}))
    assert "đã xong kỳ này của mình" in said
    assert 'value="lam"' not in said
    assert office.valley.occurrence(ANSWERABLE).state is State.OPEN


def test_an_end_is_written_for_all_plans_and_what_follows_is_handed_over(office: Office, alice: Browser) -> None:
    form = order(ngay="13/03/2024")
    before = rows(office)
    said = dry_run(alice, form)
    assert "Ghi ngày cuối hoạt động 13/03/2024" in said
    assert rows(office) == before
    carry_out(alice, form)
    with reading(office.valley.engine) as c:
        body = load_register(c)[FINANCE]
    assert (str(body.until), body.successor) == ("2024-03-13", HEIR)
    assert office.valley.occurrence(HEIR_DUTY).state is State.OPEN
    assert office.valley.events("agency_end")[-1].data == {"was": None, "is": "2024-03-13"}


def test_a_body_that_still_lives_keeps_what_falls_due_before_its_end(office: Office, alice: Browser) -> None:
    said = dry_run(alice, order(ngay="30/04/2024"))
    assert "1 kỳ đến hạn trước ngày kết thúc vẫn của cơ quan cũ" in said
    carry_out(alice, order(ngay="30/04/2024"))
    assert office.valley.occurrence(ANSWERABLE).state is State.OPEN


def test_a_successor_of_something_overdue_gets_five_working_days(office: Office) -> None:
    office.valley.end_body(FINANCE, "2024-03-20")
    office.valley.advance("2024-04-01 08:00")
    alice = office.browser("alice")
    said = dry_run(alice, order())
    assert "08/04/2024" in said
    assert "trước là 15/03/2024" in said
    carry_out(alice, order())
    assert str(office.valley.occurrence(HEIR_DUTY).last_day) == "2024-04-08"


def test_what_changed_since_the_dry_run_is_shown_again(office: Office, alice: Browser) -> None:
    dry_run(alice, order())
    office.valley.extend(ANSWERABLE, to="2024-04-30")
    before = rows(office)
    said = carry_out(alice, order(), status=409)
    assert "vừa thay đổi" in said
    assert "30/04/2024" in said
    assert rows(office) == before
    carry_out(alice, order())
    assert office.valley.occurrence(ANSWERABLE).state is State.TRANSFERRED


def test_the_button_pressed_twice_moves_once(office: Office, alice: Browser) -> None:
    dry_run(alice, order())
    page = alice.last
    carry_out(alice, order())
    after = rows(office)
    alice.last = page
    carry_out(alice, order(), status=400)
    assert rows(office) == after


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"van-ban": " "}, "văn bản làm căn cứ"),
        ({"ke-thua": ""}, "Chọn cơ quan kế thừa"),
        ({"ke-thua": "Sở Không Có"}, "Không có cơ quan"),
        ({"ke-thua": "Sở Tài chính"}, "không thể kế thừa"),
        ({"ngay": "31/02/2024"}, "không phải ngày"),
        ({"viec": []}, "Chọn ít nhất một nhiệm vụ"),
        ({"viec": [f"{INTERIOR}/{PLAN}/ke-hoach"]}, "Chọn ít nhất một nhiệm vụ"),
        ({"van-ban": "x" * 290}, "dài quá"),
    ],
)
def test_a_wrong_order_is_refused_and_what_was_typed_is_kept(
    office: Office, alice: Browser, typed: dict[str, Any], said: str
) -> None:
    before = rows(office)
    page = dry_run(alice, order(**typed), status=400)
    assert said in page
    if "van-ban" not in typed:
        assert 'value="12/NQ-HĐND"' in page
    assert rows(office) == before


def test_nobody_else_replaces_bodies(office: Office) -> None:
    sam = office.browser("sam")
    sam.get(f"{AT}?cu={FINANCE}", status=404)
    sam.post(AT, order(), status=404)
    sam.post("/co-quan/them", {"cu": [FINANCE], "ten": "Sở X", "don-vi": "thung-lung"}, status=404)
    office.browser("alice").get(f"{AT}?cu={FINANCE}&cu=khong.co", status=404)
    for login in ("henry", "otto", "ada", "finn"):
        office.browser(login).get(f"{AT}?cu={FINANCE}", status=403)
        office.browser(login).post(AT, order(), status=403)


def test_the_end_of_a_body_that_others_follow_too_is_not_one_offices_word(office: Office, alice: Browser) -> None:
    foreign_plan(office)
    page = dry_run(alice, order(ngay="13/03/2024"), status=400)
    assert "đơn vị theo dõi khác" in page

    said = dry_run(alice, order())
    assert "Chuyển 1 kỳ" in said
    carry_out(alice, order())
    assert office.valley.occurrence("noi-khac/ke-hoach/so-tai-chinh/once").state is State.OPEN


def foreign_plan(office: Office) -> None:
    """A plan of Công an Nơi Khác that orders something of the valley's Sở Tài chính."""
    text = (
        plan_text()
        .decode()
        .replace("plan: thung-lung", "plan: noi-khac")
        .replace("lead: {agency: cong-an,", "lead: {agency: noi-khac.cong-an,")
    )
    text = text.replace("recipients: [{agency: cong-an}]", "recipients: [{agency: noi-khac.cong-an}]")
    with writing(office.valley.engine) as c:
        intake.add_plan(c, text.encode(), file="x.yaml", now=office.valley.now, actor="sam")
        intake.activate(c, "noi-khac", now=office.valley.now, actor="sam")


def test_a_successor_that_nobody_knew_is_added(office: Office, alice: Browser) -> None:
    alice.get(f"{AT}?cu={FINANCE}")
    form = {"cu": [FINANCE], "ten": "Sở Tài chính và Nội vụ", "don-vi": "thung-lung", "tu": "01/03/2024"}
    page = text_of(alice.post("/co-quan/them", form).text)
    assert 'value="Sở Tài chính và Nội vụ"' in page
    with reading(office.valley.engine) as c:
        body = load_register(c)["thung-lung.so-tai-chinh-va-noi-vu"]
    assert (body.name, str(body.start)) == ("Sở Tài chính và Nội vụ", "2024-03-01")
    assert office.valley.events("agency_added")[-1].actor == "alice"
    assert "đã có cơ quan tên" in text_of(alice.post("/co-quan/them", form, status=400).text)
    for wrong in ({"ten": ""}, {"don-vi": "noi-khac"}, {"tu": "hôm qua"}):
        alice.post("/co-quan/them", {**form, "ten": "Sở Khác", **wrong}, status=400)


def lead_order(**changed: Any) -> dict[str, Any]:
    form = {"cu": [LEAD], "ke-thua": "so moi", "van-ban": "12/QĐ", "ngay": "", "viec": [], "ke-hoach": [PLAN]}
    return {**form, "tu-ngay": "", "buoc": "xem", **changed}


def lead_of(office: Office) -> str:
    with reading(office.valley.engine) as c:
        return load_plan(c, PLAN).lead


def test_a_lead_unit_hands_its_plans_over_after_a_dry_run(office: Office, alice: Browser) -> None:
    page = text_of(alice.get(f"{AT}?cu={LEAD}").text)
    assert "Kế hoạch cơ quan này đang theo dõi" in page
    assert f'name="ke-hoach" id="kh-{PLAN}" value="{PLAN}" checked' in page
    before = rows(office)
    said = dry_run(alice, lead_order())
    assert "Kế hoạch 05/KH-UBND: Sở Mới theo dõi, đôn đốc từ ngày 11/03/2024, thay Công an Thung Lũng." in said
    assert "5 cơ quan được báo lại" in said
    assert rows(office) == before
    assert lead_of(office) == LEAD
    assert f"Đã giao theo dõi kế hoạch {PLAN}." in carry_out(alice, lead_order())
    assert lead_of(office) == HEIR
    alice.get(f"/ke-hoach/{PLAN}", status=404)
    [event] = office.valley.events("lead_changed")
    assert (event.actor, event.data["document"]) == ("alice", "12/QĐ")


def test_the_people_of_the_new_unit_have_the_rights_from_that_day_on(office: Office, alice: Browser) -> None:
    sam = office.browser("sam")
    sam.get(f"/ke-hoach/{PLAN}", status=404)
    with writing(office.valley.engine) as c:
        foreign = load_register(c)[FOREIGN]
        hand_lead(
            c, PLAN, foreign, since=date(2024, 3, 11), document="12/QĐ ngày 01/3", now=office.valley.now, actor="ops"
        )
    page = text_of(sam.get(f"/ke-hoach/{PLAN}").text)
    assert "Từ ngày 11/03/2024 thay Công an Thung Lũng, căn cứ 12/QĐ ngày 01/3" in page
    assert "Thay đơn vị theo dõi: Công an Thung Lũng → Công an Nơi Khác" in page
    alice.get(f"/ke-hoach/{PLAN}", status=404)
    alice.get(f"/ky/{ANSWERABLE}", status=404)
    sam.get(f"/ky/{ANSWERABLE}")


def test_the_new_unit_changes_the_plan_whose_text_names_the_old_one(office: Office) -> None:
    with writing(office.valley.engine) as c:
        foreign = load_register(c)[FOREIGN]
        hand_lead(c, PLAN, foreign, since=date(2024, 3, 11), document="1", now=office.valley.now, actor="ops")
    sam = office.browser("sam")
    sam.get(f"/ke-hoach/{PLAN}")
    review = text_of(sam.post(f"/ke-hoach/{PLAN}/sua").text)
    assert "Không đổi được đơn vị theo dõi" not in review
    moved = plan_text().replace(b"2024-03-16", b"2024-03-30")
    uploaded = sam.post("/ke-hoach/soan/tep", files={"tep": ("kh.yaml", moved, "text/yaml")})
    draft = re.search(r"/ke-hoach/soan/([0-9]+)", str(uploaded.url))
    assert draft
    sam.post(f"/ke-hoach/soan/{draft[1]}/ghi", {"phien-ban": "1", "lan": "1"})
    assert office.valley.occurrence(ANSWERABLE).due == date(2024, 3, 30)
    assert lead_of(office) == FOREIGN


def test_a_hand_over_on_a_day_ahead_is_shown_and_can_be_withdrawn(office: Office, alice: Browser) -> None:
    assert "đến ngày 01/04/2024, Sở Mới theo dõi" in dry_run(alice, lead_order(**{"tu-ngay": "01/04/2024"}))
    carry_out(alice, lead_order(**{"tu-ngay": "01/04/2024"}))
    assert lead_of(office) == LEAD
    assert "Sở Mới từ ngày 01/04/2024" in text_of(alice.get(f"{AT}?cu={LEAD}").text)
    assert "sẽ do Sở Mới theo dõi, căn cứ 12/QĐ" in text_of(alice.get(f"/ke-hoach/{PLAN}").text)
    assert "Đã hủy việc giao" in text_of(alice.post(f"/ke-hoach/{PLAN}/huy-thay-don-vi").text)
    office.valley.advance("2024-04-01 07:30")
    assert lead_of(office) == LEAD


def test_after_its_last_day_the_successor_follows_at_once(office: Office, alice: Browser) -> None:
    form = lead_order(ngay="31/03/2024")
    assert "đến ngày 01/04/2024, Sở Mới theo dõi" in dry_run(alice, form)
    gap = dry_run(alice, lead_order(ngay="31/03/2024", **{"tu-ngay": "02/04/2024"}), status=400)
    assert "giữa hai ngày không để trống" in gap


def test_no_other_unit_s_plan_is_handed_over(office: Office, alice: Browser) -> None:
    foreign_plan(office)
    dry_run(alice, lead_order(**{"ke-hoach": [PLAN, "noi-khac"]}))
    carry_out(alice, lead_order(**{"ke-hoach": [PLAN, "noi-khac"]}))
    with reading(office.valley.engine) as c:
        assert load_plan(c, "noi-khac").lead == FOREIGN


def test_a_lead_needs_a_successor_and_a_document(office: Office, alice: Browser) -> None:
    assert "Chọn đơn vị kế thừa" in dry_run(alice, lead_order(**{"ke-thua": ""}), status=400)
    assert "Ghi số, ngày văn bản" in dry_run(alice, lead_order(**{"van-ban": ""}), status=400)


def test_a_script_in_every_text_is_only_text(office: Office, alice: Browser) -> None:
    for name in ("ke-thua", "van-ban", "ngay"):
        alice.get(f"{AT}?cu={FINANCE}")
        answer = alice.client.post(AT, data={"csrf": alice.csrf(), **order(**{name: SCRIPT})})
        assert answer.status_code in (200, 400)
        assert SCRIPT not in answer.text
    assert SCRIPT not in alice.get(AT, params={"cu": FINANCE, "ke-thua": SCRIPT}).text


def test_the_number_of_queries_of_the_form_does_not_grow(office: Office, alice: Browser) -> None:
    path = f"{AT}?cu={FINANCE}"
    alice.get(path)
    with counting(office.valley.engine) as few:
        alice.get(path)
    copies(office, 40)
    with counting(office.valley.engine) as many:
        alice.get(path)
    assert len(many) == len(few)
