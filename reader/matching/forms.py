"""The name of a body in parts that can be compared: what it is, at which level, of which place.

"Chi nhánh NHCSXH tỉnh", "Ngân hàng Chính sách xã hội chi nhánh tỉnh Sơn La" and "Ngân hàng CSXH tỉnh Sơn La" have the
same core and level; only the place is named or not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from reader.bodies.toned import plain, settled
from reader.bodies.words import data

_SIGN = re.compile(r"[A-ZĐ]+(?:(?:\s?[&.\-]\s?|,)[A-ZĐ]+)+")  # LĐ-TB&XH, NN & PTNT
_ASIDE = re.compile(r"\([^)]*\)|\"")
_TITLE = re.compile(
    r"(?:(?:dai dien )?lanh dao|thu truong|nguoi dung dau|bo truong|chi huy truong|(?:pho )?(?:bi thu|chanh an)|"
    r"(?:pho )?(?:(?:tong )?giam doc|chu tich|hieu truong)|(?:pho )?chanh(?= van| thanh)|"
    r"(?:pho )?(?:vien|cuc|vu|tong cuc|chi cuc|hat|doi|don|tram) truong|"
    r"(?:pho )?truong(?= cong| phong| ban| khoa| doan))\s(?:cua\s)?"
)
_LEVEL = re.compile(
    r"\b(?:cac\s|\d+\s)?(?:cap\s)?(?:tinh|huyen|thanh pho|thi xa|thi tran|phuong|dac khu|(?<!tac )xa|"
    r"quan(?! (?:su|ly|tri|chung|doi|khu)))\b(?! (?:uy|doan|doi|hoi)\b)"
)
_BRANCH = re.compile(r"\bchi n?hanh\b")
_FILLING = re.compile(r"\b(?:va|viet nam|tren dia ban|cua|thuoc)\b")
_SHORTEST_SPELT = 4  # shorter words without capitals are rather words than abbreviations


@dataclass(frozen=True, slots=True)
class Form:
    """``core``: the folded words of the name itself; ``level``: "tinh", "cap xa" …; ``place``: the place's own name."""

    core: tuple[str, ...]
    level: str
    place: str
    whole: str
    """Everything, folded, abbreviations as they stand."""
    spelt: str
    """Everything but title and place, abbreviations in full."""

    @property
    def initials(self) -> str:
        """ "ldtbxh" of "lao dong thuong binh xa hoi"."""
        return "".join(word[0] for word in self.core)


@lru_cache(maxsize=4096)
def form(name: str) -> Form:
    """The parts of a name, whatever way it is written."""
    text = _ASIDE.sub(" ", settled(name))
    text = _SIGN.sub(lambda found: re.sub(r"[^A-ZĐ]", "", found.group()), text)
    bare = re.findall(r"[^\W_]+", text)
    whole = " ".join(plain(word.lower()) for word in bare)
    spelt = " ".join(_spelt(word) for word in bare)
    while (title := _TITLE.match(spelt)) is not None:
        spelt = spelt[title.end() :]
    spelt = _spaced(_BRANCH.sub(" ", spelt))
    level = _LEVEL.search(spelt, spelt.find(" ") + 1 if " " in spelt else len(spelt))
    if level is None:
        return Form(_core(spelt), "", "", whole, spelt)
    levels = " ".join(_LEVEL.findall(spelt, level.start()))
    place = " ".join(_core(_LEVEL.sub(" ", spelt[level.end() :])))
    return Form(_core(spelt[: level.start()]), levels, place, whole, f"{spelt[: level.start()]}{levels}")


def with_place(found: Form, unit: str) -> Form:
    """The same name where the end of its core is the name of the unit: "Công an Sơn La" in ``son-la``."""
    words = tuple(unit.split("-")) if unit else ()
    if words and len(found.core) > len(words) and found.core[-len(words) :] == words:
        return replace(found, core=found.core[: -len(words)], place=found.place or " ".join(words))
    return found


def _core(text: str) -> tuple[str, ...]:
    return tuple(_FILLING.sub(" ", text).split())


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _spelt(word: str) -> str:
    bare = plain(word.lower())
    if word.isupper() or len(bare) >= _SHORTEST_SPELT:
        return _full().get(bare, bare)
    return bare


@cache
def _full() -> dict[str, str]:
    return {plain(k.lower()): plain(v.lower()) for k, v in data("abbreviations")["abbreviations"].items()}
