"""The shape of a hand-over: sections of plain lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOST = 200  # lines of one section; the list behind it holds all


@dataclass(frozen=True, slots=True)
class Line:
    """``path``: where the page of it is; "" where there is none."""

    cells: tuple[str, ...]
    path: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """``more``: how many lines are left out; ``none``: what stands there where nothing is open."""

    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    none: str
    more: int = 0


def section(title: str, columns: tuple[str, ...], lines: Iterable[Line], none: str) -> Section:
    listed = tuple(lines)
    return Section(title, columns, listed[:MOST], none, max(0, len(listed) - MOST))
