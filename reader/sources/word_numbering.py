"""Automatic numbering of a .docx: the marker that Word prints before a paragraph, which stands nowhere in its text.

Rules: ECMA-376 part 1, 17.9 (abstractNum, num, lvlOverride, lvlRestart, isLgl).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from reader.sources.counting import written
from reader.sources.word_package import W
from reader.sources.word_styles import Styles, value, whole

_LEVELS = 9
# Bullets of the fonts Symbol and Wingdings have codes of their own; what a reader sees there.
_BULLETS = {
    0xF02B: "+", 0xF02D: "-", 0xF06F: "□", 0xF071: "□", 0xF076: "❖", 0xF0A7: "▪", 0xF0A8: "□", 0xF0D8: "➢",
    0xF0E0: "→", 0xF0F0: "→", 0xF0FC: "✓",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    pattern: str = ""
    restart: int | None = None
    legal: bool = False
    gap: str = " "
    style: str | None = None


class Numbering:
    """Counts the numbered paragraphs of a document in their order."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._links: dict[str, str] = {}  # abstract list -> style whose list it is
        self._of: dict[str, str] = {}  # list -> abstract list
        self._own: dict[str, dict[int, _Level]] = {}
        self._starts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._seen: set[str] = set()
        if root is not None:
            self._read(root)

    def _read(self, root: etree._Element) -> None:
        for abstract in root.iterfind(W + "abstractNum"):
            name = abstract.get(W + "abstractNumId", "")
            self._abstract[name] = {_index(level): _level(level) for level in abstract.iterfind(W + "lvl")}
            if link := value(abstract, "numStyleLink"):
                self._links[name] = link
        for num in root.iterfind(W + "num"):
            name = num.get(W + "numId", "")
            self._of[name] = value(num, "abstractNumId") or ""
            for override in num.iterfind(W + "lvlOverride"):
                self._override(name, override)

    def _override(self, name: str, override: etree._Element) -> None:
        index = _index(override)
        for level in override.iterfind(W + "lvl"):
            self._own.setdefault(name, {})[index] = _level(level)
        if (start := whole(value(override, "startOverride"))) is not None:
            self._starts.setdefault(name, {})[index] = start

    def marker(self, number: str | None, level: int | None, style: str) -> str:
        """What stands before a paragraph, with the blank behind it; "" where it has no number.

        ``number`` and ``level`` are the paragraph's own; else its style's count.
        """
        if number is None:
            number, of_style, named = self._styles.number(style)
            level = of_style if level is None else level
            if level is None and number is not None:
                level = next((i for i, found in self._levels(number).items() if found.style == named), 0)
        if number is None or number not in self._of:
            return ""
        index = min(max(level or 0, 0), _LEVELS - 1)
        levels = self._levels(number)
        if index not in levels:
            return ""
        counts = self._count(number, index, levels)
        return _printed(index, levels, counts)

    def _levels(self, number: str) -> dict[int, _Level]:
        levels = dict(self._abstract.get(self._root(number), {}))
        levels |= self._own.get(number, {})
        for index, start in self._starts.get(number, {}).items():
            levels[index] = replace(levels.get(index, _Level()), start=start)
        return levels

    def _root(self, number: str) -> str:
        """The abstract list that counts; a list may only refer to the list of a style."""
        abstract = self._of.get(number, "")
        if style := self._links.get(abstract):
            linked, _, _ = self._styles.number(style)
            if linked is not None and linked != number and self._of.get(linked, "") not in self._links:
                return self._of.get(linked, "")
        return abstract

    def _count(self, number: str, index: int, levels: dict[int, _Level]) -> list[int | None]:
        counts = self._counts.setdefault(self._root(number), [None] * _LEVELS)
        if number not in self._seen:
            self._seen.add(number)
            for restarted in self._starts.get(number, {}):
                counts[min(restarted, _LEVELS - 1)] = None
        before = counts[index]
        counts[index] = levels[index].start if before is None else before + 1
        for deeper in range(index + 1, _LEVELS):
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or (restart > 0 and index < restart):
                counts[deeper] = None
        return counts


def _printed(index: int, levels: dict[int, _Level], counts: list[int | None]) -> str:
    level = levels[index]
    if level.form == "bullet":
        return _bullet(level.pattern) + " " if level.pattern.strip() else ""

    def number(found: re.Match[str]) -> str:
        at = int(found[1]) - 1
        other = levels.get(at, _Level())
        count = counts[at]
        form = "decimal" if level.legal and other.form not in ("decimal", "decimalZero") else other.form
        return written(other.start if count is None else count, form)

    text = re.sub(r"%([1-9])", number, level.pattern).strip()
    return text + level.gap if text else ""


def _bullet(pattern: str) -> str:
    char = pattern.strip()[0]
    if char == "o":  # Courier New's o is a ring
        return "○"
    return _BULLETS.get(ord(char), "•") if 0xE000 <= ord(char) <= 0xF8FF else pattern.strip()


def _index(element: etree._Element) -> int:
    return min(max(whole(element.get(W + "ilvl")) or 0, 0), _LEVELS - 1)


def _level(element: etree._Element) -> _Level:
    legal = element.find(W + "isLgl")
    start = whole(value(element, "start"))
    return _Level(
        start=0 if start is None else start,
        form=value(element, "numFmt") or "decimal",
        pattern=value(element, "lvlText") or "",
        restart=whole(value(element, "lvlRestart")),
        legal=legal is not None and legal.get(W + "val", "1") not in ("0", "false"),
        gap="" if value(element, "suff") == "nothing" else " ",
        style=value(element, "pStyle"),
    )
