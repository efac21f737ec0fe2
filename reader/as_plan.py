"""A draft as the text of a plan file (plans/FORMAT.md), to be completed by hand; doubts stand as comments.

The review in the dashboard asks for the same choices on a screen; this form is for those who work with files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import yaml

from plans.calendar import shipped_calendar
from plans.model import PartialDate
from plans.text import _, fold
from reader.as_due import Reckoned, Terms, reckon
from reader.as_window import window
from reader.document import Document
from reader.draft import Body, Doubt, Draft, Duty

FORMAT = 1
_LEVELS = ("province", "district", "commune")
_ID_MOST = 60


def as_plan(draft: Draft, document: Document) -> str:
    """The text of the file. ``dondoc check`` names what is still to be filled in."""
    ids = _Ids()
    facts = draft.facts
    head = {
        "format": FORMAT,
        "plan": ids.of(facts.number.value if facts.number else facts.title.value if facts.title else "ke-hoach"),
        "title": facts.title.value if facts.title else None,
        "short": facts.number.value if facts.number else None,
        "number": facts.number.value if facts.number else None,
        "issued": facts.signed.value if facts.signed else None,
        "issuer": facts.issuer.value if facts.issuer else None,
        "level": facts.level.value if facts.level and facts.level.value in _LEVELS else None,
        "implements": facts.implements.value if facts.implements else None,
        "parent": facts.parent.value if facts.parent else None,
        "unit": None,
        "until": facts.horizon.value if facts.horizon else None,
    }
    bodies = _Bodies(draft)
    lines = [f"# {_('Dự thảo đọc từ văn bản; mỗi chỗ có dấu # cần người xem lại.')}"]
    lines += _fields(
        {name: value for name, value in head.items() if value is not None or name in ("short", "issued", "unit")}
    )
    lines += _lead(draft, document, bodies)
    lines += ["agencies:", *(f"  - {_flow({'id': i, 'name': n})}" for n, i in bodies.single.items())]
    if bodies.groups:
        lines += ["groups:"]
        for name, slug in bodies.groups.items():
            group = {"id": slug, "name": name, "relation": "peer", "members": []}
            lines += [f"  # {_('Tên chung: ghi từng cơ quan vào members.')}", f"  - {_flow(group)}"]
    lines += ["duties:"]
    for duty in draft.duties:
        lines += _duty(duty, document, bodies, ids, _terms(draft))
    return "\n".join(lines) + "\n"


class _Ids:
    """Ids that are unique in the file."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def of(self, words: str) -> str:
        base = slug(words)
        found, count = base, 1
        while found in self._given:
            count += 1
            found = f"{base[: _ID_MOST - 4]}-{count}"
        self._given.add(found)
        return found


class _Bodies:
    """The bodies of a draft with their proposed ids."""

    def __init__(self, draft: Draft) -> None:
        ids = _Ids()
        self.single: dict[str, str] = {}
        self.groups: dict[str, str] = {}
        lead = [draft.facts.lead.value] if draft.facts.lead else []
        for body in [*lead, *(b for d in draft.duties for b in (*d.agencies, *d.cooperating, *d.recipients, *d.via))]:
            kept = self.groups if body.group else self.single
            if body.name not in self.single and body.name not in self.groups:
                kept[body.name] = ids.of(body.name)

    def id(self, body: Body) -> str:
        return self.single.get(body.name) or self.groups[body.name]


def slug(words: str) -> str:
    """An id made of words: ``Sở Tài chính`` gives ``so-tai-chinh``."""
    return re.sub(r"-+", "-", fold(words).replace(" ", "-"))[:_ID_MOST].strip("-") or "khac"


def _lead(draft: Draft, document: Document, bodies: _Bodies) -> Iterator[str]:
    lead = draft.facts.lead
    if lead is None:
        yield f"lead:  # {_('Văn bản không nêu đơn vị theo dõi, đôn đốc.')}"
        return
    quote = _short(lead.span.of(document.text))
    yield f"lead: {_flow({'agency': bodies.id(lead.value), 'section': '…', 'quote': quote})}"


def _duty(duty: Duty, document: Document, bodies: _Bodies, ids: _Ids, terms: Terms) -> Iterator[str]:
    due = due_fields(duty, document, terms)
    for doubt in duty.doubts:
        yield f"  # {doubt_text(doubt)}"
    yield from (f"  # {said}" for said in (*due.doubts, due.problem) if said)
    fields: dict[str, Any] = {
        "id": ids.of(duty.title.value[:40]),
        "title": _short(duty.title.value, 80),
        "section": duty.section or "…",
        "action": _short(duty.title.value, 200),
        "product": duty.product.value if duty.product else None,
        "responsible": [bodies.id(body) for body in duty.agencies],
        "cooperating": [
            bodies.id(body) for body in duty.cooperating if body.name not in {a.name for a in duty.agencies}
        ]
        or None,
        "due": due.fields,
        "recipients": [
            *({"agency": bodies.id(body), "role": "main"} for body in duty.recipients if not body.group),
            *({"agency": bodies.id(body), "role": "via"} for body in duty.via if not body.group),
        ]
        or None,
    }
    rows = _fields({name: value for name, value in fields.items() if value is not None})
    yield from (f"  {'-' if at == 0 else ' '} {row}" for at, row in enumerate(rows))


def due_fields(duty: Duty, document: Document, terms: Terms) -> Reckoned:
    """The ``due`` of a plan file; doubts where the form has no field for what the document says."""
    found = reckon(duty.kind, duty.due, duty.boundary.value if duty.boundary else None, terms)
    fields = {**found.fields, "quote": _short(duty.time.of(document.text))}
    if duty.window and (data := window(duty.window.value, fields)):
        fields["window"] = data
    return replace(found, fields=fields)


def _terms(draft: Draft) -> Terms:
    signed = draft.facts.signed.value.split("-") if draft.facts.signed else []
    try:
        issued = PartialDate(*map(int, signed)) if signed else None
    except ValueError:
        issued = None
    return Terms(issued, shipped_calendar())


def doubt_text(doubt: Doubt) -> str:
    """What a person has to look at."""
    return {
        Doubt.UNREADABLE: _("Chữ mờ hoặc để trống, cần đối chiếu bản giấy."),
        Doubt.OCR: _("Nhận dạng từ bản quét, cần đối chiếu ngày với bản giấy."),
        Doubt.YEAR: _("Văn bản không ghi năm, lấy năm của kế hoạch."),
        Doubt.CADENCE: _("Kỳ lặp lại suy từ các từ xung quanh."),
        Doubt.AGENCY: _("Câu không nêu cơ quan: cần phân công."),
        Doubt.WEAK: _("Có thể không phải là thời hạn."),
        Doubt.DAY: _("Không nêu ngày nên không tính hạn."),
    }[doubt]


def _short(words: str, most: int = 120) -> str:
    line = " ".join(words.replace("*", "").split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + " …"


def _fields(values: Mapping[str, Any]) -> list[str]:
    return [f"{name}: {_flow(value)}" for name, value in values.items()]


def _flow(value: object) -> str:
    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10_000, sort_keys=False)
    return text.removesuffix("\n").removesuffix("...").strip()
