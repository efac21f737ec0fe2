"""Excel files from outside: opened within bounds, and a damaged one is the officer's error and not the program's."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app import file_kinds, zip_limits
from plans.text import _
from tasks.errors import BadInput

MOST_UNPACKED = 64 << 20  # of a workbook; its shared texts are held in memory


@contextmanager
def opened_workbook(path: Path, otherwise: str) -> Iterator[IO[bytes]]:
    """The file's bytes, to be read within the block. ``otherwise``: what is said of a file of another kind.

    Raises BadInput, BadZip, WrongKind; what goes wrong in the block because the file is damaged is BadInput too.
    """
    if file_kinds.recognise(path) is not file_kinds.XLSX:
        raise BadInput(otherwise)
    with zip_limits.opened(path, unpacked=MOST_UNPACKED):
        pass
    try:
        with path.open("rb") as opened:
            yield opened
    except BadInput:
        raise
    except (
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        SyntaxError,  # of XML: what both parsers that openpyxl may use raise
        zipfile.BadZipFile,
        OSError,
    ) as bad:
        raise BadInput(_("Tệp Excel bị hỏng, không đọc được.")) from bad
