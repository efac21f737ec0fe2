"""Words that somebody copied out of a document, found in it again."""

from __future__ import annotations

import re

from plans.text import _
from reader.folding import Folded
from tasks.errors import BadInput
from tasks.reading_model import Place

LONGEST = 4_000


def find_quote(text: str, pasted: str) -> Place:
    """Where they stand: the first such place, whatever its line breaks, capitals and diacritics.

    Raises BadInput where they stand nowhere: nobody can make up a sentence.
    """
    if not pasted.strip():
        raise BadInput(_("Chưa chọn đoạn nào của văn bản."))
    if len(pasted) > LONGEST:
        raise BadInput(_("Đoạn dài quá {n} ký tự. Chỉ lấy câu giao việc.").format(n=LONGEST))
    wanted, whole = Folded(pasted).text.strip(), Folded(text)
    found = re.search(re.escape(wanted), whole.text) if wanted else None
    if found is None:
        raise BadInput(_("Không tìm thấy đoạn này trong văn bản. Chép đúng nguyên văn một đoạn liền nhau."))
    span = whole.span(*found.span())
    return Place(span.start, span.end)
