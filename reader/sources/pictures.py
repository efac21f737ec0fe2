"""Pictures of pages: .png, .jpg, and .tif with several pages."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO

from PIL import Image, ImageOps, ImageSequence

from reader.document import Document
from reader.sources import recognition
from reader.sources.errors import Reason, Refused
from reader.sources.limits import Limits
from reader.sources.pdf_writing import written

_FORMATS = ("PNG", "JPEG", "TIFF")
_LONGEST = 20_000  # pixels of a side; A3 at 600 dpi has 9,900
_MOST = 150_000_000  # pixels of a page: its grey form takes as many bytes
_SHARP = 3508  # pixels of the long side of A4 at 300 dpi
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError, Image.DecompressionBombWarning)


def read_pictures(data: bytes, limits: Limits, report: recognition.Report) -> Document:
    """What is printed on the pictures of a file. Raises Refused."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = _MOST
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as image:
            pages = int(getattr(image, "n_frames", 1))
            recognition.check(pages, limits)
            report(0, pages, slow=True)
            layouts = []
            for layout in recognition.recognised(_frames(image), limits):
                layouts.append(layout)
                report(len(layouts), pages, slow=True)
    except _BROKEN as error:
        raise _unusable() from error
    return written(layouts, limits, ocr=True)


def _frames(image: Image.Image) -> Iterator[Callable[[], Image.Image]]:
    for frame in ImageSequence.Iterator(image):
        yield partial(_grey, frame)


def _grey(frame: Image.Image) -> Image.Image:
    """A page in grey, upright, about as large as Tesseract likes it."""
    if max(frame.size) > _LONGEST or frame.width * frame.height > _MOST or min(frame.size) < 8:
        raise _unusable()
    upright = ImageOps.exif_transpose(frame)
    if upright.mode in ("RGBA", "LA", "PA", "P"):
        coloured = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", coloured.size, "white"), coloured)
    grey = upright.convert("L")
    if not 0.6 * _SHARP <= max(grey.size) <= 1.7 * _SHARP:
        share = _SHARP / max(grey.size)
        share = min(share, 3.0)
        grey = grey.resize(
            (max(int(grey.width * share), 8), max(int(grey.height * share), 8)), Image.Resampling.LANCZOS
        )
    return grey


def _unusable() -> Refused:
    return Refused(Reason.PICTURE, limit=_LONGEST)
