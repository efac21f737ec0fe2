"""Periods of a duty by their names: the one before, and the same one of the year before."""

from __future__ import annotations

import re

_PARTS = {"H": 2, "Q": 4}
_NAMED = re.compile(r"(\d{4})(?:-(H|Q|)(\d{1,2}))?")


def before(period: str) -> str | None:
    """``2024-06`` -> ``2024-05``, ``2024-H1`` -> ``2023-H2``, ``2024`` -> ``2023``; None for weeks, days and ``once``:
    what came before them has to be looked up."""
    found = _NAMED.fullmatch(period)
    if found is None:
        return None
    year, kind, part = int(found[1]), found[2], int(found[3] or 0)
    if kind is None:
        return f"{year - 1:04d}"
    most = _PARTS.get(kind, 12)
    year, part = (year, part - 1) if part > 1 else (year - 1, most)
    return f"{year:04d}-{part:02d}" if kind == "" else f"{year:04d}-{kind}{part}"


def year_before(period: str) -> str | None:
    """``2024-Q2`` -> ``2023-Q2``; None for a whole year (that is the one before), weeks, days and ``once``."""
    found = _NAMED.fullmatch(period)
    if found is None or found[2] is None:
        return None
    return f"{int(found[1]) - 1:04d}{period[4:]}"


def same_year(period: str, other: str) -> bool:
    """Whether a cumulative count goes on from one to the other."""
    return period[:4] == other[:4] and period[:4].isdecimal()
