"""Vietnamese without its diacritics, in the alphabet of every telephone (GSM 7 bit): one segment holds 160 letters."""

from __future__ import annotations

import unicodedata

_ALIKE = {"đ": "d", "Đ": "D", "–": "-", "—": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "\u00a0": " "}
_GSM = frozenset(
    "@£$¥\n ÄÖÑÜ§¿äöñüà!\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)
SEGMENT = 160


def plain(text: str) -> str:
    """The text in GSM letters; what has no likeness among them becomes "?"."""
    letters = "".join(_ALIKE.get(letter, letter) for letter in unicodedata.normalize("NFC", text))
    bare = "".join(letter for letter in unicodedata.normalize("NFD", letters) if not unicodedata.combining(letter))
    return "".join(letter if letter in _GSM else _bracket(letter) for letter in bare)


def _bracket(letter: str) -> str:
    return {"[": "(", "]": ")", "{": "(", "}": ")"}.get(letter, "?")
