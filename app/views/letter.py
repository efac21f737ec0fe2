"""One letter: its text as it is printed, what may be changed in it, of what it speaks, what was done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.engine import Connection

from app.letters import drafting
from app.letters.choices import Choices
from app.letters.gathering import Gatherer
from app.letters.rows import ended, of_relation
from app.views.letters import Line, as_lines
from app.views.occurrence_notes import names_of
from letters import lines
from letters.model import Form
from letters.model import Letter as Printed
from plans.text import sort_key
from tasks.history import event_text
from tasks.letter_head import Letterhead, typed_letterhead
from tasks.letter_model import Letter, LetterKind, LetterState
from tasks.letter_store import HEAD, load_letter, occurrences_of_letter, urged
from tasks.letter_tables import letter
from tasks.letter_words import KINDS
from tasks.model import OccurrenceId
from tasks.naming import occurrence_title
from tasks.tables import audit_event, occurrence

_LISTED = 30


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
    lead: str  # who follows the plan up now
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
        lead=gatherer.plan.lead,
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
