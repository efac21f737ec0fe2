"""Bodies named in text. The phrases are terms of official letters and texts of our own."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.text import fold
from reader.bodies import mentions, split
from reader.bodies.toned import Toned
from reader.document import Span

WHOLE_NAMES = [
    "Sở Lao động - Thương binh và Xã hội",
    "Sở Văn hóa, Thể thao và Du lịch",
    "Sở Nông nghiệp và Môi trường",
    "SỞ TÀI CHÍNH",
    "Sở LĐ-TB&XH",
    "Sở NN&PTNT",
    "Phòng NN và PTNT",
    "Phòng Kinh tế, Hạ tầng và Đô thị phường",
    "Phòng Văn hóa - Xã hội",
    "Phòng PC10",
    "Phòng Sau đại học",
    "Phòng Cảnh sát thi hành án hình sự và hỗ trợ tư pháp",
    "Bộ Công an",
    "Bộ Chỉ huy Quân sự tỉnh",
    "Ngân hàng Chính sách xã hội chi nhánh tỉnh Sơn La",
    "Chi nhánh Ngân hàng Chính sách xã hội tỉnh",
    "Phòng giao dịch Ngân hàng CSXH Ba Tơ",
    "NHCSXH tỉnh",
    "Kho bạc Nhà nước",
    "Ủy ban bầu cử tỉnh",
    "Ủy ban An toàn giao thông Quốc gia",
    "Bảo hiểm xã hội tỉnh",
    "Cục Thuế tỉnh",
    "Cục Thi hành án dân sự",
    "Chi cục Kiểm lâm",
    "Hạt Kiểm lâm huyện",
    "Tổng cục Thống kê",
    "Vụ Pháp chế",
    "Viện KSND tỉnh",
    "TAND tỉnh",
    "Tòa án nhân dân khu vực 3",
    "HĐND tỉnh",
    "ỦY BAN NHÂN DÂN TỈNH SƠN LA",
    "Văn phòng UBND tỉnh",
    "Văn phòng HĐND và UBND xã",
    "Thường trực HĐND thị xã",
    "Ban Thường vụ Tỉnh ủy",
    "Ban Tuyên giáo Tỉnh ủy",
    "Đảng ủy Công an tỉnh",
    "Ủy ban Kiểm tra Đảng ủy",
    "Ban Quản lý dự án đầu tư xây dựng tỉnh",
    "Ban Chỉ đạo 389 tỉnh",
    "Ban Chỉ đạo phòng, chống tội phạm tỉnh",
    "Tổ công tác liên ngành",
    "Tiểu ban Nội dung",
    "Hội đồng Thi đua - Khen thưởng xã",
    "Đoàn TNCS Hồ Chí Minh",
    "Tỉnh đoàn",
    "Hội LHPN",
    "Liên đoàn Lao động tỉnh",
    "Ủy ban Mặt trận Tổ quốc Việt Nam thị xã",
    "Đài Phát thanh và Truyền hình tỉnh",
    "Báo Lạng Sơn",
    "Trường THPT Nguyễn Trãi",
    "Trường Đại học Tây Bắc",
    "Ban Giám hiệu",
    "Bệnh viện Đa khoa tỉnh",
    "Công ty Điện lực Sơn La",
    "Trung tâm Phục vụ hành chính công xã",
    "Cơ quan thi hành án hình sự Công an thị xã",
    "CAT",
    "Giám đốc Sở Tài chính",
    "Bộ trưởng Bộ Công an",
    "Trưởng Công an xã",
    "Trưởng phòng Kế hoạch Tổng hợp",
    "Chánh Văn phòng UBND tỉnh",
    "Bí thư chi bộ",
    "Chánh Văn phòng HĐND và UBND xã",
    "Cục Khoa học, Công nghệ và Thông tin",
    "Trung tâm Đổi mới sáng tạo quốc gia",
    "Hội đồng Bầu cử quốc gia",
    "Ban Thường vụ Huyện ủy Châu Phú",
    "UBND TP. Vinh",
    "Sở VH,TT&DL",
]
COLLECTIVE_NAMES = [
    "Công an các xã, phường, thị trấn",
    "UBND các huyện, thị xã, thành phố",
    "UBND các huyện: Văn Lãng, Tràng Định và thành phố Lạng Sơn",
    "Chủ tịch UBND cấp xã",
    "Các sở, ban, ngành, đoàn thể tỉnh",
    "các cơ quan, đơn vị, địa phương",
    "các cơ quan, đơn vị có liên quan",
    "Thủ trưởng các sở, ban, ngành",
    "Thủ trưởng cơ quan, đơn vị",
    "Thủ trưởng các đơn vị thuộc, trực thuộc Bộ Y tế",
    "các Bộ, cơ quan ngang Bộ, cơ quan thuộc Chính phủ",
    "các phòng, ban, đơn vị trực thuộc Sở",
    "Trưởng các phòng",
    "các Khoa, Phòng",
    "các cơ sở giáo dục",
    "Hiệu trưởng các trường tiểu học, THCS trên địa bàn huyện",
    "các đồn Biên phòng",
    "các chi bộ trực thuộc Đảng ủy",
    "Cấp ủy, chính quyền các cấp",
    "các tổ chức chính trị - xã hội",
    "Công an 12 huyện, thành phố",
    "trưởng các thôn, bản",
    "các phòng Giáo dục và Đào tạo",
    "UBND các tỉnh, thành phố trực thuộc Trung ương",
    "các cấp, các ngành",
]
NO_BODIES = [
    "người chấp hành xong án phạt tù",
    "Ban hành kèm theo",
    "xây dựng lực lượng Công an nhân dân",
    "Bộ luật Hình sự",
    "Sở dĩ có việc đó",
    "báo cáo kết quả",
    "Hội nghị tổng kết",
    "công tác phòng, chống tội phạm",
    "Phòng, chống thiên tai",
    "phòng ngừa xã hội",
    "đoàn viên, hội viên",
    "cục bộ",
    "văn phòng phẩm",
    "cơ sở giáo dục",
    "TRỤ SỞ LÀM VIỆC",
    "môi trường mạng; thị trường lao động",
    "nhiệm vụ tài chính, dịch vụ công",
    "Đề án, Chương trình, Kế hoạch",
    "số 12/KH-UBND",
    "Số: 12 /KH-UBND",
    "văn bản 25/HD-VKSTC",
    "thông tư liên tịch số 1/TTLT-BCA-BQP-VKSNDTC",
    "Lưu: VP, NC",
    "mã bệnh A36",
    "công tác thi hành án dân sự",
    "nhân dân và xã hội",
]


def whole(text: str) -> Span:
    return Span(0, len(text))


def named(text: str) -> list[str]:
    return [body.name for body in mentions(text, whole(text))]


def parts(text: str) -> list[str]:
    return [body.name for body in split(text, whole(text))]


@pytest.mark.parametrize("name", WHOLE_NAMES)
def test_one_body_is_found_whole_within_a_sentence(name: str) -> None:
    text = f"Kết quả do {name} chủ trì thực hiện, tổng hợp."
    (body,) = mentions(text, whole(text))
    assert (body.name, body.span.of(text), body.group) == (name, name, False)


@pytest.mark.parametrize("name", COLLECTIVE_NAMES)
def test_a_collective_name_is_one_group(name: str) -> None:
    text = f"Kết quả do {name} chủ trì thực hiện, tổng hợp."
    (body,) = mentions(text, whole(text))
    assert (body.name, body.span.of(text), body.group) == (name, name, True)


@pytest.mark.parametrize("text", NO_BODIES)
def test_everyday_words_are_no_bodies(text: str) -> None:
    assert named(f"Tăng cường {text} trong năm nay.") == []


def test_a_row_of_bodies_falls_into_its_members() -> None:
    text = "Sở Nội vụ, Sở Y tế và Công an tỉnh; các sở, ban, ngành tỉnh; UBND các huyện, thành phố."
    assert named(text) == [
        "Sở Nội vụ", "Sở Y tế", "Công an tỉnh", "các sở, ban, ngành tỉnh", "UBND các huyện, thành phố",
    ]  # fmt: skip
    assert [body.group for body in mentions(text, whole(text))] == [False, False, False, True, True]


def test_a_front_and_its_organisations_are_two() -> None:
    text = "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh và các tổ chức chính trị - xã hội"
    assert named(text) == ["Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", "các tổ chức chính trị - xã hội"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Các Sở: Nội vụ, Tài chính, Y tế và Công an tỉnh", ["Sở Nội vụ", "Sở Tài chính", "Sở Y tế", "Công an tỉnh"]),
        ("các Sở: TC, KH&ĐT, NN&PTNT;", ["Sở TC", "Sở KH&ĐT", "Sở NN&PTNT"]),
        ("Sở Nội vụ, Tài chính, Y tế", ["Sở Nội vụ", "Sở Tài chính", "Sở Y tế"]),
        ("Bộ: Công an, Quốc phòng", ["Bộ Công an", "Bộ Quốc phòng"]),
    ],
)
def test_a_shared_head_word_is_given_to_every_member(text: str, expected: list[str]) -> None:
    assert named(text) == expected


def test_a_member_behind_a_shared_head_word_stands_where_its_own_words_stand() -> None:
    text = "giao các Sở: Nội vụ, Y tế"
    first, second = mentions(text, whole(text))
    assert (first.span.of(text), second.span.of(text)) == ("Nội vụ", "Y tế")


def test_places_count_in_the_whole_text_not_in_the_stretch() -> None:
    text = "Đầu câu. Giao Sở Y tế chủ trì. Sở Nội vụ phối hợp."
    (body,) = mentions(text, Span(9, 29))
    assert body.span.of(text) == "Sở Y tế"


def test_line_breaks_and_markdown_stand_in_the_place_but_not_in_the_name() -> None:
    text = "gửi **Sở Lao động -\nThương binh và Xã hội** trước ngày 10"
    (body,) = mentions(text, whole(text))
    assert body.name == "Sở Lao động - Thương binh và Xã hội"
    assert body.span.of(text) == "Sở Lao động -\nThương binh và Xã hội"


def test_a_name_ends_at_an_empty_line() -> None:
    assert named("1. Công an tỉnh\n\nSơn La là nơi thực hiện.") == ["Công an tỉnh"]


def test_a_heading_in_capitals_ends_where_the_text_beside_it_begins() -> None:
    assert named("TRƯỜNG THCS HỒNG ĐỨC Độc lập - Tự do") == ["TRƯỜNG THCS HỒNG ĐỨC"]
    assert named("ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") == ["ỦY BAN NHÂN DÂN"]


def test_a_blank_that_was_lost_before_a_name_is_no_matter() -> None:
    text = "hằng quý báo cáoỦy ban nhân dân cùng cấp"
    (body,) = mentions(text, whole(text))
    assert body.span.of(text) == "Ủy ban nhân dân cùng cấp"


def test_a_group_ends_where_a_body_with_its_own_name_begins() -> None:
    assert named("các đơn vị, Sở Tài chính và Sở Y tế") == ["các đơn vị", "Sở Tài chính", "Sở Y tế"]


def test_the_own_house_is_a_body_where_the_word_before_takes_a_receiver() -> None:
    assert named("Các phòng báo cáo về Sở hằng tuần. Sở dĩ có việc đó.") == ["Các phòng", "Sở"]


def test_a_capital_on_the_next_line_begins_something_else() -> None:
    assert named("1. Phòng Nội vụ tổng hợp số liệu\nTham mưu Chủ tịch") == ["Phòng Nội vụ"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", ["Ủy ban nhân dân phường Hòa Bình", "Uỷ ban nhân dân phường Hoà Bình"])
def test_both_ways_of_writing_marks_and_tones_are_read(form: str, text: str) -> None:
    written = unicodedata.normalize(form, f"Giao {text} báo cáo.")  # type: ignore[arg-type]
    (body,) = mentions(written, whole(written))
    assert body.name == text
    assert unicodedata.normalize("NFC", body.span.of(written)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cong an tinh", ["Cong an tinh"]),
        (
            "Giao So Tai chinh chu tri, phoi hop voi cac so, nganh lien quan",
            ["So Tai chinh", "cac so, nganh lien quan"],
        ),
        ("UBND céc huyén, thanh phé", ["UBND céc huyén, thanh phé"]),
        ("S6¢ Tai chinh tham muu", ["S6¢ Tai chinh"]),
        ("Ngén hang Chinh sach x& hoi chi nhanh tinh", ["Ngén hang Chinh sach x& hoi chi nhanh tinh"]),
        ("dong thoi can bo, cong chuc cua tinh co so vat chat", []),
    ],
)
def test_lost_and_damaged_marks_are_read_and_shown_as_they_stand(text: str, expected: list[str]) -> None:
    assert named(text) == expected


def test_a_text_without_marks_names_the_same_bodies() -> None:
    text = " ".join(
        f"{number}. Giao {name} chủ trì;" for number, name in enumerate((*WHOLE_NAMES, *COLLECTIVE_NAMES), 1)
    )
    lost = "".join(
        c
        for c in unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
        if not unicodedata.combining(c)
    )
    marked, bare = [fold(n) for n in named(text)], {fold(n) for n in named(lost)}
    found = sum(name in bare for name in marked)
    assert found / len(marked) > 0.75, [name for name in marked if name not in bare]


def test_bodies_that_are_only_asked_are_marked_and_the_next_order_is_not() -> None:
    text = "Đề nghị Viện kiểm sát nhân dân tỉnh, Tòa án nhân dân tỉnh phối hợp. Giao Sở Tư pháp hướng dẫn."
    assert [(b.name, b.requested) for b in mentions(text, whole(text))] == [
        ("Viện kiểm sát nhân dân tỉnh", True),
        ("Tòa án nhân dân tỉnh", True),
        ("Sở Tư pháp", False),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trách nhiệm của các sở, ban, ngành", ["các sở, ban, ngành"]),
        ("Giao Sở Tư pháp", ["Sở Tư pháp"]),
        ("Sở Y tế; UBND cấp xã", ["Sở Y tế", "UBND cấp xã"]),
        ("3. Phòng Kinh tế:", ["Phòng Kinh tế"]),
        ("Cơ quan chủ trì: Sở Y tế", ["Sở Y tế"]),
        ("Sở Y tế (chủ trì), Sở Nội vụ", ["Sở Y tế", "Sở Nội vụ"]),
        ("Sở, ngành liên quan", ["Sở, ngành liên quan"]),
        ("Đơn vị liên quan", ["Đơn vị liên quan"]),
        ("Văn phòng", ["Văn phòng"]),
        ("Sở Tài chính có trách nhiệm", ["Sở Tài chính"]),
        ("Giáo viên, học sinh", ["Giáo viên", "học sinh"]),
        ("Sở Y tế; Trang thông tin điện tử tỉnh", ["Sở Y tế", "Trang thông tin điện tử tỉnh"]),
        ("- Sở Nội vụ\n- Sở Y tế", ["Sở Nội vụ", "Sở Y tế"]),
        (
            "Nhiệm vụ của tổ chức, cá nhân được giao giúp đỡ người vay",
            ["tổ chức, cá nhân được giao giúp đỡ người vay"],
        ),
        ("Công tác tuyên truyền", []),
        ("Tổ chức thực hiện", []),
        ("Hội nghị sơ kết", []),
        ("Sở Tài chính tham mưu bố trí kinh phí", []),
        ("Công an tỉnh chủ trì, phối hợp với Sở Y tế", []),
        ("", []),
    ],
)
def test_a_heading_or_cell_of_bodies_is_split_and_any_other_is_not(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


def test_a_heading_that_asks_marks_every_body() -> None:
    text = "5. Đề nghị Ủy ban MTTQ Việt Nam xã và Hội Nông dân, Đoàn Thanh niên xã"
    assert [(b.name, b.requested) for b in split(text, whole(text))] == [
        ("Ủy ban MTTQ Việt Nam xã", True),
        ("Hội Nông dân", True),
        ("Đoàn Thanh niên xã", True),
    ]


@given(st.text(alphabet="Sở àà̀ạUBND*_\n\t ,;-–&/(.)Côngtỉhđề6¢́", max_size=60))
def test_any_text_gives_places_in_order_that_do_not_overlap(text: str) -> None:
    toned = Toned(text, base=7)
    assert [toned.span(i, i + 1).start for i in range(len(toned.text))] == sorted(
        toned.span(i, i + 1).start for i in range(len(toned.text))
    )
    end = 0
    for body in (*mentions(text, whole(text)),):
        assert end <= body.span.start < body.span.end <= len(text)
        end = body.span.end
    split(text, whole(text))


@pytest.mark.parametrize(
    "text",
    [
        "Trưởng phòng tổng hợp, trình Lãnh đạo Ban vào ngày cuối tháng.",
        "Phó trưởng phòng kiểm tra hồ sơ trong tuần.",
    ],
)
def test_what_the_head_of_a_section_does_is_no_name_of_the_section(text: str) -> None:
    assert not [name for name in named(text) if "phòng" in name.lower()]


def test_a_section_named_after_its_work_is_found_where_its_name_is_written() -> None:
    assert named("Giao Phòng Tổng hợp rà soát.") == ["Phòng Tổng hợp"]
    assert named("Giao phòng tổng hợp của Sở Y tế rà soát.") == ["phòng tổng hợp của Sở Y tế"]


@given(st.sampled_from(WHOLE_NAMES), st.sampled_from(COLLECTIVE_NAMES), st.data())
def test_names_survive_broken_lines(first: str, second: str, data: st.DataObject) -> None:
    text = f"Việc này giao {first} phối hợp với {second} thực hiện trong năm nay."
    blanks = [m.start() for m in re.finditer(r" (?=[a-zà-ỹ])", text)]
    at = data.draw(st.sampled_from(blanks))
    broken = text[:at] + "\n" + text[at + 1 :]
    assert [b.name for b in mentions(broken, whole(broken))] == named(text)


def test_a_long_document_is_read_in_linear_time() -> None:
    """Absolute times belong to the benchmarks; here only that ten times the text needs not a hundred times the time."""
    piece = "Giao Sở Tài chính chủ trì, phối hợp với các sở, ban, ngành và UBND các huyện, thành phố thực hiện. " * 20
    named(piece)
    spent = []
    for text in (piece, piece * 10):
        began = time.process_time()
        named(text)
        spent.append(time.process_time() - began)
    assert spent[1] < 40 * max(spent[0], 0.002)
