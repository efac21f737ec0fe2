"""What each message says: the sheet of a digest, of an event, of a press by hand, from what ``Gatherer`` reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Row

from notifications import weekly, weekly_page
from notifications.facts import Item, PlanCount, Sheet
from notifications.gather import Gatherer
from notifications.ladder import Role
from notifications.monthly import month_lines
from plans.model import Relation
from plans.text import _, day_text, sort_key
from tasks.letter_store import urged, urging_drafted
from tasks.model import Occurrence
from tasks.naming import occurrence_title
from tasks.tables import audit_event

EVENTS = frozenset({"assigned", "returned", "extended", "correction", "press", "month", "week", "page"})


def kind_of(rung: str) -> str:
    """The kind of message that carries a rung: an event has a message of its own, a rung of the ladder a digest."""
    name = "press" if rung.startswith("press-") else rung
    return name if name in EVENTS else "digest"


def digest_sheet(known: Gatherer, notices: Sequence[Row[Any]], address: str, person: str) -> Sheet:
    """Everything open for this person, with the rungs that fell due marked."""
    hats = known.hats(address, notices)
    told: dict[str, list[Item]] = {"mine": [], "check": [], "lead": [], "review": [], "direction": []}
    rung_of: dict[str, str] = {}
    forward = None
    for notice in notices:
        o = known.occurrence(notice.occurrence_id)
        section = _section(notice)
        if section == "mine":
            rung_of[o.id] = notice.rung
            if notice.role == Role.AGENCY and notice.body != notice.agency_id:
                forward = known.context.register[notice.agency_id].name
        else:
            told[section].append(known.item(o, notice.rung))
    told["mine"] = [known.item(o, rung_of.get(o.id)) for o in known.own_items(hats, rung_of)]
    first = known.occurrence(notices[0].occurrence_id)
    shown = [item for items in told.values() for item in items]
    letters, drafted = _letters(known, [item.occurrence_id for item in told["direction"]])
    return Sheet(
        kind="digest",
        today=known.today,
        person=person,
        agency_name=known.context.register[notices[0].body].name,
        relation=told["mine"][0].relation if told["mine"] else first.relation,
        desk=known.desk(known.context.plan(first.plan_id).lead),
        mine=tuple(told["mine"]),
        check=_by_agency(told["check"]),
        lead=_by_agency(told["lead"]),
        review=_by_agency(told["review"]),
        direction=_by_agency(told["direction"]),
        counts=_counts(known, [n for n in notices if _section(n) in ("check", "lead", "direction")]),
        entered_to=known.entered_to(),
        letters=letters,
        drafted=drafted,
        forward_for=forward,
        sample=all(item.sample for item in shown),
    )


def _letters(known: Gatherer, ids: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """The urging letters about these that the registry has numbered, and whether another one waits to be signed."""
    if not ids:
        return (), False
    told = {each.id: each for several in urged(known.connection, ids).values() for each in several}
    ordered = sorted(told.values(), key=lambda each: (each.dated or date.min, each.id))
    named = (_("số {number} ngày {day}").format(number=e.reference, day=day_text(e.dated)) for e in ordered if e.dated)
    return tuple(named), urging_drafted(known.connection, ids)


def event_sheet(known: Gatherer, notice: Row[Any], person: str, besides: Sequence[Row[Any]] = ()) -> Sheet:
    """One message about one event: assigned, returned, extended, correction, press, month, week, page. ``besides``:
    what a page carries along."""
    if notice.rung == "month":
        return _month_sheet(known, notice, person)
    if notice.rung == weekly.RUNG:
        return weekly.week_sheet(known, notice, person)
    if notice.rung == weekly_page.RUNG:
        return weekly_page.page_sheet(known, [notice, *besides], person)
    plan = known.context.plan(notice.plan_id)
    if notice.rung.startswith("press"):
        return press_sheet(known, known.occurrence(notice.occurrence_id), person, _note(known, notice))
    if notice.occurrence_id is None:
        owed = known.owed_in_plan(notice.plan_id, notice.agency_id)
    else:
        owed = [known.occurrence(notice.occurrence_id)]
    items = tuple(known.item(o, notice.rung) for o in owed)
    body = known.context.register[notice.agency_id]
    return Sheet(
        kind=notice.rung,
        today=known.today,
        person=person,
        agency_name=body.name,
        relation=items[0].relation if items else Relation.PEER,
        desk=known.desk(plan.lead),
        mine=items,
        forward_for=body.name if notice.role == Role.AGENCY and notice.body != notice.agency_id else None,
        sample=notice.sample,
    )


def press_sheet(known: Gatherer, o: Occurrence, person: str, note: str | None) -> Sheet:
    """The officer's own word about one occurrence."""
    body = known.context.register[o.agency_id]
    lead = known.context.plan(o.plan_id).lead
    return Sheet(
        kind="press",
        today=known.today,
        person=person,
        agency_name=body.name,
        relation=o.relation,
        desk=known.desk(lead),
        mine=(known.item(o, None),),
        forward_for=body.name if body.unlisted else None,
        note=note,
        sample=o.sample,
    )


def _month_sheet(known: Gatherer, notice: Row[Any], person: str) -> Sheet:
    year, number = divmod(notice.revision, 100)
    return Sheet(
        kind="month",
        today=known.today,
        person=person,
        agency_name=known.context.register[notice.body].name,
        relation=Relation.SELF,
        desk=known.desk(notice.body),
        month=date(year, number, 1),
        month_lines=month_lines(known.connection, lead=notice.body, revision=notice.revision, now=known.now),
    )


def _note(known: Gatherer, notice: Row[Any]) -> str | None:
    """What the officer wrote: it stands in the audit row of the press."""
    pressed = select(audit_event.c.data).where(
        audit_event.c.occurrence_id == notice.occurrence_id, audit_event.c.kind == "press"
    )
    for row in known.connection.execute(pressed):
        if row.data.get("rung") == notice.rung:
            note = row.data.get("note")
            return str(note) if note else None
    return None


def _counts(known: Gatherer, notices: Iterable[Row[Any]]) -> tuple[PlanCount, ...]:
    counts: dict[tuple[str, str, str], PlanCount] = {}
    for notice in notices:
        o = known.occurrence(notice.occurrence_id)
        key = (o.plan_id, o.duty_id, o.period)
        if key not in counts:
            plan = known.context.plan(o.plan_id)
            title = occurrence_title(plan.duty(o.duty_id), o.period)
            missing, total = known.missing(*key)
            counts[key] = PlanCount(plan.short, title, missing, total)
    return tuple(counts.values())


def _section(notice: Row[Any]) -> str:
    """Which part of a digest a notice belongs to."""
    if notice.role == Role.HEAD:
        return "direction"
    return str(notice.rung) if notice.rung in ("check", "lead", "review") else "mine"


def _by_agency(items: list[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda i: (i.plan_id, i.title, sort_key(i.agency_name))))
