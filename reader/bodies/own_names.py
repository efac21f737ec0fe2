"""What stands behind the head word of a name: a known field, an abbreviation, or words of its own."""

from __future__ import annotations

import re
from functools import cache

from reader.bodies.words import CAP, LOW, SIGN, data, headword, loose, one_of, pattern, stop

_MOST_WORDS = 9
_MOST_JOINTS = 2
_SIGNS = pattern(rf"\s{SIGN}(?:(?:[ ]?[&-][ ]?|[ ]và[ ]){SIGN})*")
_QUOTED = pattern(r"\s\"[^\"\n]{2,40}\"")
_FIRST = pattern(rf"\s(?:{SIGN}|{CAP}|\d{{1,4}}\b)")
_SMALL = pattern(rf"\s{LOW}")
_NEXT = pattern(rf"\s(?P<low>{LOW})|[ ](?P<cap>{CAP}|\d+\b)")
_JOINT = pattern(rf"(?:[ ]-[ ]|[ ]&[ ]|\svà\s)(?={CAP})")
_ACTION = re.compile(
    r"\s(?:tiếp công dân|kiểm tra|tổ chức|thanh tra|tổng hợp|tuyên truyền|điều tra|xây dựng|đào tạo|tham mưu|theo dõi|"
    r"quản lý|đầu tư)"
)
_QUIET = re.compile(rf"\s(?={CAP})(?=\w{LOW})")
"""Where a heading in capitals ends and text beside it begins: "TRƯỜNG THCS HỒNG ĐỨC Độc lập"."""
_COMMA = pattern(rf",\s(?={CAP}(?:\s{LOW}){{0,3}}\svà\s{CAP})")
_OWNER = pattern(
    r"(?:công\san|ubnd|ủy\sban|chính\sphủ|quốc\shội|(?:tỉnh|huyện|thành|thị|đảng)\sủy|hđnd|hội\sđồng\snhân\sdân|sở\s|bộ\s)"
)
_AGAINST = pattern(r"\sphòng,?\s(?:và\s)?chống(?!\w)")


def field_end(text: str, at: int) -> int:
    """Behind a known field ("Tài chính") or an abbreviation ("NN&PTNT"); the same index where none stands."""
    known = fields().match(text, at + 1) if text[at : at + 1].isspace() else None
    return max((m.end() for m in (known, _SIGNS.match(text, at)) if m is not None), default=at)


def is_action(words: str) -> bool:
    """Whether a field written small is rather what the body does: "Giám đốc Sở tiếp công dân"."""
    return _ACTION.match(words) is not None


def is_only_action(words: str) -> bool:
    """Whether nothing but the action stands there: "tổng hợp", not "tổ chức cán bộ"."""
    return _ACTION.fullmatch(words) is not None


def own_end(text: str, at: int, *, small: bool = False, commas: bool = False) -> int:
    """Behind a name of its own, which begins with a capital (or ``small``) and goes on to the first word of action.

    ``commas``: it may hold one, as in "Cục Khoa học, Công nghệ và Thông tin".
    """
    against = _AGAINST.match(text, at) if small else None
    if against is not None:
        return _further(text, against.end(), _MOST_WORDS)
    first = _SMALL.match(text, at) if small else _FIRST.match(text, at) or _QUOTED.match(text, at)
    if first is None or _is_over(text, at + 1, small=small) or _OWNER.match(text, at + 1):
        return at
    end = _further(text, first.end(), _MOST_WORDS)
    if text[at - 2 : at].isupper() and (quiet := _QUIET.search(text, at + 1, end)) is not None:
        return quiet.start()
    for _ in range(_MOST_JOINTS):
        joint = _JOINT.match(text, end) or (_COMMA.match(text, end) if commas else None)
        if joint is None or _other().match(text, joint.end()) or stop().match(text, joint.end()):
            break
        end = _further(text, joint.end() - 1, _MOST_WORDS, joint=True)
    return end


def _further(text: str, end: int, most: int, *, joint: bool = False) -> int:
    """Over the words that still belong to the name; a word with a capital on the next line begins something else."""
    if joint:
        end += 1
        first = re.compile(r"\w+").match(text, end)
        end = first.end() if first is not None else end
    for _ in range(most):
        word = _NEXT.match(text, end)
        if word is None or stop().match(text, end + 1) or (word["cap"] and _other().match(text, end + 1)):
            break
        end = word.end()
    return end


def _is_over(text: str, at: int, *, small: bool) -> bool:
    """Whether a word of action stands there. A capital there makes a name of it ("Phòng Sau đại học")."""
    return (small or text[at].islower()) and stop().match(text, at) is not None


@cache
def fields() -> re.Pattern[str]:
    """All known fields. Made once: no other pattern takes so long to make."""
    return pattern(one_of(map(loose, data("bodies")["fields"])) + r"(?!\w)")


@cache
def _other() -> re.Pattern[str]:
    return pattern(rf"{headword()}\b")
