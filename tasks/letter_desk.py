"""The moves of a letter: draft, change, number, mark sent, void. Each is guarded and writes its trail.

The registry gives number and date: until both are typed a letter is a draft and counts for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection

from plans.calendar import local_day
from plans.model import Relation
from plans.text import _, day_text
from tasks import trail
from tasks.database import alone, insert_new
from tasks.errors import BadInput
from tasks.letter_model import Letter, LetterChanged, LetterKind, LetterRefused, LetterState, NumberTaken
from tasks.letter_store import HEAD, load_letter, next_turn, occurrences_of_letter, urged
from tasks.letter_tables import letter, letter_occurrence
from tasks.model import OccurrenceId
from tasks.tables import occurrence

NUMBERING = "letters"  # numbers are given by one at a time
LONGEST = 500  # characters of a reason
_NUMBER = re.compile(r"\d{1,6}[a-zđ]?", re.IGNORECASE)
Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a letter is about and to whom it goes; it stays the same while the letter is written."""

    plan_id: str
    kind: LetterKind
    relation: Relation
    duty_id: str | None = None
    period: str | None = None
    agency_id: str | None = None
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What is saved with every version of a draft: what the officer chose, and the letter that comes of it."""

    lead: str
    choices: Content
    content: Content
    occurrences: tuple[str, ...]
    turn: int | None = None


def draft(
    connection: Connection, subject: Subject, written: Written, *, sample: bool, now: datetime, actor: str
) -> Letter:
    """Begins a letter."""
    who = {"at": now, "by": actor, "changed_at": now, "changed_by": actor}
    series = LetterKind.REPORT.value if subject.kind is LetterKind.REPORT else "letter"
    values = {
        "plan_id": subject.plan_id,
        "kind": subject.kind.value,
        "relation": subject.relation.value,
        "duty_id": subject.duty_id,
        "period": subject.period,
        "agency_id": subject.agency_id,
        "corrects": subject.corrects,
        "state": LetterState.DRAFT.value,
        "revision": 1,
        "series": series,
        "sample": sample,
        **_of(written),
        **who,
    }
    made = connection.execute(letter.insert().values(values).returning(letter.c.id)).scalar_one()
    _speak_of(connection, made, written.occurrences)
    found = load_letter(connection, made)
    _note(connection, found, "letter_drafted", {}, now=now, actor=actor)
    return found


def change(
    connection: Connection, letter_id: int, written: Written, *, revision: int, now: datetime, actor: str
) -> Letter:
    """Saves a draft anew. Raises LetterUnknown, LetterRefused, LetterChanged (saved by somebody else since)."""
    was = load_letter(connection, letter_id)
    _allow(was, _("sửa"), LetterState.DRAFT)
    _update(connection, was, {**_of(written), "revision": revision + 1}, revision, now=now, actor=actor)
    connection.execute(delete(letter_occurrence).where(letter_occurrence.c.letter_id == letter_id))
    _speak_of(connection, letter_id, written.occurrences)
    found = load_letter(connection, letter_id)
    _note(connection, found, "letter_changed", {}, now=now, actor=actor)
    return found


def number(
    connection: Connection,
    letter_id: int,
    *,
    given: str,
    dated: date,
    symbol: str,
    content: Content,
    not_before: date,
    now: datetime,
    actor: str,
) -> Letter:
    """Types in what the registry gave: from now on the letter counts and its text stays.

    ``content``: the same letter with number and date; ``not_before``: the day up to which its figures go. A slip is
    put right in the same way as long as the letter was not sent. Raises LetterUnknown, LetterRefused, BadInput,
    NumberTaken.
    """
    alone(connection, NUMBERING)
    was = load_letter(connection, letter_id)
    _allow(was, _("ghi số, ngày"), LetterState.DRAFT, LetterState.NUMBERED)
    if was.sent_on is not None:
        raise BadInput(_("Công văn đã gửi: không sửa số, ngày nữa. Ghi sai thì hủy với lý do, soạn lại."))
    bare = bare_number(given, symbol)
    _check_day(dated, not_before, today=local_day(now))
    _check_turn(connection, was)
    key = bare.lstrip("0").lower()
    _check_free(connection, was, key, dated.year)
    values = {
        "state": LetterState.NUMBERED.value,
        "number": bare,
        "number_key": key,
        "symbol": symbol,
        "year": dated.year,
        "dated": dated,
        "content": trail.plain(content),
        "revision": was.revision + 1,
    }
    _update(connection, was, values, was.revision, now=now, actor=actor)
    found = load_letter(connection, letter_id)
    before = {"was": {"number": was.reference, "dated": was.dated}} if was.number else {}
    _tell(connection, found, "letter_numbered", before, now=now, actor=actor)
    return found


def mark_sent(connection: Connection, letter_id: int, *, on: date, now: datetime, actor: str) -> Letter:
    """The letter left on that day. Raises LetterUnknown, LetterRefused, BadInput."""
    was = load_letter(connection, letter_id)
    _allow(was, _("ghi ngày gửi"), LetterState.NUMBERED)
    if on > local_day(now):
        raise BadInput(_("Ngày gửi {day} còn ở phía trước.").format(day=day_text(on)))
    if was.dated is not None and on < was.dated:
        said = _("Ngày gửi {day} trước ngày công văn {dated}.")
        raise BadInput(said.format(day=day_text(on), dated=day_text(was.dated)))
    _update(connection, was, {"sent_on": on, "revision": was.revision + 1}, was.revision, now=now, actor=actor)
    found = load_letter(connection, letter_id)
    _tell(connection, found, "letter_sent", {"on": on, "was": was.sent_on}, now=now, actor=actor)
    return found


def void(connection: Connection, letter_id: int, *, reason: str, now: datetime, actor: str) -> Letter:
    """The letter does not count any more; it stays readable. Raises LetterUnknown, LetterRefused, BadInput."""
    alone(connection, NUMBERING)
    was = load_letter(connection, letter_id)
    _allow(was, _("hủy"), LetterState.DRAFT, LetterState.NUMBERED)
    said = " ".join(reason.split())
    if not said:
        raise BadInput(_("Hủy công văn phải có lý do."))
    if len(said) > LONGEST:
        raise BadInput(_("Nội dung dài quá {n} ký tự.").format(n=LONGEST))
    values = {"state": LetterState.VOID.value, "void_reason": said, "revision": was.revision + 1}
    _update(connection, was, values, was.revision, now=now, actor=actor)
    found = load_letter(connection, letter_id)
    if was.state is LetterState.NUMBERED:
        _tell(connection, found, "letter_void", {"reason": said}, now=now, actor=actor)
    else:
        _note(connection, found, "letter_void", {"reason": said}, now=now, actor=actor)
    return found


def bare_number(given: str, symbol: str) -> str:
    """``041/CAT-PC10`` and ``41`` as ``41``, ``5`` as ``05``: as it is printed. Raises BadInput, also where another
    symbol was typed."""
    head, stroke, tail = (part.strip() for part in given.partition("/"))
    if not _NUMBER.fullmatch(head) or not head.lstrip("0"):
        raise BadInput(_("Số công văn viết bằng chữ số, ví dụ 41; nhận được “{text}”.").format(text=given.strip()[:40]))
    if stroke and tail.casefold() != symbol.casefold():
        said = _("Ký hiệu “{typed}” khác ký hiệu của công văn ({symbol}). Chỉ cần ghi số.")
        raise BadInput(said.format(typed=tail[:40], symbol=symbol))
    return f"{int(head):02d}" if head.isdecimal() else head.lower()


def _check_day(dated: date, not_before: date, *, today: date) -> None:
    if dated > today:
        raise BadInput(_("Ngày công văn {day} còn ở phía trước.").format(day=day_text(dated)))
    if dated < not_before:
        said = _("Ngày công văn {day} trước ngày của số liệu trong công văn ({figures}).")
        raise BadInput(said.format(day=day_text(dated), figures=day_text(not_before)))


def _check_turn(connection: Connection, was: Letter) -> None:
    """What was printed and signed says "lần n": it has to be so at the moment of numbering."""
    if was.turn is None:
        return
    ids = occurrences_of_letter(connection, was.id)
    turn = next_turn(ids, urged(connection, ids), but=was.id)
    if turn != was.turn:
        said = _("Số lần đôn đốc đã đổi: bản này ghi lần {was}, nay là lần {now}. Lưu lại dự thảo rồi in, ký lại.")
        raise BadInput(said.format(was=was.turn, now=turn))


def _check_free(connection: Connection, was: Letter, key: str, year: int) -> None:
    mine = select(letter.c.series).where(letter.c.id == was.id).scalar_subquery()
    taken = select(*HEAD).where(
        letter.c.lead == was.lead,
        letter.c.series == mine,
        letter.c.year == year,
        letter.c.number_key == key,
        letter.c.state == LetterState.NUMBERED.value,
        letter.c.id != was.id,
    )
    row = connection.execute(taken).first()
    if row is not None:
        raise NumberTaken(Letter.from_row(row))


def _allow(was: Letter, move: str, *states: LetterState) -> None:
    if was.state not in states:
        raise LetterRefused(was.state, move)


def _update(
    connection: Connection, was: Letter, values: Mapping[str, Any], revision: int, *, now: datetime, actor: str
) -> None:
    """Raises LetterChanged where it is not what was seen any more."""
    seen = (letter.c.id == was.id) & (letter.c.revision == revision) & (letter.c.state == was.state.value)
    written = {**values, "changed_at": now, "changed_by": actor}
    if connection.execute(update(letter).where(seen).values(written)).rowcount != 1:
        raise LetterChanged


def _of(written: Written) -> dict[str, Any]:
    return {
        "lead": written.lead,
        "choices": trail.plain(written.choices),
        "content": trail.plain(written.content),
        "turn": written.turn,
    }


def _speak_of(connection: Connection, letter_id: int, ids: Sequence[str]) -> None:
    rows = [{"letter_id": letter_id, "occurrence_id": each} for each in dict.fromkeys(ids)]
    insert_new(connection, letter_occurrence, rows)


def _facts(found: Letter) -> dict[str, Any]:
    return {
        "letter": found.id,
        "letter_kind": found.kind,
        "relation": found.relation,
        "turn": found.turn,
        "number": found.reference,
        "dated": found.dated,
    }


def _note(
    connection: Connection, found: Letter, kind: str, data: Mapping[str, Any], *, now: datetime, actor: str
) -> None:
    """One row of the trail, about the plan."""
    entry = trail.Entry(kind, found.plan_id, data={**_facts(found), **data}, sample=found.sample)
    trail.write(connection, [entry], now=now, actor=actor)


def _tell(
    connection: Connection, found: Letter, kind: str, data: Mapping[str, Any], *, now: datetime, actor: str
) -> None:
    """One row for each occurrence of which the letter speaks, so that its history has it; else one about the plan."""
    ids = occurrences_of_letter(connection, found.id)
    if not ids:
        _note(connection, found, kind, data, now=now, actor=actor)
        return
    said = {**_facts(found), **data}
    owners = select(occurrence.c.id, occurrence.c.agency_id).where(occurrence.c.id.in_(ids)).order_by(occurrence.c.id)
    entries = [
        trail.Entry(kind, OccurrenceId.parse(row.id).plan, row.id, row.agency_id, said, found.sample)
        for row in connection.execute(owners)
    ]
    trail.write(connection, entries, now=now, actor=actor)


def forget_letters(connection: Connection, plan_id: str) -> None:
    """Takes the letters of a plan out with it: of a draft plan, or of the sample."""
    mine = select(letter.c.id).where(letter.c.plan_id == plan_id)
    connection.execute(delete(letter_occurrence).where(letter_occurrence.c.letter_id.in_(mine)))
    connection.execute(update(letter).where(letter.c.plan_id == plan_id).values(corrects=None))
    connection.execute(delete(letter).where(letter.c.plan_id == plan_id))
