from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from notifications.facts import Destination, Item, PlanCount
from notifications.lines import one_line, shortened
from notifications.openings import of_mine
from notifications.phrases import is_document, last_day_text, paper_name, thing, where_to
from notifications.wording import subject
from plans.model import Relation
from tasks.model import State
from tests.notifications.sheets import item, office_sheet, sheet

SUB, PEER, REQUESTED, SELF = Relation.SUBORDINATE, Relation.PEER, Relation.REQUESTED, Relation.SELF
WEEK_BEFORE, LAST_DAY, DAY_AFTER, OVERDUE = (
    date(2024, 12, 2),
    date(2024, 12, 9),
    date(2024, 12, 10),
    date(2024, 12, 11),
)
SATURDAY = {"due": date(2024, 6, 16), "last_day": date(2024, 6, 15), "late_after": date(2024, 6, 17)}


@pytest.mark.parametrize(
    ("today", "relation", "expected"),
    [
        (WEEK_BEFORE, SUB, "Nhắc việc, còn 07 ngày: Báo cáo năm 2024, gửi chậm nhất thứ Hai 09/12/2024"),
        (WEEK_BEFORE, PEER, "Nhắc thời hạn: đề nghị gửi Báo cáo năm 2024 chậm nhất thứ Hai 09/12/2024"),
        (WEEK_BEFORE, REQUESTED, "Trân trọng đề nghị gửi Báo cáo năm 2024 trước ngày 10/12/2024"),
        (WEEK_BEFORE, SELF, "Nhắc việc của đơn vị, còn 07 ngày: Báo cáo năm 2024, chậm nhất thứ Hai 09/12/2024"),
        (LAST_DAY, SUB, "Đến hạn hôm nay 09/12: Báo cáo năm 2024"),
        (LAST_DAY, PEER, "Hôm nay 09/12 đến hạn: đề nghị gửi Báo cáo năm 2024"),
        (LAST_DAY, REQUESTED, "Kính đề nghị quan tâm gửi Báo cáo năm 2024 trong ngày 09/12"),
        (LAST_DAY, SELF, "Đến hạn hôm nay 09/12: Báo cáo năm 2024 của đơn vị"),
        (DAY_AFTER, SUB, "Đã đến hạn 09/12: chưa nhận Báo cáo năm 2024"),
        (DAY_AFTER, PEER, "Đã đến hạn 09/12: đề nghị gửi Báo cáo năm 2024"),
        (DAY_AFTER, REQUESTED, "Kính đề nghị quan tâm gửi Báo cáo năm 2024"),
        (DAY_AFTER, SELF, "Đã đến hạn 09/12: Báo cáo năm 2024 của đơn vị"),
        (OVERDUE, SUB, "Quá hạn 01 ngày: chưa nhận Báo cáo năm 2024"),
        (OVERDUE, PEER, "Đến 11/12/2024 chưa nhận Báo cáo năm 2024; đề nghị gửi hoặc cho biết số, ngày đã gửi"),
        (OVERDUE, REQUESTED, "Chưa nhận Báo cáo năm 2024; kính đề nghị phối hợp"),
        (OVERDUE, SELF, "Quá hạn 01 ngày: Báo cáo năm 2024 của đơn vị"),
    ],
)
def test_subject_of_a_digest_follows_situation_and_relation(today: date, relation: Relation, expected: str) -> None:
    assert subject(sheet(today, item(today, relation))) == expected
    assert subject(sheet(today, item(today, relation), kind="press")) == expected


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        (SUB, "Hạn thứ Bảy 15/6; hôm nay là ngày làm việc cuối trước hạn: Báo cáo năm 2024"),
        (PEER, "Hạn thứ Bảy 15/6; hôm nay là ngày làm việc cuối trước hạn: đề nghị gửi Báo cáo năm 2024"),
        (
            REQUESTED,
            "Hạn thứ Bảy 15/6; hôm nay là ngày làm việc cuối trước hạn: trân trọng đề nghị gửi Báo cáo năm 2024",
        ),
        (SELF, "Hạn thứ Bảy 15/6; hôm nay là ngày làm việc cuối trước hạn: Báo cáo năm 2024 của đơn vị"),
    ],
)
def test_on_the_last_working_day_the_subject_names_the_day_off(relation: Relation, expected: str) -> None:
    today = date(2024, 6, 14)
    assert subject(sheet(today, item(today, relation, last_working_day=True, **SATURDAY))) == expected


@pytest.mark.parametrize(
    ("kind", "relation", "changes", "expected"),
    [
        ("assigned", SUB, {}, "Giao nhiệm vụ theo KH kèm QĐ 2316/QĐ-UBND: 01 việc, hạn gần nhất 09/12/2024"),
        (
            "assigned",
            PEER,
            {},
            "Thông báo nhiệm vụ, thời hạn theo KH kèm QĐ 2316/QĐ-UBND: 01 việc, gần nhất 09/12/2024",
        ),
        ("assigned", REQUESTED, {}, "Đề nghị phối hợp thực hiện KH kèm QĐ 2316/QĐ-UBND: 01 nội dung"),
        ("assigned", SELF, {}, "Nhiệm vụ của đơn vị theo KH kèm QĐ 2316/QĐ-UBND: 01 việc, hạn gần nhất 09/12/2024"),
        (
            "returned",
            SUB,
            {"number": "12/BC-CAX"},
            "Trả lại BC số 12/BC-CAX: chưa đúng kỳ số liệu; gửi lại trước 17h00 ngày 13/12",
        ),
        (
            "returned",
            PEER,
            {"number": "123/BC-STP"},
            "Đề nghị bổ sung, gửi lại BC số 123/BC-STP: chưa đúng kỳ số liệu; trước 17h00 ngày 13/12",
        ),
        (
            "returned",
            REQUESTED,
            {"number": "45/BC-MTTQ"},
            "Đề nghị phối hợp bổ sung BC số 45/BC-MTTQ: chưa đúng kỳ số liệu",
        ),
        ("extended", SUB, {}, "Gia hạn Báo cáo năm 2024 đến 20/12/2024 theo VB số 512/UBND-NC"),
        (
            "extended",
            PEER,
            {},
            "Thông báo: thời hạn Báo cáo năm 2024 được điều chỉnh đến 20/12/2024 theo VB số 512/UBND-NC",
        ),
        ("extended", REQUESTED, {}, "Thống nhất thời gian gửi Báo cáo năm 2024: 20/12/2024"),
        (
            "correction",
            SUB,
            {"number": "12/BC-CAX"},
            "Đính chính: đã nhận BC số 12/BC-CAX ngày 09/12; thông báo quá hạn ngày 11/12 không còn giá trị",
        ),
        (
            "correction",
            PEER,
            {"number": "123/BC-STP"},
            "Đính chính, Công an tỉnh Sơn La xin thông báo lại: đã nhận BC số 123/BC-STP ngày 09/12; "
            "thông báo quá hạn ngày 11/12 không còn giá trị",
        ),
        (
            "correction",
            REQUESTED,
            {"number": "45/BC-MTTQ"},
            "Đính chính, Công an tỉnh Sơn La xin thông báo lại: đã nhận BC số 45/BC-MTTQ ngày 09/12; "
            "thông báo chưa nhận ngày 11/12 không còn giá trị",
        ),
    ],
)
def test_subject_of_an_event_follows_the_relation(
    kind: str, relation: Relation, changes: dict[str, Any], expected: str
) -> None:
    today = date(2024, 12, 2)
    facts: dict[str, dict[str, Any]] = {
        "assigned": {},
        "returned": {
            "state": State.RETURNED,
            "resend_by": date(2024, 12, 13),
            "last_day": date(2024, 12, 13),
            "returned_for": "chưa đúng kỳ số liệu",
            "received_on": date(2024, 12, 9),
        },
        "extended": {"due": date(2024, 12, 20), "last_day": date(2024, 12, 20), "extended_by": "512/UBND-NC"},
        "correction": {
            "state": State.ACCEPTED,
            "received_on": date(2024, 12, 9),
            "told_off_on": date(2024, 12, 11),
        },
    }
    assert subject(sheet(today, item(today, relation, **facts[kind] | changes), kind=kind)) == expected


def test_assigned_counts_all_duties_and_names_the_nearest_day_still_ahead() -> None:
    today = date(2023, 11, 7)
    plan = {"title": "Kế hoạch triển khai", "due": date(2023, 11, 15), "last_day": date(2023, 11, 14)}
    half = {"title": "Báo cáo 6 tháng đầu năm 2024", "last_day": date(2024, 6, 9)}
    duties = [item(today, SUB, **changes) for changes in ({}, plan, half)]
    expected = "Giao nhiệm vụ theo KH kèm QĐ 2316/QĐ-UBND: 03 việc, hạn gần nhất 14/11/2023"
    assert subject(sheet(today, *duties, kind="assigned")) == expected


def late_bodies(today: date, *names: str, **changes: Any) -> tuple[Item, ...]:
    return tuple(item(today, PEER, agency_name=name, **changes) for name in names)


def test_check_counts_bodies_once_and_says_up_to_where_papers_are_entered() -> None:
    today = date(2024, 12, 11)
    twice = (
        *late_bodies(today, *(f"Sở số {n}" for n in range(22))),
        *late_bodies(today, "Sở số 1", title="Kế hoạch triển khai"),
    )
    text = "Chờ kiểm tra trước khi nhắc quá hạn: 22 cơ quan"
    assert subject(office_sheet(today, check=twice)) == text
    dated = subject(office_sheet(today, check=twice, entered_to=date(2024, 12, 9)))
    assert dated == f"{text}; văn bản đến đã nhập đến ngày 09/12"


def test_head_is_asked_for_direction_with_missing_of_total() -> None:
    today = date(2024, 12, 17)
    late = late_bodies(today, "Sở Tư pháp", "Sở Tài chính")
    expected = "Xin ý kiến chỉ đạo: chưa nhận Báo cáo năm 2024 của 07/30 cơ quan"
    assert subject(office_sheet(today, direction=late)) == expected
    assert subject(office_sheet(today, direction=late, counts=())) == expected.replace("07/30", "02")
    more = (*late, *late_bodies(today, "Sở Nội vụ", title="Kế hoạch triển khai"))
    assert subject(office_sheet(today, direction=more)) == f"{expected}, và 01 nội dung khác"


def test_head_is_told_plainly_of_what_the_unit_itself_owes() -> None:
    today = date(2024, 12, 17)
    own = item(today, SELF, title="Tập huấn cho Công an cơ sở", product=None)
    expected = "Xin ý kiến chỉ đạo: quá hạn 07 ngày, Tập huấn cho Công an cơ sở của đơn vị"
    assert subject(office_sheet(today, direction=(own,))) == expected


def test_subject_is_that_of_the_most_important_role() -> None:
    today = date(2024, 12, 17)
    late = late_bodies(today, "Sở Tư pháp")
    own = item(today, SELF, last_day=date(2024, 12, 18), due=date(2024, 12, 18), late_after=date(2024, 12, 18))
    waiting = late_bodies(today, "Sở Nội vụ", state=State.RECEIVED)
    everything = {"direction": late, "lead": late, "check": late, "mine": (own,), "review": waiting}
    begins = ("Xin ý kiến chỉ đạo", "Danh sách quá hạn", "Chờ kiểm tra", "Nhắc việc của đơn vị", "Chờ xem")
    for section, start in zip(tuple(everything), begins, strict=True):
        assert subject(office_sheet(today, **everything)).startswith(start)
        del everything[section]


def test_lead_names_the_report_and_how_many_are_missing() -> None:
    today = date(2024, 12, 13)
    late = late_bodies(today, "Sở Tư pháp", "Sở Tài chính")
    assert subject(office_sheet(today, lead=late)) == (
        "Danh sách quá hạn: chưa nhận Báo cáo năm 2024 của 07/30 cơ quan"
    )


def test_counts_of_another_report_are_not_taken() -> None:
    today = date(2024, 12, 13)
    counts = (PlanCount("KH 211/KH-UBND", "Báo cáo năm 2024", 7, 30),)
    text = subject(office_sheet(today, lead=late_bodies(today, "Sở Tư pháp"), counts=counts))
    assert text.endswith("của 01 cơ quan")


# -- one subject for several items --


def test_items_in_the_same_situation_are_counted_in_the_subject() -> None:
    three = [item(OVERDUE, SUB, title=title) for title in ("Báo cáo năm 2024", "Báo cáo A", "Báo cáo B")]
    assert subject(sheet(OVERDUE, *three)) == "Quá hạn 01 ngày: chưa nhận Báo cáo năm 2024 và 02 việc khác"
    asked = [item(OVERDUE, REQUESTED, title=title) for title in ("Báo cáo năm 2024", "Báo cáo A")]
    assert subject(sheet(OVERDUE, *asked)) == ("Chưa nhận Báo cáo năm 2024 và 01 nội dung khác; kính đề nghị phối hợp")


def test_reminders_of_another_day_are_not_counted_under_the_day_of_the_subject() -> None:
    later = item(WEEK_BEFORE, SUB, title="Kế hoạch", last_day=date(2024, 12, 10))
    assert subject(sheet(WEEK_BEFORE, later, item(WEEK_BEFORE, SUB))) == (
        "Nhắc việc, còn 07 ngày: Báo cáo năm 2024, gửi chậm nhất thứ Hai 09/12/2024"
    )


def test_why_the_message_is_sent_today_comes_before_what_was_told_already() -> None:
    told = item(WEEK_BEFORE, SUB, title="Kế hoạch triển khai", rung=None, late_after=date(2024, 11, 1), overdue=True)
    assert subject(sheet(WEEK_BEFORE, told, item(WEEK_BEFORE, SUB))).startswith("Nhắc việc, còn 07 ngày: Báo cáo năm")


def test_an_item_said_to_be_sent_is_not_pressed_for() -> None:
    claimed = item(OVERDUE, SUB, state=State.CLAIMED, claimed="12/BC-CAX", rung=None)
    text = subject(sheet(OVERDUE, claimed))
    assert text == "Chờ đối chiếu: Báo cáo năm 2024"
    assert "quá hạn" not in of_mine(sheet(OVERDUE, claimed), (claimed,))


def test_after_a_return_days_count_from_the_resend_day() -> None:
    today = date(2024, 12, 16)
    back = item(
        today, SUB, state=State.RETURNED, resend_by=date(2024, 12, 13), last_day=date(2024, 12, 13),
        late_after=date(2024, 12, 10), days_late=9, overdue=True, rung="overdue-1",
    )  # fmt: skip
    assert subject(sheet(today, back)) == "Quá hạn 03 ngày: chưa nhận Báo cáo năm 2024 (gửi lại)"


def test_what_is_passed_on_says_to_whom() -> None:
    level = item(WEEK_BEFORE, SUB, agency_name="Công an cấp xã")
    expected = (
        "Đề nghị chuyển tới Công an cấp xã: Nhắc việc, còn 07 ngày: Báo cáo năm 2024, gửi chậm nhất thứ Hai 09/12/2024"
    )
    assert subject(sheet(WEEK_BEFORE, level, forward_for="Công an cấp xã")) == expected
    assigned = subject(sheet(WEEK_BEFORE, level, kind="assigned", forward_for="Công an cấp xã"))
    assert assigned.startswith("Đề nghị chuyển tới Công an cấp xã: Giao nhiệm vụ theo")


# -- limits --


def test_a_long_title_gives_way_and_the_date_stays() -> None:
    title = "Báo cáo " + "kết quả thực hiện nhiệm vụ " * 20 + "năm 2024"
    text = subject(sheet(WEEK_BEFORE, item(WEEK_BEFORE, SUB, title=title)))
    assert len(text) <= 150
    assert text.startswith("Nhắc việc, còn 07 ngày: Báo cáo kết quả")
    assert text.endswith("…, gửi chậm nhất thứ Hai 09/12/2024")


def test_sample_is_marked_in_the_subject() -> None:
    assert subject(sheet(LAST_DAY, item(LAST_DAY, SUB), sample=True)) == "[MẪU] Đến hạn hôm nay 09/12: Báo cáo năm 2024"
    assert subject(sheet(LAST_DAY, item(LAST_DAY, SUB, sample=True))).startswith("[MẪU] ")
    real = sheet(LAST_DAY, item(LAST_DAY, SUB), item(LAST_DAY, SUB, sample=True, title="Báo cáo B"))
    assert not subject(real).startswith("[MẪU]")


def test_one_line_takes_out_what_could_forge_a_header_or_turn_the_text_around() -> None:
    assert one_line("Báo cáo\r\nBcc: ai@day.example\u2028x\x00y\u202ez\ud800") == "Báo cáo Bcc: ai@day.example x yz"
    assert one_line("Ba\u0301o  ca\u0301o ") == "Báo cáo"


def test_shortened_cuts_after_a_word() -> None:
    assert shortened("một hai ba bốn", 12) == "một hai ba…"
    assert shortened("một hai", 7) == "một hai"
    assert shortened("a" * 30, 10) == "a" * 9 + "…"


# -- parts of a sentence --


@pytest.mark.parametrize(
    ("title", "product", "document"),
    [
        ("Báo cáo năm 2024", None, True),
        ("Danh sách theo Mẫu số 01 tháng 05/2024", "Danh sách theo Mẫu số 01", True),
        ("Hướng dẫn dạy nghề", "Hướng dẫn", True),
        ("Tập huấn cho Công an cơ sở", None, False),
        ("Sơ kết 01 năm", "Báo cáo sơ kết", False),
    ],
)
def test_an_activity_is_not_a_paper_that_could_be_sent(title: str, product: str | None, document: bool) -> None:
    found = item(WEEK_BEFORE, PEER, title=title, product=product)
    assert is_document(found) is document
    assert thing(found) == (title if document else f"kết quả “{title}”")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("12/BC-CAX", "BC số 12/BC-CAX"),
        ("05/KH-STC", "KH số 05/KH-STC"),
        ("512/UBND-NC", "VB số 512/UBND-NC"),
        ("12", "VB số 12"),
        (None, "Báo cáo năm 2024"),
    ],
)
def test_a_paper_is_called_by_the_kind_in_its_symbol(number: str | None, expected: str) -> None:
    assert paper_name(item(WEEK_BEFORE, PEER, number=number)) == expected


@pytest.mark.parametrize(
    ("today", "relation", "expected"),
    [
        (WEEK_BEFORE, PEER, "thứ Hai 09/12/2024 (còn 07 ngày)"),
        (LAST_DAY, PEER, "thứ Hai 09/12/2024 (hôm nay)"),
        (DAY_AFTER, PEER, "thứ Hai 09/12/2024 (đã đến hạn, chưa nhận)"),
        (OVERDUE, PEER, "thứ Hai 09/12/2024 (quá hạn 01 ngày)"),
        (OVERDUE, REQUESTED, "thứ Hai 09/12/2024 (đến nay chưa nhận)"),
    ],
)
def test_the_deadline_says_how_far_away_it_is(today: date, relation: Relation, expected: str) -> None:
    assert last_day_text(item(today, relation), today=today) == expected


def test_recipients_are_named_by_role() -> None:
    places = (
        Destination("Sở Tư pháp", "copy"),
        Destination("Công an tỉnh", "via", "Phòng PC10"),
        Destination("UBND tỉnh", "main"),
        Destination("HĐND tỉnh", "main"),
    )
    assert where_to(places) == "UBND tỉnh, HĐND tỉnh; gửi qua Công an tỉnh (Phòng PC10); đồng gửi Sở Tư pháp"
    assert where_to(()) is None


@pytest.mark.parametrize("today", [WEEK_BEFORE, LAST_DAY, DAY_AFTER, OVERDUE])
def test_the_first_sentence_fits_the_relation(today: date) -> None:
    def opening(relation: Relation) -> str:
        asked = item(today, relation)
        return of_mine(sheet(today, asked), (asked,))

    assert "Quý cơ quan" not in opening(SUB)
    assert "đề nghị Quý cơ quan" in opening(PEER).replace("Đề nghị", "đề nghị")
    assert "kính đề nghị" in opening(REQUESTED).lower() or "trân trọng đề nghị" in opening(REQUESTED)
    for word in ("yêu cầu", "đôn đốc", "phê bình", "quá hạn"):
        assert word not in opening(REQUESTED).lower()
        assert word == "quá hạn" or word not in opening(PEER).lower()
    assert "Quý cơ quan" not in opening(SELF)
