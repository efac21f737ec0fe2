"""How letters name what they quote: the plan, letters of the office itself, letters of others."""

from __future__ import annotations

from datetime import date

from letters.facts import Document, Office
from letters.model import Authority, Behalf, LetterKind, Signature
from plans.model import PartialDate, Plan
from plans.text import fold
from tasks.letter_head import Letterhead, behalf_of
from tasks.letter_model import Letter
from tasks.letter_model import LetterKind as Kind

# What the abbreviation in a number stands for (Nghị định 30/2020/NĐ-CP, Phụ lục III).
_KINDS = {
    "KH": "Kế hoạch",
    "QĐ": "Quyết định",
    "NQ": "Nghị quyết",
    "CT": "Chỉ thị",
    "CTR": "Chương trình",
    "ĐA": "Đề án",
    "PA": "Phương án",
    "HD": "Hướng dẫn",
    "TB": "Thông báo",
    "BC": "Báo cáo",
    "TTR": "Tờ trình",
    "CĐ": "Công điện",
}
_PLAN = "Kế hoạch"


def kind_of(number: str | None, usual: str) -> str:
    """``2316/QĐ-UBND`` is a Quyết định; a number without such a part is of the ``usual`` kind."""
    symbol = (number or "").partition("/")[2]
    return _KINDS.get(symbol.partition("-")[0].strip().upper(), usual)


def plan_document(plan: Plan) -> Document:
    """The plan as it is quoted. One that came with a decision bears the decision's number."""
    kind = kind_of(plan.number, _PLAN)
    if kind == "Quyết định":
        kind = "Kế hoạch ban hành kèm theo Quyết định"
    return Document(kind, plan.number, plan.issued, plan.issuer, _abstract(plan.title))


def _abstract(title: str) -> str:
    """The title as it goes on in a sentence."""
    words = title.split()
    if fold(" ".join(words[:2])) == "ke hoach":
        words = words[2:]
    if "về" in words[:3]:
        words = words[words.index("về") :]
    bare = " ".join(words)
    first = bare.partition(" ")[0]
    return bare if first.isupper() and len(first) > 1 else bare[:1].lower() + bare[1:]


def own_document(letter: Letter) -> Document:
    """A letter of the office itself, numbered."""
    kind = "Báo cáo" if letter.kind is Kind.REPORT else "Công văn"
    return Document(kind, letter.reference or None, letter.dated)


def other_document(number: str, issued: date | PartialDate | None, issuer: str) -> Document:
    """A letter of somebody else, as the officer typed its number."""
    return Document(kind_of(number, "Công văn"), number, issued, issuer)


def office_of(head: Letterhead) -> Office:
    """The office as the letter names it."""
    return Office(
        issuer=head.issuer,
        named=head.named,
        short=head.short,
        unit=head.unit,
        place=head.place,
        signature=signature(head.title, head.signer, head.behalf),
        superior=head.superior,
        contact=head.contact,
        parent=head.parent or None,
    )


def signature(title: str, name: str, behalf: str) -> Signature:
    """Raises BadInput where ``behalf`` is not "KT. …" or the like."""
    pairs = tuple(Behalf(Authority(authority), whose) for authority, whose in behalf_of(behalf))
    return Signature(title, name or None, pairs)


def symbol_of(office: Office, kind: Kind) -> str:
    return office.symbol(LetterKind(kind.value))
