"""What PDFium knows about a page: its letters with their places, its ruled lines, its pictures."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from unicodedata import combining

from pypdfium2 import raw

TOUCH = 0.17
"""Of the size of the font: no wider gap between letters of one word."""
_MOST_DRAWN = 20_000  # objects; beyond is a map or a drawing, not a table
_THIN = 3.0  # points: a rectangle no wider is a ruled line
_HYPHENS = {0x02: "-", 0xFFFE: "-"}  # what PDFium gives for a hyphen at the end of a line
_INVISIBLE = 3  # text render mode of the hidden text under a scan


@dataclass(slots=True)
class Piece:
    """Letters that touch each other on one line. Points from the upper left corner of the page as it is shown."""

    text: str
    left: float
    right: float
    base: float
    """The line on which the letters stand."""
    size: float
    """Of the font, as shown."""
    zone: int | None = None
    """Which cell it lies in."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruled line, along x (``flat``) or along y: at ``at``, from ``start`` to ``end``."""

    flat: bool
    at: float
    start: float
    end: float


Zone = Callable[[float, float], int | None]


class Turned:
    """Places on a page that is shown turned: PDFium tells them unturned, from the lower left corner."""

    def __init__(self, page: Any) -> None:
        self._turn = raw.FPDFPage_GetRotation(page) % 4
        shown = raw.FPDF_GetPageWidthF(page), raw.FPDF_GetPageHeightF(page)
        self.width, self.height = shown
        across, up = shown if self._turn % 2 == 0 else shown[::-1]
        self._across, self._up = across, up
        left, bottom = ctypes.c_float(0), ctypes.c_float(0)
        right, top = ctypes.c_float(0), ctypes.c_float(0)
        boxed = raw.FPDFPage_GetCropBox(page, left, bottom, right, top) or raw.FPDFPage_GetMediaBox(
            page, left, bottom, right, top
        )
        self._x, self._y = (left.value, bottom.value) if boxed else (0.0, 0.0)

    @property
    def is_straight(self) -> bool:
        """Whether lines run along x."""
        return bool(self._turn == 0)

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """Left, top, right, bottom as shown."""
        left, right = left - self._x, right - self._x
        top, bottom = self._up - (top - self._y), self._up - (bottom - self._y)
        if self._turn == 0:
            return left, top, right, bottom
        match self._turn:
            case 1:
                left, top, right, bottom = self._up - bottom, left, self._up - top, right
            case 2:
                left, top, right, bottom = (
                    self._across - right,
                    self._up - bottom,
                    self._across - left,
                    self._up - top,
                )
            case 3:
                left, top, right, bottom = top, self._across - right, bottom, self._across - left
        return left, top, right, bottom


def pieces(text_page: Any, turned: Turned, zone: Zone | None) -> list[Piece]:
    """The letters of a page in the order in which they were drawn, parted wherever they do not touch.

    Blanks that PDFium guesses are not taken: where a font lacks Vietnamese letters, these are drawn apart and later.
    """
    found: list[Piece] = []
    current: Piece | None = None
    base = 0.0
    straight, height = turned.is_straight, (0.0, 0.0)
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    box_there, x_there, y_there = ctypes.byref(box), ctypes.byref(x), ctypes.byref(y)
    place, stand, shown = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetCharOrigin, turned.box  # called for all letters
    for at, char in enumerate(_letters(text_page)):
        if char.isspace() and (char in "\r\n" or raw.FPDFText_IsGenerated(text_page, at)):
            continue
        if not place(text_page, at, box_there):
            continue
        left, top, right, bottom = shown(box.left, box.bottom, box.right, box.top)
        if not straight or height != (box.bottom, box.top):  # else the same line of the same font
            if not stand(text_page, at, x_there, y_there):
                continue
            base = shown(x.value, y.value, x.value, y.value)[1]
            height = box.bottom, box.top
        inside = zone((left + right) / 2, (top + bottom) / 2) if zone else None
        if current is not None and (_touches(current, left, base, inside) or combining(char)):
            current.text += char
            if right > current.right:
                current.right = right
        else:
            current = Piece(char, left, right, base, _size(text_page, at, bottom - top), inside)
            found.append(current)
    return found


def _touches(piece: Piece, left: float, base: float, zone: int | None) -> bool:
    size = piece.size
    return (
        piece.zone == zone
        and -0.4 * size <= left - piece.right <= TOUCH * size
        and -0.1 * size <= base - piece.base <= 0.1 * size
    )


def _size(text_page: Any, at: int, height: float) -> float:
    """Fonts are drawn at one size and enlarged by a matrix."""
    matrix = raw.FS_MATRIX()
    size = raw.FPDFText_GetFontSize(text_page, at)
    if raw.FPDFText_GetMatrix(text_page, at, matrix):
        size *= math.hypot(matrix.c, matrix.d)
    return float(size) if 2 <= size <= 300 else max(height, 2.0)


def _letters(text_page: Any) -> Iterator[str]:
    """One character for every number by which PDFium counts them."""
    count = max(raw.FPDFText_CountChars(text_page), 0)
    units = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(text_page, 0, count, units) if count else 0
    text = bytes(units).decode("utf-16-le", "replace")[:count]
    if written != count + 1 or len(text) != count or "\0" in text:  # letters beyond 16 bits, or without any code
        codes = (raw.FPDFText_GetUnicode(text_page, at) for at in range(count))
        text = "".join(chr(c) if 0 < c < 0x110000 and not 0xD800 <= c < 0xE000 else "\ufffd" for c in codes)
    return iter(text.translate(_HYPHENS))


def rules(page: Any, turned: Turned) -> list[Rule]:
    """The ruled lines of a page; none where it holds a drawing."""
    found: list[Rule] = []
    count = raw.FPDFPage_CountObjects(page)
    if count > _MOST_DRAWN:
        return []
    for at in range(max(count, 0)):
        drawn = raw.FPDFPage_GetObject(page, at)
        if drawn and raw.FPDFPageObj_GetType(drawn) == raw.FPDF_PAGEOBJ_PATH:
            found.extend(_lines(drawn, turned))
    return found


def _lines(path: Any, turned: Turned) -> Iterator[Rule]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(path, left, bottom, right, top):
        return
    x0, y0, x1, y1 = turned.box(left.value, bottom.value, right.value, top.value)
    if y1 - y0 <= _THIN < x1 - x0:
        yield Rule(True, (y0 + y1) / 2, x0, x1)
    elif x1 - x0 <= _THIN < y1 - y0:
        yield Rule(False, (x0 + x1) / 2, y0, y1)
    elif _is_stroked(path):
        yield from _segments(path, turned)


def _is_stroked(path: Any) -> bool:
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    return bool(raw.FPDFPath_GetDrawMode(path, filled, stroked) and stroked.value)


def _segments(path: Any, turned: Turned) -> Iterator[Rule]:
    """The upright and level strokes of a path: frames drawn as one."""
    count = raw.FPDFPath_CountSegments(path)
    matrix = raw.FS_MATRIX()
    if not 0 < count <= 2000 or not raw.FPDFPageObj_GetMatrix(path, matrix):
        return
    x, y = ctypes.c_float(), ctypes.c_float()
    first = last = (0.0, 0.0)
    for at in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, at)
        if not raw.FPDFPathSegment_GetPoint(segment, x, y):
            return
        there = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = there
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield from _rule(last, there, turned)
        if raw.FPDFPathSegment_GetClose(segment):
            yield from _rule(there, first, turned)
        last = there


def _rule(start: tuple[float, float], end: tuple[float, float], turned: Turned) -> Iterator[Rule]:
    (ax, ay), (bx, by) = start, end
    x0, y0, x1, y1 = turned.box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
    if y1 - y0 <= 1 < x1 - x0:
        yield Rule(True, (y0 + y1) / 2, x0, x1)
    elif x1 - x0 <= 1 < y1 - y0:
        yield Rule(False, (x0 + x1) / 2, y0, y1)


def picture_share(page: Any, turned: Turned) -> float:
    """The part of the page that its largest picture covers."""
    area = max(turned.width * turned.height, 1.0)
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    most = 0.0
    for at in range(min(raw.FPDFPage_CountObjects(page), _MOST_DRAWN)):
        drawn = raw.FPDFPage_GetObject(page, at)
        kind = raw.FPDFPageObj_GetType(drawn) if drawn else None
        # A form may hold the picture of a scan.
        if kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM) and raw.FPDFPageObj_GetBounds(
            drawn, left, bottom, right, top
        ):
            most = max(most, (right.value - left.value) * (top.value - bottom.value))
    return float(most / area)


def text_is_hidden(page: Any) -> bool:
    """Whether the page's text is the invisible layer that scanners put under a picture."""
    texts = hidden = 0
    for at in range(min(raw.FPDFPage_CountObjects(page), _MOST_DRAWN)):
        drawn = raw.FPDFPage_GetObject(page, at)
        if drawn and raw.FPDFPageObj_GetType(drawn) == raw.FPDF_PAGEOBJ_TEXT:
            texts += 1
            hidden += raw.FPDFTextObj_GetTextRenderMode(drawn) == _INVISIBLE
    return texts > 0 and hidden > texts / 2
