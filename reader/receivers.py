"""Who gets it, and through whom: read from the words of a clause."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reader.clause_text import ClauseText
from reader.draft import Body
from reader.parties import as_written, run_of, within_time, without_times

_GIVES = (
    r"(?:gui|nop|nap|chuyen|trinh|cung cap|bao cao|thong bao|phan anh|tong hop|ban giao|cap kinh phi|cap phat|chi tra)"
)
_TO = re.compile(
    rf"\b{_GIVES}(?:"
    r"[^;]{0,260} (?:ve|den|toi|len)[ :]*$|(?:,? [a-z0-9/]+){0,24},? cho[ :]*$"
    r"|(?: (?:bang van ban|ket qua|danh sach|bao cao"
    r"|ho so|ban mem|san pham|day du|hoa toc|xin y kien|lay y kien))?(?:,? (?:bao cao"
    r"|trinh|gui|de nghi|de xuat|kien nghi|voi))?(?: (?:lai|cac|dong chi))* *$)|\bgui[ :]*$"
    r"|\b(?:bao cao|dang ky)[a-z ,]{0,60} voi *$|\b(?:nop|nap|dang ky)[^;]{0,80} tai[ :]*$"
)
_ADVISES = re.compile(r"\b(?:tham muu|de xuat|kien nghi)(?: (?:cho|voi|trinh|giup))?(?: cac)? *$")
_ONWARD = re.compile(
    r"(?!.*\b(?:theo doi|chi dao) va )[ ,]*(?:(?:de|nham|va|kip thoi|tong hop|xem xet|quyet dinh|phe duyet"
    r"|theo doi|chi dao|cho y kien|tham dinh|truoc khi|chung|ket qua)[ ,]*)*"
    r"(?:bao cao|trinh|gui|tham muu)(?: [a-z]+){0,3} *"
)
_TO_COLLECT = re.compile(r"\bde (?:[a-z]+ ){0,3}(?:tong hop|xem xet)[a-z ,]{0,40}(?:bao cao|trinh|gui)[a-z ]{0,12}$")
_SOMEBODY = (
    r"(?P<who>(?:thuong truc|cap uy|uy ban|vp|lanh dao|ban giam hieu|giam doc|nguoi (?:ra|bi|dung|co)|hoi vien"
    r"|truong|hoi dong|to cong tac|bo phan|lop truong|to chuc, ca nhan|cong dan"
    r"|vien|phong|so|khoa|ban|thu tuong|chu tich|bi thu"
    r"|co quan|don vi|hieu truong|van phong|gvcn|giao vien|cong chuc|can bo)\b"
    r"(?: (?!de\b|truoc\b|theo\b|cham\b|xem\b|phe\b"
    r"|tong hop|vao\b|bang\b|qua\b|trong\b|hang\b"
    r"|dinh ky|va\b|ve\b|lam\b|sau\b|noi\b|khong\b)[a-z&/]+){0,8})"
)
_TO_ANY = (
    re.compile(
        r"\b(?:gui|nop|nap|trinh|bao cao|chuyen)(?: (?:ho so"
        r"|ket qua|bao cao|tien do|ban|ve|cho|den|toi"
        rf"|len))* {_SOMEBODY}"
    ),
    re.compile(rf"\b{_GIVES}\b[^;.]{{0,160}}? (?:ve|cho|den|toi|len) {_SOMEBODY}"),
)
_EVERYDAY = ("so", "ban", "vien", "phong", "khoa", "truong", "don", "vp")
"""Without their marks also other words ("sơ bộ", "bản"): they name somebody only where written as a name."""
_VIA = re.compile(r"\(? ?(?:thong )?qua(?: dau moi(?: la)?)?[ :]*$")
_COPY = re.compile(r"(?:dong thoi|dong) gui(?: cho| ve)?[ :]*$")
_NEXT = re.compile(r" ?, ?")
_BEHIND = 40  # how much farther a receiver behind the time counts than one in front of it
_LATER = 400  # the same for one to whom the receiver passes it on


@dataclass(frozen=True, slots=True)
class _Group:
    distance: int
    end: int
    bodies: tuple[Body, ...]


def receivers(text: ClauseText, start: int, end: int, place: int) -> tuple[tuple[Body, ...], tuple[Body, ...]]:
    """Who gets it, and through whom: the group nearest to the place, one in front preferred."""
    groups: list[_Group] = []
    via: list[Body] = []
    for index, mention in enumerate(text.mentions):
        if not start <= mention.start < end or within_time(text, mention):
            continue
        before = " ".join(["", *without_times(text, start, mention.start).split(), ""])
        if _VIA.search(before) and not before.endswith(" ket qua "):
            via += [m.body for m in run_of(text, index)]
        elif (turn := _turn(text, mention.start)) is None:
            if _is_given(before) and not (groups and _passed_on(text, groups[-1].end, mention.start, place)):
                groups.append(_group(text, index, place, before))
        elif text.mentions_in(start, turn):
            if mention.start > place:
                break  # what somebody else does behind the time
            groups.clear()
    nearest = min(groups, key=lambda each: each.distance).bodies if groups else _anybody(text, start, end)
    return nearest, tuple(via)


def _is_given(before: str) -> bool:
    return bool(_TO.search(before) or _ADVISES.search(before)) and not _COPY.search(before)


def _group(text: ClauseText, index: int, place: int, before: str) -> _Group:
    run = run_of(text, index)
    first, last = run[0].start, run[-1].end
    distance = first - place + _BEHIND if first > place else place - last
    return _Group(distance + _LATER * bool(_TO_COLLECT.search(before)), last, tuple(m.body for m in run))


def _turn(text: ClauseText, place: int) -> int | None:
    """Where the time begins that ends right in front of the place, but for a comma: there somebody goes on."""
    return next((t.start for t in text.times if t.end <= place and _NEXT.fullmatch(text.words, t.end, place)), None)


def _passed_on(text: ClauseText, start: int, end: int, place: int) -> bool:
    """Whether the receiver gives it to the next: "gửi Sở Y tế (qua …) trước ngày … để tổng hợp, báo cáo UBND tỉnh"."""
    if end < start:
        return True  # a further body of the same enumeration
    if any(start <= time.start < end for time in text.times if time.start < place):
        return False  # each has a day of its own: "trình Ban Chấp hành (trước ngày …), báo cáo Huyện ủy trước ngày …"
    between = re.sub(r"\([^)]*\)", " ", without_times(text, start, end))
    return bool(_ONWARD.fullmatch(" ".join(["", *between.split(), ""])))


def _anybody(text: ClauseText, start: int, end: int) -> tuple[Body, ...]:
    """Somebody inside the own house: "gửi Trưởng phòng", "trình Lãnh đạo Ban"."""
    for pattern in _TO_ANY:
        for found in pattern.finditer(text.words, start, end):
            name = text.original(found.start("who"), found.end("who"))
            if found["who"].split()[0] not in _EVERYDAY or name[:1].isupper():
                return (as_written(text, found.start("who"), found.end("who")),)
    return ()
