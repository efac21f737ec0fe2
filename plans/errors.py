"""The errors of this package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class PlansError(Exception):
    """Base of every error raised by ``plans``."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: where it stands, what is wrong, and what to write instead.

    Lines and columns count from 1; line 0 means the file as a whole (missing, too large). ``field`` reads like
    ``duties[2].due.on``, list items counting from 0, and is empty for the file as a whole.
    """

    file: str
    line: int
    column: int
    field: str
    message: str
    hint: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        field = f" {self.field}:" if self.field else ""
        return f"{place}:{field} {self.message} — {self.hint}"


class PlanError(PlansError):
    """A plan or agencies file that cannot be used. ``problems`` holds every one of them, in order of lines."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line, p.column)))
        super().__init__("\n".join(str(problem) for problem in self.problems))
