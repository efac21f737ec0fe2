"""Who owes a duty and who receives it where the words are not plain: conditions, orders, letters, lists, labels."""

from __future__ import annotations

import pytest

from reader.draft import Doubt, Duty
from tests.reader.documents import duties_of

LETTER = """UBND TỈNH AN SƠN
SỞ NỘI VỤ

Số: 118/SNV-VP
V/v báo cáo công tác lưu trữ

An Sơn, ngày 02 tháng 10 năm 2023

"""
TO_TWO = "Kính gửi:\n- Sở Tư pháp;\n- UBND các huyện, thành phố.\n\n"


def one(text: str) -> Duty:
    (duty,) = [duty for duty in duties_of(text) if duty.due is not None]
    return duty


def agencies(duty: Duty) -> list[str]:
    return [body.name for body in duty.agencies]


def receivers(duty: Duty) -> list[str]:
    return [body.name for body in duty.recipients]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        (
            "1. Căn cứ hướng dẫn của Bộ Tài chính, Sở Tài chính lập dự toán trước ngày 15/11/2023.",
            ["Sở Tài chính"],
        ),
        (
            "1. Trên cơ sở báo cáo của các đơn vị, địa phương, Sở Tài chính có nhiệm vụ lập dự toán trước 15/11/2023.",
            ["Sở Tài chính"],
        ),
        (
            "1. Trong thời hạn 05 ngày kể từ ngày nhận được hồ sơ do Sở Y tế gửi, Công an xã phải trả lời người nộp.",
            ["Công an xã"],
        ),
        (
            "1. Trong thời hạn 05 ngày kể từ ngày nhận được đề nghị của Sở Y tế, Chủ tịch UBND xã phải quyết định.",
            ["Chủ tịch UBND xã"],
        ),
        ("1. Báo cáo của các sở, ngành gửi về Công an tỉnh trước ngày 15/11/2023.", ["các sở, ngành"]),
        ("1. Chậm nhất 05 ngày kể từ ngày kết thúc quý, chủ đầu tư phải nộp số liệu.", ["chủ đầu tư"]),
        ("1. Trong thời hạn 10 ngày kể từ ngày nhận đơn, Cơ quan cấp phép kiểm tra hồ sơ.", ["Cơ quan cấp phép"]),
        ("1. Thời gian làm xong: cấp xã hoàn thành trước ngày 15/11/2023.", ["cấp xã"]),
        (
            "1. Sở Y tế đã chỉ đạo các bệnh viện công lập trong tỉnh lập đội trực, xong trước ngày 15/11/2023.",
            ["các bệnh viện"],
        ),
    ],
)
def test_who_owes_it_is_found_behind_conditions_and_terms(text: str, who: list[str]) -> None:
    assert agencies(one(text)) == who


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("1. Trường hợp có khó khăn, vướng mắc, các sở báo về Công an tỉnh trước ngày 15/11/2023.", ["các sở"]),
        ("1. Lập quy chế. Hạn làm: Trong vòng 05 ngày kể từ ngày họp, Sở Y tế thẩm định hồ sơ.", ["Sở Y tế"]),
        ("1. Soạn quy định mới (Sở Nội vụ, trước ngày 15/11/2023).", ["Sở Nội vụ"]),
        ("1. Văn phòng UBND tỉnh là đầu mối theo dõi, báo cáo trước ngày 15/11/2023.", ["Văn phòng UBND tỉnh"]),
        ("1. UBND các xã chỉ đạo các trường mở lớp, báo cáo về Công an huyện trước ngày 15/11/2023.", ["UBND các xã"]),
        ("1. Công chức Tư pháp tham mưu UBND xã kế hoạch trước ngày 15/11/2023.", ["Công chức Tư pháp"]),
        ("1. Sở Y tế\n- Phổ biến đến cán bộ, đảng viên (tháng 11/2023).", ["Sở Y tế"]),
        ("1. UBND xã\n- Việc thực hiện: lập hồ sơ, gửi Sở Y tế trước ngày 15/11/2023.", ["UBND xã"]),
        ("1. Các huyện ủy, thành ủy gửi báo cáo trước ngày 15/11/2023.", ["Các huyện ủy, thành ủy"]),
    ],
)
def test_who_owes_it_is_told_from_others_who_are_named(text: str, who: list[str]) -> None:
    assert agencies(one(text)) == who


def test_two_terms_of_one_sentence_may_belong_to_two_bodies() -> None:
    duties = duties_of(
        "1. Các sở gửi báo cáo trước ngày 15/11/2023, Công an tỉnh tổng hợp, báo cáo UBND tỉnh trước ngày 25/11/2023."
    )
    assert [(agencies(duty), receivers(duty)) for duty in duties] == [
        (["Các sở"], []),
        (["Công an tỉnh"], ["UBND tỉnh"]),
    ]


def test_what_another_part_of_the_sentence_sends_is_not_sent_here() -> None:
    duties = duties_of(
        "1. Trước ngày 15/11/2023, Công an huyện phải rà soát; trước ngày 20/11/2023, Sở Y tế trình UBND tỉnh."
    )
    assert [(agencies(duty), receivers(duty)) for duty in duties] == [
        (["Công an huyện"], []),
        (["Sở Y tế"], ["UBND tỉnh"]),
    ]


def test_each_level_has_its_own_day() -> None:
    duties = duties_of(
        "1. Thời hạn gửi số liệu\n- Đối với cấp xã: trước ngày 10/11/2023.\n- Đối với cấp huyện: trước ngày 20/11/2023."
    )
    assert [agencies(duty) for duty in duties] == [["cấp xã"], ["cấp huyện"]]


def test_the_sentence_before_that_gives_an_order_names_who_goes_on() -> None:
    duty = one("1. UBND tỉnh có ý kiến như sau: Giao Sở Y tế lập danh sách. Hoàn thành trước ngày 15/11/2023.")
    assert agencies(duty) == ["Sở Y tế"]


def test_the_order_before_all_items_names_who_owes_them() -> None:
    duty = one(
        "UBND tỉnh yêu cầu các sở, ngành thực hiện các việc sau:\n"
        "1. Việc chung\n- Rà soát hồ sơ (xong trước ngày 15/11/2023)."
    )
    assert agencies(duty) == ["các sở, ngành"]


def test_a_heading_may_say_for_whom_it_is_meant() -> None:
    duty = one("1. Đối với chủ đầu tư:\n- Nộp hồ sơ trước ngày 15/11/2023.")
    assert agencies(duty) == ["chủ đầu tư"]


def test_words_that_only_look_like_somebody_are_no_doer() -> None:
    assert agencies(one("1. Khởi tạo dữ liệu, hướng dẫn dùng thử, thực hiện trước ngày 15/11/2023.")) == []
    assert agencies(one("1. Sở Y tế\n- Báo cáo tiến độ về Công an tỉnh trước ngày 15/11/2023.")) == ["Sở Y tế"]


def test_a_letter_is_an_order_to_its_addressees_but_a_doubtful_one() -> None:
    (duty,) = duties_of("Đề nghị quan tâm: lập danh mục hồ sơ trước ngày 15/11/2023.", head=LETTER + TO_TWO)
    assert agencies(duty) == ["Sở Tư pháp", "UBND các huyện, thành phố"]
    assert Doubt.AGENCY in duty.doubts


def test_the_units_of_a_letter_are_its_addressees() -> None:
    (duty,) = duties_of("Đề nghị các đơn vị gửi báo cáo về Sở Nội vụ trước ngày 15/11/2023.", head=LETTER + TO_TWO)
    assert agencies(duty) == ["Sở Tư pháp", "UBND các huyện, thành phố"]
    assert receivers(duty) == ["Sở Nội vụ"]


def test_a_line_of_addressees_may_hold_a_name_that_no_list_knows() -> None:
    head = LETTER + "Kính gửi:\n- Cụm dân cư số 4;\n- Sở Tư pháp.\n\n"
    (duty,) = duties_of("Đề nghị các đơn vị gửi báo cáo trước ngày 15/11/2023.", head=head)
    assert agencies(duty) == ["Cụm dân cư số 4", "Sở Tư pháp"]


def test_who_is_named_in_a_letter_is_not_replaced_by_the_addressees() -> None:
    (duty,) = duties_of("Đề nghị Sở Tư pháp gửi báo cáo trước ngày 15/11/2023.", head=LETTER + TO_TWO)
    assert agencies(duty) == ["Sở Tư pháp"]
    assert Doubt.AGENCY not in duty.doubts


@pytest.mark.parametrize(
    ("text", "to", "via"),
    [
        ("1. Sở Y tế báo cáo kết quả thực hiện về Công an tỉnh trước ngày 15/11/2023.", ["Công an tỉnh"], []),
        (
            "1. Sở Y tế gửi báo cáo kèm tài liệu, hình ảnh theo mẫu ban hành kèm kế hoạch này, bằng văn bản"
            " và thư điện tử về Công an tỉnh trước ngày 15/11/2023.",
            ["Công an tỉnh"],
            [],
        ),
        (
            "1. Sở Y tế gửi báo cáo về Công an tỉnh trước ngày 15/11/2023 để tổng hợp, báo cáo UBND tỉnh.",
            ["Công an tỉnh"],
            [],
        ),
        (
            "1. Sở Y tế gửi báo cáo về UBND tỉnh (thông qua Công an tỉnh) trước ngày 15/11/2023 để báo cáo Bộ Y tế.",
            ["UBND tỉnh"],
            ["Công an tỉnh"],
        ),
        (
            "1. Sở Y tế báo cáo Công an tỉnh để theo dõi, chỉ đạo và báo cáo UBND tỉnh trước ngày 15/11/2023.",
            ["UBND tỉnh"],
            [],
        ),
        ("1. Sở Y tế tham mưu UBND tỉnh ban hành kế hoạch trước ngày 15/11/2023.", ["UBND tỉnh"], []),
        (
            "1. Sở Y tế gửi báo cáo về Công an tỉnh và Sở Tư pháp trước ngày 15/11/2023.",
            ["Công an tỉnh", "Sở Tư pháp"],
            [],
        ),
        (
            "1. Chế độ báo cáo: Các sở gửi báo cáo năm (trước ngày 15/12/2023) về Công an tỉnh.",
            ["Công an tỉnh"],
            [],
        ),
        ("1. Trong vòng 05 ngày kể từ ngày họp, Sở Y tế phải gửi hồ sơ tới Công an tỉnh.", ["Công an tỉnh"], []),
        ("1. Sở Y tế gửi báo cáo sơ bộ kết quả rà soát trước ngày 15/11/2023.", [], []),
        ("1. Công an xã chuyển hồ sơ, tang vật cho Cơ quan điều tra trong vòng 24 giờ.", ["Cơ quan điều tra"], []),
        (
            "1. Sở Y tế rà soát trước ngày 15/11/2023. Kết quả rà soát báo cáo Công an tỉnh.",
            ["Công an tỉnh"],
            [],
        ),
        (
            "1. Sở Y tế gửi báo cáo về Công an tỉnh. Thời hạn gửi báo cáo trước ngày 15/11/2023.",
            ["Công an tỉnh"],
            [],
        ),
        (
            "1. Sở Y tế báo cáo Công an tỉnh các nội dung:\n- Số lượng hồ sơ;\n"
            "- Thời gian báo cáo: trước ngày 15/11/2023.",
            ["Công an tỉnh"],
            [],
        ),
    ],
)
def test_who_gets_it_is_found_over_long_and_several_sentences(text: str, to: list[str], via: list[str]) -> None:
    duty = one(text)
    assert receivers(duty) == to
    assert [body.name for body in duty.via] == via


def test_labels_of_a_report_say_who_sends_it_and_who_gets_it() -> None:
    duty = one(
        "1. Báo cáo nhân lực\n- Đối tượng báo cáo: Sở Y tế, Sở Tư pháp\n"
        "- Cơ quan nhận báo cáo: Sở Nội vụ\n- Thời hạn báo cáo: trước ngày 15/11/2023"
    )
    assert agencies(duty) == ["Sở Y tế", "Sở Tư pháp"]
    assert receivers(duty) == ["Sở Nội vụ"]


PARTS = """PHỤ LỤC
TT | Nội dung | Chủ trì | Thời gian | Cấp trình
1 | Lập danh mục thiết bị | Sở Y tế | 15/12/2023 | UBND tỉnh
2 | Sửa nội quy kho | Sở Y tế | 20/12/2023 | UBND tỉnh

NHÓM VIỆC THỨ HAI

3 | Mua sắm thiết bị | Sở Tài chính | Quý II/2024 | HĐND tỉnh
4 | Kiểm kê thiết bị | Sở Tài chính | Quý III/2024 | HĐND tỉnh
"""


def test_a_table_that_goes_on_behind_a_break_keeps_its_columns() -> None:
    found = [(duty.title.value, agencies(duty), receivers(duty)) for duty in duties_of(PARTS)]
    assert found == [
        ("Lập danh mục thiết bị", ["Sở Y tế"], ["UBND tỉnh"]),
        ("Sửa nội quy kho", ["Sở Y tế"], ["UBND tỉnh"]),
        ("Mua sắm thiết bị", ["Sở Tài chính"], ["HĐND tỉnh"]),
        ("Kiểm kê thiết bị", ["Sở Tài chính"], ["HĐND tỉnh"]),
    ]
