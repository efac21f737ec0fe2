"""One measured figure, and the bar it has to reach."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Bar:
    """A limit of design.md section 7."""

    limit: float
    at_least: bool = False

    def reached(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit

    @property
    def text(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {number(self.limit)}"


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured: one value per run. ``key`` names it for other programs (``advance.ratio``)."""

    key: str
    title: str
    unit: str
    values: tuple[float, ...]
    bar: Bar | None = None

    @property
    def value(self) -> float:
        """The median of the runs."""
        return median(self.values)

    @property
    def missed(self) -> bool:
        return self.bar is not None and not self.bar.reached(self.value)


def number(value: float) -> str:
    """Three significant digits, thousands apart: 0.0123, 1.07, 20,000."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    digits = 2 if abs(value) >= 1 else 3
    text = f"{value:.{digits}f}" if abs(value) >= 0.01 else f"{value:.2g}"
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
