"""Which body is meant by what somebody typed: without diacritics, by abbreviations, by the start of its words.

``static/papers.js`` finds with the same rules while one types; what counts is what is found here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from plans.model import Agency
from plans.text import _, fold, sort_key
from tasks.errors import BadInput

# Spelt out on both sides, so that each finds the other.
ABBREVIATIONS = {
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "mttq": "mat tran to quoc",
    "ubmttq": "uy ban mat tran to quoc",
    "vksnd": "vien kiem sat nhan dan",
    "vks": "vien kiem sat",
    "tand": "toa an nhan dan",
    "ca": "cong an",
    "tp": "thanh pho",
    "tx": "thi xa",
    "tt": "thi tran",
    "bch": "ban chi huy",
    "bhxh": "bao hiem xa hoi",
}
_PASSED_OVER = frozenset({"va", "cua", "cac"})  # "GDĐT" is giáo dục và đào tạo
_PLACES = frozenset({"tinh", "huyen", "thanh pho", "thi xa", "quan", "xa", "phuong"})
_NEAR = 6  # bodies named when it is not clear which one is meant


@dataclass(frozen=True, slots=True)
class Found:
    """How well a body fits: ``left_out`` words of its name skipped between, ``open`` words after the last one."""

    left_out: int
    open: int


@dataclass(frozen=True)
class Body:
    """A body with the names under which it is looked for. ``label`` is told by no other body."""

    id: str
    name: str
    label: str
    others: tuple[str, ...] = ()

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """Its names spelt out, without diacritics."""
        return tuple(dict.fromkeys(spelt_out(each) for each in (self.name, self.label, *self.others)))


def bodies(agencies: Iterable[Agency]) -> tuple[Body, ...]:
    """In Vietnamese order. Where two bear one name, the id stands beside it."""
    listed = list(agencies)
    names = [fold(each.name) for each in listed]
    borne = Counter(names)
    made = [
        Body(
            each.id,
            each.name,
            f"{each.name} ({each.id})" if borne[name] > 1 else each.name,
            (*each.aliases, *(old.name for old in each.names)),
        )
        for each, name in zip(listed, names, strict=True)
    ]
    return tuple(sorted(made, key=lambda body: sort_key(body.label)))


def spelt_out(text: str) -> str:
    return " ".join(ABBREVIATIONS.get(word, word) for word in fold(text).split())


def find(known: Iterable[Body], typed: str, *, strictly: bool = False) -> Body:
    """The one body that is meant. Raises BadInput naming those that could be.

    ``strictly``: a beginning is not enough, the whole name or abbreviation has to be there (a spreadsheet has nobody
    who would see what was chosen).
    """
    known = tuple(known)
    if not typed.strip():
        raise BadInput(_("Thiếu cơ quan ban hành."))
    for fits in (_called, _spelt, _without_place):
        hits = [body for body in known if fits(body, typed)]
        if len(hits) == 1:
            return hits[0]
        if hits:
            raise BadInput(_unclear(typed, hits))
    ranked = suggest(known, typed)
    whole = [body for body, how in ranked if how.left_out == 0 and how.open == 0]
    if len(whole) == 1:
        return whole[0]
    if len(ranked) == 1 and not strictly:
        return ranked[0][0]
    if ranked:
        raise BadInput(_unclear(typed, [body for body, _how in ranked]))
    said = _("Không có cơ quan “{typed}” trong các kế hoạch đang theo dõi.")
    raise BadInput(said.format(typed=typed[:80]))


def suggest(known: Iterable[Body], typed: str) -> list[tuple[Body, Found]]:
    """All bodies that fit what was typed so far, the best first."""
    tokens = fold(typed).split()[:12]
    hits = [(body, how) for body in known if tokens and (how := _best(body, tokens)) is not None]
    return sorted(hits, key=lambda hit: (hit[1].left_out, hit[1].open))


def _called(body: Body, typed: str) -> bool:
    return typed.strip() in (body.id, body.label)


def _spelt(body: Body, typed: str) -> bool:
    return spelt_out(typed) in body.forms


def _without_place(body: Body, typed: str) -> bool:
    """``Sở Tài chính tỉnh Sơn La`` is Sở Tài chính: registers write the province behind it."""
    text = spelt_out(typed)
    return any(text.startswith(f"{form} {place} ") for form in body.forms for place in _PLACES)


def _unclear(typed: str, hits: list[Body]) -> str:
    names = "; ".join(body.label for body in hits[:_NEAR])
    more = "…" if len(hits) > _NEAR else ""
    return _("“{typed}”: chưa rõ cơ quan nào. Có thể là: {names}").format(typed=typed[:80], names=names + more)


def _best(body: Body, tokens: list[str]) -> Found | None:
    found = [how for form in body.forms if (how := _match(tokens, form.split())) is not None]
    return min(found, key=lambda how: (how.left_out, how.open)) if found else None


def _match(tokens: list[str], words: list[str]) -> Found | None:
    """Each token begins a word, or is the initials of several, in the order of the words."""
    if not tokens:
        return Found(0, len(words))
    best: Found | None = None
    for skipped in range(len(words)):
        for taken in _takes(tokens[0], words[skipped:]):
            rest = _match(tokens[1:], words[skipped + taken :])
            if rest is not None:
                found = Found(rest.left_out + skipped, rest.open)
                if best is None or (found.left_out, found.open) < (best.left_out, best.open):
                    best = found
    return best


def _takes(token: str, words: list[str]) -> list[int]:
    """How many of the first words the token stands for, in each way that it can."""
    ways = [1] if words[0].startswith(token) else []
    taken, letters = 0, list(token)
    for word in words:
        if letters and word[0] == letters[0]:
            letters.pop(0)
        elif taken == 0 or word not in _PASSED_OVER:
            break
        taken += 1
        if not letters:
            break
    if not letters and taken > 1:
        ways.append(taken)
    return ways
