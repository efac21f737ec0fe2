"""How much of a machine one document may take."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Whatever goes beyond is refused, not cut: half a plan would look like a whole one."""

    size: int = 50 * MEGABYTE
    """Bytes of the file."""
    unpacked: int = 100 * MEGABYTE
    """Bytes of all the XML that is read from a .docx."""
    pages: int = 500
    recognised_pages: int = 100
    """Pages without text that are recognised from their picture."""
    characters: int = 5_000_000
    """Of the text that is read: some 1,500 pages."""
    nesting: int = 12
    """Tables within tables, lists within lists."""
    memory: int = 1_500 * MEGABYTE
    """Bytes of address space of the process that reads, and of each Tesseract that it starts."""
    seconds: float = 60
    """For everything but recognition."""
    page_seconds: float = 60
    """For the recognition of one page."""


USUAL = Limits()
