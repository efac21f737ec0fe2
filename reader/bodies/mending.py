"""Words put right where a text has lost its marks ("Cong an tinh") or was recognised badly ("céc huyén, thanh phé").

Only phrases that name bodies are put right, and only for comparing: what is shown is always the text as it stands.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from reader.bodies.toned import Word, plain, words
from reader.bodies.words import data, spoken_forms
from reader.document import Span

_MARKED_AT_LEAST = 0.55  # sound Vietnamese has 0.8 and more
_BROKEN_AT_MOST = 0.08  # sound texts with many file names and codes reach 0.04
_LETTERS = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+")
_BROKEN = re.compile(
    r"[a-zà-ỹđ][0-9]|[0-9][a-zà-ỹđ]{2}|(?-i:[a-zà-ỹđ][wfjz])|i[eéèẻẽẹ]|(?<![qQ])u[oóòỏõọ](?=[a-zà-ỹ])|[uU]y[eéèẻẽẹ]",
    re.IGNORECASE,
)
_GLYPHS = str.maketrans(
    {"6": "o", "0": "o", "1": "i", "4": "a", "3": "e", "5": "s", "w": "u", "£": "e", "¢": "", "©": ""}
)
_HORNED = re.compile(r"(?<=[a-z])[it]?r(?=c|ng?$)")  # ứ, ừ come out as "ir", "tr", "r"
_GAP = re.compile(r"(?:\s|[,&¢£©®'’~^-]|\*){1,5}")
_MAX_PHRASE = 14
_PER_CHANGE = 1.5  # a changed word must be outweighed by the words around it
_PER_PHRASE = 0.2  # one long phrase is likelier than two short ones
_SINGLE = 0.3  # a word alone says little: "các", "của"


@dataclass(slots=True)
class Node:
    """A word within a phrase; ``ends`` where a phrase may end there."""

    ends: bool = False
    words: dict[str, Node] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Phrases:
    """All phrases as a tree, and their words by what is left of them without marks."""

    root: Node
    by_plain: Mapping[str, tuple[str, ...]]
    by_less: Mapping[str, tuple[str, ...]]
    """By what is left when one letter is taken away."""
    kept: frozenset[str]


def mended(text: str, span: Span) -> dict[int, str]:
    """Where letters cannot be trusted: offset of a word within the span -> the word it must have been. Else nothing."""
    starts, right = _mended(text)
    first, last = bisect_left(starts, span.start), bisect_left(starts, span.end)
    return dict(zip(starts[first:last], right[first:last], strict=True))


@lru_cache(maxsize=4)
def _mended(text: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """For the whole text, since only the whole tells whether its letters can be trusted: starts, and words."""
    marked = _marked(text)
    broken = _broken(text) or 0 < marked < _MARKED_AT_LEAST  # where marks are lost as a whole, letters are right
    if not broken and marked >= _MARKED_AT_LEAST:
        return (), ()
    found = list(words(text))
    changed = _changed(text, found, _reading(text, found, broken))
    starts = tuple(sorted(changed))
    return starts, tuple(changed[start] for start in starts)


def _reading(text: str, found: Sequence[Word], broken: bool) -> list[tuple[str, ...]]:
    """For every word the phrase that begins there in the best reading of the whole: much covered, little changed."""
    choices: dict[str, tuple[tuple[str, int], ...]] = {}
    worth = [0.0] * (len(found) + 1)
    phrases: list[tuple[str, ...]] = [()] * len(found)
    for at in range(len(found) - 1, -1, -1):
        worth[at] = worth[at + 1]
        for phrase, cost in _walk(text, found, at, choices, broken):
            if cost > (max(1, len(phrase) // 2) if len(phrase) > 1 else 0):
                continue
            own = len(phrase) - _PER_CHANGE * cost - _PER_PHRASE if len(phrase) > 1 else _SINGLE
            value = own + worth[at + len(phrase)]
            if value > worth[at]:
                worth[at], phrases[at] = value, phrase
    return phrases


def _changed(text: str, found: Sequence[Word], phrases: Sequence[tuple[str, ...]]) -> dict[int, str]:
    changed: dict[int, str] = {}
    at = 0
    while at < len(found):
        for word, right in zip(found[at : at + len(phrases[at])], phrases[at], strict=True):
            if word.text.lower() != right:
                changed[word.start] = _as_written(right, word.text)
            if text[word.end : word.end + 2] == "& ":  # "x& hoi"
                changed[word.end] = ""
        if not phrases[at] and (head := _head_of_sign(found, at)):
            changed[found[at].start] = head
        at += max(1, len(phrases[at]))
    return changed


def _head_of_sign(found: Sequence[Word], at: int) -> str:
    """ "So NN&PTNT": a head word alone is put right only in front of an abbreviation."""
    following = found[at + 1].text if at + 1 < len(found) else ""
    if not (len(following) > 1 and following.isupper() and found[at].text[0].isupper()):
        return ""
    bare = plain(found[at].text.lower())
    return next((head.capitalize() for head in data("mending")["heads"] if plain(head) == bare), "")


def _marked(text: str) -> float:
    """Which part of the words carries a mark; abbreviations do not count."""
    spoken = [w for w in _LETTERS.findall(text) if not w.isupper() or not w.isascii()]
    return sum(not w.isascii() for w in spoken) / max(1, len(spoken))


def _broken(text: str) -> bool:
    """Whether letters stand together that no Vietnamese word has ("huyén", "thwe", "s6")."""
    whole = sum(1 for _ in _LETTERS.finditer(text))
    return sum(1 for _ in _BROKEN.finditer(unicodedata.normalize("NFC", text))) > _BROKEN_AT_MOST * whole


def _walk(
    text: str, found: Sequence[Word], at: int, choices: dict[str, tuple[tuple[str, int], ...]], broken: bool
) -> Iterator[tuple[tuple[str, ...], int]]:
    """Every phrase that the words from there on can be, with the number of words that had to be changed."""
    open_ones: list[tuple[Node, tuple[str, ...], int]] = [(_phrases().root, (), 0)]
    for here in range(at, min(len(found), at + _MAX_PHRASE)):
        if here > at and not _GAP.fullmatch(text, found[here - 1].end, found[here].start):
            return
        word = found[here].text
        if word not in choices:
            choices[word] = tuple(_choices(word, broken))
        open_ones = [
            (node.words[right], (*so_far, right), cost + more)
            for node, so_far, cost in open_ones
            for right, more in choices[word]
            if right in node.words
        ]
        if not open_ones:
            return
        yield from ((so_far, cost) for node, so_far, cost in open_ones if node.ends)


def _choices(word: str, broken: bool) -> Iterator[tuple[str, int]]:
    phrases = _phrases()
    bare = plain(word.lower())
    exact = phrases.by_plain.get(bare, ())
    if broken and not exact:
        bare = _HORNED.sub("u", bare.translate(_GLYPHS))
        exact = phrases.by_plain.get(bare, ())
    for right in exact:
        yield right, 0
    if not broken or bare in phrases.kept:
        return
    near = {r for less in _less(bare) for r in phrases.by_less.get(less, ())} - set(exact)
    for right in sorted(near):
        if abs(len(plain(right)) - len(bare)) <= 1:
            yield right, 1


def _less(bare: str) -> set[str]:
    return {bare} | {bare[:i] + bare[i + 1 :] for i in range(len(bare))}


def _as_written(right: str, word: str) -> str:
    if word.isupper() and len(word) > 1:
        return right.upper()
    return right[0].upper() + right[1:] if word[0].isupper() else right


@cache
def _phrases() -> Phrases:
    raw, bodies = data("mending"), data("bodies")
    terms = [*raw["phrases"], *bodies["stops"], *bodies["provinces"], *bodies["titles"]]
    terms += [f"{head} {name}" for head in raw["heads"] for name in bodies["fields"]]
    terms += [form for term in bodies["closed"] for form in spoken_forms(term)]
    nouns = [form for term in bodies["collective"] for form in spoken_forms(term)]
    terms += [f"các {noun}" for noun in nouns] + [noun for noun in nouns if " " in noun]
    root = Node()
    vocabulary: set[str] = set()
    for term in terms:
        node = root
        for word in [w.text for w in words(term.lower())]:
            vocabulary.add(word)
            node = node.words.setdefault(word, Node())
        node.ends = True
    by_plain: dict[str, list[str]] = {}
    by_less: dict[str, list[str]] = {}
    for word in sorted(vocabulary):
        by_plain.setdefault(plain(word), []).append(word)
        for less in _less(plain(word)):
            by_less.setdefault(less, []).append(word)
    return Phrases(
        root,
        {k: tuple(v) for k, v in by_plain.items()},
        {k: tuple(v) for k, v in by_less.items()},
        frozenset(raw["kept"]),
    )
