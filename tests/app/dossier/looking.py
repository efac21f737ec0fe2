"""Reading a hồ sơ as an inspection does: by another program, and nothing but the files."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from app.dossier import gather, package
from app.dossier.model import Dossier
from app.dossier.printing import as_report
from app.filestore import FileStore
from letters.report_pdf import as_pdf
from tasks.database import reading
from tests.letters import reading as pdf
from tests.letters.sample import face
from tests.support import Valley


def of(v: Valley, occurrence_id: str) -> Dossier:
    with reading(v.engine) as c:
        return gather.of_occurrence(c, occurrence_id, now=v.now)


def text_of(dossier: Dossier) -> str:
    """The running text of the PDF: without footers and numbers of pages."""
    footer = as_report(dossier).footer
    return " ".join(page.replace(footer, "") for page in pdf.pages(as_pdf(as_report(dossier), face())))


def unpacked(dossier: Dossier, home: Path) -> dict[str, bytes]:
    """What is in the zip; its sums are right."""
    with package.as_zip(dossier, FileStore(home)) as file, zipfile.ZipFile(io.BytesIO(file.read())) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    lines = content["MANIFEST-SHA256.txt"].decode().splitlines()
    told = {name: digest for digest, _blanks, name in (line.partition("  ") for line in lines)}
    assert told == {
        name: hashlib.sha256(data).hexdigest() for name, data in content.items() if name != "MANIFEST-SHA256.txt"
    }
    return content


def rows(content: dict[str, bytes]) -> list[dict[str, Any]]:
    """The trail for a machine, each row checked against its own hash with nothing of dondoc."""
    found = []
    for line in content["nhat-ky.jsonl"].splitlines():
        row = json.loads(line)
        if row["hash"] and not row.get("withheld"):
            canonical = line[line.index(b'"row": ') + len(b'"row": ') : -1]
            assert hashlib.sha256(row["previous"].encode() + canonical).hexdigest() == row["hash"]
        found.append(row)
    return found
