"""What a document says about itself: number, date, issuer, what it carries out, who follows it up, its figures."""

from __future__ import annotations

from reader.document import Document
from reader.draft import Facts, Found
from reader.facts.basis import implements, parent
from reader.facts.front import Front
from reader.facts.horizon import horizon
from reader.facts.issuer import issuer
from reader.facts.lead import lead_unit
from reader.facts.number import act_number
from reader.facts.signing import signed, signed_year
from reader.facts.targets import targets
from reader.facts.told import told
from reader.outline import Outline


def read_facts(document: Document, outline: Outline) -> Facts:
    """Everything the head and the end say, each with its place; None where the text does not say it."""
    front = Front(document)
    act = told(front)
    own = act_number(front)
    number = own or (act.number if act is not None else None)
    signing = signed(front, own) or (act.signed if act is not None else None)
    body, level = issuer(front, number, signing, act)
    title = front.title
    return Facts(
        title=Found(front.printed(title.start, title.end), front.span(title.start, title.end)) if title else None,
        number=number,
        signed=signing,
        issuer=body,
        level=level,
        implements=implements(front, number),
        parent=parent(front, number),
        lead=lead_unit(front, outline),
        targets=targets(front, outline),
        horizon=horizon(front, outline, signed_year(signing)),
    )
