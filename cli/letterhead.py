"""The letterhead as ``dondoc setting`` reads and shows it: ``issuer="Công an tỉnh" place="Sơn La" …``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy.engine import Connection

from plans.text import _
from tasks.errors import BadInput
from tasks.letter_head import NAMES, document_of, from_words, typed_letterhead


def read(values: Sequence[str]) -> dict[str, str]:
    """What was typed, by field. Raises BadInput."""
    said = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals or name not in NAMES:
            raise BadInput(_("Không hiểu “{value}”. Các mục: {known}.").format(value=value, known=", ".join(NAMES)))
        said[name] = text
    return said


def merged(connection: Connection, scope: str, said: Mapping[str, str] | None) -> dict[str, Any] | None:
    """What was typed over what stands there; None takes the letterhead away. Raises BadInput."""
    if not scope:
        raise BadInput(_("Phần đầu văn bản là của từng đơn vị: nêu --lead."))
    return None if said is None else document_of(from_words(said, typed_letterhead(connection, scope)))


def stored(connection: Connection, scope: str) -> dict[str, str] | None:
    """As ``show`` prints it."""
    found = typed_letterhead(connection, scope) if scope else None
    return asdict(found) if found else None


def in_words(value: Mapping[str, str] | None) -> str:
    told = "; ".join(f"{name}={text}" for name, text in (value or {}).items() if text)
    return told or _("chưa có: chưa soạn được công văn")
