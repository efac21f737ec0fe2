"""Documents under secrecy never enter the system: their mark stands in the head (Nghị định 30/2020/NĐ-CP)."""

from __future__ import annotations

import re
import unicodedata

from plans.text import _, fold
from tasks.errors import BadInput

_LINES = 80
_CHARACTERS = 4000
_BETWEEN_CELLS = re.compile(r"[\n\t|]")
_LEVELS = ("mật", "tối mật", "tuyệt mật")
_FOLDED = frozenset(fold(level) for level in _LEVELS)
_LABEL = re.compile(r"^(?:độ|mức độ|dấu(?: chỉ)?(?: mức)?(?: độ)?) mật\W+", re.IGNORECASE)


class SecretDocument(BadInput):
    """It bears MẬT, TỐI MẬT or TUYỆT MẬT. Nothing of it is kept."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Văn bản có dấu chỉ độ mật, không được đưa vào hệ thống này. "
                "Tệp chưa được lưu; hãy xử lý theo chế độ mật."
            )
        )


def refuse_secret(text: str) -> None:
    """Raises SecretDocument where a line of the head is a mark of secrecy."""
    for line in _BETWEEN_CELLS.split(text[:_CHARACTERS])[:_LINES]:
        if _is_mark(line):
            raise SecretDocument


def _is_mark(line: str) -> bool:
    """The whole line, also where the letters lost their marks ("TOI MAT"); small letters without marks mean nothing."""
    bare = " ".join(re.sub(r"[^\w\s:]", " ", unicodedata.normalize("NFC", line)).split())
    said = _LABEL.sub("", bare).strip(" :")
    return said.lower() in _LEVELS or (said.isascii() and said.isupper() and fold(said) in _FOLDED)
