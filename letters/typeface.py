"""The typeface of the .pdf: Times New Roman or one with its measures where the system has it, else the one we bring.

A .docx only names its typeface; a .pdf carries it. Liberation Serif has the measures of Times but, in many
distributions, no ơ and ư: a family is taken only if all its four files have every Vietnamese letter.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from pathlib import Path

from reportlab.pdfbase.ttfonts import TTFError, TTFontFile

from letters.errors import NoTypeface

_FAMILIES = (
    ("times.ttf", "timesbd.ttf", "timesi.ttf", "timesbi.ttf"),
    (
        "Times_New_Roman.ttf",
        "Times_New_Roman_Bold.ttf",
        "Times_New_Roman_Italic.ttf",
        "Times_New_Roman_Bold_Italic.ttf",
    ),
    (
        "Times New Roman.ttf",
        "Times New Roman Bold.ttf",
        "Times New Roman Italic.ttf",
        "Times New Roman Bold Italic.ttf",
    ),
    ("Tinos-Regular.ttf", "Tinos-Bold.ttf", "Tinos-Italic.ttf", "Tinos-BoldItalic.ttf"),
    (
        "LiberationSerif-Regular.ttf",
        "LiberationSerif-Bold.ttf",
        "LiberationSerif-Italic.ttf",
        "LiberationSerif-BoldItalic.ttf",
    ),
)
_SYSTEM = (
    "/usr/share/fonts/truetype",
    "/usr/local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts/Supplemental",
)
_BROUGHT = "fontpkg_ibm_plex_serif"
_BROUGHT_FILES = tuple(f"IBMPlexSerif-{style}.ttf" for style in ("Regular", "Bold", "Italic", "BoldItalic"))


@dataclass(frozen=True, slots=True)
class Typeface:
    """One family in its four cuts, as files."""

    upright: Path
    bold: Path
    italic: Path
    bold_italic: Path

    @property
    def cuts(self) -> tuple[Path, Path, Path, Path]:
        return self.upright, self.bold, self.italic, self.bold_italic


def vietnamese_letters() -> frozenset[str]:
    """Every letter of Vietnamese with every tone, small and capital: 186 with diacritics, and the plain ones."""
    marked = {
        unicodedata.normalize("NFC", base + tone)
        for base, tone in product("aăâeêioôơuưy", ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"))
    }
    small = marked | set("bcdđghklmnpqrstvx")
    return frozenset(small | {letter.upper() for letter in small})


def writes_vietnamese(typeface: Typeface) -> bool:
    """Whether all four files are there and have all letters."""
    return all(_has_letters(cut) for cut in typeface.cuts)


def _has_letters(cut: Path) -> bool:
    try:
        return all(ord(letter) in TTFontFile(str(cut)).charToGlyph for letter in vietnamese_letters())
    except (TTFError, OSError):
        return False


@cache
def brought() -> Typeface:
    """The family that is installed with the program (SIL Open Font License). Raises NoTypeface where it is not."""
    try:
        folder = Path(str(files(_BROUGHT))) / "files"
    except ModuleNotFoundError as error:
        raise NoTypeface from error
    return Typeface(*(folder / name for name in _BROUGHT_FILES))


@cache
def of_the_system() -> Typeface | None:
    """The first family in the measures of Times that is complete, or None."""
    found = {file.name.lower(): file for folder in _folders() for file in sorted(folder.rglob("*.[tT][tT][fF]"))}
    for names in _FAMILIES:
        cuts = [found[name.lower()] for name in names if name.lower() in found]
        if len(cuts) == len(names) and writes_vietnamese(typeface := Typeface(*cuts)):
            return typeface
    return None


def _folders() -> list[Path]:
    listed = [Path(folder) for folder in _SYSTEM]
    if sys.platform == "win32":
        listed.append(Path(os.environ.get("SYSTEMROOT", "C:/Windows")) / "Fonts")
    return [folder for folder in listed if folder.is_dir()]


def chosen() -> Typeface:
    """What letters are printed in on this machine. Raises NoTypeface."""
    return of_the_system() or brought()
