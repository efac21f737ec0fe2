"""Orders as plans and letters word them, where a word in front of the day has another meaning without its marks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reader.documents import HEAD, draft_of, duties_of

DATED: list[tuple[str, Any, str]] = [
    # what is decided by a day to come is ordered
    ("Sở Tư pháp tham mưu UBND tỉnh ban hành trước ngày 30/11/2023.", "2023-11-30", "before"),
    ("Sở Nội vụ xây dựng đề án, trình UBND tỉnh phê duyệt trước ngày 30/11/2023.", "2023-11-30", "before"),
    ("Sở Nội vụ hoàn thiện tờ trình, phê duyệt xong trước 30/11/2023.", "2023-11-30", "before"),
    ("Các xã thành lập tổ công tác trước ngày 15/10/2023.", "2023-10-15", "before"),
    ("Sở Tư pháp công bố danh mục văn bản hết hiệu lực trước ngày 31/10/2023.", "2023-10-31", "before"),
    ("Sở Nội vụ nâng cao hiệu lực, hiệu quả quản lý, báo cáo trước ngày 31/10/2023.", "2023-10-31", "before"),
    # "học sinh", "tuyển sinh", "vệ sinh" are not born, "Đà Nẵng", "bóng đá" are not past
    ("Các trường tổ chức khám sức khỏe cho học sinh trước ngày 15/11/2023.", "2023-11-15", "before"),
    ("Sở Giáo dục và Đào tạo hoàn thành công tác tuyển sinh trước ngày 31/12/2023.", "2023-12-31", "before"),
    ("Các xã ra quân tổng vệ sinh môi trường trước ngày 28/10/2023.", "2023-10-28", "before"),
    ("Sở Nội vụ báo cáo UBND thành phố Đà Nẵng trước ngày 10/12/2023.", "2023-12-10", "before"),
    ("Các xã tổ chức giải bóng đá thiếu niên trước ngày 30/11/2023.", "2023-11-30", "before"),
    # "tỉnh" counts nothing
    (
        "Công an tỉnh mở đợt cao điểm trên địa bàn tỉnh từ ngày 01/11/2023 đến ngày 30/11/2023.",
        {"from": "2023-11-01", "to": "2023-11-30"},
        "within",
    ),
    ("Sở Y tế mở lớp cấp tỉnh từ ngày 10 đến ngày 15/11/2023.", {"from": "2023-11-10", "to": "2023-11-15"}, "within"),
    # from now on, at an hour, a bare day to come
    ("Từ nay đến ngày 31/12/2023, Công an tỉnh mở đợt tuyên truyền.", "2023-12-31", "by"),
    ("Từ nay đến hết năm 2023, Sở Y tế hoàn thành việc rà soát.", "2023", "by"),
    ("Từ nay đến trước ngày 30/11/2023, các xã tổ chức hội nghị.", "2023-11-30", "before"),
    ("Sở Y tế tổ chức lễ phát động vào lúc 8 giờ 00 ngày 07/11/2023.", "2023-11-07", "on"),
    ("Sở Y tế tổ chức họp ngày 25/10/2023.", "2023-10-25", "on"),
    ("Ngày 25/10/2023: tổ chức thi viết.", "2023-10-25", "on"),
    # lists of months and quarters, parts of them
    ("Quý IV/2023: hoàn thành kết nối.", "2023-Q4", "within"),
    ("Tháng 11/2023: vận hành chính thức.", "2023-11", "within"),
    ("Trong 10 ngày đầu tháng 11/2023, Sở Y tế kiểm tra.", "2023-11", "within"),
    ("Sở Y tế tập huấn, dự kiến vào tuần 2 tháng 11/2023.", "2023-11", "within"),
    ("Sở Y tế tổ chức hội thi diễn ra từ tháng 11 đến hết tháng 12.", {"from": "2023-11", "to": "2023-12"}, "within"),
    ("Thời gian thực hiện: Năm 2024 và các năm tiếp theo.", "2024", "within"),
    # how often stands in front of the day
    ("Hằng tháng, trước ngày 20, Công an huyện gửi báo cáo về Công an tỉnh.", {"day": 20}, "before"),
    (
        "Hằng tuần, trước 15 giờ thứ Năm, Công an huyện gửi báo cáo.",
        {"every": "week", "weekday": 4, "time": "15:00"},
        "before",
    ),
    (
        "Phòng Tham mưu gửi báo cáo tuần trước 10h00 thứ Sáu.",
        {"every": "week", "weekday": 5, "time": "10:00"},
        "before",
    ),
    ("Hạn cuối nộp hồ sơ dự thi: 17h00 ngày 15/11/2023.", "2023-11-15", "by"),
    ("Trung tuần tháng 11/2023, Đoàn kiểm tra làm việc tại xã.", "2023-11", "within"),
    (
        "Sau khi kết thúc đợt cao điểm 05 ngày, các đơn vị báo cáo.",
        {"days_after": 5, "event": "Sau khi kết thúc đợt cao điểm"},
        "within",
    ),
    (
        "Gửi tài liệu trước hội nghị ít nhất 03 ngày làm việc.",
        {"working_days_before": 3, "event": "trước hội nghị"},
        "within",
    ),
    (
        "Chậm nhất sau 03 ngày kết thúc hội nghị, các đơn vị gửi báo cáo.",
        {"days_after": 3, "event": "kết thúc hội nghị"},
        "by",
    ),
]

NOT_DATED = [
    "Năm 2024: 500 triệu đồng.",
    "Ngày 30/11/2023 là ngày hết hạn hợp đồng.",
    "Đường dây nóng hoạt động từ 7h00 đến 22h00 hằng ngày.",
    "Sở Y tế trực 24/24 giờ hằng ngày.",
    "Sở Y tế thực hiện Hướng dẫn về hạn chế rủi ro số 15-12/2023/HD.",
    "Sở Y tế xử lý dứt điểm các hồ sơ phát sinh trước ngày 01/12/2023.",
    "Sở Y tế cấp thẻ cho công dân sinh trước ngày 01/01/2010.",
    "Sở Y tế tiếp tục các dự án đã được phê duyệt trước ngày 01/12/2023.",
    "Sở Y tế xử lý hồ sơ quá hạn trước ngày 01/12/2023.",
    "Luật mẫu có hiệu lực thi hành từ ngày 01/12/2023.",
    "Đề án phát triển mạng lưới y tế từ nay đến năm 2030 được triển khai đồng bộ.",
    "Sở Y tế trực trong dịp nghỉ Lễ 30/4 và 01/5/2024.",
    "Đại biểu nhiệm kỳ từ ngày 01/6/2021 đến ngày 31/5/2026.",
    "Tiếp đó, ngày 05/10/2023, UBND tỉnh đã ký quyết định.",
    "Sở Y tế lấy số liệu tính từ ngày 15/11/2023 đến ngày 14/12/2023.",
]


@pytest.mark.parametrize(("text", "due", "boundary"), DATED, ids=[text[:60] for text, _, _ in DATED])
def test_an_order_with_a_day_is_proposed(text: str, due: object, boundary: str) -> None:
    assert [(duty.due, duty.boundary) for duty in duties_of(f"1. {text}")] == [(due, boundary)]


@pytest.mark.parametrize("text", NOT_DATED)
def test_a_day_that_only_says_which_is_no_order(text: str) -> None:
    assert [duty.due for duty in duties_of(f"1. {text}") if duty.due is not None] == []


@pytest.mark.parametrize(
    "text",
    [
        "Thường xuyên kiểm tra, đôn đốc các xã.",
        "Sở Y tế tuyên truyền đến từng hộ. Thực hiện thường xuyên.",
        "Sở Y tế tuyên truyền đến từng hộ; thực hiện thường xuyên, liên tục.",
    ],
)
def test_what_is_always_to_be_done_is_a_duty_without_end(text: str) -> None:
    (duty,) = duties_of(f"1. {text}")
    assert (duty.kind, duty.due) == ("continuous", None)


def test_a_year_as_a_heading_holds_for_the_items_below() -> None:
    text = (
        "1. Năm 2024\na) Quý I: kiện toàn Ban Chỉ đạo.\nb) Sở Y tế tập huấn xong trước ngày 30/6.\n"
        "2. Năm 2025\n- Trước ngày 31/12: Sở Tư pháp số hóa sổ sách.\n"
    )
    assert [duty.due for duty in duties_of(text)] == ["2024-Q1", "2024-06-30", "2025-12-31"]


def test_a_year_on_a_line_of_its_own_holds_for_the_list_behind() -> None:
    text = "1. Lộ trình thực hiện\nNăm 2024:\n- Tháng 3: Sở Y tế tập huấn.\nNăm 2025:\n- Tháng 3: Sở Y tế tổng kết.\n"
    assert [duty.due for duty in duties_of(text)] == ["2024-03", "2025-03"]


def test_a_plan_for_the_next_year_signed_early_names_days_of_its_own_year() -> None:
    head = HEAD.replace("02 tháng 10", "02 tháng 8").replace("trên địa bàn tỉnh", "năm 2024")
    text = "1. Sở Y tế rà soát trước ngày 08/10.\n2. Sở Y tế tổng kết trước ngày 20/02.\n"
    assert [duty.due for duty in duties_of(text, head)] == ["2023-10-08", "2024-02-20"]


WHO: list[tuple[str, list[str]]] = [
    (
        "Trong thời hạn 03 ngày làm việc kể từ ngày tiếp nhận, Công an cấp xã, đơn vị quân đội lập hồ sơ.",
        ["Công an cấp xã", "đơn vị quân đội"],
    ),
    (
        "Trong thời hạn 05 ngày kể từ ngày nhận được văn bản, Trưởng Công an cấp xã phân công người quản lý.",
        ["Trưởng Công an cấp xã"],
    ),
    (
        "Hằng quý, trước ngày 20 của tháng cuối quý, Công an huyện gửi báo cáo.",
        ["Công an huyện"],
    ),
    ("Các cấp Công đoàn báo cáo trước ngày 10/11/2023.", ["Các cấp Công đoàn"]),
    ("Thí sinh đăng ký trước ngày 10/11/2023.", ["Thí sinh"]),
    (
        "Chỉ huy các Đội, Trưởng Công an các xã báo cáo trước ngày 10/11/2023.",
        ["Chỉ huy các Đội", "Trưởng Công an các xã"],
    ),
    ("Đại hội Đảng bộ xã An Sơn hoàn thành trước ngày 10/11/2023.", ["Đảng bộ xã An Sơn"]),
    ("Sở Giao thông-Vận tải, Công an tỉnh báo cáo trước ngày 10/11/2023.", ["Sở Giao thông-Vận tải", "Công an tỉnh"]),
    ("Đối với cán bộ thuộc diện quản lý: gửi bản kê khai trước ngày 10/11/2023.", ["cán bộ thuộc diện quản lý"]),
    (
        "Từ ngày 05/11/2023 đến ngày 10/11/2023, tổ chức phúc tra. Ban Chỉ huy Quân sự xã chủ trì cùng Công an xã.",
        ["Ban Chỉ huy Quân sự xã"],
    ),
    (
        "Về phòng, chống thiên tai: Ban Chỉ huy Quân sự xã lập phương án trước ngày 30/11/2023.",
        ["Ban Chỉ huy Quân sự xã"],
    ),
    ("Đoàn trường tổ chức hội thi trước ngày 10/11/2023.", ["Đoàn trường"]),
    ("Giáo viên bộ môn\n- Cập nhật điểm vào sổ trước ngày 10/11/2023.", ["Giáo viên bộ môn"]),
    ("Giảng viên chấm thi bàn giao phiếu về khoa trước ngày 10/11/2023.", ["Giảng viên chấm thi"]),
    ("Trưởng khoa phân công cán bộ chấm thi trước ngày 10/11/2023.", ["Trưởng khoa"]),
    ("Các Tổ kiểm soát dịch tại các thôn báo cáo trước ngày 10/11/2023.", ["Các Tổ kiểm soát dịch tại các thôn"]),
    ("Đối với UBND các huyện, đề nghị hoàn thành trước ngày 10/11/2023.", ["UBND các huyện"]),
    ("Cấp huyện và cấp xã: tổ chức xong trước ngày 10/11/2023.", ["Cấp huyện và cấp xã"]),
    ("Báo cáo gửi về: Phòng Nghiệp vụ Y, Sở Y tế; hạn cuối: 10/11/2023.", []),
    ("Phòng Đào tạo thông báo kết quả trước ngày 10/11/2023.", ["Phòng Đào tạo"]),
    ("Sở Tài chính giao dự toán cho các đơn vị trước ngày 31/12/2023.", ["Sở Tài chính"]),
    (
        "Tổ chức hội nghị tổng kết trước ngày 10/12/2023.\nCơ quan chủ trì: Sở Y tế.\nCơ quan phối hợp: Sở Tư pháp.",
        ["Sở Y tế"],
    ),
]


@pytest.mark.parametrize(("text", "who"), WHO, ids=[text[:60] for text, _ in WHO])
def test_whoever_acts_is_named(text: str, who: list[str]) -> None:
    (duty,) = duties_of(f"1. {text}")
    assert [body.name for body in duty.agencies] == who


def test_a_heading_of_those_who_preside_holds_for_the_time_behind_it() -> None:
    text = (
        "1. Nội dung\na) Mở lớp tập huấn.\n2. Cơ quan chủ trì\na) Cơ quan chủ trì\n- Sở Y tế.\n- Sở Tư pháp.\n"
        "b) Cơ quan phối hợp\n- Sở Nội vụ.\n3. Thời gian thực hiện: Tháng 11/2023.\n"
    )
    (duty,) = duties_of(text)
    assert [body.name for body in duty.agencies] == ["Sở Y tế", "Sở Tư pháp"]


def test_two_levels_of_one_sentence_have_their_own_days() -> None:
    text = "1. Cấp xã hoàn thành trước ngày 10/11/2023, cấp huyện hoàn thành trước ngày 20/11/2023."
    found = [([body.name for body in duty.agencies], duty.due) for duty in duties_of(text)]
    assert found == [(["Cấp xã"], "2023-11-10"), (["cấp huyện"], "2023-11-20")]


TO: list[tuple[str, list[str]]] = [
    ("Sinh viên nộp đơn tại Phòng Đào tạo trước ngày 10/11/2023.", ["Phòng Đào tạo"]),
    ("Các đơn vị đăng ký danh sách với Sở Nội vụ trước ngày 10/11/2023.", ["Sở Nội vụ"]),
    (
        "Các xã lập danh sách gửi UBND huyện.\nThời gian hoàn tất: trước ngày 10/11/2023.",
        ["UBND huyện"],
    ),
    ("Đội Tham mưu báo cáo đồng chí Trưởng Công an huyện trước ngày 10/11/2023.", ["Trưởng Công an huyện"]),
    ("Tiểu ban Văn kiện gửi xin ý kiến các chi bộ trước ngày 10/11/2023.", ["các chi bộ"]),
    ("Văn phòng Đảng ủy báo cáo tiến độ với Ban Thường vụ Đảng ủy trước ngày 10/11/2023.", ["Ban Thường vụ Đảng ủy"]),
    ("Sở Y tế cấp phát tài liệu cho Trung tâm Y tế các huyện trước ngày 10/11/2023.", ["Trung tâm Y tế các huyện"]),
]


@pytest.mark.parametrize(("text", "to"), TO, ids=[text[:60] for text, _ in TO])
def test_whoever_gets_it_is_named(text: str, to: list[str]) -> None:
    (duty,) = duties_of(f"1. {text}")
    assert [body.name for body in duty.recipients] == to


def test_two_days_of_one_sentence_may_have_two_receivers() -> None:
    text = "1. Sở Nội vụ trình Thường trực Tỉnh ủy (trước ngày 10/11/2023), báo cáo UBND tỉnh trước ngày 20/11/2023."
    found = [[body.name for body in duty.recipients] for duty in duties_of(text)]
    assert found == [["Thường trực Tỉnh ủy"], ["UBND tỉnh"]]


def test_the_unit_that_follows_a_plan_up_may_be_called_a_section() -> None:
    lead = draft_of("1. Ban Phong trào là bộ phận theo dõi, đôn đốc, báo cáo Ban Thường trực.").facts.lead
    assert lead is not None
    assert lead.value.name == "Ban Phong trào"
