"""The words by which bodies are recognised (``reader/data/bodies.yaml``), as patterns over comparable text."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from reader.bodies.toned import plain, settled

_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_CAPITALS = "".join(c for c in map(chr, range(0x41, 0x1EFA)) if c.isupper() and c.isalpha() and ord(c) not in range(0x370, 0x1E00))
CAP = rf"(?-i:[{_CAPITALS}][\w.]*)"
LOW = rf"(?-i:[^\W\d_{_CAPITALS}]\w*)"
SIGN = rf"(?-i:[{_CAPITALS}]+(?:[&\-.]?[{_CAPITALS}]+)*\d*(?!\w))"
"""A name shortened to capitals: LĐ-TB&XH, PC10."""


@dataclass(frozen=True, slots=True)
class Head:
    """A word that begins the name of a body, and what tells it from everyday speech."""

    word: str
    capital: bool
    not_after: frozenset[str]
    not_before: re.Pattern[str] | None
    small: bool


@dataclass(frozen=True, slots=True)
class Words:
    """Everything the grammar of names needs, compiled once."""

    heads: dict[str, tuple[Head, ...]]
    """By first syllable, longest first."""
    closed: dict[str, tuple[re.Pattern[str], ...]]
    """Bodies without a field, by first syllable."""
    closed_with_capital: re.Pattern[str]
    only_in_lists: re.Pattern[str]
    field: re.Pattern[str]
    item: re.Pattern[str]
    """What stands behind a shared head word: "các sở: Nội vụ, Y tế"."""
    name: re.Pattern[str]
    small_name: re.Pattern[str]
    """A name that may begin small: "Ban Quản lý dự án …"."""
    place: re.Pattern[str]
    group: re.Pattern[str]
    bare_group: re.Pattern[str]
    lone_group: re.Pattern[str]
    title: re.Pattern[str]
    elided: re.Pattern[str]
    bank: re.Pattern[str]
    abbreviation: re.Pattern[str]
    stop: re.Pattern[str]
    starts: frozenset[str]
    """Every first syllable at which a body can begin."""


def data(name: str) -> Any:
    """A file of the package's own data."""
    return yaml.load(files("reader").joinpath(f"data/{name}.yaml").read_bytes(), Loader=_LOADER)  # noqa: S506


def one_of(terms: Iterable[str]) -> str:
    """An alternation, longest first."""
    return "(?:" + "|".join(sorted(set(terms), key=lambda t: (-len(t), t))) + ")"


def spaced(term: str) -> str:
    """A term whose blanks may be line ends."""
    return settled(term).replace(" ", r"\s")


def _loose(term: str) -> str:
    """A field whose "-", "," "và" and "&" are interchangeable."""
    parts = re.split(r"\s*-\s*|,\s*|\s+và\s+|\s+&\s+", settled(term))
    return r"(?:\s?[,&]\s?|[ ]?-\s?|,?\s(?:và|&)\s|\s)".join(part.replace(" ", r"\s") for part in parts)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _also_bare(terms: Iterable[str]) -> frozenset[str]:
    """With the same words as they stand in a text that has lost its marks."""
    every = set(terms)
    return frozenset(every | {plain(t) for t in every})


def _first(pattern: str) -> set[str]:
    """The syllables with which matches of a pattern of the data file can begin."""
    text = pattern
    while (opened := re.match(r"\(\?:([^()]*)\)(\??)", text)) is not None:
        inner = {part.split(" ")[0].rstrip("?") for part in opened.group(1).split("|")}
        if opened.group(2):
            return inner | _first(text[opened.end() :].lstrip())
        return inner
    return {re.split(r"[^\w]", text)[0]}


@cache
def words() -> Words:
    """Compiled from the data file at the first use."""
    raw = data("bodies")
    units = one_of(map(spaced, raw["units"]))
    unit = rf"(?:{units}(?!\w)(?!\s(?:hội|ủy|đoàn|đội)\b))"
    fields = one_of(map(_loose, raw["fields"])) + r"(?!\w)"
    stops = one_of([re.escape(settled(s)).replace(r"\ ", r"\s") for s in raw["stops"]] + [r"(?<!ông\s)(?<!ương\s)trình"])
    headwords = one_of(
        [spaced(h) for h in raw["heads"]]
        + [r"công\san", "ubnd", "hđnd", r"ủy\sban", r"hội\sđồng", r"tòa\sán", r"kho\sbạc", r"ngân\shàng", "mttq", r"mặt\strận"]
        + [r"thủ\strưởng", r"giám\sđốc", r"chủ\stịch", "trưởng", "chánh", r"hiệu\strưởng", r"viện\skiểm", r"bảo\shiểm", r"chi\snhánh"]
    )
    capitalised = rf"(?!{headwords}\b)(?!{stops}\b){CAP}"
    own = rf"(?:{capitalised}|\d{{1,3}}\b)"
    proper = rf"(?:{one_of(map(_loose, raw['provinces']))}(?!\w)|{own}(?:[ ]-?[ ]?{own}){{0,3}})"
    many = rf"{unit}(?:(?:,\s|\s?/\s?|,?\svà\s|\s-\s){unit})*"
    listed = rf"{proper}(?:(?:,\s|,?\svà\s|;\s)(?:{unit}[ ])?{proper})*"
    place = (
        rf"(?:\s(?:trên\sđịa\sbàn|của|thuộc|trong))?\s(?:"
        rf"(?:tất\scả\s)?(?:các|những|\d+|từng|mỗi)\s{many}(?:(?::\s?|[ ]){listed})?(?:\s(?:trong|trên\sđịa\sbàn|thuộc)\s(?:toàn\s)?{unit}(?:[ ]{proper})?|\strực\sthuộc\strung\sương)?"
        rf"|(?:các\s)?cấp\s(?:tỉnh|huyện|xã|cơ\ssở|thành\sphố|trung\sương)(?:(?:,|\svà|,\scấp|\svà\scấp|/)\s?(?:tỉnh|huyện|xã))*"
        rf"|(?:các|cùng|từng|hai|02|2|3|03)\scấp|(?:địa\sphương|cơ\ssở|trung\sương|sở\stại)\b"
        rf"|{many}(?:[ ]{listed}|\s(?:{one_of(map(_loose, raw['provinces']))})(?!\w))?(?:,?[ ](?:tỉnh|huyện|thành\sphố)[ ]{proper})?(?:\strực\sthuộc\strung\sương)?"
        rf")"
    )
    name_word = rf"(?:\s(?!{stops}\b){LOW}|[ ](?!{headwords}\b)(?!{stops}\b)(?:{CAP}|\d+\b))"
    joined = rf"(?:[ ]-[ ]|[ ]&[ ]|\svà\s)(?!{headwords}\b)(?!{stops}\b){CAP}{name_word}{{0,5}}"
    own_name = rf"(?-i:(?!{stops}\b))(?:{SIGN}|(?:\"[^\"\n]{{2,40}}\")|{CAP}){name_word}{{0,7}}(?:{joined}){{0,2}}"
    against = rf"\sphòng,?\s(?:và\s)?chống{name_word}{{0,6}}"
    small_name = rf"(?:{against}|{name_word}{{1,8}}(?:{joined})?)"
    qualifier = rf"(?:\s{one_of(map(spaced, raw['qualifiers']))}(?!\w))"
    schools = r"(?:mầm\snon|tiểu\shọc|thcs|thpt|trung\shọc\s(?:cơ\ssở|phổ\sthông)|cao\sđẳng|đại\shọc|trung\scấp|mẫu\sgiáo)(?!\w)"
    noun = rf"(?:{one_of(map(spaced, raw['collective']))}(?!\w){qualifier}{{0,2}}(?:(?:,\s|,?\svà\s|\s-\s){schools})*)"
    verbs = r"(?!tổ\schức\s(?:thực|triển|tuyên|học|quán|các|cho|thi|lễ|hội|phổ|tập|kiểm|sơ|tổng|rà|đánh|lấy|việc|công|hướng|ký|phát|đấu|vận|lại|trao|khen|\d|ra|bộ|đoàn|lồng|tốt|có))"
    join = r"(?:,\s|\s?/\s?|,?\svà\s|\shoặc\s|;\s(?=các\s))(?:các\s)?"
    tail = (
        rf"(?:\s(?:có\s)?liên\squan(?:\skhác)?|\strực\sthuộc(?!,?\s(?:bộ|sở|đảng|huyện|tỉnh|thành|ubnd|ủy|công|cục|tổng|chi|trường|ban)\b)|\s(?:ở|tại)\sđịa\sphương"
        rf"|\strên\sđịa\sbàn(?:\stoàn)?\s{unit}(?:[ ]{proper})?|\strên\sđịa\sbàn(?:\squản\slý)?|\scủa\strung\sương|\s(?:của\s|trong\s|ở\s|toàn\s|cấp\s)?{many}(?:[ ]{proper})?"
        rf"|\s(?:cấp\s(?:tỉnh|huyện|xã|cơ\ssở)|các\scấp|cùng\scấp|địa\sphương|trung\sương|ở\strung\sương|khác|nêu\strên|được\sgiao(?:\schủ\strì)?(?:\s(?:thực\shiện\s)?nhiệm\svụ)?))"
    )
    every = r"(?:(?:tất\scả|toàn\sthể|toàn\sbộ)\s)?(?:các|những|mọi|từng|mỗi|tất\scả|toàn\sthể)\s"
    members = rf"{verbs}{noun}(?:{join}{verbs}{noun})*"
    heads: dict[str, list[Head]] = {}
    for word, entry in raw["heads"].items():
        word = settled(word)
        blocked = entry.get("not_before")
        heads.setdefault(word.split(" ")[0], []).append(
            Head(
                word,
                bool(entry.get("cap")),
                _also_bare(map(settled, entry.get("not_after", ()))),
                _compiled(rf",?\s{one_of(map(spaced, map(str, blocked)))}(?!\w)") if blocked else None,
                bool(entry.get("small")),
            )
        )
    closed: dict[str, list[str]] = {}
    for pattern in raw["closed"]:
        for first in _first(settled(pattern)):
            closed.setdefault(first, []).append(settled(pattern).replace(" ", r"\s"))
    item = rf"(?:(?:{fields}|công\san|{SIGN})(?!\s(?:{unit}|các|cấp)\b))"
    titles = one_of(map(spaced, raw["titles"]))
    title = rf"{titles}(?:(?:,\s|\svà\s|/){titles})*(?=\s)"
    abbreviations = one_of(map(re.escape, raw["abbreviations"]))
    starts = set(heads) | set(closed) | {t.split(" ")[0] for t in map(settled, raw["titles"])}
    starts |= {"các", "những", "mọi", "từng", "mỗi", "tất", "toàn"}
    starts |= {t.split(r"\s")[0] for t in map(spaced, raw["collective"])}
    return Words(
        heads={k: tuple(sorted(v, key=lambda h: -len(h.word))) for k, v in heads.items()},
        closed={k: tuple(_compiled(rf"(?:{p})(?!\w)") for p in v) for k, v in closed.items()},
        closed_with_capital=_compiled(one_of(map(spaced, raw["closed_with_capital"])) + r"$"),
        only_in_lists=_compiled(one_of(map(spaced, raw["only_in_lists"])) + r"$"),
        field=_compiled(rf"\s(?:{fields}|{SIGN}(?:(?:[ ]?[&-][ ]?|[ ]và[ ]){SIGN})*)"),
        item=_compiled(item),
        name=_compiled(r"\s" + own_name),
        place=_compiled(rf"(?:{place}|[ ](?:{one_of(map(_loose, raw['provinces']))})(?!\w))"),
        small_name=_compiled(small_name),
        group=_compiled(rf"(?:{every})(?P<members>{members})(?P<tail>{tail}{{0,3}})"),
        bare_group=_compiled(rf"(?P<members>{verbs}{noun}(?:{join}{verbs}{noun})+)(?P<tail>{tail}{{0,3}})"),
        lone_group=_compiled(rf"(?P<members>{verbs}{noun})(?P<tail>{tail}{{1,3}})"),
        title=_compiled(title),
        elided=_compiled(
            rf"(?:{every})?(?P<head>sở|phòng|ban|bộ|vụ|cục|hội|khoa)(?:,\s(?:ban|ngành|đoàn\sthể))*(?::\s?|\s)"
            rf"(?P<members>{item}(?:(?:,\s|,?\svà\s|;\s){item})+)"
        ),
        bank=_compiled(
            rf"(?:(?:chi\sn?hánh|phòng\sgiao\sdịch|pgd)\s(?:của\s)?)*"
            rf"(?:nhcsxh|nhno|(?:ngân\shàng|nh)\s?(?:chính\ssách(?:\sxã\shội)?|csxh|nhà\snước|nông\snghiệp(?:\s(?:và|&)\s(?:phát\striển\snông\sthôn|ptnt))?|tmcp\s{own}(?:[ ]{own}){{0,3}}))"
            rf"(?:\sviệt\snam)?(?:,?\s(?:-\s)?chi\sn?hánh)?(?!\w)"
        ),
        abbreviation=re.compile(rf"(?:{abbreviations}|P[ACHKVX]\d\d|[ACHKVX]\d\d)(?![\w])"),
        stop=_compiled(rf"{stops}\b"),
        starts=frozenset(sys.intern(s) for s in starts),
    )
