"""Use cases of letters: begin drafts from a plan or an occurrence, save what was typed, number, correct.

Letters are Vietnamese whatever language the screen is in: they are the office's documents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypedDict, TypeVar

from sqlalchemy.engine import Connection

from app.letters.checking import check
from app.letters.choices import Choices
from app.letters.documents import office_of, signature, symbol_of
from app.letters.frozen import freeze, thaw
from app.letters.gathering import UNSAID, Gathered, Gatherer, NothingOwed, NothingToAssign
from app.letters.own_sentences import sentences_of
from letters.facts import Office
from letters.lines import clean
from letters.model import Form, Letter, Paragraph
from letters.wording import letter as worded
from plans.calendar import local_day
from plans.model import Relation
from plans.text import _, use_language
from tasks import letter_desk, lifecycle
from tasks.errors import BadInput, RegisterError
from tasks.letter_desk import Subject, Written
from tasks.letter_head import letterhead_of
from tasks.letter_model import Letter as StoredLetter
from tasks.letter_model import LetterKind
from tasks.letter_store import choices_of, content_of, load_letter, occurrences_of_letter

Said = TypeVar("Said")
_PARTS = ("I.", "II.", "III.", "IV.", "V.", "VI.", "VII.", "VIII.", "IX.", "X.")


class Known(TypedDict):
    """What every letter begins with: the day up to which its figures go, when and by whom it is drafted."""

    on: date
    now: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter with what it is made of."""

    letter: Letter
    gathered: Gathered
    lead: str
    choices: Choices

    @property
    def written(self) -> Written:
        """As the register keeps it."""
        found = self.gathered
        return Written(self.lead, freeze(self.choices), freeze(self.letter), found.occurrences, found.turn)


def begin(
    connection: Connection,
    subject: Subject,
    choices: Choices,
    *,
    chosen: Sequence[str] | None = None,
    now: datetime,
    actor: str,
) -> StoredLetter:
    """One draft. Raises LetterheadMissing, NothingOwed, NothingToAssign, BadInput."""
    gatherer = Gatherer(connection, subject.plan_id)
    composed = compose(gatherer, subject, choices, chosen)
    sample = gatherer.plan.sample
    return letter_desk.draft(connection, subject, composed.written, sample=sample, now=now, actor=actor)


def compose(gatherer: Gatherer, subject: Subject, choices: Choices, chosen: Sequence[str] | None) -> Composed:
    """The letter as it reads now; nothing is written."""
    lead = gatherer.plan.lead
    head = office_of(letterhead_of(gatherer.connection, lead))
    office = _signed(replace(head, texts=sentences_of(gatherer.connection, lead)), choices)
    gathered = in_vietnamese(lambda: gatherer.gather(subject, choices, chosen))
    relation = Relation.PEER if subject.kind is LetterKind.REPORT else subject.relation
    made = in_vietnamese(
        lambda: worded(
            gathered.facts,
            office,
            relation,
            addressees=choices.addressees or gathered.addressees,
            copies=choices.copies,
            urgency=choices.urgency,
        )
    )
    letter = _in_own_words(made, choices)
    check(choices, gathered.facts, relation)
    return Composed(letter, gathered, lead, choices)


def _signed(office: Office, choices: Choices) -> Office:
    signer = choices.signer
    if signer is None:
        return office
    return replace(office, signature=signature(signer.title, signer.name, signer.behalf))


def _in_own_words(letter: Letter, choices: Choices) -> Letter:
    """The officer's words in the place of dondoc's; headings of parts stay headings."""
    if choices.abstract:
        letter = replace(letter, abstract=choices.abstract)
    if choices.body:
        body = tuple(Paragraph(text, _form(text)) for text in map(clean, choices.body) if text)
        letter = replace(letter, body=body)
    return letter


def _form(text: str) -> Form:
    return Form.PART if text.partition(" ")[0] in _PARTS else Form.TEXT


def in_vietnamese(said: Callable[[], Said]) -> Said:
    """What this says is Vietnamese; what follows is in the language that was in use."""

    def speak() -> Said:
        use_language("vi")
        return said()

    return copy_context().run(speak)


# -- a letter that is there --


def subject_of(letter: StoredLetter) -> Subject:
    return Subject(
        letter.plan_id,
        letter.kind,
        letter.relation,
        letter.duty_id,
        letter.period,
        letter.agency_id,
        letter.corrects,
    )


def letter_of(connection: Connection, letter_id: int) -> Letter:
    """The letter as it is printed, from what was stored. Raises LetterUnknown."""
    return thaw(Letter, content_of(connection, letter_id))


def typed_choices(connection: Connection, letter_id: int) -> Choices:
    """Raises LetterUnknown."""
    return thaw(Choices, choices_of(connection, letter_id))


def as_it_would_be(connection: Connection, letter: StoredLetter) -> Composed:
    """A draft as the register would word it now, with the same choices. Raises RegisterError."""
    choices, chosen = typed_choices(connection, letter.id), occurrences_of_letter(connection, letter.id)
    return compose(Gatherer(connection, letter.plan_id), subject_of(letter), choices, chosen)


def stale(connection: Connection, letter: StoredLetter) -> str:
    """Why what a draft says is not what the register says any more; "" where it is."""
    try:
        now = as_it_would_be(connection, letter)
    except RegisterError as error:
        return str(error)
    if letter.turn != now.gathered.turn:
        return _("Số lần đôn đốc đã đổi từ khi lưu dự thảo này.")
    if now.letter != letter_of(connection, letter.id) or now.lead != letter.lead:
        return _("Sổ hoặc phần đầu văn bản đã đổi từ khi lưu dự thảo này.")
    return ""


def save(
    connection: Connection,
    letter_id: int,
    choices: Choices,
    *,
    chosen: Sequence[str] | None = None,
    revision: int,
    now: datetime,
    actor: str,
) -> StoredLetter:
    """Saves a draft with these choices and what the register says now. ``chosen``: None keeps who is addressed.

    Raises LetterUnknown, LetterRefused, LetterChanged, BadInput, LetterheadMissing, NothingOwed.
    """
    letter = load_letter(connection, letter_id)
    _check_day(choices.on, today=local_day(now))
    kept = occurrences_of_letter(connection, letter_id) if chosen is None else tuple(chosen)
    composed = compose(Gatherer(connection, letter.plan_id), subject_of(letter), choices, kept)
    return letter_desk.change(connection, letter_id, composed.written, revision=revision, now=now, actor=actor)


def give_number(
    connection: Connection, letter_id: int, *, given: str, dated: date, now: datetime, actor: str
) -> StoredLetter:
    """Types in what the registry gave; the text stays as it was saved last, which is what was signed.

    Raises LetterUnknown, LetterRefused, BadInput, NumberTaken.
    """
    stored = load_letter(connection, letter_id)
    letter, choices = letter_of(connection, letter_id), typed_choices(connection, letter_id)
    if stored.kind is LetterKind.CORRECTION and UNSAID in (choices.said or UNSAID, choices.right or UNSAID):
        raise BadInput(_("Ghi nội dung sai và nội dung đúng trước khi ghi số."))
    bare = letter_desk.bare_number(given, letter.symbol)
    return letter_desk.number(
        connection,
        letter_id,
        given=bare,
        dated=dated,
        symbol=letter.symbol,
        content=freeze(replace(letter, number=bare, date=dated)),
        not_before=choices.on,
        now=now,
        actor=actor,
    )


def _check_day(on: date, *, today: date) -> None:
    if on > today:
        raise BadInput(_("Ngày của số liệu còn ở phía trước."))


# -- where letters begin --


def begin_assigning(
    connection: Connection, plan_id: str, *, agency_id: str | None = None, on: date, now: datetime, actor: str
) -> list[StoredLetter]:
    """Giao việc: one draft for each relation; each body that is only requested gets its own."""
    plan = Gatherer(connection, plan_id).plan
    bodies = {body.agency: body.relation for duty in plan.duties for body in duty.responsible}
    wanted = {each: relation for each, relation in bodies.items() if agency_id in (None, each)}
    subjects = _by_relation(plan_id, wanted, alone=agency_id is not None)
    begun = [begin(connection, subject, Choices(on), now=now, actor=actor) for subject in subjects]
    if not begun:
        raise NothingToAssign
    return begun


def begin_assigning_to(
    connection: Connection, occurrence_id: str, *, on: date, now: datetime, actor: str
) -> list[StoredLetter]:
    """Giao việc to the body of an occurrence alone. Raises OccurrenceUnknown, NothingToAssign."""
    o = lifecycle.load(connection, occurrence_id)
    return begin_assigning(connection, o.plan_id, agency_id=o.agency_id, on=on, now=now, actor=actor)


def _by_relation(plan_id: str, bodies: dict[str, Relation], *, alone: bool) -> list[Subject]:
    kind, found = LetterKind.ASSIGNING, []
    for relation in (Relation.SUBORDINATE, Relation.PEER, Relation.REQUESTED):
        mine = [each for each, its in bodies.items() if its is relation]
        if relation is Relation.REQUESTED or alone:
            found += [Subject(plan_id, kind, relation, agency_id=each) for each in mine]
        elif mine:
            found.append(Subject(plan_id, kind, relation))
    return found


def begin_urging(
    connection: Connection, occurrence_id: str, *, everybody: bool, on: date, now: datetime, actor: str
) -> list[StoredLetter]:
    """Đôn đốc: one body, or all that are late with the same report; each that is only requested gets its own letter.

    Raises OccurrenceUnknown, NothingOwed, LetterheadMissing.
    """
    o = lifecycle.load(connection, occurrence_id)
    gatherer = Gatherer(connection, o.plan_id)
    late = [body for body in gatherer.bodies(o.duty_id, o.period, on) if body.late]
    if not everybody:
        late = [body for body in late if body.o.id == o.id]
    else:
        late = [body for body in late if not body.why_not]
    begun = []
    for relation in (Relation.SUBORDINATE, Relation.PEER, Relation.REQUESTED):
        ids = [body.o.id for body in late if body.o.relation is relation]
        groups = [[each] for each in ids] if relation is Relation.REQUESTED else [ids] if ids else []
        subject = Subject(o.plan_id, LetterKind.URGING, relation, o.duty_id, o.period)
        begun += [begin(connection, subject, Choices(on), chosen=group, now=now, actor=actor) for group in groups]
    if not begun:
        raise NothingOwed
    return begun


def begin_report(connection: Connection, plan_id: str, *, on: date, now: datetime, actor: str) -> StoredLetter:
    """Báo cáo: how far the plan has come, to the superior of the office."""
    subject = Subject(plan_id, LetterKind.REPORT, Relation.PEER)
    return begin(connection, subject, Choices(on), now=now, actor=actor)


def begin_extension(connection: Connection, occurrence_id: str, *, on: date, now: datetime, actor: str) -> StoredLetter:
    """Gia hạn: the answer to a body, by what the register holds. Raises OccurrenceUnknown, BadInput."""
    o = lifecycle.load(connection, occurrence_id)
    if o.relation is Relation.SELF:
        raise BadInput(_("Việc do đơn vị tự thực hiện: không soạn công văn gửi chính mình."))
    subject = Subject(o.plan_id, LetterKind.EXTENSION, o.relation, o.duty_id, o.period, o.agency_id)
    return begin(connection, subject, Choices(on), chosen=[o.id], now=now, actor=actor)


def begin_correction(connection: Connection, wrong_id: int, *, on: date, now: datetime, actor: str) -> StoredLetter:
    """Đính chính of a letter that has a number, to those to whom it went. Raises LetterUnknown, BadInput."""
    wrong = load_letter(connection, wrong_id)
    if not wrong.number:
        raise BadInput(_("Công văn này chưa có số: sửa dự thảo, không cần đính chính."))
    copies = typed_choices(connection, wrong_id).copies
    subject = Subject(wrong.plan_id, LetterKind.CORRECTION, wrong.relation, corrects=wrong.id)
    return begin(connection, subject, Choices(on, copies=copies), now=now, actor=actor)


__all__ = [
    "Composed",
    "Known",
    "as_it_would_be",
    "begin",
    "begin_assigning",
    "begin_assigning_to",
    "begin_correction",
    "begin_extension",
    "begin_report",
    "begin_urging",
    "compose",
    "give_number",
    "letter_of",
    "save",
    "stale",
    "symbol_of",
    "typed_choices",
]
