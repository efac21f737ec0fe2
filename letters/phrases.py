"""What several kinds of letter say alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from letters.facts import Document, Office, Owed
from letters.lines import clean
from letters.model import Annex, LetterKind, Paragraph
from plans.model import Consequence, Relation
from plans.text import _, day_text

Texts = Mapping[Relation, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """The part of a letter that depends on what it is about."""

    kind: LetterKind
    abstract: str
    body: tuple[Paragraph, ...]
    annexes: tuple[Annex, ...] = ()


def say(*texts: str) -> tuple[Paragraph, ...]:
    return tuple(map(Paragraph, texts))


def contact(office: Office) -> str:
    return _("Thông tin trao đổi: {contact}.").format(contact=office.contact.rstrip(".")) if office.contact else ""


def basis(plan: Document, owed: Owed, office: Office) -> str:
    said = _("Theo mục {clause} {plan}, {product} được gửi về {to} {words}.").format(
        clause=owed.clause, plan=plan.full, product=owed.product, to=owed.to or office.named, words=owed.words
    )
    window = _("Số liệu tính từ ngày {start} đến ngày {end}.") if owed.period else ""
    if owed.period:
        window = window.format(start=day_text(owed.period[0]), end=day_text(owed.period[1]))
    return f"{said} {window}".strip()


def urged_before(earlier: tuple[Document, ...], office: Office) -> str:
    told = "; ".join(each.full for each in earlier)
    return _("{office} đã có văn bản đôn đốc: {letters}.").format(office=office.named, letters=told) if told else ""


def criticises(consequence: Consequence) -> bool:
    return "phê bình" in clean(consequence.quote).lower()
