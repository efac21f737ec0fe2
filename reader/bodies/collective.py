"""Collective names: "các sở, ban, ngành, đoàn thể tỉnh", "cơ quan, đơn vị, địa phương có liên quan"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from reader.bodies.places import CENTRAL, proper, units
from reader.bodies.words import CAP, LOW, data, one_of, pattern, spaced, spoken_forms, unit

_EVERY = pattern(r"(?:(?:tất\scả|toàn\sthể|toàn\sbộ)\s)?(?:các|những|mọi|từng|mỗi|tất\scả|toàn\sthể)\s")
_JOIN = pattern(r"(?:,\s|\s?/\s?|,?\svà\s|\shoặc\s)(?:(?<=cấp,\s)các\s)?")
_SCHOOLS = (
    r"(?:mầm\snon|mẫu\sgiáo|tiểu\shọc|thcs|thpt|trung\shọc\s(?:cơ\ssở|phổ\sthông)|cao\sđẳng|đại\shọc|trung\scấp)(?!\w)"
)
_STRONG = pattern(
    r"(?:sở|bộ|ban|phòng|cơ\squan|đơn\svị|khoa|cấp\sủy|(?:tỉnh|huyện|xã|thôn)(?=,\s(?:thành|huyện|quận|thị|phường|bản|tổ)\b))(?:,\s|/|\svà\s)(?:sở|ban|bộ|ngành|cơ\squan|đơn\svị|"
    r"phòng|địa\sphương|tổ\schức|khoa|huyện|phường|thành\sphố|chính\squyền|đoàn\sthể|tổ\sdân\sphố|khu\sphố|bản|trung\stâm)\b"
)
_ANYBODY = pattern(r"(?:tổ\schức|cá\snhân)(?:(?:,\s|\svà\s)(?:các\s)?(?:tổ\schức|cá\snhân))*$")
_VAGUE = pattern(r"(?:cấp|lực\slượng|bản|vụ|cục|ban|hội|trạm|viện|bộ\sphận|lớp|hộ\sgia\sđình)$")
_ORGANISING = pattern(
    r"tổ\schức\s(?:thực|triển|tuyên|học|quán|các|cho|thi|lễ|hội|phổ|tập|kiểm|sơ|tổng|rà|đánh|lấy|việc|công|hướng|ký|phát|đấu|vận|lại|"
    r"trao|khen|\d|ra|bộ|đoàn|lồng|tốt|có)"
)
_NAMED = pattern(rf"{CAP}(?:\s{LOW})?\s{CAP}")
_MOST_TAILS = 3


@dataclass(frozen=True, slots=True)
class Collective:
    """``members`` are the collective nouns with what lies between them, ``tail`` what says which ones are meant."""

    members: str
    tail: str
    end: int


def collective(text: str, at: int, *, lists: bool) -> Collective | None:
    """The collective name that begins there. Without "các" at least two nouns, in ``lists`` also one with a tail."""
    begin = every_end(text, at)
    end, count = _members(text, begin)
    if not count or (begin == at and not (lists or _STRONG.match(text, at))):
        return None
    tail_end = _tail_end(text, end)
    found = Collective(text[begin:end], text[end:tail_end], tail_end)
    if begin == at and count == 1 and not found.tail:
        return None
    return found if _names_somebody(found, lists=lists) else None


def every_end(text: str, at: int) -> int:
    """Behind "các", "tất cả các"; the same index where neither stands."""
    every = _EVERY.match(text, at)
    return every.end() if every is not None else at


def nouns_end(text: str, at: int, *, least: int = 2) -> int:
    """Behind so many collective nouns, as after a title: "Thủ trưởng cơ quan, đơn vị"; else the same index."""
    end, count = _members(text, at)
    return _tail_end(text, end) if count >= least else at


def _members(text: str, at: int) -> tuple[int, int]:
    end, count, begin = at, 0, at
    while not _ORGANISING.match(text, begin) and (noun := _noun().match(text, begin)) is not None:
        if count and _NAMED.match(text, begin):
            break  # "các đơn vị, Sở Tài chính"
        end, count = noun.end(), count + 1
        join = _JOIN.match(text, end)
        if join is None:
            break
        begin = join.end()
    return end, count


def _tail_end(text: str, end: int) -> int:
    for _ in range(_MOST_TAILS):
        tail = _tail().match(text, end)
        if tail is None:
            break
        end = tail.end()
    return end


def _names_somebody(found: Collective, *, lists: bool) -> bool:
    if _ANYBODY.match(found.members):
        return lists or "liên" in found.tail
    return lists or _VAGUE.match(found.members) is None


@cache
def _noun() -> re.Pattern[str]:
    qualifier = rf"(?:\s{one_of(map(spaced, data('bodies')['qualifiers']))}(?!\w))"
    # "phòng ban" before "phòng": most words first, not the longest pattern.
    nouns = sorted(
        data("bodies")["collective"], key=lambda term: -max(len(form.split()) for form in spoken_forms(term))
    )
    noun = "|".join(map(spaced, nouns))
    return pattern(rf"(?:{noun})(?!\w){qualifier}{{0,2}}(?:(?:,\s|,?\svà\s|\s-\s){_SCHOOLS})*")


@cache
def _tail() -> re.Pattern[str]:
    return pattern(
        rf"\strực\sthuộc\s{CENTRAL}|\s(?:có\s)?liên\squan(?:\skhác)?|\s(?:ở|tại)\sđịa\sphương|\scủa\strung\sương"
        r"|\strực\sthuộc(?!,?\s(?:bộ|sở|đảng|huyện|tỉnh|thành|ubnd|ủy|công|cục|tổng|chi|trường|ban|thuộc)\b)"
        rf"|\strên\sđịa\sbàn(?:\stoàn)?\s{unit()}(?:[ ]{proper()})?|\strên\sđịa\sbàn(?:\squản\slý)?"
        rf"|\s(?:của\s|trong\s|ở\s|toàn\s|cấp\s|thuộc\s)?{units()}(?:[ ]{proper()})?"
        r"|\s(?:cấp\s(?:tỉnh|huyện|xã|cơ\ssở)|các\scấp|cùng\scấp|địa\sphương|trung\sương|ở\strung\sương|khác|nêu\strên)(?!\w)"
        r"|\sđược\s(?:giao|phân\scông)(?:\schủ\strì)?(?:\s(?:thực\shiện\s)?nhiệm\svụ)?(?!\w)"
    )
