"""Lines ruled on a scanned page: where tables are, before letters are recognised."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PIL import Image, ImageDraw

from reader.sources.pdf_letters import Rule

_STEP = 24  # pixels (2 mm at 300 dpi) that are looked at as one
_DARK = 150  # of 255; lighter is paper
_FULL = bytes(int(value >= 225) for value in range(256))  # nearly all of a step is dark
_RUN = re.compile(rb"\x01{4,}")  # 8 mm: longer than any stroke of a letter


def rules_of(image: Image.Image, scale: float) -> list[Rule]:
    """The lines of a grey picture in points, ``scale`` points to a pixel. A thick line is told several times."""
    dark = image.point(bytes(255 if value < _DARK else 0 for value in range(256)))
    level = dark.reduce((_STEP, 1))
    upright = dark.reduce((1, _STEP)).transpose(Image.Transpose.TRANSPOSE)
    return [*_runs(level, scale, flat=True), *_runs(upright, scale, flat=False)]


def _runs(steps: Image.Image, scale: float, *, flat: bool) -> Iterator[Rule]:
    """Dark runs along the rows; their ends lie anywhere within a step, so one is added."""
    full, width = steps.tobytes().translate(_FULL), steps.width
    for row in range(steps.height):
        for run in _RUN.finditer(full, row * width, (row + 1) * width):
            start, end = run.start() - row * width - 1, run.end() - row * width + 1
            yield Rule(flat, (row + 0.5) * scale, max(start, 0) * _STEP * scale, end * _STEP * scale)


def without(image: Image.Image, rules: list[Rule], scale: float) -> Image.Image:
    """The picture with these lines painted over: they are taken for letters otherwise."""
    clean = image.copy()
    brush = ImageDraw.Draw(clean)
    for rule in rules:
        at, start, end = rule.at / scale, rule.start / scale, rule.end / scale
        box = (start, at - 2, end, at + 2) if rule.flat else (at - 2, start, at + 2, end)
        brush.rectangle(box, fill=255)
    return clean
