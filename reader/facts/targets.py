"""Chỉ tiêu: figures that the document sets as targets, with their bound ("at least 100 %")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reader.draft import Target
from reader.facts.front import Front
from reader.outline import Clause, Outline, Zone

_AMOUNT = r"\d{1,3}(?:[.]\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_UNIT = (
    r"%|phan tram|ty (?:dong|usd)|trieu (?:dong|usd|luot(?: khach| nguoi)?|tan|nguoi)|nghin (?:ty dong|dong|nguoi"
    r"|tan)|usd|dong|nguoi(?:/nam)?|lao dong|ho(?: gia dinh| dan)?|luot"
    r"(?: nguoi| khach)?|ha|hec-?ta|km2?|m2|m3|tan|ta/ha|xa|phuong|thi tran|huyen|thon|ban|doanh nghiep|hop tac xa"
    r"|mo hinh|truong|lop"
    r"|hoc sinh|sinh vien|can bo|giuong(?: benh)?|bac si|vu|cuoc|buoi|dot|san pham|du an|cong trinh|nha"
    r"|can(?: nha)?|diem|lan|thu tuc|ho so|khu|cum|don vi"
    r"|to chuc|cau lac bo|bai viet|tin,? bai|tiet|gio|phut|ngay|tuoi|khach|con"
)
_FIGURE = re.compile(
    rf"(?<![\w./-])(?P<amount>{_AMOUNT}) ?(?P<percent>%|phan tram)"
    rf"|(?<![\w./-])(?P<count>{_AMOUNT}) (?P<unit>{_UNIT})(?![a-z0-9])"
)
_LEAST = r"tren|tu|it nhat|toi thieu|khong (?:duoi|it hon|thap hon)|lon hon|hon|vuot|dat"
_BELOW = r"duoi|it hon|thap hon|nho hon|khong den"
_MOST = r"toi da|khong (?:qua|vuot(?: qua)?|lon hon|hon|cao hon|nhieu hon)|nhieu nhat|con(?: lai)?|xuong con|giam con"
_BEFORE = re.compile(
    rf"(?<![a-z])(?:(?P<most>{_MOST})|(?P<least>it nhat|toi thieu|khong (?:duoi|it hon|thap hon|nho hon))"
    rf"|(?P<below>{_BELOW})"
    r"|(?P<above>tren|lon hon|hon|vuot|cao hon)|(?P<sign>>=|<=|>|<|≥|≤))(?: muc| la| dat| ty le)? ?$"
)
_AFTER = re.compile(r" ?(?:(?P<least>tro len|hoac hon|va hon)|(?P<most>tro xuong))")
_STRONG = re.compile(
    r"(?<![a-z])(?:ph[ai]n dau|chi tieu|muc tieu|toi thieu|it nhat|dat ty le|ty le|bao dam|dam bao|100 ?%"
    r"|hoan thanh|khong de|giam|tang)(?![a-z])"
)
_AIMED = re.compile(r"(?<![a-z])(?:ph[ai]n dau|chi tieu(?: cu the)?:|dat chi tieu)")
_PLANNED = re.compile(r"(?<![a-z])(?:muc tieu|chi tieu)(?![a-z])")
_NO_TARGET = re.compile(
    r"(?<![a-z])(?:kinh phi|muc ho tro|dinh muc|lai suat|thue suat|muc phat|dieu \d|khoan \d|trong thoi han"
    r"|trong vong|ke tu ngay|giai doan truoc"
    r"|so voi cung ky|da dat|dat duoc|ket qua dat|nam truoc|hien co|hien nay|thuc te|tinh den ngay)"
)
_DATE_LIKE = re.compile(r"(?:ngay|thang|nam|quy|so|dieu|khoan|muc|phu luc|mau|qd|lan thu|thu|khoa|tu|den) $")
_MULTIPLES = frozenset(
    {"ngay", "gio", "phut", "tuoi", "lan", "diem", "dot", "buoi", "vu", "ban", "con", "khu", "xa", "phuong"}
)


def targets(front: Front, outline: Outline) -> tuple[Target, ...]:
    """Figures under headings of mục tiêu or chỉ tiêu, and of sentences elsewhere that say "phấn đấu"."""
    found: list[Target] = []
    for clause in outline.clauses:
        if clause.zone not in (Zone.WORK, Zone.AIMS, Zone.TARGETS) or clause.heading:
            continue
        under = clause.zone is Zone.TARGETS or _under_targets(front, outline, clause)
        for start, end in _sentences(front, clause):
            words = front.folded.text[start:end]
            if (under and _STRONG.search(words)) or _AIMED.search(words):
                found.extend(_figures(front, clause, start, end, under=under))
    return tuple(dict.fromkeys(found))


def _under_targets(front: Front, outline: Outline, clause: Clause) -> bool:
    for above in outline.ancestors(clause):
        words = front.folded.text[front.folded.at(above.words.start) : front.folded.at(above.words.end)]
        if above.heading and _PLANNED.search(words):
            return True
    return False


def _sentences(front: Front, clause: Clause) -> Iterator[tuple[int, int]]:
    start, end = front.folded.at(clause.words.start), front.folded.at(clause.words.end)
    at = start
    for stop in re.finditer(r"[.;](?= )", front.folded.text[start:end]):
        yield at, start + stop.end()
        at = start + stop.end()
    if at < end:
        yield at, end


def _figures(front: Front, clause: Clause, start: int, end: int, *, under: bool) -> Iterator[Target]:
    """One target for each bound and unit of the sentence: "100% các xã, 100% các phường" is one."""
    words = front.folded.text[start:end]
    seen: set[tuple[str, str]] = set()
    for match in _FIGURE.finditer(words):
        before = words[: match.start()]
        if _DATE_LIKE.search(before) and match["percent"] is None:
            continue
        if (_NO_TARGET.search(words) and match["percent"] is None) or _told(before):
            continue
        if match["unit"] in _MULTIPLES and not _BEFORE.search(before):
            continue
        value, unit = _bound(words, match)
        if (value, unit) in seen or (match["unit"] and not (under or _BEFORE.search(before))):
            continue
        if before.count("(") > before.count(")") and any(of == unit for _value, of in seen):
            continue  # "35 người (25 nam, 10 nữ)": a part of the figure before
        seen.add((value, unit))
        printed = front.printed(start, end).lstrip("-+•. ").rstrip(" .;")
        span = front.span(start + match.start(), start + match.end())
        yield Target(printed, span, value, unit if unit == "%" else _printed_unit(front, start, match), clause.label)


def _told(before: str) -> bool:
    """Whether the figure tells of the past ("năm 2023 đạt 85%")."""
    return re.search(r"(?<![a-z])(?:da dat|dat duoc|hien nay|hien co|nam truoc)[^,;]{0,40}$", before) is not None


def _bound(words: str, match: re.Match[str]) -> tuple[str, str]:
    amount = match["amount"] or match["count"] or ""
    number = (
        amount.replace(".", "").replace(",", ".")
        if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", amount)
        else amount.replace(",", ".")
    )
    unit = "%" if match["percent"] else match["unit"] or ""
    before, after = _BEFORE.search(words[: match.start()]), _AFTER.match(words, match.end())
    sign = _sign(before) or _sign(after)
    if not sign:
        sign = "<=" if re.search(r"(?<![a-z])(?:giam|ha)[^,;]{0,60} (?:xuong|con) ?$", words[: match.start()]) else ">="
    return f"{sign} {re.sub(r'^0+(?=[0-9])', '', number)}", unit


def _sign(match: re.Match[str] | None) -> str:
    if match is None:
        return ""
    part = match.groupdict()
    if part.get("sign"):
        return (part["sign"] or "").replace("≥", ">=").replace("≤", "<=")
    for name, sign in (("most", "<="), ("least", ">="), ("below", "<"), ("above", ">")):
        if part.get(name):
            return sign
    return ""


def _printed_unit(front: Front, start: int, match: re.Match[str]) -> str:
    return front.printed(start + match.start("unit"), start + match.end("unit"))
