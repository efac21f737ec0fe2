"""A letter as a file: its bytes, its type, and a name that says what it is."""

from __future__ import annotations

from letters.docx import as_docx
from letters.model import Letter
from letters.pdf import as_pdf
from plans.text import fold
from tasks.letter_model import Letter as StoredLetter
from tasks.letter_model import LetterKind

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
_NAMES = {
    LetterKind.ASSIGNING: "giao-viec",
    LetterKind.URGING: "don-doc",
    LetterKind.REPORT: "bao-cao",
    LetterKind.EXTENSION: "gia-han",
    LetterKind.CORRECTION: "dinh-chinh",
}


def printed(letter: Letter, form: str) -> bytes:
    """``form`` is docx or pdf."""
    return as_docx(letter) if form == "docx" else as_pdf(letter)


def file_name(stored: StoredLetter, form: str) -> str:
    """``don-doc-41-cat-pc10-2026.docx``; a draft ``don-doc-du-thao-7.docx``."""
    if stored.number and stored.dated:
        number = fold(stored.reference.replace("/", " ").replace("-", " ")).replace(" ", "-")
        return f"{_NAMES[stored.kind]}-{number}-{stored.dated.year}.{form}"
    return f"{_NAMES[stored.kind]}-du-thao-{stored.id}.{form}"
