"""The plan file of what was decided (plans/FORMAT.md), and bringing it in as a draft that knows its document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from app.bringing import bring_in
from app.reading.due import due_of, short
from app.reading.standing import Parties, accepted
from app.reading.unresolved import Open, fact_label, unresolved, used_names
from plans.plan_text import Document, plan_text
from plans.text import _, fold
from reader.as_plan import slug
from tasks import readings
from tasks.agencies import INTAKE
from tasks.database import alone
from tasks.errors import RegisterError
from tasks.intake import Brought
from tasks.reading_model import Content, Fact, GroupName, Item
from tasks.reading_store import ReadingChanged, ReadingStarted, load, text_of
from tasks.tables import plan as plan_table

FORMAT = "1"
_PERSONAL = re.compile(r"\bmau s\w{1,2} ?0?1\b|\bdanh sach\b.{0,60}\b(?:nguoi|ca nhan|doi tuong)\b")
_HALF = re.compile(r"\b0?6 thang (dau|cuoi) nam\b")
_TITLE_MOST, _ACTION_MOST, _QUOTE_MOST = 80, 200, 120


class NotReady(RegisterError):
    """Something has to be looked at first; ``open`` says what and where."""

    def __init__(self, still: list[Open]) -> None:
        said = _("Chưa lập được kế hoạch: còn {n} chỗ cần xem. {first}")
        super().__init__(said.format(n=len(still), first=f"{still[0].what}: {still[0].sentence}"))
        self.open = still


def make_plan(connection: Connection, reading_id: int, *, seen: int, now: datetime, actor: str) -> Brought:
    """Brings the plan in as a draft and ties it to what it was made of.

    Raises ReadingUnknown, ReadingStarted, ReadingChanged, NotReady, PlanError (what the format does not take),
    BadInput.
    """
    found, text = load(connection, reading_id), text_of(connection, reading_id)
    if found.plan_id is not None:
        raise ReadingStarted(found.plan_id)
    if found.revision != seen:
        raise ReadingChanged(found.by)
    still = unresolved(found.content, text, lead=found.lead)
    if still:
        raise NotReady(still)
    written = plan_of(found.content, text)
    plan_id = found.content.facts["plan"].value
    alone(connection, INTAKE)
    if (same := same_plan(connection, found.content)) is not None:
        raise NotReady([same])  # bringing it in would change that plan
    brought = bring_in(connection, written.encode(), file=f"{plan_id}.yaml", now=now, actor=actor)
    readings.started(connection, reading_id, brought.plan.id, seen=seen, now=now, actor=actor)
    return brought


def same_plan(connection: Connection, content: Content) -> Open | None:
    """That another plan bears the id already, where one does."""
    plan_id = content.facts["plan"].value if "plan" in content.facts else ""
    if connection.execute(select(plan_table.c.id).where(plan_table.c.id == plan_id)).first() is None:
        return None
    said = _("Đã có kế hoạch mang mã {plan}: đặt mã khác, hoặc sửa kế hoạch đó.").format(plan=plan_id)
    return Open(fact_label("plan"), "fact-plan", said)


def plan_of(content: Content, text: str) -> str:
    """The text of the plan file; also of a reading that is not finished, to be looked at."""
    facts, parties = content.facts, Parties(content)
    head: Document = {"format": FORMAT}
    for field, name in (
        ("plan", "plan"), ("title", "title"), ("short", "short"), ("number", "number"), ("issued", "signed"),
        ("issuer", "issuer"), ("level", "level"), ("implements", "implements"), ("parent", "parent"), ("unit", "unit"),
        ("until", "horizon"),
    ):  # fmt: skip
        if name in facts:
            head[field] = facts[name].value
    head.setdefault("short", head.get("number") or head.get("title"))
    lead = facts.get("lead")
    if lead is not None:
        head["lead"] = {"agency": parties.lead, **_lead(lead, facts, text)}
    groups = _Groups(content, parties)
    head["duties"] = list(_duties(content, text, groups))
    head["groups"] = groups.written()
    head["agencies"] = list(_new_bodies(content))
    return plan_text({name: value for name, value in head.items() if value not in (None, "", [])})


def _lead(lead: Fact, facts: Mapping[str, Fact], text: str) -> dict[str, str]:
    section = facts["lead_section"].value if "lead_section" in facts else "…"
    return {"section": section, "quote": short(lead.place.of(text), _QUOTE_MOST) if lead.place else lead.value}


def _new_bodies(content: Content) -> Iterator[dict[str, str]]:
    """Bodies that the register does not hold: they come in with the plan."""
    used, seen = used_names(content), set()
    for body in content.bodies:
        if body.is_new and body.agency and body.name in used and body.agency not in seen:
            seen.add(body.agency)
            yield {"id": body.agency.rsplit(".", 1)[-1], "name": body.called or body.name}


class _Groups:
    """The collective names that the duties use, with ids of their own."""

    def __init__(self, content: Content, parties: Parties) -> None:
        self.parties = parties
        taken = {b.agency.rsplit(".", 1)[-1] for b in content.bodies if b.agency}
        taken |= {m.agency.rsplit(".", 1)[-1] for g in content.groups for m in g.members}
        self._ids: dict[str, str] = {}
        self._used: list[GroupName] = []
        for group in content.groups:
            self._ids[group.name] = _free(f"khoi {group.name}", taken)

    def id(self, group: GroupName) -> str:
        """The id of a group that is used from now on."""
        if group not in self._used:
            self._used.append(group)
        return self._ids[group.name]

    def written(self) -> list[Document]:
        return [
            {
                "id": self._ids[g.name],
                "name": g.name,
                "relation": g.relation,
                "members": [_member(m.agency, m.ground, self.parties.lead) for m in g.chosen],
            }
            for g in self._used
        ]


def _member(agency: str, ground: str, lead: str | None) -> dict[str, str]:
    found = {"agency": agency, "ground": ground}
    return {**found, "relation": "self"} if agency == lead else found


def _free(words: str, taken: set[str]) -> str:
    base = slug(words)
    found, count = base, 1
    while found in taken:
        count += 1
        found = f"{base[:55]}-{count}"
    taken.add(found)
    return found


def _duties(content: Content, text: str, groups: _Groups) -> Iterator[Document]:
    taken: set[str] = set()
    for item in accepted(content):
        due, words = due_of(item, content, text), _words(item, text)
        yield _without_empty(
            {
                "id": _free(short(item.title, 40), taken),
                "title": short(item.title, _TITLE_MOST),
                "section": item.section or "…",
                "action": short(words, _ACTION_MOST) if fold(words) != fold(item.title) else None,
                "product": item.product,
                "responsible": list(_who(item, groups)),
                "cooperating": list(_helpers(item, groups.parties)),
                "due": _with_period(due.fields, f"{item.title} {item.product or ''} {words}"),
                "recipients": list(_recipients(item, groups.parties)),
                "no_file": "true" if _personal(item, text) else None,
                "note": " ".join(part for part in (item.note, due.note, _beside(item, groups.parties)) if part) or None,
            }
        )


def _words(item: Item, text: str) -> str:
    """What is to be done, as the document says it."""
    return item.title_place.of(text).strip(" ,;.(-") if item.title_place else item.title


def _without_empty(fields: Document) -> Document:
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def _who(item: Item, groups: _Groups) -> Iterator[Any]:
    """Groups by their id, single bodies with their relation and ground; each body once."""
    seen: set[str] = set()
    parties = groups.parties
    for each in sorted(item.agencies, key=lambda n: parties.group(n) is None):
        group = parties.group(each)
        if group is not None and group.chosen:
            members = {m.agency for m in group.chosen}
            if members & seen:
                yield from (_single(m.agency, group.relation, m.ground) for m in group.chosen if m.agency not in seen)
            else:
                yield groups.id(group)
            seen |= members
        elif (standing := parties.standing(each, item)) is not None and standing.agency not in seen:
            seen.add(standing.agency)
            yield _single(standing.agency, standing.relation, standing.ground)


def _single(agency: str, relation: str, ground: str) -> dict[str, str]:
    return {"agency": agency, "relation": relation, "ground": ground}


def _helpers(item: Item, parties: Parties) -> Iterator[dict[str, str]]:
    """Single bodies that co-operate; collective names stand in the note, nobody is late for them."""
    mine = set(_responsible(item, parties))
    for named in item.cooperating:
        standing = parties.standing(named, item)
        if standing is not None and parties.group(named) is None and standing.agency not in mine:
            mine.add(standing.agency)
            yield _single(standing.agency, standing.relation, standing.ground)


def _responsible(item: Item, parties: Parties) -> Iterator[str]:
    for named in item.agencies:
        group = parties.group(named)
        if group is not None:
            yield from (member.agency for member in group.chosen)
        elif agency := parties.agency(named):
            yield agency


def _recipients(item: Item, parties: Parties) -> Iterator[dict[str, str]]:
    seen: set[str] = set()
    for role, bodies in (("main", item.recipients), ("via", item.via)):
        for named in bodies:
            agency = parties.agency(named)
            if agency is not None and parties.group(named) is None and agency not in seen:
                seen.add(agency)
                yield {"agency": agency, "role": role}


def _beside(item: Item, parties: Parties) -> str:
    """Collective names that the format has no place for; in the language of the document."""
    helpers = [n.name for n in item.cooperating if parties.group(n) is not None]
    receivers = [n.name for n in (*item.recipients, *item.via) if n.group and n.agency is None]
    said = [f"Phối hợp: {'; '.join(helpers)}."] if helpers else []
    return " ".join([*said, *([f"Nơi nhận: {'; '.join(receivers)}."] if receivers else [])])


def _personal(item: Item, text: str) -> bool:
    """Whether the product is a list of persons: it is never uploaded (D12)."""
    clause = item.clause.of(text) if item.clause else ""
    return bool(_PERSONAL.search(fold(f"{item.title} {item.product or ''} {clause}")))


def _with_period(fields: dict[str, Any], said: str) -> Document:
    """A one-off report is named after the period that it tells of."""
    found, words = dict(fields), fold(said)
    year = re.match(r"\d{4}", str(found.get("on", "")))
    half = _HALF.search(words)
    if found["kind"] == "once" and year and half and "bao cao" in words and "period" not in found:
        found["period"] = f"{year[0]}-H{1 if half[1] == 'dau' else 2}"
    return found
