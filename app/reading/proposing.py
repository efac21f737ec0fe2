"""What the reader found, as proposals to be decided on: facts, duties, bodies matched with the register, groups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from app.reading.groups import Headed, Setting, propose
from app.reading.naming import short_name, told_apart
from plans.model import Agency, Register
from plans.text import fold
from reader.as_plan import slug
from reader.bodies import split
from reader.document import Document, Span
from reader.draft import Body, Draft, Duty, Found
from reader.matching import Match, Matcher
from reader.outline import Clause, Outline, Zone, outline
from reader.reading import read
from tasks.reading_model import (
    BodyName,
    Content,
    Fact,
    GroupName,
    Heir,
    Item,
    Member,
    Named,
    Offered,
    Place,
)

_LEVELS = ("province", "district", "commune")
_HEADING_MOST = 160
_CENTRAL = re.compile(r"(?:bo|tong cuc|chinh phu|van phong chinh phu|thu tuong|quoc hoi|uy ban dan toc) ?")


def proposals(document: Document, *, register: Register, lead: str) -> Content:
    """All that a document proposes to the unit ``lead`` (agency id). Pure."""
    return of_draft(read(document), document, register=register, lead=lead)


def of_draft(draft: Draft, document: Document, *, register: Register, lead: str) -> Content:
    """The same for a draft that was read already."""
    clauses = outline(document)
    facts = _facts(draft, document, clauses, lead)
    unit = lead.rsplit(".", 1)[0]
    on = day_of(facts)
    items = told_apart((item_of_duty(n, duty, document.text) for n, duty in enumerate(draft.duties, 1)), document.text)
    headings = tuple(_headings(document, clauses))
    names = _Names(meant(register, unit, document.text), unit, on)
    if draft.facts.lead and not draft.facts.lead.value.group:
        names.add(draft.facts.lead.value.name)
    elif draft.facts.lead is None and (own := register.agencies.get(lead)) is not None:
        facts["lead"] = Fact(own.name, looked=True)  # the document names nobody: whoever brought it in follows it up
        names.stands(own.name, lead)
    for item in items:
        for named in (*item.agencies, *item.cooperating, *item.recipients, *item.via):
            if not named.group:
                names.add(named.name)
    for _label, body in headings:
        if not body.group:
            names.add(body.name)
    setting = _setting(facts, headings, names, register, unit, on, lead)
    groups = tuple(_groups(items, setting, names))
    return Content(facts, items, names.all(), groups, {body.name: label for label, body in headings})


def day_of(facts: Mapping[str, Fact]) -> date:
    """The day of issue as far as it is known: its last possible day, since bodies are asked for as of that day."""
    said = facts["signed"].value if "signed" in facts else ""
    parts = [int(part) for part in said.split("-") if part.isdigit()]
    try:
        match parts:
            case [year]:
                return date(year, 12, 31)
            case [year, month]:
                return date(year, month, 28)
            case [year, month, day]:
                return date(year, month, day)
    except ValueError:
        pass
    return date.max.replace(year=2100)


def meant(register: Register, unit: str, text: str) -> Register:
    """The bodies that a text can mean: all of the unit, and those whose names it holds word for word, of units that it
    names and of the centre.

    A country's thousands of bodies would otherwise each be looked at for slips of the pen.
    """
    words = f" {fold(text)} "
    units = {body.id.rsplit(".", 1)[0] for body in register.agencies.values()}
    named = {each for each in units if f" {fold(each)} " in words}
    return Register(
        {
            key: body
            for key, body in register.agencies.items()
            if _of(unit, body)
            or ((key.rsplit(".", 1)[0] in named or _CENTRAL.match(fold(body.name))) and _named_in(body, words))
        }
    )


def _of(unit: str, body: Agency) -> bool:
    return body.id.rsplit(".", 1)[0] == unit


def _named_in(body: Agency, words: str) -> bool:
    names = (body.name, *body.aliases, *(earlier.name for earlier in body.names))
    return any(f" {fold(name)} " in words for name in names)


class _Names:
    """The names of a document and what the register holds for each."""

    def __init__(self, register: Register, unit: str, on: date) -> None:
        self._matcher = Matcher(list(register.agencies.values()))
        self._register, self._unit, self._on = register, unit, on
        self._found: dict[str, BodyName] = {}
        self._taken: set[str] = set()

    def add(self, name: str) -> BodyName:
        if name not in self._found:
            self._found[name] = self._body(name)
        return self._found[name]

    def stands(self, name: str, agency: str) -> None:
        """That name is this body's."""
        self._found[name] = BodyName(name, agency, looked=True)

    def of(self, name: str) -> BodyName | None:
        return self._found.get(name)

    def match(self, name: str) -> Match:
        return self._matcher.match(name, on=self._on, unit=self._unit)

    def all(self) -> tuple[BodyName, ...]:
        return tuple(self._found.values())

    def _body(self, name: str) -> BodyName:
        found = self.match(name)
        offered = tuple(
            Offered(c.id, c.sure, c.why.value, c.ended) for c in (*([found.best] if found.best else []), *found.others)
        )
        heirs = tuple(Heir(h.name, h.id, h.duties, h.default, h.sourced) for h in found.successors)
        if found.best is not None:
            return BodyName(name, found.best.id, False, found.ambiguous, found.ended, offered, heirs)
        return BodyName(name, self._new_id(found.proposed or slug(name)), True, False, found.ended, offered, heirs)

    def _new_id(self, proposed: str) -> str:
        """One name of the document in two spellings is proposed once; another body gets another id."""
        self._taken.add(proposed)
        return f"{self._unit}.{proposed}"


def _facts(draft: Draft, document: Document, clauses: Outline, lead: str) -> dict[str, Fact]:
    facts = draft.facts
    found: dict[str, Fact] = {}
    for name in ("title", "number", "signed", "issuer", "level", "implements", "parent", "horizon"):
        value: Found[str] | None = getattr(facts, name)
        if value is not None and (name != "level" or value.value in _LEVELS):
            found[name] = _fact(value, value.value)
    if facts.lead is not None:
        found["lead"] = _fact(facts.lead, facts.lead.value.name)
        clause = clauses.at(facts.lead.span.start)
        if clause is not None and (label := _label_of(clause, clauses)):
            found["lead_section"] = Fact(label, Place(clause.span.start, clause.span.end), looked=True)
    unit = lead.rsplit(".", 1)[0]
    found["unit"] = Fact(unit, looked=True)
    number = found["number"].value if "number" in found else ""
    year = found["signed"].value[:4] if "signed" in found else ""
    named = f"{unit} {number.split('/')[0]} {year}" if number else f"{unit} {year}"
    found["plan"] = Fact(slug(named), looked=True)
    short = f"KH {number}" if number and "QĐ" not in number else f"KH kèm QĐ {number}" if number else ""
    found["short"] = Fact(short or _short_title(found), looked=True)
    return found


def _short_title(found: Mapping[str, Fact]) -> str:
    issuer = found["issuer"].value.replace("Ủy ban nhân dân", "UBND") if "issuer" in found else ""
    signed = "/".join(reversed(found["signed"].value.split("-"))) if "signed" in found else ""
    word = {0: "ngày", 1: "tháng", 2: "năm"}.get(2 - signed.count("/"), "")
    return " ".join(
        part for part in ("KH", f"{word} {signed}" if signed else "", f"của {issuer}" if issuer else "") if part
    )


def _fact(found: Found[str] | Found[Body], value: str) -> Fact:
    return Fact(value, _place(found.span), found.sure, tuple(doubt.value for doubt in found.doubts))


def _place(span: Span | None) -> Place | None:
    return Place(span.start, span.end) if span is not None and span.end > span.start else None


def item_of_duty(number: int, duty: Duty, text: str) -> Item:
    """A duty as it was read, undecided."""
    return Item(
        id=number,
        title=short_name(duty.title.value, duty.time.of(text)),
        section=duty.section,
        kind=duty.kind.value,
        due=duty.due,
        boundary=duty.boundary.value if duty.boundary else None,
        time=_place(duty.time),
        agencies=_named(duty.agencies),
        cooperating=_named(duty.cooperating),
        recipients=_named(duty.recipients),
        via=_named(duty.via),
        title_place=_place(duty.title.span),
        clause=_place(duty.clause),
        product=duty.product.value if duty.product else None,
        product_place=_place(duty.product.span) if duty.product else None,
        window=duty.window.value if duty.window else None,
        window_place=_place(duty.window.span) if duty.window else None,
        sure=duty.sure,
        doubts=tuple(doubt.value for doubt in duty.doubts),
    )


def _named(bodies: Iterable[Body]) -> tuple[Named, ...]:
    return tuple(Named(b.name, _place(b.span), b.requested, b.group) for b in bodies)


def _headings(document: Document, clauses: Outline) -> Iterator[tuple[str, Body]]:
    """The bodies that a heading of the work names, or the beginning of a numbered clause ("3. Sở Tư pháp: …"): what
    stands there is theirs."""
    for clause in clauses.clauses:
        if clause.zone is Zone.WORK and clause.marker and (words := _heading(document, clause)):
            for body in split(document.text, words):
                yield _label_of(clause, clauses), body


def _heading(document: Document, clause: Clause) -> Span | None:
    if clause.heading:
        return clause.words
    colon = clause.words.of(document.text)[:_HEADING_MOST].find(":")
    return Span(clause.words.start, clause.words.start + colon) if colon > 0 else None


def _label_of(clause: Clause, clauses: Outline) -> str:
    return clause.label or next((above.label for above in clauses.ancestors(clause) if above.label), "")


def _setting(
    facts: Mapping[str, Fact],
    headings: Iterable[tuple[str, Body]],
    names: _Names,
    register: Register,
    unit: str,
    on: date,
    lead: str,
) -> Setting:
    singles = [(label, body) for label, body in headings if not body.group]
    headed = [
        Headed(found.agency or "", _name(found, register), label, body.requested)
        for label, body in singles
        if (found := names.add(body.name)).agency
    ]
    own = names.of(facts["lead"].value) if "lead" in facts else None
    return Setting(
        on,
        facts["level"].value if "level" in facts else "province",
        own.agency if own and own.agency else lead,
        bodies_of(register, unit),
        tuple(headed),
        tuple((fold(body.name), label) for label, body in headings if body.group),
    )


def _name(found: BodyName, register: Register) -> str:
    return register[found.agency].name if found.agency in register and found.agency else found.name


def bodies_of(register: Register, unit: str) -> tuple[Agency, ...]:
    """The bodies of one unit."""
    return tuple(body for body in register.agencies.values() if _of(unit, body))


def _groups(items: Iterable[Item], setting: Setting, names: _Names) -> Iterator[GroupName]:
    """A level that the register holds as one body ("Công an cấp xã") stands for itself."""
    seen: set[str] = set()
    for item in items:
        for named in (*item.agencies, *item.cooperating):
            if named.group and named.name not in seen:
                seen.add(named.name)
                yield group_of(named.name, item.section, setting, names)


def group_of(name: str, section: str, setting: Setting, names: _Names) -> GroupName:
    """The members that are proposed for one collective name."""
    best = names.match(name).best
    one = next((b for b in setting.bodies if best and b.id == best.id), None)
    found = propose(name, section, setting)
    if one is not None and (one.unlisted or not found.members):
        return GroupName(name, (Member(one.id, one.name, section or "…"),), found.relation)
    return found
