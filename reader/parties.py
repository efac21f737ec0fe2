"""Who is named around a time expression, and the small questions that all who look for them ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reader.clause_text import ClauseText, Mention
from reader.draft import Body

_BETWEEN = re.compile(r"[ ,;/&-]*(?:va|cung|hoac|cung voi|,)?[ ,;]*(?:cac )?")


@dataclass(frozen=True, slots=True)
class Parties:
    """What a clause says about who."""

    agencies: tuple[Body, ...] = ()
    cooperating: tuple[Body, ...] = ()
    recipients: tuple[Body, ...] = ()
    via: tuple[Body, ...] = ()
    above: bool = False
    """The agencies are named in a heading or sentence above, not in the words themselves."""
    addressed: bool = False
    """Nobody is told to do it, but the letter is addressed to them."""


def run_of(text: ClauseText, first: int) -> list[Mention]:
    """The bodies of one enumeration, from the mention with that index on."""
    found = [text.mentions[first]]
    for mention in text.mentions[first + 1 :]:
        if not _BETWEEN.fullmatch(text.words, found[-1].end, mention.start):
            break
        found.append(mention)
    return found


def joined(text: ClauseText, index: int) -> bool:
    """Whether the mention goes on with an enumeration that began before it."""
    return index > 0 and bool(_BETWEEN.fullmatch(text.words, text.mentions[index - 1].end, text.mentions[index].start))


def within_time(text: ClauseText, mention: Mention) -> bool:
    """ "kể từ ngày nhận được văn bản của Sở Y tế" names nobody who owes something."""
    return any(time.start <= mention.start < time.end for time in text.times)


def without_times(text: ClauseText, start: int, end: int) -> str:
    """The words there with blanks for the time expressions and for the commas within names."""
    return text.blanked[start:end].replace(" ,", "  ")


def as_written(text: ClauseText, start: int, end: int, *, group: bool = False) -> Body:
    """Somebody of whom no list knows, by the words of the document."""
    return Body(text.original(start, end), text.span(start, end), group=group)


def marked(body: Body, *, requested: bool) -> Body:
    """The body, asked only where it says so."""
    return replace(body, requested=True) if requested and not body.requested else body


def distinct(bodies: Sequence[Body]) -> tuple[Body, ...]:
    """Each name once."""
    return tuple({body.name: body for body in reversed(bodies)}.values())[::-1]
