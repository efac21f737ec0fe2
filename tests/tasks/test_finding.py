"""Which body is meant: abbreviations, beginnings, and what stays unclear."""

from __future__ import annotations

import pytest

from plans.model import Agency
from tasks.errors import BadInput
from tasks.finding import bodies, find, suggest

NAMES = (
    "Sở Tài chính", "Sở Tư pháp", "Sở Giáo dục và Đào tạo", "UBND xã Đồng Mây", "UBND phường Núi Xanh",
    "Công an xã Đồng Mây", "Ủy ban MTTQ Việt Nam tỉnh Mẫu", "Viện kiểm sát nhân dân tỉnh", "Công an cấp xã",
)  # fmt: skip
KNOWN = bodies(
    [Agency(f"u.b{n}", name) for n, name in enumerate(NAMES)]
    + [Agency("v.xx", "Văn phòng", aliases=("VPUB",)), Agency("u.xx", "Văn phòng")]
)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("stc", "Sở Tài chính"),
        ("SỞ TÀI CHÍNH", "Sở Tài chính"),
        ("tai chinh", "Sở Tài chính"),
        ("stp", "Sở Tư pháp"),
        ("sgddt", "Sở Giáo dục và Đào tạo"),
        ("so gd", "Sở Giáo dục và Đào tạo"),
        ("sở gd&đt", "Sở Giáo dục và Đào tạo"),
        ("ubnd xa dm", "UBND xã Đồng Mây"),
        ("Ủy ban nhân dân xã Đồng Mây", "UBND xã Đồng Mây"),
        ("ub nui xanh", "UBND phường Núi Xanh"),
        ("ca xa dong may", "Công an xã Đồng Mây"),
        ("ca dm", "Công an xã Đồng Mây"),
        ("mttq", "Ủy ban MTTQ Việt Nam tỉnh Mẫu"),
        ("vks", "Viện kiểm sát nhân dân tỉnh"),
        ("u.b0", "Sở Tài chính"),
        ("vpub", "Văn phòng"),
        ("Văn phòng (u.xx)", "Văn phòng"),
        ("ca cap xa", "Công an cấp xã"),
    ],
)
def test_found(typed: str, name: str) -> None:
    assert find(KNOWN, typed).name == name


@pytest.mark.parametrize("typed", ["", " ", "so", "sở lạ", "Văn phòng", "xyz", "%", "ubnd", "s" * 200, "a " * 60])
def test_not_found_or_unclear(typed: str) -> None:
    with pytest.raises(BadInput):
        find(KNOWN, typed)


@pytest.mark.parametrize("typed", ["tai chinh", "so gd", "ca dm"])
def test_a_spreadsheet_has_to_say_it_whole(typed: str) -> None:
    with pytest.raises(BadInput):
        find(KNOWN, typed, strictly=True)


def test_the_best_comes_first() -> None:
    assert next(iter(suggest(KNOWN, "ca xa")))[0].name == "Công an xã Đồng Mây"
    assert [body.name for body, _how in suggest(KNOWN, "st")] == ["Sở Tài chính", "Sở Tư pháp"]
