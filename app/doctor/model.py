"""What a check is and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from plans.text import _


class Level(StrEnum):
    """How bad it is. BROKEN: something that was promised does not happen, or soon will not."""

    OK = "ok"
    NOTICE = "notice"
    BROKEN = "broken"

    @property
    def label(self) -> str:
        match self:
            case Level.OK:
                return _("tốt")
            case Level.NOTICE:
                return _("chú ý")
            case Level.BROKEN:
                return _("HỎNG")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says: a sentence, and the command or step that mends it. ``check`` and ``title`` are filled in."""

    level: Level
    text: str
    remedy: str = ""
    check: str = ""
    title: str = ""

    def document(self) -> dict[str, Any]:
        """For programs."""
        return {
            "check": self.check,
            "level": self.level.value,
            "title": self.title,
            "text": self.text,
            "remedy": self.remedy,
        }


def fine(text: str) -> Finding:
    return Finding(Level.OK, text)


def notice(text: str, remedy: str = "") -> Finding:
    return Finding(Level.NOTICE, text, remedy)


def broken(text: str, remedy: str = "") -> Finding:
    return Finding(Level.BROKEN, text, remedy)


@dataclass(frozen=True, slots=True)
class Check:
    """``look`` gathers and judges; it may raise. ``seconds``: after that it counts as hanging."""

    name: str
    title: str
    look: Callable[[], Iterable[Finding]]
    seconds: float = 10.0


def worst(findings: Iterable[Finding]) -> Level:
    """The level of the whole."""
    levels = {finding.level for finding in findings}
    return next((level for level in (Level.BROKEN, Level.NOTICE) if level in levels), Level.OK)
