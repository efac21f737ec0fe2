"""What became of one file of a stick, for whoever carries it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Handled:
    """``what``: sent, failed, unknown, superseded, waiting, again (nothing was done: it had been before) or refused
    (not followed)."""

    file: str
    what: str
    detail: str = ""
