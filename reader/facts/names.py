"""Official names of bodies, restored from capitals, abbreviations and lost diacritics as far as that can be derived."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import takewhile

from reader.facts.places import CITIES, LEVELS, leading_province, level_of, province
from reader.folding import Folded

_KNOWN = {
    "uy ban nhan dan": "Ủy ban nhân dân",
    "ubnd": "Ủy ban nhân dân",
    "hoi dong nhan dan": "Hội đồng nhân dân",
    "hdnd": "Hội đồng nhân dân",
    "cong an": "Công an",
    "tinh uy": "Tỉnh ủy",
    "thanh uy": "Thành ủy",
    "huyen uy": "Huyện ủy",
    "quan uy": "Quận ủy",
    "thi uy": "Thị ủy",
    "dang uy": "Đảng ủy",
    "dang bo": "Đảng bộ",
    "dang doan": "Đảng đoàn",
    "tinh doan": "Tỉnh đoàn",
    "thanh doan": "Thành đoàn",
    "huyen doan": "Huyện đoàn",
    "thu tuong chinh phu": "Thủ tướng Chính phủ",
    "van phong chinh phu": "Văn phòng Chính phủ",
    "chinh phu": "Chính phủ",
    "bo cong an": "Bộ Công an",
    "bo cong thuong": "Bộ Công Thương",
    "so cong thuong": "Sở Công Thương",
    "bao hiem xa hoi": "Bảo hiểm xã hội",
    "ngan hang chinh sach xa hoi": "Ngân hàng Chính sách xã hội",
    "uy ban mat tran to quoc viet nam": "Ủy ban Mặt trận Tổ quốc Việt Nam",
    "tong cong ty": "Tổng công ty",
    "ban thuong vu": "Ban Thường vụ",
    "ban chap hanh": "Ban Chấp hành",
}
"""Folded opening words -> as they are written."""
_LEVEL = (
    r"(?P<level>tinh(?! (?:uy|doan|hinh))|thanh pho|tp|huyen(?! uy)|(?<!co )quan(?! (?:su|ly|he|doi|uy|y|nhan))|thi xa"
    r"|(?<!thi )(?<!tac )xa(?! hoi)|(?<!dia )phuong(?! (?:phap|tien|an))|thi tran|dac khu)"
)
_PLACED = re.compile(rf"(?<![a-z]){_LEVEL}(?![a-z])\.?(?: (?P<place>[a-z0-9].*))?$")
_SYLLABLE = re.compile(r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?")
_COMMITTEE = re.compile(r"(?:tinh|thanh|huyen|quan|thi) (?:uy|doan)(?= |$)")
_PARTY = {
    "tinh uy": "province",
    "thanh uy": "district",
    "huyen uy": "district",
    "quan uy": "district",
    "thi uy": "district",
}
_NEEDS_PLACE = re.compile(
    r"(?:so|phong|ban|chi cuc|cuc|van phong|truong|thanh tra|tinh doan|tinh uy|thanh uy|cong an|hoi|benh vien)\b"
)
_MINISTRY = re.compile(
    r"(?:bo|tong cuc|ngan hang nha nuoc|thanh tra chinh phu|van phong chinh phu|uy ban dan toc|bao hiem xa hoi viet nam"
    r"|kiem toan nha nuoc|van phong (?:quoc hoi|chu tich nuoc)|toa an nhan dan toi cao"
    r"|vien kiem sat nhan dan toi cao)\b"
)
_ACRONYMS = frozenset({"thcs", "thpt", "dtnt", "ptdtnt", "ptdtbt", "th", "gdtx", "-"})
_GOVERNMENT = re.compile(r"(?:chinh phu|thu tuong|pho thu tuong|quoc hoi|uy ban thuong vu quoc hoi|chu tich nuoc)\b")
_SCHOOL = re.compile(r"(?:truong|dai hoc|hoc vien|khoa|nha truong|trung tam giao duc)\b")
_PARTY_BODY = re.compile(
    r"(?:ban chap hanh|ban thuong vu|bo chinh tri|ban bi thu|ban to chuc|ban tuyen giao|dang bo|dang uy|dang doan"
    r"|chi bo|uy ban kiem tra"
    r"|van phong (?:trung uong|tinh uy|huyen uy|dang uy)|(?:tinh|thanh|huyen|quan|thi) uy)\b"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A body by its words: folded ``key`` without the place, level word and place apart where it has them."""

    words: str
    """As it should be written, without the place."""
    key: str
    level: str
    """Folded level word, empty where there is none."""
    place: str

    @property
    def official(self) -> str:
        """The full name."""
        level = f" {LEVELS[self.level][0]}" if self.level else ""
        return f"{self.words}{level}{' ' + self.place if self.place else ''}"


def name_of(words: str) -> Name:
    """Takes the printed words of a body apart."""
    words = " ".join(unicodedata.normalize("NFC", words).replace("–", "-").split()).strip(" .,;:-*|")
    folded = Folded(words)
    found = _PLACED.search(folded.text)
    start = found.start() if found and found.start() else len(folded.text)
    key = folded.text[:start].strip()
    own = folded.span(0, start).of(words).strip()
    if found is None or not found.start():
        head, place = _place_without_level(key, own)
        return Name(_written(head, own if head == key else head), head, "", place)
    place = ""
    if found["place"]:
        place = _place(
            folded.span(*found.span("place")).of(words), known=LEVELS[found["level"]][0] in ("tỉnh", "thành phố")
        )
    return Name(_written(key, own), key, found["level"], place)


def _place_without_level(key: str, own: str) -> tuple[str, str]:
    """The place behind the name of a committee that says the level itself: "TỈNH ỦY SƠN LA"."""
    committee = _COMMITTEE.match(key)
    if committee is None or not own:
        return key, ""
    rest = own.split()[2:]
    return committee[0], leading_province(" ".join(rest)) or _place(" ".join(rest)) if rest else ""


def _place(words: str, *, known: bool = False) -> str:
    """A name of a place: a province as it is officially written, else with capitals; quotes and remarks cut off."""
    words = re.split(r" (?:cộng hòa|cộng hoà|độc lập|năm|về|số)\b|[(,;:\"“]", words, maxsplit=1, flags=re.IGNORECASE)[0]
    words = words.strip(" .-")
    if not words.isupper():
        words = " ".join(takewhile(lambda w: w[:1].isupper() or w[:1].isdigit() or w == "-", words.split())).strip(" -")
    if known and (found := province(words)):
        return found
    return " ".join(w.capitalize() if w.isupper() and len(w) > 1 else w for w in words.split())


_SCHOOLS = re.compile(
    r"truong (?:dai hoc|cao dang|trung cap|mam non|mau giao|tieu hoc|trung hoc (?:co so|pho thong)|thcs|thpt|pho thong)"
)


def _written(key: str, own: str) -> str:
    school = _SCHOOLS.match(key)
    if school is not None and own.isupper() and len(key.split()) == len(own.split()):
        kind, rest = own.split()[: len(school[0].split())], own.split()[len(school[0].split()) :]
        return " ".join(
            [
                _quiet(" ".join(kind), first=True),
                *(_in_school(w) for w in rest),
            ]
        )
    for known in sorted(_KNOWN, key=len, reverse=True):
        if key == known:
            return _KNOWN[known]
        if key.startswith(known + " "):
            rest = own.split()[len(known.split()) :]
            return f"{_KNOWN[known]} {_quiet(' '.join(rest), first=False)}".replace("Việt nam", "Việt Nam")
    return _quiet(own, first=True)


def _in_school(word: str) -> str:
    if word.lower() in ("và", "va"):
        return "và"
    return word if _bare(word.lower()) in _ACRONYMS else word.capitalize()


def _quiet(words: str, *, first: bool) -> str:
    """Capitals taken back: "SỞ GIÁO DỤC VÀ ĐÀO TẠO" -> "Sở Giáo dục và Đào tạo"."""
    if not any(c.islower() for c in words):
        out: list[str] = []
        rise = True
        for at, word in enumerate(words.split()):
            low = word.lower()
            keep = any(c.isalpha() for c in word) and not _SYLLABLE.fullmatch(_bare(low).strip(",.;:()"))
            out.append(word if keep else low.capitalize() if rise else low)
            rise = (at == 0 and first) or low in ("và", "-", "va") or low.endswith(",")
        return " ".join(out)
    return words


def _bare(word: str) -> str:
    return Folded(word).text


def placed(name: Name, *, level: str = "", place: str = "") -> Name:
    """The same body with the place it belongs to, where its own words do not say it."""
    if name.place or not place or _GOVERNMENT.match(name.key) or _MINISTRY.match(name.key):
        return name
    if name.level:
        if level and not _same_level(level, name.level):
            return name
        return Name(name.words, name.key, name.level, place)
    if level and _NEEDS_PLACE.match(name.key):
        within = "" if name.key in ("tinh uy", "thanh uy") else level
        return Name(name.words, name.key, within, place)
    return name


def of_committee(name: Name, above: Name) -> Name:
    """A board of a party committee carries its name: "BAN TỔ CHỨC" under "HUYỆN ỦY" is its organisation board."""
    if re.match(r"(?:ban|van phong|uy ban kiem tra)\b", name.key) and not name.level and _COMMITTEE.match(above.key):
        return Name(f"{name.words} {above.words}", f"{name.key} {above.key}", "", above.place)
    return name


def _same_level(one: str, two: str) -> bool:
    return LEVELS[one][0] == LEVELS[two][0]


def level(name: Name) -> str:
    """Of its territory where it has one; else government, ministry, department, school, party or other."""
    if _GOVERNMENT.match(name.key):
        return "government"
    if _MINISTRY.match(name.key) and not name.level:
        return "ministry"
    if _SCHOOL.match(name.key):
        return "school"
    if re.match(r"(?:so|ban quan ly|chi cuc|cuc)\b", name.key):
        return "department"
    for committee, its_level in _PARTY.items():
        if re.search(rf"\b{committee}\b", name.key):
            city = committee == "thanh uy" and Folded(name.place).text in CITIES
            return "province" if city else its_level
    if name.level:
        return level_of(name.level, name.place)
    if _PARTY_BODY.match(name.key):
        return "party"
    return "other"
