"""Công văn: the list of letters, one letter with its text as it is printed, the letters of a plan or an occurrence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Row, and_, func, select
from sqlalchemy.engine import Connection

from app.board import plan_name
from app.letters import drafting
from app.letters.choices import Choices
from app.letters.gathering import Gatherer
from app.letters.rows import ended, of_relation
from app.views.occurrence_notes import names_of
from app.views.occurrences import Choice
from app.views.scope import Units, of_units
from letters import lines
from letters.model import Form
from letters.model import Letter as Printed
from plans.text import _, day_text, sort_key
from tasks.agencies import load_plans, load_register
from tasks.history import event_text
from tasks.letter_head import Letterhead, typed_letterhead
from tasks.letter_model import Letter, LetterKind, LetterState, kind_text, state_text
from tasks.letter_store import (
    HEAD,
    letters_of_occurrence,
    letters_of_plan,
    load_letter,
    occurrences_of_letter,
    urged,
)
from tasks.letter_tables import letter, letter_occurrence
from tasks.letter_words import KINDS
from tasks.model import OccurrenceId
from tasks.naming import occurrence_title
from tasks.tables import agency, audit_event, occurrence
from tasks.tables import plan as plan_table

PAGE = 50
_STATUS = {LetterState.DRAFT: "received", LetterState.NUMBERED: "on-time", LetterState.VOID: "void"}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for."""

    plan: str = ""
    kind: LetterKind | None = None
    state: LetterState | None = None
    number: str = ""
    page: int = 1

    def query(self, **changes: Any) -> str:
        """The same as an address; what is not asked for is left out."""
        chosen = replace(self, **changes)
        values = {_IN_ADDRESS[each.name]: getattr(chosen, each.name) for each in fields(chosen)}
        return urlencode({k: v for k, v in values.items() if v not in ("", None) and (k, v) != ("trang", 1)})

    @property
    def plainest(self) -> bool:
        return replace(self, page=1) == Filters()


_IN_ADDRESS = {"plan": "ke-hoach", "kind": "loai", "state": "tinh-trang", "number": "so", "page": "trang"}


@dataclass(frozen=True, slots=True)
class Line:
    """One letter in a list. ``status``: draft, numbered, sent, void in words; ``about``: of what it speaks."""

    id: int
    title: str
    reference: str
    dated: date | None
    status: str
    status_kind: str
    sent_on: date | None
    plan_id: str
    plan_name: str
    about: str
    bodies: int
    at: datetime
    by: str
    draft: bool


@dataclass(frozen=True, slots=True)
class Listing:
    lines: tuple[Line, ...]
    total: int
    page: int
    pages: int
    plans: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    states: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    heading: bool


@dataclass(frozen=True, slots=True)
class AnnexView:
    label: str
    title: str
    belongs: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The letter as it is printed, piece by piece."""

    parent: str
    issuer: str
    country: str
    motto: str
    number: str
    day: str
    kind: str  # "BÁO CÁO"; "" of a công văn
    abstract: str
    urgency: str
    to: str
    addressees: tuple[str, ...]
    body: tuple[Paragraph, ...]
    recipients_label: str
    recipients: tuple[str, ...]
    signature: tuple[str, ...]
    signer: str
    annexes: tuple[AnnexView, ...]


@dataclass(frozen=True, slots=True)
class Pick:
    """A body that may be written to in this letter."""

    id: str
    name: str
    days: int
    remark: str
    chosen: bool
    told: int  # urging letters that count so far


@dataclass(frozen=True, slots=True)
class Spoken:
    """An occurrence of which the letter speaks."""

    id: str
    title: str
    agency: str


@dataclass(frozen=True, slots=True)
class EventLine:
    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class LetterPage:
    """One letter. ``stale``: why its text is not what the register says by now, "" where it is."""

    letter: Letter
    line: Line
    lead_name: str
    sheet: Sheet
    printed: Printed
    choices: Choices
    letterhead: Letterhead
    stale: str
    picks: tuple[Pick, ...]
    resend_by: date | None
    extended: bool
    spoken: tuple[Spoken, ...]
    more: int  # occurrences that are not listed
    corrected: Line | None
    corrections: tuple[Line, ...]
    events: tuple[EventLine, ...]

    @property
    def kind(self) -> str:
        return self.letter.kind.value


_LISTED = 30


def listing(connection: Connection, units: Units, filters: Filters) -> Listing:
    """One page, the last written first, by a fixed number of queries."""
    which = _condition(units, filters)
    total = connection.execute(select(func.count()).select_from(letter).where(which)).scalar_one()
    pages = max(1, -(-total // PAGE))
    page = min(max(1, filters.page), pages)
    chosen = select(*HEAD).where(which).order_by(letter.c.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    found = [Letter.from_row(row) for row in connection.execute(chosen)]
    return Listing(
        tuple(as_lines(connection, found)),
        total,
        page,
        pages,
        _plans(connection, units),
        tuple(Choice(each.value, kind_text(each)) for each in LetterKind),
        tuple(Choice(each.value, state_text(each)) for each in LetterState),
    )


def _condition(units: Units, filters: Filters) -> ColumnElement[bool]:
    theirs = letter.c.plan_id.in_(select(plan_table.c.id).where(of_units(units)))
    asked: list[ColumnElement[bool]] = [theirs]
    if filters.plan:
        asked.append(letter.c.plan_id == filters.plan)
    if filters.kind:
        asked.append(letter.c.kind == filters.kind.value)
    if filters.state:
        asked.append(letter.c.state == filters.state.value)
    if filters.number:
        whole = letter.c.number + "/" + letter.c.symbol
        asked.append(func.lower(whole).contains(filters.number.lower(), autoescape=True))
    return and_(*asked)


def _plans(connection: Connection, units: Units) -> tuple[Choice, ...]:
    rows = connection.execute(select(plan_table.c.id, plan_table.c.short, plan_table.c.sample).where(of_units(units)))
    found = [Choice(row.id, _("MẪU · {name}").format(name=row.short) if row.sample else row.short) for row in rows]
    return tuple(sorted(found, key=lambda each: sort_key(each.text)))


def as_lines(connection: Connection, letters: Sequence[Letter]) -> list[Line]:
    """Several letters as lines, by a fixed number of queries."""
    plans = load_plans(connection, {each.plan_id for each in letters})
    names = names_of(connection, {each.by for each in letters})
    counted = (
        select(letter_occurrence.c.letter_id, func.count(func.distinct(occurrence.c.agency_id)))
        .join(occurrence, occurrence.c.id == letter_occurrence.c.occurrence_id)
        .where(letter_occurrence.c.letter_id.in_([each.id for each in letters]))
        .group_by(letter_occurrence.c.letter_id)
    )
    bodies = {row[0]: row[1] for row in connection.execute(counted)}
    alone = sorted({each.agency_id for each in letters if each.agency_id})
    called = connection.execute(select(agency.c.id, agency.c.name).where(agency.c.id.in_(alone)))
    agencies = {row.id: row.name for row in called}
    return [
        Line(
            id=each.id,
            title=each.title,
            reference=each.reference,
            dated=each.dated,
            status=status_text(each),
            status_kind="sent" if each.sent_on and each.state is LetterState.NUMBERED else _STATUS[each.state],
            sent_on=each.sent_on,
            plan_id=each.plan_id,
            plan_name=plan_name(plans[each.plan_id]),
            about=_about(each, plans[each.plan_id], agencies),
            bodies=0 if each.agency_id else bodies.get(each.id, 0),
            at=each.at,
            by=names[each.by],
            draft=each.state is LetterState.DRAFT,
        )
        for each in letters
    ]


def _about(each: Letter, plan: Any, agencies: dict[str, str]) -> str:
    """``Báo cáo tháng 10/2026``; the body where it goes to one alone."""
    duty = next((duty for duty in plan.duties if duty.id == each.duty_id), None)
    said = occurrence_title(duty, each.period or "") if duty else ""
    return " · ".join(filter(None, (said, agencies.get(each.agency_id or "", ""))))


def status_text(each: Letter) -> str:
    """``Dự thảo``, ``Đã ban hành``, ``Đã gửi 13/11/2026``, ``Đã hủy``."""
    if each.state is LetterState.NUMBERED and each.sent_on:
        return _("Đã gửi {day}").format(day=day_text(each.sent_on))
    return state_text(each.state)


def of_occurrence(connection: Connection, occurrence_id: str) -> list[Line]:
    """The letters that speak of an occurrence, the newest first; dropped drafts are left out."""
    found = [each for each in letters_of_occurrence(connection, occurrence_id) if _shown(each)]
    return as_lines(connection, found[::-1])


def of_plan(connection: Connection, plan_id: str, *, most: int = 10) -> list[Line]:
    """The newest letters of a plan."""
    found = [each for each in letters_of_plan(connection, plan_id, most=3 * most) if _shown(each)]
    return as_lines(connection, found[:most])


def _shown(each: Letter) -> bool:
    return each.state is not LetterState.VOID or bool(each.number)


def page(connection: Connection, letter_id: int) -> LetterPage:
    """Raises LetterUnknown."""
    found = load_letter(connection, letter_id)
    choices, printed = drafting.typed_choices(connection, letter_id), drafting.letter_of(connection, letter_id)
    ids = occurrences_of_letter(connection, letter_id)
    wrong = [load_letter(connection, found.corrects)] if found.corrects else []
    after = connection.execute(select(*HEAD).where(letter.c.corrects == letter_id).order_by(letter.c.id))
    corrections = [Letter.from_row(row) for row in after]
    [line, *others] = as_lines(connection, [found, *wrong, *corrections])
    draft = found.state is LetterState.DRAFT
    gatherer = Gatherer(connection, found.plan_id)
    return LetterPage(
        letter=found,
        line=line,
        lead_name=load_register(connection)[found.lead].name,
        sheet=sheet(printed),
        printed=printed,
        choices=choices,
        letterhead=typed_letterhead(connection, found.lead) or Letterhead(),
        stale=drafting.stale(connection, found) if draft else "",
        picks=_picks(gatherer, found, choices, ids) if draft else (),
        resend_by=_resend_by(gatherer, found, choices),
        extended=_extended(connection, ids) if found.kind is LetterKind.EXTENSION else False,
        spoken=_spoken(connection, gatherer, ids[:_LISTED]),
        more=max(0, len(ids) - _LISTED),
        corrected=others[0] if wrong else None,
        corrections=tuple(others[len(wrong) :]),
        events=_events(connection, found),
    )


def _resend_by(gatherer: Gatherer, found: Letter, choices: Choices) -> date | None:
    if found.kind not in (LetterKind.URGING, LetterKind.REPORT):
        return None
    return choices.resend_by or gatherer.resend_by(choices.on)


def _picks(gatherer: Gatherer, found: Letter, choices: Choices, chosen: Sequence[str]) -> tuple[Pick, ...]:
    """Who is late with the same thing and may be written to in the same letter."""
    if found.kind is not LetterKind.URGING or not found.duty_id or not found.period:
        return ()
    bodies = of_relation(gatherer.bodies(found.duty_id, found.period, choices.on), found.relation)
    late = [body for body in bodies if body.late and not ended(body, gatherer.register, choices.on)]
    told = urged(gatherer.connection, [body.o.id for body in late])
    return tuple(
        Pick(body.o.id, body.name, body.days, body.why_not, body.o.id in chosen, len(told.get(body.o.id, ())))
        for body in late
    )


def _extended(connection: Connection, ids: Sequence[str]) -> bool:
    chosen = select(occurrence.c.extended_by).where(occurrence.c.id.in_(ids))
    return any(connection.execute(chosen).scalars())


def _spoken(connection: Connection, gatherer: Gatherer, ids: Sequence[str]) -> tuple[Spoken, ...]:
    rows = connection.execute(select(occurrence.c.id, occurrence.c.agency_id).where(occurrence.c.id.in_(ids)))
    duties = {duty.id: duty for duty in gatherer.plan.duties}
    found = []
    for row in rows:
        parts = OccurrenceId.parse(row.id)
        duty = duties.get(parts.duty)
        title = occurrence_title(duty, parts.period) if duty else row.id
        found.append(Spoken(row.id, title, gatherer.register[row.agency_id].name))
    return tuple(sorted(found, key=lambda each: (each.title, sort_key(each.agency))))


def _events(connection: Connection, found: Letter) -> tuple[EventLine, ...]:
    """What was done with this letter; a letter to many bodies has many rows that say the same."""
    mine = (audit_event.c.plan_id == found.plan_id) & audit_event.c.kind.in_(KINDS)
    about = audit_event.c.data["letter"].as_integer() == found.id
    rows = connection.execute(select(audit_event).where(mine, about).order_by(audit_event.c.id.desc()))
    own: dict[tuple[str, datetime], Row[Any]] = {}
    for row in rows:
        own.setdefault((row.kind, row.at), row)
    names = names_of(connection, {row.actor for row in own.values()})
    return tuple(EventLine(row.at, names[row.actor], event_text(row.kind, row.data)) for row in own.values())


def sheet(printed: Printed) -> Sheet:
    """The pieces of the letter, as .docx and .pdf have them."""
    return Sheet(
        parent=lines.capitals(printed.parent or ""),
        issuer=lines.capitals(printed.issuer),
        country=lines.COUNTRY,
        motto=lines.MOTTO,
        number=lines.number_line(printed),
        day=lines.date_line(printed),
        kind="" if printed.dispatch else lines.REPORT,
        abstract=lines.abstract_line(printed),
        urgency=printed.urgency.value if printed.urgency else "",
        to=lines.TO,
        addressees=lines.addressee_lines(printed),
        body=tuple(
            Paragraph(each.text.upper() if each.form is Form.PART else each.text, each.form is not Form.TEXT)
            for each in lines.body(printed)
        ),
        recipients_label=lines.RECIPIENTS,
        recipients=lines.recipient_lines(printed),
        signature=tuple(map(lines.clean, printed.signature.lines)),
        signer=lines.signature_name(printed),
        annexes=tuple(_annex(printed, at) for at in range(len(printed.annexes))),
    )


def _annex(printed: Printed, at: int) -> AnnexView:
    label, title, belongs = lines.annex_heading(printed, at)
    table = printed.annexes[at].table
    heads = tuple(lines.clean(head.text) for head in table.heads)
    return AnnexView(label, title, belongs, heads, lines.rows(printed.annexes[at]))
