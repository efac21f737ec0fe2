"""With which words the name of a body begins, and what tells them from everyday speech."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from reader.bodies.toned import plain, settled
from reader.bodies.words import begins, data, one_of, pattern, spaced

_EVERY = frozenset(("các", "những", "mọi", "từng", "mỗi", "tất", "toàn"))


@dataclass(frozen=True, slots=True)
class Head:
    """A word that begins a name: "Sở", "Chi cục"."""

    word: str
    capital: bool
    """Everyday speech where it is written small: "hội", "tổ"."""
    small: bool
    """Its name may begin small: "Ban Quản lý dự án …"."""
    not_after: frozenset[str]
    not_before: re.Pattern[str] | None

    def stands(self, text: str, at: int, before: str) -> bool:
        """Whether it stands there as the head of a name; ``before`` is the word in front of it."""
        end = at + len(self.word)
        if text[at:end].replace("\n", " ").lower() != self.word or text[end : end + 1].isalnum():
            return False
        if (self.capital and not text[at].isupper()) or before in self.not_after:
            return False
        return self.not_before is None or self.not_before.match(text, end) is None


@cache
def heads() -> dict[str, tuple[Head, ...]]:
    """By first syllable, longest first."""
    found: dict[str, list[Head]] = {}
    for word, entry in data("bodies")["heads"].items():
        blocked = entry.get("not_before")
        head = Head(
            settled(word),
            bool(entry.get("cap")),
            bool(entry.get("small")),
            _also_bare(map(settled, entry.get("not_after", ()))),
            pattern(rf",?\s{one_of(map(spaced, map(str, blocked)))}(?!\w)") if blocked else None,
        )
        found.setdefault(head.word.split(" ")[0], []).append(head)
    return {first: tuple(sorted(group, key=lambda h: -len(h.word))) for first, group in found.items()}


@cache
def closed() -> dict[str, tuple[re.Pattern[str], ...]]:
    """Bodies that need no field ("Kho bạc Nhà nước"), by first syllable."""
    found: dict[str, list[re.Pattern[str]]] = {}
    for term in data("bodies")["closed"]:
        compiled = pattern(rf"(?:{spaced(term)})(?!\w)")
        for first in begins(settled(term)):
            found.setdefault(first, []).append(compiled)
    return {first: tuple(group) for first, group in found.items()}


@cache
def terms(name: str) -> re.Pattern[str]:
    """One of the lists of whole terms of the data file."""
    return pattern(one_of(map(spaced, data("bodies")[name])) + "$")


@cache
def title() -> re.Pattern[str]:
    """ "Giám đốc, Phó Giám đốc" in front of the body."""
    every = one_of(map(spaced, data("bodies")["titles"]))
    return pattern(rf"{every}(?:(?:,\s|\svà\s|/){every})*(?=\s)")


@cache
def abbreviation() -> re.Pattern[str]:
    """ "CAT", "NHCSXH", and the numbered units of the police ("PC10", "C06")."""
    known = one_of(map(re.escape, data("bodies")["abbreviations"]))
    return re.compile(rf"(?:{known}|P[ACHKVX]\d\d|[AHKVX]0\d|C[01]\d)(?!\w)")


@cache
def starts() -> frozenset[str]:
    """Every first syllable with which a name, a title or a collective name can begin."""
    raw = data("bodies")
    spoken = {settled(t).split(" ")[0] for t in raw["titles"]} | {
        begin for t in raw["collective"] for begin in begins(settled(t))
    }
    return frozenset(
        _EVERY
        | spoken
        | heads().keys()
        | closed().keys()
        | {"công", "lực", "chi", "nh", "pgd", "ngân", "nhcsxh", "nhno"}
    )


def _also_bare(words: Iterable[str]) -> frozenset[str]:
    """With the same words as they stand in a text that has lost its marks."""
    every = set(words)
    return frozenset(every | {plain(word) for word in every})
