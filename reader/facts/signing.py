"""The day of signing, as far as it is printed: "2023-11-07", "2023-11" or "2023"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reader.document import Span
from reader.draft import Doubt, Found
from reader.facts.front import CITED_KIND, Front
from reader.facts.number import annex_remark

_DAY, _MONTH, _YEAR = "ng[a-z0-9]{1,2}y", "th[a-z0-9]{1,3}g", "n[a-z0-9]{1,3}m"
_LONG = re.compile(
    rf"(?<![a-z]){_DAY}(?P<day>[^a-z\n]{{0,14}}|[^,;\n]{{0,4}})(?<![a-z]){_MONTH}(?P<month>[^a-z\n]{{0,14}}"
    rf"|[^,;\n]{{0,4}})"
    rf"(?<![a-z]){_YEAR} ?(?P<year>[12o0] ?[\dlo](?: ?[\dlo.…_]){{0,2}})(?![\d/])"
)
_SHORT = re.compile(
    r"(?<![a-z])(?:ngay:? ?)?(?<![\d/])(?P<day>\d{1,2}) ?[/.-] ?(?P<month>\d{1,2}) ?[/.-] ?(?P<year>(?:19"
    r"|20)\d\d)(?!\d)"
)
_NO_PLACE = re.compile(
    rf"(?<![a-z])(?:{CITED_KIND}|so|tu|den|truoc|cua|tai|ngay|thang|(?<!viet )nam|hop|va|tinh|huyen|xa|phuong|pho"
    rf"|quan|tran) ?$"
)
_OF_A_PLACE = re.compile(r"(?<![a-z])(?:cua|tai|tinh|huyen|xa|phuong|pho|quan|tran|dia ban) ?$")
_WEEKDAY = re.compile(r"(?<![a-z])(?:thu (?:hai|ba|tu|nam|sau|bay|\d)|chu nhat)[,.;]$")
_PLACE_MOST = 6  # words
_CITED = re.compile(
    rf"(?<![a-z])(?:{CITED_KIND}|so)(?![a-z])[^;]{{0,90}}$|/[a-z]{{1,4}}-?[a-z]*[^;]{{0,12}}$|\d{{1,4}}/$"
)
_ANNEXED = re.compile(r"\( ?(?:duoc )?(?:ban hanh )?kem theo[^()]{0,90}?(?=(?:, ?)?ngay )")
_STAMP = re.compile(
    r"(?:thoi gian ky|ngay ky|ky ngay|signing time|signed on|signature date|date)(?: so)? ?:? ?"
    r"(?:(?P<y>20\d\d)[./-](?P<m>\d{1,2})[./-](?P<d>\d{1,2})|(?P<d2>\d{1,2})[./-](?P<m2>\d{1,2})[./-](?P<y2>20\d\d))"
)
_METADATA = re.compile(
    r"(?:ngay ban hanh ?[:|] ?|ky hieu ?: ?[^.;]{6,60} ngay )(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>(?:19|20)\d\d)"
)
_WORN = str.maketrans("lo", "10")
_TAIL = 4000  # folded characters from the end in which a place and date under the text stand
_BLANK = " ._-,:…*\u00a0"


@dataclass(frozen=True, slots=True)
class _Date:
    """Year, month and day as read; None where it is blank or cannot be read."""

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int

    @property
    def value(self) -> str | None:
        if self.year is None:
            return None
        if self.month is None:
            return f"{self.year:04d}"
        return f"{self.year:04d}-{self.month:02d}" + (f"-{self.day:02d}" if self.day is not None else "")

    @property
    def whole(self) -> bool:
        return self.day is not None and self.month is not None

    def fits(self, other: _Date) -> bool:
        """Whether the other says the same, or more."""
        mine, theirs = (self.year, self.month, self.day), (other.year, other.month, other.day)
        return all(one is None or one == two for one, two in zip(mine, theirs, strict=True))


def signed(front: Front, number: Found[str] | None = None) -> Found[str] | None:
    """From the line of place and date at the head or the end.

    Else from the remark under the title of an annex, from the register's line of a web page, from the stamp of an
    electronic signature. What is blank or unreadable is left out, never filled.
    """
    placed = next(_placed(front), None) or _beside_number(front, number)
    if placed is not None and placed.whole:
        return _found(front, placed, 1.0)
    for candidates, sure in ((_annexed(front), 0.85), (_noted(front), 0.7)):
        for other in candidates:
            if other.value is not None and (placed is None or (placed.fits(other) and sure > 0.8)):
                return _found(front, other, sure)
    return _found(front, placed, 0.9) if placed is not None else None


def _found(front: Front, at: _Date, sure: float) -> Found[str] | None:
    if at.value is None:
        return None
    doubts: tuple[Doubt, ...] = (Doubt.OCR,) if front.document.ocr else ()
    if not at.whole:
        doubts += (Doubt.UNREADABLE,)
    return Found(at.value, front.span(at.start, at.end), min(sure, 0.7) if front.document.ocr else sure, doubts)


def _placed(front: Front) -> Iterator[_Date]:
    """Dates behind a place and a comma, or alone on their line; first at the head, then at the end."""
    text = front.folded.text
    head_end = max(front.end, 0)
    for start, end in ((0, head_end), (max(head_end, len(text) - _TAIL), len(text)), (head_end, len(text))):
        at_head = start == 0
        for found in _dates(front, start, end):
            if found.value is not None and _is_signing(front, found, at_head=at_head):
                yield found


def _beside_number(front: Front, number: Found[str] | None) -> _Date | None:
    """The date on the line of the act's own number ("Số: 01/KH-…, ngày …"), else one alone on a line of the head."""
    text = front.folded.text
    if number is not None:
        after = front.folded.at(number.span.end)
        near = next(_dates(front, after, after + 60), None)
        if near is not None and not text[after : near.start].strip(" ,;-|") and near.start < front.end + 60:
            return near
    if front.title is None:
        return None
    for found in _dates(front, 0, front.title.kind_start):
        long = "thang" in text[found.start : found.end] or _LONG.match(text, found.start) is not None
        if long and found.value and not _CITED.search(text[max(0, found.start - 90) : found.start]):
            return found
    return None


def _is_signing(front: Front, found: _Date, *, at_head: bool) -> bool:
    place = _place_start(front, found.start)
    if place is None or not (at_head or (front.ends_line(found.end) and front.begins_line(place))):
        return False
    before = front.folded.text[max(0, place - 20) : place]
    within = _OF_A_PLACE.search(before)
    if within is not None and not front.capital(place - len(before) + within.start()):
        return False
    return front.begins_line(place) or not _NO_PLACE.search(before)


def _place_start(front: Front, date_start: int) -> int | None:
    """Where the name of a place begins that stands with a comma before a date; in the folded text."""
    text = front.folded.text
    end = date_start
    while end and text[end - 1] == " ":
        end -= 1
    if not end or text[end - 1] not in ",.;" or _WEEKDAY.search(text[max(0, end - 14) : end]):
        return None
    loud = front.capital(date_start)
    start = None
    for word in list(re.finditer(r"[^ |]+", text[max(0, end - 90) : end]))[: -_PLACE_MOST - 1 : -1]:
        at = max(0, end - 90) + word.start()
        if word[0] in ("phuc", "nam") and re.search(r"(?:hanh|viet) $", text[max(0, at - 6) : at]):
            break
        named = _named(front.printed(at, at + len(word[0])).strip(",.;*_"), loud=loud)
        if (
            not named
            and word[0] != "-"
            and not re.search(r"(?:thanh pho|thi xa|thi tran)$", text[max(0, at - 6) : at] + word[0])
        ):
            break
        start = at
        if front.begins_line(at):
            break
    return start


def _named(word: str, *, loud: bool) -> bool:
    """Whether the word can be part of the name of a place, and is not the end of a symbol such as KH-UBND."""
    return word[:1].isupper() and (loud or len(word) < 2 or not word.isupper() or word in ("TP", "TX"))


def _dates(front: Front, start: int, end: int) -> Iterator[_Date]:
    text = front.folded.text
    found = [*_LONG.finditer(text, start, end), *_SHORT.finditer(text, start, end)]
    for match in sorted(found, key=lambda m: m.start()):
        yield _date(match)


def _date(match: re.Match[str]) -> _Date:
    year, month, day = _number(match["year"], 1945, 2100), _number(match["month"], 1, 12), _number(match["day"], 1, 31)
    return _whole(year, month, day, match.start(), match.end())


def _whole(year: int | None, month: int | None, day: int | None, start: int, end: int) -> _Date:
    """A day without its month says nothing; a day that the month does not have was misread."""
    if year is None or month is None:
        day = None
    elif day is not None:
        try:
            date(year, month, day)
        except ValueError:
            day = None
    return _Date(year, month, day, start, end)


def day_in(front: Front, start: int, end: int, sure: float) -> Found[str] | None:
    """The date between two places of the folded text."""
    found = next(_dates(front, max(0, start - 5), end), None)
    return _found(front, found, sure) if found is not None else None


def _number(words: str, least: int, most: int) -> int | None:
    plain = "".join(words.strip(_BLANK).split())
    if least > 1000:
        plain = plain.translate(_WORN)
    if not plain.isascii() or not plain.isdigit():
        return None
    return int(plain) if least <= int(plain) <= most else None


def _annexed(front: Front) -> Iterator[_Date]:
    """From "(Ban hành kèm theo Quyết định số … ngày …)" under the title of an annex."""
    text = front.folded.text
    for remark in _ANNEXED.finditer(text):
        if not annex_remark(front, remark.start()):
            continue
        close = text.find(")", remark.end())
        yield from _dates(front, remark.end(), close if 0 <= close < remark.end() + 60 else remark.end() + 60)


def _noted(front: Front) -> Iterator[_Date]:
    text = front.folded.text
    for pattern, start, end in ((_METADATA, 0, front.end + 1500), (_STAMP, 0, len(text))):
        for match in pattern.finditer(text, start, end):
            parts = match.groupdict()
            year, month, day = (parts[k] or parts.get(k + "2") or "" for k in "ymd")
            yield _whole(
                _number(year, 1945, 2100), _number(month, 1, 12), _number(day, 1, 31), match.start(), match.end()
            )


def signed_year(found: Found[str] | None) -> int | None:
    """The year of signing, to tell what is still to come."""
    return int(found.value[:4]) if found is not None else None


def place_before(front: Front, found: Span) -> str:
    """The name of the place in the line of place and date, as printed; empty where there is none."""
    at = front.folded.at(found.start)
    start = _place_start(front, at)
    return front.printed(start, at).strip(" ,.;") if start is not None else ""
