"""The facts of a letter, read from the register as of the end of a day: what ``letters`` words and prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.engine import Connection, Row

from app.letters import rows
from app.letters.choices import Choices
from app.letters.documents import other_document, own_document, plan_document
from app.letters.rows import Body
from app.rule_words import rule_words
from letters.facts import Assigning, Correcting, Document, Extending, Facts, Late, Owed, Reporting, State, Urging
from plans.deadlines import occurrences_between
from plans.model import Duty, Party, Plan, RecipientRole, Register, Relation, RuleKind
from plans.text import _, sort_key
from tasks import lifecycle
from tasks.agencies import load_plan, load_register
from tasks.errors import RegisterError
from tasks.letter_desk import Subject
from tasks.letter_model import Letter, LetterKind
from tasks.letter_store import content_of, load_letter, next_turn, occurrences_of_letter, urged
from tasks.model import OWED, Occurrence
from tasks.naming import occurrence_title
from tasks.office import working_calendar
from tasks.tables import occurrence

RESEND_DAYS = 5  # working days that a letter leaves for sending
_NAMED = 10  # bodies that are named above the text; more stand in the annex only
_AHEAD = timedelta(days=400)
UNSAID = "……"  # what the officer has still to type


class NothingOwed(RegisterError):
    """Nobody of whom the letter would speak owes what it would speak of."""

    def __str__(self) -> str:
        return _("Không có cơ quan nào để ghi vào công văn này: không ai quá hạn vào ngày của số liệu.")


class NothingToAssign(RegisterError):
    def __str__(self) -> str:
        return _("Kế hoạch không giao việc cho cơ quan nào như vậy.")


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a letter says, to whom, and of which occurrences it speaks. ``turn``: "lần n"."""

    facts: Facts
    addressees: tuple[str, ...] = ()
    occurrences: tuple[str, ...] = ()
    turn: int | None = None


class Gatherer:
    """Reads for the letters of one plan; one per transaction."""

    def __init__(self, connection: Connection, plan_id: str) -> None:
        self.connection = connection
        self.plan: Plan = load_plan(connection, plan_id)
        self.register: Register = load_register(connection)
        self.document: Document = plan_document(self.plan)

    def gather(self, subject: Subject, choices: Choices, chosen: Sequence[str] | None) -> Gathered:
        """``chosen``: the occurrences that the officer ticked; None: those that dondoc proposes.

        Raises NothingOwed, NothingToAssign, OccurrenceUnknown, LetterUnknown.
        """
        match subject.kind:
            case LetterKind.ASSIGNING:
                return self._assigning(subject, choices)
            case LetterKind.URGING:
                return self._urging(subject, choices, chosen)
            case LetterKind.REPORT:
                return self._report(choices)
            case LetterKind.EXTENSION:
                return self._extension(choices, chosen or ())
            case LetterKind.CORRECTION:
                return self._correction(subject.corrects or 0, choices)

    # -- giao việc --

    def _assigning(self, subject: Subject, choices: Choices) -> Gathered:
        owed, names, together = [], dict[str, None](), dict[str, None]()
        for duty in self.plan.duties:
            bodies = [each for each in duty.responsible if self._written_to(each, subject, choices.on)]
            if not bodies:
                continue
            called = self._called(duty, bodies, choices.on)
            names |= dict.fromkeys(self.register[each.agency].name_on(choices.on) for each in bodies)
            together |= dict.fromkeys(called)
            shared = () if subject.agency_id else called
            owed.append(self._assigned(duty, choices.on, shared))
        if not owed:
            raise NothingToAssign
        if len(names) == 1:  # nobody else is meant: the table needs no column for it
            owed = [replace(each, bodies=()) for each in owed]
        facts = Assigning(self.document, self.plan.lead_section, tuple(owed), choices.on)
        several = names if len(names) <= _NAMED else together
        return Gathered(facts, _addressed(sorted(several, key=sort_key)))

    def _written_to(self, body: Party, subject: Subject, on: date) -> bool:
        agency = self.register[body.agency]
        if body.relation is not subject.relation or agency.never_messaged:
            return False
        if subject.agency_id is not None:
            return body.agency == subject.agency_id
        return agency.until is None or agency.until >= on

    def _called(self, duty: Duty, bodies: Sequence[Party], on: date) -> tuple[str, ...]:
        """As the plan calls them together where all are meant, else one by one."""
        if duty.collective and len(bodies) == len(duty.responsible):
            return duty.collective
        return tuple(sorted((self.register[each.agency].name_on(on) for each in bodies), key=sort_key))

    def _assigned(self, duty: Duty, on: date, bodies: tuple[str, ...]) -> Owed:
        start = self.plan.issued.earliest if duty.rule.kind is RuleKind.ONCE else on
        slots = occurrences_between(duty.rule, issued=self.plan.issued, start=start, end=on + _AHEAD)
        coming = next(slots, None) if duty.rule.dated else None
        return Owed(
            product=duty.title,
            clause=duty.section,
            words=_words(duty),
            last_day=coming.last_day if coming else None,
            period=_window(coming.window_from, coming.window_to) if coming else None,
            to=self._to(duty),
            bodies=bodies,
        )

    # -- đôn đốc --

    def _urging(self, subject: Subject, choices: Choices, chosen: Sequence[str] | None) -> Gathered:
        duty = self.plan.duty(subject.duty_id or "")
        bodies = rows.of_relation(self.bodies(duty.id, subject.period or "", choices.on), subject.relation)
        late = [body for body in bodies if body.late]
        meant = self._meant(late, chosen, choices.on)
        if not meant:
            raise NothingOwed
        ids = tuple(body.o.id for body in meant)
        told = urged(self.connection, ids)
        turn = None if subject.relation is Relation.REQUESTED else next_turn(ids, told)
        state = self._state(bodies, meant, duty, subject.period or "", choices.on)
        facts = Urging(
            plan=self.document,
            owed=self._owed(duty, meant[0].o),
            state=state,
            turn=turn or 1,
            resend_by=choices.resend_by or self.resend_by(choices.on),
            earlier=_documents(told) if turn and turn > 1 else (),
            consequence=duty.consequence or self.plan.consequence,
            whole=len(meant) == len(late),
        )
        return Gathered(facts, _addressed([body.name for body in meant]), ids, turn)

    def bodies(self, duty_id: str, period: str, on: date) -> list[Body]:
        return rows.bodies_of(self.connection, self.register, self.plan.id, duty_id, period, on=on)

    def _meant(self, late: list[Body], chosen: Sequence[str] | None, on: date) -> list[Body]:
        """Whom the letter goes to: whoever was ticked and is still late, else whoever nothing speaks against."""
        alive = [body for body in late if not rows.ended(body, self.register, on)]
        if chosen is not None:
            return [body for body in alive if body.o.id in set(chosen)]
        return [body for body in alive if not body.why_not] or alive

    def _state(self, bodies: list[Body], late: list[Body], duty: Duty, period: str, on: date) -> State:
        product = occurrence_title(duty, period)
        return State(
            on=on,
            owing=len(bodies),
            received=sum(not body.owed for body in bodies),
            late=tuple(self._late(body, product) for body in late),
        )

    def _late(self, body: Body, product: str) -> Late:
        why = body.why_not[:1].upper() + body.why_not[1:]
        return Late(body.name, product, body.o.ladder_last_day, body.days, body.o.relation, why)

    def resend_by(self, on: date) -> date:
        """What is proposed as the day up to which to send."""
        return working_calendar(self.connection).add(on, RESEND_DAYS)

    # -- báo cáo --

    def _report(self, choices: Choices) -> Gathered:
        states, late = [], list[Body]()
        for duty, period in self._told_rows(choices.on):
            bodies = [b for b in self.bodies(duty.id, period, choices.on) if b.o.relation is not Relation.SELF]
            missing = [body for body in bodies if body.late]
            if bodies:
                state = self._state(bodies, missing, duty, period, choices.on)
                states.append((self._owed(duty, bodies[0].o), state))
                late += missing
        if not states:
            raise NothingOwed
        ids = tuple(body.o.id for body in late)
        facts = Reporting(
            plan=self.document,
            on=choices.on,
            states=tuple(states),
            resend_by=choices.resend_by or self.resend_by(choices.on),
            earlier=_documents(urged(self.connection, ids)),
            proposals=choices.proposals,
            consequence=self.plan.consequence,
        )
        return Gathered(facts, (), ids)

    def _told_rows(self, on: date) -> list[tuple[Duty, str]]:
        """Of each duty the periods in which somebody is late, and the last one that fell due; by their day."""
        o = occurrence.c
        owing = func.sum(case((o.state.in_([each.value for each in OWED]), 1), else_=0))
        due = (
            select(o.duty_id, o.period, func.max(o.last_day).label("last_day"), owing.label("owing"))
            .where(o.plan_id == self.plan.id, o.before_tracking.is_(False), o.relation != Relation.SELF.value)
            .where(o.last_day < on, o.state.not_in([each.value for each in rows.GONE]))
            .group_by(o.duty_id, o.period)
        )
        found = sorted(self.connection.execute(due).all(), key=lambda row: (row.last_day, row.duty_id))
        newest: dict[str, Row[Any]] = {row.duty_id: row for row in found}
        known = {duty.id: duty for duty in self.plan.duties}
        told = [row for row in found if row.owing or newest[row.duty_id] is row]
        return [(known[row.duty_id], row.period) for row in told if row.duty_id in known]

    # -- gia hạn --

    def _extension(self, choices: Choices, chosen: Sequence[str]) -> Gathered:
        """An extension that the register holds is told; where there is none, that the day stays."""
        o = lifecycle.load(self.connection, next(iter(chosen), ""))
        duty, name = self.plan.duty(o.duty_id), self.register[o.agency_id].name_on(choices.on)
        asked = other_document(choices.asked_number, choices.asked_on, name) if choices.asked_number else None
        by = other_document(o.extended_by, None, self.plan.issuer) if o.extended_by else None
        facts = Extending(
            plan=self.document,
            owed=self._owed(duty, o),
            until=o.last_day if o.extended_by else None,
            asked=asked,
            by=by,
            reason=choices.reason,
        )
        return Gathered(facts, (name,), (o.id,))

    # -- đính chính --

    def _correction(self, wrong_id: int, choices: Choices) -> Gathered:
        wrong = load_letter(self.connection, wrong_id)
        addressees = tuple(content_of(self.connection, wrong_id)["addressees"])
        facts = Correcting(own_document(wrong), choices.said or UNSAID, choices.right or UNSAID)
        return Gathered(facts, addressees, occurrences_of_letter(self.connection, wrong_id))

    # -- parts --

    def _owed(self, duty: Duty, o: Occurrence) -> Owed:
        window = _window(o.window_from, o.window_to)
        title = occurrence_title(duty, o.period)
        return Owed(title, duty.section, _words(duty), o.last_day, window, self._to(duty))

    def _to(self, duty: Duty) -> str:
        main = [each for each in duty.recipients if each.role is RecipientRole.MAIN]
        via = [each for each in duty.recipients if each.role is RecipientRole.VIA]
        said = ", ".join(self.register[each.agency].name for each in main or via)
        if main and via:
            return _("{to} (qua {via})").format(to=said, via=", ".join(self.register[v.agency].name for v in via))
        return said


def _words(duty: Duty) -> str:
    return duty.rule.words or rule_words(duty.rule)


def _documents(told: dict[str, list[Letter]]) -> tuple[Document, ...]:
    """Each letter once, by its day."""
    letters = {each.id: each for several in told.values() for each in several}
    ordered = sorted(letters.values(), key=lambda each: (each.dated or date.min, each.id))
    return tuple(own_document(each) for each in ordered)


def _addressed(names: Iterable[str]) -> tuple[str, ...]:
    """Above the text; where there are too many, as the form allows, by the annex."""
    found = tuple(names)
    return found if len(found) <= _NAMED else (_("Các cơ quan, đơn vị có tên tại Phụ lục kèm theo"),)


def _window(start: date | None, end: date | None) -> tuple[date, date] | None:
    return (start, end) if start and end else None
