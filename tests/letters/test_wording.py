from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from letters.facts import Assigning, Document, Extending, Late, Reporting, Urging
from letters.model import Form, LetterKind
from letters.phrases import Wording
from letters.wording import letter, wording
from plans.model import Consequence, PartialDate, Relation
from tests.letters.sample import ADDRESSEES, CRITICISM, FACTS, LATE, LOANS, MONTHLY, OFFICE, PLAN, STATE

ORDERED = (Relation.SUBORDINATE, Relation.PEER)


def said(words: Wording) -> str:
    cells = [cell for annex in words.annexes for row in annex.table.rows for cell in row]
    return "\n".join([words.abstract, *(each.text for each in words.body), *cells])


def urging(**changes: object) -> Urging:
    facts = FACTS[LetterKind.URGING]
    assert isinstance(facts, Urging)
    return replace(facts, **changes)  # type: ignore[arg-type]


def reporting(**changes: object) -> Reporting:
    facts = FACTS[LetterKind.REPORT]
    assert isinstance(facts, Reporting)
    return replace(facts, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("kind", LetterKind)
def test_no_field_of_a_text_stays_open_and_nothing_is_said_twice(kind: LetterKind, relation: Relation) -> None:
    words = wording(FACTS[kind], OFFICE, relation)
    text = said(words)
    assert words.kind is kind
    assert not set("{}") & set(text)
    assert "None" not in text
    assert "  " not in text
    assert ".." not in text
    assert len({each.text for each in words.body}) == len(words.body) >= 3


@pytest.mark.parametrize("kind", [kind for kind in LetterKind if kind is not LetterKind.REPORT])
def test_a_requested_body_is_never_ordered_pressed_or_threatened(kind: LetterKind) -> None:
    facts = urging(consequence=CRITICISM) if kind is LetterKind.URGING else FACTS[kind]
    text = said(wording(facts, OFFICE, Relation.REQUESTED)).lower()
    for word in ("yêu cầu", "đôn đốc", "phê bình", "lần 2", "giao nhiệm vụ", "quá hạn", "khẩn trương"):
        assert word not in text


def test_a_requested_body_does_not_learn_who_else_is_late() -> None:
    words = wording(urging(), OFFICE, Relation.REQUESTED)
    assert words.annexes == ()
    assert not any(late.name in said(words) for late in LATE)


def test_only_a_subordinate_is_told_that_something_is_required() -> None:
    for kind in (LetterKind.ASSIGNING, LetterKind.URGING, LetterKind.EXTENSION):
        assert "yêu cầu" in said(wording(FACTS[kind], OFFICE, Relation.SUBORDINATE)).lower()
        assert "yêu cầu" not in said(wording(FACTS[kind], OFFICE, Relation.PEER)).lower()
        assert "đề nghị" in said(wording(FACTS[kind], OFFICE, Relation.PEER)).lower()


@pytest.mark.parametrize("relation", ORDERED)
def test_criticism_stands_only_where_the_plan_threatens_it_with_its_clause_and_words(relation: Relation) -> None:
    assert "phê bình" not in said(wording(urging(), OFFICE, relation))
    reminded = Consequence("V.3", "kết quả gửi báo cáo là căn cứ xét thi đua")
    mild = said(wording(urging(consequence=reminded), OFFICE, relation))
    assert "phê bình" not in mild
    assert "theo mục V.3 Kế hoạch số 00/KH-UBND (“kết quả gửi báo cáo là căn cứ xét thi đua”)" in mild
    hard = said(wording(urging(consequence=CRITICISM), OFFICE, relation))
    assert "xem xét, phê bình theo mục V.2 Kế hoạch số 00/KH-UBND (“cơ quan, địa phương gửi báo cáo chậm" in hard


def test_a_report_asks_for_criticism_of_those_who_were_ordered_only() -> None:
    assert "phê bình" not in said(wording(reporting(), OFFICE, Relation.PEER))
    hard = said(wording(reporting(consequence=CRITICISM), OFFICE, Relation.PEER))
    assert "xem xét, phê bình các cơ quan, đơn vị quá hạn theo mục V.2" in hard
    assert "trừ các cơ quan" not in hard
    mixed = replace(STATE, late=(LATE[0], replace(LATE[1], relation=Relation.REQUESTED)))
    text = said(wording(reporting(consequence=CRITICISM, states=((MONTHLY, mixed),)), OFFICE, Relation.PEER))
    assert "trừ các cơ quan được đề nghị phối hợp" in text
    asked = replace(STATE, late=tuple(replace(late, relation=Relation.REQUESTED) for late in LATE))
    facts = reporting(consequence=CRITICISM, states=((MONTHLY, asked),))
    assert "phê bình" not in said(wording(facts, OFFICE, Relation.PEER))


def test_the_first_urging_letter_has_no_turn_and_the_third_says_so_by_relation() -> None:
    assert "lần" not in wording(urging(turn=1), OFFICE, Relation.PEER).abstract
    third = urging(turn=3)
    assert wording(third, OFFICE, Relation.SUBORDINATE).abstract == (
        "đôn đốc (lần 3) gửi Báo cáo tháng 10/2026 theo Kế hoạch số 00/KH-UBND"
    )
    assert wording(third, OFFICE, Relation.PEER).abstract == (
        "đôn đốc gửi Báo cáo tháng 10/2026 theo Kế hoạch số 00/KH-UBND (lần 3)"
    )


@pytest.mark.parametrize("relation", ORDERED)
def test_a_letter_to_one_body_speaks_to_it_and_names_no_other(relation: Relation) -> None:
    alone = wording(urging(state=replace(STATE, late=LATE[:1])), OFFICE, relation)
    assert alone.annexes == ()
    whom = {Relation.SUBORDINATE: "của đơn vị", Relation.PEER: "của quý cơ quan, địa phương"}[relation]
    assert f"chưa nhận được Báo cáo tháng 10/2026 {whom} (gửi chậm nhất ngày 08/11/2026)" in said(alone)
    for word in ("các cơ quan", "các đơn vị", "Phụ lục", "04/07"):
        assert word not in said(alone)


def test_where_some_of_the_late_are_left_out_nobody_is_counted() -> None:
    some = said(wording(urging(whole=False), OFFICE, Relation.PEER))
    assert "chưa nhận được Báo cáo tháng 10/2026 của 03 cơ quan, đơn vị (danh sách tại Phụ lục kèm theo)" in some
    assert "04/07" not in some


def test_a_document_is_quoted_in_full_first_and_by_its_number_then() -> None:
    assert PLAN.full == (
        "Kế hoạch số 00/KH-UBND ngày 20 tháng 9 năm 2026 của Ủy ban nhân dân tỉnh Mẫu về hỗ trợ người trở về cộng đồng"
    )
    assert PLAN.brief == "Kế hoạch số 00/KH-UBND"
    words = wording(urging(), OFFICE, Relation.PEER)
    assert PLAN.full in words.body[0].text
    assert not any(PLAN.full in each.text for each in words.body[1:])


@pytest.mark.parametrize(
    ("issued", "full"),
    [
        (PartialDate(2023), "Kế hoạch năm 2023 của UBND"),
        (PartialDate(2023, 8), "Kế hoạch tháng 8 năm 2023 của UBND"),
        (PartialDate(2023, 8, 1), "Kế hoạch ngày 01 tháng 8 năm 2023 của UBND"),
        (None, "Kế hoạch của UBND"),
    ],
)
def test_a_date_of_which_a_part_is_blank_is_quoted_as_far_as_it_is_known(issued: PartialDate | None, full: str) -> None:
    assert Document("Kế hoạch", None, issued, "UBND").full == full


def test_the_basis_names_the_words_of_the_plan_and_the_days_of_the_figures() -> None:
    basis = wording(urging(), OFFICE, Relation.PEER).body[0].text
    assert "Báo cáo tháng 10/2026 được gửi về Công an tỉnh Mẫu trước ngày 09 hằng tháng." in basis
    assert "Số liệu tính từ ngày 01/10/2026 đến ngày 31/10/2026." in basis


def test_the_annex_of_late_agencies_counts_days_and_has_notes_where_there_are_some() -> None:
    (annex,) = wording(urging(), OFFICE, Relation.PEER).annexes
    assert annex.table.rows[1] == ("02", "UBND xã Đồng Mây", "Báo cáo tháng 10/2026", "08/11/2026", "13", "")
    bare = replace(STATE, late=(Late("Sở Nội vụ", "Báo cáo", date(2026, 11, 8), 3), LATE[0]))
    (annex,) = wording(urging(state=bare), OFFICE, Relation.PEER).annexes
    assert [head.text for head in annex.table.heads][-1] == "Số ngày quá hạn"
    assert annex.table.rows[0] == ("01", "Sở Nội vụ", "Báo cáo", "08/11/2026", "03")


def test_the_annex_of_duties_lies_on_its_side_and_names_bodies_where_several_share_it() -> None:
    (annex,) = wording(FACTS[LetterKind.ASSIGNING], OFFICE, Relation.PEER).annexes
    assert annex.table.wide
    assert "Cơ quan, đơn vị" not in [head.text for head in annex.table.heads]
    assert annex.table.rows[3] == ("04", "Tuyên truyền, phổ biến chính sách", "III.2", "thường xuyên", "-", "", "")
    shared = Assigning(PLAN, "IV.2", (replace(MONTHLY, bodies=("Sở Nội vụ", "Sở Tư pháp")),))
    (annex,) = wording(shared, OFFICE, Relation.PEER).annexes
    assert annex.table.rows[0][2] == "Sở Nội vụ; Sở Tư pháp"


def test_the_report_has_its_parts_and_goes_to_the_superior() -> None:
    made = letter(reporting(), OFFICE, Relation.PEER)
    assert [each.text for each in made.body if each.form is Form.PART] == [
        "I. Tình hình thực hiện",
        "II. Công tác đôn đốc",
        "III. Đề xuất, kiến nghị",
    ]
    assert made.addressees == ("UBND tỉnh Mẫu",)
    assert made.symbol == "BC-CAT-PC10"


def test_a_report_proposes_what_the_office_typed_and_nothing_where_nobody_is_late() -> None:
    typed = wording(reporting(proposals=("Đề nghị cho phép họp giao ban.",)), OFFICE, Relation.PEER)
    assert "Đề nghị cho phép họp giao ban." in said(typed)
    assert "chỉ đạo các cơ quan" not in said(typed)
    calm = wording(reporting(states=((MONTHLY, replace(STATE, received=7, late=())),)), OFFICE, Relation.PEER)
    assert calm.annexes == ()
    assert "Phụ lục" not in said(calm)


@pytest.mark.parametrize(
    ("relation", "kept"),
    [
        (Relation.SUBORDINATE, "Công an tỉnh Mẫu không gia hạn"),
        (Relation.PEER, "Công an tỉnh Mẫu đã chuyển đề nghị đến UBND tỉnh Mẫu"),
        (Relation.REQUESTED, "Công an tỉnh Mẫu đã tiếp nhận đề nghị của quý cơ quan"),
    ],
)
def test_a_deadline_that_stays_is_told_by_relation_with_its_reason(relation: Relation, kept: str) -> None:
    text = said(wording(Extending(PLAN, LOANS, reason="thời hạn do UBND tỉnh quy định."), OFFICE, relation))
    assert kept in text
    assert "Lý do: thời hạn do UBND tỉnh quy định." in text
    assert "được gia hạn" not in text


def test_an_extension_names_the_document_that_allows_it_and_the_new_day() -> None:
    text = said(wording(FACTS[LetterKind.EXTENSION], OFFICE, Relation.SUBORDINATE))
    assert "Theo Công văn số 900/UBND-NC ngày 20 tháng 11 năm 2026 của UBND tỉnh Mẫu, thời hạn" in text
    assert "được gia hạn đến hết ngày 04/12/2026" in text


def test_the_letter_bears_the_office_and_its_files() -> None:
    made = letter(urging(), OFFICE, Relation.PEER, addressees=ADDRESSEES[Relation.PEER], copies=("UBND tỉnh",))
    assert made.recipients == ("Như trên", "UBND tỉnh", "Lưu: VT, PC10")
    assert made.symbol == "CAT-PC10"
    assert made.draft
