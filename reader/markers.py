"""Numberings and bullets at the start of a paragraph: Phần I, II., 1., 1.2., a), Điều 3., -, +."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from reader.folding import Folded


class Rank(IntEnum):
    """Who stands under whom: smaller numbers above (Nghị định 30/2020/NĐ-CP, Phụ lục I, II.6)."""

    PART = 0  # Phần, Chương, Phụ lục, and capitals without a number
    CAPITAL = 1  # A., B.
    ROMAN = 2
    ARTICLE = 3  # Điều
    NUMBER = 4
    NUMBER2 = 5  # 1.2
    NUMBER3 = 6  # 1.2.3
    POINT = 7  # a)
    DASH = 8
    PLUS = 9
    PLAIN = 10  # no marker


@dataclass(frozen=True, slots=True)
class Marker:
    """A numbering or bullet: its name in references ("III", "1.2", "a", "-") and where the words begin."""

    name: str
    rank: Rank
    end: int
    """In the folded text."""


_REACH = 60  # characters; a marker and the first words behind it
_ROMAN = r"x{0,2}(?:ix|iv|v?i{1,3}|v|x)"
_SCANNED = r"[il1|]{2,3}|[il|]|[il1|][vx]"  # III read as I11, IV as 1V
_PATTERNS = (
    (Rank.PART, rf"(?P<name>(?:phan|chuong|phu luc)(?: thu)? (?:{_ROMAN}|\d{{1,2}}|nhat|hai|ba|bon)\b)[.:]?(?= |$)"),
    (Rank.ARTICLE, r"(?P<name>dieu \d{1,3})[.:](?= |$)"),
    (Rank.NUMBER3, r"(?P<name>\d{1,2}\.\d{1,2}\.\d{1,2})[.):]?(?= ?[a-z\"(])"),
    (Rank.NUMBER2, r"(?P<name>\d{1,2}\.\d{1,2})(?:[.):](?= ?[a-z\"(])|(?= [a-z\"(]))"),
    (Rank.NUMBER, r"\(?(?P<name>\d{1,2})(?:[.)](?= ?[a-z\"(]| ?\d+%|$)|[/:-] (?=[a-z])|-(?=[a-z]{2}))"),
    (Rank.ROMAN, rf"(?P<name>{_ROMAN}|{_SCANNED})(?:[.)/]|(?= ?- [a-z]) ?-)(?= |$|[a-z]{{2}})"),
    (Rank.POINT, r"\(?(?P<name>[a-z])[.)](?= |$|[a-z]{2})"),
    (Rank.PLUS, r"(?P<name>[+○◦▪→])(?= ?[a-z\"(\d])"),
    (Rank.DASH, r"(?P<name>[-•●■□❖➢✓·])(?= ?[a-z\"(\d])"),
)
_COMPILED = tuple((rank, re.compile(pattern)) for rank, pattern in _PATTERNS)
_INLINE = re.compile(
    r"(?<= )(?:(?<=[.;:)\"/\w%] )(?="
    rf"(?:{_ROMAN}|{_SCANNED})\. [a-z]|\d{{1,2}}(?:\.\d{{1,2}}){{0,2}}[.)] [a-z]|[a-h]\) [a-z]|dieu \d{{1,3}}\. "
    r"|noi nhan)"
    r"|(?<=[.;:)] )(?=[-+] [a-z]))"
)
_CITED = re.compile(r"(?:dieu|khoan|muc|diem|phan|so|chuong|va|,|quy|thang|ngay|nam|mau|phu luc|tu|den) $")


def leading(words: str) -> Marker | None:
    """The marker at the start of a paragraph."""
    folded = Folded(words[:_REACH]).text
    lead = len(folded) - len(folded.lstrip(" >|"))
    first = next((c for c in words if c.isalnum()), "")
    if words.lstrip().startswith("* "):
        return Marker("-", Rank.DASH, lead)
    for rank, pattern in _COMPILED:
        found = pattern.match(folded, lead)
        if found and (marker := _marker(found, rank, first)):
            return marker
    return None


def inline_starts(folded: Folded, text: str) -> Iterator[int]:
    """Offsets in the original at which a paragraph may begin inside a text that lost its line breaks.

    After a numbering a capital follows, and "khoản 1. …" is a reference.
    """
    for found in _INLINE.finditer(folded.text):
        at = found.start()
        start = folded.span(at, at + 1).start
        rest = text[start : start + 24]
        words = rest if folded.text.startswith("noi", at) else rest.partition(" ")[2]
        if next((c.isupper() for c in words if c.isalpha()), False) and not _CITED.search(
            folded.text, max(0, at - 12), at
        ):
            yield start


def _marker(found: re.Match[str], rank: Rank, first: str) -> Marker | None:
    name = found["name"]
    if rank is Rank.ROMAN:
        if not (first.isupper() or first in "1l|"):
            return None
        name = name.replace("l", "i").replace("|", "i").replace("1", "i")
        return Marker(name.upper(), rank, found.end()) if re.fullmatch(_ROMAN, name) else None
    if rank is Rank.POINT and first.isupper():
        return Marker(name.upper(), Rank.CAPITAL, found.end())
    if rank is Rank.ARTICLE:
        name = "Điều " + name.rpartition(" ")[2]
    if rank in (Rank.DASH, Rank.PLUS):
        name = "-" if rank is Rank.DASH else "+"
    return Marker(name, rank, found.end())
