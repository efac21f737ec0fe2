"""Official names of places and bodies, restored as far as that can be derived."""

from __future__ import annotations

import pytest

from reader.facts.names import level, name_of
from reader.facts.places import leading_province, level_of, province


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Sơn La", "Sơn La"),
        ("SƠN LA", "Sơn La"),
        ("son la", "Sơn La"),
        ("Lạng Son", "Lạng Sơn"),
        ("Hoà Bình", "Hòa Bình"),
        ("Thanh Hoá", "Thanh Hóa"),
        ("Bà Rịa – Vũng Tàu", "Bà Rịa - Vũng Tàu"),
        ("DAK LAK", "Đắk Lắk"),
        ("Phù Yên", None),
        ("Nam Đinh Bộ", None),
        ("Ba Tơ", None),
        ("", None),
    ],
)
def test_province_is_known_by_its_letters_and_not_by_other_tones(words: str, name: str | None) -> None:
    assert province(words) == name


def test_longest_province_at_the_beginning_counts() -> None:
    assert leading_province("Thừa Thiên Huế về việc") == "Thừa Thiên Huế"
    assert leading_province("Hà Nam ban hành") == "Hà Nam"
    assert leading_province("Phù Yên ban hành") is None


@pytest.mark.parametrize(
    ("word", "place", "expected"),
    [
        ("thanh pho", "Hà Nội", "province"),
        ("tp", "Huế", "province"),
        ("thanh pho", "Vinh", "district"),
        ("xa", "Ba Dinh", "commune"),
    ],
)
def test_city_run_by_the_centre_stands_on_the_level_of_a_province(word: str, place: str, expected: str) -> None:
    assert level_of(word, place) == expected


@pytest.mark.parametrize(
    ("words", "official", "expected"),
    [
        ("UBND THỊ XÃ CỬA LÒ", "Ủy ban nhân dân thị xã Cửa Lò", "district"),
        ("Uỷ ban nhân dân xã Ba Dinh", "Ủy ban nhân dân xã Ba Dinh", "commune"),
        ("UBND tỉnh Nghệ An ban hành", "Ủy ban nhân dân tỉnh Nghệ An", "province"),
        ("BAN QUẢN LÝ DỰ ÁN ĐTXD", "Ban Quản lý dự án ĐTXD", "department"),
        ("HUYỆN ỦY YÊN LẬP", "Huyện ủy Yên Lập", "district"),
        ("THÀNH ỦY HÀ NỘI", "Thành ủy Hà Nội", "province"),
        ("TỔNG CÔNG TY ĐIỆN LỰC", "Tổng công ty Điện lực", "other"),
        ("Cơ quan Thanh tra", "Cơ quan Thanh tra", "other"),
    ],
)
def test_name_is_written_officially(words: str, official: str, expected: str) -> None:
    name = name_of(words)
    assert name.official == official
    assert level(name) == expected
