"""What the officer chooses and types of a letter; everything else comes from the register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from letters.model import Urgency


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs this letter, where it is not whom the letterhead names. ``behalf``: "KT. Giám đốc"."""

    title: str
    name: str = ""
    behalf: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """The fields of a draft. None and () stand for what dondoc proposes.

    ``on``: the day up to which the figures go, 24:00; ``body``: the officer's own words for the whole text.
    """

    on: date
    resend_by: date | None = None
    addressees: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()  # report
    urgency: Urgency | None = None
    signer: Signer | None = None
    asked_number: str = ""  # extension: the body's own letter
    asked_on: date | None = None
    reason: str = ""
    said: str = ""  # correction: what the letter said
    right: str = ""  # correction: how it really is
    abstract: str = ""
    body: tuple[str, ...] = ()
