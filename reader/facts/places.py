"""Names of provinces and the words for levels: official names, so that capitals and lost diacritics can be restored.

Source: the 63 provinces before and the 34 after 01/7/2025 (Nghị quyết 202/2025/QH15); the centrally-run cities of 2026.
"""

from __future__ import annotations

import re
import unicodedata

from reader.folding import Folded

PROVINCES = (
    "An Giang", "Bà Rịa - Vũng Tàu", "Bình Dương", "Bình Phước", "Bình Thuận", "Bình Định", "Bạc Liêu", "Bắc Giang",
    "Bắc Kạn", "Bắc Ninh", "Bến Tre", "Cao Bằng", "Cà Mau", "Cần Thơ", "Gia Lai", "Huế", "Hà Giang", "Hà Nam", "Hà Nội",
    "Hà Tĩnh", "Hòa Bình", "Hưng Yên", "Hải Dương", "Hải Phòng", "Hậu Giang", "Hồ Chí Minh", "Khánh Hòa", "Kiên Giang",
    "Kon Tum", "Lai Châu", "Long An", "Lào Cai", "Lâm Đồng", "Lạng Sơn", "Nam Định", "Nghệ An", "Ninh Bình",
    "Ninh Thuận", "Phú Thọ", "Phú Yên", "Quảng Bình", "Quảng Nam", "Quảng Ngãi", "Quảng Ninh", "Quảng Trị", "Sóc Trăng",
    "Sơn La", "Thanh Hóa", "Thái Bình", "Thái Nguyên", "Thừa Thiên Huế", "Tiền Giang", "Trà Vinh", "Tuyên Quang",
    "Tây Ninh", "Vĩnh Long", "Vĩnh Phúc", "Yên Bái", "Điện Biên", "Đà Nẵng", "Đắk Lắk", "Đắk Nông", "Đồng Nai",
    "Đồng Tháp",
)  # fmt: skip

CITIES = frozenset({
    "ha noi", "ho chi minh", "hai phong", "da nang", "can tho", "hue", "dong nai", "quang ninh", "bac ninh",
})  # fmt: skip
"""Run by the centre, so "thành phố" is a province there; folded."""

LEVELS = {
    "tinh": ("tỉnh", "province"),
    "thanh pho": ("thành phố", "district"),  # a province where the city is run by the centre
    "tp": ("thành phố", "district"),
    "huyen": ("huyện", "district"),
    "quan": ("quận", "district"),
    "thi xa": ("thị xã", "district"),
    "xa": ("xã", "commune"),
    "phuong": ("phường", "commune"),
    "thi tran": ("thị trấn", "commune"),
    "dac khu": ("đặc khu", "commune"),
}
"""Folded word -> the word as it is written, and the level of a body that has it in its name."""


def _spaced(name: str) -> str:
    return Folded(name).text.replace(" - ", " ").replace("-", " ")


def _marks(word: str) -> frozenset[str]:
    """Tones and other marks of a syllable, wherever they sit (hòa, hoà)."""
    return frozenset(c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.combining(c) or c == "đ")


_BY_FOLDED = {_spaced(name): name for name in PROVINCES}


def province(words: str) -> str | None:
    """The official name of a province that these words spell; capitals, dashes and lost diacritics aside.

    Other diacritics make another place: Phù Yên is not Phú Yên.
    """
    name = _BY_FOLDED.get(" ".join(_spaced(words).split()))
    return name if name is not None and _spelt(words, name) else None


def leading_province(words: str) -> str | None:
    """The province whose name stands at the beginning of the words."""
    text = _spaced(words) + " "
    found = [(len(key), name) for key, name in _BY_FOLDED.items() if text.startswith(key + " ")]
    name = max(found)[1] if found else None
    return name if name is not None and _spelt(words, name) else None


def _spelt(words: str, name: str) -> bool:
    """Whether no syllable carries a mark that the official name does not have."""
    mine, official = (re.split(r"[\s–-]+", one.strip()) for one in (words, name))
    return all(_marks(one) <= _marks(two) for one, two in zip(mine, official, strict=False))


def level_of(word: str, place: str) -> str:
    """``province``, ``district`` or ``commune`` for a level word (folded) before the name of a place."""
    if word in ("thanh pho", "tp") and " ".join(_spaced(place).split()) in CITIES:
        return "province"
    return LEVELS[word][1]
