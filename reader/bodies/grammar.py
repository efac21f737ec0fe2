"""How the name of a body is built: title, head word, field, place, the body it belongs to; collective names.

Works on comparable text (``reader.bodies.toned``) and knows nothing of where it stands in the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from reader.bodies.collective import collective, every_end, nouns_end
from reader.bodies.heads import Head, abbreviation, closed, heads, starts, terms, title
from reader.bodies.own_names import field_end, fields, is_action, is_only_action, own_end
from reader.bodies.places import place_end, proper
from reader.bodies.words import CAP, PIECE, SIGN, headword, pattern, unit

_WORD = PIECE
_SHARED = pattern(
    r"(?:các\s|hai\s|02\s)?(?P<head>sở|phòng|ban|bộ|vụ|cục|hội|khoa)(?:,\s(?:ban|ngành|đoàn\sthể))*(?::\s?|\s)"
)
_ITEM = pattern(rf"công\san|{SIGN}")
_GAPS = tuple(map(pattern, (r"(?<=\w),\s", r"(?<=\w),?\svà\s", r"(?<=\w);\s", r"(?<!\w)")))
_LAST_WORD = re.compile(r"([^\W_]+)\s$")
_RUN = re.compile(r"[\w/&.\-]*[/\-&.]$")
_POLICE = pattern(r"(?:lực\slượng\s)?công\san(?!\w)(?!\s(?:nhân\sdân|viên\b))(?:\schính\squy)?")
_POLICE_NAMED = pattern(r"(?:lực\slượng\s)?(?-i:Công\san|CÔNG\sAN)")
_POLICE_IN_GENERAL = pattern(r"(?:lực\slượng|ngành|nghiệp\svụ|chiến\s[sỹi]+|cán\sbộ|sĩ\squan|truyền\sthống|đơn\svị)\s$")
_OWNER_LINK = pattern(r"\s-\s|\s(?:trực\s)?thuộc(?:(?:,|\svà)\s(?:trực\s)?thuộc)?\s|\scủa\s|[ ]")
_GROUP_LINK = pattern(
    r"(?<=thuộc)[ ]|\s(?:trực\s)?thuộc(?:(?:,|\svà|/)\s?(?:trực\s)?thuộc)?(?:\sphạm\svi\s\w+\s\w+\scủa)?\s"
)
_OWNERS = pattern(
    r"(?:công\san|ubnd|ủy\sban\snhân\sdân|(?:tỉnh|huyện|thành|thị|quận|đảng)\sủy|hđnd|hội\sđồng\snhân\sdân|quân\sđội|chính\sphủ|"
    r"quốc\shội|trung\sương|ủy\sban\s|mặt\strận|tand|tòa\sán|vksnd|viện\skiểm\ssát|mttq|ban\squản\slý|ban\schỉ\shuy|cơ\squan|khối|đảng\sbộ|ngân\shàng|"
    r"(?:sở|bộ|ban|cục|chi\scục|tổng\scục|trường|bệnh\sviện|viện|công\sty|hội|đoàn|trung\stâm)\s)"
)
_OWNED_BY = pattern(r"\s(?:của|thuộc|ubnd|công\san|sở|ban|huyện|tỉnh|thành|quận|thị|xã)(?!\w)")
_HOUSE = re.compile(
    r"(?:Sở|Bộ|Cục|Chi cục|Tổng cục|Trường|Viện|Công ty|Ban|Trung tâm|Bệnh viện|Học viện|Quận|Tỉnh|Huyện|ngành)(?!\w)"
)
_TAKES_RECEIVER = frozenset(("về", "gửi", "cho", "trình", "với", "qua", "cáo", "giúp", "mưu", "thuộc"))
# fmt: off
_OWNED = frozenset((
    "phòng", "văn", "thanh", "đoàn", "ban", "đội", "cơ", "trung", "vụ", "tổ", "đảng", "công", "hội", "chi", "thường",
    "bộ", "khoa", "trại", "nhà", "trạm", "viện", "chánh", "quỹ", "vp", "giáo",
))
# fmt: on
"""First syllables of bodies that belong to another body, which may follow at once."""
_NAMED_IN_LISTS = frozenset(("cục", "vụ", "viện", "trung tâm", "phòng", "ban", "ủy ban", "chi cục", "tổng cục"))
_FIELD_IS_ALL = frozenset(("sở", "bộ", "phòng", "ban"))
_NEEDS_NO_NAME = frozenset(
    ("chi bộ", "ban chỉ đạo", "ban tổ chức", "ban quản lý", "ban chỉ huy", "đảng bộ", "tổ công tác", "bql", "bcđ")
)
_WHOLE_OF = frozenset(("lãnh đạo", "phó", "trưởng", "cấp ủy"))
_SEVERAL = pattern(r"\b(?:các|những|mọi|từng|mỗi|cấp)\s|\b\d+\s(?:tỉnh|huyện|quận|thành|thị|xã|phường)\b|,")
_NAME = re.compile(rf"(?:[ ]{CAP}){{1,4}}")
_PLACELESS = frozenset(
    ("chính", "quốc", "thủ", "nhà", "hiệu", "giáo", "giảng", "sinh", "học", "cán", "văn", "vp", "chánh", "cá")
)
_SMALL_HOUSE = pattern(r"(?:sở|bộ|ngành|đơn\svị|cơ\squan|phòng|ban|trường|doanh\snghiệp)(?!\w)")
_HEADED_BY = frozenset(("giám đốc", "thủ trưởng", "người đứng đầu", "phó giám đốc"))
_MAX_DEPTH = 4  # a title before a body that belongs to another that belongs to a third


@dataclass(frozen=True, slots=True)
class Named:
    """A name found in comparable text. ``head`` is a word that stands only once before several names ("các sở: …")."""

    start: int
    end: int
    group: bool = False
    head: str = ""


class Names:
    """The names of bodies in one comparable text. ``lists``: everything in it is known to consist of bodies."""

    def __init__(self, text: str, *, lists: bool = False) -> None:
        self.text = text
        self.lists = lists

    def all(self) -> Iterator[Named]:
        """In order, not overlapping, each as long as it goes."""
        at = 0
        for word in _WORD.finditer(self.text):
            if word.start() < at or not self._may_begin(word):
                continue
            found = self.at(word.start())
            yield from found
            if found:
                at = found[-1].end

    def at(self, at: int, depth: int = 0) -> tuple[Named, ...]:
        """What begins exactly there: mostly one name, several after a shared head word, or nothing."""
        several = self._sharing(at)
        if several:
            return several
        found = _longest(self._titled(at, depth), self._group(at, depth), self._single(at, depth))
        return (found,) if found is not None else ()

    def _may_begin(self, word: re.Match[str]) -> bool:
        at, letters = word.start(), word.group()
        shortened = (letters.isupper() and len(letters) > 1) or letters[-1].isdigit()
        if shortened:
            return not self._in_number(at)
        return letters.lower() in starts()

    def _in_number(self, at: int) -> bool:
        """Whether it is part of the number of a document: 12/KH-UBND (not of "sở/UBND" or "HĐND-UBND")."""
        run = _RUN.search(self.text, max(0, at - 40), at)
        signs = run.group() if run is not None else ""
        return any(c.isdigit() for c in signs) or (signs.isupper() and signs.count("-") + signs.count("/") > 1)

    def _sharing(self, at: int) -> tuple[Named, ...]:
        """ "Các Sở: Nội vụ, Tài chính"; "Sở Nội vụ, Tài chính" where all are written like names."""
        found = _SHARED.match(self.text, at)
        items = _items(self.text, found.end()) if found is not None else []
        if found is None or len(items) < 2:
            return ()
        head = found["head"]
        if found.start("head") == at and ":" not in found.group():
            names = [i.group() for i in items]
            if head.lower() not in ("sở", "bộ") or not all(
                n[0].isupper() and terms("departments").match(n) for n in names
            ):
                return ()
        elif found.start("head") == at and not head[0].isupper():
            return ()
        return tuple(Named(i.start(), i.end(), head=head.capitalize()) for i in items)

    def _titled(self, at: int, depth: int) -> Named | None:
        """ "Giám đốc Sở Tài chính", "Thủ trưởng các cơ quan, đơn vị"."""
        spoken = title().match(self.text, at)
        if spoken is None or depth >= _MAX_DEPTH:
            return None
        rest = spoken.end() + 1
        named = self.at(rest, depth + 1)
        if not named:
            house = _HOUSE.match(self.text, rest)
            if house is not None and self.text[at].isupper():
                return Named(at, house.end())
            alone = spoken.group().lower() in _HEADED_BY
            if alone and _SMALL_HOUSE.match(self.text, rest) and nouns_end(self.text, rest) == rest:
                return Named(at, nouns_end(self.text, rest, least=1))
            end = nouns_end(self.text, rest) if spoken.group().lower() not in _WHOLE_OF else rest
            return Named(at, end, group=True) if end > rest else None
        if "lãnh đạo" in spoken.group().lower() and named[-1].group and not self.text[at].isupper():
            return None  # what is led, not who leads
        return Named(at, named[-1].end, group=any(n.group or n.head for n in named))

    def _group(self, at: int, depth: int) -> Named | None:
        found = collective(self.text, at, lists=self.lists)
        group = Named(at, self._owned_end(found.end, depth, _GROUP_LINK), group=True) if found is not None else None
        begin = every_end(self.text, at)
        named = self._headed(begin, self._first(begin), depth) if begin > at else None  # "các phòng Tư pháp"
        return _longest(group, Named(at, named.end, group=True) if named is not None else None)

    def _single(self, at: int, depth: int) -> Named | None:
        first = self._first(at)
        return _longest(
            self._police(at, first),
            self._bank(at),
            self._closed(at, first, depth),
            self._headed(at, first, depth),
            self._abbreviated(at),
            self._own_house(at),
        )

    def _police(self, at: int, first: str) -> Named | None:
        found = _POLICE.match(self.text, at) if first in ("công", "lực") else None
        if found is None:
            return None
        end = place_end(self.text, found.end())
        if end == found.end():
            bare = _POLICE_NAMED.match(self.text, at)
            if bare is None or _POLICE_IN_GENERAL.search(self.text, max(0, at - 20), at):
                return None
        return self._named(at, end, found.end())

    def _bank(self, at: int) -> Named | None:
        found = _bank().match(self.text, at)
        if found is None:
            return None
        end = place_end(self.text, found.end())
        name = _NAME.match(self.text, end) if end == found.end() else None
        return self._named(at, name.end() if name is not None else end, found.end())

    def _closed(self, at: int, first: str, depth: int) -> Named | None:
        """A body whose words alone name it."""
        matches = (known.match(self.text, at) for known in closed().get(first, ()))
        core = max((m.end() for m in matches if m is not None), default=at)
        spoken = self.text[at:core]
        if core == at or (terms("only_in_lists").match(spoken) and not self.lists):
            return None
        end = place_end(self.text, core)
        if first in _OWNED:
            end = self._owned_end(end, depth)
        if (
            end == core
            and first not in _PLACELESS
            and not spoken.isupper()
            and (name := _NAME.match(self.text, end)) is not None
        ):
            end = end if _is_head(self.text, end + 1) else name.end()
        if end == core and terms("named_on").match(spoken):
            end = own_end(self.text, core)
        small = not spoken[0].isupper()
        if end == core and small and terms("closed_with_capital").match(spoken):
            return None
        if end == core and terms("never_alone").match(spoken):
            return None
        if spoken.lower() == "chính phủ" and self._before(at) == "tướng":
            return None
        return self._named(at, end, core)

    def _headed(self, at: int, first: str, depth: int) -> Named | None:
        """A head word with a field or a name of its own."""
        for head in heads().get(first, ()):
            if not head.stands(self.text, at, self._before(at)):
                continue
            core = at + len(head.word)
            name = self._name_end(head, core)
            end = place_end(self.text, name)
            if name == core and end > core and head.word not in _NEEDS_NO_NAME:
                end = core
            if first in _OWNED:
                end = self._owned_end(end, depth)
            if name > core or (end > core and self.text[at].isupper()) or head.word in _NEEDS_NO_NAME:
                return self._named(at, end, name)
        return None

    def _name_end(self, head: Head, core: int) -> int:
        field = field_end(self.text, core)
        if field > core and head.word in _FIELD_IS_ALL:
            return core if self._acts(head, core, field) else field
        own = own_end(self.text, core, commas=head.word in _NAMED_IN_LISTS)
        if head.small and max(own, field) == core:
            own = own_end(self.text, core, small=True)
        return max(field, own)

    def _acts(self, head: Head, core: int, field: int) -> bool:
        """Whether the field is a verb: "Sở kiểm tra", "Trưởng phòng tổng hợp số liệu" (not "phòng tổng hợp của Sở")."""
        words = self.text[core:field]
        if head.word in ("sở", "bộ"):
            return is_action(words)
        small = self.text[core - len(head.word)].islower()
        return head.word == "phòng" and small and is_only_action(words) and not _OWNED_BY.match(self.text, field)

    def _abbreviated(self, at: int) -> Named | None:
        found = abbreviation().match(self.text, at)
        if found is None or self._in_number(at) or re.match(r"-[A-ZĐ]|/", self.text[found.end() : found.end() + 2]):
            return None
        return self._named(at, place_end(self.text, found.end()), found.end())

    def _own_house(self, at: int) -> Named | None:
        """ "báo cáo về Sở", "gửi Ban": where the word before takes a receiver."""
        found = _HOUSE.match(self.text, at)
        if found is None or self._before(at) not in _TAKES_RECEIVER or found.group() == "ngành":
            return None
        return Named(at, found.end())

    def _owned_end(self, end: int, depth: int, link: re.Pattern[str] = _OWNER_LINK) -> int:
        """Where the name ends when the body that it belongs to follows: "Phòng PC10 Công an tỉnh"."""
        joint = link.match(self.text, end)
        if joint is None or depth >= _MAX_DEPTH:
            return end
        if _OWNERS.match(self.text, joint.end()) is not None:
            owner = self._single(joint.end(), depth + 1)
            if owner is not None:
                return owner.end
        house = _HOUSE.match(self.text, joint.end())
        return house.end() if house is not None else end

    def _named(self, at: int, end: int, core: int) -> Named:
        return Named(at, end, group=_SEVERAL.search(self.text, core, end) is not None)

    def _first(self, at: int) -> str:
        word = _WORD.match(self.text, at)
        return word.group().lower() if word is not None else ""

    def _before(self, at: int) -> str:
        found = _LAST_WORD.search(self.text, max(0, at - 12), at)
        return found.group(1).lower() if found else ""


def _is_head(text: str, at: int) -> bool:
    """Whether the next name begins there."""
    return re.compile(headword(), re.IGNORECASE).match(text, at) is not None


def _longest(*found: Named | None) -> Named | None:
    return max((n for n in found if n is not None), key=lambda n: n.end, default=None)


def _items(text: str, at: int) -> list[re.Match[str]]:
    """What stands behind a shared head word, one after the other."""
    found: list[re.Match[str]] = []
    while (item := next(_item_behind(text, at), None)) is not None:
        found.append(item)
        at = item.end()
    return found


def _item_behind(text: str, at: int) -> Iterator[re.Match[str]]:
    """With each sign or word that may stand in front of it."""
    gaps = [gap.end() for each in _GAPS if (gap := each.match(text, at)) is not None]
    for begin in gaps:
        item = fields().match(text, begin) or _ITEM.match(text, begin)
        if item is not None and _no_item().match(text, item.end()) is None:
            yield item


@cache
def _no_item() -> re.Pattern[str]:
    return pattern(rf"\s(?:{unit()}|các|cấp)\b")


@cache
def _bank() -> re.Pattern[str]:
    return pattern(
        r"(?:(?:chi\sn?hánh|phòng\sgiao\sdịch|pgd)\s(?:của\s)?)*(?:nhcsxh|nhno|(?:ngân\shàng|nh)\s?(?:chính\ssách(?:\sxã\shội)?|csxh|"
        rf"nhà\snước|nông\snghiệp(?:\s(?:và|&)\s(?:phát\striển\snông\sthôn|ptnt))?|tmcp\s{proper()}))"
        r"(?:\sviệt\snam)?(?:,?\s(?:-\s)?chi\sn?hánh)?(?!\w)"
    )
