"""What a test sees of a letter: the words of a .docx and of a .pdf, in the order of reading."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pypdfium2
from docx import Document
from docx.document import Document as DocumentFile
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from letters.typeface import brought

_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{fonts}</dir>
<cachedir>{cache}</cachedir><alias binding="same"><family>Times New Roman</family>
<prefer><family>IBM Plex Serif</family></prefer></alias></fontconfig>"""
SOFFICE = shutil.which("soffice")


def opened(content: bytes) -> DocumentFile:
    return Document(io.BytesIO(content))


def paragraphs(document: DocumentFile) -> Iterator[Paragraph]:
    """Every paragraph, cells row by row."""
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            for row in part.rows:
                for cell in row.cells:
                    yield from cell.paragraphs
        else:
            yield part


def texts(content: bytes) -> list[str]:
    return [text for each in paragraphs(opened(content)) if (text := each.text.strip())]


def run_of(document: DocumentFile, text: str) -> Run:
    """The run in which the text stands: each piece of a letter is one run."""
    found = [run for each in paragraphs(document) for run in each.runs if text in run.text]
    assert found, text
    return found[0]


def paragraph_of(document: DocumentFile, text: str) -> Paragraph:
    found = [each for each in paragraphs(document) if text in each.text]
    assert found, text
    return found[0]


def pages(pdf: bytes) -> list[str]:
    """The text of each page, with single blanks."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in whole mm."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [(round(page.get_width() / 72 * 25.4), round(page.get_height() / 72 * 25.4)) for page in document]


def by_libreoffice(docx: bytes, folder: Path) -> bytes:
    """The .docx as LibreOffice prints it."""
    return all_by_libreoffice({"letter": docx}, folder)["letter"]


def all_by_libreoffice(files: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Several by one start of it: with a profile of its own, and with our font in the place of Times. A name without an
    ending is that of a .docx.

    What the system puts there may lack ơ and ư; borrowed from a second font, they no longer stand in one line of text.
    """
    assert SOFFICE
    paths = {name: folder / (name if "." in name else f"{name}.docx") for name in files}
    for path, content in zip(paths.values(), files.values(), strict=True):
        path.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    call = [SOFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, paths.values())]
    (folder / "fonts.conf").write_text(_FONTS.format(fonts=brought().upright.parent, cache=folder / "cache"))
    known = {**os.environ, "HOME": str(folder), "FONTCONFIG_FILE": str(folder / "fonts.conf")}
    subprocess.run(call, check=True, capture_output=True, timeout=180, env=known)
    return {name: path.with_suffix(".pdf").read_bytes() for name, path in paths.items()}


def in_order(text: str, *parts: str) -> bool:
    """Whether the parts stand in the text one behind the other, whatever breaks the lines."""
    bare, at = "".join(text.replace("\u2011", "-").replace("\u00ad", "-").split()), 0
    for part in parts:
        at = bare.find("".join(part.split()), at)
        if at < 0:
            return False
        at += 1
    return True
