"""Finding the time expressions of a text: at every place the longest that the grammar allows, none inside another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from reader.times.grammar import NUMBERS, ROMAN_QUARTER, RULES, SCANNED_QUARTER, WEEKDAYS, D, M, Sort

_NUMBER = re.compile(r"\d+")
_MONTH = re.compile(rf"(?<!\d){M}(?!\d)")
_DAY = re.compile(rf"(?<!\d){D}(?!\d)")
_QUARTER = re.compile(r"[ivlj0-4|]+")
_TIMES_WORD = re.compile(r"\d|ngay|thang|quy|nam|tuan|thuong|lien tuc|khi co|suot|dot xuat|kip thoi|gio")

# Without that word no rule of the sort can match; looking for it takes a hundredth of what the rules take.
_NEEDED = {
    Sort.QUARTERLY: "quy",
    Sort.QUARTERS: "qu",
    Sort.MONTHLY: "thang",
    Sort.WEEKLY: "tuan",
    Sort.DAILY: "ngay",
    Sort.DAY: "ngay",
}


@dataclass(frozen=True, slots=True)
class Atom:
    """One time expression without the words in front. Places count characters of the folded text."""

    start: int
    end: int
    sort: Sort
    words: str
    groups: dict[str, str] = field(compare=False)

    def number(self, group: str) -> int | None:
        """The value of a group as a number, also where it is written out ("muoi")."""
        said = self.groups.get(group)
        if not said:
            return None
        digits = _NUMBER.match(said)
        return int(digits.group()) if digits else NUMBERS.get(said)

    @property
    def year(self) -> int | None:
        """Printed in the expression."""
        return self.number("y")

    @property
    def months(self) -> list[int]:
        """Of "tháng 3, 6 và 9"."""
        return [_leading(found) for found in _MONTH.findall(self.groups.get("list", ""))]

    @property
    def days(self) -> list[int]:
        """Of "ngày 10 và 25"."""
        first = self.number("d")
        more = [_leading(found) for found in _DAY.findall(self.groups.get("more") or "")]
        return [first, *more] if first else more

    @property
    def quarters(self) -> list[int]:
        """Of "quý II, III"; what a scan made of the figures is read as the nearest that makes sense."""
        found = (quarter(said) for said in _QUARTER.findall(self.groups.get("list", "").replace("quy", " ")))
        return [number for number in found if number]

    @property
    def weekday(self) -> int | None:
        """Monday is 1, as in ISO 8601."""
        if self.groups.get("sunday"):
            return 7
        return WEEKDAYS.get(self.groups.get("w", ""))

    @property
    def time(self) -> str | None:
        """``16:00``."""
        hour = self.number("hour")
        return None if hour is None else f"{hour:02d}:{self.number('minute') or 0:02d}"


def _leading(said: str) -> int:
    found = _NUMBER.match(said)
    return int(found.group()) if found else 0


@cache
def quarter(said: str) -> int | None:
    """II, 2, and what scans make of them: I11 is III, 1V is IV."""
    said = said.lstrip("0")
    if said in ROMAN_QUARTER:
        return ROMAN_QUARTER[said]
    if said in SCANNED_QUARTER:
        return SCANNED_QUARTER[said]
    plain = said.replace("l", "i").replace("1", "i").replace("|", "i").replace("j", "i")
    return ROMAN_QUARTER.get(plain)


def atoms(folded: str) -> tuple[Atom, ...]:
    """All of a folded text, in order, not overlapping."""
    if not _TIMES_WORD.search(folded):
        return ()
    found: dict[int, Atom] = {}
    for sort, pattern in RULES:
        if sort in _NEEDED and _NEEDED[sort] not in folded:
            continue
        for match in pattern.finditer(folded):
            known = found.get(match.start())
            if known is None or match.end() > known.end:
                groups = {name: value for name, value in match.groupdict().items() if value is not None}
                found[match.start()] = Atom(match.start(), match.end(), sort, match.group(), groups)
    return tuple(_not_overlapping(found))


def _not_overlapping(found: dict[int, Atom]) -> Iterator[Atom]:
    end = 0
    for start in sorted(found):
        if start >= end:
            yield found[start]
            end = found[start].end
