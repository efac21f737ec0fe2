"""Letters from the register: who is late on a day, to whom each kind goes, what the officer may change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.letters import beginning, drafting
from app.letters.choices import Choices, Signer
from app.letters.documents import kind_of, plan_document
from app.letters.drafting import Known
from app.letters.frozen import freeze, thaw
from app.letters.gathering import NothingOwed, NothingToAssign
from letters.model import Authority, Behalf, Letter, Signature, Urgency
from letters.model import LetterKind as PrintedKind
from plans.model import PartialDate, Relation
from plans.text import use_language
from tasks import intake
from tasks.agencies import load_plan
from tasks.database import reading, writing
from tasks.errors import BadInput
from tasks.letter_model import LetterKind, LetterUnknown
from tasks.letter_store import occurrences_of_letter
from tests.letterhead import give_number, letterhead, printed, stored, text_of, urge, write
from tests.support import ANSWERABLE, FINANCE, FRONT, HEIR, LEAD, PLAN, PLAN_DUTIES, Valley, at, plan_text

INTERIOR_OWES = f"{PLAN}/ke-hoach/so-noi-vu/once"
HEIR_OWES = f"{PLAN}/ke-hoach/so-moi/once"
DUTIES = (
    PLAN_DUTIES.replace("gia-dinh]", "gia-dinh, so-moi]")
    + """\
  - id: bao-cao
    title: Báo cáo tháng
    section: IV.2
    responsible: [so-tai-chinh, cong-an]
    due:
      kind: monthly
      day: 10
      boundary: before
      quote: "trước ngày 10 hằng tháng"
      window: {from: {day: 1, months_before: 1}, to: {day: last, months_before: 1}}
    recipients: [{agency: cong-an}, {agency: so-moi, role: via}]
"""
)
THREAT = 'consequence: {section: V.2, quote: "cơ quan gửi chậm bị phê bình"}\n'


@pytest.fixture
def late(valley: Valley) -> Valley:
    """Monday 25/03/2024: nobody has sent the plan of 16/3."""
    valley.follow(text=plan_text(DUTIES)).advance("2024-03-25 08:00")
    return letterhead(valley)


def known(valley: Valley) -> Known:
    return Known(on=valley.now.date(), now=valley.now, actor="test")


def save(valley: Valley, letter_id: int, *, chosen: list[str] | None = None, **changes: object) -> Letter:
    with reading(valley.engine) as c:
        choices = replace(drafting.typed_choices(c, letter_id), **changes)  # type: ignore[arg-type]
    revision = stored(valley, letter_id).revision
    write(
        valley,
        lambda c: drafting.save(c, letter_id, choices, chosen=chosen, revision=revision, now=valley.now, actor="test"),
    )
    return printed(valley, letter_id)


def test_the_kinds_of_the_register_are_those_that_can_be_printed() -> None:
    assert [each.value for each in LetterKind] == [each.value for each in PrintedKind]


# -- đôn đốc --


def test_one_letter_goes_to_each_relation_and_one_to_each_body_that_is_only_requested(late: Valley) -> None:
    made = urge(late, everybody=True)
    assert [each.relation for each in made] == [Relation.SUBORDINATE, Relation.PEER, Relation.REQUESTED]
    subordinate, peer, requested = (printed(late, each.id) for each in made)
    assert subordinate.addressees == ("Công an cấp xã", "Sở Nội vụ")
    assert peer.addressees == ("Sở Mới", "Sở Tài chính")
    assert requested.addressees == ("Ủy ban MTTQ Việt Nam Thung Lũng",)
    assert "yêu cầu" in text_of(subordinate)
    assert "yêu cầu" not in text_of(peer)
    for other in ("Sở Tài chính", "đôn đốc", "yêu cầu", "lần"):
        assert other not in text_of(requested)
    assert "Gia đình" not in text_of(peer), "a family is never written to"


def test_it_says_who_is_late_by_the_end_of_that_day(late: Valley) -> None:
    late.record(HEIR_OWES, received="2024-03-20", number="3/BC")
    peer = printed(late, urge(late, everybody=True)[1].id)
    assert "chưa nhận được Kế hoạch triển khai của quý cơ quan, địa phương (gửi chậm nhất ngày 15/03/2024)" in (
        text_of(peer)
    )
    earlier = printed(late, urge(late, everybody=True, on="2024-03-19")[1].id)
    assert "Đến hết ngày 19/03/2024, Công an Thung Lũng đã nhận Kế hoạch triển khai của 00/02" in text_of(earlier)
    assert earlier.annexes[0].table.rows[0][1:] == ("Sở Mới", "Kế hoạch triển khai", "15/03/2024", "01")


@pytest.mark.parametrize("on", ["2024-03-18", "2024-03-15"])
def test_on_the_last_on_time_day_nobody_is_late(late: Valley, on: str) -> None:
    with pytest.raises(NothingOwed):
        urge(late, on=on)


def test_whoever_says_that_it_has_sent_is_left_out_and_may_be_put_back(late: Valley) -> None:
    late.claim(HEIR_OWES)
    draft = urge(late, everybody=True)[1]
    assert printed(late, draft.id).addressees == ("Sở Tài chính",)
    both = save(late, draft.id, chosen=[ANSWERABLE, HEIR_OWES])
    assert both.addressees == ("Sở Mới", "Sở Tài chính")
    assert [row[1] for row in both.annexes[0].table.rows] == ["Sở Mới", "Sở Tài chính"]
    assert both.annexes[0].table.rows[0][-1] == "Báo đã gửi, chờ đối chiếu"


def test_a_body_that_has_sent_meanwhile_leaves_the_draft_when_it_is_saved(late: Valley) -> None:
    draft = urge(late, everybody=True)[1]
    late.record(HEIR_OWES, received="2024-03-25", number="3/BC")
    with reading(late.engine) as c:
        assert drafting.stale(c, stored(late, draft.id)) == "Sổ hoặc phần đầu văn bản đã đổi từ khi lưu dự thảo này."
    assert save(late, draft.id).addressees == ("Sở Tài chính",)
    with reading(late.engine) as c:
        assert occurrences_of_letter(c, draft.id) == (ANSWERABLE,)
        assert drafting.stale(c, stored(late, draft.id)) == ""
    late.record(ANSWERABLE, received="2024-03-25", number="4/BC")
    with pytest.raises(NothingOwed, match="không ai quá hạn"):
        save(late, draft.id)


def test_the_second_letter_names_the_first(late: Valley) -> None:
    [first] = urge(late)
    give_number(late, first.id, "41")
    second = printed(late, urge(late)[0].id)
    assert second.abstract == "đôn đốc gửi Kế hoạch triển khai theo Kế hoạch số 05/KH-UBND (lần 2)"
    assert "đã có văn bản đôn đốc: Công văn số 41/CATL-PC10 ngày 25 tháng 3 năm 2024." in text_of(second)


def test_an_ended_body_is_not_written_to(late: Valley) -> None:
    late.end_body(HEIR, "2024-03-20")
    assert printed(late, urge(late, everybody=True)[1].id).addressees == ("Sở Tài chính",)


def test_criticism_stands_only_where_the_plan_threatens_it_whatever_is_typed(valley: Valley) -> None:
    valley.follow().advance("2024-03-25 08:00")
    [draft] = urge(letterhead(valley))
    assert "phê bình" not in text_of(printed(valley, draft.id))
    with pytest.raises(BadInput, match="Kế hoạch không nêu phê bình"):
        save(valley, draft.id, body=("Sẽ bị phê bình.",))


def test_the_plans_own_threat_is_quoted_but_not_to_a_requested_body(valley: Valley) -> None:
    valley.follow(text=plan_text(head=THREAT)).advance("2024-03-25 08:00")
    letterhead(valley)
    peer, requested = urge(valley)[0], urge(valley, f"{PLAN}/ke-hoach/mat-tran/once")[0]
    assert "phê bình theo mục V.2 Kế hoạch số 05/KH-UBND (“cơ quan gửi chậm bị phê bình”)" in (
        text_of(printed(valley, peer.id))
    )
    assert "phê bình" not in text_of(printed(valley, requested.id))
    for word in ("phê bình", "đôn đốc", "yêu cầu"):
        with pytest.raises(BadInput):
            save(valley, requested.id, body=(f"Chúng tôi {word}.",))


def test_what_the_unit_owes_itself_gets_no_letter(late: Valley) -> None:
    own = f"{PLAN}/bao-cao/cong-an/2024-03"
    with pytest.raises(NothingOwed):
        urge(late, own)
    with pytest.raises(BadInput, match="tự thực hiện"):
        write(late, lambda c: beginning.begin_extension(c, own, **known(late)))
    with pytest.raises(NothingToAssign):
        write(late, lambda c: beginning.begin_assigning(c, PLAN, agency_id=LEAD, **known(late)))


# -- giao việc --


def test_assigning_letters_hold_each_bodys_duties_with_the_nearest_day(late: Valley) -> None:
    made = write(late, lambda c: beginning.begin_assigning(c, PLAN, **known(late)))
    assert [(each.relation, each.agency_id) for each in made] == [
        (Relation.SUBORDINATE, None),
        (Relation.PEER, None),
        (Relation.REQUESTED, FRONT),
    ]
    peer = printed(late, made[1].id)
    assert peer.annexes[0].table.rows == (
        ("01", "Kế hoạch triển khai", "Sở Mới; Sở Tài chính", "IV.1", "trước ngày 16/3/2024", "15/03/2024", "",
         "Công an Thung Lũng"),
        ("02", "Báo cáo tháng", "Sở Tài chính", "IV.2", "trước ngày 10 hằng tháng", "09/04/2024",
         "01/03/2024 - 31/03/2024", "Công an Thung Lũng (qua Sở Mới)"),
    )  # fmt: skip
    alone = write(late, lambda c: beginning.begin_assigning_to(c, ANSWERABLE, **known(late)))
    assert [each.agency_id for each in alone] == [FINANCE]
    assert printed(late, alone[0].id).addressees == ("Sở Tài chính",)
    assert len(printed(late, alone[0].id).annexes[0].table.heads) == 7, "no column for one body"


# -- báo cáo, gia hạn, đính chính --


def test_a_report_counts_each_product_and_goes_to_the_superior(late: Valley) -> None:
    [urging] = urge(late)
    give_number(late, urging.id, "41")
    report = write(late, lambda c: beginning.begin_report(c, PLAN, **known(late)))
    letter = printed(late, report.id)
    text = text_of(letter)
    assert letter.symbol == "BC-CATL-PC10"
    assert letter.addressees == ("UBND Thung Lũng",)
    assert "2. Báo cáo tháng 03/2024 (mục IV.2, trước ngày 10 hằng tháng): đã nhận của 00/01" in text
    assert "3. Kế hoạch triển khai (mục IV.1, trước ngày 16/3/2024): đã nhận của 00/05" in text
    assert "Công văn số 41/CATL-PC10" in text
    assert "Gia đình" not in text
    assert give_number(late, report.id, "41").reference == "41/BC-CATL-PC10", "reports are numbered apart"
    typed = save(late, write(late, lambda c: beginning.begin_report(c, PLAN, **known(late))).id, proposals=("Một ý.",))
    assert "Một ý." in text_of(typed)


def test_an_extension_says_what_the_register_holds(late: Valley) -> None:
    kept = write(late, lambda c: beginning.begin_extension(c, ANSWERABLE, **known(late)))
    assert "thời hạn hiện nay (trước ngày 16/3/2024) không thay đổi" in text_of(printed(late, kept.id))
    late.extend(ANSWERABLE, to="2024-04-10")
    letter = save(late, kept.id, asked_number="77/STC-NS", asked_on=date(2024, 3, 20), reason="Chờ số liệu")
    text = text_of(letter)
    assert "Công văn số 77/STC-NS ngày 20 tháng 3 năm 2024 của Sở Tài chính" in text
    assert "Theo Công văn số 77/UBND của Ủy ban nhân dân Thung Lũng" in text
    assert "đến hết ngày 10/04/2024" in text
    assert "Lý do: Chờ số liệu." in text


def test_a_correction_names_the_letter_and_waits_for_what_is_right(late: Valley) -> None:
    [wrong] = urge(late)
    with pytest.raises(BadInput, match="chưa có số"):
        write(late, lambda c: beginning.begin_correction(c, wrong.id, **known(late)))
    give_number(late, wrong.id, "41")
    draft = write(late, lambda c: beginning.begin_correction(c, wrong.id, **known(late)))
    assert (draft.corrects, printed(late, draft.id).addressees) == (wrong.id, ("Sở Tài chính",))
    with pytest.raises(BadInput, match="nội dung đúng"):
        give_number(late, draft.id, "42")
    text = text_of(save(late, draft.id, said="chưa nhận", right="đã nhận ngày 15/03/2024"))
    assert "Tại Công văn số 41/CATL-PC10 ngày 25 tháng 3 năm 2024, Công an Thung Lũng đã nêu: chưa nhận." in text
    assert "Qua đối chiếu: đã nhận ngày 15/03/2024." in text
    assert give_number(late, draft.id, "42").reference == "42/CATL-PC10"


# -- what the officer chooses --


def test_copies_signer_urgency_and_own_words_are_printed(late: Valley) -> None:
    [draft] = urge(late)
    letter = save(
        late,
        draft.id,
        copies=("UBND Thung Lũng (để báo cáo)",),
        urgency=Urgency.URGENT,
        signer=Signer("Trưởng phòng", "Người Khác", "TL. Giám đốc"),
        resend_by=date(2024, 4, 3),
        addressees=("Sở Tài chính (Văn phòng)",),
        abstract="đôn đốc riêng",
        body=("I. Một phần", "Lời của cán bộ."),
    )
    assert letter.recipients == ("Như trên", "UBND Thung Lũng (để báo cáo)", "Lưu: VT, PC10")
    assert letter.signature == Signature("Trưởng phòng", "Người Khác", (Behalf(Authority.BY_ORDER, "Giám đốc"),))
    assert (letter.urgency, letter.addressees) == (Urgency.URGENT, ("Sở Tài chính (Văn phòng)",))
    assert (letter.abstract, [each.text for each in letter.body]) == (
        "đôn đốc riêng",
        ["I. Một phần", "Lời của cán bộ."],
    )
    assert [each.form.value for each in letter.body] == ["part", "text"]
    again = save(late, draft.id, abstract="", body=())
    assert "gửi Kế hoạch triển khai chậm nhất ngày 03/04/2024" in text_of(again)


def test_figures_of_a_day_that_is_to_come_are_refused(late: Valley) -> None:
    [draft] = urge(late)
    with pytest.raises(BadInput, match="phía trước"):
        save(late, draft.id, on=date(2024, 3, 26))


def test_letters_are_vietnamese_whatever_the_screen_is(late: Valley) -> None:
    use_language("en")
    try:
        [draft] = urge(late)
        assert printed(late, draft.id).abstract == "đôn đốc gửi Kế hoạch triển khai theo Kế hoạch số 05/KH-UBND"
    finally:
        use_language("vi")


def test_a_letter_about_a_plan_that_may_still_be_thrown_away_is_not_numbered(valley: Valley) -> None:
    valley.now = at("2024-03-25 08:00")
    with writing(valley.engine) as c:
        intake.add_plan(c, plan_text(), file="kh.yaml", now=valley.now, actor="test")
    letterhead(valley)
    draft = write(valley, lambda c: beginning.begin_assigning(c, PLAN, **known(valley)))[0]
    with pytest.raises(BadInput, match="bắt đầu theo dõi rồi mới ghi số"):
        give_number(valley, draft.id, "41")
    write(valley, lambda c: intake.delete_plan(c, PLAN))
    with pytest.raises(LetterUnknown):
        stored(valley, draft.id)


def test_the_sample_stays_the_sample(late: Valley) -> None:
    assert not stored(late, urge(late)[0].id).sample
    with pytest.raises(LetterUnknown):
        stored(late, 999)


# -- documents, frozen values --


@pytest.mark.parametrize(
    ("number", "kind"),
    [("860/KH-UBND", "Kế hoạch"), ("2316/QĐ-UBND", "Quyết định"), ("12/UBND-NC", "Công văn"), (None, "Công văn")],
)
def test_a_document_is_called_by_the_kind_in_its_number(number: str | None, kind: str) -> None:
    assert kind_of(number, "Công văn") == kind


def test_a_plan_that_came_with_a_decision_says_so(late: Valley) -> None:
    with reading(late.engine) as c:
        plan = load_plan(c, PLAN)
    title = "Kế hoạch mẫu về hỗ trợ người trở về cộng đồng"
    found = plan_document(replace(plan, number="2316/QĐ-UBND", title=title))
    assert found.brief == "Kế hoạch ban hành kèm theo Quyết định số 2316/QĐ-UBND"
    assert found.abstract == "về hỗ trợ người trở về cộng đồng"
    assert plan_document(replace(plan, title="Triển khai Đề án")).abstract == "triển khai Đề án"
    assert plan_document(replace(plan, number=None)).brief == "Kế hoạch"


def test_a_letter_comes_back_from_json_as_it_was(late: Valley) -> None:
    for draft in urge(late, everybody=True):
        letter = replace(printed(late, draft.id), number="41", date=PartialDate(2024, 3), urgency=Urgency.FLASH)
        assert thaw(Letter, freeze(letter)) == letter
    choices = Choices(date(2024, 3, 25), signer=Signer("Trưởng phòng"), body=("Một", "hai"))
    assert thaw(Choices, freeze(choices)) == choices
    assert thaw(Choices, {"on": "2024-03-25", "gone": 1}) == Choices(date(2024, 3, 25))
    with pytest.raises((TypeError, ValueError)):
        thaw(Choices, {"on": 5})
