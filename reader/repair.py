"""Words that a scan damaged: a word that is no Vietnamese syllable and one letter off a word of time is read as that.

Only such words are touched ("trudc ngiy" is read "truoc ngay"), the original stays in the text and in every place.
"""

from __future__ import annotations

import re
from functools import cache

from reader.syllables import is_syllable

_WORD = re.compile(r"(?<![\w/&.-])[a-z][a-z0-9]{3,6}(?![\w/&-])")
_MIXED = re.compile(r"(?<![\w/.-])[a-z]{1,3}[046][a-z]{1,3}(?![\w/.-])")
_FIGURES = str.maketrans("046", "oao")
_KNOWN = (
    "truoc",
    "ngay",
    "thang",
    "hang",
    "quy",
    "nam",
    "tuan",
    "cham",
    "nhat",
    "hoan",
    "thanh",
    "thoi",
    "gian",
    "thuc",
    "hien",
    "thuong",
    "xuyen",
    "trong",
    "dinh",
    "muon",
    "ngay",
    "cuoi",
    "cung",
    "viec",
    "lam",
    "xong",
    "nghi",
    "giao",
    "cong",
    "tinh",
    "phuong",
    "doan",
    "thuong",
    "tong",
    "chuyen",
    "quyet",
    "dinh",
    "chinh",
    "sach",
    "ngan",
    "huyen",
    "phong",
    "hoach",
)


@cache
def repaired(word: str) -> str:
    """The word of time that is meant, or the word itself."""
    if is_syllable(word):
        return word
    near = {known for known in _KNOWN if _one_letter_off(word, known)}
    return near.pop() if len(near) == 1 else word


def repair(folded: str) -> str:
    """The same text with damaged words of time read as meant; only where that keeps every letter in its place."""

    def better(found: re.Match[str]) -> str:
        word = repaired(found.group())
        return word if len(word) == len(found.group()) else found.group()

    return _WORD.sub(better, _MIXED.sub(_letters, folded))


def _letters(found: re.Match[str]) -> str:
    """ "b4o c4o" is read "bao cao"."""
    word = found.group().translate(_FIGURES)
    return word if is_syllable(word) else found.group()


def _one_letter_off(word: str, known: str) -> bool:
    return len(word) == len(known) and sum(a != b for a, b in zip(word, known, strict=True)) == 1
