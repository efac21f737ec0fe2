"""How long a message of a telephone may be (3GPP TS 23.038): one segment, never more."""

from __future__ import annotations

UNICODE_SEGMENT = 70  # UTF-16 units where a Vietnamese letter stands in it


def units(text: str) -> int:
    """Length in UTF-16 units, by which such texts are measured."""
    return len(text.encode("utf-16-le")) // 2
