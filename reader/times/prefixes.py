"""The words in front of a date: they say whether it is a deadline, and whether the day itself still counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from reader.draft import Boundary

_LABEL_MOST = 60  # characters of "Tựu trường các cấp học:"
_REACH = 90  # characters in front of an expression


class Strength(IntEnum):
    """How far the words say that something is due then."""

    NONE = 0
    WEAK = 1  # "đến năm 2025", "từ ngày": a date, but hardly a deadline
    LIKELY = 2  # "trong quý II", "(tháng 11/2024)", "Thời gian thực hiện: …"
    STRONG = 3  # "trước ngày", "chậm nhất", "hạn cuối"


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words in front of an expression; ``start`` in the folded text."""

    start: int
    boundary: Boundary | None
    strength: Strength


_DOING = (
    r"(?:hoan thanh|hoan tat|xong|thuc hien xong|thuc hien|ket thuc|bao cao|gui|nop|trinh|ban hanh|to chuc|trien khai)"
)
_LABEL_WORDS = (
    r"(?:thuc hien|hoan thanh|to chuc|bao cao|gui|nop|trien khai|du kien|hoan tat|ket thuc|ban hanh|trinh|va|trong"
    r"|xay dung|tong hop|bat dau|cuoi cung|cuoi|ve|gian|tien hanh|hoan thien|kiem tra|ke hoach)"
)
_RULES: tuple[tuple[str, Boundary | None, Strength], ...] = (
    (r"(?:(?<!nhat )sau|ke tu|tinh tu|bat dau tu|tu sau|tu)(?: ngay)? $", None, Strength.WEAK),
    (r"trong (?:thoi han|thoi gian|vong)(?: khong qua| toi da)? $", Boundary.WITHIN, Strength.STRONG),
    (
        r"(?:(?:xong|hoan thanh|cham nhat|muon nhat),? "
        r"|\()?(?:la |vao |toi |den )?truoc(?: (?:thoi diem"
        r"|thoi han|moc|het|cuoi ngay|khi het))? $",
        Boundary.BEFORE,
        Strength.STRONG,
    ),
    (
        r"(?:cham nhat|muon nhat|tre nhat|cham lam|khong (?:qua|muon hon|cham hon|tre hon|de qua|vuot qua)|cham hon)"
        r"(?: (?:la|vao|den|trong|het|cua|toi|sau|thoi diem|thoi gian|den het|cuoi))*,? $",
        Boundary.BY,
        Strength.STRONG,
    ),
    (
        r"(?:ke )?tu (?:nay(?: cho)?|(?:ngay|khi|thoi diem|luc)[a-z ]{3,60}) (?:den|toi)(?: het| cuoi)?(?: truoc)? $",
        Boundary.BY,
        Strength.STRONG,
    ),
    (rf"(?:{_DOING} )?(?:tinh |cho )?(?:den|toi|xong|trong)? ?(?:het|cuoi) $", Boundary.BY, Strength.STRONG),
    (
        rf"(?:han|thoi han|han chot|ky han)(?: {_LABEL_WORDS})*(?: ket qua"
        r"| bao cao)? ?(?:la|:|den|vao|truoc)?:? ?(?:het )?$",
        Boundary.BY,
        Strength.STRONG,
    ),
    (
        r"(?:thoi han|han (?:chot|cuoi|cuoi cung|nop|gui|nhan))(?: [a-z]+){0,6} ?: ?(?:het )?$",
        Boundary.BY,
        Strength.STRONG,
    ),
    (
        rf"(?:thoi gian|tien do|thoi diem|lo trinh|moc thoi gian)(?: {_LABEL_WORDS})* hoan thanh ?(?:la|:|-)+ ?$",
        Boundary.BY,
        Strength.LIKELY,
    ),
    (
        rf"(?:thoi gian|tien do|thoi diem|lo trinh|moc thoi gian)(?: {_LABEL_WORDS})*(?:"
        rf" [a-z]{{2,6}}){{0,4}}(?: \(?du kien\)?)? ?(?:la"
        r"|:|-)+ ?"
        r"(?:du kien |trong |tu )?$",
        Boundary.WITHIN,
        Strength.LIKELY,
    ),
    (
        r"(?:hoan thanh|hoan tat|xong|ket thuc)(?: xong"
        r"| dut diem| viec| co ban)?,? (?:den|vao|trong"
        r"|ngay|la|trong thoi gian)? ?$",
        Boundary.BY,
        Strength.LIKELY,
    ),
    (rf"{_DOING},? (?P<own>(?:den|vao|trong|ngay|la|trong thoi gian) )$", Boundary.BY, Strength.LIKELY),
    (
        r"(?:trong|vao|(?:vao |(?<!hieu )(?<!nang )(?<!nguon ))luc|trong thoi gian|trong khoang|trong ca"
        r"|trong cac|vao cac|vao dip|vao khoang|du kien)(?: thoi gian)? $",
        Boundary.WITHIN,
        Strength.LIKELY,
    ),
    (r"trong (?:ky|dip|cac|buoi|cuoc|thoi gian|sinh hoat|dot|phien)[a-z ]{0,40} $", Boundary.WITHIN, Strength.LIKELY),
    (r"(?:den|toi) $", Boundary.BY, Strength.WEAK),
)
_COMPILED = tuple((re.compile(rf"(?:^|(?<=[^\w])){rule}"), boundary, strength) for rule, boundary, strength in _RULES)
_WORD = re.compile(r"\w")
_WITHIN = re.compile(r"\b(?:trong|vao|trong (?:thoi han|thoi gian|vong)) $")
_AT_LATEST = re.compile(r"cham nhat|muon nhat|tre nhat|khong (?:qua|muon|cham|tre)")


def prefix(folded: str, start: int) -> Prefix:
    """What stands directly in front of an expression."""
    begins = max(0, start - _REACH)
    tail = folded[begins:start]
    if tail and _WORD.match(tail[-1]):
        tail += " "
    for pattern, boundary, strength in _COMPILED:
        if found := pattern.search(tail):
            words = found.group()
            lead = len(words) - len(words.lstrip(" (,"))
            if boundary is Boundary.BY and _WITHIN.search(tail) and not _AT_LATEST.search(words):
                boundary = Boundary.WITHIN
            start = found.start("own") if found.groupdict().get("own") else found.start() + lead
            return Prefix(begins + start, boundary, strength)
    return Prefix(start, None, Strength.NONE)


_FILLER = re.compile(
    rf"[( ]*(?:(?:{_DOING}|va|thoi gian|thoi han|du kien|han|ngay|xong|trong|vao|nham|yeu cau|phai|tien do) ?:? ?)*"
)


def alone(folded: str, start: int, end: int) -> bool:
    """Whether nothing else stands between the brackets, or in the whole cell or line, around folded[start:end]."""
    opening = max(folded.rfind("(", 0, start), folded.rfind("[", 0, start))
    before = folded[opening + 1 : start] if opening >= 0 and start - opening < 60 else None
    after = folded[end:].lstrip(" ")
    if (
        before is not None
        and ")" not in before
        and _FILLER.fullmatch(before)
        and after[:1] in (")", "]", ";", ",", ".")
    ):
        return True
    lead = folded[:start].strip(" -+.,;|")
    if (
        lead.endswith(":")
        and len(lead) < _LABEL_MOST
        and re.match(r" ?(?:\((?:thu|chu)[a-z 0-9]{2,12}\) ?)?(?:[.;]|$)", folded[end:])
    ):
        return True
    if after.strip(" .;,)|"):
        return False
    lead = folded[:start].strip(" -+.,;|")
    return bool(_FILLER.fullmatch(lead.rstrip(":") + " ")) or (lead.endswith(":") and len(lead) < 60)
