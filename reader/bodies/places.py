"""The place behind a name: "tỉnh Sơn La", "các huyện, thị xã, thành phố", "cấp xã", "trên địa bàn tỉnh"."""

from __future__ import annotations

import re
from functools import cache

from reader.bodies.words import CAP, data, headword, loose, one_of, pattern, unit

CENTRAL = r"(?:trung\sương|tw|t\.ư)"
_LEVELS = r"(?:tỉnh|huyện|xã|cơ\ssở|thành\sphố|trung\sương)"


def place_end(text: str, at: int) -> int:
    """Where the place that begins there ends; the same index where none begins."""
    found = _place().match(text, at)
    return found.end() if found is not None else at


@cache
def proper() -> str:
    """A name of a place: up to four words with capitals, or a number ("Quận 1")."""
    own = rf"(?:(?!{headword()}\b){CAP}|\d{{1,3}}\b)"
    # the word stands once in the pattern, with what joins it to the one before: a pattern half as long to make
    return rf"(?:(?:(?<=\w)[ ]-?[ ]?|(?<!\w)){own}){{1,4}}"


@cache
def units() -> str:
    """ "huyện, thị xã và thành phố"."""
    return rf"{unit()}(?:(?:,\s|\s?/\s?|,?\svà\s|\s-\s){unit()})*"


@cache
def _place() -> re.Pattern[str]:
    """Names of provinces are known, so only they may stand on the next line or without "tỉnh"."""
    known = rf"{one_of(loose(p) for p in data('bodies')['provinces'])}(?!\w)"
    joined = rf"(?:(?:(?<=\w)(?:,\s|,?\svà\s|;\s)(?:{unit()}[ ])?|(?<!\w)){proper()})"
    listed, several = f"{joined}+", f"{joined}{{2,}}"
    central = rf"(?:\strực\sthuộc\s{CENTRAL})?"
    return pattern(
        rf"(?:\s(?:trên\sđịa\sbàn|của|thuộc|trong))?\s(?:"
        rf"(?:tất\scả\s)?(?:các|những|\d+|từng|mỗi)\s{units()}(?::\s?{several}|[ ]{listed})?"
        rf"(?:\s(?:trong|trên\sđịa\sbàn|thuộc)\s(?:toàn\s)?{unit()}(?:[ ]{proper()})?)?{central}"
        rf"|(?:các\s)?cấp\s{_LEVELS}(?:(?:,|\svà|,\scấp|\svà\scấp|/)\s?{_LEVELS})*"
        rf"|(?:các|cùng|từng|hai|2|02|3|03)\scấp|(?:địa\sphương|cơ\ssở|{CENTRAL}|sở\stại)(?!\w)"
        rf"|{units()}(?:\s{known}|[ ]{listed})?(?:,?[ ](?:tỉnh|huyện|thành\sphố)[ ]{proper()})?{central}"
        rf")|[ ]{known}"
    )
