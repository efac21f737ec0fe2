"""The words by which bodies are recognised (``reader/data``), and the small pieces that all patterns are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from reader.bodies.toned import settled

_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is there
_CAPITALS = "A-ZÀ-ÖØ-ÞĂĐĨŨƠƯ" + "".join(chr(code) for code in range(0x1EA0, 0x1EFA, 2))
"""Those of Vietnamese and of Western Europe (what recognition makes of them): every one more makes patterns slower."""

CAP = rf"(?-i:[{_CAPITALS}]\w*(?:\.\w+)*)"
PIECE = re.compile(rf"[{_CAPITALS}\d]+[^\W_{_CAPITALS}]*|[^\W_{_CAPITALS}]+")
"""A word; where the blank between two was lost ("báo cáoỦy ban"), each of them."""
LOW = rf"(?-i:[^\W\d_{_CAPITALS}]\w*)"
SIGN = rf"(?-i:[{_CAPITALS}]+(?:(?:[&\-.]|,(?=[{_CAPITALS}]+&))?[{_CAPITALS}]+)*\d*(?!\w))"
"""A name shortened to capitals: LĐ-TB&XH, PC10."""


@cache
def data(name: str) -> Any:
    """A file of the package's own data."""
    return yaml.load(files("reader").joinpath(f"data/{name}.yaml").read_bytes(), Loader=_LOADER)  # noqa: S506


def one_of(terms: Iterable[str]) -> str:
    """An alternation, longest first."""
    return "(?:" + "|".join(sorted(set(terms), key=lambda t: (-len(t), t))) + ")"


def spaced(term: str) -> str:
    """A term of the data, or a pattern over such terms, whose blanks may be line ends."""
    return settled(term).replace(" ", r"\s")


def loose(term: str) -> str:
    """A term whose "-", "," "và" and "&" are interchangeable."""
    parts = re.split(r"\s*-\s*|,\s*|\s+và\s+|\s+&\s+", settled(term))
    return r"[\s,&-]{1,3}(?:và\s)?".join(part.replace(" ", r"\s") for part in parts)


def pattern(text: str) -> re.Pattern[str]:
    """A pattern in which capitals only count where it says so."""
    return re.compile(text, re.IGNORECASE)


@cache
def unit() -> str:
    """Of an administrative unit: "tỉnh", "xã" (not "xã hội", "tỉnh ủy")."""
    short = r"tp\.?\s?hcm\b|t[px]\.(?=\s)|thị(?=,|\s(?:và|thành)\b)"
    return rf"(?:{short}|{one_of(map(spaced, data('bodies')['units']))}(?!\w)(?!\s(?:hội|ủy|đoàn|đội)\b))"


@cache
def headword() -> str:
    """Words with which another name begins, so that the one before has ended."""
    return one_of(map(spaced, (*data("bodies")["heads"], *data("bodies")["begins"])))


@cache
def stop() -> re.Pattern[str]:
    """Words with which the name is over: what the body does begins."""
    return pattern(one_of([*map(spaced, data("bodies")["stops"]), *data("bodies")["stops_but_after"]]) + r"\b")


def begins(text: str) -> set[str]:
    """The first syllables of everything that a pattern of the data files can match."""
    return {re.split(r"\W", spoken)[0] for spoken in spoken_forms(text)}


def spoken_forms(text: str) -> list[str]:
    """All that a pattern of the data files can match: it knows ``(?:a|b)``, ``?`` and looks ahead only at its end."""
    opening = text.find("(?")
    if opening < 0:
        return _with_and_without(text)
    close = opening + _closing(text[opening:])
    optional = text[close + 1 : close + 2] == "?"
    looking = text[opening + 2] != ":"
    inner = [""] if looking else [f for choice in _choices(text[opening + 3 : close]) for f in spoken_forms(choice)]
    if optional:
        inner.append("")
    rest = spoken_forms(text[close + 1 + optional :])
    return [a + i + r for a in _with_and_without(text[:opening]) for i in inner for r in rest]


def _with_and_without(text: str) -> list[str]:
    """A piece without parentheses: "ban,? ngành", "tỉnh[ -]?đoàn"."""
    text = re.sub(r"\[(.)[^]]*\]", r"\1", text).replace(r"\w+", "").replace(r"\d+", "3")
    at = text.find("?")
    if at < 1:
        return [text]
    return [p + r for p in (text[: at - 1], text[:at]) for r in _with_and_without(text[at + 1 :])]


def _closing(text: str) -> int:
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return at
    raise ValueError(text)


def _choices(text: str) -> list[str]:
    depth, parts = 0, [""]
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return parts
