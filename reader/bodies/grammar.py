"""How the name of a body is built: title, head word, field, place, the body it belongs to; collective names.

Works on comparable text (``reader.bodies.toned``) and knows nothing of where it stands in the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from reader.bodies.words import CAP, Head, Words, words

_WORD = re.compile(r"[^\W_]+")
_LAST_WORD = re.compile(r"([^\W_]+)\s$")
_POLICE = re.compile(r"(?:lực\slượng\s)?công\san(?!\w)(?!\s(?:nhân\sdân|viên\b))(?:\schính\squy)?", re.IGNORECASE)
_POLICE_BARE = re.compile(r"(?:lực\slượng\s)?(?-i:Công\san|CÔNG\sAN)", re.IGNORECASE)
_POLICE_KIND = re.compile(r"(?:lực\slượng|ngành|nghiệp\svụ|chiến\s[sỹi]+|cán\sbộ|sĩ\squan|truyền\sthống|đơn\svị)\s$", re.IGNORECASE)
_PARENT = re.compile(r"(?:\s-\s|\s(?:trực\s)?thuộc(?:(?:,|\svà)\s(?:trực\s)?thuộc)?\s|\scủa\s|[ ])")
_UNDER_GROUP = re.compile(r"(?<=thuộc)[ ]|\s(?:trực\s)?thuộc(?:(?:,|\svà|/)\s?(?:trực\s)?thuộc)?(?:\sphạm\svi\s\w+\s\w+\scủa)?\s")
_OWNERS = re.compile(
    r"(?:công\san|ubnd|ủy\sban\snhân\sdân|tỉnh\sủy|huyện\sủy|thành\sủy|thị\sủy|quận\sủy|đảng\sủy|hđnd|hội\sđồng\snhân\sdân|sở\s|bộ\s|quân\sđội|"
    r"chính\sphủ|quốc\shội|trung\sương|tand|tòa\sán\snhân\sdân|vksnd|viện\skiểm\ssát|mttq|ban\s|cục\s|chi\scục\s|tổng\scục\s|trường\s|"
    r"bệnh\sviện\s|viện\s|công\sty\s|hội\s|đoàn\s|ban\squản\slý|ban\schỉ\shuy|huyện|cơ\squan|khối|đảng\sbộ|ngân\shàng|tòa\sán|trung\stâm\s)",
    re.IGNORECASE,
)
_SHORT_OWNER = re.compile(r"(?:Sở|Bộ|Cục|Chi cục|Tổng cục|Trường|Viện|Công ty|Ban|Trung tâm|Bệnh viện|Học viện|Quận|Tỉnh|Huyện)(?!\w)|ngành(?!\w)")
_OWNED = frozenset(
    "phòng|văn|thanh|đoàn|ban|đội|cơ|trung|vụ|tổ|đảng|công|hội|chi|thường|bộ|khoa|trại|nhà|trạm|viện|lãnh|chánh|quỹ".split("|")
)
_FIELD_IS_ALL = frozenset(("sở", "bộ", "phòng", "ban"))
_NAME = re.compile(rf"(?:[ ]{CAP}){{1,4}}")
_LEVEL = re.compile(r"\b(?:các|những|mọi|từng|mỗi|cấp|\d+)\s|,", re.IGNORECASE)
_TAKES_RECEIVER = frozenset(("về", "gửi", "cho", "trình", "với", "qua", "cáo", "giúp", "mưu", "thuộc"))
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
        self.words: Words = words()

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
        several = self._elided(at)
        if several:
            return several
        best: Named | None = None
        for found in (self._titled(at, depth), self._group(at, depth), self._single(at, depth)):
            if found is not None and (best is None or found.end > best.end):
                best = found
        return (best,) if best is not None else ()

    def _may_begin(self, word: re.Match[str]) -> bool:
        at, letters = word.start(), word.group()
        shortened = letters.isupper() and len(letters) > 1 or letters[-1].isdigit()
        if shortened and at > 1 and self.text[at - 1] in "/-&." and self.text[at - 2].isalnum():
            return False  # part of the number of a document: 12/KH-UBND
        return letters.lower() in self.words.starts or shortened

    def _elided(self, at: int) -> tuple[Named, ...]:
        found = self.words.elided.match(self.text, at)
        if found is None or not (found["head"][0].isupper() or found.start("head") > at):
            return ()
        if found.start("head") == at and ":" not in found.group() and not self._known_list(found):
            return ()
        head = found["head"].capitalize()
        named = [Named(i.start(), i.end(), head=head) for i in self._items(found)]
        return tuple(named) if len(named) > 1 else ()

    def _known_list(self, found: re.Match[str]) -> bool:
        """"Sở Nội vụ, Tài chính": without "các" or a colon every field must be written like a name."""
        if "," not in found["members"] or any(item.group().isupper() for item in self._items(found)):
            return False
        return all(item.group()[0].isupper() for item in self._items(found)) and not self.text[found.end() :].lstrip().startswith("-")

    def _items(self, found: re.Match[str]) -> Iterator[re.Match[str]]:
        return self.words.item.finditer(self.text, found.start("members"), found.end())

    def _titled(self, at: int, depth: int) -> Named | None:
        title = self.words.title.match(self.text, at)
        if title is None or depth >= _MAX_DEPTH:
            return None
        rest = self.at(title.end() + 1, depth + 1)
        spoken = title.group().lower()
        if not rest:
            bare = self.words.bare_group.match(self.text, title.end() + 1)
            short = _SHORT_OWNER.match(self.text, title.end() + 1)
            if short is not None and title.group()[0].isupper() and not self.text[short.end() :].startswith("("):
                return Named(at, short.end())
            if bare is None or spoken in ("lãnh đạo", "phó", "trưởng", "cấp ủy"):
                return None
            return Named(at, bare.end(), group=True)
        last = rest[-1]
        if "lãnh đạo" in spoken and last.group and not title.group()[0].isupper():
            return None  # what is led, not who leads
        return Named(at, last.end, group=any(r.group or r.head for r in rest))

    def _group(self, at: int, depth: int) -> Named | None:
        found = self.words.group.match(self.text, at)
        if found is None and (self.lists or self._strong(at)):
            found = self.words.bare_group.match(self.text, at)
        if found is None and self.lists:
            found = self.words.lone_group.match(self.text, at)
        if found is None or not self._collective(found):
            return None
        return Named(at, self._owned_by(found.end(), depth, _UNDER_GROUP), group=True)

    def _strong(self, at: int) -> bool:
        """"Sở, ban, ngành", "cơ quan, đơn vị": collective even without "các"."""
        return re.match(
            r"(?:sở|bộ|ban|phòng|cơ\squan|đơn\svị|huyện|xã|tỉnh|khoa|cấp\sủy|thôn)(?:,\s|/|\svà\s)(?:sở|ban|bộ|ngành|cơ\squan|đơn\svị|phòng|địa\sphương|tổ\schức|khoa|"
            r"huyện|phường|thành\sphố|chính\squyền|đoàn\sthể|tổ\sdân\sphố|khu\sphố|bản|trung\stâm|ban)\b",
            self.text[at : at + 40],
            re.IGNORECASE,
        ) is not None

    def _collective(self, found: re.Match[str]) -> bool:
        members = found["members"].lower()
        if re.fullmatch(r"(?:tổ\schức|cá\snhân)(?:(?:,\s|\svà\s)(?:các\s)?(?:tổ\schức|cá\snhân))*", members):
            return self.lists or "liên" in found["tail"]
        return not re.fullmatch(r"cấp|lực\slượng|bản|vụ|cục|ban|hội|trạm|viện|bộ\sphận", members) or self.lists

    def _single(self, at: int, depth: int) -> Named | None:
        best: Named | None = None
        for found in (self._police(at), self._bank(at), self._closed(at, depth), self._headed(at, depth), self._short(at), self._bare(at)):
            if found is not None and (best is None or found.end > best.end):
                best = found
        return best

    def _police(self, at: int) -> Named | None:
        found = _POLICE.match(self.text, at)
        if found is None:
            return None
        end = self._placed(found.end())
        if end == found.end():
            bare = _POLICE_BARE.match(self.text, at)
            if bare is None or _POLICE_KIND.search(self.text, max(0, at - 20), at):
                return None
        return self._named(at, end, found.end())

    def _bank(self, at: int) -> Named | None:
        found = self.words.bank.match(self.text, at)
        if found is None:
            return None
        end = self._placed(found.end())
        if end == found.end() and (name := _NAME.match(self.text, end)) is not None:
            end = name.end()
        return self._named(at, end, found.end())

    def _closed(self, at: int, depth: int) -> Named | None:
        first = self._word(at)
        end = 0
        for pattern in self.words.closed.get(first, ()):
            found = pattern.match(self.text, at)
            end = max(end, found.end() if found else 0)
        if not end:
            return None
        spoken = self.text[at:end]
        if self.words.only_in_lists.match(spoken) and not self.lists:
            return None
        core, end = end, self._owned_by(self._placed(end), depth) if first in _OWNED else self._placed(end)
        if end == core and not spoken[0].isupper() and self.words.closed_with_capital.match(spoken):
            return None
        if first == "văn" and core - at == 9 and end == core:
            end = self._own_name(core)
            if spoken[0].islower():
                return None
        if first == "chính" and spoken.lower() == "chính phủ" and self._before(at) == "tướng":
            return None
        return self._named(at, end, core)

    def _headed(self, at: int, depth: int) -> Named | None:
        for head in self.words.heads.get(self._word(at), ()):
            end = at + len(head.word)
            if re.sub(r"\s", " ", self.text[at:end]).lower() != head.word or not self._is_head(head, at, end):
                continue
            name = self._name(head, end)
            if name > end:
                place = self._placed(name)
                return self._named(at, self._owned_by(place, depth) if self._word(at) in _OWNED else place, name)
            owner = self._owned_by(end, depth) if self._word(at) in _OWNED or head.word in ("hội", "báo", "đài") else end
            if owner > end and self.text[at].isupper():
                return self._named(at, owner, end)
            if head.small and (own := self.words.small_name.match(self.text, end)) is not None:
                return self._named(at, self._placed(own.end()), own.end())
            if head.word in _NEEDS_NO_NAME:
                return self._named(at, self._placed(end), end)
        return None

    def _is_head(self, head: Head, at: int, end: int) -> bool:
        if end < len(self.text) and (self.text[end].isalnum() or self.text[end] in "_"):
            return False
        if head.capital and not self.text[at].isupper():
            return False
        if self._before(at) in head.not_after:
            return False
        return head.not_before is None or head.not_before.match(self.text, end) is None

    def _name(self, head: Head, end: int) -> int:
        field = self.words.field.match(self.text, end)
        if field is not None and head.word in _FIELD_IS_ALL:
            return field.end()
        return max(field.end() if field else end, self._own_name(end))

    def _own_name(self, end: int) -> int:
        name = self.words.name.match(self.text, end)
        if name is None or "\n" in self.text[end : end + 1]:
            return end
        return name.end()

    def _bare(self, at: int) -> Named | None:
        """"báo cáo về Sở", "gửi Phòng": the own house, where the word before takes a receiver."""
        found = _SHORT_OWNER.match(self.text, at)
        if found is None or self._before(at) not in _TAKES_RECEIVER or found.group() == "ngành":
            return None
        return Named(at, found.end())

    def _short(self, at: int) -> Named | None:
        found = self.words.abbreviation.match(self.text, at)
        if found is None or re.match(r"-[A-ZĐ]|/", self.text[found.end() : found.end() + 2]):
            return None
        end = self._placed(found.end())
        return self._named(at, end, found.end())

    def _placed(self, end: int) -> int:
        place = self.words.place.match(self.text, end)
        return place.end() if place is not None else end

    def _owned_by(self, end: int, depth: int, link: re.Pattern[str] = _PARENT) -> int:
        """Where the name ends when the body that it belongs to follows: "Phòng PC10 Công an tỉnh"."""
        joint = link.match(self.text, end)
        if joint is None or depth >= _MAX_DEPTH or "\n" in joint.group() and joint.group().isspace():
            return end
        if _OWNERS.match(self.text, joint.end()) is not None:
            owner = self._single(joint.end(), depth + 1)
            if owner is not None:
                return owner.end
        short = _SHORT_OWNER.match(self.text, joint.end())
        return short.end() if short is not None else end

    def _named(self, at: int, end: int, core: int) -> Named:
        return Named(at, end, group=_LEVEL.search(self.text, core, end) is not None)

    def _word(self, at: int) -> str:
        found = _WORD.match(self.text, at)
        return found.group().lower() if found else ""

    def _before(self, at: int) -> str:
        found = _LAST_WORD.search(self.text, max(0, at - 12), at)
        return found.group(1).lower() if found else ""


_NEEDS_NO_NAME = frozenset(("chi bộ", "ban chỉ đạo", "ban tổ chức", "ban quản lý", "ban chỉ huy", "đảng bộ", "tổ công tác", "bql", "bcđ"))


def widened(found: Named, by: int) -> Named:
    """The same name in a text that begins ``by`` characters earlier."""
    return replace(found, start=found.start + by, end=found.end + by)
