"""The last day of the period that a document is made for."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from reader.draft import Found
from reader.facts.front import Front
from reader.outline import Outline

_YEAR = r"(?:19|20)\d\d"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4, "01": 1, "02": 2, "03": 3, "04": 4}
_PERIOD = re.compile(
    rf"(?<![a-z])(?:giai doan|thoi ky|tu nam|cac nam|trong nam|nam|den het nam"
    rf"|den nam)?:? ?(?:tu )?(?P<from>{_YEAR}) ?(?:-|den|toi)(?: nam)? ?(?P<to>{_YEAR})(?![\d/])"
)
_UNTIL = re.compile(
    rf"(?<![a-z])(?P<vision>tam nhin )?(?:den|toi|dinh huong den)(?: het)? nam (?P<to>{_YEAR})(?![\d/])"
)
_HALF = re.compile(rf"(?<![a-z])0?6 thang (?P<half>dau|cuoi) nam (?P<to>{_YEAR})(?!\d)")
_QUARTER = re.compile(rf"(?<![a-z])qu[yi] (?P<quarter>iv|i{{1,3}}|0?[1-4])(?:[,]? nam |/ ?| )(?P<to>{_YEAR})(?!\d)")
_MONTH = re.compile(rf"(?<![a-z])thang (?P<month>\d{{1,2}})(?:,? nam | ?/ ?)(?P<to>{_YEAR})(?!\d)")
_IN_YEAR = re.compile(rf"(?<![a-z])(?:trong )?nam (?P<to>{_YEAR})(?! ?[-/\d])(?! ?(?:den|toi) (?:nam )?{_YEAR})")
_SCHOOL_YEAR = re.compile(rf"(?<![a-z])(?:nam hoc|nhiem ky|hoc ky \w+,?) (?:nam hoc )?{_YEAR} ?- ?{_YEAR}")
_DATED = re.compile(r"(?:thang (?:\d{1,2}|gieng|chap)|[\d/] ?-|\d/) ?$")
_OF_AN_ACT = re.compile(
    r"(?<![a-z])(?:luat|bo luat|nghi quyet|nghi dinh|quyet dinh|chi thi|hien phap|phap lenh|ket luan"
    r"|thong tu)(?! (?:nay|lien))[^.;:]{0,120}$"
)
_DURATION = re.compile(
    r"(?<![a-z])(?:thoi gian (?:thuc hien|trien khai)(?: ke hoach| chuong trinh| de an)?"
    r"|ke hoach (?:nay )?(?:duoc )?(?:thuc hien|trien khai))"
    rf"[^.;]{{0,60}}?(?:den het|den"
    rf"|toi) (?:het )?(?:ngay (?P<day>\d{{1,2}})[/.-](?P<month>\d{{1,2}})[/.-](?P<to>{_YEAR})"
    rf"|nam (?P<year>{_YEAR}))"
)


def horizon(front: Front, outline: Outline, year: int | None) -> Found[str] | None:
    """From the abstract, else from a sentence on the time of performance, else from the period named in the opening.

    ``year`` is the year of signing: a period that ended before it is somebody else's.
    """
    title = front.title
    if title is not None:
        found = _best(front, title.start, title.end, year)
        if found is not None:
            return found
    for match in _DURATION.finditer(front.folded.text):
        last = _day(match)
        if last is not None and (year is None or last.year >= year):
            return Found(last.isoformat(), front.span(match.start(), match.end()), 0.8)
    return _in_opening(front, year) or _in_aims(front, outline, year)


def _best(front: Front, start: int, end: int, year: int | None) -> Found[str] | None:
    """What stands outside quotation marks first: inside them is the name of another act."""
    quoted = [m.span() for m in re.finditer(r"\"[^\"]*\"", front.folded.text[start:end])]
    later: Found[str] | None = None
    for last, a, b, own in _periods(front, start, end):
        if year is not None and last.year < year:
            continue
        inside = any(s <= a - start < e for s, e in quoted)
        found = Found(last.isoformat(), front.span(a, b), 1.0 if own and not inside else 0.6)
        if not inside and own:
            return found
        later = later or found
    return later


def _periods(front: Front, start: int, end: int) -> Iterator[tuple[date, int, int, bool]]:
    """Last day, place, and whether it is the document's own (not part of the name of a law)."""
    text = front.folded.text
    taken = [m.span() for m in _SCHOOL_YEAR.finditer(text, start, end)]
    for pattern in (_PERIOD, _HALF, _QUARTER, _MONTH, _UNTIL, _IN_YEAR):
        for match in pattern.finditer(text, start, end):
            if any(match.start() < e and s < match.end() for s, e in taken) or _DATED.search(
                text[start : match.start()]
            ):
                continue
            if pattern is _MONTH and re.search(r"ngay \d{0,2} ?$", text[max(0, match.start() - 8) : match.start()]):
                continue
            if match.groupdict().get("vision"):
                continue
            taken.append(match.span())
            own = not (pattern is _IN_YEAR and _OF_AN_ACT.search(text[start : match.start()]))
            last = _day(match)
            if last is not None:
                yield last, match.start(), match.end(), own


def _day(match: re.Match[str]) -> date | None:
    part = match.groupdict()
    year = int(part.get("to") or part.get("year") or 0)
    if part.get("from") and int(part["from"] or 0) > year:
        return None
    month, day = 12, 31
    if part.get("half") == "dau":
        month, day = 6, 30
    if part.get("quarter"):
        month = 3 * _ROMAN[part["quarter"] or "4"]
        day = monthrange(year, month)[1]
    if part.get("month"):
        month = int(part["month"] or 0)
        if not 1 <= month <= 12:
            return None
        day = int(part["day"] or 0) if part.get("day") else monthrange(year, month)[1]
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _in_opening(front: Front, year: int | None) -> Found[str] | None:
    """A "giai đoạn 2024 - 2027" before the first heading: the period of what is carried out."""
    text = front.folded.text
    start, end = front.opening
    for match in _PERIOD.finditer(text, start, end):
        last = _day(match)
        if not match[0].startswith("giai doan") or last is None or (year is not None and last.year < year):
            continue
        return Found(last.isoformat(), front.span(match.start(), match.end()), 0.5)
    return None


def _in_aims(front: Front, outline: Outline, year: int | None) -> Found[str] | None:
    """The latest period that a heading of mục tiêu or chỉ tiêu names."""
    found: list[Found[str]] = []
    for clause in outline.clauses:
        start, end = front.folded.at(clause.words.start), front.folded.at(clause.words.end)
        if end - start > 120 or not re.match(r"(?:cac )?(?:muc tieu|chi tieu)", front.folded.text[start:end]):
            continue
        for last, a, b, own in _periods(front, start, end):
            if own and (year is None or last.year >= year):
                found.append(Found(last.isoformat(), front.span(a, b), 0.5))
    return max(found, key=lambda one: one.value, default=None)
