"""Damaged heads: whatever is lost of diacritics and line breaks, number, day and level stay."""

from __future__ import annotations

import random
import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reader.facts.papers import BODY, bare, facts, value

KINDS = {"KH": "KẾ HOẠCH", "QĐ": "QUYẾT ĐỊNH", "CT": "CHỈ THỊ", "TB": "THÔNG BÁO", "CTr": "CHƯƠNG TRÌNH"}
PLACES = (
    ("TỈNH SƠN LA", "Sơn La", "province"),
    ("TỈNH ĐẮK LẮK", "Buôn Ma Thuột", "province"),
    ("THÀNH PHỐ ĐÀ NẴNG", "Đà Nẵng", "province"),
    ("THÀNH PHỐ VINH", "Vinh", "district"),
    ("HUYỆN YÊN LẬP", "Yên Lập", "district"),
    ("THỊ XÃ CỬA LÒ", "Cửa Lò", "district"),
    ("QUẬN HẢI AN", "Hải An", "district"),
    ("XÃ MỸ LUNG", "Mỹ Lung", "commune"),
    ("PHƯỜNG CỬA NAM", "Cửa Nam", "commune"),
    ("THỊ TRẤN YÊN LẬP", "Yên Lập", "commune"),
)
TITLES = (
    "Trồng cây xanh ven các tuyến đường",
    "Thực hiện Quyết định số 22/2023/QĐ-TTg ngày 18/8/2023 của Thủ tướng về tín dụng",
    "Phổ biến pháp luật cho đồng bào vùng sâu giai đoạn 2024 - 2027",
)


@st.composite
def heads(draw: st.DrawFn) -> tuple[str, str, str, str]:
    """A head with its number, day and level."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    unit, place, level = draw(st.sampled_from(PLACES))
    count = draw(st.integers(1, 9999))
    year, month, day = draw(st.integers(2015, 2030)), draw(st.integers(1, 12)), draw(st.integers(1, 28))
    committee = draw(st.sampled_from(["ỦY BAN NHÂN DÂN", "UỶ BAN NHÂN DÂN", "UBND"]))
    text = (
        f"{committee}\n{unit}\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\n"
        f"Số: {count:02d}/{kind}-UBND\n{place}, ngày {day:02d} tháng {month:02d} năm {year}\n\n"
        f"{KINDS[kind]}\n{draw(st.sampled_from(TITLES))}\n\n"
        f"Căn cứ Nghị định số 08/2022/NĐ-CP ngày 10/01/2022 của Chính phủ;\n{BODY}"
    )
    return text, f"{count:02d}/{kind}-UBND", f"{year}-{month:02d}-{day:02d}", level


def damaged(text: str, seed: int) -> str:
    """Some letters without their marks, some line breaks as blanks, some blanks as line breaks, NFC or NFD."""
    chance = random.Random(seed)
    marks, breaks, wraps = (chance.choice([0, 0.3, 1]) for _ in range(3))
    text = "".join(bare(c) if chance.random() < marks else c for c in text)
    text = re.sub(r"\n+", lambda m: " " if chance.random() < breaks else m[0], text)
    if not breaks:
        text = re.sub(r"(?<=\w) (?=\w)", lambda m: "\n" if chance.random() < wraps / 20 else " ", text)
    return unicodedata.normalize(chance.choice(["NFC", "NFD"]), text)


@settings(max_examples=150, deadline=None)
@given(heads(), st.integers(0, 2**32))
def test_lost_diacritics_and_line_breaks_do_not_change_number_day_and_level(
    written: tuple[str, str, str, str], seed: int
) -> None:
    text, number, signed, level = written
    found = facts(damaged(text, seed))
    assert bare(value(found.number) or "") == bare(number)
    assert value(found.signed) == signed
    assert value(found.level) == level


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_no_text_breaks_the_reader_of_facts(text: str) -> None:
    found = facts(text)
    for fact in (found.title, found.number, found.signed, found.issuer, found.implements, found.horizon):
        assert fact is None or 0 <= fact.span.start <= fact.span.end <= len(text)


@settings(max_examples=60, deadline=None)
@given(heads(), st.integers(0, 200), st.integers(0, 200))
def test_cut_heads_do_not_break_the_reader_of_facts(written: tuple[str, str, str, str], start: int, width: int) -> None:
    text = written[0][start : start + width]
    found = facts(text)
    assert found.number is None or found.number.value.split("/")[0] in text
