"""Files for the tests, made on the spot: Word packages part by part, PDFs in a font with every Vietnamese letter."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
FONT = "Vietnamese"
_DEBIAN = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


# --- Word


def part(tag: str, inner: str) -> str:
    """A part of a Word package."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:{tag} xmlns:w="{_W}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"{inner}</w:{tag}>"
    )


def docx(body: str, *, numbering: str = "", styles: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """A Word document with that body."""
    parts = {
        "[Content_Types].xml": _TYPES.encode(),
        "_rels/.rels": _RELATIONS.encode(),
        "word/document.xml": part("document", f"<w:body>{body}</w:body>").encode(),
        "word/numbering.xml": part("numbering", numbering).encode(),
        "word/styles.xml": part("styles", styles).encode(),
        **(more or {}),
    }
    return zipped(parts)


def zipped(parts: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def p(text: str, *, properties: str = "") -> str:
    """A paragraph."""
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def item(text: str, number: int, level: int = 0) -> str:
    """A paragraph of a list."""
    return p(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def level(index: int, form: str, pattern: str, *, start: int = 1, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def abstract(name: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{name}">{"".join(levels)}</w:abstractNum>'


def num(name: int, abstract_name: int, more: str = "") -> str:
    return f'<w:num w:numId="{name}"><w:abstractNumId w:val="{abstract_name}"/>{more}</w:num>'


def table(*rows: Sequence[str]) -> str:
    """A table of cells; a cell that is no XML yet becomes a paragraph."""
    made = ""
    for row in rows:
        cells = (c if c.startswith("<") else p(c) for c in row)
        made += "<w:tr>" + "".join(f"<w:tc>{c}</w:tc>" for c in cells) + "</w:tr>"
    return f"<w:tbl>{made}</w:tbl>"


# --- PDF


@cache
def _register_font() -> None:
    """Prefect brings a font with every Vietnamese letter; else Debian's is taken."""
    own = sorted(Path(str(files("prefect"))).glob("server/ui*/fonts/Geist-*.ttf"))
    pdfmetrics.registerFont(TTFont(FONT, str(own[0] if own else _DEBIAN)))


Draw = Callable[[Canvas], None]


def pdf(*pages: Draw, size: tuple[float, float] = A4, password: str | None = None) -> bytes:
    """A PDF whose pages are drawn by the functions; y grows upwards from the lower left corner."""
    _register_font()
    file = BytesIO()
    canvas = Canvas(file, pagesize=size, pageCompression=1, encrypt=password)
    for draw in pages:
        canvas.setFont(FONT, 13)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def lines(*texts: str, top: float = 760, left: float = 85, step: float = 20) -> Draw:
    """Printed lines from a height downwards."""

    def draw(canvas: Canvas) -> None:
        for at, text in enumerate(texts):
            canvas.drawString(left, top - at * step, text)

    return draw


def both(*draws: Draw) -> Draw:
    """Several things on one page."""

    def draw(canvas: Canvas) -> None:
        for one in draws:
            one(canvas)

    return draw


def ruled(
    rows: Sequence[Sequence[str]], *, top: float = 700, left: float = 70, widths: Sequence[float] = (40, 200, 200)
) -> Draw:
    """A table with lines around its cells, 60 points high each; ``\\n`` parts the lines of a cell."""

    def draw(canvas: Canvas) -> None:
        height, right = 60.0, left + sum(widths)
        for at in range(len(rows) + 1):
            canvas.line(left, top - at * height, right, top - at * height)
        for at in range(len(widths) + 1):
            x = left + sum(widths[:at])
            canvas.line(x, top, x, top - len(rows) * height)
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                for line, text in enumerate(cell.split("\n")):
                    canvas.drawString(left + sum(widths[:column]) + 4, top - at * height - 16 - 15 * line, text)

    return draw


def picture_of(data: bytes, page: int = 0, *, scale: float = 300 / 72) -> Image.Image:
    """A page of a PDF as a scanner sees it."""
    opened = pypdfium2.PdfDocument(data)
    try:
        image: Image.Image = opened[page].render(scale=scale, grayscale=True).to_pil()
        return image.copy()
    finally:
        opened.close()


def scanned(data: bytes) -> bytes:
    """The same PDF as a scan: a picture on every page and no letters."""
    opened = pypdfium2.PdfDocument(data)
    count = len(opened)
    opened.close()
    file = BytesIO()
    first, *others = [picture_of(data, at) for at in range(count)]
    first.save(file, "PDF", resolution=300, save_all=True, append_images=others)
    return file.getvalue()


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path
