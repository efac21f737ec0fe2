"""The sentences that dondoc comes with, in the form in which an office writes its own; and letters to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from letters import announcing, urging
from letters.facts import Assigning, Correcting, Document, Extending, Facts, Late, Office, Owed, State, Urging
from letters.model import Signature
from letters.own_texts import DAY, DOCUMENT, GROUND, OFFICE, PRODUCT, SUPERIOR, WORDS, LetterKey, LetterText
from letters.wording import wording
from plans.model import Relation
from plans.text import _

_FIELDS = {
    "office": OFFICE,
    "product": PRODUCT,
    "day": DAY,
    "document": DOCUMENT,
    "ground": GROUND,
    "words": WORDS,
    "superior": SUPERIOR,
}


def ready(key: LetterKey) -> str:
    """The ready sentence with its places to be filled."""
    text = urging.URGED if key.text is LetterText.URGED else announcing.READY[key.text]
    return re.sub(r"\{(\w+)\}", lambda found: f"{{{_FIELDS[found[1]]}}}", _(text[key.relation]))


def example(key: LetterKey, texts: Mapping[str, str], office: Office | None = None) -> Iterator[tuple[str, ...]]:
    """The paragraphs of each letter in which the sentence stands, invented."""
    writing = replace(office or _office(), texts=dict(texts))
    for facts in _facts(key.text):
        yield tuple(paragraph.text for paragraph in wording(facts, writing, key.relation).body)


def _office() -> Office:
    return Office(
        issuer="Công an tỉnh",
        named="Công an tỉnh Mẫu",
        short="CAT",
        unit="PC10",
        place="Mẫu",
        signature=Signature("Giám đốc"),
        superior="UBND tỉnh Mẫu",
    )


def _facts(text: LetterText) -> Iterator[Facts]:
    """One letter, and where it reads otherwise for one body alone, two."""
    plan = Document("Kế hoạch", "05/KH-UBND", date(2026, 1, 15), "Ủy ban nhân dân tỉnh Mẫu")
    owed = Owed("Báo cáo năm 2026", "IV.1", "trước ngày 10/12", date(2026, 12, 9))
    urged = Document("Công văn", "41/CAT-PC10", date(2026, 12, 14))
    match text:
        case LetterText.ASSIGNED:
            yield Assigning(plan, "IV.2", (owed,))
        case LetterText.URGED:
            late = tuple(
                Late(name, owed.product, date(2026, 12, 9), 6, Relation.PEER) for name in ("Sở Mẫu", "Sở Khác")
            )
            yield Urging(plan, owed, State(date(2026, 12, 16), 19, 17, late), 1, date(2026, 12, 20))
            yield Urging(plan, owed, State(date(2026, 12, 16), 1, 0, late[:1]), 1, date(2026, 12, 20))
        case LetterText.EXTENDED:
            by = Document("Công văn", "123/UBND-NC", date(2026, 12, 1), "UBND tỉnh Mẫu")
            yield Extending(plan, owed, until=date(2026, 12, 20), by=by)
        case LetterText.KEPT:
            yield Extending(plan, owed, asked=Document("Công văn", "77/SM", date(2026, 12, 2), "Sở Mẫu"))
        case LetterText.CORRECTED:
            yield Correcting(urged, "Sở Mẫu chưa gửi Báo cáo năm 2026", "Sở Mẫu đã gửi ngày 08/12/2026")
