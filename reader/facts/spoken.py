"""The body whose name begins at a place of a sentence, without the words that follow it."""

from __future__ import annotations

import re

from reader.bodies import mentions
from reader.facts.front import Front
from reader.facts.names import Name, name_of

_REST = re.compile(
    r" *(?:vua|da|moi|se|cung|tiep tuc|thong nhat|chinh thuc|xa|tinh|huyen|thanh pho|cap)? *(?:vua|da|moi)? *$"
)
_NAME_MOST = 5  # words of a body that no list knows
_PLACED_MOST = 10  # words of one that ends with the name of its place
_HEAD_OF = re.compile(r"(?:chu tich|pho chu tich|giam doc|bo truong|chu nhiem|hieu truong|truong ban|bi thu) ")


def body_at(front: Front, start: int, end: int) -> tuple[Name, int, int] | None:
    """The name of the body with which that part of the folded text begins.

    None where something else than a body stands there, or where more than an adverb follows its name.
    """
    if head := _HEAD_OF.match(front.folded.text, start, end):
        start = head.end()
    for body in mentions(front.text, front.span(start, end)):
        at, stop = front.folded.at(body.span.start), front.folded.at(body.span.end)
        if head := _HEAD_OF.match(front.folded.text, at, stop):
            at = head.end()
        if at - start > 2:
            break
        if body.group or not _REST.match(front.folded.text[stop:end]):
            return None
        return name_of(front.printed(at, stop)), at, stop
    if rest := _REST.search(front.folded.text, start, end):
        end = rest.start()
    words = front.printed(start, end)
    name = name_of(words)
    most = _NAME_MOST if not (name.level and name.place) else _PLACED_MOST
    short = len(words.split()) <= most and sum(word[:1].isupper() for word in words.split()) >= 2
    return (name, start, end) if short else None
