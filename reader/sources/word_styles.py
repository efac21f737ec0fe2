"""The styles of a .docx, as far as they change what is printed: numbering, capitals, hidden text."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from reader.sources.word_package import W

_DEEPEST = 20  # styles based on styles; more is a circle


@dataclass(frozen=True, slots=True)
class Look:
    """What properties say; None where they say nothing."""

    capitals: bool | None = None
    hidden: bool | None = None


@dataclass(frozen=True, slots=True)
class _Style:
    based_on: str | None
    number: str | None
    level: int | None
    look: Look


def value(parent: etree._Element | None, name: str) -> str | None:
    """``w:val`` of a child."""
    found = None if parent is None else parent.find(W + name)
    return None if found is None else found.get(W + "val")


def whole(text: str | None) -> int | None:
    """A whole number of reasonable size, or None."""
    try:
        number = int(text or "")
    except ValueError:
        return None
    return number if abs(number) < 1_000_000 else None


def look_of(properties: etree._Element | None) -> Look:
    """What ``w:rPr`` says."""
    return Look(_switch(properties, "caps"), _switch(properties, "vanish"))


def _switch(properties: etree._Element | None, name: str) -> bool | None:
    found = None if properties is None else properties.find(W + name)
    return None if found is None else found.get(W + "val", "1") not in ("0", "false", "off")


def number_of(properties: etree._Element | None) -> tuple[str | None, int | None]:
    """The list and the level that ``w:pPr`` names."""
    numbered = None if properties is None else properties.find(W + "numPr")
    return value(numbered, "numId"), whole(value(numbered, "ilvl"))


class Styles:
    """Looks styles up along what they are based on."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        self.default = ""
        for style in root.iterfind(W + "style") if root is not None else ():
            name = style.get(W + "styleId", "")
            number, level = number_of(style.find(W + "pPr"))
            self._styles[name] = _Style(value(style, "basedOn"), number, level, look_of(style.find(W + "rPr")))
            if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true", "on"):
                self.default = name

    def _chain(self, name: str | None) -> list[tuple[str, _Style]]:
        chain: list[tuple[str, _Style]] = []
        while name in self._styles and len(chain) < _DEEPEST:
            chain.append((name, self._styles[name]))
            name = self._styles[name].based_on
        return chain

    def number(self, name: str) -> tuple[str | None, int | None, str]:
        """The list and level of a paragraph style, and which style of the chain names the list."""
        level = None
        for named, style in self._chain(name):
            level = style.level if level is None else level
            if style.number is not None:
                return style.number, level, named
        return None, level, name

    def look(self, *names: str | None) -> Look:
        """What the styles together say; the first named is the nearest."""
        capitals = hidden = None
        for name in names:
            for _, style in self._chain(name):
                capitals = style.look.capitals if capitals is None else capitals
                hidden = style.look.hidden if hidden is None else hidden
        return Look(capitals, hidden)
