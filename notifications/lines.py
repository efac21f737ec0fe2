"""Hygiene of single lines: what may stand in a header, and how a subject is kept short."""

from __future__ import annotations

import unicodedata

SUBJECT_LIMIT = 150
_MARGIN = 10  # for "[MẪU] " in front
_SHORTEST = 40  # what is left of a title at least, before the end of the subject is cut instead

_SEPARATORS = frozenset({"Cc", "Zl", "Zp"})  # line ends and control characters: a space instead
_INVISIBLE = frozenset({"Cf", "Cs"})  # direction marks would turn the text around, lone surrogates cannot be sent


def one_line(text: str) -> str:
    """Without line ends, control and direction characters, single spaces, NFC: fit for a header."""
    if text.isprintable():  # nearly always: nothing to take out
        return " ".join(nfc(text).split())
    kept = (
        " " if unicodedata.category(char) in _SEPARATORS else char
        for char in text
        if unicodedata.category(char) not in _INVISIBLE
    )
    return " ".join(nfc("".join(kept)).split())


def nfc(text: str) -> str:
    """Composed letters, as all text of the product."""
    return unicodedata.normalize("NFC", text)


def shortened(text: str, limit: int) -> str:
    """Cut after a word, with "…" where something is missing."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head, space, _tail = cut.rpartition(" ")
    return (head if space and len(head) > limit // 2 else cut).rstrip(" ,;:(“") + "…"


def fitted(text: str, report: str, **parts: object) -> str:
    """The text with its report, whose title gives way first: the date at the end matters more."""
    full = text.format(report=report, **parts)
    if len(full) > SUBJECT_LIMIT - _MARGIN:
        report = shortened(report, max(_SHORTEST, len(report) - (len(full) - SUBJECT_LIMIT + _MARGIN)))
        full = text.format(report=report, **parts)
    return full
