"""Whether what was read are Vietnamese words, or letters of an old encoding, or the codes of a font without Unicode."""

from __future__ import annotations

import re
import unicodedata

from reader.folding import Folded

_ENOUGH = 60  # letters below which nothing can be said
# Signs that are letters in TCVN3 fonts (.VnTime): µ à, ¸ á, ¶ ả, · ã, ¹ ạ, ¨ ă, © â, ª ê, « ô, ¬ ơ, ® đ.
_TCVN3 = re.compile(r"[^\W\d_][µ¸¶·¹¨©ª«¬­®]|[µ¸¶·¹¨©ª«¬­®][^\W\d_]")
# Letters that Unicode Vietnamese never uses; in VNI fonts they are tones and horns: ù is á's tone, ø à's, ñ đ, ö ư.
_VNI = re.compile(r"[øûïäåëñöüØÛÏÄÅËÑÖÜ]")
_SAMPLE = 100_000  # characters that tell what a font is like
_OLD_SHARE = 0.04
_COMMON = frozenset((
    "va", "cua", "cac", "cho", "theo", "trong", "thuc", "hien", "cong", "tac", "ke", "hoach", "ngay", "thang", "nam",
    "quy", "dinh", "huyen", "xa", "tinh", "so", "bao", "cao", "don", "vi", "dia", "phuong", "nhiem", "vu", "to", "chuc",
    "co", "quan", "khong", "duoc", "voi", "den", "tu", "hoi", "ban", "the", "of", "and", "to", "in", "for", "is", "on",
))  # fmt: skip
_COMMON_SHARE = 0.03
_TONED = frozenset("ăâđêôơưĂÂĐÊÔƠƯ")


def old_encoding(text: str) -> str | None:
    """The name of the one-byte encoding whose letters these are, or None."""
    text = text[:_SAMPLE]
    letters = sum(map(str.isalpha, text))
    if letters < _ENOUGH:
        return None
    if len(_TCVN3.findall(text)) > letters * _OLD_SHARE:
        return "TCVN3 (ABC)"
    if len(_VNI.findall(text)) > letters * _OLD_SHARE:
        return "VNI"
    return None


def are_codes(text: str) -> bool:
    """Whether these are the codes of a font rather than words: nothing a reader could use."""
    text = text[:_SAMPLE]
    printed = [c for c in text if not c.isspace() and c not in "._…-"]
    if not printed:
        return False
    odd = sum(c == "\ufffd" or unicodedata.category(c) in ("Cc", "Cn", "Co", "Cs") for c in printed)
    letters = sum(map(str.isalpha, printed))
    if odd > len(printed) * 0.05:
        return True
    if len(printed) < _ENOUGH:
        return False
    if letters < len(printed) * 0.3 and sum(map(str.isdigit, printed)) < len(printed) * 0.4:
        return True
    words = re.findall(r"[a-z]+", Folded(text).text)
    return letters >= 3 * _ENOUGH and sum(word in _COMMON for word in words) < max(len(words), 1) * _COMMON_SHARE


def lost_tones(text: str) -> bool:
    """Whether these are Vietnamese words without their diacritics, as scanners of other languages write them."""
    plain = unicodedata.normalize("NFD", text)
    letters = sum(map(str.isalpha, text))
    toned = sum(c in _TONED for c in text) + sum(map(bool, map(unicodedata.combining, plain)))
    return letters >= _ENOUGH and toned < letters * 0.12
