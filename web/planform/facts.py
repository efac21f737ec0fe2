"""What a plan is: number, day, issuer, lead unit's clause, how its deadlines are read."""

from __future__ import annotations

import re

from plans.plan_text import Document
from plans.text import fold
from web.planform import ladder
from web.planform.values import Typed, put, put_pair, shown_date, stored_date, text_of

PLAIN = ("plan", "number", "title", "short", "issuer", "level", "implements", "parent", "note")
DATES = ("issued", "until")
PAIRS = {
    "lead_section": ("lead", "section"),
    "lead_quote": ("lead", "quote"),
    "before": ("reading", "before"),
    "weekend": ("reading", "weekend"),
    "consequence_section": ("consequence", "section"),
    "consequence_quote": ("consequence", "quote"),
}
NAMES = (*PLAIN, *DATES, *PAIRS, *ladder.NAMES)


def facts_values(document: Document) -> dict[str, str]:
    """What the form shows."""
    values = {name: text_of(document, name) for name in PLAIN}
    values |= {name: shown_date(text_of(document, name)) for name in DATES}
    values |= {name: text_of(document, *keys) for name, keys in PAIRS.items()}
    return values | ladder.ladder_values(document)


def with_facts(document: Document, typed: Typed, *, new: bool) -> Document:
    """The document with what was typed. The id of a plan that the register knows already stays."""
    changed = dict(document)
    for name in PLAIN:
        if name != "plan":
            put(changed, name, typed.get(name, ""))
    for name in DATES:
        put(changed, name, stored_date(typed.get(name, "")))
    lead = {"agency": text_of(document, "lead", "agency")}
    put_pair(changed, "lead", lead | {key: typed.get(f"lead_{key}", "") for key in ("section", "quote")})
    put_pair(changed, "reading", {key: typed.get(key, "") for key in ("before", "weekend")})
    put_pair(changed, "consequence", {key: typed.get(f"consequence_{key}", "") for key in ("section", "quote")})
    ladder.put_ladder(changed, typed)
    if new:
        put(changed, "plan", typed.get("plan", "") or plan_id(changed))
    return changed


def plan_id(document: Document) -> str:
    """An id for a new plan: its unit, the figures of its number, and the year."""
    number = re.match(r"\d+", text_of(document, "number"))
    year = text_of(document, "issued")[:4]
    words = [text_of(document, "unit"), number[0] if number else "", year if year.isdecimal() else ""]
    return "-".join("-".join(fold(word).split()) for word in words if word)


def blank(lead: str) -> Document:
    """A new plan of that lead unit."""
    unit, slug = lead.rsplit(".", 1)
    return {"format": "1", "unit": unit, "lead": {"agency": slug}}
