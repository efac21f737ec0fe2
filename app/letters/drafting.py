"""Use cases of letters: begin drafts from a plan or an occurrence, save what was typed, number, correct.

Letters are Vietnamese whatever language the screen is in: they are the office's documents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypedDict, TypeVar

from sqlalchemy import select
from sqlalchemy.engine import Connection

from app.letters.checking import check
from app.letters.choices import Choices
from app.letters.documents import office_of, signature
from app.letters.frozen import freeze, thaw
from app.letters.gathering import UNSAID, Gathered, Gatherer
from app.letters.own_sentences import sentences_of
from letters.facts import Office
from letters.lines import clean
from letters.model import Form, Letter, Paragraph
from letters.wording import letter as worded
from plans.calendar import local_day
from plans.model import Relation
from plans.text import _, use_language
from tasks import letter_desk
from tasks.errors import BadInput, RegisterError
from tasks.letter_desk import Subject, Written
from tasks.letter_head import letterhead_of
from tasks.letter_model import Letter as StoredLetter
from tasks.letter_model import LetterKind
from tasks.letter_store import choices_of, content_of, load_letter, occurrences_of_letter
from tasks.model import PlanStatus
from tasks.tables import plan as plan_table

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
    if not followed_once(connection, stored.plan_id):
        raise BadInput(_("Kế hoạch chưa được theo dõi: bắt đầu theo dõi rồi mới ghi số công văn."))
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


def followed_once(connection: Connection, plan_id: str) -> bool:
    """A plan that is still a draft may be thrown away, and nobody throws a numbered letter away with it."""
    status = select(plan_table.c.status).where(plan_table.c.id == plan_id)
    return bool(connection.execute(status).scalar_one() != PlanStatus.DRAFT)


def _check_day(on: date, *, today: date) -> None:
    if on > today:
        raise BadInput(_("Ngày của số liệu còn ở phía trước."))
