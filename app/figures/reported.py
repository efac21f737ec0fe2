"""What the agencies of one duty and period reported, as plain values; nothing here knows a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from plans.figure_numbers import rounded
from plans.model import Figure, FigureKind
from tasks.model import State

_NOT_ASKED = frozenset({State.WAIVED, State.TRANSFERRED, State.CANCELLED})
_NOT_COUNTED = frozenset({State.RETURNED, State.TRANSFERRED})  # sent back, or somebody else's by now


@dataclass(frozen=True, slots=True)
class Reported:
    """One occurrence with the figures that stand. ``given``: as typed; see ``value`` for what counts."""

    occurrence_id: str
    agency_id: str
    agency: str
    state: State
    given: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def counts(self) -> bool:
        """Whether its figures go into sums: not while the paper is sent back, nor after it was handed over."""
        return self.state not in _NOT_COUNTED

    @property
    def asked(self) -> bool:
        """Whether it is missed where it has no figure."""
        return self.state not in _NOT_ASKED

    def value(self, figure: Figure) -> Decimal | None:
        """What counts of a figure, computed where it is one of two others."""
        if not self.counts:
            return None
        if not figure.computed:
            return self.given.get(figure.id)
        return share(self.given.get(figure.numerator or ""), self.given.get(figure.denominator or ""))

    def has(self, figure: Figure) -> bool:
        """Whether it reported the figure, or both parts of it: "0 of 0" is a report without a percentage."""
        parts = (figure.numerator, figure.denominator) if figure.computed else (figure.id,)
        return self.counts and all(part in self.given for part in parts)


def share(numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    """A percentage with one decimal; None where there is nothing to compute it of."""
    if numerator is None or not denominator:
        return None
    return rounded(numerator * 100 / denominator)


@dataclass(frozen=True, slots=True)
class Total:
    """A figure over all agencies. ``value`` is None where nobody reported it, and for percentages as typed: these are
    never added. ``missing`` are the agencies whose figure is still wanted; with them the total is not complete."""

    figure: Figure
    value: Decimal | None
    reporting: int
    missing: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        return not self.missing


def total(figure: Figure, lines: Sequence[Reported]) -> Total:
    """Sums counts and amounts; a percentage comes from the sums of its two parts."""
    told = [(line, line.has(figure)) for line in lines]
    having = [line for line, has in told if has]
    missing = tuple(line.agency for line, has in told if line.asked and not has)
    return Total(figure, _together(figure, having), len(having), missing)


def _together(figure: Figure, having: Sequence[Reported]) -> Decimal | None:
    if not having:
        return None
    if figure.computed:
        return share(_sum(figure.numerator or "", having), _sum(figure.denominator or "", having))
    return None if figure.kind is FigureKind.PERCENT else _sum(figure.id, having)


def _sum(figure_id: str, having: Sequence[Reported]) -> Decimal:
    return sum((line.given[figure_id] for line in having), Decimal(0))
