"""Who issued the act, with the full official name where it can be derived, and on which level."""

from __future__ import annotations

import pytest

from tests.reader.facts.papers import BODY, HEAD, bare, facts, flat, head, value

MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"


@pytest.mark.parametrize(
    ("top", "place", "issuer", "level"),
    [
        ("ỦY BAN NHÂN DÂN\nTỈNH SƠN LA", "Sơn La", "Ủy ban nhân dân tỉnh Sơn La", "province"),
        ("UỶ BAN NHÂN DÂN\nTHÀNH PHỐ HÀ NỘI", "Hà Nội", "Ủy ban nhân dân thành phố Hà Nội", "province"),
        ("UBND TP HẢI PHÒNG", "Hải Phòng", "Ủy ban nhân dân thành phố Hải Phòng", "province"),
        ("ỦY BAN NHÂN DÂN\nTHÀNH PHỐ VINH", "Vinh", "Ủy ban nhân dân thành phố Vinh", "district"),
        ("UBND THỊ XÃ CỬA LÒ", "Cửa Lò", "Ủy ban nhân dân thị xã Cửa Lò", "district"),
        ("ỦY BAN NHÂN DÂN\nHUYỆN YÊN LẬP", "Yên Lập", "Ủy ban nhân dân huyện Yên Lập", "district"),
        ("UBND HUYỆN YÊN LẬP\nỦY BAN NHÂN DÂN\nXÃ MỸ LUNG", "Mỹ Lung", "Ủy ban nhân dân xã Mỹ Lung", "commune"),
        ("ỦY BAN NHÂN DÂN\nPHƯỜNG CỬA NAM", "Cửa Nam", "Ủy ban nhân dân phường Cửa Nam", "commune"),
        ("ỦY BAN NHÂN DÂN\nĐẶC KHU CÔ TÔ", "Cô Tô", "Ủy ban nhân dân đặc khu Cô Tô", "commune"),
        ("HỘI ĐỒNG NHÂN DÂN\nTỈNH SƠN LA", "Sơn La", "Hội đồng nhân dân tỉnh Sơn La", "province"),
        ("BỘ CÔNG AN\nCÔNG AN TỈNH SƠN LA", "Sơn La", "Công an tỉnh Sơn La", "province"),
        ("UBND TỈNH SƠN LA\nCÔNG AN TỈNH", "Sơn La", "Công an tỉnh Sơn La", "province"),
        ("UBND TỈNH SƠN LA\nSỞ GIÁO DỤC VÀ ĐÀO TẠO", "Sơn La", "Sở Giáo dục và Đào tạo tỉnh Sơn La", "department"),
        (
            "UBND TỈNH SƠN LA\nSỞ LAO ĐỘNG - THƯƠNG BINH\nVÀ XÃ HỘI", "Sơn La",
            "Sở Lao động - Thương binh và Xã hội tỉnh Sơn La", "department",
        ),
        (
            "UBND HUYỆN YÊN LẬP\nPHÒNG GIÁO DỤC VÀ ĐÀO TẠO", "Yên Lập",
            "Phòng Giáo dục và Đào tạo huyện Yên Lập", "district",
        ),
        ("BỘ Y TẾ", "Hà Nội", "Bộ Y tế", "ministry"),
        ("BỘ TÀI CHÍNH\nBẢO HIỂM XÃ HỘI VIỆT NAM", "Hà Nội", "Bảo hiểm xã hội Việt Nam", "ministry"),
        ("VĂN PHÒNG CHÍNH PHỦ", "Hà Nội", "Văn phòng Chính phủ", "ministry"),
        ("THỦ TƯỚNG CHÍNH PHỦ", "Hà Nội", "Thủ tướng Chính phủ", "government"),
        (
            "SỞ GDĐT TỈNH ĐỒNG THÁP\nTRƯỜNG TIỂU HỌC HOA SEN", "Đồng Tháp",
            "Trường Tiểu học Hoa Sen tỉnh Đồng Tháp", "school",
        ),
        ("ĐẢNG BỘ TỈNH KHÁNH HÒA\nĐẢNG ỦY XÃ CÔNG HẢI\n*", "Công Hải", "Đảng ủy xã Công Hải", "commune"),
        ("TỈNH ỦY SƠN LA\n*", "Sơn La", "Tỉnh ủy Sơn La", "province"),
    ],
)  # fmt: skip
def test_issuer_is_the_last_body_of_the_head(top: str, place: str, issuer: str, level: str) -> None:
    text = f"{top}\n{MOTTO}\nSố: 05/KH-ABC\n{place}, ngày 05 tháng 3 năm 2024\n\nKẾ HOẠCH\nQuét dọn ngõ xóm\n\n{BODY}"
    found = facts(text)
    assert (value(found.issuer), value(found.level)) == (issuer, level)


def test_two_columns_side_by_side_are_parted() -> None:
    text = HEAD.replace(
        "\nTỈNH SƠN LA\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n", " CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nTỈNH SƠN LA "
    )
    assert value(facts(text + BODY).issuer) == "Ủy ban nhân dân tỉnh Sơn La"
    assert value(facts(flat(text) + " " + BODY).issuer) == "Ủy ban nhân dân tỉnh Sơn La"


def test_province_gets_its_official_name_back_from_a_scan() -> None:
    text = "UY BAN NHAN DAN CONG HOA XA HQI CHU NGHIA VIET NAM\nTINH LANG SON Déc l1ap - Tw do - Hanh phic\n"
    found = facts(text + "S6:211 /KH-UBND Lang Son, ngay 0/ thang 7/ nam 2023\nKE HOACH\nTrong cay\n\n" + bare(BODY))
    assert value(found.issuer) == "Ủy ban nhân dân tỉnh Lạng Sơn"
    assert value(found.level) == "province"


def test_head_of_the_committee_speaks_for_it() -> None:
    text = """Số: 91/QĐ-UBND
Lai Châu, ngày 02 tháng 01 năm 2025
QUYẾT ĐỊNH
Ban hành Kế hoạch thu gom rác
CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH
Căn cứ Luật Ban hành văn bản;
"""
    assert value(facts(text + BODY).issuer) == "Ủy ban nhân dân tỉnh Lai Châu"


@pytest.mark.parametrize(
    ("place", "words", "issuer", "level"),
    [
        ("Cửa Lò", "UBND thị xã Cửa Lò ban hành kế hoạch như sau:", "Ủy ban nhân dân thị xã Cửa Lò", "district"),
        ("Bắc Giang", "Chủ tịch UBND tỉnh xây dựng Kế hoạch như sau:", "Ủy ban nhân dân tỉnh Bắc Giang", "province"),
        ("Ba Tơ", "Ủy ban nhân dân huyện yêu cầu các xã:", "Ủy ban nhân dân huyện Ba Tơ", "district"),
        ("Mỹ Lung", "Công an xã xây dựng kế hoạch như sau:", "Công an xã Mỹ Lung", "commune"),
    ],
)
def test_first_sentence_names_the_issuer_where_the_head_is_lost(
    place: str, words: str, issuer: str, level: str
) -> None:
    text = f"{place}, ngày 05 tháng 3 năm 2024\n\nKẾ HOẠCH\nQuét dọn ngõ xóm\n\nĐể làm sạch đường làng, {words}\n{BODY}"
    found = facts(text)
    assert (value(found.issuer), value(found.level)) == (issuer, level)


def test_committee_of_the_signature_and_its_symbol_are_the_last_resort() -> None:
    text = f"Số: 12/KH-UBND\nSơn La, ngày 05 tháng 3 năm 2024\n\nKẾ HOẠCH\nQuét dọn ngõ xóm\n\n{BODY}"
    closing = "Nơi nhận:\n- VP UBND tỉnh;\n- Lưu: VT.\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n"
    found = facts(text + closing).issuer
    assert found is not None
    assert found.value == "Ủy ban nhân dân tỉnh Sơn La"
    assert found.sure < 1


def test_body_that_only_receives_or_is_cited_is_not_the_issuer() -> None:
    text = "Thông báo họp\n1. Gửi báo cáo về UBND tỉnh Sơn La.\n2. Theo Công văn của Sở Y tế tỉnh Sơn La.\n"
    assert facts(text).issuer is None
    assert facts(text).level is None


def test_department_called_by_the_word_for_plan_is_no_kind_of_act() -> None:
    text = HEAD.replace("TỈNH SƠN LA", "TỈNH SƠN LA\nSỞ KẾ HOẠCH VÀ ĐẦU TƯ") + BODY
    found = facts(text)
    assert value(found.issuer) == "Sở Kế hoạch và Đầu tư tỉnh Sơn La"
    assert value(found.title) == "Trồng cây xanh ven các tuyến đường năm 2024"


def test_place_of_the_issuer_is_where_it_stands() -> None:
    found = facts(head()).issuer
    assert found is not None
    assert found.span.of(HEAD) == "ỦY BAN NHÂN DÂN\nTỈNH SƠN LA"
