"""Texts in our own words over the whole grammar: what must be read, and what must not be taken for a deadline."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reader.documents import HEAD, document, duties_of, told

Told = tuple[str, str, Any, str | None]

ONE: list[tuple[str, Told]] = [
    # -- a day --
    (
        "1. Sở Y tế gửi danh sách về Công an tỉnh trước ngày 15/11/2023.",
        ("trước ngày 15/11/2023", "once", "2023-11-15", "before"),
    ),
    ("1. Sở Y tế nộp đề cương trước 20-11-2023.", ("trước 20-11-2023", "once", "2023-11-20", "before")),
    ("1. Sở Y tế nộp đề cương trước ngày 5.12.2023.", ("trước ngày 5.12.2023", "once", "2023-12-05", "before")),
    (
        "1. Sở Y tế nộp đề cương chậm nhất là ngày 30 tháng 11 năm 2023.",
        ("chậm nhất là ngày 30 tháng 11 năm 2023", "once", "2023-11-30", "by"),
    ),
    (
        "1. Sở Y tế nộp đề cương muộn nhất vào ngày 30/11/2023.",
        ("muộn nhất vào ngày 30/11/2023", "once", "2023-11-30", "by"),
    ),
    ("1. Sở Y tế nhận hồ sơ đến hết ngày 31/12/2023.", ("đến hết ngày 31/12/2023", "once", "2023-12-31", "by")),
    (
        "1. Sở Y tế ký kết quy chế, xong trước ngày 10/12/2023.",
        ("xong trước ngày 10/12/2023", "once", "2023-12-10", "before"),
    ),
    ("1. Sở Y tế mở lớp tập huấn vào ngày 08/12/2023.", ("vào ngày 08/12/2023", "once", "2023-12-08", "on")),
    ("1. Sở Y tế lập dự toán (hạn gửi: 25/10/2023).", ("hạn gửi: 25/10/2023", "once", "2023-10-25", "by")),
    (
        "1. Sở Y tế rà soát trang thiết bị, không quá ngày 20/10/2023.",
        ("không quá ngày 20/10/2023", "once", "2023-10-20", "by"),
    ),
    (
        "1. Sở Y tế gửi số liệu trước 17 giờ 00 ngày 20/10/2023.",
        ("trước 17 giờ 00 ngày 20/10/2023", "once", "2023-10-20", "before"),
    ),
    (
        "1. Sở Y tế gửi số liệu chậm nhất ngày 06 (sáu) tháng 11 (mười một) năm 2023.",
        ("chậm nhất ngày 06 (sáu) tháng 11 (mười một) năm 2023", "once", "2023-11-06", "by"),
    ),
    ("1. Sở Y tế gửi số liệu trước ngày 20/12.", ("trước ngày 20/12", "once", "2023-12-20", "before")),
    (
        "1. Sở Y tế gửi số liệu trước ngày 31/12/\n2023 để tổng hợp.",
        ("trước ngày 31/12/ 2023", "once", "2023-12-31", "before"),
    ),
    # -- months, quarters, halves, years --
    ("1. Sở Y tế tập huấn (tháng 11/2023).", ("tháng 11/2023", "once", "2023-11", "within")),
    ("1. Sở Y tế tập huấn trong tháng 12 năm 2023.", ("trong tháng 12 năm 2023", "once", "2023-12", "within")),
    ("1. Sở Y tế tập huấn, xong trước tháng 12/2023.", ("xong trước tháng 12/2023", "once", "2023-12", "before")),
    (
        "1. Sở Y tế khảo sát, hoàn thành trong quý IV/2023.",
        ("hoàn thành trong quý IV/2023", "once", "2023-Q4", "within"),
    ),
    (
        "1. Sở Y tế khảo sát. Thời gian thực hiện: Quý 1 năm 2024.",
        ("Thời gian thực hiện: Quý 1 năm 2024", "once", "2024-Q1", "within"),
    ),
    (
        "1. Sở Y tế khảo sát. Tiến độ: Quý II, III năm 2024.",
        ("Tiến độ: Quý II, III năm 2024", "once", {"from": "2024-Q2", "to": "2024-Q3"}, "within"),
    ),
    (
        "1. Sở Y tế khảo sát (6 tháng đầu năm 2024).",
        ("6 tháng đầu năm 2024", "once", {"from": "2024-01", "to": "2024-06"}, "within"),
    ),
    ("1. Sở Y tế khảo sát, hoàn thành trong năm 2024.", ("hoàn thành trong năm 2024", "once", "2024", "within")),
    ("1. Sở Y tế khảo sát vào cuối tháng 12/2023.", ("vào cuối tháng 12/2023", "once", "2023-12", "within")),
    # -- ranges --
    (
        "1. Sở Y tế mở đợt khám từ ngày 15/10 đến ngày 30/11/2023.",
        ("từ ngày 15/10 đến ngày 30/11/2023", "once", {"from": "2023-10-15", "to": "2023-11-30"}, "within"),
    ),
    (
        "1. Sở Y tế mở đợt khám. Thời gian: từ 15/12/2023 đến hết ngày 15/01/2024.",
        (
            "Thời gian: từ 15/12/2023 đến hết ngày 15/01/2024",
            "once",
            {"from": "2023-12-15", "to": "2024-01-15"},
            "within",
        ),
    ),
    (
        "1. Sở Y tế mở đợt khám từ ngày 20/12 đến ngày 10/01/2024.",
        ("từ ngày 20/12 đến ngày 10/01/2024", "once", {"from": "2023-12-20", "to": "2024-01-10"}, "within"),
    ),
    (
        "1. Sở Y tế khảo sát. Thời gian thực hiện: từ tháng 3 đến tháng 5/2024.",
        ("Thời gian thực hiện: từ tháng 3 đến tháng 5/2024", "once", {"from": "2024-03", "to": "2024-05"}, "within"),
    ),
    (
        "1. Sở Y tế khảo sát. Thời gian: Quý I - Quý III/2024.",
        ("Thời gian: Quý I - Quý III/2024", "once", {"from": "2024-Q1", "to": "2024-Q3"}, "within"),
    ),
    ("1. Sở Y tế khảo sát (năm 2024 - 2025).", ("năm 2024 - 2025", "once", {"from": "2024", "to": "2025"}, "within")),
    (
        "1. Sở Y tế trực vào 24, 25 và 26 tháng 12 năm 2023.",
        ("vào 24, 25 và 26 tháng 12 năm 2023", "once", {"from": "2023-12-24", "to": "2023-12-26"}, "within"),
    ),
    ("1. Khai giảng: Ngày 05/12/2023 (thứ Ba).", ("Ngày 05/12/2023", "once", "2023-12-05", "on")),
    ("1. Năm 2024: Rà soát, bổ sung quy chế.", ("Năm 2024", "once", "2024", "within")),
    ("1. Kết thúc năm 2024, Sở Y tế báo cáo UBND tỉnh.", ("Kết thúc năm 2024", "once", "2024", "by")),
    (
        "1. Sở Y tế sửa chữa trạm (Quý IV/2023, Quý I/2024).",
        ("Quý IV/2023, Quý I/2024", "once", {"from": "2023-Q4", "to": "2024-Q1"}, "within"),
    ),
    (
        "1. Sở Y tế trả kết quả sau khi kết thúc kiểm tra chậm nhất là 03 ngày làm việc.",
        (
            "sau khi kết thúc kiểm tra chậm nhất là 03 ngày làm việc",
            "once",
            {"working_days_after": 3, "event": "sau khi kết thúc kiểm tra"},
            "within",
        ),
    ),
    # -- every month, quarter, half-year, year, week, day --
    (
        "1. Định kỳ vào ngày 05 hằng tháng, Công an xã lập danh sách.",
        ("vào ngày 05 hằng tháng", "monthly", {"day": 5}, "on"),
    ),
    (
        "1. Công an xã gửi danh sách trước ngày 25 hàng tháng.",
        ("trước ngày 25 hàng tháng", "monthly", {"day": 25}, "before"),
    ),
    (
        "1. Công an xã gửi danh sách vào ngày 10 và ngày 25 hằng tháng.",
        ("vào ngày 10 và ngày 25 hằng tháng", "monthly", [{"day": 10}, {"day": 25}], "on"),
    ),
    (
        "1. Định kỳ hằng tháng, Công an xã báo cáo tình hình, gửi về Công an tỉnh trước ngày 16.",
        ("trước ngày 16", "monthly", {"day": 16}, "before"),
    ),
    (
        "1. Công an xã gửi báo cáo chậm nhất vào ngày 12 của tháng tiếp theo.",
        ("chậm nhất vào ngày 12 của tháng tiếp theo", "monthly", {"day": 12}, "by"),
    ),
    (
        "1. Công an xã gửi báo cáo vào ngày làm việc cuối cùng của tháng.",
        ("vào ngày làm việc cuối cùng của tháng", "monthly", {"day": "last"}, "on"),
    ),
    (
        "1. Công an xã gửi báo cáo trong 05 ngày đầu tiên của tháng tiếp theo.",
        ("trong 05 ngày đầu tiên của tháng tiếp theo", "monthly", {"day": 5}, "within"),
    ),
    (
        "1. Công an xã đối chiếu từ ngày 01 đến ngày 05 hằng tháng.",
        ("từ ngày 01 đến ngày 05 hằng tháng", "monthly", {"day": 5}, "within"),
    ),
    (
        "1. Công an xã gửi báo cáo trước ngày 20 của tháng cuối quý.",
        ("trước ngày 20 của tháng cuối quý", "quarterly", {"day": 20, "of": "last month of quarter"}, "before"),
    ),
    (
        "1. Công an xã gửi báo cáo chậm nhất ngày 03 tháng đầu của quý tiếp theo.",
        (
            "chậm nhất ngày 03 tháng đầu của quý tiếp theo",
            "quarterly",
            {"day": 3, "of": "first month of next quarter"},
            "by",
        ),
    ),
    (
        "1. Định kỳ hằng quý (trước ngày 15/3, 15/6, 15/9 và 15/12), Công an xã báo cáo.",
        (
            "trước ngày 15/3, 15/6, 15/9 và 15/12",
            "quarterly",
            [{"month": 3, "day": 15}, {"month": 6, "day": 15}, {"month": 9, "day": 15}, {"month": 12, "day": 15}],
            "before",
        ),
    ),
    (
        "1. Công an xã báo cáo 06 tháng trước ngày 10/6.",
        ("trước ngày 10/6", "semiannual", {"month": 6, "day": 10}, "before"),
    ),
    (
        "1. Hằng năm, Công an xã gửi kế hoạch trước ngày 31 tháng 3.",
        ("trước ngày 31 tháng 3", "annual", {"month": 3, "day": 31}, "before"),
    ),
    (
        "1. Công an xã tổng kết trước ngày 01/12 hàng năm.",
        ("trước ngày 01/12 hàng năm", "annual", {"month": 12, "day": 1}, "before"),
    ),
    (
        "1. Công an xã gửi quyết toán chậm nhất ngày 20 tháng 02 năm sau.",
        ("chậm nhất ngày 20 tháng 02 năm sau", "annual", {"month": 2, "day": 20}, "by"),
    ),
    ("1. Công an xã sơ kết vào tháng 6 hằng năm.", ("vào tháng 6 hằng năm", "annual", {"month": 6}, "within")),
    (
        "1. Công an xã gửi nhanh trước 16 giờ 00 ngày thứ Sáu hằng tuần.",
        (
            "trước 16 giờ 00 ngày thứ Sáu hằng tuần",
            "other_recurring",
            {"every": "week", "weekday": 5, "time": "16:00"},
            "before",
        ),
    ),
    (
        "1. Công an xã gửi nhanh vào chiều thứ Năm hằng tuần.",
        ("vào chiều thứ Năm hằng tuần", "other_recurring", {"every": "week", "weekday": 4}, "on"),
    ),
    (
        "1. Công an xã trực, báo cáo nhanh hằng ngày trước 16h30.",
        ("hằng ngày trước 16h30", "other_recurring", {"every": "day", "time": "16:30"}, "before"),
    ),
    # -- counted from something --
    (
        "1. Trong thời hạn 10 ngày làm việc kể từ ngày ban hành, Sở Y tế lập kế hoạch.",
        (
            "Trong thời hạn 10 ngày làm việc kể từ ngày ban hành",
            "once",
            {"working_days_after": 10, "event": "kể từ ngày ban hành"},
            "within",
        ),
    ),
    (
        "1. Sở Y tế báo cáo chậm nhất 05 ngày sau khi kết thúc đợt kiểm tra.",
        (
            "chậm nhất 05 ngày sau khi kết thúc đợt kiểm tra",
            "once",
            {"days_after": 5, "event": "sau khi kết thúc đợt kiểm tra"},
            "by",
        ),
    ),
    (
        "1. Sở Y tế gửi tài liệu trước 03 ngày tổ chức hội nghị.",
        ("trước 03 ngày tổ chức hội nghị", "once", {"days_before": 3, "event": "tổ chức hội nghị"}, "before"),
    ),
    (
        "1. Sau 07 ngày làm việc khi kết thúc năm học, nhà trường báo cáo.",
        (
            "Sau 07 ngày làm việc khi kết thúc năm học",
            "once",
            {"working_days_after": 7, "event": "khi kết thúc năm học"},
            "within",
        ),
    ),
]

SEVERAL: list[tuple[str, list[Told]]] = [
    (
        "1. Hằng năm, các sở báo cáo kết quả (báo cáo 06 tháng trước ngày 12/6; 01 năm trước ngày 12/12).",
        [
            ("trước ngày 12/6", "semiannual", {"month": 6, "day": 12}, "before"),
            ("trước ngày 12/12", "annual", {"month": 12, "day": 12}, "before"),
        ],
    ),
    (
        "1. Định kỳ 6 tháng, năm, các sở báo cáo trước ngày 15/6 và 15/12.",
        [
            ("trước ngày 15/6", "semiannual", {"month": 6, "day": 15}, "before"),
            ("15/12", "annual", {"month": 12, "day": 15}, "before"),
        ],
    ),
    (
        "1. Các sở báo cáo tháng (trước ngày 17), báo cáo quý (trước ngày"
        " 17 tháng cuối quý), báo cáo năm (trước ngày 17/12).",
        [
            ("trước ngày 17", "monthly", {"day": 17}, "before"),
            ("trước ngày 17 tháng cuối quý", "quarterly", {"day": 17, "of": "last month of quarter"}, "before"),
            ("trước ngày 17/12", "annual", {"month": 12, "day": 17}, "before"),
        ],
    ),
    (
        "1. Sở Y tế hoàn thành trước ngày 30/11/2023 và báo cáo kết quả trước ngày 05/12/2023.",
        [
            ("hoàn thành trước ngày 30/11/2023", "once", "2023-11-30", "before"),
            ("trước ngày 05/12/2023", "once", "2023-12-05", "before"),
        ],
    ),
]

NONE = [
    "1. Sở Y tế thực hiện Nghị định số 12/2021/NĐ-CP ngày 05/3/2021 của Chính phủ.",
    "1. Sở Y tế phổ biến Luật An toàn thử nghiệm ngày 19 tháng 6 năm 2025.",
    "1. Sở Y tế triển khai Công văn số 12/UBND-VX ngày 05/12/2023 của UBND tỉnh.",
    "1. Sở Y tế lập báo cáo (số liệu tính từ ngày 15 tháng trước đến ngày 14 của tháng báo cáo).",
    "1. Sở Y tế thực hiện đề án giai đoạn 2024 - 2027.",
    "1. Sở Y tế phấn đấu đến năm 2025 đạt 95%, tăng 1/2 so với năm 2023.",
    "1. Sở Y tế cấp 12.500.000 đồng, mã hồ sơ 15-11/2023/HS.",
    "1. Sở Y tế tiếp nhận các hồ sơ được phê duyệt trước ngày 01/01/2024.",
    "1. Ngày 15/8/2023, Sở Y tế đã báo cáo xong.",
    "1. Sở Y tế kế thừa kết quả đã hoàn thành trước ngày 30/6/2023.",
    "1. Quyết định này có hiệu lực kể từ ngày 01 tháng 12 năm 2023.",
    "1. Sở Y tế tuyên truyền dịp kỷ niệm ngày truyền thống 27/02.",
    "1. Sở Y tế phối hợp thường xuyên, chặt chẽ với các ngành.",
]


@pytest.mark.parametrize(("text", "expected"), ONE, ids=[text[:60] for text, _ in ONE])
def test_one_deadline_is_read(text: str, expected: Told) -> None:
    whole = document(text).text
    found = [told(duty, whole) for duty in duties_of(text)]
    assert found == [expected]


@pytest.mark.parametrize(("text", "expected"), SEVERAL, ids=[text[:60] for text, _ in SEVERAL])
def test_several_deadlines_of_one_sentence_are_kept_apart(text: str, expected: list[Told]) -> None:
    whole = document(text).text
    assert [told(duty, whole) for duty in duties_of(text)] == expected


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_deadline_is_left_alone(text: str) -> None:
    assert [duty for duty in duties_of(text) if duty.due is not None] == []


@pytest.mark.parametrize(
    "text",
    [
        "1. Sở Y tế tuyên truyền (thực hiện thường xuyên).",
        "1. Sở Y tế tuyên truyền. Thời gian thực hiện: thường xuyên.",
    ],
)
def test_a_duty_without_end_is_continuous(text: str) -> None:
    (duty,) = duties_of(text)
    assert (duty.kind.value, duty.due, duty.boundary) == ("continuous", None, None)


def test_every_year_without_a_day_is_listed_and_says_that_the_day_is_missing() -> None:
    (duty,) = duties_of("1. Hằng năm, Sở Tài chính tham mưu bố trí kinh phí.")
    assert (duty.kind.value, duty.due) == ("annual", None)
    assert "day" in [doubt.value for doubt in duty.doubts]


def test_a_plan_for_another_year_gives_its_year_to_days_without_one() -> None:
    head = HEAD.replace("trên địa bàn tỉnh", "năm 2024")
    (duty,) = duties_of("1. Sở Y tế gửi số liệu trước ngày 20/3.", head)
    assert duty.due == "2024-03-20"
    assert "year" in [doubt.value for doubt in duty.doubts]
