"""Who owes what to whom: read from the sentence, the heading above, or the line before."""

from __future__ import annotations

import pytest

from reader.draft import Duty
from tests.reader.documents import HEAD, duties_of


def one(text: str) -> Duty:
    (duty,) = [duty for duty in duties_of(text) if duty.due is not None]
    return duty


def agencies(duty: Duty) -> list[str]:
    return [body.name for body in duty.agencies]


def test_the_body_at_the_head_of_the_sentence_owes_it() -> None:
    assert agencies(one("1. Sở Tư pháp gửi báo cáo trước ngày 15/11/2023.")) == ["Sở Tư pháp"]


def test_the_heading_above_names_who_owes_it() -> None:
    duty = one("1. Sở Tư pháp\n- Soạn tài liệu (xong trước ngày 15/11/2023).")
    assert (agencies(duty), duty.section) == (["Sở Tư pháp"], "I.1")


def test_several_bodies_in_one_heading_owe_it_together() -> None:
    duty = one(
        "1. Đề nghị Hội Nông dân tỉnh, Hội Cựu chiến binh tỉnh\n- Vận động hội viên, xong trước ngày 15/11/2023."
    )
    assert agencies(duty) == ["Hội Nông dân tỉnh", "Hội Cựu chiến binh tỉnh"]
    assert all(body.requested for body in duty.agencies)


def test_groups_are_kept_as_the_plan_names_them() -> None:
    duty = one("1. Các sở, ngành tỉnh; UBND các huyện, thành phố gửi báo cáo trước ngày 15/11/2023.")
    assert agencies(duty) == ["Các sở, ngành tỉnh", "UBND các huyện, thành phố"]
    assert all(body.group for body in duty.agencies)


def test_who_is_told_to_do_it_owes_it_not_the_one_who_tells() -> None:
    duty = one("1. Công an tỉnh\n- Chỉ đạo Công an các phường định kỳ vào ngày 05 hằng tháng lập danh sách.")
    assert agencies(duty) == ["Công an các phường"]


def test_guidance_given_to_others_is_a_duty_of_the_heading() -> None:
    duty = one("1. Sở Y tế\n- Hướng dẫn các bệnh viện soạn quy trình tiếp nhận (xong trước ngày 15/11/2023).")
    assert agencies(duty) == ["Sở Y tế"]


def test_an_order_in_the_middle_of_a_sentence_names_who_owes_it() -> None:
    duty = one("1. Căn cứ nhiệm vụ được giao, yêu cầu Sở Y tế, Sở Tư pháp xây dựng kế hoạch trước ngày 15/11/2023.")
    assert agencies(duty) == ["Sở Y tế", "Sở Tư pháp"]


def test_the_issuer_who_gives_the_order_does_not_owe_it() -> None:
    duty = one("1. UBND tỉnh yêu cầu thủ trưởng các sở, ngành báo cáo trước ngày 15/11/2023.")
    assert agencies(duty) == ["thủ trưởng các sở, ngành"]


def test_the_sentence_before_names_who_goes_on() -> None:
    duty = one("1. Sở Y tế tổ chức tập huấn. Hằng năm, báo cáo kết quả trước ngày 10/12.")
    assert agencies(duty) == ["Sở Y tế"]


def test_a_sentence_that_names_nobody_waits_to_be_assigned() -> None:
    duty = one("1. Tổ chức tập huấn nội dung mới (tháng 11/2023).")
    assert agencies(duty) == []
    assert "agency" in [doubt.value for doubt in duty.doubts]


def test_somebody_inside_the_own_house_is_named_as_written() -> None:
    duty = one("1. Trưởng phòng rà soát, trình Lãnh đạo Ban trước ngày 15/11/2023.")
    assert agencies(duty) == ["Trưởng phòng"]
    assert [body.name for body in duty.recipients] == ["Lãnh đạo Ban"]


@pytest.mark.parametrize(
    ("text", "to", "via"),
    [
        ("1. Sở Y tế gửi báo cáo về Công an tỉnh trước ngày 15/11/2023.", ["Công an tỉnh"], []),
        (
            "1. Sở Y tế gửi kế hoạch về UBND tỉnh (qua Công an tỉnh) trước ngày 15/11/2023.",
            ["UBND tỉnh"],
            ["Công an tỉnh"],
        ),
        (
            "1. Sở Y tế lập danh sách trước ngày 15/11/2023, chuyển cho Kho bạc Nhà nước tỉnh.",
            ["Kho bạc Nhà nước tỉnh"],
            [],
        ),
        (
            "1. Hằng năm, Sở Y tế báo cáo kết quả (06 tháng trước ngày 10/6) gửi về Công an tỉnh để tổng hợp.",
            ["Công an tỉnh"],
            [],
        ),
    ],
)
def test_where_it_goes_and_through_whom(text: str, to: list[str], via: list[str]) -> None:
    duty = one(text)
    assert [body.name for body in duty.recipients] == to
    assert [body.name for body in duty.via] == via


def test_who_helps_is_kept_apart_and_owes_nothing() -> None:
    duty = one("1. Sở Y tế chủ trì, phối hợp với Sở Tài chính, Sở Tư pháp lập dự toán trước ngày 15/11/2023.")
    assert agencies(duty) == ["Sở Y tế"]
    assert [body.name for body in duty.cooperating] == ["Sở Tài chính", "Sở Tư pháp"]


def test_lines_with_labels_belong_together() -> None:
    duty = one(
        "1. Số hóa hồ sơ lưu trữ\n- Cơ quan chủ trì: Sở Nội vụ\n- Cơ quan"
        " phối hợp: Sở Tài chính\n- Thời gian hoàn thành: Quý I/2024"
    )
    assert agencies(duty) == ["Sở Nội vụ"]
    assert [body.name for body in duty.cooperating] == ["Sở Tài chính"]
    assert duty.title.value == "Số hóa hồ sơ lưu trữ"


def test_the_data_that_a_report_covers_stand_beside_it() -> None:
    duty = one(
        "1. Định kỳ hằng tháng Sở Y tế báo cáo kết quả (tính từ ngày 21 tháng trước đến ngày 20 của tháng báo cáo), "
        "gửi về Công an tỉnh trước ngày 25."
    )
    assert duty.window is not None
    assert duty.window.value == "tính từ ngày 21 tháng trước đến ngày 20 của tháng báo cáo"
    assert duty.due == {"day": 25}


def test_every_part_has_its_place_in_the_text() -> None:
    text = "1. Sở Y tế gửi kế hoạch về UBND tỉnh (qua Công an tỉnh) trước ngày 15/11/2023."
    duty = one(text)
    whole = HEAD + text
    assert duty.time.of(whole) == "trước ngày 15/11/2023"
    assert [body.span.of(whole) for body in (*duty.agencies, *duty.recipients, *duty.via)] == [
        "Sở Y tế",
        "UBND tỉnh",
        "Công an tỉnh",
    ]
    assert duty.clause is not None
    assert duty.clause.of(whole) == text


TABLE = """PHỤ LỤC
| TT | Nội dung | Cơ quan chủ trì | Cơ quan phối hợp | Sản phẩm | Thời gian hoàn thành |
|---|---|---|---|---|---|
| 1 | Lập danh mục thiết bị | Sở Y tế | Sở Tài chính | Danh mục | 15/12/2023 |
| 2 | Tập huấn cán bộ | Sở Nội vụ | Các sở, ngành | Báo cáo | Quý II/2024 |
| 3 | Duy trì đường dây nóng | Sở Y tế |  |  | Thường xuyên |
| 4 | Xây dựng đề án | Sở Tư pháp |  | Đề án | 2024 - 2025 |
"""


def test_rows_of_a_table_are_duties() -> None:
    found = [(d.title.value, agencies(d), d.kind.value, d.due, d.product and d.product.value) for d in duties_of(TABLE)]
    assert found == [
        ("Lập danh mục thiết bị", ["Sở Y tế"], "once", "2023-12-15", "Danh mục"),
        ("Tập huấn cán bộ", ["Sở Nội vụ"], "once", "2024-Q2", "Báo cáo"),
        ("Duy trì đường dây nóng", ["Sở Y tế"], "continuous", None, None),
        ("Xây dựng đề án", ["Sở Tư pháp"], "once", {"from": "2024", "to": "2025"}, "Đề án"),
    ]


def test_a_row_may_run_over_several_lines_and_hold_several_terms() -> None:
    text = (
        "PHỤ LỤC\nNội dung | Phân công | Tiến độ\n"
        "Kiểm kê kho,\nlập sổ | Chủ trì: Sở Y tế.\nPhối hợp: Sở Tài chính"
        " | Khởi động quý IV/2023; hoàn thành quý II/2024\n"
    )
    found = [(agencies(d), [b.name for b in d.cooperating], d.due) for d in duties_of(text)]
    assert found == [(["Sở Y tế"], ["Sở Tài chính"], "2023-Q4"), (["Sở Y tế"], ["Sở Tài chính"], "2024-Q2")]


def test_columns_of_beginning_and_end_make_a_range() -> None:
    text = (
        "PHỤ LỤC\n| Nội dung | Đơn vị | Bắt đầu | Kết thúc "
        "|\n|---|---|---|---|\n| Khám sàng lọc | Sở Y tế "
        "| 01/12/2023 | 15/12/2023 |\n"
    )
    (duty,) = duties_of(text)
    assert (duty.due, agencies(duty)) == ({"from": "2023-12-01", "to": "2023-12-15"}, ["Sở Y tế"])


def test_a_short_end_of_a_sentence_is_told_with_the_whole_sentence() -> None:
    duty = one("1. Sở Y tế tuyên truyền, vận động nhân dân; gửi kết quả trước ngày 15/11/2023.")
    assert duty.title.value == "Sở Y tế tuyên truyền, vận động nhân dân; gửi kết quả trước ngày 15/11/2023."


def test_a_summing_up_without_a_year_belongs_to_the_plans_own_year() -> None:
    assert one("1. Sở Y tế tổng kết việc thực hiện Kế hoạch trước ngày 25/12.").due == "2023-12-25"
