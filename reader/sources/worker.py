"""The process that parses one foreign file: bounded, without a network of its own making, and gone afterwards."""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
from typing import Any

from reader.document import Document
from reader.sources.errors import Reason, Refused
from reader.sources.formats import KINDS, Format
from reader.sources.limits import MEGABYTE, Limits


def main(wish: dict[str, Any]) -> None:
    """Reads the file on its input; answers on its output."""
    answers = os.dup(1)
    os.dup2(2, 1)  # a library that prints must not spoil the answers
    limits = Limits(**wish["limits"])
    _bound(limits)
    _answer(answers, _read(Format(wish["format"]), limits, answers))
    sys.stdout.flush()
    os._exit(0)  # nothing to tidy up, and destructors of foreign libraries may crash


def _bound(limits: Limits) -> None:
    """Whatever is started from here inherits these."""
    processor = int(2 * max(limits.seconds, limits.page_seconds)) + 1
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, processor),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, MEGABYTE),  # its complaints go to a file
        (resource.RLIMIT_NOFILE, 128),
    ):
        hard = resource.getrlimit(kind)[1]
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (soft, hard))


def _read(kind: Format, limits: Limits, answers: int) -> dict[str, object]:
    def progress(page: int, pages: int, *, slow: bool = False) -> None:
        _answer(answers, {"page": page, "of": pages, "slow": slow})

    try:
        with os.fdopen(0, "rb") as file:
            document = _parse(kind, file.read(), limits, progress)
        return {"document": _stored(document)}
    except Refused as refused:
        return {"refused": refused.reason, "details": refused.details}
    except MemoryError:
        return {"refused": Reason.MEMORY, "details": {"limit": limits.memory // MEGABYTE}}
    except RecursionError:
        return {"refused": Reason.TOO_DEEP, "details": {"limit": limits.nesting}}
    except Exception:  # whatever a parser raises on a foreign file: recorded, and told as what it is
        traceback.print_exc()
        return {"refused": Reason.CRASHED, "details": {"kind": KINDS[kind]}}


def _parse(kind: Format, data: bytes, limits: Limits, progress: Any) -> Document:
    # Each parser is imported only where it is needed: the others cost time to start.
    match kind:
        case Format.DOCX:
            from reader.sources.word import read_word

            return read_word(data, limits)
        case Format.HTML:
            from reader.sources.web_page import read_web_page

            return read_web_page(data, limits)
        case Format.PDF:
            from reader.sources.pdf import read_pdf

            return read_pdf(data, limits, progress)
        case Format.PICTURE:
            from reader.sources.pictures import read_pictures

            return read_pictures(data, limits, progress)
        case Format.TEXT:
            from reader.sources.plain import read_plain

            return read_plain(data, limits)


def _stored(document: Document) -> dict[str, object]:
    cells = [(c.span.start, c.span.end, c.table, c.row, c.column) for c in document.cells]
    return {"text": document.text, "pages": document.pages, "cells": cells, "ocr": document.ocr}


def _answer(answers: int, message: dict[str, object]) -> None:
    line = json.dumps(message, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    while line:
        line = line[os.write(answers, line) :]
