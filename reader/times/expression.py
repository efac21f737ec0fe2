"""What was understood of a time expression."""

from __future__ import annotations

from dataclasses import dataclass

from reader.draft import Boundary, Doubt, Due, Kind
from reader.times.prefixes import Strength


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Places count characters of the folded text of the clause; ``bare`` is where the words in front end."""

    start: int
    bare: int
    end: int
    kind: Kind
    due: Due
    boundary: Boundary | None
    strength: Strength
    doubts: tuple[Doubt, ...] = ()
    window: bool = False
    """It says whose data a report covers (mốc số liệu), not when it is due."""

    @property
    def dated(self) -> bool:
        """Whether it names a day, a month or a distance."""
        return self.due is not None
