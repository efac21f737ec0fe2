"""What the five kinds of letter say, by relation, from facts given as values.

To bodies that are only requested: "đề nghị", never "yêu cầu", no "đôn đốc", no "lần n", no consequence. "Phê bình"
stands only where the plan itself threatens it, with its clause and its words. Only numbered letters are counted.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from letters.announcing import assigning, correcting, extending
from letters.facts import Assigning, Correcting, Extending, Facts, Office, Reporting, Urging
from letters.lines import clean
from letters.model import Letter, LetterKind, Urgency
from letters.phrases import Wording
from letters.urging import reporting, urging
from plans.model import PartialDate, Relation
from plans.text import _


def letter(
    facts: Facts,
    office: Office,
    relation: Relation,
    *,
    addressees: tuple[str, ...] = (),
    copies: tuple[str, ...] = (),
    number: str | None = None,
    day: date | PartialDate | None = None,
    urgency: Urgency | None = None,
) -> Letter:
    """The whole letter of that office. A report goes to its superior where no addressee is named."""
    said = wording(facts, office, relation)
    report = said.kind is LetterKind.REPORT
    archive = _("Lưu: {places}").format(places=", ".join(part for part in ("VT", office.unit) if part))
    return Letter(
        kind=said.kind,
        issuer=office.issuer,
        named=office.named,
        parent=office.parent,
        symbol=office.symbol(said.kind),
        place=office.place,
        abstract=said.abstract,
        body=said.body,
        signature=office.signature,
        recipients=(_("Như trên"), *copies, archive),
        addressees=addressees or ((office.superior,) if report else ()),
        number=number,
        date=day,
        urgency=urgency,
        annexes=said.annexes,
    )


def wording(facts: Facts, office: Office, relation: Relation) -> Wording:
    """Abstract, body and annexes. ``SELF`` (within the lead unit) is worded as to a peer."""
    relation = Relation.PEER if relation is Relation.SELF else relation
    said = _of_kind(facts, office, relation)
    return replace(said, body=tuple(each for each in said.body if clean(each.text)))


def _of_kind(facts: Facts, office: Office, relation: Relation) -> Wording:
    match facts:
        case Assigning():
            return assigning(facts, office, relation)
        case Urging():
            return urging(facts, office, relation)
        case Reporting():
            return reporting(facts, office)
        case Extending():
            return extending(facts, office, relation)
        case Correcting():
            return correcting(facts, office, relation)
