"""The JSON form of a draft: what ``dondoc read --format json`` prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reader.document import Document, Span
from reader.draft import Body, Draft, Duty, Found


def as_json(draft: Draft, document: Document) -> dict[str, Any]:
    """A plain value for ``json.dumps``; ``start`` and ``end`` count characters of the text that was read."""
    facts = draft.facts
    return {
        "title": _value(facts.title),
        "number": _value(facts.number),
        "signed": _value(facts.signed),
        "issuer": _value(facts.issuer),
        "level": _value(facts.level),
        "implements": _value(facts.implements),
        "parent": _value(facts.parent),
        "lead_unit": facts.lead.value.name if facts.lead else None,
        "horizon": _value(facts.horizon),
        "duties": [_duty(duty, document.text) for duty in draft.duties],
        "targets": [
            {
                "section": t.section,
                "text": t.text,
                "value": t.value,
                "unit": t.unit,
                "start": t.span.start,
                "end": t.span.end,
            }
            for t in facts.targets
        ],
        "spans": {
            name: {
                "start": found.span.start,
                "end": found.span.end,
                "confidence": found.sure,
                "doubts": list(found.doubts),
            }
            for name in ("title", "number", "signed", "issuer", "level", "implements", "parent", "lead", "horizon")
            if (found := getattr(facts, name)) is not None
        },
    }


def _value(found: Found[str] | None) -> str | None:
    return found.value if found else None


def _duty(duty: Duty, text: str) -> dict[str, Any]:
    return {
        "section": duty.section,
        "agencies": _names(duty.agencies),
        "requested": any(body.requested for body in duty.agencies),
        "co_operating": _names(duty.cooperating),
        "title": duty.title.value,
        "kind": duty.kind.value,
        "due": duty.due,
        "boundary": duty.boundary.value if duty.boundary else None,
        "recipient": ", ".join(_names(duty.recipients)) or None,
        "via": ", ".join(_names(duty.via)) or None,
        "product": duty.product.value if duty.product else None,
        "window": duty.window.value if duty.window else None,
        "quote": duty.time.of(text),
        "start": duty.time.start,
        "end": duty.time.end,
        "confidence": duty.sure,
        "doubts": [doubt.value for doubt in duty.doubts],
        "spans": {
            "clause": _span(duty.clause),
            "title": _span(duty.title.span),
            "agencies": [_span(body.span) for body in duty.agencies],
            "co_operating": [_span(body.span) for body in duty.cooperating],
            "recipient": [_span(body.span) for body in duty.recipients],
            "via": [_span(body.span) for body in duty.via],
            "product": _span(duty.product.span) if duty.product else None,
            "window": _span(duty.window.span) if duty.window else None,
        },
    }


def _names(bodies: Sequence[Body]) -> list[str]:
    return [body.name for body in bodies]


def _span(span: Span | None) -> list[int] | None:
    return [span.start, span.end] if span else None
